"""English time expressions: the rules (see :mod:`.scan` for how they are written)."""

from __future__ import annotations

import re

from digests.nlp.times import calendar
from digests.nlp.times.english_words import classify
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
from digests.nlp.times.numeric import clock_time, iso_day, iso_month, months_of_a_year
from digests.nlp.times.scan import Answer, Grammar, Hit, Rules, Words, forms
from digests.types import TimexType

_DATE, _TIME = TimexType.DATE, TimexType.TIME
_DURATION, _SET = TimexType.DURATION, TimexType.SET

_RULES = Rules(
    {
        "number": "<small>|<year>|<big>|<decimal>|<dotted>|<number_word>|<one>|<many>",
        "number_word": "<word>(?:<dash>?<word>)?",
        "units": "<units_year>|<unit>|<century>",
        "pointer": "<last>|<next>|<this>",
        "monthly": "<month>|<month_short><stop>?",
        "day": "<small>|<ordinal>",
        "sep": "<dash>|<to>|<and_>|<comma>",
        "at_day": "<weekday><comma>?",
        "of_year": "<comma>?<year>|<by><article>?<year>|<by>?<pointer><units_year>"
        "|<by><article><units_year>",
    }
)
_rule = _RULES.add
_rule("<year><dash><small><dash><small>")(iso_day)
_rule("<year><dash><small>")(iso_month)

_PLURALS = forms("years months weeks days hours minutes seconds decades centuries fortnights")
_TO_A_MONTH = forms("in of since until till by from to during through before after for and or late")


def _year_of(hit: Hit, start: int) -> tuple[int | None, int | None]:
    """Year, or distance to the report's year, that the words from ``start`` on name."""
    tail = Hit(hit.words, start, hit.last)
    year = tail.number("year")
    if year is not None:
        return year, None
    which = tail.pointer()
    if tail.at("units_year") is None:
        return None, None
    return None, int(which or 0)


@_rule("<small><slash><small><slash>(?:<year>|<small>)")
def _slashed(hit: Hit) -> Answer:
    """'25/01/2022', '1/25/2022'; empty where month and day cannot be told apart."""
    first, second = hit.number("small") or 0, hit.number("small", nth=1) or 0
    year = hit.number("year")
    if year is None or any(not hit.words.glued(hit.first + n) for n in range(1, 5)):
        return None
    readings = {(m, d) for m, d in ((first, second), (second, first)) if calendar.day_of(m, d)}
    if len(readings) != 1:
        return hit.fixed(_DATE, "") if readings else None
    month, day = readings.pop()
    return hit.means(CalendarDate(year, month, day))


@_rule("<at_day>?(?:<monthly>)(?:<day>)(?:(?:<sep>)(?:<day>)){0,3}(?:<comma>?<year>)?")
def _month_day(hit: Hit) -> Answer:
    """'January 25', 'Monday, Jan. 24, 2022', 'May 3-5'."""
    month, year = hit.number("month", "month_short") or 0, hit.number("year")
    return _days(hit, month, year, None)


@_rule(
    "<at_day>?<article>?(?:(?:<day>)(?:<sep>)<article>?){0,3}(?:<day>)<by>?(?:<monthly>)(?:<of_year>)?"
)
def _day_month(hit: Hit) -> Answer:
    """'25 January 2022', 'the 25th of January', '3 to 5 May'."""
    at = hit.at("month", "month_short") or hit.first
    year, shift = _year_of(hit, at)
    return _days(hit, hit.number("month", "month_short") or 0, year, shift)


def _days(hit: Hit, month: int, year: int | None, shift: int | None) -> Answer:
    """Each day of a list of days of one month; the month goes with the one next to it."""
    words = hit.words
    at = hit.at("month", "month_short") or hit.first
    days = [i for i in range(hit.first, hit.last) if words.kind(i) in ("small", "ordinal")]
    numbers = [int(words.known[i].number) for i in days]
    if not days or not all(calendar.day_of(month, day, year) for day in numbers):
        return None
    if days[0] > at and words.kind(days[-1] + 1) in ("colon", "oclock"):
        return None
    found = []
    for index, day in zip(days, numbers, strict=True):
        first = hit.first if index == days[0] else index
        last = hit.last if index == days[-1] else index + 1
        found.append(Found(first, last, CalendarDate(year, month, day, shift=shift)))
    return found


