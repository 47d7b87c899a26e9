"""Whatever is read from outside is read in linear time: no text makes it hang.

Each function that takes foreign text gets 100,000 characters of what makes a
backtracking expression try every way. What grows with the square would take
many seconds of computing then, what grows with the length a fraction of one.
The time is that of this thread on a processor, so that other work does not count.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest

from bot.commands import split
from bot.commands.arguments import (
    split_about,
    split_mode,
    split_pair,
    split_search,
    split_window,
)
from bot.commands.dates import read_end, read_period
from digests.errors import DepescheError
from digests.schedule import Cadence, parse_quiet, parse_time, parse_zone
from digests.sources import canonical, clean, dates, discover, feed, opml, page, paragraphs, text
from digests.words import stems

LONG = 100_000
TYPED = 4_096  # Telegram's longest message
SECONDS = 2.5
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://example.org/"

REPEATED = (
    *("a", " ", "\n", "\u00a0", " \n", "Aa ", "1", "01.", "<", "<a ", "<div>", "<!--", "&", "&#"),
    *("(", "[", "[a](", "„", "-", ". ", ", ", "/", "http://a/", "_", "A. ", "a@a.", "\u0301"),
    *("Von A ", "1. Januar ", "10:00 ", "dpa ", "**a", "und "),
    *("seit ", "bis zum ", "seit:", "letzte ", "ende der ", "in 1 "),
)


def entry(words):
    quoted = escape(words)
    return (
        f"<rss version='2.0'><channel><title>{quoted}</title><item><guid>1</guid>"
        f"<title>{quoted}</title><description>{quoted}</description></item></channel></rss>"
    ).encode()


def parsed(data):
    return feed.parse_feed(data, url=URL, headers={}, now=NOW)


READERS = {
    "report": lambda words: clean.clean_report(words, zone=BERLIN),
    "decode": lambda words: text.decode(words.encode()),
    "tidy": text.tidy,
    "html": text.html_text,
    "page": lambda words: text.read_page(words.encode(), zone=BERLIN),
    "paragraphs": paragraphs.paragraphs,
    "date": lambda words: dates.parse_date(words, zone=BERLIN),
    "address": text.web_address,
    "canonical": canonical.canonical_url,
    "tracking": canonical.without_tracking,
    "discover": lambda words: discover.discover(words.encode(), URL, {}),
    "article": lambda words: page.extract(words.encode(), URL, {}, "Ein Anriss."),
    "opml": lambda words: opml.read_feeds_file(words.encode()),
    "feed": lambda words: parsed(words.encode()),
    "entry": lambda words: parsed(entry(words)),
    "stems": lambda words: stems(words, "de"),
    "split": split,
    "schedule": Cadence.parse,
    "quiet": parse_quiet,
    "time": parse_time,
    "zone": parse_zone,
}
TYPED_READERS = {
    "date": lambda words: read_period(words, NOW),
    "pause": lambda words: read_end(words, NOW),
    "window": lambda words: split_window(words, NOW),
    "search": lambda words: split_search(words, NOW),
    "pair": split_pair,
    "about": split_about,
    "mode": split_mode,
}


def seconds(read, words):
    began = time.thread_time()
    with suppress(DepescheError, ValueError):
        read(words)
    return time.thread_time() - began


@pytest.mark.parametrize("name", READERS)
def test_foreign_text_is_read_in_linear_time(name):
    for repeated in REPEATED:
        words = repeated * (LONG // len(repeated))
        assert seconds(READERS[name], words) < SECONDS, repr(repeated)


@pytest.mark.parametrize("name", TYPED_READERS)
def test_what_is_typed_is_understood_at_once(name):
    for repeated in REPEATED:
        _, words = split("/x " + repeated * (TYPED // len(repeated)))
        assert seconds(TYPED_READERS[name], words) < SECONDS / 5, repr(repeated)


def test_the_measure_tells_a_square_from_a_line():
    import re

    assert seconds(re.compile(r"\[[^\]]+\]\(").search, "[" * 20_000) > 4 * seconds(
        re.compile(r"\[[^\]]+\]\(").search, "[" * 8_000
    )
