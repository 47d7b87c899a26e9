"""The rows of the outbox: enqueue, claim, settle. Every function takes a transaction's session.

A claim is committed before the message is sent and its outcome after. Whoever
dies in between leaves a claim whose lease runs out: the row is claimed again
and known to be doubtful, since nobody saw the answer. A claim's number of
attempts tells it from later ones: what a claim that was lost brings back too
late changes nothing, unless it is the certainty that the message was sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, delete, exists, insert, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from digests.schedule import Cadence, next_due, parse_zone
from digests.tables import (
    ChatRow,
    DeliveryRow,
    HoldRow,
    OwedRow,
    ShownRow,
    SubscriptionRow,
    row_id,
)
from digests.types import Delivery, DeliveryMode, DeliveryState

URGENT: Final = 0
"""Alerts, and words about feeds and settings: somebody wants to know now."""
ROUTINE: Final = 1
"""Digests."""

HEAD_START: Final = timedelta(minutes=15)
"""How much an alert goes before a digest: before all that became due up to so much earlier.

A digest that has waited longer goes first, so a flood of alerts starves none.
"""

_LONGEST_WAIT: Final = timedelta(hours=2)
_LONGEST_QUIET: Final = timedelta(hours=25)  # a day, and the hour of a clock change

PARKED: Final = (DeliveryState.REJECTED, DeliveryState.DOUBTFUL)
"""States in which a delivery waits for the operator."""

DRAFT: Final = "draft"
"""In a payload: what a rewriter needs; the parts of the batch wait for it as drafts."""

DONE: Final = (DeliveryState.SENT, DeliveryState.STALE, DeliveryState.DROPPED)
"""States of a delivery that nothing more comes of."""

ASTRAY: Final = "astray"
"""In a payload: it was meant for a forum topic that takes no messages."""

_OPEN: Final = (DeliveryState.PENDING, DeliveryState.CLAIMED)
_DIGEST: Final = "digest"
_FOLDED: Final = (_DIGEST, "alert")
_SPIKE: Final = "spike"

_Queued = Row[DeliveryRow, str]


@dataclass(frozen=True, slots=True)
class Hold:
    """That a platform asked for patience: for an address, or (its start) for all chats."""

    scope: str
    noted_at: datetime
    until: datetime

    def remaining(self, now: datetime) -> timedelta:
        """How long it still holds; never longer than asked for, though clocks be set back."""
        return self.until - max(now, self.noted_at)


def enqueue(
    session: Session,
    batch: str,
    chat_id: int,
    thread: int,
    kind: str,
    payloads: Sequence[dict[str, Any]],
    *,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Write the rows of a message (:func:`rows_of`)."""
    rows = rows_of(batch, chat_id, thread, kind, payloads, now=now, not_before=not_before)
    if rows:
        session.execute(insert(DeliveryRow), rows)


def rows_of(
    batch: str,
    chat_id: int,
    thread: int,
    kind: str,
    payloads: Sequence[dict[str, Any]],
    *,
    now: datetime,
    not_before: datetime | None = None,
) -> list[dict[str, Any]]:
    """One row a part, keyed ``batch/part``: a batch enqueued twice breaks the unique key.

    Where a payload holds :data:`DRAFT` the parts are drafts (see digests.store.drafts).
    """
    due = not_before or now
    drafted = any(DRAFT in payload for payload in payloads)
    return [
        {
            "key": f"{batch}/{part}",
            "batch": batch,
            "part": part,
            "chat_id": chat_id,
            "thread": thread,
            "kind": kind,
            "payload": payload,
            "state": DeliveryState.DRAFT if drafted else DeliveryState.PENDING,
            "priority": ROUTINE if kind == _DIGEST else URGENT,
            "plain": False,
            "maybe_sent": False,
            "attempts": 0,
            "due_at": due,
            "not_before": due,
            "created_at": now,
        }
        for part, payload in enumerate(payloads)
    ]


