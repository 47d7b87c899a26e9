from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.dates import most_precise, parse_date
from digests.types import UNDATED, Precision, Published

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(1990, 1, 1)
END = datetime(2100, 1, 1)
AT_0042 = datetime(2022, 1, 25, 0, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "25.01.2022 01:42 Uhr", "25.01.2022, 01.42 Uhr", "25.1.2022 - 1:42 Uhr",
        "25. Januar 2022, 01:42 Uhr", "25. Jänner 2022 um 01:42 Uhr", "25.01.22 | 01:42",
        "Dienstag, 25. Januar 2022, 01:42 Uhr", "Di, 25.01.2022, 01:42 Uhr MEZ",
        "25.01.2022 00:42 Uhr UTC", "25.01.2022 00:42 GMT", "25.01.2022 02:42 Uhr MESZ",
        "2022-01-25T01:42:00+01:00", "2022-01-25T00:42:00Z", "2022-01-25 01:42", "20220125T004200Z",
        "Tue, 25 Jan 2022 00:42:00 GMT", "Tue, 25 Jan 2022 01:42:00 +0100",
        "Tue, 25 Jan 2022 00:42 UT", "January 25, 2022 at 1:42 AM", "Jan. 24, 2022 7:42 pm ET",
        "25 January 2022 1:42 a.m.", "25. Januar 2022 3:42 Uhr (UTC+3)",
    ],
)  # fmt: skip
def test_moments(value):
    assert parse_date(value, zone=BERLIN) == Published(AT_0042, Precision.MINUTE)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2022-01-25", (2022, 1, 25)),
        ("20220125", (2022, 1, 25)),
        ("25.01.2022", (2022, 1, 25)),
        ("25.1.22", (2022, 1, 25)),
        ("Dienstag, den 25. Januar 2022", (2022, 1, 25)),
        ("25. Feber 2022", (2022, 2, 25)),
        ("1. Mai 2022", (2022, 5, 1)),
        ("January 25, 2022", (2022, 1, 25)),
        ("25th January 2022", (2022, 1, 25)),
        ("am 3. März 2022", (2022, 3, 3)),
        ("2022-01", (2022, 1)),
        ("Januar 2022", (2022, 1)),
        ("Sept. 2022", (2022, 9)),
        ("2022", (2022,)),
    ],
)
def test_days_months_and_years_are_no_moments(value, date):
    assert parse_date(value, zone=BERLIN) == Published.on(*date)


@pytest.mark.parametrize(
    "value",
    ["", " ", "heute", "gestern, 18 Uhr", "31.02.2022", "2022-13", "2022-13-01", "25.01.", "Januar",
     "12345", "0000-00-00", "0000-00-00 00:00:00", "99.99.9999 25:70", "Montag", "x" * 1000],
)  # fmt: skip
def test_what_is_no_date_is_undated(value):
    assert parse_date(value, zone=BERLIN) == UNDATED


def test_summer_time_of_the_zone():
    assert parse_date("25.07.2022 12:00 Uhr", zone=BERLIN).at == datetime(
        2022, 7, 25, 10, tzinfo=UTC
    )
    assert parse_date("25.07.2022 12:00 Uhr MEZ", zone=BERLIN).at == datetime(
        2022, 7, 25, 11, tzinfo=UTC
    )


def test_24_uhr_is_midnight_of_the_next_day():
    assert parse_date("25.01.2022 24:00 Uhr", zone=UTC).at == datetime(2022, 1, 26, tzinfo=UTC)


@given(st.datetimes(START, END), st.integers(-12, 14))
def test_iso_round_trip(naive, hours):
    moment = naive.replace(tzinfo=UTC)
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    published = parse_date(local.isoformat(timespec="seconds"), zone=BERLIN)
    assert published == Published(moment.replace(microsecond=0), Precision.MINUTE)


@given(st.dates(START.date(), END.date()))
def test_german_days_round_trip(day):
    written = f"{day.day}.{day.month}.{day.year}"
    assert parse_date(written, zone=BERLIN) == Published.on(day.year, day.month, day.day)


@given(st.text(max_size=120))
def test_never_raises(value):
    published = parse_date(value, zone=BERLIN)
    assert published.at is None or published.at.utcoffset() == timedelta(0)


def test_most_precise():
    month, day = Published.on(2022, 1), Published.on(2022, 1, 25)
    assert most_precise(UNDATED, month, day) == day
    assert most_precise(month, Published.on(2021, 1)) == month
    assert most_precise() == UNDATED


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "1.1.0001"])
def test_a_date_that_only_fills_a_gap_is_none(value: str) -> None:
    assert parse_date(value, zone=ZoneInfo("Europe/Berlin")) == UNDATED
