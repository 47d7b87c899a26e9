"""Reading what stands after a command: dates, pairs of names, targets. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from digests.desk import ALWAYS, Window
from digests.types import DeliveryMode, PartialDate

_DATE: Final = r"(?:\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}[./]\d{4}|\d{4}(?:-\d{1,2}){0,2})"
_RANGE: Final = re.compile(
    rf"\s+(?:(?:von|from|ab|seit|since)\s+)?({_DATE})"
    rf"(?:\s*(?:bis|to|until|till|-|–|\s)\s*({_DATE}))?\s*$",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(rf"\s+(?:bis|to|until|till)\s+({_DATE})\s*$", re.IGNORECASE)
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
_BARE_YEAR: Final = re.compile(
    r"^(?!.*\s(?:von|from|ab|seit|since|bis|to|until|till)\s+\S*\d).*(?:^|\s)\d{4}$", re.IGNORECASE
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


def parse_date(text: str) -> PartialDate:
    """Read 2022, 2022-01, 2022-01-21, 01.2022, 1/2022 or 21.01.2022. Raises ValueError."""
    if "." in text or "/" in text:
        text = "-".join(f"{int(part):02d}" for part in reversed(re.split("[./]", text)))
    return PartialDate.parse(text)


def split_window(args: str) -> Ranged:
    """Cut dates off the end of ``args``: 'Putin 2014 2022', 'Putin seit 2022', 'Putin bis 2021'.

    Raises ValueError for a date that does not exist, or a window that ends
    before it starts.
    """
    padded = f" {args.strip()}"
    if match := _UNTIL.search(padded):
        head = _RANGE.search(padded[: match.start()])
        since = parse_date(head[1]) if head else None
        words = padded[: head.start() if head else match.start()]
        return Ranged(words.strip(), _window(since, parse_date(match[1])))
    if match := _RANGE.search(padded):
        until = parse_date(match[2]) if match[2] else None
        return Ranged(padded[: match.start()].strip(), _window(parse_date(match[1]), until))
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
    if not (since or until) and not _BARE_YEAR.search(words):
        ranged = split_window(words)
        since, until = ranged.window.since, ranged.window.until
    return Search(ranged.words, tuple(actors), source, _window(since, until))


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


def _window(since: PartialDate | None, until: PartialDate | None) -> Window:
    if since and until and until.first_day < since.first_day:
        raise ValueError("window ends before it starts")
    return Window(since, until)
