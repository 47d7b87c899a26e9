"""The first minute: /start, whom to follow, when to hear of it, where one is; and deep links.

Nothing of it is remembered but what was chosen: what is picked is followed at once, and each
button says where it leads. So it goes on after a restart, and an old message still works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from bot.commands import places, show
from bot.commands.choices import back, ticked, written
from bot.commands.finding import Meant, find, may_not_change, topic_name
from bot.commands.paging import page_of
from bot.commands.subscriptions import label, reference
from bot.commands.table import Ask
from bot.commands.times import cadence
from bot.complaints import explain
from bot.reply import Block, BlockKind, Button, Reply, Rows, block, bold, plain, rows
from bot.texts import Texts
from digests.desk import usual_delivery
from digests.errors import InputError
from digests.types import DeliveryMode, Subscription, Target, TargetKind

_ACTORS: Final = 6  # on a page
_TOPICS: Final = 4
_PAGES: Final = 4
_NAMED: Final = 6
_PICK: Final = re.compile(r"pick(?: (\d{1,3}))?(?: ([+-])(\S.*))?")


def start(ask: Ask) -> Reply:
    """/start, alone or with the payload of a link; or a step of the first minute."""
    step, _, rest = ask.args.partition(" ")
    if step in _STEPS:
        return may_not_change(ask) or _STEPS[step](ask, rest)
    if not ask.private:
        return _in_group(ask)
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    return _welcome_back(ask, followed) if followed else _pick(ask, "")


# --- Whom to follow ------------------------------------------------------------------------


def _pick(ask: Ask, rest: str) -> Reply:
    """Actors and topics that are in the news now; one that is pressed is followed, or no more."""
    match = _PICK.fullmatch(f"pick {rest}".strip())
    number = int(match[1]) if match and match[1] else 1
    if match and match[2]:
        _choose(ask, match[3], follow=match[2] == "+")
    t = ask.texts
    followed = {one.target for one in ask.desk.following.subscriptions(ask.chat, ask.thread)}
    page = page_of(_pages(ask, followed), number, 1)
    offered = [_pick_button(one, page.number, on=one.target in followed) for one in page.items[0]]
    question = page.title(t("Whom and what do you want to follow?"), t)
    hint = t("These are in the news now; press again to drop one. Any other name: just write it.")
    blocks = [
        *(_welcome(t) if page.number == 1 else ()),
        block(BlockKind.HEADING, bold(question)),
        block(BlockKind.PARAGRAPH, hint),
    ]
    buttons = (
        *rows(offered),
        *page.buttons("/start pick", t),
        (Button(t("On to the times") + " ›", "/start when"),),
    )
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True)


def _welcome(t: Texts) -> tuple[Block, ...]:
    """What this is, in two sentences."""
    return (
        block(BlockKind.TITLE, bold(t("Welcome to Depesche."))),
        block(
            BlockKind.PARAGRAPH,
            t(
                "I read the news for you and tell you what the people, organisations and states"
                " you follow did and said. Every sentence I show is quoted from a report and"
                " says where it stands."
            ),
        ),
    )


def _pages(ask: Ask, followed: set[Target]) -> list[list[Meant]]:
    """Actors and topics in the news, page by page; what is followed besides comes last."""
    actors = [
        Meant(Target(TargetKind.ACTOR, one.id), one.called(ask.texts.language))
        for one in ask.desk.answers.in_the_news(limit=_ACTORS * _PAGES)
    ]
    topics = [
        Meant(Target(TargetKind.TOPIC, one.id), topic_name(ask, one), one)
        for one in ask.desk.answers.topics_in_the_news(ask.chat, limit=_TOPICS * _PAGES)
    ]
    offered = {one.target for one in (*actors, *topics)}
    others = [Meant(one, label(ask, one)) for one in followed - offered]
    actors += sorted(others, key=lambda one: one.name)
    pages = max(1, -(-len(actors) // _ACTORS), -(-len(topics) // _TOPICS))
    return [
        [
            *actors[page * _ACTORS : (page + 1) * _ACTORS],
            *topics[page * _TOPICS : (page + 1) * _TOPICS],
        ]
        for page in range(pages)
    ]


def _pick_button(one: Meant, page: int, *, on: bool) -> Button:
    """A button says what it does, so that it does that when pressed twice or in an old message."""
    sign = "-" if on else "+"
    return Button(ticked(one.name, on=on), f"/start pick {page} {sign}{reference(one.target)}")


def _choose(ask: Ask, words: str, *, follow: bool) -> None:
    found = find(ask, words, "/start pick {}")
    if isinstance(found, Reply):
        return  # an old button: the name is gone
    following = ask.desk.following
    if follow:
        delivery = usual_delivery(ask.chat)
        following.subscribe(ask.chat, ask.thread, found.target, delivery, ask.now)
        return
    for one in following.subscriptions(ask.chat, ask.thread):
        if one.target == found.target:
            following.unsubscribe(one)


# --- When ----------------------------------------------------------------------------------


def _when(ask: Ask, _rest: str) -> Reply:
    t = ask.texts
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    names = _names(ask, followed) or t("nothing yet; your digest holds all news then")
    several = t.listed(["07:00", "18:00"])
    buttons = (
        *rows(
            (Button(hour, f"/start time daily {hour}") for hour in ("07:00", "12:00", "18:00")), 3
        ),
        *rows(
            [
                Button(several, "/start time daily 07:00,18:00"),
                Button(t("Mon–Fri {time}", time="07:00"), "/start time weekdays 07:00"),
                Button(t("{time} and alerts", time="07:00"), "/start time daily 07:00 both"),
                Button(t("Only alerts"), "/start time off alert"),
            ]
        ),
        back("/start pick", t),
    )
    blocks = [
        block(BlockKind.TITLE, bold(t("When do you want to hear of it?"))),
        block(BlockKind.PARAGRAPH, t("You follow: {names}", names=names)),
        block(
            BlockKind.PARAGRAPH,
            t(
                "A digest brings everything new at a set time. Alerts come as soon as there is"
                " something new in a story."
            ),
        ),
    ]
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True)


def _time(ask: Ask, rest: str) -> Reply:
    """Take the times, and go on to the zone: ``daily 07:00 both``, ``off alert``, ``mo 08:00``."""
    schedule, _, last = rest.rpartition(" ")
    modes = {str(mode): mode for mode in DeliveryMode}
    if last not in modes:
        schedule = rest
    following = ask.desk.following
    try:
        chat = following.set_schedule(ask.chat, schedule, ask.now)
    except InputError as error:
        return plain(explain(error, ask.texts), ok=False, malformed=True)
    delivery = modes.get(last, usual_delivery(chat))
    following.deliver_all(chat, ask.thread, delivery, ask.now)
    return _zone(replace(ask, chat=chat), "")


# --- Where ---------------------------------------------------------------------------------


def _zone(ask: Ask, rest: str) -> Reply:
    """Ask whether the clock is right; or take a zone that was chosen."""
    if rest == "list":
        buttons = (*places.listed(ask, "/start zone"), back("/start zone", ask.texts))
        text = bold(ask.texts("What time is it where you are?"))
        return Reply((block(BlockKind.TITLE, text), *written(ask, buttons)), buttons, in_place=True)
    if rest:
        return _settled(ask, rest)
    t = ask.texts
    _expect(ask)
    now = places.clock(ask.chat.zone, ask.now)
    hint = t("If not: share your location, write your city, or pick your time from a list.")
    if not ask.private:
        hint = t("If not, pick your time from a list.")
    where = [Button(t("📍 Location or city"), "/start where")] if ask.private else []
    buttons = (
        (Button(t("Yes, it is {time}", time=now), "/start done"),),
        (*where, Button(t("List"), "/start zone list")),
        back("/start when", t),
    )
    blocks = [
        block(BlockKind.TITLE, bold(t("Is it {time} where you are?", time=now))),
        block(BlockKind.PARAGRAPH, hint),
    ]
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True)


def _where(ask: Ask, _rest: str) -> Reply:
    if not ask.private:  # Telegram has no button to share a place in groups
        return _zone(ask, "list")
    _expect(ask)
    return places.question(ask)


def _expect(ask: Ask) -> None:
    """The next words in a private chat may be a city."""
    if ask.private:
        ask.desk.following.ask(ask.chat, "start")


def _settled(ask: Ask, words: str) -> Reply:
    """Take the place that words name, and be done; else ask back."""
    found = places.find(words, ask.texts)
    if len(found) != 1:
        return places.choice(ask, found, words, "/start zone")
    chat = ask.desk.following.set_zone(ask.chat, found[0].zone, ask.now)
    return _done(replace(ask, chat=chat), "")


def placed(ask: Ask, words: str) -> Reply:
    """The first minute goes on after a person said, in a message, where they are."""
    reply = _settled(ask, words)
    if not reply.in_place:
        return reply
    said = ask.texts("Good.")
    return Reply((block(BlockKind.PARAGRAPH, said),), keys_back=True, then=reply)


# --- Done ----------------------------------------------------------------------------------


def _done(ask: Ask, _rest: str) -> Reply:
    """What was set, with buttons to change it; then the first digest, from the archive."""
    ask.desk.following.ask(ask.chat, None)
    t = ask.texts
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    blocks = [block(BlockKind.TITLE, bold(t("All set."))), *_state(ask, followed)]
    digest = _first_digest(ask)
    if digest.ok:
        first = t("Your first digest follows, from what I have read so far.")
        blocks.append(block(BlockKind.NOTE, first))
    buttons = _change_buttons(t)
    return Reply((*blocks, *written(ask, buttons)), buttons, in_place=True, then=digest)


def _first_digest(ask: Ask) -> Reply:
    """What the archive holds for a chat; as nothing was told yet, it is not called old."""
    value = ask.desk.rounds.look(ask.chat, ask.thread, ask.now)
    if not value.stories:
        text = ask.texts(
            "I have read nothing about it so far. Your first digest comes in its time."
        )
        return plain(text, ok=False)
    blocks = show.digest(replace(value, pending=True, quiet=()), ask.texts)
    buttons = show.digest_buttons(value, ask.texts)
    return Reply(tuple(blocks), buttons, stories=show.stories_of(value))


def _welcome_back(ask: Ask, followed: list[Subscription]) -> Reply:
    t = ask.texts
    blocks = [block(BlockKind.TITLE, bold(t("Welcome back."))), *_state(ask, followed)]
    if ask.chat.paused:
        blocks.append(block(BlockKind.NOTE, t("Everything is paused: /resume")))
    buttons = (
        *rows([Button(t("Digest now"), "/digest"), Button(t("More names"), "/start pick")]),
        *_change_buttons(t),
    )
    return Reply((*blocks, *written(ask, buttons)), buttons)


def _state(ask: Ask, followed: list[Subscription]) -> list[Block]:
    """Whom a chat follows, when it hears of it, and by which clock."""
    t = ask.texts
    chat = ask.chat
    names = _names(ask, followed) or t("nothing yet")
    lines = [(t("You follow"), names), (t("Digest"), cadence(chat.schedule, t))]
    if any(one.delivery is not DeliveryMode.DIGEST for one in followed):
        hourly = all(one.hourly for one in followed if one.delivery is not DeliveryMode.DIGEST)
        lines.append((t("Alerts"), t("on the hour") if hourly else t("at once")))
    lines.append((t("Time zone"), places.described(chat.zone, ask.now, t)))
    return [block(BlockKind.ITEM, bold(name), f": {value}") for name, value in lines]


def _change_buttons(t: Texts) -> Rows:
    return rows(
        [
            Button(t("Subscriptions"), "/subscriptions"),
            Button(t("Times"), "/settings time"),
            Button(t("Time zone"), "/settings zone"),
            Button(t("Settings"), "/settings"),
        ]
    )


def _names(ask: Ask, followed: Iterable[Subscription]) -> str:
    names = [label(ask, one.target) for one in followed]
    rest = names[_NAMED:]
    if rest:
        names[_NAMED:] = [ask.texts("{n} more", n=len(rest))]
    return ask.texts.listed(names)


def _in_group(ask: Ask) -> Reply:
    """Short: others read along."""
    t = ask.texts
    blocks = [
        block(
            BlockKind.PARAGRAPH,
            bold("Depesche"),
            " ",
            t(
                "reads the news and tells this group what those it follows did and said, each"
                " sentence with its source."
            ),
        ),
        block(
            BlockKind.PARAGRAPH,
            t("Everybody may ask (/help), and change what the group follows.")
            if ask.chat.everyone
            else t(
                "Everybody may ask (/help); what the group follows is for its admins to change."
            ),
        ),
    ]
    followed = ask.desk.following.subscriptions(ask.chat, ask.thread)
    if followed:
        blocks += _state(ask, followed)
    buttons = rows([Button(t("Whom to follow?"), "/start pick")])
    return Reply((*blocks, *written(ask, buttons)), buttons)


_STEPS: Final[dict[str, Callable[[Ask, str], Reply]]] = {
    "pick": _pick,
    "when": _when,
    "time": _time,
    "zone": _zone,
    "where": _where,
    "done": _done,
}
