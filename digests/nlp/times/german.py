"""German time expressions: the rules (see :mod:`.scan` for how they are written)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digests.nlp.times import calendar
from digests.nlp.times.german_words import DAYPARTS, PLURALS, classify
from digests.nlp.times.meaning import (
    CalendarDate,
    Clock,
    Daypart,
    Feast,
    Fixed,
    Found,
    Origin,
    Step,
    Today,
    Weekday,
    Which,
)
from digests.nlp.times.numeric import clock_time, full_year, iso_day, iso_month
from digests.nlp.times.scan import Answer, Grammar, Hit, Rules, Words, forms, spread
from digests.types import TimexType

_RULES = Rules(
    {
        "number": "<small>|<year>|<big>|<decimal>|<word>|<one>|<many>|<both>",
        "units": "<units_year>|<unit>",
        "pointer": "<last>|<next>|<this>",
        "sep": "(?:<comma>|<and_>|<to>|<dash>|<slash>)(?:<and_>|<in_article>|<article>)?",
        "day": "(?:<weekday><comma>?)?<small><stop>?",
        "of_year": "<comma>?<year>|<article>?<pointer>?<units_year><year>?"
        "|<article><last>?<neighbour>",
        "at_day": "<weekday><comma>?<article>?",
    }
)
_rule = _RULES.add
_rule("<year><dash><small><dash><small>")(iso_day)
_rule("<year><dash><small>")(iso_month)

_DATE, _TIME, _DURATION, _SET_TYPE = (
    TimexType.DATE,
    TimexType.TIME,
    TimexType.DURATION,
    TimexType.SET,
)
_WHICH = {"last": Which.LAST, "this": Which.THIS, "next": Which.NEXT}
_TO_A_DAY = forms("am vom zum bis ab seit den der dem beim zwischen vor nach und")
_TO_A_MONTH = forms("im ab bis seit vom zum vor nach von in zwischen gegen den der des dem beim")
_LASTING = forms("seit vor nach über in binnen innerhalb während für um auf die der den dieser")
_TO_A_WEEKEND = forms("am vom zum übers fürs ab bis")
_TO_A_PART = forms("am zum gegen zu um vom bis nach ab seit")
_TO_A_CLOCK = forms("um ab gegen bis von vor nach seit")
_OLD = forms("alt alte alter altes alten altem jung jünger älter jüngere ältere")
_TO_AN_AGE = forms("ab mit alter")


def _year_of(hit: Hit, start: int) -> tuple[int | None, int | None]:
    """Year, or distance to the report's year, that the words from ``start`` on name."""
    tail = Hit(hit.words, start, hit.last)
    year = tail.number("year")
    if year is not None:
        return year, None
    for kind, which in _WHICH.items():
        if tail.at(kind) is not None and tail.at("units_year") is not None:
            return None, int(which)
    neighbour = tail.lex("neighbour")
    if neighbour and neighbour.code == "Y":
        return None, int(neighbour.number)
    return None, 0 if tail.at("units_year") is not None else None


@_rule("<at_day>?<full_date>")
def _day_month_year(hit: Hit) -> Answer:
    day, month, year = hit.code("full_date").split(".")
    if not calendar.day_of(int(month), int(day), full_year(year)):
        return None
    return hit.means(CalendarDate(full_year(year), int(month), int(day)))


@_rule("<at_day>?<small><stop><small><stop><year>?", "<at_day>?<dotted><stop><year>?")
def _day_and_month_number(hit: Hit) -> Answer:
    if dotted := hit.code("dotted"):
        day, month = (int(part) for part in dotted.split("."))
    else:
        day, month = hit.number("small") or 0, hit.number("small", nth=1) or 0
    year = hit.number("year")
    if not calendar.day_of(month, day, year):
        return None
    stop = hit.at("dotted")
    if stop is not None and not hit.words.glued(stop + 1):
        return None
    certain = year is not None or hit.at("weekday") is not None or hit.before() in _TO_A_DAY
    certain = certain or (hit.kind_before() == "open" and hit.words.kind(hit.last) == "close")
    return hit.means(CalendarDate(year, month, day)) if certain else None


