from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import SourceError
from digests.sources.text import (
    decode,
    fold,
    html_text,
    language_code,
    read_page,
    tidy,
    web_address,
)
from digests.types import UNDATED, Precision, Published

BERLIN = ZoneInfo("Europe/Berlin")
GERMAN = "Über Größe, „Maß“ und Öl – für 5 € sagte er: ‚ja‘…"
PRINTABLE = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]))


# --- decode -----------------------------------------------------------------


@given(PRINTABLE)
def test_utf8_round_trip(text):
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(PRINTABLE, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_byte_order_marks_round_trip(text, encoding):
    assert decode(text.encode(encoding)) == text


@given(st.lists(st.sampled_from(GERMAN.split()), min_size=1))
def test_cp1252_round_trip(words):
    text = " ".join(words)
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_by_either_mark(encoding):
    assert decode(("\ufeff" + GERMAN).encode(encoding)) == GERMAN


def test_utf8_with_a_broken_byte_stays_utf8():
    data = GERMAN.encode() + b" \xc3 " + GERMAN.encode()
    assert decode(data) == f"{GERMAN} \ufffd {GERMAN}"
    assert decode(GERMAN.encode()[:-1]) == GERMAN[:-1] + "\ufffd"


def test_bytes_that_mean_nothing_in_cp1252():
    assert decode(b"Gr\xf6\xdfe \x81 \x80") == "Größe \ufffd €"


def test_stray_nul_is_dropped():
    assert decode(b"eins\x00 zwei " + b"x" * 200) == "eins zwei " + "x" * 200


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"PK\x03\x04" + b"\x00\x01" * 50,
        "Text".encode("utf-16-le") * 20,
        b"\x00" * 100,
    ],
)
def test_binary_is_undecodable(data):
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert caught.value.code == "undecodable"


@given(st.binary())
def test_decode_raises_nothing_else(data):
    with suppress(SourceError):
        assert "\x00" not in decode(data)


# --- small things -----------------------------------------------------------


def test_tidy():
    assert tidy(" a\u00a0\u2009b \r\nc\u200b\u00ad\u202ed\ufeff\x07") == "a b\ncd"
    assert tidy("\ud800x") == "x"
    assert fold(" a \n\n b ") == "a b"


@given(st.text())
def test_tidy_is_stable(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("value", "code"),
    [("de", "de"), ("de-AT", "de"), ("DE_de", "de"), ("deu", "de"), ("Deutsch", "de"),
     ("en-us", "en"), ("english", "en"), ("xyz", None), ("", None), (None, None), ("d", None)],
)  # fmt: skip
def test_language_code(value, code):
    assert language_code(value) == code


@pytest.mark.parametrize(
    ("value", "base", "address"),
    [
        ("/a", "https://e.org/b/c", "https://e.org/a"),
        (" https://e.org/a\n", None, "https://e.org/a"),
        ("https://e.org/a?b=1", "https://f.org/c", "https://e.org/a?b=1"),
        ("https://e.org/a?#", "https://f.org/c", "https://e.org/a"),
        ("//e.org/a", "https://f.org/c", "https://e.org/a"),
        ("a", None, None),
        ("javascript:alert(1)", "https://e.org/", None),
        ("data:text/html,x", None, None),
        ("http://[::1", None, None),
        ("http:///x", None, None),
        ("", "https://e.org/", None),
        (None, "https://e.org/", None),
    ],
)
def test_web_address(value, base, address):
    assert web_address(value, base) == address


# --- fragments --------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("kein <b>Markup</b> &amp; mehr", "kein Markup & mehr"),
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("Eins<br>Zwei<br/><br/>Drei", "Eins\nZwei\n\nDrei"),
        ("<div>Eins<div>Zwei</div>Drei</div>", "Eins\n\nZwei\n\nDrei"),
        ("<ul><li>Eins</li><li>Zwei</li></ul>", "Eins\n\nZwei"),
        ("<p>Ein\n  Satz\tmit\nUmbruch</p>", "Ein Satz mit Umbruch"),
        ("<p>vor<script>alert('x')</script><style>p{}</style> nach</p>", "vor nach"),
        ("<figure><img alt='x'><figcaption>Bildtext</figcaption></figure><p>T</p>", "T"),
        ("<p>a<!-- nein -->b</p>", "ab"),
        ("Ver&shy;hand&shy;lung&nbsp;1", "Verhandlung 1"),
        ("&lt;p&gt; bleibt", "<p> bleibt"),
        ("<p>Wort<b>teil</b></p>", "Wortteil"),
        ("<h1></h1><p> </p>", ""),
        ("", ""),
        ("5 < 6", "5 < 6"),
    ],
)
def test_html_text(markup, text):
    assert html_text(markup) == text


