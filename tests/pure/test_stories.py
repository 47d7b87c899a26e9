from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pure_reports import report

from digests.stories import (
    Frequencies,
    Signature,
    choose,
    headline,
    is_copy,
    lead,
    signature,
    similarity,
)
from digests.types import UNDATED, Published

NAMES = {
    "Biden": "joe-biden",
    "Putin": "wladimir-putin",
    "Genf": "genf",
    "EU": "eu",
    "Russland": "russland",
    "von der Leyen": "ursula-von-der-leyen",
    "Selenskyj": "wolodymyr-selenskyj",
    "Washington": "washington",
}

# Two meetings and two packages of sanctions, each told by two outlets: the people are the same.
REPORTS = {
    "genf-1": (
        "Biden und Putin treffen sich in Genf",
        "Biden und Putin sind in einer Villa am Genfersee zu ihrem ersten Gipfel zusammengekommen. "
        "Beide wollen über Rüstungskontrolle und Hackerangriffe sprechen. Der Gastgeber, der "
        "Schweizer Bundespräsident, begrüßte sie vor der Villa La Grange.",
        Published.on(2021, 6, 16),
    ),
    "genf-2": (
        "Gipfel am Genfersee: Botschafter sollen zurückkehren",
        "Nach vier Stunden in der Villa La Grange haben Biden und Putin vereinbart, ihre "
        "Botschafter zurückzuschicken. Auch über Hackerangriffe und Rüstungskontrolle sprachen "
        "die Präsidenten bei ihrem Gipfel in Genf.",
        Published.on(2021, 6, 17),
    ),
    "video-1": (
        "Biden droht Putin in Videogespräch mit Folgen",
        "Biden hat Putin in einer Videoschalte vor einem Angriff auf das Nachbarland gewarnt. "
        "Die Wirtschaft müsse dann mit harten Maßnahmen rechnen. Das Gespräch per Bildschirm "
        "dauerte zwei Stunden, Anlass war der Truppenaufmarsch.",
        Published.on(2021, 12, 7),
    ),
    "video-2": (
        "Zwei Stunden per Bildschirm: Warnung vor Angriff",
        "Der Truppenaufmarsch an der Grenze stand im Mittelpunkt der Videoschalte von Biden und "
        "Putin. Bei einem Angriff werde es harte Maßnahmen gegen die Wirtschaft geben, hieß es "
        "nach dem zweistündigen Gespräch.",
        Published.on(2021, 12, 8),
    ),
    "paket-6": (
        "EU einigt sich auf Teilembargo für Öl",
        "Die EU verhängt ein Embargo auf Öl, das mit Tankern aus Russland kommt. Pipelines "
        "bleiben ausgenommen, darauf hatte Ungarn bestanden. Die Sberbank wird vom Zahlungssystem "
        "ausgeschlossen.",
        Published.on(2022, 5, 31),
    ),
    "paket-6b": (
        "Ölembargo mit Ausnahme für Pipelines beschlossen",
        "Nach langem Streit mit Ungarn hat die EU ein Embargo gegen Öl aus Russland beschlossen, "
        "das nur Tanker trifft. Für Pipelines gilt eine Ausnahme, die Sberbank verliert den Zugang "
        "zum Zahlungssystem.",
        Published.on(2022, 5, 31),
    ),
    "paket-8": (
        "EU beschließt Preisdeckel",
        "Die EU führt gegen Russland einen Preisdeckel für den Transport von Rohöl in Drittländer "
        "ein. Anlass des achten Pakets sind die Scheinreferenden in besetzten Gebieten. Auch "
        "Stahlprodukte dürfen nicht mehr eingeführt werden.",
        Published.on(2022, 10, 6),
    ),
}


def made(key, number=1):
    title, body, published = REPORTS[key]
    return report(body, number=number, title=title, published=published, names=NAMES)


SIGNATURES = {key: signature(made(key, n)) for n, key in enumerate(REPORTS, 1)}


@pytest.mark.parametrize(
    ("a", "b"), [("genf-1", "genf-2"), ("video-1", "video-2"), ("paket-6", "paket-6b")]
)
def test_the_same_event_in_other_words_is_one_story(a, b):
    assert similarity(SIGNATURES[a], SIGNATURES[b]) >= 0.5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("genf-1", "video-1"),
        ("genf-2", "video-2"),
        ("paket-6", "paket-8"),
        ("paket-6b", "paket-8"),
        ("video-1", "paket-6"),
    ],
)
def test_other_events_with_the_same_people_are_others(a, b):
    assert similarity(SIGNATURES[a], SIGNATURES[b]) < 0.5
    one, other = (replace(SIGNATURES[key], published=None) for key in (a, b))
    assert choose(one, [(1, other)]) == ()


