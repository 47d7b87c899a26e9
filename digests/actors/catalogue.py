"""All known actors, and how each may be named: in running text and in a question.

A :class:`Catalogue` holds the curated profiles and whatever actors the store
has learned. It is built once and grows by :meth:`Catalogue.add`; every look-up
is by dictionary, near matches search a bounded part of the vocabulary, so that
it serves hundreds of thousands of actors. Nothing here reads a document.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from digests.actors.names import WORD, fold, inflected, key, skeleton, surnames, wordset
from digests.actors.profiles import Curated, Profile, Term
from digests.actors.roles import Gender, RoleBook
from digests.types import Actor, ActorKind, PartialDate
from digests.words import function_word

_ENDINGS = ("e", "en", "er", "es", "em")
_ARTICLES = wordset(
    "der die das den dem des ein eine einen einem einer eines the a an von vom of herr herrn frau "
    "mr mrs ms dr prof"
)
_NEAR_SCORE = 78
_SHORT = 3
"""Up to this length a name counts only as it is written: EU, Xi."""
_BUCKET = 4000
"""How many words of one initial and length are compared at most, and actors kept for a word."""
_NAMESAKES = 64
"""How many bearers of one name are kept: the curated come first, and beyond a few none is meant."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a question may mean: ``exact`` (several: ambiguous), and likely others, best first."""

    exact: tuple[Actor, ...] = ()
    near: tuple[Actor, ...] = ()


