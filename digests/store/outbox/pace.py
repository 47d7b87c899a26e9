"""Pace over a restart: what went out lately, what is on its way, and who asked for patience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from digests.store.outbox.rows import set_columns
from digests.tables import ChatRow, DeliveryRow, HoldRow
from digests.types import DeliveryState


@dataclass(frozen=True, slots=True)
class Hold:
    """That a platform asked for patience: for an address, or (its start) for all chats."""

    scope: str
    noted_at: datetime
    until: datetime

    def remaining(self, now: datetime) -> timedelta:
        """How long it still holds; never longer than asked for, though clocks be set back."""
        return self.until - max(now, self.noted_at)


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
    return set_columns(session, is_claimed & col(DeliveryRow.chat_id).in_(ours), lease_until=now)


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
