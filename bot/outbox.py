"""Delivery: claim, send, settle. The claim is committed before the call, the outcome after it.

What comes of a send is a value: Sent, Retry, Doubt (the answer was lost),
Gone (the chat refuses us), Moved (a group became a supergroup), Rejected
(never to be taken), NoTopic (it goes to the group itself). Telegram has no
idempotency key: after a doubt, or after a crash between claim and outcome, the
message is sent again and marked as a possible repeat; or it is parked, where the
operator prefers that.

Several messages are claimed at once and are under way at once, one a chat and
at the pace that the gate allows. Outcomes that come in while others are being
written are written together.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.gate import Gate
from digests.pacing import MEMORY, UNBOUND, Pacer, Place
from digests.store import Session, Store, belongings, chats, outbox
from digests.types import Delivery, DeliveryState

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""How long a claim holds: longer than its turn, and one send with all its timeouts, can take."""

AT_ONCE: Final = 28
"""Sends under way at most: thirty a second, each with an answer within a second.

Fewer than Telegram takes in a second: what is held up on its way and arrives at once is no flood.
"""

STALE_AFTER: Final = timedelta(hours=24)

_CLAIMED_AT_ONCE: Final = 24
_FEW: Final = 12  # claimed and not begun: time to claim more
_BEGIN_WITHIN: Final = 20.0  # seconds of a claim; what is not begun then is handed back
_LOOK_EVERY: Final = 1.0  # seconds between two looks while chats wait for their pace
_FOLD_EVERY: Final = timedelta(minutes=1)
_TROUBLES: Final = 3  # failures in a row after which nothing is sent for a while
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(hours=1)
_LONGEST_PAUSE: Final = timedelta(minutes=1)


class OnDoubt(StrEnum):
    """What is done about a message that was perhaps sent."""

    RESEND = "resend"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered, under the platform's number."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered; to be tried again, ``after`` so long where the platform asks for patience."""

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


@dataclass(frozen=True, slots=True)
class NoTopic:
    """The forum topic takes no messages: it is closed, or ``gone`` for good."""

    reason: str
    gone: bool


Outcome = Sent | Retry | Doubt | Gone | Moved | Rejected | NoTopic
Send = Callable[[Delivery], Awaitable[Outcome]]
Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Begun:
    """A send under way or over: its delivery, and the outcome until that is written."""

    delivery: Delivery
    outcome: Outcome | None = None


