"""Texts and entities as Telegram settles them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi import ApiError, utf16_length
from tests.botapi.entities import (
    MAX_ENTITIES,
    Json,
    checked_link,
    detected,
    entity_text,
    parse,
    settle,
)


def entity(kind: str, offset: int, length: int, **extra: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **extra}


def refusal(text: str, *entities: Json) -> str:
    with pytest.raises(ApiError) as caught:
        settle(text, entities)
    assert caught.value.malformed
    return caught.value.description.removeprefix("Bad Request: ")


def test_offsets_count_utf16_units() -> None:
    settled = settle("😀 Lawrow", [entity("bold", 3, 6)])
    assert settled.spans() == [("bold", "Lawrow")]
    assert settled.length == 9


@pytest.mark.parametrize(
    ("offset", "length", "words"),
    [
        (1, 2, "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (0, 1, "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        (9, 1, "entity beginning at UTF-16 offset 9 ends after the end of the text"),
        (12, 1, "entity begins after the end of the text at UTF-16 offset 12"),
        (3, 7, "ends after the end of the text at UTF-16 offset 10"),
        (-1, 3, "receive an entity with incorrect offset -1"),
        (0, -3, "receive an entity with incorrect length -3"),
    ],
)
def test_entities_must_fit_the_text(offset: int, length: int, words: str) -> None:
    assert words in refusal("😀 Lawrow", entity("bold", offset, length))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (entity("text_link", 0, 2), 'Can\'t find field "url"'),
        (entity("text_mention", 0, 2), 'Can\'t find field "user"'),
        (entity("custom_emoji", 0, 2), 'Can\'t find field "custom_emoji_id"'),
        (entity("date_time", 0, 2), 'Can\'t find field "unix_time"'),
        (entity("heading", 0, 2), "Unsupported type specified"),
        (entity("text_link", 0, 2, url="javascript://x.y"), "Unsupported URL protocol"),
        (entity("text_link", 0, 2, url="http://intern"), "Wrong HTTP URL"),
    ],
)
def test_entities_need_what_their_type_needs(broken: Json, words: str) -> None:
    assert words in refusal("Text", broken)


def test_lone_surrogates_and_endless_texts_are_refused() -> None:
    assert refusal("a\ud800b") == "strings must be encoded in UTF-8"
    assert refusal("a" * 40_000) == "text is too long"


@pytest.mark.parametrize("text", ["", " \n ", "\r\n", "\u202b"])
def test_empty_texts_are_refused_where_text_is_needed(text: str) -> None:
    assert refusal(text) == "text must be non-empty"
    assert settle(text, allow_empty=True).text == ""


@pytest.mark.parametrize("text", ["\u200b", "\xa0\n", "\ufeff", "\u2800", "\U000e0020"])
def test_texts_that_nobody_can_see_are_refused(text: str) -> None:
    assert refusal(text) == "text must be non-empty"
    assert settle(f"{text}x").text.endswith("x")


def test_texts_are_cleaned_and_trimmed_and_entities_follow() -> None:
    settled = settle("\n a\tb\r\nfett  ", [entity("bold", 5, 7)])
    assert settled.text == "a b\nfett"
    assert settled.spans() == [("bold", "fett")]
    assert not settled.oddities


@pytest.mark.parametrize(
    ("given_entities", "spans"),
    [
        # nested bold in italic, link in bold, bold in a quote: fine
        ([entity("italic", 0, 8), entity("bold", 2, 2)], [("italic", "abcdefgh"), ("bold", "cd")]),
        (
            [entity("bold", 0, 4), entity("text_link", 0, 4, url="https://a.de/")],
            [("text_link", "abcd"), ("bold", "abcd")],
        ),
        (
            [entity("blockquote", 0, 8), entity("text_link", 1, 2, url="a.de")],
            [("blockquote", "abcdefgh"), ("text_link", "bc")],
        ),
    ],
)
def test_nesting_that_telegram_allows(
    given_entities: list[Json], spans: list[tuple[str, str]]
) -> None:
    settled = settle("abcdefgh", given_entities)
    assert settled.spans() == spans
    assert not settled.oddities


@pytest.mark.parametrize(
    ("given_entities", "spans", "oddity"),
    [
        (
            [entity("bold", 0, 4), entity("italic", 2, 4)],
            [("bold", "ab"), ("bold", "cd"), ("italic", "cd"), ("italic", "ef")],
            "partly overlaps",
        ),
        ([entity("bold", 0, 4), entity("bold", 2, 4)], [("bold", "abcdef")], "is merged"),
        (
            [entity("blockquote", 0, 8), entity("expandable_blockquote", 2, 4)],
            [("blockquote", "abcdefgh")],
            "can't be nested",
        ),
        ([entity("pre", 0, 6), entity("bold", 1, 2)], [("pre", "abcdef")], "can't be part"),
        (
            [entity("code", 2, 2), entity("bold", 0, 6)],
            [("bold", "ab"), ("code", "cd"), ("bold", "ef")],
            "can't be part",
        ),
        (
            [entity("text_link", 0, 4, url="a.de"), entity("code", 1, 2)],
            [("text_link", "abcd")],
            "can't overlap",
        ),
        (
            [entity("blockquote", 2, 4), entity("text_link", 0, 4, url="a.de")],
            [("blockquote", "cdef")],
            "crosses",
        ),
        ([entity("url", 0, 4)], [], "found by Telegram itself"),
        ([entity("bold", 3, 0)], [], "is empty"),
    ],
)
def test_what_telegram_repairs_is_repaired_and_told(
    given_entities: list[Json], spans: list[tuple[str, str]], oddity: str
) -> None:
    settled = settle("abcdefgh", given_entities)
    assert settled.spans() == spans
    assert any(oddity in told for told in settled.oddities)


def test_a_hundred_entities_are_kept_links_before_bold() -> None:
    given_entities = [entity("bold", n, 1) for n in range(0, 120, 2)]
    given_entities += [entity("text_link", n, 1, url="a.de") for n in range(1, 121, 2)]
    settled = settle("x" * 121, given_entities)
    assert len(settled.entities) == MAX_ENTITIES
    assert sum(e["type"] == "text_link" for e in settled.entities) == 60
    assert "Telegram keeps 100" in settled.oddities[0]


@given(
    text=st.text(st.sampled_from("ab \n\r\u202eä😀"), max_size=30),
    spans=st.lists(
        st.tuples(
            st.sampled_from(["bold", "italic", "code", "blockquote", "pre"]),
            st.integers(0, 29),
            st.integers(1, 30),
        ),
        max_size=6,
    ),
)
def test_settled_entities_always_fit_and_nest(text: str, spans: list[tuple[str, int, int]]) -> None:
    whole = "\ufeff".join(["x", text, "x"])
    units = [0]
    for char in whole:
        units.append(units[-1] + utf16_length(char))
    given_entities = [
        entity(kind, units[start % len(whole)], units[end] - units[start % len(whole)])
        for kind, start, end in spans
        if start % len(whole) < end <= len(whole)
    ]
    settled = settle(whole, given_entities)
    again = settle(settled.text, settled.entities)
    assert (again.text, again.entities) == (settled.text, settled.entities)
    assert not any("overlap" in told or "nested" in told for told in again.oddities)
    for found in settled.entities:
        assert entity_text(settled.text, found)
        for other in settled.entities:
            ends = found["offset"] + found["length"], other["offset"] + other["length"]
            assert not found["offset"] < other["offset"] < ends[0] < ends[1]


@pytest.mark.parametrize(
    ("link", "stored"),
    [
        ("https://Example.org", "https://example.org/"),
        ("example.org/a?b=1#c", "http://example.org/a?b=1#c"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
        ("tg://resolve?domain=a", "tg://resolve?domain=a"),
        ("https://u@example.org:8080/ä", "https://u@example.org:8080/ä"),
        ("http://[::1]/", "http://[::1]/"),
    ],
)
def test_links_are_stored_in_one_form(link: str, stored: str) -> None:
    assert checked_link(link) == stored


@pytest.mark.parametrize(
    "link", ["", "http://", "http://localhost", "ftp://a.de/x", "http://a.de:99999/", "a b.de"]
)
def test_links_that_are_none(link: str) -> None:
    with pytest.raises(ValueError, match="is invalid"):
        checked_link(link)


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("<b>fett</b> &amp; <i>k</i>", "fett & k", [("bold", "fett"), ("italic", "k")]),
        ("<B>a<u>b</u></B>", "ab", [("bold", "ab"), ("underline", "b")]),
        ('<a href="https://a.de/?x=1&amp;y=2">A</a>', "A", [("text_link", "A")]),
        ("<a>a.de</a>", "a.de", [("text_link", "a.de")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("<span class='tg-spoiler'>s</span>", "s", [("spoiler", "s")]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", "x")]),
        ('<tg-time unix="1">t</tg-time>', "t", [("date_time", "t")]),
        ("a &nbsp;&#228;&#x1F600; 1 &lt; 2", "a &nbsp;ä😀 1 < 2", []),
        ("<b></b>leer", "leer", []),
    ],
)
def test_html(source: str, text: str, spans: list[tuple[str, str]]) -> None:
    parsed = parse(source, "HTML")
    assert parsed.text == text
    assert parsed.spans() == spans
    assert not parsed.oddities


def test_html_keeps_the_language_of_code() -> None:
    parsed = parse('<pre><code class="language-python">x = 1</code></pre>', "HTML")
    assert parsed.entities == ({"type": "pre", "offset": 0, "length": 5, "language": "python"},)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("ä<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", "Unsupported start tag"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", "Expected equal sign"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier"),
        ("<b>x</b", "Unclosed end tag"),
    ],
)
def test_html_that_telegram_refuses(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse(source, "HTML")
    assert caught.value.description.startswith("Bad Request: can't parse entities: ")
    assert words in caught.value.description


def test_html_links_that_telegram_drops() -> None:
    parsed = parse('<a href="http://intern">x</a>', "html")
    assert parsed.entities == ()
    assert "link is dropped" in parsed.oddities[0]


def test_other_parse_modes_are_refused_in_words() -> None:
    with pytest.raises(ApiError, match="does not read parse_mode MarkdownV2"):
        parse("*a*", "MarkdownV2")
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        parse("a", "bbcode")


def test_what_telegram_finds_in_peoples_texts() -> None:
    text = "/actor@dep_bot 😀 Lawrow https://a.de/x. @jemand #Wahl a@b.de 1/2"
    found = [(e["type"], entity_text(text, e)) for e in detected(text)]
    assert found == [
        ("bot_command", "/actor@dep_bot"),
        ("url", "https://a.de/x"),
        ("mention", "@jemand"),
        ("hashtag", "#Wahl"),
        ("email", "a@b.de"),
    ]
