"""German time expressions: years that stand alone, and numbers that are none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digests.nlp.times.german_rules import DATE, MACROS, MEASURES
from digests.nlp.times.meaning import Fixed, Found
from digests.nlp.times.scan import Answer, Hit, Rules, forms, spread

RULES = Rules(MACROS)
_rule = RULES.add


@_rule("<year><slash>(?:<year>|<small>)", "<year>(?:<dash><year>)?")
def _year(hit: Hit) -> Answer:
    """'1999', '2007/08', '1901-1977'; counts are no years (see :func:`_is_year`)."""
    words = hit.words
    if hit.at("slash") is not None:
        if hit.at("small") is not None:
            first = hit.number("year") or 0
            follows = (hit.number("small") or 0) == (first + 1) % 100
            return hit.fixed(DATE, "") if follows else None
        return [
            Found(index, index + 1, Fixed(DATE, words.known[index].code))
            for index in (hit.first, hit.first + 2)
        ]
    found: Iterable[int] = (i for i in range(hit.first, hit.last) if words.kind(i) == "year")
    return spread(
        one.means(Fixed(DATE, one.code("year")))
        for one in (Hit(words, index, index + 1) for index in found)
        if _is_year(one)
    )


_TO_A_YEAR = forms(
    "in im seit bis ab vor nach von um anno zwischen jahr jahre jahres jahren anfang mitte ende"
    " beginn sommer herbst winter frühling frühjahr noch bereits schon erst jahrgang"
)
_TO_A_COUNT = forms(
    "rund etwa über knapp fast mit mehr als bis circa ca mindestens höchstens unter die der den"
    " diese alle nur weitere insgesamt um für nr nummer artikel paragraph seite s tel § agenda"
    " natura windows agenda horizon hat haben hatte hatten zählt zählte zählen umfasst besitzt"
)
_PEOPLE = forms(
    "menschen personen leute soldaten tote toten verletzte mann frauen männer kinder einwohner"
    " mitglieder besucher zuschauer teilnehmer fälle neuinfektionen flüchtlinge polizisten beamte"
    " zivilisten demonstranten schüler wähler stimmen häuser wohnungen arbeitsplätze exemplare"
)
_COUNTED = re.compile(
    r"^(?:\w+(?:en|er|innen|e|ern|ungen)|euro|dollar|prozent|mann|meter|stück|mark)$"
)


def _is_year(hit: Hit) -> bool:
    """Whether four digits are a year: not '2000 Soldaten', 'Nr. 1234', '1080 Wien'."""
    number, words = hit.number("year") or 0, hit.words
    before, after = hit.before(), hit.after()
    if after in MEASURES or words.kind(hit.last) in ("units_year", "unit", "oclock"):
        return False
    if before in (
        "nr",
        "§",
        "seite",
        "artikel",
        "tel",
        "agenda",
        "natura",
        "windows",
        "+",
        "€",
        "$",
    ):
        return False
    if before == "." and hit.before(2) in ("nr", "tel", "art", "s"):
        return False
    if words.glued(hit.first) and hit.kind_before() in ("slash", "dash", "comma", "colon"):
        near = hit.kind_before(2) in ("year", "quote", "close") or not words.glued(hit.first - 1)
        if not near:
            return False
    if words.kind(hit.last) in ("to", "dash", "and_"):
        other = words.kind(hit.last + 1) in ("year", "big") and words.word(hit.last + 2)
        if other and (other in MEASURES or (words.capital(hit.last + 2) and _COUNTED.match(other))):
            return False
    if words.capital(hit.last) and not words.ends_sentence(hit.last):
        named = before in ("jahr", "jahre", "jahres") or hit.kind_before() in ("month", "season")
        if after in _PEOPLE:
            return False
        # A clause that begins with a year goes on with its verb; not so '1999 Karten wurden'.
        opens = hit.first == 0 or words.ends_sentence(hit.first - 1) or before == ","
        opens = opens and words.kind(hit.last + 1) == "" and not words.capital(hit.last + 1)
        counts = before in _TO_A_COUNT or number % 100 == 0 or opens
        if not named and _COUNTED.match(after) and counts:
            return False
    if len(before) == 1 and before.isalpha() and words.capital(hit.first - 1):  # B 2030
        return False
    if 1800 <= number <= 2050:
        return before not in ("rund", "etwa", "knapp", "fast", "circa", "mindestens") or (
            not words.capital(hit.last)
        )
    ranged = words.kind(hit.last) == "dash" and words.glued(hit.last)
    bracketed = hit.kind_before() in ("open", "dash") and words.kind(hit.last) in ("close", "dash")
    if 1300 <= number < 1800 and number % 100 and words.capital(hit.first - 1):
        bracketed = bracketed or not words.capital(hit.last)
    bracketed = bracketed or ranged or (hit.kind_before() == "dash" and words.glued(hit.first))
    return before in _TO_A_YEAR or hit.kind_before() in ("month", "edge") or bracketed
