"""Which feeds a web page names, and where sites usually keep one. Pure.

:func:`discover` reads autodiscovery links (https://www.rssboard.org/rss-autodiscovery,
RFC 8288 for those in headers) and, where there are none, plain links that look like feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from digests.errors import SourceError
from digests.sources.text import decode_html, fold, parse_html, web_address

_MOST = 50
_LARGEST_PAGE = 4 * 2**20  # bytes; what comes after them names nothing
_LONGEST_TITLE = 200
_FEED_TYPES = frozenset(
    f"application/{name}" for name in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom")
)
_MAYBE_TYPES = frozenset({"", "text/xml", "application/xml", "application/json"})
_LOOKS_LIKE_FEED = re.compile(
    r"""(?:^|[/._-])(?:rss|rdf|atom|feeds?|newsfeed)(?:[/._-]|2?\.?0?$|$)
    | [/.](?:rss|atom|rdf)\d*(?:\.xml)?$ | /index\.(?:xml|rdf)$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ASKS_FOR_FEED = re.compile(
    r"(?:^|&)(?:(?:format|type|output|view)=(?:rss|atom|feed)\d*|(?:feed|rss)(?:=[\w.]*)?)(?:&|$)",
    re.IGNORECASE,
)
_NO_FEED = re.compile(r"\.(?:html?|pdf|jpe?g|png|gif|svg|css|js|mp3|mp4|zip|ico)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page names it; ``title`` and ``type`` (a media type) may be empty."""

    url: str
    title: str = ""
    type: str = ""


def discover(html: bytes, url: str, headers: Mapping[str, str]) -> tuple[FeedLink, ...]:
    """The feeds that a page names, in its order, each address once, at most 50.

    ``url`` is where the page came from, ``headers`` (names in lower case) those of the
    response: its charset and its ``Link`` count. Links are resolved against ``base``.
    Feeds are links with ``rel=alternate`` (or ``feed``) and a feed's media type; only where
    there are none, links in the page whose address looks like one. Whether they are
    feeds, only fetching them tells. Empty for what is no HTML.
    """
    try:
        tree = parse_html(decode_html(html[:_LARGEST_PAGE], headers.get("content-type", "")))
    except SourceError:
        tree = None
    found = list(_in_headers(headers.get("link", ""), url))
    if tree is not None:
        base = _base(tree, url)
        found += _alternates(tree, base)
        if not found:
            found = list(_plain_links(tree, base))
    return _each_once(found, url)


def usual_addresses(url: str) -> tuple[str, ...]:
    """Where a site that names no feed may keep one: at most six addresses, likeliest first.

    A feed of the section that ``url`` names is looked for before one of the whole site.
    Empty for what is no http(s) address.
    """
    address = web_address(url)
    if address is None:
        return ()
    parts = urlsplit(address)
    section = re.sub(r"/[^/]*\.[^/]*$", "", parts.path).rstrip("/")
    paths = [f"{section}/feed", f"{section}/rss"] if section else []
    paths += ["/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml"]
    return tuple(urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in paths[:6])


_BARE = re.compile(
    r"(?: [\w-]+(?:\.[\w-]+)+(?::\d{1,5})? | [\w-]+:\d{1,5} | \[[\da-f:.]+\](?::\d{1,5})? )"
    r"(?:[/?]\S*)?",
    re.VERBOSE | re.IGNORECASE,
)


def typed_address(words: str) -> str | None:
    """The http(s) address that somebody meant; None if that is none.

    ``feed:`` is no protocol of its own (``feed:https://…``, ``feed://…``), and people leave
    ``https://`` out before a host with a dot or a port.
    """
    words = re.sub(r"^feed:(?://)?", "", words.strip(), flags=re.IGNORECASE)
    if re.match(r"https?://[^\s/]", words, re.IGNORECASE):
        return words
    return f"https://{words}" if _BARE.fullmatch(words) else None


def _each_once(found: Iterable[FeedLink], page: str) -> tuple[FeedLink, ...]:
    links: dict[str, FeedLink] = {}
    for link in found:
        key = link.url.partition("#")[0]
        if key != page.partition("#")[0]:
            links.setdefault(key, link)
        if len(links) == _MOST:
            break
    return tuple(links.values())


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return web_address(node.attributes.get("href"), url) or url if node else url


def _alternates(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    # Anywhere in the page: a link in the body is an error that browsers forgive.
    for node in tree.css("link[rel][href]"):
        attributes = node.attributes
        link = _link(
            attributes.get("rel") or "",
            attributes.get("type") or "",
            _address(attributes.get("href") or "", base),
            attributes.get("title") or "",
        )
        if link:
            yield link


def _link(relations: str, kind: str, address: str | None, title: str) -> FeedLink | None:
    """The link, if its relation and type say that it leads to a feed."""
    words = set(relations.lower().split())
    kind = kind.partition(";")[0].strip().lower()
    if address is None or not words & {"alternate", "feed"} or "stylesheet" in words:
        return None
    is_feed = kind in _FEED_TYPES or "feed" in words
    if not is_feed and not (kind in _MAYBE_TYPES and _looks_like_feed(address)):
        return None
    return FeedLink(address, fold(title)[:_LONGEST_TITLE], kind)


_HEADER_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*!-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)")
_PARAMETER = re.compile(r";\s*([\w*!-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]*))")


def _in_headers(value: str, url: str) -> Iterator[FeedLink]:
    for match in _HEADER_LINK.finditer(value[:10_000]):
        found = _PARAMETER.findall(match[2])
        parameters = {name.lower(): quoted or bare for name, quoted, bare in reversed(found)}
        link = _link(
            parameters.get("rel", ""),
            parameters.get("type", ""),
            _address(match[1], url),
            parameters.get("title", ""),
        )
        if link and link.type:
            yield link


def _plain_links(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css("a[href], area[href]"):
        address = _address(node.attributes.get("href") or "", base)
        kind = (node.attributes.get("type") or "").strip().lower()
        if address and (kind in _FEED_TYPES or _looks_like_feed(address)):
            title = fold(node.attributes.get("title") or node.text())
            yield FeedLink(address, title[:_LONGEST_TITLE], kind)


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    if _NO_FEED.search(parts.path):
        return False
    return bool(
        _LOOKS_LIKE_FEED.search(parts.path)
        or _ASKS_FOR_FEED.search(parts.query)
        or (parts.hostname or "").startswith(("feeds.", "rss.", "feed."))
    )


def _address(href: str, base: str) -> str | None:
    """Where a link leads, also one with ``feed:`` before it."""
    is_typed = re.match(r"\s*feed:(?://|https?:)", href, re.IGNORECASE)
    return web_address(typed_address(href) if is_typed else href, base)