@_rule("<monthly>(?:<sep><month>){0,2}(?:<of_year>)")
def _month_year(hit: Hit) -> Answer:
    """'January 2022', 'March of last year', 'January to March 2022'."""
    words = hit.words
    months = [i for i in range(hit.first, hit.last) if words.kind(i) in ("month", "month_short")]
    return months_of_a_year(hit, months, *_year_of(hit, months[-1]))


_ALSO_NAMES = forms("may march august april june")


def _follows_name(hit: Hit) -> bool:
    return hit.words.capital(hit.last)


@_rule("<pointer>?<month>")
def _month_alone(hit: Hit) -> Answer:
    """'last January', 'in May'; not 'Theresa May', 'March on'."""
    words, which = hit.words, hit.pointer()
    name = words.word(hit.last - 1)
    placed = hit.before() in _TO_A_MONTH or hit.kind_before() in ("early", "edge")
    starts = hit.first == 0 or words.ends_sentence(hit.first - 1)
    if which is None and not placed and (name in _ALSO_NAMES or (starts and _follows_name(hit))):
        return None
    if which is None and name in _ALSO_NAMES and hit.before() == "and" and _follows_name(hit):
        return None
    shift = 0 if which is Which.THIS else None
    which = None if which is Which.THIS else which
    return hit.means(CalendarDate(month=hit.number("month") or 0, shift=shift, which=which))


@_rule("<article>?<early>?<dash>?<decade>")
def _decade(hit: Hit) -> Answer:
    """'the 1960s', 'the nineties'."""
    number = hit.number("decade") or 0
    if number < 1000 and hit.at("article") is None:
        return None
    decade = number // 10 if number >= 1000 else 190 + number // 10
    return hit.fixed(_DATE, str(decade))


@_rule("<article>?<early>?<dash>?<ordinal><dash>?<century>")
def _century(hit: Hit) -> Answer:
    return hit.fixed(_DATE, f"{(hit.number('ordinal') or 1) - 1:02d}")


@_rule("<article>?<units_year><year>")
def _named_year(hit: Hit) -> Answer:
    return hit.fixed(_DATE, f"{hit.number('year'):04d}")


@_rule("<article>?<pointer>(?:<about>|<adjective>)?(?:<number>)(?:<by>)?(?:<units>)")
def _last_some(hit: Hit) -> Answer:
    """'the past two years'."""
    if hit.at("one") is not None:
        return None
    return hit.fixed(_DURATION, calendar.duration(hit.count(), hit.unit()))


@_rule("<article><ordinal>(?:<number>)(?:<units>)")
def _first_some(hit: Hit) -> Answer:
    """'the first three months'."""
    return hit.fixed(_DURATION, calendar.duration(hit.count(), hit.unit()))


@_rule("<article>?<early>?(?:<pointer>)<adjective>?(?:<units>)")
def _pointed_period(hit: Hit) -> Answer:
    """'last week', 'this year', 'the following day', 'the coming months'."""
    which, word = hit.pointer(), hit.words.word(hit.last - 1)
    unit = hit.unit() or "CE"
    if which is None:
        return None
    if unit == "DE" and which is not Which.THIS and word == "decade":
        return hit.fixed(_DURATION, "P1DE") if which is Which.LAST else None
    if word in _PLURALS:
        if which is Which.NEXT and unit in ("Y", "M", "W", "D"):
            return hit.fixed(_DATE, "FUTURE_REF")
        return hit.fixed(_DURATION, calendar.duration(None, unit))
    if unit.startswith("T"):
        return None
    said = hit.words.word(hit.at("last", "next", "this") or 0)
    if said == "recent":
        return None
    if said in ("previous", "prior", "following") or (unit == "D" and said != "this"):
        return hit.means(Step(unit, int(which), Origin.TEXT))
    if unit == "D":
        return None
    return hit.means(Step(unit, int(which)))


@_rule("<article><same>(?:<units>)")
def _same_period(hit: Hit) -> Answer:
    if hit.words.word(hit.last - 1) in _PLURALS or hit.unit().startswith("T"):
        return None
    return hit.means(Step(hit.unit(), 0, Origin.TEXT, fallback=Fixed(_DATE, "")))


