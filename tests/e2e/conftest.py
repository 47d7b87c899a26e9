"""The whole bot, as people run it: a process of its own that talks to the Bot API on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from bot.house import House, house
from bot.settings import Settings
from bot.telegram import TelegramFront
from tests.botapi import BotApi, Chat, entity_text

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@dataclass
class Bot:
    """The bot as a process: started, stopped, killed, started again on the same data."""

    api: BotApi
    home: Path
    seeds: Path
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def environment(self) -> dict[str, str]:
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.home)}
        return clean | {
            "TELEGRAM_TOKEN": self.api.token,
            "TELEGRAM_API_URL": self.api.url,
            "DATA_DIR": str(self.home / "data"),
            "SEEDS_DIR": str(self.seeds),
            "SEEDS_EVERY": "1",
            **self.extra,
        }

    def start(self, *, connected: bool = True) -> None:
        mark = self.api.mark()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=self.home,
            env=self.environment | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, args=[self.process.stderr], daemon=True).start()
        if connected:
            self.api.wait_for("getUpdates", after=mark, arrived=True, timeout=PATIENCE)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        self.process = None
        return status

    def _listen(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self.changed:
                    self.lines.append(line)
                    self.changed.notify_all()

    def log(self) -> str:
        with self.changed:
            return "".join(self.lines)

    def wait_logged(self, words: str) -> None:
        with self.changed:
            found = self.changed.wait_for(lambda: words in "".join(self.lines), PATIENCE)
            assert found, f"{words!r} was not logged: {''.join(self.lines)}"

    def ask(self, chat: Chat, text: str, **where: object) -> dict:
        """Send a text and wait for the answer."""
        before = len(self.api.sent(chat))
        self.api.send_text(chat, chat.user or where.pop("user"), text, **where)
        self.api.wait_until(lambda: len(self.api.sent(chat)) > before, timeout=PATIENCE, what=text)
        return self.api.last(chat)


def words(message: dict, kind: str) -> list[str]:
    """The words of a message that entities of one kind cover."""
    found = (e for e in message.get("entities", ()) if e["type"] == kind)
    return [entity_text(message["text"], entity) for entity in found]


class Front:
    """The front in this process, and people in front of it."""

    def __init__(self, api: BotApi, made: TelegramFront, built: House) -> None:
        self.api = api
        self.made = made
        self.built = built
        self.desk = built.desk
        self.clock = built.clock

    async def said(self, chat, text, user=None, **where):
        """The answer to a text."""
        mark = self.api.mark()
        self.api.send_text(chat, user or chat.user, text, **where)
        return await self._answer(chat, mark)

    async def handed(self, chat, name, data, user=None, **where):
        """The answer to a file."""
        mark = self.api.mark()
        self.api.send_document(chat, user or chat.user, name, data, **where)
        return await self._answer(chat, mark)

    async def pressed(self, message, label, user=None):
        """The answer to a button, in a message of its own."""
        mark = self.api.mark()
        self.api.press(message, label=label, user=user)
        return await self._answer(message["chat"]["id"], mark)

    async def turned(self, message, label, user=None):
        """A message as it looks after one of its buttons changed it."""
        mark = self.api.mark()
        self.api.press(message, label=label, user=user)
        await self.api.wait_for_async("editMessageText", after=mark)
        return self.api.message(message["chat"]["id"], message["message_id"])

    async def exported(self, chat):
        """The file of /feeds export."""
        mark = self.api.mark()
        self.api.send_text(chat, chat.user, "/feeds export")
        await self.api.wait_for_async("sendDocument", after=mark)
        return self.api.files[self.api.last(chat)["document"]["file_id"]]

    async def _answer(self, chat, mark):
        await self.api.wait_for_async(
            lambda call: call.method in ("sendMessage", "sendDocument"), after=mark
        )
        return self.api.last(chat)


def front_settings(api: BotApi, home: Path, **extra: object) -> Settings:
    """Settings of a bot that keeps its things at ``home``."""
    seeds = home / "seeds"
    seeds.mkdir(exist_ok=True)
    return Settings(
        _env_file=None,
        telegram_token=api.token,
        telegram_api_url=api.url,
        data_dir=home / "data",
        seeds_dir=seeds,
        **extra,
    )


@asynccontextmanager
async def opened(api: BotApi, settings: Settings) -> AsyncIterator[Front]:
    """The front, connected; ``settings`` opened anew are a restart."""
    with house(settings) as built:
        made = TelegramFront(built.desk, settings, built.clock)
        await made.start()
        yield Front(api, made, built)
        await made.stop()


@pytest.fixture
def bot(bot_api: BotApi, tmp_path: Path) -> Iterator[Bot]:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    made = Bot(bot_api, tmp_path, seeds)
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait(PATIENCE)
