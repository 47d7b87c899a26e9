"""From bytes to characters, and from HTML to paragraphs.

:func:`decode` finds the encoding of a file, :func:`tidy` removes what nobody
can see, :func:`html_text` turns a fragment (a feed entry) and
:func:`read_page` a whole page into paragraphs parted by blank lines. Pure.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from html import unescape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from digests.errors import SourceError
from digests.sources.dates import parse_date
from digests.sources.markup import harmless
from digests.types import UNDATED, Published

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_CONTROL_SHARE = 0.01
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CP1252_GAPS = re.compile(r"[\x81\x8d\x8f\x90\x9d]")

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
# Controls, soft hyphens, zero-width characters, marks and overrides of writing
# direction, byte order marks, and lone surrogates, which no database stores.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# What shows as nothing although it counts as a letter or a mark, and marks heaped on one
# letter, which spill over the lines around it.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TRICKS = re.compile(f"[{_BLANK}]+|(?<=[{_MARKS}]{{3}})[{_MARKS}]+")
_TRICKY = re.compile(f"[{_BLANK}{_MARKS}]")
_BLANKS = re.compile(r"[^\S\n]+")


def decode(data: bytes) -> str:
    """Decode the bytes of a text file.

    UTF-8, UTF-16 and UTF-32 by their byte order mark, else UTF-8, else
    Windows-1252. UTF-8 with a few broken bytes stays UTF-8: bytes that are no
    UTF-8 become U+FFFD as long as more multi-byte characters are whole than
    broken. NUL bytes are dropped.

    Raises SourceError ``undecodable`` for what is no text: more than one
    character in a hundred is a control character.
    """
    text = _decode_as_declared(data)
    if text is None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _decode_undeclared(data)
    controls = len(_CONTROLS.findall(text))
    if controls > max(1, len(text) * _MAX_CONTROL_SHARE):
        raise SourceError("undecodable")
    return text.replace("\x00", "")


def _decode_as_declared(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return data.decode(encoding, "replace")
    return None


def _decode_undeclared(data: bytes) -> str:
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = sum(character > "\x7f" for character in lenient) - broken
    if whole > broken:
        return lenient
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 names them as controls.
        return _CP1252_GAPS.sub("\ufffd", data.decode("latin-1")).translate(_CP1252_HIGH)


_CP1252_HIGH = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def tidy(text: str) -> str:
    """Make characters plain: NFC, one kind of line end and of space, nothing invisible.

    Of marks heaped on one letter three stay. Runs of spaces become one, spaces at line ends
    go. Quotation marks and dashes stay as they are.
    """
    # Most text is plain already, which is quickly told: no other space than ' ' is printable.
    if not text.isascii():
        if _TRICKY.search(text):
            text = _TRICKS.sub("", text)
        text = unicodedata.normalize("NFC", text)
    if "  " in text or not text.replace("\n", "").isprintable():
        text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
        text = unicodedata.normalize("NFC", _BLANKS.sub(" ", _INVISIBLE.sub("", text)))
    return "\n".join(map(str.strip, text.split("\n")))


def fold(text: str) -> str:
    """:func:`tidy` on a single line: all white space becomes one space."""
    return " ".join(tidy(text).split())


def source_name(text: str) -> str:
    """What a source calls itself, on a line that stands beside each of its sentences."""
    name = fold(text)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


_LONGEST_NAME = 120


def language_code(value: str | None) -> str | None:
    """ISO 639-1 code of a language tag or name ('de-AT', 'deu', 'German'); None if unknown."""
    if not value:
        return None
    name = re.split(r"[-_;,\s]", fold(value).lower(), maxsplit=1)[0]
    name = _LANGUAGE_NAMES.get(name, name)
    return name if re.fullmatch(r"[a-z]{2}", name) else None


_LANGUAGE_NAMES = {
    **dict.fromkeys(("deu", "ger", "deutsch", "german"), "de"),
    **dict.fromkeys(("eng", "englisch", "english"), "en"),
    **dict.fromkeys(("fra", "fre", "französisch", "french"), "fr"),
    **dict.fromkeys(("rus", "russisch", "russian"), "ru"),
    **dict.fromkeys(("ukr", "ukrainisch", "ukrainian"), "uk"),
}


# Absolute, and written as it would be put together anew.
_ABSOLUTE = re.compile(r"https?://[a-z0-9.-]+/[!-\"$-:<->@-~]*(?:\?[!-\"$-~]+)?")


def web_address(value: str | None, base: str | None = None) -> str | None:
    """``value`` as an absolute http(s) address, resolved against ``base``; None if it is none."""
    if not value:
        return None
    if _ABSOLUTE.fullmatch(value):
        return value
    try:
        address = urljoin(base or "", "".join(tidy(value).split("\n")).strip())
        parts = urlsplit(address)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return address if usable and not re.search(r"\s", address) else None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the wrapping of a report says about it: HTML head, JSON fields, header lines."""

    title: str = ""
    published: Published = UNDATED
    language: str | None = None
    url: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page: its paragraphs, parted by blank lines, and what its head declares."""

    text: str
    declared: Declared


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements that hold no running text of the report.
_SKIPPED = _words(
    "aside audio button canvas datalist dialog embed figcaption figure footer form frame frameset "
    "iframe input map math menu meter nav noframes noscript object optgroup option progress script "
    "select source style svg template textarea title track video"
)
_BLOCKS = _words(
    "address article blockquote body caption center dd details div dl dt fieldset h1 h2 h3 h4 h5 "
    "h6 header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_BOILERPLATE_ROLES = frozenset(
    {"banner", "navigation", "complementary", "contentinfo", "dialog", "search", "alert"}
)
_BOILERPLATE_CLASS = re.compile(
    r"(?<![a-z])(?:cookies?|consent|newsletter|social|shar(?:e|ing)|related|recommend\w*|comments?|"
    r"breadcrumbs?|advert\w*|ads?|anzeige|werbung|promo|paywall|sidebar|byline|caption|"
    r"copyright|visually-hidden|sr-only|print-only|skip-?link)(?![a-z])"
)


def html_text(markup: str, *, article: bool = False) -> str:
    """Turn HTML into paragraphs parted by blank lines; ``<br>`` becomes a line end.

    Scripts, forms, navigation, figures with their captions and the like are
    left out; with ``article`` also what is marked as boilerplate by its role
    or class. What such an element or a comment that is never closed would swallow
    stays. Plain text without markup comes back with its own line ends.
    """
    if "<" not in markup and "&" not in markup:
        return tidy(markup).strip()
    if not article and (pieces := _simple_pieces(markup)) is not None:
        return _paragraphed(pieces)
    tree = parse_html(_without_unclosed(markup))
    return _node_text(tree.body, article) if tree and tree.body else ""


_MAY_SWALLOW = re.compile(
    r"<(aside|audio|canvas|dialog|figure|footer|form|iframe|nav|noframes|noscript|object|select|"
    r"textarea|title|video)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


def _without_unclosed(markup: str) -> str:
    """Cut the start tags of elements, and of comments, that have no end.

    Fragments come from XML, where ``<iframe/>`` is a whole element; in HTML it would take
    all that follows for its own.
    """
    start = markup.find("<!--", max(markup.rfind("-->"), 0))
    if start >= 0:
        markup = markup[:start] + re.sub(r"<!--[^>]*>?", "", markup[start:])
    closed = {tag.lower() for tag in _END_TAG.findall(markup)}
    return _MAY_SWALLOW.sub(
        lambda tag: tag[0] if tag[1].lower() in closed and not tag[0].endswith("/>") else "",
        markup,
    )


_END_TAG = re.compile(r"</([a-zA-Z]+)")


_SIMPLE_TAG = re.compile(
    r"</?(p|br|a|b|i|u|em|strong|span|img|div|h[1-6]|ul|ol|li|blockquote)"
    r"(?:\s+[a-zA-Z][\w:.-]*(?:=(?:\"[^\"<>]*\"|'[^'<>]*'|[\w./:#%?=&;+-]+))?)*\s*/?>",
    re.IGNORECASE,
)


def _simple_pieces(markup: str) -> list[str] | None:
    """What :func:`_node_text` finds in the markup of most feeds, without the cost of a tree.

    None where there is any other tag than the common ones, or anything that is no tag.
    """
    texts = _SIMPLE_TAG.split(markup if markup.isprintable() else _INVISIBLE.sub("", markup))
    pieces = []
    for number, piece in enumerate(texts):
        if number % 2:
            tag = piece.lower()
            pieces.append("\n" if tag == "br" else "\n\n" if tag in _BLOCKS else "")
        elif "<" in piece:
            return None
        else:
            words = unescape(piece) if "&" in piece else piece
            # What is printable has no other white space than ' '.
            single = words.isprintable() and "  " not in words
            pieces.append(words if single else _SPACES.sub(" ", words))
    return pieces


def _paragraphed(pieces: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", tidy("".join(pieces))).strip()


def read_page(data: bytes, *, zone: tzinfo, url: str | None = None, content_type: str = "") -> Page:
    """Read an HTML page; ``content_type`` is the header it came with, if any.

    The report is the ``article`` that holds most text, else ``main``, else the
    body; its title the ``h1``, else ``og:title``, else ``title``. The date comes from
    JSON-LD ``datePublished``, ``article:published_time`` and the like, or
    the first ``time`` element; one without an offset is in ``zone``.

    Raises SourceError ``undecodable``.
    """
    tree = parse_html(decode_html(data, content_type))
    if tree is None or tree.root is None:
        raise SourceError("undecodable")
    metas = _metas(tree)
    linked = _linked_data(tree)
    address = web_address(
        _attribute(tree, "link[rel=canonical]", "href") or metas.get("og:url"), url
    )
    root = _report_root(tree)
    declared = Declared(
        title=_page_title(tree, root, metas),
        published=_page_date(root, metas, linked, zone),
        language=language_code(
            _attribute(tree, "html", "lang")
            or _attribute(tree, "html", "xml:lang")
            or metas.get("og:locale")
            or metas.get("content-language")
        ),
        url=address or web_address(url),
        outlet=fold(metas.get("og:site_name") or _publisher(linked)) or None,
    )
    return Page(_node_text(root, True) if root else "", declared)


def parse_html(markup: str) -> LexborHTMLParser | None:
    """The tree of a page or fragment, invisible characters cut; None if it is too large."""
    try:
        return LexborHTMLParser(harmless(_INVISIBLE.sub("", markup)))
    except (SelectolaxError, ValueError):  # larger than the parser takes
        return None


_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def decode_html(data: bytes, content_type: str = "") -> str:
    """As :func:`decode`, with the charset that the page declares before the guesses.

    ``content_type`` is the response's header, whose charset goes before that of the page's head
    (https://html.spec.whatwg.org/#determining-the-character-encoding).
    """
    in_head = _CHARSET.search(data[:4096])
    declared = [
        *re.findall(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)[:1],
        *([in_head.group(1).decode("ascii", "ignore")] if in_head else []),
    ]
    if not any(data.startswith(mark) for mark, _ in _BOMS):
        for charset in declared:
            try:
                name = codecs.lookup(charset).name
                if name not in _GUESSED and not name.endswith("codec"):
                    return decode(data.decode(name).encode("utf-8"))
            except (LookupError, UnicodeError, ValueError):
                continue
    return decode(data)


# Declared more often than meant: what :func:`decode` finds in the bytes is more to be trusted.
_GUESSED = frozenset({"utf-8", "utf-16", "iso8859-1", "ascii"})


def _walk(
    root: LexborNode, skip: Callable[[LexborNode], bool]
) -> Iterator[tuple[LexborNode, bool]]:
    """Each node before (True) and after (False) its children, in document order.

    A loop instead of recursion: pages nest as deep as they like.
    """
    node: LexborNode | None = root
    entering = True
    while node is not None:
        child = None
        if entering:
            if skip(node):
                entering = False
            else:
                yield node, True
                child = node.first_child
                if child is None:
                    yield node, False
        else:
            yield node, False
        if child is not None:
            node, entering = child, True
        elif node.mem_id == root.mem_id:
            return
        elif node.next is not None:
            node, entering = node.next, True
        else:
            node, entering = node.parent, False


def _node_text(root: LexborNode, article: bool) -> str:
    pieces: list[str] = []
    for node, entering in _walk(root, _is_boilerplate if article else _is_skipped):
        if node.is_text_node:
            if entering:
                pieces.append(_SPACES.sub(" ", node.text_content or ""))
        elif node.tag == "br":
            if entering:
                pieces.append("\n")
        elif node.tag in _BLOCKS:
            pieces.append("\n\n")
    return _paragraphed(pieces)


_SPACES = re.compile(r"\s+")


def _is_skipped(node: LexborNode) -> bool:
    return node.tag in _SKIPPED


def _is_boilerplate(node: LexborNode) -> bool:
    if not node.is_element_node:
        return False
    if node.tag in _SKIPPED:
        return True
    attributes = node.attributes
    if not attributes or node.tag in {"html", "body", "main", "article"}:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if (attributes.get("role") or "").lower() in _BOILERPLATE_ROLES:
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return bool(_BOILERPLATE_CLASS.search(names.replace("_", "-")))


def _report_root(tree: LexborHTMLParser) -> LexborNode | None:
    whole = tree.body
    if whole is None:
        return None
    in_page = _prose_length(whole)
    for selector in ("[itemprop=articleBody]", "article", "main", "[role=main]"):
        nodes = [node for node in tree.css(selector) if not _is_skipped(node)]
        if nodes:
            best = max(nodes, key=_prose_length)
            # A page that lists reports holds many small articles: none of them is the report.
            if 2 * _prose_length(best) >= in_page:
                return best
    return whole


def _prose_length(node: LexborNode) -> int:
    return sum(len(paragraph.text()) for paragraph in node.css("p"))


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return (node.attributes.get(name) or "").strip() if node else ""


def _metas(tree: LexborHTMLParser) -> Mapping[str, str]:
    """The ``meta`` elements by name, property, itemprop or http-equiv in lower case; first wins."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name, content = attributes.get(kind), attributes.get("content")
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), content.strip())
    return found


