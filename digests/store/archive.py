"""What was taken in: sources, items in their revisions, actors, stories, topics, full text.

Every function takes the session of a transaction that the caller opened. Items
keep the readings they were taken in with; whoever asks for an actor, or for
reports, is answered as it is under the merges of actors (digests.store.merges).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

import sqlalchemy
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, delete, func, text
from sqlmodel import Session, col, select

from digests.actors.merging import Sighting, actors_of, under
from digests.migrations.search import INDEX, VOCABULARY
from digests.store.merges import survivor, survivors
from digests.tables import (
    ActorRow,
    CounterRow,
    FileRow,
    ItemActorRow,
    ItemRow,
    RevisionRow,
    SeenOfficeRow,
    ShownRow,
    SourceRow,
    StoryRow,
    TopicItemRow,
    TopicRow,
    row_id,
)
from digests.types import (
    Actor,
    ActorKind,
    Draft,
    Item,
    Office,
    PartialDate,
    Precision,
    Published,
    Reading,
    Report,
    Source,
    SourceKind,
    Span,
    Target,
    TargetKind,
    Topic,
)

_T = TypeVar("_T")
_READING: Final = TypeAdapter(Reading)
_TOPIC: Final = TypeAdapter(Topic)
_IN_CHUNK: Final = 500  # bound parameters per statement; SQLite allows 32,766, others fewer


# --- Sources -------------------------------------------------------------------------------


def add_source(
    session: Session,
    kind: SourceKind,
    location: str,
    *,
    name: str,
    now: datetime,
    language: str | None = None,
    labels: Sequence[str] = (),
    operator: bool = True,
) -> Source:
    """The source at ``location``: the one already known, or a new one (a retired one revives)."""
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
            operator=operator,
            next_due_at=now,
        )
        session.add(row)
    elif row.retired:
        row.retired, row.failures, row.next_due_at = False, 0, now
    session.flush()
    return _source(row)


def sources(session: Session, kind: SourceKind | None = None) -> list[Source]:
    """All sources that are not retired, oldest first."""
    query = select(SourceRow).where(~col(SourceRow.retired)).order_by(col(SourceRow.id))
    if kind is not None:
        query = query.where(SourceRow.kind == kind)
    return [_source(row) for row in session.exec(query)]


def source(session: Session, source_id: int) -> Source | None:
    """The source with this id."""
    row = session.get(SourceRow, source_id)
    return _source(row) if row else None


def due_sources(session: Session, now: datetime) -> list[Source]:
    """The sources to be asked by ``now``, longest due first."""
    rows = session.exec(
        select(SourceRow)
        .where(~col(SourceRow.retired), col(SourceRow.next_due_at) <= now)
        .order_by(col(SourceRow.next_due_at), col(SourceRow.id))
    )
    return [_source(row) for row in rows]


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


def _source(row: SourceRow) -> Source:
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
    )


# --- Items ---------------------------------------------------------------------------------


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


def unchanged_keys(session: Session, source_id: int, drafts: Mapping[str, str]) -> set[str]:
    """Of ``drafts`` (key -> content digest), the keys stored with exactly this content already."""
    same: set[str] = set()
    keys = list(drafts)
    for chunk in _chunks(keys):
        rows = session.exec(
            select(ItemRow.key, RevisionRow.digest)
            .join(RevisionRow, _current())
            .where(ItemRow.source_id == source_id, col(ItemRow.key).in_(chunk))
        )
        same.update(key for key, digest in rows if drafts[key] == digest)
    return same


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
) -> Saved:
    """Store a draft as a new item, or as the next revision of the one with its key.

    ``reading`` is kept with the ids it was read with. Either way the item gets the
    next ingest sequence number. Index tables follow the newest revision; earlier
    revisions stay, so that what was cited does not shift.
    """
    row = session.exec(
        select(ItemRow).where(ItemRow.source_id == source_id, ItemRow.key == draft.key)
    ).first()
    new = row is None
    if row is None:
        row = ItemRow(
            source_id=source_id,
            key=draft.key,
            seq=next_number(session, "seq"),
            backlog=backlog,
            ingested_at=now,
            published_at=draft.published.at,
        )
    else:
        row.revision += 1
        row.seq = next_number(session, "seq")
        row.published_at = draft.published.at
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
        reading=_READING.dump_python(reading, mode="json", exclude_defaults=True),
        signature=signature,
    )
    session.add(revision)
    if not new:
        _drop_actors(session, item_id)
        session.execute(text(f"DELETE FROM {INDEX} WHERE rowid = :id"), {"id": item_id})  # noqa: S608 - a constant
    _index_actors(session, item_id, row.revision, reading)
    session.execute(
        text(f"INSERT INTO {INDEX} (rowid, stems) VALUES (:id, :stems)"),  # noqa: S608 - a constant
        {"id": item_id, "stems": " ".join(stems)},
    )
    session.flush()
    return Saved(_item(row, revision, session.get_one(SourceRow, source_id)), new)


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
    """The ingest sequence number of the newest item; 0 in an empty archive."""
    return session.exec(select(func.max(ItemRow.seq))).one() or 0


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
    for chunk in _chunks(item_ids):
        rows = session.exec(
            select(RevisionRow.item_id, RevisionRow.revision, RevisionRow.reading)
            .join(ItemRow, _current())
            .where(col(ItemRow.id).in_(chunk))
        ).all()
        for item_id, revision, reading in rows:
            _drop_actors(session, item_id)
            _index_actors(session, item_id, revision, _READING.validate_python(reading))
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


# --- Questions for items -------------------------------------------------------------------


def reports(session: Session, item_ids: Sequence[int]) -> list[Report]:
    """Items with their readings, in the order asked for; ids nobody bears are left out."""
    found: dict[int, Report] = {}
    for chunk in _chunks(item_ids):
        rows = session.exec(
            select(ItemRow, RevisionRow, SourceRow)
            .join(RevisionRow, _current())
            .join(SourceRow, col(SourceRow.id) == col(ItemRow.source_id))
            .where(col(ItemRow.id).in_(chunk))
        )
        for item, revision, origin in rows:
            reading = under(_READING.validate_python(revision.reading), survivors(session))
            found[row_id(item.id)] = Report(_item(item, revision, origin), reading)
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
    newest_by_date: bool = False,
) -> list[int]:
    """The items that a target matches, newest first.

    ``after`` and ``until`` bound the ingest sequence (exclusive, inclusive);
    ``news`` leaves out the archive that a source brought at its first pass;
    ``also`` asks for a second actor in the item; ``speaking`` for items in
    which the target actor says something; ``unshown_in`` (chat, thread) leaves
    out what was sent there. ``newest_by_date`` orders by publication (undated
    last), else by ingest.
    """
    query = _matching(_standing(session, target), speaking=speaking)
    if after:
        query = query.where(col(ItemRow.seq) > after)
    if until is not None:
        query = query.where(col(ItemRow.seq) <= until)
    if news:
        query = query.where(~col(ItemRow.backlog))
    if also is not None:
        naming = select(ItemActorRow.item_id).where(
            ItemActorRow.actor_id == survivor(session, also)
        )
        query = query.where(col(ItemRow.id).in_(naming))
    if unshown_in is not None:
        chat, thread = unshown_in
        shown = select(ShownRow.item_id).where(ShownRow.chat_id == chat, ShownRow.thread == thread)
        query = query.where(~col(ItemRow.id).in_(shown))
    if newest_by_date:
        query = query.order_by(
            col(ItemRow.published_at).desc().nulls_last(), col(ItemRow.seq).desc()
        )
    else:
        query = query.order_by(col(ItemRow.seq).desc())
    if limit is not None:
        query = query.limit(limit)
    return list(session.execute(query).scalars())


def count_matching(
    session: Session, target: Target
) -> tuple[int, PartialDate | None, PartialDate | None]:
    """How many items match a target, and the first and last date of publication among them."""
    matching = _matching(_standing(session, target))
    count = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    dated = (
        select(RevisionRow)
        .join(ItemRow, _current())
        .where(col(ItemRow.id).in_(matching), col(ItemRow.published_at).is_not(None))
    )
    first = session.exec(dated.order_by(col(ItemRow.published_at)).limit(1)).first()
    last = session.exec(dated.order_by(col(ItemRow.published_at).desc()).limit(1)).first()
    return count, _date(first), _date(last)


def _date(row: RevisionRow | None) -> PartialDate | None:
    return _published(row).date if row else None


def _published(row: RevisionRow) -> Published:
    return Published(row.published_at, Precision(row.published_precision))


def search(session: Session, groups: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Items whose stems hold, for each group, one of its stems; best first (BM25)."""
    if not groups or not all(groups):
        return []
    query = " AND ".join(
        "(" + " OR ".join('"' + stem.replace('"', '""') + '"' for stem in group) + ")"
        for group in groups
    )
    rows = session.execute(
        text(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH :query ORDER BY rank LIMIT :limit"),  # noqa: S608
        {"query": query, "limit": limit},
    )
    return [row[0] for row in rows]


def known_stems(session: Session, part: str, limit: int = 200) -> list[str]:
    """Stems in the archive that contain ``part``, the most frequent first."""
    escaped = part.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    rows = session.execute(
        text(
            f"SELECT term FROM {VOCABULARY} WHERE term LIKE :part ESCAPE '\\'"  # noqa: S608
            " ORDER BY doc DESC, term LIMIT :limit"
        ),
        {"part": f"%{escaped}%", "limit": limit},
    )
    return [row[0] for row in rows]


def stem_frequencies(session: Session, stems: Iterable[str]) -> dict[str, int]:
    """In how many items each stem occurs."""
    found: dict[str, int] = {}
    for chunk in _chunks(list(stems)):
        names = ", ".join(f":s{number}" for number in range(len(chunk)))
        rows = session.execute(
            text(f"SELECT term, doc FROM {VOCABULARY} WHERE term IN ({names})"),  # noqa: S608
            {f"s{number}": stem for number, stem in enumerate(chunk)},
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def actor_frequencies(session: Session, actor_ids: Iterable[str]) -> dict[str, int]:
    """In how many items each actor is named."""
    found: dict[str, int] = {}
    for chunk in _chunks(list(actor_ids)):
        rows = session.exec(
            select(ItemActorRow.actor_id, func.count())
            .where(col(ItemActorRow.actor_id).in_(chunk))
            .group_by(col(ItemActorRow.actor_id))
        )
        found.update((actor, number) for actor, number in rows)
    return found


def story_items(session: Session, story_ids: Sequence[int]) -> dict[int, list[int]]:
    """The items of stories, in order of ingest."""
    found: dict[int, list[int]] = {story: [] for story in story_ids}
    for chunk in _chunks(story_ids):
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
        .where(col(ItemActorRow.actor_id).in_(actor_ids[:_IN_CHUNK]))
        .distinct()
    )
    query = (
        select(ItemRow.story_id, RevisionRow.signature)
        .join(RevisionRow, _current())
        .where(
            col(ItemRow.story_id).is_not(None),
            ItemRow.id != leave_out,
            RevisionRow.language == language,
            col(ItemRow.id).in_(sharing),
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


def _matching(target: Target, *, speaking: bool = False) -> Select[int | None]:
    query = sqlalchemy.select(col(ItemRow.id))
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
            query = query.where(col(ItemRow.source_id) == int(target.id))
        case TargetKind.EVERYTHING:
            pass
    return query


def _current() -> ColumnElement[bool]:
    return (col(RevisionRow.item_id) == col(ItemRow.id)) & (
        col(RevisionRow.revision) == col(ItemRow.revision)
    )


def _item(row: ItemRow, revision: RevisionRow, source: SourceRow) -> Item:
    return Item(
        id=row_id(row.id),
        revision=revision.revision,
        seq=row.seq,
        source_id=row.source_id,
        source_name=revision.outlet or _shown_source(source, row.key),
        key=row.key,
        text=revision.text,
        title_end=revision.title_end,
        published=_published(revision),
        ingested_at=row.ingested_at,
        language=revision.language,
        url=revision.url,
        story_id=row.story_id,
    )


def _shown_source(source: SourceRow, key: str) -> str:
    """What a report is cited by: the feed's name, or in a folder the file's."""
    return key if source.kind == SourceKind.FOLDER else source.name


# --- Actors --------------------------------------------------------------------------------


def ensure_actors(session: Session, wanted: Iterable[Actor]) -> None:
    """Write the actors that have no row yet."""
    by_id = {actor.id: actor for actor in wanted}
    have: set[str] = set()
    for chunk in _chunks(list(by_id)):
        have.update(session.exec(select(ActorRow.id).where(col(ActorRow.id).in_(chunk))))
    for actor_id in by_id.keys() - have:
        actor = by_id[actor_id]
        session.add(
            ActorRow(
                id=actor.id,
                name=actor.name,
                kind=actor.kind,
                aliases=list(actor.aliases),
                curated=actor.curated,
            )
        )
    session.flush()


def found_actors(session: Session) -> list[Actor]:
    """The actors that reports brought and no list knew."""
    rows = session.exec(select(ActorRow).where(~col(ActorRow.curated)))
    return [_actor(row) for row in rows]


def actors(session: Session, actor_ids: Collection[str] | None = None) -> list[Actor]:
    """The actors that have a row, by id; all of them, or those asked for."""
    query = select(ActorRow).order_by(col(ActorRow.id))
    if actor_ids is None:
        return [_actor(row) for row in session.exec(query)]
    return [
        _actor(row)
        for chunk in _chunks(sorted(actor_ids))
        for row in session.exec(query.where(col(ActorRow.id).in_(chunk)))
    ]


def items_of(session: Session, actor_id: str) -> list[int]:
    """All items that name an actor or an office of it; none for one that was absorbed."""
    naming = select(ItemActorRow.item_id).where(ItemActorRow.actor_id == actor_id)
    holding = select(SeenOfficeRow.item_id).where(SeenOfficeRow.actor_id == actor_id)
    return sorted({*session.exec(naming), *session.exec(holding)})


def actor_counts(session: Session) -> dict[str, int]:
    """In how many items each actor is named; absorbed ones count as their survivors."""
    rows = session.exec(
        select(ItemActorRow.actor_id, func.count()).group_by(col(ItemActorRow.actor_id))
    )
    return dict(rows.all())


def items_read_with(session: Session, actor_ids: Collection[str]) -> list[int]:
    """The items whose newest reading holds one of these ids as it was read, newest first.

    For absorbed actors, which the index does not name: looks through the
    readings of their survivors' items.
    """
    standing = {survivor(session, actor_id) for actor_id in actor_ids}
    naming = select(ItemActorRow.item_id).where(col(ItemActorRow.actor_id).in_(standing))
    holding = select(SeenOfficeRow.item_id).where(col(SeenOfficeRow.actor_id).in_(standing))
    kept = sqlalchemy.cast(col(RevisionRow.reading), sqlalchemy.String)
    written = [kept.contains(json.dumps(one), autoescape=True) for one in sorted(actor_ids)]
    rows = session.exec(
        select(ItemRow.id, RevisionRow.reading)
        .join(RevisionRow, _current())
        .where(col(ItemRow.id).in_(naming) | col(ItemRow.id).in_(holding), sqlalchemy.or_(*written))
        .order_by(col(ItemRow.seq).desc())
    )
    wanted = frozenset(actor_ids)
    return [
        row_id(item)
        for item, reading in rows
        if not wanted.isdisjoint(actors_of(_READING.validate_python(reading)))
    ]


def sightings(
    session: Session, actor_id: str, *, limit: int, as_read: bool = False
) -> list[Sighting]:
    """Where an actor was seen, newest first, and with whom; ``as_read``: under its own id only.

    A report that is dated to the month counts as undated.
    """
    if as_read:
        ids = items_read_with(session, {actor_id})[:limit]
    else:
        ids = item_ids(session, Target(TargetKind.ACTOR, actor_id), limit=limit)
    company: dict[int, set[str]] = {item: set() for item in ids}
    for chunk in _chunks(ids):
        rows = session.exec(
            select(ItemActorRow.item_id, ItemActorRow.actor_id).where(
                col(ItemActorRow.item_id).in_(chunk)
            )
        )
        for named_in, actor in rows:
            company[named_in].add(actor)
    apart = {actor_id, survivor(session, actor_id)}
    found: dict[int, Sighting] = {}
    for chunk in _chunks(ids):
        dated = session.exec(
            select(
                ItemRow.id, ItemRow.story_id, ItemRow.published_at, RevisionRow.published_precision
            )
            .join(RevisionRow, _current())
            .where(col(ItemRow.id).in_(chunk))
        )
        for item, story, at, precision in dated:
            exact = precision in (Precision.DAY, Precision.MINUTE)
            day = at.date() if at is not None and exact else None
            others = frozenset(company[row_id(item)] - apart)
            found[row_id(item)] = Sighting(row_id(item), story, day, others)
    return [found[item] for item in ids]


def _actor(row: ActorRow) -> Actor:
    aliases = tuple(row.aliases)
    return Actor(row.id, row.name, ActorKind(row.kind), aliases, curated=row.curated)


def actors_in(session: Session, item_ids: Sequence[int], leave_out: str) -> list[tuple[str, int]]:
    """The other actors of items and in how many of them each is named, most often first."""
    counts: dict[str, int] = {}
    for chunk in _chunks(item_ids):
        rows = session.exec(
            select(ItemActorRow.actor_id, func.count())
            .where(col(ItemActorRow.item_id).in_(chunk), ItemActorRow.actor_id != leave_out)
            .group_by(col(ItemActorRow.actor_id))
        )
        for actor, number in rows:
            counts[actor] = counts.get(actor, 0) + number
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def seen_offices(session: Session, actor_id: str) -> list[Office]:
    """The offices reports named beside an actor, newest report first."""
    rows = session.exec(
        select(SeenOfficeRow, RevisionRow)
        .join(
            RevisionRow,
            (col(RevisionRow.item_id) == col(SeenOfficeRow.item_id))
            & (col(RevisionRow.revision) == col(SeenOfficeRow.revision)),
        )
        .where(SeenOfficeRow.actor_id == survivor(session, actor_id))
        .order_by(col(RevisionRow.published_at).desc().nulls_last(), col(SeenOfficeRow.item_id))
    )
    return [
        Office(
            title=office.title,
            seen=_published(revision).date,
            span=Span(office.item_id, office.revision, office.start, office.end),
        )
        for office, revision in rows
    ]


# --- Topics --------------------------------------------------------------------------------


def save_topic(session: Session, topic: Topic, owner: int | None = None) -> None:
    """Write a topic, new or changed."""
    query = _TOPIC.dump_python(topic, mode="json", exclude={"id", "name"}, exclude_defaults=True)
    session.merge(TopicRow(id=topic.id, name=topic.name, query=query, owner=owner))


def topics(session: Session, owner: int | None = None, *, own_only: bool = False) -> list[Topic]:
    """The starter topics, and those of one chat (``owner``); all where owner is None."""
    query = select(TopicRow).order_by(col(TopicRow.name))
    if own_only:
        query = query.where(col(TopicRow.owner) == owner)
    elif owner is not None:
        query = query.where(col(TopicRow.owner).is_(None) | (col(TopicRow.owner) == owner))
    return [_topic(session, row) for row in session.exec(query)]


def topic(session: Session, topic_id: str) -> Topic | None:
    """The topic with this id."""
    row = session.get(TopicRow, topic_id)
    return _topic(session, row) if row else None


def set_topic_items(session: Session, topic_id: str, item_ids: Iterable[int]) -> None:
    """Replace the items that match a topic."""
    session.exec(delete(TopicItemRow).where(col(TopicItemRow.topic_id) == topic_id))
    session.add_all([TopicItemRow(topic_id=topic_id, item_id=item) for item in set(item_ids)])


def set_item_topics(session: Session, item_id: int, topic_ids: Iterable[str]) -> None:
    """Replace the topics that an item matches."""
    session.exec(delete(TopicItemRow).where(col(TopicItemRow.item_id) == item_id))
    session.add_all([TopicItemRow(topic_id=topic, item_id=item_id) for topic in set(topic_ids)])


def topics_naming(session: Session, actor_ids: Collection[str]) -> list[Topic]:
    """The topics that were written with one of these ids, as they are under the merges."""
    rows = session.exec(select(TopicRow).order_by(col(TopicRow.id)))
    wanted = frozenset(actor_ids)
    return [_topic(session, row) for row in rows if not wanted.isdisjoint(_written(row).actors)]


def change_topic_items(
    session: Session, topic_id: str, looked_at: Collection[int], matching: Collection[int]
) -> None:
    """Say which of the items that were ``looked_at`` match a topic; others stay as they are."""
    for chunk in _chunks(sorted(looked_at)):
        session.exec(
            delete(TopicItemRow).where(
                col(TopicItemRow.topic_id) == topic_id, col(TopicItemRow.item_id).in_(chunk)
            )
        )
    session.add_all(TopicItemRow(topic_id=topic_id, item_id=item) for item in set(matching))
    session.flush()


def _topic(session: Session, row: TopicRow) -> Topic:
    """A topic with survivors in the place of merged actors."""
    topic = _written(row)
    standing = dict.fromkeys(survivor(session, one) for one in topic.actors)
    return replace(topic, actors=tuple(standing))


def _written(row: TopicRow) -> Topic:
    return _TOPIC.validate_python({**row.query, "id": row.id, "name": row.name})


def _chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    for start in range(0, len(values), _IN_CHUNK):
        yield values[start : start + _IN_CHUNK]
