"""Which items match a target, what they say, and which stories they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import sqlalchemy
from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from digests.actors.merging import under
from digests.store.archive.chunks import IN_CHUNK, chunks
from digests.store.archive.date_rows import Among, tellers, told_dates
from digests.store.archive.item_rows import READING, current, item_value
from digests.store.merges import survivor, survivors
from digests.tables import (
    ItemActorRow,
    ItemKeyRow,
    ItemRow,
    RevisionRow,
    ShownRow,
    SourceRow,
    TopicItemRow,
    row_id,
)
from digests.types import PartialDate, Precision, Published, Report, Span, Target, TargetKind

NEWEST_BY_DATE: Final = (col(ItemRow.published_at).desc().nulls_last(), col(ItemRow.seq).desc())
"""Newest publication first, undated items last."""


def reports(session: Session, item_ids: Sequence[int]) -> list[Report]:
    """Items with their readings, in the order asked for; ids nobody bears are left out."""
    found: dict[int, Report] = {}
    for chunk in chunks(item_ids):
        rows = session.exec(
            select(ItemRow, RevisionRow, SourceRow)
            .join(RevisionRow, current())
            .join(SourceRow, col(SourceRow.id) == col(ItemRow.source_id))
            .where(col(ItemRow.id).in_(chunk))
        )
        for item, revision, origin in rows:
            reading = under(READING.validate_python(revision.reading), survivors(session))
            found[row_id(item.id)] = Report(item_value(item, revision, origin), reading)
    return [found[item_id] for item_id in item_ids if item_id in found]


def wordings(session: Session, item_ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """The id, text and language of items as they stand, in the order asked for."""
    found: dict[int, tuple[int, str, str]] = {}
    for chunk in chunks(item_ids):
        rows = session.exec(
            select(RevisionRow.item_id, RevisionRow.text, RevisionRow.language)
            .join(ItemRow, current())
            .where(col(ItemRow.id).in_(chunk))
        )
        found.update((item, (item, text, language)) for item, text, language in rows)
    return [found[item_id] for item_id in item_ids if item_id in found]


def texts(session: Session, spans: Iterable[Span]) -> dict[Span, str]:
    """The words of spans, each from the revision it names."""
    wanted = list(spans)
    found: dict[tuple[int, int], str] = {}
    for item, revision in {(span.item, span.revision) for span in wanted}:
        row = session.get(RevisionRow, (item, revision))
        if row is not None:
            found[item, revision] = row.text
    return {
        span: found[span.item, span.revision][span.start : span.end]
        for span in wanted
        if (span.item, span.revision) in found
    }


def item_ids(
    session: Session,
    target: Target,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int | None = None,
    news: bool = False,
    also: str | None = None,
    speaking: bool = False,
    unshown_in: tuple[int, int] | None = None,
    among: Collection[int] | None = None,
    newest_by_date: bool = False,
) -> list[int]:
    """The items that a target matches, newest first.

    ``after`` and ``until`` bound the ingest sequence (exclusive, inclusive);
    ``news`` leaves out the archive that a source brought at its first pass;
    ``also`` asks for a second actor in the item; ``speaking`` for items in
    which the target actor says something; ``unshown_in`` (chat, thread) leaves
    out what was sent there; ``among`` all but these items. ``newest_by_date``
    orders by publication (undated last), else by ingest.
    """
    query = _matching(_standing(session, target), speaking=speaking, news=news)
    if after or until is not None:
        window = _between(col(ItemRow.seq), after, until)
        if target.kind is TargetKind.FEED:
            # Another feed may have brought the item long before this one did.
            held = _held_by(target).where(_between(col(ItemKeyRow.seq), after, until))
            window |= col(ItemRow.id).in_(held)
        query = query.where(window)
    if also is not None:
        query = query.where(col(ItemRow.id).in_(naming(session, also)))
    if unshown_in is not None:
        chat, thread = unshown_in
        shown = select(ShownRow.item_id).where(ShownRow.chat_id == chat, ShownRow.thread == thread)
        query = query.where(~col(ItemRow.id).in_(shown))
    if among is not None:
        query = query.where(col(ItemRow.id).in_(sorted(among)))
    if newest_by_date:
        query = query.order_by(*NEWEST_BY_DATE)
    else:
        query = query.order_by(col(ItemRow.seq).desc())
    if limit is not None:
        query = query.limit(limit)
    return list(session.execute(query).scalars())


def telling(
    session: Session,
    target: Target,
    *,
    also: str | None = None,
    since: PartialDate | None = None,
    until: PartialDate | None = None,
    dates: int,
    limit: int,
) -> tuple[list[int], dict[PartialDate, int]]:
    """Up to ``limit`` items that tell of the ``dates`` told of most, and how many do in all.

    Of the items that a target matches; of an actor's or a topic's those that name ``also``
    too. ``since`` and ``until`` bound the dates. However many items match, few are given for
    each date.
    """
    target = _standing(session, target)
    among: Among = _matching(target)
    if target.kind in (TargetKind.ACTOR, TargetKind.TOPIC):
        among = naming(session, also) if also is not None else None
    told = told_dates(session, target, among, since=since, until=until, limit=dates)
    each = max(1, limit // max(1, len(told)))
    return tellers(session, target, among, dates=list(told), each=each)[:limit], told


def count_matching(
    session: Session, target: Target
) -> tuple[int, PartialDate | None, PartialDate | None]:
    """How many items match a target, and the first and last date of publication among them."""
    matching = _matching(_standing(session, target))
    ends = matching.with_only_columns(
        func.count(),
        func.min(col(ItemRow.published_at)),
        func.max(col(ItemRow.published_at)),
    )
    count, *bounds = session.execute(ends).one()
    # These two columns alone: whole revisions would go through the sorting of thousands.
    first, last = (
        session.exec(
            select(RevisionRow.published_at, RevisionRow.published_precision)
            .join(ItemRow, current())
            .where(col(ItemRow.id).in_(matching), col(ItemRow.published_at) == bound)
            .order_by(col(ItemRow.id))
            .limit(1)
        ).first()
        if bound
        else None
        for bound in bounds
    )
    return count, _date(first), _date(last)


def publication_dates(
    session: Session, target: Target, *, also: str | None = None
) -> Counter[PartialDate | None]:
    """When the items were published that a target matches, and that name ``also`` too.

    For each date how many, None for undated ones.
    """
    matching = _matching(_standing(session, target))
    if also is not None:
        matching = matching.where(col(ItemRow.id).in_(naming(session, also)))
    return _dates(session, col(ItemRow.id).in_(matching))


def dates_of(session: Session, item_ids: Sequence[int]) -> Counter[PartialDate | None]:
    """When items were published: for each date how many, None for undated ones."""
    found: Counter[PartialDate | None] = Counter()
    for chunk in chunks(item_ids):
        found += _dates(session, col(ItemRow.id).in_(chunk))
    return found


def _dates(session: Session, which: ColumnElement[bool]) -> Counter[PartialDate | None]:
    day, precision = func.date(col(RevisionRow.published_at)), col(RevisionRow.published_precision)
    rows = session.execute(
        sqlalchemy.select(day, precision, func.count())
        .join(ItemRow, current())
        .where(which)
        .group_by(day, precision)
    )
    found: Counter[PartialDate | None] = Counter()
    for at, exact, number in rows:
        moment = datetime.fromisoformat(str(at)).replace(tzinfo=UTC) if at else None
        found[Published(moment, Precision(exact)).date] += number
    return found


def naming(session: Session, actor_id: str) -> SelectOfScalar[int]:
    """The items that name an actor."""
    return select(ItemActorRow.item_id).where(ItemActorRow.actor_id == survivor(session, actor_id))


def _date(row: tuple[datetime | None, str] | None) -> PartialDate | None:
    return Published(row[0], Precision(row[1])).date if row else None


def story_items(session: Session, story_ids: Sequence[int]) -> dict[int, list[int]]:
    """The items of stories, in order of ingest."""
    found: dict[int, list[int]] = {story: [] for story in story_ids}
    for chunk in chunks(story_ids):
        rows = session.exec(
            select(ItemRow.story_id, ItemRow.id)
            .where(col(ItemRow.story_id).in_(chunk))
            .order_by(col(ItemRow.id))
        )
        for story, item in rows:
            found[row_id(story)].append(row_id(item))
    return found


def story_candidates(
    session: Session,
    actor_ids: Sequence[str],
    language: str,
    around: tuple[datetime, datetime] | None,
    *,
    limit: int,
    leave_out: int,
) -> list[tuple[int, str]]:
    """Stories and signatures of recent items that share an actor and lie near in time.

    ``around`` bounds the publication dates (undated items always qualify);
    ``leave_out`` is the item that looks for its story.
    """
    sharing = (
        select(ItemActorRow.item_id)
        .where(col(ItemActorRow.actor_id).in_(actor_ids[:IN_CHUNK]))
        .distinct()
    )
    # By date, or the newest first: thousands may share an actor. An expression keeps SQLite
    # from going through those one by one.
    item_id = col(ItemRow.id) + 0
    query = (
        select(ItemRow.story_id, RevisionRow.signature)
        .join(RevisionRow, current())
        .where(
            col(ItemRow.story_id).is_not(None),
            ItemRow.id != leave_out,
            RevisionRow.language == language,
            item_id.in_(sharing),
        )
        .order_by(col(ItemRow.id).desc())
        .limit(limit)
    )
    if around is not None:
        start, end = around
        query = query.where(
            col(ItemRow.published_at).is_(None) | col(ItemRow.published_at).between(start, end)
        )
    return [(row_id(story), signature) for story, signature in session.exec(query)]


def _standing(session: Session, target: Target) -> Target:
    """The target that stands for one: of an absorbed actor its survivor."""
    if target.kind is not TargetKind.ACTOR:
        return target
    return Target(target.kind, survivor(session, target.id))


def _between(seq: Mapped[int], after: int, until: int | None) -> ColumnElement[bool]:
    return seq > after if until is None else (seq > after) & (seq <= until)


def _held_by(target: Target) -> Select[int]:
    """The items that a feed holds; one may be another's own."""
    return sqlalchemy.select(col(ItemKeyRow.item_id)).where(
        col(ItemKeyRow.source_id) == int(target.id)
    )


def _matching(target: Target, *, speaking: bool = False, news: bool = False) -> Select[int | None]:
    query = sqlalchemy.select(col(ItemRow.id))
    if news and target.kind is not TargetKind.FEED:
        query = query.where(~col(ItemRow.backlog))
    match target.kind:
        case TargetKind.ACTOR:
            query = query.join(ItemActorRow, col(ItemActorRow.item_id) == col(ItemRow.id)).where(
                col(ItemActorRow.actor_id) == target.id
            )
            if speaking:
                query = query.where(col(ItemActorRow.statements) > 0)
        case TargetKind.TOPIC:
            query = query.join(TopicItemRow, col(TopicItemRow.item_id) == col(ItemRow.id)).where(
                col(TopicItemRow.topic_id) == target.id
            )
        case TargetKind.FEED:
            holding = _held_by(target)
            if news:  # what is archive in one feed may be news in another
                holding = holding.where(~col(ItemKeyRow.backlog))
            query = query.where(col(ItemRow.id).in_(holding))
        case TargetKind.EVERYTHING:
            pass
        case TargetKind.NAME:
            query = query.where(sqlalchemy.false())
    return query
