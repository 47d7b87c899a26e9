from __future__ import annotations

import re
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.errors import SourceError
from digests.sources.feed import latest, parse_feed
from digests.types import UNDATED, Draft, Precision, Published

NOW = datetime(2022, 2, 1, 12, tzinfo=UTC)
BENCH = Path(__file__).parents[2] / "../shared/bench/feeds"


def parse(data, **overrides):
    data = data if isinstance(data, bytes) else data.encode()
    given_ = {"url": "https://example.org/feeds/all", "headers": {}, "now": NOW, **overrides}
    return parse_feed(data, **given_)


def rss(*items, head=""):
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Blatt</title>{head}{inner}</channel></rss>"
    )


def atom(*entries, head=""):
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Bote</title>{head}{inner}</feed>'


def entry(item, **overrides):
    (found,) = parse(rss(item), **overrides).entries
    return found


# --- feeds ------------------------------------------------------------------


def test_rss():
    feed = parse(
        rss(
            "<title>Titel</title><link>/a</link><guid isPermaLink='false'>n-1</guid>"
            "<pubDate>Tue, 25 Jan 2022 01:42:00 +0100</pubDate>"
            "<description>&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</description>",
            "<title>Zweiter</title>",
            head="<link>https://example.org/</link><language>de-at</language><ttl>30</ttl>",
        )
    )
    assert (feed.title, feed.link, feed.language) == ("Blatt", "https://example.org/", "de")
    assert (feed.interval, feed.outcome) == (timedelta(minutes=30), "ok")
    assert feed.entries[0] == Draft(
        key="n-1",
        text="Titel\n\nEins.\n\nZwei.",
        title_end=5,
        published=Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        language="de",
        url="https://example.org/a",
    )
    assert (feed.entries[1].text, feed.entries[1].published) == ("Zweiter", UNDATED)


def test_atom_with_updated_alone_and_xml_base():
    feed = parse(
        atom(
            "<title type='html'>A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><id>tag:e,1</id>"
            "<link href='x'/><updated>2022-01-25T00:42:00Z</updated>"
            "<summary>Kurz.</summary>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Lang und länger."
            "</p></div></content>",
            head="<link href='https://example.org/'/>",
        ).replace("<feed ", "<feed xml:base='https://example.net/b/' xml:lang='de' ")
    )
    (found,) = feed.entries
    assert found.text == "A & B\n\nLang und länger."
    assert (found.url, found.key) == ("https://example.net/b/x", "tag:e,1")
    assert found.published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)
    assert found.language == "de"


def test_published_goes_before_updated():
    feed = parse(
        atom("<title>T</title><updated>2022-01-26T00:00:00Z</updated>"
             "<published>2022-01-25T00:42:00Z</published>")
    )  # fmt: skip
    assert feed.entries[0].published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)


def test_rdf_and_old_rss():
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://e.org/"><title>R</title>'
        '</channel><item rdf:about="https://e.org/1"><title>T</title><link>https://e.org/1</link>'
        "</item></rdf:RDF>"
    )
    assert parse(rdf).entries[0].key == "https://e.org/1"
    old = (
        "<rss version='0.91'><channel><title>R</title><item><title>T</title></item></channel></rss>"
    )
    assert parse(old).entries[0].text == "T"


def test_json_feed():
    feed = parse(
        """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "de",
        "home_page_url": "/", "items": [
        {"id": 5, "url": "/a", "title": "T", "content_html": "<p>Eins.</p><p>Zwei.</p>",
         "date_published": "2022-01-25T01:42:00+01:00", "language": "en"},
        {"id": "b", "external_url": "https://e.net/", "content_text": "Nur Text.\\n\\nMehr."},
        {"title": "Ohne alles", "date_modified": "2022-01-25"}]}"""
    )
    assert (feed.title, feed.link, feed.language) == ("J", "https://example.org/", "de")
    first, second, third = feed.entries
    assert (first.key, first.url, first.language) == ("5", "https://example.org/a", "en")
    assert first.text == "T\n\nEins.\n\nZwei."
    assert first.published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)
    assert (second.text, second.title_end, second.url) == (
        "Nur Text.\n\nMehr.", 0, "https://e.net/"
    )  # fmt: skip
    assert third.key.startswith("sha256:")
    assert third.published == Published.on(2022, 1, 25)


def test_json_feed_with_broken_items_is_partial():
    feed = parse('{"version": "https://jsonfeed.org/version/1", "items": [1, {"title": "T"}]}')
    assert feed.outcome == "partial"
    assert [found.text for found in feed.entries] == ["T"]