@_rule("<article>?<edge><by><article>(?:<units>|<weekend>)")
def _edge_of_period(hit: Hit) -> Answer:
    """'the end of the month'."""
    unit = hit.unit() or "WE"
    if unit not in ("Y", "M", "W", "DE"):
        return None
    return hit.means(Step(unit, 0, Origin.SENTENCE if unit == "Y" else Origin.REPORT))


@_rule(
    "<article><unit>(?:<before>|<after>)(?:<day_word>)?",
    "<article><units_year>(?:<before>|<after>)",
)
def _period_before(hit: Hit) -> Answer:
    """'the day before', 'the year after', 'the day after tomorrow'."""
    sign = 1 if hit.at("after") is not None else -1
    if hit.at("day_word") is not None:
        return hit.means(Step("D", sign + (hit.number("day_word") or 0)))
    if hit.words.word(hit.last - 1) not in ("before", "after", "earlier", "later"):
        return None
    if hit.words.capital(hit.last) or hit.words.kind(hit.last) in ("article", "one", "weekday"):
        return None
    unknown = None if hit.unit() == "D" else Fixed(_DATE, "")
    return hit.means(Step(hit.unit(), sign, Origin.TEXT, fallback=unknown))


@_rule(
    "(?:<number>)<adjective>?(?:<by>)?(?:<units>)(?:<before>|<after>)",
    "<one><many><by>?(?:<units>)(?:<before>|<after>)",
)
def _some_time_before(hit: Hit) -> Answer:
    """'two years ago', 'three days later', 'a few weeks earlier'."""
    count, unit = hit.count(), hit.unit()
    if hit.at("many") is not None:
        count = None
    word = hit.words.word(hit.last - 1)
    multiple = hit.lex("unit", "units_year").number or 1
    if word == "ago":
        if count is None:
            return hit.fixed(_DATE, "PAST_REF")
        if unit.startswith("T"):
            return hit.fixed(_TIME, "")
        if unit == "CE" or count != int(count):
            return hit.fixed(_DATE, "PAST_REF")
        return hit.means(Step(unit, -int(count * multiple)))
    fallback = Fixed(_DURATION, calendar.duration(count, unit))
    if word in ("before", "after"):
        return hit.means(fallback, last=hit.last - 1)
    if count is None or count != int(count) or unit not in ("Y", "M", "W", "D"):
        return hit.means(fallback, last=hit.last - 1)
    sign = 1 if word == "later" else -1
    return hit.means(Step(unit, sign * int(count), Origin.TEXT, fallback=fallback))


@_rule(
    "<each>(?:<weekday><part>?|<weekdays>)", "<weekdays>", "<weekdays>(?:<and_>|<comma>)<weekdays>"
)
def _every_weekday(hit: Hit) -> Answer:
    """'every Monday', 'on Mondays'."""
    day = hit.number("weekday", "weekdays") or 0
    part = hit.code("part")
    return hit.fixed(_SET, f"XXXX-WXX-{day + 1}" + (f"T{part}" if part else ""))


@_rule(
    "<each>(?:<number>)(?:<units>)",
    "<each><ordinal>(?:<units>)",
    "<each>(?:<units>)",
    "<each><part>",
    "<each><season>",
    "<each><month>",
    "<per>(?:<units>)",
)
def _every_period(hit: Hit) -> Answer:
    """'every year', 'every two weeks', 'every other day', 'per month'."""
    if hit.at("part") is not None:
        return hit.fixed(_SET, f"XXXX-XX-XXT{hit.code('part')}")
    if hit.at("season") is not None:
        return hit.fixed(_SET, f"XXXX-{hit.code('season')}")
    month = hit.number("month")
    if month:
        return hit.fixed(_SET, f"XXXX-{month:02d}")
    count = hit.count()
    return hit.fixed(_SET, calendar.duration(count or hit.number("ordinal") or 1, hit.unit()))


_NEWSPAPERS = forms("telegraph times express mirror mail")


@_rule(
    "<article>?<early>?(?:<pointer>)<weekday><part>?",
    "<early>?<dash>?<weekday><part>?",
)
def _weekday(hit: Hit) -> Answer:
    """'Monday', 'last Friday', 'Wednesday evening'; not 'The Sunday Times'."""
    if hit.after() in _NEWSPAPERS and hit.words.capital(hit.last):
        return None
    if hit.before() == "black" or hit.before() == "bloody":
        return None
    return hit.means(Weekday(hit.number("weekday") or 0, hit.pointer(), hit.code("part")))


