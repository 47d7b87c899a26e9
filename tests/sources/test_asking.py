from __future__ import annotations

import ipaddress
import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import SourceError
from digests.sources.asking import Asker, Request, Turns, host_of
from digests.sources.fetch import Fetcher, Fresh, NotModified, Retry
from tests.sources.feedserver import redirect, reply, stream

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
LONG = 10.0
"""Seconds after which a test that waits for a thread has failed."""


@pytest.fixture
def fetcher():
    """Knows every name of .example: all of them are the loopback server."""
    with Fetcher(
        user_agent="Depesche-Test",
        allow_networks=LOOPBACK,
        idle_seconds=LONG,
        resolve=lambda host, port: ["127.0.0.1"],
    ) as client:
        yield client


def asker(fetcher, **settings):
    return Asker(fetcher, **{"host_gap": 0.0, **settings})


def feeds(server, *hosts, path="/feed"):
    return [Request(host, f"http://{host}:{server.port}{path}") for host in hosts]


class Gate:
    """A reply that waits until it is opened, and counts who waits."""

    def __init__(self, then=None):
        self.opened = threading.Event()
        self.waiting = threading.Semaphore(0)
        self.most = self.now = 0
        self._lock = threading.Lock()
        self._then = then or reply(200, FEED)

    def __call__(self, handler):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.waiting.release()
        self.opened.wait(LONG)
        with self._lock:
            self.now -= 1
        self._then(handler)


# --- turns ----------------------------------------------------------------------------------


def everything(turns, *, taking=0.0):
    """Take all there is as one worker that needs ``taking`` seconds; (seconds, url) of each."""
    now, taken = 0.0, []
    while turns.left:
        request = turns.take(now)
        if request is None:
            now += turns.wait(now)
            continue
        taken.append((now, request.url))
        now += taking
        turns.done(request)
    return taken


def requests(*urls):
    return [Request(number, url) for number, url in enumerate(urls)]


def test_hosts_take_turns_and_rest_between_two_requests():
    turns = Turns(
        requests("http://a/1", "http://a/2", "http://a/3", "http://b/1"), per_host=2, gap=1
    )
    assert everything(turns) == [
        (0.0, "http://a/1"), (0.0, "http://b/1"), (1.0, "http://a/2"), (2.0, "http://a/3"),
    ]  # fmt: skip


def test_no_more_than_so_many_at_a_host_at_a_time():
    turns = Turns(requests("http://a/1", "http://a/2", "http://a/3"), per_host=2, gap=0)
    first, second = turns.take(0.0), turns.take(0.0)
    assert turns.take(0.0) is None
    assert turns.wait(0.0) is None
    turns.done(second)
    assert turns.take(0.0).url == "http://a/3"
    turns.done(first)
    assert (turns.take(0.0), turns.left) == (None, 0)


def test_one_host_in_many_spellings():
    assert {
        host_of(f"{start}/x") for start in ("http://A.de", "https://a.de:8443", "//u:p@a.de")
    } == {"a.de"}
    assert host_of("http://[::1") == "http://[::1"
    assert host_of("nothing") == "nothing"


def test_dropping_a_host_leaves_the_others():
    turns = Turns(
        requests("http://a/1", "http://a/2", "http://b/1", "http://a/3"), per_host=1, gap=1
    )
    first = turns.take(0.0)
    assert [request.url for request in turns.drop("a")] == ["http://a/2", "http://a/3"]
    turns.done(first)
    assert everything(turns) == [(0.0, "http://b/1")]
    assert turns.drop("a") == turns.drop("nobody") == []


def test_a_host_that_wants_more_time_gets_it():
    turns = Turns(
        requests("http://a/1", "http://b/1", "http://a/2", "http://a/3"), per_host=2, gap=1
    )
    turns.slow_down(turns.take(0.0), 10)
    assert turns.take(0.0).url == "http://b/1"
    assert turns.take(9.0) is None
    assert turns.wait(9.0) == 1.0
    second = turns.take(10.0)
    turns.slow_down(second, 5)  # less than it said before
    turns.done(second)
    assert (turns.wait(10.0), turns.take(20.0).url) == (10.0, "http://a/3")


def test_a_gap_lasts_into_the_next_pass():
    before = Turns(requests("http://a/1"), per_host=1, gap=2)
    before.take(5.0)
    turns = Turns(
        requests("http://a/2", "http://b/1"), per_host=1, gap=2, rests_until=before.rests_until
    )
    assert turns.take(6.0).url == "http://b/1"
    assert (turns.take(6.0), turns.take(7.0).url) == (None, "http://a/2")


