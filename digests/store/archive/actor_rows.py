"""Actors that reports named: their rows, sightings, company and offices."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col, select

from digests.actors.merging import Sighting, actors_of
from digests.store.archive.chunks import chunks
from digests.store.archive.item_rows import READING, current
from digests.store.archive.questions import item_ids
from digests.store.merges import survivor
from digests.tables import ActorRow, ItemActorRow, ItemRow, RevisionRow, SeenOfficeRow, row_id
from digests.types import Actor, ActorKind, Office, Precision, Published, Span, Target, TargetKind


def ensure_actors(session: Session, wanted: Iterable[Actor]) -> None:
    """Write the actors that have no row yet."""
    by_id = {actor.id: actor for actor in wanted}
    have: set[str] = set()
    for chunk in chunks(list(by_id)):
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
        for chunk in chunks(sorted(actor_ids))
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
        .join(RevisionRow, current())
        .where(col(ItemRow.id).in_(naming) | col(ItemRow.id).in_(holding), sqlalchemy.or_(*written))
        .order_by(col(ItemRow.seq).desc())
    )
    wanted = frozenset(actor_ids)
    return [
        row_id(item)
        for item, reading in rows
        if not wanted.isdisjoint(actors_of(READING.validate_python(reading)))
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
    for chunk in chunks(ids):
        rows = session.exec(
            select(ItemActorRow.item_id, ItemActorRow.actor_id).where(
                col(ItemActorRow.item_id).in_(chunk)
            )
        )
        for named_in, actor in rows:
            company[named_in].add(actor)
    apart = {actor_id, survivor(session, actor_id)}
    found: dict[int, Sighting] = {}
    for chunk in chunks(ids):
        dated = session.exec(
            select(
                ItemRow.id, ItemRow.story_id, ItemRow.published_at, RevisionRow.published_precision
            )
            .join(RevisionRow, current())
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
    for chunk in chunks(item_ids):
        rows = session.exec(
            select(ItemActorRow.actor_id, func.count())
            .where(col(ItemActorRow.item_id).in_(chunk), ItemActorRow.actor_id != leave_out)
            .group_by(col(ItemActorRow.actor_id))
        )
        for actor, number in rows:
            counts[actor] = counts.get(actor, 0) + number
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def seen_offices(session: Session, actor_id: str) -> list[Office]:
    """The titles reports named beside an actor, each with the newest report, the newest first.

    The report itself is not read: of somebody in the news there are thousands.
    """
    newest = (
        col(RevisionRow.published_at).desc().nulls_last(),
        col(SeenOfficeRow.item_id),
        col(SeenOfficeRow.start),
    )
    place = func.row_number().over(partition_by=col(SeenOfficeRow.title), order_by=newest)
    ranked = (
        sqlalchemy.select(
            col(SeenOfficeRow.title),
            col(SeenOfficeRow.item_id),
            col(SeenOfficeRow.revision),
            col(SeenOfficeRow.start),
            col(SeenOfficeRow.end),
            col(RevisionRow.published_at),
            col(RevisionRow.published_precision),
            place.label("place"),
        )
        .join(
            RevisionRow,
            (col(RevisionRow.item_id) == col(SeenOfficeRow.item_id))
            & (col(RevisionRow.revision) == col(SeenOfficeRow.revision)),
        )
        .where(col(SeenOfficeRow.actor_id) == survivor(session, actor_id))
        .subquery()
    )
    rows = session.execute(
        sqlalchemy.select(ranked)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.published_at.desc().nulls_last(), ranked.c.item_id)
    )
    return [
        Office(
            title=row.title,
            seen=Published(row.published_at, Precision(row.published_precision)).date,
            span=Span(row.item_id, row.revision, row.start, row.end),
        )
        for row in rows
    ]
