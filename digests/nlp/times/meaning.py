"""What a time expression means before anybody knows the date of the report.

The grammars make these values, :mod:`.resolve` turns them into TimeML values.
Years, months and days are plain numbers, 0 or None where they are not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from digests.types import TimexType


class Which(IntEnum):
    """Last, this or next: how an expression points from the date of the report."""

    LAST = -1
    THIS = 0
    NEXT = 1


class Origin(Enum):
    """What an expression counts from."""

    REPORT = "report"  # gestern, im vergangenen Jahr
    TEXT = "text"  # am Tag zuvor, im selben Jahr: the date last mentioned
    SENTENCE = "sentence"  # im Vorjahr: a year named in the sentence, else the report


@dataclass(frozen=True, slots=True)
class Fixed:
    """An expression that says all itself: '1999', 'acht Jahre', 'täglich', 'damals'."""

    type: TimexType
    value: str


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day, a month or a named part of a year (``part``: SU, Q3, H2), perhaps without its year.

    ``shift`` is the distance to the year of the report, where the text says
    it ('Oktober vorigen Jahres': -1).
    """

    year: int | None = None
    month: int = 0
    day: int = 0
    part: str = ""
    shift: int | None = None
    which: Which | None = None
    daypart: str = ""


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, 0 for Monday; ``which`` None where only the tense tells.

    With ``of_week``, ``which`` is of the week: 'Mittwoch kommender Woche'.
    """

    day: int
    which: Which | None = None
    daypart: str = ""
    of_week: bool = False


@dataclass(frozen=True, slots=True)
class Feast:
    """A holiday by its key in :data:`.calendar.FEASTS`."""

    name: str
    year: int | None = None
    shift: int | None = None
    which: Which | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A period ``count`` units away: D, W, WE, M, Q, H, Y, DE or CE.

    ``count`` None: the tense tells ('am Wochenende'). ``fallback`` is what the
    expression means where there is nothing to count from ('zwei Jahre später').
    """

    unit: str
    count: int | None
    origin: Origin = Origin.REPORT
    daypart: str = ""
    fallback: Fixed | None = None


@dataclass(frozen=True, slots=True)
class Daypart:
    """A part (MO, MI, AF, EV, NI) of a day that the text names elsewhere: 'am Abend'.

    ``habitual``: perhaps of every day ('abends').
    """

    part: str
    habitual: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; the date stands elsewhere."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """'heute': the day of the report, or these days in general (see :mod:`.resolve`)."""

    daypart: str = ""


Meaning = Fixed | CalendarDate | Weekday | Feast | Step | Daypart | Clock | Today


@dataclass(frozen=True, slots=True)
class Found:
    """An expression: words ``[first, last)`` of the text, and what they mean."""

    first: int
    last: int
    meaning: Meaning
