"""Reading what stands after a command: dates, pairs of names, targets. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.commands.dates import DATE, KEYED, MONTH, NUMERIC, PAST, WITHIN, read_period
from digests.desk import ALWAYS, Window
from digests.types import DeliveryMode

_SINCE: Final = r"(?:von|vom|from|ab|seit|since|zwischen|between)(?:\s+(?:dem|the))?"
_TILL: Final = r"(?:bis|to|until|till)(?:\s+(?:zum|the))?"
_WITHIN: Final = r"(?:im|in|am|on)"
_TODAY: Final = r"(?:heute|jetzt|today|now)"
"""As an end, none: what lies ahead is told of, too."""


@dataclass(frozen=True, slots=True)
class _Endings:
    """How a time at the end is written: a day or period, up to one, from one (to another)."""

    within: re.Pattern[str]
    until: re.Pattern[str]
    since: re.Pattern[str]
    lately: re.Pattern[str]

    @classmethod
    def of(cls, dates: str, within: str, keyed: str, lately: str) -> _Endings:
        """``dates`` stand alone, others after 'am' and such, after 'seit' and such, or alone."""
        till = rf"\s*(?:{_TILL}\b|und\b|and\b|-|–|\s)\s*(?:{_TODAY}|(?P<till>{keyed}))"
        patterns = (
            rf"{_WITHIN}\s+(?P<time>{dates}|{within})",
            rf"{_TILL}\s+(?P<till>{keyed})",
            rf"(?:{_SINCE}\s+(?P<since>{keyed})|(?P<alone>{dates}))(?:{till})?",
            rf"(?P<time>{lately})",
        )
        return cls(*(re.compile(rf"\s+(?:{one})\s*$", re.IGNORECASE) for one in patterns))


_WORDED: Final = _Endings.of(DATE, WITHIN, KEYED, PAST)
_NUMERIC: Final = _Endings.of(NUMERIC, NUMERIC, NUMERIC, r"(?!)")
_PAIR: Final = re.compile(r"\s+(?:und|and|mit|with|&|\+)\s+", re.IGNORECASE)
_ABOUT: Final = re.compile(r"\s+(?:über|ueber|zu|zum|zur|about|on)\s+", re.IGNORECASE)
_FILTERS: Final = {
    **dict.fromkeys(("von", "from"), "from"),
    **dict.fromkeys(("wer", "akteur", "person", "mit", "who", "actor", "with", "by"), "actor"),
    **dict.fromkeys(("quelle", "source", "medium", "in"), "source"),
    **dict.fromkeys(("seit", "ab", "since", "after"), "since"),
    **dict.fromkeys(("bis", "until", "till", "to", "before"), "until"),
    **dict.fromkeys(("am", "on"), "on"),
}
_TIMES: Final = frozenset({"since", "until", "on"})
_VALUE: Final = r"(?:[\"„“](?P<quoted>[^\"“”„]+)[\"“”]|(?P<value>[^\s:]+))"
_FILTER: Final = re.compile(
    rf"(?<!\S)(?:(?P<when>{'|'.join(key for key, kind in _FILTERS.items() if kind in _TIMES)}):\s?"
    rf"(?P<time>{KEYED})(?!\S)|(?P<key>{'|'.join(_FILTERS)}):\s?{_VALUE})",
    re.IGNORECASE,
)
_KEYED: Final = re.compile(rf"\s(?:{_SINCE}|{_TILL})\s+(?:{KEYED})", re.IGNORECASE)
_YEAR: Final = re.compile(
    rf"(?:^|\s)(?:(?P<day>\d{{1,2}}\.?\s+)?{MONTH}\.?\s+)?\d{{4}}$|\s{_WITHIN}\s+{MONTH}$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(rf"{DATE}|{PAST}", re.IGNORECASE)
_MODES: Final = {
    "digest": DeliveryMode.DIGEST,
    "digests": DeliveryMode.DIGEST,
    "übersicht": DeliveryMode.DIGEST,
    "alert": DeliveryMode.ALERT,
    "alerts": DeliveryMode.ALERT,
    "alarm": DeliveryMode.ALERT,
    "sofort": DeliveryMode.ALERT,
    "instant": DeliveryMode.ALERT,
    "eilmeldung": DeliveryMode.ALERT,
    "eilmeldungen": DeliveryMode.ALERT,
    "both": DeliveryMode.BOTH,
    "beides": DeliveryMode.BOTH,
    "beide": DeliveryMode.BOTH,
}


@dataclass(frozen=True, slots=True)
class Ranged:
    """Words, and the window that the dates after them named."""

    words: str
    window: Window


class BackwardsError(ValueError):
    """A window ends before it starts."""


def split_window(args: str, now: datetime, *, worded: bool = True) -> Ranged:
    """Cut dates off the end of ``args``: 'Putin 2014 2022', 'Putin seit gestern', 'Putin bis 2021'.

    Not ``worded`` only dates in digits: 'Theresa May 2019' may be she, since 2019. ``now`` is in
    the chat's zone. Raises DateError for a date that does not exist, BackwardsError for a window
    that ends before it starts.
    """
    padded = f" {args.strip()}"
    endings = _WORDED if worded else _NUMERIC
    if match := endings.within.search(padded):
        return Ranged(padded[: match.start()].strip(), _all_of(match["time"], now))
    if match := endings.until.search(padded):
        head = endings.since.search(padded[: match.start()])
        words = padded[: head.start() if head else match.start()]
        since = (head["since"] or head["alone"]) if head else None
        return Ranged(words.strip(), _window(since, match["till"], now))
    if match := endings.since.search(padded):
        words = padded[: match.start()].strip()
        return Ranged(words, _window(match["since"] or match["alone"], match["till"], now))
    if match := endings.lately.search(padded):
        return Ranged(padded[: match.start()].strip(), _all_of(match["time"], now))
    return Ranged(args.strip(), ALWAYS)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: words, and the filters that stood among them, as they were typed."""

    words: str = ""
    actors: tuple[str, ...] = ()
    source: str = ""
    window: Window = ALWAYS


