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


def contains(coarse: PartialDate, fine: PartialDate) -> bool:
    """Say whether ``fine`` is a more exact date within ``coarse``."""
    if coarse == fine or coarse.day or coarse.year != fine.year:
        return False
    return not coarse.month or coarse.month == fine.month


def _is_no_date(report: Report, event: Event) -> bool:
    """Say whether nothing is told of a year or month that a sentence names."""
    if event.date.day:
        return False
    named = [
        timex
        for timex in report.reading.timexes
        if event.start <= timex.start < event.end and timex.value == str(event.date)
    ]
    return bool(named) and all(
        _is_measure(report, event, timex)
        or _is_now(report, event, timex)
        or _is_label(report, event, timex)
        for timex in named
    )


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEAR = 7  # days
_TODAY = re.compile(r"(?:am )?(?:vor)?(?:heut|gest[er])|(?:today|yesterday|tonight)\b")
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


def _is_label(report: Report, event: Event, timex: Timex) -> bool:
    """Say whether a year is part of a German name: 'Fußball-WM 2006', 'die Agenda 2010'."""
    text = report.item.text
    if report.reading.language != "de" or not text[timex.start : timex.end].isdigit():
        return False
    return bool(_TITLED.search(text, event.start, timex.start))
