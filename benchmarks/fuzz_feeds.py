"""Feeds cut, doubled, garbled and nested at random: nothing but a feed or a SourceError comes out.

usage: python -m benchmarks.fuzz_feeds [--minutes 10] [--seed N] [FOLDER ...]

Mutates feeds of every kind (those below, and the files of the folders) and gives them to the
parser, to autodiscovery and to the reader of OPML. Ends at the first finding, which is
written to a file; else prints how many were tried and which took longest.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from digests.errors import SourceError
from digests.sources.canonical import canonical_url
from digests.sources.discover import discover
from digests.sources.feed import parse_feed
from digests.sources.opml import read_feeds_file, write_opml
from digests.sources.text import tidy

_URL = "https://feeds.example/all"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LARGEST = 2**19
_SECONDS, _SECONDS_PER_BYTE = 3.0, 6e-6

_ITEM = (
    "<title>Titel &amp;amp; &lt;b&gt;mehr&lt;/b&gt;</title><link>/artikel/1?utm_source=rss</link>"
    "<guid isPermaLink='false'>n-1</guid><pubDate>Tue, 25 Jan 2022 01:42:00 +0100</pubDate>"
    "<author>post@blatt.example (A. Beispiel)</author><category>Politik</category>"
    "<description><![CDATA[<p>Eins.<br/>Zwei &ouml;ffnet.</p><img src='x'>]]></description>"
    "<enclosure url='/ton.mp3' type='audio/mpeg' length='1'/>"
)
SEEDS: tuple[bytes, ...] = tuple(
    text.encode(encoding)
    for text, encoding in (
        (f'<rss version="2.0"><channel><title>Blatt</title><ttl>30</ttl><item>{_ITEM}</item>'
         f'<item>{_ITEM}</item></channel></rss>', "utf-8"),
        (f'<?xml version="1.0" encoding="utf-16"?><rss version="0.91"><channel><title>Ü</title>'
         f'<item>{_ITEM}</item></channel></rss>', "utf-16"),
        ('<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
         'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
         '<title>Bote</title></channel><item rdf:about="/1"><title>Eins</title><link>/1</link>'
         '<dc:date>2022-01-25T01:42+01:00</dc:date></item></rdf:RDF>', "utf-8"),
        ('<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/b/" xml:lang="de">'
         '<title type="html">A &amp;lt;b&amp;gt;</title><entry><id>tag:e,1</id><title>Über</title>'
         '<link href="x"/><updated>2022-01-25T00:42:00Z</updated><content type="xhtml"><div '
         'xmlns="http://www.w3.org/1999/xhtml"><p>Lang.</p></div></content></entry></feed>',
         "iso-8859-1"),
        ('<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss version="0.92"><channel><item>'
         '<description>&a;&c;&uuml;&#228;&#x1F600;</description></item></channel></rss>', "utf-8"),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": 1, "url": '
         '"/a", "content_html": "<p>Ein &amp; zwei.", "date_published": "2022-01-25T00:42:00Z"}]}',
         "utf-8"),
        ('<html><head><base href="/b/"><link rel="alternate" type="application/rss+xml" href="f">'
         '<title>S</title></head><body><a href="/rss.xml">RSS</a></body></html>', "utf-8"),
        ('<opml version="2.0"><body><outline text="O"><outline text="F" xmlUrl="https://f.example"/>'
         '</outline></body></opml>', "utf-8"),
    )
)  # fmt: skip
_TOKENS = (
    b"<", b">", b"</", b"/>", b"&", b";", b"&#", b"&#x110000;", b"&#0;", b"&lt;", b"&amp;amp;",
    b"'", b'"', b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"<!--", b"-->", b"<![CDATA[",
    b"]]>", b"<?xml", b"<!DOCTYPE", b"<!ENTITY x '", b"http://[", b"//[::", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"<iframe>", b"<table>", b"<svg>", b"<math>", b"<script>", b"<a:b>",
    b"xml:base='http://['", b"xmlns:a=''", b"1970-01-01", b"9999-12-31T23:59:60Z",
    b"Tue, 99 Foo 0000", b"encoding='utf-7'", b"{", b"}", b"[", b"\\ud800", b"1e999", b"null",
    b"\r", b"\x85", b" " * 50, b"A" * 300,
)  # fmt: skip
_NESTED = (
    b"item", b"entry", b"div", b"outline", b"content", b"source", b"x:y", b"li", b"dd", b"b",
    b"table", b"select", b"svg",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp037", "koi8-r", "big5")

Mutation = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randint(0, len(data)) for _ in range(2))
    return data[:start] + data[end:]


def _double(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randint(0, len(data)) for _ in range(2))
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    garbled = bytearray(data)
    for _ in range(chance.randint(1, 20) if data else 0):
        garbled[chance.randrange(len(garbled))] = chance.randrange(256)
    return bytes(garbled)


def _insert(data: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + chance.choice(_TOKENS) * chance.choice((1, 3, 1000)) + data[place:]


def _recode(data: bytes, chance: random.Random) -> bytes:
    source, target = chance.choice(_ENCODINGS), chance.choice(_ENCODINGS)
    return data.decode(source, "replace").encode(target, "replace")


def _nest(data: bytes, chance: random.Random) -> bytes:
    tag = chance.choice(_NESTED)
    place, times = chance.randint(0, len(data)), chance.choice((5, 100, 5000))
    closing = b"</" + tag + b">"
    middle = data[place:] if chance.random() < 0.5 else b""
    return data[:place] + (b"<" + tag + b">") * times + middle + closing * times


def _splice(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(SEEDS)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


MUTATIONS: tuple[Mutation, ...] = (_cut, _double, _flip, _insert, _insert, _recode, _nest, _splice)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """One to six mutations of a feed, at most half a megabyte."""
    for _ in range(chance.randint(1, 6)):
        data = chance.choice(MUTATIONS)(data, chance)[:_LARGEST]
    return data


def check(data: bytes) -> None:
    """Give bytes to everything that reads such; raises AssertionError, or what was not caught."""
    started = time.process_time()
    with suppress(SourceError):
        for draft in parse_feed(data, url=_URL, headers={}, now=_NOW).entries:
            assert 0 < len(draft.key) <= 512
            assert draft.title_end <= len(draft.text)
            assert tidy(draft.text) == draft.text
            assert "\n" not in draft.text[: draft.title_end]
            if draft.url is not None:
                assert draft.url.startswith(("http://", "https://", "HTTP"))
                named = canonical_url(draft.url)
                assert named is None or canonical_url(named) == named
    for link in discover(data, _URL, {"content-type": "text/html"}):
        assert link.url.lower().startswith("http")
    with suppress(SourceError):
        feeds = read_feeds_file(data)
        assert {feed.url for feed in read_feeds_file(write_opml(feeds))} == {f.url for f in feeds}
    spent = time.process_time() - started
    assert spent < _SECONDS + _SECONDS_PER_BYTE * len(data), f"{spent:.1f} s"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_feeds")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    warnings.simplefilter("error")
    chance = random.Random(options.seed)
    seeds = [*SEEDS, *(path.read_bytes() for path in _files(options.folders))]
    until = time.monotonic() + 60 * options.minutes
    tried, slowest = 0, (0.0, 0)
    while time.monotonic() < until:
        data = mutate(chance.choice(seeds), chance)
        started = time.process_time()
        try:
            check(data)
        except Exception as error:  # noqa: BLE001 - any is a finding
            with tempfile.NamedTemporaryFile(suffix=".xml", delete=False) as file:
                file.write(data)
            sys.exit(f"{type(error).__name__}: {str(error)[:300]}\nafter {tried}, see {file.name}")
        tried += 1
        slowest = max(slowest, (time.process_time() - started, len(data)))
    print(f"{tried} inputs without a finding; the slowest took {slowest[0]:.2f} s ({slowest[1]} B)")


def _files(folders: Sequence[Path]) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
