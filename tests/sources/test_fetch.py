from __future__ import annotations

import functools
import gzip
import ipaddress
import itertools
import logging
import socket
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from digests.errors import SourceError
from digests.sources.addresses import is_allowed
from digests.sources.fetch import Fetcher, Fresh, Gone, NotModified, Retry, redact
from tests.sources.feedserver import redirect, reply, stream

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
GZIPPED = gzip.compress(FEED, mtime=0)  # the same in every process that runs tests


def fetcher(**settings):
    return Fetcher(
        user_agent="Depesche-Test (+mailto:nobody@example.org)",
        **{"allow_networks": LOOPBACK, "idle_seconds": 5.0, **settings},
    )


def failure(url, **settings):
    with fetcher(**settings) as client, pytest.raises(SourceError) as caught:
        client.get(url)
    return caught.value


def numeric(host, port):
    """Resolve as the system does what is a number in one form or other, and no names."""
    return [host if ":" in host else socket.inet_ntoa(socket.inet_aton(host))]


def ticking(step):
    counter = itertools.count()
    return lambda: next(counter) * step


# --- answers ----------------------------------------------------------------


def test_fresh_body_with_validators(server):
    server.routes["/feed"] = reply(
        200, FEED, {"ETag": '"a"', "Last-Modified": "Tue, 25 Jan 2022 00:00:00 GMT"}
    )
    with fetcher() as client:
        answer = client.get(server.url + "/feed")
    assert isinstance(answer, Fresh)
    assert answer.body == FEED
    assert answer.final_url == server.url + "/feed"
    assert answer.permanent_url is None
    assert (answer.etag, answer.last_modified) == ('"a"', "Tue, 25 Jan 2022 00:00:00 GMT")


def test_says_who_asks_and_takes_gzip(server):
    server.routes["/feed"] = reply(200, gzip.compress(FEED), {"Content-Encoding": "gzip"})
    with fetcher() as client:
        assert client.get(server.url + "/feed").body == FEED
    headers = server.requests[0][1]
    assert headers["user-agent"] == "Depesche-Test (+mailto:nobody@example.org)"
    assert "gzip" in headers["accept-encoding"]
    assert "if-none-match" not in headers


def test_conditional_request(server):
    server.routes["/feed"] = reply(304, headers={"ETag": '"b"'})
    with fetcher() as client:
        answer = client.get(server.url + "/feed", etag='"a"', modified="Tue, 25 Jan 2022")
    assert isinstance(answer, NotModified)
    assert answer.etag == '"b"'
    headers = server.requests[0][1]
    assert headers["if-none-match"] == '"a"'
    assert headers["if-modified-since"] == "Tue, 25 Jan 2022"


def test_not_modified_without_being_asked_is_an_error(server):
    server.routes["/feed"] = reply(304)
    error = failure(server.url + "/feed")
    assert (error.code, error.params["status"]) == ("http_status", 304)


def test_gone(server):
    server.routes["/feed"] = reply(410, b"gone")
    with fetcher() as client:
        assert isinstance(client.get(server.url + "/feed"), Gone)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 500, 502])
def test_other_statuses_are_errors(server, status):
    server.routes["/feed"] = reply(status, b"no")
    error = failure(server.url + "/feed")
    assert (error.code, error.params["status"]) == ("http_status", status)


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (429, {"Retry-After": "120"}, 120.0),
        (503, {}, None),
        (503, {"Retry-After": "soon"}, None),
        (503, {"Retry-After": "-5"}, None),
        (429, {"Retry-After": "9" * 30}, 7 * 86_400.0),
        (503, {"Retry-After": "Tue, 25 Jan 2022 00:10:00 GMT"}, 600.0),
        (503, {"Retry-After": "Mon, 24 Jan 2022 00:10:00 GMT"}, 0.0),
    ],
)
def test_retry_after(server, status, headers, after):
    # The server's own clock counts: what it sends as Date wins over the time here.
    def busy(handler):
        handler.send_response_only(status)
        handler.send_header("Date", "Tue, 25 Jan 2022 00:00:00 GMT")
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.routes["/feed"] = busy
    with fetcher(now=lambda: datetime(1999, 1, 1, tzinfo=UTC)) as client:
        answer = client.get(server.url + "/feed")
    assert isinstance(answer, Retry)
    assert answer.after == after
    assert str(status) in answer.reason


