from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_reports import report

from digests.types import ActorKind, Mention, MentionForm, Sentence, SentenceKind
from digests.words import (
    fold,
    follows,
    key_terms,
    matches,
    query,
    stem,
    stems,
    words,
)


def found(asked: str, written: str) -> bool:
    """Whether a query word finds a word of a German text, as topics and searches ask."""
    wanted = query(asked, "de")
    return matches(wanted.stem, stem(written, "de"), modifier=wanted.modifier)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Sanktion", "Sanktionen"),
        ("Sanktion", "Wirtschaftssanktionen"),
        ("Sanktionen", "sanktioniert"),
        ("Sanktionen", "Sanktionspaket"),
        ("Wahl", "Bundestagswahlen"),
        ("Wahl", "Wahlkampf"),
        ("Rakete", "Raketenabwehr"),
        ("Rakete", "Mittelstreckenraketen"),
        ("Klima", "Weltklimakonferenz"),
        ("Zoll", "Strafzölle"),
        ("Waffen", "Atomwaffen"),
        ("Waffe", "Waffenlieferungen"),
        ("Asyl", "Asylbewerber"),
        ("Flüchtlinge", "Flüchtlingslager"),
        ("Steuer", "Steuererhöhung"),
        ("Mine", "Antipersonenminen"),
        ("Gipfel", "Klimagipfels"),
    ],
)
def test_a_word_finds_its_inflections_and_compounds(asked, written):
    assert found(asked, written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Wahl", "Auswahl"),
        ("Haft", "Mannschaft"),
        ("Krim", "Kriminalität"),
        ("Euro", "Europa"),
        ("Mine", "Termin"),
        ("Mine", "Vitamine"),
        ("Protest", "Protokoll"),
        ("Protest", "Protestant"),
        ("Rat", "Verrat"),
        ("Drohne", "drohend"),
        ("Wirtschaftssanktionen", "Sanktionen"),
        ("Bank", "Bankett"),
    ],
)
def test_a_word_does_not_find_what_only_looks_like_it(asked, written):
    assert not found(asked, written)


def test_languages_without_compounds_ask_for_the_word_itself():
    assert matches(stem("sanctions", "en"), stem("sanctioned", "en"), compounds=False)
    assert not matches("bank", "bankruptci", compounds=False)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("Erdoğan", "erdogan"),
        ("Wałęsa", "walesa"),
        ("Sol\u00addat", "soldat"),
        ("Sol\u200bdat", "soldat"),
        ("Ærø", "aero"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_lie_in_the_text_in_order(text):
    found = list(words(text, "de"))
    assert all(text[word.start : word.end].strip() for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(len(word.stem) > 0 for word in found)


def test_stems_leave_out_function_words_and_join_numbers():
    assert stems("Die Nato hat rund 8.500 oder 8 500 Soldaten in US-Kasernen", "de") == [
        "nato",
        "8500",
        "500",
        "soldat",
        "us",
        "kasern",
    ]


def test_umlauts_fold_alike_however_they_are_written():
    assert stem("Müller", "de") == stem("Mueller", "de") == stem("Mu\u0308ller", "de")


def test_an_acronym_is_no_function_word():
    assert stems("The US told us", "en") == ["us", "told"]


def test_unknown_languages_are_only_folded():
    assert stem("Übung", "xx") == "ubung"


def test_follows_stays_within_a_clause():
    text = "Humanitäre und rasche Hilfe. Katastrophe"
    one, two, three, four = words(text, "de")
    assert follows(text, one, two)
    assert follows(text, two, three)
    assert not follows(text, three, four)


def test_key_terms_leave_out_bylines_names_of_actors_and_words_of_news():
    made = report(
        "Kanzlerin Beispiel sagte am Montag, die Steuern steigen. Die Steuern!",
        names={"Beispiel": "eva-beispiel"},
    )
    terms = made.reading.terms
    assert terms["steu"] == 2
    assert "beispiel" not in terms
    assert "sagt" not in terms
    assert stem("Montag", "de") not in terms

    text = "Steuern steigen. ab/cd (dpa)"
    kinds = (Sentence(0, 16), Sentence(17, len(text), SentenceKind.FRAGMENT))
    assert set(key_terms(text, kinds, (), "de")) == {"steu", "steig"}


def test_an_unresolved_name_is_a_word_like_others():
    text = "Niemandsen redet."
    nobody = Mention(0, 10, ActorKind.PERSON, None)
    role = Mention(0, 10, ActorKind.PERSON, "somebody", MentionForm.ROLE)
    sentence = (Sentence(0, len(text)),)
    assert stem("Niemandsen", "de") in key_terms(text, sentence, (nobody,), "de")
    assert stem("Niemandsen", "de") in key_terms(text, sentence, (role,), "de")
