"""Offices without a name: 'der Kremlchef', 'der US-Präsident', 'der Minister'.

An office stands for a person where the document has named somebody in it, or
where the curated list has one holder on the report's date. Plurals, posts
('das Amt des Präsidenten') and offices once held stand for nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from digests.actors.names import fold, wordset
from digests.actors.people import People, Person
from digests.actors.scene import Scene
from digests.actors.titles import Title

_PLURAL_PREPOSITIONS = wordset("mit von zwischen bei zu aus unter neben nach")
_POST = wordset(
    "amt amtes posten postens wahl funktion rolle aufgabe titel kandidat kandidatin nachfolge zum "
    "zur als vom beruf stellvertreter stellvertreterin vertreter as"
)


class StandaloneOffices:
    """Whom the offices without a name mean in one document."""

    def __init__(self, scene: Scene, people: People) -> None:
        self._scene = scene
        self._people = people
        self._named_in: dict[int, set[str | None]] = defaultdict(set)
        for index, actor_id in people.actors.items():
            self._named_in[scene.sentence(scene.spots[index].first)].add(actor_id)
        self._seen: dict[str, list[tuple[Title, Person]]] = defaultdict(list)
        """Word for an office -> where it stands beside whose name."""
        for person in people.known.values():
            for title in person.titles:
                if title.is_office:
                    self._seen[title.stem].append((title, person))
        self._listed = [p for p in people.known.values() if scene.catalogue.terms(p.actor)]

    def holder(self, title: Title) -> str | None:
        """The person an office means; None where that is not clear."""
        if not title.is_office or not self._is_one_person(title):
            return None
        if seen := self._named_in_office(title):
            return seen
        body = self._scene.body(title)
        if title.future and body is None and not title.foreign:
            return self._just_named(title)
        if title.former or title.future:
            return None
        if title.foreign or body is None:
            return None if title.foreign else self._generic(title)
        return self._by_list(title, body)

    def _is_one_person(self, title: Title) -> bool:
        """Whether a phrase means one certain person: definite, singular, and no mere post."""
        if title.number == "plural" or title.determiner in ("indefinite", "possessive"):
            return False
        if self._is_post(title):
            return False
        if title.determiner == "definite":
            return not self._may_be_plural(title)
        if title.determiner == "genitive":
            return title.owner is None
        # Without an article only in headlines: 'Kremlchef droht'.
        compound = title.chain < title.head or title.body is not None
        return compound and self._scene.opens(title.start)

    def _is_post(self, title: Title) -> bool:
        """'das Amt des Präsidenten', 'zum US-Präsidenten gewählt', 'als Kanzler'."""
        first = title.start - (1 if title.determiner == "definite" else 0)
        return first > 0 and self._scene.words.folded[first - 1] in _POST

    def _may_be_plural(self, title: Title) -> bool:
        """'die Minister', 'der Appell der Richter', 'mit den Präsidenten'."""
        words = self._scene.words
        before = title.start - 2  # the word before the article
        if title.gender == "m" and title.article == "die":
            return True
        if title.gender == "m" and title.article in ("der", "dieser"):
            after_noun = (
                before >= 0
                and words.gap(before) == " "
                and words.capital(before)
                and not self._scene.opens(before)
            )
            inflected = words.surfaces[title.head].removesuffix("r") != (
                title.nominative.removesuffix("r")
            )
            return inflected or (title.number == "either" and after_noun)
        if title.article == "den" and title.number == "either":
            return before >= 0 and words.folded[before] in _PLURAL_PREPOSITIONS
        return False

    def _fits(self, person: Person, title: Title) -> bool:
        return title.gender is None or person.gender in (None, title.gender)

    def _named_in_office(self, title: Title) -> str | None:
        """The one person whom the document has named in this office.

        Names that come later count only where the office is named with its body.
        """
        before: set[str] = set()
        after: set[str] = set()
        for seen, person in self._candidates(title):
            if self._fits(person, title) and self._is_same(seen, title):
                (before if seen.head < title.head else after).add(person.actor)
                if len(before) > 1:
                    return None
        pool = before or (after if title.body else set())
        return next(iter(pool)) if len(pool) == 1 else None

    def _candidates(self, title: Title) -> Iterator[tuple[Title, Person]]:
        """The offices beside names whose word may mean the same."""
        covered = self._scene.catalogue.roles.covered(title.role)
        for stem, seen in self._seen.items():
            if stem.endswith(title.stem) or seen[0][0].role in covered:
                yield from seen

    def _is_same(self, seen: Title, title: Title) -> bool:
        """Whether an office seen beside a name is, by time and body, the one that stands alone."""
        if seen.former != title.former or seen.future != title.future:
            return False
        wanted = self._scene.body(title)
        if wanted is None:
            return not title.foreign
        had = self._scene.body(seen)
        return had is not None and (had == wanted or self._state(had) == self._state(wanted))

    def _state(self, body: str) -> str:
        return self._scene.catalogue.stands_for(body) or body

    def _just_named(self, title: Title) -> str | None:
        """'Der designierte Staatschef': the one person whom the sentence before names."""
        named = self._named_in.get(self._scene.sentence(title.head) - 1, set())
        return next(iter(named)) if len(named) == 1 and title.determiner == "definite" else None

    def _generic(self, title: Title) -> str | None:
        """'der Minister': the one person named before who holds such an office on the date."""
        if title.determiner != "definite":
            return None
        holders = [
            person.actor
            for person in self._listed
            if person.first < title.head
            and self._fits(person, title)
            and self._holds_such(person, title)
        ]
        return holders[0] if len(holders) == 1 else None

    def _holds_such(self, person: Person, title: Title) -> bool:
        roles, on = self._scene.catalogue.roles, self._scene.on
        return any(
            (on is None or term.held(on))
            and (
                term.role in roles.covered(title.role)
                or fold(roles.word(term.role, person.gender)).endswith(title.stem)
            )
            for term in self._scene.catalogue.terms(person.actor)
        )

    def _by_list(self, title: Title, body: str) -> str | None:
        """The holder by the list: of those in the document, else the only one on the date."""
        scene = self._scene
        catalogue, known = scene.catalogue, self._people.known
        if title.body is None:  # 'der Kanzler' in Vienna
            present = [
                person.actor
                for person in self._listed
                if self._fits(person, title)
                and catalogue.holds(person.actor, title.role, None, scene.on)
            ]
            if present:
                return present[0] if len(present) == 1 else None
        holders = catalogue.holders(title.role, body, scene.on, title.gender)
        several = catalogue.roles.roles[title.role].several
        if scene.on is None or several or len(holders) > 1:
            holders = tuple(i for i in holders if i in known)
        return holders[0] if len(holders) == 1 else None
