"""What is known of one document while its names are resolved.

A :class:`Scene` holds the words, names and offices of a document with the
catalogue and the report's date, and answers the small questions that people,
roles and mentions all ask.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict

from digests.actors.catalogue import Catalogue
from digests.actors.entities import NewActors
from digests.actors.names import may_be_genitive, wordset
from digests.actors.spotting import Spot, Words, spot
from digests.actors.titles import Title, find_titles
from digests.nlp.document import Document
from digests.types import Actor, ActorKind, PartialDate

_DATIVE = wordset("von aus in nach bei mit zu bis uber durch fur gegen ohne um")
"""Prepositions that no genitive follows: 'Gouverneur von Massachusetts Mitt Romney'."""


class Scene:
    """One document, its names and offices, and the catalogue they are looked up in."""

    def __init__(self, document: Document, catalogue: Catalogue, on: PartialDate | None) -> None:
        self.document = document
        self.catalogue = catalogue
        self.on = on
        self.words = Words(document.text)
        self.spots = spot(document, self.words, catalogue)
        self.titles = find_titles(self.words, self.spots, catalogue, document.language)
        self.titles_of: dict[int, list[Title]] = defaultdict(list)
        """Spot of a person -> the offices that stand beside it."""
        for title in self.titles:
            if title.person is not None:
                self.titles_of[title.person].append(title)
        self.new = NewActors(catalogue)
        self._starts = [sentence.start for sentence in document.sentences]
        self._openers = frozenset(bisect_left(self.words.starts, start) for start in self._starts)
        self._surfaces = frozenset(self.words.surfaces)

    def actor(self, actor_id: str) -> Actor | None:
        """An actor of the catalogue or one that this document adds."""
        return self.catalogue.get(actor_id) or self.new.get(actor_id)

    def name(self, actor_id: str) -> str:
        """An actor's name; empty for an id that nobody bears."""
        actor = self.actor(actor_id)
        return actor.name if actor else ""

    def kind(self, actor_id: str) -> ActorKind | None:
        """What an actor is."""
        actor = self.actor(actor_id)
        return actor.kind if actor else None

    def is_curated(self, actor_id: str) -> bool:
        """Whether an actor is of the curated list."""
        actor = self.catalogue.get(actor_id)
        return actor is not None and actor.curated

    def body(self, title: Title) -> str | None:
        """The body of an office: as named, else the one its word implies (Kremlchef)."""
        if title.body or title.foreign:
            return title.body
        return self.catalogue.roles.default_body(title.role)

    def holding(self, ids: tuple[str, ...], title: Title) -> tuple[str, ...]:
        """Those who hold the title's office on the report's date; failing that, ever."""
        body = self.body(title)
        for date in (self.on, None):
            found = tuple(i for i in ids if self.catalogue.holds(i, title.role, body, date))
            if found:
                return found
        return ()

    def sentence(self, word: int) -> int:
        """The number of the sentence that a word stands in."""
        return bisect_right(self._starts, self.words.starts[word]) - 1

    def opens(self, word: int) -> bool:
        """Whether a word is the first of a sentence."""
        return word in self._openers

    def form(self, found: Spot) -> str:
        """The folded words of a name as they stand in the text."""
        return " ".join(self.words.folded[found.first : found.last])

    def surface(self, found: Spot) -> str:
        """A name as it stands in the text, white space folded."""
        return " ".join(self.words.phrase(found.first, found.last).split())

    def genitive(self, found: Spot) -> bool:
        """Whether a name stands in the genitive.

        For a name that nobody knows: where it stands without the -s elsewhere in the
        document, or before a noun with an -s that may be one ('Ischingers Nachfolger').
        """
        if found.ids or found.genitive:
            return found.genitive
        last = self.words.surfaces[found.last - 1]
        if not last.endswith("s"):
            return False
        if len(last) > 3 and last[:-1] in self._surfaces:
            return True
        return (
            may_be_genitive(last)
            and (not found.first or self.words.folded[found.first - 1] not in _DATIVE)
            and found.last < len(self.words)
            and self.words.gap(found.last - 1) == " "
            and self.words.surfaces[found.last][0].isupper()
        )
