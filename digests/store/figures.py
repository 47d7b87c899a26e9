"""What the database holds, counted: for the operator's metrics and the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from digests.store.outbox import PARKED
from digests.tables import ChatRow, DeliveryRow, InboxRow, ItemRow, SourceRow
from digests.types import DeliveryState, SourceKind


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one moment.

    ``deliveries`` are those that are not done with, by state; ``doubtful``
    those of them whose answer was lost; ``waiting_since`` is when the oldest of
    those that wait should have been sent. ``unreachable`` chats are among ``chats``.
    ``last_change`` is the latest time that a report came in or a chat appeared.
    """

    items: int
    inbox: int
    chats: int
    unreachable: int
    deliveries: dict[str, int]
    doubtful: int
    waiting_since: datetime | None
    last_change: datetime | None
    feeds: int
    feeds_due: int
    feeds_failing: int
    feeds_retired: int


def figures(session: Session, now: datetime) -> Figures:
    """Count. What is done with is not counted: of that there is more every day."""
    unsettled = [DeliveryState.DRAFT, DeliveryState.PENDING, DeliveryState.CLAIMED, *PARKED]
    states = select(DeliveryRow.state, func.count()).where(col(DeliveryRow.state).in_(unsettled))
    due = (
        select(func.min(DeliveryRow.due_at))
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            col(DeliveryRow.state) == DeliveryState.PENDING,
            col(DeliveryRow.due_at) <= now,
            col(ChatRow.unreachable).is_(None),
        )
    )
    return Figures(
        items=_count(session, ItemRow),
        inbox=_count(session, InboxRow),
        chats=_count(session, ChatRow),
        unreachable=_count(session, ChatRow, col(ChatRow.unreachable).is_not(None)),
        deliveries={
            str(state): number
            for state, number in session.exec(states.group_by(DeliveryRow.state)).all()
        },
        doubtful=_count(
            session,
            DeliveryRow,
            col(DeliveryRow.state).in_(unsettled),
            col(DeliveryRow.maybe_sent).is_(True),
        ),
        last_change=_last_change(session),
        waiting_since=session.exec(due).one(),
        feeds=_feeds(session, col(SourceRow.retired).is_(False)),
        feeds_due=_feeds(
            session, col(SourceRow.retired).is_(False), col(SourceRow.next_due_at) <= now
        ),
        feeds_failing=_feeds(
            session, col(SourceRow.retired).is_(False), col(SourceRow.failures) > 0
        ),
        feeds_retired=_feeds(session, col(SourceRow.retired).is_(True)),
    )


def _last_change(session: Session) -> datetime | None:
    newest = select(ItemRow.ingested_at).order_by(col(ItemRow.seq).desc()).limit(1)
    latest = select(func.max(ChatRow.created_at))
    times = (session.exec(newest).first(), session.exec(latest).first())
    return max((time for time in times if time is not None), default=None)


def _feeds(session: Session, *where: ColumnElement[bool]) -> int:
    return _count(session, SourceRow, col(SourceRow.kind) == SourceKind.FEED, *where)


def _count(session: Session, table: type, *where: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()