@given(
    hosts=st.lists(st.sampled_from("abcde"), max_size=40),
    per_host=st.integers(1, 3),
    gap=st.sampled_from([0.0, 0.5, 2.0]),
    durations=st.lists(st.integers(0, 5), min_size=40, max_size=40),
    workers=st.integers(1, 6),
)
def test_politeness_holds_whatever_comes(hosts, per_host, gap, durations, workers):
    """All are asked once, in order within a host; gap and limit are kept; nobody waits idly."""
    wanted = [Request(number, f"http://{host}/") for number, host in enumerate(hosts)]
    turns = Turns(wanted, per_host=per_host, gap=gap)
    now, under_way, starts = 0.0, [], []
    while turns.left or under_way:
        request = turns.take(now) if len(under_way) < workers else None
        if request is not None:
            starts.append((now, request))
            under_way.append((now + durations[request.key], request.key, request))
            continue
        ends = [min(under_way)[0]] if under_way else []
        wait = turns.wait(now) if len(under_way) < workers else None
        now = min(ends + ([now + wait] if wait is not None else []))
        for done in [entry for entry in under_way if entry[0] <= now]:
            under_way.remove(done)
            turns.done(done[2])
        active = [host_of(request.url) for _, _, request in under_way]
        assert all(active.count(host) <= per_host for host in active)
    assert sorted(request.key for _, request in starts) == list(range(len(hosts)))
    for host in set(hosts):
        of_host = [(at, one.key) for at, one in starts if host_of(one.url) == f"{host}"]
        assert of_host == sorted(of_host)
        assert all(b - a >= gap for (a, _), (b, _) in itertools.pairwise(of_host))


# --- asking ---------------------------------------------------------------------------------


def test_all_are_asked_and_each_gives_its_own_outcome(fetcher, server):
    server.routes["/feed"] = reply(200, FEED)
    server.routes["/old"] = reply(304)
    asked = [
        *feeds(server, "a.example", "b.example"),
        Request("old", f"http://c.example:{server.port}/old", '"e"', "Tue, 25 Jan 2022"),
        *feeds(server, "lost.example", path="/lost"),
        Request("bad", "ftp://d.example/"),
    ]
    came = {request.key: outcome for request, outcome in asker(fetcher).ask_all(iter(asked))}
    assert came["a.example"].body == came["b.example"].body == FEED
    assert isinstance(came["old"], NotModified)
    assert (came["lost.example"].code, came["lost.example"].params["status"]) == (
        "http_status",
        404,
    )
    assert came["bad"].code == "refused_scheme"
    sent = next(headers for path, headers in server.requests if path == "/old")
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"e"', "Tue, 25 Jan 2022")


def test_nothing_to_ask(fetcher):
    assert list(asker(fetcher).ask_all([])) == []


def test_a_slow_host_blocks_nobody_else(fetcher, server):
    gate = server.routes["/slow"] = Gate()
    server.routes["/feed"] = reply(200, FEED)
    slow = [Request(n, f"http://slow.example:{server.port}/slow") for n in range(5)]
    quick = feeds(server, *(f"{n}.example" for n in range(30)))
    results = asker(fetcher, workers=4).ask_all([*slow, *quick])
    assert {next(results)[0].key for _ in quick} == {request.key for request in quick}
    assert gate.waiting.acquire(timeout=LONG)
    assert gate.waiting.acquire(timeout=LONG)
    gate.opened.set()
    assert sorted(request.key for request, _ in results) == list(range(5))
    assert gate.most == 2


def test_many_hosts_are_asked_at_the_same_time(fetcher, server):
    gate = server.routes["/feed"] = Gate()
    results = asker(fetcher, workers=8).ask_all(feeds(server, *(f"{n}.example" for n in range(8))))
    consumer = threading.Thread(target=list, args=(results,))
    consumer.start()
    for _ in range(8):
        assert gate.waiting.acquire(timeout=LONG)
    gate.opened.set()
    consumer.join(LONG)
    assert gate.most == 8


