"""How much was reported when, and whether that is unusual. Pure: dates in, counts out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from digests.types import PartialDate, Precision

_IMPRECISE: Final = 0.1  # share of dates too coarse for a period, up to which they are left out
_PRECISIONS: Final = {Precision.DAY: 0, Precision.MINUTE: 0, Precision.MONTH: 1, Precision.YEAR: 2}


class Period(StrEnum):
    """What reports are counted by. A week begins on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first day of the period that ``day`` lies in."""
        match self:
            case Period.DAY:
                return day
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
            case Period.MONTH:
                return day.replace(day=1)
            case Period.YEAR:
                return day.replace(month=1, day=1)

    def after(self, start: date) -> date:
        """The first day of the next period. Raises OverflowError after the year 9999."""
        match self:
            case Period.DAY:
                return start + timedelta(days=1)
            case Period.WEEK:
                return start + timedelta(days=7)
            case Period.MONTH:
                return self.start(start + timedelta(days=31))
            case Period.YEAR:
                return self.start(start + timedelta(days=366))


_COARSENESS: Final = {Period.DAY: 0, Period.WEEK: 0, Period.MONTH: 1, Period.YEAR: 2}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Reports per period: every period from the first to the last, empty ones too.

    ``left_out`` counts the reports that could not be placed: undated, or dated more
    coarsely than the period.
    """

    period: Period
    counts: tuple[tuple[date, int], ...] = ()
    left_out: int = 0


def coverage(
    dates: Iterable[PartialDate | None] | Mapping[PartialDate | None, int], *, at_most: int = 60
) -> Coverage:
    """Count reports by the finest period that their dates allow and ``at_most`` bars can show.

    ``dates`` are publication dates, None for an undated report; or how many reports each of
    them has. A tenth of the dates may be too coarse for the period; with more of them a
    coarser one is taken.
    """
    given = Counter(dates)
    dated = {one: number for one, number in given.items() if one is not None}
    all_dated = sum(dated.values())
    for period in Period:
        placed: Counter[date] = Counter()
        for one, number in dated.items():
            if _PRECISIONS.get(one.precision, 2) <= _COARSENESS[period]:
                placed[one.first_day] += number
        if all_dated - placed.total() > _IMPRECISE * all_dated:
            continue
        counts = _counted(placed, period, at_most if period is not Period.YEAR else None)
        if counts is not None:
            return Coverage(period, counts, given.total() - placed.total())
    return Coverage(Period.YEAR, (), given.total())


def _counted(
    days: Mapping[date, int], period: Period, at_most: int | None
) -> tuple[tuple[date, int], ...] | None:
    """The counts of all periods; None where there would be more than ``at_most`` of them."""
    if not days:
        return ()
    found: Counter[date] = Counter()
    for day, number in days.items():
        found[period.start(day)] += number
    start, last = min(found), max(found)
    counts = []
    while start <= last:
        counts.append((start, found[start]))
        if at_most is not None and len(counts) > at_most:
            return None
        try:
            start = period.after(start)
        except (OverflowError, ValueError):
            break
    return tuple(counts)


# --- What is unusual -----------------------------------------------------------------------

FEWEST: Final = 5  # reports below which nothing is called unusual
_TIMES: Final = 3.0  # how many times the usual it has to be
_CHANCE: Final = 0.001  # how seldom chance may bring as many
_PRIOR: Final = 0.5  # reports that everybody is taken to have been in before the first one


@dataclass(frozen=True, slots=True)
class Spike:
    """Unusually many reports: how many there are, and how many are usual in as much news."""

    count: int
    usual: float
    chance: float


def spike(count: int, volume: int, before: int, volume_before: int) -> Spike | None:
    """Whether ``count`` reports of ``volume`` in all are unusually many.

    ``before`` and ``volume_before`` are the same of the time it is compared with (four
    weeks, say), which is the actor's own baseline: counting shares rather than days, a new
    source that doubles all news makes nobody unusual.

    Method. The number of reports is Poisson with a rate per report in all that is not
    known exactly; with a Gamma prior (shape 1/2, Jeffreys) the number expected next is
    negative binomial (Gelman et al., "Bayesian Data Analysis", 3rd ed., 2013, section
    2.6). Unusual is what chance would bring less than once in a thousand times, three
    times the usual, and at least five reports. None where it is not, and where there is
    nothing to compare with.
    """
    if count < FEWEST or volume < count or volume_before <= 0:
        return None
    shape = before + _PRIOR
    usual = shape * volume / volume_before
    chance = _tail(count, shape, volume_before / (volume_before + volume))
    if count < _TIMES * usual or chance >= _CHANCE:
        return None
    return Spike(count, usual, chance)


def _tail(count: int, shape: float, success: float) -> float:
    """P(X >= count) of a negative binomial with real ``shape``."""
    if success >= 1.0:
        return 0.0
    log_term = shape * math.log(success)
    below = 0.0
    for number in range(count):
        below += math.exp(log_term)
        log_term += math.log((number + shape) / (number + 1)) + math.log1p(-success)
    return max(0.0, 1.0 - below)
