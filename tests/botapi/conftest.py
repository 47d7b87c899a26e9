"""A bare client and a private chat for the stand-in's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi import BotApi, Chat
from tests.botapi.client import Client


@pytest.fixture
def client(bot_api: BotApi) -> Iterator[Client]:
    """An HTTP client of the running server."""
    with Client(bot_api) as bot:
        yield bot


@pytest.fixture
def chat(bot_api: BotApi) -> Chat:
    """Anna's private chat."""
    return bot_api.private()
