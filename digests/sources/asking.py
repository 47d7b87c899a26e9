"""Asking many servers at once, and each of them politely.

:class:`Asker` runs a few threads over one :class:`digests.sources.fetch.Fetcher`. :class:`Turns`
says whose turn it is: at most so many requests to a host at a time, a gap between two of them,
and no more to one that asked for patience. Threads wait on conditions; they never sleep.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from digests.errors import SourceError
from digests.sources.fetch import Fetched, Fetcher, Retry, redact

log = logging.getLogger(__name__)

_LOOK: Final = 0.2
"""Seconds between two looks whether to stop while nothing comes."""
_LONGEST_FOR_ALL: Final = 3600.0
"""Seconds that all of a host is let be when it asked for patience; it may mean one page alone."""
_LONGEST_DELAY: Final = 60.0
"""Seconds between two requests that a site may ask for."""
_WOKEN_FOR: Final = 8
"""Results that are worth waking their taker for: each change of threads costs all of them."""
_LARGE_AT_ONCE: Final = 2
"""Bodies over 1 MiB that are being read, or wait to be used, at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """A URL to ask for; ``key`` is the caller's name for it, the rest as in ``Fetcher.get``."""

    key: object
    url: str = field(repr=False)
    etag: str | None = None
    modified: str | None = None


Outcome = Fetched | SourceError


