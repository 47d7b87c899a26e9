"""How much was reported when, and what counts as unusual."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.coverage import Coverage, Period, coverage, spike
from digests.types import PartialDate

_DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def _day(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def test_days_are_counted_and_empty_ones_shown():
    found = coverage([PartialDate(2022, 1, 24), PartialDate(2022, 1, 26), PartialDate(2022, 1, 26)])
    assert found == Coverage(
        Period.DAY, ((date(2022, 1, 24), 1), (date(2022, 1, 25), 0), (date(2022, 1, 26), 2))
    )


def test_a_report_known_by_its_month_makes_months():
    found = coverage([PartialDate(2022, 1, 24), PartialDate(2022, 3), None])
    assert found.period is Period.MONTH
    assert found.counts == ((date(2022, 1, 1), 1), (date(2022, 2, 1), 0), (date(2022, 3, 1), 1))
    assert found.left_out == 1


def test_one_coarse_date_among_many_is_left_out_rather():
    days = [_day(date(2022, 1, 1) + timedelta(days=n)) for n in range(20)]
    found = coverage([*days, PartialDate(2022)])
    assert (found.period, found.left_out) == (Period.DAY, 1)


def test_longer_times_take_coarser_periods():
    assert coverage([PartialDate(2022, 1, 1), PartialDate(2022, 6, 1)]).period is Period.WEEK
    assert coverage([PartialDate(2020, 1, 1), PartialDate(2024, 6, 1)]).period is Period.MONTH
    assert coverage([PartialDate(1914, 8, 1), PartialDate(2024, 6, 1)]).period is Period.YEAR


def test_nothing_dated_gives_no_bars():
    assert coverage([None, None]).counts == ()
    assert coverage([]).left_out == 0


@given(st.lists(_DAYS, max_size=40))
def test_no_report_is_lost_and_periods_have_no_gap(days):
    found = coverage([_day(day) for day in days])
    assert sum(count for _, count in found.counts) + found.left_out == len(days)
    starts = [start for start, _ in found.counts]
    assert all(found.period.after(one) == other for one, other in pairwise(starts))
    assert all(found.period.start(one) == one for one in starts)


def test_ten_reports_where_one_is_usual_are_a_spike():
    found = spike(10, 100, before=28, volume_before=2800)
    assert found is not None
    assert found.usual == pytest.approx(1.02, abs=0.01)


def test_more_news_in_all_is_no_spike():
    assert spike(10, 1000, before=28, volume_before=2800) is None


def test_few_reports_or_nothing_to_compare_with_are_none():
    assert spike(4, 10, before=0, volume_before=10_000) is None
    assert spike(50, 60, before=0, volume_before=0) is None


def test_a_name_seen_for_the_first_time_may_spike():
    assert spike(12, 200, before=0, volume_before=4000) is not None


@given(st.integers(0, 60), st.integers(60, 500), st.integers(0, 400), st.integers(1, 9000))
def test_more_reports_are_never_less_unusual(count, volume, before, volume_before):
    if spike(count, volume, before, volume_before):
        assert spike(count + 1, volume + 1, before, volume_before + 1)
