"""Actors that turn out to be one: merged and split again, by the operator and by evidence.

A merge is one row, and what follows from it: index tables are derived anew,
subscriptions move, topics that name either actor look again. All of it is one
transaction, done or not done; a split takes the row back and derives again.
The readings of reports are never touched.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from digests.actors.merging import (
    Evidence,
    Pair,
    Sighting,
    Why,
    actors_of,
    candidates,
    doubts,
    in_brackets,
    speaks_against,
    weigh,
)
from digests.actors.names import key
from digests.desk.known import Known
from digests.desk.matching import matches_report
from digests.errors import InputError
from digests.store import Session, Store, archive, chats, merges
from digests.store.merges import Merge
from digests.types import Actor, ActorKind, Reading

log = logging.getLogger(__name__)

_SIGHTINGS: Final = 60
"""Reports of one actor that evidence is looked for in, newest first."""
_EVERYWHERE: Final = 0.02
"""Who is named in more than this part of all reports is company to everybody, and tells nothing."""
_AT_A_TIME: Final = 200  # reports in memory while topics look at them anew
_SOMEWHERE: Final = 10
"""Reports in which anybody may be named before that counts."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An actor for the operator: in how many reports, and what it was merged into, if it was."""

    actor: Actor
    reports: int
    merge: Merge | None = None
    into: Actor | None = None


class Merging:
    """Merges and splits. May be used from any thread, and beside a running bot."""

    def __init__(self, store: Store, known: Known) -> None:
        self._store = store
        self._known = known

    def merge(
        self, absorbed_id: str, into_id: str, now: datetime, *, force: bool = False
    ) -> tuple[Actor, Actor]:
        """Merge one actor into another, or into whom that one was merged; gives both.

        Merging again changes nothing but that the operator now stands by it.
        Raises InputError: ``unknown_actor``, ``same_actor``, ``merged_already``
        (into another one), ``both_curated`` (unless ``force``).
        """
        self._known.refresh()
        absorbed = self._actor(absorbed_id)
        with self._store.writing() as session:
            into = self._actor(merges.survivor(session, self._actor(into_id).id))
            if merges.survivor(session, absorbed.id) == into.id != absorbed.id:
                merges.confirm(session, absorbed.id)
                return absorbed, into
            if absorbed.id == into.id:
                raise InputError("same_actor", name=into.name)
            if earlier := merges.merges(session).get(absorbed.id):
                raise InputError("merged_already", name=absorbed.name, into=earlier.into)
            if absorbed.curated and into.curated and not force:
                raise InputError("both_curated", name=absorbed.name, into=into.name)
            archive.ensure_actors(session, (absorbed, into))
            _merge(session, Evidence(Pair(absorbed.id, into.id, Why.OPERATOR), ()), now)
        self._known.refresh()
        return absorbed, into

    def split(self, absorbed_id: str) -> tuple[Actor, Actor]:
        """Take a merge back for good: no evidence makes it again. Gives the two actors.

        Raises InputError: ``unknown_actor``, ``not_merged``.
        """
        self._known.refresh()
        absorbed = self._actor(absorbed_id)
        with self._store.writing() as session:
            made = merges.merges(session).get(absorbed_id)
            if made is None:
                raise InputError("not_merged", name=absorbed.name)
            into = self._actor(made.into)
            _split(session, absorbed_id)
        self._known.refresh()
        return absorbed, into

    def listing(self, query: str = "") -> list[Listed]:
        """The actors that reports name, most often named first; or those that a query means.

        A query is an id, or any part of a name.
        """
        with self._store.reading() as session:
            counts = archive.actor_counts(session)
            made = merges.merges(session)
            found = {actor.id: actor for actor in archive.actors(session)}
        if query:
            found = self._meant(query, found)
        names = {one.into: self._actor(one.into) for one in made.values()}
        listed = [
            Listed(
                actor,
                counts.get(actor.id, 0),
                merge := made.get(actor.id),
                names[merge.into] if merge else None,
            )
            for actor in found.values()
        ]
        return sorted(listed, key=lambda one: (-one.reports, one.actor.id))

    def by_evidence(self, readings: Sequence[tuple[str, Reading]], now: datetime) -> list[Evidence]:
        """Merge whom the reports just taken in show to be one, and undo what they speak against.

        ``readings``: (text, reading as it was read). Gives the merges that were
        made. Only actors named in these readings are looked at.
        """
        self._known.refresh()
        named = {actor for _, reading in readings for actor in actors_of(reading)}
        brackets = [pair for text, reading in readings for pair in in_brackets(text, reading)]
        with self._known.catalogue() as catalogue:
            pairs = candidates(sorted(named), brackets, catalogue)
            doubtful = doubts(sorted(named), catalogue)
            meanings = [(a, b) for a, b in brackets if catalogue.survivor(a) not in (a, b)]
        if not pairs and not doubtful and not meanings:
            return []
        with self._store.reading() as session:
            undone = self._undone(session, doubtful, meanings)
            shown = self._shown(session, pairs)
        made = [one for one in shown if one.pair.absorbed not in undone]
        if undone or made:
            with self._store.writing() as session:
                # Another process may have been here since.
                standing = merges.merges(session)
                for absorbed in sorted(undone):
                    if absorbed in standing and standing[absorbed].why is not Why.OPERATOR:
                        _split(session, absorbed)
                        log.info("split by evidence: %s", absorbed)
                made = [one for one in made if self._merged(session, one, now)]
            self._known.refresh()
        return made

    def _merged(self, session: Session, evidence: Evidence, now: datetime) -> bool:
        pair = evidence.pair
        if not {pair.absorbed, pair.into}.isdisjoint(merges.survivors(session)):
            return False
        archive.ensure_actors(session, self._known.as_read((pair.absorbed, pair.into)))
        _merge(session, evidence, now)
        log.info("merged by evidence (%s): %s into %s", pair.why, pair.absorbed, pair.into)
        return True

    def _shown(self, session: Session, pairs: Sequence[Pair]) -> list[Evidence]:
        """The pairs that the reports show to be one; of two for one actor neither."""
        apart = merges.apart(session, {pair.absorbed for pair in pairs})
        found = []
        for pair in pairs:
            if pair.absorbed in apart:
                continue
            absorbed, into = (self._seen(session, one) for one in (pair.absorbed, pair.into))
            titles = _titles(session, pair.absorbed), _titles(session, pair.into)
            with self._known.catalogue() as catalogue:
                evidence = weigh(pair, absorbed, into, titles=titles, catalogue=catalogue)
            if evidence is not None:
                found.append(evidence)
        absorbed_ids = [one.pair.absorbed for one in found]
        return [one for one in found if absorbed_ids.count(one.pair.absorbed) == 1]

    def _undone(
        self,
        session: Session,
        doubtful: Iterable[tuple[str, str]],
        meanings: Iterable[tuple[str, str]],
    ) -> set[str]:
        """The absorbed whose merge by evidence what is now known speaks against."""
        made = merges.merges(session)
        undone = {
            acronym
            for acronym, long in meanings
            if acronym in made
            and made[acronym].why is Why.ACRONYM
            and merges.survivor(session, long) != merges.survivor(session, acronym)
        }
        for absorbed, other in doubtful:
            if absorbed not in made or made[absorbed].why is not Why.SURNAME:
                continue
            merged, second = self._known.as_read((made[absorbed].into, other))
            read = self._seen(session, absorbed, as_read=True)
            if speaks_against(merged, second, read, self._seen(session, other)):
                undone.add(absorbed)
        return undone

    def _seen(self, session: Session, actor_id: str, *, as_read: bool = False) -> list[Sighting]:
        """Where an actor was seen, in the company of those whose presence tells something."""
        seen = archive.sightings(session, actor_id, limit=_SIGHTINGS, as_read=as_read)
        company = frozenset[str]().union(*(one.company for one in seen))
        often = max(_SOMEWHERE, _EVERYWHERE * archive.count_items(session))
        frequencies = archive.actor_frequencies(session, company)
        telling = {one for one in company if frequencies.get(one, 0) <= often and self._tells(one)}
        return [
            Sighting(one.item, one.story, one.on, one.company.intersection(telling)) for one in seen
        ]

    def _tells(self, actor_id: str) -> bool:
        """Whether company says what a report is about: people and organisations, no states."""
        actor = self._known.actor(actor_id)
        return actor.kind is not ActorKind.STATE and self._known.acts(actor)

    def _meant(self, query: str, stored: Mapping[str, Actor]) -> dict[str, Actor]:
        wanted = key(query)
        found = {
            actor.id: actor
            for actor in stored.values()
            if actor.id == query
            or (wanted and any(wanted in key(name) for name in (actor.name, *actor.aliases)))
        }
        exact = self._known.as_read(one.id for one in self._known.lookup(query).exact)
        return {one.id: one for one in exact} | found

    def _actor(self, actor_id: str) -> Actor:
        try:
            (actor,) = self._known.as_read((actor_id,))
        except KeyError:
            raise InputError("unknown_actor", text=actor_id) from None
        return actor


