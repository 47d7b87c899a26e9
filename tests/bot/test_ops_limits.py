"""How many commands a chat may ask: never more than its allowance, and one kind word a burst."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.limits import CommandLimit, Verdict

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
waits = st.lists(st.integers(-5_000, 30_000).map(lambda ms: timedelta(milliseconds=ms)))


def asked(limit, times, chat=1):
    return [limit.ask(chat, time) for time in times]


def test_a_burst_is_answered_then_told_once_then_nothing():
    limit = CommandLimit(60, burst=5)
    verdicts = asked(limit, [NOW] * 9)
    assert verdicts == [Verdict.ANSWER] * 5 + [Verdict.SAY_SO] + [Verdict.SILENCE] * 3


def test_it_answers_again_after_a_while_and_tells_the_next_burst_anew():
    limit = CommandLimit(60, burst=4)
    asked(limit, [NOW] * 6)
    assert limit.ask(1, NOW + timedelta(seconds=1)) is Verdict.ANSWER
    # Who goes on at once is not told again for every second answer.
    assert limit.ask(1, NOW + timedelta(seconds=1)) is Verdict.SILENCE
    later = NOW + timedelta(minutes=1)
    assert asked(limit, [later] * 5) == [Verdict.ANSWER] * 4 + [Verdict.SAY_SO]


def test_one_chat_takes_nothing_from_another():
    limit = CommandLimit(60, burst=5)
    asked(limit, [NOW] * 50, chat=1)
    assert limit.ask(2, NOW) is Verdict.ANSWER


def test_zero_is_no_limit():
    assert set(asked(CommandLimit(0), [NOW] * 500)) == {Verdict.ANSWER}


def test_a_clock_that_goes_back_shuts_nobody_out():
    limit = CommandLimit(60, burst=5)
    asked(limit, [NOW] * 6)
    before = NOW - timedelta(hours=1)
    assert limit.ask(1, before) is not Verdict.ANSWER
    assert limit.ask(1, before + timedelta(seconds=2)) is Verdict.ANSWER


def test_only_so_many_chats_are_remembered(monkeypatch):
    monkeypatch.setattr(limits, "_REMEMBERED", 3)
    limit = CommandLimit(60, burst=1)
    for chat in (1, 2, 3, 4):
        limit.ask(chat, NOW)
    assert len(limit._buckets) == 3
    assert limit.ask(4, NOW) is Verdict.SAY_SO
    assert limit.ask(1, NOW) is Verdict.ANSWER  # forgotten


@given(waits, st.integers(1, 20), st.integers(1, 120))
def test_never_more_than_the_burst_and_what_the_time_gives(steps, burst, per_minute):
    """Whatever the clock does, answers stay within burst + rate x time that went forward."""
    limit, now, forward, answered = CommandLimit(per_minute, burst=burst), NOW, timedelta(0), 0
    for step in steps:
        now += step
        forward += max(step, timedelta(0))
        answered += limit.ask(1, now) is Verdict.ANSWER
        assert answered <= burst + per_minute * (forward / timedelta(minutes=1)) + 1e-6


@given(waits)
def test_the_word_is_said_at_most_once_between_two_half_full_buckets(steps):
    limit, now, told = CommandLimit(60, burst=10), NOW, []
    for step in steps:
        now = max(now, now + step)
        if limit.ask(1, now) is Verdict.SAY_SO:
            told.append(now)
    # An empty bucket of ten is half full after five seconds at sixty a minute.
    assert all(b - a >= timedelta(seconds=4) for a, b in pairwise(told))
