"""/channel: what a channel is sent, decided in a private chat by an admin of that channel.

A channel is a chat with subscriptions and settings of its own. ``/channel NUMBER COMMAND``
runs a command for it as if it had been asked there, and answers here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.subscriptions import in_words, label, reference
from bot.commands.table import Ask, Seen, Standing
from bot.reply import (
    Block,
    BlockKind,
    Button,
    Reply,
    Request,
    Rows,
    Wanted,
    block,
    bold,
    plain,
    rows,
    short,
)
from bot.texts import Texts
from digests.types import Chat, ManagedChannel, Target, TargetKind

Run = Callable[[str, Ask], Reply]

_MOST: Final = 20
_OFFERED: Final = 6
_RUN: Final = frozenset(
    {"subscribe", "unsubscribe", "subscriptions", "settings", "pause", "resume", "export"}
)
"""Commands that can be asked for a channel."""
_TYPED: Final = re.compile(rf"(?<!\S)/(?=(?:{'|'.join(_RUN)})\b)")
_HARMLESS: Final = frozenset({"unsubscribe", "subscriptions", "pause", "export"})
"""Those that make sense where the bot may not post any more."""
_NAMED: Final = re.compile(r"(?:https?://)?(?:t\.me/|@)(?P<name>\w{4,32})/?|(?P<id>-\d{6,20})")


def channel(ask: Ask, run: Run, commands: Container[str]) -> Reply:
    """/channel [NUMBER|@name [COMMAND …]]: pick a channel, and what goes there.

    ``run`` runs another command, by its name; ``commands`` are the names of all.
    """
    t = ask.texts
    if ask.channels is None:
        return plain(t("Channels are in Telegram only."), ok=False)
    managed = ask.desk.channels.managed(ask.chat)
    name, _, rest = ask.args.partition(" ")
    if not name:
        return _list(managed, t) if managed else _pick(t)
    if name.isdecimal():
        one = next((one for one in managed if one.chat.id == int(name)), None)
        if one is None:
            return plain(t("That channel is not yours here. See /channel"), ok=False)
        return _for(ask, one, rest, run, commands)
    if (named := _NAMED.fullmatch(name)) is not None:
        return _add(ask, managed, named["id"] or f"@{named['name']}")
    return _pick(t)


def _pick(t: Texts) -> Reply:
    text = t(
        "Choose a channel in which you and I may post; where I am not in it yet, Telegram"
        " offers to add me. You can also forward me a post of it, or write /channel @name."
    )
    return Reply(
        (block(BlockKind.PARAGRAPH, text),),
        request=Request(t("Choose a channel"), Wanted.CHANNEL),
    )


def _list(managed: list[ManagedChannel], t: Texts) -> Reply:
    blocks = (
        block(BlockKind.TITLE, bold(t("Your channels"))),
        *(block(BlockKind.ITEM, one.title) for one in managed),
    )
    buttons = [
        *(Button(short(one.title, 30), f"/channel {one.chat.id}") for one in managed),
        Button("＋ " + t("Another channel"), "/channel new"),
    ]
    return Reply(blocks, rows(buttons), in_place=True)


def _add(ask: Ask, managed: list[ManagedChannel], name: str) -> Reply:
    """Take a channel on, if both sides may post there."""
    t = ask.texts
    seen = ask.channels.find(name) if ask.channels else None
    if seen is None:
        text = t("I see no such channel. Make me an admin there who may post, and ask again.")
        return plain(text, ok=False)
    if (refusal := _refusal(ask, seen)) is not None:
        return refusal
    known = any(one.chat.address == seen.address for one in managed)
    if not known and len(managed) >= _MOST:
        return plain(t("{n} channels are as many as I keep for one chat.", n=_MOST), ok=False)
    return _panel(ask, ask.desk.channels.manage(ask.chat, seen.address, seen.title, ask.now))


def _refusal(ask: Ask, seen: Seen, *, only: Standing | None = None) -> Reply | None:
    """Why nothing can be done for a channel now; ``only`` for one reason of several."""
    t = ask.texts
    standing = ask.channels.standing(seen.address) if ask.channels else Standing.UNKNOWN
    if only is not None and standing is not only and standing is not Standing.UNKNOWN:
        return None
    match standing:
        case Standing.SOUND:
            return None
        case Standing.STRANGER:
            text = t("Only an admin of that channel who may post there can do that.")
        case Standing.MUTE:
            text = t("I may not post there. Make me an admin with the right to post messages.")
        case Standing.UNKNOWN:
            text = t("Telegram does not answer just now. Please try again.")
    return plain(text, ok=False)


def _for(ask: Ask, one: ManagedChannel, rest: str, run: Run, commands: Container[str]) -> Reply:
    """What is asked for a channel: its panel, its end, or a command."""
    name, _, args = rest.partition(" ")
    name = name.casefold().removeprefix("/")
    if name == "end":
        return _end(ask, one, sure=bool(args))
    if name in commands and name not in _RUN:
        text = ask.texts("For a channel there are: {names}.", names=", ".join(sorted(_RUN)))
        return plain(text, ok=False, malformed=True)
    harmless = not name or name in _HARMLESS
    refusal = _refusal(
        ask,
        Seen(one.chat.address, one.title),
        only=Standing.STRANGER if harmless else None,
    )
    if refusal is not None:
        forget = Button(ask.texts("Forget the channel"), f"/channel {one.chat.id} end")
        return replace(refusal, buttons=rows([forget]))
    if not name:
        return _panel(ask, one)
    if name not in _RUN:
        name, args = "subscribe", rest
    there = Texts(ask.texts.language, ZoneInfo(one.chat.zone))  # its times are its zone's
    reply = run(name, replace(ask, chat=one.chat, texts=there, args=args.strip(), thread=0))
    if reply.keyboard is not None:  # where a person is says nothing of a channel
        ask.desk.following.ask(one.chat, None)
        reply = plain(ask.texts("Write the city: {command}", command="/settings zone Wien"))
    about = block(BlockKind.NOTE, ask.texts("For the channel “{title}”:", title=one.title))
    buttons = (_button(one.chat, button) for row in reply.buttons for button in row)
    back = Button("‹ " + short(one.title, 30), f"/channel {one.chat.id}")
    laid = rows([button for button in buttons if button is not None])
    said = (_words(one.chat, words) for words in reply.blocks)
    whole = replace(reply, blocks=(about, *said), buttons=(*laid, (back,)))
    return replace(whole, toast="", instead=None, then=None, keys_back=False)


def _words(chat: Chat, words: Block) -> Block:
    """What an answer says, with commands that mean the channel: '/channel 2 resume'."""
    runs = (replace(run, text=_TYPED.sub(f"/channel {chat.id} ", run.text)) for run in words.runs)
    return replace(words, runs=tuple(runs))


def _button(chat: Chat, button: Button) -> Button | None:
    """A button of an answer, so that it means the channel; None where it cannot."""
    name = button.command.removeprefix("/").partition(" ")[0]
    if name not in _RUN:
        return button if name == "channel" else None
    return Button(button.text, f"/channel {chat.id} {button.command.removeprefix('/')}")


def _panel(ask: Ask, one: ManagedChannel) -> Reply:
    """What a channel is sent, and buttons to change it."""
    t, chat = ask.texts, one.chat
    followed = ask.desk.following.subscriptions(chat)
    blocks: list[Block] = [block(BlockKind.TITLE, bold(one.title))]
    blocks += [
        block(
            BlockKind.ITEM,
            bold(label(ask, sub.target)),
            " — ",
            in_words(replace(ask, chat=chat), sub),
        )
        for sub in followed
    ]
    if chat.paused:
        blocks.append(block(BlockKind.NOTE, t("Everything is paused there.")))
    if chat.unreachable:
        blocks.append(block(BlockKind.NOTE, t("I could not post there lately.")))
    more = t("What else shall go there?") if followed else t("Nothing goes there yet. What shall?")
    hint = t("For anything else write: /channel {number} NAME", number=chat.id)
    blocks += [block(BlockKind.PARAGRAPH, more), block(BlockKind.NOTE, hint)]
    buttons = _panel_buttons(ask, chat, [sub.target for sub in followed])
    return Reply(tuple(blocks), buttons, in_place=True)


def _panel_buttons(ask: Ask, chat: Chat, there: Sequence[Target]) -> Rows:
    """What could go to a channel, what could stop going there, and the rest."""
    t = ask.texts
    add = [Button(f"＋ {name}", f"subscribe {written}") for name, written in _offers(ask, there)]
    remove = [
        Button(f"− {label(ask, target)}", f"unsubscribe {reference(target)}")
        for target in there[:_OFFERED]
    ]
    pause = Button(t("Continue"), "resume") if chat.paused else Button(t("Pause"), "pause")
    last = [Button(t("Settings"), "settings"), pause, Button(t("End"), "end")]
    return (
        *rows([_own(chat, button) for button in (*add, *remove)]),
        *rows([_own(chat, button) for button in last], 3),
    )


def _offers(ask: Ask, there: Sequence[Target]) -> list[tuple[str, str]]:
    """What is followed here or in the news, and not there yet: names, and how they are written."""
    here = [sub.target for sub in ask.desk.following.subscriptions(ask.chat)]
    # A topic of this chat's own goes with it: the channel is given its words instead.
    offers = [(label(ask, target), _written(ask, target)) for target in here if target not in there]
    if len(offers) < _OFFERED:
        known = {target.id for target in (*there, *here)}
        news = ask.desk.answers.in_the_news(limit=_OFFERED)
        new = [actor for actor in news if actor.id not in known]
        offers += [(actor.called(ask.texts.language), f"#{actor.id}") for actor in new]
    return offers[:_OFFERED]


def _written(ask: Ask, target: Target) -> str:
    own = target.kind is TargetKind.TOPIC and target.id.startswith(f"{ask.chat.id}:")
    return f"topic:{label(ask, target)}" if own else reference(target)


def _own(chat: Chat, button: Button) -> Button:
    return Button(short(button.text, 40), f"/channel {chat.id} {button.command}")


def _end(ask: Ask, one: ManagedChannel, *, sure: bool) -> Reply:
    """End what goes to a channel; who has no say there any more only loses sight of it."""
    t = ask.texts
    seen = Seen(one.chat.address, one.title)
    stranger = _refusal(ask, seen, only=Standing.STRANGER) is not None
    if not sure:
        text = t("This ends everything that I send to “{title}”.", title=one.title)
        if stranger:
            text = t("“{title}” leaves your list; what goes there stays.", title=one.title)
        buttons = rows(
            [
                Button(t("Yes"), f"/channel {one.chat.id} end yes"),
                Button(t("No"), f"/channel {one.chat.id}"),
            ]
        )
        return Reply((block(BlockKind.PARAGRAPH, text),), buttons, in_place=True)
    if stranger:
        ask.desk.channels.leave(ask.chat, one.chat)
    else:
        ask.desk.channels.end(one.chat)
    return plain(t("Done: “{title}”.", title=one.title))
