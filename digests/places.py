"""Places and their time zones: a city by its name, a position on the map. Reads package data only.

Cities are GeoNames' of 15,000 people and more (https://www.geonames.org, CC BY 4.0), as
training/cities.py selects them; borders of zones are those of timezone-boundary-builder,
which tzfpy carries. The list is read anew each time: a city is asked for once in a chat's life.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import tzfpy
from rapidfuzz import fuzz, process

from digests.words import fold

CITIES: Final[Traversable] = resources.files("digests") / "data" / "cities.tsv.xz"

_NAMESAKES: Final = 12
"""Of cities of one name, one with so many times fewer people than the largest is not meant."""

_ALIKE: Final = 84.0  # of 100, by rapidfuzz's ratio
_POSITION: Final = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class City:
    """A city under the name it was asked for, with its country (ISO 3166), IANA zone and people."""

    name: str
    country: str
    zone: str
    people: int


@dataclass(frozen=True, slots=True)
class Cities:
    """What a name may mean, largest city first: cities so called, and ones called nearly so.

    Of cities in one country and zone only the largest is there.
    """

    called: tuple[City, ...] = ()
    alike: tuple[City, ...] = ()

    @property
    def meant(self) -> City | None:
        """The city that is meant where there is no doubt about the zone."""
        found = self.called or self.alike
        return found[0] if found and len({one.zone for one in found}) == 1 else None


def cities(name: str, *, most: int = 6) -> Cities:
    """Find a city by its name in German, English or its own language; slight typos are forgiven."""
    wanted = fold(" ".join(name.split()))
    if not wanted:
        return Cities()
    lines = _lines()
    called = tuple(_called(wanted, lines))
    if called:
        large = max(city.people for city in called) / _NAMESAKES
        return Cities(called=_distinct(city for city in called if city.people > large)[:most])
    if len(wanted) < 4:
        return Cities()
    return Cities(alike=_alike(wanted, lines)[:most])


def zones_of(country: str) -> tuple[City, ...]:
    """The largest city of each zone of a country (ISO 3166), largest first."""
    largest: dict[str, City] = {}
    for line in _lines():
        if line.startswith(f"{country}\t"):
            city = _city(line)
            largest.setdefault(city.zone, city)
    return tuple(largest.values())


def parse_position(text: str) -> tuple[float, float] | None:
    """Read latitude and longitude in degrees: '48.2082, 16.3738'; None for anything else."""
    match = _POSITION.fullmatch(text.strip())
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def zone_at(latitude: float, longitude: float) -> str:
    """The IANA zone of a position in degrees; on the high sea a nautical one ('Etc/GMT+2')."""
    return tzfpy.get_tz(longitude, latitude) or "UTC"


def _lines() -> list[str]:
    """The cities as they are written, the largest first."""
    return lzma.decompress(CITIES.read_bytes()).decode().splitlines()[1:]


def _city(line: str, name: str = "") -> City:
    country, zone, people, names = line.split("\t")
    return City(name or names.partition("|")[0], country, zone, int(people))


def _names(line: str) -> list[str]:
    return line.rpartition("\t")[2].split("|")


def _called(wanted: str, lines: Iterable[str]) -> Iterator[City]:
    for line in lines:
        # Folding is slow: a name in ASCII can be looked for in its lower case.
        if line.isascii() and wanted not in line.lower():
            continue
        for name in _names(line):
            if fold(name) == wanted:
                yield _city(line, name)
                break


def _alike(wanted: str, lines: Iterable[str]) -> tuple[City, ...]:
    """The cities whose names are nearest to that, where they are near enough."""
    known = [(line, name) for line in lines for name in _names(line)]
    found = process.extract(
        wanted,
        [name for _, name in known],
        processor=fold,
        scorer=fuzz.ratio,
        score_cutoff=_ALIKE,
        limit=50,
    )
    best = max((score for _, score, _ in found), default=0.0)
    near = [_city(*known[place]) for _, score, place in found if score == best]
    return _distinct(sorted(near, key=lambda city: -city.people))


def _distinct(found: Iterable[City]) -> tuple[City, ...]:
    largest: dict[tuple[str, str], City] = {}
    for city in found:
        largest.setdefault((city.country, city.zone), city)
    return tuple(largest.values())
