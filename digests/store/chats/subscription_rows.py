"""The rows of subscriptions: who follows what, and what is due to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from digests.store.chats.chat_rows import awake, chat_of
from digests.store.chats.merged_rows import remembered
from digests.store.merges import group
from digests.tables import ChatRow, SubscriptionRow, row_id
from digests.types import Chat, DeliveryMode, Subscription, Target, TargetKind


def subscribe(
    session: Session,
    chat_id: int,
    thread: int,
    target: Target,
    delivery: DeliveryMode,
    *,
    mark: int,
    next_due_at: datetime | None,
    now: datetime,
) -> tuple[Subscription, bool]:
    """Follow a target, or change how it is delivered; the flag tells whether it is new."""
    row = session.exec(
        select(SubscriptionRow).where(
            SubscriptionRow.chat_id == chat_id,
            SubscriptionRow.thread == thread,
            SubscriptionRow.target_kind == target.kind,
            SubscriptionRow.target_id == target.id,
        )
    ).first()
    new = row is None
    if row is None:
        row = SubscriptionRow(
            chat_id=chat_id,
            thread=thread,
            target_kind=target.kind,
            target_id=target.id,
            delivery=delivery,
            digest_mark=mark,
            alert_mark=mark,
            next_due_at=next_due_at,
            created_at=now,
        )
    elif DeliveryMode(row.delivery) is not delivery:
        # What was not delivered this way so far starts now: no flood of what is long known.
        if row.delivery == DeliveryMode.DIGEST:
            row.alert_mark = mark
        if row.delivery == DeliveryMode.ALERT:
            row.digest_mark = mark
        row.delivery = delivery
        row.next_due_at = next_due_at
    session.add(row)
    session.flush()
    return _subscription(row), new


def unsubscribe(session: Session, subscription_id: int) -> None:
    """End a subscription, and with it those that it took over when actors were merged."""
    row = session.get(SubscriptionRow, subscription_id)
    if row is None:
        return
    if row.target_kind == TargetKind.ACTOR:
        for one in session.exec(remembered(group(session, row.target_id), row)).all():
            session.delete(one)
    session.delete(row)
    session.flush()


def subscriptions(session: Session, chat_id: int, thread: int | None = None) -> list[Subscription]:
    """What a chat follows (in one thread, or in all), oldest first."""
    query = (
        select(SubscriptionRow)
        .where(SubscriptionRow.chat_id == chat_id)
        .order_by(col(SubscriptionRow.id))
    )
    if thread is not None:
        query = query.where(SubscriptionRow.thread == thread)
    return [_subscription(row) for row in session.exec(query)]


def subscription(session: Session, subscription_id: int) -> Subscription | None:
    """A subscription by its number."""
    row = session.get(SubscriptionRow, subscription_id)
    return _subscription(row) if row else None


def expected_names(session: Session) -> list[str]:
    """The names of actors to be that somebody follows."""
    query = select(SubscriptionRow.target_id).where(SubscriptionRow.target_kind == TargetKind.NAME)
    return sorted(set(session.exec(query)))


def all_subscriptions(
    session: Session, chat_ids: Collection[int]
) -> dict[tuple[int, int], list[Subscription]]:
    """What some chats follow, by chat and thread, oldest first."""
    query = select(SubscriptionRow).where(col(SubscriptionRow.chat_id).in_(sorted(chat_ids)))
    found: dict[tuple[int, int], list[Subscription]] = {}
    for row in session.exec(query.order_by(col(SubscriptionRow.id))):
        found.setdefault((row.chat_id, row.thread), []).append(_subscription(row))
    return found


def update_subscriptions(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    """Set columns of subscriptions, named by their ``id``; of all of them the same columns."""
    if changes:
        session.execute(update(SubscriptionRow), changes)


def update_subscription(session: Session, subscription_id: int, **changes: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a subscription (``next_due_at``, ``digest_mark``, ``alert_mark`` …)."""
    row = session.get_one(SubscriptionRow, subscription_id)
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)


