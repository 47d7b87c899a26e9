"""What feedparser's own test files expect, held against what a reader of Depesche is shown.

The comment at the top of each file holds a condition over that library's result. Of its
equations those are checked that concern what Depesche uses: titles, links, ids, dates,
texts, languages, and how many entries there are.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digests.errors import SourceError
from digests.sources.feed import parse_feed
from digests.sources.text import fold, html_text, language_code

BENCH = Path(__file__).parents[2] / "../shared/bench/feeds/feedparser"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATES = {"published_parsed", "updated_parsed", "created_parsed", "modified_parsed", "issued_parsed"}


def equations(expectation):
    """The (path, value) pairs of ``a['b'][0] == literal`` in a conjunction."""
    try:
        tree = ast.parse(expectation.strip(), mode="eval").body
    except SyntaxError:
        return
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for part in parts:
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq):
            try:
                yield path_of(part.left), ast.literal_eval(part.comparators[0])
            except ValueError:
                continue


def path_of(node):
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            return (*path_of(value), key)
        case ast.Attribute(value=value, attr=key):
            return (*path_of(value), key)
        case ast.Call(func=ast.Name(id="len"), args=[value]):
            return ("len", *path_of(value))
    raise ValueError


def words(text):
    return re.findall(r"\w+", text)


def shown(want):
    """How a value that may or may not be HTML may come out as plain text."""
    return {fold(want), fold(html_text(want)), fold(html_text(html_text(want)))}


def verdict(feed, path, want):
    """True, False, or None where Depesche does not use the field."""
    match path:
        case ("len", "entries"):
            return len(feed.entries) == want
        case ("feed", "title") | ("feed", "title_detail", "value"):
            return feed.title in shown(want)
        case ("feed", "link"):
            return feed.link == want or not want.startswith("http")
        case ("feed", "language"):
            return feed.language == language_code(want)
        case ("entries", int(number), *rest):
            return of_entry(feed.entries[number], tuple(rest), want)
    return None


def of_entry(draft, path, want):
    title, body = draft.text[: draft.title_end], draft.text[draft.title_end :]
    match path:
        case ("title",) | ("title_detail", "value"):
            return title in shown(want)
        case ("link",):
            return draft.url == want or not want.startswith("http")
        case ("id",) | ("guid",):
            return draft.key == want
        case ("source", "title"):
            return (draft.outlet or "") in shown(want)
        case (field,) if field in DATES and want is not None:
            return draft.published.at == datetime(*want[:6], tzinfo=UTC)
        case ("description" | "summary",) | ("summary_detail", "value") | ("content", 0, "value"):
            return body_is(body, title, want)
    return None


def body_is(body, title, want):
    given = words(body) or words(title)  # a text that only repeats the title is left out
    return any(given == words(text) for text in shown(want)) or not (words(want) or words(body))


# Where Depesche does otherwise, and why.
OTHERWISE = {
    "wellformed/atom10/entry_content_and_summary.xml": "of several texts the longest is shown",
    "wellformed/rss/item_description_and_summary.xml": "of several texts the longest is shown",
    "wellformed/rss/item_description_br_shorttag.xml": "a line 'x' is the button of a network",
    "wellformed/rss/item_summary_and_description.xml": "of several texts the longest is shown",
    "wellformed/sanitize/entry_content_iframe.xml": "what stands within an iframe is never seen",
    "wellformed/sanitize/entry_summary_iframe.xml": "what stands within an iframe is never seen",
}


def files():
    return sorted(path for path in BENCH.rglob("*.xml") if path.is_file())


def expectation(data):
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037"):
        found = re.search(r"Expect:[ \t]*(.*)", data[:8000].decode(encoding, "replace"))
        if found:
            return found[1]
    return ""


def headers_of(data):
    head = data[:2000].decode("latin-1")
    lines = re.findall(r"^Header:\s*([\w-]+):(.*)$", head, re.MULTILINE)
    return {name.lower(): value.strip() for name, value in lines}


@pytest.mark.skipif(not BENCH.is_dir(), reason="the collection of feeds is not at hand")
def test_collection_meets_its_stated_expectations():
    checked, failed = Counter(), {}
    for path in files():
        name = path.relative_to(BENCH).as_posix()
        data = path.read_bytes()
        wanted = list(equations(expectation(data)))
        try:
            feed = parse(data, name)
        except SourceError:
            assert not wanted, name
            continue
        for field, want in wanted:
            met = verdict(feed, field, want)
            if met is False:
                failed[name] = (field, want)
            elif met:
                checked[field[-1] if field[0] == "feed" else field[2 if len(field) > 2 else 1]] += 1
    assert failed.keys() == OTHERWISE.keys(), failed
    assert sum(checked.values()) > 1100, checked
    assert {"title", "link", "id", "published_parsed", "updated_parsed"} <= checked.keys()
    assert checked["description"] > 400


@pytest.mark.skipif(not BENCH.is_dir(), reason="the collection of feeds is not at hand")
def test_encodings_of_the_collection():
    """A title in a legacy encoding comes out as letters, whatever the file or the header says."""
    broken = [
        path.name
        for path in (BENCH / "encoding").iterdir()
        if "\ufffd" in parse(path.read_bytes(), path.name).title
    ]
    assert broken == []


def parse(data, name):
    url = f"http://127.0.0.1:8097/{name}"  # the address that the expectations speak of
    return parse_feed(data, url=url, headers=headers_of(data), now=NOW)
