"""Digest times and ways of delivery: in words, and as buttons to choose from."""

from __future__ import annotations

from typing import Final

from bot.commands.choices import back, ticked
from bot.reply import Button, Rows, rows
from bot.texts import Texts
from digests.schedule import DAY_NAMES, Cadence
from digests.types import DeliveryMode

WEEKLY: Final = "weekly"
"""What leads from the times to the days of the week."""

_HOURS: Final = ("06:00", "07:00", "08:00", "12:00", "18:00", "20:00")
_SEVERAL: Final = ("daily 07:00,18:00", "daily 08:00,12:00,18:00")
_WORKDAYS: Final = "weekdays 07:00"
_WEEKLY_AT: Final = "08:00"


def how(delivery: DeliveryMode, schedule: str, t: Texts, *, hourly: bool = False) -> str:
    """How something is delivered, in words."""
    times = cadence(schedule, t)
    if delivery is DeliveryMode.BOTH and not Cadence.parse(schedule).times:
        delivery = DeliveryMode.ALERT  # not 'and the digest: never'
    match delivery:
        case DeliveryMode.DIGEST:
            return t("Digest: {times}", times=times)
        case DeliveryMode.ALERT:
            return t("Alerts on the hour") if hourly else t("Alerts at once")
        case DeliveryMode.BOTH if hourly:
            return t("Alerts on the hour, and the digest: {times}", times=times)
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


def times_buttons(command: str, chosen: str | None, t: Texts, *, back_to: str) -> Rows:
    """Times to choose from: ``command`` and a schedule; ``chosen`` is the one there is."""
    hours = [_button(command, f"daily {hour}", chosen, hour) for hour in _HOURS]
    several = [
        _button(command, one, chosen, t.listed(one.split(" ")[1].split(","))) for one in _SEVERAL
    ]
    days = [
        _button(command, _WORKDAYS, chosen, t("Mon–Fri {time}", time="07:00")),
        Button(t("Weekly …"), f"{command} {WEEKLY}"),
    ]
    never = [_button(command, "off", chosen, t("No digest"))]
    return (*rows(hours, 3), *rows(several, 1), *rows(days), *rows(never), back(back_to, t))


def weekly_buttons(command: str, chosen: str | None, t: Texts) -> Rows:
    """The days of the week to choose from."""
    days = [
        _button(command, f"{name} {_WEEKLY_AT}", chosen, f"{t.weekday(number)} {_WEEKLY_AT}")
        for number, name in enumerate(DAY_NAMES)
    ]
    return (*rows(days), back(command, t))


def _button(command: str, schedule: str, chosen: str | None, label: str) -> Button:
    return Button(ticked(label, on=schedule == chosen), f"{command} {schedule}")
