"""What both languages write alike: ISO dates, clock times, years in digits, months of a year."""

from __future__ import annotations

from digests.nlp.times import calendar
from digests.nlp.times.meaning import CalendarDate, Found
from digests.nlp.times.scan import Answer, Hit, Lex


def full_year(digits: str) -> int:
    """A year written with two or four digits: 22 is 2022, 87 is 1987."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def iso_day(hit: Hit) -> Answer:
    """'2022-01-25'; the words of the match are its three numbers and two hyphens."""
    if any(not hit.words.glued(hit.first + n) for n in range(1, 5)):
        return None
    year, month, day = (int(hit.words.known[hit.first + n].number) for n in (0, 2, 4))
    if not calendar.day_of(month, day, year):
        return None
    return hit.means(CalendarDate(year, month, day))


def iso_month(hit: Hit) -> Answer:
    """'2022-01'; '2009-11' may be a span of years and is none."""
    year, month = hit.number("year") or 0, hit.number("small") or 0
    glued = hit.words.glued(hit.first + 1) and hit.words.glued(hit.first + 2)
    written = len(hit.code("small")) == 2 and 1 <= month <= 12 and month <= year % 100
    return hit.means(CalendarDate(year, month)) if glued and written else None


def months_of_a_year(hit: Hit, months: list[int], year: int | None, shift: int | None) -> Answer:
    """'Januar bis März 2022': the places ``months`` of a match are months of one year.

    The year is ``year``, or lies ``shift`` years from the report's; the last reaches to its words.
    """
    return [
        Found(
            index,
            hit.last if index == months[-1] else index + 1,
            CalendarDate(year, int(hit.words.known[index].number), shift=shift),
        )
        for index in months
    ]


def clock_time(known: Lex) -> tuple[int, int] | None:
    """Hour and minute of '18.30', '18:30', '18', 'acht'; None if there is no such time."""
    hour, minute = int(known.number), 0
    if known.kind in ("dotted", "clock"):
        hours, minutes = known.code.replace(":", ".").split(".")
        if len(minutes) != 2:
            return None
        hour, minute = int(hours), int(minutes)
    return (hour, minute) if 0 <= hour <= 24 and 0 <= minute < 60 else None