class Asker:
    """Asks for many URLs at once. May be used by several threads, which are then polite apart.

    ``workers`` requests run at a time, ``per_host`` of them to one host (of whatever port), which
    is left alone for ``host_gap`` seconds between the starts of two. A redirect to another host is
    followed as it comes. ``permitted`` says whether a URL may be asked for (robots.txt); it may
    raise SourceError. ``delay`` gives the seconds between two requests that the site of a URL asks
    for (``Crawl-delay``), None if it does not: up to a minute it gets them. ``longest`` is how many
    seconds a pass begins requests, so that hosts that are slow, or have many feeds, keep nobody
    waiting for the next. ``clock`` counts seconds.

    Memory is bounded: of bodies larger than 1 MiB only two are held at a time, of all others
    three per worker.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        workers: int = 16,
        per_host: int = 2,
        host_gap: float = 1.0,
        permitted: Callable[[str], bool] | None = None,
        delay: Callable[[str], float | None] | None = None,
        longest: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._per_host = per_host
        self._host_gap = host_gap
        self._permitted = permitted
        self._delay = delay
        self._longest = longest
        self._clock = clock
        self._patience: dict[str, tuple[float, Retry]] = {}
        self._rests_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def ask_all(
        self,
        requests: Iterable[Request],
        stopped: Callable[[], bool] = lambda: False,
        *,
        longest: float | None = None,
    ) -> Iterator[tuple[Request, Outcome]]:
        """Ask for ``requests`` and give what came of each, as it comes.

        A request that was not begun in time (``longest``, here for this pass alone) is not given:
        it is for the next pass.

        What goes wrong is given as SourceError: those of ``Fetcher.get``, and ``robots`` for what
        may not be asked for. Once a host asked for patience (429, or 503 with ``Retry-After``),
        its other requests are not made, in this pass and, where it said for how long, in those
        that follow: they come back as Retry, for an hour at most.

        Ends soon after ``stopped`` says so, or when the iterator is closed: what is under way
        then is dropped, what was not begun is not asked.
        """
        now = self._clock()
        turns = Turns(
            requests,
            per_host=self._per_host,
            gap=self._host_gap,
            rests_until=self._resting(now),
        )
        under_way = _Pass(
            turns,
            self._ask,
            self._wanted_delay,
            self._be_patient,
            self._clock,
            until=now + (self._longest if longest is None else longest),
            most_results=2 * self._workers,
        )
        for retry in self._asked_for_patience():
            under_way.let_be(retry)
        try:
            yield from under_way.results(min(self._workers, turns.left), stopped)
        finally:
            with self._lock:
                self._rests_until.update(turns.rests_until)

    def _resting(self, now: float) -> dict[str, float]:
        """Which hosts were asked so lately that the next pass leaves them alone, and till when."""
        with self._lock:
            self._rests_until = {
                host: until for host, until in self._rests_until.items() if until > now
            }
            return dict(self._rests_until)

    def _wanted_delay(self, url: str) -> float:
        try:
            wanted = self._delay(url) if self._delay is not None else None
        except Exception:  # noqa: BLE001 - what breaks it breaks the request, and is told there
            wanted = None
        return min(wanted or 0.0, _LONGEST_DELAY)

    def _be_patient(self, retry: Retry) -> None:
        if retry.after is not None:
            until = self._clock() + min(retry.after, _LONGEST_FOR_ALL)
            with self._lock:
                self._patience[host_of(retry.final_url)] = until, retry

    def _asked_for_patience(self) -> list[Retry]:
        """What hosts said that are still to be let be, with the seconds that are left."""
        now = self._clock()
        with self._lock:
            self._patience = {
                host: (until, retry)
                for host, (until, retry) in self._patience.items()
                if until > now
            }
            return [replace(retry, after=until - now) for until, retry in self._patience.values()]

    def _ask(self, request: Request, before_large: Callable[[], None]) -> Outcome:
        try:
            if self._permitted is not None and not self._permitted(request.url):
                return SourceError("robots", url=redact(request.url))
            return self._fetcher.get(
                request.url,
                etag=request.etag,
                modified=request.modified,
                before_large=before_large,
            )
        except SourceError as error:
            # A new one: the traceback of the old holds on to the body that was being read.
            return SourceError(error.code, **error.params)
        except Exception as error:  # noqa: BLE001 - one server's trouble is never another's
            shown, reason = redact(request.url), type(error).__name__
            # Only where it happened: what an exception says may hold a URL with its password.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s: %s\n%s", shown, reason, frames)
            return SourceError("unreachable", url=shown, reason=reason)


class Turns:
    """Which request is next. Knows no threads and no clock: ``now`` is in seconds of any origin."""

    def __init__(
        self,
        requests: Iterable[Request],
        *,
        per_host: int,
        gap: float,
        rests_until: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self._per_host = per_host
        self._gap = gap
        self._longer_gaps: dict[str, float] = {}
        self._waiting: dict[str, deque[Request]] = {}
        self._active: Counter[str] = Counter()
        self.rests_until = dict(rests_until)
        """When each host may be asked again, if it was asked."""
        for request in requests:
            self._waiting.setdefault(host_of(request.url), deque()).append(request)
        self.left = sum(map(len, self._waiting.values()))
        """How many requests were not yet given out."""
        self._order = dict(zip(self._waiting, range(len(self._waiting)), strict=True))
        # Hosts that have a request waiting and may have one more under way, by when they may.
        self._ready: list[tuple[float, int, str]] = []
        for host in self._waiting:
            self._line_up(host)

    def take(self, now: float) -> Request | None:
        """Give out the next request; None if it is nobody's turn yet."""
        if not self._ready or self._ready[0][0] > now:
            return None
        _, _, host = heapq.heappop(self._ready)
        request = self._waiting[host].popleft()
        self.left -= 1
        self._active[host] += 1
        self.rests_until[host] = now + self._longer_gaps.get(host, self._gap)
        if self._active[host] < self._per_host:
            self._line_up(host)
        return request

    def wait(self, now: float) -> float | None:
        """Seconds until it is somebody's turn; None if not before a request is done."""
        return max(self._ready[0][0] - now, 0.0) if self._ready else None

    def done(self, request: Request) -> None:
        """Take back a request that was given out."""
        host = host_of(request.url)
        self._active[host] -= 1
        if self._active[host] == self._per_host - 1:
            self._line_up(host)
        if not self._active[host]:
            del self._active[host]

    def drop(self, host: str) -> list[Request]:
        """Take all that waits for a host out."""
        dropped = list(self._waiting.get(host, ()))
        if dropped:
            self.left -= len(dropped)
            self._waiting[host].clear()
            self._step_out(host)
        return dropped

    def slow_down(self, request: Request, gap: float) -> None:
        """Leave the host of a request that was just given out alone for longer than others."""
        host = host_of(request.url)
        before = self._longer_gaps.get(host, self._gap)
        if gap > before:
            self._longer_gaps[host] = gap
            self.rests_until[host] += gap - before
            if self._step_out(host):
                self._line_up(host)

    def clear(self) -> int:
        """Take all that waits out; how many that were."""
        left, self.left = self.left, 0
        self._ready.clear()
        for waiting in self._waiting.values():
            waiting.clear()
        return left

    def _step_out(self, host: str) -> bool:
        """Take a host out of those that are ready; whether it was among them."""
        others = [entry for entry in self._ready if entry[2] != host]
        was_ready = len(others) < len(self._ready)
        self._ready = others
        heapq.heapify(self._ready)
        return was_ready

    def _line_up(self, host: str) -> None:
        if self._waiting[host]:
            until = self.rests_until.get(host, float("-inf"))
            heapq.heappush(self._ready, (until, self._order[host], host))


