from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.sources import canonical as module
from digests.sources.canonical import canonical_url, without_tracking


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("http://www.Blatt.Example:80/a/b/", "https://blatt.example/a/b"),
        ("https://blatt.example:8443/a", "https://blatt.example:8443/a"),
        ("https://ich:geheim@blatt.example./a", "https://blatt.example/a"),
        ("https://blatt.example/a?utm_source=rss&id=3&fbclid=x#ref=rss", "https://blatt.example/a?id=3"),
        ("https://blatt.example/a?b=2&a=1&xtor=RSS-1", "https://blatt.example/a?b=2&a=1"),
        ("https://blatt.example/a?at_medium=RSS&wt_mc=1&mc_cid=2&gclid=3", "https://blatt.example/a"),
        ("https://blatt.example/a?x=1&amp;utm_source=rss", "https://blatt.example/a?x=1"),
        ("https://blatt.example/a?ref=rss", "https://blatt.example/a"),
        ("https://blatt.example/a?partner=rss&emc=rss", "https://blatt.example/a"),
        ("https://blatt.example/a?ref=17", "https://blatt.example/a?ref=17"),
        ("https://blatt.example/a?cid=17&source=amt&page=2", "https://blatt.example/a?cid=17&source=amt&page=2"),
        ("https://blatt.example/a;jsessionid=0AF3?b=1", "https://blatt.example/a?b=1"),
        ("https://blatt.example/a/amp/", "https://blatt.example/a"),
        ("https://blatt.example/a.amp.html", "https://blatt.example/a.html"),
        ("https://amp.blatt.example/a?outputType=amp", "https://blatt.example/a"),
        ("https://blatt.example/amplitude/a", "https://blatt.example/amplitude/a"),
        ("https://blatt.example/ampere/ampel", "https://blatt.example/ampere/ampel"),
        ("https://m.blatt.example/a", "https://blatt.example/a"),
        ("https://film.blatt.example/a", "https://film.blatt.example/a"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://www.co.at/a", "https://www.co.at/a"),
        ("https://blatt.example/a/index.html", "https://blatt.example/a"),
        ("https://blatt.example/a/index.php?id=5", "https://blatt.example/a?id=5"),
        ("https://blatt.example/a/./b/../c", "https://blatt.example/a/c"),
        ("https://blatt.example/%7euser/%c3%bc", "https://blatt.example/~user/%C3%BC"),
        ("https://blatt.example/über uns", "https://blatt.example/%C3%BCber%20uns"),
        ("https://www.bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://blatt.example/#!/artikel/1", "https://blatt.example#!/artikel/1"),
        ("https://blatt.example/?p=12", "https://blatt.example?p=12"),
        ("http://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://www.google.com/url?rct=j&sa=t&url=https://www.blatt.example/a%3Fb%3D1&ct=ga",
         "https://blatt.example/a?b=1"),
        ("https://www-blatt-example.cdn.ampproject.org/c/s/www.blatt.example/a/amp",
         "https://blatt.example/a"),
        ("https://www.google.de/amp/s/www.blatt.example/a", "https://blatt.example/a"),
        # no article
        ("https://www.blatt.example/", None),
        ("https://blatt.example/index.html?utm_source=rss", None),
        ("mailto:post@blatt.example", None),
        ("ftp://blatt.example/a", None),
        ("https://[/a", None),
        ("https://blatt.example:99999/a", None),
        ("https:///a", None),
        ("", None),
        (f"https://blatt.example/{'a' * 2100}", None),
    ],
)  # fmt: skip
def test_canonical_url(url, want):
    assert canonical_url(url) == want


HOSTS = st.sampled_from(
    ["blatt.example", "www.blatt.example", "amp.blatt.example", "www.google.com", "m.co.uk",
     "a-b.cdn.ampproject.org", "BÜCHER.example", "[::1]", "x", "www.m.amp.blatt.example."]
)  # fmt: skip
PATHS = st.lists(
    st.sampled_from(["a", "amp", "index.html", "a.amp.html", "..", ".", "", "url", "c", "s",
                     "%2e%2E", "%7e", "ü", "b;jsessionid=1", "blatt.example", "x.amp", "%", "%zz",
                     "\u202e"]),
    max_size=6,
).map("/".join)  # fmt: skip
QUERIES = st.lists(
    st.sampled_from(["utm_x=1", "id=1", "amp", "amp;utm_x=1", "amp;amp;b=2", "url=http://e.example/a",
                     "%75tm_a=1", "ref=rss", "ref=2", "=", "a", "a=%e4"]),
    max_size=4,
).map("&".join)  # fmt: skip
FRAGMENTS = st.sampled_from(["", "#x", "#!/a", "#/b%7e", "#!"])


@st.composite
def addresses(draw):
    query = draw(QUERIES)
    return (
        draw(st.sampled_from(["http", "https", "HTTP"])) + "://" + draw(HOSTS) + "/" + draw(PATHS)
        + ("?" + query if query else "") + draw(FRAGMENTS)
    )  # fmt: skip


@settings(max_examples=400)
@given(addresses())
def test_it_is_idempotent(url):
    found = canonical_url(url)
    if found is not None:
        assert found.isascii()
        assert found.startswith("https://")
        assert canonical_url(found) == found


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text):
    for url in (text, f"https://blatt.example/{text}"):
        found = canonical_url(url)
        assert found is None or canonical_url(found) == found


PLAIN = st.lists(
    st.sampled_from(
        ["a", "A-1", "b.html", "c_~d", ".amp", "amp", "Kampf", "/index.html", "..", "."]
    ),
    min_size=1,
    max_size=4,
).map("/".join)


@settings(max_examples=300)
@given(
    st.sampled_from(["blatt.example", "film.blatt.example", "m.co.uk", "www.a.b.example",
                     "1.2.3.4", "m.blatt.example", "www-a-b.cdn.ampproject.org", "www.google.de",
                     "a..b", "x"]),
    PLAIN,
    st.sampled_from(["", "/", "?a=1", "?utm_x=1", "#x"]),
)  # fmt: skip
def test_what_is_canonical_at_first_sight_is_so_by_the_rules(host, path, end):
    url = f"https://{host}/{path}{end}"
    found = canonical_url(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CANONICAL", re.compile("(?!)"))
        assert canonical_url(url) == found


SLUGS = st.text(string.ascii_lowercase + string.digits + "-._", min_size=1, max_size=12).filter(
    lambda slug: slug not in {".", "..", "amp"} and ".amp" not in slug and "index." not in slug
)


@settings(max_examples=200)
@given(SLUGS, SLUGS, st.sampled_from(["/{}", "/a/{}.html", "/?id={}", "/a?n=1&p={}", "/#!/{}"]))
def test_never_two_articles_in_one(one, other, form):
    same = canonical_url("https://blatt.example" + form.format(one)) == canonical_url(
        "https://blatt.example" + form.format(other)
    )
    assert same == (one == other)


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("https://e.example/a/?b=1&utm_source=rss#c", "https://e.example/a/?b=1#c"),
        ("https://e.example/a?utm_source=rss", "https://e.example/a"),
        ("https://e.example/a;jsessionid=12?PHPSESSID=3&x=1", "https://e.example/a?x=1"),
        ("https://WWW.e.example/A/", "https://WWW.e.example/A/"),
        ("https://e.example/a?b=%e4&&c", "https://e.example/a?b=%e4&c"),
    ],
)
def test_without_tracking(url, want):
    assert without_tracking(url) == want
