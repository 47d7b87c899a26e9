"""What is to be sent: enqueue, claim, settle.

A claim is committed before the message is sent and its outcome after. Whoever
dies in between leaves a claim whose lease runs out: the row is claimed again
and known to be doubtful, since nobody saw the answer. A claim's number of
attempts tells it from later ones: what a claim that was lost brings back too
late changes nothing, unless it is the certainty that the message was sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, exists, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from digests.store.outbox.rows import DIGEST, OPEN, delivery_of, set_columns
from digests.tables import ChatRow, DeliveryRow, row_id
from digests.types import Delivery, DeliveryState

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

DRAFT: Final = "draft"
"""In a payload: what a rewriter needs; the parts of the batch wait for it as drafts."""

ASTRAY: Final = "astray"
"""In a payload: it was meant for a forum topic that takes no messages."""

_Queued = Row[DeliveryRow, str]


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
            "priority": ROUTINE if kind == DIGEST else URGENT,
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
                found.append(delivery_of(row, address))
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
        if not resend and set_columns(
            session,
            _unchanged(one) & lost,
            state=DeliveryState.DOUBTFUL,
            maybe_sent=True,
            lease_until=None,
            settled_at=now,
        ):
            continue
        if set_columns(
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
        col(earlier.state).in_(OPEN),
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
    set_columns(
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
    set_columns(session, _ours(delivery), **values)


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
    set_columns(
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
    rest = (col(DeliveryRow.batch) == delivery.batch) & col(DeliveryRow.state).in_(OPEN)
    set_columns(session, rest, thread=0)
    set_columns(session, _ours(delivery), payload={**delivery.payload, ASTRAY: True})


def _unchanged(delivery: Delivery) -> ColumnElement[bool]:
    return (col(DeliveryRow.id) == delivery.id) & (col(DeliveryRow.attempts) == delivery.attempts)


def _ours(delivery: Delivery) -> ColumnElement[bool]:
    """The row, as long as it is claimed by this very claim."""
    return _unchanged(delivery) & (col(DeliveryRow.state) == DeliveryState.CLAIMED)
