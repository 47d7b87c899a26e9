"""From blocks to what is sent: Telegram text with entities in parts, or plain text.

Telegram counts in UTF-16 units, takes 4,096 of them a message and honours 100
entities. Parts are cut between blocks, else between sentences, words, and
last between characters; never inside an entity's words if they fit a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.reply import Block, BlockKind, Button, Run, Style

LIMIT: Final = 3900
"""UTF-16 units a part: below Telegram's 4,096, so that a note can be put under it."""

ENTITIES: Final = 95
_TYPES: Final = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'“”»«’]*\s+")
_UNSENDABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TIGHT: Final = {
    (BlockKind.ITEM, BlockKind.ITEM),
    (BlockKind.TITLE, BlockKind.NOTE),
    (BlockKind.NOTE, BlockKind.NOTE),
    (BlockKind.HEADING, BlockKind.NOTE),
    (BlockKind.HEADING, BlockKind.ITEM),
    (BlockKind.HEADING, BlockKind.PARAGRAPH),
    (BlockKind.NOTE, BlockKind.PARAGRAPH),
    (BlockKind.NOTE, BlockKind.ITEM),
    (BlockKind.PARAGRAPH, BlockKind.PARAGRAPH),
    (BlockKind.PARAGRAPH, BlockKind.ITEM),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A style over ``[offset, offset + length)`` UTF-16 units of a part's text."""

    type: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message: text and entities as Telegram wants them, and the buttons under it."""

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()

    def payload(self) -> dict[str, Any]:
        """The part as JSON, to be kept in the outbox."""
        return {
            "text": self.text,
            "entities": [
                {"type": e.type, "offset": e.offset, "length": e.length}
                | ({"url": e.url} if e.url else {})
                for e in self.entities
            ],
            "buttons": [[[button.text, button.command] for button in row] for row in self.buttons],
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Part:
        """The part that :meth:`payload` made."""
        return cls(
            payload["text"],
            tuple(Entity(**entity) for entity in payload["entities"]),
            tuple(tuple(Button(*button) for button in row) for row in payload["buttons"]),
        )


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks as plain text, as a terminal without styles or a log shows them."""
    return "".join(gap + _prefix(one) + one.text for gap, one in _spaced(blocks))


def parts(
    blocks: Sequence[Block], buttons: tuple[tuple[Button, ...], ...] = (), limit: int = LIMIT
) -> tuple[Part, ...]:
    """Blocks as messages, each within Telegram's limits; buttons under the last.

    No visible character is lost between parts, and none is empty.
    """
    made: list[Part] = []
    current = _Builder(limit)
    for gap, one in _spaced([_clean(one) for one in blocks if one.text.strip()]):
        for index, piece in enumerate(_fitting(one, limit)):
            before = gap if index == 0 else "\n"
            if not current.takes(before, piece):
                made.append(current.part())
                current = _Builder(limit)
            current.add(before, piece)
    if current.text.strip():
        made.append(current.part())
    if made and buttons:
        made[-1] = replace(made[-1], buttons=buttons)
    return tuple(made)


class _Builder:
    """A part in the making."""

    def __init__(self, limit: int) -> None:
        self.text = ""
        self._units = 0
        self._entities: list[Entity] = []
        self._limit = limit

    def takes(self, gap: str, one: Block) -> bool:
        """Whether a block still fits."""
        if not self.text:
            return True
        size = units(gap + _prefix(one) + one.text)
        styled = sum(run.style is not Style.PLAIN for run in one.runs)
        return self._units + size <= self._limit and len(self._entities) + styled <= ENTITIES

    def add(self, gap: str, one: Block) -> None:
        """Put a block under what is there."""
        self._put(gap if self.text else "")
        self._put(_prefix(one))
        for run in one.runs:
            # Telegram trims entities that end in white space; ours do so beforehand.
            lead = run.text[: len(run.text) - len(run.text.lstrip())]
            core = run.text.strip()
            if run.style is not Style.PLAIN and core:
                kind = "text_link" if run.style is Style.LINK else _TYPES[run.style]
                start = self._units + units(lead)
                self._entities.append(Entity(kind, start, units(core), run.url))
            self._put(run.text)

    def part(self) -> Part:
        """What was built."""
        return Part(self.text, tuple(self._entities[:100]))

    def _put(self, text: str) -> None:
        self.text += text
        self._units += units(text)


def _spaced(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    before: BlockKind | None = None
    for one in blocks:
        if before is None:
            yield "", one
        else:
            yield "\n" if (before, one.kind) in _TIGHT else "\n\n", one
        before = one.kind


def _prefix(one: Block) -> str:
    return "• " if one.kind is BlockKind.ITEM else ""


def _clean(one: Block) -> Block:
    """Cut white space at the start (Telegram would, and entities would shift); mend the rest.

    Lone surrogates cannot be encoded and NUL would vanish: both become U+FFFD.
    """
    runs = [
        replace(run, text=_UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", run.text))
        for run in one.runs
    ]
    while runs and not runs[0].text.strip():
        runs.pop(0)
    if runs:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip())
    return replace(one, runs=tuple(runs))


def _fitting(one: Block, limit: int) -> Iterator[Block]:
    """The block, cut into pieces that each fit a part."""
    room = limit - units(_prefix(one))
    rest: list[Run] = list(one.runs)
    while rest:
        taken: list[Run] = []
        left = room
        while rest and len(taken) < ENTITIES:
            run = rest[0]
            size = units(run.text)
            if size <= left:
                taken.append(rest.pop(0))
                left -= size
                continue
            if taken and size <= room and run.style is not Style.PLAIN:
                break  # a styled run that fits the next piece whole is not cut
            cut = _cut(run.text, left, whole=not taken)
            if cut:
                taken.append(replace(run, text=run.text[:cut]))
                rest[0] = replace(run, text=run.text[cut:])
            break
        yield Block(one.kind, tuple(taken))


def _cut(text: str, room: int, *, whole: bool) -> int:
    """Where to cut ``text`` so that what stands before takes at most ``room`` UTF-16 units.

    0 where nothing good fits and the piece has something in it already
    (``whole`` False).
    """
    fits = _prefix_within(text, room)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, fits)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", 0, fits)
    if space > 0:
        return space + 1
    if not whole:
        return 0
    return fits


def _prefix_within(text: str, room: int) -> int:
    low, high = 0, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        if units(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low
