"""What stands after a command: dates, pairs, modes; and commands themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, split
from bot.commands.arguments import (
    BackwardsError,
    Search,
    choosing_actor,
    parse_date,
    split_about,
    split_mode,
    split_pair,
    split_search,
    split_window,
)
from digests.desk import ALWAYS, Window
from digests.types import DeliveryMode, PartialDate


@pytest.mark.parametrize(
    ("typed", "words", "since", "until"),
    [
        ("Putin", "Putin", None, None),
        ("Putin 2014", "Putin", "2014", None),
        ("Putin 2014 2022", "Putin", "2014", "2022"),
        ("Putin von 2014 bis 2022", "Putin", "2014", "2022"),
        ("Putin seit 01.2022", "Putin", "2022-01", None),
        ("Putin und Biden seit 2021-03-05", "Putin und Biden", "2021-03-05", None),
        ("Putin bis 24.02.2022", "Putin", None, "2022-02-24"),
        ("Putin from 2021 to 2022", "Putin", "2021", "2022"),
        ("Artikel 5", "Artikel 5", None, None),
        ("  NATO   1/2022 ", "NATO", "2022-01", None),
        ("Putin 24.01.22", "Putin", "2022-01-24", None),
        ("Putin seit 3.3.69", "Putin", "1969-03-03", None),
        ("Putin Januar 2022", "Putin", "2022-01", None),
        ("Putin im Jänner 2022", "Putin", "2022-01", "2022-01"),
        ("Putin in 2022", "Putin", "2022", "2022"),
        ("Putin am 24. Januar 2022", "Putin", "2022-01-24", "2022-01-24"),
        ("Putin since Jan. 24, 2022", "Putin", "2022-01-24", None),
        ("Putin bis März 2022", "Putin", None, "2022-03"),
        ("Putin zwischen 2014 und 2022", "Putin", "2014", "2022"),
        ("Putin between 2014 and March 2022", "Putin", "2014", "2022-03"),
        ("Putin vom 1. Mai 2022 bis zum 3.6.2022", "Putin", "2022-05-01", "2022-06-03"),
        ("Putin von 2014 bis heute", "Putin", "2014", None),
        ("Putin 2014 to today", "Putin", "2014", None),
        ("2014", "", "2014", None),
    ],
)
def test_dates_are_cut_off_the_end(typed, words, since, until):
    found = split_window(typed)
    assert found.words == words
    read = [PartialDate.parse(one) if one else None for one in (since, until)]
    assert found.window == Window(*read)


@pytest.mark.parametrize("typed", ["Putin 31.02.2022", "Putin 2022-13", "Putin 31. Februar 2022"])
def test_dates_that_cannot_be_are_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        split_window(typed)


@pytest.mark.parametrize("typed", ["Putin 2022 2014", "Putin von Mai 2022 bis April 2022"])
def test_a_time_that_ends_before_it_starts_is_refused_as_such(typed):
    with pytest.raises(BackwardsError):
        split_window(typed)


def test_a_month_may_be_a_name():
    assert split_window("Theresa May 2019", months=False).words == "Theresa May"
    assert split_window("Theresa May 24.05.2019", months=False).words == "Theresa May"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(text):
    split_pair(text)
    split_about(text)
    split_mode(text)
    name, args = split(text)
    assert isinstance(args, str)
    assert not name.startswith("/") or text.strip().startswith("//")
    try:
        assert split_window(text).window is not None
    except ValueError:
        assert any(one.isdigit() for one in text)


def test_a_window_holds_what_lies_in_it():
    window = Window(PartialDate(2022, 1), PartialDate(2022))
    assert PartialDate(2022, 1, 31) in window
    assert PartialDate(2022, 12, 31) in window
    assert PartialDate(2021, 12, 31) not in window
    assert PartialDate(2023) not in window
    assert None not in window
    assert None in ALWAYS


def test_names_and_subjects_are_parted():
    assert split_pair("Putin und Biden") == ("Putin", "Biden")
    assert split_pair("Vereinigte Arabische Emirate") == ("Vereinigte Arabische Emirate", None)
    assert split_about("Kirby über Truppen in Europa") == ("Kirby", "Truppen in Europa")


@pytest.mark.parametrize(
    ("typed", "words", "mode"),
    [
        ("Putin", "Putin", None),
        ("Putin sofort", "Putin", DeliveryMode.ALERT),
        ("Wladimir Putin both", "Wladimir Putin", DeliveryMode.BOTH),
        ("alert", "alert", None),  # somebody's name, for all we know
    ],
)
def test_the_way_of_delivery_is_cut_off(typed, words, mode):
    assert split_mode(typed) == (words, mode)


def test_dates_are_written_in_many_ways():
    assert parse_date("21.1.2022") == parse_date("2022-01-21") == PartialDate(2022, 1, 21)
    assert parse_date("2022") == PartialDate(2022)


@pytest.mark.parametrize(
    ("typed", "name", "args"),
    [
        ("/actor Lawrow", "actor", "Lawrow"),
        ("/ACTOR@depesche_bot  Sergej   Lawrow ", "actor", "Sergej Lawrow"),
        ("/actor\nLawrow", "actor", "Lawrow"),
        ("Sergej Lawrow", "actor", "Sergej Lawrow"),
        ("/", "", ""),
    ],
)
def test_commands_are_parted_from_their_words(typed, name, args):
    assert split(typed) == (name, args)


def test_commands_are_fit_for_telegrams_menu():
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names)) <= 100
    for command in COMMANDS:
        assert command.name.isascii()
        assert command.name.islower()
        assert 1 <= len(command.name) <= 32
        assert 1 <= len(command.summary) <= 256


@pytest.mark.parametrize(
    ("typed", "words", "actors", "source", "since", "until"),
    [
        ("Sanktionen", "Sanktionen", (), "", None, None),
        ("Sanktionen von:Lawrow", "Sanktionen", ("Lawrow",), "", None, None),
        ('Gas mit:"Olga Muster" mit:NATO', "Gas", ("Olga Muster", "NATO"), "", None, None),
        ("Gas quelle:tagesschau seit:2022-01", "Gas", (), "tagesschau", "2022-01", None),
        ("source:„Der Bote“ Gas until:2022-03", "Gas", (), "Der Bote", None, "2022-03"),
        ("Gas von:2014 bis:2022", "Gas", (), "", "2014", "2022"),
        ("Gas am:21.01.2022", "Gas", (), "", "2022-01-21", "2022-01-21"),
        ("Gas seit 2022", "Gas", (), "", "2022", None),
        ("Gas von 2014 bis 2022 von:Lawrow", "Gas", ("Lawrow",), "", "2014", "2022"),
        ("Gas 21.01.2022", "Gas", (), "", "2022-01-21", None),
        ("Wahl 2021", "Wahl 2021", (), "", None, None),
        ("Wahl September 2021", "Wahl September 2021", (), "", None, None),
        ("Wahl im September 2021", "Wahl im September 2021", (), "", None, None),
        ("Wahl seit September 2021", "Wahl", (), "", "2021-09", None),
        ("Wahl 26. September 2021", "Wahl", (), "", "2021-09-26", None),
        ('Wahl seit:"Mai 2021"', "Wahl", (), "", "2021-05", None),
        ("Agenda:2030", "Agenda:2030", (), "", None, None),
        ("von:#sergej-lawrow", "", ("#sergej-lawrow",), "", None, None),
    ],
)
def test_filters_are_read_out_of_a_search(typed, words, actors, source, since, until):
    read = [PartialDate.parse(one) if one else None for one in (since, until)]
    assert split_search(typed) == Search(words, actors, source, Window(*read))


def test_who_is_one_of_several_is_chosen_without_asking_anew():
    asked = 'Gas {x} mit:NATO von:"Olga Muster" von:2014'
    assert choosing_actor(asked, "Olga Muster") == "Gas {x} mit:NATO von:{} von:2014"


@pytest.mark.parametrize("typed", ["Gas seit:gestern", "Gas seit:2023 bis:2022", "Gas am:2022-13"])
def test_filters_that_cannot_be_are_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        split_search(typed)
