from __future__ import annotations

import pytest

from digests.errors import SourceError
from digests.sources.fetch import Fetcher, Fresh, Gone, Retry
from digests.sources.robots import Robots
from tests.sources.feedserver import reply

AGENT = "Depesche/1.0 (+https://depesche.example; post@depesche.example)"
DAY = 86_400


class Site:
    """Answers for robots.txt one after the other, and the time."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.time = 0.0

    def get(self, url):
        self.asked.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Fresh(url, {}, body=answer) if isinstance(answer, bytes) else answer

    def robots(self):
        return Robots(self.get, clock=lambda: self.time)


RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /intern/
Crawl-delay: 7

User-agent: depesche
Allow: /intern/offen$
Disallow: /intern
Disallow: /*.pdf$
"""


@pytest.mark.parametrize(
    ("path", "agent", "allowed"),
    [
        ("/artikel", AGENT, True),
        ("/intern/a", AGENT, False),
        ("/intern/offen", AGENT, True),
        ("/a.pdf", AGENT, False),
        ("/a.pdf", "Anderer/2", True),
        ("/intern/offen", "Anderer/2", False),
    ],
)
def test_rules(path, agent, allowed):
    site = Site(RULES)
    assert site.robots().allowed(f"https://blatt.example{path}", agent) is allowed
    assert site.asked == ["https://blatt.example/robots.txt"]


def test_crawl_delay():
    robots = Site(RULES).robots()
    assert robots.delay("https://blatt.example/a", "Anderer/2") == 7
    assert robots.delay("https://blatt.example/a", AGENT) is None
    assert Site(Gone("", {})).robots().delay("https://blatt.example/a", AGENT) is None


def test_asked_once_a_day_and_host():
    site = Site(b"User-agent: *\nDisallow: /", b"")
    robots = site.robots()
    assert not robots.allowed("https://Blatt.example/a", AGENT)
    site.time = DAY - 1
    assert not robots.allowed("https://ich:geheim@blatt.example/b", AGENT)
    assert len(site.asked) == 1
    assert robots.allowed("http://blatt.example/b", AGENT)
    assert robots.allowed("https://blatt.example:8443/b", AGENT)
    site.time = DAY
    assert robots.allowed("https://blatt.example/a", AGENT)
    assert site.asked[1:] == [
        "http://blatt.example/robots.txt",
        "https://blatt.example:8443/robots.txt",
        "https://blatt.example/robots.txt",
    ]


@pytest.mark.parametrize(
    "answer",
    [SourceError("http_status", status=404), SourceError("http_status", status=403),
     SourceError("empty"), Gone("", {}), b"<html>Nicht gefunden</html>"],
)  # fmt: skip
def test_no_rules_allow_everything_for_a_day(answer):
    site = Site(answer)
    robots = site.robots()
    assert robots.allowed("https://blatt.example/a", AGENT)
    site.time = DAY - 1
    assert robots.allowed("https://blatt.example/b", AGENT)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("answer", "wait"),
    [(SourceError("http_status", status=500), 3600), (SourceError("timeout"), 3600),
     (SourceError("refused_address"), 3600), (Retry("", {}, after=None), 3600),
     (Retry("", {}, after=10.0), 3600), (Retry("", {}, after=7200.0), 7200),
     (Retry("", {}, after=9e9), DAY)],
)  # fmt: skip
def test_trouble_closes_for_a_while(answer, wait):
    site = Site(answer, b"")
    robots = site.robots()
    assert not robots.allowed("https://blatt.example/a", AGENT)
    site.time = wait - 1
    assert not robots.allowed("https://blatt.example/a", AGENT)
    site.time = wait
    assert robots.allowed("https://blatt.example/a", AGENT)


def test_no_address_is_not_allowed():
    site = Site(b"")
    for url in ("ftp://blatt.example/a", "blatt", "https://[", "https://e.example:x/"):
        assert not site.robots().allowed(url, AGENT)
    assert site.asked == []


def test_hosts_are_not_kept_without_end():
    site = Site(b"")
    robots = site.robots()
    for number in range(1001):
        robots.allowed(f"https://h{number}.example/", AGENT)
    robots.allowed("https://h1000.example/", AGENT)
    assert len(site.asked) == 1001
    robots.allowed("https://h0.example/", AGENT)
    assert len(site.asked) == 1002


@pytest.mark.parametrize(
    "body",
    [b"\x00\xff" * 999, b"Disallow: /\n" * 99_999, b"User-agent: *\nDisallow: /" + b"*a" * 500],
)
def test_hostile_rules(body):
    assert Site(body).robots().allowed("https://blatt.example/" + "a" * 500, AGENT) in {True, False}


def test_over_a_real_fetcher(server):
    import ipaddress

    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /nein")
    loopback = (ipaddress.ip_network("127.0.0.0/8"),)
    with Fetcher(user_agent=AGENT, allow_networks=loopback) as fetcher:
        robots = Robots(fetcher.get)
        assert robots.allowed(f"{server.url}/ja", AGENT)
        assert not robots.allowed(f"{server.url}/nein", AGENT)
    assert [path for path, _ in server.requests] == ["/robots.txt"]
