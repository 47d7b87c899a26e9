"""Who is meant: the names, offices and pronouns of a document resolved to actors.

:func:`resolve` takes a :class:`~digests.nlp.document.Document` and a
:class:`~digests.actors.catalogue.Catalogue` and returns mentions with actor
ids, the offices named beside names, and actors that nobody knew. It follows
how a report is written: a full name introduces a person; a surname, an office
or a pronoun refers back; what stays unclear stays unresolved.
"""

from __future__ import annotations

from dataclasses import dataclass

from digests.actors.catalogue import Catalogue
from digests.actors.names import REGNAL, key, wordset
from digests.actors.people import People
from digests.actors.pronouns import pronouns
from digests.actors.scene import Scene
from digests.actors.spotting import HONORIFICS, Spot
from digests.actors.standalone import StandaloneOffices
from digests.actors.titles import citation
from digests.nlp.document import Document
from digests.types import Actor, ActorKind, Mention, MentionForm, PartialDate, SeenOffice

_LOCATIVE = wordset(
    "in aus nach bei uber um von zwischen ab durch vor richtung nahe from near to at through"
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a document says of actors.

    ``mentions`` are sorted and do not overlap; a mention of a role covers the
    word for it, without article and adjectives. A name that may be one of two
    is a mention whose actor is None. ``offices`` are sorted by offset; their
    titles are in the nominative without article, their ranges the words as
    they stand in the text. ``new_actors`` are in order of id.
    """

    mentions: tuple[Mention, ...] = ()
    offices: tuple[SeenOffice, ...] = ()
    new_actors: tuple[Actor, ...] = ()


def resolve(document: Document, catalogue: Catalogue, on: PartialDate | None = None) -> Resolution:
    """Resolve a document's names, offices and pronouns.

    ``on`` is the report's own date, as exactly as it is known: it decides who
    held an office. The catalogue is not changed; whoever keeps the reading
    adds ``new_actors`` to it.
    """
    scene = Scene(document, catalogue, on)
    people = People(scene)
    people.resolve()
    actors = people.actors | _others(scene)
    named = _names(scene, actors)
    roles = _roles(scene, people, actors)
    seen = sorted([*named, *roles], key=lambda mention: mention.start)
    genitives = frozenset(
        scene.words.starts[found.first] for found in scene.spots if scene.genitive(found)
    )
    said = pronouns(document, scene.words, seen, genitives, people.gender)
    mentions = sorted([*seen, *said], key=lambda mention: mention.start)
    return Resolution(tuple(mentions), _offices(scene, people), scene.new.used(mentions))


def _others(scene: Scene) -> dict[int, str | None]:
    """The organisations, states and places: spot -> actor id, None where it stays open."""
    actors: dict[int, str | None] = {}
    named: set[str] = set()
    for index, found in enumerate(scene.spots):
        if found.kind is ActorKind.PERSON:
            continue
        actor_id = _other(scene, found, named)
        if actor_id is not None:
            named.add(actor_id)
        if actor_id is not None or found.ids:
            actors[index] = actor_id
    return actors


def _other(scene: Scene, found: Spot, named: set[str]) -> str | None:
    """Which organisation, state or place a name means; ``named`` were named before."""
    if not found.ids:
        return _unknown(scene, found)
    before = [i for i in found.ids if i in named]
    of_kind = [i for i in found.ids if scene.kind(i) is found.kind]
    for ids in (found.ids, before, of_kind):
        if len(ids) == 1:
            return ids[0]
    # A state and its capital of one name (Luxemburg) are the state.
    first, *rest = found.ids
    return first if all(scene.catalogue.stands_for(i) == first for i in rest) else None


def _unknown(scene: Scene, found: Spot) -> str | None:
    """The actor of a name that the catalogue does not hold; None where it is no name."""
    if not found.means:
        return scene.new.other(scene.surface(found), found.kind, genitive=scene.genitive(found))
    ids = scene.catalogue.full(key(found.means))
    if len(ids) == 1:
        return ids[0]
    return scene.new.other(found.means, found.kind, alias=scene.surface(found))


# Mentions.


def _names(scene: Scene, actors: dict[int, str | None]) -> list[Mention]:
    mentions = []
    for index, actor_id in actors.items():
        found = scene.spots[index]
        kind = (scene.kind(actor_id) if actor_id else None) or found.kind
        first = found.first
        if kind is ActorKind.PERSON:
            named = key(scene.name(actor_id)).split(" ")[0] if actor_id else ""
            while first < found.last - 1 and scene.words.folded[first] in HONORIFICS - {named}:
                first += 1
        start, end = scene.words.starts[first], _end(scene, found)
        mentions.append(Mention(start, end, kind, actor_id, _form(scene, found, actor_id)))
    return mentions


def _end(scene: Scene, found: Spot) -> int:
    """Where a name ends; a full stop belongs to a number or an abbreviation (Leo XIV., U.S.)."""
    end = scene.words.ends[found.last - 1]
    if scene.document.text[end : end + 1] != "." or found.last - found.first < 2:
        return end
    last = scene.words.surfaces[found.last - 1]
    numbered = REGNAL.match(last) or (len(last) == 1 and last.isupper())
    abbreviated = "." in scene.words.phrase(found.first, found.last)
    return end + 1 if numbered or abbreviated else end


def _form(scene: Scene, found: Spot, actor_id: str | None) -> MentionForm:
    if found.adjective:
        return MentionForm.ADJECTIVE
    if actor_id and scene.catalogue.is_seat(actor_id):
        place = scene.kind(actor_id) is ActorKind.PLACE
        if not place or not _is_location(scene, found):
            return MentionForm.METONYM
    return MentionForm.NAME


def _is_location(scene: Scene, found: Spot) -> bool:
    """Whether a capital is meant as a place: 'in Moskau', 'die Stadt Wien'."""
    before = found.first - 1
    if before < 0 or scene.opens(found.first):
        return False
    if scene.words.folded[before] in _LOCATIVE:
        return True
    noun = scene.words.capital(before) and not scene.opens(before)
    return noun and scene.words.joined[before]


def _roles(scene: Scene, people: People, actors: dict[int, str | None]) -> list[Mention]:
    """Offices that stand for a person without a name beside them."""
    offices = StandaloneOffices(scene, people)
    covered = {
        word
        for index in actors
        for word in range(scene.spots[index].first, scene.spots[index].last)
    }
    mentions = []
    for title in scene.titles:
        holder = offices.holder(title) if title.person is None else None
        if holder is None:
            continue
        first = title.chain
        while first < title.head and first in covered:
            first += 1
        start, end = scene.words.starts[first], scene.words.ends[title.head]
        mentions.append(Mention(start, end, ActorKind.PERSON, holder, MentionForm.ROLE))
    return mentions


def _offices(scene: Scene, people: People) -> tuple[SeenOffice, ...]:
    """The offices that stand beside a name."""
    offices = []
    for title in scene.titles:
        actor_id = people.actors.get(title.person) if title.person is not None else None
        if actor_id is None or not title.is_office or title.number == "plural":
            continue
        gender = people.gender(actor_id)
        if gender and title.gender and gender != title.gender:
            continue
        text = citation(title, scene.words, gender, scene.document.language)
        start, end = scene.words.starts[title.start], scene.words.ends[title.end - 1]
        offices.append(SeenOffice(actor_id, text, start, end))
    return tuple(offices)