@_rule(
    "<at_day>?(?:<day><sep>){0,8}<day>(?:<month><of_year>?|<month_short><stop><year>?|<month_short><year>)"
)
def _days_of_a_month(hit: Hit) -> Answer:
    """'25. Januar', 'Montag, 24. Januar 2022', '4. und 5. sowie am 11. Jänner'."""
    words = hit.words
    month_at = hit.at("month", "month_short") or hit.first
    month = int(words.known[month_at].number)
    year, shift = _year_of(hit, month_at)
    days = [i for i in range(hit.first, month_at) if words.kind(i) == "small"]
    if not all(calendar.day_of(month, int(words.known[i].number), year) for i in days):
        return None
    found: list[Found] = []
    for index in days:
        first, last = index, index + 1 + (words.kind(index + 1) == "stop")
        if index == days[-1]:
            last = hit.last
            first = hit.first if index == days[0] else first
        elif index == days[0]:
            first = hit.first
        for back in (1, 2):  # 'Samstag, 22. und Sonntag, 23. Januar'
            if index - back >= hit.first and words.kind(index - back) == "weekday":
                first = min(first, index - back)
        day = int(words.known[index].number)
        found.append(Found(first, last, CalendarDate(year, month, day, shift=shift)))
    return found


@_rule("<at_day>?<ordinal><month><of_year>?")
def _ordinal_day(hit: Hit) -> Answer:
    month, day = hit.number("month") or 0, hit.number("ordinal") or 0
    month_at = hit.at("month") or hit.first
    year, shift = _year_of(hit, month_at)
    if not calendar.day_of(month, day, year) or hit.before() in ("des", "seines", "ihres"):
        return None
    return hit.means(CalendarDate(year, month, day, shift=shift))


@_rule("<month>(?:<sep><month>){0,3}<of_year>")
def _months_of_a_year(hit: Hit) -> Answer:
    """'Januar 2022', 'Oktober vorigen Jahres', 'Januar bis März 2022'."""
    words = hit.words
    months = [i for i in range(hit.first, hit.last) if words.kind(i) == "month"]
    year, shift = _year_of(hit, months[-1])
    return [
        Found(
            index,
            hit.last if index == months[-1] else index + 1,
            CalendarDate(year, int(words.known[index].number), shift=shift),
        )
        for index in months
    ]


@_rule("(?:<article>|<pointer>)?<month>")
def _month_alone(hit: Hit) -> Answer:
    """A month without a year; names of people (Mai, August) are left alone."""
    number = hit.number("month") or 0
    which = hit.pointer()
    clear = hit.words.word(hit.last - 1) not in {"mai", "august", "april", "märz", "juni", "juli"}
    listed = hit.kind_before() in ("and_", "to", "comma", "dash") and hit.kind_before(2) == "month"
    placed = hit.before() in _TO_A_MONTH or hit.kind_before() in ("edge", "early", "adjective")
    if which is None and not (clear or listed or placed or hit.at("article") is not None):
        return None
    if not clear and hit.before() == "von" and hit.words.capital(hit.last):
        return None  # 'von August Macke'
    if which is None and hit.at("article") is not None:
        if hit.words.word(hit.first) not in ("den", "der", "des", "dem"):
            return None
        first = hit.first if hit.words.word(hit.first) == "des" else hit.first + 1
        return hit.means(CalendarDate(month=number), first)
    if which is Which.THIS:
        return hit.means(CalendarDate(month=number, shift=0))
    return hit.means(CalendarDate(month=number, which=which))


@_rule(
    "<article>?<early>?<decade><dash>?<units_year>",
    "<article>?<early>?<decade>",
)
def _decade(hit: Hit) -> Answer:
    """'1990er-Jahre', 'den zwanziger Jahren', 'Siebzigerjahren', 'den Achtzigern'."""
    known = hit.lex("decade")
    number, form = int(known.number), hit.words.word(hit.last - 1)
    named = hit.at("units_year") is not None or known.code == "J"
    placed = hit.at("article") is not None or hit.kind_before() == "edge"
    noun = number >= 1000 or form.endswith("ern") or hit.words.capital(hit.last - 1)
    if not named and not (placed and noun):
        return None
    decade = number // 10 if number >= 1000 else 190 + number // 10
    return hit.fixed(_DATE, str(decade))


@_rule("<article>?<early>?(?:<small><stop>|<ordinal>)<century>")
def _century(hit: Hit) -> Answer:
    number = hit.number("small", "ordinal") or 0
    return hit.fixed(_DATE, f"{number - 1:02d}") if 0 < number < 22 else None


@_rule("(?:<article>|<this>)?<adjective>?<units_year>(?:<year>|<small>|<big>)")
def _named_year(hit: Hit) -> Answer:
    """'Jahr 2012', 'des Jahres 1991', 'Jahre 33'."""
    year = hit.number("year", "small", "big") or 0
    after = hit.words.kind(hit.last)
    if not 0 < year < 2200 or (after == "stop" and hit.at("small") is not None):
        return None
    if hit.at("year") is None and after in ("units_year", "unit", "dash", "comma"):
        return None
    return hit.fixed(_DATE, f"{year:04d}")


