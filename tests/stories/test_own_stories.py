"""Reports of well-known events, told by several outlets in our own words, become their stories."""

from collections import Counter

import pytest

from benchmarks.stories import REPORTS, bcubed, orders, read, stories_of

_ALL = read(REPORTS)


def test_there_are_enough_reports_of_enough_events():
    assert len(_ALL) >= 60
    assert len({one.event for one in _ALL}) >= 15
    assert min(Counter(one.event for one in _ALL).values()) >= 3


@pytest.mark.parametrize(("name", "reports"), orders(_ALL, 1))
def test_reports_of_one_event_are_one_story_in_any_order(name, reports, tmp_path):
    found = stories_of(reports, tmp_path)
    score = bcubed(found, [one.event for one in reports])
    assert score.precision >= 0.97, "events that share their actors are kept apart"
    assert score.f1 >= 0.92


def test_bcubed_is_that_of_the_literature():
    gold = ["a"] * 5 + ["b"] * 2 + ["c"] * 5  # the worked example of Bagga and Baldwin (1998)
    one = bcubed([1] * 5 + [2] * 7, gold)
    other = bcubed([1] * 5 + [2] * 2 + [1] * 5, gold)
    assert one.precision == pytest.approx(0.762, abs=0.001)
    assert other.precision == pytest.approx(0.583, abs=0.001)
    assert one.recall == other.recall == 1.0
