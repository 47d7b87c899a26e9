"""Events: what a sentence says happened at a date, and the actors it names.

A sentence is taken as the account of what it tells, at each calendar date it
gives ("event = sentence + date", as in timeline summarisation since Chieu and
Lee, "Query based event extraction along a timeline", SIGIR 2004).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence

from digests.types import (
    Event,
    Mention,
    PartialDate,
    Precision,
    Published,
    Sentence,
    SentenceKind,
    Timex,
    TimexType,
)

_CALENDAR = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T.*)?")
_DATELINE = re.compile(
    r"(?:stand|veröffentlicht|erschienen|aktualisiert|publiziert|erstellt|gesendet|datum|quelle"
    r"|published|updated|posted|last modified|date)(?: am| on| at)?\s*:?\s*(?:\w{2,10},\s*)?$",
    re.IGNORECASE,
)
_THEN = re.compile(r"damals\b|seinerzeit\b|at (?:the|that) time\b|back then\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:(?:als|wie) noch|than)(?: im| in| zu| the)?(?: Jahre?| Beginn| Anfang| year)? $"
)
_BACK = 2  # sentences back that 'damals' may point to
_WORD = re.compile(r"[^\W\d_]+")
_DATELINE_WORDS = frozenset(("am", "an", "at", "den", "der", "in", "on", "um", "vom", "von"))


def find_events(
    text: str,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    timexes: Sequence[Timex],
    published: Published,
) -> tuple[Event, ...]:
    """An event for each prose sentence and each date it gives, in order of the text.

    A date is a time expression with a calendar value, known to the year, month
    or day; parts of a day count as the day. Weeks, seasons, decades, durations
    and sets are no dates. A sentence with several dates
    gives one event for each, but none for the year or month that a finer date
    in it lies in, and none for one that serves as a measure ('mehr als noch 2014').
    'Damals' that opens a sentence means the last date of the sentences just
    before it, also one that served as a measure. A year in a name ('Konvention
    von 1999') is a date like any other: telling it apart needs more than the
    text shows. Lines that say when the report was published ('Stand: 26.01.2022
    07:15 Uhr') tell no event.

    The arguments describe ``text`` and are each in order of offsets. ``actors``
    are the ids of the resolved mentions within the sentence, each once.
    """
    starts = [timex.start for timex in timexes]
    mention_starts = [mention.start for mention in mentions]
    events: list[Event] = []
    spoken: deque[list[PartialDate]] = deque(maxlen=_BACK)
    for sentence in sentences:
        if sentence.kind is not SentenceKind.PROSE:
            continue
        low, high = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        named = _dates(text, sentence, timexes[low:high], published)
        dates = _finest(date for date, measures in named if not measures)
        if not dates and _THEN.match(text, sentence.start):
            dates = next((before[-1:] for before in reversed(spoken) if before), [])
        spoken.append(dates or _finest(date for date, _ in named))
        if not dates:
            continue
        low = bisect_left(mention_starts, sentence.start)
        high = bisect_left(mention_starts, sentence.end)
        actors = tuple(
            dict.fromkeys(mention.actor for mention in mentions[low:high] if mention.actor)
        )
        events += [Event(sentence.start, sentence.end, date, actors) for date in dates]
    return tuple(events)


def _dates(
    text: str, sentence: Sentence, timexes: Sequence[Timex], published: Published
) -> list[tuple[PartialDate, bool]]:
    """The dates of a sentence in the order of their mention, and whether each only measures."""
    dates: list[tuple[PartialDate, bool]] = []
    line_end = -10
    for timex in timexes:
        date = _calendar_date(timex)
        before = text[max(sentence.start, timex.start - 40) : timex.start]
        if _DATELINE.search(before) or timex.start - line_end < 4:  # 'Stand: 26.01.2022, 07:15 Uhr'
            line_end = timex.end
            continue
        if date is not None and not _is_dateline(text, sentence, timexes, date, published):
            dates.append((date, _COMPARED.search(before) is not None))
    return dates


def _finest(dates: Iterable[PartialDate]) -> list[PartialDate]:
    """Distinct dates in their order, the finest of each period."""
    distinct = list(dict.fromkeys(dates))
    return [date for date in distinct if not any(_lies_in(finer, date) for finer in distinct)]


def _calendar_date(timex: Timex) -> PartialDate | None:
    if timex.type not in (TimexType.DATE, TimexType.TIME):
        return None
    match = _CALENDAR.fullmatch(timex.value)
    if match is None:
        return None
    try:
        return PartialDate.parse(match[1])
    except ValueError:
        return None


def _is_dateline(
    text: str,
    sentence: Sentence,
    timexes: Sequence[Timex],
    date: PartialDate,
    published: Published,
) -> bool:
    """Whether a sentence holds only names and the report's date: 'Berlin, 25. Januar'."""
    if published.at is None or date.precision is not Precision.DAY:
        return False
    if abs((published.at.date() - date.first_day).days) > 1:
        return False
    rest = text[sentence.start : sentence.end]
    for timex in reversed(timexes):
        rest = rest[: timex.start - sentence.start] + rest[timex.end - sentence.start :]
    return all(word[0].isupper() or word in _DATELINE_WORDS for word in _WORD.findall(rest))


def _lies_in(finer: PartialDate, date: PartialDate) -> bool:
    """Whether a date is a month or day within another one."""
    if finer == date or finer.year != date.year or not finer.month:
        return False
    return not date.month or (finer.month == date.month and not date.day)
