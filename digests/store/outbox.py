"""The rows of the outbox: enqueue, claim, settle. Every function takes a transaction's session.

A claim is committed before the message is sent and its outcome after. Whoever
dies in between leaves a claim whose lease runs out: the row is claimed again
and known to be doubtful, since nobody saw the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from digests.tables import ChatRow, DeliveryRow
from digests.types import Delivery, DeliveryState

_OPEN: Final = (DeliveryState.PENDING, DeliveryState.CLAIMED)


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
    """Write one row a part, keyed ``batch/part``: a batch enqueued twice breaks the unique key."""
    for part, payload in enumerate(payloads):
        session.add(
            DeliveryRow(
                key=f"{batch}/{part}",
                batch=batch,
                part=part,
                chat_id=chat_id,
                thread=thread,
                kind=kind,
                payload=payload,
                state=DeliveryState.PENDING,
                not_before=not_before or now,
                created_at=now,
            )
        )
    session.flush()


def claim(
    session: Session, now: datetime, lease: timedelta, platform: str, limit: int = 20
) -> list[Delivery]:
    """Claim what is due for chats of ``platform``: at most one row a chat, parts in their order.

    A row whose lease ran out is claimed again with ``maybe_sent`` set.
    """
    earlier = aliased(DeliveryRow)
    due = (col(DeliveryRow.state) == DeliveryState.PENDING) & (col(DeliveryRow.not_before) <= now)
    lost = (col(DeliveryRow.state) == DeliveryState.CLAIMED) & (col(DeliveryRow.lease_until) <= now)
    blocked = (
        select(earlier.id)
        .where(
            earlier.chat_id == DeliveryRow.chat_id,
            col(earlier.state).in_(_OPEN),
            col(earlier.id) < col(DeliveryRow.id),
            (col(earlier.not_before) <= now) | (earlier.batch == DeliveryRow.batch),
        )
        .exists()
    )
    query = (
        select(DeliveryRow, ChatRow)
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            due | lost,
            ~blocked,
            col(ChatRow.unreachable).is_(None),
            col(ChatRow.address).startswith(platform, autoescape=True),
        )
        .order_by(col(DeliveryRow.id))
        .limit(limit)
    )
    claimed = []
    for row, chat in session.exec(query):
        row.maybe_sent = row.maybe_sent or row.state == DeliveryState.CLAIMED
        row.state = DeliveryState.CLAIMED
        row.lease_until = now + lease
        row.attempts += 1
        session.add(row)
        claimed.append(_delivery(row, chat.address))
    session.flush()
    return claimed


def settle_sent(session: Session, delivery_id: int, message_id: int | None, now: datetime) -> None:
    """The message was sent."""
    _settle(session, delivery_id, DeliveryState.SENT, now, message_id=message_id, error=None)


def settle_rejected(session: Session, delivery_id: int, error: str, now: datetime) -> None:
    """The message will never be taken; kept with its payload for the operator to see."""
    _settle(session, delivery_id, DeliveryState.REJECTED, now, error=error)


def give_back(
    session: Session,
    delivery_id: int,
    not_before: datetime,
    *,
    error: str | None = None,
    maybe_sent: bool = False,
    attempted: bool = True,
) -> None:
    """Try again from ``not_before`` on; ``maybe_sent`` where the answer was lost.

    ``attempted`` False takes the attempt back: the claim was not acted on.
    """
    row = session.get_one(DeliveryRow, delivery_id)
    row.state = DeliveryState.PENDING
    row.not_before = not_before
    row.lease_until = None
    row.error = error
    row.maybe_sent = row.maybe_sent or maybe_sent
    if not attempted:
        row.attempts -= 1
    session.add(row)


def counts(session: Session) -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = session.exec(select(DeliveryRow.state, func.count()).group_by(col(DeliveryRow.state)))
    return dict(rows.all())


def of_chat(session: Session, chat_id: int) -> list[DeliveryRow]:
    """All deliveries of a chat, oldest first, for its export."""
    return list(
        session.exec(
            select(DeliveryRow).where(DeliveryRow.chat_id == chat_id).order_by(col(DeliveryRow.id))
        )
    )


def _settle(
    session: Session,
    delivery_id: int,
    state: DeliveryState,
    now: datetime,
    *,
    error: str | None,
    message_id: int | None = None,
) -> None:
    row = session.get_one(DeliveryRow, delivery_id)
    row.state = state
    row.settled_at = now
    row.lease_until = None
    row.error = error
    row.message_id = message_id
    session.add(row)


def _delivery(row: DeliveryRow, address: str) -> Delivery:
    return Delivery(
        id=cast("int", row.id),
        key=row.key,
        batch=row.batch,
        part=row.part,
        chat=row.chat_id,
        address=address,
        thread=row.thread,
        kind=row.kind,
        payload=row.payload,
        attempts=row.attempts,
        maybe_sent=row.maybe_sent,
    )