def test_the_same_people_alone_are_no_story():
    names = {"Biden": "joe-biden", "Putin": "wladimir-putin", "Selenskyj": "wolodymyr-selenskyj"}
    one = report("Biden, Putin und Selenskyj frühstücken.", names=names)
    other = report("Selenskyj, Putin, Biden: Umfragen fallen.", names=names)
    assert similarity(signature(one), signature(other)) < 0.5


def test_reports_far_apart_in_time_are_not_of_one_event():
    early = SIGNATURES["genf-1"]
    late = replace(SIGNATURES["genf-2"], published=date(2021, 7, 20))
    assert similarity(early, late) < similarity(early, SIGNATURES["genf-2"])
    assert similarity(early, replace(late, published=date(2022, 6, 16))) == 0


def test_a_month_is_as_near_as_it_may_be():
    month = replace(SIGNATURES["genf-2"], published=date(2021, 6, 1), slack=30)
    assert similarity(SIGNATURES["genf-1"], month) >= 0.5


def test_languages_are_kept_apart():
    other = replace(SIGNATURES["genf-1"], language="en")
    assert similarity(SIGNATURES["genf-1"], other) == 0


def test_an_agency_copy_is_known_shortened_and_retitled():
    body = " ".join(text for _, text, _ in list(REPORTS.values())[:3])
    long = signature(report(body, title="Die lange Fassung"))
    short = signature(report(REPORTS["genf-1"][1], title="Anders überschrieben"))
    assert is_copy(long, short)
    assert similarity(long, short) >= 0.9
    assert not is_copy(SIGNATURES["genf-1"], SIGNATURES["genf-2"])


def test_common_words_count_less_than_rare_ones():
    frequencies = Frequencies.count(made(key, n) for n, key in enumerate(REPORTS, 1))
    assert frequencies.documents == len(REPORTS)
    assert frequencies.actor_weight("joe-biden") < frequencies.actor_weight("nobody") <= 1
    assert frequencies.stem_weight("embargo", "de") < frequencies.stem_weight("unerhort", "de")
    assert Frequencies().stem_weight("embargo", "de") == 1
    assert Frequencies().stem_weight("regier", "de") < 1


def test_signatures_survive_json():
    for one in SIGNATURES.values():
        again = Signature.from_json(one.to_json())
        assert again == one
        assert similarity(again, one) == 1
    with pytest.raises(ValueError, match="format"):
        Signature.from_json('{"format": 99}')


def test_a_stream_in_any_order_finds_the_stories():
    def stream(keys):
        stories: dict[int, list[str]] = {}
        for key in keys:
            candidates = [(s, SIGNATURES[k]) for s, members in stories.items() for k in members]
            story = next(iter(choose(SIGNATURES[key], candidates)), len(stories) + 1)
            stories.setdefault(story, []).append(key)
        return {frozenset(members) for members in stories.values()}

    wanted = {
        frozenset({"genf-1", "genf-2"}),
        frozenset({"video-1", "video-2"}),
        frozenset({"paket-6", "paket-6b"}),
        frozenset({"paket-8"}),
    }
    assert stream(REPORTS) == wanted
    assert stream(reversed(REPORTS)) == wanted


FLOOD = (
    "Helfer pumpen Keller in der Altstadt leer",
    "Schulen bleiben wegen nasser Turnhallen geschlossen",
    "Händler am Markt zählen verdorbene Vorräte",
    "Züge umfahren den überspülten Bahndamm im Süden",
    "Taucher suchen ein gekentertes Ruderboot",
    "Landwirte verlieren Heu, Silage und Kälber",
    "Strom fehlt noch in zwölf Straßen am Ufer",
    "Versicherer schicken Gutachter in den Norden",
    "Soldaten stapeln Sandsäcke vor dem Krankenhaus",
    "Apotheken geben kostenlose Medikamente aus",
    "Archiv trocknet alte Urkunden in Kühlwagen",
    "Brücke für Fußgänger wird abgerissen",
)


def test_what_is_told_day_after_day_does_not_become_one_endless_story():
    stories: dict[int, list[date]] = {}
    candidates: list[tuple[int, Signature]] = []
    for number, news in enumerate(FLOOD):
        day = date(2023, 5, 1 + number)
        told = report(
            f"{news}, teilt Kassel nach dem Hochwasser mit. Die Fulda trat über die Ufer.",
            title=news,
            published=Published.on(day.year, day.month, day.day),
            names={"Kassel": "kassel", "Fulda": "fulda"},
            number=number + 1,
        )
        one = signature(told)
        story = next(iter(choose(one, candidates)), number + 1)
        candidates.append((story, one))
        stories.setdefault(story, []).append(day)
    spans = [(max(days) - min(days)).days for days in stories.values()]
    assert 3 < max(spans) <= 8, spans


