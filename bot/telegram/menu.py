"""What Telegram shows of the bot: its menu of commands."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.commands import COMMANDS
from bot.texts import SOURCE_LANGUAGE, Texts, languages

log = logging.getLogger(__name__)


async def set_up(bot: ExtBot[str]) -> None:
    """Set the menu in every language there is."""
    for language in languages():
        await _set_menu(bot, language)


async def _set_menu(bot: ExtBot[str], language: str) -> None:
    texts = Texts(language, ZoneInfo("UTC"))
    menu = [BotCommand(one.name, texts(one.summary)) for one in COMMANDS]
    try:
        # The menu without a language is for everybody who has none of their own.
        code = None if language == SOURCE_LANGUAGE else language
        await bot.set_my_commands(menu, language_code=code)
    except TelegramError as error:  # a menu is a convenience: commands work without it
        log.warning("the command menu could not be set: %s", error)