def test_empty_body_is_an_error(server):
    server.routes["/feed"] = reply(200, b"")
    assert failure(server.url + "/feed").code == "empty"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=300"}, 300),
        ({"Cache-Control": 'public, MAX-AGE = "300", s-maxage=9', "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "900"}, 0),
        ({"Cache-Control": "max-age=300", "Age": "old"}, 300),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=" + "9" * 40}, 365 * 86_400),
        ({"Cache-Control": "max-age=300, no-cache"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "public"}, None),
        ({"Expires": "Tue, 25 Jan 2022 00:10:00 GMT"}, 600),
        ({"Expires": "Tue, 25 Jan 2022 00:10:00 GMT", "Age": "60"}, 540),
        ({"Expires": "Mon, 24 Jan 2022 00:10:00 GMT"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "Tue, 25 Jan 2022 00:10:00 GMT", "Cache-Control": "max-age=5"}, 5),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, seconds):
    date = {"Date": "Tue, 25 Jan 2022 00:00:00 GMT"}
    lower = {name.lower(): value for name, value in (date | headers).items()}
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert NotModified("http://feed.example/", lower).fresh_for == expected


def test_validators_longer_than_any_honest_one_are_not_kept():
    answer = Fresh("http://feed.example/", {"etag": '"' + "a" * 2000, "last-modified": "x" * 2000})
    assert (answer.etag, answer.last_modified) == (None, None)


def test_odd_validators_go_back_as_they_came(server):
    server.routes["/feed"] = reply(304)
    with fetcher() as client:
        client.get(server.url + "/feed", etag='W/"ä\x80"', modified="gestern")
    headers = server.requests[0][1]
    assert headers["if-none-match"].encode("latin-1") == 'W/"ä\x80"'.encode("latin-1")


def test_a_validator_that_cannot_be_sent_is_an_error(server):
    with fetcher() as client, pytest.raises(SourceError) as caught:
        client.get(server.url + "/feed", etag='"a"\r\nX-Injected: 1')
    assert caught.value.code == "unreachable"
    assert server.requests == []


def test_unchanged_feeds_keep_the_connection_open(server):
    clients = set()

    def unchanged(handler):
        clients.add(handler.client_address)
        reply(304)(handler)

    server.routes["/feed"] = unchanged
    with fetcher() as client:
        for _ in range(3):
            client.get(server.url + "/feed", etag='"a"')
    assert len(clients) == 1


def test_a_connection_that_was_closed_meanwhile_is_made_anew(server):
    """A server may tire of an open connection at any time, also while it is being asked."""
    clients = []

    def tired(handler):
        clients.append(handler.client_address)
        if clients.count(handler.client_address) == 1:
            reply(200, FEED)(handler)
        else:
            handler.close_connection = True  # without an answer

    server.routes["/feed"] = tired
    with fetcher() as client:
        assert [client.get(server.url + "/feed").body for _ in range(3)] == [FEED] * 3
    assert len(set(clients)) == 3
    assert len(clients) == 5


def test_an_answer_that_was_not_read_closes_its_connection(server):
    clients = set()

    def large(handler):
        clients.add(handler.client_address)
        reply(200, b"x" * 20_000)(handler)

    server.routes["/feed"] = large
    with fetcher(max_bytes=10_000) as client:
        for _ in range(2):
            with pytest.raises(SourceError):
                client.get(server.url + "/feed")
    assert len(clients) == 2


# --- redirects --------------------------------------------------------------


def test_permanent_redirects_are_reported_up_to_the_first_temporary_one(server):
    server.routes["/old"] = redirect("/new", 301)
    server.routes["/new"] = redirect(server.url + "/newer", 308)
    server.routes["/newer"] = redirect("/today", 307)
    server.routes["/today"] = redirect("/feed", 301)
    server.routes["/feed"] = reply(200, FEED)
    with fetcher() as client:
        answer = client.get(server.url + "/old")
    assert answer.final_url == server.url + "/feed"
    assert answer.permanent_url == server.url + "/newer"


def test_conditions_travel_along_redirects(server):
    server.routes["/old"] = redirect("/feed", 302)
    server.routes["/feed"] = reply(304)
    with fetcher() as client:
        assert isinstance(client.get(server.url + "/old", etag='"a"'), NotModified)
    assert server.requests[1][1]["if-none-match"] == '"a"'


def test_redirect_loop(server):
    server.routes["/a"] = redirect("/b")
    server.routes["/b"] = redirect("/a")
    assert failure(server.url + "/a", max_redirects=4).code == "too_many_redirects"
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("file:///etc/passwd", "refused_scheme"),
        ("ftp://127.0.0.1/feed", "refused_scheme"),
        ("javascript:alert(1)", "refused_scheme"),
        ("http://[::1", "refused_scheme"),
        ("http://10.0.0.1/feed", "refused_address"),
        ("http://[::ffff:10.0.0.1]/feed", "refused_address"),
        ("http://169.254.169.254/latest/meta-data/", "refused_address"),
        ("http://0/", "refused_address"),
        ("http://[::]/", "refused_address"),
    ],
)
def test_redirects_are_checked_like_the_first_address(server, target, code):
    server.routes["/feed"] = redirect(target)
    assert failure(server.url + "/feed", resolve=numeric).code == code


