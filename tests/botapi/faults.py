"""Trouble on request: what ``BotApi.fail_next`` takes, and Telegram's rate limits.

A fault says what the caller gets instead of the plain answer, and whether the
call is carried out all the same (``delivered``): a lost answer to a message that
arrived differs from a message that never did.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.botapi import errors
from tests.botapi.errors import OTHER_POLLER, ApiError


class Gate(threading.Event):
    """An event that also tells listeners when it is set; made for :func:`slow`."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: list[Callable[[], object]] = []
        self._guard = threading.Lock()

    def set(self) -> None:
        """Let everyone who waits go on."""
        super().set()
        with self._guard:
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def notify(self, listener: Callable[[], object]) -> None:
        """Call ``listener`` once when the gate is set, at once if it already is."""
        with self._guard:
            if not self.is_set():
                self._listeners.append(listener)
                return
        listener()


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call.

    ``body`` None means the plain answer; ``drop`` closes the connection instead
    of answering; ``wait`` holds the answer back (after the call was carried out
    if ``delivered``, else before).
    """

    kind: str
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    delivered: bool = False
    drop: bool = False
    wait: float | Gate | None = None


def refusing(kind: str, refusal: ApiError) -> Fault:
    """A fault that answers with any refusal."""
    return Fault(kind, refusal.code, json.dumps(refusal.body()).encode())


def flood(retry_after: int = 5) -> Fault:
    """429 with ``parameters.retry_after``."""
    return refusing("flood", errors.too_many_requests(retry_after))


def forbidden(text: str) -> Fault:
    """403 with any description after "Forbidden: "."""
    return refusing("forbidden", errors.forbidden(text))


def blocked() -> Fault:
    """403 as of a person who blocked the bot."""
    return forbidden("bot was blocked by the user")


def kicked(kind: str = "supergroup") -> Fault:
    """403 as of a chat that removed the bot; kind is group, supergroup or channel."""
    return forbidden(f"bot was kicked from the {kind} chat")


def deactivated() -> Fault:
    """403 as of a deleted account."""
    return forbidden("user is deactivated")


def rejected(text: str) -> Fault:
    """400 with any description after "Bad Request: "."""
    return refusing("rejected", errors.bad_request(text))


def migrated(new_id: int) -> Fault:
    """400 with ``parameters.migrate_to_chat_id``."""
    return refusing("migrated", errors.migrated(new_id))


def unauthorized() -> Fault:
    """401 as of a revoked token."""
    return refusing("unauthorized", errors.unauthorized())


def conflict() -> Fault:
    """409 as of a second poller."""
    return refusing("conflict", ApiError(409, OTHER_POLLER))


def server_error(status: int = 502, *, html: bool = True, delivered: bool = False) -> Fault:
    """5xx: a gateway's HTML page, or the Bot API's JSON with ``html=False``."""
    if html:
        page = f"<html><head><title>{status}</title></head><body>nginx</body></html>"
        return Fault("server_error", status, page.encode(), "text/html", delivered)
    body = {"ok": False, "error_code": status, "description": "Internal Server Error"}
    return Fault("server_error", status, json.dumps(body).encode(), delivered=delivered)


def slow(wait: float | Gate, *, delivered: bool = True) -> Fault:
    """The plain answer, late: after seconds, or when the test sets the gate."""
    return Fault("slow", wait=wait, delivered=delivered)


def drop(*, delivered: bool) -> Fault:
    """The connection closes without an answer; the call had its effect, or had not."""
    return Fault("drop", drop=True, delivered=delivered)


def garbage(body: bytes = b'{"ok":tru', *, delivered: bool = True) -> Fault:
    """200 with something that is not the Bot API's JSON."""
    return Fault("garbage", 200, body, delivered=delivered)


def later(fault: Fault, wait: float | Gate) -> Fault:
    """The same fault, held back."""
    return replace(fault, wait=wait)


@dataclass(slots=True)
class Rule:
    """A fault for the next calls that match."""

    fault: Fault
    method: str | None
    chat: int | None
    times: int | None
    after: int = 0

    def takes(self, method: str, params: dict[str, Any]) -> bool:
        """True if the call is one of those that go wrong; counts it."""
        if self.method is not None and self.method.lower() != method.lower():
            return False
        if self.chat is not None and params.get("chat_id") != self.chat:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass(slots=True)
class _Bucket:
    """A token bucket: ``burst`` at once, ``rate`` a second in the long run."""

    rate: float
    burst: float
    level: float
    at: float

    def wait_for(self, amount: int, now: float) -> float:
        """Seconds until ``amount`` may pass; 0 if now."""
        self.level = min(self.burst, self.level + max(0.0, now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(amount, self.burst) - self.level) / self.rate)


@dataclass(slots=True)
class RateLimits:
    """Telegram's sending limits (core.telegram.org/bots/faq#broadcasting-to-users).

    About 30 messages a second in all, one a second in a chat with short bursts,
    20 a minute in a group. ``clock`` gives seconds and may be a test's own.
    """

    clock: Callable[[], float] = time.monotonic
    per_second: float = 30
    burst: float = 30
    per_chat_second: float = 1
    chat_burst: float = 3
    per_group_minute: float = 20
    refused: int = 0
    _all: _Bucket | None = None
    _chats: dict[int, list[_Bucket]] = field(default_factory=dict)

    def check(self, chat: int, *, group: bool, messages: int = 1) -> None:
        """Count messages to a chat; raises 429 with the time to wait, counting nothing then."""
        now = self.clock()
        if self._all is None:
            self._all = _Bucket(self.per_second, self.burst, self.burst, now)
        buckets = self._chats.get(chat)
        if buckets is None:
            buckets = [_Bucket(self.per_chat_second, self.chat_burst, self.chat_burst, now)]
            if group:
                size = self.per_group_minute
                buckets.append(_Bucket(size / 60, size, size, now))
            self._chats[chat] = buckets
        wait = max(bucket.wait_for(messages, now) for bucket in (self._all, *buckets))
        if wait > 1e-9:
            self.refused += 1
            raise errors.too_many_requests(max(1, math.ceil(wait)))
        for bucket in (self._all, *buckets):
            bucket.level -= messages
