"""From the bytes of a feed to drafts: RSS, RDF, Atom, CDF (feedparser) and JSON Feed 1.1.

:func:`parse_feed` takes what was fetched and returns a :class:`ParsedFeed`. It
reads nothing else: no network, no file, no clock.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from digests.errors import SourceError
from digests.sources.canonical import without_tracking
from digests.sources.clean import clean_entry
from digests.sources.dates import parse_date
from digests.sources.text import (
    Declared,
    decode,
    fold,
    html_text,
    language_code,
    source_name,
    tidy,
    web_address,
)
from digests.sources.xmlfeed import MAX_ENTRIES, ReadXml, read_xml
from digests.types import UNDATED, Draft, Precision, Published

_LONGEST_KEY = 512
_LONGEST_CONTENT = 1_000_000  # characters, with markup: a book
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST_AHEAD = timedelta(days=2)


_Parsed = Mapping[str, Any]
"""What feedparser makes: dictionaries all the way down."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed: what it says of itself, and its entries in its own order.

    ``entries`` with the same key are versions of one entry, see :func:`latest`.
    ``interval`` is how long the feed asks readers to wait (``ttl``,
    ``sy:updatePeriod``), None if it does not say. ``outcome`` is ``partial`` where the feed
    was broken and what could be read of it was.
    """

    title: str
    link: str | None
    language: str | None
    entries: tuple[Draft, ...]
    interval: timedelta | None = None
    outcome: Literal["ok", "partial"] = "ok"


def parse_feed(data: bytes, *, url: str, headers: Mapping[str, str], now: datetime) -> ParsedFeed:
    """Parse a feed of any kind.

    ``url`` is where it came from at last (links are resolved against it), ``headers``
    are those of the response (``Content-Type`` and ``Content-Language`` count), and
    ``now`` is an aware moment: dates before 1990 or more than two days after it are
    taken for mistakes and left out. Dates without a zone are UTC.

    An entry's key is its guid or id, else its link (both without tracking parameters and
    session ids, if they are addresses), else a hash of its title (of its text, if it has
    none). Its text is the title, a blank line, and the longest of content and summary as
    plain paragraphs. An entry is kept whatever it lacks.

    Raises SourceError: ``empty`` for no bytes, ``not_a_feed`` for anything that is
    no feed.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise SourceError("empty")
    lower = {name.lower(): value for name, value in headers.items()}
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return _json_feed(data, url, now)
    return _xml_feed(data, url, lower, now)


def latest(entries: Iterable[Draft]) -> tuple[Draft, ...]:
    """One entry per key: the latest by date, of equals the first; in the order given."""
    best: dict[str, Draft] = {}
    for entry in entries:
        known = best.get(entry.key)
        if known is None or _later(entry.published, known.published):
            best[entry.key] = entry
    return tuple(best.values())


def _later(one: Published, other: Published) -> bool:
    return one.at is not None and (other.at is None or one.at > other.at)


def _plausible(published: Published, now: datetime) -> Published:
    if published.at is None or not _EARLIEST <= published.at <= now + _LATEST_AHEAD:
        return UNDATED
    return published


def _entry_draft(
    *,
    guid: str,
    title: str,
    texts: Iterable[str],
    published: Published,
    language: str | None,
    link: str | None,
    outlet: str | None = None,
) -> Draft:
    text = max(texts, key=len, default="")
    declared = Declared(title, published, language, link, outlet)
    # Entries carry no zone of their own: their date is the feed's to give.
    report = clean_entry(text, declared=declared)
    key = _stable(fold(guid) or link or _hashed(report.title or report.text))
    return report.draft(key if len(key) <= _LONGEST_KEY else _hashed(key))


def _stable(key: str) -> str:
    """A key without what differs with every fetch of the feed."""
    return without_tracking(key) if key.startswith(("http://", "https://")) else key


