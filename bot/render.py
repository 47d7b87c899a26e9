"""From blocks to what is sent: Telegram text with entities in parts, or plain text.

Telegram counts in UTF-16 units, takes 4,096 of them a message and honours 100
entities. Parts are cut between blocks, else between sentences, words, and
last between characters (bot/breaks.py); never inside an entity's words if they
fit a part, nor between a heading and what it stands over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.breaks import best_break
from bot.reply import Block, BlockKind, Button, Rows, Run, Style

LIMIT: Final = 3900
"""UTF-16 units a part: below Telegram's 4,096, so that a note can be put under it."""

ENTITIES: Final = 95
"""Entities a part: below Telegram's 100."""

LONG_QUOTE: Final = 300
"""UTF-16 units of a quote beyond which it is shown folded: about what a phone shows of it."""

_TYPES: Final = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REMOVED: Final = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_VISIBLE: Final = re.compile(
    "[^\\s\u180e\u200b-\u200f\u202e\u2800\ufeff\ufffc\U000e0000-\U000e007f]"
)
"""What makes a text more than empty to Telegram (strip_empty_characters of TDLib's misc.cpp)."""

_CUT_OFF: Final = " …"
_BULLET: Final = "• "
_WORD: Final = re.compile(r"\w")
_LONG_ITEM: Final = 120
"""Characters of an item beyond which it reads as a paragraph: three lines on a phone."""