def split_search(args: str, now: datetime) -> Search:
    """Read 'Sanktionen von:Lawrow quelle:tagesschau seit:2022-01 bis:gestern'.

    The value of a filter that has spaces stands in quotation marks, unless it is a date. Dates
    may stand at the end in words, too: 'Sanktionen seit 2022'; a bare year there is a word that
    is searched. Raises as :func:`split_window` does.
    """
    actors: list[str] = []
    source = ""
    times: dict[str, str] = {}
    for match in _FILTER.finditer(args):
        key, value = _filtered(match)
        if key in _TIMES:
            times[key] = value
        elif key == "from" and _FROM.fullmatch(value):
            times["since"] = value
        elif key in ("actor", "from"):
            actors.append(value)
        elif key == "source":
            source = value
    words = " ".join(_FILTER.sub(" ", args).split())
    window = _window(times.get("since"), times.get("until"), now)
    if "on" in times:
        window = _all_of(times["on"], now)
    if times or _ends_with_a_bare_year(words):
        return Search(words, tuple(actors), source, window)
    ranged = split_window(words, now)
    return Search(ranged.words, tuple(actors), source, ranged.window)


def _filtered(match: re.Match[str]) -> tuple[str, str]:
    """What a filter filters by, and its value."""
    key = match["when"] or match["key"]
    value = match["time"] or match["quoted"] or match["value"]
    return _FILTERS[key.casefold()], value.strip()


def choosing_actor(args: str, name: str) -> str:
    """A search with a place to fill, ``{}``, instead of an actor's name that may be several."""

    def filled(match: re.Match[str]) -> str:
        key, value = _filtered(match)
        named = key in ("actor", "from") and value == name
        return f"{match['key']}:{{}}" if named else match[0]

    return _FILTER.sub(filled, args)


def split_pair(words: str) -> tuple[str, str | None]:
    """Part 'Putin und Biden' into its two names; one name stays alone."""
    first, *rest = _PAIR.split(words, maxsplit=1)
    return first.strip(), rest[0].strip() if rest else None


def split_about(words: str) -> tuple[str, str | None]:
    """Part 'Kirby über Truppen' into who speaks and what about."""
    first, *rest = _ABOUT.split(words, maxsplit=1)
    return first.strip(), rest[0].strip() if rest else None


def split_mode(args: str) -> tuple[str, DeliveryMode | None]:
    """Cut the way of delivery off the end of ``args``; None where none is named."""
    words = args.split()
    if len(words) > 1 and words[-1].casefold() in _MODES:
        return " ".join(words[:-1]), _MODES[words[-1].casefold()]
    return " ".join(words), None


def _ends_with_a_bare_year(words: str) -> bool:
    """Whether a year, or month and year, stands at the end that may well be words: 'Wahl 2021'."""
    year = None if _KEYED.search(words) else _YEAR.search(words)
    return year is not None and not year["day"]


def _all_of(words: str, now: datetime) -> Window:
    period = read_period(words, now)
    return Window(period.since, period.until)


def _window(since: str | None, until: str | None, now: datetime) -> Window:
    """From one time to another; a weekday or month that ends it is the next after its start."""
    start = read_period(since, now).since if since else None
    after = start.first_day - timedelta(days=1) if start else None
    if until and re.fullmatch(_TODAY, until, re.IGNORECASE):
        until = None
    end = read_period(until, now, after).until if until else None
    if start and end and end.last_day < start.first_day:
        raise BackwardsError(start, end)
    return Window(start, end)
