"""Lists of feeds: OPML, or a URL a line.

:func:`read_feeds_file` reads both, :func:`write_opml` writes OPML 2.0
(http://opml.org/spec2.opml). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.parsers import expat

from digests.errors import SourceError
from digests.sources.discover import typed_address
from digests.sources.text import decode, fold, source_name

_DEEPEST_LABEL = 16


@dataclass(frozen=True, slots=True)
class FeedRef:
    """A feed as a list names it; ``labels`` are the folders it is in, outermost first."""

    url: str
    title: str | None = None
    labels: tuple[str, ...] = ()


def read_feeds_file(data: bytes) -> tuple[FeedRef, ...]:
    """Read a list of feeds, in order, each address once.

    OPML: outlines with ``xmlUrl`` are feeds, others folders. Else text: an address a
    line, perhaps followed by a title; lines that start with ``#``, and what
    follows a ``#`` after a space, are comments. Addresses are read as
    :func:`digests.sources.discover.typed_address` does.

    Raises SourceError ``unreadable`` for broken XML, XML with a document type
    (entities are never expanded), or a line that is no address (``line`` says
    which), and ``undecodable`` for what is no text.
    """
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        found = _read_opml(data)
    else:
        found = _read_lines(decode(data))
    first: dict[str, FeedRef] = {}
    for feed in found:
        first.setdefault(feed.url, feed)
    return tuple(first.values())


def _read_lines(text: str) -> list[FeedRef]:
    feeds = []
    for number, line in enumerate(text.splitlines(), 1):
        words = re.split(r"(?:^|\s)#", fold(line), maxsplit=1)[0].split(" ", 1)
        if not words[0]:
            continue
        url = typed_address(words[0])
        if url is None:
            raise SourceError("unreadable", line=number, reason="no address")
        feeds.append(FeedRef(url, words[1] if len(words) > 1 else None))
    return feeds


class _OpmlReader:
    """Collects outlines; the path of open folders says the labels."""

    def __init__(self) -> None:
        self.feeds: list[FeedRef] = []
        self.path: list[str] = []
        self.elements = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        if self.elements == 1 and name.lower() != "opml":
            raise SourceError("unreadable", reason="no OPML")
        if name.lower() != "outline":
            return
        values = {key.lower(): fold(value) for key, value in attributes.items()}
        title = values.get("title") or values.get("text") or ""
        url = typed_address(values.get("xmlurl", ""))
        if url:
            labels = tuple(label for label in self.path[:_DEEPEST_LABEL] if label)
            self.feeds.append(FeedRef(url, source_name(title) or None, labels))
        self.path.append("" if url else title)

    def end(self, name: str) -> None:
        if name.lower() == "outline":
            self.path.pop()


def _read_opml(data: bytes) -> list[FeedRef]:
    reader = _OpmlReader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise SourceError("unreadable", line=error.lineno, reason="broken XML") from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        raise SourceError("undecodable") from error
    return reader.feeds


def _refuse_doctype(*_: object) -> None:
    raise SourceError("unreadable", reason="document type")


def write_opml(feeds: Iterable[FeedRef], *, title: str = "Depesche") -> bytes:
    """Write OPML 2.0 as UTF-8; the labels of a feed become nested folders.

    Reading it gives the same feeds; those of one folder come to stand together.
    """
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = fold(title)
    body = ET.SubElement(root, "body")
    folders: dict[tuple[str, ...], ET.Element] = {(): body}
    for feed in feeds:
        path: tuple[str, ...] = ()
        for label in map(fold, feed.labels):
            parent, path = folders[path], (*path, label)
            if path not in folders:
                folders[path] = ET.SubElement(parent, "outline", text=label, title=label)
        text = fold(feed.title or "") or feed.url
        attributes = {"type": "rss", "text": text, "xmlUrl": fold(feed.url)}
        if feed.title:
            attributes["title"] = text
        ET.SubElement(folders[path], "outline", attributes)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
