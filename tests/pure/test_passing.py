from __future__ import annotations

from dataclasses import replace

import pytest
from pure_reports import report

from digests.passing import in_passing, only_where
from digests.types import ActorKind, MentionForm


def mention_in(text, word, kind=ActorKind.STATE, form=MentionForm.ADJECTIVE):
    """A report, and its mention by a word of the text."""
    one = report(text, names={word: "them"})
    (found,) = one.reading.mentions
    return one, replace(found, kind=kind, form=form)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ein polnischer Maler stellt in Kassel aus.", "polnischer"),
        ("Die polnische Fluggesellschaft streicht Flüge.", "polnische"),
        ("Das kostet zwanzig US-Dollar.", "US"),
        ("Sie lebt im US-Bundesstaat Ohio.", "US"),
    ],
)
def test_an_adjective_says_where_something_is_from(text, word):
    assert in_passing(*mention_in(text, word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Die polnische Regierung tagt.", "polnische"),
        ("Der frühere polnische stellvertretende Außenminister reist ab.", "polnische"),
        ("US-Truppen ziehen ab.", "US"),
        ("Die polnische Halbinsel Hela ist gesperrt.", "polnische"),
        ("Die US-Weltraumbehörde startet eine Sonde.", "US"),
    ],
)
def test_but_before_one_who_acts_for_the_state_it_tells_of_it(text, word):
    assert not in_passing(*mention_in(text, word))


def test_a_name_in_brackets_is_in_passing_but_a_person_never_is():
    of_party = ("Karin Muster (Bund, Kassel) sprach.", "Bund", ActorKind.ORGANISATION)
    assert in_passing(*mention_in(*of_party, form=MentionForm.NAME))
    plain = ("Der Bund tagt in Kassel.", "Bund", ActorKind.ORGANISATION)
    assert not in_passing(*mention_in(*plain, form=MentionForm.NAME))
    person = ("Der Minister (Tom Probe) sprach.", "Tom Probe", ActorKind.PERSON)
    assert not in_passing(*mention_in(*person, form=MentionForm.NAME))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Die Flut in Polen hält an.", True),
        ("Die Flut im Süden Polens hält an.", True),
        ("Er fuhr nach Danzig, Polen, weiter.", True),
        ("Die Regierung Polens tagt.", False),
        ("Polen schließt die Grenze.", False),
        ("Die Klage gegen Polen ist zulässig.", False),
    ],
)
def test_a_state_is_where_something_is_or_it_acts(text, where):
    word = "Polens" if "Polens" in text else "Polen"
    assert only_where(*mention_in(text, word, form=MentionForm.NAME)) is where


def test_a_state_s_land_is_where_something_is():
    assert only_where(*mention_in("Die polnische Halbinsel Hela ist gesperrt.", "polnische"))
    assert not only_where(*mention_in("Die polnische Regierung tagt.", "polnische"))


def test_a_city_s_adjective_tells_of_the_city():
    genf = ("Die Genfer Gespräche enden.", "Genfer", ActorKind.PLACE)
    assert not in_passing(*mention_in(*genf))