@pytest.mark.parametrize(
    ("status", "headers", "asked"),
    [(429, {}, 1), (429, {"Retry-After": "90"}, 1), (503, {"Retry-After": "90"}, 1), (503, {}, 4)],
)
def test_a_host_that_asks_for_patience_is_left_alone(fetcher, server, status, headers, asked):
    server.routes["/feed"] = reply(status, b"", headers)
    busy = [Request(n, f"http://u:secret@busy.example:{server.port}/feed?{n}") for n in range(4)]
    for request in busy:
        server.routes[f"/feed?{request.key}"] = server.routes["/feed"]
    server.routes["/fine"] = reply(200, FEED)
    fine = feeds(server, "fine.example", path="/fine")
    came = dict(asker(fetcher, per_host=1).ask_all([*busy, *fine]))
    assert isinstance(came.pop(fine[0]), Fresh)
    assert len(came) == 4
    assert {(outcome.after, outcome.status) for outcome in came.values()} == {
        (float(headers["Retry-After"]) if headers else None, status)
    }
    assert all(request.url.endswith(came[request].final_url[-7:]) for request in busy)
    assert "secret" not in repr(came)
    assert sum(path != "/fine" for path, _ in server.requests) == asked


def test_patience_lasts_into_the_next_passes(fetcher, server):
    server.routes["/busy"] = reply(503, b"", {"Retry-After": "600"})
    server.routes["/feed"] = reply(200, FEED)
    now = [1000.0]
    ask = asker(fetcher, clock=lambda: now[0])
    list(ask.ask_all(feeds(server, "a.example", path="/busy")))
    now[0] += 400
    came = {
        one.key: outcome for one, outcome in ask.ask_all(feeds(server, "a.example", "b.example"))
    }
    assert (came["a.example"].after, came["a.example"].status) == (200.0, 503)
    assert isinstance(came["b.example"], Fresh)
    assert [path for path, _ in server.requests] == ["/busy", "/feed"]
    now[0] += 201
    ((_, outcome),) = ask.ask_all(feeds(server, "a.example"))
    assert isinstance(outcome, Fresh)


def test_one_feed_does_not_close_its_host_for_a_week(fetcher, server):
    server.routes["/busy"] = reply(503, b"", {"Retry-After": str(7 * 86_400)})
    asked = feeds(server, "a.example", "a.example", path="/busy")
    (_, first), (_, other) = asker(fetcher, per_host=1).ask_all(asked)
    assert (first.after, other.after) == (7 * 86_400, 3600)


def test_patience_that_another_host_asks_for_does_not_concern_this_one(fetcher, server):
    server.routes["/feed"] = redirect(f"http://busy.example:{server.port}/busy")
    server.routes["/busy"] = reply(429, b"")
    server.routes["/fine"] = reply(200, FEED)
    asked = [*feeds(server, "a.example"), *feeds(server, "a.example", path="/fine")]
    came = dict(asker(fetcher, per_host=1).ask_all(asked))
    assert isinstance(came[asked[0]], Retry)
    assert isinstance(came[asked[1]], Fresh)


def test_stops_soon_and_begins_nothing_more(fetcher, server):
    gate = server.routes["/slow"] = Gate()
    server.routes["/feed"] = reply(200, FEED)
    stop = threading.Event()
    asked = [
        *feeds(server, "a.example"),
        *feeds(server, "b.example", "c.example", "d.example", path="/slow"),
    ]
    results = asker(fetcher, workers=2).ask_all(asked, stop.is_set)
    assert next(results)[0].key == "a.example"
    assert gate.waiting.acquire(timeout=LONG)
    stop.set()
    assert list(results) == []
    gate.opened.set()
    assert len(server.requests) <= 3


def test_a_pass_ends_in_time_whatever_a_host_does(fetcher, server):
    """What was begun is given; the rest of a slow host waits for the next pass."""
    gate = server.routes["/slow"] = Gate()
    server.routes["/feed"] = reply(200, FEED)
    now = [0.0]
    slow = [Request(n, f"http://slow.example:{server.port}/slow") for n in range(5)]
    ask = asker(fetcher, workers=4, longest=60.0, clock=lambda: now[0])
    results = ask.ask_all([*slow, *feeds(server, "a.example", "b.example")])
    assert {next(results)[0].key, next(results)[0].key} == {"a.example", "b.example"}
    assert gate.waiting.acquire(timeout=LONG)
    assert gate.waiting.acquire(timeout=LONG)
    now[0] = 61.0
    gate.opened.set()
    assert len(list(results)) == 2
    assert len(server.requests) == 4
    assert len(list(ask.ask_all(slow[2:]))) == 3


def test_stopped_before_it_begins(fetcher, server):
    assert list(asker(fetcher).ask_all(feeds(server, "a.example"), lambda: True)) == []
    assert server.requests == []


