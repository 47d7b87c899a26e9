"""German time expressions: days, months, decades and years of the calendar."""

from __future__ import annotations

from digests.nlp.times import calendar
from digests.nlp.times.german_rules import DATE, MACROS, TO_A_MONTH, year_of
from digests.nlp.times.meaning import CalendarDate, Found, Which
from digests.nlp.times.numeric import full_year, iso_day, iso_month, months_of_a_year
from digests.nlp.times.scan import Answer, Hit, Rules, forms

RULES = Rules(MACROS)
_rule = RULES.add
_rule("<year><dash><small><dash><small>")(iso_day)
_rule("<year><dash><small>")(iso_month)
_TO_A_DAY = forms("am vom zum bis ab seit den der dem beim zwischen vor nach und")


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
    year, shift = year_of(hit, month_at)
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
    year, shift = year_of(hit, month_at)
    if not calendar.day_of(month, day, year) or hit.before() in ("des", "seines", "ihres"):
        return None
    return hit.means(CalendarDate(year, month, day, shift=shift))


@_rule("<article>?<month>(?:<sep><month>){0,3}<of_year>")
def _months_of_a_year(hit: Hit) -> Answer:
    """'Januar 2022', 'Oktober vorigen Jahres', 'Januar bis März 2022'."""
    words = hit.words
    months = [i for i in range(hit.first, hit.last) if words.kind(i) == "month"]
    return months_of_a_year(hit, months, *year_of(hit, months[-1]))


@_rule("(?:<article>|<pointer>)?<month>")
def _month_alone(hit: Hit) -> Answer:
    """A month without a year; names of people (Mai, August) are left alone."""
    number = hit.number("month") or 0
    which = hit.pointer()
    clear = hit.words.word(hit.last - 1) not in {"mai", "august", "april", "märz", "juni", "juli"}
    listed = hit.kind_before() in ("and_", "to", "comma", "dash") and hit.kind_before(2) == "month"
    placed = hit.before() in TO_A_MONTH or hit.kind_before() in ("edge", "early", "adjective")
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
    return hit.fixed(DATE, str(decade))


@_rule("<article>?<early>?(?:<small><stop>|<ordinal>)<century>")
def _century(hit: Hit) -> Answer:
    number = hit.number("small", "ordinal") or 0
    return hit.fixed(DATE, f"{number - 1:02d}") if 0 < number < 22 else None


@_rule("(?:<article>|<this>)?<adjective>?<units_year>(?:<year>|<small>|<big>)")
def _named_year(hit: Hit) -> Answer:
    """'Jahr 2012', 'des Jahres 1991', 'Jahre 33'."""
    year = hit.number("year", "small", "big") or 0
    after = hit.words.kind(hit.last)
    if not 0 < year < 2200 or (after == "stop" and hit.at("small") is not None):
        return None
    if hit.at("year") is None and after in ("units_year", "unit", "dash", "comma"):
        return None
    return hit.fixed(DATE, f"{year:04d}")
