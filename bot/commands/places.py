"""Time zones by what people say: a city, a country, a position, a zone; or picked from a list."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.choices import ticked, written
from bot.commands.table import Ask
from bot.reply import BlockKind, Button, Keyboard, Reply, Rows, block, bold, rows
from bot.texts import Texts
from digests import places
from digests.errors import InputError
from digests.schedule import parse_zone
from digests.words import fold

_ZONES: Final = (
    *("Europe/London", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Paris"),
    *("Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata"),
    *("Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
)
_MOST: Final = 8
"""Zones of one country that are offered."""

_CANCEL: Final = frozenset({"abbrechen", "cancel", "/cancel"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place under the name a person knows it by, and its IANA zone."""

    name: str
    zone: str


def find(words: str, t: Texts, *, forgiving: bool = True) -> tuple[Place, ...]:
    """The place that words name; several where it could be any of them, none where nobody knows.

    ``forgiving`` of typos.
    """
    position = places.parse_position(words)
    if position is not None:
        zone = places.zone_at(*position)
        return (Place(t.city_of(zone), zone),)
    if country := t.country_called(words):
        zones = [one.zone for one in places.zones_of(country)[:_MOST]]
        return tuple(Place(t.city_of(zone), zone) for zone in zones)
    with suppress(InputError):
        zone = parse_zone(words).key
        return (Place(t.city_of(zone), zone),)
    found = places.cities(words)
    if found.meant and (found.called or forgiving):
        return (Place(found.meant.name, found.meant.zone),)
    candidates = found.called or (found.alike if forgiving else ())
    return tuple(Place(f"{one.name} ({one.country})", one.zone) for one in candidates)


def is_cancelled(words: str) -> bool:
    """Whether somebody does not want to say where they are."""
    return fold(words) in _CANCEL


def clock(zone: str, now: datetime) -> str:
    """The time of day somewhere."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def described(zone: str, now: datetime, t: Texts) -> str:
    """A zone in words: 'Vienna (Europe/Vienna), 11:05 there now'."""
    return t("{city} ({zone}), {time} now", city=t.city_of(zone), zone=zone, time=clock(zone, now))


def choice(ask: Ask, found: tuple[Place, ...], words: str, command: str) -> Reply:
    """Ask back which place was meant, or say that nobody knows it."""
    t = ask.texts
    buttons = rows(
        (
            Button(f"{one.name} {clock(one.zone, ask.now)}", f"{command} {one.zone}")
            for one in found
        ),
        2,
    )
    if found:
        text = t("“{words}” could be several. Which one?", words=words)
        return Reply((block(BlockKind.PARAGRAPH, text), *written(ask, buttons)), buttons, ok=False)
    text = t("I do not know a place called “{words}”.", words=words)
    hint = t("Try a larger town near by, or pick your time from a list.")
    buttons = rows([Button(t("Pick from a list"), f"{command} list")])
    return Reply(
        (block(BlockKind.PARAGRAPH, text), block(BlockKind.NOTE, hint), *written(ask, buttons)),
        buttons,
        ok=False,
        malformed=True,
    )


def listed(ask: Ask, command: str) -> Rows:
    """Zones to choose from, each with the time it is there."""
    t = ask.texts
    made = (
        Button(
            ticked(f"{t.city_of(zone)} {clock(zone, ask.now)}", on=zone == ask.chat.zone),
            f"{command} {zone}",
        )
        for zone in _ZONES
    )
    return rows(made, 3)


def question(ask: Ask) -> Reply:
    """Ask where a person is: by a button that shares it, or in words."""
    t = ask.texts
    text = t("Write which city you are in. Only the time zone is kept of it.")
    if ask.buttons:
        text = t(
            "Share your location with the button below, or write which city you are in."
            " Only the time zone is kept of it."
        )
    keyboard = Keyboard(t("📍 Share my location"), t("Cancel"), t("Vienna, for example"))
    return Reply(
        (block(BlockKind.PARAGRAPH, bold(t("Where are you?"))), block(BlockKind.PARAGRAPH, text)),
        keyboard=keyboard,
    )
