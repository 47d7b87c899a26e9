"""Items and their revisions: written, numbered, put into stories, and made into values."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from digests.actors.merging import under
from digests.store.archive.chunks import chunks
from digests.store.archive.date_rows import write_dates
from digests.store.archive.word_index import drop_words, write_words
from digests.store.merges import survivors
from digests.tables import (
    CounterRow,
    ItemActorRow,
    ItemKeyRow,
    ItemRow,
    RevisionRow,
    SeenOfficeRow,
    SourceRow,
    StoryRow,
    row_id,
)
from digests.types import Draft, Item, Precision, Published, Reading, SourceKind

READING: Final = TypeAdapter(Reading)
SEQ: Final = "seq"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a draft: the item as stored, and whether it is new or a new revision."""

    item: Item
    new: bool


def content_digest(draft: Draft) -> str:
    """A digest of all that makes a revision: text, title, date, language, link."""
    published = draft.published
    parts = [
        draft.text,
        str(draft.title_end),
        published.at.isoformat() if published.at else "",
        published.precision,
        draft.language or "",
        draft.url or "",
        draft.outlet or "",
    ]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Held:
    """An item that a report may be a version of, with its own source and its text."""

    item_id: int
    source_id: int
    text: str
    title_end: int
    digest: str | None = None
    """Of what the source said last; None where only the canonical address led here."""


def held(session: Session, source_id: int, key: str, canonical: str | None) -> Held | None:
    """The item that a source holds under a key, else the newest with a canonical address."""
    items = select(ItemRow.id, ItemRow.source_id, RevisionRow.text, RevisionRow.title_end).join(
        RevisionRow, current()
    )
    known = session.get(ItemKeyRow, (source_id, key))
    if known is not None:
        row = session.exec(items.where(ItemRow.id == known.item_id)).one()
        return Held(row_id(row[0]), *row[1:], digest=known.digest)
    if canonical is None:
        return None
    row_or_none = session.exec(
        items.where(ItemRow.canonical == canonical).order_by(col(ItemRow.id).desc()).limit(1)
    ).first()
    return Held(row_id(row_or_none[0]), *row_or_none[1:]) if row_or_none else None


def note_key(
    session: Session,
    source_id: int,
    key: str,
    item_id: int,
    digest: str,
    *,
    first_pass: bool,
    seq: int | None = None,
) -> None:
    """Remember that a source holds an item under a key, and the digest of what it says there.

    Where that is new, it is under ``seq`` (the next ingest sequence number, if
    that is not given), and news to who follows the source, unless this is the
    ``first_pass`` over it. Where the source held the item under another key,
    this one takes its place: there is one, however often a guid changes.
    """
    row = session.get(ItemKeyRow, (source_id, key))
    if row is None:
        row = ItemKeyRow(
            source_id=source_id,
            key=key,
            item_id=item_id,
            digest=digest,
            seq=next_number(session, SEQ) if seq is None else seq,
            backlog=first_pass,
        )
        before = session.exec(
            select(ItemKeyRow).where(
                ItemKeyRow.source_id == source_id, ItemKeyRow.item_id == item_id
            )
        ).first()
        if before is not None:
            row.seq, row.backlog = before.seq, before.backlog
            session.delete(before)
    row.digest = digest
    session.add(row)
    item = session.get_one(ItemRow, item_id)
    if item.source_id == source_id:
        item.key = key
        session.add(item)
    session.flush()


def save_item(
    session: Session,
    source_id: int,
    draft: Draft,
    reading: Reading,
    signature: str,
    stems: Iterable[str],
    *,
    now: datetime,
    backlog: bool,
    first_pass: bool | None = None,
    digest: str | None = None,
    canonical: str | None = None,
    item_id: int | None = None,
) -> Saved:
    """Store a draft as a new item, or as the next revision of the item ``item_id``.

    Without ``item_id`` the item that the source holds under the draft's key is
    revised, if there is one. The item becomes the source's own. ``reading`` is kept with
    the ids it was read with. Either way the item gets the next ingest
    sequence number. Index tables follow the newest revision; earlier revisions stay, so
    that what was cited does not shift. The key is noted with ``digest`` (that of the
    draft's content, if it is not given); ``first_pass`` is as ``backlog`` unless given.
    """
    if item_id is None:
        known = held(session, source_id, draft.key, None)
        item_id = known.item_id if known else None
    new = item_id is None
    if item_id is None:
        row = ItemRow(source_id=source_id, key=draft.key, seq=0, backlog=backlog, ingested_at=now)
    else:
        row = session.get_one(ItemRow, item_id)
        row.revision += 1
        row.source_id, row.key, row.text_gone = source_id, draft.key, False
    row.seq = next_number(session, SEQ)
    row.published_at = draft.published.at
    row.canonical = canonical or row.canonical
    session.add(row)
    session.flush()
    item_id = row_id(row.id)
    revision = RevisionRow(
        item_id=item_id,
        revision=row.revision,
        text=draft.text,
        title_end=draft.title_end,
        language=reading.language,
        published_at=draft.published.at,
        published_precision=draft.published.precision,
        url=draft.url,
        outlet=draft.outlet,
        digest=content_digest(draft),
        ingested_at=now,
        reading=READING.dump_python(reading, mode="json", exclude_defaults=True),
        signature=signature,
    )
    session.add(revision)
    if not new:
        _drop_actors(session, item_id)
        drop_words(session, item_id)
    _index_actors(session, item_id, row.revision, reading)
    write_words(session, item_id, stems)
    write_dates(session, item_id, draft.published, reading)
    session.flush()
    note_key(
        session,
        source_id,
        draft.key,
        item_id,
        digest or revision.digest,
        first_pass=backlog if first_pass is None else first_pass,
        seq=row.seq,
    )
    return Saved(item_value(row, revision, session.get_one(SourceRow, source_id)), new)


