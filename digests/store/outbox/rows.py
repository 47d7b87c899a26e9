"""What the parts of the outbox share: states, and rows as deliveries."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, update
from sqlalchemy.engine import CursorResult
from sqlmodel import Session

from digests.tables import DeliveryRow, row_id
from digests.types import Delivery, DeliveryState

PARKED: Final = (DeliveryState.REJECTED, DeliveryState.DOUBTFUL)
"""States in which a delivery waits for the operator."""

DONE: Final = (DeliveryState.SENT, DeliveryState.STALE, DeliveryState.DROPPED)
"""States of a delivery that nothing more comes of."""

OPEN: Final = (DeliveryState.PENDING, DeliveryState.CLAIMED)
"""States of a delivery that is still to be sent."""

DIGEST: Final = "digest"


def set_columns(session: Session, which: ColumnElement[bool], **values: Any) -> int:  # noqa: ANN401 - column values
    """Set columns of deliveries; gives of how many."""
    return _count(session.execute(update(DeliveryRow).where(which).values(**values)))


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def delivery_of(row: DeliveryRow, address: str) -> Delivery:
    """A row as what is sent; one that was claimed and lost was perhaps sent."""
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