class Catalogue:
    """The known actors, indexed by every form of their names."""

    def __init__(self, curated: Curated | None = None, known: Iterable[Actor] = ()) -> None:
        self._curated = curated or Curated()
        self.roles: RoleBook = self._curated.roles
        self._actors: dict[str, Actor] = {}
        self._profiles: dict[str, Profile] = {}
        self._genders: dict[str, Gender] = {}
        self._full: dict[str, tuple[str, ...]] = {}
        self._surnames: dict[str, tuple[str, ...]] = {}
        self._relatives: dict[str, tuple[str, ...]] = {}
        """Surname -> persons who bear it but are not meant by it alone (Hunter Biden)."""
        self._skeletons: dict[str, tuple[str, ...]] = {}
        self._cased: dict[str, frozenset[str]] = {}
        self._adjectives: dict[str, tuple[str, bool]] = {}
        self._english_adjectives: dict[str, str] = {}
        self._demonyms: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._holders: dict[tuple[str, str], list[tuple[str, Term]]] = defaultdict(list)
        self._bodies_of_state: dict[tuple[str, str], list[tuple[str, Term]]] = defaultdict(list)
        """As above, for the state that a body belongs to: 'US-Notenbankchef'."""
        self._vocabulary: dict[str, list[str]] = {}
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._first_names: dict[str, Gender] = dict(self._curated.first_names)
        self._alike: dict[str, tuple[str, ...]] = {}
        """Surname in one spelling for all romanisations -> the persons who bear it."""
        self._survivors: Mapping[str, str] = {}
        self.heads: dict[str, int] = {}
        """First word of every form -> the number of words of the longest form it begins."""
        for profile in self._curated.profiles:
            self._add_profile(profile)
        for actor in known:
            self.add(actor)

    # What is known of an actor.

    def __len__(self) -> int:
        return len(self._actors)

    def __iter__(self) -> Iterator[Actor]:
        return iter(self._actors.values())

    def get(self, actor_id: str) -> Actor | None:
        """The actor with this id."""
        return self._actors.get(actor_id)

    def profile(self, actor_id: str) -> Profile | None:
        """What the curated list knows of the actor; None for one it does not hold."""
        return self._profiles.get(actor_id)

    def gender(self, actor: Actor) -> Gender | None:
        """A person's gender: from the list, else from the first name; None where unknown."""
        if actor.kind is not ActorKind.PERSON:
            return None
        if known := self._genders.get(actor.id):
            return known
        words = WORD.findall(actor.name)
        return self._first_names.get(fold(words[0])) if len(words) > 1 else None

    def is_media(self, actor_id: str) -> bool:
        """Whether the actor is an agency, paper or station."""
        profile = self._profiles.get(actor_id)
        return profile is not None and profile.media

    def is_seat(self, actor_id: str) -> bool:
        """Whether the actor is a capital or a seat of government (Moskau, Kreml)."""
        profile = self._profiles.get(actor_id)
        return profile is not None and profile.seat

    def stands_for(self, actor_id: str) -> str | None:
        """The state that a capital, a seat or a body of government is linked to."""
        profile = self._profiles.get(actor_id)
        return profile.stands_for if profile else None

    def survivor(self, actor_id: str) -> str:
        """Who stands for an actor: the one it was merged into, else itself."""
        return self._survivors.get(actor_id, actor_id)

    # Building.

    def unite(self, survivors: Mapping[str, str]) -> None:
        """Say which actors were merged into which: absorbed -> survivor.

        A name that is both one's and the other's then means one of them, and a
        question for either finds the survivor. What a text says is still given
        the id of the name it uses: a merge can be taken back.
        """
        self._survivors = dict(survivors)

    def add(self, actor: Actor) -> None:
        """Take in an actor, or replace what is known under its id; curated ones keep their list."""
        known = self._actors.get(actor.id)
        if known is not None and known.curated:
            actor = _merged(known, actor)
        elif known == actor:
            return
        self._actors[actor.id] = actor
        for name in (actor.name, *actor.aliases):
            self._index_name(actor, name)
        if actor.kind is ActorKind.PERSON and actor.id not in self._profiles:
            for form in surnames(actor.name):
                self._index(self._surnames, key(form), actor.id)
        if actor.kind is ActorKind.PERSON and " " in actor.name:
            self._index(self._alike, skeleton(actor.name.rsplit(maxsplit=1)[-1]), actor.id)

    def _add_profile(self, profile: Profile) -> None:
        actor = profile.actor
        self._profiles[actor.id] = profile
        self.add(actor)
        if profile.gender:
            self._genders[actor.id] = profile.gender
            first, _, rest = actor.name.partition(" ")
            if rest and actor.kind is ActorKind.PERSON:
                self._first_names.setdefault(fold(first), profile.gender)
        if actor.kind is ActorKind.PERSON:
            for name in (actor.name, *actor.aliases):
                for form in surnames(name):
                    self._index(self._relatives, key(form), actor.id)
        for form in profile.short:
            if actor.kind is ActorKind.PERSON:
                self._index(self._surnames, key(form), actor.id)
                self._vocabulary_add(form, actor.id)
                if len(form) <= _SHORT:
                    self._require_case(form)
            else:
                self._index_name(actor, form)
        for stem in profile.adjectives:
            self._index_adjective(stem, actor.id)
        for adjective in profile.english_adjectives:
            self._english_adjectives.setdefault(key(adjective), actor.id)
        for demonym in profile.demonyms:
            self._demonyms.setdefault(key(demonym), actor.id)
        for prefix in profile.prefixes:
            self._prefixes[key(prefix)] = actor.id
        for term in profile.terms:
            self._holders[term.role, term.body].append((actor.id, term))
            if state := self.stands_for(term.body):
                self._bodies_of_state[term.role, state].append((actor.id, term))

    def _index(self, table: dict[str, tuple[str, ...]], form: str, actor_id: str) -> None:
        if not form:
            return
        ids = table.get(form, ())
        if actor_id not in ids and len(ids) < _NAMESAKES:
            table[form] = (*ids, actor_id)
        if table is self._full or table is self._surnames:
            head = form.split(" ", 1)[0]
            self.heads[head] = max(self.heads.get(head, 0), form.count(" ") + 1)

    def _index_name(self, actor: Actor, name: str) -> None:
        if actor.kind is ActorKind.PERSON and " " not in name and not actor.curated:
            self._index(self._surnames, key(name), actor.id)  # known by surname alone
            self._vocabulary_add(name, actor.id)
            return
        forms = (name,) if actor.kind is ActorKind.PERSON else inflected(name)
        for form in forms:
            self._index(self._full, key(form), actor.id)
        self._require_case(name)
        if " " in name and actor.kind is ActorKind.PERSON:
            self._index(self._skeletons, skeleton(name), actor.id)
        self._vocabulary_add(name, actor.id)

    def _require_case(self, name: str) -> None:
        """Acronyms such as WHO and AfD count only as they are written, longer ones as Nato too."""
        form = key(name)
        if " " in form:
            head, _, tail = name.partition("-")
            if head.islower() and (tail.islower() or tail.isupper()):  # n-tv, dpa-AFX
                self._cased[form] = self._cased.get(form, frozenset()) | {name}
            return
        short = len(name) <= _SHORT
        capitals = sum(c.isupper() for c in name)
        if capitals > 1 or (short and capitals) or name.islower():
            allowed = {name} if short or not name.isupper() else {name, name.capitalize()}
            self._cased[form] = self._cased.get(form, frozenset()) | allowed
        elif form in self._cased:
            self._cased[form] |= {name}

    def _index_adjective(self, stem: str, actor_id: str) -> None:
        if stem[:1].isupper() and stem.endswith(
            "er"
        ):  # Schweizer, Moskauer: never inflected, always with a capital
            self._adjectives.setdefault(fold(stem), (actor_id, True))
            return
        for ending in _ENDINGS:
            self._adjectives.setdefault(key(stem) + ending, (actor_id, False))

    def _vocabulary_add(self, name: str, actor_id: str) -> None:
        for word in set(key(name).split(" ")):
            if len(word) < 2:
                continue
            ids = self._vocabulary.get(word)
            if ids is None:
                self._buckets[word[0], len(word)].append(word)
                self._vocabulary[word] = [actor_id]
            elif ids[-1] != actor_id and len(ids) < _BUCKET:
                ids.append(actor_id)

    # What reading asks for. Forms are folded words with one space between.

    def full(self, form: str) -> tuple[str, ...]:
        """The actors with this full name, or any other name that needs no introduction."""
        return self._united(self._full.get(form, ()), form)

    def surname(self, form: str) -> tuple[str, ...]:
        """The persons who may be called by this surname."""
        return self._united(self._surnames.get(form, ()), form)

    def _united(self, ids: tuple[str, ...], form: str) -> tuple[str, ...]:
        """Of merged actors the one whose own name the form is, else the first: one and the same."""
        if len(ids) < 2 or not self._survivors:
            return ids
        chosen: dict[str, str] = {}
        for actor_id in ids:
            standing = self.survivor(actor_id)
            if standing not in chosen or key(self._actors[actor_id].name) == form:
                chosen[standing] = actor_id
        return tuple(chosen.values())

    def bearers(self, form: str) -> tuple[str, ...]:
        """All persons of a surname, those too who are not meant by it alone."""
        return tuple(dict.fromkeys((*self._surnames.get(form, ()), *self._relatives.get(form, ()))))

    def begins_a_name(self, form: str) -> bool:
        """Whether a word is the first of a person's name of several: a first name after all."""
        return any(
            self._actors[i].kind is ActorKind.PERSON and key(self._actors[i].name).startswith(begun)
            for begun in (form + " ",)
            for i in self._vocabulary.get(form, ())
        )

    def surnames_alike(self, name: str) -> tuple[Actor, ...]:
        """The persons with the surname of a full name, in any romanisation."""
        alike = skeleton(name.rsplit(maxsplit=1)[-1])
        return tuple(self._actors[i] for i in self._alike.get(alike, ()))

    def spelled_alike(self, name: str) -> tuple[str, ...]:
        """Persons whose name is this one in another romanisation."""
        return self._skeletons.get(skeleton(name), ())

    def written(self, form: str, surface: str) -> bool:
        """Whether a name may be written like ``surface``: capitals as in the acronym's own."""
        allowed = self._cased.get(form)
        if allowed is None:
            return surface[:1].isupper() or surface[:1].isdigit() or surface[-1:].isupper()
        return surface in allowed

    def lower_case(self, form: str) -> bool:
        """Whether a name of several words begins with a small letter as a rule: n-tv, dpa-AFX."""
        return " " in form and form in self._cased

    def adjective(self, word: str, language: str = "de") -> str | None:
        """The state or place that an adjective as it stands in a text belongs to."""
        folded = fold(word)
        if language != "de":
            return self._english_adjectives.get(folded) if word[:1].isupper() else None
        found = self._adjectives.get(folded)
        return found[0] if found and (word[:1].isupper() or not found[1]) else None

    def adjective_stem(self, word: str) -> str | None:
        """The state of an uninflected adjective in a compound: 'russisch' (-ukrainisch)."""
        found = self._adjectives.get(fold(word) + "e")
        return found[0] if found else None

    def prefix(self, form: str) -> str | None:
        """The actor of a compound's first part: 'us' (US-Präsident), 'kreml' (Kremlchef)."""
        if found := self._prefixes.get(form):
            return found
        for candidate in (form, form.removesuffix("s"), form.removesuffix("n")):
            ids = self.full(candidate)
            bodies = [i for i in ids if self._actors[i].kind is not ActorKind.PERSON]
            if len(bodies) == 1:
                return bodies[0]
        return None

    def ambiguous(self, form: str) -> bool:
        """Whether the form is an ordinary word too (Bild, Kurz, Blinken)."""
        return form in self._curated.ambiguous

    def ordinary(self, form: str) -> bool:
        """Whether the form is a word that no unknown person is called by (Erdgas, Piraten)."""
        return form in self._curated.ordinary

    def common_surname(self, form: str) -> bool:
        """Whether too many people bear the surname for it to mean one that was merely learned."""
        return form in self._curated.common_surnames

    def first_name(self, word: str) -> Gender | None:
        """The gender of a first name; None for a word that is not known as one."""
        return self._first_names.get(fold(word))

    def terms(self, actor_id: str) -> tuple[Term, ...]:
        """The offices that the list knows of an actor."""
        profile = self._profiles.get(actor_id)
        return profile.terms if profile else ()

    def holders(
        self,
        role: str,
        body: str,
        on: PartialDate | None = None,
        gender: Gender | None = None,
    ) -> tuple[str, ...]:
        """Who held an office at a body: on a date, or at any time, latest first.

        A seat's or capital's state counts where the seat itself has no such office, and
        gender counts where given.
        """
        found = self._terms_of(role, body)
        if not found and self.is_seat(body) and (state := self.stands_for(body)):
            found = self._terms_of(role, state)
        if not found:
            found = self._bodies_of_state.get((role, body), [])
        chosen = [
            (term, actor_id)
            for actor_id, term in found
            if (gender is None or self._genders.get(actor_id) in (None, gender))
            and (on is None or term.held(on))
        ]
        chosen.sort(key=lambda pair: (_latest(pair[0]), pair[1]), reverse=True)
        return tuple(dict.fromkeys(actor_id for _, actor_id in chosen))

    def _terms_of(self, role: str, body: str) -> list[tuple[str, Term]]:
        return [
            held
            for covered in sorted(self.roles.covered(role))
            for held in self._holders.get((covered, body), ())
        ]

    def holds(self, actor_id: str, role: str, body: str | None, on: PartialDate | None) -> bool:
        """Whether the list says that the actor held the office, at the body where one is given."""
        covered = self.roles.covered(role)
        bodies = {body, self.stands_for(body) if body else None} - {None}
        return any(
            term.role in covered
            and (not bodies or term.body in bodies)
            and (on is None or term.held(on))
            for term in self.terms(actor_id)
        )

    # What a person asks for.

    def lookup(self, query: str, on: PartialDate | None = None, limit: int = 8) -> Lookup:
        """Find whom a person means who types ``query``.

        Full names, surnames, genitives, acronyms in any case, office words
        ('Kremlchef', 'der russische Außenminister'; held at ``on``, else by the
        last holder), adjectives and demonyms, other romanisations. What is only
        like a name (a typo, a beginning, a part of it) comes as ``near``.
        """
        typed = _clean(query)
        words = _without_articles(typed)
        if not words:
            return Lookup()
        form = " ".join(map(fold, words))
        exact = (
            self._named(" ".join(map(fold, typed)))
            or self._named(form)
            or self._named(_without_umlauts(form))
            or self._by_office(words, on)
            or self._by_adjective(words)
            or self._skeletons.get(skeleton(form), ())
            or self._surname_alike(form)
            or self._relatives.get(form, ())
        )
        named = any(set(key(self._actors[i].name).split(" ")) & set(form.split(" ")) for i in exact)
        near = [i for i in self._near(form, fuzzy=not exact) if i not in exact]
        near = near if named or not exact else []
        meant = dict.fromkeys(map(self.survivor, exact))
        others = [i for i in dict.fromkeys(map(self.survivor, near)) if i not in meant]
        return Lookup(
            tuple(self._actors[i] for i in meant),
            tuple(self._actors[i] for i in others[:limit]),
        )

    def _named(self, form: str) -> tuple[str, ...]:
        for candidate in (form, form.removesuffix("s"), f"{form} s".removesuffix(" s s")):
            if ids := self._full.get(candidate) or self._surnames.get(candidate):
                return self._leading(ids)
        return ()

    def _leading(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Curated actors before learned ones of the same name."""
        curated = tuple(i for i in ids if self._actors[i].curated)
        return curated or ids

    def _surname_alike(self, form: str) -> tuple[str, ...]:
        """A surname in a romanisation that no list holds, if it is one person's."""
        if " " in form or len(form) < 5:
            return ()
        target = skeleton(form)
        found = {
            actor_id
            for length in range(len(form) - 2, len(form) + 3)
            for initial in {form[0], *_sounds_like(form[0])}
            for word in self._buckets.get((initial, length), ())[:_BUCKET]
            if skeleton(word) == target
            for actor_id in self._surnames.get(word, ())
        }
        return self._leading(tuple(sorted(found)))

    def _by_adjective(self, words: list[str]) -> tuple[str, ...]:
        if len(words) != 1:
            return ()
        word = fold(words[0])
        adjective = self._adjectives.get(word) or self._adjectives.get(word + "e")
        found = (
            (adjective[0] if adjective else None)
            or self._english_adjectives.get(word)
            or self._demonyms.get(word)
            or self._demonyms.get(word.removesuffix("s"))
        )
        return (found,) if found else ()

    def _by_office(self, words: list[str], on: PartialDate | None) -> tuple[str, ...]:
        """Whom an office names: 'Kremlchef', 'russischer Außenminister', 'Präsident der Ukraine'.

        A name after the office decides: 'Präsident Putin', 'Außenminister Lawrow'.
        """
        for index in range(len(words)):
            named = self._role_at(words, index)
            if named is None:
                continue
            role, gender, prefix, length = named
            rest = " ".join(fold(w) for w in words[index + length :] if fold(w) not in _ARTICLES)
            if rest and (people := self._people(self._named(rest))):
                holding = tuple(i for i in people if self.holds(i, role, None, on))
                return holding or people
            default = self.roles.default_body(role)
            body = self._body_of(words[:index], prefix, rest) or default
            for candidate in (body, default):
                if candidate and (found := self._in_office(role, candidate, on, gender)):
                    return found
            return ()
        return ()

    def _role_at(self, words: list[str], index: int) -> tuple[str, Gender | None, str, int] | None:
        """A role that begins at a word: role, gender, prefix of the compound, number of words."""
        for length in range(min(self.roles.longest_english, len(words) - index), 0, -1):
            phrase = " ".join(map(fold, words[index : index + length]))
            if role := self.roles.english(phrase):
                return role, None, "", length
        word = self.roles.parse(words[index][:1].upper() + words[index][1:])
        return (word.role, word.gender, word.prefix, 1) if word else None

    def _people(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if self._actors[i].kind is ActorKind.PERSON)

    def _body_of(self, before: list[str], prefix: str, after: str) -> str | None:
        folded = [fold(word) for word in before]
        if prefix:
            joined = " ".join([*folded[-1:], prefix])
            return self.prefix(joined) or self.prefix(prefix)
        phrase = " ".join(word for word in folded if word not in _ARTICLES)
        if body := self.prefix(phrase) or (self.prefix(after) if after else None):
            return body
        for word in reversed(before):
            if found := self._by_adjective([word]) or self._by_adjective([word.capitalize()]):
                return found[0]
            if body := self.prefix(fold(word)):
                return body
        return None

    def _in_office(
        self, role: str, body: str, on: PartialDate | None, gender: Gender | None
    ) -> tuple[str, ...]:
        """The holders on a date, or the last before it; without a date those who serve now."""
        gender = "f" if gender == "f" else None  # the masculine names the office as such
        if on is not None and (held := self.holders(role, body, on, gender)):
            return held
        ever = self.holders(role, body, None, gender)
        if on is not None:
            past = tuple(
                actor_id
                for actor_id in ever
                if any(
                    term.role in self.roles.covered(role) and (not term.start or term.start <= on)
                    for term in self.terms(actor_id)
                )
            )
            return (past or ever)[:1]
        covered = self.roles.covered(role)
        serving = tuple(
            actor_id
            for actor_id in ever
            if any(
                term.role in covered and term.body == body and term.end is None
                for term in self.terms(actor_id)
            )
        )
        return serving or ever[:1]

    def _near(self, form: str, *, fuzzy: bool) -> list[str]:
        """Actors with names like the form, best first: the same words, their beginnings, typos."""
        scores: dict[str, float] = {}
        every = form.split(" ")
        # What joins words is in no name that is looked for: 'Trump und Biden', 'Wer ist Putin?'.
        parts = [part for part in every if not function_word(part)] or every
        for part in parts:
            for word, score in self._similar_words(part, fuzzy=fuzzy):
                for actor_id in dict.fromkeys(self._vocabulary[word]):
                    scores[actor_id] = scores.get(actor_id, 0.0) + score / len(parts)
        best = sorted(scores.items(), key=lambda pair: -pair[1])[:200]
        ranked = [
            (
                score + fuzz.token_set_ratio(form, key(self._actors[actor_id].name)) / 2,
                self._actors[actor_id].curated,
                actor_id,
            )
            for actor_id, score in best
            if score * len(parts) >= _NEAR_SCORE
        ]
        ranked.sort(key=lambda entry: (-round(entry[0] + 5 * entry[1]), entry[2]))
        return [actor_id for _, _, actor_id in ranked]

    def _similar_words(self, part: str, *, fuzzy: bool) -> Iterable[tuple[str, float]]:
        if part in self._vocabulary:
            yield part, 100.0
        if not fuzzy or len(part) < 3:
            return
        for initial in {part[0], *_sounds_like(part[0])}:
            for length in range(len(part) - 2, len(part) + 12):
                words = self._buckets.get((initial, length), ())[:_BUCKET]
                if length > len(part):
                    for word in words:
                        if word.startswith(part):
                            yield word, 95.0 - (length - len(part))
                if length <= len(part) + 2:
                    for word, score, _ in process.extract(
                        part, words, scorer=fuzz.ratio, score_cutoff=_NEAR_SCORE, limit=20
                    ):
                        if word != part:
                            yield word, score
        if len(part) >= 5:
            yield from self._swapped_initial(part)

    def _swapped_initial(self, part: str) -> Iterable[tuple[str, float]]:
        """Words that differ in the first letters: 'Uptin' for Putin, 'awrow' for Lawrow."""
        swapped = part[1] + part[0] + part[2:]
        if swapped in self._vocabulary:
            yield swapped, 85.0
        for letter in "abcdefghijklmnopqrstuvwxyz":
            for candidate in (letter + part, letter + part[1:]):
                if candidate != part and candidate in self._vocabulary:
                    yield candidate, 85.0


def _latest(term: Term) -> tuple[int, int, int]:
    """Sorts running terms last, then by their start."""
    if term.end is None:
        return (9999, *((term.start.year, term.start.month) if term.start else (0, 0)))
    return (term.end.year, term.end.month, term.end.day)


def _merged(curated: Actor, learned: Actor) -> Actor:
    """The curated actor with what was learned of it besides."""
    aliases = tuple(dict.fromkeys((*curated.aliases, *learned.aliases)))
    offices = tuple(dict.fromkeys((*curated.offices, *learned.offices)))
    return Actor(curated.id, curated.name, curated.kind, aliases, offices, curated=True)


def _clean(query: str) -> list[str]:
    """The words of what a person typed; marks, emoji and invisible characters fall away."""
    text = unicodedata.normalize("NFKC", query[:200])
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return [word for word in WORD.findall(text) if any(c.isalnum() for c in word)]


def _without_articles(words: list[str]) -> list[str]:
    """The words after leading articles and forms of address: 'der Kremlchef', 'Frau Merkel'."""
    while len(words) > 1 and fold(words[0]) in _ARTICLES:
        words = words[1:]
    return words


def _without_umlauts(form: str) -> str:
    """'oesterreich' as typed without umlauts -> 'osterreich' as folded."""
    for digraph, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        form = form.replace(digraph, letter)
    return form


_ALIKE: Mapping[str, tuple[str, ...]] = {
    "s": ("z",),
    "z": ("s",),
    "w": ("v",),
    "v": ("w", "f"),
    "f": ("v",),
    "j": ("y", "i"),
    "y": ("j", "i"),
    "i": ("j", "y"),
    "c": ("k", "t"),
    "k": ("c",),
    "t": ("c",),
}


def _sounds_like(initial: str) -> tuple[str, ...]:
    return _ALIKE.get(initial, ())
