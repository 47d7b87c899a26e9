"""Calendar arithmetic for time expressions: weeks, quarters, decades, movable feasts, durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, "Astronomical Algorithms", 1991, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def _advent(number: int) -> Callable[[int], date]:
    """The Sundays of Advent: the fourth is the last Sunday before 25 December."""

    def sunday(year: int) -> date:
        christmas = date(year, 12, 25)
        return christmas - timedelta(days=christmas.isoweekday() + 7 * (4 - number))

    return sunday


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def nth_weekday(month: int, number: int, weekday: int) -> Callable[[int], date]:
    """The ``number``-th ``weekday`` (0 for Monday) of a month, for any year."""

    def day(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return day


FEASTS: dict[str, Callable[[int], date]] = {
    "new year": _fixed(1, 1),
    "epiphany": _fixed(1, 6),
    "valentine": _fixed(2, 14),
    "carnival monday": _from_easter(-48),
    "shrove tuesday": _from_easter(-47),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "maundy thursday": _from_easter(-3),
    "good friday": _from_easter(-2),
    "holy saturday": _from_easter(-1),
    "easter": easter,
    "easter monday": _from_easter(1),
    "labour day": _fixed(5, 1),
    "mothers' day": nth_weekday(5, 2, 6),
    "ascension": _from_easter(39),
    "pentecost": _from_easter(49),
    "whit monday": _from_easter(50),
    "corpus christi": _from_easter(60),
    "independence day": _fixed(7, 4),
    "assumption": _fixed(8, 15),
    "german unity": _fixed(10, 3),
    "reformation": _fixed(10, 31),
    "all saints": _fixed(11, 1),
    "all souls": _fixed(11, 2),
    "st martin": _fixed(11, 11),
    "thanksgiving": nth_weekday(11, 4, 3),
    "st nicholas": _fixed(12, 6),
    "advent 1": _advent(1),
    "advent 2": _advent(2),
    "advent 3": _advent(3),
    "advent 4": _advent(4),
    "christmas eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "new year's eve": _fixed(12, 31),
}


def day_of(month: int, day: int, year: int | None = None) -> bool:
    """Whether there is such a day; without a year also 29 February."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def week(day: date) -> str:
    """The ISO week of a day: ``2022-W04``."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def month_after(day: date, count: int) -> str:
    """The month ``count`` months after that of ``day``: ``2022-01``.

    Raises ValueError outside the years 1 to 9999, as does everything here.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1).isoformat()[:7]


def quarter_after(day: date, count: int, length: int) -> str:
    """The quarter (``length`` 3) or half year (6) that lies ``count`` after that of ``day``."""
    per_year = 12 // length
    year, number = divmod(day.year * per_year + (day.month - 1) // length + count, per_year)
    return f"{year:04d}-{'Q' if length == 3 else 'H'}{number + 1}"


def duration(count: float | None, unit: str) -> str:
    """A TimeML duration: ``P8Y``, ``PT3H``, ``P1.5Y``, ``PXD`` where ``count`` is None.

    Units: Y, M, W, D, DE, CE, WE, Q, and TH, TM, TS for hours, minutes, seconds.
    """
    number = "X" if count is None else f"{count:g}" if count < 100_000 else str(int(count))
    if unit in _CLOCK_UNITS:
        return f"PT{number}{_CLOCK_UNITS[unit]}"
    return f"P{number}{unit}"
