"""Long answers, a page at a time: buttons turn the page where the front shows any.

The page stands at the end of a command, ``page:2``; the button that turns to it
asks just that, so it is good for ever. A question too long for a button (64
bytes) is kept in the database, and a token stands for it: ``/search ~abcdefgh page:2``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.commands.table import Ask
from bot.reply import LONGEST_COMMAND, Block, BlockKind, Button, Rows, block
from bot.texts import Texts

T = TypeVar("T")

MOST: Final = 20
"""Pages that an answer has at most."""

_PAGE: Final = re.compile(r"(?:^|\s)(?:page|seite):(\d{1,4})$", re.IGNORECASE)
_TOKEN: Final = re.compile(r"~([a-z2-7]{8})")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list: the page ``number``, from 1, of ``last``; that is None where nobody counted.

    ``more`` says that there is a page after it, ``start`` how many items stand before it.
    """

    items: Sequence[T]
    number: int
    last: int | None
    more: bool
    start: int

    def title(self, title: str, t: Texts) -> str:
        """A title, with the page where there are several; a first of who knows how many has none.

        A number alone would be taken for how many there are.
        """
        if self.last is not None:
            return f"{title} ({self.number}/{self.last})" if self.last > 1 else title
        return t("{title} (page {n})", title=title, n=self.number) if self.number > 1 else title

    def buttons(self, command: str, t: Texts, by: str = " ") -> Rows:
        """One row that turns the page; none for one page.

        ``command`` with the page's number after ``by`` is what its buttons ask.
        """
        row = []
        if self.number > 1:
            row.append(Button("‹ " + t("Back"), f"{command}{by}{self.number - 1}"))
        if self.more:
            row.append(Button(t("More") + " ›", f"{command}{by}{self.number + 1}"))
        return (tuple(row),) if row else ()

    def notes(self, command: str, t: Texts, by: str = " ") -> list[Block]:
        """How to turn to the next page where there are no buttons; nothing on the last."""
        if not self.more:
            return []
        text = t("Next page: {command}", command=f"{command}{by}{self.number + 1}")
        return [block(BlockKind.NOTE, text)]


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """The page with this number of a whole list; the nearest one where there is none."""
    last = max(1, -(-len(items) // size))
    number = max(1, min(number, last))
    start = (number - 1) * size
    return Page(items[start : start + size], number, last, number < last, start)


def page_from(first: Callable[[int], Sequence[T]], number: int, size: int) -> Page[T]:
    """The page with this number of a list of which ``first`` gives so many, the best before others.

    The last there is, where there are fewer.
    """
    number = max(1, min(number, MOST))
    found = first(number * size + 1)
    number = max(1, min(number, -(-len(found) // size)))
    start = (number - 1) * size
    more = len(found) > number * size and number < MOST
    return Page(found[start : start + size], number, None, more, start)


def split_page(args: str) -> tuple[str, int]:
    """Cut the page off the end of what was asked; 0 where none is named."""
    match = _PAGE.search(args)
    return (args[: match.start()].strip(), int(match[1])) if match else (args, 0)


def token_of(args: str) -> str | None:
    """The token that stands for the words of a question; None where the words stand there."""
    match = _TOKEN.fullmatch(args)
    return match[1] if match else None


def turned(ask: Ask, page: Page[T], command: str = "") -> tuple[list[Block], Rows]:
    """What turns the page of an answer: a note for the terminal, or a row of buttons.

    Where the page is the last word of a ``command``, that is asked; else the question itself.
    """
    by = " "
    if not command:
        command, by = f"/{ask.command.name} {ask.args}".strip(), " page:"
        turns = ask.buttons and (page.more or page.number > 1)
        if turns and len(f"{command}{by}{MOST}".encode()) > LONGEST_COMMAND:
            token = ask.desk.wishes.keep_words(ask.chat, ask.args, ask.now)
            command = f"/{ask.command.name} ~{token}"
    if ask.buttons:
        return [], page.buttons(command, ask.texts, by)
    return page.notes(command, ask.texts, by), ()
