"""Commands: one table, and one function that answers whatever a person typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rapidfuzz import fuzz, process

from bot.commands import (
    adding,
    asking,
    channels,
    chat,
    feeds,
    following,
    operator,
    settings,
    sharing,
    start,
    stories,
    subscriptions,
)
from bot.commands.finding import may_not_change
from bot.commands.paging import split_page, token_of
from bot.commands.table import Ask, Caller, Command
from bot.reply import BlockKind, Button, Reply, block, plain, rows
from digests.sources.text import fold as tidy_line

__all__ = ["COMMANDS", "Caller", "Command", "answer", "split", "visible"]


def _(message: str) -> str:
    """Mark a text for translation."""
    return message


def _help(ask: Ask) -> Reply:
    shown = visible(private=ask.private, operator=ask.operator)
    return chat.help_reply(shown, ask.texts)


def _channel(ask: Ask) -> Reply:
    def run(name: str, asked: Ask) -> Reply:
        return _run(replace(asked, command=_BY_NAME[name]))

    return channels.channel(ask, run, _BY_NAME)


def visible(*, private: bool, operator: bool) -> tuple[Command, ...]:
    """The commands that are shown in a private chat or a group, to the operator or others."""
    return tuple(one for one in COMMANDS if one.is_for(private=private, operator=operator))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("start", start.start, _("First steps")),
    Command("help", _help, _("All commands")),
    Command(
        "subscribe",
        following.subscribe,
        _("Follow an actor, a topic, a feed or everything"),
        _("NAME [digest|alert|both]"),
        changes=True,
    ),
    Command("unsubscribe", following.unsubscribe, _("Stop following"), _("NAME"), changes=True),
    Command(
        "subscriptions", subscriptions.subscriptions, _("What you follow, and how"), _("[NAME]")
    ),
    Command("actor", asking.actor, _("A person, organisation or state at a glance"), _("NAME")),
    Command(
        "timeline",
        asking.timeline,
        _("What happened when"),
        _("NAME [and NAME] [from] [to]"),
    ),
    Command("company", asking.company, _("With whom somebody is named"), _("NAME")),
    Command("topic", asking.topic, _("A topic at a glance"), _("[NAME|WORDS]")),
    Command(
        "statements",
        asking.statements,
        _("Who said what"),
        _("NAME [about WORDS] [from] [to]"),
    ),
    Command("latest", asking.latest, _("The latest reports"), _("[NUMBER]")),
    Command("digest", asking.digest, _("Your digest, now")),
    Command(
        "search",
        asking.search,
        _("Search all reports"),
        _("WORDS [from:NAME] [source:NAME] [since:DATE] [until:DATE]"),
    ),
    Command(
        "story",
        stories.story,
        _("A story at length, its sources, or muted"),
        _("NUMBER [sources|why|mute|unmute|less|again]"),
    ),
    Command("muted", stories.muted, _("What you muted")),
    Command(
        "settings",
        settings.settings,
        _("Language, time zone, times, quiet hours, looks"),
        _("[zone|time|language|quiet|nothing|sound|preview|pictures VALUE]"),
        changes=True,
    ),
    Command("feeds", feeds.feeds, _("The feeds that are read"), _("[PAGE|export]")),
    Command("addfeed", adding.addfeed, _("Add a feed, or pick one"), _("[URL|NAME]"), changes=True),
    Command(
        "importfeeds",
        adding.importfeeds,
        _("Add the feeds of an OPML file"),
        _("FILE"),
        changes=True,
    ),
    Command("removefeed", feeds.removefeed, _("Remove a feed"), _("NUMBER|URL|NAME"), changes=True),
    Command("pause", following.pause, _("Send nothing for a while"), _("[UNTIL]"), changes=True),
    Command("resume", following.resume, _("Send again"), changes=True),
    Command(
        "channel",
        _channel,
        _("Send digests to a channel of yours"),
        _("[NAME [COMMAND]]"),
        private=True,
    ),
    Command(
        "export",
        following.export,
        _("Everything kept about this chat"),
        changes=True,
        admins=True,
    ),
    Command(
        "deleteme",
        following.deleteme,
        _("Delete everything about this chat"),
        changes=True,
        admins=True,
    ),
    Command("share", sharing.share, _("A link that lets others follow the same"), _("NAME")),
    Command("status", operator.status, _("How the bot is doing"), _("[errors]"), operator=True),
    Command(
        "broadcast",
        operator.broadcast,
        _("A note to all chats"),
        _("TEXT"),
        operator=True,
        lines=True,
    ),
    Command("about", chat.about, _("What Depesche is and keeps")),
)

_BY_NAME: Final = {command.name: command for command in COMMANDS}


def split(text: str) -> tuple[str, str]:
    """Part what was typed into command name and the rest; a bare name asks for ``actor``.

    The rest is one line without invisible characters, its words one space apart.
    """
    words = tidy_line(text)
    if not words.startswith("/"):
        return "actor", words
    name, _, rest = words[1:].partition(" ")
    return name.partition("@")[0].casefold(), rest


def answer(text: str, caller: Caller) -> Reply:
    """Answer what was typed: a command, or a bare name."""
    name, args = split(text)
    if not text.startswith("/") and caller.chat.asked is not None:
        reply = settings.answered(Ask.by(caller, _BY_NAME["settings"], args), args)
        if reply is not None:
            return reply
    if caller.chat.asked is not None and name not in ("start", "settings"):
        caller.desk.following.ask(caller.chat, None)  # they went on to something else
    if name == "start" and (meant := sharing.command_of(args)):
        name, args = split(meant)
    command = _BY_NAME.get(name)
    if command is None or (command.operator and not caller.operator):
        return _unknown(name, caller)
    if command.private and not caller.private:
        return plain(caller.texts("Ask me that in a private chat."), ok=False)
    if command.lines:
        args = _lines(text)
    return _run(Ask.by(caller, command, args))


def _lines(text: str) -> str:
    """What stands after a command, line by line."""
    _, *rest = text.split(maxsplit=1)
    return "\n".join(map(tidy_line, "".join(rest).splitlines())).strip()


def _run(ask: Ask) -> Reply:
    """Run a command with the words that it was asked with, whole, by who may."""
    args, page = split_page(ask.args)
    ask = replace(ask, args=args, page=page or ask.page)
    asked = args or ask.command.name != "settings"
    if ask.command.changes and asked and (refused := may_not_change(ask)):
        return refused
    if token := token_of(args):
        words = ask.desk.wishes.words_of(ask.chat, token)
        if words is None:
            return _forgotten(ask)
        ask = replace(ask, args=words)
    return ask.command.handler(ask)


def _forgotten(ask: Ask) -> Reply:
    """That a question is kept no more, or was another chat's."""
    text = ask.texts("That question is not kept any more. Please ask it again.")
    return Reply((block(BlockKind.PARAGRAPH, text),), ok=False, toast=text)


def _unknown(name: str, caller: Caller) -> Reply:
    texts = caller.texts
    known = [one.name for one in visible(private=caller.private, operator=caller.operator)]
    begun = [one for one in known if name and one.startswith(name)]
    like = process.extract(name, known, scorer=fuzz.ratio, limit=3, score_cutoff=55)
    near = list(dict.fromkeys([*begun, *(found for found, _, _ in like)]))[:3]
    text = texts("There is no command /{name}.", name=name[:40])
    if not near:
        hint = texts("See /help for all commands.")
        return plain(text, hint, ok=False, malformed=True)
    offered = texts("Did you mean {names}?", names=", ".join(f"/{one}" for one in near))
    return Reply(
        (block(BlockKind.PARAGRAPH, f"{text} {offered}"),),
        rows(Button(f"/{one}", f"/{one}") for one in near),
        ok=False,
        malformed=True,
    )