def _titles(session: Session, actor_id: str) -> set[str]:
    return {office.title for office in archive.seen_offices(session, actor_id)}


def _merge(session: Session, evidence: Evidence, now: datetime) -> None:
    """Write a merge and all that follows from it."""
    pair = evidence.pair
    groups = merges.group(session, pair.absorbed), merges.group(session, pair.into)
    items = archive.items_of(session, pair.absorbed)
    chats.join_actors(session, pair.absorbed, pair.into, groups)
    merges.absorb(session, pair.absorbed, pair.into, pair.why, now=now, items=evidence.items)
    archive.reindex(session, items)
    _match_topics(session, groups[0] | groups[1])


def _split(session: Session, absorbed: str) -> None:
    """Take a merge back and derive again what followed from it."""
    standing = merges.survivor(session, absorbed)
    leaving = merges.group(session, absorbed)
    staying = merges.group(session, standing) - leaving
    items = archive.items_read_with(session, leaving)
    chats.part_actors(session, absorbed, standing, (leaving, staying))
    merges.release(session, absorbed)
    archive.reindex(session, items)
    _match_topics(session, leaving | staying)


def _match_topics(session: Session, actor_ids: Collection[str]) -> None:
    """Look anew which items of actors match the topics that name one of them."""
    topics = archive.topics_naming(session, actor_ids)
    if not topics:
        return
    standing = {merges.survivor(session, one) for one in actor_ids}
    ids = sorted({item for one in standing for item in archive.items_of(session, one)})
    for start in range(0, len(ids), _AT_A_TIME):
        looked_at = ids[start : start + _AT_A_TIME]
        reports = archive.reports(session, looked_at)
        for topic in topics:
            matching = [one.item.id for one in reports if matches_report(topic, one)]
            archive.change_topic_items(session, topic.id, looked_at, matching)
