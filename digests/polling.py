"""When a feed is asked again. Pure: what is remembered of it, what came, the bounds, now -> next.

A feed that answers is asked again when a quarter of a change is to be expected, as far as the
bounds and its own wishes (``ttl``, caching headers) allow; one in trouble less and less often.
How often it changes is estimated from when its entries appeared, older looks counting less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

_CHANGES_A_LOOK: Final = 0.25
_FIRST_LOOK_BACK: Final = timedelta(days=7)
_HALF_LIFE: Final = timedelta(days=3)
_ONE_MOMENT: Final = timedelta(minutes=10)
# Before anything is known: half a change in two hours, which means a look after an hour.
_PRIOR_CHANGES: Final = 0.5
_PRIOR_WATCHED: Final = timedelta(hours=2)
_LONGEST_RETRY: Final = timedelta(days=7)
_FAILING_AFTER: Final = timedelta(days=3)
_FAILING_TIMES: Final = 8
_COUNTED: Final = timedelta(weeks=4)
_LEAST_COUNTED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest wait between two looks at a feed that answers."""

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if not timedelta() < self.shortest <= self.longest:
            raise ValueError("the shortest wait is more than nothing and at most the longest")


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of asking a feed.

    ``seen_at`` is when it last answered (None: never), ``changes`` how many changes were seen
    while it was ``watched``, both with older looks counting less. ``failures`` counts the asks in a
    row that failed, ``failing_since`` is the first of them, None while all is well.
    """

    seen_at: datetime | None = None
    changes: float = 0.0
    watched: timedelta = timedelta()
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """How long a feed wants to be left alone; None where it does not say.

    ``interval`` is the feed's own word (``ttl``, ``sy:updatePeriod``), ``fresh_for`` that of the
    HTTP headers (``Cache-Control``, ``Expires``).
    """

    interval: timedelta | None = None
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The feed answered. ``new`` holds the publication date of each entry that is new or edited.

    None stands for a date that is unknown; nothing at all for a feed that did not change.
    """

    new: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """The feed could not be had; ``after`` is the wait the server asked for (``Retry-After``)."""

    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What to remember, and when to ask again: at ``due_at``, ``interval`` from now."""

    history: History
    interval: timedelta
    due_at: datetime


def next_ask(
    history: History,
    outcome: Seen | Trouble,
    *,
    now: datetime,
    chance: float,
    hints: Hints = Hints(),
    bounds: Bounds = Bounds(),
) -> Ask:
    """When to ask again after what came at ``now`` (aware); ``chance`` is from 0 to 1.

    After an answer the wait is within ``bounds`` and, as far as they allow, not shorter than the
    hints; of the tenth that is left to chance, it uses what the bounds allow, so that feeds added
    together part. After trouble the wait doubles with each failure, half of it left to chance;
    a server that asks for patience gets it, beyond the longest wait if need be, up to a week.
    """
    if isinstance(outcome, Trouble):
        history = replace(
            history,
            failures=history.failures + 1,
            failing_since=history.failing_since or now,
        )
        wait = _back_off(history.failures, outcome.after, bounds, chance)
    else:
        history = _watched(history, outcome.new, now)
        wait = _wait(history, hints, bounds, chance)
    return Ask(history, wait, now + wait)


def _wait(history: History, hints: Hints, bounds: Bounds, chance: float) -> timedelta:
    wished = max(hints.interval or timedelta(), hints.fresh_for or timedelta())
    least = min(max(bounds.shortest, wished), bounds.longest)
    best = min(max(_CHANGES_A_LOOK / changes_a_second(history), 0.0), 1e9)
    middle = min(max(timedelta(seconds=best), least), bounds.longest)
    most = min(middle * 1.1, bounds.longest)
    return _between(max(least, most / 1.1), most, chance)


def _back_off(failures: int, after: timedelta | None, bounds: Bounds, chance: float) -> timedelta:
    most = min(bounds.shortest * 2 ** min(failures, 20), bounds.longest)
    wait = _between(max(bounds.shortest, most / 2), most, chance)
    if after is None:
        return wait
    asked = min(after, _LONGEST_RETRY)
    return max(wait, _between(asked, min(asked * 1.1, _LONGEST_RETRY), chance))


def _between(least: timedelta, most: timedelta, chance: float) -> timedelta:
    return least + (most - least) * min(max(chance, 0.0), 1.0)


def first_ask(
    now: datetime, *, chance: float, within: timedelta = timedelta(minutes=15)
) -> datetime:
    """When a feed that was added unread is asked first: spread over ``within`` from now."""
    return now + _between(timedelta(), within, chance)


def is_failing(failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether a feed has been in trouble for so long that its readers should be told."""
    return (
        failing_since is not None
        and failures >= _FAILING_TIMES
        and now - failing_since >= _FAILING_AFTER
    )


