"""HTML made harmless before it is parsed: what hostile markup costs grows with its length alone.

The rules of HTML for broken markup (https://html.spec.whatwg.org/#parsing) let some kilobytes take
minutes, or gigabytes: each tag looks through all elements that are open, formatting that was
never ended is opened again in every paragraph, attributes are compared each with each. Pure.
"""

from __future__ import annotations

import re
from typing import Final

_HARMLESS: Final = 2_000
"""Characters in which nothing of all this takes long."""
_DEEPEST: Final = 200
"""Elements within each other; browsers allow 512, pages that are read have some thirty."""
_MOST_ATTRIBUTES: Final = 200

_SPACE: Final = r"[\t\n\f\r ]"
_ATTRIBUTE: Final = rf"""
    [^\t\n\f\r />][^\t\n\f\r />=]*+
    (?:{_SPACE}*+={_SPACE}*+(?:"[^"]*+"?|'[^']*+'?|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?+
"""
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE, re.VERBOSE)
_TAG: Final = re.compile(
    rf"""<(?:
        (?P<end>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)
        (?P<attributes>(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+)(?P<whole>>)?
      | [!?/]
    )""",
    re.VERBOSE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY: Final = _words(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source"
    " track wbr"
)
_TEXT: Final = _words("iframe noembed noframes script style textarea title xmp")
"""Elements that hold text, whatever it looks like."""
_ISLANDS: Final = _words("math select svg")
"""Elements with rules of their own, and nothing to read."""
_FORMATTING: Final = _words("b big code em font i nobr s small strike strong tt u")
_ENDED_BY: Final = {
    "p": _words("p"),
    "li": _words("li p"),
    "dd": _words("dd dt p"),
    "dt": _words("dd dt p"),
    "td": _words("td th"),
    "th": _words("td th"),
    "tr": _words("td th tr"),
    **dict.fromkeys(("tbody", "tfoot", "thead"), _words("tbody td tfoot th thead tr")),
}
"""What ends where another element begins, if it is the last that is open."""
_ENDED_WITH: Final = _words("dd dt li p tbody td tfoot th thead tr")
_ENDING: Final = _words(
    "article aside blockquote body button center details div dl fieldset footer form header html li"
    " main nav ol section table tbody td tfoot th thead tr ul"
)


def harmless(markup: str) -> str:
    """The same page or fragment, if it is a usual one, as a parser can bear it.

    What is longer than 2,000 characters loses comments, declarations, drawings, formulas, lists
    of choices, and the attributes of formatting (``<b class=…>``) and of tags that have more than
    200. Start tags deeper than 200 elements give way to a space. Elements of text (titles,
    scripts) hold no ``<`` any more; in scripts it is written as JSON allows.
    """
    return markup if len(markup) < _HARMLESS else _Pass(markup).run()


class _Pass:
    """One pass over markup. Wherever the parser may see an element open, ``_open`` holds it too."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._open: list[str] = []
        self._missing: set[str] = set()

    def run(self) -> str:
        kept: list[str] = []
        at = 0
        while tag := _TAG.search(self._markup, at):
            kept.append(self._markup[at : tag.start()])
            text, at = self._read(tag)
            kept.append(text)
        kept.append(self._markup[at:])
        return "".join(kept)

    def _read(self, tag: re.Match[str]) -> tuple[str, int]:
        """What takes a tag's place, and where to go on. A space parts what would become a tag."""
        if tag["name"] is None:
            return " ", self._after_declaration(tag)
        if tag["whole"] is None:  # broken off by the end
            return " ", tag.end()
        name = tag["name"].lower()
        if tag["end"]:
            self._close(name)
            return f"</{name}>", tag.end()
        if name in _ISLANDS:
            after = self._after(rf"</{name}{_SPACE}*>", tag.end())
            return " ", after if after is not None else tag.end()
        if name == "plaintext":
            return " ", tag.end()
        if name in _TEXT:
            return self._text(tag, name)
        return (_start(tag, name) if self._opened(name) else " "), tag.end()

    def _text(self, tag: re.Match[str], name: str) -> tuple[str, int]:
        after = self._after(rf"(?=</{name}[\t\n\f\r />])", tag.end())
        if after is None:
            return " ", tag.end()
        less = {"script": r"\u003c", "title": "&lt;"}.get(name, " ")
        return _start(tag, name) + self._markup[tag.end() : after].replace("<", less), after

    def _after_declaration(self, tag: re.Match[str]) -> int:
        after = None
        if self._markup.startswith("<!--", tag.start()):
            after = self._after("-->", tag.end())
        if after is None:
            after = self._after(">", tag.end())
        return after if after is not None else tag.end()

    def _after(self, pattern: str, start: int) -> int | None:
        """Where what is looked for ends; what was missing once is not looked for again."""
        if pattern in self._missing:
            return None
        found = re.compile(pattern, re.IGNORECASE).search(self._markup, start)
        if found is None:
            self._missing.add(pattern)
            return None
        return found.end()

    def _opened(self, name: str) -> bool:
        """Open an element; False where that would be too deep."""
        if name in _EMPTY:
            return True
        ended = _ENDED_BY.get(name, frozenset())
        while self._open and self._open[-1] in ended:
            self._open.pop()
        if len(self._open) >= _DEEPEST:
            return False
        self._open.append(name)
        return True

    def _close(self, name: str) -> None:
        """Close an element where it is sure that a parser does."""
        last = len(self._open) - 1
        if name in _ENDING:
            while last >= 0 and self._open[last] in _ENDED_WITH and self._open[last] != name:
                last -= 1
        if last >= 0 and self._open[last] == name:
            del self._open[last:]


def _start(tag: re.Match[str], name: str) -> str:
    if name in _FORMATTING:
        return f"<{name}>"
    attributes = tag["attributes"]
    if len(attributes) < 2 * _MOST_ATTRIBUTES:
        return tag[0]
    return tag[0] if len(_ATTRIBUTES.findall(attributes)) <= _MOST_ATTRIBUTES else f"<{name}>"
