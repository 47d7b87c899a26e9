"""Message texts as Telegram takes them: cleaned, trimmed, with settled entities.

Offsets and lengths of entities are UTF-16 code units, as everywhere in the Bot
API. :func:`settle` refuses what Telegram refuses, and repairs what Telegram
repairs silently; each repair is told in :attr:`Formatted.oddities`, since a bot
that needs one sends something else than it means.

Rules: https://core.telegram.org/bots/api#formatting-options (nesting),
#messageentity, and fix_formatted_text / parse_html of TDLib's
MessageEntity.cpp (order of checks, wording, cleaning, trimming, the limit of
100). The repaired form of crossing entities may be cut at other places than
Telegram cuts it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.botapi.errors import malformed

Json = dict[str, Any]

MAX_ENTITIES = 100
"""Telegram keeps 100 formatting entities and drops the rest (limits.tginfo.me; TDLib)."""
MAX_BYTES = 1 << 15
"""UTF-8 bytes of a text before any parsing (get_formatted_text of the Bot API server)."""

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
MONOSPACE = ("code", "pre")
HIDDEN = ("text_link", "text_mention", "custom_emoji", "date_time", "pre")
DETECTED = (
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
    "bank_card_number",
)
"""Types that Telegram finds by itself and drops, without a word, from what a bot sends."""
TYPES = (*SPLITTABLE, *QUOTES, *MONOSPACE, *HIDDEN[:-1], *DETECTED)

_PRIORITY = {
    name: place
    for place, name in enumerate((*QUOTES, "text_link", "text_mention", *MONOSPACE, *SPLITTABLE))
}
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_VISIBLE = re.compile(
    "[^ \\n\xa0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]"
)
"""is_empty_string of TDLib's misc.cpp: a text of nothing else is refused."""
_TO_SPACE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities as a recipient gets them."""

    text: str
    entities: tuple[Json, ...] = ()
    oddities: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """UTF-16 code units, what Telegram's limits count."""
        return utf16_length(self.text)

    def spans(self) -> list[tuple[str, str]]:
        """Each entity as (type, the characters it covers)."""
        return [(entity["type"], entity_text(self.text, entity)) for entity in self.entities]


def entity_text(text: str, entity: Json) -> str:
    """The characters of ``text`` that an entity covers."""
    data = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return data[start : start + 2 * entity["length"]].decode("utf-16-le")


@dataclass(slots=True)
class _Span:
    """An entity in code point indexes, half open."""

    type: str
    start: int
    end: int
    extra: Json = field(default_factory=dict)

    def crosses(self, other: _Span) -> bool:
        """They share characters, and neither holds the other."""
        return (
            self.start < other.start < self.end < other.end
            or other.start < self.start < other.end < self.end
        )

    def meets(self, other: _Span) -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: _Span) -> bool:
        return other.start <= self.start and self.end <= other.end

    def said(self) -> str:
        return f"{self.type} at {self.start}..{self.end}"


def settle(text: str, entities: Sequence[Json] = (), *, allow_empty: bool = False) -> Formatted:
    """What becomes of a text with entities; raises ApiError where Telegram refuses.

    ``entities`` are MessageEntity objects whose fields are already of the right type.
    """
    _check_encoding(text)
    oddities: list[str] = []
    spans = _nested(_spans(text, entities, oddities), oddities)
    text, spans = _cleaned(text, spans)
    text, spans = _trimmed(text, spans)
    if not allow_empty and not _VISIBLE.search(text):
        raise malformed("text must be non-empty")
    return Formatted(text, tuple(_honoured(text, spans, oddities)), tuple(oddities))


