"""What Telegram shows of the bot: its commands in each kind of chat, and what it says of itself.

All of it is asked for first, and set only where it is another.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from zoneinfo import ZoneInfo

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.commands import visible
from bot.texts import SOURCE_LANGUAGE, Texts, languages

log = logging.getLogger(__name__)


async def set_up(bot: ExtBot[str], operators: Collection[int]) -> None:
    """Set the menus and descriptions in every language there is."""
    try:
        for language in languages():
            texts = Texts(language, ZoneInfo("UTC"))
            # What is set without a language is for everybody who has none of their own.
            code = None if language == SOURCE_LANGUAGE else language
            await _describe(bot, code, texts)
            await _set_menu(bot, BotCommandScopeDefault(), code, _menu(texts, private=True))
            await _set_menu(bot, BotCommandScopeAllGroupChats(), code, _menu(texts, private=False))
            for chat in operators:
                menu = _menu(texts, private=chat > 0, operator=True)
                await _set_menu(bot, BotCommandScopeChat(chat), code, menu)
    except TelegramError as error:  # a menu is a convenience: commands work without it
        log.warning("the command menu could not be set: %s", error)


def _menu(texts: Texts, *, private: bool, operator: bool = False) -> list[BotCommand]:
    shown = visible(private=private, operator=operator)
    return [BotCommand(one.name, texts(one.summary)) for one in shown]


async def _set_menu(
    bot: ExtBot[str], scope: BotCommandScope, code: str | None, menu: list[BotCommand]
) -> None:
    there = await bot.get_my_commands(scope=scope, language_code=code)
    if list(there) == menu:
        return
    try:
        await bot.set_my_commands(menu, scope=scope, language_code=code)
    except TelegramError as error:  # an operator who never spoke to the bot has no chat
        log.warning("the command menu could not be set: %s", error)


async def _describe(bot: ExtBot[str], code: str | None, t: Texts) -> None:
    """What stands in an empty chat, and in the profile."""
    long = t(
        "I follow the people, organisations and topics you choose in the news and tell you what"
        " they did and said. Every sentence is quoted from a report and says where it stands."
    )
    short = t("Follows people and topics in the news, and quotes every sentence.")
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, language_code=code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
