"""Cities by their names, positions on the map, and their time zones."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.places import _lines, cities, parse_position, zone_at, zones_of


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Wien", "Europe/Vienna"),
        ("Vienna", "Europe/Vienna"),
        ("münchen", "Europe/Berlin"),
        ("Muenchen", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("Kiew", "Europe/Kyiv"),
        ("Zürich", "Europe/Zurich"),
        ("ZURICH", "Europe/Zurich"),
        ("Rom", "Europe/Rome"),
        ("Moskau", "Europe/Moscow"),
        ("Sankt  Pölten", "Europe/Vienna"),
        ("New York", "America/New_York"),
        ("London", "Europe/London"),  # the one in Ontario has a twentieth of its people
        ("Münchn", "Europe/Berlin"),
        ("Hambrug", "Europe/Berlin"),
    ],
)
def test_a_city_is_known_by_its_names_and_forgives_a_typo(name, zone):
    found = cities(name).meant
    assert found is not None
    assert found.zone == zone


def test_a_name_of_several_cities_in_several_zones_is_asked_back():
    found = cities("Portland")
    assert found.meant is None
    assert [one.zone for one in found.called] == ["America/Los_Angeles", "America/New_York"]


def test_the_german_spelling_is_shown():
    assert [cities(name).meant.name for name in ("rom", "munchen", "koln")] == [
        "Rom",
        "München",
        "Köln",
    ]


@pytest.mark.parametrize("name", ["", "  ", "x", "Xyzzyville", "Lawrow", "12"])
def test_what_is_no_city_is_none(name):
    found = cities(name)
    assert not found.called
    assert not found.alike


def test_every_zone_of_the_list_is_one():
    assert {line.split("\t")[1] for line in _lines()} <= available_timezones()


@pytest.mark.parametrize(
    ("position", "zone"),
    [
        ("48.2082, 16.3738", "Europe/Vienna"),
        ("48.5734,7.8104", "Europe/Berlin"),  # Kehl: the nearest city is Strasbourg
        ("-33.9; 151.2", "Australia/Sydney"),
        ("0,0", "Etc/GMT"),
    ],
)
def test_a_position_has_a_zone(position, zone):
    assert zone_at(*parse_position(position)) == zone


@pytest.mark.parametrize("text", ["", "48.2", "91, 0", "0, 181", "1,2,3", "a, b"])
def test_what_is_no_position_is_none(text):
    assert parse_position(text) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_position_has_a_zone_that_is_known(latitude, longitude):
    assert zone_at(latitude, longitude) in available_timezones()


def test_a_country_has_a_zone_or_several():
    assert [one.zone for one in zones_of("AT")] == ["Europe/Vienna"]
    assert len(zones_of("US")) > 4
    assert zones_of("XX") == ()
