"""The gate every message passes: waits until Telegram bears it; answers go before what is pushed.

The decisions are digests.pacing's; here is the waiting, in one event loop. A
bot that restarts knows from the database what it sent in the last minute and
who asked for patience.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from digests.pacing import Pacer, Place

Sleep = Callable[[float], Awaitable[None]]

_LONGEST_TURN: Final = 2.0
_ANSWERS_IN_ROW: Final = 4
"""Answers go first, but of five messages one may be a pushed one: nobody starves."""


class Gate:
    """Lets messages through at the platform's pace. To be used from one event loop."""

    def __init__(
        self,
        pacer: Pacer,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """``ticks`` gives a steady clock's seconds.

        ``noted`` is told, in a thread, when a platform asks for patience: with
        the address (None: the whole bot) and the seconds.
        """
        self.pacer = pacer
        self.ticks = ticks
        self.sleep = sleep
        self.noted: Callable[[str | None, float], None] | None = None
        self._answers = 0  # that wait for nothing but the bot's own pace
        self._in_row = 0

    async def answer(self, place: Place) -> None:
        """Wait until an answer to a command may go to a chat, and count it as sent."""
        while wait := self.pacer.chat_wait(place, self.ticks(), urgent=True):
            await self.sleep(wait)
        with self._waiting():
            while wait := self.pacer.wait(place, self.ticks(), urgent=True):
                await self.sleep(wait)
            self._in_row += 1
            self.pacer.sent(place, self.ticks())

    async def push(self, place: Place) -> bool:
        """Wait for the bot's pace, letting answers go first; count the message as sent.

        False, and nothing counted, where the chat must wait longer than the
        bot, or where the platform asked the bot for patience.
        """
        while True:
            wait = self.pacer.bot_wait(self.ticks())
            if wait > _LONGEST_TURN:
                return False
            if not wait and self._answers and self._in_row < _ANSWERS_IN_ROW:
                wait = 1 / self.pacer.limits.rate
            if not wait:
                break
            await self.sleep(wait)
        if self.pacer.chat_wait(place, self.ticks()):
            return False
        self._in_row = 0
        self.pacer.sent(place, self.ticks())
        return True

    def answered(self, place: Place) -> None:
        """The platform answered to a message."""
        self.pacer.answered(place, self.ticks())

    async def flooded(self, place: Place, seconds: float) -> None:
        """The platform asked for patience: obeyed for the chat, or the bot if it means that."""
        whole = self.pacer.flooded(place.address, seconds, self.ticks())
        await self._note(None if whole else place.address, seconds)

    async def hold(self, seconds: float) -> None:
        """Send nothing at all for so many seconds."""
        self.pacer.hold(None, seconds, self.ticks())
        await self._note(None, seconds)

    async def _note(self, address: str | None, seconds: float) -> None:
        if self.noted is not None:
            await asyncio.to_thread(self.noted, address, seconds)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1
