"""Which dates items tell of: which of them say most about the dates told of most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy
from sqlalchemy import ColumnElement, Select, delete, func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from digests.tables import ItemActorRow, ItemDateRow, TopicItemRow
from digests.types import PartialDate, Published, Reading, Target, TargetKind

_OFTEN: Final = 5  # mentions of an actor from which on a report counts no more

Among: TypeAlias = SelectOfScalar[int] | Select[int | None] | None
"""A question that gives items, or None."""


def write_dates(session: Session, item_id: int, published: Published, reading: Reading) -> None:
    """Note the dates that an item tells of, and that of its publication, instead of others."""
    drop_dates(session, item_id)
    dates = dates_in(reading, published)
    session.add_all(ItemDateRow(item_id=item_id, date=date) for date in dates)


def dates_in(reading: Reading, published: Published) -> list[str]:
    """The dates that are noted of an item, in order of time."""
    dates = {event.date for event in reading.events}
    if published.date is not None and published.date.month:
        dates.add(published.date)
    return [str(date) for date in sorted(dates)]


def drop_dates(session: Session, item_id: int) -> None:
    """Forget the dates that an item tells of."""
    session.exec(delete(ItemDateRow).where(col(ItemDateRow.item_id) == item_id))


def told_dates(
    session: Session,
    target: Target,
    among: Among = None,
    *,
    since: PartialDate | None = None,
    until: PartialDate | None = None,
    limit: int,
) -> dict[PartialDate, int]:
    """The dates that most of a target's items tell of, with how many do, most first.

    Of an actor or a topic, as far as they are ``among`` some items; of another target ``among``
    are its items. Those that name an actor often count more. ``since`` and ``until`` bound the
    dates as far as their precision tells.
    """
    query = (
        _dated(target, among, func.count())
        .where(_within(since, until))
        .group_by(col(ItemDateRow.date))
        .order_by(_weight(target).desc(), col(ItemDateRow.date))
        .limit(limit)
    )
    return {PartialDate.parse(date): count for date, count in session.execute(query)}


def tellers(
    session: Session,
    target: Target,
    among: Among = None,
    *,
    dates: Sequence[PartialDate],
    each: int,
) -> list[int]:
    """Of a target's items, as of :func:`told_dates`, up to ``each`` for each date, in its order.

    Those that name an actor most come first, then the newest.
    """
    order = [col(ItemDateRow.item_id).desc()]
    if target.kind is TargetKind.ACTOR:
        order.insert(0, col(ItemActorRow.mentions).desc())
    place = func.row_number().over(partition_by=col(ItemDateRow.date), order_by=order)
    ranked = _dated(target, among, col(ItemDateRow.item_id), place.label("place"))
    ranked = ranked.where(col(ItemDateRow.date).in_([str(date) for date in dates]))
    found = ranked.subquery()
    rows = session.execute(
        sqlalchemy.select(found.c.date, found.c.item_id).where(found.c.place <= each)
    )
    rank = {str(date): number for number, date in enumerate(dates)}
    return list(dict.fromkeys(item for _, item in sorted(rows, key=lambda row: rank[row[0]])))


def _dated(target: Target, among: Among, *columns: ColumnElement[int] | Mapped[int]) -> Select[Any]:
    """The dates of items with other columns: from the items of a target on, not all there are."""
    item = col(ItemDateRow.item_id)
    query = sqlalchemy.select(col(ItemDateRow.date)).add_columns(*columns)
    if target.kind is TargetKind.ACTOR:
        here = (col(ItemActorRow.item_id) == item) & (col(ItemActorRow.actor_id) == target.id)
        query = query.join(ItemActorRow, here)
    elif target.kind is TargetKind.TOPIC:
        here = (col(TopicItemRow.item_id) == item) & (col(TopicItemRow.topic_id) == target.id)
        query = query.join(TopicItemRow, here)
    return query if among is None else query.where(item.in_(among))


def _weight(target: Target) -> ColumnElement[int]:
    if target.kind is not TargetKind.ACTOR:
        return func.count()
    often = col(ItemActorRow.mentions)
    return func.sum(sqlalchemy.case((often > _OFTEN, _OFTEN), else_=often))


def _within(since: PartialDate | None, until: PartialDate | None) -> ColumnElement[bool]:
    """The condition that a period touches a window: '2014' lies in what begins in March 2014."""
    date = col(ItemDateRow.date)
    found: ColumnElement[bool] = sqlalchemy.true()
    if since is not None:
        coarser = [str(since)[:length] for length in (4, 7) if length < len(str(since))]
        found &= (date >= str(since)) | date.in_(coarser)
    if until is not None:
        found &= (date < str(until)) | date.startswith(str(until))
    return found
