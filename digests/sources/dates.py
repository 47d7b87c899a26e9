"""Dates as reports, pages and feeds write them, German and English, with their precision.

:func:`parse_date` reads a value that is a date and nothing else (a header, an
attribute, a JSON field); :data:`DATE_TIME` is the pattern of a written date with an
optional time and zone, and :func:`from_match` reads its matches. Pure: what a
date leaves out (its year, its day) is never filled in from a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from digests.types import UNDATED, Precision, Published

_MONTH_NAMES = (
    ("januar", "jänner", "jan", "jän", "january"),
    ("februar", "feber", "feb", "february"),
    ("märz", "mär", "mrz", "march", "mar", "maerz"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("dezember", "dez", "december", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = (
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"(?:mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?)"
)

# Winter and summer time are what the abbreviation says, whatever the season.
_ZONES: dict[str, tzinfo] = {
    **dict.fromkeys(("utc", "gmt", "z", "ut"), UTC),
    **dict.fromkeys(("mez", "cet"), timezone(timedelta(hours=1))),
    **dict.fromkeys(("mesz", "cest"), timezone(timedelta(hours=2))),
    "bst": timezone(timedelta(hours=1)),
    "wez": UTC,
    "uk": ZoneInfo("Europe/London"),
    "oez": timezone(timedelta(hours=2)),
    "eet": timezone(timedelta(hours=2)),
    "eest": timezone(timedelta(hours=3)),
    "msk": timezone(timedelta(hours=3)),
    "est": timezone(timedelta(hours=-5)),
    "edt": timezone(timedelta(hours=-4)),
    "et": ZoneInfo("America/New_York"),
    "pst": timezone(timedelta(hours=-8)),
    "pdt": timezone(timedelta(hours=-7)),
    "pt": ZoneInfo("America/Los_Angeles"),
}
_ZONE = "|".join(sorted(_ZONES, key=len, reverse=True))

_DATE = rf"""
    (?:
        (?P<iso_y>\d{{4}})-(?P<iso_m>\d{{2}})(?:-(?P<iso_d>\d{{2}}))?(?![\d-])
      | (?P<num_d>\d{{1,2}})\.\ ?(?P<num_m>\d{{1,2}})\.\ ?(?P<num_y>\d{{4}}|\d{{2}}(?![\d:.]))
      | (?P<de_d>\d{{1,2}})(?:\.|st|nd|rd|th)?\ ?(?P<de_m>{_MONTH})\b\.?,?\ ?(?P<de_y>\d{{4}})\b
      | (?P<en_m>{_MONTH})\b\.?\ (?P<en_d>\d{{1,2}})(?:st|nd|rd|th)?,?\ (?P<en_y>\d{{4}})\b
      | (?P<mon_m>{_MONTH})\b\.?\ (?P<mon_y>\d{{4}})\b
    )
"""
_TIME = rf"""
    (?:
        (?P<hour>[01]?\d|2[0-4])
        (?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?)?
        (?:\s*(?P<half>[ap]\.?m\b\.?))?
        (?P<uhr>\s*Uhr\b|\s*h\b)?
        (?:\s*\(?(?:(?P<zone>{_ZONE})\b(?:\s*(?P<shift>[+-]\d{{1,2}})(?!\d))?
          | (?P<sign>[+-])(?P<off_h>\d{{2}}):?(?P<off_m>\d{{2}}))\)?)?
    )
"""
DATE_TIME = rf"""
    (?:{_WEEKDAY},?\ (?:(?:den|dem|the)\ )?)?
    {_DATE}
    (?:(?:\s*(?:,|\||/|–|-|—|·|•)\s*|\s+|T)(?:(?:um|at|gegen|ab)\s+)?{_TIME}(?![\d.:]\d|\w))?
