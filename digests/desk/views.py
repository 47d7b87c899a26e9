"""From reports to stories as they are shown. Pure; for answers and digests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from digests.dating import says_another_today
from digests.novelty import Novelty, novelty, title_is_news
from digests.standing import Names, as_it_stands
from digests.stories import Likeness, headline
from digests.summarise import OTHER_MATTER, Candidate, candidates, current, select, shown, unsaid
from digests.types import (
    UNDATED,
    CitedSentence,
    Published,
    Report,
    SentenceKind,
    Span,
    StoryView,
    Target,
    TargetKind,
    Topic,
)
from digests.words import matches, stems

_SPACE: Final = re.compile(r"\s+")


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


class Looked:
    """What was found out about reports, for views that have reports in common.

    It holds for revisions as they stood, and for actors as they were called.
    """

    def __init__(self) -> None:
        self.alike = Likeness()
        self._candidates: dict[tuple[int, int, Focus], tuple[Candidate, ...]] = {}

    def __len__(self) -> int:
        """How much is kept."""
        return len(self.alike) + len(self._candidates)

    def candidates(self, reports: Sequence[Report], focus: Focus, names: Names) -> list[Candidate]:
        """The sentences of reports that can be shown alone, ranked by a focus."""
        return [one for report in reports for one in self._of(report, focus, names)]

    def _of(self, report: Report, focus: Focus, names: Names) -> tuple[Candidate, ...]:
        key = (report.item.id, report.item.revision, focus)
        if key not in self._candidates:
            self._candidates[key] = tuple(candidates(report, focus.actor, focus.stems, names))
        return self._candidates[key]


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
    names: Names,
    *,
    focus: Focus = Focus(),
    sentences: int = 3,
    told: Sequence[Report] = (),
    looked: Looked | None = None,
) -> StoryView:
    """A story as shown: headline, and the sentences about the focus, from ``reports``.

    The headline is not told twice: where it is a sentence of the text (a
    report without a title) and about the focus, it counts as the first of them,
    and does not set the measure for the others. What says 'heute' and is older than the date of
    the story is not shown. Of a story of which the
    reports ``told`` were shown before, what ``reports`` add is shown, under the
    headline of those that add it: none of the sentences that stood there. Where they
    bring nothing else, nothing is, under the headline that is known. ``looked`` is what
    is known of reports already.
    """
    looked = Looked() if looked is None else looked
    found = _untold(current(looked.candidates(reports, focus, names)), told)
    head = _heading(reports, told, found, looked.alike)
    heads = [one for one in found if one.span == head.span and one.about > OTHER_MATTER]
    dates = [one.item.published for one in reports if one.item.published.at is not None]
    # Of two dates on which a period begins the finer says more: 25 January before January.
    newest = max(dates, key=_fine, default=UNDATED)
    rest = [one for one in found if one not in heads and not _another_today(one, newest)]
    left = sentences - len(heads)
    if told:
        chosen = _news(rest, reports, told, focus, left, around=heads)
    else:
        chosen = _select(rest, left, around=heads)
    return StoryView(
        id=story_id,
        headline=head.text,
        published=newest,
        sentences=tuple(one for one in shown(chosen) if one.span != head.span),
        sources=tuple(dict.fromkeys(report.item.source_name for report in reports)),
        reports=len(reports),
        moved=bool(told),
        items=tuple(report.item.id for report in reports),
        urls=tuple(_urls(reports).values()),
    )


def added(
    report: Report, told: Sequence[Report], names: Names, sentences: int
) -> tuple[CitedSentence, ...]:
    """What a report says that the reports ``told`` did not; empty where that is nothing."""
    found = _untold(list(candidates(report, names=names)), told)
    return shown(_news(found, [report], told, Focus(), sentences))


def _untold(found: list[Candidate], told: Sequence[Report]) -> list[Candidate]:
    """The candidates that say what was not told.

    The others are left out before these are weighed: they must not set the measure.
    """
    return unsaid(found, told) if told else found


def _urls(reports: Sequence[Report]) -> dict[str, str | None]:
    """Where the first report of each source is found that can be; sources in order."""
    found: dict[str, str | None] = {}
    for report in reports:
        name = report.item.source_name
        found[name] = found.get(name) or report.item.url
    return found


def _heading(
    reports: Sequence[Report],
    told: Sequence[Report],
    found: Sequence[Candidate],
    alike: Likeness,
) -> CitedSentence:
    """What heads a story: of one that was told before its news (``found``), if they have a head.

    A sentence of the text heads them only if it is new itself. Of reports of nothing but a title
    it is the title, if that is new.
    """
    if not told:
        return headline(reports, alike)
    telling = {one.report.item.id for one in found}
    if news := [one for one in reports if one.item.id in telling]:
        head = headline(news, alike)
        titled = any(one.item.title.strip() for one in news)
        if titled or any(one.span.overlaps(head.span) for one in found):
            return head
    bare = [one for one in reports if not _has_prose(one) and title_is_news(one, told)]
    return headline(bare or told, alike)


def _has_prose(report: Report) -> bool:
    return any(one.kind is SentenceKind.PROSE for one in report.reading.sentences)


def _news(
    found: Sequence[Candidate],
    reports: Sequence[Report],
    told: Sequence[Report],
    focus: Focus,
    count: int,
    *,
    around: Sequence[Candidate] = (),
) -> list[Candidate]:
    """Of the sentences that were not told, new statements and events first."""
    ranges = {
        report.item.id: _new_ranges(novelty(report, told, actor=focus.actor)) for report in reports
    }
    new = [
        one
        for one in found
        if any(
            start < one.standing.end and one.standing.start < end
            for start, end in ranges[one.report.item.id]
        )
    ]
    chosen = _select(new, count, around=around)
    rest = [one for one in found if one not in new]
    return chosen + _select(rest, count - len(chosen), around=around, seen=chosen)


def _select(
    found: Sequence[Candidate],
    count: int,
    *,
    around: Sequence[Candidate],
    seen: Sequence[Candidate] = (),
) -> list[Candidate]:
    """The best of the candidates, that repeat neither those ``around`` them nor ``seen``."""
    known = [one.cited.text for one in (*around, *seen)]
    return select(found, count, seen=known, around=around)


def _new_ranges(new: Novelty) -> list[tuple[int, int]]:
    ranges = [(one.start, one.end) for one in new.statements]
    ranges += [(one.start, one.end) for one in new.events]
    return ranges + [(one.start, one.end) for one in new.opening]


def _another_today(one: Candidate, newest: Published) -> bool:
    """Whether a sentence calls a day today, or counts from it, under the date of a later report."""
    return says_another_today(one.report, one.standing.start, one.standing.end, newest.date)


def _fine(published: Published) -> tuple[str, int]:
    return str(published.date), len(published.iso() or "")


def not_twice(view: StoryView, said: Sequence[Span]) -> StoryView:
    """A story without the sentences of which a third or more is shown above it."""
    kept = tuple(one for one in view.sentences if 3 * _shared(one.span, said) < _length(one.span))
    return replace(view, sentences=kept)


def _shared(span: Span, others: Sequence[Span]) -> int:
    within = (other for other in others if span.overlaps(other))
    return sum(min(span.end, one.end) - max(span.start, one.start) for one in within)


def _length(span: Span) -> int:
    return span.end - span.start


_LONGEST = 1000  # characters of what is shown because a word stands in it


def showing(
    view: StoryView, reports: Sequence[Report], wanted: Sequence[str], names: Names
) -> StoryView:
    """A story told by a sentence that holds one of the words, if what is shown does not."""
    if not wanted or any(_held(one.text, wanted) for one in view.sentences):
        return view
    holding = [
        (-held, sentence.kind is SentenceKind.FRAGMENT, place, report, sentence)
        for place, report in enumerate(reports)
        if report.item.id in view.items
        for sentence in report.reading.sentences
        if sentence.start >= report.item.title_end
        and sentence.end - sentence.start <= _LONGEST
        and (held := _held(report.item.text[sentence.start : sentence.end], wanted))
    ]
    if not holding:
        return view
    *_, report, sentence = min(holding, key=lambda one: (*one[:3], one[4].start))
    return replace(view, sentences=(as_it_stands(report, sentence, names),))


def _held(text: str, wanted: Sequence[str]) -> int:
    """How many of the stems a text holds, within compounds too."""
    found = stems(text, "de")
    return sum(any(matches(query, stem) for stem in found) for query in wanted)
