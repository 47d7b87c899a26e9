"""What the desk knows by heart: the catalogue of actors, safe to ask while an ingest adds to it.

Which actors are one is in the database, and another process may change it: an
operator merges beside a running bot. A counter there changes with every merge
and split. It is looked at before each batch of an intake, and when an actor is
asked for, but then every few seconds at most; only where it changed is more
than one row read. Answers go by the merges as they are in the database at that
moment; what may lag for those seconds is a name that is shown or looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import Final

from digests.actors import Catalogue, Lookup, Resolution, resolve
from digests.actors.merging import survivors
from digests.nlp.document import Document
from digests.store import Store, archive, merges
from digests.types import Actor, ActorKind, PartialDate, Report, Topic

_LOOK_EVERY: Final = 3.0  # seconds


class Known:
    """The catalogue behind a lock: the reading lane adds actors while commands look them up."""

    def __init__(
        self,
        catalogue: Catalogue,
        topic_names: Mapping[str, Mapping[str, str]] | None = None,
        *,
        store: Store | None = None,
        ticks: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Take over a catalogue, and what ``store`` says of merges; without one there are none.

        ``topic_names``: language -> topic id -> name, for the starter topics.
        ``ticks`` gives seconds that only grow.
        """
        self._catalogue = catalogue
        self._topic_names = topic_names or {}
        self._lock = RLock()
        self._store = store
        self._ticks = ticks
        self._version = 0
        self._looked = ticks()
        self._absorbed: dict[str, list[str]] = {}
        """Survivor -> those it stands for."""
        self.refresh()

    def refresh(self) -> None:
        """Take over the merges and splits of other transactions and processes."""
        if self._store is None:
            return
        self._looked = self._ticks()
        with self._store.reading() as session:
            version = merges.version(session)
            if version == self._version:
                return
            edges = {one.absorbed: one.into for one in merges.merges(session).values()}
            named = archive.actors(session, {*edges, *edges.values()})
        standing = survivors(edges)
        with self._lock:
            for actor in named:
                if self._catalogue.get(actor.id) is None:
                    self._catalogue.add(actor)
            self._catalogue.unite(standing)
            self._absorbed = {}
            for absorbed, survivor in sorted(standing.items()):
                self._absorbed.setdefault(survivor, []).append(absorbed)
            self._version = version

    def actor(self, actor_id: str) -> Actor:
        """The actor with an id, or the one it was merged into. Raises KeyError if nobody bears it.

        Its aliases begin with the names of those that were merged into it.
        """
        self._look()
        with self._lock:
            return self._with_absorbed(self._found(self._catalogue.survivor(actor_id)))

    def as_read(self, actor_ids: Iterable[str]) -> list[Actor]:
        """The actors with these ids as readings name them, merged or not. Raises KeyError."""
        with self._lock:
            return [self._found(actor_id) for actor_id in actor_ids]

    @contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        """The catalogue, held for as long as it is looked through."""
        with self._lock:
            yield self._catalogue

    def name(self, actor_id: str, language: str = "de") -> str:
        """The name to show for an actor, in a language; beside a sentence, in the sentence's."""
        return self.actor(actor_id).called(language)

    def lookup(self, query: str, on: PartialDate | None = None) -> Lookup:
        """The actors a query means, and those it is near to."""
        self._look()
        with self._lock:
            found = self._catalogue.lookup(query, on)
            return Lookup(
                tuple(map(self._with_absorbed, found.exact)),
                tuple(map(self._with_absorbed, found.near)),
            )

    def acts(self, actor: Actor) -> bool:
        """Whether an actor can be company: no mere place, and no paper that reports."""
        with self._lock:
            return actor.kind is not ActorKind.PLACE and not self._catalogue.is_media(actor.id)

    def topic_name(self, topic: Topic, language: str) -> str:
        """The name to show for a topic."""
        return self._topic_names.get(language, {}).get(topic.id, topic.name)

    def add(self, actors: Iterable[Actor]) -> None:
        """Add actors that reports brought."""
        with self._lock:
            for actor in actors:
                self._catalogue.add(actor)

    def resolve(self, document: Document, on: PartialDate | None) -> Resolution:
        """Find the actors of a document; new ones are known from now on."""
        with self._lock:
            resolution = resolve(document, self._catalogue, on)
            for actor in resolution.new_actors:
                self._catalogue.add(actor)
        return resolution

    def names_in(self, reports: Iterable[Report]) -> dict[tuple[str, str], str]:
        """The names to show beside the sentences of reports for all whom they name or quote."""
        found: set[tuple[str, str]] = set()
        for report in reports:
            reading, language = report.reading, report.reading.language
            found.update((m.actor, language) for m in reading.mentions if m.actor)
            found.update((s.actor, language) for s in reading.statements if s.actor)
        return {(actor, language): self.name(actor, language) for actor, language in found}

    def _look(self) -> None:
        if self._ticks() - self._looked >= _LOOK_EVERY:
            self.refresh()

    def _found(self, actor_id: str) -> Actor:
        """An actor of the catalogue; one that another process found is read from the database."""
        actor = self._catalogue.get(actor_id)
        if actor is None and self._store is not None:
            with self._store.reading() as session:
                actor = next(iter(archive.actors(session, {actor_id})), None)
            if actor is not None:
                self._catalogue.add(actor)
        if actor is None:
            raise KeyError(actor_id)
        return actor

    def _with_absorbed(self, actor: Actor) -> Actor:
        absorbed = [self._catalogue.get(one) for one in self._absorbed.get(actor.id, ())]
        if not absorbed:
            return actor
        names = [name for one in absorbed if one for name in (one.name, *one.aliases)]
        offices = [office for one in absorbed if one for office in one.offices]
        return replace(
            actor,
            aliases=tuple(dict.fromkeys((*names, *actor.aliases))),
            offices=tuple(dict.fromkeys((*actor.offices, *offices))),
        )
