"""Commands that change what a chat follows, and whether it is told."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.commands import show
from bot.commands.arguments import split_mode
from bot.commands.choices import written
from bot.commands.dates import DateError, PastError, read_end
from bot.commands.finding import Meant, find, no_date, too_long, usage
from bot.commands.paging import page_of, turned
from bot.commands.subscriptions import follow_buttons, followed, label, not_followed, reference
from bot.commands.table import Ask
from bot.commands.times import how
from bot.reply import (
    Attachment,
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
from digests.desk import usual_delivery
from digests.types import DeliveryMode, Target, TargetKind, Topic
from digests.words import fold

_PER_PAGE: Final = 12
_OWN_FEEDS: Final = "feed:own"
_REFERENCE: Final = re.compile(r"#|(?:feed|name|topic):")
"""What a button asks for, and nobody means as words."""
_LONGEST_SLUG: Final = 24


def subscribe(ask: Ask) -> Reply:
    """/subscribe NAME [digest|alert|both]."""
    if not ask.args:
        return _suggestions(ask)
    if refusal := too_long(ask):
        return refusal
    words, mode = split_mode(ask.args)
    if words == _OWN_FEEDS:
        return _follow_own_feeds(ask, mode or DeliveryMode.DIGEST)
    command = f"/subscribe {{}} {mode}" if mode else "/subscribe {}"
    found = find(ask, words, command)
    if isinstance(found, Reply):
        if words.startswith("topic:") and fold(words.removeprefix("topic:")).strip(" ,"):
            found = _own_topic(ask, words.removeprefix("topic:"))
        elif _REFERENCE.match(words):
            return found
        else:
            return _or_as_words(ask, found, words, command)
    delivery = mode or usual_delivery(ask.chat)
    first = not ask.desk.following.subscriptions(ask.chat, ask.thread)
    new = ask.desk.following.subscribe(ask.chat, ask.thread, found.target, delivery, ask.now)
    t = ask.texts
    if new:
        done = t("You now follow {name}.", name=found.name)
    else:
        done = t("You follow {name} already.", name=found.name)
    blocks = [
        block(BlockKind.TITLE, bold(done)),
        block(BlockKind.NOTE, how(delivery, ask.chat.schedule, t)),
    ]
    if found.target.kind is TargetKind.NAME:
        watch = t("No report has named them yet. I watch for the name and tell you when one does.")
        blocks.append(block(BlockKind.PARAGRAPH, watch))
    stories = ask.desk.rounds.archive_of(ask.chat, found.target) if new else ()
    if stories:
        blocks.append(block(BlockKind.HEADING, bold(t("From the archive"))))
        for view in stories:
            blocks += show.story(view, t)
    buttons = follow_buttons(found.target, delivery, t)
    if first and new:  # who came by a link has chosen no time yet
        buttons = (*buttons, (Button(t("When does it come?") + " ›", "/start when"),))
    return Reply(tuple(blocks), buttons, stories=stories)


def unsubscribe(ask: Ask) -> Reply:
    """/unsubscribe NAME."""
    if not ask.args:
        there = ask.desk.following.subscriptions(ask.chat, ask.thread)
        if not there:
            return plain(ask.texts("You follow nothing yet."), ok=False)
        page = page_of(there, ask.page, _PER_PAGE)
        notes, turn = turned(ask, page)
        buttons = (
            Button(short(label(ask, one.target), 40), f"/unsubscribe {reference(one.target)}")
            for one in page.items
        )
        text = page.title(ask.texts("Whom do you want to stop following?"), ask.texts)
        offered = rows(buttons)
        return Reply(
            (block(BlockKind.PARAGRAPH, text), *written(ask, offered), *notes),
            (*offered, *turn),
            in_place=ask.page > 0,
        )
    one = followed(ask, ask.args)
    if one is None:
        return not_followed(ask)
    name = label(ask, one.target)
    ask.desk.following.unsubscribe(one)
    return plain(ask.texts("You no longer follow {name}.", name=name))


def pause(ask: Ask) -> Reply:
    """/pause [UNTIL]: until a day, for so many days, or until resumed."""
    until = None
    if ask.args:
        try:
            until = read_end(ask.args, ask.local_now)
        except PastError:
            return plain(ask.texts("That does not lie ahead."), ok=False, malformed=True)
        except DateError as error:
            example = ask.texts("Write /pause 3 days, /pause until Friday or /pause 24.12.")
            return no_date(ask, error, example)
    ask.desk.following.pause(ask.chat, until)
    if until:
        when = ask.texts.moment(until)
        text = ask.texts(
            "Paused until {when}. What comes meanwhile is in the next digest.", when=when
        )
    else:
        text = ask.texts(
            "Paused. Continue with /resume; what comes meanwhile is in the next digest."
        )
    buttons = _pause_buttons(ask, ends=until is not None)
    return Reply((block(BlockKind.PARAGRAPH, text), *written(ask, buttons)), buttons, in_place=True)


def _pause_buttons(ask: Ask, *, ends: bool) -> Rows:
    """Days on which a pause may end, unless one was named; and to end it."""
    t = ask.texts
    today = ask.local_now.date()
    days = [] if ends else [today + timedelta(weeks=weeks) for weeks in (1, 2)]
    until = (t("Until {day}", day=t.part_of_date(day, "MMMd")) for day in days)
    made = [Button(label, f"/pause {day}") for label, day in zip(until, days, strict=True)]
    return rows([*made, Button(t("Continue"), "/resume")])


def resume(ask: Ask) -> Reply:
    """/resume."""
    ask.desk.following.resume(ask.chat, ask.now)
    if not ask.chat.paused:
        return plain(ask.texts("Digests and alerts come again."))
    return plain(
        ask.texts("Digests and alerts come again; what came meanwhile comes as one digest.")
    )


def export(ask: Ask) -> Reply:
    """/export: everything kept about the chat, as JSON."""
    data = ask.desk.following.export(ask.chat)
    content = json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()
    text = ask.texts("Everything that is kept about this chat:")
    return Reply(
        (block(BlockKind.PARAGRAPH, text),),
        attachment=Attachment("depesche-export.json", content),
    )


def deleteme(ask: Ask) -> Reply:
    """/deleteme [yes]."""
    t = ask.texts
    if fold(ask.args) not in ("yes", "ja"):
        text = t("This deletes all subscriptions and settings of this chat, at once and for good.")
        button = Button(t("Delete everything"), "/deleteme yes")
        if ask.desk.channels.managed(ask.chat):
            text += " " + t("Channels that only you decide about are sent nothing any more.")
        hint = t("If you mean it: /deleteme yes")
        return Reply(
            (block(BlockKind.PARAGRAPH, text), block(BlockKind.NOTE, hint)), rows([button])
        )
    ask.desk.following.delete(ask.chat)
    return plain(t("Done. Nothing is kept about this chat any more."))


def _follow_own_feeds(ask: Ask, delivery: DeliveryMode) -> Reply:
    """Follow all feeds that were added here; in the terminal, the operator's."""
    owner = None if ask.by_operator else ask.chat.id
    own = [feed for feed in ask.desk.following.feeds() if feed.added_by == owner]
    t = ask.texts
    if not own:
        return plain(t("No feed was added here yet. Pick one with /addfeed."), ok=False)
    for feed in own:
        target = Target(TargetKind.FEED, str(feed.id))
        ask.desk.following.subscribe(ask.chat, ask.thread, target, delivery, ask.now)
    done = t.plural("You now follow {n} feed.", "You now follow {n} feeds.", len(own))
    return Reply(
        (
            block(BlockKind.TITLE, bold(done)),
            block(BlockKind.NOTE, how(delivery, ask.chat.schedule, t)),
        )
    )


