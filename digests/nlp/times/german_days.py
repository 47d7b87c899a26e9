"""German time expressions: nights, weekdays, seasons, feasts, today and the days around it."""

from __future__ import annotations

from digests.nlp.times import calendar
from digests.nlp.times.german_rules import (
    DATE,
    DURATION,
    MACROS,
    TIME,
    TO_A_MONTH,
    distance,
    year_of,
)
from digests.nlp.times.meaning import CalendarDate, Feast, Step, Today, Weekday, Which
from digests.nlp.times.scan import Answer, Hit, Rules, forms

RULES = Rules(MACROS)
_rule = RULES.add
_TO_A_WEEKEND = forms("am vom zum übers fürs ab bis")
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
    if hit.unit() != "W" or distance(hit) > 1:
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
    if distance(hit) > 1:
        return hit.fixed(TIME if part else DATE, "")
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
        return hit.fixed(DURATION, "PXWE")
    if which is None and hit.at("article") is None and hit.before() not in _TO_A_WEEKEND:
        return None
    return hit.means(Step("WE", None if which is None else int(which) * distance(hit)))


@_rule(
    "<article>?<season><year><slash>(?:<small>|<year>)",
    "<article>?<season><of_year>",
    "(?:<article>|<this>)?(?:<pointer>|<adjective>){0,2}<season>(?:<slash><small>|<slash><year>)?",
)
def _season(hit: Hit) -> Answer:
    """'Sommer 2014', 'im vergangenen Winter', 'Herbst des Jahres 2005'; no surnames."""
    at = hit.at("season") or hit.first
    year, shift = year_of(hit, at)
    if year is None and at + 1 < hit.last and shift is None:
        return None
    which = hit.pointer()
    article = hit.at("article")
    if which is None and year is None and shift is None:
        placed = hit.before() in TO_A_MONTH or hit.kind_before() in ("edge", "early")
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
    year, shift = year_of(hit, at)
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
        return hit.fixed(DATE, "FUTURE_REF" if step > 0 else "PAST_REF")
    return hit.means(Step("D", step, daypart=hit.code("part", "parts")))