class Outbox:
    """Works through the deliveries of one platform (the start of its chats' addresses)."""

    def __init__(
        self,
        store: Store,
        send: Send,
        platform: str,
        clock: Clock,
        *,
        gate: Gate | None = None,
        is_group: Callable[[str], bool] = lambda _address: False,
        stale_after: timedelta = STALE_AFTER,
        on_doubt: OnDoubt = OnDoubt.RESEND,
        alone: bool = False,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """``gate`` is shared with whatever else the bot sends; without one nothing is paced.

        ``alone`` says that no other process delivers: what is found claimed at
        the start was lost, however long its lease holds.
        """
        self._store = store
        self._send = send
        self._platform = platform
        self._clock = clock
        self._gate = gate or Gate(Pacer(UNBOUND))
        self._gate.noted = self.note_hold
        self._is_group = is_group
        self._stale_after = stale_after
        self._resend = on_doubt is OnDoubt.RESEND
        self._chance = chance
        self._ready: deque[tuple[Delivery, float]] = deque()
        self._begun: dict[int, _Begun] = {}
        self._paced_out = False  # the last claim left a chat out that may get something soon
        self._sends: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        self._delivered = 0
        self._written = 0
        self._troubles = 0
        self._recalled = False
        self._alone = alone
        self._folded_at: datetime | None = None
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def deliver_due(self) -> int:
        """Send what is due until nothing is; gives how many messages were delivered.

        What waits for a chat's pace is waited for; what waits for a later attempt,
        or for the platform's patience with the bot, is left for the next time. Raises StoreError
        where the database fails; known outcomes are written the next time then.
        """
        before = self._delivered
        self._idle.clear()
        try:
            await self._recall()
            await self._write_outcomes()
            await self._work()
        finally:
            self._idle.set()
        return self._delivered - before

    async def stop(self, within: timedelta) -> None:
        """Claim no more, hand back what is not begun, and finish what is under way.

        What has no answer ``within`` that time is left in doubt. A deliver_due()
        under way returns.
        """
        self._stopping = True
        await self._hand_back()
        pending = set(self._sends)
        if pending:
            _, pending = await asyncio.wait(pending, timeout=within.total_seconds())
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for begun in self._begun.values():
            begun.outcome = begun.outcome or Doubt("stopped before the answer came")
        await self._write_outcomes()
        await self._idle.wait()

    # --- The loop --------------------------------------------------------------------------

    async def _work(self) -> None:
        claiming: asyncio.Task[list[Delivery]] | None = None
        written = self._written
        try:
            while not self._stopping:
                self._raise_failed()
                if claiming is None and len(self._ready) < _FEW:
                    written = self._written
                    claiming = asyncio.create_task(self._claim())
                if claiming is not None and (claiming.done() or not self._ready):
                    claimed = await claiming
                    claiming = None
                    # What was settled meanwhile may have let something else become due.
                    over = not claimed and not self._ready and written == self._written
                    if over and not await self._may_come():
                        return
                await self._begin_next()
        finally:
            if claiming is not None:
                await asyncio.gather(claiming, return_exceptions=True)
            await self._hand_back()
            if not self._stopping:
                await self._finish()

    async def _begin_next(self) -> None:
        """Let the next claimed message go, when the gate and the number under way allow it."""
        if not self._ready:
            return
        while len(self._sends) >= AT_ONCE:
            await asyncio.wait(self._sends, return_when=asyncio.FIRST_COMPLETED)
            self._raise_failed()
        if self._stopping or not self._ready:
            return
        delivery, claimed_at = self._ready[0]
        place = self._place(delivery.address)
        allowed = await self._gate.push(place)
        if self._stopping or not self._ready or self._ready[0][0] is not delivery:
            return  # handed back while it waited
        late = self._gate.ticks() - claimed_at > _BEGIN_WITHIN
        if late or not allowed:
            await self._hand_back()
            return
        self._ready.popleft()
        self._begun[delivery.id] = _Begun(delivery)
        task = asyncio.create_task(self._send_one(delivery, place))
        self._sends.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            self._sends.discard(task)

    def _raise_failed(self) -> None:
        """What went wrong in a send (the database, not the platform) is the caller's to know."""
        for task in [one for one in self._sends if one.done()]:
            self._sends.discard(task)
            task.result()

    async def _may_come(self) -> bool:
        """Wait a little where something may be due soon; False where nothing can be."""
        ticks, pacer = self._gate.ticks(), self._gate.pacer
        paced = _soon(pacer.waiting(ticks))
        wait = min([_LOOK_EVERY, *paced])
        if self._sends:
            await asyncio.wait(self._sends, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            return True
        if pacer.bot_wait(ticks) > _LOOK_EVERY:
            return False
        if not paced:
            return self._paced_out  # those whose time has come since
        if not await asyncio.to_thread(self._any_due):
            return False
        await self._gate.sleep(wait)
        return True

    async def _finish(self) -> None:
        """Wait for what is under way."""
        results = await asyncio.gather(*self._sends, return_exceptions=True)
        self._sends.clear()
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _send_one(self, delivery: Delivery, place: Place) -> None:
        outcome = await self._outcome(delivery)
        self._gate.answered(place)
        self._begun[delivery.id].outcome = outcome
        await self._mind_pace(outcome, place)
        if isinstance(outcome, Sent):
            self._delivered += 1
        else:
            log.warning("delivery %s: %s", delivery.key, outcome, extra={"delivery": delivery.id})
        await self._write_outcomes()

    async def _outcome(self, delivery: Delivery) -> Outcome:
        try:
            return await self._send(delivery)
        except Exception as error:
            # Nobody knows how far it came: better a repeat that says so than a loss.
            log.exception("delivery %s", delivery.key, extra={"delivery": delivery.id})
            return Doubt(type(error).__name__)

    async def _mind_pace(self, outcome: Outcome, place: Place) -> None:
        """Obey what the platform asks for; after several failures in a row, let it rest."""
        match outcome:
            case Retry(after=timedelta() as after):
                await self._gate.flooded(place, after.total_seconds())
            case Retry() | Doubt():
                self._troubles += 1
                if self._troubles >= _TROUBLES:
                    rest = min(back_off(self._troubles - _TROUBLES + 1), _LONGEST_PAUSE)
                    await self._gate.hold(rest.total_seconds())
            case _:
                self._troubles = 0

    # --- The database ----------------------------------------------------------------------

    async def _recall(self) -> None:
        """Once, at the start: what went out in the last minute, and who asked for patience."""
        if self._recalled:
            return
        await asyncio.to_thread(self._read_pace)
        self._recalled = True

    def _read_pace(self) -> None:
        now, ticks, pacer = self._clock(), self._gate.ticks(), self._gate.pacer
        since = now - timedelta(seconds=MEMORY)
        if self._alone:
            with self._store.writing() as session:
                outbox.end_leases(session, now, self._platform)
        with self._store.reading() as session:
            sent = outbox.sent_since(session, since, self._platform)
            sent += [(address, now) for address in outbox.claimed(session, self._platform)]
            holds = outbox.holds(session, now, self._platform)
        pacer.recall(
            (self._place(address), ticks - max(0.0, (now - at).total_seconds()))
            for address, at in sent
        )
        for hold in holds:
            scope = None if hold.scope == self._platform else hold.scope
            pacer.hold(scope, hold.remaining(now).total_seconds(), ticks)

    async def _claim(self) -> list[Delivery]:
        ticks = self._gate.ticks()
        waiting = self._gate.pacer.waiting(ticks)
        self._paced_out = bool(_soon(waiting))
        busy = {
            *waiting,
            *(one.delivery.address for one in self._begun.values()),
            *(delivery.address for delivery, _ in self._ready),
        }
        if self._gate.pacer.bot_wait(ticks) > _LOOK_EVERY:
            return []  # the platform asked for patience
        claimed = await asyncio.to_thread(self._claim_due, busy)
        self._ready.extend((one, ticks) for one in claimed)
        return claimed

    def _claim_due(self, busy: set[str]) -> list[Delivery]:
        now = self._clock()
        self._fold(now)
        with self._store.reading() as session:
            found = outbox.due(
                session, now, LEASE, self._platform, limit=_CLAIMED_AT_ONCE, busy=busy
            )
        if not found:
            return []
        with self._store.writing() as session:
            return outbox.claim(session, found, now, LEASE, resend=self._resend)

    def _fold(self, now: datetime) -> None:
        """Take back what is too old to be sent as if it were new, now and then."""
        if self._folded_at is not None and abs(now - self._folded_at) < _FOLD_EVERY:
            return
        before = now - self._stale_after
        with self._store.reading() as session:
            any_stale = outbox.any_stale(session, before, self._platform)
        folded = 1 if any_stale else 0
        while folded:
            with self._store.writing() as session:
                folded = outbox.fold_stale(session, before, now, self._platform)
            if folded:
                log.info("%d came too late and go into the next digest", folded)
        self._folded_at = now

    def _any_due(self) -> bool:
        with self._store.reading() as session:
            return outbox.any_due(session, self._clock(), LEASE, self._platform)

    async def _hand_back(self) -> None:
        """Give back what was claimed and not begun."""
        held = [delivery for delivery, _ in self._ready]
        self._ready.clear()
        if held:
            await asyncio.to_thread(self._give_back, held)

    def _give_back(self, held: Sequence[Delivery]) -> None:
        now = self._clock()
        with self._store.writing() as session:
            for delivery in held:
                outbox.give_back(session, delivery, now, tried_at=None, error=delivery.error)

    async def _write_outcomes(self) -> None:
        """Write all outcomes that are known; those stay known until they are written."""
        async with self._writing:
            known = [
                (one.delivery, one.outcome)
                for one in self._begun.values()
                if one.outcome is not None
            ]
            if known:
                await asyncio.to_thread(self._settle_all, known)
                for delivery, _ in known:
                    del self._begun[delivery.id]
                self._written += len(known)

    def _settle_all(self, known: Sequence[tuple[Delivery, Outcome]]) -> None:
        now = self._clock()
        with self._store.writing() as session:
            for delivery, outcome in known:
                self._settle(session, delivery, outcome, now)

    def _settle(
        self, session: Session, delivery: Delivery, outcome: Outcome, now: datetime
    ) -> None:
        match outcome:
            case Sent(message_id):
                outbox.settle_sent(session, delivery, message_id, now)
            case Retry(reason, after):
                wait = after or self._back_off(delivery)
                outbox.give_back(session, delivery, now + wait, tried_at=now, error=reason)
            case Doubt(reason) if self._resend:
                again = now + self._back_off(delivery)
                outbox.give_back(
                    session, delivery, again, tried_at=now, error=reason, maybe_sent=True
                )
            case Doubt(reason):
                outbox.park(session, delivery, DeliveryState.DOUBTFUL, reason, now)
            case Gone(reason):
                chats.pause_unreachable(session, delivery.chat, reason)
                outbox.give_back(session, delivery, now, tried_at=now, error=reason)
            case NoTopic(reason, gone) if delivery.thread:
                if gone:
                    belongings.fold_thread(session, delivery.chat, delivery.thread)
                outbox.to_group(session, delivery)
                outbox.give_back(session, delivery, now, tried_at=now, error=reason)
            case NoTopic(reason):  # the group's own is closed: until somebody speaks to us there
                chats.pause_unreachable(session, delivery.chat, reason)
                outbox.give_back(session, delivery, now, tried_at=now, error=reason)
            case Moved(address) if address != delivery.address:
                chats.move_chat(session, delivery.address, address)
                # Chats that send each other round in a circle do not keep us busy.
                wait = self._back_off(delivery) if delivery.attempts > 2 else timedelta()
                outbox.give_back(session, delivery, now + wait, tried_at=now, error="moved")
            case Rejected(reason) if not delivery.plain:
                outbox.give_back(session, delivery, now, tried_at=now, error=reason, plain=True)
            case Moved() | Rejected():
                reason = outcome.reason if isinstance(outcome, Rejected) else "moved to itself"
                outbox.park(session, delivery, DeliveryState.REJECTED, reason, now)

    def note_hold(self, address: str | None, seconds: float) -> None:
        """Remember over a restart that the platform asked for patience; blocks."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        with self._store.writing() as session:
            outbox.hold(session, address or self._platform, now, until)

    def _back_off(self, delivery: Delivery) -> timedelta:
        """Between three and five quarters of the plain wait, so that retries part."""
        return back_off(delivery.attempts) * (0.75 + 0.5 * self._chance())

    def _place(self, address: str) -> Place:
        return Place(address, self._is_group(address))


def _soon(waiting: Mapping[str, float]) -> list[float]:
    """Return the waits of the chats that wait for their pace, not for the platform's patience."""
    return [wait for wait in waiting.values() if wait <= MEMORY]


def forget_old(store: Store, before: datetime, stopped: Callable[[], bool]) -> int:
    """Delete what was done with ``before``, some at a time, until it is ``stopped``; blocks.

    Gives how many deliveries were deleted.
    """
    forgotten = 0
    while not stopped():
        with store.reading() as session:
            if not outbox.any_old(session, before):
                break
        with store.writing() as session:
            forgotten += outbox.forget_old(session, before)
    return forgotten


def back_off(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt (from 1): doubling from five seconds to an hour."""
    doublings: int = min(max(attempts - 1, 0), 12)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
