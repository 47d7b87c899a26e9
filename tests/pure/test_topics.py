from __future__ import annotations

from pathlib import Path

import pytest
from pure_reports import report

from digests.topics import matches, read_topics, spans
from digests.types import Topic

STARTERS = Path(__file__).parents[2] / "digests" / "data" / "topics.toml"


def asked(topic, text, **made):
    one = report(text, **made)
    return matches(topic, one.item.text, one.reading)


def test_terms_match_by_stem_and_compound():
    topic = Topic("t", "Sanktionen", terms=("Sanktion",))
    assert asked(topic, "Der Rat beschloss Wirtschaftssanktionen gegen das Land.")
    assert asked(topic, "Mehrere Banken wurden sanktioniert.")
    assert not asked(topic, "Der Rat vertagte sich.")


def test_a_noun_does_not_find_a_verb_of_its_stem_with_another_vowel():
    topic = Topic("t", "Wahlen", terms=("Wahlen",))
    assert asked(topic, "Die Wahlen beginnen am Sonntag.")
    assert not asked(topic, "Er könne einen anderen Weg wählen.")


def test_phrases_are_consecutive_within_a_clause():
    topic = Topic("t", "Hilfe", phrases=("humanitäre Hilfe",))
    assert asked(topic, "Die humanitären Hilfen kommen an.")
    assert not asked(topic, "Die Lage ist humanitär. Hilfe kommt.")
    assert not asked(topic, "Eine Hilfe, die humanitär wäre.")


def test_a_term_of_several_words_is_a_phrase():
    topic = Topic("t", "Nord Stream", terms=("Nord Stream",))
    assert asked(topic, "Die Leitung Nord Stream 2 ist fertig.")
    assert not asked(topic, "Im Norden liegt ein Stream.")


def test_a_phrase_of_another_language_does_not_lose_its_words():
    topic = Topic("t", "Handelskrieg", terms=("trade war",))
    assert not asked(topic, "Die Messe Trade zog nach Halle.")
    assert asked(topic, "The trade war goes on.", language="en")


def test_actors_match_by_id_whatever_they_are_called():
    topic = Topic("t", "Kreml", actors=("wladimir-putin",))
    assert asked(topic, "Der Kremlchef schwieg.", roles={"Kremlchef": "wladimir-putin"})
    assert not asked(topic, "Der Kremlchef schwieg.")


def test_exclusions_win():
    topic = Topic("t", "Wahl", terms=("Wahl",), exclude=("Oscar-Wahl",))
    assert asked(topic, "Die Wahl endete knapp.")
    assert not asked(topic, "Die Oscar-Wahl war eine Wahl nach Maß.")


def test_require_all_asks_for_one_of_each_group_that_is_not_empty():
    topic = Topic("t", "Putin und Gas", terms=("Gas", "Öl"), actors=("p",), require_all=True)
    assert asked(topic, "Putin liefert Erdgas und Gas.", names={"Putin": "p"})
    assert not asked(topic, "Putin reist ab.", names={"Putin": "p"})
    assert not asked(topic, "Das Gas fehlt.")


@pytest.mark.parametrize("require_all", [False, True])
def test_an_empty_topic_matches_nothing(require_all):
    assert not asked(Topic("t", "leer", require_all=require_all), "Die Wahl endete knapp.")


def test_spans_tell_why_and_are_in_order():
    one = report("Heute gilt es. Die Strafzölle treffen Putin.", names={"Putin": "p"})
    topic = Topic("t", "Zölle", terms=("Zoll",), actors=("p",))
    found = spans(topic, one)
    assert [one.item.text[span.start : span.end] for span in found] == ["Strafzölle", "Putin"]
    assert spans(Topic("t", "x", terms=("Fisch",)), one) == ()


def test_starter_topics_are_whole_and_named_in_both_languages():
    text = STARTERS.read_text("utf-8")
    german, english = read_topics(text), read_topics(text, "en")
    assert [topic.id for topic in german] == [topic.id for topic in english]
    assert len({topic.id for topic in german}) >= 12
    assert all(topic.terms for topic in german)
    by_id = {topic.id: topic for topic in german}
    assert by_id["sanctions"].name == "Sanktionen"
    assert asked(by_id["military-aid"], "Berlin sagt weitere Waffenlieferungen zu.")
    assert asked(by_id["nuclear-weapons"], "Iran setzt die Urananreicherung fort.")
    assert asked(by_id["trade"], "New tariffs hit steel.", language="en")
    assert not asked(by_id["elections"], "Die Mannschaft traf eine Auswahl.")
    assert asked(by_id["elections"], "Die Wahlen zum Parlament beginnen.")
    assert not asked(by_id["elections"], "Bei der Wahl zum Fußballer des Jahres gewann er.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1", "topic a: not a table"),
        ("[a]\nterms = 'x'", "topic a: terms is no list of strings"),
        ("[a]\nterms = [1]", "topic a: terms is no list of strings"),
        ("[a]\nword = ['x']", "topic a: unknown fields word"),
        ("[a]\nname = 3", "topic a: no name"),
        ("[a]\nrequire_all = 'yes'", "topic a: require_all is neither"),
    ],
)
def test_a_broken_list_says_what_is_wrong(text, told):
    with pytest.raises(ValueError, match=told):
        read_topics(text)


def test_a_topic_without_a_name_is_named_by_its_id():
    (topic,) = read_topics("[fischerei]\nterms = ['Fisch']")
    assert topic.name == "fischerei"
