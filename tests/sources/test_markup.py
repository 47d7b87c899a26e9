"""HTML of feeds, read without a tree where it is simple: it comes out as from a tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.sources import text as module
from digests.sources.text import decode_html, fold, html_text, parse_html, tidy

WORDS = st.sampled_from(
    ["Wort", " und ", "\n", "  ", "&amp;", "&uuml;", "&#228;", "&lt;b&gt;", "ä\u0308", "\u00ad",
     "x<br>y", "&nbsp;", "&ampx", "<img src='a' alt=\"b\">", "<br/>", "1 > 0", "&#0;", "\u202e"]
)  # fmt: skip
INLINE = st.sampled_from(["b", "i", "em", "strong", "span", "u", "a"])
BLOCK = st.sampled_from(["p", "div", "blockquote", "h2", "ul", "li"])


ATTRIBUTES = st.sampled_from(["", " class='x y'", ' href="/a?b=1&amp;c"', " hidden"])


def wrapped(tags):
    return lambda inner: st.tuples(tags, ATTRIBUTES, st.lists(inner, max_size=4)).map(
        lambda parts: f"<{parts[0]}{parts[1]}>{''.join(parts[2])}</{parts[0]}>"
    )


PHRASES = st.recursive(WORDS, wrapped(INLINE), max_leaves=6)
FLOW = st.lists(
    st.one_of(PHRASES, wrapped(BLOCK)(PHRASES), wrapped(st.just("div"))(wrapped(BLOCK)(PHRASES))),
    max_size=5,
).map("".join)


def from_tree(markup):
    tree = parse_html(markup)
    return module._node_text(tree.body, False)


@settings(max_examples=400)
@given(FLOW)
def test_simple_markup_reads_as_from_a_tree(markup):
    assert module._simple_pieces(markup) is not None
    if "<" in markup or "&" in markup:
        assert html_text(markup) == from_tree(markup)


@pytest.mark.parametrize(
    "markup",
    ["<p>a<script>b</script>", "a < b & c", "<p title='>'>a", "<p a=<b>>x", "<!-- a -->b", "<x>a",
     "<p"],
)  # fmt: skip
def test_all_else_is_left_to_the_tree(markup):
    assert module._simple_pieces(markup) is None
    assert html_text(markup) == from_tree(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Vor<iframe src='x'/> nach</p>", "Vor nach"),
        ("Vor<iframe src='x'> nach", "Vor nach"),
        ("Vor<iframe>nie gesehen</iframe> nach", "Vor nach"),
        ("Vor<object data='x'> nach", "Vor nach"),
        ("Vor<video/> mitten <video>nie</video> nach", "Vor mitten nach"),
        ("Vor<!-- nie --> nach<!-- offen> und weiter", "Vor nach und weiter"),
        ("Vor<script>nie", "Vor"),
        ("Vor<titled> nach", "Vor nach"),
    ],
)
def test_what_is_never_closed_swallows_nothing(markup, text):
    assert html_text(markup) == text


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("\u202eTitel\u2066 x\u2069", "Titel x"),
        ("Za" + "\u0335\u0321\u0322\u0334\u0336\u0337" * 9 + "lgo", "Za\u0335\u0321\u0322lgo"),
        ("\u3164\u2800leer\U000e0041\U000e007f", "leer"),
        ("e\u0301a\u0308", "éä"),
        ("Việt Nam, naïve Grüße", "Việt Nam, naïve Grüße"),
        ("Flagge \U0001f1e9\U0001f1ea", "Flagge \U0001f1e9\U0001f1ea"),
    ],
)
def test_tricks_of_writing(value, plain):
    assert fold(value) == plain


@given(st.text(max_size=80))
def test_tidy_is_idempotent(value):
    once = tidy(value)
    assert tidy(once) == once


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("<meta charset=windows-1251>Привет".encode("cp1251"), ""),
        ("Привет".encode("cp1251"), "text/html; charset=windows-1251"),
        ("<meta charset=koi8-r>Привет".encode("cp1251"), 'text/html; charset="windows-1251"'),
        ("<meta charset=windows-1251>Привет".encode("cp1251"), "text/html; charset=unknown"),
        ("Привет".encode(), "text/html; charset=utf-8"),
        ("Привет".encode("utf-16"), "text/html; charset=iso-8859-1"),
    ],
)
def test_charset_of_a_page(data, header):
    assert decode_html(data, header).endswith("Привет")