def _suggestions(ask: Ask) -> Reply:
    t = ask.texts
    actors = ask.desk.answers.in_the_news(limit=8)
    if not actors:
        return usage(ask)
    buttons = rows(Button(actor.called(t.language), f"/subscribe #{actor.id}") for actor in actors)
    text = t("Whom do you want to follow? These are in the reports now; any other name will do:")
    form = ask.command.form(t)
    return Reply(
        (block(BlockKind.PARAGRAPH, text), block(BlockKind.NOTE, form)), buttons, malformed=True
    )


def _or_as_words(ask: Ask, reply: Reply, words: str, command: str) -> Reply:
    label = ask.texts("Follow the words “{words}”", words=words)
    buttons = rows([Button(label, command.replace("{}", f"topic:{words}"))])
    return replace(
        reply,
        blocks=(*reply.blocks, *written(ask, buttons)),
        buttons=(*reply.buttons, *buttons),
    )


def _own_topic(ask: Ask, words: str) -> Meant:
    """Make a topic of the chat's own from words; commas part alternatives."""
    parts = [part.strip() for part in words.split(",") if part.strip()]
    slug = fold(words).replace(" ", "-")
    if len(slug.encode()) > _LONGEST_SLUG:  # to fit on buttons, and still be none but this
        slug = f"{slug[: _LONGEST_SLUG // 3]}-{hashlib.sha256(slug.encode()).hexdigest()[:12]}"
    made = Topic(
        id=f"{ask.chat.id}:{slug}",
        name=words,
        terms=tuple(part for part in parts if " " not in part),
        phrases=tuple(part for part in parts if " " in part),
    )
    ask.desk.following.keep_topic(made, ask.chat)
    return Meant(Target(TargetKind.TOPIC, made.id), words, made)
