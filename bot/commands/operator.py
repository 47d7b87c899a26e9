"""The operator's commands: /status and /broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, Final

from bot.commands.feeds import health
from bot.commands.finding import usage
from bot.commands.table import Ask
from bot.render import parts
from bot.reply import Block, BlockKind, Button, Reply, block, bold, plain, rows, short
from bot.texts import Texts
from digests.desk import Status
from digests.types import Chat
from digests.words import fold

_PROBLEMS: Final = 10
_LONGEST_NOTE: Final = 3000
_ERRORS: Final = frozenset({"errors", "error", "fehler"})


def status(ask: Ask) -> Reply:
    """/status [errors]."""
    if fold(ask.args) in _ERRORS:
        return _errors(ask)
    if ask.args:
        return usage(ask)
    t, found = ask.texts, ask.desk.operation.status(ask.now)
    blocks: list[Block] = [block(BlockKind.TITLE, bold(t("Status")))]
    blocks += [
        block(BlockKind.ITEM, bold(name), f": {value}") for name, value in _lines(found, ask.now, t)
    ]
    wrong = _wrong(ask)
    if wrong:
        blocks.append(block(BlockKind.HEADING, bold(t("In trouble"))))
        blocks += [block(BlockKind.ITEM, line) for line in wrong]
    button = Button(t("What went wrong last"), "/status errors")
    return Reply(tuple(blocks), rows([button]), in_place=True)


def _lines(found: Status, now: datetime, t: Texts) -> list[tuple[str, str]]:
    """What there is to know, a line each: its name, and how it stands."""
    one = found.figures
    waiting = sum(one.deliveries.get(state, 0) for state in ("draft", "pending", "claimed"))
    parked = sum(one.deliveries.get(state, 0) for state in ("rejected", "doubtful"))
    queue = t.plural("{n} message waits", "{n} messages wait", waiting)
    if one.waiting_since is not None and now - one.waiting_since > timedelta(minutes=1):
        queue = t(
            "{queue}, the oldest since {when}", queue=queue, when=t.when(one.waiting_since, now)
        )
    digest = t.when(found.last_digest, now) if found.last_digest else t("none yet")
    lines = [
        (t("Version"), f"{version('depesche')} ({t('Database')} {found.revision or '-'})"),
        (t("Running since"), t.when(found.started_at, now)),
        (t("Database"), f"{t.number(found.size / 1e6)} MB" if found.size is not None else "?"),
        (t("Reports"), t("{n}, {waiting} to be read", n=one.items, waiting=one.inbox)),
        (
            t("Feeds"),
            t(
                "{n}, {failing} in trouble, {due} due",
                n=one.feeds,
                failing=one.feeds_failing,
                due=one.feeds_due,
            ),
        ),
        (
            t("Chats"),
            t(
                "{n}, {away} out of reach, {gone} ever deleted",
                n=one.chats,
                away=one.unreachable,
                gone=found.deleted,
            ),
        ),
        (t("Queue"), queue),
        (t("Last digest"), digest),
    ]
    if parked:
        words = t.plural(
            "{n} message: depesche outbox list", "{n} messages: depesche outbox list", parked
        )
        lines.append((t("Put aside"), words))
    return lines


def _wrong(ask: Ask) -> list[str]:
    """Feeds in trouble, each in a line."""
    found = [one for one in ask.desk.feeds.health(ask.now) if one.source.error is not None]
    return [
        short(f"{one.source.name}: {health(one, ask.texts, ask.now)}", 200)
        for one in found[:_PROBLEMS]
    ]


def _errors(ask: Ask) -> Reply:
    t = ask.texts
    found = ask.desk.operation.problems(_PROBLEMS)
    parked = ask.desk.operation.parked()[:_PROBLEMS]
    if not found and not parked:
        return plain(t("Nothing went wrong that I know of."))
    blocks: list[Block] = [block(BlockKind.TITLE, bold(t("What went wrong last")))]
    for one in found:
        often = f" ({one.times}×)" if one.times > 1 else ""
        when = t.when(one.last_at, ask.now)
        blocks.append(block(BlockKind.ITEM, bold(when), f"{often}: {short(one.words, 300)}"))
    if parked:
        blocks.append(block(BlockKind.HEADING, bold(t("Messages put aside"))))
        blocks += [
            block(BlockKind.ITEM, f"{one.delivery.id}. {short(one.delivery.error or '?', 200)}")
            for one in parked
        ]
    return Reply(tuple(blocks))


def broadcast(ask: Ask) -> Reply:
    """/broadcast TEXT: shown first, and sent once it is confirmed."""
    t = ask.texts
    name, _, number = ask.args.partition(" ")
    if not ask.args:
        return usage(ask)
    if name == "send" and number.isdecimal():
        sent = ask.desk.operation.send(int(number), note, ask.now)
        if sent is None:
            return plain(t("That note went out already, or is kept no more."), ok=False)
        return plain(sent_to(sent, t))
    if len(ask.args) > _LONGEST_NOTE:
        return plain(t("That is longer than a message holds."), ok=False, malformed=True)
    drafted, chats = ask.desk.operation.draft(ask.args, ask.now)
    if not chats:
        return plain(t("Nobody follows anything whom I could tell."), ok=False)
    many = t.plural("This goes to {n} chat:", "This goes to {n} chats:", chats)
    button = Button(
        t.plural("Send to {n} chat", "Send to {n} chats", chats), f"/broadcast send {drafted}"
    )
    blocks = (block(BlockKind.NOTE, many), block(BlockKind.QUOTE, ask.args))
    return Reply(blocks, rows([button]))


def sent_to(chats: int, t: Texts) -> str:
    """That a note is on its way."""
    return t.plural("On its way to {n} chat.", "On its way to {n} chats.", chats)


def note(text: str, chat: Chat) -> Sequence[dict[str, Any]]:
    """The payloads of a note of the operator's for a chat, in its language around the words."""
    t = Texts.of(chat)
    blocks = (
        block(BlockKind.TITLE, bold(t("A note from the operator of this bot"))),
        block(BlockKind.PARAGRAPH, text),
    )
    return [part.payload() | {"language": chat.language} for part in parts(blocks)]
