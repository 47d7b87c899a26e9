"""The one table of commands: /help, Telegram's menu, completion and the README are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.addresses import TERMINAL
from bot.reply import Reply, Upload
from bot.texts import Texts
from digests.desk import Desk
from digests.types import Chat


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it takes (shown in help), what it does in one line, who does it.

    ``usage`` and ``summary`` are texts to be translated. ``changes`` says that
    in a group only admins may use it.
    """

    name: str
    handler: Callable[[Ask], Reply]
    summary: str
    usage: str = ""
    changes: bool = False

    def form(self, texts: Texts) -> str:
        """How the command is written: name and what it takes."""
        return f"/{self.name} {texts(self.usage)}" if self.usage else f"/{self.name}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question on its way: which command, who asks it where, when, with which words.

    ``args`` is what stood after the command, ``thread`` the forum topic (0:
    none), ``private`` whether the chat is one person's, ``may_change`` whether
    the asker may change what the chat follows. ``links`` are the linked words,
    and where they lead, of the message whose button was pressed, ``document`` the file
    that came with the command; ``buttons`` says whether the front shows buttons. ``bot`` is
    the bot's user name, empty where there is none. ``page`` is the page of an answer that
    is asked for, 0 where none is named.
    """

    command: Command
    desk: Desk
    chat: Chat
    texts: Texts
    now: datetime
    args: str = ""
    thread: int = 0
    private: bool = True
    may_change: bool = True
    links: tuple[tuple[str, str], ...] = ()
    document: Upload | None = None
    buttons: bool = True
    page: int = 0
    bot: str = ""

    @property
    def by_operator(self) -> bool:
        """Whether the operator asks: whoever sits at the terminal."""
        return self.chat.address == TERMINAL
