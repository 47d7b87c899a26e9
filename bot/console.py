"""The terminal: the same commands, with completion and history where it allows them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.addresses import TERMINAL
from bot.commands import Caller, answer, split, visible
from bot.outbox import Outcome, Sent
from bot.render import plain_text
from bot.reply import Block, BlockKind, Reply, Style, Upload
from bot.texts import Texts
from digests.desk import Desk
from digests.errors import SourceError
from digests.types import (
    ActorCard,
    Chat,
    Delivery,
    Office,
    StatementView,
    StoryView,
    TimelineEntry,
)

ADDRESS: Final = TERMINAL
_LEAVE: Final = frozenset({"/quit", "/exit", "/q", "quit", "exit"})
_STYLES: Final = {
    Style.BOLD: "bold",
    Style.ITALIC: "italic dim",
    Style.CODE: "cyan",
    Style.LINK: "underline",
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal as a chat: it has subscriptions and settings like any other."""

    desk: Desk
    clock: Callable[[], datetime]
    out: IO[str]
    # What the last numbered list linked: a number means one of these.
    _links: list[tuple[str, str]] = field(default_factory=list)

    def chat(self) -> tuple[Chat, Texts]:
        """The terminal's chat, and texts in its language."""
        chat = self.desk.following.chat(ADDRESS, self.clock())
        return chat, Texts(chat.language, ZoneInfo(chat.zone))

    def answer(self, text: str, document: Upload | None = None) -> Reply:
        """Answer what was typed, or what a file is for."""
        chat, texts = self.chat()
        caller = Caller(
            desk=self.desk,
            chat=chat,
            texts=texts,
            now=self.clock(),
            operator=True,
            links=tuple(self._links),
            document=document or _named_file(text),
            buttons=False,
        )
        reply = answer(text, caller)
        links = reply.messages[-1].links or reply.links
        if any(words.startswith("1. ") for words, _ in links):
            self._links[:] = links
        if reply.queued:
            self.desk.intake.read_inbox(self.clock())
        return reply

    def ask(self, commands: list[str], *, as_json: bool) -> int:
        """Answer commands on ``out``, and nothing else; the status is 1 if any was malformed."""
        status = 0
        for number, command in enumerate(commands):
            reply = self.answer(command)
            if as_json:
                print(json.dumps(as_values(command, reply), ensure_ascii=False), file=self.out)
            else:
                gap = "\n" if number else ""
                print(f"{gap}{_text(reply)}", file=self.out)
                if reply.attachment is not None:
                    print(reply.attachment.content.decode(), file=self.out)
            status = max(status, int(reply.malformed))
        return status

    def talk(self, history: Path) -> int:
        """Welcome, show the digest, then answer what is typed until the end of input."""
        console = Console(file=self.out, highlight=False, soft_wrap=not self.out.isatty())
        _, texts = self.chat()
        welcome = texts("Depesche in the terminal. Type a name or a command; /help lists them.")
        console.print(Text(welcome, style="bold"), "\n")
        show(console, self.answer("/digest").blocks)
        status = 0
        for line in self._lines(history):
            if line.strip().casefold() in _LEAVE:
                break
            if not line.strip():
                continue
            reply = self.answer(line)
            console.print()
            for message in reply.messages:
                show(console, message.blocks)
            if reply.attachment is not None:
                console.print(reply.attachment.content.decode(), markup=False)
            status = max(status, int(reply.malformed))
        return status

    async def send(self, delivery: Delivery) -> Outcome:
        """Deliver a digest or alert of the outbox: print it."""
        print(f"\n{delivery.payload['text']}", file=self.out, flush=True)
        return Sent()

    def _lines(self, history: Path) -> Iterator[str]:
        if not (sys.stdin.isatty() and self.out.isatty()):
            yield from sys.stdin
            return
        session: PromptSession[str] = PromptSession(
            "› ", completer=_Completer(self), history=FileHistory(str(history))
        )
        while True:
            try:
                yield session.prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return