def entries_a_week(published: Sequence[datetime], now: datetime) -> float | None:
    """How many entries a feed brings in a week, from the dates of those it brought (any order).

    Counts the last four weeks, or as far back as the dates reach; dates after ``now`` are left
    out. None where there is no date at all.
    """
    past = [moment for moment in published if moment <= now]
    if not past:
        return None
    reach = min(max(now - min(past), _LEAST_COUNTED), _COUNTED)
    return sum(now - moment <= reach for moment in past) * (timedelta(weeks=1) / reach)


# --- how often a feed changes -------------------------------------------------------------


def changes_a_second(history: History) -> float:
    """The estimated rate of change; never 0, as nobody has watched for ever."""
    watched = (history.watched + _PRIOR_WATCHED).total_seconds()
    return (history.changes + _PRIOR_CHANGES) / watched


def _watched(history: History, new: tuple[datetime | None, ...], now: datetime) -> History:
    """Add what was seen since the last look, and forget some of what came before.

    Changes are taken for a Poisson process. Where entries carry dates, the changes between two
    looks are counted; where they do not, a look that finds the feed changed stands for the number
    of changes to be expected given that there was one: the expectation step of the maximum
    likelihood estimate of Cho and Garcia-Molina, "Estimating Frequency of Change" (ACM TOIT 3(3),
    2003), section 4, which mends that several changes between two looks are seen as one.
    """
    if history.seen_at is None:
        changes, watched = _from_archive(new, now)
    else:
        gap = max(now - history.seen_at, timedelta())
        kept = 0.5 ** (gap / _HALF_LIFE)
        changes = history.changes * kept + _changes(history, new, now)
        watched = history.watched * kept + _HALF_LIFE / math.log(2) * (1 - kept)
    return History(seen_at=now, changes=changes, watched=watched)


def _from_archive(new: tuple[datetime | None, ...], now: datetime) -> tuple[float, timedelta]:
    """What the dates of all that a feed shows at the first look say."""
    past = [moment for moment in new if moment is not None and moment <= now]
    if not past:
        return 0.0, timedelta()
    reach = min(now - min(past), _FIRST_LOOK_BACK)
    return float(_moments(moment for moment in past if now - moment <= reach)), reach


def _changes(history: History, new: tuple[datetime | None, ...], now: datetime) -> float:
    if not new or history.seen_at is None:
        return 0.0
    since = history.seen_at
    dated = _moments(moment for moment in new if moment is not None and since < moment <= now)
    if dated:
        return float(dated)
    expected = min(changes_a_second(history) * (now - since).total_seconds(), 2.0)
    return expected / -math.expm1(-expected) if expected > 0 else 1.0


def _moments(dates: Iterable[datetime]) -> int:
    """How many moments the dates are: what is published together is one change."""
    count, last = 0, None
    for moment in sorted(dates):
        if last is None or moment - last > _ONE_MOMENT:
            count, last = count + 1, moment
    return count