def set_story(session: Session, item_id: int, story_id: int | None, now: datetime) -> int:
    """Put an item into a story, or into a new one; gives the story's id."""
    item = session.get_one(ItemRow, item_id)
    if story_id is None:
        language = session.get_one(RevisionRow, (item_id, item.revision)).language
        story = StoryRow(language=language, opened_at=now, moved_at=now)
        session.add(story)
        session.flush()
        story_id = row_id(story.id)
    else:
        session.get_one(StoryRow, story_id).moved_at = now
    item.story_id = story_id
    session.add(item)
    session.flush()
    return story_id


def newest_seq(session: Session) -> int:
    """The last ingest sequence number that was given; 0 in an empty archive."""
    row = session.get(CounterRow, SEQ)
    return row.value if row else 0


def count_items(session: Session) -> int:
    """How many items there are."""
    return session.exec(select(func.count()).select_from(ItemRow)).one()


def next_number(session: Session, name: str) -> int:
    """The next value of a counter. Writers are serial, so numbers commit in their order."""
    row = session.get(CounterRow, name) or CounterRow(name=name)
    row.value += 1
    session.add(row)
    session.flush()
    return row.value


def reindex(session: Session, item_ids: Sequence[int]) -> None:
    """Derive anew which actors items name and which offices beside them: merges changed."""
    for chunk in chunks(item_ids):
        rows = session.exec(
            select(RevisionRow.item_id, RevisionRow.revision, RevisionRow.reading)
            .join(ItemRow, current())
            .where(col(ItemRow.id).in_(chunk))
        ).all()
        for item_id, revision, reading in rows:
            _drop_actors(session, item_id)
            _index_actors(session, item_id, revision, READING.validate_python(reading))
        session.flush()


def _drop_actors(session: Session, item_id: int) -> None:
    for table in (ItemActorRow, SeenOfficeRow):
        session.exec(delete(table).where(col(table.item_id) == item_id))


def _index_actors(session: Session, item_id: int, revision: int, reading: Reading) -> None:
    """Write whom an item names, and in which office, as it is under the merges."""
    reading = under(reading, survivors(session))
    mentions = Counter(one.actor for one in reading.mentions if one.actor)
    statements = Counter(one.actor for one in reading.statements if one.actor)
    session.add_all(
        ItemActorRow(
            actor_id=actor,
            item_id=item_id,
            mentions=mentions[actor],
            statements=statements[actor],
        )
        for actor in mentions.keys() | statements.keys()
    )
    offices = {(one.actor, one.start): one for one in reading.offices}
    session.add_all(
        SeenOfficeRow(
            actor_id=office.actor,
            item_id=item_id,
            revision=revision,
            start=office.start,
            end=office.end,
            title=office.title,
        )
        for office in offices.values()
    )


def current() -> ColumnElement[bool]:
    """The condition that a revision is its item's newest."""
    return (col(RevisionRow.item_id) == col(ItemRow.id)) & (
        col(RevisionRow.revision) == col(ItemRow.revision)
    )


def published_of(row: RevisionRow) -> Published:
    """When a revision says it was published."""
    return Published(row.published_at, Precision(row.published_precision))


def item_value(row: ItemRow, revision: RevisionRow, source: SourceRow) -> Item:
    """An item in one of its revisions."""
    return Item(
        id=row_id(row.id),
        revision=revision.revision,
        seq=row.seq,
        source_id=row.source_id,
        source_name=revision.outlet or _shown_source(source, row.key),
        key=row.key,
        text=revision.text,
        title_end=revision.title_end,
        published=published_of(revision),
        ingested_at=row.ingested_at,
        language=revision.language,
        url=revision.url,
        story_id=row.story_id,
    )


def _shown_source(source: SourceRow, key: str) -> str:
    """What a report is cited by: the feed's name, or in a folder the file's."""
    return key if source.kind == SourceKind.FOLDER else source.name