"""
"""A date, perhaps with a weekday before and a time after it (verbose, ignoring case)."""

_WHOLE = re.compile(rf"(?:am\s+|on\s+|vom\s+|um\s+)?{DATE_TIME}\.?", re.VERBOSE | re.IGNORECASE)
_FIRST, _LAST = 1800, 2100
_YEAR = re.compile(r"(?:19|20)\d{2}")


def parse_date(value: str, *, zone: tzinfo) -> Published:
    """Read a value that should be a date; UNDATED where it is none.

    Takes ISO 8601 (also ``2022-01`` and ``2022``), RFC 822, and written dates
    ('25.01.2022, 01:42 Uhr', 'Dienstag, 25. Januar 2022', 'Jan. 25, 2022 3:04 pm
    ET'). A time without a zone is in ``zone``; the result is UTC.
    """
    value = " ".join(value.split())
    if not value or len(value) > 100:
        return UNDATED
    if _YEAR.fullmatch(value):
        return Published.on(int(value))
    match = _WHOLE.fullmatch(value)
    if match:
        return from_match(match, zone=zone)
    return plausible(_read(value, zone))


def plausible(published: Published) -> Published:
    """The date, or UNDATED where it only fills a gap, as 0001-01-01 and 9999-12-31 do."""
    at = published.at
    return published if at is not None and _FIRST <= at.year <= _LAST else UNDATED


def _read(value: str, zone: tzinfo) -> Published:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value)
            if ":" not in value and "T" not in value:
                return Published.on(moment.year, moment.month, moment.day)
            return _moment(moment, zone)
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
    return UNDATED


def from_match(match: re.Match[str], *, zone: tzinfo) -> Published:
    """The date of a match of :data:`DATE_TIME`; UNDATED for the 31st of February."""
    groups = match.groupdict()
    year, month, day = _calendar(groups)
    try:
        if day is None or groups["hour"] is None or not _is_time(groups):
            return plausible(Published.on(year, month, day))
        # Adding to an aware datetime moves the clock on the wall, which is what was written.
        moment = datetime(year, month, day, tzinfo=_zone(groups, zone)) + _time(groups)
        return plausible(_moment(moment, zone))
    except (ValueError, OverflowError):
        return UNDATED


def _calendar(groups: dict[str, str | None]) -> tuple[int, int, int | None]:
    for kind in ("iso", "num", "de", "en", "mon"):
        year = groups[f"{kind}_y"]
        if year is None:
            continue
        month = groups[f"{kind}_m"] or ""
        day = groups.get(f"{kind}_d")
        number = int(month) if month.isdigit() else MONTHS[month.lower()]
        return int(year) + (2000 if len(year) == 2 else 0), number, int(day) if day else None
    raise AssertionError("a match of DATE_TIME has a date")


def _is_time(groups: dict[str, str | None]) -> bool:
    """A bare number after a date is no time: it takes minutes, 'Uhr' or 'pm' to be one."""
    return any(groups[name] for name in ("minute", "half", "uhr"))


def _time(groups: dict[str, str | None]) -> timedelta:
    hour = int(groups["hour"] or 0)
    half = (groups["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return timedelta(
        hours=hour, minutes=int(groups["minute"] or 0), seconds=int(groups["second"] or 0)
    )


def _zone(groups: dict[str, str | None], default: tzinfo) -> tzinfo:
    name = groups["zone"]
    if name:
        zone = _ZONES[name.lower()]
        shift = groups["shift"]
        return timezone(timedelta(hours=int(shift))) if shift and zone is UTC else zone
    if groups["sign"]:
        offset = timedelta(hours=int(groups["off_h"] or 0), minutes=int(groups["off_m"] or 0))
        return timezone(-offset if groups["sign"] == "-" else offset)
    return default


def _moment(moment: datetime, zone: tzinfo) -> Published:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return Published(moment.astimezone(UTC), Precision.MINUTE)


_RANK = {
    Precision.UNKNOWN: 0,
    Precision.YEAR: 1,
    Precision.MONTH: 2,
    Precision.DAY: 3,
    Precision.MINUTE: 4,
}


def most_precise(*candidates: Published) -> Published:
    """The candidate known most exactly; the first of equals."""
    return max(candidates, key=lambda published: _RANK[published.precision], default=UNDATED)