def due(
    session: Session,
    now: datetime,
    lease: timedelta,
    platform: str,
    *,
    limit: int = 1,
    busy: Collection[str] = (),
) -> list[Delivery]:
    """What may be claimed now, at most one a chat; asked without locking writers out.

    First what was claimed and lost, then by rank: an alert goes before the
    digests that became due up to HEAD_START earlier. Parts of a batch go in
    their order: one that waits holds back those after it. Left out are the
    addresses in ``busy``, and chats that cannot be reached.
    """
    found: list[Delivery] = []
    taken = set(busy)
    while len(found) < limit:
        rows = _candidates(session, now, lease, platform, limit, taken)
        for row, address in rows:
            if address not in taken and len(found) < limit:
                found.append(_delivery(row, address))
            taken.add(address)
        if not rows:
            break
    return found


def claim(
    session: Session,
    found: Iterable[Delivery],
    now: datetime,
    lease: timedelta,
    *,
    resend: bool = True,
) -> list[Delivery]:
    """Claim what :func:`due` found, but for what somebody else took meanwhile.

    What was claimed before and lost is claimed with ``maybe_sent``; without
    ``resend`` such a one is parked as doubtful, and not among the answer.
    """
    claimed = []
    pending, lost = col(DeliveryRow.state) == DeliveryState.PENDING, _lost(now, lease)
    for one in found:
        if not resend and _set(
            session,
            _unchanged(one) & lost,
            state=DeliveryState.DOUBTFUL,
            maybe_sent=True,
            lease_until=None,
            settled_at=now,
        ):
            continue
        if _set(
            session,
            _unchanged(one) & (pending | lost),
            state=DeliveryState.CLAIMED,
            maybe_sent=one.maybe_sent,
            lease_until=now + lease,
            attempts=one.attempts + 1,
        ):
            claimed.append(replace(one, attempts=one.attempts + 1))
    return claimed


def any_due(session: Session, now: datetime, lease: timedelta, platform: str) -> bool:
    """Whether anything could be claimed."""
    return bool(due(session, now, lease, platform))


def _candidates(
    session: Session,
    now: datetime,
    lease: timedelta,
    platform: str,
    limit: int,
    busy: Collection[str],
) -> list[_Queued]:
    """The next deliveries in order: some chats may be among them several times."""

    def first(which: ColumnElement[bool]) -> list[_Queued]:
        return list(session.execute(_claimable(which, platform, busy).limit(2 * limit)))

    lost = first(_lost(now, lease)) + first(_astray(now))
    pending = (col(DeliveryRow.state) == DeliveryState.PENDING) & (
        col(DeliveryRow.not_before) <= now
    )
    ranked = chain.from_iterable(
        first(pending & (col(DeliveryRow.priority) == priority)) for priority in (URGENT, ROUTINE)
    )
    return [*lost, *sorted(ranked, key=lambda found: _rank(found[0]))]


def _claimable(
    which: ColumnElement[bool], platform: str, busy: Collection[str]
) -> Select[DeliveryRow, str]:
    earlier = aliased(DeliveryRow)
    held_back = exists().where(
        col(earlier.batch) == col(DeliveryRow.batch),
        col(earlier.state).in_(_OPEN),
        col(earlier.part) < col(DeliveryRow.part),
    )
    return (
        select(DeliveryRow, col(ChatRow.address))
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            which,
            ~held_back,
            col(ChatRow.unreachable).is_(None),
            col(ChatRow.address).startswith(platform, autoescape=True),
            col(ChatRow.address).not_in(sorted(busy)),
        )
        .order_by(col(DeliveryRow.not_before), col(DeliveryRow.id))
    )