def _hashed(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


# --- RSS, RDF, Atom, CDF ----------------------------------------------------

_HTML = re.compile(rb"[\xef\xbb\xbf\s]*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)(?=[\s>/:])", re.IGNORECASE)


def _xml_feed(data: bytes, url: str, headers: Mapping[str, str], now: datetime) -> ParsedFeed:
    if _HTML.match(data) and not _ROOT.search(data):
        raise SourceError("not_a_feed")
    base = web_address(headers.get("content-location"), url) or url
    passed = {
        name: headers[name] for name in ("content-type", "content-language") if name in headers
    }
    found, mended = _read(data, passed)
    feed = found.feed
    entries = tuple(_xml_entry(entry, feed, base, now) for entry in found.entries[:MAX_ENTRIES])
    if not entries and not found.version and not (_ROOT.search(data[:4096]) and feed):
        raise SourceError("not_a_feed")
    return ParsedFeed(
        title=source_name(_plain(feed, "title")),
        link=web_address(feed.get("link"), base),
        language=language_code(feed.get("language")),
        entries=entries,
        interval=_interval(feed),
        outcome="ok" if found.whole and not mended else "partial",
    )


def _read(data: bytes, headers: Mapping[str, str]) -> tuple[ReadXml, bool]:
    """What feedparser makes of a feed, and whether that took a second try.

    A single impossible character reference or address makes it fail as a whole: the
    second try goes without them.
    """
    try:
        return read_xml(data, headers), False
    except Exception:  # noqa: BLE001 - it fails in many ways on hostile input
        mended = _REFERENCE.sub(_without_impossible, data).replace(b"//[", b"//")
    try:
        return read_xml(mended, headers), True
    except Exception as error:
        raise SourceError("not_a_feed", reason=type(error).__name__) from error


_REFERENCE = re.compile(rb"&(?:amp;)?#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def _without_impossible(match: re.Match[bytes]) -> bytes:
    digits = match[1] or match[2]
    number = int(digits, 16 if match[1] else 10) if len(digits) < 12 else -1
    return match[0] if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else b""


def _xml_entry(entry: _Parsed, feed: _Parsed, base: str, now: datetime) -> Draft:
    link = web_address(entry.get("link"), base) or next(
        (
            address
            for item in entry.get("links", [])
            if (address := web_address(item.get("href"), base))
        ),
        None,
    )
    contents = [entry.get("summary_detail"), *entry.get("content", [])]
    language = next(
        (part.get("language") for part in contents if part and part.get("language")), None
    )
    source = entry.get("source")
    return _entry_draft(
        guid=_guid(entry.get("id", ""), base),
        title=_plain(entry, "title"),
        texts=[_content(part) for part in contents if part],
        published=_plausible(_xml_date(entry), now),
        language=language_code(language) or language_code(feed.get("language")),
        link=link,
        outlet=source_name(_plain(source, "title")) or None if source else None,
    )


def _guid(value: str, base: str) -> str:
    """An id as it is; only one that is plainly a path on the feed's host is made absolute."""
    return (web_address(value, base) or value) if value.startswith("/") else value


_TAG = re.compile(r"</?(?:p|a|br|div|span|b|i|em|strong|img|ul|ol|li|h[1-6]|blockquote)\b[^<>]*>")
_CDATA = re.compile(r"\s*<!\[CDATA\[(.*?)(?:\]\]>)?\s*", re.DOTALL)


def _content(part: _Parsed) -> str:
    """Content as paragraphs. What is declared as plain text and holds tags is HTML after all."""
    value = (part.get("value") or "")[:_LONGEST_CONTENT]
    if wrapped := _CDATA.fullmatch(value):  # escaped twice
        value = wrapped[1]
    plain = part.get("type") == "text/plain" and not _TAG.search(value)
    return tidy(value) if plain else html_text(value)


_ACTIVE = re.compile(r"<(?:script|style|iframe|object|embed|svg)\b", re.IGNORECASE)


def _plain(holder: _Parsed, field: str) -> str:
    """A title as plain text on one line: HTML only where it was declared or guessed to be."""
    detail = holder.get(f"{field}_detail") or {}
    value = (detail.get("value") or holder.get(field) or "")[:_LONGEST_CONTENT]
    plain = detail.get("type") == "text/plain" and not _ACTIVE.search(value)
    return fold(value if plain else html_text(value))


def _xml_date(entry: _Parsed) -> Published:
    for field in ("published", "updated", "created"):
        if field not in entry and f"{field}_parsed" not in entry:
            continue  # asking for what is missing makes feedparser guess, and warn
        raw = str(entry.get(field) or "")
        if re.fullmatch(r"\s*\d{4}(?:-\d{2}){0,2}\s*", raw):
            parsed = parse_date(raw, zone=UTC)
        elif entry.get(f"{field}_parsed"):
            parsed = _of_struct(entry[f"{field}_parsed"])
        else:
            parsed = parse_date(raw, zone=UTC)
        if parsed != UNDATED:
            return parsed
    return UNDATED


def _of_struct(fields: Iterable[int]) -> Published:
    year, month, day, hour, minute, second, *_ = fields
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return UNDATED
    return Published(moment, Precision.MINUTE)


_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_INTERVAL = timedelta(days=365)


def _interval(feed: _Parsed) -> timedelta | None:
    """The longer of ``ttl`` (minutes) and ``sy:updatePeriod`` over ``sy:updateFrequency``."""
    asked = []
    if (minutes := _number(feed.get("ttl"))) > 0:
        asked.append(timedelta(minutes=min(minutes, 525_600)))
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if period:
        asked.append(period / max(_number(feed.get("sy_updatefrequency")), 1))
    return min(max(asked), _LONGEST_INTERVAL) if asked else None


def _number(value: object) -> int:
    match = re.fullmatch(r"\s*(\d{1,9})\s*", str(value or ""))
    return int(match[1]) if match else 0


# --- JSON Feed (https://www.jsonfeed.org/version/1.1/) ----------------------


def _json_feed(data: bytes, url: str, now: datetime) -> ParsedFeed:
    try:
        feed = json.loads(decode(data))
    except (ValueError, RecursionError, SourceError) as error:
        raise SourceError("not_a_feed", reason="no JSON") from error
    if not isinstance(feed, dict):
        raise SourceError("not_a_feed", reason="no JSON feed")
    items = feed.get("items")
    if "jsonfeed.org/version" not in _text(feed, "version") and not (
        isinstance(items, list) and _text(feed, "title")
    ):
        raise SourceError("not_a_feed", reason="no JSON feed")
    entries = items if isinstance(items, list) else []
    whole = [item for item in entries[:MAX_ENTRIES] if isinstance(item, dict)]
    language = language_code(_text(feed, "language"))
    return ParsedFeed(
        title=source_name(_text(feed, "title")),
        link=web_address(_text(feed, "home_page_url"), url),
        language=language,
        entries=tuple(_json_entry(item, language, url, now) for item in whole),
        outcome="ok" if isinstance(items, list) and len(whole) == len(entries) else "partial",
    )


def _json_entry(
    item: Mapping[str, object], language: str | None, base: str, now: datetime
) -> Draft:
    dates = (
        parse_date(_text(item, name), zone=UTC) for name in ("date_published", "date_modified")
    )
    links = (web_address(_text(item, name), base) for name in ("url", "external_url"))
    return _entry_draft(
        guid=_text(item, "id"),
        title=fold(_text(item, "title")),
        texts=[
            html_text(_text(item, "content_html")),
            tidy(_text(item, "content_text")),
            tidy(_text(item, "summary")),
        ],
        published=_plausible(next((date for date in dates if date != UNDATED), UNDATED), now),
        language=language_code(_text(item, "language")) or language,
        link=next((link for link in links if link), None),
    )


def _text(holder: Mapping[str, object], field: str) -> str:
    """A field as a string; numbers (a common mistake in ids) are taken as written."""
    value = holder.get(field)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value[:_LONGEST_CONTENT] if isinstance(value, str) else ""
