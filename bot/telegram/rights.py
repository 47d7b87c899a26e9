"""Who may change what a chat follows."""

from __future__ import annotations

from typing import Final

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

_ANONYMOUS_ADMIN: Final = 1087968824  # @GroupAnonymousBot: speaks for admins who hide their name


class Rights:
    """What Telegram says about who is who in a chat."""

    def __init__(self, bot: ExtBot[str]) -> None:
        self._bot = bot

    async def may_change(self, update: Update) -> bool:
        """Whether who asks may change what the chat follows: anyone in private, else admins."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
            return True
        if user is None:
            return False
        sender = update.effective_message.sender_chat if update.effective_message else None
        if user.id == _ANONYMOUS_ADMIN and sender is not None and sender.id == chat.id:
            return True
        try:
            member = await self._bot.get_chat_member(chat.id, user.id)
        except TelegramError:
            return False
        return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
