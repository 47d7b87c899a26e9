"""Which actors are one: what a merge makes of a reading, and what evidence is enough for one.

Pure. A merge says that one actor was absorbed by another; all merges together
are a forest, and :func:`survivors` says who stands for whom in the end.
Readings keep the ids they were read with; :func:`under` shows them as they are
under the merges, and nothing else changes, so that a merge can be taken back.

Evidence is weighed in two steps. By name alone, :func:`candidates` finds few
pairs, in time that does not grow with the catalogue. :func:`weigh` then looks
at where both were seen. A merge that is missed costs little, a wrong one a
reader's trust: whatever speaks against a merge decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, pairwise
from typing import Final

from digests.actors.catalogue import Catalogue
from digests.actors.names import GENERATION, fold, key, skeleton, surnames
from digests.types import Actor, ActorKind, Event, Mention, Reading

_NEAR: Final = timedelta(days=14)
_COMPANY: Final = 2
"""Companions that two reports of one fortnight must share to be about the same matter."""
_DOUBT: Final = 1
"""As above, where it is about taking a merge back: less is enough."""
_SHORTEST: Final = 4
"""Letters of a surname that is worth a comparison: Xi and Li are too many people."""


class Why(StrEnum):
    """Why two actors were merged: the operator said so, or by which rule."""

    OPERATOR = "operator"
    SURNAME = "surname"  # 'Heusgen', and the only one known who bears the name
    ACRONYM = "acronym"  # 'Allgemeiner Beispielverband (ABV)'
    SPELLING = "spelling"  # Alexander Gabuev, Aleksandr Gabujew


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors who may be one by their names; ``absorbed`` would go under ``into``."""

    absorbed: str
    into: str
    why: Why


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a pair is one, and the items that show it."""

    pair: Pair
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item that names an actor: its story, its day if known, and who else is telling in it."""

    item: int
    story: int | None
    on: date | None
    company: frozenset[str]


# --- What merges make of readings ----------------------------------------------------------


def survivors(edges: Mapping[str, str]) -> dict[str, str]:
    """Absorbed actor -> the actor that stands for it in the end; ``edges`` hold no cycle."""
    found: dict[str, str] = {}
    for absorbed in edges:
        path = [absorbed]
        while (following := found.get(path[-1]) or edges.get(path[-1])) is not None:
            path.append(following)
        found.update(dict.fromkeys(path[:-1], path[-1]))
    return found


def absorbed_by(actor_id: str, edges: Mapping[str, str]) -> frozenset[str]:
    """An actor with all that it absorbed, directly or not."""
    standing = survivors({one: into for one, into in edges.items() if one != actor_id})
    return frozenset({actor_id, *(one for one, into in standing.items() if into == actor_id)})


def under(reading: Reading, standing: Mapping[str, str]) -> Reading:
    """A reading with the survivors' ids in the place of those they absorbed.

    ``new_actors`` stays as it was read.
    """
    if not standing or standing.keys().isdisjoint(actors_of(reading)):
        return reading

    def known(actor: str) -> str:
        return standing.get(actor, actor)

    return replace(
        reading,
        mentions=tuple(_mention(one, known) for one in reading.mentions),
        statements=tuple(
            replace(one, actor=known(one.actor)) if one.actor else one for one in reading.statements
        ),
        events=tuple(_event(one, known) for one in reading.events),
        offices=tuple(replace(one, actor=known(one.actor)) for one in reading.offices),
    )


def actors_of(reading: Reading) -> frozenset[str]:
    """All actors a reading speaks of."""
    named = (one.actor for one in reading.mentions)
    speaking = (one.actor for one in reading.statements)
    holding = (one.actor for one in reading.offices)
    acting = chain.from_iterable(one.actors for one in reading.events)
    return frozenset(actor for actor in chain(named, speaking, holding, acting) if actor)


def _mention(mention: Mention, known: Callable[[str], str]) -> Mention:
    return replace(mention, actor=known(mention.actor)) if mention.actor else mention


def _event(event: Event, known: Callable[[str], str]) -> Event:
    return replace(event, actors=tuple(dict.fromkeys(map(known, event.actors))))


# --- Who may be one, by name ---------------------------------------------------------------


def candidates(
    named: Iterable[str], bracketed: Iterable[tuple[str, str]], catalogue: Catalogue
) -> list[Pair]:
    """The pairs that names suggest: of actors just ``named``, and of acronyms in brackets.

    Only found actors are absorbed. ``bracketed`` is what :func:`in_brackets` gives.
    """
    pairs: list[Pair] = []
    for actor_id in named:
        actor = catalogue.get(actor_id)
        if actor is not None and actor.kind is ActorKind.PERSON and not actor.curated:
            pairs += _by_surname(actor, catalogue)
            pairs += _by_spelling(actor, catalogue)
    for acronym, long in bracketed:
        pairs += _by_acronym(acronym, long, catalogue)
    return list(dict.fromkeys(pairs))


