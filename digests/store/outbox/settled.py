"""What is settled: it waits for the operator, or is forgotten in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlmodel import Session, col, func

from digests.store.outbox.rows import DONE, PARKED, delivery_of, set_columns
from digests.tables import ChatRow, DeliveryRow
from digests.types import Delivery, DeliveryState


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
        Parked(delivery_of(row, address), DeliveryState(row.state), row.settled_at)
        for row, address in rows
    ]


def retry_parked(session: Session, ids: Collection[int], now: datetime) -> int:
    """Send parked deliveries once more, as they were rendered; gives how many there are."""
    return set_columns(
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
    return set_columns(session, _parked(ids), state=DeliveryState.DROPPED, settled_at=now)


def counts(session: Session) -> Mapping[DeliveryState, int]:
    """How many deliveries there are in each state."""
    rows = session.execute(
        select(col(DeliveryRow.state), func.count()).group_by(col(DeliveryRow.state))
    )
    return {DeliveryState(state): number for state, number in rows}


def _parked(ids: Collection[int]) -> ColumnElement[bool]:
    return col(DeliveryRow.id).in_(list(ids)) & col(DeliveryRow.state).in_(PARKED)
