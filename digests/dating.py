"""Which dates a report's sentences tell of: those that something happened at.

Pure. A sentence gives more dates than it tells of: 'mehr als 2007' only measures, the year
of 'Fußball-WM 2006' is part of a name, and 'erstmals in diesem Jahr' is the day of the news.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

from digests.types import Event, PartialDate, Report, Timex


def spoken_dates(report: Report) -> dict[int, list[PartialDate]]:
    """Return the dates each sentence tells of, by its place; the exact one of '2014, im März'."""
    starts = [sentence.start for sentence in report.reading.sentences]
    found: defaultdict[int, set[PartialDate]] = defaultdict(set)
    for event in report.reading.events:
        place = bisect_right(starts, event.start) - 1
        if place >= 0 and not _is_no_date(report, event):
            found[place].add(event.date)
    return {
        place: sorted(day for day in days if not any(contains(day, other) for other in days))
        for place, days in found.items()
    }


def says_today(report: Report, start: int, end: int, date: PartialDate) -> bool:
    """Say whether the stretch ``[start, end)`` calls a day today that lies well after ``date``.

    Shown under ``date``, which the news only looks back to, 'heute' and 'gestern' would say that
    today was then.
    """
    for timex in report.reading.timexes:
        if start <= timex.start < end and (written := _DAY.match(timex.value)):
            words = report.item.text[timex.start : timex.end].casefold()
            day = PartialDate.parse(written[0]).first_day
            if _TODAY.match(words) and (day - date.last_day).days > _NEAR:
                return True
    return False


def says_another_today(report: Report, start: int, end: int, today: PartialDate | None) -> bool:
    """Say whether the stretch ``[start, end)`` says 'heute' or 'gestern' of another day's view.

    ``today`` is the day under which it is shown; where either is vaguer than a day, nobody knows.
    """
    own = report.item.published.date
    if own is None or today is None or not (own.day and today.day) or own == today:
        return False
    return any(
        _TODAY.match(report.item.text[timex.start : timex.end].casefold())
        for timex in report.reading.timexes
        if start <= timex.start < end
    )


def contains(coarse: PartialDate, fine: PartialDate) -> bool:
    """Say whether ``fine`` is a more exact date within ``coarse``."""
    if coarse == fine or coarse.day or coarse.year != fine.year:
        return False
    return not coarse.month or coarse.month == fine.month


def _is_no_date(report: Report, event: Event) -> bool:
    """Say whether nothing is told of a date that a sentence names."""
    named = [
        timex
        for timex in report.reading.timexes
        if event.start <= timex.start < event.end and _names(timex, event.date)
    ]
    tests = (_is_attribute,) if event.date.day else (_is_measure, _is_now, _is_label, _is_attribute)
    return bool(named) and all(any(test(report, event, one) for test in tests) for one in named)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEAR = 7  # days
_FRESH = 3
_TODAY = re.compile(r"(?:am )?(?:vor)?(?:heut|gest[er])|(?:today|yesterday|tonight)\b")


def _names(timex: Timex, date: PartialDate) -> bool:
    return timex.value == str(date) or (date.day > 0 and timex.value.startswith(f"{date}T"))


_ATTRIBUTE = re.compile(
    r"(?<!, )\b(?:der|die|das|den|dem|des|ein|eine[mnrs]?) (?:(?:erst|bereits|schon|noch) )?"
    r"(?:(?:am|im|seit|vom)(?: den| dem)? )?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:der|die|das|den|dem|des) $", re.IGNORECASE)
_OWN_ARTICLE = re.compile(
    r"\d+\.|\w*(?:montag|dienstag|mittwoch|donnerstag|freitag|sam|sonn)", re.IGNORECASE
)
_PARTICIPLE = re.compile(
    r"(?: (?!und\b|oder\b)[^ ,.;:]+){0,7}? [a-zäöüß]*"
    r"(?:ge[a-zäöüß]{2,}|(?:er|be|ver|ent|zer)[a-zäöüß]{3,})(?:t|en)e[mnrs]? "
    r"(?:[a-zäöüß]+e[mnrs]? )*[A-ZÄÖÜ]"
)
_MEASURED_BY = re.compile(
    r"\b(?:vor|nach|als|wie|gegenüber|[Vv]ergleich (?:zu|mit)"
    r"|before|after|than|compared (?:to|with))"
    r"(?: (?:noch|dem|den|im|in|dem Jahr|im Jahre?|die Jahre|the year))?\s*$"
)
_THIS = re.compile(r"\bdiese[smnr]?\b|\bdiesjährig|\bheuer\b|\blaufende|\bthis\b|\bcurrent\b")
_TITLED = re.compile(
    r"(?:\b(?:WM|EM|Open|Finals|Contest|Agenda)|resolution|weltmeisterschaft(?:en)?|spielen?"
    r"|europameisterschaft(?:en)?|saison|liga|pokals?|cups?|haushalts?|haushaltsentwurfs?"
    r"|berichts?|preise?s?|konferenz|jahrgangs?|zeitraum|legislaturperiode|neuverschuldung) $",
    re.IGNORECASE,
)


def _is_measure(report: Report, event: Event, timex: Timex) -> bool:
    """Say whether a year or month only measures something else: 'vor 1933', 'als 2007'."""
    text = report.item.text
    return bool(_MEASURED_BY.search(text, max(event.start, timex.start - 30), timex.start))


def _is_now(report: Report, event: Event, timex: Timex) -> bool:
    """Say whether a year or month is only that of the report: 'erstmals in diesem Jahr'.

    The day of the news says the same better, where it is known.
    """
    today = report.item.published.date
    if today is None or not today.day or not contains(event.date, today):
        return False
    return bool(_THIS.search(report.item.text[timex.start : timex.end].lower()))


def _is_attribute(report: Report, event: Event, timex: Timex) -> bool:
    """Say whether a date only tells which is meant: 'den am 29. März verurteilten Mann'.

    What happened in the days before the report is its news all the same.
    """
    text, today = report.item.text, report.item.published.date
    if report.reading.language != "de":
        return False
    if today is not None and today.day and event.date.day:
        age = (today.first_day - event.date.first_day).days
        if 0 <= age <= _FRESH:
            return False
    low, start = max(event.start, timex.start - 40), timex.start
    if _ATTRIBUTE.search(text, low, start) is None:
        return False
    # 'dem 1. November', 'des Montags': the article is the date's own.
    if _ARTICLE.search(text, low, start) and _OWN_ARTICLE.match(text, start):
        return False
    return _PARTICIPLE.match(text, timex.end, timex.end + 120) is not None


def _is_label(report: Report, event: Event, timex: Timex) -> bool:
    """Say whether a year is part of a German name: 'Fußball-WM 2006', 'die Agenda 2010'."""
    text = report.item.text
    if report.reading.language != "de" or not text[timex.start : timex.end].isdigit():
        return False
    return bool(_TITLED.search(text, event.start, timex.start))