def _lost(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Claimed by somebody who is gone. A lease that ends too late is of a clock since set back."""
    until = col(DeliveryRow.lease_until)
    return (col(DeliveryRow.state) == DeliveryState.CLAIMED) & (
        (until <= now) | (until > now + lease)
    )


def _astray(now: datetime) -> ColumnElement[bool]:
    """To wait longer than anything does: by a clock that was set back since.

    What was tried waits no longer than the longest back-off (where the platform asked for
    patience, its chat is held; see :func:`hold`), anything else for the end of quiet hours.
    """
    not_before = col(DeliveryRow.not_before)
    tried = (not_before > now + _LONGEST_WAIT) & (col(DeliveryRow.attempts) > 0)
    return (
        (col(DeliveryRow.state) == DeliveryState.PENDING)
        & col(DeliveryRow.priority).in_((URGENT, ROUTINE))
        & (tried | (not_before > now + _LONGEST_QUIET))
    )


def _rank(row: DeliveryRow) -> tuple[datetime, int]:
    start = HEAD_START if row.priority == ROUTINE else timedelta()
    return row.not_before + start, row_id(row.id)


def settle_sent(
    session: Session, delivery: Delivery, message_id: int | None, now: datetime
) -> None:
    """The message was sent: that holds, whoever claimed it since."""
    ours = (col(DeliveryRow.id) == delivery.id) & (col(DeliveryRow.state) != DeliveryState.SENT)
    _set(
        session,
        ours,
        state=DeliveryState.SENT,
        settled_at=now,
        lease_until=None,
        error=None,
        message_id=message_id,
    )


def park(
    session: Session, delivery: Delivery, state: DeliveryState, error: str, now: datetime
) -> None:
    """The message is not tried again; kept with its payload for the operator to see."""
    values = {"state": state, "settled_at": now, "lease_until": None, "error": error}
    _set(session, _ours(delivery), **values)


def give_back(
    session: Session,
    delivery: Delivery,
    not_before: datetime,
    *,
    tried_at: datetime | None,
    error: str | None = None,
    maybe_sent: bool = False,
    plain: bool = False,
) -> None:
    """Try again from ``not_before`` on; ``maybe_sent`` where the answer was lost.

    ``plain`` says that formatting and buttons were refused. ``tried_at`` None
    takes the claim back: it was not acted on.
    """
    tried = {"settled_at": tried_at} if tried_at else {"attempts": delivery.attempts - 1}
    _set(
        session,
        _ours(delivery),
        state=DeliveryState.PENDING,
        not_before=not_before,
        lease_until=None,
        error=error,
        maybe_sent=delivery.maybe_sent or maybe_sent,
        plain=delivery.plain or plain,
        **tried,
    )


def to_group(session: Session, delivery: Delivery) -> None:
    """The forum topic takes nothing: what is left of the batch goes to the group itself.

    The message says so: its payload bears :data:`ASTRAY`.
    """
    rest = (col(DeliveryRow.batch) == delivery.batch) & col(DeliveryRow.state).in_(_OPEN)
    _set(session, rest, thread=0)
    _set(session, _ours(delivery), payload={**delivery.payload, ASTRAY: True})


# --- What came too late --------------------------------------------------------------------


def any_stale(session: Session, before: datetime, platform: str) -> bool:
    """Whether :func:`fold_stale` would find anything."""
    return bool(session.execute(_stale(before, platform).limit(1)).first())


def fold_stale(
    session: Session, before: datetime, now: datetime, platform: str, limit: int = 200
) -> int:
    """Take back digests and alerts that were due ``before`` and of which nothing went out.

    Their items are owed to the chat: its next digest holds them. A chat that
    gets alerts only is given a digest once. That there was unusually much about
    somebody is old by then, and dropped. Gives how many were taken back. What
    was begun is finished, however late; so is what was perhaps sent.
    """
    found = session.execute(_stale(before, platform).limit(limit)).all()
    for batch, chat_id, thread, kind in found:
        here = (col(ShownRow.chat_id) == chat_id) & (col(ShownRow.thread) == thread)
        items = here & (col(ShownRow.batch) == batch)
        owe(
            session,
            chat_id,
            thread,
            session.execute(select(col(ShownRow.item_id)).where(items)).scalars(),
        )
        session.execute(delete(ShownRow).where(items))
        _set(
            session,
            col(DeliveryRow.batch) == batch,
            state=DeliveryState.STALE,
            settled_at=now,
        )
        if kind != _SPIKE:
            _expect_digest(session, chat_id, thread, now)
    return len(found)


def owed(session: Session, chat_ids: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """The items that chats are owed, by chat and thread."""
    query = select(col(OwedRow.chat_id), col(OwedRow.thread), col(OwedRow.item_id)).where(
        col(OwedRow.chat_id).in_(sorted(chat_ids))
    )
    found: dict[tuple[int, int], set[int]] = {}
    for chat, thread, item in session.execute(query):
        found.setdefault((chat, thread), set()).add(item)
    return found


def owe(session: Session, chat_id: int, thread: int, items: Iterable[int]) -> None:
    """Let the next digest of a chat hold these items, whatever the marks say."""
    new = set(items).difference(owed(session, [chat_id]).get((chat_id, thread), ()))
    where = {"chat_id": chat_id, "thread": thread}
    if new:
        session.execute(insert(OwedRow), [where | {"item_id": item} for item in sorted(new)])


def _stale(before: datetime, platform: str) -> Select[str, int, int, str]:
    other = aliased(DeliveryRow)
    begun = exists().where(
        col(other.batch) == col(DeliveryRow.batch),
        (col(other.state) != DeliveryState.PENDING) | col(other.maybe_sent),
    )
    # Of what an older version enqueued it is not known which items it held.
    known = exists().where(
        col(ShownRow.chat_id) == col(DeliveryRow.chat_id),
        col(ShownRow.thread) == col(DeliveryRow.thread),
        col(ShownRow.batch) == col(DeliveryRow.batch),
    )
    return (
        select(
            col(DeliveryRow.batch),
            col(DeliveryRow.chat_id),
            col(DeliveryRow.thread),
            col(DeliveryRow.kind),
        )
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            col(DeliveryRow.state) == DeliveryState.PENDING,
            col(DeliveryRow.due_at) <= before,
            col(DeliveryRow.part) == 0,
            (col(DeliveryRow.kind).in_(_FOLDED) & known) | (col(DeliveryRow.kind) == _SPIKE),
            ~begun,
            col(ChatRow.address).startswith(platform, autoescape=True),
        )
        .order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
    )


def _expect_digest(session: Session, chat_id: int, thread: int, now: datetime) -> None:
    """Where no digest will come (alerts only), let one come at the chat's usual time."""
    here = (col(SubscriptionRow.chat_id) == chat_id) & (col(SubscriptionRow.thread) == thread)
    coming = here & col(SubscriptionRow.next_due_at).is_not(None)
    if session.execute(select(col(SubscriptionRow.id)).where(coming).limit(1)).first():
        return
    chat = session.get_one(ChatRow, chat_id)
    at = next_due(Cadence.parse(chat.schedule), parse_zone(chat.zone), now) or now
    alerting = here & (col(SubscriptionRow.delivery) != DeliveryMode.DIGEST)
    session.execute(update(SubscriptionRow).where(alerting).values(next_due_at=at))


# --- What is done with ---------------------------------------------------------------------


def any_old(session: Session, before: datetime) -> bool:
    """Whether :func:`forget_old` would find anything."""
    return session.execute(_old(before).limit(1)).first() is not None


def forget_old(session: Session, before: datetime, limit: int = 500) -> int:
    """Delete deliveries that were done with ``before``, oldest first; gives how many.

    What the chats were shown stays known: their buttons find it, and nothing is
    told again. What waits for the operator, or is still to be sent, is kept.
    """
    ids = list(session.execute(_old(before).limit(limit)).scalars())
    if ids:
        session.execute(delete(DeliveryRow).where(col(DeliveryRow.id).in_(ids)))
    return len(ids)


def _old(before: datetime) -> Select[int | None]:
    return (
        select(col(DeliveryRow.id))
        .where(col(DeliveryRow.settled_at) < before, col(DeliveryRow.state).in_(DONE))
        .order_by(col(DeliveryRow.settled_at))
    )


# --- Pace over a restart -------------------------------------------------------------------


def sent_since(session: Session, since: datetime, platform: str) -> list[tuple[str, datetime]]:
    """(address, moment) of what was sent, or tried, since then, oldest first."""
    query = (
        select(col(ChatRow.address), col(DeliveryRow.settled_at))
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            col(ChatRow.address).startswith(platform, autoescape=True),
            col(DeliveryRow.settled_at) > since,
            col(DeliveryRow.state).not_in((DeliveryState.STALE, DeliveryState.DROPPED)),
        )
        .order_by(col(DeliveryRow.settled_at))
    )
    return [(address, at) for address, at in session.execute(query) if at is not None]