def test_redirect_without_location(server):
    server.routes["/feed"] = reply(302)
    assert failure(server.url + "/feed").params["status"] == 302


# --- addresses --------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "127.1", "0x7f.0.0.1"])
def test_loopback_is_refused_unless_allowed(server, host):
    server.routes["/feed"] = reply(200, FEED)
    error = failure(f"http://{host}:{server.port}/feed", allow_networks=(), resolve=numeric)
    assert error.code == "refused_address"
    assert server.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1",
        "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "::10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "2002:0a00:0001::1",
        "2001:0:a00:1::", "::ffff:0:10.0.0.1", "3fff::1", "5f00::1", "100:0:0:1::1",
        "no address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"],
)
def test_public_addresses(address):
    assert is_allowed(address)


def test_allowed_networks_concern_wrapped_addresses_too():
    networks = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))
    assert is_allowed("10.9.9.9", networks)
    assert is_allowed("::ffff:10.9.9.9", networks)
    assert is_allowed("fd00::5", networks)
    assert not is_allowed("192.168.0.1", networks)
    assert not is_allowed("::1", networks)


def test_the_checked_address_is_the_one_connected_to(server):
    """A name that changes its mind is asked once per connection, and never after the check."""
    server.routes["/feed"] = reply(200, FEED)
    answers = iter([["10.0.0.7", "127.0.0.1"], ["10.0.0.7"]])
    asked = []

    def resolve(host, port):
        asked.append(host)
        return next(answers)

    url = f"http://feed.example:{server.port}/feed"
    with fetcher(resolve=resolve) as client:
        assert client.get(url).body == FEED
    assert server.requests[0][1]["host"] == f"feed.example:{server.port}"
    assert failure(url, resolve=resolve).code == "refused_address"
    assert asked == ["feed.example", "feed.example"]
    assert len(server.requests) == 1


def test_tls_checks_the_name_though_the_address_is_connected_to(tls_server, trusting):
    tls_server.routes["/feed"] = reply(200, FEED)
    settings = {"resolve": lambda host, port: ["127.0.0.1"], "ssl_context": trusting}
    with fetcher(**settings) as client:
        assert client.get(f"https://feed.example:{tls_server.port}/feed").body == FEED
    error = failure(f"https://other.example:{tls_server.port}/feed", **settings)
    assert error.code == "unreachable"


def test_environment_proxies_are_not_asked(server, monkeypatch):
    server.routes["/feed"] = reply(200, FEED)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with fetcher() as client:
        assert client.get(server.url + "/feed").body == FEED


