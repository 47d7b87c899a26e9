"""Where chats are: the addresses under which the database knows them."""

from __future__ import annotations

from typing import Final

TERMINAL: Final = "console"
TELEGRAM: Final = "telegram:"


def telegram(number: int) -> str:
    """The address of a Telegram chat, by its id."""
    return f"{TELEGRAM}{number}"


def telegram_id(address: str) -> int:
    """The id of the Telegram chat at an address."""
    return int(address.removeprefix(TELEGRAM))


def is_group(address: str) -> bool:
    """Whether an address is of a Telegram group, supergroup or channel; those have negative ids."""
    return address.startswith(f"{TELEGRAM}-")