@pytest.mark.parametrize(
    "data",
    ["<html><head><title>Seite</title></head><body><p>x</p></body></html>", "Kein Feed", "{}",
     '{"items": 3}', "[1]", "{broken", "<opml><body/></opml>", "\ufeff<a/>",
     '{"title": "x"}', "[" * 100_000],
)  # fmt: skip
def test_not_a_feed(data):
    with pytest.raises(SourceError) as caught:
        parse(data)
    assert caught.value.code == "not_a_feed"


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf\n", b"\x00\x00"])
def test_empty(data):
    with pytest.raises(SourceError) as caught:
        parse(data)
    assert caught.value.code == "empty"


def test_bytes_are_never_taken_for_a_file_name(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(rss("<title>T</title>"))
    with pytest.raises(SourceError):
        parse(str(path).encode())


def test_broken_xml_is_partial():
    feed = parse(rss("<title>Eins</title>", "<title>Zwei & drei</title>").replace("</channel>", ""))
    assert feed.outcome == "partial"
    assert [found.text for found in feed.entries] == ["Eins", "Zwei & drei"]


@pytest.mark.parametrize(
    "broken",
    ["<title>x &#xd800; y</title>", "<title>x &#55296; y</title>", "<title>x &#x110000; y</title>",
     "<title>x y</title><link xml:base='http://[::1'>a</link>",
     "<title>x y</title><link>http://[::1/a</link>"],
)  # fmt: skip
def test_one_impossible_character_or_address_does_not_cost_the_feed(broken):
    feed = parse(rss("<title>Eins</title>", broken))
    assert feed.entries[0].text == "Eins"
    assert re.fullmatch(r"x\W+y", feed.entries[1].text)


def test_impossible_location_header():
    feed = parse(rss("<title>T</title><link>a</link>"), headers={"Content-Location": "http://[x"})
    assert feed.entries[0].url == "https://example.org/feeds/a"


def test_encodings():
    text = rss("<title>Größe</title>").replace("?>", ' encoding="iso-8859-1"?>', 1)
    assert parse(text.encode("latin-1")).entries[0].text == "Größe"
    wrong = text.replace("iso-8859-1", "utf-8").encode("cp1252")
    assert parse(wrong).entries[0].text == "Größe"
    charset = {"Content-Type": "application/xml; charset=iso-8859-1"}
    bare = rss("<title>Größe</title>").encode("latin-1")
    assert parse(bare, headers=charset).entries[0].text == "Größe"


def test_entity_bomb_stays_small():
    bomb = '<!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    with suppress(SourceError):
        feed = parse(rss("<title>x &c;</title>").replace("?>", f"?>{bomb}", 1))
        assert all(len(found.text) < 50 for found in feed.entries)


def test_many_entries_are_kept_in_order():
    items = [f"<title>Titel {number}</title><guid>{number}</guid>" for number in range(2500)]
    feed = parse(rss(*items))
    assert [found.key for found in feed.entries] == [str(number) for number in range(2500)]


# --- entries ----------------------------------------------------------------


def test_keys():
    assert entry("<title>T</title><guid>g</guid><link>/a</link>").key == "g"
    assert entry("<title>T</title><link>/a</link>").key == "https://example.org/a"
    by_title = entry("<title>T</title><description>x</description>").key
    assert by_title == entry("<title>T</title><description>y</description>").key
    assert by_title.startswith("sha256:")
    assert entry("<description>x</description>").key != entry("<description>y</description>").key
    assert len(entry(f"<guid>{'g' * 5000}</guid>").key) < 100
    assert entry("<title>T</title><guid isPermaLink='false'>a/b</guid>").key == "a/b"


def test_longest_text_wins_and_the_title_stands_once():
    found = entry(
        "<title>Titel</title><description>Kurz.</description>"
        "<content:encoded><![CDATA[<h1>Titel</h1><p>Lang und länger.</p>]]></content:encoded>"
    )
    assert found.text == "Titel\n\nLang und länger."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Eins. [<a href='/x'>mehr</a>]</p>", "Eins."),
        ("<![CDATA[<p>Zweimal verpackt.</p>]]>", "Zweimal verpackt."),
        ("<p>Eins.</p><script>alert(1)</script><p>Foto: dpa</p><p>Zwei.</p>", "Eins.\n\nZwei."),
        ("Eins &amp;amp; zwei &lt; drei", "Eins & zwei < drei"),
        ("Nur Text ohne Punkt, aber lang genug, um anderswo als Bildzeile durchzugehen, hier",
         "Nur Text ohne Punkt, aber lang genug, um anderswo als Bildzeile durchzugehen, hier"),
    ],
)  # fmt: skip
def test_text(markup, text):
    escaped = markup.replace("&", "&amp;").replace("<", "&lt;")
    escaped = escaped.replace("&amp;amp;amp;", "&amp;amp;").replace("&amp;lt;", "&amp;lt;")
    assert entry(f"<description>{escaped}</description>").text == text


