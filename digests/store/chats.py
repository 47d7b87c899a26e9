"""Chats and what they follow. Every function takes the session of a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy
from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from digests.store import belongings
from digests.store.merges import group, survivor
from digests.tables import (
    ChatRow,
    MergedSubscriptionRow,
    SubscriptionRow,
    row_id,
)
from digests.types import Chat, DeliveryMode, Subscription, Target, TargetKind

_CHAT_COLUMNS: Final = frozenset(
    {
        "address",
        "language",
        "zone",
        "schedule",
        "quiet",
        "paused",
        "paused_until",
        "unreachable",
        "silent",
        "muted",
        "previews",
        "dark",
        "asked",
        "everyone",
    }
)


def chat_at(session: Session, address: str) -> Chat | None:
    """The chat at an address; None for one never seen."""
    row = session.exec(select(ChatRow).where(ChatRow.address == address)).first()
    return _chat(row) if row else None


def chat(session: Session, chat_id: int) -> Chat:
    """The chat with this id. Raises sqlalchemy's NoResultFound if there is none."""
    return _chat(session.get_one(ChatRow, chat_id))


def chats(session: Session, chat_ids: Collection[int]) -> list[Chat]:
    """The chats with these ids; those that are gone are left out."""
    rows = session.exec(select(ChatRow).where(col(ChatRow.id).in_(sorted(chat_ids))))
    return [_chat(row) for row in rows]


def add_chat(
    session: Session, address: str, *, language: str, zone: str, schedule: str, now: datetime
) -> Chat:
    """The chat at an address: the one already known, or a new one with these settings."""
    found = chat_at(session, address)
    if found is not None:
        return found
    row = ChatRow(address=address, language=language, zone=zone, schedule=schedule, created_at=now)
    session.add(row)
    session.flush()
    return _chat(row)


def update_chat(session: Session, chat_id: int, **changes: object) -> Chat:
    """Change settings of a chat, named as the fields of :class:`digests.types.Chat`."""
    row = session.get_one(ChatRow, chat_id)
    for name, value in changes.items():
        if name not in _CHAT_COLUMNS:
            raise AttributeError(name)
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return _chat(row)


def move_chat(session: Session, old_address: str, new_address: str) -> None:
    """A group became a supergroup: its chat keeps everything under the new address.

    Where the new address has a chat already (its update came first), all that
    is that one's joins the old one's, and it goes. The chat can be reached again.
    """
    old = session.exec(select(ChatRow).where(ChatRow.address == old_address)).first()
    if old is None or old_address == new_address:
        return
    new = session.exec(select(ChatRow).where(ChatRow.address == new_address)).first()
    if new is not None:
        _take_over(session, row_id(new.id), row_id(old.id))
        session.delete(new)
        session.flush()
    old.address = new_address
    old.unreachable = None
    session.add(old)
    session.flush()


def _take_over(session: Session, source: int, into: int) -> None:
    """All that is one chat's becomes another's; where both have the same, that one's stays."""
    new = _followed(session, source) - _followed(session, into)
    actors = {(thread, target) for thread, _, target in new}
    for one in session.exec(
        select(MergedSubscriptionRow).where(MergedSubscriptionRow.chat_id == source)
    ):
        # How an actor was followed before a merge goes with the subscription that it led to.
        if (one.thread, survivor(session, one.actor_id)) not in actors:
            session.delete(one)
    session.flush()
    belongings.hand_over(session, source, into)


def _followed(session: Session, chat_id: int) -> set[tuple[int, str, str]]:
    """What a chat follows: thread, kind and id of each target."""
    query = sqlalchemy.select(
        col(SubscriptionRow.thread),
        col(SubscriptionRow.target_kind),
        col(SubscriptionRow.target_id),
    ).where(col(SubscriptionRow.chat_id) == chat_id)
    return {(thread, kind, target) for thread, kind, target in session.execute(query)}


def pause_unreachable(session: Session, chat_id: int, reason: str) -> None:
    """A chat refuses messages: nothing is composed for it or sent to it until it is back."""
    session.exec(update(ChatRow).where(col(ChatRow.id) == chat_id).values(unreachable=reason))


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
        for one in session.exec(_remembered(group(session, row.target_id), row)).all():
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


def rested(session: Session, now: datetime) -> list[int]:
    """Chats whose pause ends by ``now``, and which can be reached."""
    query = select(ChatRow.id).where(
        col(ChatRow.paused),
        col(ChatRow.paused_until) <= now,
        col(ChatRow.unreachable).is_(None),
    )
    return [row_id(found) for found in session.exec(query)]


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
    return [(_subscription(one), _chat(chat)) for one, chat in rows]


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
    return [(_chat(row), thread) for row, thread in rows]


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


def join_actors(
    session: Session, absorbed: str, into: str, groups: tuple[Collection[str], Collection[str]]
) -> None:
    """Who followed an absorbed actor follows the one it was merged into, and once.

    Where a chat followed both, it is told of them in both ways from now on, by
    the smaller of each way's marks: what was pending for one stays so. What was sent
    for the other is known by what was shown. ``groups`` are the two actors, each
    with all that it had absorbed before.
    """
    for row in session.exec(_following(absorbed)).all():
        other = session.exec(_following(into, row)).first()
        _remember(session, row, groups[0])
        if other is None:
            row.target_id = into
            session.add(row)
        else:
            _remember(session, other, groups[1])
            session.delete(row)
            _join(other, row)
            session.add(other)
    session.flush()