def _is_plural(hit: Hit) -> bool:
    """Whether the unit within the match is a plural; old datives ('dem Jahre') are not."""
    index = hit.at("units_year", "unit", "unit_tail", "century")
    word = hit.words.word(index) if index is not None else ""
    return word in PLURALS


@_rule("<article>?<pointer><about>?<number><adjective>?<units>")
def _last_some(hit: Hit) -> Answer:
    """'den vergangenen zwei Jahren'."""
    return hit.fixed(_DURATION, calendar.duration(hit.count(), hit.unit()))


@_rule("<article><ordinal><number><units>")
def _first_some(hit: Hit) -> Answer:
    """'den ersten beiden Wochen'."""
    value = calendar.duration(hit.count(), hit.unit())
    return hit.means(Fixed(_DURATION, value), hit.first + 1)


@_rule("(?:<article>|<this>)?<pointer><adjective>?<units>", "<article>?<pointer><century>")
def _pointed_period(hit: Hit) -> Answer:
    """'der vergangenen Woche', 'nächsten Jahren', 'diesem Tag'."""
    which, unit = hit.pointer(), hit.unit() or "CE"
    word = hit.words.word(hit.last - 1)
    plural = _is_plural(hit) and not (word == "jahre" and hit.before() in ("im", "am", "vom"))
    if plural:
        if which is Which.NEXT and unit in ("Y", "M", "W", "D"):
            return hit.fixed(_DATE, "FUTURE_REF")
        return hit.fixed(_DURATION, calendar.duration(None, unit))
    if which is None or unit in ("TH", "TM", "TS"):
        return None
    if unit == "D":
        if which is Which.LAST or hit.words.word(hit.first).startswith("laufend"):
            return None
        return hit.means(Step("D", int(which), Origin.TEXT))
    return hit.means(Step(unit, int(which) * _distance(hit)))


def _distance(hit: Hit) -> int:
    """How far a pointer reaches: 2 for 'vorletzte' and 'übernächste'."""
    return int(hit.lex("last", "next").number) or 1


@_rule("<article>?<same><units>")
def _same_period(hit: Hit) -> Answer:
    if _is_plural(hit) or hit.unit().startswith("T"):
        return None
    return hit.means(Step(hit.unit(), 0, Origin.TEXT, fallback=Fixed(_DATE, "")))


@_rule("<edge><article><units>", "<edge><article><weekend>")
def _edge_of_period(hit: Hit) -> Answer:
    """'Anfang der Woche', 'Ende des Jahres'."""
    unit = hit.unit() or "WE"
    if hit.words.kind(hit.last) in ("year", "small", "big"):
        return None
    if unit not in ("Y", "M", "W", "DE") or _is_plural(hit):
        return None
    origin = Origin.SENTENCE if unit == "Y" else Origin.REPORT
    return hit.means(Step(unit, 0, origin))


@_rule("<article>?<last>?<edge_unit><year>?", "<article>?<next>?<edge_unit>")
def _edge_unit(hit: Hit) -> Answer:
    """'Monatsende', 'Jahresbeginn 2022'."""
    year = hit.number("year")
    first = hit.at("last", "next", "edge_unit")
    if year is not None and hit.code("edge_unit") == "Y":
        return hit.means(Fixed(_DATE, str(year)), first)
    which = hit.pointer() or Which.THIS
    return hit.means(Step(hit.code("edge_unit"), int(which)), first)


@_rule("<units_year><before>", "<units_year><after>", "<unit><before>", "<unit><after>")
def _period_before(hit: Hit) -> Answer:
    """'Tags zuvor', 'im Jahr darauf', 'am Tag danach'."""
    if _is_plural(hit) or hit.unit().startswith("T") or hit.kind_before() in _NUMERAL:
        return None
    if hit.after() == "als":
        return None
    unit, sign = hit.unit(), -1 if hit.at("before") is not None else 1
    unknown = None if unit == "D" else Fixed(_DATE, "")
    return hit.means(Step(unit, sign, Origin.TEXT, fallback=unknown))


_NUMERAL = forms("small year big decimal word one many both half adjective")


@_rule("<article>?<neighbour>")
def _neighbour(hit: Hit) -> Answer:
    """'im Vorjahr', 'am Vortag', 'heuer'."""
    known = hit.lex("neighbour")
    if hit.words.word(hit.last - 1) == "heuer":  # no noun: 'der heuer zurückkehrt'
        return hit.means(Step("Y", 0), hit.last - 1)
    origin = Origin.TEXT if known.code == "D" else Origin.SENTENCE
    origin = Origin.REPORT if not known.number else origin
    if known.code == "EV":
        return hit.means(Step("D", -1, Origin.TEXT, daypart="EV"))
    return hit.means(Step(known.code, int(known.number), origin))


