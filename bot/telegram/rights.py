"""Who is who in a chat, as Telegram says, remembered for less than a minute."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from telegram import ChatMember, ChatMemberAdministrator, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot import addresses
from bot.commands.table import Seen, Standing

_ANONYMOUS_ADMIN: Final = 1087968824  # @GroupAnonymousBot: speaks for admins who hide their name
_REMEMBERED_SECONDS: Final = 45.0
_REMEMBERED: Final = 10_000
_ANSWER_SECONDS: Final = 20


class Rights:
    """What Telegram says about who is who in a chat."""

    def __init__(self, bot: ExtBot[str], ticks: Callable[[], float] = time.monotonic) -> None:
        """``ticks`` gives a steady clock's seconds."""
        self._bot = bot
        self.ticks = ticks
        self._members: OrderedDict[tuple[int, int], tuple[float, ChatMember]] = OrderedDict()

    async def is_admin(self, update: Update) -> bool:
        """Whether who asks decides about the chat: anyone in private, else admins."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            return False
        if chat.type == ChatType.PRIVATE:
            return True
        sender = update.effective_message.sender_chat if update.effective_message else None
        if user.id == _ANONYMOUS_ADMIN and sender is not None and sender.id == chat.id:
            return True
        try:
            member = await self.member(chat.id, user.id)
        except TelegramError:
            return False
        return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)

    async def member(self, chat_id: int, user_id: int) -> ChatMember:
        """What somebody is in a chat, as of less than a minute ago. Raises TelegramError."""
        key, asked = (chat_id, user_id), self.ticks()
        known = self._members.get(key)
        if known is not None and asked - known[0] < _REMEMBERED_SECONDS:
            return known[1]
        member = await self._bot.get_chat_member(chat_id, user_id)
        self._members.pop(key, None)
        self._members[key] = (asked, member)
        if len(self._members) > _REMEMBERED:
            self._members.popitem(last=False)
        return member

    def forget(self, chat_id: int) -> None:
        """Something changed in a chat: ask anew."""
        for key in [one for one in self._members if one[0] == chat_id]:
            del self._members[key]

    async def standing(self, channel_id: int, user_id: int) -> Standing:
        """How things stand between a person, a channel and the bot."""
        try:
            bot = await self.member(channel_id, self._bot.id)
            if not _may_post(bot):
                return Standing.MUTE
            person = await self.member(channel_id, user_id)
        except (BadRequest, Forbidden):
            return Standing.MUTE  # the bot is not in it, or sees no members there
        except TelegramError:
            return Standing.UNKNOWN
        return Standing.SOUND if _may_post(person) else Standing.STRANGER

    async def find_channel(self, name: str) -> Seen | None:
        """The channel with an id or an @name, if the bot can see it."""
        try:
            chat = await self._bot.get_chat(int(name) if name.startswith("-") else name)
        except TelegramError:
            return None
        if chat.type != ChatType.CHANNEL:
            return None
        return Seen(addresses.telegram(chat.id), chat.title or name)


class ChannelsOf:
    """Channels as a person sees them, for the threads in which commands are answered."""

    def __init__(self, rights: Rights, user_id: int, loop: asyncio.AbstractEventLoop) -> None:
        self._rights = rights
        self._user_id = user_id
        self._loop = loop

    def find(self, name: str) -> Seen | None:
        """The channel with an id or an @name; None where the bot sees none."""
        finding = self._rights.find_channel(name)
        return asyncio.run_coroutine_threadsafe(finding, self._loop).result(_ANSWER_SECONDS)

    def standing(self, address: str) -> Standing:
        """How things stand in the channel at an address, as of less than a minute ago."""
        asking = self._rights.standing(addresses.telegram_id(address), self._user_id)
        return asyncio.run_coroutine_threadsafe(asking, self._loop).result(_ANSWER_SECONDS)


def _may_post(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberAdministrator):
        return bool(member.can_post_messages)
    return member.status == ChatMember.OWNER
