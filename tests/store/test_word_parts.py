"""Words, topics and cards are found by index as a plain look at everything finds them."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from digests.actors import Catalogue
from digests.desk import Answers, Known
from digests.desk.matching import full_text, topic_items
from digests.desk.mattering import matters
from digests.desk.views import Focus, topic_stems
from digests.migrations.search import INDEX, PARTS, TERMS
from digests.store import archive, open_store
from digests.store.archive.word_index import drop_words, write_words
from digests.topics import matches
from digests.types import (
    Actor,
    ActorKind,
    Draft,
    Mention,
    Published,
    Reading,
    Sentence,
    SourceKind,
    Target,
    TargetKind,
    Topic,
)
from digests.words import stems

LOOSE = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.text(alphabet="abzäλ7", min_size=1, max_size=7).map(str)
CHANGES = st.lists(st.tuples(st.integers(1, 5), st.lists(WORDS, max_size=8)), max_size=12)
PROSE = (
    *("Sanktionen", "Wirtschaftssanktionen", "Sanktionspaket", "Zölle", "Strafzölle", "Getreide"),
    *("Getreide und Zölle", "Getreide. Zölle", "Getreide, Zölle", "Haushalt", "Wahl", "wählen"),
    *("Auswahl", "die", "US", "Genf", "Bert spricht", "Anna spricht", "trade war", "tariffs"),
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["de", "en"]), st.lists(st.sampled_from(PROSE), max_size=6)),
    max_size=8,
)
TOPICS = (
    Topic("t", "t", terms=("Sanktionen",)),
    Topic("t", "t", terms=("Zölle", "Wahl")),
    Topic("t", "t", phrases=("Getreide Zölle",)),
    Topic("t", "t", phrases=("in Genf", "trade war"), exclude=("Zoll",)),
    Topic("t", "t", terms=("die",), phrases=("US",)),
    Topic("t", "t", terms=("Getreide",), actors=("bert",)),
    Topic("t", "t", terms=("Getreide",), actors=("bert",), require_all=True),
)
PEOPLE = {"Bert": "bert", "Anna": "anna"}


class UndoneError(Exception):
    """What takes an example back."""


@pytest.fixture
def catalogue():
    people = [Actor(key, name, ActorKind.PERSON) for name, key in PEOPLE.items()]
    return Catalogue(known=people)


def take_in(session, source, number, language, words, now):
    """A report, one sentence for each of its words, that names whom it names."""
    told, sentences, mentions = "", [], []
    for word in words:
        start = len(told)
        told += f"{word} heute. "
        sentences.append(Sentence(start, len(told) - 1))
        name = word.split()[0]
        if name in PEOPLE:
            mentions.append(Mention(start, start + len(name), ActorKind.PERSON, PEOPLE[name]))
    reading = Reading(language, sentences=tuple(sentences), mentions=tuple(mentions))
    draft = Draft(f"{number}.txt", told, published=Published.on(2026, 1, 1 + number % 28))
    saved = archive.save_item(
        session, source, draft, reading, "{}", stems(told, language), now=now, backlog=False
    )
    archive.set_story(session, saved.item.id, None if number % 3 == 0 else number // 3 + 1, now)
    return saved.item.id


def fill(session, texts, now):
    people = [Actor(key, name, ActorKind.PERSON) for name, key in PEOPLE.items()]
    archive.ensure_actors(session, people)
    source = archive.add_source(session, SourceKind.FOLDER, "/r", name="r", now=now).id
    return [
        take_in(session, source, number, language, words, now)
        for number, (language, words) in enumerate(texts)
    ]


@LOOSE
@given(CHANGES, WORDS)
def test_stems_are_found_by_any_part_of_them(store, changes, part):
    held = {}
    with pytest.raises(UndoneError), store.writing() as session:
        for item, words in changes:
            drop_words(session, item)
            write_words(session, item, words)
            held[item] = words
        found = archive.known_stems(session, part)
        session.execute(text(f"INSERT INTO {PARTS} ({PARTS}, rank) VALUES ('integrity-check', 1)"))
        raise UndoneError
    every = {word for words in held.values() for word in words}
    assert len(found) == len(set(found))
    if len(part) < 3:
        assert found == ([part] if part in every else [])
    else:
        assert set(found) == {word for word in every if part in word}


@LOOSE
@given(TEXTS)
def test_topics_find_what_a_look_at_every_report_finds(store, now, texts):
    with pytest.raises(UndoneError), store.writing() as session:
        ids = fill(session, texts, now)
        reports = archive.reports(session, ids[::-1])
        for topic in TOPICS:
            plain = [one.item.id for one in reports if matches(topic, one.item.text, one.reading)]
            assert topic_items(session, topic) == plain
            assert topic_items(session, topic, limit=2) == plain[:2]
        raise UndoneError


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("topic", [TOPICS[1], TOPICS[2], TOPICS[5]])
def test_a_card_is_that_of_all_its_reports(store, now, catalogue, stored, topic):
    texts = [
        ("de", [PROSE[(number * step) % len(PROSE)] for step in (1, 3, 7, 11, 2)])
        for number in range(90)
    ]
    with store.writing() as session:
        fill(session, texts, now)
        if stored:
            archive.save_topic(session, topic)
            archive.set_topic_items(session, topic.id, topic_items(session, topic))
    answers = Answers(store, Known(catalogue, store=store))
    card = answers.topic(topic, stories=3)
    with store.reading() as session:
        target = Target(TargetKind.TOPIC, topic.id)
        ids = archive.item_ids(session, target, newest_by_date=True)
        reports = archive.reports(session, ids if stored else topic_items(session, topic))
    assert len(reports) > 25  # more than are read at once
    dates = sorted(one.item.published.date for one in reports)
    focus = Focus(stems=topic_stems(topic, "de"))
    assert (card.reports, card.first, card.last) == (len(reports), dates[0], dates[-1])
    assert card.actors == answers._company(reports, None)
    ranked = sorted(reports, key=lambda one: not matters(one, focus))
    assert card.stories == answers._in_order(ranked, focus, limit=3)
    assert len(card.stories) == 3


def test_words_of_another_process_are_found_at_once_and_after_a_restart(tmp_path, store, now):
    other = open_store(f"sqlite:///{tmp_path / 'depesche.db'}")
    with store.reading() as session:
        assert full_text(session, "Zoll", limit=9) == []
    with other.writing() as session:
        ids = fill(session, [("de", ["Strafzölle"])], now)
    other.close()
    with store.reading() as session:
        assert full_text(session, "Zölle", limit=9) == ids
    again = open_store(f"sqlite:///{tmp_path / 'depesche.db'}")
    with again.reading() as session:
        assert full_text(session, "Zölle", limit=9) == ids
    again.close()


def test_a_word_that_no_report_holds_any_longer_is_forgotten(store):
    with store.writing() as session:
        write_words(session, 1, ["haushalt", "steuerreform"])
        write_words(session, 2, ["haushalt"])
        drop_words(session, 1)
        assert archive.known_stems(session, "haus") == ["haushalt"]
        assert archive.known_stems(session, "reform") == []
        assert session.execute(text(f"SELECT term FROM {TERMS}")).scalars().all() == ["haushalt"]


def test_an_index_from_before_is_taken_over(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    connection.execute(f"INSERT INTO {INDEX} (rowid, stems) VALUES (901, 'strafzoll handelskrieg')")
    connection.commit()
    connection.close()
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    with store.reading() as session:
        assert archive.known_stems(session, "zoll") == ["strafzoll"]
        assert archive.known_stems(session, "krieg") == ["handelskrieg"]
    store.close()