@_rule("<each><weekday><part>?", "<each><weekday_part>", "<each><ordinal><weekday>")
def _every_weekday(hit: Hit) -> Answer:
    """'jeden Montag', 'jeden Montagabend', 'jeden dritten Mittwoch im Monat'."""
    known = hit.lex("weekday", "weekday_part")
    part = known.code or hit.code("part")
    value = f"XXXX-WXX-{int(known.number) + 1}" + (f"T{part}" if part else "")
    last = hit.last
    if hit.at("ordinal") is not None and (hit.after(), hit.after(1)) == ("im", "monat"):
        value, last = "P1M", last + 2
    return hit.means(Fixed(_SET_TYPE, value), last=last)


@_rule("<each><number><units>", "<each><ordinal><units>", "<each><units>", "<each><part>")
def _every_period(hit: Hit) -> Answer:
    """'alle vier Jahre', 'jeden zweiten Tag', 'jedes Jahr', 'jeden Abend'."""
    if hit.at("part") is not None:
        return hit.fixed(_SET_TYPE, f"XXXX-XX-XXT{hit.code('part')}")
    every = hit.words.word(hit.first).startswith("all")
    count = hit.count() if hit.at(*_NUMERAL) is not None else hit.number("ordinal") or 1
    if every and hit.at(*_NUMERAL) is None:
        return None
    if not every and hit.at(*_NUMERAL) is not None:
        return None
    return hit.fixed(_SET_TYPE, calendar.duration(count, hit.unit()))


@_rule("<each><season>", "<each><month>", "<each><weekend>")
def _every_season(hit: Hit) -> Answer:
    if hit.at("weekend") is not None:
        return hit.fixed(_SET_TYPE, "XXXX-WXX-WE")
    month = hit.number("month")
    return hit.fixed(_SET_TYPE, f"XXXX-{month:02d}" if month else f"XXXX-{hit.code('season')}")


@_rule("<weekdays>")
def _on_weekdays(hit: Hit) -> Answer:
    """'montags'."""
    return hit.fixed(_SET_TYPE, f"XXXX-WXX-{(hit.number('weekdays') or 0) + 1}")


_NIGHT = "<article>?<part>(?:<onto>|<in_article>)<article>?"


@_rule(
    _NIGHT + "<weekday>",
    "<article>?<part>(?:<onto>|<in_article>)<pointer><weekday>",
    "<article>?<part>(?:<by>|<in_article>)<weekday><onto><article>?<weekday>",
)
def _night_to(hit: Hit) -> Answer:
    """'der Nacht auf Mittwoch': dated by the day that is named, on which most of it falls."""
    onto = hit.words.word(hit.at("onto") or hit.at("in_article") or 0)
    if hit.code("part") != "NI" or onto not in ("auf", "zu", "zum"):
        return None
    day = hit.number("weekday", nth=1 if hit.at("weekday", nth=1) is not None else 0)
    return hit.means(Weekday(day or 0, hit.pointer(), "NI"))


@_rule(_NIGHT + "<today>", _NIGHT + "<day_word>", "<article>?<part><article><today>")
def _night_to_today(hit: Hit) -> Answer:
    if hit.code("part") != "NI" or hit.at("onto", "in_article") is None:
        return None
    return hit.means(Step("D", hit.number("day_word") or 0, daypart="NI"))


@_rule(
    "<article>?<part><onto><article>?<small><stop><month><year>?",
    "<article>?<part><in_article><small><stop><month><year>?",
    "<part><article><small><stop><month><year>?",
)
def _night_to_date(hit: Hit) -> Answer:
    """'der Nacht auf den 9. Juni', 'Nacht des 2. August'."""
    month, day, year = hit.number("month") or 0, hit.number("small") or 0, hit.number("year")
    if not calendar.day_of(month, day, year):
        return None
    return hit.means(CalendarDate(year, month, day, daypart=hit.code("part")))


_NEWSPAPERS = forms(
    "welt bild nzz presse schweiz österreich kurier zeitung tagblatt nachrichten presse"
)


@_rule("<weekday><article>?<pointer><unit>", "<weekday_part><article>?<pointer><unit>")
def _weekday_of_a_week(hit: Hit) -> Answer:
    """'Mittwoch kommender Woche', 'Freitag der vergangenen Woche'."""
    known = hit.lex("weekday", "weekday_part")
    if hit.unit() != "W" or _distance(hit) > 1:
        return None
    return hit.means(Weekday(int(known.number), hit.pointer(), known.code, of_week=True))


