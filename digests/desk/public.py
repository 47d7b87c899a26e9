"""Answers that may be shown to anybody, anywhere: made of the operator's sources alone.

What is sent by inline mode goes into chats that have nothing to do with this
bot. A feed that a chat added may be its own business, and its address a secret: what
stands in such a feed only is left out, and so is everything about chats.
"""

from __future__ import annotations

from typing import Final

from digests.desk.answers import Answers
from digests.desk.matching import full_text
from digests.desk.statements import said
from digests.desk.views import Focus
from digests.store import archive, merges
from digests.types import Actor, ActorCard, StoryView
from digests.words import stems

_IN_THE_NEWS: Final = 200


class Public(Answers):
    """What anybody may be told. May be used from any thread."""

    def card(
        self, actor_id: str, *, statements: int = 5, stories: int = 5, newest: int = 60
    ) -> ActorCard | None:
        """An actor with the newest statements and stories; None where no report names it.

        It is made of so many of the ``newest`` reports. Raises KeyError for an id nobody bears.
        """
        actor = self._known.actor(actor_id)
        with self._store.reading() as session:
            actor_id = merges.survivor(session, actor_id)
            wanted = archive.Filter((actor_id,), public=True)
            ids = archive.newest_filtered(session, wanted, newest)
            count = archive.count_filtered(session, wanted)
            reports = archive.reports(session, ids)
        if not reports:
            return None
        return ActorCard(
            actor=actor,
            reports=count,
            first=None,
            last=None,
            company=self._company(reports, actor_id),
            statements=said(reports, actor_id, self._known, limit=statements),
            stories=self._telling(reports, Focus(actor_id), limit=stories),
        )

    def found(self, query: str, *, limit: int) -> tuple[StoryView, ...]:
        """Stories whose reports hold all words of a query, best first."""
        with self._store.reading() as session:
            within = archive.Filter(public=True)
            ids = full_text(session, query, limit=limit * 4, within=within)
            reports = archive.reports(session, ids)
        focus = Focus(stems=tuple(dict.fromkeys(stems(query, "de"))))
        return self._stories(reports, focus, limit=limit, sentences=2)

    def in_the_news(self, *, limit: int) -> list[Actor]:
        """The people, organisations and states named most often in the newest reports."""
        with self._store.reading() as session:
            ids = archive.newest_filtered(session, archive.Filter(public=True), _IN_THE_NEWS)
            ranked = archive.actors_in(session, ids, "")
        return [actor for actor, _ in self._acting(ranked, limit=limit)]
