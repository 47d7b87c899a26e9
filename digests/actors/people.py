"""Persons of a document: introduced by full name, called by surname.

:class:`People` decides for each name of a person who is meant. A full name
introduces somebody; a surname means the one so introduced, the one whose
office stands beside it, or the only likely bearer the catalogue knows. Between
two it stays open.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from digests.actors.names import PARTICLES, REGNAL, fold, key, skeleton, surnames, wordset
from digests.actors.ordinary import OrdinaryWords
from digests.actors.pronouns import SAYING
from digests.actors.roles import Gender
from digests.actors.scene import Scene
from digests.actors.spotting import ARTICLES, HONORIFICS, STYLES, Spot
from digests.actors.titles import Title
from digests.types import Actor, ActorKind

_WOMEN = wordset("frau mrs ms miss madame lady dame")
_MEN = wordset("herr herrn mr monsieur senor sir lord")
_GERMAN_ARTICLES = ARTICLES | wordset("ein eine einen einem einer eines")
_ENGLISH_ARTICLES = wordset("the a an")
# Callings that a politician of the list hardly has: 'Trainer Scholz' is another Scholz.
_OTHER_CALLINGS = wordset(
    "trainer kuenstler offizier richter staatsanwalt anwalt polizeichef journalist experte "
    "bischof unternehmer"
)
_SINGULAR = wordset("praesident bundeskanzler papst koenig kaiser")
"""Offices which the list gives to all who held them: who did not is not meant."""
_SHORTEST = 3
_COMMON_NOUN = re.compile(
    r"(.{4}(endes|direktion|leitung|schaft|ismus|befohlener|behörde|ministerium|sprache)"
    r"|(nes|nds|ländis|hnis)isch)$|^\d"
)
"""What no surname looks like, though a pipeline may take it for one."""
_AUXILIARIES = wordset(
    "hat habe hatte hätte ist sei war wäre wird werde wurde würde will wolle wollte kann könne "
    "konnte soll solle sollte muss müsse musste"
)
_SUBJECTS = wordset("er sie es man wir ich der die das ein eine")
_NEARBY = 2
"""Sentences back in which the last full name decides between two of one surname."""


@dataclass(slots=True)
class Person:
    """A person of a document; ``named`` are the words at which the name stands in full."""

    actor: str
    gender: Gender | None
    named: list[int]
    titles: list[Title] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The word at which the person is introduced."""
        return self.named[0]