@_rule(
    "(?:<article>|<this>)?<pointer><early>?<weekday_part>",
    "<early>?<weekday_part>",
    "(?:<article>|<this>)?<pointer><weekday>(?:<dash>?<part>)?",
    "<early>?<weekday>(?:<dash>?<part>)?",
)
def _weekday(hit: Hit) -> Answer:
    """'Montag', 'Mittwochabend', 'kommenden Freitag', 'Dienstag früh'."""
    if _is_newspaper(hit):
        return None
    known = hit.lex("weekday", "weekday_part")
    word = hit.words.word(hit.last - 1)
    if word in ("sonntage", "montage", "montagen") or (
        word.endswith(("age", "agen", "oche", "ochen")) and hit.at("part") is None
    ):
        return None
    part = known.code or hit.code("part")
    if _distance(hit) > 1:
        return hit.fixed(_TIME if part else _DATE, "")
    return hit.means(Weekday(int(known.number), hit.pointer(), part))


def _is_newspaper(hit: Hit) -> bool:
    """'Welt am Sonntag', '«Der Freitag»'."""
    if hit.before() == "am" and hit.before(2) in _NEWSPAPERS and hit.words.capital(hit.first - 2):
        return True
    quoted = hit.words.kind(hit.last) == "quote"
    return quoted and (hit.kind_before() == "quote" or hit.kind_before(2) == "quote")


@_rule("(?:<article>|<this>)?(?:<pointer>|<adjective>){0,2}<weekend>")
def _weekend(hit: Hit) -> Answer:
    which = hit.pointer()
    if hit.words.word(hit.last - 1) == "wochenenden":
        if which is None:
            return None
        return hit.fixed(_DURATION, "PXWE")
    if which is None and hit.at("article") is None and hit.before() not in _TO_A_WEEKEND:
        return None
    return hit.means(Step("WE", None if which is None else int(which) * _distance(hit)))


@_rule(
    "<article>?<season><year><slash>(?:<small>|<year>)",
    "<article>?<season><of_year>",
    "(?:<article>|<this>)?(?:<pointer>|<adjective>){0,2}<season>(?:<slash><small>|<slash><year>)?",
)
def _season(hit: Hit) -> Answer:
    """'Sommer 2014', 'im vergangenen Winter', 'Herbst des Jahres 2005'; no surnames."""
    at = hit.at("season") or hit.first
    year, shift = _year_of(hit, at)
    if year is None and at + 1 < hit.last and shift is None:
        return None
    which = hit.pointer()
    article = hit.at("article")
    if which is None and year is None and shift is None:
        placed = hit.before() in _TO_A_MONTH or hit.kind_before() in ("edge", "early")
        if not placed and article is None:
            return None
    first = hit.first
    code = hit.code("season")
    if which is not None and which is not Which.THIS:
        return hit.means(CalendarDate(part=code, which=which), first)
    if which is Which.THIS:
        shift = 0
    return hit.means(CalendarDate(year, part=code, shift=shift), first)


@_rule(
    "<article>?(?:<ordinal>|<small><stop>)<quarter><of_year>?",
    "<article>?<pointer><quarter>",
)
def _quarter(hit: Hit) -> Answer:
    """'im dritten Quartal 2021', 'der zweiten Jahreshälfte', 'vergangenen Quartal'."""
    at = hit.at("quarter") or hit.first
    length = int(hit.words.known[at].number)
    which = hit.pointer()
    number = hit.number("ordinal", "small") if which is None else None
    if number is None:
        return hit.means(Step("Q" if length == 3 else "H", int(which or 0)))
    if not 1 <= number <= 12 // length:
        return None
    year, shift = _year_of(hit, at)
    part = f"{'Q' if length == 3 else 'H'}{number}"
    return hit.means(CalendarDate(year, part=part, shift=shift))


_ADVENTS = {1: "advent 1", 2: "advent 2", 3: "advent 3", 4: "advent 4"}


@_rule("<article>?(?:<pointer>|<ordinal>)?<feast><year>?")
def _feast(hit: Hit) -> Answer:
    """'Ostern', 'Pfingsten 2021', 'zweiten Weihnachtstag'."""
    name, number = hit.code("feast"), hit.number("ordinal")
    if name == "christmas" and number == 2:
        name = "boxing day"
    first = hit.at("last", "next", "this", "ordinal", "feast")
    return hit.means(Feast(name, hit.number("year"), which=hit.pointer()), first)


@_rule("<today>(?:<part>|<parts>)?")
def _today(hit: Hit) -> Answer:
    return hit.means(Today(hit.code("part", "parts")))


