from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import SourceError
from digests.sources.opml import FeedRef, read_feeds_file, write_opml

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Meine Feeds</title></head><body>
<outline text="Nachrichten">
  <outline title="Inland &amp; Ausland" text="x">
    <outline type="rss" text="Blatt" xmlUrl="https://example.org/feed" htmlUrl="https://example.org"/>
  </outline>
  <outline type="rss" title="Bote" text="b" xmlurl="http://example.net/rss"/>
</outline>
<outline type="rss" text="Ohne Ordner" XMLURL="feed://example.com/atom"/>
<outline type="rss" text="Noch einmal" xmlUrl="https://example.org/feed"/>
<outline type="link" text="Kein Feed" url="https://example.org/seite"/>
</body></opml>"""


def test_opml_with_folders():
    assert read_feeds_file(OPML.encode()) == (
        FeedRef("https://example.org/feed", "Blatt", ("Nachrichten", "Inland & Ausland")),
        FeedRef("http://example.net/rss", "Bote", ("Nachrichten",)),
        FeedRef("https://example.com/atom", "Ohne Ordner"),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings(encoding):
    declared = encoding.replace("-sig", "").upper()
    text = OPML.replace("UTF-8", declared).replace("Blatt", "Grünes Blatt")
    assert read_feeds_file(text.encode(encoding))[0].title == "Grünes Blatt"


def test_lines_with_comments():
    text = (
        "# unsere Feeds\r\n\r\nhttps://example.org/feed Ein Blatt # gut\n"
        "  http://example.net/rss#teil\nexample.com/atom\nfeed:https://example.edu/x\n"
        "https://example.org/feed\n"
    )
    assert read_feeds_file(text.encode("utf-8-sig")) == (
        FeedRef("https://example.org/feed", "Ein Blatt"),
        FeedRef("http://example.net/rss#teil"),
        FeedRef("https://example.com/atom"),
        FeedRef("https://example.edu/x"),
    )


@pytest.mark.parametrize("data", [b"", b"# nichts\n\n", b"\xef\xbb\xbf"])
def test_nothing(data):
    assert read_feeds_file(data) == ()


BOMB = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="http://e.org/"/></body></opml>"""
OUTSIDE = """<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml><body/></opml>"""


@pytest.mark.parametrize(
    ("data", "params"),
    [
        (BOMB.encode(), {"reason": "document type"}),
        (OUTSIDE.encode(), {"reason": "document type"}),
        (b"<opml><body>", {"reason": "broken XML"}),
        (b"<html><body/></html>", {"reason": "no OPML"}),
        (b"https://e.org/\nkeine Adresse\n", {"line": 2}),
        (b"javascript:alert(1)", {"line": 1}),
    ],
)
def test_unreadable(data, params):
    with pytest.raises(SourceError) as caught:
        read_feeds_file(data)
    assert caught.value.code == "unreadable"
    assert params.items() <= caught.value.params.items()


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b'<?xml version="1.0" encoding="x-no"?><opml/>']
)
def test_undecodable(data):
    with pytest.raises(SourceError) as caught:
        read_feeds_file(data)
    assert caught.value.code in {"undecodable", "unreadable"}


def test_written_opml():
    feeds = (
        FeedRef("https://example.org/a?x=1&y=2", 'Das "Blatt" <1>', ("Nachrichten", "Inland")),
        FeedRef("https://example.org/b", None, ("Nachrichten",)),
        FeedRef("https://example.org/c"),
    )
    data = write_opml(feeds, title="Depesche")
    assert data.count(b"Nachrichten") == 2  # one folder, in text and title
    titled = (feeds[0], FeedRef(feeds[1].url, feeds[1].url, feeds[1].labels))
    assert read_feeds_file(data) == (*titled, FeedRef(feeds[2].url, feeds[2].url))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.lists(
        st.builds(
            FeedRef,
            st.integers(0, 50).map("https://example.org/{}".format),
            WORDS,
            st.lists(WORDS, max_size=3).map(tuple),
        ),
        unique_by=lambda feed: feed.url,
    )
)
def test_what_is_written_can_be_read(feeds):
    again = read_feeds_file(write_opml(feeds))
    assert {feed.url for feed in again} == {feed.url for feed in feeds}
    assert write_opml(again) == write_opml(read_feeds_file(write_opml(again)))


@given(st.binary())
def test_raises_nothing_else(data):
    with suppress(SourceError):
        read_feeds_file(data)
