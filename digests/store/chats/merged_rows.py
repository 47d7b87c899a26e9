"""What becomes of subscriptions where actors are merged, and split again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from digests.tables import MergedSubscriptionRow, SubscriptionRow
from digests.types import DeliveryMode, TargetKind


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
    for one in session.exec(remembered(groups[0])).all():
        places.setdefault((one.chat_id, one.thread), []).append(one)
    for gone in places.values():
        row = session.exec(_following(standing, gone[0])).first()
        stay = list(session.exec(remembered(groups[1], gone[0])).all())
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


def remembered(
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
    if session.exec(remembered(group, row)).first() is None:
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
