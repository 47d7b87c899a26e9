"""The HTTP side: a Bot API server on 127.0.0.1 in a thread of its own.

:class:`BotApi` is what tests use. It speaks ``/bot<token>/<method>`` (GET and
POST; urlencoded, JSON and multipart) and ``/file/bot<token>/<path>``, records
every call, checks it against api.json, and answers from the world. Synchronous
tests, asynchronous tests and subprocesses can use it alike::

    with BotApi() as api:
        chat = api.private()
        api.send_text(chat, None, "/start")
        call = api.wait_for("sendMessage")
        assert api.last(chat)["text"] == call.params["text"]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote

from aiohttp import web

from tests.botapi import checks, methods
from tests.botapi.entities import Json
from tests.botapi.errors import (
    OTHER_POLLER,
    WEBHOOK_ACTIVE,
    ApiError,
    bad_request,
    not_found,
    unauthorized,
)
from tests.botapi.faults import Fault, Gate, RateLimits, Rule
from tests.botapi.methods import Request
from tests.botapi.schema import Findings, Upload
from tests.botapi.world import Chat, World

T = TypeVar("T")

WAIT = 10.0
"""Seconds that the waiting helpers wait unless told otherwise."""
MAX_REQUEST = 64 * 1024 * 1024
MADE: list[BotApi] = []
"""Every server made in a test, for the judgement at the test's end (tests/conftest.py)."""
_PATH = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>[^/]+)/?")
_FILE = re.compile(r"/file/bot(?P<token>[^/]+)/(?P<path>.+)")


@dataclass(slots=True)
class Call:
    """One call of the bot.

    ``outcome`` is None until it is answered, then "ok", "refused" (with
    ``error``), the kind of a scripted fault, or "gone" (the caller hung up).
    ``delivered`` tells whether the call had its effect.
    """

    number: int
    method: str
    at: float
    params: Json = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    outcome: str | None = None
    status: int = 0
    error: str | None = None
    result: Any = None
    delivered: bool = False
    answered_at: float = 0.0

    @property
    def chat_id(self) -> Any:
        """The chat_id parameter, None if the method has none."""
        return self.params.get("chat_id")


class _ClosingError(Exception):
    """The server stops while a call waits."""


class _Log:
    """Calls in order; the oldest are dropped once there are twice as many as are kept."""

    def __init__(self, keep: int | None) -> None:
        self.items: list[Call] = []
        self.gone = 0
        self._keep = keep

    def add(self, call: Call) -> None:
        self.items.append(call)
        if self._keep and len(self.items) >= 2 * self._keep:
            del self.items[: self._keep]
            self.gone += self._keep


@dataclass(slots=True, eq=False)
class _Poll:
    """A getUpdates that waits."""

    woken: asyncio.Event
    ended: bool = False