def part_actors(
    session: Session, absorbed: str, standing: str, groups: tuple[Collection[str], Collection[str]]
) -> None:
    """Who followed an actor before it was merged follows it again.

    ``standing`` is who stands for it still; a chat keeps that one if it
    followed it too, or another it stands for. ``groups`` are the ids that go
    with the absorbed one, and those that stay.
    """
    places: dict[tuple[int, int], list[MergedSubscriptionRow]] = {}
    for one in session.exec(_remembered(groups[0])).all():
        places.setdefault((one.chat_id, one.thread), []).append(one)
    for gone in places.values():
        row = session.exec(_following(standing, gone[0])).first()
        stay = list(session.exec(_remembered(groups[1], gone[0])).all())
        if row is not None and stay:
            # Where a chat chose another way of delivery since, it did so for both.
            chosen = row.delivery != _ways(gone + stay)
            parted = _copy(row, absorbed)
            for part, ways in ((parted, gone), (row, stay)):
                part.delivery = part.delivery if chosen else _ways(ways)
                if part.delivery == DeliveryMode.ALERT:
                    part.next_due_at = None
                session.add(part)
        elif row is not None:
            row.target_id = absorbed
            session.add(row)
    session.flush()
    for ids in groups:
        if len(ids) == 1:  # stands for itself alone again: its subscriptions say all
            session.exec(
                delete(MergedSubscriptionRow).where(col(MergedSubscriptionRow.actor_id).in_(ids))
            )


def _following(
    actor_id: str, where: SubscriptionRow | MergedSubscriptionRow | None = None
) -> SelectOfScalar[SubscriptionRow]:
    """The subscriptions to an actor: all, or those of one chat and thread."""
    query = select(SubscriptionRow).where(
        SubscriptionRow.target_kind == TargetKind.ACTOR, SubscriptionRow.target_id == actor_id
    )
    if where is None:
        return query
    return query.where(
        SubscriptionRow.chat_id == where.chat_id, SubscriptionRow.thread == where.thread
    )


def _remembered(
    actor_ids: Collection[str], where: SubscriptionRow | MergedSubscriptionRow | None = None
) -> SelectOfScalar[MergedSubscriptionRow]:
    """How actors of a group were followed before they were merged."""
    query = select(MergedSubscriptionRow).where(
        col(MergedSubscriptionRow.actor_id).in_(sorted(actor_ids))
    )
    if where is None:
        return query
    return query.where(
        MergedSubscriptionRow.chat_id == where.chat_id,
        MergedSubscriptionRow.thread == where.thread,
    )


def _remember(session: Session, row: SubscriptionRow, group: Collection[str]) -> None:
    """Keep how an actor is followed, unless it is known of those that it stands for."""
    if session.exec(_remembered(group, row)).first() is None:
        session.add(
            MergedSubscriptionRow(
                actor_id=row.target_id,
                chat_id=row.chat_id,
                thread=row.thread,
                delivery=row.delivery,
            )
        )
        session.flush()


def _join(row: SubscriptionRow, other: SubscriptionRow) -> None:
    """Let one subscription deliver what two did."""
    # A mark says something only where that way was delivered.
    digests = [one.digest_mark for one in (row, other) if one.delivery != DeliveryMode.ALERT]
    alerts = [one.alert_mark for one in (row, other) if one.delivery != DeliveryMode.DIGEST]
    row.digest_mark = min(digests or (row.digest_mark, other.digest_mark))
    row.alert_mark = min(alerts or (row.alert_mark, other.alert_mark))
    row.delivery = row.delivery if row.delivery == other.delivery else DeliveryMode.BOTH
    row.schedule = row.schedule or other.schedule
    row.hourly = row.hourly and other.hourly
    due = [one for one in (row.next_due_at, other.next_due_at) if one is not None]
    row.next_due_at = min(due) if due else None


def _copy(row: SubscriptionRow, actor_id: str) -> SubscriptionRow:
    """The same subscription to another actor."""
    return SubscriptionRow(**row.model_dump(exclude={"id", "target_id"}), target_id=actor_id)


def _ways(rows: Iterable[MergedSubscriptionRow]) -> str:
    """The way of delivery that covers all of them."""
    ways = {row.delivery for row in rows}
    return ways.pop() if len(ways) == 1 else DeliveryMode.BOTH


def drop_target(session: Session, target: Target) -> None:
    """End all subscriptions to a target."""
    session.exec(
        delete(SubscriptionRow).where(
            col(SubscriptionRow.target_kind) == target.kind,
            col(SubscriptionRow.target_id) == target.id,
        )
    )


def awake(now: datetime) -> ColumnElement[bool]:
    """That a chat may be told something: it can be reached, and is not paused."""
    up = ~col(ChatRow.paused) | (col(ChatRow.paused_until) <= now)
    return col(ChatRow.unreachable).is_(None) & up


def _chat(row: ChatRow) -> Chat:
    return Chat(
        id=row_id(row.id),
        address=row.address,
        language=row.language,
        zone=row.zone,
        schedule=row.schedule,
        quiet=row.quiet,
        paused=row.paused,
        paused_until=row.paused_until,
        unreachable=row.unreachable,
        silent=row.silent,
        muted=row.muted,
        previews=row.previews,
        dark=row.dark,
        asked=row.asked,
        everyone=row.everyone,
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
