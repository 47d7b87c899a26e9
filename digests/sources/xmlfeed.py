"""feedparser within limits: what hostile XML can make it do takes time in proportion to its size.

:func:`read_xml` is :func:`feedparser.parse` for bytes that are at hand, over feedparser's own
parser classes. It leaves out what Depesche has no use for (HTML is made plain later; persons,
pictures and categories are not read) and stops where a document nests too deep, or has too
many entries or attributes: on those feedparser takes quadratic time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException, make_parser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from feedparser import FeedParserDict
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.encodings import convert_to_utf8
from feedparser.exceptions import UndeclaredNamespace
from feedparser.sanitizer import replace_doctype

MAX_ENTRIES = 10_000
_MAX_DEPTH = 200
_MAX_ATTRIBUTES = 500
# A declaration that can be read byte by byte is not in the wide encoding it speaks of.
_WIDE = re.compile(
    rb"""(\s*<\?xml[^>]{0,80}encoding\s*=\s*["'])(?:utf-?(?:16|32)|ucs-?[24])[\w-]*""",
    re.IGNORECASE,
)

_Parsed = Mapping[str, Any]
"""What feedparser makes: dictionaries all the way down."""


@dataclass(frozen=True, slots=True)
class ReadXml:
    """``version`` is empty for what is no feed; ``whole`` is False where XML was broken off."""

    feed: _Parsed
    entries: list[_Parsed]
    version: str
    whole: bool


class _EnoughError(Exception):
    """A limit was reached: what was read up to here is all."""


class _Flat(FeedParserDict):  # type: ignore[misc] # feedparser has no types
    """What is said of a content: feedparser makes a deep copy of it for each, all of strings."""

    def __deepcopy__(self, _: object) -> FeedParserDict:
        return FeedParserDict(self)


class _Limits:
    """Laid over feedparser's parsers, which call these methods."""

    sanitize_html = False
    resolve_relative_uris = False
    depth: int
    entries: list[Any]
    contentparams: FeedParserDict
    push: Callable[[str, int], None]
    pop: Callable[[str], str | None]

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if (
            self.depth > _MAX_DEPTH
            or len(attrs) > _MAX_ATTRIBUTES
            or len(self.entries) > MAX_ENTRIES
        ):
            raise _EnoughError
        super().unknown_starttag(tag, attrs)  # type: ignore[misc] # laid over by the classes below

    def push_content(self, *arguments: object) -> None:
        super().push_content(*arguments)  # type: ignore[misc] # as above
        self.contentparams = _Flat(self.contentparams)

    def _sync_author_detail(self, key: str = "author") -> None:
        """Persons are not read, and looking for their addresses can take for ever."""

    def _start_unused(self, _: object) -> None:
        self.push("unused", 0)

    def _end_unused(self) -> None:
        self.pop("unused")

    def _pass_by(self, _: object = None) -> None:
        pass

    _start_category = _start_dc_subject = _start_media_category = _start_unused
    _end_category = _end_dc_subject = _end_media_category = _end_unused
    _start_dc_creator = _start_dc_author = _start_media_thumbnail = _start_unused
    _end_dc_creator = _end_dc_author = _end_media_thumbnail = _end_unused
    _start_media_content = _end_media_content = _pass_by  # what is within it counts


class _Strict(_Limits, StrictFeedParser):  # type: ignore[misc] # feedparser has no types
    def startElementNS(  # noqa: N802 - SAX names it
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        if len(attrs) > _MAX_ATTRIBUTES:
            raise _EnoughError
        super().startElementNS(name, qname, attrs)


class _Loose(_Limits, LooseFeedParser):  # type: ignore[misc] # feedparser has no types
    pass


def read_xml(data: bytes, headers: Mapping[str, str]) -> ReadXml:
    """Read a feed in XML of any kind, well-formed or not; ids and links stay as they are.

    ``headers`` (names in lower case) are the response's: ``content-type`` and
    ``content-language`` count. At most :data:`MAX_ENTRIES` + 1 entries are read.

    Raises whatever feedparser does on hostile input.
    """
    found = FeedParserDict()
    if wide := _WIDE.match(data):
        data = wide[1] + b"utf-8" + data[wide.end() :]
    data = _with_short_declaration(data)
    data = convert_to_utf8(dict(headers), data, found)
    version, data, entities = replace_doctype(_with_short_head(data))
    language = headers.get("content-language")
    whole = False
    parser = _Strict("", language, "utf-8")
    try:
        whole = bool(found["encoding"]) and _read_strictly(parser, data)
        if not whole:
            parser = _Loose("", language, "utf-8", entities)
            parser.feed(data.decode("utf-8", "replace"))
    except _EnoughError:
        whole = False
    return ReadXml(parser.feeddata, parser.entries, version or parser.version, whole)


_LONGEST_DECLARATION = 200  # characters
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037")


def _with_short_declaration(data: bytes) -> bytes:
    """End the line after the XML declaration: feedparser looks for an encoding in all of it."""
    for encoding in _ENCODINGS:
        start = data[:12].find("<?".encode(encoding))
        if start not in {0, 2, 3, 4}:  # behind a byte order mark, if there is one
            continue
        width = len("<".encode(encoding))
        longest = start + width * _LONGEST_DECLARATION
        end = data.find("?>".encode(encoding), 0, longest)
        end = longest if end < 0 else end + 2 * width
        return data[:end] + "\n".encode(encoding) + data[end:]
    return data


_LONGEST_HEAD = 2**15  # bytes; all the entities of HTML take a third of it
_ROOT_TAG = re.compile(rb"<\w")


def _with_short_head(data: bytes) -> bytes:
    """Shorten what stands before the root: feedparser looks for entities from each line of it."""
    root = _ROOT_TAG.search(data)
    start = root.start() if root else len(data)
    head = re.sub(rb"\s{2,}", b"\n", data[:start])
    return (head if len(head) <= _LONGEST_HEAD else b"") + data[start:]


def _read_strictly(parser: _Strict, data: bytes) -> bool:
    """Whether it is well-formed XML."""
    sax = make_parser()  # noqa: S317 - expat bounds entities, and read_xml drops nested ones
    sax.setFeature(feature_namespaces, True)
    sax.setFeature(feature_external_ges, False)
    sax.setContentHandler(parser)
    sax.setErrorHandler(parser)
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        sax.parse(source)
    except (SAXException, UndeclaredNamespace):
        return False
    return True
