"""What stands after a command: dates, pairs, modes; and commands themselves."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, split
from bot.commands.arguments import (
    BackwardsError,
    Search,
    choosing_actor,
    split_about,
    split_mode,
    split_pair,
    split_search,
    split_window,
)
from bot.commands.dates import DateError, PastError, read_end, read_period
from digests.desk import ALWAYS, Window
from digests.types import DeliveryMode, PartialDate

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, tzinfo=BERLIN)  # a Wednesday


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
    found = split_window(typed, NOW)
    assert found.words == words
    read = [PartialDate.parse(one) if one else None for one in (since, until)]
    assert found.window == Window(*read)


@pytest.mark.parametrize("typed", ["Putin 31.02.2022", "Putin 2022-13", "Putin 31. Februar 2022"])
def test_dates_that_cannot_be_are_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        split_window(typed, NOW)


@pytest.mark.parametrize("typed", ["Putin 2022 2014", "Putin von Mai 2022 bis April 2022"])
def test_a_time_that_ends_before_it_starts_is_refused_as_such(typed):
    with pytest.raises(BackwardsError):
        split_window(typed, NOW)


def test_a_month_may_be_a_name():
    assert split_window("Theresa May 2019", NOW, worded=False).words == "Theresa May"
    assert split_window("Theresa May 24.05.2019", NOW, worded=False).words == "Theresa May"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(text):
    split_pair(text)
    split_about(text)
    split_mode(text)
    name, args = split(text)
    assert isinstance(args, str)
    assert not name.startswith("/") or text.strip().startswith("//")
    try:
        assert split_window(text, NOW).window is not None
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


@pytest.mark.parametrize(
    ("typed", "words", "since", "until"),
    [
        ("Putin seit gestern", "Putin", "2026-11-17", None),
        ("Putin ab vorgestern", "Putin", "2026-11-16", None),
        ("Putin gestern", "Putin", "2026-11-17", "2026-11-17"),
        ("Putin seit letzter Woche", "Putin", "2026-11-09", None),
        ("Putin letzte Woche", "Putin", "2026-11-09", "2026-11-15"),
        ("Putin in der letzten Woche", "Putin", "2026-11-09", "2026-11-15"),
        ("Putin diesen Monat", "Putin", "2026-11", "2026-11"),
        ("Putin seit 3 Tagen", "Putin", "2026-11-15", None),
        ("Putin vor drei Tagen", "Putin", "2026-11-15", "2026-11-15"),
        ("Putin in den letzten 24 Stunden", "Putin", "2026-11-17", "2026-11-18"),
        ("Putin seit Freitag", "Putin", "2026-11-13", None),
        ("Putin am Freitag", "Putin", "2026-11-13", "2026-11-13"),
        ("Putin von Montag bis Freitag", "Putin", "2026-11-16", "2026-11-20"),
        ("Putin seit Mai", "Putin", "2026-05", None),
        ("Putin im Mai", "Putin", "2026-05", "2026-05"),
        ("Putin von Oktober bis Januar", "Putin", "2026-10", "2027-01"),
        ("Putin seit dem 3. Mai", "Putin", "2026-05-03", None),
        ("Putin am 24.12.", "Putin", "2025-12-24", "2025-12-24"),
        ("Putin seit Anfang des Jahres", "Putin", "2026-01-01", None),
        ("Putin bis Ende 2022", "Putin", None, "2022-12-31"),
        ("Putin bis gestern", "Putin", None, "2026-11-17"),
        ("Putin seit letztem Jahr bis vor 2 Monaten", "Putin", "2025", "2026-09-18"),
        ("Putin since yesterday", "Putin", "2026-11-17", None),
        ("Putin last week", "Putin", "2026-11-09", "2026-11-15"),
        ("Putin in the last three days", "Putin", "2026-11-15", "2026-11-18"),
        ("Putin since May 3", "Putin", "2026-05-03", None),
        ("Putin the day before yesterday", "Putin", "2026-11-16", "2026-11-16"),
        ("Putin two weeks ago", "Putin", "2026-11-04", "2026-11-04"),
        ("Barbara Morgen", "Barbara Morgen", None, None),
        ("Robinson und Freitag", "Robinson und Freitag", None, None),
        ("Theresa May", "Theresa May", None, None),
        ("Gestern", "", "2026-11-17", "2026-11-17"),
    ],
)
def test_relative_dates_count_from_today(typed, words, since, until):
    found = split_window(typed, NOW)
    read = [PartialDate.parse(one) if one else None for one in (since, until)]
    assert (found.words, found.window) == (words, Window(*read))


def test_today_is_that_of_the_chats_zone():
    moment = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert str(read_period("heute", moment.astimezone(BERLIN)).since) == "2026-11-19"
    assert str(read_period("heute", moment.astimezone(ZoneInfo("America/New_York"))).since) == (
        "2026-11-18"
    )


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("morgen", "2026-11-19 00:00"),
        ("bis Freitag", "2026-11-20 00:00"),
        ("bis Mittwoch", "2026-11-25 00:00"),  # today is one
        ("Fr", "2026-11-20 00:00"),
        ("1 Woche", "2026-11-25 10:00"),
        ("für zwei Wochen", "2026-12-02 10:00"),
        ("3", "2026-11-21 10:00"),
        ("die nächsten 3 Tage", "2026-11-21 10:00"),
        ("2 Stunden", "2026-11-18 12:00"),
        ("heute", "2026-11-19 00:00"),
        ("diese Woche", "2026-11-23 00:00"),
        ("bis nächste Woche", "2026-11-23 00:00"),
        ("bis Ende der Woche", "2026-11-23 00:00"),
        ("bis einschließlich Freitag", "2026-11-21 00:00"),
        ("bis zum Wochenende", "2026-11-21 00:00"),
        ("übers Wochenende", "2026-11-23 00:00"),
        ("bis Ende November", "2026-12-01 00:00"),
        ("bis Dezember", "2026-12-01 00:00"),
        ("bis 24.12.", "2026-12-24 00:00"),
        ("bis zum 3.", "2026-12-03 00:00"),
        ("29.2.", "2028-02-29 00:00"),
        ("bis 18 Uhr", "2026-11-18 18:00"),
        ("bis 9:30", "2026-11-19 09:30"),  # that of today is over
        ("bis morgen früh", "2026-11-19 06:00"),
        ("Freitagabend", "2026-11-20 18:00"),
        ("bis Freitag 18:30 Uhr", "2026-11-20 18:30"),
        ("01.12.2026", "2026-12-01 00:00"),
        ("until next Friday", "2026-11-20 00:00"),
        ("for two weeks", "2026-12-02 10:00"),
        ("until Dec 24th", "2026-12-24 00:00"),
        ("through Friday", "2026-11-21 00:00"),
        ("until 5pm", "2026-11-18 17:00"),
        ("until the day after tomorrow", "2026-11-20 00:00"),
    ],
)
def test_a_pause_ends_when_people_say(typed, until):
    assert f"{read_end(typed, NOW).astimezone(BERLIN):%Y-%m-%d %H:%M}" == until


def test_a_weekend_that_is_on_ends_on_monday():
    sunday = datetime(2026, 11, 22, 10, tzinfo=BERLIN)
    assert f"{read_end('übers Wochenende', sunday).astimezone(BERLIN):%d. %H:%M}" == "23. 00:00"


@pytest.mark.parametrize(
    "typed", ["gestern", "0", "0 Tage", "letzte Woche", "2022", "heute morgen"]
)
def test_a_pause_cannot_end_before_it_begins(typed):
    with pytest.raises(PastError):
        read_end(typed, NOW)


@pytest.mark.parametrize(
    "typed",
    [
        "Quark",
        "bis 3",
        "31.02.",
        "05/06/2027",
        "bis 25 Uhr",
        "1000",
        "bis Ende 9999",
        "anfang " * 900,
    ],
)
def test_what_is_no_date_is_said_to_be_none(typed):
    with pytest.raises(DateError):
        read_end(typed, NOW)


def test_an_hour_that_is_skipped_shortens_no_pause():
    night = datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN)
    assert read_end("2 Stunden", night) == datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    assert read_end("bis morgen 2:30", night).astimezone(BERLIN).day == 29


@given(st.text(max_size=40))
def test_no_words_of_a_pause_break_it(text):
    with suppress(DateError):
        assert read_end(text, NOW) > NOW


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
        ("Gas seit:gestern", "Gas", (), "", "2026-11-17", None),
        ("Gas since:letzte Woche Öl", "Gas Öl", (), "", "2026-11-09", None),
        ("Gas seit:vor 3 Tagen von:Lawrow", "Gas", ("Lawrow",), "", "2026-11-15", None),
        ('Gas ab:"letzten Freitag" bis:gestern', "Gas", (), "", "2026-11-13", "2026-11-17"),
        ("Gas seit:Mo bis:Fr", "Gas", (), "", "2026-11-16", "2026-11-20"),
        ("Gas am:letzten Montag", "Gas", (), "", "2026-11-16", "2026-11-16"),
        ("Gas von:gestern", "Gas", (), "", "2026-11-17", None),
        ("Gas von:May", "Gas", ("May",), "", None, None),
        ("Gas ab gestern", "Gas", (), "", "2026-11-17", None),
        ("Gas letzte Woche", "Gas", (), "", "2026-11-09", "2026-11-15"),
        ("Wahl im Mai", "Wahl im Mai", (), "", None, None),
        ("Gas seit:1 Woche", "Gas", (), "", "2026-11-11", None),
    ],
)
def test_filters_are_read_out_of_a_search(typed, words, actors, source, since, until):
    read = [PartialDate.parse(one) if one else None for one in (since, until)]
    assert split_search(typed, NOW) == Search(words, actors, source, Window(*read))


def test_who_is_one_of_several_is_chosen_without_asking_anew():
    asked = 'Gas {x} mit:NATO von:"Olga Muster" von:2014'
    assert choosing_actor(asked, "Olga Muster") == "Gas {x} mit:NATO von:{} von:2014"


@pytest.mark.parametrize("typed", ["Gas seit:gestren", "Gas seit:2023 bis:2022", "Gas am:2022-13"])
def test_filters_that_cannot_be_are_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        split_search(typed, NOW)
