"""Long lists, a page at a time: buttons turn the page where the front shows any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.reply import Block, BlockKind, Button, block
from bot.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list: the page ``number`` of ``last``, both from 1."""

    items: Sequence[T]
    number: int
    last: int

    def title(self, title: str) -> str:
        """A title, with the page where there are several."""
        return f"{title} ({self.number}/{self.last})" if self.last > 1 else title

    def buttons(self, command: str, t: Texts) -> tuple[tuple[Button, ...], ...]:
        """One row that turns the page, by ``command`` and the page's number; none for one page."""
        row = []
        if self.number > 1:
            row.append(Button("‹ " + t("Back"), f"{command} {self.number - 1}"))
        if self.number < self.last:
            row.append(Button(t("More") + " ›", f"{command} {self.number + 1}"))
        return (tuple(row),) if row else ()

    def notes(self, command: str, t: Texts) -> list[Block]:
        """How to turn to the next page where there are no buttons; nothing on the last."""
        if self.number == self.last:
            return []
        text = t("Next page: {command}", command=f"{command} {self.number + 1}")
        return [block(BlockKind.NOTE, text)]


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """The page with this number; the nearest one where there is none."""
    last = max(1, -(-len(items) // size))
    number = max(1, min(number, last))
    return Page(items[(number - 1) * size : number * size], number, last)
