"""When a digest is due, and when a chat wants to be left alone. Pure: cadence, zone, now -> next.

A cadence is written as text in a row: ``daily 07:00``, ``weekdays 07:00,18:00``,
``mo,th 08:30`` or ``off``. Times are wall-clock times in the chat's IANA zone;
what is computed are moments in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from digests.errors import InputError

DAY_NAMES: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_ALL_DAYS: Final = frozenset(range(7))
_WORKDAYS: Final = frozenset(range(5))
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?$")
_COMMA: Final = re.compile(r"\s*(?:[,;+&]|\bund\b|\band\b)\s*")
_DAY_TO_DAY: Final = re.compile(r"\b([a-zß]{2,})\s+(?:bis|to|till|through)\s+([a-zß]{2,})\b")
_SMALL: Final = re.compile(r"\b(?:uhr|um|at|am|on|jeden\s+tag|every\s+day)\b")
_TILL: Final = re.compile(r"\s*(?:[-–]|\b(?:bis|und|to|till|until|and)\b)\s*")
_FROM: Final = re.compile(r"^(?:von|zwischen|from|between)\s+")
_MAX_TIMES: Final = 12


@dataclass(frozen=True, slots=True)
class Cadence:
    """The weekdays (0 is Monday) and wall-clock times of a digest; empty means never."""

    days: frozenset[int] = frozenset()
    times: tuple[time, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Cadence:
        """Read the written form. Raises InputError("bad_schedule") for anything else.

        Days may be left out (``07:00,18:00`` is daily), hours stand alone (``7``).
        """
        spoken = _SMALL.sub(" ", _DAY_TO_DAY.sub(r"\1-\2", text.lower()))
        words = _COMMA.sub(",", spoken.strip()).split(None, 1)
        if words in ([], ["off"], ["aus"]):
            return OFF
        days, rest = _days(words[0]), words[1:]
        if days is None:
            days, rest = _ALL_DAYS, [" ".join(words)]
        parts = re.split(r"[,\s]+", rest[0].strip()) if rest else []
        times = sorted({parse_time(part) for part in parts if part})
        if not times or len(times) > _MAX_TIMES:
            raise InputError("bad_schedule", text=text)
        return cls(days, tuple(times))

    def __str__(self) -> str:
        if not self.days or not self.times:
            return "off"
        if self.days == _ALL_DAYS:
            days = "daily"
        elif self.days == _WORKDAYS:
            days = "weekdays"
        else:
            days = ",".join(DAY_NAMES[day] for day in sorted(self.days))
        return f"{days} {','.join(f'{at:%H:%M}' for at in self.times)}"


OFF: Final = Cadence()


def parse_time(text: str) -> time:
    """Read ``7``, ``07:00`` or ``18.30``. Raises InputError("bad_time")."""
    match = _TIME.match(text.strip().lower())
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise InputError("bad_time", text=text)
    return time(int(match[1]), int(match[2] or 0))


def parse_zone(text: str) -> ZoneInfo:
    """Find an IANA zone by name, whatever its case. Raises InputError("bad_zone")."""
    wanted = text.strip().replace(" ", "_").lower()
    name = _zone_names().get(wanted)
    if name is None:
        raise InputError("bad_zone", text=text)
    return ZoneInfo(name)


def next_due(cadence: Cadence, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first moment (UTC) later than ``after`` at which a digest is due; None if never.

    A time that the clock change skips is served as long after midnight as on other days;
    one that comes twice is served the first time only.
    """
    if not cadence.days or not cadence.times:
        return None
    today = after.astimezone(zone).date()
    for offset in range(-1, 9):
        day = today + timedelta(days=offset)
        if day.weekday() not in cadence.days:
            continue
        for moment in sorted(_moment(day, at, zone) for at in cadence.times):
            if moment > after:
                return moment
    return None


def parse_quiet(text: str) -> tuple[time, time] | None:
    """Read quiet hours as ``22:00-07:00``; None for ``off``. Raises InputError("bad_quiet").

    As people say them, too: 'von 22 Uhr bis 7 Uhr'.
    """
    cleaned = text.strip().lower()
    if cleaned in ("", "off", "aus"):
        return None
    times = _TILL.split(_FROM.sub("", _SMALL.sub(" ", cleaned)))
    if len(times) != 2:
        raise InputError("bad_quiet", text=text)
    quiet = parse_time(times[0]), parse_time(times[1])
    if quiet[0] == quiet[1]:
        raise InputError("bad_quiet", text=text)
    return quiet


def quiet_until(quiet: tuple[time, time] | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours that ``now`` falls into end (UTC); None outside of quiet hours.

    They last from the first time that the clocks show their beginning to the last time that
    they show their end, where an hour comes twice.
    """
    if quiet is None:
        return None
    start, end = quiet
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if start < end else day + timedelta(days=1)
        over = max(_moment(last, end.replace(fold=fold), zone) for fold in (0, 1))
        if _moment(day, start, zone) <= now < over:
            return over
    return None


def next_hour(zone: ZoneInfo, now: datetime) -> datetime:
    """The next full hour by the clocks of a zone (UTC), later than ``now``."""
    local = now.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return (now - past + timedelta(hours=1)).astimezone(UTC)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    # With fold=0 a skipped time is read with the offset before the change (02:30 is 03:30 then),
    # and a repeated one is its first occurrence (PEP 495).
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _days(word: str) -> frozenset[int] | None:
    if word in ("daily", "täglich"):
        return _ALL_DAYS
    if word in ("weekdays", "werktags"):
        return _WORKDAYS
    if word in ("weekend", "weekends", "wochenende", "wochenends"):
        return _ALL_DAYS - _WORKDAYS
    if match := _DAY_RANGE.fullmatch(word):
        first, last = (_DAY_NUMBERS.get(name[:2]) for name in match.groups())
        if first is not None and last is not None:
            return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    names = word.split(",")
    if all(name[:2] in _DAY_NUMBERS and name.isalpha() for name in names):
        return frozenset(_DAY_NUMBERS[name[:2]] for name in names)
    return None


_DAY_NUMBERS: Final = {name: number for number, name in enumerate(DAY_NAMES)} | {
    "di": 1,
    "mi": 2,
    "do": 3,
    "so": 6,
}
_DAY_RANGE: Final = re.compile(r"([a-zß]{2,})\s*[-–]\s*([a-zß]{2,})")


@cache  # reading the names of six hundred files costs more than a digest
def _zone_names() -> dict[str, str]:
    from zoneinfo import available_timezones  # noqa: PLC0415 - reads files; only asked when typed

    return {name.lower(): name for name in available_timezones()}