@pytest.mark.parametrize(
    "url",
    ["", "feed", "//host/feed", "http://", "http:///feed", "file:///etc/passwd", "http://[::1",
     "gopher://127.0.0.1/", "http://127.0.0.1:99999/", "http://a b/", "http://exa\x00mple/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    assert failure(url).code == "refused_scheme"


@pytest.mark.parametrize("port", [22, 25, 6667, 10080])
def test_ports_of_other_services_are_refused(port):
    def resolve(host, port):
        raise AssertionError("asked")

    error = failure(f"http://mail.example:{port}/", resolve=resolve)
    assert error.code == "refused_address"


def test_names_and_paths_beyond_ascii(server):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    path = "/%C3%BCber%20uns?q=%C3%A4&a=b%26c"
    server.routes[path] = reply(200, FEED)
    with fetcher(resolve=resolve) as client:
        client.get(f"http://Bücher.example:{server.port}/über uns?q=ä&a=b%26c#teil")
    assert asked == ["xn--bcher-kva.example"]
    assert server.requests[0][1]["host"] == f"xn--bcher-kva.example:{server.port}"


def test_unknown_name():
    def resolve(host, port):
        raise OSError("no such name")

    assert failure("http://nowhere.example/", resolve=resolve).code == "unreachable"


def test_nobody_listens(server):
    server.close()
    assert failure(server.url + "/feed").code == "unreachable"


# --- limits -----------------------------------------------------------------


def test_declared_length_over_the_limit(server):
    server.routes["/feed"] = reply(200, b"x" * 10, {"Content-Length": "1000000"})
    assert failure(server.url + "/feed", max_bytes=1000).code == "too_large"


def test_endless_body(server):
    server.routes["/feed"] = stream(itertools.repeat(b"x" * 8192))
    assert failure(server.url + "/feed", max_bytes=100_000).code == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_bomb_is_noticed_while_it_is_small(server, encoding):
    compress = {"gzip": gzip.compress, "br": functools.partial(brotli.compress, quality=5)}
    bomb = compress[encoding](b"\0" * 64 * 2**20)
    server.routes["/feed"] = reply(200, bomb, {"Content-Encoding": encoding})
    tracemalloc.start()
    error = failure(server.url + "/feed", max_bytes=2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code == "too_large"
    assert peak < 8 * 2**20


def test_compression_that_inflates_to_nothing_is_limited_too(server):
    empty = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    start = b"\x1f\x8b\x08\0\0\0\0\0\0\3" + empty.compress(b"")
    nothing = empty.flush(zlib.Z_FULL_FLUSH) * 1000
    server.routes["/feed"] = stream(
        itertools.chain([start], itertools.repeat(nothing)), {"Content-Encoding": "gzip"}
    )
    assert failure(server.url + "/feed", max_bytes=100_000).code == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (GZIPPED + GZIPPED, "gzip"),
        (zlib.compress(FEED * 2), "deflate"),
        (zlib.compress(FEED * 2)[2:-4], "deflate"),
        (brotli.compress(FEED * 2), "br"),
        (FEED * 2, "identity"),
        (FEED * 2, ""),
    ],
)
def test_encodings(server, body, encoding):
    server.routes["/feed"] = reply(200, body, {"Content-Encoding": encoding})
    with fetcher() as client:
        assert client.get(server.url + "/feed").body == FEED * 2


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (FEED, "gzip", "undecodable"),
        (b"\x1f\x8b\x08broken", "gzip", "undecodable"),
        (GZIPPED[:-12], "gzip", "unreachable"),
        (FEED, "br", "undecodable"),
        (brotli.compress(FEED)[:-3], "br", "unreachable"),
        (brotli.compress(FEED) + b"more", "br", "undecodable"),
        (b"", "br", "unreachable"),
        (FEED, "zstd", "undecodable"),
        (GZIPPED, "gzip, gzip", "undecodable"),
    ],
)
def test_broken_encodings(server, body, encoding, code):
    server.routes["/feed"] = reply(200, body, {"Content-Encoding": encoding})
    assert failure(server.url + "/feed").code == code


def test_body_shorter_than_declared(server):
    def short(handler):
        reply(200, FEED, {"Content-Length": "5000"})(handler)
        handler.close_connection = True

    server.routes["/feed"] = short
    assert failure(server.url + "/feed").code == "unreachable"


def test_slow_body_meets_the_total_limit(server):
    server.routes["/feed"] = stream(itertools.repeat(b"x"))
    assert failure(server.url + "/feed", clock=ticking(1.0), total_seconds=60).code == "timeout"


def test_endless_headers_meet_a_limit(server):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in itertools.count():
            handler.wfile.write(b"X-%d: y\r\n" % number)

    server.routes["/feed"] = drip
    error = failure(server.url + "/feed", clock=ticking(1.0), total_seconds=20)
    assert error.code in {"timeout", "unreachable"}


def test_dripping_headers_meet_the_total_limit(server):
    """Every byte comes in time, and still the whole of it does not take for ever."""

    def drip(handler):
        while True:
            handler.wfile.write(b"H")

    server.routes["/feed"] = drip
    error = failure(server.url + "/feed", clock=ticking(1.0), total_seconds=20)
    assert error.code in {"timeout", "unreachable"}


def test_interim_answers_without_end(server):
    def hints(handler):
        while True:
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")

    server.routes["/feed"] = hints
    assert failure(server.url + "/feed").code == "unreachable"