class BotApi(World):
    """A Bot API server for tests; see the module's docstring and :class:`World`.

    ``violations`` lists, as sentences, every call that breaks api.json or a
    limit, or that has a part which Telegram would silently ignore or change.
    With ``strict=False`` the latter are left out.
    """

    def __init__(
        self, *args: Any, strict: bool = True, keep_calls: int | None = None, **kwargs: Any
    ) -> None:
        """``keep_calls`` bounds :attr:`calls` for long load tests; other arguments: World."""
        super().__init__(*args, **kwargs)
        self.strict = strict
        self.keep_calls = keep_calls
        self.violations: list[str] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        """(method, outcome) -> number of answered calls."""
        self.limits: RateLimits | None = None
        self.conflicts = 0
        """Polls that were ended by another poll."""
        self._calls = _Log(keep_calls)
        self._answered = _Log(keep_calls)
        self._total = 0
        self._expected: list[re.Pattern[str]] = []
        self._rules: list[Rule] = []
        self._poll: _Poll | None = None
        self._handlers: dict[str, Callable[[Call], Any]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None
        self._closing: asyncio.Event | None = None
        self._port = 0
        MADE.append(self)

    # --- life ----------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The server's root, such as http://127.0.0.1:12345."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as base_url."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot takes as base_file_url."""
        return f"{self.url}/file/bot"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="botapi", daemon=True)
        self._thread.start()
        self._run(self._open())
        self._listeners.add(self._wake_poll)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop
        assert self._thread
        self._listeners.discard(self._wake_poll)
        self._run(self._close())
        self._run(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextlib.contextmanager
    def outage(self) -> Iterator[None]:
        """The server cannot be reached meanwhile; connections break. State is kept."""
        self._run(self._close())
        try:
            yield
        finally:
            self._run(self._open())

    def _run(self, work: Awaitable[T]) -> T:
        """Do something on the server's loop and wait for it."""

        async def wait() -> T:
            return await work

        assert self._loop
        return asyncio.run_coroutine_threadsafe(wait(), self._loop).result(30)

    async def _open(self) -> None:
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._closing = asyncio.Event()
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._site = web.SockSite(self._runner, listener, backlog=1024)
        await self._site.start()

    async def _close(self) -> None:
        assert self._runner
        assert self._closing
        self._closing.set()
        await self._runner.cleanup()

    # --- trouble -------------------------------------------------------------------------

    def fail_next(
        self,
        method: str | None,
        error: Fault,
        *,
        times: int | None = 1,
        chat: Chat | int | None = None,
        after: int = 0,
    ) -> Rule:
        """Let the next ``times`` calls of a method (None: any but getUpdates) go wrong.

        ``times`` None means until :meth:`heal`. ``chat`` limits it to calls with
        that chat_id; the first ``after`` matching calls still go well. Faults
        come from tests.botapi.faults; malformed calls are refused before any.
        """
        if method is not None and self.schema.method(method) is None:
            raise LookupError(f"no Bot API method {method}")
        chat_id = chat.id if isinstance(chat, Chat) else chat
        rule = Rule(error, method, chat_id, times, after)
        with self.lock:
            self._rules.append(rule)
        return rule

    def heal(self, rule: Rule | None = None) -> None:
        """Take back one rule of :meth:`fail_next`, or all."""
        with self.lock:
            self._rules = [r for r in self._rules if rule is not None and r is not rule]

    def enforce_limits(self, limits: RateLimits | None = None) -> RateLimits:
        """From now on refuse with 429 what exceeds Telegram's sending rates."""
        self.limits = limits or RateLimits()
        return self.limits

    def on(self, method: str, handler: Callable[[Call], Any]) -> None:
        """Answer a method with what ``handler(call)`` returns (JSON) or raises (ApiError)."""
        if self.schema.method(method) is None:
            raise LookupError(f"no Bot API method {method}")
        self._handlers[method.lower()] = handler

    def expect_violation(self, pattern: str) -> None:
        """Say that a violation matching a regex is wanted; it leaves :attr:`violations`."""
        with self.lock:
            self._expected.append(re.compile(pattern))

    def unmet(self) -> list[str]:
        """Violations nobody expects, and expectations no violation met."""
        with self.lock:
            met = {p for p in self._expected if any(p.search(v) for v in self.violations)}
            unwanted = [v for v in self.violations if not any(p.search(v) for p in met)]
            missing = [f"no violation matches: {p.pattern}" for p in self._expected if p not in met]
            return unwanted + missing

    # --- what was called -----------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every call in order of arrival (the newest, if ``keep_calls`` bounds them)."""
        with self.lock:
            return list(self._calls.items)

    def calls_to(self, method: str, chat: Chat | int | None = None) -> list[Call]:
        """The calls of one method, to one chat if given."""
        chat_id = chat.id if isinstance(chat, Chat) else chat
        return [
            call for call in self.calls if call.method == method and chat_id in (None, call.chat_id)
        ]

    def mark(self) -> int:
        """A point in time for ``after``: the number of the newest call so far."""
        with self.lock:
            return self._total

    def wait_for(
        self,
        what: str | Callable[[Call], Any],
        *,
        count: int = 1,
        after: int = 0,
        arrived: bool = False,
        timeout: float = WAIT,
    ) -> Call:
        """Wait for a call of a method, or one that a predicate likes, and return it.

        Counts from call number ``after`` (see :meth:`mark`); returns the
        ``count``-th that is answered (with ``arrived``: that has come in).
        Raises TimeoutError after ``timeout`` seconds. Blocks: where the bot runs
        in the same event loop, use :meth:`wait_for_async`.
        """
        scan = self._scanner(what, count, after, arrived=arrived)
        return self.wait_until(scan, timeout=timeout, what=str(what))

    def wait_until(
        self, condition: Callable[[], T | None], *, timeout: float = WAIT, what: str = "condition"
    ) -> T:
        """Wait until a function of the state gives something true, and return that."""
        with self.changed:
            found = self.changed.wait_for(condition, timeout)
            if not found:
                raise TimeoutError(self._unseen(what))
            return found

    async def wait_for_async(
        self,
        what: str | Callable[[Call], Any],
        *,
        count: int = 1,
        after: int = 0,
        arrived: bool = False,
        timeout: float = WAIT,  # noqa: ASYNC109 (the same words as wait_for)
    ) -> Call:
        """:meth:`wait_for` for a test whose event loop must go on."""
        scan = self._scanner(what, count, after, arrived=arrived)
        return await self.wait_until_async(scan, timeout=timeout, what=str(what))

    async def wait_until_async(
        self,
        condition: Callable[[], T | None],
        *,
        timeout: float = WAIT,  # noqa: ASYNC109 (the same words as wait_until)
        what: str = "condition",
    ) -> T:
        """:meth:`wait_until` for a test whose event loop must go on."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def listener() -> None:
            loop.call_soon_threadsafe(event.set)

        with self.lock:
            self._listeners.add(listener)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    event.clear()
                    with self.lock:
                        found = condition()
                    if found:
                        return found
                    await event.wait()
        except TimeoutError:
            raise TimeoutError(self._unseen(what)) from None
        finally:
            with self.lock:
                self._listeners.discard(listener)

    def _scanner(
        self, what: str | Callable[[Call], Any], count: int, after: int, *, arrived: bool
    ) -> Callable[[], Call | None]:
        """A condition that looks at each call once."""
        wanted = (lambda call: call.method == what) if isinstance(what, str) else what
        seen, left = 0, count

        def scan() -> Call | None:
            nonlocal seen, left
            log = self._calls if arrived else self._answered
            for call in log.items[max(0, seen - log.gone) :]:
                seen = log.gone + 1 if seen < log.gone else seen + 1
                if call.number > after and wanted(call):
                    left -= 1
                    if not left:
                        return call
            return None

        return scan

    def _unseen(self, what: str) -> str:
        with self.lock:
            recent = [f"{c.method}:{c.outcome}" for c in self._calls.items[-8:]]
        return f"not seen in time: {what}; last calls: {', '.join(recent) or 'none'}"

    def wait_confirmed(self, *, timeout: float = WAIT) -> None:
        """Wait until the bot has confirmed every update (it may still work on the last)."""
        self.wait_until(lambda: not self.updates, timeout=timeout, what="updates confirmed")

    # --- serving -------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        match = _FILE.fullmatch(request.path)
        if match:
            return self._serve_file(unquote(match["token"]), match["path"])
        match = _PATH.fullmatch(request.path)
        if not match or ":" not in match["token"]:
            if request.path.startswith(("/bot", "/file/bot")):
                with self.lock:
                    self.violations.append(f"no place of the Bot API: {request.path!r}")
            return _refused(not_found())
        if match["token"] != self.token:
            return _refused(unauthorized())
        call = self._new_call(match["method"])
        try:
            try:
                found = self._checked(call, *await _read(request))
            finally:
                with self.changed:
                    self._calls.add(call)
                    self._wake()
            return await self._respond(request, call, found)
        except ApiError as refusal:
            self._settle(call, "refused", refusal.code, error=refusal.description)
            return _refused(refusal)
        except asyncio.CancelledError:
            self._settle(call, "gone", 0)
            raise
        except _ClosingError:
            self._settle(call, "gone", 0)
            return _hang_up(request)
        except Exception as error:
            self._violation(call, f"the stand-in itself failed: {error!r}")
            raise

    def _serve_file(self, token: str, path: str) -> web.Response:
        with self.lock:
            stored = next((f for f in self.files.values() if f.path == path), None)
        if token != self.token or stored is None:
            return _refused(not_found())
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _new_call(self, method: str) -> Call:
        spec = self.schema.method(method)
        with self.lock:
            self._total += 1
            return Call(self._total, spec.name if spec else method, self.clock())

    def _checked(self, call: Call, raw: Json, files: Mapping[str, Upload]) -> Findings:
        """Check a call's parameters; whatever is wrong with them becomes a violation."""
        call.files = files
        spec = self.schema.method(call.method)
        if spec is None:
            self._violation(call, f"no Bot API method {call.method}")
            raise not_found()
        try:
            found = self.schema.check_call(spec, raw, files)
            call.params = found.params
            checks.check(found, self.bot["username"])
        except ApiError as refusal:
            call.params = call.params or dict(raw)
            self._violation(call, refusal.description)
            raise
        if self.strict:
            for oddity in found.oddities:
                self._violation(call, oddity)
        return found

    def _violation(self, call: Call, text: str) -> None:
        with self.lock:
            self.violations.append(f"call {call.number} {call.method}: {text}")

    async def _respond(
        self, request: web.Request, call: Call, found: Findings
    ) -> web.StreamResponse:
        fault = self._fault(call)
        if fault and fault.wait is not None and not fault.delivered:
            await self._hold(fault.wait)
        result: Any = None
        if fault is None or fault.delivered or fault.kind == "slow":
            result = await self._perform(call, found)
        if fault and fault.wait is not None and fault.delivered:
            await self._hold(fault.wait)
        if fault and fault.drop:
            self._settle(call, fault.kind, 0, result=result)
            return _hang_up(request)
        if fault and fault.body is not None:
            self._settle(call, fault.kind, fault.status, error=_description(fault), result=result)
            return web.Response(
                status=fault.status, body=fault.body, content_type=fault.content_type
            )
        response = _json(200, {"ok": True, "result": result})
        self._settle(call, fault.kind if fault else "ok", 200, result=result)
        return response

    def _fault(self, call: Call) -> Fault | None:
        with self.lock:
            for rule in self._rules:
                if rule.method is None and call.method == "getUpdates":
                    continue
                if rule.takes(call.method, call.params):
                    if rule.times == 0:
                        self._rules.remove(rule)
                    return rule.fault
        return None

    async def _hold(self, wait: float | Gate) -> None:
        """Wait for seconds or for a gate, but not longer than the server lives."""
        assert self._closing
        loop, opened = asyncio.get_running_loop(), asyncio.Event()
        if isinstance(wait, Gate):
            wait.notify(lambda: loop.call_soon_threadsafe(opened.set))
        waiters = [asyncio.ensure_future(e.wait()) for e in (opened, self._closing)]
        try:
            seconds = None if isinstance(wait, Gate) else wait
            await asyncio.wait(waiters, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
        if self._closing.is_set():
            raise _ClosingError

    async def _perform(self, call: Call, found: Findings) -> Any:
        if call.method == "getUpdates":
            return await self._get_updates(found.params)
        with self.changed:
            handler = self._handlers.get(call.method.lower())
            try:
                if handler:
                    result = handler(call)
                else:
                    result = methods.perform(Request(self, found, self.limits))
            except ApiError as error:
                if error.malformed:
                    self._violation(call, error.description)
                raise
            call.delivered = True
            self._wake()
            return result

    def _settle(
        self, call: Call, outcome: str, status: int, *, error: str | None = None, result: Any = None
    ) -> None:
        """Write down how a call ended and wake those who wait for it."""
        with self.changed:
            call.outcome, call.status, call.error = outcome, status, error
            call.result, call.answered_at = result, self.clock()
            self.counts[call.method, outcome] += 1
            self._answered.add(call)
            self._wake()

    # --- long polling --------------------------------------------------------------------

    async def _get_updates(self, params: Json) -> list[Json]:
        """getUpdates: confirm, then wait for updates until the timeout or another poll."""
        with self.changed:
            if self.webhook:
                raise ApiError(409, WEBHOOK_ACTIVE)
            if self._poll:
                self._poll.ended = True
                self._poll.woken.set()
                self.conflicts += 1
            poll = self._poll = _Poll(asyncio.Event())
            self.allowed_updates = params.get("allowed_updates", self.allowed_updates)
            self._confirm(params.get("offset", 0))
            self._wake()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(params.get("timeout", 0)):
                    await self._until_updates(poll)
        finally:
            with self.lock:
                if self._poll is poll:
                    self._poll = None
        if poll.ended:
            raise ApiError(409, OTHER_POLLER)
        with self.lock:
            limit = params.get("limit", 100)
            return [update for update, _ in zip(self.updates, range(limit), strict=False)]

    async def _until_updates(self, poll: _Poll) -> None:
        assert self._closing
        while not (poll.ended or self.updates):
            poll.woken.clear()
            closing = asyncio.ensure_future(self._closing.wait())
            woken = asyncio.ensure_future(poll.woken.wait())
            try:
                await asyncio.wait((closing, woken), return_when=asyncio.FIRST_COMPLETED)
            finally:
                closing.cancel()
                woken.cancel()
            if self._closing.is_set():
                raise _ClosingError

    def _confirm(self, offset: int) -> None:
        """Forget the updates before ``offset``; a negative one keeps only the last."""
        if offset < 0:
            while len(self.updates) > -offset:
                self.updates.popleft()
        while self.updates and 0 < self.updates[0]["update_id"] < offset:
            self.updates.popleft()

    def _wake_poll(self) -> None:
        """Let a waiting poll look again, from any thread. The lock is held."""
        poll = self._poll
        if poll and self._loop and self.updates:
            self._loop.call_soon_threadsafe(poll.woken.set)


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection in place of an answer; aiohttp wants a response all the same."""
    if request.transport:
        request.transport.abort()
    return web.Response()


def _refused(error: ApiError) -> web.Response:
    return _json(error.code, error.body())


def _json(status: int, body: Json) -> web.Response:
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return web.Response(status=status, body=data, content_type="application/json")


def _description(fault: Fault) -> str | None:
    try:
        return str(json.loads(fault.body or b"")["description"])
    except (ValueError, KeyError, TypeError):
        return None


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request, from the query and the body."""
    raw: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("object expected")
        return raw | body, files
    if request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                data = value.file.read()
                files[name] = Upload(value.filename, value.content_type, data)
            elif isinstance(value, str):
                raw[name] = value
            else:
                raw[name] = bytes(value).decode("utf-8", "replace")
    return raw, files
