"""How stories are numbered and opened, dates and sources shown, and pages cut."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import show
from bot.commands.paging import MOST, page_from, page_of, split_page, token_of
from bot.render import Part, parts, plain_text
from bot.reply import LONGEST_COMMAND, BlockKind, block, moment
from bot.texts import Texts
from digests.types import (
    CitedSentence,
    Digest,
    DigestStory,
    GivenName,
    PartialDate,
    Precision,
    Published,
    Section,
    Span,
    SpeechKind,
    StatementView,
    StoryView,
    Target,
    TargetKind,
    TimelineEntry,
)

GERMAN = Texts("de", ZoneInfo("Europe/Berlin"))
AT = datetime(2022, 1, 10, 9, tzinfo=UTC)
AT_NINE = Published(AT, Precision.MINUTE)


def view(number: int, *, sentences: int = 1, moved: bool = False, sources=("dpa",)) -> StoryView:
    cited = CitedSentence(Span(1, 1, 0, 5), f"Satz {number}.", sources[0], Published())
    return StoryView(
        number,
        f"Titel {number}",
        Published(AT, Precision.MINUTE),
        (cited,) * sentences,
        sources,
        len(sources),
        moved=moved,
        urls=("https://dpa.example/1",),
    )


def digest(*sections: list[DigestStory]) -> Digest:
    made = tuple(
        Section(Target(TargetKind.ACTOR, str(n)), f"Akteur {n}", tuple(stories))
        for n, stories in enumerate(sections)
    )
    count = sum(len(one.stories) for one in made)
    return Digest(made, count, count, ((7, 1),))


def labels(buttons) -> list[list[str]]:
    return [[one.text for one in row] for row in buttons]


def test_a_given_name_in_brackets_is_no_part_of_the_report_s_words():
    tells = CitedSentence(
        Span(1, 1, 0, 9), "Am See 🐟 traf Probe Beispiel.", "dpa", Published(),
        given=(GivenName(14, "Tom", "Probe"), GivenName(20, "Ida", "Beispiel")),
    )  # fmt: skip
    text = "Am See 🐟 traf [Tom] Probe [Ida] Beispiel."
    (part,) = parts(show.story(replace(view(1), sentences=(tells, tells)), GERMAN))
    assert f"{text}\n{tells.text}" in part.text
    slanted = [one for one in part.entities if one.type == "italic"]
    told = part.text.encode("utf-16-le")
    shown = [told[2 * one.offset : 2 * (one.offset + one.length)] for one in slanted]
    assert [one.decode("utf-16-le") for one in shown][-2:] == ["[Tom]", "[Ida]"]
    assert tells.text in plain_text(
        show.story(
            replace(view(1, sentences=0), sentences=(tells,)),
            GERMAN,
            known="Tom Probe, Ida Beispiel",
        )
    )


def test_a_timeline_introduces_a_person_once():
    tells = CitedSentence(
        Span(1, 1, 0, 9), "Probe kam.", "dpa", Published(), given=(GivenName(0, "Tom", "Probe"),)
    )
    entries = [TimelineEntry(PartialDate(2022, 1, day), (tells,)) for day in (1, 2)]
    text = plain_text(show.timeline(entries, GERMAN, known="Verein"))
    assert text.count("[Tom] Probe kam.") == 1
    assert text.index("[Tom]") < text.index("2. Januar")
    assert "[Tom]" not in plain_text(show.timeline(entries, GERMAN, known="Tom Probe"))


@pytest.mark.parametrize(
    ("published", "cited"),
    [
        (Published.on(2022, 1, 5), "Probe kam. (dpa)"),
        (Published.on(2022, 1, 6), "Probe kam. (dpa, 6. Januar 2022)"),
        (Published.on(2022, 1), "Probe kam. (dpa, Januar 2022)"),
        (Published(), "Probe kam. (dpa)"),
    ],
)
def test_a_timeline_says_of_when_a_report_is_where_it_is_of_another_day(published, cited):
    tells = CitedSentence(Span(1, 1, 0, 9), "Probe kam.", "dpa", published)
    entries = [TimelineEntry(PartialDate(2022, 1, 5), (tells,))]
    assert cited in plain_text(show.timeline(entries, GERMAN, known=""))


def test_numbers_run_through_the_digest_as_it_is_read_and_its_buttons_open_just_those():
    value = digest(
        [DigestStory(view(11)), DigestStory(view(12), fewer=True), DigestStory(view(13))],
        [DigestStory(view(21))],
    )
    text = plain_text(show.digest(value, GERMAN))
    places = [text.index(f"{n}. Titel {s}") for n, s in ((1, 11), (2, 13), (3, 12), (4, 21))]
    assert places == sorted(places)
    assert "Satz 12" not in text  # of which fewer are wanted: a line
    (row,) = show.digest_buttons(value, GERMAN)
    assert [(one.text, one.command) for one in row] == [
        *(("1", "/story 11"), ("2", "/story 13"), ("3", "/story 12"), ("4", "/story 21")),
    ]


def test_what_does_not_fit_is_a_button_and_its_numbers_go_on():
    value = digest([DigestStory(view(n)) for n in range(1, 21)])
    buttons = show.digest_buttons(value, GERMAN)
    assert labels(buttons) == [
        [str(n) for n in range(1, 7)],
        [str(n) for n in range(7, 13)],
        ["8 weitere Meldungen"],
    ]
    rest = digest([DigestStory(view(n)) for n in range(13, 21)])
    assert "13. Titel 13" in plain_text(show.more(rest, GERMAN, 12))
    (row,) = show.digest_buttons(rest, GERMAN, start=12, of=7)
    assert [one.text for one in row] == [str(n) for n in range(13, 21)]


def test_a_story_alone_has_its_buttons_and_no_number():
    value = digest([DigestStory(view(5))])
    assert "1. " not in plain_text(show.alert(value, GERMAN))
    commands = [one.command for row in show.digest_buttons(value, GERMAN) for one in row]
    assert commands == [
        "/story 5",
        *(f"/story 5 {word}" for word in ("sources", "why", "mute", "less")),
    ]
    assert all(len(one.encode()) <= LONGEST_COMMAND for one in commands)


def test_a_report_without_a_story_has_a_number_and_no_button():
    value = digest([DigestStory(view(-3)), DigestStory(view(4))])
    assert labels(show.digest_buttons(value, GERMAN)) == [["2"]]
    assert show.digest_buttons(digest([DigestStory(view(-3))]), GERMAN) == ()


def test_known_stories_that_are_told_once_more_are_a_line():
    value = digest([DigestStory(view(1, sentences=0, moved=True)), DigestStory(view(2))])
    text = plain_text(show.digest(value, GERMAN))
    assert "1. Titel 2" in text
    assert "2. Titel 1 — dpa · ein weiterer Bericht" in text


def test_sources_are_links_where_they_can_be_and_many_are_counted():
    names = ("dpa", "AFP", "taz", "NZZ", "FAZ", "SZ")
    _, note, _ = show.story(view(1, sources=names), GERMAN)
    assert note.text == "10. Januar 2022, 10:00 · 6 Berichte · dpa, AFP, taz, NZZ +2"
    assert [(run.text, run.url) for run in note.runs if run.url] == [
        ("dpa", "https://dpa.example/1")
    ]


def test_a_moment_is_a_date_that_telegram_can_show_elsewhere():
    (part,) = parts((block(BlockKind.NOTE, "am ", moment("10. Januar, 10:00", AT)),))
    (date,) = [one for one in part.entities if one.type == "date_time"]
    assert (date.offset, date.length) == (3, len("10. Januar, 10:00"))
    assert date.unix_time == int(AT.timestamp())
    assert Part.from_payload(part.payload()) == part
    for vague in (Published.on(2022), Published.on(2022, 1), Published.on(2022, 1, 21)):
        assert show.date_of(vague, GERMAN).at is None


# --- Pages ---------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 99), st.integers(1, 12))
def test_pages_hold_everything_once_and_a_page_too_far_is_the_last(count, number, size):
    items = list(range(count))
    for page in (page_of(items, number, size), page_from(lambda n: items[:n], number, size)):
        assert list(page.items) == items[page.start : page.start + size]
        assert page.start == (page.number - 1) * size
        assert page.items or not items
        if page.number < MOST:
            assert page.more is (page.start + size < count)


def test_all_pages_together_are_the_list():
    items = list(range(23))
    seen, number = [], 1
    while True:
        page = page_from(lambda n: items[:n], number, 5)
        seen += page.items
        if not page.more:
            break
        number += 1
    assert seen == items


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ("Lawrow page:2", ("Lawrow", 2)),
        ("Lawrow Seite:12", ("Lawrow", 12)),
        ("page:3", ("", 3)),
        ("page:3 Lawrow", ("page:3 Lawrow", 0)),
        ("homepage:3", ("homepage:3", 0)),
        ("Lawrow page:12345", ("Lawrow page:12345", 0)),
        ("", ("", 0)),
    ],
)
def test_the_page_is_read_off_the_end(args, found):
    assert split_page(args) == found


def test_a_token_is_nothing_that_one_would_search_for():
    assert token_of("~abcdefg2") == "abcdefg2"
    for words in ("~abc", "abcdefg2", "~abcdefg1", "~ABCDEFG2", "~abcdefg2 x"):
        assert token_of(words) is None


def test_of_one_report_statements_stand_under_one_line():
    def said(report: int, words: str, via: str | None = None) -> StatementView:
        spans = (Span(report, 1, 0, 9),)
        return StatementView("Ada", "ada", SpeechKind.DIRECT, words, spans, "dpa", AT_NINE, via=via)

    views = [said(1, "Eins"), said(1, "Zwei"), said(1, "Drei", via="TASS"), said(2, "Vier")]
    text = plain_text(show.statements([*views, said(3, "Fünf")], GERMAN))
    assert text.replace("\n\n", "\n").split("\n") == [
        "10. Januar 2022, 10:00, dpa",
        "„Eins“",
        "„Zwei“",
        "10. Januar 2022, 10:00, laut TASS, dpa",
        "„Drei“",
        "10. Januar 2022, 10:00, dpa",
        "„Vier“",
        "10. Januar 2022, 10:00, dpa",
        "„Fünf“",
    ]
