"""The inbox: entries of feeds that were fetched and are still to be read.

What is fetched is written here in the transaction that notes the feed's state,
and taken out in the one that writes the items: a process killed at any
moment loses nothing. Every function takes the session of a transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, update
from sqlmodel import Session, col, select

from digests.store.archive.chunks import chunks
from digests.store.archive.source_rows import source_value
from digests.tables import InboxRow, ItemKeyRow, SourceRow, row_id
from digests.types import Draft, Precision, Published, Source

_PAGES_WAIT: Final = timedelta(minutes=30)
"""How long reading waits for an entry's page; then the teaser is read as it is."""
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to be queued; see :class:`digests.tables.InboxRow`. ``digest`` is of its content."""

    draft: Draft
    digest: str
    canonical: str | None = None
    first_pass: bool = False
    backlog: bool = False
    page_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """An entry that waits, under its number."""

    id: int
    source: Source
    entry: Entry


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an entry: the digest of what it said last; if it waits, as what."""

    digest: str
    waiting: bool = False
    first_pass: bool = False
    backlog: bool = False


def entry_digest(draft: Draft) -> str:
    """A digest of what an entry says: text, title, language.

    Not of its date and link, which some feeds make anew with every answer.
    """
    parts = f"{draft.title_end}\x1f{draft.language or ''}\x1f{draft.text}"
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# Made once: a pass over thousands of feeds asks this for each.
_READ: Final = select(ItemKeyRow.key, ItemKeyRow.digest).where(
    ItemKeyRow.source_id == bindparam("which"),
    col(ItemKeyRow.key).in_(bindparam("keys", expanding=True)),
)
_WAITING: Final = select(
    InboxRow.key, InboxRow.digest, InboxRow.first_pass, InboxRow.backlog
).where(
    InboxRow.source_id == bindparam("which"),
    col(InboxRow.key).in_(bindparam("keys", expanding=True)),
)


def known(session: Session, source_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """What is known of a feed's entries, read or waiting, by key."""
    found: dict[str, Known] = {}
    connection = session.connection()
    for chunk in chunks(keys):
        asked = {"which": source_id, "keys": list(chunk)}
        for key, digest in connection.execute(_READ, asked):
            found[key] = Known(digest)
        for key, digest, first_pass, backlog in connection.execute(_WAITING, asked):
            found[key] = Known(digest, waiting=True, first_pass=first_pass, backlog=backlog)
    return found


def queue(
    session: Session,
    now: datetime,
    entries: Sequence[tuple[int, Entry]],
    stale: Iterable[tuple[int, str]] = (),
) -> None:
    """Let entries (source id, entry) wait to be read; ``stale`` ones (source id, key) make room."""
    connection = session.connection()
    gone = [{"which": source_id, "entry_key": key} for source_id, key in stale]
    if gone:
        connection.execute(
            delete(InboxRow).where(
                col(InboxRow.source_id) == bindparam("which"),
                col(InboxRow.key) == bindparam("entry_key"),
            ),
            gone,
        )
    if entries:
        rows = [_row(source_id, entry, now) for source_id, entry in entries]
        connection.execute(insert(InboxRow), rows)


def count_waiting(session: Session, now: datetime) -> int:
    """How many entries can be read now."""
    return session.exec(select(func.count()).select_from(InboxRow).where(*_readable(now))).one()


def waiting(
    session: Session, now: datetime, *, limit: int, leave_out: Collection[int] = ()
) -> list[Queued]:
    """The entries that can be read now: news before archive, each in the order they came."""
    rows = session.exec(
        select(InboxRow, SourceRow)
        .join(SourceRow, col(SourceRow.id) == col(InboxRow.source_id))
        .where(*_readable(now), col(InboxRow.id).not_in(leave_out))
        .order_by(col(InboxRow.backlog), col(InboxRow.id))
        .limit(limit)
    )
    return [_queued(row, source) for row, source in rows]


def still_waiting(session: Session, entries: Sequence[Queued]) -> set[int]:
    """Of some entries, the numbers of those that nobody took out or replaced meanwhile."""
    # Numbers may be given anew: the digest tells whether it is the same entry.
    wanted = {(one.id, one.entry.digest) for one in entries}
    found: set[tuple[int, str]] = set()
    for chunk in chunks(sorted(one.id for one in entries)):
        rows = session.exec(select(InboxRow.id, InboxRow.digest).where(col(InboxRow.id).in_(chunk)))
        found.update((row_id(entry_id), digest) for entry_id, digest in rows)
    return {entry_id for entry_id, _ in wanted & found}


def take_out(session: Session, ids: Iterable[int]) -> None:
    """They were read."""
    for chunk in chunks(sorted(ids)):
        session.exec(delete(InboxRow).where(col(InboxRow.id).in_(chunk)))


def note_broken(session: Session, ids: Iterable[int]) -> None:
    """They broke the reading; after three times they are let be until they are edited."""
    for chunk in chunks(sorted(ids)):
        session.exec(
            update(InboxRow)
            .where(col(InboxRow.id).in_(chunk))
            .values(attempts=col(InboxRow.attempts) + 1)
        )


def pages_wanted(session: Session, *, after: int, limit: int) -> list[Queued]:
    """Entries whose page is to be fetched, in the order they came, with numbers above ``after``."""
    rows = session.exec(
        select(InboxRow, SourceRow)
        .join(SourceRow, col(SourceRow.id) == col(InboxRow.source_id))
        .where(col(InboxRow.page_wanted), col(InboxRow.id) > after)
        .order_by(col(InboxRow.id))
        .limit(limit)
    )
    return [_queued(row, source) for row, source in rows]


def complete(session: Session, queued: Queued, draft: Draft) -> None:
    """The page was asked for: the entry can be read, with the text of ``draft``."""
    session.exec(
        update(InboxRow)
        .where(col(InboxRow.id) == queued.id, col(InboxRow.digest) == queued.entry.digest)
        .values(page_wanted=False, text=draft.text, title_end=draft.title_end)
    )


def _readable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ~col(InboxRow.page_wanted) | (col(InboxRow.queued_at) <= now - _PAGES_WAIT),
        col(InboxRow.attempts) < _ATTEMPTS,
    )


def _row(source_id: int, entry: Entry, now: datetime) -> Mapping[str, Any]:
    draft = entry.draft
    return {
        "source_id": source_id,
        "key": draft.key,
        "digest": entry.digest,
        "canonical": entry.canonical,
        "first_pass": entry.first_pass,
        "backlog": entry.backlog,
        "page_wanted": entry.page_wanted,
        "attempts": 0,
        "queued_at": now,
        "text": draft.text,
        "title_end": draft.title_end,
        "published_at": draft.published.at,
        "published_precision": draft.published.precision,
        "language": draft.language,
        "url": draft.url,
        "outlet": draft.outlet,
    }


def _queued(row: InboxRow, source: SourceRow) -> Queued:
    draft = Draft(
        key=row.key,
        text=row.text,
        title_end=row.title_end,
        published=Published(row.published_at, Precision(row.published_precision)),
        language=row.language,
        url=row.url,
        outlet=row.outlet,
    )
    entry = Entry(draft, row.digest, row.canonical, row.first_pass, row.backlog, row.page_wanted)
    return Queued(row_id(row.id), source_value(source), entry)