@_rule("<day_word>(?:<part>|<parts>)?")
def _day_word(hit: Hit) -> Answer:
    """'gestern', 'gestern Abend', 'morgen früh'."""
    step = hit.number("day_word") or 0
    alone = hit.last - hit.first == 1 and hit.after() not in ("an", "auf", "bis")
    if alone and hit.before() == "von":
        return hit.fixed(_DATE, "FUTURE_REF" if step > 0 else "PAST_REF")
    return hit.means(Step("D", step, daypart=hit.code("part", "parts")))


_HOUR = "(?:<small>|<dotted>|<clock>|<word>)"
_BETWEEN = "(?:<to>|<and_>|<dash>|<slash>|<comma>)<and_>?"


@_rule(f"(?:{_HOUR}{_BETWEEN}){{0,4}}(?:{_HOUR}|<one>)<oclock><small>?(?:<zone>|<parts>|<part>)?")
def _oclock(hit: Hit) -> Answer:
    """'18.30 Uhr', '9-17 Uhr', '13.00 und 16.20 Uhr', 'acht Uhr morgens'."""
    words = hit.words
    oclock = hit.at("oclock") or hit.first
    found = []
    for index in range(hit.first, oclock):
        known = words.known[index]
        if known.kind not in ("small", "dotted", "clock", "word", "one"):
            continue
        if known.kind == "one" and words.word(index) != "ein":
            return None  # 'eine Uhr' is a watch
        time = (1, 0) if known.kind == "one" else clock_time(known)
        if time is None:
            return None
        hour, minute = time
        last = index + 1
        if index == oclock - 1:
            last = hit.last - (words.kind(hit.last - 1) == "part" and words.capital(hit.last - 1))
            if oclock + 1 < hit.last and words.kind(oclock + 1) == "small":
                minute = int(words.known[oclock + 1].number)
                if words.kind(oclock + 2) == "stop" or minute > 59:
                    minute, last = 0, oclock + 1
        if hit.code("parts") in ("AF", "EV") and hour < 12:
            hour += 12
        found.append(Found(index, last, Clock(hour, minute)))
    return found


@_rule("<half_past><word><oclock>?")
def _half_past(hit: Hit) -> Answer:
    """'halb neun'."""
    hour = hit.number("word") or 0
    if not 1 <= hour <= 12 or (hit.at("oclock") is None and hit.before() not in _TO_A_CLOCK):
        return None
    return hit.means(Clock(hour - 1, 30))


@_rule("<dotted>", "<clock>")
def _bare_clock(hit: Hit) -> Answer:
    """'um 12.15'; without a preposition a dotted number is no time."""
    known = hit.words.known[hit.first]
    time = clock_time(known)
    if time is None or hit.before() not in _TO_A_CLOCK or hit.after() in _MEASURES:
        return None
    return hit.means(Clock(*time)) if hit.before() in ("um", "gegen", "ab") else None


_MEASURES = forms(
    "prozent % € $ euro dollar franken mark millionen milliarden mio mrd punkte punkten"
    " prozentpunkte kilometer meter km m cm kg grad liter tonnen zähler zoll mal"
)


@_rule("<adjective><part>")
def _holy_eve(hit: Hit) -> Answer:
    """'Heiligen Abend'."""
    if hit.words.word(hit.first)[:6] != "heilig" or hit.code("part") != "EV":
        return None
    return hit.means(Feast("christmas eve"))


@_rule("<article>?<early>?<part>")
def _part_of_day(hit: Hit) -> Answer:
    """'am Abend', 'in der Nacht', 'zu Mittag', 'am frühen Morgen'."""
    known = hit.lex("part")
    article = hit.at("article") is not None
    word = hit.words.word(hit.first)
    starts = hit.first == 0 or hit.words.ends_sentence(hit.first - 1)
    if starts and hit.last - hit.first == 1 and hit.words.capital(hit.first):
        if word == "morgen":
            return hit.means(Step("D", 1))
        if word.endswith("s") and word[:-1] in DAYPARTS:
            return hit.means(Daypart(known.code, habitual=True))
    placed = hit.before() in _TO_A_PART or (hit.before() == "vor" and known.code == "MI")
    if article:
        night = word == "der" and known.code == "NI" and hit.before() in ("in", "während", "seit")
        into = word == "den" and hit.before() in ("in", "bis", "gegen")
        early = word == "der" and hit.words.word(hit.last - 1) == "früh" and hit.before() == "in"
        placed = night or into or early or word == "des"
    if not placed or not hit.words.capital(hit.last - 1):
        return None
    if hit.words.word(hit.last - 1) == "früh" and not article:
        return None
    if hit.words.kind(hit.last) == "feast" or hit.before() in ("heiligen", "heiliger"):
        return None
    first = hit.first + (article and word != "des" and hit.at("early") is None)
    if known.number == 24:
        return hit.means(Clock(24))
    return hit.means(Daypart(known.code), first)


