"""What the rules for German time expressions share: macros, and words around an expression."""

from __future__ import annotations

from digests.nlp.times.german_words import PLURALS
from digests.nlp.times.meaning import Which
from digests.nlp.times.scan import Hit, forms
from digests.types import TimexType

MACROS = {
    "number": "<small>|<year>|<big>|<decimal>|<word>|<one>|<many>|<both>",
    "units": "<units_year>|<unit>",
    "pointer": "<last>|<next>|<this>",
    "sep": "(?:<comma>|<and_>|<to>|<dash>|<slash>)(?:<and_>|<in_article>|<article>)?",
    "day": "(?:<weekday><comma>?)?<small><stop>?",
    "of_year": "<comma>?<year>|<article>?<pointer>?<units_year><year>?|<article><last>?<neighbour>",
    "at_day": "<weekday><comma>?<article>?",
}
"""Names for parts of patterns."""

DATE, TIME, DURATION, SET_TYPE = (
    TimexType.DATE,
    TimexType.TIME,
    TimexType.DURATION,
    TimexType.SET,
)
WHICH = {"last": Which.LAST, "this": Which.THIS, "next": Which.NEXT}
TO_A_MONTH = forms("im ab bis seit vom zum vor nach von in zwischen gegen den der des dem beim")
NUMERAL = forms("small year big decimal word one many both half adjective")
MEASURES = forms(
    "prozent % € $ euro dollar franken mark millionen milliarden mio mrd punkte punkten"
    " prozentpunkte kilometer meter km m cm kg grad liter tonnen zähler zoll mal"
)


def year_of(hit: Hit, start: int) -> tuple[int | None, int | None]:
    """Year, or distance to the report's year, that the words from ``start`` on name."""
    tail = Hit(hit.words, start, hit.last)
    year = tail.number("year")
    if year is not None:
        return year, None
    for kind, which in WHICH.items():
        if tail.at(kind) is not None and tail.at("units_year") is not None:
            return None, int(which)
    neighbour = tail.lex("neighbour")
    if neighbour and neighbour.code == "Y":
        return None, int(neighbour.number)
    return None, 0 if tail.at("units_year") is not None else None


def is_plural(hit: Hit) -> bool:
    """Whether the unit within the match is a plural; old datives ('dem Jahre') are not."""
    index = hit.at("units_year", "unit", "unit_tail", "century")
    word = hit.words.word(index) if index is not None else ""
    return word in PLURALS


def distance(hit: Hit) -> int:
    """How far a pointer reaches: 2 for 'vorletzte' and 'übernächste'."""
    return int(hit.lex("last", "next").number) or 1