def test_deep_html_is_no_trouble():
    assert html_text("<div>" * 20_000 + "tief" + "</div>" * 20_000) == "tief"


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>", "</p>", "<b", ">", "&", "<!--", "x", " "])).map("".join)
)
def test_html_text_never_raises(markup):
    html_text(markup)


# --- pages ------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html lang="de-DE"><head><meta charset="utf-8">
<title>Titel der Seite | Beispielblatt</title>
<meta property="og:title" content="Titel für Netze">
<meta property="og:site_name" content="Beispielblatt">
<link rel="canonical" href="/politik/artikel">
{head}</head><body>
<header><p>Beispielblatt, die Zeitung für alle Fälle und noch viele mehr</p></header>
<nav><ul><li>Politik</li></ul></nav>
<main><article><header><h1>Titel des Berichts</h1>{time}<p>Anriss des Berichts.</p></header>
<div class="social-share"><p>Teilen Sie das!</p></div>
<p>Erster Absatz mit genug Text, damit er den Artikel zum größten der Seite macht.</p>
<figure><img src="x.jpg"><figcaption>Bildtext</figcaption></figure>
<h2>Zwischenüberschrift</h2>
<p>Zweiter Absatz,<br>umbrochen.</p>
<div class="article__related-teaser"><p>Mehr davon</p></div>
</article><article><p>Ein anderer Bericht.</p></article></main>
<aside><p>Nebensache</p></aside><footer><p>Impressum</p></footer>
<div id="cookie-banner"><p>Kekse?</p></div></body></html>"""


def page(head="", time="", **settings):
    data = PAGE.replace("{head}", head).replace("{time}", time).encode()
    return read_page(data, zone=BERLIN, **{"url": "https://example.org/x", **settings})


def test_page():
    read = page()
    assert read.text.split("\n\n") == [
        "Titel des Berichts",
        "Anriss des Berichts.",
        "Erster Absatz mit genug Text, damit er den Artikel zum größten der Seite macht.",
        "Zwischenüberschrift",
        "Zweiter Absatz,\numbrochen.",
    ]
    assert read.declared.title == "Titel des Berichts"
    assert read.declared.language == "de"
    assert read.declared.url == "https://example.org/politik/artikel"
    assert read.declared.outlet == "Beispielblatt"
    assert read.declared.published == UNDATED


LINKED = json.dumps(
    {"@graph": [{"@type": "X"}, {"@type": "NewsArticle", "datePublished": "2022-01-25T00:42Z"}]}
)


@pytest.mark.parametrize(
    ("head", "time"),
    [
        ('<meta property="article:published_time" content="2022-01-25T01:42:00+01:00">', ""),
        ('<meta name="date" content="2022-01-25T01:42">', ""),
        ('<meta itemprop="datePublished" content="2022-01-25T00:42:00Z">', ""),
        (f'<script type="application/ld+json">{LINKED}</script>', ""),
        ('<script type="application/ld+json">{broken</script>',
         '<time datetime="2022-01-25T00:42Z">gestern</time>'),
        ("", '<time datetime="2022-01-25 01:42">25. Januar</time>'),
    ],
)  # fmt: skip
def test_page_date(head, time):
    assert page(head, time).declared.published == Published(
        datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE
    )


def test_page_day_is_a_day():
    head = '<meta property="article:published_time" content="2022-01-25">'
    assert page(head).declared.published == Published.on(2022, 1, 25)


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Nur dies | Blatt</title><p>x</p>", "Nur dies"),
        ('<meta property="og:title" content="Netz &amp; Titel"><title>y</title>', "Netz & Titel"),
        ("<p>x</p>", ""),
        ("", ""),
    ],
)
def test_page_title(markup, title):
    assert read_page(markup.encode(), zone=BERLIN).declared.title == title


def test_page_in_a_declared_charset():
    markup = '<meta charset="iso-8859-2"><h1>Wałęsa</h1><p>ž</p>'
    read = read_page(markup.encode("iso-8859-2"), zone=BERLIN)
    assert read.declared.title == "Wałęsa"
    old = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><h1>„Öl“</h1>'
    assert read_page(old.encode("cp1252"), zone=BERLIN).declared.title == "„Öl“"
    wrong = '<meta charset="nonsense"><h1>Öl</h1>'
    assert read_page(wrong.encode(), zone=BERLIN).declared.title == "Öl"


def test_page_that_is_none():
    with pytest.raises(SourceError) as caught:
        read_page(bytes(range(256)) * 4, zone=BERLIN)
    assert caught.value.code == "undecodable"


@given(st.text())
def test_pages_raise_nothing_else(markup):
    with suppress(SourceError):
        read_page(markup.encode("utf-8", "surrogatepass"), zone=BERLIN)