@_rule("<article>?(?:<pointer>)?<weekend>", "<pointer>?<weekend>")
def _weekend(hit: Hit) -> Answer:
    which = hit.pointer()
    if hit.words.word(hit.last - 2) == "recent":
        return hit.fixed(_DURATION, "PXWE")
    if hit.words.word(hit.last - 1) == "weekends":
        return hit.fixed(_SET, "XXXX-WXX-WE") if which is None else hit.fixed(_DURATION, "PXWE")
    if which is None and hit.at("article") is None:
        return None
    return hit.means(Step("WE", None if which is None else int(which)))


@_rule("<article>?<early>?<dash>?<season>(?:<of_year>)", "<article>?<early>?(?:<pointer>)?<season>")
def _season(hit: Hit) -> Answer:
    """'summer 2014', 'the spring of 2021', 'last winter'; 'fall' only with a year or pointer."""
    at = hit.at("season") or hit.first
    year, shift = _year_of(hit, at)
    which = hit.pointer() if shift is None else None
    name = hit.words.word(at)
    known = year is not None or shift is not None or which is not None
    spring = name == "spring" and hit.before() == "in"
    unclear = name == "fall" or (name == "spring" and not spring) or hit.at("article") is None
    if not known and unclear:
        return None
    if which is Which.THIS:
        shift, which = 0, None
    return hit.means(CalendarDate(year, part=hit.code("season"), shift=shift, which=which))


@_rule(
    "<article>?<ordinal>(?:<quarter>|<half_of>|<half>)(?:<of_year>)?",
    "<article>?(?:<pointer>)<quarter>",
)
def _quarter(hit: Hit) -> Answer:
    """'the first quarter of 2022', 'the second half of the year', 'last quarter'."""
    which = hit.pointer()
    at = hit.at("quarter", "half", "half_of") or hit.first
    quarter = hit.words.kind(at) == "quarter"
    number = hit.number("ordinal")
    if number is None and hit.words.word(hit.first) == "recent":
        return None
    if number is None:
        return hit.means(Step("Q", int(which or 0)))
    year, shift = _year_of(hit, at)
    if number > (4 if quarter else 2) or (not quarter and year is None and shift is None):
        return None
    return hit.means(CalendarDate(year, part=f"{'Q' if quarter else 'H'}{number}", shift=shift))


@_rule("(?:<pointer>)?<feast><feast>?<unit>?<year>?")
def _feast(hit: Hit) -> Answer:
    """'Christmas', 'Christmas Eve', 'Easter 2021', 'last Christmas'."""
    name = hit.code("feast")
    last = hit.last
    if name == "eve":
        return None
    if name == "christmas" and hit.code("feast", nth=1) == "eve":
        name = "christmas eve"
    unit = hit.at("unit")
    if unit is not None and hit.words.word(unit) != "day":
        last = unit
    return hit.means(Feast(name, hit.number("year"), which=hit.pointer()), last=last)


@_rule("<phrase><units_year><quote>_(?:<feast>|<unit>)")
def _new_year(hit: Hit) -> Answer:
    """'New Year's Eve', 'New Year's Day'."""
    if hit.words.word(hit.first) != "new" or hit.words.word(hit.first + 3) != "s":
        return None
    return hit.means(Feast("new year's eve" if hit.at("feast") is not None else "new year"))


@_rule("<today>", "<today><part>")
def _today(hit: Hit) -> Answer:
    """'today', 'tonight'."""
    return hit.means(Today(hit.code("today") or hit.code("part")))


@_rule("<early>?<day_word><part>?")
def _day_word(hit: Hit) -> Answer:
    """'yesterday', 'tomorrow morning'."""
    return hit.means(Step("D", hit.number("day_word"), daypart=hit.code("part")))


@_rule(
    "(?:<small>|<clock>|<dotted>|<number_word>)<oclock><zone>?",
    "<clock><zone>?",
    "<clock>",
)
def _clock(hit: Hit) -> Answer:
    """'8 pm', '8:30 a.m.', '18:00 GMT'."""
    time = clock_time(hit.lex("small", "clock", "dotted", "word"))
    half = hit.words.word(hit.at("oclock") or -1)[:1]
    if time is None:
        return None
    hour, minute = time
    if not half and hit.at("zone") is None and hit.before() not in _TO_A_CLOCK:
        return None
    if half and hour > 12:
        return None
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return hit.means(Clock(hour, minute))


