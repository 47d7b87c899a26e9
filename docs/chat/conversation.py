"""A conversation written down: what people do, and word for word what the bot says to it.

A document (docs/conversation.md) holds it in blocks fenced as ``text``. Lines
that begin with ``»`` are what happens; all else in a block is what came of it,
and is written anew by :meth:`Conversation.play`:

    » /start                          somebody writes to the bot in private
    » [Lawrow]                        and presses the newest button of that name
    » @depesche_bot Lawrow            asks inline, from any chat
    » group: /subscribe@… NATO        an admin of the group writes
    » group, member: …                one who is no admin
    » 2024-11-22 07:05                time goes on until then, in the bot's zone
    » file 2024-11-luftalarm.txt      a report is put into the folder
    » language en                     from here on, somebody else: another private chat
    » place 52.52 13.40               a location is shared
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.settings import Settings
from tests.botapi import BotApi, Chat, User, keyboard
from tests.stage import Clock, Stage, opened

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "conversation.md"
SEEDS: Final = ROOT / "seeds"
ZONE: Final = ZoneInfo("Europe/Berlin")
BOT: Final = "depesche_bot"

_FENCE: Final = re.compile(r"^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_TITLE: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")

Json = dict[str, Any]


@dataclass(slots=True)
class Scene:
    """A block of the document, played: its title, and the messages by chat as they then stood."""

    title: str
    messages: list[Json] = field(default_factory=list)


class Conversation:
    """People before the bot, who do what a document says."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._api = stage.api
        self._folder = folder
        self._chat = self._api.private(self._api.user("Du", language_code="de"))
        admin, member = self._api.user("Admin"), self._api.user("Mitglied")
        self._people: dict[str, User] = {"admin": admin, "member": member}
        self._group = self._api.supergroup("Redaktion", owner=admin, members=[member])
        self.scenes: list[Scene] = []

    async def play(self, document: str) -> str:
        """The document with what the bot says now. Raises LookupError for a line that cannot be."""
        made, at = [], 0
        for match in _FENCE.finditer(document):
            made.append(document[at : match.start(1)])
            titles = _TITLE.findall(document, 0, match.start())
            self.scenes.append(Scene(titles[-1] if titles else ""))
            made.append(await self._scene(match[1]))
            self._refresh()
            at = match.end(1)
        return "".join(made) + document[at:]

    async def _scene(self, block: str) -> str:
        blocks = []
        for line in block.splitlines():
            if line.startswith("» "):
                said = await self._do(line.removeprefix("» "))
                blocks.append("\n\n".join([line, *said]))
        return "\n\n".join(blocks) + "\n"

    async def _do(self, what: str) -> list[str]:
        """Do one thing; what the bot says to it, message by message."""
        mark = self._api.mark()
        before = set(self._api.answers)
        shown = self._scenes_chats()
        if _MOMENT.fullmatch(what):
            moment = datetime.strptime(what, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
            await self._stage.pass_to(moment)
        elif what.startswith("file "):
            shutil.copy(SEEDS / what.removeprefix("file "), self._folder)
            await asyncio.to_thread(self._stage.read)
            await self._stage.pass_to(self._stage.clock())
        elif what.startswith("language "):
            code = what.removeprefix("language ")
            self._chat = self._api.private(self._api.user("Du", language_code=code))
        elif what.startswith("place "):
            latitude, longitude = map(float, what.split()[1:])
            user = self._chat.user
            self._api.send_location(self._chat, user, latitude, longitude)
            await self._stage.settled()
        elif what.startswith(f"@{BOT} "):
            return await self._inline(what.removeprefix(f"@{BOT} "))
        else:
            await self._speak(what)
        self._note(shown)
        pressed = [key for key in self._api.answers if key not in before]
        notices = [self._api.answers[key] or {} for key in pressed]
        said = [f"Depesche (notice):\n{one['text']}" for one in notices if one.get("text")]
        return said + list(self._said(mark))

    async def _speak(self, what: str) -> None:
        """Somebody writes, or presses a button."""
        place, who = self._chat, self._chat.user
        match = re.fullmatch(r"group(?:, (member))?: (.*)", what)
        if match:
            place, who = self._group, self._people[match[1] or "admin"]
            what = match[2]
        label = re.fullmatch(r"\[(.*)\]", what)
        if label is None:
            await self._stage.say(place, what.replace("@…", f"@{BOT}"), who)
            return
        message, data = self._button(place, label[1])
        await self._stage.press(message, data, who)

    def _button(self, place: Chat, label: str) -> tuple[Json, str]:
        """The newest button of a name that a chat shows."""
        for message in reversed(self._api.sent(place)):
            for button in [one for row in keyboard(message) for one in row]:
                if button["text"] == label:
                    return message, button["callback_data"]
        raise LookupError(f"no button [{label}] in {[*self._labels(place)]}")

    def _labels(self, place: Chat) -> Iterator[str]:
        for message in self._api.sent(place)[-3:]:
            yield from (one["text"] for row in keyboard(message) for one in row)

    async def _inline(self, query: str) -> list[str]:
        assert self._chat.user
        asked = self._api.inline_query(self._chat.user, query)
        await self._stage.settled()
        answer = self._api.inline_answers[asked] or {"results": []}
        made = []
        for one in answer["results"]:
            text = one.get("input_message_content", {}).get("message_text", "")
            about = one.get("description", "")
            made.append("\n".join(filter(None, [f"Result: {one['title']}", about, "", text])))
        return made

    def _said(self, mark: int) -> Iterator[str]:
        """What the bot sent and changed after a call, as text."""
        for call in self._api.calls:
            result = call.result
            if call.number > mark and isinstance(result, dict) and "message_id" in result:
                yield _written(result, edited=call.method.startswith("edit"))

    # --- For pictures --------------------------------------------------------------------

    def _scenes_chats(self) -> dict[int, set[int]]:
        return {
            chat.id: {one["message_id"] for one in self._api.messages(chat)}
            for chat in list(self._api.chats.values())
        }

    def _note(self, before: dict[int, set[int]]) -> None:
        """Add what a chat shows now, and did not before, to the scene."""
        for chat in list(self._api.chats.values()):
            known = before.get(chat.id, set())
            new = [one for one in self._api.messages(chat) if one["message_id"] not in known]
            self.scenes[-1].messages += new

    def _refresh(self) -> None:
        """Let the scene show its messages as they stand at its end."""
        scene = self.scenes[-1]
        now = (
            (self._api.message(one["chat"]["id"], one["message_id"]), one) for one in scene.messages
        )
        scene.messages = [found or one for found, one in now]


def _written(message: Json, *, edited: bool) -> str:
    """A message as text, with a line for each row of buttons."""
    kinds = {"photo": " (picture)", "document": " (file)"}
    kind = next((words for name, words in kinds.items() if name in message), "")
    lines = [f"Depesche{' (in place)' if edited else kind}:"]
    if "document" in message:
        lines.append(message["document"]["file_name"])
    lines += filter(None, [message.get("text"), message.get("caption")])
    lines += [" ".join(f"[{one['text']}]" for one in row) for row in keyboard(message)]
    reply = message.get("reply_markup", {}).get("keyboard", ())
    return "\n".join([*lines, *(" ".join(f"[{one['text']}]" for one in row) for row in reply)])


@asynccontextmanager
async def staged(api: BotApi, home: Path, clock: Clock) -> AsyncIterator[Conversation]:
    """A conversation yet to be had, before a bot that has read nothing and keeps things at home."""
    folder = home / "reports"
    folder.mkdir()
    settings = Settings(
        _env_file=None,
        telegram_token=api.token,
        telegram_api_url=api.url,
        data_dir=home / "data",
        seeds_dir=folder,
    )
    async with opened(api, settings, clock) as stage:
        yield Conversation(stage, folder)


async def played(document: str) -> tuple[str, list[Scene], BotApi]:
    """The document as it is now, its scenes, and the server that has their pictures."""
    clock = Clock(datetime(2022, 1, 20, 8, 0, tzinfo=ZONE))
    with (
        tempfile.TemporaryDirectory() as home,
        BotApi(clock=clock.seconds, bot_username=BOT) as api,
    ):
        async with staged(api, Path(home), clock) as conversation:
            text = await conversation.play(document)
        if api.unmet():
            raise RuntimeError("\n".join(api.unmet()))
        return text, conversation.scenes, api
