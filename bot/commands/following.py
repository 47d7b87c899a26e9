"""Commands that change what a chat follows, when, and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands import show
from bot.commands.arguments import parse_date, split_mode
from bot.commands.finding import Meant, find, too_long, usage
from bot.commands.table import Ask
from bot.complaints import explain
from bot.reply import (
    Attachment,
    Block,
    BlockKind,
    Button,
    Reply,
    block,
    bold,
    plain,
    rows,
    short,
)
from bot.texts import Texts, languages
from digests.errors import InputError
from digests.schedule import Cadence, parse_quiet, parse_zone
from digests.types import DeliveryMode, Subscription, Target, TargetKind, Topic
from digests.words import fold

_OWN_FEEDS: Final = "feed:own"


def subscribe(ask: Ask) -> Reply:
    """/subscribe NAME [digest|alert|both]."""
    if not ask.args:
        return _suggestions(ask)
    if refusal := too_long(ask):
        return refusal
    words, mode = split_mode(ask.args)
    if words == _OWN_FEEDS:
        return _follow_own_feeds(ask, mode or DeliveryMode.DIGEST)
    found = find(ask, words, "/subscribe {}")
    if isinstance(found, Reply):
        if words.startswith("topic:"):
            found = _own_topic(ask, words.removeprefix("topic:"))
        else:
            return _or_as_words(ask, found, words)
    delivery = mode or DeliveryMode.DIGEST
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
    stories = ask.desk.rounds.archive_of(ask.chat, found.target) if new else ()
    if stories:
        blocks.append(block(BlockKind.HEADING, bold(t("From the archive"))))
        for view in stories:
            blocks += show.story(view, t)
    return Reply(tuple(blocks), follow_buttons(found.target, delivery, t), stories=stories)


def unsubscribe(ask: Ask) -> Reply:
    """/unsubscribe NAME."""
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    if not ask.args:
        if not followed:
            return plain(ask.texts("You follow nothing yet."), ok=False)
        buttons = (
            Button(label(ask, one.target), f"/unsubscribe {_reference(one.target)}")
            for one in followed
        )
        text = ask.texts("Whom do you want to stop following?")
        return Reply((block(BlockKind.PARAGRAPH, text),), rows(buttons))
    one = _followed(ask, followed)
    if one is None:
        text = ask.texts("You do not follow “{words}”.", words=short(ask.args, 200))
        return plain(text, ok=False)
    name = label(ask, one.target)
    ask.desk.following.unsubscribe(one)
    return plain(ask.texts("You no longer follow {name}.", name=name))


def subscriptions(ask: Ask) -> Reply:
    """/subscriptions."""
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    if not followed:
        return plain(ask.texts("You follow nothing yet. Try /subscribe NAME."), ok=False)
    blocks = [block(BlockKind.TITLE, bold(ask.texts("You follow")))]
    blocks += [
        block(
            BlockKind.ITEM,
            bold(label(ask, one.target)),
            " — ",
            how(one.delivery, one.schedule or ask.chat.schedule, ask.texts),
        )
        for one in followed
    ]
    if ask.chat.paused:
        blocks.append(block(BlockKind.NOTE, ask.texts("Everything is paused: /resume")))
    return Reply(tuple(blocks))


def settings(ask: Ask) -> Reply:
    """/settings [zone|time|language|quiet|nothing VALUE]."""
    t = ask.texts
    if not ask.args:
        return _settings(ask, t)
    name, _, value = ask.args.partition(" ")
    change = _SETTINGS.get(fold(name).rstrip(":="))
    if change is None:
        change, value = _meant(ask.args), ask.args
    if change is None or not value.strip():
        return usage(ask)
    try:
        return change(ask, value.strip())
    except InputError as error:
        return plain(explain(error, t), ok=False, malformed=True)


def pause(ask: Ask) -> Reply:
    """/pause [DATE]."""
    until = None
    if ask.args:
        try:
            day = parse_date(ask.args).first_day
        except ValueError:
            return usage(ask)
        until = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ask.chat.zone))
        if until <= ask.now:
            return plain(ask.texts("That day does not lie ahead."), ok=False, malformed=True)
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
    return Reply(
        (block(BlockKind.PARAGRAPH, text),), rows([Button(ask.texts("Continue"), "/resume")])
    )


def resume(ask: Ask) -> Reply:
    """/resume."""
    ask.desk.following.resume(ask.chat, ask.now)
    return plain(ask.texts("Digests and alerts come again."))


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
        hint = t("If you mean it: /deleteme yes")
        return Reply(
            (block(BlockKind.PARAGRAPH, text), block(BlockKind.NOTE, hint)), rows([button])
        )
    ask.desk.following.delete(ask.chat)
    return plain(t("Done. Nothing is kept about this chat any more."))


def follow_buttons(
    target: Target, delivery: DeliveryMode, t: Texts
) -> tuple[tuple[Button, ...], ...]:
    """Under word of a subscription: the other way of delivery, and to stop following."""
    other = DeliveryMode.BOTH if delivery is DeliveryMode.DIGEST else DeliveryMode.DIGEST
    label = t("Alerts too") if other is DeliveryMode.BOTH else t("Digest only")
    reference = _reference(target)
    return rows(
        [
            Button(label, f"/subscribe {reference} {other}"),
            Button(t("Stop following"), f"/unsubscribe {reference}"),
        ]
    )


def how(delivery: DeliveryMode, schedule: str, t: Texts) -> str:
    """How something is delivered, in words."""
    times = cadence(schedule, t)
    match delivery:
        case DeliveryMode.DIGEST:
            return t("Digest: {times}", times=times)
        case DeliveryMode.ALERT:
            return t("Alerts at once")
        case DeliveryMode.BOTH:
            return t("Alerts at once, and the digest: {times}", times=times)


def cadence(schedule: str, t: Texts) -> str:
    """A written schedule in words: 'daily at 07:00'."""
    parsed = Cadence.parse(schedule)
    if not parsed.times:
        return t("never")
    times = t.listed([f"{at:%H:%M}" for at in parsed.times])
    if len(parsed.days) == 7:
        return t("daily at {times}", times=times)
    if parsed.days == frozenset(range(5)):
        return t("Monday to Friday at {times}", times=times)
    days = t.listed([t.weekday(day) for day in sorted(parsed.days)])
    return t("{days} at {times}", days=days, times=times)


def label(ask: Ask, target: Target) -> str:
    """The name a target is shown under."""
    return ask.desk.rounds.label(target, ask.texts.language)


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


def _settings(ask: Ask, t: Texts) -> Reply:
    chat = ask.chat
    quiet = chat.quiet or t("none")
    lines = [
        (t("Language"), t.language_name(), t("language en")),
        (t("Time zone"), chat.zone, t("zone Europe/Vienna")),
        (t("Digest"), cadence(chat.schedule, t), t("time 07:00")),
        (t("Quiet hours"), quiet, t("quiet 22:00-07:00")),
        (
            t("With nothing new"),
            t("silence") if chat.silent else t("a line that says so"),
            t("nothing say") if chat.silent else t("nothing silent"),
        ),
    ]
    blocks: list[Block] = [block(BlockKind.TITLE, bold(t("Settings")))]
    blocks += [
        block(BlockKind.ITEM, bold(name), f": {value} — /settings {example}")
        for name, value, example in lines
    ]
    buttons = [
        *(
            Button(Texts(code, t.zone).language_name(), f"/settings language {code}")
            for code in languages()
            if code != chat.language
        ),
        Button("07:00", "/settings time 07:00"),
        Button("18:00", "/settings time 18:00"),
        Button(t("Quiet 22–7"), "/settings quiet 22:00-07:00"),
    ]
    return Reply(tuple(blocks), rows(buttons))


def _set_zone(ask: Ask, value: str) -> Reply:
    chat = ask.desk.following.set_zone(ask.chat, value, ask.now)
    return plain(ask.texts("Times are now those of {zone}.", zone=chat.zone))


def _set_time(ask: Ask, value: str) -> Reply:
    chat = ask.desk.following.set_schedule(ask.chat, value, ask.now)
    times = cadence(chat.schedule, ask.texts)
    return plain(ask.texts("Your digest comes: {times}.", times=times))


def _set_language(ask: Ask, value: str) -> Reply:
    wanted = fold(value)
    for code, name in _language_names().items():
        if wanted in (code, fold(name)):
            ask.desk.following.set_language(ask.chat, code)
            texts = Texts(code, ask.texts.zone)
            return plain(texts("I now speak English."))
    names = ", ".join(languages())
    text = ask.texts("I speak {names}.", names=names)
    return plain(text, ok=False, malformed=True)


def _set_quiet(ask: Ask, value: str) -> Reply:
    chat = ask.desk.following.set_quiet(ask.chat, value)
    if chat.quiet is None:
        return plain(ask.texts("No quiet hours: alerts come at any time."))
    return plain(ask.texts("Alerts wait from {quiet}.", quiet=chat.quiet.replace("-", " – ")))


def _set_nothing(ask: Ask, value: str) -> Reply:
    wanted = fold(value)
    if wanted not in _SILENT | _SAYING:
        return usage(ask)
    ask.desk.following.set_silent(ask.chat, silent=wanted in _SILENT)
    if wanted in _SILENT:
        return plain(ask.texts("With nothing new I say nothing."))
    return plain(ask.texts("With nothing new your digest says so in a line."))


_SILENT: Final = frozenset({"silent", "silence", "still", "schweigen", "off", "aus", "nein", "no"})
_SAYING: Final = frozenset({"say", "line", "melden", "sagen", "zeile", "on", "an", "ja", "yes"})


def _meant(value: str) -> Callable[[Ask, str], Reply] | None:
    """The setting that a value alone can only mean: '07:00', 'Europe/Wien', 'English'."""
    if any(fold(value) in (code, fold(name)) for code, name in _language_names().items()):
        return _set_language
    for setting, parse in ((_set_zone, parse_zone), (_set_quiet, parse_quiet)):
        with suppress(InputError):
            if parse(value) is not None:
                return setting
    with suppress(InputError):
        if Cadence.parse(value).times:
            return _set_time
    return None


def _language_names() -> dict[str, str]:
    utc = ZoneInfo("UTC")
    return {code: Texts(code, utc).language_name() for code in languages()}


_SETTINGS: dict[str, Callable[[Ask, str], Reply]] = {
    "zone": _set_zone,
    "timezone": _set_zone,
    "tz": _set_zone,
    "zeitzone": _set_zone,
    "time": _set_time,
    "times": _set_time,
    "zeit": _set_time,
    "zeiten": _set_time,
    "digest": _set_time,
    "language": _set_language,
    "lang": _set_language,
    "sprache": _set_language,
    "quiet": _set_quiet,
    "ruhe": _set_quiet,
    "ruhezeit": _set_quiet,
    "ruhezeiten": _set_quiet,
    "nothing": _set_nothing,
    "nichts": _set_nothing,
}


def _suggestions(ask: Ask) -> Reply:
    t = ask.texts
    actors = ask.desk.answers.in_the_news(limit=8)
    if not actors:
        return usage(ask)
    buttons = rows(Button(actor.name, f"/subscribe #{actor.id}") for actor in actors)
    text = t("Whom do you want to follow? These are in the reports now; any other name will do:")
    form = ask.command.form(t)
    return Reply(
        (block(BlockKind.PARAGRAPH, text), block(BlockKind.NOTE, form)), buttons, malformed=True
    )


def _or_as_words(ask: Ask, reply: Reply, words: str) -> Reply:
    button = Button(
        ask.texts("Follow the words “{words}”", words=words), f"/subscribe topic:{words}"
    )
    return replace(reply, buttons=(*reply.buttons, *rows([button])))


def _own_topic(ask: Ask, words: str) -> Meant:
    """Make a topic of the chat's own from words; commas part alternatives."""
    parts = [part.strip() for part in words.split(",") if part.strip()]
    made = Topic(
        id=f"{ask.chat.id}:{fold(words)[:40].replace(' ', '-')}",
        name=words,
        terms=tuple(part for part in parts if " " not in part),
        phrases=tuple(part for part in parts if " " in part),
    )
    ask.desk.following.keep_topic(made, ask.chat)
    return Meant(Target(TargetKind.TOPIC, made.id), words, made)


def _followed(ask: Ask, followed: list[Subscription]) -> Subscription | None:
    wanted = fold(ask.args)
    for one in followed:
        if wanted in (fold(_reference(one.target)), fold(label(ask, one.target))):
            return one
    found = find(ask, ask.args, "/unsubscribe {}")
    if isinstance(found, Reply):
        return None
    return next((one for one in followed if one.target == found.target), None)


def _reference(target: Target) -> str:
    match target.kind:
        case TargetKind.ACTOR:
            return f"#{target.id}"
        case TargetKind.EVERYTHING:
            return "*"
        case TargetKind.TOPIC | TargetKind.FEED | TargetKind.NAME:
            return f"{target.kind}:{target.id}"
