from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.runon import common_words, sentence_within

PLACES = "The guards asked for help. Later guards came, and some guards left."


def parted(text, language, common=frozenset()):
    start = sentence_within(text, language, common)
    return None if start is None else (text[:start].rstrip(), text[start:])


@pytest.mark.parametrize(
    ("above", "below", "language"),
    [
        ("Keine Einigung in Sicht", "Die Gespräche sollen am Montag weitergehen.", "de"),
        ("Kritik aus dem Rathaus", "Am Abend wies die Stadt alle Vorwürfe zurück.", "de"),
        (
            "Ada Neumann tritt heute zurück",
            "Ada Neumann hat am Montag ihr Amt niedergelegt.",
            "de",
        ),
        ("Guards stand beside the old bridge", "The town has closed it until Friday night.", "en"),
        ("Ada Neumann to leave her office", "Ada Neumann has said that she will go.", "en"),
        ("A man describes the long night", "Guards have searched the house on the hill.", "en"),
    ],
)
def test_what_runs_into_a_sentence_ends_where_it_begins(above, below, language):
    assert parted(f"{above} {below}", language, common_words(PLACES)) == (above, below)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In den letzten Zehn Jahren wurde das nach seinen Worten viel schwerer.", "de"),
        ("Sie war Sängerin der Rockband Die Happy, bevor sie nach Hameln zog.", "de"),
        ("Ada Neumann und ihr Bruder, Ada Neumann nannte ihn Karl, sind verreist.", "de"),
        ("Ada Neumann und später Ada Neumann die Jüngere haben dort gelebt.", "de"),
        ("Heute kam niemand Die.", "de"),  # too short to be two
        ("She spoke to the youngest Senators of the house on Friday afternoon.", "en"),
        ("Ada Neumann went to her brother Ada Neumann's house on the hill.", "en"),
        ("The New Guards are a band of the town by the river Weser.", "en"),
        ('He called it "a long way Guards have gone" and left the house.', "en"),
    ],
)
def test_what_may_be_one_sentence_stays_whole(text, language):
    assert parted(text, language, common_words(PLACES)) is None


def test_only_what_a_text_writes_small_is_a_common_word():
    assert "guards" in common_words(PLACES)
    assert "guards" not in common_words(f"{PLACES} Two of the Guards, said the Guards, stayed.")


@given(st.text(alphabet="aBdieDIE r.\"'’,(09ü", max_size=300), st.sampled_from(["de", "en"]))
def test_a_second_sentence_begins_with_a_capital_behind_a_space(text, language):
    start = sentence_within(text, language)
    assert start is None or (text[start].isupper() and text[start - 1].isspace())
