"""Reading what stands after a command: dates, pairs of names, targets. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.texts import month_names
from digests.desk import ALWAYS, Window
from digests.types import DeliveryMode, PartialDate
from digests.words import fold

_NUMERIC: Final = r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}(?!\d))|\d{1,2}[./]\d{4}|\d{4}(?:-\d{1,2}){0,2}"
_MONTH: Final = "|".join(sorted(map(re.escape, month_names()), key=len, reverse=True))
_IN_WORDS: Final = (
    rf"(?:\d{{1,2}}\.?\s*)?(?:{_MONTH})\.?\s+\d{{4}}|(?:{_MONTH})\.?\s+\d{{1,2}},?\s+\d{{4}}"
)
_DATE: Final = rf"(?:{_IN_WORDS}|{_NUMERIC})"
_SINCE: Final = r"(?:von|vom|from|ab|seit|since|zwischen|between)(?:\s+(?:dem|the))?"
_TILL: Final = r"(?:bis|to|until|till)(?:\s+(?:zum|the))?"
_WITHIN: Final = r"(?:im|in|am|on)"
_TODAY: Final = r"(?:heute|jetzt|today|now)"


def _ending(date: str) -> tuple[re.Pattern[str], ...]:
    """How a time at the end is written: a day or period alone, up to a date, a range."""
    ranged = rf"(?:\s*(?:{_TILL}\b|und\b|and\b|-|–|\s)\s*(?:({date})|{_TODAY}))?"
    return tuple(
        re.compile(rf"\s+{pattern}\s*$", re.IGNORECASE)
        for pattern in (
            rf"{_WITHIN}\s+({date})",
            rf"{_TILL}\s+({date})",
            rf"(?:{_SINCE}\s+)?({date}){ranged}",
        )
    )


_ENDINGS: Final = {True: _ending(_DATE), False: _ending(rf"(?:{_NUMERIC})")}
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
_FILTER: Final = re.compile(
    rf"(?<!\S)(?P<key>{'|'.join(_FILTERS)}):\s?"
    r"(?:[\"„“](?P<quoted>[^\"“”„]+)[\"“”]|(?P<value>[^\s:]+))",
    re.IGNORECASE,
)
_KEYED: Final = re.compile(rf"\s(?:{_SINCE}|{_TILL})\s+{_DATE}", re.IGNORECASE)
_YEAR: Final = re.compile(
    rf"(?:^|\s)(?:(?P<day>\d{{1,2}}\.?\s+)?(?:{_MONTH})\.?\s+)?\d{{4}}$", re.IGNORECASE
)
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


def parse_date(text: str) -> PartialDate:
    """Read 2022, 2022-01-21, 01.2022, 1/2022, 21.01.22, 'Januar 2022', '21 January 2022' and such.

    Raises ValueError.
    """
    if re.fullmatch(_IN_WORDS, text, re.IGNORECASE):
        parts = re.findall(r"\d+|[^\W\d_]+", text)
        (month,) = (month_names()[fold(part)] for part in parts if not part.isdecimal())
        *days, year = (part for part in parts if part.isdecimal())
        text = "-".join([year, f"{month:02d}", *(f"{int(day):02d}" for day in days)])
    elif "." in text or "/" in text:
        *rest, year = re.split("[./]", text)
        if len(year) == 2:  # as clocks are read: up to 68 in this century
            year = f"{19 if int(year) > 68 else 20}{year}"
        text = "-".join([year, *(f"{int(part):02d}" for part in reversed(rest))])
    return PartialDate.parse(text)


def split_window(args: str, *, months: bool = True) -> Ranged:
    """Cut dates off the end of ``args``: 'Putin 2014 2022', 'Putin seit 2022', 'Putin bis 2021'.

    Without ``months`` only dates in digits: 'Theresa May 2019' may be she, since 2019. Raises
    ValueError for a date that does not exist, BackwardsError for a window that ends before it
    starts.
    """
    padded = f" {args.strip()}"
    within, until, ranged = _ENDINGS[months]
    if match := within.search(padded):
        period = parse_date(match[1])
        return Ranged(padded[: match.start()].strip(), _window(period, period))
    if match := until.search(padded):
        head = ranged.search(padded[: match.start()])
        since = parse_date(head[1]) if head else None
        words = padded[: head.start() if head else match.start()]
        return Ranged(words.strip(), _window(since, parse_date(match[1])))
    if match := ranged.search(padded):
        end = parse_date(match[2]) if match[2] else None
        return Ranged(padded[: match.start()].strip(), _window(parse_date(match[1]), end))
    return Ranged(args.strip(), ALWAYS)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: words, and the filters that stood among them, as they were typed."""

    words: str = ""
    actors: tuple[str, ...] = ()
    source: str = ""
    window: Window = ALWAYS


def split_search(args: str) -> Search:
    """Read 'Sanktionen von:Lawrow quelle:tagesschau seit:2022-01 bis:2022-03'.

    The value of a filter that has spaces stands in quotation marks. Dates may stand at the
    end in words, too: 'Sanktionen seit 2022'; a bare year there is a word that is searched.
    Raises ValueError as :func:`split_window` does.
    """
    actors: list[str] = []
    source = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    for match in _FILTER.finditer(args):
        key = _FILTERS[match["key"].casefold()]
        value = (match["quoted"] or match["value"]).strip()
        dated = bool(re.fullmatch(_DATE, value))
        if key in ("until", "on"):
            until = parse_date(value)
        if key in ("since", "on") or (key == "from" and dated):
            since = parse_date(value)
        elif key in ("actor", "from"):
            actors.append(value)
        elif key == "source":
            source = value
    words = " ".join(_FILTER.sub(" ", args).split())
    ranged = Ranged(words, ALWAYS)
    if not (since or until) and not _ends_with_a_bare_year(words):
        ranged = split_window(words)
        since, until = ranged.window.since, ranged.window.until
    return Search(ranged.words, tuple(actors), source, _window(since, until))


def choosing_actor(args: str, name: str) -> str:
    """A search with a place to fill, ``{}``, instead of an actor's name that may be several."""

    def filled(match: re.Match[str]) -> str:
        value = (match["quoted"] or match["value"]).strip()
        named = _FILTERS[match["key"].casefold()] in ("actor", "from") and value == name
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


def _window(since: PartialDate | None, until: PartialDate | None) -> Window:
    if since and until and until.first_day < since.first_day:
        raise BackwardsError(since, until)
    return Window(since, until)
