"""Hostile texts at the outlet: what feeds, files and people write stays words when it is shown."""

import io
import json
import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.commands import COMMANDS, Caller, answer
from bot.console import as_values, show
from bot.house import house
from bot.render import parts, plain_text
from bot.settings import Settings
from bot.texts import Texts
from digests.sources.feed import parse_feed
from digests.sources.opml import FeedRef, read_feeds_file, write_opml

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://example.org/feed"
EVIL = (
    "=HYPERLINK(1) @SUM(1) +1|cmd \u202eumgedreht\u202c \u2066isoliert\u2069 \u200eLRM \u061cALM"
    " \u200bnull \x1b[31mrot\x1b]8;;http://evil.example\x07 *fett* _kursiv_ [Text](http://evil.example)"
    " <b>HTML</b> &lt;i&gt; `code` \ufeff\u2028neue Zeile\x00\x08"
)
# What turns the direction of text, hides in it, or speaks to a terminal.
FORBIDDEN = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff",
} - {"\n", "\t"}


def hidden(text):
    return {hex(ord(char)) for char in text if char in FORBIDDEN}


def feed(title):
    entity = "".join(
        f"&#{ord(char)};" if char in "<>&" or ord(char) > 126 else char
        for char in title
        if ord(char) >= 32
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{entity}</title>"
        f"<link>https://example.org/</link><item><title>{entity}</title>"
        "<link>javascript:alert(1)</link><guid>1</guid>"
        f"<description>Emmanuel Macron hat in Paris gesprochen. {entity}</description>"
        "</item></channel></rss>"
    ).encode()


def parsed(title):
    return parse_feed(feed(title), url=URL, headers={}, now=NOW)


def test_titles_and_texts_of_feeds_turn_nothing_round_and_lead_nowhere_else():
    found = parsed(EVIL)
    (entry,) = found.entries
    assert not hidden(found.title or "")
    assert not hidden(entry.text)
    assert "umgedreht" in entry.text
    assert entry.url is None or entry.url.startswith("https://example.org")


@given(st.text(max_size=200))
def test_no_title_whatever_keeps_a_hidden_character(title):
    found = parsed("x" + title)
    assert not hidden(found.title or "")
    assert not any(hidden(entry.text) for entry in found.entries)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Reports and a feed whose every word is hostile, taken in as any other."""
    home = tmp_path_factory.mktemp("hostile")
    seeds = home / "seeds"
    seeds.mkdir()
    title = EVIL.replace("\n", " ")
    said = "Der Präsident Emmanuel Macron hat am 3. Januar 2026 in Paris gesprochen."
    # Long enough to pass for text: too many control characters, and it is none.
    filling = "Danach berieten die Delegationen bis zum Abend. " * 30
    report = f"{title}\n\n{said}\n\n{filling}\n\n{title}\n"
    (seeds / "a.txt").write_text(report, "utf-8")
    line = {"id": "1", "title": title, "text": f"Emmanuel Macron war in Rom. {title}", "url": URL}
    (seeds / "b.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    settings = Settings(_env_file=None, data_dir=home / "data", seeds_dir=seeds)
    with house(settings, lambda: NOW) as built:
        built.desk.intake.take_in_folders(NOW)
        yield built.desk


def asked(desk, text, *, private=True):
    chat = desk.following.chat("telegram:1", NOW)
    caller = Caller(
        desk=desk, chat=chat, texts=Texts("de", ZoneInfo("UTC")), now=NOW, private=private
    )
    return answer(text, caller)


ASKED = ["/latest", "/actor Macron", "/digest", "/story 1", "/search Paris", "/timeline Macron"]


@pytest.mark.parametrize("text", ASKED)
def test_nothing_hidden_is_shown_anywhere(desk, text):
    reply = asked(desk, text)
    assert reply.ok, plain_text(reply.blocks)
    assert not hidden(plain_text(reply.blocks))
    for part in parts(reply.blocks, reply.buttons):
        assert not hidden(part.text)
        assert not hidden(json.dumps(part.payload(), ensure_ascii=False))
    assert not hidden(json.dumps(as_values(text, reply), ensure_ascii=False, default=str))


@pytest.mark.parametrize("text", ASKED)
def test_no_link_comes_from_the_words_of_a_report(desk, text):
    """Styles are entities beside the words: what looks like markup stays as it was typed."""
    for part in parts(asked(desk, text).blocks, ()):
        urls = [entity.url for entity in part.entities if entity.url]
        assert set(urls) <= {URL}


def test_a_terminal_is_not_spoken_to(desk):
    from rich.console import Console

    written = io.StringIO()
    show(Console(file=written, force_terminal=False, width=200), asked(desk, "/latest").blocks)
    assert not hidden(written.getvalue())


def test_what_is_exported_holds_words_only(desk):
    asked(desk, "/subscribe Macron")
    attachment = asked(desk, "/export").attachment
    assert attachment is not None
    json.loads(attachment.content)
    assert not hidden(attachment.content.decode())


def test_a_list_of_feeds_is_xml_whatever_they_are_called():
    (ref,) = read_feeds_file(write_opml([FeedRef(URL, EVIL, ())]))
    assert ref.url == URL
    assert not hidden(ref.title or "")


@pytest.mark.parametrize("command", [one.name for one in COMMANDS])
@pytest.mark.parametrize(
    "words",
    ["x" * 4000, "1" * 4000, "😀" * 2000, "( " * 2000, "„" * 4000, "\u202e" * 4000, "a " * 2000],
    ids=["letters", "digits", "emoji", "brackets", "quotes", "bidi", "words"],
)
def test_however_long_the_words_the_answer_is_short(desk, command, words):
    """Telegram lets people type 4,096 characters: nothing fails, and no answer is a flood."""
    reply = asked(desk, f"/{command} {words}")
    assert len(parts(reply.blocks, reply.buttons)) <= 2
    for row in reply.buttons:
        for button in row:
            assert len(button.command.encode()) <= 64


def test_an_answer_to_hostile_words_hides_nothing(desk):
    for command in ("actor", "subscribe", "topic", "search", "removefeed", "settings", "nosuch"):
        reply = asked(desk, f"/{command} {EVIL}")
        assert not hidden(plain_text(reply.blocks)), command


@given(st.text(max_size=300))
def test_a_log_line_hides_nothing(text):
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (text,), None)
    for kind in (logs.Redacting, logs.RedactingJson):
        assert not hidden(kind(()).format(record).replace("\t", " "))