_TO_A_CLOCK = forms("at around about by from until till before after since")


@_rule("<article>?<early>?<part>(?:<by><weekday>)?", "(?:<pointer>)<part>")
def _part_of_day(hit: Hit) -> Answer:
    """'this morning', 'last night', 'in the evening', 'noon'."""
    known, which, word = hit.lex("part"), hit.pointer(), hit.words.word(hit.last - 1)
    if hit.at("weekday") is not None:
        return hit.means(Weekday(hit.number("weekday") or 0, None, known.code))
    if word.endswith("s") and word != "dusk":
        return None
    if which is not None:
        if which is Which.NEXT or (which is Which.LAST and known.code != "NI"):
            return None
        return hit.means(Step("D", int(which), daypart=known.code))
    if known.number > 1 and hit.at("article") is None:
        return hit.means(Clock(int(known.number)))
    if word == "overnight" and hit.at("article") is None:
        return hit.means(Daypart("NI")) if hit.words.kind(hit.last) != "dash" else None
    if hit.at("article") is not None and hit.before() in ("in", "on", "during", "by", "until"):
        return hit.means(Daypart(known.code))
    if hit.before() == "at" and word == "night":
        return hit.means(Daypart("NI", habitual=True))
    return None


@_rule(
    "(?:<number>)<adjective>?(?:<by>)?(?:<units>)",
    "<one><many><by>?(?:<units>)",
    "<half><one>(?:<units>)",
)
def _duration(hit: Hit) -> Answer:
    """'eight years', 'a few days', 'half an hour', 'a decade'."""
    unit, word = hit.unit() or "CE", hit.words.word(hit.last - 1)
    if hit.after() == "old" or (hit.words.kind(hit.last) == "dash" and hit.after(1) == "old"):
        return None
    one, many = hit.at("one") is not None, hit.at("many") is not None
    if one and not many and word in _PLURALS:
        return None
    if hit.at("by") is not None and not many:
        return None
    count = None if many else _compound_number(hit)
    if hit.at("half") is not None:
        count, unit = {"Y": (6.0, "M"), "TH": (30.0, "TM")}.get(unit, (0.5, unit))
    elif count is not None:
        count *= hit.lex("unit", "units_year").number or 1
    if one and not many and hit.at("half") is None and _is_rate(hit):
        return hit.fixed(_SET, calendar.duration(count, unit))
    return hit.fixed(_DURATION, calendar.duration(count, unit))


def _compound_number(hit: Hit) -> float | None:
    """'twenty-five' is two words."""
    second = hit.lex("word", nth=1)
    count = hit.count()
    dotted = hit.code("dotted")
    if dotted:
        return float(dotted)
    if not second.kind or count is None:
        return count
    return count * second.number if second.number == 100 else count + second.number


def _is_rate(hit: Hit) -> bool:
    """'$5 a year', 'twice a week'."""
    if hit.before() in ("times", "once", "twice"):
        return True
    return hit.kind_before() in ("small", "big", "year", "decimal") or hit.before() in (
        "dollars",
        "euros",
        "million",
        "billion",
        "percent",
    )


@_rule("(?:<number_word>|<small>|<big>)<dash>(?:<units>)")
def _hyphened(hit: Hit) -> Answer:
    """'two-week', '30-day'; no ages."""
    if hit.words.kind(hit.last) == "dash" and hit.after(1) in ("old", "olds"):
        return None
    return hit.fixed(_DURATION, calendar.duration(_compound_number(hit), hit.unit() or "CE"))


@_rule("(?:<units>)(?:<dash>_)?")
def _bare_units(hit: Hit) -> Answer:
    """'for years', 'in decades', 'decades-long'."""
    word = hit.words.word(hit.first)
    unit = hit.unit() or "CE"
    if hit.last - hit.first == 3:
        long = hit.words.word(hit.last - 1) == "long"
        count = None if word in _PLURALS else 1
        return hit.fixed(_DURATION, calendar.duration(count, unit)) if long else None
    if word in _PLURALS and hit.before() in ("for", "in", "over", "within") and unit != "TS":
        return hit.fixed(_DURATION, calendar.duration(None, unit))
    return None


