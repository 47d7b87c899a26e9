"""Dates as people write them: 21.01.2022, Mai 2022, gestern, letzte Woche, bis Freitag. Pure.

German and English are read alike, whatever the chat speaks. What is relative counts from a
moment ``now`` in the chat's own zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.texts import month_names, weekday_names
from digests.types import PartialDate
from digests.words import fold


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


def _names(names: Iterable[str]) -> str:
    return _any(*sorted(map(re.escape, names), key=len, reverse=True))


MONTH: Final = _names(month_names())
"""The name of a month."""

_WEEKDAY: Final = _names(name for name in weekday_names() if len(name) > 3)
_ANY_WEEKDAY: Final = rf"{_names(weekday_names())}\.?"
_NUMERIC: Final = r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}(?!\d))|\d{1,2}[./]\d{4}|\d{4}(?:-\d{1,2}){0,2}"
_IN_WORDS: Final = (
    rf"(?:\d{{1,2}}\.?\s*)?{MONTH}\.?\s+\d{{4}}|{MONTH}\.?\s+\d{{1,2}}\.?,?\s+\d{{4}}"
)
_WITHOUT_YEAR: Final = _any(
    rf"\d{{1,2}}\.?\s*{MONTH}\.?", rf"{MONTH}\.?\s+\d{{1,2}}\.?", r"\d{1,2}\.\s?\d{1,2}\.?"
)
_DAYS: Final = {
    **dict.fromkeys(("heute", "today", "jetzt", "now"), 0),
    **dict.fromkeys(("gestern", "yesterday"), -1),
    **dict.fromkeys(("vorgestern", "day before yesterday"), -2),
    **dict.fromkeys(("morgen", "tomorrow"), 1),
    **dict.fromkeys(("übermorgen", "uebermorgen", "day after tomorrow"), 2),
}
_COUNTS: Final = {
    **dict.fromkeys(("ein", "eine", "einem", "einen", "einer", "a", "an", "one"), 1),
    **dict.fromkeys(("zwei", "two"), 2),
    **dict.fromkeys(("drei", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
    **dict.fromkeys(("fünf", "fuenf", "five"), 5),
    **dict.fromkeys(("sechs", "six"), 6),
    **dict.fromkeys(("sieben", "seven"), 7),
    **dict.fromkeys(("acht", "eight"), 8),
    **dict.fromkeys(("neun", "nine"), 9),
    **dict.fromkeys(("zehn", "ten"), 10),
}
_UNITS: Final = {
    "minute": r"minuten?|minutes?|mins?\.?",
    "hour": r"stunden?|std\.?|hours?|hrs?|h",
    "day": r"tag(?:e[ns]?)?|days?|d",
    "week": r"wochen?|weeks?|w",
    "month": r"monat(?:e[ns]?|s)?|months?",
    "year": r"jahr(?:e[ns]?|s)?|years?",
}
_SATURDAY: Final = 5
_COUNT: Final = rf"(?:\d{{1,3}}\s*|{_names(_COUNTS)}\s+)"
_UNIT: Final = rf"{_any(*_UNITS.values())}(?![^\W\d_])"
_CALENDAR: Final = _any(_UNITS["week"][:-2], _UNITS["month"], _UNITS["year"])
_WEEKEND: Final = r"(?:wochenendes?|weekend)"
_ARTICLE: Final = r"(?:(?:der|die|das|dem|den|des|the)\s+)?"
_LAST: Final = r"(?:(?:letzt|vergangen|vorig)e[nrsm]?|last|past|previous)"
_THIS: Final = r"(?:diese[nrsm]?|this)"
_NEXT: Final = r"(?:(?:nächst|naechst|kommend)e[nrsm]?|next|coming)"
_NAMED: Final = _any(_CALENDAR, _WEEKEND, _ANY_WEEKDAY, MONTH)
_WHICH: Final = rf"{_any(_LAST, _THIS, _NEXT)}\s+{_NAMED}"
_AGO: Final = _any(rf"vor\s+{_COUNT}{_UNIT}", rf"{_COUNT}{_UNIT}\s+ago")
_LATELY: Final = rf"{_LAST}\s+{_COUNT}{_UNIT}"
_EDGES: Final = "(?:anfang|ende|beginning|start|end)"
_EDGE: Final = r"(?:anfang|ende|beginning\s+of|start\s+of|end\s+of)"

NUMERIC: Final = rf"(?:{_NUMERIC})"
"""A date in digits; a year alone is one."""

DATE: Final = rf"(?:{_IN_WORDS}|{_NUMERIC})"
"""A date that is the same whenever it is written."""

_BEFORE: Final = _names(
    word for word, days in _DAYS.items() if days <= 0 and word not in ("jetzt", "now")
)
_LAST_WHICH: Final = rf"{_any(_LAST, _THIS)}\s+{_NAMED}"

PAST: Final = rf"{_ARTICLE}{_any(_BEFORE, _AGO, _LATELY, _LAST_WHICH)}"
"""What lies behind whoever writes it, and is hardly a name: 'gestern', 'letzte Woche'."""

WITHIN: Final = rf"{_ARTICLE}{_any(_LATELY, _WHICH, _WITHOUT_YEAR, _WEEKEND, _WEEKDAY, MONTH)}"
"""What, but for a date, stands after 'am', 'im', 'in' and 'on'."""

KEYED: Final = (
    rf"{_ARTICLE}(?:{_EDGE}\s+{_ARTICLE})?"
    rf"{_any(DATE, _AGO, _LATELY, _WHICH, rf'{_COUNT}{_UNIT}', _WITHOUT_YEAR)}"
    rf"|{_ARTICLE}{_any(_names(_DAYS), _WEEKEND, _WEEKDAY)}"
    rf"|{_ARTICLE}(?:{_EDGE}\s+)?{MONTH}\.?|{_EDGE}\s+{_ARTICLE}{_CALENDAR}"
)
"""What may stand after a word such as 'seit' and 'bis'."""


class DateError(ValueError):
    """Words that should be a date and are none."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Period:
    """The time that words name: a day, month or year, or from one day to another."""

    since: PartialDate
    until: PartialDate

    @classmethod
    def of(cls, first: date, last: date) -> Period:
        """From one day to another."""
        return cls(_day(first), _day(last))