class _Completer(Completer):
    """Completes commands, and names the catalogue knows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def get_completions(self, document: Document, complete_event: Any) -> Iterator[Completion]:  # noqa: ANN401, ARG002 - prompt_toolkit's signature
        line = document.text_before_cursor
        _, texts = self._terminal.chat()
        if line.startswith("/") and " " not in line:
            for command in visible(private=True, operator=True):
                if command.name.startswith(line[1:]):
                    yield Completion(
                        f"/{command.name}",
                        start_position=-len(line),
                        display_meta=texts(command.summary),
                    )
            return
        words = line.split(" ", 1)[1] if line.startswith("/") else line
        if len(words) >= 2:
            found = self._terminal.desk.known.lookup(words)
            for actor in (*found.exact, *found.near):
                yield Completion(actor.name, start_position=-len(words))


def show(console: Console, blocks: tuple[Block, ...]) -> None:
    """Print blocks with styles, wrapped to the terminal."""
    before: BlockKind | None = None
    for one in blocks:
        if before is not None and _apart(before, one.kind):
            console.print()
        text = Text("• " if one.kind is BlockKind.ITEM else "")
        for run in one.runs:
            style = _STYLES.get(run.style, "")
            if one.kind is BlockKind.TITLE:
                style = "bold yellow"
            elif one.kind is BlockKind.NOTE and not style:
                style = "dim"
            text.append(run.text, style=f"{style} link {run.url}" if run.url else style)
        indent = 2 if one.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE) else 0
        console.print(Padding(text, (0, 0, 0, indent)) if console.is_terminal else text)
        before = one.kind


def as_values(command: str, reply: Reply) -> dict[str, Any]:
    """A reply as the JSON that ``ask --json`` prints, one line a command."""
    return {
        "command": command,
        "ok": reply.ok,
        "text": _text(reply),
        "actor": _actor(reply.actor) if reply.actor else None,
        "statements": [_statement(one) for one in reply.statements],
        "entries": [_entry(one) for one in reply.entries],
        "stories": [_story(one) for one in reply.stories],
    }


def _text(reply: Reply) -> str:
    return "\n\n".join(plain_text(message.blocks) for message in reply.messages)


def _named_file(text: str) -> Upload | None:
    """The file that ``/importfeeds PATH`` names: the terminal may read what its user may."""
    name, args = split(text)
    if name != "importfeeds" or not args:
        return None
    return upload(Path(args).expanduser())


def upload(path: Path) -> Upload:
    """A file of the machine's own."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # reading it says what is wrong
    return Upload(path.name, size, lambda: _read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SourceError("unreadable", path=str(path), reason=reason) from error


def history_file(data_dir: Path) -> Path:
    """Where the terminal keeps what was typed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "history"
    path.touch(mode=0o600)
    os.chmod(path, 0o600)  # noqa: PTH101 - what was typed is nobody else's business
    return path


def _apart(before: BlockKind, kind: BlockKind) -> bool:
    if kind in (BlockKind.TITLE, BlockKind.HEADING):
        return True
    return kind is BlockKind.NOTE and before in (BlockKind.PARAGRAPH, BlockKind.ITEM)


def _actor(card: ActorCard) -> dict[str, Any]:
    actor = card.actor
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "offices": [_office(one) for one in actor.offices],
        "aliases": list(actor.aliases),
    }


def _office(office: Office) -> str:
    """An office with its term or the date it was seen: 'Bundeskanzler (2021-12-08/2025-05-06)'."""
    if office.start or office.end:
        return f"{office.title} ({office.start or '..'}/{office.end or '..'})"
    return f"{office.title} ({office.seen})" if office.seen else office.title


def _statement(view: StatementView) -> dict[str, Any]:
    return {
        "speaker": view.speaker,
        "speaker_id": view.speaker_id,
        "quote": view.quote,
        "source": view.source,
        "date": view.published.iso(),
    }


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "date": str(entry.date),
        "precision": entry.date.precision,
        "text": " ".join(one.text for one in entry.sentences),
        "source": ", ".join(dict.fromkeys(one.source for one in entry.sentences)),
    }


def _story(view: StoryView) -> dict[str, Any]:
    return {
        "title": view.headline,
        "date": view.published.iso(),
        "sentences": [one.text for one in view.sentences],
        "sources": list(view.sources),
    }
