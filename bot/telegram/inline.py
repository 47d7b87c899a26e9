"""Inline mode: ``@bot Lawrow`` in any chat, answered to the one who types."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest

from bot.commands.finding import Meant
from bot.commands.inline import Offer, offers
from bot.commands.sharing import payload_of, start_link
from bot.limits import CommandLimit, Verdict
from bot.render import parts
from bot.reply import short
from bot.settings import Settings
from bot.telegram.door import Door
from bot.telegram.sending import NO_PREVIEW, Sender
from bot.telegram.updates import language_of
from bot.texts import Texts
from digests.desk import Desk
from digests.types import Target, TargetKind

log = logging.getLogger(__name__)

_KEPT: Final = 60
"""Seconds that Telegram gives the same answer to the same person; news does not wait longer."""

_AS_TYPED: Final = 3  # queries that a question makes, as it is typed, for one command
_TITLE: Final = 100
_DESCRIPTION: Final = 200


class Inline:
    """Answers inline queries. Each is answered for the one who asks: in their language."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        door: Door,
        sender: Sender,
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._door = door
        self._sender = sender
        self._clock = clock
        self._limit = CommandLimit(settings.commands_per_minute * _AS_TYPED)

    async def answer(self, update: Update, username: str) -> None:
        """Answer a query: with nothing who is not let in, or asks too much."""
        query = update.inline_query
        if query is None:
            return
        language = language_of(update) or self._settings.language_default
        texts = Texts(language, ZoneInfo(self._settings.tz_default))
        person = query.from_user.id
        if not self._door.admits(person):
            await _give(query, [], _KEPT)
        elif self._limit.ask(person, self._clock()) is not Verdict.ANSWER:
            await _give(query, [], 1)
        else:
            found = await asyncio.to_thread(offers, query.query, self._desk, texts)
            results = [self._result(one, texts, username) for one in found]
            more = (
                None
                if results
                else InlineQueryResultsButton(
                    texts("Nothing found. Ask the bot itself"), start_parameter="inline"
                )
            )
            await _give(query, results, _KEPT, more)

    def _result(self, offer: Offer, t: Texts, username: str) -> InlineQueryResultArticle:
        part = parts(offer.blocks)[0]
        content = InputTextMessageContent(
            part.text,
            entities=self._sender.entities(part),
            link_preview_options=NO_PREVIEW,
        )
        return InlineQueryResultArticle(
            offer.key,
            short(offer.title, _TITLE),
            content,
            reply_markup=_follow(offer, t, username),
            description=short(offer.description, _DESCRIPTION),
        )


def _follow(offer: Offer, t: Texts, username: str) -> InlineKeyboardMarkup | None:
    """A button that leads to the bot, and follows the actor there."""
    actor = offer.actor
    if actor is None:
        return None
    payload = payload_of(Meant(Target(TargetKind.ACTOR, actor.id), actor.name))
    if payload is None:
        return None
    label = t("Follow {name}", name=short(actor.called(t.language), 40))
    button = InlineKeyboardButton(label, url=start_link(username, payload))
    return InlineKeyboardMarkup([[button]])


async def _give(
    query: InlineQuery,
    results: list[InlineQueryResultArticle],
    seconds: int,
    more: InlineQueryResultsButton | None = None,
) -> None:
    try:
        await query.answer(results, cache_time=seconds, is_personal=True, button=more)
    except BadRequest as error:  # typed on meanwhile: the query is too old
        log.info("inline: %s", error)
