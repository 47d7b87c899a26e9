"""Feeds in words: how they fare, notices, complaints; pages of long lists."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import show
from bot.commands.feeds import health
from bot.commands.paging import page_of
from bot.complaints import explain
from bot.render import plain_text
from bot.texts import Texts, languages
from digests.desk import FeedHealth
from digests.errors import DepescheError
from digests.types import FeedNotice, NoticeKind, Source, SourceKind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
T = Texts("de", BERLIN)


def feed(**about):
    return Source(7, SourceKind.FEED, "https://presse.example/feed", "Presse", **about)


@pytest.mark.parametrize(
    ("about", "weekly", "failing", "words"),
    [
        ({}, None, False, "noch nicht abgefragt"),
        ({"next_due_at": NOW}, None, False, "noch nicht abgefragt · nächste Abfrage gleich"),
        (
            {
                "last_success_at": NOW - timedelta(hours=1),
                "next_due_at": NOW + timedelta(minutes=15),
            },
            41.6,
            False,
            "zuletzt gelesen heute um 09:00 · 42 Einträge je Woche"
            " · nächste Abfrage heute um 10:15",
        ),
        (
            {"last_success_at": NOW - timedelta(days=1)},
            0.1,
            False,
            "zuletzt gelesen am 21. Nov. um 10:00 · kaum Neues",
        ),
        (
            {"last_success_at": NOW},
            1.2,
            False,
            "zuletzt gelesen heute um 10:00 · 1 Eintrag je Woche",
        ),
        (
            {
                "error": ("timeout", {}),
                "failing_since": NOW - timedelta(hours=2),
                "last_success_at": NOW - timedelta(days=400),
            },
            None,
            False,
            "beim letzten Mal: Die Website hat nicht rechtzeitig geantwortet"
            " · zuletzt gelesen am 18. Okt. 2025 um 11:00",
        ),
        (
            {
                "error": ("http_status", {"status": "404"}),
                "failing_since": NOW - timedelta(days=4),
                "next_due_at": NOW + timedelta(hours=20),
            },
            None,
            True,
            "⚠ gestört seit 18. November 2026, 10:00:"
            " Unter dieser Adresse hat die Website nichts (Fehler 404)"
            " · nächste Abfrage am 23. Nov. um 06:00",
        ),
    ],
)
def test_how_a_feed_fares(about, weekly, failing, words):
    assert health(FeedHealth(feed(**about), weekly, failing), T, NOW) == words


def test_a_feed_that_is_gone_is_told():
    notice = FeedNotice(feed(retired=True, error=("gone", {})), NoticeKind.GONE)
    text = plain_text(show.feed_notice(notice, T))
    assert text.startswith("Den Feed Presse gibt es nicht mehr.\n")
    assert "endgültig" in text
    assert [button.command for (button,) in show.notice_buttons(notice, T)] == [
        "/unsubscribe feed:7"
    ]


def test_a_feed_that_fails_is_told_with_the_reason_and_a_way_out():
    source = feed(error=("unreachable", {}), failing_since=NOW - timedelta(days=3))
    notice = FeedNotice(source, NoticeKind.FAILING)
    text = plain_text(show.feed_notice(notice, T))
    assert text.startswith("Der Feed Presse ist gestört.\n")
    assert "seit 19. November 2026, 10:00" in text
    assert "Die Website ist nicht zu erreichen." in text
    assert [button.command for (button,) in show.notice_buttons(notice, T)] == [
        "/unsubscribe feed:7"
    ]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("feed_quota", {"limit": 1}),
        ("feed_quota", {"limit": 50}),
        ("feeds_closed", {}),
        ("no_feed_found", {"url": "https://a.example"}),
        ("robots", {}),
        ("retry", {"reason": "429"}),
        ("gone", {"url": "https://a.example"}),
        ("http_status", {"status": 404}),
        ("http_status", {"status": "503"}),
        ("http_status", {"status": 418}),
        ("unreadable", {"line": 3, "reason": "broken XML"}),
        ("unreadable", {"reason": "Input/output error"}),
        ("unreadable", {}),
        ("download", {}),
        ("undecodable", {"encoding": "br"}),
        ("not_a_feed", {"reason": "no JSON"}),
    ],
)
def test_every_trouble_has_words(language, code, params):
    words = explain(DepescheError(code, **params), Texts(language, BERLIN))
    assert words.endswith(".")
    assert f"({code}" not in words
    assert not any(mark in words for mark in "{}")


def test_a_trouble_without_words_is_named_by_its_code_alone():
    words = explain(DepescheError("novel", url="https://anna:geheim@a.example"), T)
    assert words == "Das hat nicht geklappt (novel)."


@given(st.lists(st.integers(), max_size=60), st.integers(1, 9))
def test_pages_hold_everything_once_in_order(items, size):
    last = page_of(items, 1, size).last
    seen = [item for number in range(1, last + 1) for item in page_of(items, number, size).items]
    assert seen == items


@given(st.integers(0, 60), st.integers(-3, 99), st.integers(1, 9))
def test_buttons_turn_to_pages_that_are_there(length, number, size):
    page = page_of(range(length), number, size)
    assert 1 <= page.number <= page.last
    assert len(page.items) > 0 or length == 0
    commands = [one.command for row in page.buttons("/feeds", T) for one in row]
    assert set(commands) <= {f"/feeds {other}" for other in range(1, page.last + 1)}
    assert f"/feeds {page.number}" not in commands
    assert len(commands) == (page.number > 1) + (page.number < page.last)


def test_a_single_page_has_no_number():
    assert page_of([1], 1, 5).title("Feeds", T) == "Feeds"
    assert page_of([1, 2], 2, 1).title("Feeds", T) == "Feeds (2/2)"
