from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from digests.sources.canonical import canonical_url
from digests.sources.starters import KINDS, starter_feeds


def test_the_list_is_well_formed():
    feeds = starter_feeds()
    for feed in feeds:
        parts = urlsplit(feed.url)
        assert parts.scheme == "https"
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), feed
        assert feed.url == feed.url.strip()
        assert feed.name
        assert feed.name == feed.name.strip()
        assert len(feed.name) <= 60
        assert feed.language in {"de", "en"}
        assert feed.country == "INT" or re.fullmatch(r"[A-Z]{2}", feed.country)
        assert feed.kind in KINDS
    assert len({canonical_url(feed.url) for feed in feeds}) == len(feeds)
    assert len({(feed.name, feed.language) for feed in feeds}) == len(feeds)


def test_it_covers_what_it_is_for():
    languages = Counter(feed.language for feed in starter_feeds())
    countries = Counter(feed.country for feed in starter_feeds() if feed.language == "de")
    assert languages["de"] >= 30
    assert languages["en"] >= 20
    assert min(countries["AT"], countries["CH"]) >= 3
    assert {feed.kind for feed in starter_feeds()} == set(KINDS)


def test_it_is_in_order():
    languages = [feed.language for feed in starter_feeds()]
    assert languages == sorted(languages)
