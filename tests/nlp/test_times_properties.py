"""What holds for the times of any text; calendar arithmetic against known dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.nlp.times import calendar, find_times
from digests.nlp.times.german import GERMAN
from digests.types import UNDATED, Precision, Published

PUBLISHED = st.one_of(
    st.just(UNDATED),
    st.dates().map(lambda day: Published.on(day.year, day.month, day.day)),
    st.integers(1, 9999).map(Published.on),
    st.datetimes().map(lambda at: Published(at.replace(tzinfo=UTC), Precision.MINUTE)),
)
WORDS = """
am im der vor zwei Jahren 25 . , 2022 Januar Mai Montag bis und Uhr 18.30 - / heute gestern Ende
Anfang Nacht auf jeden zweiten % ( ) „ “ 1990er Jahre halb mehr als vergangenen nächsten Quartal
Weihnachten 29. Februar 31.12.9999 0001 last two years ago May 5 pm New Year ' s Eve the end of
first quarter mid 12:61 İ ² 99999999999999999999 Tags zuvor Abends später winter letzten
"""
SOUP = st.builds(
    lambda words, joint: joint.join(words),
    st.lists(st.sampled_from([*WORDS.split(), "\n\n"]), max_size=16),
    st.sampled_from([" ", " ", ""]),
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), SOUP), PUBLISHED, st.sampled_from(["de", "en"]))
def test_times_are_apart_in_order_and_within_the_text(
    text: str, published: Published, language: str
) -> None:
    times = find_times(text, published, language)
    end = 0
    for time in times:
        assert end <= time.start < time.end <= len(text)
        assert text[time.start : time.end].strip() == text[time.start : time.end]
        end = time.end
    assert find_times(text, published, language) == times


@given(SOUP, st.sampled_from(["de", "en"]))
def test_an_undated_report_gives_no_value_that_needs_its_date(text: str, language: str) -> None:
    """Where a value is found without the date of the report, the date does not change it."""
    dated = find_times(text, Published.on(2022, 1, 26), language)
    for bare, full in zip(find_times(text, UNDATED, language), dated, strict=True):
        assert (bare.start, bare.end) == (full.start, full.end)


def test_other_languages_have_no_grammar() -> None:
    assert find_times("lundi 24 janvier 2022", Published.on(2022, 1, 26), "fr") == ()


@pytest.mark.parametrize("piece", ["2022 ", "1-", "24. ", "am Abend ", '"', "\n ", "im Mai ", "ge"])
def test_work_grows_with_the_text(piece: str) -> None:
    """No expression is longer than a few words, however long the text that invites one."""
    text = piece * (60_000 // len(piece))
    words = GERMAN.read(text)
    assert all(found.last - found.first < 40 for found in GERMAN.find(words))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (1961, 4, 2), (2000, 4, 23), (2022, 4, 17), (2025, 4, 20), (2038, 4, 25)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert calendar.easter(year) == date(year, month, day)


def test_movable_feasts() -> None:
    feasts = calendar.FEASTS
    assert feasts["advent 1"](2022) == date(2022, 11, 27)
    assert feasts["advent 4"](2022) == date(2022, 12, 18)
    assert feasts["advent 4"](2023) == date(2023, 12, 24)
    assert feasts["mothers' day"](2022) == date(2022, 5, 8)
    assert feasts["thanksgiving"](2022) == date(2022, 11, 24)


@given(st.dates(date(2, 1, 1), date(9998, 1, 1)), st.integers(-12, 12))
def test_months_and_quarters_count_on(day: date, count: int) -> None:
    first = day.replace(day=1)
    for _ in range(abs(count)):
        first = (
            (first + timedelta(days=32)).replace(day=1)
            if count > 0
            else (first - timedelta(days=1)).replace(day=1)
        )
    assert calendar.month_after(day, count) == first.isoformat()[:7]
    quarter = calendar.quarter_after(day, count, 3)
    assert quarter == calendar.quarter_after(day, 0, 3) or count


def test_duration_notation() -> None:
    assert calendar.duration(8, "Y") == "P8Y"
    assert calendar.duration(1.5, "TH") == "PT1.5H"
    assert calendar.duration(None, "DE") == "PXDE"
    assert calendar.duration(1_000_000, "D") == "P1000000D"


def test_published_at_the_edge_of_time() -> None:
    last = Published(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), Precision.MINUTE)
    assert [time.value for time in find_times("Er kommt morgen.", last, "de")] == [""]
