"""Everything a server or a feed may do to us, one by one and then all at once.

Each kind of misbehaviour stands in ``KINDS`` with what must come of it: the code of an error, a
word (``retry``, ``gone``), or the number of entries that are read all the same.
"""

from __future__ import annotations

import gzip
import ipaddress
import itertools
import json
import resource
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import brotli
import pytest
from sqlmodel import select

from digests.desk.feeds import Feeds
from digests.errors import SourceError
from digests.sources.asking import Asker, Request
from digests.sources.feed import parse_feed
from digests.sources.fetch import Fetcher, Fresh, Gone, Retry
from digests.store import open_store
from digests.store.archive.source_rows import source_value
from digests.tables import InboxRow, SourceRow
from tests.sources.feedserver import FeedServer, Reply, reply, stream

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
# All of 127/8 is loopback on Linux: the server's own address is allowed, and 127.0.0.1 is not.
HERE = "127.0.0.9" if sys.platform == "linux" else "127.0.0.1"
INSIDE = "127.0.0.1" if sys.platform == "linux" else "127.0.0.2"
MOST = 4 * 2**20

Expected = str | int


@dataclass(frozen=True)
class Kind:
    name: str
    answer: Callable[[FeedServer], Reply]
    expected: Expected
    kept: int | None = None
    """How many entries are kept, where some are the same."""
    more: dict[str, Reply] | None = None
    """What the server gives at other paths."""


# --- feeds ----------------------------------------------------------------------------------


def item(number, *, guid=None, link=None, title=None, date=NOW - timedelta(hours=1), body="Text."):
    return (
        f"<item><title>{title or f'Meldung {number}'}</title>"
        f"<link>{link or f'https://zeitung.example/{number}'}</link>"
        f"<guid isPermaLink='false'>{guid or f'id-{number}'}</guid>"
        + (f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if date else "")
        + f"<description>{body}</description></item>"
    )


def rss(*items, declaration='<?xml version="1.0" encoding="UTF-8"?>', doctype=""):
    start = f"{declaration}{doctype}<rss version='2.0'><channel><title>Zeitung</title>"
    return f"{start}<link>https://zeitung.example/</link>{''.join(items)}</channel></rss>".encode()


FEED = rss(item(1), item(2), item(3))
HTML = b"<!DOCTYPE html><html><head><title>Anmelden</title></head><body><p>Bitte.</p></body></html>"
LAUGHS = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]>"  # fmt: skip
PACKED = gzip.compress(FEED)
FRONT = "https://zeitung.example/"
ENCODED = "<?xml version='1.0' encoding='%s'?>"
SCRIPT = "&lt;script&gt;alert(1)&lt;/script&gt;"
EXTERNAL = "<!DOCTYPE rss [<!ENTITY secret SYSTEM 'file:///etc/hostname'>]>"


