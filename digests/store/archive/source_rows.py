"""Sources: folders and feeds, and the report files that were read already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from digests.tables import FileRow, SourceRow, row_id
from digests.types import Source, SourceKind

_LONGEST_WAIT: Final = timedelta(days=8)  # a server's patience goes up to a week

_REVIVED: Final[dict[str, object]] = {
    "retired": False,
    "taken_in_once": False,
    "failures": 0,
    "failing_since": None,
    "failing_told": False,
    "notice": None,
    "error_code": None,
    "error_params": None,
    "etag": None,
    "last_modified": None,
    "body_digest": None,
}


def add_source(
    session: Session,
    kind: SourceKind,
    location: str,
    *,
    name: str,
    now: datetime,
    language: str | None = None,
    labels: Sequence[str] = (),
    added_by: int | None = None,
) -> Source:
    """The source at ``location``: the one already known, or a new one.

    A retired one revives as if it were new: what it brings first is archive again.
    One that a chat added is the operator's from then on if the operator adds it, too.
    """
    row = session.exec(
        select(SourceRow).where(SourceRow.kind == kind, SourceRow.location == location)
    ).first()
    if row is None:
        row = SourceRow(
            kind=kind,
            location=location,
            name=name,
            language=language,
            labels=list(labels),
            added_at=now,
            operator=added_by is None,
            added_by=added_by,
            next_due_at=now,
        )
        session.add(row)
    elif row.retired:
        for column, value in _REVIVED.items():
            setattr(row, column, value)
        row.next_due_at, row.operator, row.added_by = now, added_by is None, added_by
    elif added_by is None:
        row.operator = True
    session.flush()
    return source_value(row)


def sources(session: Session, kind: SourceKind | None = None) -> list[Source]:
    """All sources that are not retired, oldest first."""
    query = select(SourceRow).where(~col(SourceRow.retired)).order_by(col(SourceRow.id))
    if kind is not None:
        query = query.where(SourceRow.kind == kind)
    return [source_value(row) for row in session.exec(query)]


def source(session: Session, source_id: int) -> Source | None:
    """The source with this id."""
    row = session.get(SourceRow, source_id)
    return source_value(row) if row else None


def due_folders(session: Session, now: datetime) -> list[Source]:
    """The folders to be looked into by ``now``, longest due first."""
    return [source_value(row) for row in due_rows(session, SourceKind.FOLDER, now)]


def due_rows(session: Session, kind: SourceKind, now: datetime) -> Sequence[SourceRow]:
    """The sources of a kind that are due by ``now``, longest due first.

    One that is to wait longer than any was put off by a clock that was set back since: it is due.
    """
    due_at = col(SourceRow.next_due_at)
    return session.exec(
        select(SourceRow)
        .where(
            ~col(SourceRow.retired),
            (due_at <= now) | (due_at > now + _LONGEST_WAIT),
            SourceRow.kind == kind,
        )
        .order_by(col(SourceRow.next_due_at), col(SourceRow.id))
    ).all()


def update_source(session: Session, source_id: int, **changes: object) -> None:
    """Set columns of a source (``etag``, ``next_due_at``, ``failures``, ``name`` …)."""
    row = session.get_one(SourceRow, source_id)
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)


def known_files(session: Session, source_id: int) -> dict[str, str]:
    """Fingerprints of a folder's files as last read, by key."""
    rows = session.exec(select(FileRow).where(FileRow.source_id == source_id))
    return {row.key: row.fingerprint for row in rows}


def note_file(session: Session, source_id: int, key: str, fingerprint: str) -> None:
    """Remember that a file was read as it is."""
    session.merge(FileRow(source_id=source_id, key=key, fingerprint=fingerprint))


def source_value(row: SourceRow) -> Source:
    """A source as a value."""
    error = (row.error_code, row.error_params or {}) if row.error_code else None
    return Source(
        id=row_id(row.id),
        kind=SourceKind(row.kind),
        location=row.location,
        name=row.name,
        language=row.language,
        labels=tuple(row.labels),
        retired=row.retired,
        taken_in_once=row.taken_in_once,
        etag=row.etag,
        last_modified=row.last_modified,
        next_due_at=row.next_due_at,
        last_success_at=row.last_success_at,
        failures=row.failures,
        error=error,
        last_asked_at=row.last_asked_at,
        interval=timedelta(seconds=row.interval) if row.interval is not None else None,
        failing_since=row.failing_since,
        operator=row.operator,
        added_by=row.added_by,
    )
