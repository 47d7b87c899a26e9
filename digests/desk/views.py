"""From reports to what is shown of them: stories and statements. Pure; for answers and digests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from digests.stories import headline
from digests.summarise import summarise
from digests.types import (
    UNDATED,
    MentionForm,
    PartialDate,
    Published,
    Report,
    SentenceKind,
    Span,
    SpeechKind,
    Statement,
    StatementView,
    StoryView,
    Target,
    TargetKind,
    Topic,
)
from digests.words import stems

_QUOTES: Final = "\"'„“”‚‘’«»‹› "
_DENIAL: Final = re.compile(
    r"dementier|bestr(?:eit|itt)|zurück|abgestritten|abstreit|stritt|leugn|deny|denie|reject",
    re.IGNORECASE,
)
_SPACE: Final = re.compile(r"\s+")

Names = Callable[[str], str]
"""Actor id -> the name to show."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Whom or what a summary is about: an actor id, or a topic's stems, or neither."""

    actor: str | None = None
    stems: tuple[str, ...] = ()

    @classmethod
    def on(cls, target: Target, topic: Topic | None, language: str) -> Focus:
        """The focus that a subscription's target gives."""
        if target.kind is TargetKind.ACTOR:
            return cls(actor=target.id)
        if topic is not None:
            return cls(stems=topic_stems(topic, language))
        return cls()


def topic_stems(topic: Topic, language: str) -> tuple[str, ...]:
    """The stems of a topic's terms and phrases."""
    words = " ".join((*topic.terms, *topic.phrases))
    return tuple(dict.fromkeys(stems(words, language)))


def fold_space(text: str) -> str:
    """White space folded to single spaces."""
    return _SPACE.sub(" ", text).strip()


def story_view(
    story_id: int,
    reports: Sequence[Report],
    names: Mapping[str, str],
    *,
    focus: Focus = Focus(),
    sentences: int = 3,
    moved: bool = False,
) -> StoryView:
    """A story as shown: headline, and the sentences about the focus, from ``reports``.

    The headline is not told twice: where it is a sentence of the text (a
    report without a title), the sentences begin with it.
    """
    head = headline(reports)
    told = summarise(
        reports,
        target_actor=focus.actor,
        target_stems=focus.stems,
        sentences=sentences,
        names=names,
    )
    dates = [one.item.published for one in reports if one.item.published.at is not None]
    # Of two dates on which a period begins the finer says more: 25 January before January.
    newest = max(dates, key=_fine, default=UNDATED)
    return StoryView(
        id=story_id,
        headline=head.text if head else "",
        published=newest,
        sentences=tuple(one for one in told if head is None or one.span != head.span),
        sources=tuple(dict.fromkeys(report.item.source_name for report in reports)),
        reports=len(reports),
        moved=moved,
        items=tuple(report.item.id for report in reports),
    )


def _bare(words: str, kind: SpeechKind) -> str:
    """A quotation without its own marks: the reader is shown the house's."""
    return words.strip(_QUOTES) if kind is SpeechKind.DIRECT else words


def _fine(published: Published) -> tuple[str, int]:
    return str(published.date), len(published.iso() or "")


def statement_views(
    report: Report, names: Names, *, wanted: Callable[[Statement], bool]
) -> list[StatementView]:
    """The statements of a report that ``wanted`` lets through, as far as they can be shown.

    Left out is what nobody known says, what is part of a longer statement of
    the same speaker, and what stands in a fragment of a sentence.
    """
    fragments = [s for s in report.reading.sentences if s.kind is SentenceKind.FRAGMENT]
    return [
        _statement_view(report, statement, statement.actor, names)
        for statement in report.reading.statements
        if statement.actor is not None
        and wanted(statement)
        and not _within_another(statement, report)
        and not any(s.start < statement.end and statement.start < s.end for s in fragments)
    ]


def _statement_view(
    report: Report, statement: Statement, actor: str, names: Names
) -> StatementView:
    item = report.item
    ranges = statement.message
    if statement.cue and _DENIAL.search(item.text[slice(*statement.cue)]):
        # 'Moskau dementiert, dass …': the message alone would say what was denied.
        ranges = _whole_sentences(report, statement)
    return StatementView(
        speaker=names(actor),
        speaker_id=actor,
        kind=statement.kind,
        quote=" … ".join(_bare(fold_space(item.text[a:b]), statement.kind) for a, b in ranges),
        spans=tuple(Span(item.id, item.revision, start, end) for start, end in ranges),
        source=item.source_name,
        published=item.published,
        url=item.url,
        via=_medium(report, statement.via, names) if statement.via else None,
    )


def _whole_sentences(report: Report, statement: Statement) -> tuple[tuple[int, int], ...]:
    """The range of the sentences that a statement and its cue stand in."""
    ends = (*statement.message, statement.cue or statement.message[0])
    start, end = min(a for a, _ in ends), max(b for _, b in ends)
    touched = [s for s in report.reading.sentences if s.start < end and start < s.end]
    return ((touched[0].start, touched[-1].end),) if touched else statement.message


def _medium(report: Report, via: tuple[int, int], names: Names) -> str:
    """The name of a medium: as an actor where it was recognised as one, else its words."""
    for mention in report.reading.mentions:
        if mention.actor and via[0] <= mention.start and mention.end <= via[1]:
            named = names(mention.actor)
            if mention.form is MentionForm.NAME:
                return named
    return fold_space(report.item.text[slice(*via)])


def _within_another(statement: Statement, report: Report) -> bool:
    """Whether a statement is part of a longer one by the same speaker, and shown with it."""
    return any(
        other is not statement
        and other.actor == statement.actor
        and other.start <= statement.start
        and statement.end <= other.end
        and other.end - other.start > statement.end - statement.start
        for other in report.reading.statements
    )


def within(date: PartialDate | None, since: PartialDate | None, until: PartialDate | None) -> bool:
    """Whether a date lies between two others, bounds included; undated only without bounds."""
    if since is None and until is None:
        return True
    if date is None:
        return False
    after = since is None or date.first_day >= since.first_day
    before = until is None or str(date)[: len(str(until))] <= str(until)
    return after and before
