"""The bot on a stage: the real front in this process, people before it, and a clock set by hand.

For whoever wants to know when the bot has said all it has to say: a recorded
conversation, the pictures of the documents, a walk over every button, a
benchmark. What is said goes through python-telegram-bot's Application and over
HTTP to the stand-in of the Bot API.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot import addresses
from bot.house import House, house
from bot.outbox import Outbox
from bot.payloads import render_alert, render_digest, render_notice, render_unusual
from bot.settings import Settings
from bot.telegram import PLATFORM, TelegramFront
from digests.pacing import UNBOUND, Pacer
from tests.botapi import BotApi, Chat
from tests.botapi.entities import Json

PATIENCE = 30.0
"""Seconds for anything to be answered."""


class Clock:
    """A time that stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        """The time as the Bot API tells it."""
        return self.at.timestamp()


class Stage:
    """The front, and what happens before it."""

    def __init__(self, api: BotApi, front: TelegramFront, built: House, clock: Clock) -> None:
        self.api = api
        self.front = front
        self.house = built
        self.desk = built.desk
        self.clock = clock

    async def say(self, chat: Chat, text: str, user: Any = None, **where: Any) -> list[Json]:
        """Somebody writes; gives the messages that the bot then sent or changed, in order."""
        mark = self.api.mark()
        self.api.send_text(chat, user or chat.user, text, **where)
        return await self._after(mark)

    async def press(self, message: Json, data: str, user: Any = None) -> list[Json]:
        """Somebody presses a button by its data; gives what came of it, like :meth:`say`."""
        mark = self.api.mark()
        self.api.press(message, data, user)
        return await self._after(mark)

    async def pass_to(self, moment: datetime) -> list[Json]:
        """Time goes on to ``moment``; gives what the bot then sends of itself."""
        mark = self.api.mark()
        self.clock.at = moment
        await asyncio.to_thread(self._compose)
        outbox = Outbox(
            self.house.store,
            self.front.send,
            PLATFORM,
            self.clock,
            gate=self.front.gate,
            is_group=addresses.is_group,
            alone=True,
        )
        await outbox.deliver_due()
        return await self._after(mark)

    def read(self) -> None:
        """Read the reports in the folder."""
        self.desk.intake.take_in_folders(self.clock())

    def _compose(self) -> None:
        rounds, now = self.desk.rounds, self.clock()
        rounds.compose_alerts(now, render_alert)
        rounds.compose_unusual(now, render_unusual)
        rounds.compose_due(now, render_digest)
        rounds.compose_notices(now, render_notice)

    async def settled(self) -> None:
        """Wait until every update is handed over and answered."""
        await self.api.wait_until_async(
            lambda: not self.api.updates, timeout=PATIENCE, what="updates handed over"
        )
        async with asyncio.timeout(PATIENCE):
            await self.front.app.update_queue.join()

    async def _after(self, mark: int) -> list[Json]:
        await self.settled()
        shown = (call.result for call in self.api.calls if call.number > mark)
        return [result for result in shown if isinstance(result, dict) and "message_id" in result]


@asynccontextmanager
async def opened(api: BotApi, settings: Settings, clock: Clock) -> AsyncIterator[Stage]:
    """The front, connected to ``api``. ``settings`` opened anew are a restart."""
    with house(settings, clock) as built:
        front = TelegramFront(built.desk, settings, clock)
        front.gate.pacer = Pacer(UNBOUND)  # nothing waits where the clock stands still
        await front.start()
        try:
            yield Stage(api, front, built, clock)
        finally:
            await front.stop()