def read_period(words: str, now: datetime, after: date | None = None) -> Period:
    """Read a time: 'Mai 2022', 'gestern', 'letzte Woche', 'vor 3 Tagen', 'Freitag', '24.12.'.

    What comes again (a weekday, a day without a year, 'drei Tage') is the next that lies after
    ``after``; without one the last that lies before ``now``. Raises DateError.
    """
    tidy = " ".join(words.lower().replace(" of ", " ").split())
    tidy = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", ".", tidy)
    tidy = re.sub(rf"^{_ARTICLE}", "", tidy)
    for pattern, meaning in _RULES:
        match = pattern.fullmatch(tidy)
        if match is None:
            continue
        try:
            return meaning(match, now, after)
        except (ValueError, OverflowError) as error:
            raise DateError(words) from error
    raise DateError(words)


def read_end(words: str, now: datetime) -> datetime:
    """Read until when something lasts: 'morgen', 'bis Freitag 18 Uhr', '1 Woche', '3' (days); UTC.

    A day that lies ahead ends it by beginning, a period that is on by being over: 'diese Woche'
    is until Monday. Raises DateError, PastError where it lies behind.
    """
    tidy = " ".join(words.lower().split())
    if len(tidy) > _LONGEST:
        raise DateError(words)
    if re.fullmatch(r"\d{1,3}", tidy):
        tidy += " d"
    tidy = _TILL.sub("", tidy)
    try:
        if match := _SPAN.fullmatch(tidy):
            end = _shifted(now, _count(match["count"]), match["unit"])
        else:
            end = _end(tidy, now)
        end = end.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DateError(words) from error
    if end <= now.astimezone(UTC):
        raise PastError(words)
    return end


def _end(words: str, now: datetime) -> datetime:
    """When a day begins or a period that is on is over, or a time of day comes."""
    words, clock = _split_clock(words)
    today = now.date()
    if not words and clock is not None:
        day = today if clock > now.time() else today + timedelta(days=1)
        return datetime.combine(day, clock, tzinfo=now.tzinfo)
    words, whole = _WHOLE.subn("", words)
    if whole and (named := _PERIOD.fullmatch(words)):
        words = f"this {named['unit']}"
    period = read_period(words, now, today)
    day = period.since.first_day
    if clock is None and (whole or day <= today):
        day = period.until.last_day + timedelta(days=1)
    return datetime.combine(day, clock or time(), tzinfo=now.tzinfo)


class PastError(DateError):
    """A time that should lie ahead does not."""