def test_what_robots_may_not_have_is_not_asked_for(fetcher, server):
    server.routes["/feed"] = reply(200, FEED)

    def permitted(url):
        if "broken" in url:
            raise SourceError("robots", url=url)
        return "no.example" not in url

    asked = feeds(server, "yes.example", "no.example", "broken.example")
    came = {
        request.key: outcome
        for request, outcome in asker(fetcher, permitted=permitted).ask_all(asked)
    }
    assert isinstance(came["yes.example"], Fresh)
    assert came["no.example"].code == came["broken.example"].code == "robots"
    assert len(server.requests) == 1


def test_a_site_s_wish_for_time_is_heeded(fetcher, server):
    """What is not asked in time is for the next pass, which does not come too early either."""
    server.routes["/feed"] = reply(200, FEED)

    def delay(url):
        if host_of(url) == "broken.example":
            raise ValueError("robots.txt")
        return {"slow.example": 30.0}.get(host_of(url))

    ask = asker(fetcher, delay=delay, longest=0.3)
    asked = feeds(server, "slow.example", "slow.example", "other.example", "broken.example")
    came = sorted(request.key for request, _ in ask.ask_all(asked))
    assert came == ["broken.example", "other.example", "slow.example"]
    assert list(ask.ask_all(asked[:1], longest=0.05)) == []


def test_a_site_may_wish_for_a_minute_at_most(fetcher, server):
    server.routes["/feed"] = reply(200, FEED)
    now = [0.0]
    ask = asker(fetcher, delay=lambda url: 86_400.0, clock=lambda: now[0])
    asked = feeds(server, "slow.example")
    assert len(list(ask.ask_all(asked))) == 1
    now[0] = 60.0
    assert len(list(ask.ask_all(asked))) == 1


def test_an_error_nobody_foresaw_is_that_feed_s_alone(server, caplog):
    class Broken:
        def get(self, url, **_):
            if "bad" in url:
                raise RuntimeError(url)
            return Fresh(url, {}, body=FEED)

    asked = [Request(1, "http://u:secret@bad.example/"), Request(2, "http://good.example/")]
    came = {request.key: outcome for request, outcome in asker(Broken()).ask_all(asked)}
    assert (came[1].code, came[1].params["reason"]) == ("unreachable", "RuntimeError")
    assert came[2].body == FEED
    assert "RuntimeError" in caplog.text
    assert "secret" not in f"{caplog.text} {came[1]} {asked}"


# --- memory ---------------------------------------------------------------------------------


def test_large_bodies_wait_for_each_other(fetcher, server):
    """Of ten large bodies two are held at a time; the small ones pass by."""
    size = 3 * 2**20
    server.routes["/large"] = reply(200, b"x" * size)
    server.routes["/feed"] = reply(200, FEED)
    large = [Request(n, f"http://{n}.example:{server.port}/large") for n in range(10)]
    small = feeds(server, *(f"s{n}.example" for n in range(10)))
    ask = asker(fetcher, workers=12)
    held = []

    def watched(request, before_large):
        def noted():
            before_large()
            held.append(request.key)

        return ask_one(request, noted)

    ask_one, ask._ask = ask._ask, watched
    results = ask.ask_all([*large, *small])
    came = [next(results) for _ in range(12)]
    # Nothing was handed back yet but what came before the last: at most two and those.
    handed = sum(isinstance(request.key, int) for request, _ in came)
    assert len(held) <= handed + 2
    came += list(results)
    assert sorted(len(outcome.body) for _, outcome in came) == [len(FEED)] * 10 + [size] * 10


def test_a_large_body_that_fails_makes_room(fetcher, server):
    def cut(handler):
        stream([b"x" * 2**16] * 20, {"Content-Length": str(2**21)})(handler)

    server.routes["/cut"] = cut
    asked = [Request(n, f"http://{n}.example:{server.port}/cut") for n in range(6)]
    assert [outcome.code for _, outcome in asker(fetcher).ask_all(asked)] == ["unreachable"] * 6


def test_results_wait_until_they_are_wanted(fetcher, server):
    server.routes["/feed"] = reply(200, FEED)
    asked = feeds(server, *(f"{n}.example" for n in range(50)))
    results = asker(fetcher, workers=2).ask_all(asked)
    next(results)
    most = 1 + 2 * 2 + 2  # what was taken, results that wait, workers
    assert len(server.requests) <= most
    assert len(list(results)) == 49