def _check_encoding(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise malformed("strings must be encoded in UTF-8") from None
    if len(data) > MAX_BYTES:
        raise malformed("text is too long")


def _spans(text: str, entities: Sequence[Json], oddities: list[str]) -> list[_Span]:
    """Entities as spans over code points; refuses those that do not fit the text."""
    if not entities:
        return []
    units = utf16_length(text)
    starts = _index_of_units(text, units)
    found: list[_Span] = []
    for entity in sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])):
        kind, offset, length = entity["type"], entity["offset"], entity["length"]
        extra = _extra(entity)
        if not 0 <= offset <= 1_000_000:
            raise malformed(f"receive an entity with incorrect offset {offset}")
        if not 0 <= length <= 1_000_000:
            raise malformed(f"receive an entity with incorrect length {length}")
        if kind in DETECTED:
            oddities.append(f"entity {kind} is found by Telegram itself and dropped when sent")
            continue
        if not length:
            oddities.append(f"entity {kind} at {offset} is empty and dropped")
            continue
        end = offset + length
        if offset > units:
            raise malformed(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset not in starts:
            raise malformed(
                "entity begins in a middle of a UTF-16 symbol at byte offset "
                f"{_byte_offset(text, starts[offset + 1])}"
            )
        if end > units:
            raise malformed(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {end}"
            )
        if end not in starts:
            raise malformed(
                f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol "
                f"at byte offset {_byte_offset(text, starts[end + 1])}"
            )
        found.append(_Span(kind, starts[offset], starts[end], extra))
    return found


def _extra(entity: Json) -> Json:
    """The fields that belong to the entity's type; refuses if one is missing or wrong."""
    kind = entity["type"]
    prefix = "can't parse MessageEntity: "
    needed = {
        "text_link": "url",
        "text_mention": "user",
        "custom_emoji": "custom_emoji_id",
        "date_time": "unix_time",
    }
    if kind not in TYPES:
        raise malformed(prefix + "Unsupported type specified")
    name = needed.get(kind)
    if name and name not in entity:
        raise malformed(f'{prefix}Can\'t find field "{name}"')
    if kind == "text_link":
        user = mentioned_user(entity["url"])
        if user is not None:
            return {"user": {"id": user, "is_bot": False, "first_name": str(user)}}
        try:
            return {"url": checked_link(entity["url"])}
        except ValueError as error:
            raise malformed(f"entity {error}") from None
    kept = {"pre": ("language",), "date_time": ("unix_time", "date_time_format")}
    names = kept.get(kind, (name,) if name else ())
    return {key: entity[key] for key in names if entity.get(key)}


def _index_of_units(text: str, units: int) -> Mapping[int, int] | Sequence[int]:
    """UTF-16 offset -> code point index, for the offsets where a character begins or ends."""
    if units == len(text):
        return range(units + 1)
    found, unit = {0: 0}, 0
    for index, char in enumerate(text, 1):
        unit += 2 if char > "\uffff" else 1
        found[unit] = index
    return found


def _byte_offset(text: str, index: int) -> int:
    return len(text[:index].encode())


def _nested(spans: list[_Span], oddities: list[str]) -> list[_Span]:
    """Spans that nest as Telegram has it; what is dropped or cut is told in ``oddities``."""
    quotes = _kept((s for s in spans if s.type in QUOTES), oddities, "blockquotes can't be nested")
    whole = [s for s in spans if s.type not in QUOTES and s.type not in SPLITTABLE]
    whole = _kept(whole, oddities, "links, mentions, emoji and code can't overlap")
    kept: list[_Span] = []
    for span in whole:
        if any(span.meets(quote) and not span.within(quote) for quote in quotes):
            oddities.append(f"entity {span.said()} crosses or holds a blockquote and is dropped")
        else:
            kept.append(span)
    firm = quotes + kept
    soft = _merged((s for s in spans if s.type in SPLITTABLE), oddities)
    return firm + [piece for span in soft for piece in _split(span, firm, soft, oddities)]


def _kept(spans: Iterable[_Span], oddities: list[str], rule: str) -> list[_Span]:
    """The spans that meet none before them."""
    kept: list[_Span] = []
    for span in spans:
        if kept and any(span.meets(other) for other in kept):
            oddities.append(f"{rule}: {span.said()} is dropped")
        else:
            kept.append(span)
    return kept


def _merged(spans: Iterable[_Span], oddities: list[str]) -> list[_Span]:
    """One span for those of a type that overlap each other."""
    merged: list[_Span] = []
    for span in spans:
        other = next((o for o in merged if o.type == span.type and o.meets(span)), None)
        if other:
            oddities.append(f"entity {span.said()} overlaps {other.said()} and is merged with it")
            other.end = max(other.end, span.end)
        else:
            merged.append(span)
    return merged


def _split(span: _Span, firm: list[_Span], soft: list[_Span], oddities: list[str]) -> list[_Span]:
    """Bold, italic and their like: cut where they cross another entity, nothing inside code."""
    crossed = [other for other in firm + soft if span.crosses(other)]
    codes = [other for other in firm if other.type in MONOSPACE and span.meets(other)]
    if crossed:
        oddities.append(f"entity {span.said()} partly overlaps {crossed[0].said()} and is split")
    if codes:
        oddities.append(f"{codes[0].type} can't be part of other entities: {span.said()} is cut")
    if not crossed and not codes:
        return [span]
    edges = {edge for other in crossed + codes for edge in (other.start, other.end)}
    cuts = [span.start, *sorted(e for e in edges if span.start < e < span.end), span.end]
    pieces = [_Span(span.type, a, b) for a, b in itertools.pairwise(cuts)]
    return [piece for piece in pieces if not any(piece.meets(code) for code in codes)]


def _cleaned(text: str, spans: list[_Span]) -> tuple[str, list[_Span]]:
    """Control characters become spaces; CR, bidi embeddings and a few marks vanish."""
    text = _TO_SPACE.sub(" ", text)
    gone = [match.start() for match in _REMOVED.finditer(text)]
    if not gone:
        return text, spans
    for span in spans:
        span.start -= sum(position < span.start for position in gone)
        span.end -= sum(position < span.end for position in gone)
    return _REMOVED.sub("", text), spans


def _trimmed(text: str, spans: list[_Span]) -> tuple[str, list[_Span]]:
    """Text and spans without outer spaces and line feeds; spans of nothing else vanish."""
    kept: list[_Span] = []
    end = len(text.rstrip(" \n"))
    for span in spans:
        span.end = min(span.end, end)
        if span.type not in HIDDEN:
            while span.start < span.end and text[span.start] in " \n":
                span.start += 1
        if span.start < span.end:
            kept.append(span)
    limit = min((span.start for span in kept), default=end)
    start = 0
    while start < limit and text[start] in " \n":
        start += 1
    for span in kept:
        span.start -= start
        span.end -= start
    return text[start:end], kept


def _honoured(text: str, spans: list[_Span], oddities: list[str]) -> list[Json]:
    """Spans back as entities; links, quotes and code count before bold and its like."""
    spans.sort(key=lambda span: (span.type in SPLITTABLE, span.start, -span.end))
    if len(spans) > MAX_ENTITIES:
        oddities.append(f"{len(spans)} entities: Telegram keeps {MAX_ENTITIES}")
        del spans[MAX_ENTITIES:]
    spans.sort(key=lambda span: (span.start, -span.end, _PRIORITY.get(span.type, 0)))
    if not spans:
        return []
    units: Sequence[int] = range(len(text) + 1)
    if utf16_length(text) > len(text):
        sizes = (2 if char > "\uffff" else 1 for char in text)
        units = list(itertools.accumulate(sizes, initial=0))
    return [
        {
            "type": "text_mention" if "user" in span.extra else span.type,
            "offset": units[span.start],
            "length": units[span.end] - units[span.start],
            **span.extra,
        }
        for span in spans
    ]


# --- links ---------------------------------------------------------------------------------

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def mentioned_user(url: str) -> int | None:
    """The id in ``tg://user?id=...``, or None."""
    parts = urlsplit(url)
    if parts.scheme.lower() == "tg" and parts.netloc.lower() == "user":
        value = parse_qs(parts.query).get("id", [""])[0]
        return int(value) if value.isdecimal() else None
    return None


def checked_link(url: str) -> str:
    """A link in the form Telegram stores; raises ValueError with Telegram's reason.

    http, https, tg and ton links are taken, http:// is put before a bare host.
    """
    scheme = _SCHEME.match(url)
    name = scheme[1].lower() if scheme else "http"
    if name in ("tg", "ton", "tonsite"):
        return url
    if name not in ("http", "https"):
        raise ValueError(f"URL '{url}' is invalid: Unsupported URL protocol")
    parts = urlsplit(url if scheme else f"http://{url}")
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"URL '{url}' is invalid: Wrong port number specified") from None
    host = parts.hostname or ""
    if not host:
        raise ValueError(f"URL '{url}' is invalid: URL host is empty")
    if ("." not in host and ":" not in host) or re.search(r"[\s<>\"]", parts.netloc):
        raise ValueError(f"URL '{url}' is invalid: Wrong HTTP URL")
    rest = url.split("//", 1)[1] if scheme else url
    tail = rest[len(parts.netloc) :]
    host = f"[{host}]" if ":" in host else host
    user = parts.netloc.rpartition("@")[0]
    where = f"{user}@" * bool(user) + host + (f":{port}" if port else "")
    return f"{name}://{where}{tail if tail.startswith('/') else '/' + tail}"