_LONGEST: Final = 100
_TILL: Final = re.compile(r"^(?:(?:bis|until|till?|to|für|for)\s+(?:(?:zum|zur)\s+)?)+")
_WHOLE: Final = re.compile(
    r"^(?:(?:einschließlich|einschl\.|inklusive|inkl\.|including|through|ende|(?:the\s+)?end\s+of)"
    r"\s+|(?:übers|über\s+das|over\s+the)\s+)"
)
_PERIOD: Final = re.compile(rf"{_ARTICLE}(?P<unit>{_CALENDAR})")
_SPAN: Final = re.compile(
    rf"(?:in\s+|{_ARTICLE}{_NEXT}\s+)?(?P<count>{_COUNT})(?P<unit>{_UNIT})(?:\s+(?:lang|long))?"
)
_CLOCK: Final = re.compile(
    r"(?:^|[\s,]+)(?:um\s+|at\s+)?(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<sign>uhr|am|pm)"
    r"|(?P<hours>\d{1,2}):(?P<minutes>\d{2}))$"
)
_PARTS: Final = {
    **dict.fromkeys(("früh", "morgen", "morgens", "vormittag", "morning"), time(6)),
    **dict.fromkeys(("mittag", "mittags", "noon"), time(12)),
    **dict.fromkeys(("nachmittag", "afternoon"), time(15)),
    **dict.fromkeys(("abend", "abends", "evening", "night"), time(18)),
}
_PART: Final = re.compile(rf"(?:\s|(?<=tag)|(?<=mittwoch))(?P<part>{_names(_PARTS)})$")


def _split_clock(words: str) -> tuple[str, time | None]:
    """Cut a time of day off the end of words: 'freitag 18 uhr', 'heute abend', 'tonight'."""
    words = words.replace("tonight", "today evening")
    if match := _CLOCK.search(words):
        hour = int(match["hour"] or match["hours"])
        if match["sign"] in ("am", "pm"):
            hour = hour % 12 + (12 if match["sign"] == "pm" else 0)
        minute = int(match["minute"] or match["minutes"] or 0)
        if hour > 23 or minute > 59:
            raise DateError(words)
        return words[: match.start()].strip(), time(hour, minute)
    if match := _PART.search(words):
        return words[: match.start()].strip(), _PARTS[match["part"]]
    return words, None


# --- What words mean -----------------------------------------------------------------------


def _absolute(match: re.Match[str], _now: datetime, _after: date | None) -> Period:
    text = match[0]
    if re.fullmatch(_IN_WORDS, text):
        parts = re.findall(r"\d+|[^\W\d_]+", text)
        (month,) = (month_names()[fold(part)] for part in parts if not part.isdecimal())
        *days, year = (part for part in parts if part.isdecimal())
        text = "-".join([year, f"{month:02d}", *(f"{int(day):02d}" for day in days)])
    elif "." in text or "/" in text:
        *rest, year = re.split("[./]", text)
        if len(year) == 2:  # as clocks are read: up to 68 in this century
            year = f"{19 if int(year) > 68 else 20}{year}"
        text = "-".join([year, *(f"{int(part):02d}" for part in reversed(rest))])
    found = PartialDate.parse(text)
    return Period(found, found)


def _near(match: re.Match[str], now: datetime, _after: date | None) -> Period:
    day = now.date() + timedelta(days=_DAYS[match[0]])
    return Period.of(day, day)


def _counted(match: re.Match[str], now: datetime, after: date | None) -> Period:
    """'vor 3 Tagen' is a day, 'die letzten 3 Tage' are up to today; 'drei Tage' go either way."""
    which = match["which"] or ""
    back = bool(match["ago"] or re.fullmatch(_LAST, which)) or (not which and after is None)
    then = _shifted(now, (-1 if back else 1) * _count(match["count"]), match["unit"]).date()
    if match["ago"] or not back:
        return Period.of(then, then)
    return Period.of(then, now.date())


def _which(match: re.Match[str], now: datetime, _after: date | None) -> Period:
    """'letzte Woche', 'this year', 'nächsten Freitag', 'letzten Mai'."""
    which, name, today = match["which"], match["name"], now.date()
    step = -1 if re.fullmatch(_LAST, which) else 1 if re.fullmatch(_NEXT, which) else 0
    if re.fullmatch(_UNITS["week"], name):
        first = today + timedelta(days=7 * step - today.weekday())
        return Period.of(first, first + timedelta(days=6))
    if re.fullmatch(_UNITS["year"], name):
        year = PartialDate(today.year + step)
        return Period(year, year)
    if re.fullmatch(_UNITS["month"], name):
        there = _shifted(now, step, "month")
        month = PartialDate(there.year, there.month)
        return Period(month, month)
    # This one is within the period that is on; the last and the next are those around it.
    ahead = today if step > 0 else None
    if step == 0:
        ahead = today - timedelta(days=1)
    return _again(name, now, ahead)


def _recurring(match: re.Match[str], now: datetime, after: date | None) -> Period:
    return _again(match[0], now, after)