def test_a_body_in_a_million_chunks(server):
    def crumbs(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            handler.wfile.write(b"1\r\nx\r\n" * 1000)

    server.routes["/feed"] = crumbs
    assert failure(server.url + "/feed", max_bytes=2**20).code == "too_large"


def test_too_many_headers(server):
    server.routes["/feed"] = reply(200, FEED, {f"X-{n}": "y" for n in range(500)})
    error = failure(server.url + "/feed")
    assert (error.code, error.params["reason"]) == ("unreachable", "too many headers")


def test_headers_that_are_too_long(server):
    server.routes["/feed"] = reply(200, FEED, {"X-Long": "y" * 200_000})
    assert failure(server.url + "/feed").code == "unreachable"


def test_large_bodies_wait_for_room_and_the_wait_is_not_counted(server):
    server.routes["/feed"] = reply(200, b"x" * 3 * 2**20)
    now, waits = [0.0], []

    def wait():
        waits.append(now[0])
        now[0] += 1000

    with fetcher(clock=lambda: now[0], total_seconds=30) as client:
        assert len(client.get(server.url + "/feed", before_large=wait).body) == 3 * 2**20
    assert waits == [0.0]


def test_small_bodies_wait_for_nothing(server):
    server.routes["/feed"] = reply(200, b"x" * 2**20)
    with fetcher() as client:
        client.get(server.url + "/feed", before_large=pytest.fail)


def test_no_room_is_an_error_like_others(server):
    def refuse():
        raise SourceError("timeout")

    server.routes["/feed"] = reply(200, b"x" * 3 * 2**20)
    with fetcher() as client, pytest.raises(SourceError) as caught:
        client.get(server.url + "/feed", before_large=refuse)
    assert (caught.value.code, caught.value.params["url"]) == ("timeout", server.url + "/feed")


def test_silent_server_meets_the_idle_limit(server):
    server.routes["/feed"] = lambda handler: server.released.wait(30)
    assert failure(server.url + "/feed", idle_seconds=0.1).code == "timeout"


@pytest.mark.parametrize(
    "raw", [b"\x00" * 50 + b"\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-x\r\n", b""]
)
def test_what_is_no_http(server, raw):
    def babble(handler):
        handler.wfile.write(raw)
        handler.close_connection = True

    server.routes["/feed"] = babble
    assert failure(server.url + "/feed").code == "unreachable"


def test_one_failure_leaves_the_client_usable(server):
    server.routes["/bad"] = stream(itertools.repeat(b"x" * 8192))
    server.routes["/feed"] = reply(200, FEED)
    with fetcher(max_bytes=10_000) as client:
        for _ in range(3):
            with pytest.raises(SourceError):
                client.get(server.url + "/bad")
            assert client.get(server.url + "/feed").body == FEED


# --- secrets ----------------------------------------------------------------


def test_credentials_are_sent_but_never_shown(server, caplog):
    caplog.set_level(logging.DEBUG)
    server.routes["/feed"] = redirect("/moved", 301)
    server.routes["/moved"] = reply(200, FEED)
    server.routes["/fail"] = reply(500)
    secret = server.url.replace("http://", "http://reader:s3cret@")
    with fetcher() as client:
        answer = client.get(secret + "/feed")
        with pytest.raises(SourceError) as caught:
            client.get(secret + "/fail")
    assert [headers["authorization"][:6] for _, headers in server.requests] == ["Basic "] * 3
    assert answer.final_url == server.url + "/moved"
    assert answer.permanent_url == secret + "/moved"
    shown = f"{answer!r} {caught.value} {caught.value.params} {caplog.text}"
    assert "s3cret" not in shown
    assert "reader" not in shown


def test_credentials_do_not_follow_to_another_host(server):
    server.routes["/feed"] = redirect(f"http://other.example:{server.port}/moved")
    server.routes["/moved"] = reply(200, FEED)
    with fetcher(resolve=lambda host, port: ["127.0.0.1"]) as client:
        client.get(f"http://reader:s3cret@feed.example:{server.port}/feed")
    assert "authorization" in server.requests[0][1]
    assert "authorization" not in server.requests[1][1]


def test_cookies_are_not_kept(server):
    server.routes["/feed"] = reply(200, FEED, {"Set-Cookie": "track=1; Path=/"})
    with fetcher() as client:
        client.get(server.url + "/feed")
        client.get(server.url + "/feed")
    assert "cookie" not in server.requests[1][1]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@host:8/feed?x=1#f", "https://host:8/feed?x=1"),
        ("https://host/feed", "https://host/feed"),
        ("http://u:p@[::1/feed", "http://[::1/feed"),
    ],
)
def test_redact(url, shown):
    assert redact(url) == shown
