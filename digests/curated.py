"""Loads the curated list of actors: package data, and an operator's own file.

The list is plain TOML under ``digests/data/actors``: people, organisations,
states, places, roles and words; each file's head says what its entries hold.
An operator's file has the same tables under ``[people.ID]``,
``[organisations.ID]``, ``[states.ID]``, ``[places.ID]`` and ``[roles.ID]``;
its entries replace those of the same id. This module reads files and nothing
else; what the entries mean for reading is decided in :mod:`digests.actors`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from digests.actors.names import fold, key, slug, surnames
from digests.actors.profiles import Curated, Profile, Term
from digests.actors.roles import Gender, Role, RoleBook
from digests.errors import DepescheError
from digests.types import Actor, ActorKind, Office, PartialDate

GENDERS: Final[tuple[Gender, ...]] = ("m", "f")
_PACKAGE: Final = "digests.data.actors"
_SECTIONS: Final = ("roles", "states", "places", "organisations", "people")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIELDS: Final[Mapping[str, Mapping[str, type]]] = {
    "roles": {
        "m": list,
        "f": list,
        "en": list,
        "en_at": dict,
        "covers": list,
        "of": str,
        "several": bool,
    },
    "states": {
        "iso": str,
        "name": str,
        "also": list,
        "en": list,
        "adjective": list,
        "adjective_en": list,
        "people": list,
        "people_en": list,
        "capital": list,
        "capital_en": list,
        "compound": list,
    },
    "places": {"name": str, "also": list, "en": list, "adjective": list, "state": str},
    "organisations": {
        "name": str,
        "also": list,
        "en": list,
        "short": list,
        "stands_for": str,
        "seat": bool,
        "media": bool,
    },
    "people": {
        "name": str,
        "also": list,
        "en": list,
        "gender": str,
        "short": list,
        "offices": list,
    },
}
_TERM: Final = re.compile(
    r"(?P<role>[a-z0-9-]+) (?P<body>[a-z0-9-]+) "
    r"(?P<start>\d{4}(?:-\d\d){0,2})?/(?P<end>\d{4}(?:-\d\d){0,2})?"
    r"(?: (?P<title>[^|\s][^|]*?))?(?: \| (?P<english>\S[^|]*))?"
)
# Adjectives of capitals, beside the regular -er ('Berliner', 'Londoner').
_CITY_ADJECTIVES: Final = {
    "Wien": "Wiener",
    "Peking": "Pekinger",
    "Kiew": "Kiewer",
    "Athen": "Athener",
    "Washington": "Washingtoner",
    "Moskau": "Moskauer",
    "Warschau": "Warschauer",
    "Brüssel": "Brüsseler",
    "Kopenhagen": "Kopenhagener",
    "Bukarest": "Bukarester",
    "Teheran": "Teheraner",
    "Bern": "Berner",
    "Belgrad": "Belgrader",
}

_Tables = dict[str, dict[str, Any]]


def load(extra: Path | None = None) -> Curated:
    """Read the list that ships and, if given, an operator's file of the same format.

    Raises DepescheError: ``actors_unreadable`` (path, reason) for a file that is
    missing or no TOML; ``actors_invalid`` (path, entry, reason) for an entry that
    breaks the format or names what does not exist.
    """
    sections: dict[str, _Tables] = {}
    for section in _SECTIONS:
        tables = _shipped(section)
        _check(f"{section}.toml", section, tables)
        sections[section] = tables
    words = _shipped("words")
    if extra is not None:
        for section, tables in _operators(extra).items():
            _check(str(extra), section, tables)
            sections[section] = {**sections[section], **tables}
    return _build(sections, words, str(extra) if extra else _PACKAGE)


def tables(section: str) -> dict[str, dict[str, Any]]:
    """A section of the list that ships as it is written: id -> fields."""
    return _shipped(section)


def _shipped(name: str) -> dict[str, Any]:
    text = resources.files(_PACKAGE).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _operators(path: Path) -> dict[str, _Tables]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DepescheError("actors_unreadable", path=str(path), reason=str(error)) from error
    for section, entries in tables.items():
        if section not in _SECTIONS or not isinstance(entries, dict):
            raise _invalid(str(path), section, f"not one of {', '.join(_SECTIONS)}")
    return tables


def _invalid(path: str, entry: str, reason: str) -> DepescheError:
    return DepescheError("actors_invalid", path=path, entry=entry, reason=reason)


def _check(path: str, section: str, tables: _Tables) -> None:
    """Every entry has an id, known fields of the right type, and a name."""
    fields = _FIELDS[section]
    for entry, values in tables.items():
        if not _ID.fullmatch(entry):
            raise _invalid(path, entry, "ids are of a-z, 0-9 and hyphens")
        if not isinstance(values, dict):
            raise _invalid(path, entry, "not a table")
        for name, value in values.items():
            if name not in fields:
                raise _invalid(path, entry, f"unknown field {name!r}")
            if not isinstance(value, fields[name]):
                raise _invalid(path, entry, f"{name} must be a {fields[name].__name__}")
            if isinstance(value, list) and not all(isinstance(v, str) and v for v in value):
                raise _invalid(path, entry, f"{name} must hold strings that are not empty")
        if "name" in fields and not values.get("name"):
            raise _invalid(path, entry, "no name")
        if section == "people" and values.get("gender", "m") not in ("m", "f"):
            raise _invalid(path, entry, "gender must be m or f")


@dataclass
class _Builder:
    """What entries refer to while profiles are made of them."""

    path: str
    roles: RoleBook
    bodies: dict[str, str] = field(default_factory=dict)
    """Id of a state, organisation or place -> its name."""
    english: dict[str, str] = field(default_factory=dict)
    """The same -> what it is in English before an office: 'Russian', 'NATO'."""
    adjectives: dict[str, str] = field(default_factory=dict)

    def place(self, entry: str, values: dict[str, Any]) -> tuple[str, ...]:
        """Note a state or place under its name; gives its adjectives."""
        self.body_called(entry, values["name"], values.get("adjective_en") or values.get("en"))
        adjectives = tuple(values.get("adjective", ()))
        if adjectives and adjectives[0][0].islower():
            self.adjectives[entry] = adjectives[0]
        return adjectives

    def body_called(self, entry: str, name: str, english: Sequence[str] | None) -> None:
        """Note a body under its name, and under what stands before an office in English."""
        self.bodies[entry] = name
        self.english[entry] = english[0] if english else name

    def body(self, entry: str, body: str) -> str:
        if body not in self.bodies:
            raise _invalid(self.path, entry, f"unknown state, organisation or place {body!r}")
        return body

    def term(self, entry: str, text: str, gender: Gender | None) -> Term:
        match = _TERM.fullmatch(text)
        if not match:
            raise _invalid(self.path, entry, f"not 'role body from/to title | English': {text!r}")
        if match["role"] not in self.roles.roles:
            raise _invalid(self.path, entry, f"unknown role {match['role']!r}")
        try:
            start = PartialDate.parse(match["start"]) if match["start"] else None
            end = PartialDate.parse(match["end"]) if match["end"] else None
        except ValueError as error:
            raise _invalid(self.path, entry, str(error)) from error
        if start and end and end < start and str(end) != str(start)[: len(str(end))]:
            raise _invalid(self.path, entry, f"ends before it begins: {text!r}")
        body = self.body(entry, match["body"])
        title = match["title"] or self.title(match["role"], body, gender)
        english = match["english"] or self.english_title(match["role"], body, gender)
        return Term(match["role"], body, title, start, end, english)

    def title(self, role: str, body: str, gender: Gender | None) -> str:
        """'deutsche Außenministerin', 'US-Präsident', 'NATO-Generalsekretär'."""
        word = self.roles.word(role, gender)
        if self.roles.default_body(role) == body:
            return word
        if body == "usa":
            return f"US-{word}"
        if adjective := self.adjectives.get(body):
            return f"{adjective}{'e' if gender == 'f' else 'er'} {word}"
        return f"{self.bodies[body]}-{word}"

    def english_title(self, role: str, body: str, gender: Gender | None) -> str:
        """'German foreign minister', 'US secretary of state'; empty without an English word."""
        word = self.roles.english_word(role, body, gender)
        if not word or word[0].isupper():  # 'Kremlin spokesman' says whose
            return word
        return f"{'US' if body == 'usa' else self.english[body]} {word}"


def _build(sections: dict[str, _Tables], words: dict[str, Any], path: str) -> Curated:
    builder = _Builder(path, RoleBook(_roles(sections["roles"])))
    profiles = [
        *_states(sections["states"], builder),
        *_places(sections["places"], builder),
        *_organisations(sections["organisations"], builder),
    ]
    for role in builder.roles.roles.values():
        for covered in role.covers:
            if covered not in builder.roles.roles:
                raise _invalid(path, role.id, f"unknown role {covered!r}")
        for body in (role.of, *dict(role.english_at)):
            if body is not None:
                builder.body(role.id, body)
    for profile in profiles:
        if profile.stands_for is not None:
            builder.body(profile.actor.id, profile.stands_for)
    profiles += _people(sections["people"], builder)
    _refuse_doubles(path, profiles)
    names = words["first_names"]
    both = set(names["m"].split()) & set(names["f"].split())
    return Curated(
        profiles=tuple(profiles),
        roles=builder.roles,
        ambiguous=frozenset(map(key, words["ambiguous"])),
        ordinary=frozenset(map(fold, words["ordinary"].split())),
        first_names=tuple(
            (fold(name), gender)
            for gender in GENDERS
            for name in names[gender].split()
            if name not in both
        ),
        common_surnames=frozenset(map(key, words["common_surnames"])),
    )


def _refuse_doubles(path: str, profiles: Iterable[Profile]) -> None:
    seen: set[str] = set()
    for profile in profiles:
        if profile.actor.id in seen:
            raise _invalid(path, profile.actor.id, "the id is taken")
        seen.add(profile.actor.id)


def _roles(tables: _Tables) -> Iterator[Role]:
    for entry, values in tables.items():
        yield Role(
            id=entry,
            masculine=tuple(values.get("m", ())),
            feminine=tuple(values.get("f", ())),
            english=tuple(values.get("en", ())),
            english_at=tuple(values.get("en_at", {}).items()),
            covers=tuple(values.get("covers", ())),
            of=values.get("of"),
            several=values.get("several", False),
        )


def _actor(entry: str, kind: ActorKind, values: dict[str, Any]) -> Actor:
    names = (*values.get("also", ()), *values.get("en", ()))
    aliases = tuple(dict.fromkeys(name for name in names if name != values["name"]))
    acronym = kind is ActorKind.ORGANISATION and values["name"].isupper()
    english = _english(values.get("en", ()), acronym=acronym)
    return Actor(entry, values["name"], kind, aliases, curated=True, english=english)


def _english(names: Sequence[str], *, acronym: bool = False) -> str:
    """The first of some English names; an ``acronym`` is called by another one: IMF for IWF."""
    fit = (one for one in names if not acronym or (one.isupper() and one.isalpha()))
    return next(fit, "")


def _states(tables: _Tables, builder: _Builder) -> Iterator[Profile]:
    for entry, values in tables.items():
        adjectives = builder.place(entry, values)
        yield Profile(
            actor=_actor(entry, ActorKind.STATE, values),
            adjectives=adjectives,
            english_adjectives=tuple(values.get("adjective_en", ())),
            demonyms=tuple(
                form
                for person in (*values.get("people", ()), *values.get("people_en", ()))
                for form in _plurals(person)
            ),
            prefixes=tuple(values.get("compound", ())),
        )
        if values.get("capital"):
            yield _capital(entry, values, builder)


def _capital(state: str, values: dict[str, Any], builder: _Builder) -> Profile:
    name, *others = values["capital"]
    entry = slug(name)
    builder.body_called(entry, name, values.get("capital_en"))
    aliases = tuple(dict.fromkeys((*others, *values.get("capital_en", ()))) - {name: None}.keys())
    return Profile(
        actor=Actor(
            entry,
            name,
            ActorKind.PLACE,
            tuple(sorted(aliases)),
            curated=True,
            english=_english(values.get("capital_en", ())),
        ),
        stands_for=state,
        adjectives=() if " " in name else (_CITY_ADJECTIVES.get(name, f"{name}er"),),
        seat=True,
    )


def _plurals(person: str) -> tuple[str, ...]:
    """A demonym in the singular and its plural forms: Russe, Russen; Ukrainerin, Ukrainerinnen."""
    if person.endswith("in"):
        return (person, person + "nen")
    return (person, person + "n", person + "en", person + "s", person.removesuffix("r"))


def _places(tables: _Tables, builder: _Builder) -> Iterator[Profile]:
    for entry, values in tables.items():
        adjectives = builder.place(entry, values)
        yield Profile(
            actor=_actor(entry, ActorKind.PLACE, values),
            stands_for=values.get("state"),
            adjectives=adjectives,
        )


def _organisations(tables: _Tables, builder: _Builder) -> Iterator[Profile]:
    for entry, values in tables.items():
        actor = _actor(entry, ActorKind.ORGANISATION, values)
        builder.body_called(entry, actor.name, [actor.called("en")])
        yield Profile(
            actor=actor,
            short=tuple(values.get("short", ())),
            stands_for=values.get("stands_for"),
            media=values.get("media", False),
            seat=values.get("seat", False),
        )


def _people(tables: _Tables, builder: _Builder) -> Iterator[Profile]:
    for entry, values in tables.items():
        gender = values.get("gender")
        terms = tuple(builder.term(entry, text, gender) for text in values.get("offices", ()))
        actor = _actor(entry, ActorKind.PERSON, values)
        called = (form for name in (actor.name, *actor.aliases) for form in surnames(name))
        yield Profile(
            actor=replace(
                actor,
                offices=tuple(
                    Office(one.title, one.start, one.end, english=one.english) for one in terms
                ),
            ),
            gender=gender,
            short=tuple(values["short"]) if "short" in values else tuple(dict.fromkeys(called)),
            terms=terms,
        )
