"""Timelines: which dates mattered, and what happened then, each with cited sentences.

Pure: reports in, dated entries out. First every sentence is put with the dates
it speaks of, or, if it opens a report without speaking of another day, with
the day of the news. Then dates are ranked by how many reports speak of them
how prominently, and the best are given the sentences most central to the date.

Method. Without supervision, after Gholipour Ghalandari and Ifrim, "Examining
the State-of-the-Art in News Timeline Summarization" (ACL 2020): date-wise
selection, by mentions of a date and by publication, and centroid sentences;
sentences that name the target count most, as in Martschat and Markert, "A
Temporally Sensitive Submodularity Framework for Timeline Summarization"
(CoNLL 2018).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from digests.dating import says_today, spoken_dates
from digests.passing import in_passing, only_where
from digests.standing import NO_NAMES, Names
from digests.summarise import (
    OTHER_MATTER,
    Candidate,
    about,
    candidate,
    current,
    order,
    select,
)
from digests.types import (
    ActorKind,
    Mention,
    MentionForm,
    PartialDate,
    Precision,
    Report,
    Sentence,
    SentenceKind,
    TimelineEntry,
    TimexType,
)

NO_COUNTS: Mapping[PartialDate, int] = MappingProxyType({})
"""All reports are given: those that tell of a date can be counted."""

_OPENING = 2  # sentences of a report that tell its news
_NEWS = 3  # sentences of a report that can be shown for the day of its news
_NEWS_AGE = 2  # days before publication on which the news may have happened
_PRECISIONS = {Precision.DAY: 1.0, Precision.MONTH: 0.5, Precision.YEAR: 0.35}
_SHADOW = 0.8  # what is left of a day beside a weightier one: they often tell of the same
_CONTEXT = OTHER_MATTER**2  # how much a sentence touches a target that it does not name
_MATTERS = 0.2  # share of a report's sentences that name the target, if it is its matter
_WHERE = 0.5  # of the weight, where a state is only the place of what happened
_SHORT = 3  # sentences of a report that can be about an actor whom one of them names
_BY_PUBLICATION = 0.8  # worth of a sentence that is dated only by its report


@dataclass(frozen=True, slots=True)
class _Saying:
    """A sentence put with a date.

    ``weight`` is what it adds to the importance of the date, ``worth`` how much
    it is about the target, and ``matters`` whether the date is one of the target's.
    What is not ``shown`` stands too far down to be told as news of the day, but tells
    what the day's news is about.
    """

    report: int
    place: int
    date: PartialDate
    weight: float
    worth: float
    matters: bool
    shown: bool = True


def timeline(
    reports: Sequence[Report],
    *,
    actor: str | None = None,
    also: str | None = None,
    stems: Sequence[str] = (),
    since: PartialDate | None = None,
    until: PartialDate | None = None,
    limit: int = 12,
    sentences: int = 1,
    names: Names = NO_NAMES,
    days_only: bool = False,
    by_weight: bool = False,
    told: Mapping[PartialDate, int] = NO_COUNTS,
) -> tuple[TimelineEntry, ...]:
    """Return the ``limit`` weightiest dates of ``reports`` in order, with what happened then.

    ``actor`` and ``also`` (ids; reports that only happen to name both are left out if
    others do not) and ``stems`` say what it is about: sentences
    that touch them count most, and reports by how many of their sentences do. A
    date that no such sentence speaks of is left out, unless it is a day in a
    report that has the target for its matter, and the target is no person.
    Entries lie within ``since`` and ``until``, both included, as far as their
    precision tells; ``days_only`` leaves out months and years. Each entry has
    up to ``sentences`` sentences and no sentence is shown twice, nor one whose numbers a
    later report brings up to date; a date about
    which no sentence can stand alone is left out, and for a person also one
    about which none tells that names the person, but for a day of a report that
    has the person for its matter. ``by_weight`` orders by it:
    with a higher limit more follow, and nothing else changes. Where ``reports`` are some of
    many, ``told`` says how many of all tell of a date: it weighs as if they were given too.
    """
    if actor is not None and also is not None:
        reports = [one for one in reports if _brings_together(one, actor, also)] or reports
    reports = [one for one in reports if not _is_person(one, actor) or _names(one, actor)]
    sayings = [
        saying
        for index, report in enumerate(reports)
        for saying in _sayings(index, report, actor, also, stems)
        if _within(saying.date, since, until) and (saying.date.day or not days_only)
    ]
    by_date: defaultdict[PartialDate, list[_Saying]] = defaultdict(list)
    for saying in sayings:
        by_date[saying.date].append(saying)
    weights = _importance(sayings, told)
    shown: list[Candidate] = []
    entries: list[TimelineEntry] = []
    for day in sorted(by_date, key=lambda day: (-weights[day], day)):
        if len(entries) == limit:
            break
        if not any(saying.matters for saying in by_date[day]):
            continue
        found = [
            one
            for one in _candidates(reports, by_date[day], names, shown=True)
            if not any(one.span.overlaps(other.span) for other in shown)
        ]
        pointed = [one for one in found if one.about > OTHER_MATTER]
        # A day has one piece of news; a year has so many that another's says nothing.
        found = pointed or [
            one
            for one in found
            if actor is None
            or (day.day and one.place < _NEWS and _tells_at_length(one.report, actor))
        ]
        found = current([one for one in found if not _calls_another_today(one, day)])
        if not found:
            continue
        around = list(_candidates(reports, by_date[day], names, shown=False))
        seen = [other.cited.text for other in shown]
        chosen = select(found, sentences, seen=seen, around=around)
        if chosen:
            shown += chosen
            cited = tuple(one.cited for one in sorted(chosen, key=order))
            entries.append(TimelineEntry(day, cited))
    return tuple(entries if by_weight else sorted(entries, key=lambda entry: entry.date))


def _sayings(
    index: int, report: Report, actor: str | None, also: str | None, stems: Sequence[str]
) -> Iterator[_Saying]:
    """Yield the sentences of a report with the dates they speak of, or are news of."""
    prose = [
        (place, sentence)
        for place, sentence in enumerate(report.reading.sentences)
        if sentence.kind is SentenceKind.PROSE
    ]
    touches = {place: _touches(report, one, actor, also, stems) for place, one in prose}
    share = sum(value > _CONTEXT for value in touches.values()) / max(1, len(prose))
    wide = share >= _MATTERS and not _is_person(report, actor)
    where = _only_where(report, actor)
    spoken = spoken_dates(report)
    news = _news_day(report, [spoken.get(place, ()) for place, _ in prose[:_OPENING]])
    month, recent = _news_month(report)
    for rank, (place, _) in enumerate(prose):
        days: Iterable[PartialDate] = spoken.get(place, ())
        weight = touches[place] * math.sqrt(share)
        if place in where:
            weight *= _WHERE
        context = touches[place] <= _CONTEXT
        for day in days:
            matters = not context or (wide and day.day > 0)
            early = 1 + math.exp(-rank / 5)
            yield _Saying(index, place, day, weight * early, touches[place], matters=matters)
        if not days and news is not None and (rank < _NEWS or not context):
            opening = rank < _OPENING
            yield _Saying(
                index,
                place,
                news,
                weight / _OPENING if opening else 0.0,
                touches[place] * _BY_PUBLICATION,
                matters=opening and (not context or wide),
                shown=rank < _NEWS,
            )
        if not days and place in recent and month is not None and not context:
            worth = touches[place] * _BY_PUBLICATION
            yield _Saying(index, place, month, weight, worth, matters=True)


def _only_where(report: Report, actor: str | None) -> frozenset[int]:
    """Return the places of the sentences that name an actor only as where something happened."""
    starts = [sentence.start for sentence in report.reading.sentences]
    found: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in report.reading.mentions:
        if actor is not None and mention.actor == actor and not in_passing(report, mention):
            found[bisect_right(starts, mention.start) - 1].append(mention)
    return frozenset(
        place
        for place, mentions in found.items()
        if all(only_where(report, mention) for mention in mentions)
    )


def _brings_together(report: Report, actor: str, also: str) -> bool:
    """Say whether a report names two actors in one sentence, or is about both.

    Two adjectives in a sentence are none: 'US-Dollar' and 'iranisches Öl'.
    """
    wanted = {actor, also}
    prose = [one for one in report.reading.sentences if one.kind is not SentenceKind.FRAGMENT]
    named = [
        [m for m in report.reading.mentions if m.actor in wanted and s.start <= m.start < s.end]
        for s in prose
    ]
    for found in named:
        plain = any(m.form is not MentionForm.ADJECTIVE for m in found)
        if plain and {m.actor for m in found} == wanted:
            return True
    often = [sum(any(m.actor == one for m in found) for found in named) for one in wanted]
    return min(often) >= max(1, _MATTERS * len(prose))


def _tells_at_length(report: Report, actor: str | None) -> bool:
    """Say whether an actor is the matter of a report: a fifth of its sentences touch the actor."""
    prose = [one for one in report.reading.sentences if one.kind is SentenceKind.PROSE]
    named = sum(about(report, one.start, one.end, actor) > OTHER_MATTER for one in prose)
    return named >= max(2 if len(prose) > _SHORT else 1, _MATTERS * len(prose))


def _names(report: Report, actor: str | None) -> bool:
    """Say whether a report names an actor: 'the chancellor' alone may be whoever is then."""
    mentions = report.reading.mentions
    return any(one.actor == actor and one.form is MentionForm.NAME for one in mentions)


def _is_person(report: Report, actor: str | None) -> bool:
    mentions = report.reading.mentions
    return any(one.actor == actor and one.kind is ActorKind.PERSON for one in mentions)


def _touches(
    report: Report, sentence: Sentence, actor: str | None, also: str | None, stems: Sequence[str]
) -> float:
    """Return how much a sentence is about the target, or both targets, 1 or much less.

    What does not touch the words asked for (``stems``) is not made up for by an actor.
    """
    share = about(report, sentence.start, sentence.end, actor, stems)
    if also is not None and (actor is not None or share > OTHER_MATTER):
        share = (share + about(report, sentence.start, sentence.end, also)) / 2
    return share**2


def _news_day(report: Report, opening: Sequence[Iterable[PartialDate]]) -> PartialDate | None:
    """Return the day the news of a report happened; None where its day is not known.

    The recent day that the opening speaks of, else the day of publication.
    """
    published = report.item.published.date
    if published is None or not published.day:
        return None
    today = published.first_day
    recent = [
        day
        for days in opening
        for day in days
        if day.day and timedelta(0) <= today - day.first_day <= timedelta(_NEWS_AGE)
    ]
    return max(recent, key=lambda day: (recent.count(day), day), default=published)


def _news_month(report: Report) -> tuple[PartialDate | None, frozenset[int]]:
    """Return the month of a report of which no more is known, and the sentences it dates.

    Those that speak of a day ('am Dienstag') which cannot be resolved without
    the report's own: what they tell is news of about that month.
    """
    published = report.item.published.date
    if published is None or published.precision is not Precision.MONTH:
        return None, frozenset()
    starts = [sentence.start for sentence in report.reading.sentences]
    days = (TimexType.DATE, TimexType.TIME)
    return published, frozenset(
        bisect_right(starts, timex.start) - 1
        for timex in report.reading.timexes
        if timex.type in days and not timex.value
    )


def _importance(
    sayings: Iterable[_Saying], told: Mapping[PartialDate, int]
) -> dict[PartialDate, float]:
    """Weigh dates: each report counts up to once, however often it speaks of a date."""
    said: defaultdict[tuple[PartialDate, int], float] = defaultdict(float)
    for saying in sayings:
        said[saying.date, saying.report] += saying.weight
    weights: defaultdict[PartialDate, float] = defaultdict(float)
    for (day, _), weight in said.items():
        weights[day] += (1 - math.exp(-weight)) * _PRECISIONS[day.precision]
    given = Counter(day for day, _ in said)
    for day, count in told.items():
        weights[day] *= max(1.0, count / max(1, given[day]))
    return {
        day: weight * (_SHADOW if day.day and weight < _beside(day, weights) else 1.0)
        for day, weight in weights.items()
    }


def _beside(day: PartialDate, weights: Mapping[PartialDate, float]) -> float:
    """Return the weight of the weightier of the two days around ``day``."""
    return max(weights.get(_shifted(day, step), 0.0) for step in (-1, 1))


def _shifted(day: PartialDate, step: int) -> PartialDate:
    try:
        moved = day.first_day + timedelta(step)
    except OverflowError:  # the first and the last day of the calendar
        return day
    return PartialDate(moved.year, moved.month, moved.day)


def _within(day: PartialDate, since: PartialDate | None, until: PartialDate | None) -> bool:
    after = since is None or day.last_day >= since.first_day
    return after and (until is None or day.first_day <= until.last_day)


def _candidates(
    reports: Sequence[Report],
    sayings: Iterable[_Saying],
    names: Names,
    *,
    shown: bool,
) -> Iterator[Candidate]:
    """Yield the sentences put with a date that can stand alone: those shown, or the others."""
    for saying in sayings:
        if saying.shown is not shown:
            continue
        report = reports[saying.report]
        sentence = report.reading.sentences[saying.place]
        found = candidate(report, saying.place, sentence, names)
        if found is not None:
            # What speaks of the day itself says more of what it was about.
            yield replace(found, about=math.sqrt(saying.worth), weight=saying.worth)


def _calls_another_today(one: Candidate, day: PartialDate) -> bool:
    return says_today(one.report, one.standing.start, one.standing.end, day)
