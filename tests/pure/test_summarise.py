from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pure_reports import report

from digests.summarise import candidates, select, summarise
from digests.types import UNDATED, Published
from digests.words import stem

STRIKE = report(
    "Die Gewerkschaft hat für Freitag einen Streik der Busfahrer in Kassel angekündigt. "
    "Betroffen sind alle Linien der Verkehrsbetriebe in der Innenstadt. "
    "Oberbürgermeisterin Ada Neumann bat beide Seiten um neue Gespräche. "
    "Das Kasseler Theater spielt am Freitag trotz allem sein Programm für Kinder.",
    number=1,
    published=Published.on(2023, 3, 1),
    names={"Ada Neumann": "ada-neumann"},
    source="Morgenblatt",
)
LATER = report(
    "Die Busfahrer in Kassel haben ihren Streik am Freitag begonnen. "
    "Nach Angaben der Gewerkschaft legten dreihundert Fahrer die Arbeit nieder. "
    "Ada Neumann nannte den Streik einen Rückschlag für die Stadt.",
    number=2,
    published=Published.on(2023, 3, 3),
    names={"Ada Neumann": "ada-neumann"},
    source="Abendblatt",
)


def texts(*reports, **wanted):
    return [cited.text for cited in summarise(reports, **wanted)]


def test_sentences_are_cited_and_in_order_of_publication_and_place():
    told = summarise([LATER, STRIKE], sentences=4)
    assert len(told) == 4
    assert [cited.span.item for cited in told] == sorted(cited.span.item for cited in told)
    assert {cited.source for cited in told} == {"Morgenblatt", "Abendblatt"}
    for cited in told:
        item = {1: STRIKE, 2: LATER}[cited.span.item].item
        assert cited.text == item.text[cited.span.start : cited.span.end]
        assert cited.published == item.published


def test_the_central_comes_before_the_marginal():
    (only,) = texts(STRIKE, sentences=1)
    assert "Streik der Busfahrer" in only
    assert not any("Theater" in text for text in texts(STRIKE, LATER, sentences=3))


def test_the_target_leads():
    (only,) = texts(STRIKE, sentences=1, target_actor="ada-neumann")
    assert "Ada Neumann" in only
    (only,) = texts(STRIKE, sentences=1, target_stems=[stem("Theater", "de")])
    assert "Theater" in only


def test_nothing_is_told_twice():
    copy = report(STRIKE.item.text, number=3, published=Published.on(2023, 3, 2))
    told = texts(STRIKE, copy, sentences=8)
    assert len(told) == len(set(told)) == 4


def test_what_was_shown_before_is_not_shown_again():
    first = texts(STRIKE, sentences=1)
    rest = texts(STRIKE, sentences=8, seen=first)
    assert first[0] not in rest
    assert len(rest) == 3


def test_length_in_characters_is_kept():
    told = texts(STRIKE, LATER, sentences=8, characters=180)
    assert told
    assert sum(map(len, told)) <= 180
    assert texts(STRIKE, characters=10) == []


def test_the_undated_come_last():
    undated = report(LATER.item.text, number=1, published=UNDATED)
    dated = report(STRIKE.item.text, number=2, published=Published.on(2023, 3, 1))
    told = summarise([undated, dated], sentences=8)
    items = [cited.span.item for cited in told]
    assert items == sorted(items, reverse=True)
    assert set(items) == {1, 2}


def test_nothing_to_say():
    assert summarise([]) == ()
    assert summarise([report("Damit war es dann auch schon wieder vorbei.")]) == ()


def test_the_order_of_reports_does_not_matter():
    assert summarise([STRIKE, LATER]) == summarise([LATER, STRIKE])


pieces = st.sampled_from(
    [
        "Die Regierung in Wien hat den Haushalt beschlossen.",
        "Der Hafen von Triest wird nach Osten ausgebaut.",
        "Damit endet der Streit um den Hafen endgültig.",
        "„Wir bauen nun den Hafen aus. Das kostet sehr viel Geld.“",
        "„Wir bauen nun den Hafen aus.",
        "Er sprach von einem guten Tag für die Stadt.",
        "Tom Probe sprach von einem guten Tag für die Stadt.",
        "Die Kosten seien hoch, sagte Tom Probe am Abend in Wien.",
        "Zwischentitel ohne Punkt",
        "\n\n",
        "  ",
    ]
)
bodies = st.lists(pieces, max_size=12).map(" ".join)


@given(st.lists(bodies, max_size=3), st.integers(0, 5), st.none() | st.integers(0, 300))
@settings(max_examples=150, deadline=None)
def test_summaries_are_spans_that_never_overlap(written, sentences, characters):
    reports = [
        report(body, number=n, names={"Tom Probe": "tom-probe"})
        for n, body in enumerate(written, 1)
    ]
    told = summarise(reports, sentences=sentences, characters=characters, target_actor="tom-probe")
    assert len(told) <= sentences
    assert sum(len(cited.text) for cited in told) <= (10**6 if characters is None else characters)
    by_id = {one.item.id: one.item for one in reports}
    for cited in told:
        text = by_id[cited.span.item].text
        assert cited.text == " ".join(text[cited.span.start : cited.span.end].split())
        assert sum(cited.text.count(mark) for mark in "„“") % 2 == 0
    for one in told:
        for other in told:
            if one is not other and one.span.item == other.span.item:
                assert one.span.end <= other.span.start or other.span.end <= one.span.start


def test_something_about_the_target_is_told_however_marginal():
    one = report(
        "Die Werft in Kiel baut zwölf neue Fähren für die Linie nach Oslo. "
        "Die Fähren der Werft in Kiel fahren mit Gas nach Oslo. "
        "Für die Linie nach Oslo baut die Werft in Kiel größere Fähren. "
        "Auch Ada Neumann war am Rande der Feier kurz zu sehen gewesen.",
        names={"Ada Neumann": "ada"},
    )
    told = [one.text for one in summarise([one], target_actor="ada", sentences=2)]
    assert any("Ada Neumann" in text for text in told)
    assert not any("Ada Neumann" in one.text for one in summarise([one], sentences=1))


def test_what_counts_little_does_not_say_what_is_central():
    one = report(
        "Die Kölner Mannschaft gewann das Spiel gegen Kassel im Eisstadion mit drei Toren. "
        "Im Eisstadion war die Kölner Mannschaft in dem Spiel von Anfang an überlegen. "
        "Oldenburg hat einen neuen Fahrplan für seine Busse und Bahnen vorgestellt."
    )
    found = list(candidates(one))
    assert "Eisstadion" in select(found, 1)[0].cited.text
    weighed = [
        replace(each, weight=1.0 if "Fahrplan" in each.cited.text else 0.01) for each in found
    ]
    assert "Fahrplan" in select(weighed, 1)[0].cited.text