def _again(name: str, now: datetime, after: date | None) -> Period:
    """A weekday, a weekend or a month: the next after a day, or the last before now."""
    today, name = now.date(), name.rstrip(".")
    if name in month_names():
        month, base = month_names()[name], after or today
        year = base.year + (1 if after and month < base.month else 0)
        year -= 1 if not after and month > base.month else 0
        found = PartialDate(year, month)
        return Period(found, found)
    weekend = re.fullmatch(_WEEKEND, name) is not None
    weekday = _SATURDAY if weekend else weekday_names()[name]
    if weekend and after is not None and after.weekday() >= _SATURDAY:  # it is on
        day = after - timedelta(days=after.weekday() - _SATURDAY)
    elif after is not None:
        day = after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)
    else:
        day = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return Period.of(day, day + timedelta(days=1) if weekend else day)


def _yearless(match: re.Match[str], now: datetime, after: date | None) -> Period:
    """'24.12.', '24. Dezember', 'Dec 24': in the year that makes it the next, or the last."""
    parts = re.findall(r"\d+|[^\W\d_]+", match[0])
    named = [month_names()[part] for part in parts if not part.isdecimal()]
    numbers = [int(part) for part in parts if part.isdecimal()]
    day, month = numbers[0], named[0] if named else numbers[1]
    base = after or now.date()
    for step in range(9):  # the 29th of February comes every eight years, at worst
        year = base.year + (step if after else -step)
        if not 1 <= month <= 12 or day > monthrange(2000, month)[1]:
            break
        if day <= monthrange(year, month)[1]:
            found = date(year, month, day)
            if found > after if after else found <= now.date():
                return Period.of(found, found)
    raise ValueError(match[0])


def _of_month(match: re.Match[str], now: datetime, after: date | None) -> Period:
    """'der 3.': in the month that makes it the next, or the last."""
    number, base = int(match[0].rstrip(".")), after or now.date()
    for step in range(3):
        there = _shifted(now, step if after else -step, "month")
        if 1 <= number <= monthrange(there.year, there.month)[1]:
            found = date(there.year, there.month, number)
            if found > base if after else found <= base:
                return Period.of(found, found)
    raise ValueError(match[0])


def _edge(match: re.Match[str], now: datetime, after: date | None) -> Period:
    """The first or last day of a period: 'Anfang des Jahres', 'Ende Mai'."""
    whole = match["whole"]
    if re.fullmatch(_CALENDAR, whole):
        whole = f"this {whole}"
    period = read_period(whole, now, after)
    begins = re.match("anfang|beginning|start", match["edge"])
    day = period.since.first_day if begins else period.until.last_day
    return Period.of(day, day)


Meaning = Callable[[re.Match[str], datetime, date | None], Period]

_RULES: Final[tuple[tuple[re.Pattern[str], Meaning], ...]] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (DATE, _absolute),
        (_names(_DAYS), _near),
        (
            rf"(?P<ago>vor\s)?(?:(?P<which>{_any(_LAST, _NEXT)})\s)?"
            rf"(?P<count>{_COUNT})(?P<unit>{_UNIT})",
            _counted,
        ),
        (rf"(?P<which>\b)(?P<count>{_COUNT})(?P<unit>{_UNIT})(?P<ago>\sago)", _counted),
        (rf"(?P<which>{_any(_LAST, _THIS, _NEXT)})\s(?P<name>{_NAMED})", _which),
        (rf"{_WEEKEND}|{_ANY_WEEKDAY}|{MONTH}\.?", _recurring),
        (_WITHOUT_YEAR, _yearless),
        (r"\d{1,2}\.", _of_month),
        (rf"(?P<edge>{_EDGES})\s{_ARTICLE}(?P<whole>(?!{_EDGES}\b).+)", _edge),
    )
)


def _count(word: str) -> int:
    word = word.strip()
    return int(word) if word.isdecimal() else _COUNTS[word]


def _shifted(now: datetime, number: int, word: str) -> datetime:
    """A moment so many hours, days, weeks, months or years away, by the clocks of its zone."""
    unit = next(one for one, pattern in _UNITS.items() if re.fullmatch(pattern, word))
    match unit:
        case "minute" | "hour":
            length = timedelta(minutes=number) if unit == "minute" else timedelta(hours=number)
            return (now.astimezone(UTC) + length).astimezone(now.tzinfo)
        case "day" | "week":
            return now + timedelta(days=number if unit == "day" else 7 * number)
    months = now.year * 12 + now.month - 1 + (number if unit == "month" else 12 * number)
    year, month = months // 12, months % 12 + 1
    return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))


def _day(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)
