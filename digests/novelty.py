"""What a later report adds to a story. Pure: reports in, what is new in them out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from digests.summarise import Said, about, stems_of
from digests.types import (
    Event,
    PartialDate,
    Report,
    Sentence,
    SentenceKind,
    Statement,
    Target,
    TargetKind,
)

_SAID_BEFORE = 0.6  # share of a statement's words that one said before holds
_FEWEST = 3  # words of its own that a statement needs to be told from others


@dataclass(frozen=True, slots=True)
class Novelty:
    """What is new: statements and events of the later report, and what it opens with days later."""

    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    opening: tuple[Sentence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.statements or self.events or self.opening)


def novelty(
    report: Report,
    told: Sequence[Report],
    *,
    actor: str | None = None,
    stems: Sequence[str] = (),
) -> Novelty:
    """Return what ``report`` adds to what the reports ``told`` said, about a target.

    Of a followed ``actor`` (an id) that is what he says that he was not reported to say,
    of words (``stems``) or nothing in particular what anybody says; events at a day that
    no report spoke of, in sentences about the target; and the title and first sentence of a
    report that comes days after the others, if they tell of the target what no sentence told: by
    then a story is not retold, it goes on. Texts in two languages are not compared: what is told
    in another one is taken for told.
    """
    same = [one for one in told if one.reading.language == report.reading.language]
    if told and not same:
        return Novelty()
    return Novelty(
        tuple(_new_statements(report, same, actor, stems)),
        tuple(_new_events(report, same, actor, stems)),
        _new_opening(report, same, actor, stems),
    )


def title_is_news(report: Report, told: Sequence[Report]) -> bool:
    """Whether the title of ``report`` says what no sentence of the reports ``told`` does."""
    same = [one for one in told if one.reading.language == report.reading.language]
    heads = [one for one in report.reading.sentences if one.end <= report.item.title_end]
    said, known = [_part(report, one) for one in heads], _sentences(same)
    return bool(said) and not any(_holds(other, one) for one in said for other in known)


def worth_telling(
    reports: Sequence[Report], told: Sequence[Report], targets: Mapping[int, Collection[Target]]
) -> list[Report]:
    """The reports of a story that tell of something new, in order of ingest.

    ``told`` is what is known of the story; without it all of it is new. ``targets`` says
    for whom each report (by item id) is, and so what of it is new (:func:`novelty`): to who
    follows an actor what concerns that, to everybody else anything. Of two reports that bring
    the same thing the first one does.
    """
    ordered = sorted(reports, key=lambda one: one.item.seq)
    if not told:
        return ordered
    new: list[Report] = []
    for report in ordered:
        actors = {
            target.id if target.kind is TargetKind.ACTOR else None
            for target in targets.get(report.item.id, ())
        }
        if any(novelty(report, (*told, *new), actor=actor) for actor in actors):
            new.append(report)
    return new


def _new_statements(
    report: Report, told: Sequence[Report], actor: str | None, stems: Sequence[str]
) -> Iterable[Statement]:
    mine = [
        statement
        for statement in report.reading.statements
        if (
            statement.actor == actor
            if actor is not None
            else about(report, statement.start, statement.end, None, stems) >= 1
        )
    ]
    if not mine:
        return  # the sentences told before need not be looked at
    before = [
        Said(_words(one, statement), one, statement)
        for one in told
        for statement in one.reading.statements
        if actor is None or statement.actor == actor
    ]
    # What one report told in its own words may stand in another as a quotation.
    sentences = _sentences(told)
    for statement in mine:
        said = Said(_words(report, statement), report, statement)
        if len(said.words) >= _FEWEST and not any(
            _holds(other, said) for other in (*before, *sentences)
        ):
            yield statement


def _new_events(
    report: Report, told: Sequence[Report], actor: str | None, stems: Sequence[str]
) -> Iterable[Event]:
    known = {event.date for one in told for event in one.reading.events if event.date.day}
    known |= {day for one in told if (day := one.item.published.date) is not None}
    if (published := report.item.published.date) is not None:
        known.add(published)  # that it is reported today is no event
    for event in report.reading.events:
        if not event.date.day or event.date in known:
            continue
        if about(report, event.start, event.end, actor, stems) >= _ABOUT and _near(event, report):
            yield event


def _new_opening(
    report: Report, told: Sequence[Report], actor: str | None, stems: Sequence[str]
) -> tuple[Sentence, ...]:
    days = [one.item.published.date for one in (report, *told)]
    exact = [day.first_day for day in days if day is not None and day.day]
    if not told or len(exact) < len(days) or (exact[0] - max(exact[1:])).days < _LATER:
        return ()
    sentences = report.reading.sentences
    title = sentences[:1] if report.item.title.strip() else ()
    first = next((one for one in sentences if one.kind is SentenceKind.PROSE), None)
    opening = (*title, *((first,) if first else ()))
    if all(about(report, one.start, one.end, actor, stems) < _ABOUT for one in opening):
        return ()
    known = _sentences(told)
    said = [_part(report, one) for one in opening]
    return () if any(_holds(other, one) for one in said for other in known) else opening


_LATER = 2  # days, after which what is reported anew is no other paper's word for the same
_ABOUT = 0.8  # of a sentence, as of digests.summarise.about
_YEAR = 366


def _near(event: Event, report: Report) -> bool:
    """Whether an event is no background: within a year of the report, if its day is known."""
    published: PartialDate | None = report.item.published.date
    if published is None:
        return True
    return abs((event.date.first_day - published.first_day).days) <= _YEAR


def _sentences(told: Sequence[Report]) -> list[Said]:
    return [_part(one, part) for one in told for part in one.reading.sentences]


def _part(report: Report, part: Sentence) -> Said:
    return Said.of(report, part, report.reading.language)


def _holds(other: Said, said: Said) -> bool:
    """Whether most of the words of what is said stand in another, with the same particulars."""
    held = len(said.words & other.words) >= _SAID_BEFORE * len(said.words)
    return held and not said.particulars.replace(other.particulars)


def _words(report: Report, statement: Statement) -> frozenset[str]:
    language = report.reading.language
    texts = (report.item.text[start:end] for start, end in statement.message)
    return frozenset(stem for text in texts for stem in stems_of(text, language))
