"""python-telegram-bot's rate limiter on top of the gate: whatever the bot sends passes it.

Answers to commands wait here, and first; what the outbox sends was let through
before, and says so. That an answer was refused for its pace (429) holds for
what is pushed too, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot import addresses
from bot.gate import Gate
from digests.pacing import Place

PUSHED: Final = "pushed"
"""``rate_limit_args`` of what passed the gate already."""

_COUNTED: Final = ("send", "edit", "copy", "forward")
_FREE: Final = "sendChatAction"

_Answer = bool | dict[str, Any] | list[dict[str, Any]]


class Limiter(BaseRateLimiter[str]):
    """Lets requests that put a message into a chat wait at the gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def initialize(self) -> None:
        """Nothing to be prepared."""

    async def shutdown(self) -> None:
        """Nothing to be put away."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Answer]],
        args: Any,  # noqa: ANN401 - the library's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> _Answer:
        """Call Telegram when the gate allows; raises what the call raises."""
        chat = data.get("chat_id")
        counted = endpoint.startswith(_COUNTED) and endpoint != _FREE
        if not isinstance(chat, int) or not counted or rate_limit_args == PUSHED:
            return await callback(*args, **kwargs)
        place = place_of(addresses.telegram(chat))
        await self._gate.answer(place)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            await self._gate.flooded(place, patience(error).total_seconds())
            raise
        finally:
            self._gate.answered(place)


def place_of(address: str) -> Place:
    """A chat of Telegram's, as far as its limits go."""
    return Place(address, addresses.is_group(address))


def patience(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
