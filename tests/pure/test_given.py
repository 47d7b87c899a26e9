"""Who is named by the surname alone has the given name once in what is shown together."""

from __future__ import annotations

import pytest
from pure_reports import report

from digests.given import introduced
from digests.standing import cite

FULL = "Der Förster Tom Probe zählt Bäume."
NAMES = {"Tom Probe": "tom", "Probe": "tom", "Probes": "tom", "Ida Beispiel": "ida"}


def made(*sentences, names=NAMES, language="de"):
    """A report's sentences as they are cited."""
    one = report(" ".join(sentences), names=names, language=language)
    return [cite(one, s.start, s.end) for s in one.reading.sentences]


def read(cited, head="", told=()):
    """Sentences as they are read, one after another."""
    lines = []
    for one, given in zip(cited, introduced(cited, head, told), strict=True):
        text = one.text
        for name in reversed(given):
            text = f"{text[: name.at]}[{name.given}] {text[name.at :]}"
        lines.append(text)
    return lines


def test_a_surname_that_stands_alone_gets_the_given_name_of_its_report():
    _, *cited = made(FULL, "Am Abend lobte Probe die  Fichten.", "Mit Probe kam der Regen.")
    assert read(cited[:1]) == ["Am Abend lobte [Tom] Probe die Fichten."]
    assert read(cited[1:]) == ["Mit [Tom] Probe kam der Regen."]


def test_a_person_is_introduced_once_in_what_is_shown_together():
    cited = made(FULL, "Probe lobte die Fichten.", "Probes Hund schlief.")
    assert read(cited[1:]) == ["[Tom] Probe lobte die Fichten.", "Probes Hund schlief."]
    assert read(cited)[1:] == ["Probe lobte die Fichten.", "Probes Hund schlief."]
    assert read(cited[2:]) == ["[Tom] Probes Hund schlief."]
    assert read(cited[2:], told=cited[:1]) == ["Probes Hund schlief."]


@pytest.mark.parametrize(
    "head", ["Tom Probe zählt", "Förster Probe zählt", "Baumzählung: Tom Probe"]
)
def test_who_stands_over_it_with_a_name_or_a_title_is_known(head):
    cited = made(FULL, "Probe lobte die Fichten.")
    assert read(cited[1:], head) == ["Probe lobte die Fichten."]


def test_a_surname_alone_in_the_headline_introduces_nobody():
    cited = made(FULL, "Probe lobte die Fichten.")
    assert read(cited[1:], "Probe zählt Bäume") == ["[Tom] Probe lobte die Fichten."]


@pytest.mark.parametrize(
    "text",
    [
        "Am Abend lobte Förster Probe die Fichten.",
        "Am Abend lobte der Probe die Fichten.",
        "Die Probe-Fichten wachsen in Reihen.",
        "Am Abend lobte Probe Junior die Fichten.",
        "Am Abend nannte Probe sich wieder Tom Probe.",
    ],
)
def test_a_surname_with_something_beside_it_is_left_alone(text):
    assert read(made(FULL, text)[1:]) == [text]


def test_nobody_gets_a_given_name_that_the_report_does_not_tell_or_two_may_bear():
    text = "Am Abend lobte Probe die Fichten."
    assert read(made(text)) == [text]
    two = NAMES | {"Eva Probe": "eva"}
    assert read(made(FULL, "Auch Eva Probe kam.", text, names=two)[2:]) == [text]
    assert read(made("Probe zählt Bäume.", text, names={"Probe": "tom"})[1:]) == [text]


def test_two_in_a_sentence_are_each_introduced():
    names = NAMES | {"Beispiel": "ida"}
    cited = made(FULL, "Da kam Ida Beispiel.", "Probe traf Beispiel am See.", names=names)
    assert read(cited[2:]) == ["[Tom] Probe traf [Ida] Beispiel am See."]


def test_who_speaks_before_the_sentence_is_introduced_there():
    one = report(f"{FULL} Probe komme am Abend.", names=NAMES)
    last = one.reading.sentences[-1]
    cited = [cite(one, last.start, last.end, speaker="Tom Probe")]
    assert read(cited) == ["Probe komme am Abend."]


def test_english_sentences_read_the_same_way():
    cited = made("Tom Probe counts trees.", "In May Probe praised the firs.", language="en")
    assert read(cited[1:]) == ["In May Probe praised the firs."]  # 'May' may be a title
    cited = made("Tom Probe counts trees.", "Later that day Probe praised firs.", language="en")
    assert read(cited[1:]) == ["Later that day [Tom] Probe praised firs."]