@_rule("<set_word>")
def _set_word(hit: Hit) -> Answer:
    """'daily'; not in names of papers."""
    if hit.words.capital(hit.first) and hit.words.capital(hit.last):
        return None
    return hit.fixed(_SET, hit.code("set_word"))


@_rule("<reference>")
def _reference(hit: Hit) -> Answer:
    """'now', 'recently', 'soon'."""
    if hit.after() in ("before", "after") or (hit.after() == "as" and hit.before() == "as"):
        return None
    return hit.fixed(_DATE, hit.code("reference"))


@_rule("<article>(?:<phrase>|<last>|<adjective>)")
def _phrase(hit: Hit) -> Answer:
    """'the future', 'the past'."""
    word = hit.words.word(hit.last - 1)
    value = {"future": "FUTURE_REF", "past": "PAST_REF", "present": "PRESENT_REF"}.get(word)
    if value is None or hit.before() not in ("in", "of", "for", "from"):
        return None
    after = (
        hit.words.text[hit.words.starts[hit.last] :][:1] if hit.last < len(hit.words.starts) else ""
    )
    return None if after.isalpha() and value != "FUTURE_REF" else hit.fixed(_DATE, value)


@_rule("<year>(?:<dash>(?:<year>|<small>))?")
def _year(hit: Hit) -> Answer:
    """'1999', '2014-16', '2014-2016'."""
    words, first = hit.words, hit.first
    if hit.at("small") is not None:
        follows = (hit.number("small") or 0) > (hit.number("year") or 0) % 100
        if not follows or not words.glued(first + 1):
            return None
        return [Found(first, first + 1, Fixed(_DATE, hit.code("year")))]
    years = [i for i in range(first, hit.last) if words.kind(i) == "year"]
    return [
        Found(i, i + 1, Fixed(_DATE, words.known[i].code))
        for i in years
        if _is_year(Hit(words, i, i + 1))
    ]


_TO_A_YEAR = forms(
    "in since until till by from to of before after during early late mid for year and"
)
_PEOPLE = forms("people soldiers troops men women children dead civilians fighters protesters")
_COUNTED = re.compile(
    r"(?:[a-z]+s|people|men|women|children|percent|per|troops|dead|km|miles|feet)"
)
_TO_A_COUNT = forms(
    "about around some nearly almost roughly approximately over least than with the"
)


def _is_year(hit: Hit) -> bool:
    """Whether four digits are a year: not '2000 soldiers', 'No. 1234'."""
    number, words, before, after = hit.number("year") or 0, hit.words, hit.before(), hit.after()
    if before in ("no", "page", "route", "$", "€", "£") or words.kind(hit.last) in (
        "oclock",
        "percent",
    ):
        return False
    if before == "." and hit.before(2) == "no":
        return False
    if after in _PEOPLE:
        return False
    counted = _COUNTED.fullmatch(after) and after not in (
        "as",
        "was",
        "is",
        "has",
        "his",
        "its",
        "this",
    )
    if counted and (before in _TO_A_COUNT or before not in _TO_A_YEAR):
        return False
    if 1800 <= number <= 2050:
        return before not in ("about", "some", "nearly", "almost", "roughly", "than")
    return before in _TO_A_YEAR or hit.kind_before() in ("open", "month", "season")


_MEASURED = forms("small big decimal dotted word one many half")


def _extend(words: Words, first: int) -> int:
    """Take in 'early', 'mid-', 'the end of', 'about', 'more than' before an expression."""
    kind, before = words.kind(first), words.word(first - 1)
    if kind in _MEASURED and words.kind(first - 1) == "about":
        return first - 1
    if (
        kind in _MEASURED
        and before in ("than", "least")
        and words.word(first - 2)
        in (
            "more",
            "less",
            "at",
        )
    ):
        return first - 2
    if words.kind(first - 1) == "early":
        return first - 1
    if words.kind(first - 1) == "dash" and words.word(first - 2) == "mid":
        return first - 2
    if before == "of" and words.kind(first - 2) == "edge":
        return first - 2 - (words.kind(first - 3) == "article")
    return first


ENGLISH = Grammar(classify, _RULES, _extend, "UTC")
