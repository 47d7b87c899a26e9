"""Delivery: claim, send, settle. The claim is committed before the call, the outcome after it.

What comes of a send is a value: Sent, Retry, Doubt (the answer was lost),
Gone (the chat refuses us), Moved (a group became a supergroup), Rejected
(never to be taken). Telegram has no idempotency key: after a doubt, or after
a crash between claim and outcome, the message is sent again and marked as a
possible repeat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from digests.store import Store, chats, outbox
from digests.types import Delivery

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=30)
"""How long a claim holds: longer than one send can take with all its timeouts."""

_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered, under the platform's number."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered; to be tried again, after ``after`` where the platform says so."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Perhaps delivered: the answer was lost."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat refuses messages (blocked, kicked, deactivated)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another address now."""

    address: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The message will never be taken."""

    reason: str


Outcome = Sent | Retry | Doubt | Gone | Moved | Rejected
Send = Callable[[Delivery], Awaitable[Outcome]]
Clock = Callable[[], datetime]


class Outbox:
    """Works through the deliveries of one platform (the start of its chats' addresses)."""

    def __init__(self, store: Store, send: Send, platform: str, clock: Clock) -> None:
        self._store = store
        self._send = send
        self._platform = platform
        self._clock = clock

    async def deliver_due(self) -> int:
        """Send what is due until nothing is; gives how many messages were delivered."""
        delivered = 0
        while (claimed := await asyncio.to_thread(self._claim)) is not None:
            delivered += isinstance(await self._send_one(claimed), Sent)
        return delivered

    async def _send_one(self, delivery: Delivery) -> Outcome:
        outcome = await self._send(delivery)
        await asyncio.to_thread(self._settle, delivery, outcome)
        return outcome

    def _claim(self) -> Delivery | None:
        # One at a time: a lease must outlast the sending of everything claimed with it.
        with self._store.reading() as session:
            if not outbox.any_due(session, self._clock(), self._platform):
                return None
        with self._store.writing() as session:
            return outbox.claim(session, self._clock(), LEASE, self._platform)

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self._clock()
        with self._store.writing() as session:
            match outcome:
                case Sent(message_id):
                    outbox.settle_sent(session, delivery.id, message_id, now)
                case Retry(reason, after):
                    wait = after or back_off(delivery.attempts)
                    outbox.give_back(session, delivery.id, now + wait, error=reason)
                case Doubt(reason):
                    wait = back_off(delivery.attempts)
                    outbox.give_back(
                        session, delivery.id, now + wait, error=reason, maybe_sent=True
                    )
                case Gone(reason):
                    chats.update_chat(session, delivery.chat, unreachable=reason)
                    outbox.give_back(session, delivery.id, now, error=reason)
                case Moved(address):
                    chats.move_chat(session, delivery.address, address)
                    outbox.give_back(session, delivery.id, now, attempted=False)
                case Rejected(reason):
                    outbox.settle_rejected(session, delivery.id, reason, now)
        if not isinstance(outcome, Sent):
            log.warning("delivery %s: %s", delivery.key, outcome)


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt (from 1): doubling from five seconds to an hour."""
    doublings: int = min(max(attempts - 1, 0), 12)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