def in_brackets(text: str, reading: Reading) -> Iterator[tuple[str, str]]:
    """Organisations named by an acronym right after another's long name: 'Verband (ABV)'.

    Gives (the acronym's actor, the long name's), where the letters fit.
    """
    named = [one for one in reading.mentions if one.kind is ActorKind.ORGANISATION and one.actor]
    for before, after in pairwise(sorted(named, key=lambda one: one.start)):
        between = text[before.end : after.start]
        if before.actor == after.actor or between.strip() != "(":
            continue
        acronym, long = text[after.start : after.end], text[before.start : before.end]
        if text[after.end : after.end + 1] == ")" and _abbreviates(acronym, long):
            yield str(after.actor), str(before.actor)


def doubts(named: Iterable[str], catalogue: Catalogue) -> list[tuple[str, str]]:
    """Whom the names now known speak against: (absorbed by its surname, another of that surname).

    Only of actors just ``named``.
    """
    found: list[tuple[str, str]] = []
    for actor_id in named:
        actor = catalogue.get(actor_id)
        if actor is None or actor.kind is not ActorKind.PERSON:
            continue
        single = " " not in actor.name
        for form in [key(actor.name)] if single else map(key, surnames(actor.name)):
            bearers = catalogue.bearers(form)
            bare = [one for one in bearers if _is_bare(one, form, catalogue)]
            others = [one for one in bearers if one not in bare] if single else [actor_id]
            found += [
                (one, other)
                for one in bare
                for other in others
                if catalogue.survivor(one) not in (one, catalogue.survivor(other))
            ]
    return list(dict.fromkeys(found))


def _by_surname(actor: Actor, catalogue: Catalogue) -> Iterator[Pair]:
    """A bare surname with the one person who bears it, from either side."""
    single = " " not in actor.name
    for form in [key(actor.name)] if single else map(key, surnames(actor.name)):
        if len(form) < _SHORTEST or catalogue.ambiguous(form) or catalogue.common_surname(form):
            continue
        if catalogue.first_name(form) is not None or catalogue.begins_a_name(form):
            continue
        bearers = catalogue.bearers(form)
        bare = [one for one in bearers if _is_bare(one, form, catalogue)]
        full = {catalogue.survivor(one) for one in bearers if one not in bare}
        loose = [one for one in bare if catalogue.survivor(one) == one]
        if len(full) != 1 or len(loose) != 1:
            continue
        (into,) = full
        bearer = catalogue.get(into)
        # Who is on the list and bears the name would have been meant by it in the first place.
        if bearer is None or bearer.curated or into == loose[0] or _generation(bearer.name):
            continue
        yield Pair(loose[0], into, Why.SURNAME)


def _is_bare(actor_id: str, form: str, catalogue: Catalogue) -> bool:
    """Whether an actor was found under a surname and nothing else is known of its name."""
    actor = catalogue.get(actor_id)
    return actor is not None and not actor.curated and key(actor.name) == form


def _by_spelling(actor: Actor, catalogue: Catalogue) -> Iterator[Pair]:
    """Persons whose names differ in their romanisation only; with one other, not with several."""
    if _given(actor.name) is None or catalogue.survivor(actor.id) != actor.id:
        return
    alike = {
        catalogue.survivor(other.id)
        for other in catalogue.surnames_alike(actor.name)
        if other.id != actor.id and _same_name(actor.name, other.name)
    }
    if len(alike) != 1:
        return
    other = catalogue.get(alike.pop())
    if other is None or {catalogue.gender(other), catalogue.gender(actor)} == {"m", "f"}:
        return
    # The list's spelling stays; of two that were found, the id that sorts first.
    kept, gone = sorted((other, actor), key=lambda one: (not one.curated, one.id))
    if not gone.curated and gone.id != kept.id:
        yield Pair(gone.id, kept.id, Why.SPELLING)


def _same_name(one: str, other: str) -> bool:
    """Whether two full names are one in different romanisations, part by part."""
    first, second = _given(one), _given(other)
    if first is None or second is None or first[:1] != second[:1]:
        return False
    last, same = (name.rsplit(maxsplit=1)[-1] for name in (one, other))
    if len(last) < _SHORTEST or skeleton(last) != skeleton(same):
        return False
    return _loose(first) == _loose(second)


def _given(name: str) -> str | None:
    """The folded first name of a name of two words; None for any other."""
    words = name.split()
    if len(words) != 2 or _generation(name) or len(words[0].strip(".")) < 3:
        return None
    return fold(words[0])


def _loose(given: str) -> str:
    """A first name as romanisations agree on it: Alexander and Aleksandr, Dmitri and Dmitrij."""
    plain = skeleton(given)
    return plain.removesuffix("er") + "r" if plain.endswith("er") else plain