def end_leases(session: Session, now: datetime, platform: str) -> int:
    """Let what is claimed count as lost at once; gives how much that is."""
    ours = select(col(ChatRow.id)).where(col(ChatRow.address).startswith(platform, autoescape=True))
    is_claimed = col(DeliveryRow.state) == DeliveryState.CLAIMED
    return _set(session, is_claimed & col(DeliveryRow.chat_id).in_(ours), lease_until=now)


def claimed(session: Session, platform: str) -> list[str]:
    """The addresses to which something is being sent, or was by who is gone."""
    query = (
        select(col(ChatRow.address))
        .join(DeliveryRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            col(DeliveryRow.state) == DeliveryState.CLAIMED,
            col(ChatRow.address).startswith(platform, autoescape=True),
        )
    )
    return list(session.execute(query).scalars())


def hold(session: Session, scope: str, now: datetime, until: datetime) -> None:
    """Remember that a platform asked for patience."""
    session.execute(delete(HoldRow).where((col(HoldRow.scope) == scope) | _over(now)))
    session.add(HoldRow(scope=scope, noted_at=now, until=until))
    session.flush()


def holds(session: Session, now: datetime, platform: str) -> list[Hold]:
    """The patience still asked for, by a platform and for its chats."""
    rows = session.execute(
        select(HoldRow).where(col(HoldRow.scope).startswith(platform, autoescape=True), ~_over(now))
    ).scalars()
    return [Hold(row.scope, row.noted_at, row.until) for row in rows]