def host_of(url: str) -> str:
    """The host a URL names, in lower case; what names none stands for itself."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


@dataclass(frozen=True, slots=True)
class _Result:
    request: Request
    outcome: Outcome
    large: bool


class _Pass:
    """One pass over many requests: threads that ask, and one that takes the results."""

    def __init__(
        self,
        turns: Turns,
        ask: Callable[[Request, Callable[[], None]], Outcome],
        wanted_delay: Callable[[str], float],
        be_patient: Callable[[Retry], None],
        clock: Callable[[], float],
        *,
        until: float,
        most_results: int,
    ) -> None:
        self._turns = turns
        self._ask = ask
        self._wanted_delay = wanted_delay
        self._be_patient = be_patient
        self._clock = clock
        self._until = until
        self._most_results = most_results
        self._woken_for = min(_WOKEN_FOR, most_results // 2)
        self._results: deque[_Result] = deque()
        self._to_come = turns.left
        self._room = _LARGE_AT_ONCE
        self._ended = False
        lock = threading.Lock()
        self._turn = threading.Condition(lock)
        self._arrived = threading.Condition(lock)
        self._roomier = threading.Condition(lock)

    def results(
        self, threads: int, stopped: Callable[[], bool]
    ) -> Iterator[tuple[Request, Outcome]]:
        if stopped():
            return
        # Daemons: the end of the process waits for no server that drips.
        for number in range(threads):
            threading.Thread(target=self._work, name=f"asking-{number}", daemon=True).start()
        try:
            while self._to_come and not stopped():
                result = self._next_result()
                if result is not None:
                    yield result.request, result.outcome
                    if result.large:
                        del result  # the body is gone before room is made for the next
                        self._make_room()
        finally:
            self._end()

    def let_be(self, retry: Retry) -> None:
        """Ask the host that said this for nothing more."""
        with self._turn:
            self._drop_others(retry)

    def _drop_others(self, retry: Retry) -> None:
        after = None if retry.after is None else min(retry.after, _LONGEST_FOR_ALL)
        for request in self._turns.drop(host_of(retry.final_url)):
            shown = redact(request.url)
            outcome = replace(retry, final_url=shown, permanent_url=None, after=after)
            self._results.append(_Result(request, outcome, large=False))
        if not self._turns.left:
            self._turn.notify_all()

    # --- the thread that takes the results --------------------------------------------------

    def _next_result(self) -> _Result | None:
        with self._arrived:
            if not self._results:
                self._arrived.wait(_LOOK)
            if not self._results:
                return None
            self._to_come -= 1
            result = self._results.popleft()
            if len(self._results) == self._most_results // 2:  # not for each place that is free
                self._turn.notify_all()
            return result

    def _make_room(self) -> None:
        with self._roomier:
            self._room += 1
            self._roomier.notify()

    def _end(self) -> None:
        with self._turn:
            self._ended = True
            self._results.clear()
            self._turn.notify_all()
            self._roomier.notify_all()

    # --- the threads that ask -----------------------------------------------------------------

    def _work(self) -> None:
        request = self._next_request()
        while request is not None:
            request = self._next_request(self._asked(request))

    def _asked(self, request: Request) -> _Result:
        large = False

        def before_large() -> None:
            nonlocal large
            self._take_room()
            large = True

        if delay := self._wanted_delay(request.url):
            with self._turn:
                self._turns.slow_down(request, delay)
        outcome = self._ask(request, before_large)
        if large and isinstance(outcome, SourceError):
            self._make_room()
            large = False
        return _Result(request, outcome, large)

    def _next_request(self, result: _Result | None = None) -> Request | None:
        """Hand in what came of the last request, and wait for the next; None if there is none."""
        with self._turn:
            if result is not None:
                self._put(result)
                del result
            while self._turns.left and not self._ended:
                full = len(self._results) >= self._most_results
                now = self._clock()
                if now >= self._until:
                    self._to_come -= self._turns.clear()
                    self._turn.notify_all()
                    return None
                if not full and (request := self._turns.take(now)) is not None:
                    if not self._turns.left:
                        self._turn.notify_all()  # the other threads may go home
                    return request
                wait = None if full else self._turns.wait(now)
                longest = min(self._until - now, threading.TIMEOUT_MAX)
                self._turn.wait(longest if wait is None else min(wait, longest))
            return None

    def _take_room(self) -> None:
        with self._roomier:
            while not self._room and not self._ended:
                self._roomier.wait()
            if self._ended:
                raise SourceError("timeout")
            self._room -= 1

    def _put(self, result: _Result) -> None:
        self._turns.done(result.request)
        if self._ended:
            return
        self._results.append(result)
        if isinstance(result.outcome, Retry) and _for_whole_host(result.outcome):
            self._be_patient(result.outcome)
            self._drop_others(result.outcome)
        if result.large or len(self._results) >= min(self._woken_for, self._to_come):
            self._arrived.notify()


def _for_whole_host(retry: Retry) -> bool:
    return retry.status == 429 or retry.after is not None
