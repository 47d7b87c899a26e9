from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import InputError
from digests.schedule import OFF, Cadence, next_due, parse_quiet, parse_zone, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("daily 07:00", "daily 07:00"),
        ("7", "daily 07:00"),
        ("18.30, 7", "daily 07:00,18:30"),
        ("täglich 6:15", "daily 06:15"),
        ("werktags 07:00 18:00", "weekdays 07:00,18:00"),
        ("Montag,Do 08:30", "mo,th 08:30"),
        ("Mo, Do 7 Uhr", "mo,th 07:00"),
        ("jeden Tag um 8", "daily 08:00"),
        ("Mo bis Fr 8 Uhr und 18 Uhr", "weekdays 08:00,18:00"),
        ("Monday to Wednesday at 8", "mo,tu,we 08:00"),
        ("am Wochenende um 9:30 Uhr", "sa,su 09:30"),
        ("aus", "off"),
        ("off", "off"),
        ("", "off"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(typed, stored):
    assert str(Cadence.parse(typed)) == stored
    assert Cadence.parse(stored) == Cadence.parse(typed)


@pytest.mark.parametrize("typed", ["morgens", "daily", "25:00", "07:60", "mo", "7 früh", "-1"])
def test_nonsense_is_refused_and_named(typed):
    with pytest.raises(InputError):
        Cadence.parse(typed)


def test_seven_stays_seven_across_both_clock_changes():
    daily = Cadence.parse("daily 07:00")
    spring = next_due(daily, BERLIN, at("2026-03-28T12:00"))
    autumn = next_due(daily, BERLIN, at("2026-10-24T12:00"))
    assert spring == at("2026-03-29T05:00")
    assert autumn == at("2026-10-25T06:00")


def test_a_time_the_clock_skips_is_served_at_the_jump():
    assert next_due(Cadence.parse("02:30"), BERLIN, at("2026-03-28T12:00")) == at(
        "2026-03-29T01:30"
    )


def test_an_hour_that_comes_twice_is_served_once():
    first = next_due(Cadence.parse("02:30"), BERLIN, at("2026-10-24T12:00"))
    assert first == at("2026-10-25T00:30")
    assert next_due(Cadence.parse("02:30"), BERLIN, first) == at("2026-10-26T01:30")


def test_a_missed_week_is_made_up_once():
    due = next_due(Cadence.parse("daily 07:00"), BERLIN, at("2026-01-01T12:00"))
    woken = due + timedelta(days=7, minutes=1)
    assert next_due(Cadence.parse("daily 07:00"), BERLIN, woken) > woken


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(
        st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2014, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_time_is_later_on_a_chosen_day_and_at_a_chosen_time(days, times, zone, after):
    cadence = Cadence(frozenset(days), tuple(sorted(times)))
    zone = ZoneInfo(zone)
    due = next_due(cadence, zone, after)
    assert due is not None
    assert due > after
    assert due <= after + timedelta(days=9)
    local = due.astimezone(zone)
    candidates = {
        datetime.combine(local.date(), one, tzinfo=zone).astimezone(UTC) for one in times
    } | {
        datetime.combine(local.date() - timedelta(days=1), one, tzinfo=zone).astimezone(UTC)
        for one in times
    }
    assert due in candidates


def test_off_is_never_due():
    assert next_due(OFF, BERLIN, at("2026-01-01T00:00")) is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-10T20:59", None),
        ("2026-01-10T21:00", "2026-01-11T06:00"),  # 22:00 in Berlin
        ("2026-01-11T05:59", "2026-01-11T06:00"),
        ("2026-01-11T06:00", None),
    ],
)
def test_quiet_hours_over_midnight(now, until):
    quiet = parse_quiet("22:00-07:00")
    assert quiet_until(quiet, BERLIN, at(now)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        ("22:00-02:30", "2026-10-25T00:10", "2026-10-25T01:30"),  # 02:10 in summer time
        ("22:00-02:30", "2026-10-25T00:40", "2026-10-25T01:30"),  # 02:40 in summer time
        ("22:00-02:30", "2026-10-25T01:10", "2026-10-25T01:30"),  # 02:10 once more
        ("22:00-02:30", "2026-10-25T01:30", None),
        ("02:30-06:00", "2026-10-25T00:29", None),
        ("02:30-06:00", "2026-10-25T00:40", "2026-10-25T05:00"),
        ("02:30-06:00", "2026-10-25T01:10", "2026-10-25T05:00"),  # 02:10 once more
        ("22:00-07:00", "2026-10-25T05:59", "2026-10-25T06:00"),
        ("22:00-02:30", "2026-03-29T01:10", "2026-03-29T01:30"),  # 03:10: there was no 02:30
        ("22:00-07:00", "2026-03-28T23:00", "2026-03-29T05:00"),
    ],
)
def test_quiet_hours_hold_through_both_clock_changes(quiet, now, until):
    found = quiet_until(parse_quiet(quiet), BERLIN, at(now))
    assert found == (at(until) if until else None)


@given(
    st.times(),
    st.times(),
    st.datetimes(datetime(2014, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(ZONES),
)
def test_quiet_hours_end_after_now_and_stay_ended(start, end, now, zone):
    quiet = tuple(one.replace(second=0, microsecond=0, tzinfo=None) for one in (start, end))
    if quiet[0] == quiet[1]:
        return
    now = now.replace(tzinfo=UTC)
    until = quiet_until(quiet, ZoneInfo(zone), now)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        between = now + (until - now) / 2
        assert quiet_until(quiet, ZoneInfo(zone), between) == until


def test_quiet_hours_within_a_day_and_none():
    quiet = parse_quiet("12 – 14:30")
    assert quiet == (time(12), time(14, 30))
    assert quiet_until(quiet, BERLIN, at("2026-07-01T11:00")) == at("2026-07-01T12:30")
    for said in ("von 22 Uhr bis 7 Uhr", "22 bis 7", "from 22:00 to 7:00", "zwischen 22 und 7"):
        assert parse_quiet(said) == (time(22), time(7)), said
    assert parse_quiet("off") is None
    assert quiet_until(None, BERLIN, at("2026-07-01T11:00")) is None
    with pytest.raises(InputError):
        parse_quiet("22:00")


def test_zones_are_found_whatever_their_case():
    assert parse_zone("europe/vienna").key == "Europe/Vienna"
    assert parse_zone("America/New York").key == "America/New_York"
    for bad in ("Wien", "../etc/passwd", "", "UTC+1"):
        with pytest.raises(InputError):
            parse_zone(bad)