@_rule("<parts>")
def _parts(hit: Hit) -> Answer:
    """'abends', 'nachts'."""
    return hit.means(Daypart(hit.code("parts"), habitual=True))


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
    return hit.fixed(_DURATION, first + second)


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
        Found(hit.first, hit.first + 1, Fixed(_DURATION, calendar.duration(hit.count(), unit))),
        Found(second, hit.last, Fixed(_DURATION, calendar.duration(hit.count(1), unit))),
    ]


def _no_duration(hit: Hit) -> bool:
    """Whether a number of years is an age: 'ab 16 Jahren', '32 Jahre alt'."""
    if hit.after() in _OLD or (hit.after() == "lang" and hit.after(1) in _OLD):
        return True
    if hit.unit() != "Y":
        return False
    before = hit.before()
    if before == "zwischen" and _is_plural(hit) and hit.words.word(hit.last - 1) == "jahren":
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
    fallback = Fixed(_DURATION, calendar.duration(count, unit))
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
        Fixed(_SET_TYPE if each else _DURATION, calendar.duration(count, unit)),
        hit.first - each,
    )


@_rule("<per><units>", "<in_article><units>", "<units>")
def _per_unit(hit: Hit) -> Answer:
    """'pro Jahr', 'dreimal im Monat', 'seit Jahren', 'innerhalb von Minuten'."""
    word, unit = hit.words.word(hit.last - 1), hit.unit()
    if hit.at("per") is not None:
        return None if _is_plural(hit) else hit.fixed(_SET_TYPE, calendar.duration(1, unit))
    if hit.at("in_article") is not None:
        how = hit.words.word(hit.first)
        rate = word in ("jahr", "monat", "tag") and how in ("im", "am") and _is_rate(hit)
        if not rate:
            return None
        times = hit.before().endswith("mal")
        first = hit.first - 1 if times else hit.first + (how == "am")
        return hit.means(Fixed(_SET_TYPE, calendar.duration(1, unit)), first)
    if word in PLURALS and word not in ("minuten", "sekunden"):
        before = hit.before()
        if before in ("lange", "langen", "all") or (before == "diese" and hit.before(2) == "all"):
            return hit.means(Fixed(_DURATION, calendar.duration(None, unit)), hit.first - 1)
        if before == "von" and hit.before(2) in ("innerhalb", "binnen"):
            return hit.fixed(_DURATION, calendar.duration(None, unit))
        if before in ("die", "der", "den", "dieser"):
            return None
        if before in _LASTING:
            return hit.fixed(_DURATION, calendar.duration(None, unit))
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
    return hit.fixed(_SET_TYPE, hit.code("set_word"))


@_rule("<one>?<set_adjective>")
def _set_adjective(hit: Hit) -> Answer:
    """'jahrelang', 'einwöchigen'; no ages: 'vierjähriger Sohn'."""
    known = hit.lex("set_adjective")
    if hit.words.capital(hit.last - 1) and hit.after().startswith("krieg"):
        return None  # 'Dreißigjähriger Krieg'
    age = known.number and known.code.endswith("Y") and known.code != "PXY"
    if age and (_PERSON.search(hit.after()) or _PERSON.search(hit.after(1))):
        return None
    return hit.means(Fixed(_DURATION, known.code), hit.last - 1)


@_rule("(?:<small>|<big>|<year>)<dash>?<length>")
def _hyphened(hit: Hit) -> Answer:
    """'14-tägige', '70-jähriges Bestehen'; no ages."""
    unit = hit.code("length")
    if unit == "Y" and not _LASTING_THINGS.match(hit.after()):
        return None
    return hit.fixed(_DURATION, calendar.duration(hit.count(), unit))


_LASTING_THINGS = re.compile(
    r"bestehen|jubiläum|haft|gefängnis|freiheits|amts|krieg|bürgerkrieg|geschichte|herrschaft|vertrag"
    r"|tradition|laufzeit|frist|regierung|abkommen|mitgliedschaft|ehe|karriere|zusammenarbeit"
    r"|besatzung|partnerschaft|bann|sperre|embargo|pause|zeitraum|phase"
)
_PERSON = re.compile(
    r"^(?:sohn|tochter|kind|kinder|bub|junge|jungen|mädchen|schüler|mann|frau|bruder|schwester|enkel"
    r"|behinderte|neffe|nichte|hund|täter|opfer|student|\w+in|\w+er)$"
)


