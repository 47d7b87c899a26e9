"""Which items a search is limited to: by who is named, where they stand, when they appeared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

import sqlalchemy
from sqlalchemy import ColumnElement, Select, func
from sqlmodel import Session, col, select

from digests.store.archive.item_rows import current
from digests.store.archive.questions import NEWEST_BY_DATE, naming
from digests.tables import ItemKeyRow, ItemRow, RevisionRow, SourceRow, row_id
from digests.types import PartialDate, SourceKind
from digests.words import fold


@dataclass(frozen=True, slots=True)
class Filter:
    """What items must have: all of ``actors`` (ids), a source, a date of publication.

    ``source`` is part of the name of an outlet, feed or report file, or of the feed's host.
    Dates bound the publication, both included, as far as their precision tells; an item
    without a date lies in no window. ``public`` ones stand in a source of the operator's:
    what only a chat's own feed holds is nobody else's business.
    """

    actors: tuple[str, ...] = ()
    source: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    public: bool = False

    def __bool__(self) -> bool:
        return bool(self.actors or self.source or self.since or self.until or self.public)


def filtered(session: Session, wanted: Filter) -> Select[int | None]:
    """The ids of the items that ``wanted`` lets through, as a query."""
    query = sqlalchemy.select(col(ItemRow.id))
    for actor in wanted.actors:
        query = query.where(col(ItemRow.id).in_(naming(session, actor)))
    if wanted.source:
        query = query.join(RevisionRow, current()).where(_stands_in(session, wanted.source))
    if wanted.since:
        query = query.where(col(ItemRow.published_at) >= _at(wanted.since.first_day, time.min))
    if wanted.until:
        query = query.where(col(ItemRow.published_at) <= _at(wanted.until.last_day, time.max))
    if wanted.public:
        query = query.where(_is_public())
    return query


def count_filtered(session: Session, wanted: Filter) -> int:
    """How many items ``wanted`` lets through."""
    query = select(func.count()).select_from(filtered(session, wanted).subquery())
    return session.exec(query).one()


def newest_filtered(session: Session, wanted: Filter, limit: int) -> list[int]:
    """The newest items by publication (undated last) that ``wanted`` lets through."""
    query = filtered(session, wanted).order_by(*NEWEST_BY_DATE).limit(limit)
    return [row_id(found) for found in session.execute(query).scalars()]


def _is_public() -> ColumnElement[bool]:
    own = sqlalchemy.select(col(SourceRow.id)).where(col(SourceRow.operator))
    held = sqlalchemy.select(col(ItemKeyRow.item_id)).where(col(ItemKeyRow.source_id).in_(own))
    return col(ItemRow.source_id).in_(own) | col(ItemRow.id).in_(held)


def _stands_in(session: Session, source: str) -> ColumnElement[bool]:
    part = fold(source)
    outlets = _holding(part, session.exec(select(RevisionRow.outlet).distinct()).all())
    sources = session.exec(select(SourceRow)).all()
    feeds = [
        one.id
        for one in sources
        if one.kind != SourceKind.FOLDER
        and (part in fold(one.name) or part in (urlsplit(one.location).hostname or ""))
    ]
    folders = [one.id for one in sources if one.kind == SourceKind.FOLDER]
    # An item is cited by its outlet, else its feed's name, or in a folder the file's.
    file = func.lower(col(ItemRow.key)).contains(part, autoescape=True)
    return (
        col(RevisionRow.outlet).in_(outlets)
        | col(ItemRow.source_id).in_(feeds)
        | (col(RevisionRow.outlet).is_(None) & col(ItemRow.source_id).in_(folders) & file)
    )


def _holding(part: str, names: Sequence[str | None]) -> list[str]:
    return [name for name in names if name and part in fold(name)]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, UTC)
