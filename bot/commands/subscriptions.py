"""What a chat follows: the list, and a card for each, where its delivery is changed by buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.commands.choices import back, ticked, written
from bot.commands.finding import find, may_not_change, usage
from bot.commands.paging import page_of, turned
from bot.commands.table import Ask
from bot.commands.times import WEEKLY, how, times_buttons, weekly_buttons
from bot.complaints import explain
from bot.reply import Block, BlockKind, Button, Reply, Rows, block, bold, plain, rows, short
from bot.texts import Texts
from digests.errors import InputError
from digests.schedule import Cadence
from digests.types import DeliveryMode, Subscription, Target, TargetKind
from digests.words import fold

_PER_PAGE: Final = 8
_NUMBERED: Final = re.compile(r"(\d{1,12})(?: (\w+)(?: (.+))?)?")
_AS_CHAT: Final = "chat"


def subscriptions(ask: Ask) -> Reply:
    """/subscriptions [NAME]: the list, or the card of one of them."""
    if not ask.args:
        return _list(ask, ask.page)
    if match := _NUMBERED.fullmatch(ask.args):
        one = ask.desk.following.subscription(ask.chat, int(match[1]))
        if one is None or one.thread != ask.thread:
            return _list(ask, 1)  # an old button: it is followed no more
        return _changed(ask, one, match[2] or "", match[3] or "")
    found = followed(ask, ask.args)
    if found is None:
        return not_followed(ask)
    return _card(ask, found)


def label(ask: Ask, target: Target) -> str:
    """The name a target is shown under."""
    return ask.desk.rounds.label(target, ask.texts.language)


def reference(target: Target) -> str:
    """A target as commands take it."""
    match target.kind:
        case TargetKind.ACTOR:
            return f"#{target.id}"
        case TargetKind.EVERYTHING:
            return "*"
        case TargetKind.TOPIC | TargetKind.FEED | TargetKind.NAME:
            return f"{target.kind}:{target.id}"


def followed(ask: Ask, words: str) -> Subscription | None:
    """The subscription that words mean: by name, or as :func:`reference` writes it."""
    there = ask.desk.following.subscriptions(ask.chat, ask.thread)
    wanted = fold(words)
    for one in there:
        if wanted in (fold(reference(one.target)), fold(label(ask, one.target))):
            return one
    found = find(ask, words, "/unsubscribe {}")
    if isinstance(found, Reply):
        return None
    return next((one for one in there if one.target == found.target), None)


def not_followed(ask: Ask) -> Reply:
    """That nothing is followed by the words that were asked for, or an old button stands for."""
    found = find(ask, ask.args, "/unsubscribe {}")
    words = short(ask.args, 200) if isinstance(found, Reply) else found.name
    return plain(ask.texts("You do not follow “{words}”.", words=words), ok=False)


def follow_buttons(target: Target, delivery: DeliveryMode, t: Texts) -> Rows:
    """Under word of a subscription: the other way of delivery, and to stop following."""
    other = DeliveryMode.BOTH if delivery is DeliveryMode.DIGEST else DeliveryMode.DIGEST
    text = t("Alerts too") if other is DeliveryMode.BOTH else t("Digest only")
    name = reference(target)
    return rows(
        [
            Button(text, f"/subscribe {name} {other}"),
            Button(t("Stop following"), f"/unsubscribe {name}"),
        ]
    )


def in_words(ask: Ask, one: Subscription) -> str:
    """How a subscription is delivered."""
    if one.target.kind is TargetKind.NAME:
        return ask.texts("in no report yet; I watch for the name")
    return how(one.delivery, one.schedule or ask.chat.schedule, ask.texts, hourly=one.hourly)


# --- The list ------------------------------------------------------------------------------


def _list(ask: Ask, number: int) -> Reply:
    t = ask.texts
    there = ask.desk.following.subscriptions(ask.chat, ask.thread)
    if not there:
        return plain(t("You follow nothing yet. Try /subscribe NAME."), ok=False)
    page = page_of(there, number, _PER_PAGE)
    blocks = [block(BlockKind.TITLE, bold(page.title(t("You follow"), t)))]
    blocks += [
        block(BlockKind.ITEM, bold(label(ask, one.target)), " — ", in_words(ask, one))
        for one in page.items
    ]
    if ask.chat.paused:
        until = ask.chat.paused_until
        paused = t("Everything is paused: /resume")
        if until is not None:
            paused = t("Everything is paused until {when}: /resume", when=t.moment(until))
        blocks.append(block(BlockKind.NOTE, paused))
    if not ask.buttons:
        blocks.append(block(BlockKind.NOTE, t("Times and delivery: /subscriptions NAME")))
    notes, turn = turned(replace(ask, args=""), page)
    cards = (
        Button(short(label(ask, one.target), 40), f"/subscriptions {one.id}") for one in page.items
    )
    buttons = (*rows(cards), *turn)
    if ask.desk.wishes.any_in(ask.chat, ask.thread):
        buttons = (*buttons, *rows([Button("🔕 " + t("What you muted"), "/muted")]))
    return Reply(tuple(blocks + notes), buttons, in_place=True)


# --- The card of one -----------------------------------------------------------------------


def _changed(ask: Ask, one: Subscription, what: str, value: str) -> Reply:
    """Do what is asked with a subscription, and show how it is then."""
    change = _CHANGES.get(what)
    if not what:
        return _card(ask, one)
    if change is None:
        return usage(ask)
    return may_not_change(ask) or change(ask, one, value)


def _card(ask: Ask, one: Subscription, said: str = "") -> Reply:
    t = ask.texts
    blocks = [block(BlockKind.TITLE, bold(label(ask, one.target)))]
    if said:
        blocks.append(block(BlockKind.PARAGRAPH, said))
    blocks.append(block(BlockKind.PARAGRAPH, in_words(ask, one)))
    if one.target.kind is TargetKind.NAME:
        namesakes = ask.desk.known.lookup(one.target.id).exact
        if namesakes:
            blocks.append(block(BlockKind.PARAGRAPH, t("Several bear this name. Who is meant?")))
        who = rows(
            Button(actor.called(t.language), f"/subscriptions {one.id} is #{actor.id}")
            for actor in namesakes
        )
        buttons = (*who, *_ending(one, t))
    else:
        if one.next_due_at is not None:
            when = t.when(one.next_due_at, ask.now)
            blocks.append(block(BlockKind.NOTE, t("The next digest: {when}", when=when)))
        buttons = (*_delivery_buttons(one, t), *_ending(one, t))
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True)


def _delivery_buttons(one: Subscription, t: Texts) -> Rows:
    command = f"/subscriptions {one.id}"
    ways = (
        (t("Digest"), DeliveryMode.DIGEST),
        (t("Alerts"), DeliveryMode.ALERT),
        (t("Both"), DeliveryMode.BOTH),
    )
    made: Rows = (
        tuple(
            Button(ticked(name, on=one.delivery is way), f"{command} {way}") for name, way in ways
        ),
    )
    if one.delivery is not DeliveryMode.DIGEST:
        pace = [
            Button(ticked(t("At once"), on=not one.hourly), f"{command} instant"),
            Button(ticked(t("On the hour"), on=one.hourly), f"{command} hourly"),
        ]
        made = (*made, *rows(pace))
    if one.delivery is not DeliveryMode.ALERT:
        made = (*made, (Button(t("Digest times …"), f"{command} time"),))
    return made


def _ending(one: Subscription, t: Texts) -> Rows:
    share = [Button(t("Link to share"), f"/share {reference(one.target)}")]
    if one.target.kind in (TargetKind.FEED, TargetKind.EVERYTHING):
        share = []
    stop = Button(t("Stop following"), f"/subscriptions {one.id} stop")
    return (*rows([*share, stop]), back("/subscriptions", t))


def _deliver(delivery: DeliveryMode) -> Callable[[Ask, Subscription, str], Reply]:
    def change(ask: Ask, one: Subscription, _value: str) -> Reply:
        following = ask.desk.following
        return _card(
            ask, following.deliver(ask.chat, one, delivery, ask.now, hourly=one.hourly), ""
        )

    return change


def _pace(*, hourly: bool) -> Callable[[Ask, Subscription, str], Reply]:
    def change(ask: Ask, one: Subscription, _value: str) -> Reply:
        delivery = DeliveryMode.BOTH if one.delivery is DeliveryMode.DIGEST else one.delivery
        return _card(
            ask, ask.desk.following.deliver(ask.chat, one, delivery, ask.now, hourly=hourly)
        )

    return change


def _time(ask: Ask, one: Subscription, value: str) -> Reply:
    """Times of its own: to choose from, or chosen."""
    t = ask.texts
    command = f"/subscriptions {one.id}"
    if value in ("", WEEKLY):
        return _times(ask, one, value)
    try:
        own = None if fold(value) == _AS_CHAT else value
        return _card(ask, ask.desk.following.schedule(ask.chat, one, own, ask.now))
    except InputError as error:
        example = t("mo,th 08:30")
        hint = t("For example: {command}", command=f"{command} time {example}")
        return plain(explain(error, t), hint, ok=False, malformed=True)


def _times(ask: Ask, one: Subscription, value: str) -> Reply:
    t = ask.texts
    command = f"/subscriptions {one.id}"
    chosen = str(Cadence.parse(one.schedule)) if one.schedule else None
    if value == WEEKLY:
        buttons = weekly_buttons(f"{command} time", chosen, t)
    else:
        usual = ticked(t("As the chat's"), on=one.schedule is None)
        buttons = (
            (Button(usual, f"{command} time {_AS_CHAT}"),),
            *times_buttons(f"{command} time", chosen, t, back_to=command),
        )
    blocks: list[Block] = [
        block(BlockKind.TITLE, bold(label(ask, one.target))),
        block(BlockKind.PARAGRAPH, t("When is its digest to come?")),
        block(
            BlockKind.NOTE,
            t("Or write it: {command}", command=f"{command} time {t('mo,th 08:30')}"),
        ),
    ]
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True)


def _stop(ask: Ask, one: Subscription, _value: str) -> Reply:
    t = ask.texts
    name = label(ask, one.target)
    ask.desk.following.unsubscribe(one)
    done = block(BlockKind.PARAGRAPH, t("You no longer follow {name}.", name=name))
    again = Button(t("Follow again"), f"/subscribe {reference(one.target)}")
    return Reply((done,), (*rows([again]), back("/subscriptions", t)), in_place=True)


def _is(ask: Ask, one: Subscription, value: str) -> Reply:
    """A name turns out to be an actor's."""
    found = find(ask, value, f"/subscriptions {one.id} is {{}}")
    if isinstance(found, Reply):
        return found
    ask.desk.following.subscribe(ask.chat, ask.thread, found.target, one.delivery, ask.now)
    ask.desk.following.unsubscribe(one)
    return _list(ask, 1)


_CHANGES: Final[dict[str, Callable[[Ask, Subscription, str], Reply]]] = {
    **{str(way): _deliver(way) for way in DeliveryMode},
    "instant": _pace(hourly=False),
    "hourly": _pace(hourly=True),
    "time": _time,
    "stop": _stop,
    "is": _is,
}
