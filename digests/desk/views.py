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
    CitedSentence,
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
    """The statements of a report that ``wanted`` lets through and whose speaker is known."""
    item = report.item
    views = []
    fragments = [s for s in report.reading.sentences if s.kind is SentenceKind.FRAGMENT]
    for statement in report.reading.statements:
        if statement.actor is None or not wanted(statement):
            continue
        if _within_another(statement, report) or any(
            one.start < statement.end and statement.start < one.end for one in fragments
        ):
            continue
        quote = " … ".join(
            _bare(fold_space(item.text[start:end]), statement.kind)
            for start, end in statement.message
        )
        views.append(
            StatementView(
                speaker=names(statement.actor),
                speaker_id=statement.actor,
                kind=statement.kind,
                quote=quote,
                spans=tuple(
                    Span(item.id, item.revision, start, end) for start, end in statement.message
                ),
                source=item.source_name,
                published=item.published,
                url=item.url,
                via=fold_space(item.text[slice(*statement.via)]) if statement.via else None,
            )
        )
    return views


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


def cited(report: Report, start: int, end: int) -> CitedSentence:
    """A stretch of a report as a cited sentence."""
    item = report.item
    return CitedSentence(
        span=Span(item.id, item.revision, start, end),
        text=fold_space(item.text[start:end]),
        source=item.source_name,
        published=item.published,
        url=item.url,
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