def _over(now: datetime) -> ColumnElement[bool]:
    return (col(HoldRow.until) <= now) & (col(HoldRow.noted_at) <= now)


# --- What the operator sees ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that waits for the operator."""

    delivery: Delivery
    state: DeliveryState
    settled_at: datetime | None


def parked(session: Session, limit: int = 100) -> list[Parked]:
    """The deliveries that were refused for good or are in doubt, newest first."""
    rows = session.execute(
        select(DeliveryRow, col(ChatRow.address))
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(col(DeliveryRow.state).in_(PARKED))
        .order_by(col(DeliveryRow.id).desc())
        .limit(limit)
    )
    return [
        Parked(_delivery(row, address), DeliveryState(row.state), row.settled_at)
        for row, address in rows
    ]


def retry_parked(session: Session, ids: Collection[int], now: datetime) -> int:
    """Send parked deliveries once more, as they were rendered; gives how many there are."""
    return _set(
        session,
        _parked(ids),
        state=DeliveryState.PENDING,
        not_before=now,
        due_at=now,
        settled_at=None,
        plain=False,
        maybe_sent=or_(
            col(DeliveryRow.maybe_sent), col(DeliveryRow.state) == DeliveryState.DOUBTFUL
        ),
    )


def drop_parked(session: Session, ids: Collection[int], now: datetime) -> int:
    """Give parked deliveries up; gives how many there are."""
    return _set(session, _parked(ids), state=DeliveryState.DROPPED, settled_at=now)


def counts(session: Session) -> Mapping[DeliveryState, int]:
    """How many deliveries there are in each state."""
    rows = session.execute(
        select(col(DeliveryRow.state), func.count()).group_by(col(DeliveryRow.state))
    )
    return {DeliveryState(state): number for state, number in rows}


def _parked(ids: Collection[int]) -> ColumnElement[bool]:
    return col(DeliveryRow.id).in_(list(ids)) & col(DeliveryRow.state).in_(PARKED)


def _unchanged(delivery: Delivery) -> ColumnElement[bool]:
    return (col(DeliveryRow.id) == delivery.id) & (col(DeliveryRow.attempts) == delivery.attempts)


def _ours(delivery: Delivery) -> ColumnElement[bool]:
    """The row, as long as it is claimed by this very claim."""
    return _unchanged(delivery) & (col(DeliveryRow.state) == DeliveryState.CLAIMED)


def _set(session: Session, which: ColumnElement[bool], **values: Any) -> int:  # noqa: ANN401 - column values
    return _count(session.execute(update(DeliveryRow).where(which).values(**values)))


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _delivery(row: DeliveryRow, address: str) -> Delivery:
    lost = row.state == DeliveryState.CLAIMED
    return Delivery(
        id=row_id(row.id),
        key=row.key,
        batch=row.batch,
        part=row.part,
        chat=row.chat_id,
        address=address,
        thread=row.thread,
        kind=row.kind,
        payload=row.payload,
        attempts=row.attempts,
        maybe_sent=row.maybe_sent or lost,
        plain=row.plain,
        error=row.error,
    )
