"""The rows of the outbox: enqueue, claim, settle. Every function takes a transaction's session.

A claim is committed before the message is sent and its outcome after. Whoever
dies in between leaves a claim whose lease runs out: the row is claimed again
and known to be doubtful, since nobody saw the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from digests.tables import ChatRow, DeliveryRow, row_id
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


def any_due(session: Session, now: datetime, platform: str) -> bool:
    """Whether :func:`claim` would find anything; asked without locking writers out."""
    return session.exec(_due(now, platform)).first() is not None


def claim(session: Session, now: datetime, lease: timedelta, platform: str) -> Delivery | None:
    """Claim the next delivery that is due for a chat of ``platform``; None if there is none.

    Parts of a batch go in their order: one that waits holds back those after
    it. A delivery whose lease ran out is claimed again with ``maybe_sent`` set.
    """
    found = session.exec(_due(now, platform)).first()
    if found is None:
        return None
    row, chat = found
    row.maybe_sent = row.maybe_sent or row.state == DeliveryState.CLAIMED
    row.state = DeliveryState.CLAIMED
    row.lease_until = now + lease
    row.attempts += 1
    session.add(row)
    session.flush()
    return _delivery(row, chat.address)


def _due(now: datetime, platform: str) -> Select[DeliveryRow, ChatRow]:
    earlier = aliased(DeliveryRow)
    due = (col(DeliveryRow.state) == DeliveryState.PENDING) & (col(DeliveryRow.not_before) <= now)
    lost = (col(DeliveryRow.state) == DeliveryState.CLAIMED) & (col(DeliveryRow.lease_until) <= now)
    held_back = (
        select(earlier.id)
        .where(
            earlier.batch == DeliveryRow.batch,
            col(earlier.state).in_(_OPEN),
            col(earlier.part) < col(DeliveryRow.part),
        )
        .exists()
    )
    return (
        select(DeliveryRow, ChatRow)
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            due | lost,
            ~held_back,
            col(ChatRow.unreachable).is_(None),
            col(ChatRow.address).startswith(platform, autoescape=True),
        )
        .order_by(col(DeliveryRow.not_before), col(DeliveryRow.id))
        .limit(1)
    )


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
        maybe_sent=row.maybe_sent,
    )