@given(st.permutations(list(enumerate(list(SIGNATURES.values()), 1))))
@settings(max_examples=40, deadline=None)
def test_choosing_does_not_depend_on_the_order_of_candidates(candidates):
    new = SIGNATURES["genf-2"]
    assert choose(new, candidates) == choose(new, sorted(candidates, key=lambda c: c[0]))


def test_equal_stories_give_the_lower_id():
    one = SIGNATURES["genf-1"]
    assert choose(one, [(7, one), (3, one)])[0] == 3
    assert choose(one, []) == ()


def test_a_report_of_two_stories_makes_them_one_where_both_are_small():
    one, other = SIGNATURES["genf-1"], SIGNATURES["genf-2"]
    new = replace(one, published=date(2021, 6, 18), sketch=(), shingles=0)
    assert set(choose(new, [(1, one), (2, other)])) == {1, 2}
    many = [(2, replace(other, sketch=(n,), shingles=1)) for n in range(6)]
    assert len(choose(new, [(1, one), *many])) == 1
    assert len(choose(replace(new, published=None), [(1, one), (2, other)], join_vague=0.0)) == 1
    # A story of its own: the same presidents half a year later.
    assert set(choose(new, [(1, one), (3, SIGNATURES["video-1"])])) == {1}


def test_undated_reports_must_speak_more_clearly():
    one, other = SIGNATURES["genf-1"], SIGNATURES["genf-2"]
    assert not is_copy(one, other)
    assert choose(one, [(1, other)], join=similarity(one, other), join_vague=1.0) == (1,)
    undated, in_june, in_may = (
        replace(one, published=None),
        replace(one, published=date(2021, 6, 1), slack=30),
        replace(one, published=date(2021, 5, 1), slack=30),
    )
    for vague in (undated, in_june, in_may):
        assert choose(vague, [(1, other)], join=0.0, join_vague=1.0) == ()
    for vague, stories in ((undated, (1,)), (in_june, (1,)), (in_may, ())):
        assert choose(vague, [(1, other)], join_vague=similarity(undated, other)) == stories


signatures = st.builds(
    lambda body, day, names: signature(
        report(
            body,
            published=Published.on(2022, 1, day) if day else UNDATED,
            names=dict.fromkeys(names, "somebody"),
        )
    ),
    st.lists(
        st.sampled_from(
            [
                "Wahl",
                "Gipfel",
                "Öl",
                "Angriff",
                "Villa",
                "Putin",
                "Biden",
                "Preisdeckel",
                "sagte",
                "der",
            ]
        ),
        max_size=40,
    ).map(" ".join),
    st.integers(0, 31),
    st.sets(st.sampled_from(["Putin", "Biden"])),
)


@given(signatures, signatures)
@settings(max_examples=150, deadline=None)
def test_similarity_is_symmetric_and_bounded(a, b):
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, a) == 1
    assert is_copy(a, b) == is_copy(b, a)


def test_choosing_among_many_is_quick():
    new = SIGNATURES["genf-1"]
    candidates = [(n, list(SIGNATURES.values())[n % len(SIGNATURES)]) for n in range(500)]
    choose(new, candidates)
    started = time.perf_counter()
    choose(new, candidates)
    assert time.perf_counter() - started < 0.25  # a few milliseconds on an idle machine


def test_lead_and_headline():
    first, second = made("genf-1", 1), made("genf-2", 2)
    odd = made("paket-8", 3)
    assert lead([odd, second, first]) in (first, second)
    head = headline([first, second, odd])
    assert head.text in (first.item.title, second.item.title)
    assert head.span.start == 0
    with pytest.raises(ValueError, match="reports"):
        lead([])


def test_a_headline_without_titles_is_a_sentence_that_stands():
    untitled = report(
        "Er sprach am Abend lange mit den anderen Gästen. "
        "Die Regierung in Wien hat den Haushalt für das kommende Jahr beschlossen."
    )
    head = headline([untitled])
    assert head.text.startswith("Die Regierung in Wien")
    assert untitled.item.text[head.span.start : head.span.end] == head.text


def test_a_report_with_nothing_to_show_still_has_a_headline():
    assert headline([report("Nur ein Fetzen")]).text == "Nur ein Fetzen"


@pytest.mark.parametrize("body", ["Tabelle " * 5000, "x" * 40_000])
def test_a_headline_is_never_a_whole_text_without_an_end(body):
    assert 100 < len(headline([report(body)]).text) <= 300
