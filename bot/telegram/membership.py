"""Where the bot is: it is added, promoted, removed; a group moves; a topic opens again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot import addresses
from bot.commands import groups
from bot.reply import Reply
from bot.telegram.door import Door
from bot.telegram.rights import Rights
from bot.telegram.sending import Sender
from bot.telegram.updates import known_language
from bot.texts import Texts
from digests.desk import Desk

log = logging.getLogger(__name__)

_AWAY: Final = (ChatMember.BANNED, ChatMember.LEFT)
_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)


class Membership:
    """Keeps what the desk knows of chats in step with what Telegram says of the bot in them."""

    def __init__(
        self,
        desk: Desk,
        door: Door,
        sender: Sender,
        rights: Rights,
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._door = door
        self._sender = sender
        self._rights = rights
        self._clock = clock

    async def changed(self, change: ChatMemberUpdated) -> None:
        """The bot is something else in a chat than it was."""
        chat = change.chat
        self._rights.forget(chat.id)
        if chat.type == ChatType.CHANNEL:
            await self._in_channel(change)
        elif self._door.admits(chat.id):
            where = addresses.telegram(chat.id)
            if (why := _why_silent(change)) is not None:
                await asyncio.to_thread(self._desk.following.unreachable, where, why)
                return
            await asyncio.to_thread(self._desk.following.returned, where)
            if chat.type in _GROUPS and change.old_chat_member.status in _AWAY:
                await self._greet(change)

    async def moved(self, message: Message) -> None:
        """A group became a supergroup."""
        if message.migrate_to_chat_id is None:
            return
        old = addresses.telegram(message.chat_id)
        new = addresses.telegram(message.migrate_to_chat_id)
        await asyncio.to_thread(self._desk.following.move, old, new)
        if self._door.admits(message.chat_id) and not self._door.admits(message.migrate_to_chat_id):
            log.warning("a group that may use the bot is now %s: see ALLOWED_CHATS", new)

    async def reopened(self, message: Message) -> None:
        """A forum topic takes messages again."""
        where = addresses.telegram(message.chat_id)
        await asyncio.to_thread(self._desk.following.returned, where)

    async def _greet(self, change: ChatMemberUpdated) -> None:
        """Say once who may do what here."""
        where = addresses.telegram(change.chat.id)
        language = known_language(change.from_user)

        def meet() -> Reply | None:
            if self._desk.following.at(where) is not None:
                return None
            chat = self._desk.following.chat(where, self._clock(), language=language)
            return groups.greeting(Texts(chat.language, ZoneInfo(chat.zone)))

        said = await asyncio.to_thread(meet)
        if said is not None:
            with suppress(TelegramError):  # it may not write there yet
                await self._sender.reply(said, change.chat.id, 0)

    async def _in_channel(self, change: ChatMemberUpdated) -> None:
        """Who put the bot into a channel hears what to do; who decides about it, what it lost."""
        where, title = addresses.telegram(change.chat.id), change.chat.title or "?"
        if _posts(change.new_chat_member):
            await asyncio.to_thread(self._desk.following.returned, where)
            if not _posts(change.old_chat_member):
                await self._tell(
                    addresses.telegram(change.from_user.id),
                    lambda t: groups.in_channel(t, change.chat.id, title),
                )
            return
        await asyncio.to_thread(self._desk.following.unreachable, where, "no right to post")
        if _posts(change.old_chat_member):
            for manager in await asyncio.to_thread(self._desk.channels.managers, where):
                await self._tell(manager.address, lambda t: groups.out_of_channel(t, title))

    async def _tell(self, address: str, say: Callable[[Texts], Reply]) -> None:
        """Tell a person something in their private chat, if they ever spoke to the bot there."""
        number = addresses.telegram_id(address)
        if not self._door.admits(number):
            return
        chat = await asyncio.to_thread(self._desk.following.at, address)
        if chat is None or chat.unreachable is not None:
            return
        with suppress(TelegramError):  # a courtesy
            await self._sender.reply(say(Texts(chat.language, ZoneInfo(chat.zone))), number, 0)


def _posts(member: ChatMember) -> bool:
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


def _why_silent(change: ChatMemberUpdated) -> str | None:
    """Why the bot can say nothing in a chat; None where it can."""
    new = change.new_chat_member
    if new.status in _AWAY:
        return "blocked" if change.chat.type == ChatType.PRIVATE else "removed"
    if isinstance(new, ChatMemberRestricted) and not (new.is_member and new.can_send_messages):
        return "restricted"
    return None