def _page_title(tree: LexborHTMLParser, root: LexborNode | None, metas: Mapping[str, str]) -> str:
    heading = (root.css_first("h1") if root else None) or tree.css_first("h1")
    if heading and (title := _heading(heading)):
        return title
    if title := fold(metas.get("og:title") or metas.get("headline") or ""):
        return title
    node = tree.css_first("title")
    title = fold(node.text()) if node else ""
    return re.split(r" [|·•] ", title, maxsplit=1)[0]  # what follows the bar names the site


def _heading(node: LexborNode) -> str:
    return fold(_node_text(node, article=True))


_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.created",
    "dcterms.issued",
    "pubdate",
    "publishdate",
    "publish-date",
    "sailthru.date",
    "parsely-pub-date",
    "og:published_time",
)


def _page_date(
    root: LexborNode | None,
    metas: Mapping[str, str],
    linked: list[Mapping[str, object]],
    zone: tzinfo,
) -> Published:
    values = [metas.get(name, "") for name in _DATE_METAS]
    values[1:1] = [str(node["datePublished"]) for node in linked if node.get("datePublished")]
    times = root.css("time[datetime]") if root else []
    times.sort(key=lambda node: not {"pubdate", "itemprop"} & set(node.attributes))
    values += [node.attributes.get("datetime") or "" for node in times[:1]]
    for value in values:
        published = parse_date(value, zone=zone)
        if published != UNDATED:
            return published
    return UNDATED


def _linked_data(tree: LexborHTMLParser) -> list[Mapping[str, object]]:
    """The objects of JSON-LD blocks, ``@graph`` and lists opened; broken blocks are left out."""
    objects: list[Mapping[str, object]] = []
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            waiting = [json.loads(script.text())]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value
            elif isinstance(value, dict):
                objects.append(value)
                if isinstance(value.get("@graph"), list):
                    waiting[:0] = value["@graph"]
    return objects


def _publisher(linked: list[Mapping[str, object]]) -> str:
    for node in linked:
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return str(publisher["name"])
    return ""
