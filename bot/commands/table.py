"""The one table of commands: /help, Telegram's menu, completion and the README are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.addresses import TERMINAL
from bot.reply import Reply, Upload
from bot.texts import Texts
from digests.desk import Desk
from digests.types import Chat


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it takes (shown in help), what it does in one line, who does it.

    ``usage`` and ``summary`` are texts to be translated. ``changes`` says that
    in a group only admins may use it, unless the group lets all; ``admins`` that
    even then only they may. ``private`` ones are for a person's own chat,
    ``operator`` ones for the operator, and nobody else sees them. ``lines`` says that
    line breaks in what stands after it count.
    """

    name: str
    handler: Callable[[Ask], Reply]
    summary: str
    usage: str = ""
    changes: bool = False
    admins: bool = False
    private: bool = False
    operator: bool = False
    lines: bool = False

    def is_for(self, *, private: bool, operator: bool) -> bool:
        """Whether the command is shown in a chat."""
        return (private or not self.private) and (operator or not self.operator)

    def form(self, texts: Texts) -> str:
        """How the command is written: name and what it takes."""
        return f"/{self.name} {texts(self.usage)}" if self.usage else f"/{self.name}"


class Standing(Enum):
    """How things stand between a person, a channel and the bot."""

    SOUND = auto()
    STRANGER = auto()  # the person is no admin who may post there
    MUTE = auto()  # the bot may not post there
    UNKNOWN = auto()  # Telegram did not say


@dataclass(frozen=True, slots=True)
class Seen:
    """A channel that the bot can see."""

    address: str
    title: str


class Channels(Protocol):
    """Looks at channels for one person. Blocks; to be called from another thread than the front."""

    def find(self, name: str) -> Seen | None:
        """The channel with an id or an @name; None where the bot sees none."""

    def standing(self, address: str) -> Standing:
        """How things stand in the channel at an address, as of less than a minute ago."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, where and when.

    ``thread`` is the forum topic (0: none), ``private`` says whether the chat is one
    person's, ``admin`` whether the asker decides about it (in private everybody does).
    ``operator`` says that it is the operator's chat; ``channels`` looks at channels on
    behalf of who asks, where there are any. ``links`` are the linked words, and where they
    lead, of the message whose button was pressed, ``document`` the file that came with the
    command; ``buttons`` says whether the front shows buttons and pictures. ``bot`` is the bot's
    user name, empty where there is none.
    """

    desk: Desk
    chat: Chat
    texts: Texts
    now: datetime
    thread: int = 0
    private: bool = True
    admin: bool = True
    operator: bool = False
    channels: Channels | None = None
    links: tuple[tuple[str, str], ...] = ()
    document: Upload | None = None
    buttons: bool = True
    bot: str = ""

    @property
    def local_now(self) -> datetime:
        """The time where the chat is: what 'gestern' and 'bis Freitag' are counted from."""
        return self.now.astimezone(ZoneInfo(self.chat.zone))

    @property
    def may_change(self) -> bool:
        """Whether they may change what the chat follows."""
        return self.admin or self.chat.everyone

    @property
    def by_operator(self) -> bool:
        """Whether whoever sits at the terminal asks: what they add is the operator's own."""
        return self.chat.address == TERMINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Caller):
    """A question on its way: who asks, and which command with which words.

    ``args`` is what stood after the command; ``page`` is the page of an answer that is
    asked for, 0 where none is named.
    """

    command: Command
    args: str = ""
    page: int = 0

    @classmethod
    def by(cls, caller: Caller, command: Command, args: str) -> Ask:
        """What somebody asks."""
        who = {one.name: getattr(caller, one.name) for one in fields(caller)}
        return cls(**who, command=command, args=args)
