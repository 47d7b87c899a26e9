from __future__ import annotations

import random
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.polling import (
    Bounds,
    Hints,
    History,
    Seen,
    Trouble,
    entries_a_week,
    first_ask,
    is_failing,
    next_ask,
)

NOW = datetime(2022, 1, 25, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = timedelta(weeks=1)


def ago(*hours):
    return tuple(NOW - HOUR * hour for hour in hours)


def first_wait(*new, **settings):
    return next_ask(History(), Seen(new), now=NOW, chance=0.5, **settings).interval


def followed(changes, *, days, dated=True, seed=1):
    """Follow a feed that changes at given moments (hours from NOW); the (asked, found new)."""
    chance = random.Random(seed).random
    moments = [NOW + HOUR * hour for hour in changes]
    history, now, asked, seen = History(), NOW, [], 0
    while now < NOW + DAY * days:
        due = bisect_right(moments, now)
        new = tuple(moments[seen:due]) if dated else (None,) * (due - seen)
        ask = next_ask(history, Seen(new), now=now, chance=chance())
        asked.append((now, due > seen))
        history, now, seen = ask.history, ask.due_at, due
    return asked


def waits(asked):
    return [later - sooner for (sooner, _), (later, _) in pairwise(asked)]


def poisson(rate, days, seed=7):
    """Moments (hours) of changes that come ``rate`` times a day on average."""
    generator, hour, moments = random.Random(seed), 0.0, []
    while (hour := hour + generator.expovariate(rate / 24)) < days * 24:
        moments.append(hour)
    return moments


# --- feeds that answer ----------------------------------------------------------------------


def test_a_first_look_reads_the_pace_off_the_dates():
    assert first_wait(*ago(*range(20))) == pytest.approx(15 * MINUTE, rel=0.1)
    every_half_day = first_wait(*ago(*range(0, 240, 12)))
    assert 2 * HOUR < every_half_day < 4 * HOUR
    assert first_wait(*ago(*(24 * day for day in range(30, 60)))) > 20 * HOUR


def test_a_first_look_without_dates_comes_back_within_the_hour():
    assert first_wait() == first_wait(None, None) == pytest.approx(HOUR, rel=0.1)


def test_what_is_published_together_is_one_change():
    together = first_wait(*(NOW - DAY - MINUTE * n for n in range(20)))
    assert together > 3 * first_wait(*(NOW - HOUR * n for n in range(20)))


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("rate", [2.0, 6.0, 20.0])
def test_four_looks_for_a_change(rate, dated):
    """Feeds that change often are asked often: about four looks for each change."""
    days = 40
    asked = followed(poisson(rate, days), days=days, dated=dated)
    looks = len(asked) / days
    assert 2.0 * rate < looks < 7.0 * rate


def test_a_silent_feed_is_asked_once_a_day_and_a_busy_one_every_quarter_of_an_hour():
    silent = followed([], days=30)
    assert all(DAY * 0.9 <= wait <= DAY for wait in waits(silent)[20:])
    busy = followed([n / 20 for n in range(20 * 24 * 3)], days=3)
    assert all(wait <= 16.5 * MINUTE for wait in waits(busy)[5:])


@pytest.mark.parametrize("dated", [True, False])
def test_a_feed_that_wakes_up_is_noticed_within_days(dated):
    sleep = 30
    changes = [sleep * 24 + n for n in range(24 * 10)]  # then hourly
    asked = followed(changes, days=sleep + 10, dated=dated)
    last_day = [at for at, _ in asked if at > NOW + DAY * (sleep + 9)]
    assert len(last_day) > (40 if dated else 10)


def test_nights_do_not_slow_a_morning_down():
    days = 20
    changes = [24 * day + hour / 4 for day in range(days) for hour in range(6 * 4, 22 * 4)]
    asked = followed(changes, days=days)
    mornings = [
        min(at - NOW - DAY * day - 6 * HOUR for at, _ in asked if at >= NOW + DAY * day + 6 * HOUR)
        for day in range(5, days)
    ]
    assert max(mornings) <= 40 * MINUTE


@given(
    history=st.builds(
        History,
        seen_at=st.none()
        | st.datetimes(datetime(2021, 1, 1), datetime(2023, 1, 1)).map(
            lambda at: at.replace(tzinfo=UTC)
        ),
        changes=st.floats(0, 1e6),
        watched=st.timedeltas(timedelta(), DAY * 5),
    ),
    new=st.lists(
        st.none()
        | st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1)).map(
            lambda at: at.replace(tzinfo=UTC)
        ),
        max_size=10,
    ),
    wishes=st.tuples(*[st.none() | st.timedeltas(timedelta(), DAY * 400)] * 2),
    bounds=st.tuples(st.timedeltas(MINUTE, DAY * 3), st.timedeltas(timedelta(), DAY * 3)).map(
        lambda pair: Bounds(pair[0], pair[0] + pair[1])
    ),
    chance=st.floats(0, 1),
)
def test_bounds_and_wishes_hold_whatever_came(history, new, wishes, bounds, chance):
    hints = Hints(*wishes)
    ask = next_ask(history, Seen(tuple(new)), now=NOW, chance=chance, hints=hints, bounds=bounds)
    wished = max((wish for wish in wishes if wish), default=timedelta())
    assert min(max(wished, bounds.shortest), bounds.longest) <= ask.interval <= bounds.longest
    assert ask.due_at == NOW + ask.interval
    assert (ask.history.seen_at, ask.history.failures) == (NOW, 0)
    assert ask.history.failing_since is None
    assert ask.history.changes >= 0


