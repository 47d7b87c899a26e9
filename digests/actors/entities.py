"""Actors that nobody knew: made from names in a document, with stable ids.

An id is the slug of the name in the nominative, so that the same name gives
the same id in any report, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from digests.actors.catalogue import Catalogue
from digests.actors.names import REGNAL, fold, key, nominative, slug, tidy, wordset
from digests.types import Actor, ActorKind, Mention

_DATES = wordset(
    "januar janner februar feber marz april mai juni juli august september oktober november "
    "dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag fruhling "
    "sommer herbst winter ostern pfingsten weihnachten silvester heute gestern january february "
    "march may june july october december monday tuesday wednesday thursday friday saturday sunday"
)
_DESIGNATION = re.compile(r"^[A-Z]{1,4}[- ]?\d+[A-Za-z]{0,3}$")
"""Weapons, roads, viruses: S-400, Su-35, A7."""
_GENERIC = re.compile(
    r"^(.*(ministerium|ministeriums|regierung|parlament|parlaments|behörde|behörden|armee|polizei"
    r"|geheimdienst|geheimdienstes|präsidialamt|präsidialamtes|streitkräfte|bündnis|zeiten"
    r"|botschaft|staatsanwaltschaft|gericht|gerichts|opposition|koalition|fraktion|partei"
    r"|präsidialverwaltung|konsularabteilung|generalstab|luftwaffe|marine|kirche|universität"
    r"|unternehmen|konzern|agentur|zeitung|sender|verwaltung|ministerin|minister|truppen|soldaten"
    r"|staaten|krieg|konflikt|krise|westen|osten|norden|süden|union"
    r"|kommission|ausschuss|senat|gewerkschaft|verband|klub|club|verein|team|internet)"
    r"|(.*(sicherheits|aufsichts|betriebs|minister|verfassungs|beirats|gemeinde|stadt|verwaltungs))?rat"
    r"|((haupt|innen|alt|vor|groß|klein|kreis|hafen|grenz|küsten|nachbar|partner|heimat|geburts|landes"
    r"|provinz|universitäts|industrie|millionen|welt|alt)[-]?)?stadt"
    r"|((nachbar|bundes|aus|in|um|fest|heimat|vater|hinter|niemands|mitglieds|partner|gast|gastgeber"
    r"|schwellen|entwicklungs|dritt|herkunfts|geburts|ziel|grenz|industrie|öl|ursprungs|morgen|abend"
    r"|eu|nato)[-]?)?land)$",
    re.IGNORECASE,
)
"""Common nouns; towns and regions end in -stadt and -land too (Ingolstadt, Münsterland)."""
_ABBREVIATED = re.compile(r" [A-ZÄÖÜ]$")
"""A surname of which only the initial is told: 'Nico G.'."""
_MEASURES = wordset(
    "euro dollar prozent rubel franken pfund uhr mrd mio covid corona "
    "mez mesz gmt utc cet cest est edt pst pdt"
)


class NewActors:
    """Collects the actors that one document adds."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._actors: dict[str, Actor] = {}

    def get(self, actor_id: str) -> Actor | None:
        """An actor added for this document."""
        return self._actors.get(actor_id)

    def used(self, mentions: Iterable[Mention]) -> tuple[Actor, ...]:
        """Those added actors that are mentioned, in order of id."""
        ids = {mention.actor for mention in mentions}
        return tuple(actor for i, actor in sorted(self._actors.items()) if i in ids)

    @staticmethod
    def _nominative(name: str, *, genitive: bool) -> str:
        """The name tidied, without the -s of a genitive."""
        name = tidy(name)
        return name[:-1] if genitive and name.endswith("s") else name

    def person(self, name: str, *, genitive: bool = False) -> str:
        """The id of a person of this name."""
        name = self._of_a_ruler(self._nominative(name, genitive=genitive))
        return self._add(name + "." * bool(_ABBREVIATED.search(name)), ActorKind.PERSON)

    def _of_a_ruler(self, name: str) -> str:
        """'Rainers III.' -> 'Rainer III.', where only one of both is a first name."""
        first, _, number = name.partition(" ")
        known = self._catalogue.first_name
        genitive = REGNAL.match(number) and first.endswith("s") and known(first) is None
        return f"{first[:-1]} {number}" if genitive and known(first[:-1]) else name

    def other(
        self, name: str, kind: ActorKind, *, genitive: bool = False, alias: str = ""
    ) -> str | None:
        """The id of an organisation or place of this name; None where it is no name at all.

        ``alias`` is the acronym by which the document calls it as well.
        """
        name = self._nominative(name, genitive=genitive)
        if not is_name(name, kind):
            return None
        name = nominative(name)
        known = [
            actor
            for actor_id in self._catalogue.full(key(name))
            if (actor := self._catalogue.get(actor_id)) and actor.kind is not ActorKind.PERSON
        ]
        if known:
            return known[0].id
        actor_id = self._add(name, kind)
        actor = self._actors.get(actor_id)
        if alias and actor and alias not in actor.aliases:
            self._actors[actor_id] = replace(actor, aliases=(*actor.aliases, alias))
        return actor_id

    def _add(self, name: str, kind: ActorKind) -> str:
        actor_id = slug(name)
        for candidate in (actor_id, f"{actor_id}-{kind.value}"):
            taken = self._catalogue.get(candidate) or self._actors.get(candidate)
            if taken is None:
                self._actors[candidate] = Actor(candidate, name, kind)
                return candidate
            if taken.kind is kind or _both_bodies(taken.kind, kind):
                return candidate
        return actor_id


def _both_bodies(one: ActorKind, other: ActorKind) -> bool:
    """Whether two kinds are only labels for one thing: an organisation called a place once."""
    return ActorKind.PERSON not in (one, other)


def is_name(name: str, kind: ActorKind) -> bool:
    """Whether an entity of the pipeline is a name at all: no date, no weapon, no common noun."""
    words = name.split(" ")
    if len(name) < 2 or len(name) > 80 or not any(c.isupper() for c in name):
        return False
    if not any(c.isalpha() for c in name) or _DESIGNATION.match(name):
        return False
    folded = [fold(word) for word in words]
    if any(word in _DATES for word in folded) or any(word in _MEASURES for word in folded):
        return False
    if len(words) == 1:
        named = words[0][0].isupper() or (kind is ActorKind.ORGANISATION and "-" in name)
        return named and not _GENERIC.match(words[0])
    return words[0][0].isupper() or words[0][0].isdigit() or kind is ActorKind.ORGANISATION
