"""Finding what a person means: an actor, a topic, a feed, or everything; or asking back."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from bot.commands.arguments import BackwardsError
from bot.commands.choices import written
from bot.commands.dates import DateError
from bot.commands.show import kind_name
from bot.commands.table import Ask
from bot.reply import (
    LONGEST_COMMAND,
    Block,
    BlockKind,
    Button,
    Reply,
    Rows,
    block,
    bold,
    plain,
    rows,
    short,
)
from digests.types import Actor, Source, Target, TargetKind, Topic
from digests.words import fold

_EVERYTHING = frozenset({"alles", "alle", "everything", "all", "*"})
_LONGEST = 200
_LONGEST_NAME: Final = 5  # words
_NAME: Final = re.compile(r"[^\W\d_][\w.’'&/ -]{1,59}")
"""What could be the name of a person or an organisation."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant, and the name to show for it. ``topic`` is set for topics, stored or not."""

    target: Target
    name: str
    topic: Topic | None = None


def usage(ask: Ask) -> Reply:
    """Say what the command needs, or that it takes nothing."""
    if not ask.command.usage:
        text = ask.texts("{form} stands alone.", form=ask.command.form(ask.texts))
        return plain(text, ok=False, malformed=True)
    text = ask.texts("This needs a little more: {form}", form=ask.command.form(ask.texts))
    return plain(text, ok=False, malformed=True)


def no_date(ask: Ask, error: ValueError, example: str | None = None) -> Reply:
    """Say what is wrong with a time that was asked for, with an ``example`` of what is none."""
    if isinstance(error, BackwardsError):
        text = ask.texts("That time ends before it starts.")
        return plain(text, ok=False, malformed=True)
    words = error.words if isinstance(error, DateError) else ask.args
    text = ask.texts("I cannot read “{words}” as a date.", words=short(words, 60))
    if example is None:
        example = ask.texts("Write yesterday, last week, May 2022 or 21.01.2022, for example.")
    return plain(text, example, ok=False, malformed=True)


def may_not_change(ask: Ask) -> Reply | None:
    """Refuse a change to who may not make it here."""
    if ask.admin if ask.command.admins else ask.may_change:
        return None
    return refused(ask)


def refused(ask: Ask) -> Reply:
    """That only admins may do something here."""
    text = ask.texts("Only admins can change that here.")
    return Reply((block(BlockKind.PARAGRAPH, text),), ok=False, toast=text)


def too_long(ask: Ask) -> Reply | None:
    """Refuse words longer than any name."""
    if len(ask.args) > _LONGEST:
        return plain(ask.texts("That is too long for a name."), ok=False, malformed=True)
    return None


def find_actor(ask: Ask, words: str, command: str) -> Actor | Reply:
    """The actor that is meant; else a reply that offers the likely ones.

    ``command`` is what the offered buttons ask, with ``{}`` for the choice: if that is too long
    for a button, without what stands after it.
    """
    if words.startswith("#"):
        try:
            return ask.desk.known.actor(words[1:])
        except KeyError:
            return unknown(ask, words[1:], (), command)
    found = ask.desk.known.lookup(words)
    if len(found.exact) == 1:
        return found.exact[0]
    if found.exact:
        return ambiguous(ask, words, found.exact, command)
    return unknown(ask, words, found.near, command)


def find(ask: Ask, words: str, command: str) -> Meant | Reply:
    """An actor, a topic, a feed (``feed:3``) or everything; else a reply that asks back."""
    if fold(words) in _EVERYTHING:
        return Meant(Target(TargetKind.EVERYTHING), ask.texts("Everything"))
    if words.startswith("feed:") and words[5:].isdigit():
        source = _own_feed(ask, int(words[5:]))
        if source is not None:
            return Meant(Target(TargetKind.FEED, str(source.id)), source.name)
    if words.startswith("name:") and words[5:].strip():
        return _name_to_be(ask, words[5:].strip())
    if words.startswith("topic:"):
        return find_topic(ask, words.removeprefix("topic:")) or unknown(ask, words[6:], (), command)
    actor = find_actor(ask, words, command)
    if isinstance(actor, Actor):
        return Meant(Target(TargetKind.ACTOR, actor.id), actor.called(ask.texts.language))
    return find_topic(ask, words) or actor


def _name_to_be(ask: Ask, name: str) -> Meant:
    """An actor to be; whoever bears the name by now is meant at once."""
    bearers = ask.desk.known.lookup(name).exact
    if len(bearers) == 1:
        return Meant(Target(TargetKind.ACTOR, bearers[0].id), bearers[0].called(ask.texts.language))
    there = (one.target for one in ask.desk.following.subscriptions(ask.chat, ask.thread))
    names = {fold(one.id): one.id for one in there if one.kind is TargetKind.NAME}
    name = names.get(fold(name), name)
    return Meant(Target(TargetKind.NAME, name), name)