_QUOTES: Final = ("blockquote", "expandable_blockquote")
_LEADS: Final = (BlockKind.TITLE, BlockKind.HEADING)
_TIGHT: Final = {
    (BlockKind.TITLE, BlockKind.NOTE),
    (BlockKind.NOTE, BlockKind.NOTE),
    (BlockKind.HEADING, BlockKind.NOTE),
    (BlockKind.HEADING, BlockKind.ITEM),
    (BlockKind.HEADING, BlockKind.PARAGRAPH),
    (BlockKind.HEADING, BlockKind.QUOTE),
    (BlockKind.NOTE, BlockKind.PARAGRAPH),
    (BlockKind.NOTE, BlockKind.ITEM),
    (BlockKind.NOTE, BlockKind.QUOTE),
    (BlockKind.PARAGRAPH, BlockKind.PARAGRAPH),
    (BlockKind.PARAGRAPH, BlockKind.ITEM),
    (BlockKind.PARAGRAPH, BlockKind.QUOTE),
    (BlockKind.ITEM, BlockKind.QUOTE),
    (BlockKind.QUOTE, BlockKind.ITEM),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A style over ``[offset, offset + length)`` UTF-16 units of a part's text."""

    type: str
    offset: int
    length: int
    url: str | None = None
    unix_time: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message: text and entities as Telegram wants them, and the buttons under it.

    A ``muted`` one comes without a sound; ``previews`` says that its first link is previewed.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: Rows = ()
    muted: bool = False
    previews: bool = False

    def payload(self) -> dict[str, Any]:
        """The part as JSON, to be kept in the outbox."""
        return {
            "text": self.text,
            "entities": [
                {"type": e.type, "offset": e.offset, "length": e.length}
                | ({"url": e.url} if e.url else {})
                | ({"unix_time": e.unix_time} if e.unix_time is not None else {})
                for e in self.entities
            ],
            "buttons": [[[button.text, button.command] for button in row] for row in self.buttons],
        } | {name: True for name in ("muted", "previews") if getattr(self, name)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Part:
        """The part that :meth:`payload` made."""
        return cls(
            payload["text"],
            tuple(Entity(**entity) for entity in payload["entities"]),
            tuple(tuple(Button(*button) for button in row) for row in payload["buttons"]),
            bool(payload.get("muted")),
            bool(payload.get("previews")),
        )


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks as plain text, as a terminal without styles or a log shows them."""
    return "".join(gap + _prefix(one) + one.text for gap, one in _spaced(blocks))


def parts(blocks: Sequence[Block], buttons: Rows = (), limit: int = LIMIT) -> tuple[Part, ...]:
    """Blocks as messages, each within Telegram's limits; buttons under the last.

    Text and entities are as Telegram will show them: it changes nothing. No
    visible character is lost between parts, and none is empty.
    """
    made: list[Part] = []
    part = _Builder(limit)
    for group in _groups(_spaced(filter(_is_visible, map(_clean, blocks)))):
        if not part.takes(group):
            part = part.passed_to(made)
        for piece in group:
            rest: _Piece | None = piece
            while rest is not None:
                head, rest = part.fitting(rest)
                if head is not None:
                    part.add(head)
                if rest is not None:
                    part = part.passed_to(made)
    part.passed_to(made)
    if made and buttons:
        made[-1] = replace(made[-1], buttons=buttons)
    return tuple(made)


def clipped(text: str, room: int) -> str:
    """A text in at most ``room`` UTF-16 units: a caption. An ellipsis tells that some was cut."""
    text = _cleaned(text).strip()
    if units(text) <= room:
        return text
    end = _within(text, room - units(_CUT_OFF))
    return text[: best_break(text, end) or end].rstrip() + _CUT_OFF


# --- Pieces ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Styled:
    """A style over ``[start, end)`` code points of a piece's text, without white space around."""

    type: str
    start: int
    end: int
    url: str | None = None
    unix_time: int | None = None
    whole: bool = True
    """Whether its words stay together where they fit a part."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or what is left of it: its text with the styles in it, and the gap before it."""

    gap: str
    text: str
    styles: tuple[_Styled, ...]
    leads: bool = False

    @property
    def size(self) -> int:
        """UTF-16 units, without the gap."""
        return units(self.text)

    def until(self, cut: int) -> _Piece:
        """What stands before ``cut``."""
        kept = (replace(one, end=min(one.end, cut)) for one in self.styles if one.start < cut)
        return _trimmed(replace(self, text=self.text[:cut], styles=tuple(kept)))

    def since(self, cut: int) -> _Piece:
        """What stands after ``cut``."""
        kept = (
            replace(one, start=max(one.start - cut, 0), end=one.end - cut)
            for one in self.styles
            if one.end > cut
        )
        return _trimmed(replace(self, gap="\n", text=self.text[cut:], styles=tuple(kept)))


def _trimmed(piece: _Piece) -> _Piece:
    """A piece without white space at either end, of its text or of a style."""
    lead = len(piece.text) - len(piece.text.lstrip())
    text = piece.text.strip()
    found = (
        _over(
            replace(one, start=max(one.start - lead, 0), end=min(one.end - lead, len(text))), text
        )
        for one in piece.styles
    )
    return replace(piece, text=text, styles=tuple(one for one in found if one is not None))


def _over(style: _Styled, text: str) -> _Styled | None:
    """A style over the words alone within its range of ``text``; None where there are none."""
    words = text[style.start : style.end]
    start = style.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return replace(style, start=start, end=end) if start < end else None


def _piece(gap: str, one: Block) -> _Piece:
    text = _prefix(one)
    styles: list[_Styled] = []
    for run in one.runs:
        start, text = len(text), text + run.text
        if run.style in _TYPES and (one.kind, run.style) != (BlockKind.NOTE, Style.ITALIC):
            styles.append(_Styled(_TYPES[run.style], start, len(text)))
        if run.url and run.style is not Style.CODE:  # code takes no other style
            styles.append(_Styled("text_link", start, len(text), run.url))
        elif run.at is not None and run.style is not Style.CODE:
            at = int(run.at.timestamp())
            styles.append(_Styled("date_time", start, len(text), unix_time=at))
    if one.kind is BlockKind.QUOTE:
        kind = _QUOTES[units(text) > LONG_QUOTE]
        styles.insert(0, _Styled(kind, 0, len(text), whole=False))
    elif one.kind is BlockKind.NOTE and _slants(one):
        styles.insert(0, _Styled("italic", 0, len(text), whole=False))
    kept = [style for style in (_over(style, text) for style in styles) if style is not None]
    return _Piece(gap, text.rstrip(), tuple(kept), one.kind in _LEADS)


def _slants(note: Block) -> bool:
    """Whether a note is set in italics: a row of bars would look odd, code takes no other style."""
    code = any(run.style is Style.CODE for run in note.runs)
    return not code and _WORD.search(note.text) is not None


def _groups(spaced: Iterable[tuple[str, Block]]) -> Iterator[list[_Piece]]:
    """Pieces that stay together: headings, the notes under them, and what they stand over."""
    group: list[_Piece] = []
    for gap, one in spaced:
        piece = _piece(gap, one)
        if group and one.kind is BlockKind.NOTE:
            piece = replace(piece, leads=True)
        group.append(piece)
        if not piece.leads:
            yield group
            group = []
    if group:
        yield group


class _Builder:
    """A part in the making."""

    def __init__(self, limit: int) -> None:
        self.text = ""
        self._units = 0
        self._entities: list[Entity] = []
        self._limit = limit

    def takes(self, group: Sequence[_Piece]) -> bool:
        """Whether all of a group still fits, or nothing is there yet."""
        size = sum(units(one.gap) + one.size for one in group)
        styled = sum(len(one.styles) for one in group)
        fits = size <= self._limit - self._units and styled <= ENTITIES - len(self._entities)
        return fits or not self.text

    def fitting(self, piece: _Piece) -> tuple[_Piece | None, _Piece | None]:
        """What of a piece still fits, and what is left of it.

        All of it is left where a heading would have to be cut, or nothing
        fits well, and a part of its own has more room.
        """
        room = self._limit - self._units - (units(piece.gap) if self.text else 0)
        styled = ENTITIES - len(self._entities)
        if piece.size <= room and len(piece.styles) <= styled:
            return piece, None
        if self.text and piece.leads:
            return None, piece
        end = _within(piece.text, max(room, 0))
        if len(piece.styles) > styled:
            end = min(end, sorted(one.start for one in piece.styles)[styled])
        bullet = (0, len(_BULLET) + 1) if piece.text.startswith(_BULLET) else (0, 0)
        whole = [
            one
            for one in piece.styles
            if one.whole and units(piece.text[one.start : one.end]) <= self._limit
        ]
        styles = [(one.start, one.end) for one in whole]
        cut = best_break(piece.text, end, [bullet, *styles])
        if not cut and self.text:
            return None, piece
        # In an empty part something has to give: first bold words, then a link, last the character.
        links = [(one.start, one.end) for one in whole if one.url]
        cut = cut or best_break(piece.text, end, [bullet, *links])
        cut = cut or best_break(piece.text, end, [bullet]) or end
        head, rest = piece.until(cut), piece.since(cut)
        return head if head.text else None, rest if rest.text else None

    def add(self, piece: _Piece) -> None:
        """Put a piece under what is there."""
        start = self.text + piece.gap if self.text else ""
        self.text = start + piece.text
        begin = units(start)
        for one in piece.styles:
            offset = begin + units(piece.text[: one.start])
            length = units(piece.text[one.start : one.end])
            self._entities.append(Entity(one.type, offset, length, one.url, one.unix_time))
        self._units = units(self.text)

    def passed_to(self, made: list[Part]) -> _Builder:
        """Add what was built to ``made``, if it is anything; gives an empty one."""
        if _VISIBLE.search(self.text):
            made.append(Part(self.text, tuple(self._entities)))
        return _Builder(self._limit)


def _spaced(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    before: Block | None = None
    for one in blocks:
        if before is None:
            yield "", one
        else:
            yield "\n" if _is_tight(before, one) else "\n\n", one
        before = one


def _is_tight(before: Block, one: Block) -> bool:
    """Whether no blank line stands between two blocks; long items want one."""
    if before.kind is one.kind is BlockKind.ITEM:
        return max(len(before.text), len(one.text)) <= _LONG_ITEM
    return (before.kind, one.kind) in _TIGHT


def _prefix(one: Block) -> str:
    return _BULLET if one.kind is BlockKind.ITEM else ""


def _is_visible(one: Block) -> bool:
    return _VISIBLE.search(one.text) is not None


def _clean(one: Block) -> Block:
    """A block in the characters that Telegram leaves as they are.

    It makes spaces of control characters and drops a few others (clean_input_string of
    TDLib's misc.cpp), among them the ring above, which composing keeps; entities
    would shift. Lone surrogates cannot be encoded and become U+FFFD.
    """
    runs = [_worded(run, _cleaned(run.text)) for run in one.runs]
    while runs and not runs[0].text.strip():
        runs.pop(0)
    if runs:
        runs[0] = _worded(runs[0], runs[0].text.lstrip())
    return Block(one.kind, tuple(runs))


def _worded(run: Run, text: str) -> Run:
    """A run with another text; most have it already, and copying is dear."""
    return run if run.text == text else replace(run, text=text)


def _cleaned(text: str) -> str:
    text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return _BLANKED.sub(" ", _REMOVED.sub("", unicodedata.normalize("NFC", text)))


def _within(text: str, room: int) -> int:
    """How many code points of ``text`` take at most ``room`` UTF-16 units."""
    low, high = 0, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        if units(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low
