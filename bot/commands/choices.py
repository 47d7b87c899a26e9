"""What is offered to choose from: ticks on what is chosen; in words where there are no buttons."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.table import Ask
from bot.reply import Block, BlockKind, Button, block
from bot.texts import Texts


def ticked(label: str, *, on: bool) -> str:
    """A label, with a tick where it is chosen."""
    return f"✓ {label}" if on else label


def back(command: str, t: Texts) -> tuple[Button, ...]:
    """A row that leads back."""
    return (Button("‹ " + t("Back"), command),)


def written(ask: Ask, buttons: Iterable[Iterable[Button]]) -> list[Block]:
    """Buttons as lines, each with what is to be typed; nothing where the front shows buttons."""
    if ask.buttons:
        return []
    return [block(BlockKind.ITEM, f"{one.text}: {one.command}") for row in buttons for one in row]
