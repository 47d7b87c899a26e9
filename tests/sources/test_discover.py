from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.discover import FeedLink, discover, typed_address, usual_addresses

PAGE = "https://blatt.example/politik/"


def found(body, url=PAGE, **headers):
    html = body if isinstance(body, bytes) else body.encode()
    return discover(html, url, {name.replace("_", "-"): value for name, value in headers.items()})


def urls(body, **headers):
    return [link.url for link in found(body, **headers)]


def test_links_in_the_head():
    assert found(
        """<!doctype html><html><head><title>Blatt</title>
        <link rel="stylesheet" type="text/css" href="/x.css">
        <link rel="alternate" type="application/rss+xml" title="Blatt &amp; Bote" href="/rss.xml">
        <LINK REL='home ALTERNATE' TYPE='Application/Atom+XML; charset=utf-8' HREF='atom'>
        <link rel=alternate type=application/feed+json href=//feeds.example/f.json>
        <link rel="alternate" hreflang="en" href="/en/">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
        <link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">
        <link rel="alternate" type="text/xml" href="/feed/">
        </head><body><a href="/anderes.rss">RSS</a></body></html>"""
    ) == (
        FeedLink("https://blatt.example/rss.xml", "Blatt & Bote", "application/rss+xml"),
        FeedLink("https://blatt.example/politik/atom", "", "application/atom+xml"),
        FeedLink("https://feeds.example/f.json", "", "application/feed+json"),
        FeedLink("https://blatt.example/feed/", "", "text/xml"),
    )


def test_base_order_and_each_once():
    assert urls(
        """<base href="/b/"><link rel="alternate" type="application/rss+xml" href="2">
        <link rel="alternate" type="application/rss+xml" href="1">
        <link rel="alternate" type="application/rss+xml" href="2#oben">
        <link rel="feed" href="3">"""
    ) == [f"https://blatt.example/b/{number}" for number in (2, 1, 3)]


def test_header_links_come_first():
    link = (
        '<https://blatt.example/>; rel="canonical", </f?a=1,2>; rel=alternate; title="F; G"; '
        'type="application/atom+xml"'
    )
    assert found("<p>x", link=link) == (
        FeedLink("https://blatt.example/f?a=1,2", "F; G", "application/atom+xml"),
    )


def test_plain_links_only_where_nothing_is_declared():
    body = """<a href="feed://blatt.example/a">A</a><a href="feed:https://blatt.example/b.rss">B</a>
        <a href="/c/rss"> Alle <b>Meldungen</b></a><a href="/rss-uebersicht.html">nein</a>
        <a href="/d.xml" type="application/rss+xml">D</a><a href="/?format=feed&amp;type=rss">E</a>
        <a href="/feedback">nein</a><a href="/embargo.rdf">F</a><a href="/rss.png">nein</a>
        <a href="https://feeds.example/blatt">G</a><a href="javascript:rss()">nein</a>
        <a href="/presse">nein</a><a href="mailto:rss@blatt.example">nein</a>"""
    links = found(body)
    assert [link.url for link in links] == [
        "https://blatt.example/a" if False else "https://blatt.example/b.rss",
        "https://blatt.example/c/rss",
        "https://blatt.example/d.xml",
        "https://blatt.example/?format=feed&type=rss",
        "https://blatt.example/embargo.rdf",
        "https://feeds.example/blatt",
    ]
    assert links[1].title == "Alle Meldungen"
    assert urls(body + '<link rel="alternate" type="application/rss+xml" href="/x">') == [
        "https://blatt.example/x"
    ]


def test_encodings_and_what_is_no_page():
    body = '<link rel=alternate type=application/rss+xml href=/x title="Österreich">'
    assert found(body.encode("cp1252"), content_type="text/html; charset=cp1252")[0].title == (
        "Österreich"
    )
    assert found(b"") == found(b"\x00\x01\x02" * 50) == found("kein HTML") == ()
    assert urls('<link rel=alternate type=application/rss+xml href="http://[">') == []
    assert urls(f'<link rel=alternate type=application/rss+xml href="{PAGE}#x">') == []


def test_no_more_than_fifty():
    body = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}>" for n in range(80))
    assert len(urls(body)) == 50


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_page(body, link):
    for feed in found(f"<a href='/rss'>{body}", link=link):
        assert feed.url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("https://blatt.example", ["feed", "rss.xml", "rss", "feed.xml", "atom.xml", "index.xml"]),
        ("https://blatt.example/politik/?x=1",
         ["politik/feed", "politik/rss", "feed", "rss.xml", "rss", "feed.xml"]),
        ("https://blatt.example/politik/index.html",
         ["politik/feed", "politik/rss", "feed", "rss.xml", "rss", "feed.xml"]),
    ],
)  # fmt: skip
def test_usual_addresses(url, want):
    assert list(usual_addresses(url)) == [f"https://blatt.example/{path}" for path in want]


def test_usual_addresses_of_nothing():
    assert usual_addresses("ftp://blatt.example") == usual_addresses("blatt") == ()


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("https://blatt.example/feed", "https://blatt.example/feed"),
        ("HTTP://blatt.example", "HTTP://blatt.example"),
        ("feed:https://blatt.example/x", "https://blatt.example/x"),
        ("feed://blatt.example/x", "https://blatt.example/x"),
        ("feed:blatt.example/x", "https://blatt.example/x"),
        (" blatt.example ", "https://blatt.example"),
        ("zeitung.blatt.example:8080/x?y=1#z", "https://zeitung.blatt.example:8080/x?y=1#z"),
        ("bücher.example?a=b", "https://bücher.example?a=b"),
        ("bruecke:3000/?x", "https://bruecke:3000/?x"),
        ("[2001:db8::1]:80/x", "https://[2001:db8::1]:80/x"),
        ("blatt", None),
        ("ftp://blatt.example/x", None),
        ("javascript:alert(1)", None),
        ("post@blatt.example", None),
        ("blatt.example/a b", None),
        ("http:///x", None),
        ("", None),
    ],
)
def test_typed_addresses(words, address):
    assert typed_address(words) == address
