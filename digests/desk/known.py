"""What the desk knows by heart: the catalogue of actors, safe to ask while an ingest adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import RLock

from digests.actors import Catalogue, Lookup, Resolution, resolve
from digests.nlp.document import Document
from digests.types import Actor, ActorKind, PartialDate, Report, Topic


class Known:
    """The catalogue behind a lock: the reading lane adds actors while commands look them up."""

    def __init__(
        self, catalogue: Catalogue, topic_names: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """``topic_names``: language -> topic id -> name, for the starter topics."""
        self._catalogue = catalogue
        self._topic_names = topic_names or {}
        self._lock = RLock()

    def actor(self, actor_id: str) -> Actor:
        """The actor with an id. Raises KeyError if nobody bears it."""
        with self._lock:
            actor = self._catalogue.get(actor_id)
        if actor is None:
            raise KeyError(actor_id)
        return actor

    def name(self, actor_id: str) -> str:
        """The name to show for an actor."""
        return self.actor(actor_id).name

    def lookup(self, query: str, on: PartialDate | None = None) -> Lookup:
        """The actors a query means, and those it is near to."""
        with self._lock:
            return self._catalogue.lookup(query, on)

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

    def names_in(self, reports: Iterable[Report]) -> dict[str, str]:
        """The names to show for all actors that reports name or quote."""
        ids: set[str] = set()
        for report in reports:
            ids.update(m.actor for m in report.reading.mentions if m.actor)
            ids.update(s.actor for s in report.reading.statements if s.actor)
        return {actor: self.name(actor) for actor in ids}
