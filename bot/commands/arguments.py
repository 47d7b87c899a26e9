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
