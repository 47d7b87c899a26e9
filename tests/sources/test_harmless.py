"""Hostile markup is cut down before it is parsed; usual pages come through as they are."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.sources.discover import discover
from digests.sources.markup import harmless
from digests.sources.text import html_text, parse_html

NAMES = [
    "div", "p", "li", "dd", "dt", "ul", "dl", "table", "tr", "td", "th", "tbody", "caption",
    "colgroup", "select", "option", "optgroup", "b", "i", "font", "a", "nobr", "button", "form",
    "h1", "span", "x", "svg", "math", "g", "title", "script", "style", "textarea", "iframe",
    "template", "object", "marquee", "frameset", "body", "html", "head", "noscript", "plaintext",
    "xmp", "ruby", "rt", "foreignObject", "br", "hr", "details",
]  # fmt: skip
OTHER = [
    "<!--", "-->", "<![CDATA[", "]]>", "<!x", "<?y", ">", "<", "</", "'", '"', "text", "&amp;",
    "/>", "</3 ", " a=", "=",
]  # fmt: skip
TAGS = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["", " a=1", "/", ' x=">"', " a='"]), st.booleans()
).map(lambda tag: f"</{tag[0]}>" if tag[2] else f"<{tag[0]}{tag[1]}>")
SOUP = st.lists(st.one_of(TAGS, TAGS, st.sampled_from(OTHER)), min_size=1, max_size=8).map("".join)


def depth(tree):
    node, depth, deepest = tree.root, 0, 0
    while node is not None:
        deepest = max(deepest, depth)
        if node.first_child is not None:
            node, depth = node.first_child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    return deepest


def size(tree):
    return len(tree.html or "")


@settings(max_examples=200, deadline=None)
@given(SOUP, SOUP)
def test_no_markup_nests_for_ever(before, soup):
    tree = parse_html(before + soup * (6_000 // len(soup)))
    assert depth(tree) <= 450  # of table and cell, a parser makes four


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<li><dd>" * 50_000,
        "<select>" + "<option>" * 50_000,
        "<div>" * 500 + "</section>" * 50_000,
        "<div><object></div></object>" * 20_000,
        "<div><!-- </div> -->" * 20_000,
        "<select><style><input>" + "<div>" * 50_000 + "</style>",
        "<textarea><script></textarea>" + "<div>" * 50_000 + "</script>",
        "<script>" * 50_000,
        "<!--" * 50_000,
        "<svg>" * 50_000,
        "<a " * 50_000,
        "".join(f"<b a={n}>" for n in range(500)) + "<div>" * 500 + "</b>" * 5_000,
    ],
    ids=lambda markup: markup[:20],
)
def test_nothing_takes_long(markup):
    started = time.process_time()
    parse_html(markup)
    discover(markup.encode(), "https://blatt.example/", {"content-type": "text/html"})
    assert time.process_time() - started < 3


def test_formatting_is_not_opened_anew_in_every_paragraph():
    """A parser opens what was never ended again: 18 KB would become 600,000 elements."""
    open_ones = "<p>" + "".join(f"<b a={n}>" for n in range(300)) + "</p>"
    tree = parse_html(open_ones + "<p>x</p>" * 2_000)
    assert size(tree) < 100_000


def test_a_usual_page_is_read_as_before():
    article = "".join(
        f"<p class='a'>Absatz <b>{n}</b> &amp; <i>mehr</i>.<br>Zeile</p>" for n in range(99)
    )
    page = f"<html><body><div><ul><li>Eins<li>Zwei</ul><!-- <b> -->{article}</div></body></html>"
    assert len(page) > 2_000
    text = html_text(page)
    assert text.startswith("Eins\n\nZwei\n\nAbsatz 0 & mehr.\nZeile\n\nAbsatz 1")
    assert text.count("\n\n") == 100


def test_lists_and_tables_without_end_tags_lose_nothing():
    rows = "".join(f"<tr><td>{n}<td>x" for n in range(500))
    items = "".join(f"<li>{n}<p>x" for n in range(500))
    before = f"<div><table>{rows}</table></div><ul>{items}</ul><p>Ende.</p>"
    assert harmless(before) == before


def test_scripts_keep_their_data():
    data = {"@type": "NewsArticle", "articleBody": "<p>Eins</p> <!-- a --> </div>" * 100}
    page = f'<script type="application/ld+json">{json.dumps(data)}</script><title>a < b</title>'
    tree = parse_html(page)
    assert json.loads(tree.css_first("script").text()) == data
    assert tree.css_first("title").text() == "a < b"


def test_heavy_tags_lose_their_attributes():
    many = "".join(f"a{number}='>' " for number in range(300))
    assert html_text(f"<p {many}>Eins</p><p b='2'>Zwei</p>" + "<x>" * 500) == "Eins\n\nZwei"
    few = f"<p title='{'a b=c ' * 900}'>Eins</p><x>"
    assert harmless(few) == few


@given(SOUP)
def test_harmless_is_idempotent(soup):
    once = harmless(soup * (2_500 // len(soup) + 1))
    assert len(once) < 2_000 or harmless(once) == once
