"""Polling thousands of feeds: what it costs, beside another feed reader and bare feedparser.

usage: python -m benchmarks.feeds [--feeds N] [--entries N] [--workers N]

A server of its own process gives every feed from an address of its own (of 127.0.0.0/8: Linux),
gzipped, with an ETag. Three readers take turns, each in a fresh process with a fresh SQLite file:

    feedparser   parses the same bytes, one after the other, and does nothing else
    reader       https://pypi.org/project/reader, adds all feeds and updates them with N workers
    Depesche     imports all feeds and polls them with N workers, as the service does: in a thread
                 beside an event loop whose lag is measured

The first pass finds everything new, the second nothing (304). Reading (NLP) is a later stage of
its own, so that it is not part of either. The feeds are made up: RSS, Atom and RDF with teasers,
some with full text, sized like those of newspapers. Times of processes include all their threads.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import io
import logging
import multiprocessing
import random
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from ipaddress import ip_address, ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import feedparser

_FIRST_ADDRESS = ip_address("127.1.0.1")
_NEWEST = datetime(2026, 1, 10, 12, tzinfo=UTC)
_PROBE = 0.01
_IDLE = 5.0
_T = TypeVar("_T")
_SYLLABLES = [
    "ge", "ver", "be", "ent", "er", "ar", "beit", "land", "tag", "ung", "heit", "recht",
    "staat", "bund", "wahl", "amt", "stadt", "markt", "preis", "zeit", "haus", "wehr", "rat",
    "kraft", "werk", "kanz", "ler", "mi", "nis", "ter", "re", "gie", "rung", "kom", "mis", "si",
    "on", "par", "la", "ment", "sprech",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass: seconds by the clock and of the processor, and the most memory so far in MB."""

    wall: float
    cpu: float
    peak: float
    lags: tuple[float, ...] = ()
    idle_lags: tuple[float, ...] = ()
    """The same while nothing is done: what else the machine does makes an event loop late, too."""


class Watch:
    """Measures what happens between its making and :meth:`read`."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self, lags: Sequence[float] = (), idle_lags: Sequence[float] = ()) -> Pass:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return Pass(wall, cpu, _peak(), tuple(lags), tuple(idle_lags))


def _peak() -> float:
    """The most memory this process ever had, in MB; unlike ru_maxrss nothing of its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


# --- feeds ----------------------------------------------------------------------------------


class Writer:
    """Makes up a feed; the same number gives the same bytes."""

    def __init__(self, number: int, entries: int) -> None:
        self._number = number
        self._entries = entries
        self._chance = random.Random(number)
        self._full = self._chance.random() < 0.15

    def feed(self) -> bytes:
        """The feed's bytes."""
        kind = self._chance.choices(["rss", "atom", "rdf"], [70, 25, 5])[0]
        text: str = getattr(self, f"_{kind}")()
        return text.encode()

    def _word(self) -> str:
        word = "".join(self._chance.choices(_SYLLABLES, k=self._chance.choice((1, 2, 2, 3))))
        return word.capitalize() if self._chance.random() < 0.3 else word

    def _words(self, least: int, most: int) -> str:
        return " ".join(self._word() for _ in range(self._chance.randint(least, most)))

    def _sentences(self, count: int) -> str:
        return " ".join(f"{self._words(8, 22).capitalize()}." for _ in range(count))

    def _html(self, link: str) -> str:
        paragraphs = self._chance.randint(6, 14) if self._full else 1
        image = f'<img src="{link}/bild.jpg" alt="{self._words(2, 5)}" width="144" height="81"/>'
        body = "".join(f"<p>{self._sentences(4)}</p>" for _ in range(paragraphs))
        return f'<p><a href="{link}">{image}</a></p>{body}<p><a href="{link}">Mehr&nbsp;…</a></p>'

    def _moments(self) -> Iterator[tuple[str, datetime]]:
        at = _NEWEST
        for entry in range(self._entries):
            yield f"https://zeitung-{self._number}.example/politik/artikel-{entry}", at
            at -= timedelta(minutes=self._chance.randint(5, 300))

    def _rss(self) -> str:
        items = "".join(
            f"<item><title>{self._words(5, 11)}</title><link>{link}?wt_mc=rss</link>"
            f'<guid isPermaLink="true">{link}</guid><pubDate>{format_datetime(at)}</pubDate>'
            f"<dc:creator>{self._words(2, 3)}</dc:creator><category>{self._word()}</category>"
            f"<description><![CDATA[{self._html(link)}]]></description>"
            f'<enclosure url="{link}/bild.jpg" type="image/jpeg" length="12345"/>'
            f'<media:content url="{link}/bild.jpg" medium="image" width="960"/></item>\n'
            for link, at in self._moments()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media='
            '"http://search.yahoo.com/mrss/">'
            f"<channel><title>Zeitung {self._number}</title>"
            f"<link>https://zeitung-{self._number}.example/</link><language>de-DE</language>"
            f"<description>{self._sentences(1)}</description>{items}</channel></rss>"
        )

    def _atom(self) -> str:
        entries = "".join(
            f"<entry><id>tag:zeitung,{link}</id><title>{self._words(5, 11)}</title>"
            f'<link href="{link}"/><updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated>'
            f"<author><name>{self._words(2, 3)}</name></author>"
            f"<summary>{self._sentences(2)}</summary>"
            f'<content type="html"><![CDATA[{self._html(link)}]]></content></entry>\n'
            for link, at in self._moments()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">'
            f"<title>Zeitung {self._number}</title><id>urn:zeitung:{self._number}</id>"
            f'<link href="https://zeitung-{self._number}.example/"/>'
            f"<updated>{_NEWEST:%Y-%m-%dT%H:%M:%SZ}</updated>{entries}</feed>"
        )

    def _rdf(self) -> str:
        items = "".join(
            f'<item rdf:about="{link}"><title>{self._words(5, 11)}</title><link>{link}</link>'
            f"<description>{self._sentences(2)}</description>"
            f"<dc:date>{at:%Y-%m-%dT%H:%M:%S}+00:00</dc:date></item>\n"
            for link, at in self._moments()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f'<channel rdf:about="https://zeitung-{self._number}.example/">'
            f"<title>Zeitung {self._number}</title>"
            f"<link>https://zeitung-{self._number}.example/</link>"
            f"<description>{self._sentences(1)}</description></channel>{items}</rdf:RDF>"
        )