@_rule("<reference>")
def _reference(hit: Hit) -> Answer:
    """'derzeit', 'damals', 'bald'."""
    word, value = hit.words.word(hit.first), hit.code("reference")
    if word == "früher" and (hit.after() == "als" or hit.before() in ("noch", "viel", "desto")):
        return None
    if word == "früher" and hit.kind_before() in ("units_year", "unit"):
        return None
    if word == "bald" and hit.before() in ("so", "sobald", "möglichst"):
        return None
    return hit.fixed(_DATE, value)


_SPELLS = {
    "zeit": {
        "PAST_REF": "letzter vergangenen vergangener",
        "PRESENT_REF": "dieser",
        "FUTURE_REF": "nächster kommender",
    },
    "zeiten": {"PAST_REF": "vergangener vergangenen", "PRESENT_REF": "diesen"},
}


@_rule("<units_year><by><units_year>", "<unit><by><unit>")
def _unit_by_unit(hit: Hit) -> Answer:
    """'Jahr für Jahr', 'Tag um Tag'."""
    if hit.words.word(hit.first) != hit.words.word(hit.last - 1) or _is_plural(hit):
        return None
    return hit.fixed(_SET_TYPE, calendar.duration(1, hit.unit()))


@_rule("<phrase>", "<pointer><adjective>?<phrase>", "<article><pointer>?<phrase>")
def _phrase(hit: Hit) -> Answer:
    """'in Zukunft', 'die Vergangenheit', 'letzter Zeit', 'im Moment', 'zur Zeit'."""
    word, before = hit.words.word(hit.last - 1), hit.before()
    bare = hit.last - hit.first == 1
    if word == "zukunft" and (before == "in" or hit.words.word(hit.first) == "die"):
        return hit.fixed(_DATE, "FUTURE_REF")
    if word == "vergangenheit" and (not bare or before in ("in", "der")):
        return hit.fixed(_DATE, "PAST_REF")
    if word == "gegenwart" and not bare and hit.words.word(hit.first) == "die":
        return hit.fixed(_DATE, "PRESENT_REF")
    if word in ("moment", "augenblick") and (before == "im" or hit.at("this") is not None):
        first = hit.first - 1 if before == "im" and bare else hit.first
        return hit.means(Fixed(_DATE, "PRESENT_REF"), first)
    if word == "kurzem" and before == "vor":
        return hit.means(Fixed(_DATE, "PAST_REF"), hit.first - 1)
    if word == "zeit" and before == "zu" and hit.at("this") is not None:
        return hit.fixed(_DATE, "PAST_REF")
    genitive = hit.after() in ("der", "des", "von") or hit.words.capital(hit.last)
    if word == "zeit" and bare and before == "zur" and not genitive:
        return hit.means(Fixed(_DATE, "PRESENT_REF"), hit.first - 1)
    if word in _SPELLS and not bare:
        for value, words in _SPELLS[word].items():
            if hit.words.word(hit.at("last", "next", "this") or hit.first) in words.split():
                return hit.fixed(_DATE, value)
    return None


@_rule("<year><slash>(?:<year>|<small>)", "<year>(?:<dash><year>)?")
def _year(hit: Hit) -> Answer:
    """'1999', '2007/08', '1901-1977'; counts are no years (see :func:`_is_year`)."""
    words = hit.words
    if hit.at("slash") is not None:
        if hit.at("small") is not None:
            first = hit.number("year") or 0
            follows = (hit.number("small") or 0) == (first + 1) % 100
            return hit.fixed(_DATE, "") if follows else None
        return [
            Found(index, index + 1, Fixed(_DATE, words.known[index].code))
            for index in (hit.first, hit.first + 2)
        ]
    found: Iterable[int] = (i for i in range(hit.first, hit.last) if words.kind(i) == "year")
    return spread(
        one.means(Fixed(_DATE, one.code("year")))
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
    if after in _MEASURES or words.kind(hit.last) in ("units_year", "unit", "oclock"):
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
        if other and (
            other in _MEASURES or (words.capital(hit.last + 2) and _COUNTED.match(other))
        ):
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


# Extents ----------------------------------------------------------------------------------------

_MEASURED = forms("small year big decimal word one many half")


def _extend(words: Words, first: int) -> int:
    """Take in 'Anfang', 'rund', 'mehr als', 'der ersten Hälfte' before an expression."""
    kind = words.kind(first)
    before = words.kind(first - 1)
    if kind in _MEASURED and kind != "year":
        if before == "about" and words.word(first - 1) != "mehr":
            return first - 1
        if words.word(first - 1) == "als" and words.word(first - 2) in ("mehr", "weniger"):
            return first - 2
        return first
    if before == "edge":
        return first - 1
    if before == "half_of" and words.kind(first - 2) == "ordinal":
        return first - 2 - (words.kind(first - 3) == "article")
    return first


GERMAN = Grammar(classify, _RULES, _extend, "Europe/Berlin")
