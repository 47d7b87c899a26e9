"""German time expressions: how long, and how often."""

from __future__ import annotations

import re

from digests.nlp.times import calendar
from digests.nlp.times.german_rules import DURATION, MACROS, SET_TYPE, is_plural
from digests.nlp.times.german_words import PLURALS
from digests.nlp.times.meaning import Fixed, Found, Origin, Step
from digests.nlp.times.scan import Answer, Hit, Rules, forms

RULES = Rules(MACROS)
_rule = RULES.add
_LASTING = forms("seit vor nach über in binnen innerhalb während für um auf die der den dieser")
_OLD = forms("alt alte alter altes alten altem jung jünger älter jüngere ältere")
_TO_AN_AGE = forms("ab mit alter")


@_rule("<number><units><and_><number><units>")
def _two_units(hit: Hit) -> Answer:
    """'zwei Jahre und drei Monate'."""
    units = [hit.unit(), hit.unit(1)]
    counts = [hit.count(), hit.count(1)]
    order = ["Y", "M", "W", "D", "TH", "TM", "TS"]
    if None in counts or any(unit not in order for unit in units):
        return None
    if order.index(units[0]) >= order.index(units[1]):
        return None
    first, second = (calendar.duration(n, u) for n, u in zip(counts, units, strict=True))
    second = second[1:]
    if "T" in first:
        second = second.replace("T", "")
    return hit.fixed(DURATION, first + second)


@_rule("<number>(?:<to>|<dash>|<and_>|<comma>)<number><adjective>?<units>")
def _some_or_some(hit: Hit) -> Answer:
    """'sechs bis acht Monate': two durations."""
    words, unit = hit.words, hit.unit()
    second = hit.first + 2
    if _no_duration(hit) or words.kind(hit.first) in ("one", "many"):
        return None
    if words.kind(hit.first + 1) in ("and_", "comma") and words.kind(hit.first) == "year":
        return None
    return [
        Found(hit.first, hit.first + 1, Fixed(DURATION, calendar.duration(hit.count(), unit))),
        Found(second, hit.last, Fixed(DURATION, calendar.duration(hit.count(1), unit))),
    ]


def _no_duration(hit: Hit) -> bool:
    """Whether a number of years is an age: 'ab 16 Jahren', '32 Jahre alt'."""
    if hit.after() in _OLD or (hit.after() == "lang" and hit.after(1) in _OLD):
        return True
    if hit.unit() != "Y":
        return False
    before = hit.before()
    if before == "zwischen" and is_plural(hit) and hit.words.word(hit.last - 1) == "jahren":
        return True
    return before in _TO_AN_AGE or any(hit.before(n) == "alter" for n in range(2, 6))


@_rule("<number><adjective>?<units>(?:<before>|<after>)", "<number><adjective>?<units><reference>")
def _some_time_before(hit: Hit) -> Answer:
    """'zwei Jahre später': a date where the text gives one to count from."""
    if _no_duration(hit):
        return None
    count, unit = hit.count(), hit.unit()
    word = hit.words.word(hit.last - 1)
    if word not in ("später", "früher", "zuvor", "davor", "vorher", "darauf", "danach"):
        return None
    fallback = Fixed(DURATION, calendar.duration(count, unit))
    compared = "als" in (hit.after(), hit.after(1))
    if count is None or count != int(count) or unit not in ("Y", "M", "W", "D") or compared:
        return hit.means(fallback)
    sign = 1 if word in ("später", "darauf", "danach") else -1
    return hit.means(Step(unit, sign * int(count), Origin.TEXT, fallback=fallback))


@_rule(
    "<one>?<half><adjective>?<units>",
    "(?:<article><adjective>)?<number><adjective>?<units>",
    "<one><many><units>",
    "<number><adjective>?<unit_tail>",
)
def _duration(hit: Hit) -> Answer:
    """'acht Jahre', 'ein halbes Jahr', 'ein paar Tage', 'drei Verhandlungstage'."""
    unit, word = hit.unit(), hit.words.word(hit.last - 1)
    if _no_duration(hit) or (word == "tages" and hit.at("one") is not None):
        return None
    count = None if hit.at("many") is not None else hit.count()
    multiple = hit.lex("unit", "units_year")
    if hit.at("half") is not None:
        count, unit = {"Y": (6, "M"), "TH": (30, "TM")}.get(unit, (0.5, unit))
    elif multiple and multiple.number > 1 and count is not None:
        count *= multiple.number
    if hit.at("one") is not None and hit.at("unit_tail") is not None:
        return None
    each = hit.before() == "je"
    return hit.means(
        Fixed(SET_TYPE if each else DURATION, calendar.duration(count, unit)),
        hit.first - each,
    )