def _own_feed(ask: Ask, number: int) -> Source | None:
    """A feed by its number; None for one that the chat may not know of: numbers can be guessed."""
    source = ask.desk.following.source(number)
    return source if source and may_know(ask, source, followed_feeds(ask)) else None


def may_know(ask: Ask, source: Source, followed: AbstractSet[int]) -> bool:
    """Whether a chat may know of a feed: the operator's, its own, or one that it follows.

    Others' addresses may hold keys. The operator, in the terminal, may know all.
    """
    own = source.operator or source.added_by == ask.chat.id
    return ask.by_operator or own or source.id in followed


def followed_feeds(ask: Ask) -> set[int]:
    """The ids of the feeds that the chat follows, in whichever forum topic."""
    followed = ask.desk.following.subscriptions(ask.chat)
    return {int(one.target.id) for one in followed if one.target.kind is TargetKind.FEED}


def find_topic(ask: Ask, words: str) -> Meant | None:
    """A starter topic or one of the chat's own, by id or name."""
    wanted = fold(words)
    for topic in ask.desk.following.topics(ask.chat):
        name = topic_name(ask, topic)
        if wanted in (fold(topic.id), fold(topic.name), fold(name)):
            return Meant(Target(TargetKind.TOPIC, topic.id), name, topic)
    return None


def topic_name(ask: Ask, topic: Topic) -> str:
    """A topic's name in the reader's language."""
    return ask.desk.known.topic_name(topic, ask.texts.language)


def ambiguous(ask: Ask, words: str, actors: tuple[Actor, ...], command: str) -> Reply:
    """Ask which of several was meant."""
    text = ask.texts("“{words}” could be several. Which one?", words=words)
    return _offer(ask, text, actors, command)


def unknown(ask: Ask, words: str, near: tuple[Actor, ...], command: str) -> Reply:
    """Say that nobody is known by this name, and who comes near."""
    text = ask.texts("I know nobody and nothing called “{words}”.", words=words)
    if near:
        text += " " + ask.texts("Did you mean one of these?")
        reply = _offer(ask, text, near, command)
    else:
        hint = ask.texts("Try another spelling, or /search for the word in all reports.")
        reply = plain(text, hint, ok=False)
    wait = _wait_buttons(ask, words, command)
    return replace(
        reply, blocks=(*reply.blocks, *written(ask, wait)), buttons=(*reply.buttons, *wait)
    )


def others(ask: Ask, words: str, command: str) -> Reply | None:
    """Whom else a name may mean, to be offered where nothing is told of whom it means first."""
    near = ask.desk.known.lookup(words).near
    text = ask.texts("Did you mean one of these?")
    return _offer(ask, text, near, command) if near else None


def _wait_buttons(ask: Ask, words: str, command: str) -> Rows:
    """Offers to follow a name that nobody bears yet, where it looks like one."""
    if len(words.split()) > _LONGEST_NAME or not _NAME.fullmatch(words):
        return ()
    label = ask.texts("Follow “{words}” once reports name them", words=words)
    following = command if command.startswith("/subscribe ") else "/subscribe {}"
    return rows([Button(label, following.replace("{}", f"name:{words}"))])


def _offer(ask: Ask, text: str, actors: tuple[Actor, ...], command: str) -> Reply:
    blocks: list[Block] = [block(BlockKind.PARAGRAPH, text)]
    named = [(actor, actor.called(ask.texts.language)) for actor in actors]
    blocks += [
        block(BlockKind.ITEM, bold(name), f" — {describe(ask, actor)}") for actor, name in named
    ]
    buttons = rows(Button(name, _chosen(command, actor)) for actor, name in named)
    return Reply(tuple(blocks), buttons, ok=False)


def _chosen(command: str, actor: Actor) -> str:
    """A command with the actor that was chosen."""
    whole = command.replace("{}", f"#{actor.id}")
    if len(whole.encode()) <= LONGEST_COMMAND:
        return whole
    return f"{command.partition('{}')[0]}#{actor.id}"


def describe(ask: Ask, actor: Actor) -> str:
    """An actor in a few words: newest office, or what kind it is."""
    if actor.offices:
        dated = [office for office in actor.offices if office.start is not None]
        newest = max(dated, key=lambda one: str(one.start)) if dated else actor.offices[0]
        return newest.called(ask.texts.language)
    return kind_name(actor.kind, ask.texts)
