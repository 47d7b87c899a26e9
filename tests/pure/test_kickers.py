from __future__ import annotations

from dataclasses import replace

import pytest
from pure_reports import report

from digests.kickers import title
from digests.types import ActorKind

PLACES = {"Muster": "muster", "Muster-Konflikt": "muster", "Probe": "probe"}


def titled(text, *, people=(), language="de"):
    names = {word: actor for word, actor in PLACES.items() if word in text}
    one = report("Es regnet.", title=text, names=names | {name: name for name in people})
    mentions = tuple(
        replace(mention, kind=ActorKind.STATE) if mention.actor in PLACES.values() else mention
        for mention in one.reading.mentions
    )
    reading = replace(one.reading, mentions=mentions, language=language)
    return title(replace(one, reading=reading)).text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Krise um Muster Westen stimmt sich ab", "Krise um Muster: Westen stimmt sich ab"),
        (
            "Parteien im Muster-Konflikt Streit am Tisch",
            "Parteien im Muster-Konflikt: Streit am Tisch",
        ),
    ],
)
def test_a_kicker_is_parted_from_what_it_runs_into(given, shown):
    assert titled(given) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Westen stimmt sich im Streit um Muster Woche für Woche ab",  # a verb before
        "Krise um Muster: Westen stimmt sich ab",
        "Krise um Muster",
        "In Muster Regierung gestürzt",
        "Streit mit dem Muster-Botschafter Huber wächst",
        "Treffen in Muster",
        "Neue Zahlen aus dem Haushalt Länder zahlen mehr",  # no place
    ],
)
def test_other_titles_stay_as_they_are(text):
    assert titled(text) == text


def test_a_name_after_a_place_is_no_title():
    assert titled("Krise um Muster Huber kommt", people=["Huber"]) == "Krise um Muster Huber kommt"


def test_english_titles_stay_as_they_are():
    text = "Crisis in Muster Western Allies Meet"
    assert titled(text, language="en") == text