def _by_acronym(acronym: str, long: str, catalogue: Catalogue) -> Iterator[Pair]:
    short, full = catalogue.get(acronym), catalogue.get(catalogue.survivor(long))
    if short is None or full is None or short.curated or short.id == full.id:
        return
    if catalogue.survivor(acronym) != acronym or full.kind is not ActorKind.ORGANISATION:
        return
    bearers = {catalogue.survivor(one) for one in catalogue.full(key(short.name))}
    if bearers <= {acronym, full.id} and not _other_meanings(short, full, catalogue):
        yield Pair(acronym, full.id, Why.ACRONYM)


def _other_meanings(short: Actor, full: Actor, catalogue: Catalogue) -> bool:
    """Whether the first letters of another known organisation's name spell the acronym."""
    spelt = fold(short.name)
    return any(
        "".join(word[0] for word in key(other.name).split(" ")) == spelt
        for other in catalogue
        if other.kind is ActorKind.ORGANISATION
        and catalogue.survivor(other.id) not in (short.id, full.id)
    )


def _abbreviates(acronym: str, long: str) -> bool:
    """Whether a word is an acronym of a name: capitals, its letters in the name in order."""
    if len(acronym) < 2 or not (acronym[0].isupper() and acronym[-1].isupper()):
        return False
    if not acronym.isalpha() or len(long) <= len(acronym):
        return False
    letters = iter(fold(long))
    return fold(long)[:1] == fold(acronym)[:1] and all(one in letters for one in fold(acronym))


def _generation(name: str) -> bool:
    """Whether a name says that another bears it too: junior, the elder, the second."""
    return any(word.lower() in GENERATION for word in name.split())


# --- What the reports say of a pair --------------------------------------------------------


def weigh(
    pair: Pair,
    absorbed: Sequence[Sighting],
    into: Sequence[Sighting],
    *,
    titles: tuple[Collection[str], Collection[str]] = ((), ()),
    catalogue: Catalogue,
) -> Evidence | None:
    """The evidence that a pair is one, or None where it is not enough.

    ``titles`` are the offices that reports name beside the one and the other.
    Reports of the absorbed one must mostly be near reports of the other, so
    that a name that means several is left alone. Two persons in one report
    were told apart by it.
    """
    together = {one.item for one in absorbed} & {one.item for one in into}
    alone = [one for one in absorbed if one.item not in together]
    around = [one for one in alone if any(_near(one, other, _DOUBT) for other in into)]
    if 2 * len(around) < len(alone):
        return None
    if pair.why is Why.ACRONYM:
        shown = together | {one.item for one in around}
        return Evidence(pair, tuple(sorted(shown))) if together else None
    if together or _other_gender(pair.into, titles[0], catalogue):
        return None
    if pair.why is Why.SURNAME and not _is_person(pair.into, titles[1], catalogue):
        return None
    found = {
        item
        for one in absorbed
        for other in into
        if _near(one, other, _COMPANY)
        for item in (one.item, other.item)
    }
    return Evidence(pair, tuple(sorted(found))) if found else None


def speaks_against(
    merged: Actor, other: Actor, absorbed: Sequence[Sighting], seen: Sequence[Sighting]
) -> bool:
    """Whether a second bearer of a surname undoes the merge that took it for the first's.

    ``merged`` is who absorbed the surname, ``absorbed`` where it was read, and
    ``seen`` where the ``other`` bearer was: in the same matter it may mean either.
    """
    first, second = _given(merged.name), _given(other.name)
    if first is not None and second is not None and _loose(first) == _loose(second):
        return False
    return any(_near(one, two, _DOUBT) for one in absorbed for two in seen)


def _near(one: Sighting, other: Sighting, company: int) -> bool:
    """Whether two items are about one matter: one story, or one fortnight and the same people."""
    if one.story is not None and one.story == other.story:
        return True
    if one.on is None or other.on is None or abs(one.on - other.on) > _NEAR:
        return False
    return len(one.company & other.company) >= company


def _is_person(actor_id: str, titles: Collection[str], catalogue: Catalogue) -> bool:
    """Whether a full name is surely one: a first name that is known, or an office beside it.

    A pipeline takes a headline for a name at times: 'Putin Spricht'.
    """
    actor = catalogue.get(actor_id)
    first = fold(actor.name.split()[0]) if actor else ""
    if catalogue.first_name(first) is not None:
        return True
    return bool(titles) and not catalogue.bearers(first) and not catalogue.full(first)


def _other_gender(actor_id: str, titles: Collection[str], catalogue: Catalogue) -> bool:
    """Whether offices say 'Ministerin' of a man, or 'Minister' of a woman."""
    actor = catalogue.get(actor_id)
    gender = catalogue.gender(actor) if actor else None
    words = (word for title in titles for word in title.replace("-", " ").split())
    parsed = (catalogue.roles.parse(word) for word in words)
    said = {role.gender for role in parsed if role is not None and role.gender}
    return gender is not None and bool(said) and gender not in said