# --- the server -----------------------------------------------------------------------------


class Feed(asyncio.Protocol):
    """Gives the feed of the address that was connected to."""

    def __init__(self, answers: dict[str, tuple[bytes, bytes, bytes]]) -> None:
        self._answers = answers
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._etag, self._whole, self._unchanged = self._answers[
            transport.get_extra_info("sockname")[0]
        ]

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            request, _, self._read = self._read.partition(b"\r\n\r\n")
            known = b'if-none-match: "' + self._etag in request.lower()
            self._transport.write(self._unchanged if known else self._whole)


def _answers(feeds: int, entries: int) -> dict[str, tuple[bytes, bytes, bytes]]:
    """Address to ETag, whole answer, and answer that nothing changed."""
    answers = {}
    for number in range(feeds):
        body = gzip.compress(Writer(number, entries).feed(), 6)
        etag = hashlib.sha1(body).hexdigest().encode()
        common = b'ETag: "' + etag + b'"\r\nServer: benchmark\r\nCache-Control: max-age=60\r\n'
        whole = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset=utf-8\r\n"
            b"Content-Encoding: gzip\r\nContent-Length: %d\r\n%s\r\n%s"
        ) % (len(body), common, body)
        unchanged = b"HTTP/1.1 304 Not Modified\r\n" + common + b"\r\n"
        answers[str(_FIRST_ADDRESS + number)] = (etag, whole, unchanged)
    return answers


def serve(feeds: int, entries: int, ready: Connection) -> None:
    """Serve until killed; says its port once it is ready."""
    answers = _answers(feeds, entries)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as probe:
            probe.bind((str(_FIRST_ADDRESS), 0))
            port: int = probe.getsockname()[1]
        server = await loop.create_server(lambda: Feed(answers), list(answers), port, backlog=64)
        ready.send(port)
        await server.serve_forever()

    asyncio.run(run())


def addresses(feeds: int, port: int) -> list[str]:
    """Where the feeds are."""
    return [f"http://{_FIRST_ADDRESS + number}:{port}/feed.xml" for number in range(feeds)]


# --- the sides ------------------------------------------------------------------------------


def bare(feeds: int, entries: int, _port: int, _workers: int) -> list[Pass]:
    """Only parse; making the feeds up is not counted."""
    passed = Pass(0.0, 0.0, 0.0)
    for number in range(feeds):
        stream = io.BytesIO(Writer(number, entries).feed())
        headers = {"content-type": "application/xml; charset=utf-8"}
        watch = Watch()
        assert len(feedparser.parse(stream, response_headers=headers).entries) == entries
        one = watch.read()
        passed = Pass(passed.wall + one.wall, passed.cpu + one.cpu, one.peak)
    return [passed]


def other(feeds: int, entries: int, port: int, workers: int) -> list[Pass]:
    """The library reader."""
    from reader import make_reader

    with tempfile.TemporaryDirectory() as folder:
        reader = make_reader(f"{folder}/reader.sqlite")
        for url in addresses(feeds, port):
            reader.add_feed(url)
        passes = []
        for _ in range(2):
            watch = Watch()
            reader.update_feeds(workers=workers, scheduled=False)
            passes.append(watch.read())
        counts = reader.get_entry_counts()
        assert counts.total == feeds * entries, counts
    return passes