def due_chats(session: Session, now: datetime, limit: int = 500) -> list[tuple[int, int]]:
    """Chats and threads with a digest due by ``now``, longest due first."""
    due = func.min(SubscriptionRow.next_due_at)
    rows = session.exec(
        select(SubscriptionRow.chat_id, SubscriptionRow.thread)
        .join(ChatRow, col(ChatRow.id) == col(SubscriptionRow.chat_id))
        .where(col(SubscriptionRow.next_due_at) <= now, awake(now))
        .group_by(col(SubscriptionRow.chat_id), col(SubscriptionRow.thread))
        .order_by(due)
        .limit(limit)
    )
    return [(chat_id, thread) for chat_id, thread in rows]


def due_after(
    session: Session, latest: datetime, limit: int = 500
) -> list[tuple[Subscription, Chat]]:
    """Subscriptions whose next digest is due after a moment, with their chats."""
    rows = session.exec(
        select(SubscriptionRow, ChatRow)
        .join(ChatRow, col(ChatRow.id) == col(SubscriptionRow.chat_id))
        .where(col(SubscriptionRow.next_due_at) > latest)
        .limit(limit)
    )
    return [(_subscription(one), chat_of(chat)) for one, chat in rows]


def alerting_chats(session: Session, newest_seq: int, now: datetime) -> list[tuple[int, int]]:
    """Chats and threads with an alert subscription that has not seen the newest items yet."""
    rows = session.exec(
        select(SubscriptionRow.chat_id, SubscriptionRow.thread)
        .join(ChatRow, col(ChatRow.id) == col(SubscriptionRow.chat_id))
        .where(
            col(SubscriptionRow.delivery) != DeliveryMode.DIGEST,
            col(SubscriptionRow.alert_mark) < newest_seq,
            awake(now),
        )
        .distinct()
    )
    return [(chat_id, thread) for chat_id, thread in rows]


def followers(
    session: Session,
    target: Target,
    *,
    awake_at: datetime | None = None,
    alerted: bool = False,
) -> list[tuple[Chat, int]]:
    """Who follows a target: chats with the thread that does, oldest subscription first.

    Only chats that may be told something at a moment (``awake_at``), or that get alerts
    (``alerted``), where that is asked for.
    """
    query = (
        select(ChatRow, SubscriptionRow.thread)
        .join(SubscriptionRow, col(SubscriptionRow.chat_id) == col(ChatRow.id))
        .where(SubscriptionRow.target_kind == target.kind, SubscriptionRow.target_id == target.id)
        .order_by(col(SubscriptionRow.id))
    )
    if awake_at is not None:
        query = query.where(awake(awake_at))
    if alerted:
        query = query.where(col(SubscriptionRow.delivery) != DeliveryMode.DIGEST)
    rows = session.exec(query)
    return [(chat_of(row), thread) for row, thread in rows]


def move_followers(session: Session, target: Target, to: Target) -> None:
    """Who follows a target follows another instead, and once."""
    moving = select(SubscriptionRow).where(
        SubscriptionRow.target_kind == target.kind, SubscriptionRow.target_id == target.id
    )
    for row in session.exec(moving).all():
        there = select(SubscriptionRow).where(
            SubscriptionRow.chat_id == row.chat_id,
            SubscriptionRow.thread == row.thread,
            SubscriptionRow.target_kind == to.kind,
            SubscriptionRow.target_id == to.id,
        )
        if session.exec(there).first() is None:
            row.target_kind, row.target_id = to.kind, to.id
            session.add(row)
        else:
            session.delete(row)
    session.flush()


def others_follow(session: Session, target: Target, chat_id: int) -> bool:
    """Whether any chat but this one follows a target."""
    found = session.exec(
        select(SubscriptionRow.id).where(
            SubscriptionRow.target_kind == target.kind,
            SubscriptionRow.target_id == target.id,
            SubscriptionRow.chat_id != chat_id,
        )
    )
    return found.first() is not None


def drop_target(session: Session, target: Target) -> None:
    """End all subscriptions to a target."""
    session.exec(
        delete(SubscriptionRow).where(
            col(SubscriptionRow.target_kind) == target.kind,
            col(SubscriptionRow.target_id) == target.id,
        )
    )


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row_id(row.id),
        chat=row.chat_id,
        thread=row.thread,
        target=Target(TargetKind(row.target_kind), row.target_id),
        delivery=DeliveryMode(row.delivery),
        digest_mark=row.digest_mark,
        alert_mark=row.alert_mark,
        schedule=row.schedule,
        next_due_at=row.next_due_at,
        hourly=row.hourly,
    )