def test_titles_are_one_plain_line():
    title = "&lt;b&gt;Fett&lt;/b&gt;\n und &amp;quot;zitiert&amp;quot;\u202e"
    assert entry(f"<title>{title}</title>").text == 'Fett und "zitiert"'


def test_a_feed_cannot_fill_a_page_with_its_name():
    name = "Neueste Meldungen " * 400
    source = f"<source url='https://e.org/'>{name}</source>"
    item = f"<item><title>T</title>{source}</item>"
    feed = f"<rss version='2.0'><channel><title>{name}</title>{item}</channel></rss>"
    told = parse_feed(feed.encode(), url="https://e.org/f", headers={}, now=NOW)
    assert len(told.title) == len(told.entries[0].outlet) == 120
    assert told.title.startswith("Neueste Meldungen Neueste")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "mailto:a@e.org", ""])
def test_links_that_are_no_web_addresses_are_left_out(link):
    found = entry(f"<title>T</title><link>{link}</link>")
    assert found.url is None
    assert found.key


def test_enclosure_serves_as_link():
    found = entry("<title>T</title><enclosure url='https://e.org/a.mp3' type='audio/mpeg'/>")
    assert found.url == "https://e.org/a.mp3"


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Tue, 25 Jan 2022 00:42:00 GMT", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("2022-01-25T00:42:00", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("2022-01-25 00:42:00", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("Di, 25 Januar 2022 00:42:00 GMT", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("25.01.2022, 00:42 Uhr", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("2022-01-25", Published.on(2022, 1, 25)),
        ("2022-01", Published.on(2022, 1)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", UNDATED),
        ("Thu, 01 Jan 2099 00:00:00 GMT", UNDATED),
        ("Fri, 04 Feb 2022 13:00:00 GMT", UNDATED),
        ("Thu, 03 Feb 2022 11:00:00 GMT", datetime(2022, 2, 3, 11, tzinfo=UTC)),
        ("irgendwann", UNDATED),
        ("", UNDATED),
    ],
)
@pytest.mark.parametrize("element", ["pubDate", "dc:date"])
def test_dates(element, date, published):
    if isinstance(published, datetime):
        published = Published(published, Precision.MINUTE)
    assert entry(f"<title>T</title><{element}>{date}</{element}>").published == published


def test_outlet_of_an_entry():
    assert entry("<title>T</title><source url='https://e.net/'>Anderes Blatt</source>").outlet == (
        "Anderes Blatt"
    )
    assert entry("<title>T</title>").outlet is None


@pytest.mark.parametrize("mark", ["-", "–", "|"])
def test_the_outlet_is_not_said_again_behind_the_title(mark):
    title = f"Minister tritt {mark} wie erwartet – zurück"
    said = entry(
        f"<title>{title} {mark} Anderes Blatt</title>"
        "<source url='https://e.net/'>Anderes Blatt</source>"
        f"<description>&lt;a href='https://e.net/1'&gt;{title}&lt;/a&gt;&amp;nbsp;&amp;nbsp;"
        "&lt;font&gt;Anderes Blatt&lt;/font&gt;</description>"
    )
    assert (said.text, said.title_end) == (title, len(title))
    alone = f"{title} {mark} Anderes Blatt"
    assert entry(f"<title>{alone}</title>").text == alone


def test_lone_surrogates_do_not_survive():
    feed = parse('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "\\ud800x"}]}')
    assert feed.entries[0].key == "x"


def test_keys_leave_out_what_differs_with_every_fetch():
    first, second = (
        parse(
            rss(
                f"<guid>https://e.org/a?id=7&amp;PHPSESSID={session}</guid>",
                f"<link>https://e.org/b?utm_campaign={session}</link>",
                f"<guid>https://e.org/c;jsessionid={session}?x=1</guid>",
            )
        ).entries
        for session in ("abc", "def")
    )
    assert [found.key for found in first] == [found.key for found in second]
    assert [found.key for found in first] == [
        "https://e.org/a?id=7",
        "https://e.org/b",
        "https://e.org/c?x=1",
    ]


