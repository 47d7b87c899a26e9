"""Feeds mutated at random: the same mutations as ``benchmarks.fuzz_feeds`` tries for longer."""

from __future__ import annotations

import random
import warnings

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_feeds import MUTATIONS, SEEDS, check, mutate
from digests.sources.feed import parse_feed
from tests.sources.test_feed import NOW, parse, rss


# A finding is not shrunk: inputs are large, and a slow one is slow each time.
@settings(max_examples=150, deadline=None, phases=(Phase.reuse, Phase.generate))
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_mutated_feeds(seed, chance):
    check(mutate(seed, chance))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes(data):
    check(data)
    check(b"<rss><channel>" + data)


def test_seeds_are_whole_and_mutations_change_them():
    chance = random.Random(1)
    entries = 0
    for seed in SEEDS[:6]:
        entries += len(parse_feed(seed, url="https://e.example/", headers={}, now=NOW).entries)
    assert entries == 7
    for change in MUTATIONS:
        assert any(change(seed, chance) != seed for seed in SEEDS)


# --- what takes feedparser quadratic time, or for ever ----------------------

MANY = 30_000


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "inner",
    [
        "<item>" * MANY,
        "<a>" * MANY,
        "<item><title>T</title></item>" + "<b><c>" * MANY,
        "<item " + "".join(f"a{n}='' " for n in range(MANY)) + "/>",
        "<item " + "".join(f"a{n}='' " for n in range(MANY)) + "/></broken>",
        "<item><author>" + "a." * MANY + "@</author></item>",
        "<managingEditor>" + "a@" * MANY + "</managingEditor></x>",
        "<item><description>" + "&lt;iframe&gt;" * MANY + "</description></item>",
        "<item><description>" + "&lt;!--" * MANY + "</description></item>",
        "<item><description><![CDATA[" + "<table><tr>" * MANY + "]]></description></item>",
        "<item><description>" + "Von A " * MANY + "</description></item>",
        "<item><description>" + "Foto: " * MANY + "</description></item>",
        "<item><description>" + "(" * MANY + "</description></item>",
    ],
    ids=lambda inner: inner[:30],
)
def test_hostile_repetition_takes_no_longer_than_its_length(inner):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(rss(head=inner).encode())


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "data",
    [
        b"<?xml " + b"encoding='x'" * MANY + b"?><rss/>",
        ("<?xml " + "encoding='x'" * MANY + "?><rss/>").encode("utf-16"),
        b"<?xml version='1.0'?>" + b"\n" * MANY * 10 + b"<rss version='2.0'/>",
        b"<?xml version='1.0'?><!DOCTYPE rss [" + b"\n<!ENTITY" * MANY + b"<rss version='2.0'/>",
        b"<html>" + b"<p>x" * MANY * 5,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * MANY,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * MANY,
    ],
    ids=lambda data: repr(data[:30]),
)
def test_hostile_heads(data):
    check(data)


def test_what_was_read_before_a_limit_stays():
    feed = parse(rss("<title>Eins</title>", head="").replace("</channel>", "<a>" * 1000))
    assert [found.text for found in feed.entries] == ["Eins"]
    assert feed.outcome == "partial"


def test_no_cap_below_many_entries():
    feed = parse(rss(*(f"<guid>{n}</guid>" for n in range(2500))))
    assert len(feed.entries) == len({found.key for found in feed.entries}) == 2500
    assert feed.outcome == "ok"


def test_cap():
    feed = parse(rss(*(f"<guid>{n}</guid>" for n in range(10_050))))
    assert (len(feed.entries), feed.outcome) == (10_000, "partial")


def test_entity_bombs_stay_small():
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for entities in (f'<!ENTITY l0 "lol">{nested}', f'<!ENTITY l9 "{"a" * 50_000}">'):
        bomb = f"<!DOCTYPE rss [{entities}]>" + rss(
            f"<title>T</title><description>{'&l9;' * 1000}</description>"
        ).removeprefix('<?xml version="1.0"?>')
        feed = parse(bomb)
        assert sum(len(found.text) for found in feed.entries) < 2_000_000


def test_no_file_is_read_through_an_entity(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    feed = parse(
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel>'
        "<item><title>T</title><description>&x;</description></item></channel></rss>"
    )
    assert "geheim" not in feed.entries[0].text