class People:
    """The persons of a document, and which name means whom."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._words = OrdinaryWords(scene)
        self.known: dict[str, Person] = {}
        self._by_surname: dict[str, list[Person]] = defaultdict(list)
        self._by_first_name: dict[str, list[str]] = defaultdict(list)
        self._by_skeleton: dict[str, str] = {}
        self.actors: dict[int, str | None] = {}
        """Spot -> actor id, None where it stays open; a spot that names nobody is left out."""

    def resolve(self) -> None:
        """Decide every name of a person: full names first, wherever they stand."""
        names = [
            (index, found)
            for index, found in enumerate(self._scene.spots)
            if found.kind is ActorKind.PERSON
        ]
        full = [pair for pair in names if self._is_full(pair[1])]
        for index, found in sorted(full, key=self._length, reverse=True):
            if not self._called_so(found):
                self._introduce(index, found)
        for person in self.known.values():
            person.named.sort()
        for index, found in names:
            if index not in self.actors:
                self._call(index, found)

    def _length(self, pair: tuple[int, Spot]) -> int:
        """Names without initials come first, the longest of them before the others."""
        found = pair[1]
        words = self._scene.words.folded[found.first : found.last]
        return len(words) if all(len(word) > 1 for word in words) else 0

    def _called_so(self, found: Spot) -> bool:
        """Whether what looks like a full name is an introduced person's surname: 'Hirsi Ali'."""
        form = self._scene.form(found)
        bearers = self._by_surname.get(form) or self._by_surname.get(form.removesuffix("s"))
        return not found.ids and " " in form and bool(bearers)

    def gender(self, actor_id: str) -> Gender | None:
        """A person's gender, as the document shows it or as it is known."""
        if person := self.known.get(actor_id):
            return person.gender
        actor = self._scene.actor(actor_id)
        return self._scene.catalogue.gender(actor) if actor else None

    # Full names.

    def _is_full(self, found: Spot) -> bool:
        """Whether a spot holds a first name and a surname, or a name that needs none."""
        if found.ids:
            return not found.surname
        scene = self._scene
        parts = len(scene.words.parts(found.first, found.last))
        titled = parts == 2 and scene.words.folded[found.first] in HONORIFICS
        particle = scene.words.surfaces[found.first] in PARTICLES  # van der Vaart
        particle = particle or bool(scene.catalogue.surname(scene.form(found)))  # Von der Leyen
        named = not titled and not particle and not found.adjective
        return parts >= 2 and named and not self._words.is_domain(found)

    def _introduce(self, index: int, found: Spot) -> None:
        scene = self._scene
        title = self._title(index)
        if found.ids and scene.catalogue.ambiguous(found.form) and not self._evident(index):
            return
        if found.ids:
            actor_id = self._namesake(found.ids, title) or found.ids[0]
        else:
            actor_id = self._spelled_otherwise(found) or self._added(found)
        actor = scene.actor(actor_id)
        if actor is None:
            return
        self.actors[index] = actor_id
        person = self.known.get(actor_id)
        if person is None:
            gender = scene.catalogue.gender(actor) or (title.gender if title else None)
            person = Person(actor_id, gender or self._address(index), [])
            self._register(person, self._called(actor, found))
        person.named.append(found.first)
        person.titles += scene.titles_of.get(index, [])

    def _register(self, person: Person, forms: set[str]) -> None:
        self.known[person.actor] = person
        self._by_skeleton.setdefault(skeleton(self._scene.name(person.actor)), person.actor)
        for form in sorted(forms):
            self._by_surname[form].append(person)
        first, _, rest = self._scene.name(person.actor).partition(" ")
        if rest:
            self._by_first_name[key(first)].append(person.actor)

    def _called(self, actor: Actor, found: Spot) -> set[str]:
        """The folded forms by which an introduced person may be called."""
        forms = {form for name in (actor.name, *actor.aliases) for form in surnames(name)}
        if profile := self._scene.catalogue.profile(actor.id):
            forms.update(profile.short)
        if not found.ids:
            forms.update(surnames(self._scene.surface(found)))
            forms.update(self._several_surnames(self._scene.name(actor.id)))
        return {key(form) for form in forms}

    def _several_surnames(self, name: str) -> tuple[str, ...]:
        """'Hirsi Ali' of Ayaan Hirsi Ali; of Álvaro Uribe Vélez also 'Uribe', the father's name."""
        *middle, last = name.split(" ")
        if len(middle) < 2 or REGNAL.match(last) or len(middle[-1].strip(".")) < _SHORTEST:
            return ()
        if middle[-1].lower() in PARTICLES:
            return ()
        both = f"{middle[-1]} {last}"
        return (both,) if self._scene.catalogue.first_name(middle[-1]) else (both, middle[-1])

    def _title(self, index: int) -> Title | None:
        """The office that stands before a name, else the one that follows it."""
        return next(iter(self._scene.titles_of.get(index, ())), None)

    def _namesake(self, ids: tuple[str, ...], title: Title | None) -> str | None:
        """One of several actors of one name: by office, else the only curated one."""
        if len(ids) > 1 and title is not None:
            ids = self._scene.holding(ids, title) or ids
        if len(ids) > 1:
            ids = tuple(i for i in ids if self._scene.is_curated(i))
        return ids[0] if len(ids) == 1 else None

    def _spelled_otherwise(self, found: Spot) -> str | None:
        """A known person whose name is written otherwise: a middle name, an initial, a spelling."""
        catalogue = self._scene.catalogue
        form = self._scene.form(found)
        for candidate in dict.fromkeys((form, form.removesuffix("s"))):
            first, *_, last = candidate.split(" ")
            for variant in (candidate, f"{first} {last}"):
                alike = catalogue.full(variant) or catalogue.spelled_alike(variant)
                if people := self._persons(alike):
                    return people[0]
            if len(first) == 1:
                bearers = catalogue.surname(last)
                fitting = [i for i in bearers if fold(self._scene.name(i))[:1] == first]
                if len(fitting) == 1:
                    return fitting[0]
            if here := self._shortened(candidate.split(" ")):
                return here
        return self._by_skeleton.get(skeleton(self._scene.surface(found)))

    def _shortened(self, words: list[str]) -> str | None:
        """The one introduced person whose longer name this is: no middle name, an initial."""
        alike = [
            person.actor
            for person in self.known.values()
            if len(longer := key(self._scene.name(person.actor)).split(" ")) >= len(words)
            and (longer[0] == words[0] or (len(words[0]) == 1 and longer[0][0] == words[0]))
            and set(words[1:]) < set(longer)
            and longer != words
        ]
        return alike[0] if len(alike) == 1 else None

    def _persons(self, ids: tuple[str, ...]) -> list[str]:
        """Those of the actors that are persons, curated ones first."""
        people = [i for i in ids if self._scene.kind(i) is ActorKind.PERSON]
        return sorted(people, key=lambda i: (not self._scene.is_curated(i), i))

    def _added(self, found: Spot) -> str:
        scene = self._scene
        return scene.new.person(scene.surface(found), genitive=scene.genitive(found))

    # Surnames.

    def _call(self, index: int, found: Spot) -> None:
        if not self._evident(index):
            return
        scene = self._scene
        title = self._title(index)
        gender = self._address(index) or (title.gender if title else None)
        form = key(self._without_address(found)) if not found.form else found.form
        for candidate in dict.fromkeys((form, form.removesuffix("s"))):
            decided, actor_id = self._bearer(candidate, found, title, gender)
            if decided:
                self.actors[index] = actor_id
                if title is not None and actor_id in self.known:
                    self.known[actor_id].titles.append(title)
                return
        if found.label != "PER" or found.adjective:
            return
        if self._called_by_first_name(index, found):
            return
        if self._is_surname(found) and (index in scene.titles_of or not self._words.is_word(found)):
            styled = scene.words.folded[found.first] in STYLES
            name = scene.surface(found) if styled else self._without_address(found)
            actor_id = scene.new.person(name, genitive=scene.genitive(found))
            self.actors[index] = actor_id
            if actor_id not in self.known:
                titles = [title] if title is not None else []
                person = Person(actor_id, gender, [found.first], titles)
                self._register(person, {key(scene.name(actor_id))})

    def _called_by_first_name(self, index: int, found: Spot) -> bool:
        """Whether a name is a bare first name: of the one introduced with it, else of nobody."""
        scene = self._scene
        forms = (scene.form(found), scene.form(found).removesuffix("s"))
        bearers = next((b for form in forms if (b := self._by_first_name.get(form))), [])
        known = scene.catalogue.first_name(scene.surface(found)) is not None
        if not bearers and not known:
            return False
        self.actors[index] = bearers[0] if len(bearers) == 1 else None
        return True

    def _address(self, index: int) -> Gender | None:
        """The gender that 'Frau' or 'Herr' before a name says."""
        words = self._scene.words.folded
        first = self._scene.spots[index].first
        for word in (words[first], words[first - 1] if first else ""):
            if word in _WOMEN:
                return "f"
            if word in _MEN:
                return "m"
        return None

    def _without_address(self, found: Spot) -> str:
        parts = self._scene.surface(found).split(" ")
        while len(parts) > 1 and fold(parts[0]).strip(".") in HONORIFICS:
            parts = parts[1:]
        return " ".join(parts)

    def _is_surname(self, found: Spot) -> bool:
        """Whether an unknown word may be a surname: no first name, no address, no office."""
        name = self._without_address(found)
        catalogue = self._scene.catalogue
        return (
            len(name) > 1
            and name[0].isupper()
            and fold(name).strip(".") not in HONORIFICS
            and not _COMMON_NOUN.search(name)
            and catalogue.first_name(name) is None
            and catalogue.roles.parse(name.split("-")[-1]) is None
        )

    def _evident(self, index: int) -> bool:
        """Whether a surname is a person's here, and no word (Kurz), place or part of a name."""
        scene = self._scene
        found = scene.spots[index]
        form = found.form or scene.form(found)
        if self._is_word(index, form):
            return False
        if found.label == "PER" or index in scene.titles_of or self._address(index):
            return True
        introduced = self._by_surname.get(form, ())
        if not scene.catalogue.ambiguous(form):
            return bool(introduced) or not (
                found.label or self._in_a_name(found) or self._only_learned(form)
            )
        continues = found.first > 0 and scene.words.joined[found.first - 1]
        continues = continues or (scene.opens(found.first) and self._says(found))
        return (
            continues
            and not self._behind_article(found.first)
            and not found.adjective
            and any(person.first < found.first for person in introduced)
        )

    def _only_learned(self, form: str) -> bool:
        """Whether a surname is known from other reports alone: it may be a word here (Volk)."""
        bearers = self._scene.catalogue.surname(form)
        return not any(self._scene.is_curated(one) for one in bearers)

    def _is_word(self, index: int, form: str) -> bool:
        """'Ein Storch': an ordinary word behind an article, and nobody of that name about."""
        scene = self._scene
        first = scene.spots[index].first
        if not self._behind_article(first) or not scene.catalogue.ambiguous(form):
            return False
        if index in scene.titles_of:
            return False
        return scene.words.gap(first - 1) == " " and form not in self._by_surname

    def _behind_article(self, first: int) -> bool:
        """Whether an article stands before a word; 'an' is none in German ('an Blinken')."""
        english = self._scene.document.language == "en"
        articles = _ENGLISH_ARTICLES if english else _GERMAN_ARTICLES
        return first > 0 and self._scene.words.folded[first - 1] in articles

    def _says(self, found: Spot) -> bool:
        """'Kurz sagte, …' or 'Kurz habe ihn …', and not 'Kurz sagte er …'."""
        words, verb = self._scene.words, found.last
        if verb + 1 >= len(words):
            return False
        if words.folded[verb] not in _AUXILIARIES and not SAYING.match(words.folded[verb]):
            return False
        return words.gap(verb) != " " or words.folded[verb + 1] not in _SUBJECTS

    def _in_a_name(self, found: Spot) -> bool:
        """Whether capitalised words beside a bare surname make it part of another name."""
        words = self._scene.words
        if not found.surname or found.adjective or words.surfaces[found.first].isupper():
            return False
        follows = found.last < len(words) and words.gap(found.last - 1) == " "
        if follows and words.capital(found.last) and not found.genitive:
            return True
        if not found.first or words.gap(found.first - 1) != " ":
            return False
        before = words.surfaces[found.first - 1]
        return before != before.lower() and not self._scene.opens(found.first - 1)

    def _bearer(
        self, form: str, found: Spot, title: Title | None, gender: Gender | None
    ) -> tuple[bool, str | None]:
        """Who bears a surname here: (decided, actor id); the id is None where it stays open."""
        introduced = self._by_surname.get(form, [])
        bearers = self._scene.catalogue.surname(form)
        if title is not None and (holder := self._in_that_office(bearers, introduced, title)):
            return True, holder
        before = [person for person in introduced if person.first < found.first]
        # 'Trump' in a headline above Donald Trump junior's name is the other one.
        if before or not bearers or any(person.actor in bearers for person in introduced):
            pool = [p for p in before or introduced if gender is None or p.gender in (None, gender)]
            if pool:
                return True, self._among(pool, found, title)
        bearers = tuple(i for i in bearers if gender is None or self.gender(i) in (None, gender))
        return self._likely(form, bearers, found, title)

    def _in_that_office(
        self, bearers: tuple[str, ...], introduced: list[Person], title: Title
    ) -> str | None:
        """The one bearer to whom the office at a body points, if nobody else here has held it."""
        holding = self._scene.holding(bearers, title) if self._scene.body(title) else ()
        if len(holding) != 1:
            return None
        others = [person for person in introduced if person.actor != holding[0]]
        if len(others) == len(introduced) and any(
            _same_office(seen, title) for person in others for seen in person.titles
        ):
            return None
        return holding[0]

    def _among(self, pool: list[Person], found: Spot, title: Title | None) -> str | None:
        """One of the persons introduced with this surname: by office, or the one just named."""
        scene = self._scene
        if len(pool) > 1 and title is not None:
            titled = [
                person
                for person in pool
                if any(_same_office(seen, title) for seen in person.titles)
                or scene.catalogue.holds(person.actor, title.role, scene.body(title), scene.on)
            ]
            pool = titled or pool
        if len(pool) > 1:
            here = scene.sentence(found.first)
            pool = [
                person
                for person in pool
                if (before := bisect_left(person.named, found.first))
                and here - scene.sentence(person.named[before - 1]) < _NEARBY
            ]
        return pool[0].actor if len(pool) == 1 else None

    def _likely(
        self, form: str, bearers: tuple[str, ...], found: Spot, title: Title | None
    ) -> tuple[bool, str | None]:
        """The likely bearer among those the catalogue knows: a curated one, or the only one."""
        scene = self._scene
        curated = tuple(i for i in bearers if scene.is_curated(i))
        learned = tuple(i for i in bearers if i not in curated)
        if title is not None and title.role in _OTHER_CALLINGS:
            curated = tuple(
                i for i in curated if not scene.catalogue.terms(i) or scene.holding((i,), title)
            )
        if title is not None and title.role in _SINGULAR:
            curated = scene.holding(curated, title)  # 'Präsident Kennedy' is none of later years
        if len(curated) > 1 and title is not None:
            curated = scene.holding(curated, title) or curated
        if len(curated) > 1:
            curated = self._serving(curated) or curated
        if curated:
            return True, curated[0] if len(curated) == 1 else None
        if len(learned) == 1 and not scene.catalogue.common_surname(form):
            return True, learned[0]
        return len(learned) > 1 and not found.label, None

    def _serving(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those in office on the report's date."""
        on = self._scene.on
        if on is None:
            return ()
        return tuple(
            i for i in ids if any(term.held(on) for term in self._scene.catalogue.terms(i))
        )


def _same_office(seen: Title, title: Title) -> bool:
    if seen.body and title.body and seen.body != title.body:
        return False
    return seen.stem.endswith(title.stem) or title.stem.endswith(seen.stem)
