"""/settings: how, when and in which language a chat wants it; by buttons, in one message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands import places, start
from bot.commands.choices import back, ticked, written
from bot.commands.finding import refused, usage
from bot.commands.table import Ask
from bot.commands.times import WEEKLY, cadence, times_buttons, weekly_buttons
from bot.complaints import explain
from bot.reply import Block, BlockKind, Button, Reply, Rows, block, bold, plain, rows
from bot.texts import Texts, languages
from digests.errors import InputError
from digests.schedule import Cadence, parse_quiet, parse_zone
from digests.types import Chat
from digests.words import fold

_QUIET: Final = ("22:00-07:00", "23:00-06:00", "21:00-08:00", "20:00-09:00")


def settings(ask: Ask) -> Reply:
    """/settings [zone|time|language|quiet|nothing|sound|preview|pictures VALUE]."""
    if not ask.args:
        return _page(ask)
    name, _, value = ask.args.partition(" ")
    name = fold(name).rstrip(":=")
    setting = _NAMES.get(name)
    if setting is None:
        setting, value = _meant(ask.args), ask.args
    if setting is None:
        return usage(ask)
    try:
        if not value.strip():
            return _CHOICES.get(setting, _page)(ask)
        return _CHANGES[setting](ask, value.strip())
    except InputError as error:
        return plain(explain(error, ask.texts), ok=False, malformed=True)


def answered(ask: Ask, words: str) -> Reply | None:
    """What somebody says who was asked where they are; None for what is about something else."""
    asked = ask.chat.asked
    if asked is None:
        return None
    t = ask.texts
    if places.is_cancelled(words):
        ask.desk.following.ask(ask.chat, None)
        said = block(BlockKind.PARAGRAPH, t("All right, the time zone stays."))
        then = start.start(replace(ask, args="done")) if asked == "start" else None
        return Reply((said,), keys_back=True, then=then)
    exact = places.find(words, t, forgiving=False)
    if not exact and ask.desk.known.lookup(words).exact:
        ask.desk.following.ask(ask.chat, None)
        return None  # rather somebody whom they want to read about
    return _set_zone(ask, words)


# --- The page ------------------------------------------------------------------------------


def _page(ask: Ask, said: str = "") -> Reply:
    """All settings, each with a button; ``said`` is what was just changed."""
    t, chat = ask.texts, ask.chat
    switches = [*_switches(chat, t), *([] if ask.private else [_who(chat, t)])]
    lines = [
        (t("Language"), t.language_name(), t("language en")),
        (t("Time zone"), places.described(chat.zone, ask.now, t), t("zone Vienna")),
        (t("Digest"), cadence(chat.schedule, t), t("time 07:00")),
        (t("Quiet hours"), _hours(chat.quiet, t), t("quiet 22:00-07:00")),
        *((name, value, example) for name, value, example, _ in switches),
    ]
    blocks: list[Block] = [block(BlockKind.PARAGRAPH, said)] if said else []
    blocks.append(block(BlockKind.TITLE, bold(t("Settings"))))
    for name, value, example in lines:
        hint = "" if ask.buttons else f" — /settings {example}"
        blocks.append(block(BlockKind.ITEM, bold(name), f": {value}{hint}"))
    choosing = (
        Button(f"{name} …", f"/settings {setting}")
        for name, setting in (
            (t("Language"), "language"),
            (t("Time zone"), "zone"),
            (t("Digest times"), "time"),
            (t("Quiet hours"), "quiet"),
        )
    )
    switching = (Button(label, f"/settings {to}") for _, _, to, label in switches)
    buttons = (*rows(choosing), *rows(switching))
    return Reply(tuple(blocks), buttons, in_place=True)


def _switches(chat: Chat, t: Texts) -> list[tuple[str, str, str, str]]:
    """Settings of two values: name, the value there is, what sets the other, and in words."""
    return [
        _switch(
            t("With nothing new"),
            (t("silence"), "nothing silent", t("Silence with nothing new")),
            (t("a line that says so"), "nothing say", t("Say so with nothing new")),
            first=chat.silent,
        ),
        _switch(
            t("Digests sound"),
            (t("no"), "sound off", t("🔕 Digests without sound")),
            (t("yes"), "sound on", t("🔔 Digests with sound")),
            first=chat.muted,
        ),
        _switch(
            t("Link previews"),
            (t("yes"), "preview on", t("Show link previews")),
            (t("no"), "preview off", t("Hide link previews")),
            first=chat.previews,
        ),
        _switch(
            t("Pictures"),
            (t("dark"), "pictures dark", t("🌙 Dark pictures")),
            (t("light"), "pictures light", t("☀️ Light pictures")),
            first=chat.dark,
        ),
    ]


def _who(chat: Chat, t: Texts) -> tuple[str, str, str, str]:
    return _switch(
        t("Who may change"),
        (t("all members"), "who all", t("All members may change")),
        (t("admins"), "who admins", t("Only admins may change")),
        first=chat.everyone,
    )


def _switch(
    name: str, one: tuple[str, str, str], other: tuple[str, str, str], *, first: bool
) -> tuple[str, str, str, str]:
    now, to = (one, other) if first else (other, one)
    return name, now[0], to[1], to[2]


def _hours(quiet: str | None, t: Texts) -> str:
    return quiet.replace("-", " – ") if quiet else t("none")


def _offer(ask: Ask, text: str, buttons: Rows, note: str = "") -> Reply:
    """A page of one setting."""
    made = (*buttons, back("/settings", ask.texts))
    blocks = [block(BlockKind.TITLE, bold(text))]
    if note:
        blocks.append(block(BlockKind.NOTE, note))
    return Reply((*blocks, *written(ask, buttons)), made, in_place=True)


# --- What there is to choose from ----------------------------------------------------------


def _choose_language(ask: Ask) -> Reply:
    made = (
        Button(
            ticked(name, on=code == ask.texts.language),
            f"/settings language {code}",
        )
        for code, name in _language_names().items()
    )
    return _offer(ask, ask.texts("Which language?"), rows(made))


def _choose_zone(ask: Ask) -> Reply:
    t = ask.texts
    where = [Button(t("📍 Location or city"), "/settings zone ?")] if ask.private else []
    note = t("Or write it: {command}", command=t("/settings zone Vienna"))
    buttons = (*rows(where), *places.listed(ask, "/settings zone"))
    return _offer(ask, t("What time is it where you are?"), buttons, note)


def _choose_time(ask: Ask) -> Reply:
    t = ask.texts
    made = times_buttons("/settings time", ask.chat.schedule, t, back_to="/settings")
    example = t("mo,th 08:30")
    note = t("Or write it: {command}", command=f"/settings time {example}")
    blocks = (
        block(BlockKind.TITLE, bold(t("When is your digest to come?"))),
        block(BlockKind.NOTE, note),
    )
    return Reply((*blocks, *written(ask, made[:-1])), made, in_place=True)


def _choose_quiet(ask: Ask) -> Reply:
    t = ask.texts
    made = [
        Button(ticked(_hours(one, t), on=one == ask.chat.quiet), f"/settings quiet {one}")
        for one in _QUIET
    ]
    made.append(Button(ticked(t("none"), on=ask.chat.quiet is None), "/settings quiet off"))
    note = t("Or write it: {command}", command=f"/settings {t('quiet 22:00-07:00')}")
    return _offer(ask, t("When are alerts to wait?"), rows(made), note)


# --- Changes -------------------------------------------------------------------------------


def _set_zone(ask: Ask, value: str) -> Reply:
    """Take a zone, city, country or position; ``?`` asks where one is, ``list`` offers some."""
    if value == "?" and ask.private:
        ask.desk.following.ask(ask.chat, "settings")
        return places.question(ask)
    if value in ("?", "list"):
        return _choose_zone(ask)
    if ask.chat.asked == "start":
        return start.placed(ask, value)
    found = places.find(value, ask.texts)
    if len(found) != 1:
        return places.choice(ask, found, value, "/settings zone")
    asked = ask.chat.asked is not None
    chat = ask.desk.following.set_zone(ask.chat, found[0].zone, ask.now)
    chat = ask.desk.following.ask(chat, None)
    zone = places.described(chat.zone, ask.now, ask.texts)
    said = ask.texts("Times are now those of {zone}.", zone=zone)
    changed = _in(ask, chat)
    if asked:  # the phone's keys come back with a message that has no buttons
        return Reply((block(BlockKind.PARAGRAPH, said),), keys_back=True, then=_page(changed))
    return _page(changed, said)


def _set_time(ask: Ask, value: str) -> Reply:
    if fold(value) == WEEKLY:
        made = weekly_buttons("/settings time", ask.chat.schedule, ask.texts)
        title = block(BlockKind.TITLE, bold(ask.texts("When is your digest to come?")))
        return Reply((title, *written(ask, made)), made, in_place=True)
    chat = ask.desk.following.set_schedule(ask.chat, value, ask.now)
    times = cadence(chat.schedule, ask.texts)
    return _page(_in(ask, chat), ask.texts("Your digest comes: {times}.", times=times))


def _set_language(ask: Ask, value: str) -> Reply:
    wanted = fold(value)
    for code, name in _language_names().items():
        if wanted in (code, fold(name)):
            changed = _in(ask, ask.desk.following.set_language(ask.chat, code))
            return _page(changed, changed.texts("I now speak English."))
    t = ask.texts
    text = t("I speak {names}.", names=t.listed([t.language_called(code) for code in languages()]))
    return plain(text, ok=False, malformed=True)


def _set_quiet(ask: Ask, value: str) -> Reply:
    chat = ask.desk.following.set_quiet(ask.chat, value)
    said = ask.texts("No quiet hours: alerts come at any time.")
    if chat.quiet is not None:
        said = ask.texts("Alerts wait from {quiet}.", quiet=chat.quiet.replace("-", " – "))
    return _page(_in(ask, chat), said)


def _set_nothing(ask: Ask, value: str) -> Reply:
    silent = _which(value, _SILENT, _SAYING)
    if silent is None:
        return usage(ask)
    chat = ask.desk.following.set_silent(ask.chat, silent=silent)
    if silent:
        return _page(_in(ask, chat), ask.texts("With nothing new I say nothing."))
    said = ask.texts("With nothing new your digest says so in a line.")
    return _page(_in(ask, chat), said)


def _set_sound(ask: Ask, value: str) -> Reply:
    t = ask.texts
    muted = _which(value, _OFF | _SILENT, _ON)
    said = t("Digests come without a sound."), t("Digests come with a sound.")
    return _flag(ask, "muted", muted, said)


def _set_preview(ask: Ask, value: str) -> Reply:
    t = ask.texts
    said = t("Links have previews now."), t("Links have no previews now.")
    return _flag(ask, "previews", _which(value, _ON, _OFF), said)


def _set_pictures(ask: Ask, value: str) -> Reply:
    t = ask.texts
    said = t("Pictures are dark now."), t("Pictures are light now.")
    return _flag(ask, "dark", _which(value, _DARK, _LIGHT), said)


def _set_who(ask: Ask, value: str) -> Reply:
    everyone = _which(value, _ALL, _ADMINS)
    if everyone is None or ask.private:
        return usage(ask)
    if not ask.admin:
        return refused(ask)
    t = ask.texts
    chat = ask.desk.following.set_everyone(ask.chat, everyone=everyone)
    if everyone:
        said = t("All members may now change what this group follows.")
    else:
        said = t("Only admins may now change what this group follows.")
    return _page(_in(ask, chat), said)


def _flag(ask: Ask, name: str, on: bool | None, said: tuple[str, str]) -> Reply:
    """Set a flag of the chat, or say how (None); ``said`` is told of it when on, and when off."""
    if on is None:
        return usage(ask)
    chat = ask.desk.following.set_flags(ask.chat, **{name: on})
    return _page(_in(ask, chat), said[0] if on else said[1])


def _in(ask: Ask, chat: Chat) -> Ask:
    """The same question in a chat that was changed."""
    return replace(ask, chat=chat, texts=Texts(chat.language, ZoneInfo(chat.zone)))


def _which(value: str, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    wanted = fold(value)
    return True if wanted in yes else False if wanted in no else None


_OFF: Final = frozenset({"off", "aus", "nein", "no"})
_ON: Final = frozenset({"on", "an", "ein", "ja", "yes"})
_ALL: Final = frozenset({"all", "everyone", "everybody", "alle"})
_ADMINS: Final = frozenset({"admins", "admin"})
_SILENT: Final = _OFF | {"silent", "silence", "still", "stumm", "lautlos", "schweigen"}
_SAYING: Final = _ON | {"say", "line", "melden", "sagen", "zeile"}
_DARK: Final = frozenset({"dark", "dunkel"})
_LIGHT: Final = frozenset({"light", "hell"})


def _meant(value: str) -> str | None:
    """The setting that a value alone can only mean: '07:00', 'Europe/Wien', 'English'."""
    if any(fold(value) in (code, fold(name)) for code, name in _language_names().items()):
        return "language"
    for setting, parse in (("zone", parse_zone), ("quiet", parse_quiet)):
        with suppress(InputError):
            if parse(value) is not None:
                return setting
    with suppress(InputError):
        if Cadence.parse(value).times:
            return "time"
    return None


def _language_names() -> dict[str, str]:
    utc = ZoneInfo("UTC")
    return {code: Texts(code, utc).language_name() for code in languages()}


_NAMES: Final = {
    **dict.fromkeys(("zone", "timezone", "tz", "zeitzone", "city", "stadt", "ort"), "zone"),
    **dict.fromkeys(("time", "times", "zeit", "zeiten", "digest"), "time"),
    **dict.fromkeys(("language", "lang", "sprache"), "language"),
    **dict.fromkeys(("quiet", "ruhe", "ruhezeit", "ruhezeiten"), "quiet"),
    **dict.fromkeys(("nothing", "nichts"), "nothing"),
    **dict.fromkeys(("sound", "ton"), "sound"),
    **dict.fromkeys(("preview", "previews", "vorschau", "linkvorschau"), "preview"),
    **dict.fromkeys(("pictures", "picture", "bilder", "bild"), "pictures"),
    **dict.fromkeys(("who", "wer"), "who"),
}

_CHOICES: Final[dict[str, Callable[[Ask], Reply]]] = {
    "zone": _choose_zone,
    "time": _choose_time,
    "language": _choose_language,
    "quiet": _choose_quiet,
}

_CHANGES: Final[dict[str, Callable[[Ask, str], Reply]]] = {
    "zone": _set_zone,
    "time": _set_time,
    "language": _set_language,
    "quiet": _set_quiet,
    "nothing": _set_nothing,
    "sound": _set_sound,
    "preview": _set_preview,
    "pictures": _set_pictures,
    "who": _set_who,
}