def gives(body, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda server: reply(200, body, named)


def says(status, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda server: reply(status, b"", named)


# --- servers --------------------------------------------------------------------------------


def raw(*chunks, forever=None):
    """What is written as it is, in place of an answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for chunk in itertools.chain(chunks, itertools.repeat(forever) if forever else ()):
            handler.wfile.write(chunk)

    return lambda server: answer


def drips(start, piece):
    """A server that gives a little at a time, always just in time, until the test is over."""

    def answering(server: FeedServer) -> Reply:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(start)
            while not server.released.wait(0.05):
                handler.wfile.write(piece)

        return answer

    return answering


def silent(server):
    return lambda handler: server.released.wait(60)


def leads(location, status=302, **headers):
    return lambda server: reply(
        status, headers={"Location": location.format(port=server.port)} | headers
    )


def changing_guids(server):
    counter = itertools.count()

    def answer(handler):
        run = next(counter)
        reply(200, rss(*(item(n, guid=f"{run}-{n}") for n in range(3))))(handler)

    return answer


def wants_a_cookie(server):
    def answer(handler):
        known = "cookie" in {name.lower() for name in handler.headers}
        headers = {"Set-Cookie": "seen=1; Path=/", "Location": handler.path}
        (reply(200, FEED) if known else reply(302, headers=headers))(handler)

    return answer


def other_etag_each_time(server):
    counter = itertools.count()

    def answer(handler):
        reply(200, FEED, {"ETag": f'"{next(counter)}"'})(handler)

    return answer


OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

KINDS = [
    # time
    Kind("silence", silent, "timeout"),
    Kind("body that drips", drips(OK + b"Content-Length: 999999\r\n\r\n", b"x"), "timeout"),
    Kind("headers that drip", drips(OK, b"X: y\r\n"), "timeout"),
    Kind("status line that drips", drips(b"HTTP/1.1 2", b"0"), "timeout"),
    # size
    Kind("endless body", lambda server: stream(itertools.repeat(b"x" * 2**16)), "too_large"),
    Kind("a gigabyte declared", gives(b"x", Content_Length=str(2**30)), "too_large"),
    Kind(
        "a gigabyte given",
        lambda server: stream(itertools.repeat(b" " * 2**16, 2**14)),
        "too_large",
    ),
    Kind("absurd length", gives(b"x", Content_Length="9" * 19), "too_large"),
    Kind("body in crumbs", raw(CHUNKED, forever=b"1\r\nx\r\n" * 1000), "too_large"),
    Kind("gzip bomb", gives(gzip.compress(b"\0" * 2**26), Content_Encoding="gzip"), "too_large"),
    Kind(
        "brotli bomb",
        gives(brotli.compress(b"\0" * 2**26, quality=5), Content_Encoding="br"),
        "too_large",
    ),
    Kind("header of a megabyte", raw(OK + b"X: " + b"y" * 2**20 + b"\r\n\r\n"), "unreachable"),
    Kind("thousand headers", raw(OK + b"X: y\r\n" * 1000 + b"\r\n"), "unreachable"),
    Kind("headers without end", raw(OK, forever=b"X: y\r\n" * 100), "unreachable"),
    Kind(
        "interim answers without end",
        raw(forever=b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100),
        "unreachable",
    ),
    # compression
    Kind("gzip that is none", gives(FEED, Content_Encoding="gzip"), "undecodable"),
    Kind("gzip cut short", gives(PACKED[:-20], Content_Encoding="gzip"), "unreachable"),
    Kind("gzip twice", gives(gzip.compress(PACKED), Content_Encoding="gzip"), "not_a_feed"),
    Kind("compression nobody asked for", gives(FEED, Content_Encoding="zstd"), "undecodable"),
    # redirects
    Kind("redirect loop", leads("/redirect-loop"), "too_many_redirects"),
    Kind("cookie or redirect", wants_a_cookie, "too_many_redirects"),
    Kind("redirect to itself inside", leads(f"http://{INSIDE}:{{port}}/feed"), "refused_address"),
    Kind("redirect to a mapped address", leads("http://[::ffff:10.0.0.1]/"), "refused_address"),
    Kind("redirect to metadata", leads("http://169.254.169.254/latest/"), "refused_address"),
    Kind("redirect to an odd number", leads("http://0x7f.1/"), "refused_address"),
    Kind("redirect to a name inside", leads("http://router.inside/"), "refused_address"),
    Kind(
        "name that changes its mind",
        leads("http://rebinding.example:{port}/fine", Connection="close"),
        "refused_address",
    ),
    Kind("redirect to mail", leads("http://mail.example:25/"), "refused_address"),
    Kind("redirect to a file", leads("file:///etc/passwd"), "refused_scheme"),
    Kind("redirect to nonsense", leads("http://[::1"), "refused_scheme"),
    Kind("redirect to nowhere", says(302), "http_status"),
    Kind("moved to a page", leads("/page", 301), "not_a_feed", more={"/page": reply(200, HTML)}),
    # answers
    Kind("304 without validators", says(304), "http_status"),
    Kind("not found", says(404), "http_status"),
    Kind("not allowed", says(401, WWW_Authenticate="Basic"), "http_status"),
    Kind("broken inside", says(500), "http_status"),
    Kind("too many requests", says(429, Retry_After="3600"), "retry"),
    Kind("maintenance", says(503, Retry_After="Sat, 10 Jan 2099 13:00:00 GMT"), "retry"),
    Kind("gone", says(410), "gone"),
    Kind("no HTTP", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "unreachable"),
    Kind("hangs up", raw(), "unreachable"),
    Kind("broken chunks", raw(CHUNKED, b"zz\r\n", FEED), "unreachable"),
    Kind("length too long", raw(OK + b"Content-Length: 5000\r\n\r\n", FEED), "unreachable"),
    Kind("length too short", raw(OK + b"Content-Length: 500\r\n\r\n", FEED), 2),
    Kind("two lengths", raw(OK + LENGTH % 5 + LENGTH % 9 + b"\r\n", FEED), "unreachable"),
    Kind("no length, old HTTP", raw(b"HTTP/1.0 200 OK\r\n\r\n", FEED), 3),
    Kind("empty body", gives(b""), "empty"),
    Kind("white space", gives(b" \r\n\t" * 1000), "empty"),
    Kind("another ETag each time", other_etag_each_time, 3),
    # what is no feed
    Kind("HTML", gives(HTML, Content_Type="application/rss+xml"), "not_a_feed"),
    Kind("a picture", gives(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), "not_a_feed"),
    Kind("NUL bytes alone", gives(b"\0" * 5000), "empty"),
    Kind("JSON of another kind", gives(b'{"error": "no"}'), "not_a_feed"),
    Kind("JSON without a floor", gives(b'{"items":' * 100_000), "not_a_feed"),
    # feeds
    Kind("NUL bytes within", gives(FEED.replace(b"Text.", b"Te\0xt.")), 3),
    Kind("entity bomb", gives(rss(item(1, body="&a11;"), doctype=LAUGHS)), 1),
    Kind("entity from a file", gives(rss(item(1, body="&secret;"), doctype=EXTERNAL)), 1),
    Kind("elements without a floor", gives(rss(item(1, body="<b>" * 20_000))), 1),
    Kind("cut in the middle", gives(FEED[: len(FEED) // 2]), 2),
    Kind("encoding that is a lie", gives(rss(item(1), declaration=ENCODED % "utf-16")), 1),
    Kind("encoding nobody knows", gives(rss(item(1), declaration=ENCODED % "klingon")), 1),
    Kind("guids that change", changing_guids, 3),
    Kind("one guid for all", gives(rss(*(item(n, guid="same") for n in range(3)))), 3, kept=1),
    Kind("one link for all", gives(rss(*(item(n, link=FRONT) for n in range(3)))), 3),
    Kind("items without anything", gives(rss("<item/>", "<item></item>")), 2, kept=1),
    Kind("dates of 1970 and 2099", gives(rss(
        item(1, date=datetime(1970, 1, 1)), item(2, date=datetime(2099, 12, 31)))), 2),
    Kind("dates that are none", gives(FEED.replace(b"2026", b"MMXXVI")), 3),
    Kind("five hundred old entries", gives(rss(
        *(item(n, date=NOW - timedelta(days=n + 3)) for n in range(500)))), 500),
    Kind("script in titles", gives(rss(item(1, title=f"{SCRIPT}Titel", body=SCRIPT))), 1),
    Kind("controls in titles", gives(rss(item(1, title="a\u202eb\u2066c\x9bd"))), 1),
    Kind("guid of a megabyte", gives(rss(item(1, guid="g" * 2**20))), 1),
    Kind("title of a megabyte", gives(rss(item(1, title="t " * 2**19))), 1),
    Kind("JSON feed with wrong types", gives(json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": 7,
        "items": [{"id": 1, "title": ["x"], "content_html": {}}, "entry", None]}).encode()), 1),
]  # fmt: skip


def path_of(kind):
    return "/" + kind.name.replace(" ", "-").replace(",", "").lower()


def test_the_table():
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names)) >= 40


class Names:
    """Names for the tests: one changes its mind at every other look, some lead inside."""

    def __init__(self) -> None:
        self._looks = itertools.count(1)
        self._lock = threading.Lock()

    def __call__(self, host: str, port: int) -> list[str]:
        if host == "rebinding.example":
            with self._lock:
                return [HERE] if next(self._looks) % 2 else ["10.0.0.7"]
        if host == "0x7f.1":
            return ["127.0.0.1" if INSIDE == "127.0.0.1" else INSIDE]
        if host.endswith(".inside"):
            return ["192.168.1.1"]
        return [HERE] if host.endswith(".example") else [host]


@pytest.fixture
def there():
    server = FeedServer(host=HERE)
    server.routes["/feed"] = server.routes["/fine"] = reply(200, FEED)
    for kind in KINDS:
        server.routes[path_of(kind)] = kind.answer(server)
        server.routes |= kind.more or {}
    yield server
    server.close()


def url_of(server, kind):
    host = "rebinding" if "mind" in kind.name else f"host-{KINDS.index(kind)}"
    return f"http://{host}.example:{server.port}{path_of(kind)}"


def client(**settings):
    return Fetcher(
        user_agent="Depesche-Test",
        allow_networks=(ipaddress.ip_network(f"{HERE}/32"),),
        max_bytes=MOST,
        resolve=Names(),
        **settings,
    )


def outcome(fetcher, url):
    try:
        answer = fetcher.get(url)
        match answer:
            case Fresh():
                feed = parse_feed(
                    answer.body, url=answer.final_url, headers=answer.headers, now=NOW
                )
                return len(feed.entries), feed
            case Retry():
                return "retry", None
            case Gone():
                return "gone", None
    except SourceError as error:
        return error.code, None
    raise AssertionError(answer)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_one_by_one(there, kind):
    with client(total_seconds=1.0, idle_seconds=0.5) as fetcher:
        came, feed = outcome(fetcher, url_of(there, kind))
        assert came == kind.expected
        assert outcome(fetcher, f"http://fine.example:{there.port}/fine")[0] == 3
    shown = repr(feed)
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "hahaha" not in shown


def test_endless_bodies_at_once_take_turns_in_memory(there):
    """Sixteen servers give without end: never sixteen times what one may give is held."""
    asked = [Request(n, f"http://e{n}.example:{there.port}/endless-body") for n in range(32)]
    with client(total_seconds=30.0) as fetcher:
        asker = Asker(fetcher, workers=16)
        tracemalloc.start()
        codes = [outcome.code for _, outcome in asker.ask_all(asked)]
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert codes == ["too_large"] * 32
    # Twice the limit for bodies that grow; a MiB and a quarter for those that wait; buffers.
    assert most < 2 * 2 * MOST + 16 * 2**21


# --- all at once ----------------------------------------------------------------------------


class Desk:
    """Feeds over a database of their own, polled when the clock is moved."""

    def __init__(self, folder, fetcher):
        self.store = open_store(f"sqlite:///{folder}/depesche.sqlite")
        self.store.migrate()
        asker = Asker(fetcher, workers=8, host_gap=0.0)
        self.feeds = Feeds(self.store, fetcher, asker, chance=lambda: 0.5)
        self.now = NOW

    def follow(self, urls):
        assert len(self.feeds.import_feeds("\n".join(urls).encode(), None, NOW).added) == len(urls)

    def poll(self):
        self.now += timedelta(days=8)
        return self.feeds.poll_due(lambda: self.now)

    def sources(self):
        """All feeds by their path, gone ones too."""
        with self.store.reading() as session:
            rows = session.exec(select(SourceRow)).all()
            return {urlsplit(row.location)[2]: source_value(row) for row in rows}

    def waiting(self):
        """How many entries wait to be read, by the path of their feed."""
        with self.store.reading() as session:
            found = select(SourceRow.location).join(InboxRow, InboxRow.source_id == SourceRow.id)
            return Counter(urlsplit(location)[2] for location in session.exec(found))


@pytest.fixture
def desk(tmp_path):
    with client(total_seconds=5.0, idle_seconds=1.0) as fetcher:
        desk = Desk(tmp_path, fetcher)
        yield desk
        desk.store.close()


def peak():
    """The most memory this process ever had, in MB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


HEALTHY = [f"/healthy-{number}" for number in range(20)]


def test_all_at_once(there, desk, caplog):
    """Each has its own outcome; the healthy are unharmed; time and memory are bounded."""
    there.routes |= dict.fromkeys(HEALTHY, reply(200, FEED))
    healthy = [f"http://h{path[1:]}.example:{there.port}{path}" for path in HEALTHY]
    secret = [url.replace("//", "//u:s3cret@") for url in map(partial(url_of, there), KINDS)]
    desk.follow([*secret, *healthy])
    started, most = time.monotonic(), peak()
    polled = desk.poll()
    assert polled.asked == len(KINDS) + len(HEALTHY)
    assert time.monotonic() - started < 60
    assert peak() - most < 200
    sources, waiting = desk.sources(), desk.waiting()
    for path in HEALTHY:
        assert (sources[path].error, waiting[path]) == (None, 3)
    for kind in KINDS:
        source, path = sources[path_of(kind)], path_of(kind)
        if isinstance(kind.expected, int):
            expected = kind.expected if kind.kept is None else kind.kept
            assert (source.error, waiting[path]) == (None, expected), kind.name
        else:
            assert source.error is not None, kind.name
            assert (source.error[0], waiting[path]) == (kind.expected, 0), kind.name
            assert source.retired == (kind.expected == "gone")
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr([source.error for source in sources.values()])

    # The next pass loses nothing, and queues nothing twice but what has a new guid each time.
    asked = desk.poll().asked
    assert asked == len(KINDS) + len(HEALTHY) - 1  # one is gone
    again = desk.waiting()
    again.pop("/guids-that-change"), waiting.pop("/guids-that-change")
    assert again == waiting
