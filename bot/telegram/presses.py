"""A button that was pressed: answered exactly once, in the message or in passing."""

from __future__ import annotations

import logging
from typing import Final

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.reply import Button

log = logging.getLogger(__name__)

LONGEST: Final = 200
"""Characters that may be said in passing (answerCallbackQuery, ``text``)."""

_PASSING: Final = 60  # characters that are read while they fade; more stay until they are closed


class Press:
    """The press of a button. ``message`` is whose button it is; None where it is shown no more."""

    def __init__(self, query: CallbackQuery) -> None:
        self._query = query
        self._answered = False
        self.command = query.data or ""
        self.message = query.message if isinstance(query.message, Message) else None

    async def answer(self, words: str = "") -> bool:
        """End the waiting on the button, and say something in passing; only the first time.

        False where nothing could be said: it was answered before, or the words are too long.
        """
        if self._answered or len(words) > LONGEST:
            return False
        self._answered = True
        try:
            await self._query.answer(words or None, show_alert=len(words) > _PASSING or None)
        except BadRequest as error:  # too old: what is to be said is said in a message
            log.info("button: %s", error)
            return False
        return True

    async def lead(self, url: str) -> None:
        """Open a link to the bot itself."""
        if self._answered:
            return
        self._answered = True
        try:
            await self._query.answer(url=url)
        except BadRequest as error:
            log.info("button: %s", error)

    async def become(self, other: Button) -> bool:
        """Put another button in the place of the pressed one; False where that cannot be."""
        markup = self.message.reply_markup if self.message else None
        if self.message is None or markup is None:
            return False
        old = markup.inline_keyboard
        new = [
            [
                InlineKeyboardButton(other.text, callback_data=other.command)
                if one.callback_data == self.command
                else one
                for one in row
            ]
            for row in old
        ]
        if not any(one.callback_data == other.command for row in new for one in row):
            return False
        try:
            await self.message.edit_reply_markup(InlineKeyboardMarkup(new))
        except RetryAfter:
            return False
        except BadRequest as error:
            return "not modified" in error.message.lower()
        except TelegramError as error:  # the wish is kept; only the button is the old one
            log.info("button: %s", error)
            return False
        return True