# --- parse_mode HTML -----------------------------------------------------------------------

_TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_TAG_NAME = re.compile(r"<(/?)([^\s>]*)")
_CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#x([0-9a-fA-F]{1,6})|#([0-9]{1,7}));?")
_ATTRIBUTE = re.compile(
    r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[\s>])))?"""
)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str | None]
    offset: int
    position: int


class _HtmlParser:
    """One pass over a text in Telegram's HTML style."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.length = 0
        self.entities: list[Json] = []
        self.oddities: list[str] = []
        self.open: list[_Open] = []

    def parse(self) -> tuple[str, list[Json], list[str]]:
        at = 0
        while at < len(self.source):
            if self.source[at] == "<":
                at = self._tag(at)
                continue
            end = self.source.find("<", at)
            end = len(self.source) if end < 0 else end
            self._add(_decoded(self.source[at:end]))
            at = end
        if self.open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )
        return "".join(self.out), self.entities, self.oddities

    def _add(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def _where(self, at: int) -> str:
        return f"at byte offset {_byte_offset(self.source, at)}"

    def _tag(self, at: int) -> int:
        match = _TAG_NAME.match(self.source, at)
        assert match
        name = match[2].lower()
        if match[1]:
            end = self.source.find(">", match.end())
            if end < 0 or self.source[match.end() : end].strip():
                raise _unparsable(f"Unclosed end tag {self._where(at)}")
            self._close(name, at)
            return end + 1
        if match.end() == len(self.source):
            raise _unparsable(f"Unclosed start tag {self._where(at)}")
        if name not in _TAGS:
            raise _unparsable(f'Unsupported start tag "{name}" {self._where(at)}')
        attributes, end = self._attributes(name, match.end(), at)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" {self._where(at)}')
        self.open.append(_Open(name, attributes, self.length, len(self.out)))
        return end

    def _attributes(self, tag: str, at: int, begin: int) -> tuple[dict[str, str | None], int]:
        found: dict[str, str | None] = {}
        while True:
            rest = self.source[at:].lstrip()
            at = len(self.source) - len(rest)
            if not rest:
                raise _unparsable(f"Unclosed start tag {self._where(begin)}")
            if rest[0] == ">":
                return found, at + 1
            match = _ATTRIBUTE.match(self.source, at)
            if not match:
                raise _unparsable(f'Empty attribute name in the tag "{tag}" {self._where(begin)}')
            value = next((group for group in match.groups()[1:] if group is not None), None)
            if value is None and not (tag == "blockquote" and match[1].lower() == "expandable"):
                raise _unparsable(
                    "Expected equal sign in declaration of an attribute of the tag "
                    f'"{tag}" {self._where(begin)}'
                )
            found[match[1].lower()] = None if value is None else _decoded(value)
            at = match.end()

    def _close(self, name: str, at: int) -> None:
        if not self.open:
            raise _unparsable(f"Unexpected end tag {self._where(at)}")
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _unparsable(
                f'Unmatched end tag {self._where(at)}, expected "</{opened.tag}>", '
                f'found "</{name}>"'
            )
        if self.length == opened.offset:
            return
        entity: Json = {
            "type": _TAGS[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        if self._completed(entity, opened):
            self.entities.append(entity)

    def _completed(self, entity: Json, opened: _Open) -> bool:
        """Fill in what the attributes say; False if Telegram leaves the entity out."""
        attributes = opened.attributes
        if opened.tag == "a":
            url = attributes.get("href") or "".join(self.out[opened.position :])
            if mentioned_user(url) is None:
                try:
                    checked_link(url)
                except ValueError as error:
                    self.oddities.append(f"link is dropped: {error}")
                    return False
            entity["url"] = url
        elif opened.tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            emoji = attributes.get("emoji-id") or ""
            if not emoji.isdecimal():
                raise _unparsable("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = emoji
        elif opened.tag == "tg-time":
            entity["unix_time"] = int(attributes.get("unix") or 0)
            entity["date_time_format"] = attributes.get("format") or ""
        elif opened.tag == "code":
            language = attributes.get("class") or ""
            if language.startswith("language-"):
                entity["_language"] = language.removeprefix("language-")
        elif opened.tag == "pre" and self.entities:
            inner = self.entities[-1]
            same = (inner["offset"], inner["length"]) == (entity["offset"], entity["length"])
            if inner["type"] == "code" and same and "_language" in inner:
                entity["language"] = self.entities.pop()["_language"]
        return True


def _unparsable(reason: str) -> Exception:
    return malformed(f"can't parse entities: {reason}")


_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def _decoded(text: str) -> str:
    """The four named and all numeric character references; others stay as they are."""

    def character(match: re.Match[str]) -> str:
        if match[1]:
            return _NAMED[match[1]]
        code = int(match[2], 16) if match[2] else int(match[3])
        return chr(code) if 0 < code < 0x10FFFF else match[0]

    return _CHARACTER.sub(character, text)


def parse(text: str, mode: str, *, allow_empty: bool = False) -> Formatted:
    """A text with ``parse_mode``; HTML only (this project sends entities).

    Raises ApiError as Telegram does for HTML, and for other modes a refusal that says so.
    """
    if mode.lower() in ("markdown", "markdownv2"):
        raise malformed(f"the stand-in does not read parse_mode {mode}; send entities")
    if mode.lower() != "html":
        raise malformed("unsupported parse_mode")
    _check_encoding(text)
    plain, entities, oddities = _HtmlParser(text).parse()
    settled = settle(plain, entities, allow_empty=allow_empty)
    return Formatted(settled.text, settled.entities, (*oddities, *settled.oddities))


# --- what Telegram finds in people's texts -------------------------------------------------

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?:(?<=\s)|^)(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])"
    r"|(?<!\w)(?P<mention>@[A-Za-z0-9_]{4,32})(?!\w)"
    r"|(?<!\w)(?P<hashtag>\#\w*[^\W\d]\w*)"
)


def detected(text: str) -> list[Json]:
    """Commands, mentions, links, hashtags and addresses in a person's text, as entities."""
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup
        assert kind
        found.append(
            {
                "type": kind,
                "offset": utf16_length(text[: match.start(kind)]),
                "length": utf16_length(match[kind]),
            }
        )
    return found