def ours(feeds: int, entries: int, port: int, workers: int) -> list[Pass]:
    """Depesche's polling, with an event loop beside it."""
    from digests.desk.feeds import Feeds
    from digests.sources.asking import Asker
    from digests.sources.fetch import Fetcher
    from digests.store import open_store

    logging.basicConfig(level=logging.WARNING)
    with (
        tempfile.TemporaryDirectory() as folder,
        Fetcher(user_agent="benchmark", allow_networks=(ip_network("127.0.0.0/8"),)) as fetcher,
    ):
        store = open_store(f"sqlite:///{folder}/depesche.sqlite")
        store.migrate()
        asker = Asker(fetcher, workers=workers, longest=float("inf"))
        desk = Feeds(store, fetcher, asker, chance=random.random)
        _, idle = asyncio.run(_beside_a_loop(partial(time.sleep, _IDLE)))
        start = datetime.now(UTC)
        desk.import_feeds("\n".join(addresses(feeds, port)).encode(), None, start)
        passes = []
        for hours in (1, 48):
            now = start + timedelta(hours=hours)
            poll = partial(desk.poll_due, partial(_same, now))
            watch = Watch()
            polled, lags = asyncio.run(_beside_a_loop(poll))
            passes.append(watch.read(lags, idle))
            assert polled.asked == feeds, polled
            assert polled.failed == 0, polled
            assert polled.queued == (feeds * entries if hours == 1 else 0), polled
        store.close()
    return passes


def _same(now: datetime) -> datetime:
    return now


async def _beside_a_loop(work: Callable[[], _T]) -> tuple[_T, list[float]]:
    """Work in a thread, and by how much a timer of the event loop was late meanwhile."""
    task = asyncio.create_task(asyncio.to_thread(work))
    loop = asyncio.get_running_loop()
    lags = []
    while not task.done():
        due = loop.time() + _PROBE
        await asyncio.sleep(_PROBE)
        lags.append(max(loop.time() - due, 0.0))
    return await task, lags


SIDES: dict[str, Callable[[int, int, int, int], list[Pass]]] = {
    "feedparser": bare,
    "reader": other,
    "Depesche": ours,
}
_PASSES = ("first pass", "304s")


# --- the figures ----------------------------------------------------------------------------


def _percentile(values: tuple[float, ...], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def report(feeds: int, measured: dict[str, list[Pass]]) -> None:
    """Print what was measured, and what the goals say to it."""
    print(f"{'':12}{'pass':>12}{'feeds/s':>10}{'s':>9}{'CPU s':>9}{'peak MB':>10}")
    for side, passes in measured.items():
        for name, one in zip(_PASSES, passes, strict=False):
            print(
                f"{side:12}{name:>12}{feeds / one.wall:10.0f}{one.wall:9.2f}{one.cpu:9.2f}"
                f"{one.peak:10.0f}"
            )
    print()
    (parsed,), theirs, mine = (measured[side] for side in SIDES)
    lags = mine[0].lags + mine[1].lags
    goals = [
        ("CPU of the first pass / feedparser", mine[0].cpu / parsed.cpu, "<=", 1.5),
        ("first pass, feeds/s / reader's", theirs[0].wall / mine[0].wall, ">=", 1.0),
        ("304s, feeds/s / reader's", theirs[1].wall / mine[1].wall, ">=", 2.0),
        ("peak MB", max(one.peak for one in mine), "<", 300.0),
        ("lag of the event loop, 99th percentile, ms", _percentile(lags, 0.99) * 1000, "<", 50.0),
    ]
    for name, value, sign, goal in goals:
        met = {"<=": value <= goal, ">=": value >= goal, "<": value < goal}[sign]
        print(f"{name:46}{value:8.2f}  goal {sign} {goal:g}{'' if met else '  MISSED'}")
    for name, values in (("polling", lags), ("idle", mine[0].idle_lags)):
        shares = (_percentile(values, 0.5), _percentile(values, 0.99), max(values))
        figures = "".join(f"{1000 * value:8.2f}" for value in shares)
        print(f"{f'lag, {name}: median, 99th percentile, maximum, ms':46}{figures}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--workers", type=int, default=16)
    options = parser.parse_args()
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    server = spawning.Process(target=serve, args=(options.feeds, options.entries, there))
    server.daemon = True
    server.start()
    port = here.recv()
    measured = {}
    for name, side in SIDES.items():
        with ProcessPoolExecutor(1, mp_context=spawning) as alone:
            measured[name] = alone.submit(
                side, options.feeds, options.entries, port, options.workers
            ).result()
    server.terminate()
    server.join()
    report(options.feeds, measured)


if __name__ == "__main__":
    main()
