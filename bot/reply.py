"""What a command answers: blocks of styled words, buttons, and the values behind them.

A reply knows neither Telegram nor the terminal: bot/render.py shows it there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from digests.types import ActorCard, StatementView, StoryView, TimelineEntry


class Style(StrEnum):
    """How a run of words looks."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; ``url`` for links, ``at`` for dates: the moment they name."""

    text: str
    style: Style = Style.PLAIN
    url: str | None = None
    at: datetime | None = None


class BlockKind(StrEnum):
    """What a block is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list; follows another item without a blank line
    QUOTE = "quote"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a reply."""

    kind: BlockKind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words without styles."""
        return "".join(run.text for run in self.runs)


def block(kind: BlockKind, *runs: Run | str | None) -> Block:
    """A block of runs; plain strings are plain runs, None and empty ones are left out."""
    made = (Run(run) if isinstance(run, str) else run for run in runs if run is not None)
    return Block(kind, tuple(run for run in made if run.text))


def bold(text: str) -> Run:
    """Words in bold."""
    return Run(text, Style.BOLD)


def italic(text: str) -> Run:
    """Words in italics."""
    return Run(text, Style.ITALIC)


def link(text: str, url: str | None) -> Run:
    """Words that lead to ``url``; plain where there is none to lead to."""
    if url and url.startswith(("http://", "https://")):
        return Run(text, Style.LINK, url)
    return Run(text)


def moment(text: str, at: datetime) -> Run:
    """Words that name a moment: a front may show it in the reader's own zone, too."""
    return Run(text, at=at)


LONGEST_COMMAND: Final = 64
"""Bytes of UTF-8 that a button's command may have, and Telegram's callback data."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: pressed, it asks ``command``, as if it had been typed.

    ``command`` is at most :data:`LONGEST_COMMAND` bytes long.
    """

    text: str
    command: str


Rows = tuple[tuple[Button, ...], ...]
"""Buttons under a message, row by row."""


class Wanted(StrEnum):
    """What a person can be asked to hand over with a button of their keyboard."""

    CHANNEL = "channel"  # one where they and the bot may post


@dataclass(frozen=True, slots=True)
class Request:
    """A button of the person's keyboard that hands something over."""

    text: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a reply; ``draw`` makes the PNG, where there is a front for it."""

    caption: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a command; ``read`` fetches it, once it is wanted.

    ``type`` is a media type, empty where the sender names none, ``size`` in
    bytes. ``read`` raises SourceError ``too_large`` or ``unreadable``.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    type: str = ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Buttons in the place of a phone's keys: one shares where its owner is, one cancels.

    Pressing ``cancel`` types it. ``hint`` stands in the field where people type.
    """

    share_place: str
    cancel: str
    hint: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``ok`` is False where nothing was found or done.

    ``malformed`` says that the command was not understood: unknown, or
    without the words it needs. ``in_place`` that, where the front can, the
    answer takes the place of the message whose button asked for it: the next
    page of a list. ``toast`` is said in passing where a button was pressed; with
    ``instead``, the button that takes the place of the pressed one, it is the whole answer
    there, as long as the message can be changed. ``request`` is shown as a button of the
    person's keyboard, where the front has such. ``queued`` is how many reports the
    command left to be read.
    ``keyboard`` comes up with the answer, ``keys_back`` takes one away; neither goes with
    buttons. ``then`` is said after it, in a message of its own.
    """

    blocks: tuple[Block, ...]
    buttons: Rows = ()
    ok: bool = True
    malformed: bool = False
    actor: ActorCard | None = None
    statements: tuple[StatementView, ...] = ()
    entries: tuple[TimelineEntry, ...] = ()
    stories: tuple[StoryView, ...] = ()
    attachment: Attachment | None = None
    picture: Picture | None = None
    in_place: bool = False
    toast: str = ""
    instead: Button | None = None
    queued: int = 0
    request: Request | None = None
    keyboard: Keyboard | None = None
    keys_back: bool = False
    then: Reply | None = None

    @property
    def messages(self) -> tuple[Reply, ...]:
        """This answer, and those said after it."""
        return (self, *(self.then.messages if self.then else ()))

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The linked words and where they lead, in order."""
        runs = (run for one in self.blocks for run in one.runs)
        return tuple((run.text, run.url) for run in runs if run.url)


def plain(*paragraphs: str, ok: bool = True, malformed: bool = False) -> Reply:
    """A reply of plain paragraphs."""
    blocks = tuple(block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Reply(blocks, ok=ok, malformed=malformed)


def short(words: str, length: int) -> str:
    """Words in at most ``length`` characters, cut between words if need be."""
    return textwrap.shorten(words, length, placeholder=" …")


_ROW: Final = 40
"""Characters that the labels of a row have room for on a phone."""


def rows(buttons: Iterable[Button], width: int = 2) -> Rows:
    """Lay buttons out in rows, ``width`` at most in one, fewer where a label would be cut short.

    All buttons of a row are as wide as its longest. Those whose command is too
    long for Telegram are left out.
    """
    made: list[list[Button]] = []
    for button in buttons:
        if len(button.command.encode()) > LONGEST_COMMAND:
            continue
        row = [*made[-1], button] if made else []
        if row and len(row) <= width and max(len(one.text) for one in row) * len(row) <= _ROW:
            made[-1] = row
        else:
            made.append([button])
    return tuple(map(tuple, made))