def test_a_page_is_no_feed_even_a_large_one():
    for page in ("<!DOCTYPE html><html><p>x", "  <html lang='de'>", "<html>" + "<p>x" * 100_000):
        with pytest.raises(SourceError, match="not_a_feed"):
            parse(page)


def test_a_feed_within_a_page_is_read():
    assert parse("<html>" + rss("<title>T</title>") + "</html>").entries[0].text == "T"


def test_long_texts_are_bounded():
    long = "<p>Wort. </p>" * 200_000
    for found in (
        entry(f"<description><![CDATA[{long}]]></description>"),
        entry(f"<title><![CDATA[{long}]]></title>"),
    ):
        assert 100_000 < len(found.text) < 1_000_000


# --- hints ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "interval"),
    [
        ("", None),
        ("<ttl>90</ttl>", timedelta(minutes=90)),
        ("<ttl>bald</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>999999999</ttl>", timedelta(days=365)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        (
            "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        (
            "<ttl>5</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"
            "<sy:updateFrequency>0</sy:updateFrequency>",
            timedelta(hours=1),
        ),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
    ],
)
def test_interval(head, interval):
    assert parse(rss(head=head)).interval == interval


# --- versions ---------------------------------------------------------------


def test_latest_of_each_key():
    def draft(key, day, text):
        return Draft(key=key, text=text, published=Published.on(2022, 1, day) if day else UNDATED)

    entries = (draft("a", 1, "alt"), draft("b", 0, "b"), draft("a", 2, "neu"),
               draft("a", 2, "ebenso neu"), draft("b", 3, "datiert"))  # fmt: skip
    assert [found.text for found in latest(entries)] == ["neu", "datiert"]


# --- properties -------------------------------------------------------------

SEED = rss(
    "<title>Titel</title><link>https://e.org/a</link><guid>1</guid>"
    "<pubDate>Tue, 25 Jan 2022 01:42:00 +0100</pubDate><description>&lt;p&gt;x</description>"
).encode()


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SEED)), st.integers(0, 20), st.binary(max_size=6)), max_size=6
    )
)
def test_mutated_feeds_give_a_feed_or_a_source_error(cuts):
    data = SEED
    for start, length, put in cuts:
        data = data[:start] + put + data[start + length :]
    with suppress(SourceError):
        for found in parse(data).entries:
            assert found.key
            assert found.text[: found.title_end].strip() == found.text[: found.title_end]
            assert found.url is None or found.url.startswith("http")


# --- collections of feeds ---------------------------------------------------


def files():
    return sorted(path for path in BENCH.rglob("*") if path.is_file())


def headers_of(data):
    head = data[:2000].decode("latin-1")
    return {
        name: value.strip()
        for name, value in re.findall(r"^Header:\s*([\w-]+):(.*)$", head, re.MULTILINE)
    }


@pytest.mark.skipif(not BENCH.is_dir(), reason="the collection of feeds is not at hand")
def test_whole_collection_without_a_crash():
    outcomes = dict.fromkeys(("ok", "partial", "not_a_feed", "empty"), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in files():
            data = path.read_bytes()
            try:
                outcomes[parse(data, headers=headers_of(data)).outcome] += 1
            except SourceError as error:
                outcomes[error.code] += 1
    assert outcomes["ok"] > 1000
    assert outcomes["not_a_feed"] + outcomes["empty"] <= 5  # two texts, and an empty document


@pytest.mark.skipif(not BENCH.is_dir(), reason="the collection of feeds is not at hand")
def test_german_feeds_are_complete():
    paths = sorted((BENCH / "german").iterdir())
    assert len(paths) == 5
    for path in paths:
        now = datetime(2023, 12, 13, tzinfo=UTC)
        feed = parse(path.read_bytes(), url="https://example.org/", now=now)
        assert feed.outcome == "ok"
        assert feed.title
        assert len(feed.entries) >= 2
        for found in feed.entries:
            assert found.title_end > 10
            assert found.url
            assert found.url.startswith("https://")
            assert found.published.precision is Precision.MINUTE
            assert len(found.text) > found.title_end + 50
            assert not re.search(r"[<>\[\]]|&\w+;|mehr$|\bVon [A-Z].*\.$", found.text)