@_rule("<per><units>", "<in_article><units>", "<units>")
def _per_unit(hit: Hit) -> Answer:
    """'pro Jahr', 'dreimal im Monat', 'seit Jahren', 'innerhalb von Minuten'."""
    word, unit = hit.words.word(hit.last - 1), hit.unit()
    if hit.at("per") is not None:
        return None if is_plural(hit) else hit.fixed(SET_TYPE, calendar.duration(1, unit))
    if hit.at("in_article") is not None:
        how = hit.words.word(hit.first)
        rate = word in ("jahr", "monat", "tag") and how in ("im", "am") and _is_rate(hit)
        if not rate:
            return None
        times = hit.before().endswith("mal")
        first = hit.first - 1 if times else hit.first + (how == "am")
        return hit.means(Fixed(SET_TYPE, calendar.duration(1, unit)), first)
    if word in PLURALS and word not in ("minuten", "sekunden"):
        before = hit.before()
        if before in ("lange", "langen", "all") or (before == "diese" and hit.before(2) == "all"):
            return hit.means(Fixed(DURATION, calendar.duration(None, unit)), hit.first - 1)
        if before == "von" and hit.before(2) in ("innerhalb", "binnen"):
            return hit.fixed(DURATION, calendar.duration(None, unit))
        if before in ("die", "der", "den", "dieser"):
            return None
        if before in _LASTING:
            return hit.fixed(DURATION, calendar.duration(None, unit))
    return None


def _is_rate(hit: Hit) -> bool:
    """Whether a count goes before 'im Jahr': 'drei Fälle im Jahr', 'einmal im Monat'."""
    for distance in range(1, 5):
        word, kind = hit.before(distance), hit.kind_before(distance)
        if word.endswith("mal") or kind in ("small", "big", "decimal", "word", "year"):
            return True
        if kind in ("stop", "paragraph", "comma"):
            return False
    return False


@_rule("<set_word>")
def _set_word(hit: Hit) -> Answer:
    """'täglich', 'jährlichen', 'wochentags'."""
    return hit.fixed(SET_TYPE, hit.code("set_word"))


@_rule("<one>?<set_adjective>")
def _set_adjective(hit: Hit) -> Answer:
    """'jahrelang', 'einwöchigen'; no ages: 'vierjähriger Sohn'."""
    known = hit.lex("set_adjective")
    if hit.words.capital(hit.last - 1) and hit.after().startswith("krieg"):
        return None  # 'Dreißigjähriger Krieg'
    age = known.number and known.code.endswith("Y") and known.code != "PXY"
    if age and (_PERSON.search(hit.after()) or _PERSON.search(hit.after(1))):
        return None
    return hit.means(Fixed(DURATION, known.code), hit.last - 1)


@_rule("(?:<small>|<big>|<year>)<dash>?<length>")
def _hyphened(hit: Hit) -> Answer:
    """'14-tägige', '70-jähriges Bestehen'; no ages."""
    unit = hit.code("length")
    if unit == "Y" and not _LASTING_THINGS.match(hit.after()):
        return None
    return hit.fixed(DURATION, calendar.duration(hit.count(), unit))


_LASTING_THINGS = re.compile(
    r"bestehen|jubiläum|haft|gefängnis|freiheits|amts|krieg|bürgerkrieg|geschichte|herrschaft|vertrag"
    r"|tradition|laufzeit|frist|regierung|abkommen|mitgliedschaft|ehe|karriere|zusammenarbeit"
    r"|besatzung|partnerschaft|bann|sperre|embargo|pause|zeitraum|phase"
)
_PERSON = re.compile(
    r"^(?:sohn|tochter|kind|kinder|bub|junge|jungen|mädchen|schüler|mann|frau|bruder|schwester|enkel"
    r"|behinderte|neffe|nichte|hund|täter|opfer|student|\w+in|\w+er)$"
)