def test_chance_parts_feeds_that_were_added_together():
    def due(chance):
        return next_ask(History(), Seen(), now=NOW, chance=chance).due_at

    assert due(0.0) < due(0.3) < due(1.0)
    assert due(1.0) - due(0.0) > 5 * MINUTE

    def slow(chance):
        old = Seen(ago(24 * 100))
        return next_ask(History(), old, now=NOW, chance=chance).interval

    assert slow(0.0) < slow(0.5) < slow(1.0) <= DAY


def test_a_clock_that_went_back_does_no_harm():
    later = History(seen_at=NOW + DAY, changes=3.0, watched=DAY)
    assert next_ask(later, Seen((NOW,)), now=NOW, chance=0.5).interval <= DAY


# --- trouble --------------------------------------------------------------------------------


def troubled(times, chance):
    history, now, waited = History(seen_at=NOW), NOW, []
    for _ in range(times):
        ask = next_ask(history, Trouble(), now=now, chance=chance)
        waited.append(ask.interval)
        history, now = ask.history, ask.due_at
    return waited, history, now


def test_trouble_backs_off_exponentially_up_to_the_longest_wait():
    waited, history, _ = troubled(9, chance=1.0)
    assert waited[:6] == [MINUTE * 30 * 2**n for n in range(6)]
    assert waited[6:] == [DAY] * 3
    assert (history.failures, history.failing_since) == (9, NOW)
    sooner, _, _ = troubled(9, chance=0.0)
    assert sooner == [wait / 2 for wait in waited]


def test_an_answer_ends_trouble_and_keeps_what_was_known():
    known = next_ask(History(), Seen(ago(*range(0, 200, 10))), now=NOW, chance=0.5)
    bad = next_ask(known.history, Trouble(), now=known.due_at, chance=0.5)
    assert (bad.history.changes, bad.history.watched) == (
        known.history.changes, known.history.watched,
    )  # fmt: skip
    good = next_ask(bad.history, Seen(), now=bad.due_at, chance=0.5)
    assert (good.history.failures, good.history.failing_since) == (0, None)
    assert good.interval == pytest.approx(known.interval, rel=0.3)


@given(
    after=st.timedeltas(timedelta(), DAY * 30),
    failures=st.integers(0, 10_000),
    chance=st.floats(0, 1),
)
def test_who_asks_for_patience_gets_it_up_to_a_week(after, failures, chance):
    history = History(seen_at=NOW - DAY, failures=failures)
    ask = next_ask(history, Trouble(after), now=NOW, chance=chance)
    assert min(after, WEEK) <= ask.interval <= WEEK
    assert ask.interval >= Bounds().shortest


def test_failing_is_said_after_days_of_many_failures():
    assert not is_failing(0, None, NOW)
    assert not is_failing(20, NOW - DAY, NOW)
    assert not is_failing(7, NOW - DAY * 9, NOW)
    assert is_failing(8, NOW - DAY * 3, NOW)
    _, history, now = troubled(8, chance=0.5)
    assert not is_failing(history.failures, history.failing_since, history.failing_since)
    assert is_failing(history.failures, history.failing_since, now + DAY * 2)


@pytest.mark.parametrize(("shortest", "longest"), [(0, 10), (-1, 10), (20, 10)])
def test_impossible_bounds(shortest, longest):
    with pytest.raises(ValueError, match="shortest"):
        Bounds(MINUTE * shortest, MINUTE * longest)


# --- figures for people ---------------------------------------------------------------------


def test_entries_a_week():
    assert entries_a_week([], NOW) is None
    assert entries_a_week([NOW + DAY], NOW) is None
    assert entries_a_week(ago(*range(0, 24 * 14, 24)), NOW) == pytest.approx(14 / 13 * 7)
    assert entries_a_week(ago(24 * 200, 24 * 10, 24 * 3), NOW) == pytest.approx(0.5)
    assert entries_a_week(ago(24 * 200), NOW) == 0
    assert entries_a_week(ago(1, 2), NOW) == pytest.approx(14)


def test_feeds_added_unread_are_spread():
    assert first_ask(NOW, chance=0.0) == NOW
    assert first_ask(NOW, chance=0.5, within=HOUR) == NOW + HOUR / 2
