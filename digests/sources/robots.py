"""What sites ask of robots: ``robots.txt`` (RFC 9309), read by Protego and kept for a day.

:class:`Robots` fetches through the callable it is given and reads no clock but its own seam.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from digests.errors import SourceError
from digests.sources.fetch import Fetched, Fresh, Gone, Retry

_MOST_HOSTS = 1_000
_LONGEST_FILE = 500 * 1024  # RFC 9309, section 2.5
_KEPT = 86_400.0
_KEPT_IN_TROUBLE = 3_600.0


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host said; ``robots`` None means that all is allowed, or nothing if ``closed``."""

    until: float
    robots: Protego | None = None
    closed: bool = False


class Robots:
    """The rules of the hosts asked about; may be shared by threads.

    ``get`` fetches a URL as :meth:`digests.sources.fetch.Fetcher.get` does, with its limits and
    its refusals. ``clock`` counts seconds.
    """

    def __init__(
        self, get: Callable[[str], Fetched], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._get = get
        self._clock = clock
        self._known: OrderedDict[str, _Rules] = OrderedDict()
        self._lock = threading.Lock()

    def allowed(self, url: str, user_agent: str) -> bool:
        """Whether a URL may be fetched now by ``user_agent``.

        No ``robots.txt`` (404 and the like) allows everything. Where it cannot be had (5xx,
        429, no answer, an address that is refused) nothing is allowed for an hour, or as long
        as the server asks. False for what is no http(s) URL.
        """
        rules = self._rules(url)
        if rules is None or rules.closed:
            return False
        return rules.robots is None or bool(rules.robots.can_fetch(url, user_agent))

    def delay(self, url: str, user_agent: str) -> float | None:
        """Seconds between two requests that the host of a URL asks for; None if it does not say.

        ``Crawl-delay`` is no part of the standard, but stands in many files.
        """
        rules = self._rules(url)
        if rules is None or rules.robots is None:
            return None
        seconds = rules.robots.crawl_delay(user_agent)
        return None if seconds is None else max(float(seconds), 0.0)

    def _rules(self, url: str) -> _Rules | None:
        origin = _origin(url)
        if origin is None:
            return None
        with self._lock:
            known = self._known.get(origin)
        if known is None or self._clock() >= known.until:
            # Outside the lock: a slow host keeps nobody else waiting. Two may ask at once.
            known = self._ask(origin)
            with self._lock:
                self._known[origin] = known
                self._known.move_to_end(origin)
                while len(self._known) > _MOST_HOSTS:
                    self._known.popitem(last=False)
        return known

    def _ask(self, origin: str) -> _Rules:
        try:
            answer = self._get(f"{origin}/robots.txt")
        except SourceError as error:
            status = error.params.get("status")
            missing = isinstance(status, int) and 400 <= status < 500 and status != 429
            if missing or error.code == "empty":
                return _Rules(self._clock() + _KEPT)
            return _Rules(self._clock() + _KEPT_IN_TROUBLE, closed=True)
        if isinstance(answer, Fresh):
            return _Rules(self._clock() + _KEPT, robots=_parsed(answer.body))
        if isinstance(answer, Gone):
            return _Rules(self._clock() + _KEPT)
        wait = answer.after if isinstance(answer, Retry) else None
        wait = min(max(wait or 0.0, _KEPT_IN_TROUBLE), _KEPT)
        return _Rules(self._clock() + wait, closed=True)


def _origin(url: str) -> str | None:
    """Scheme, host and port of a URL, without user and password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


def _parsed(body: bytes) -> Protego:
    text = body[:_LONGEST_FILE].decode("utf-8", "replace").removeprefix("\ufeff")
    return Protego.parse(text)
