"""From reports to what is shown of them: stories and statements. Pure; for answers and digests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from digests.novelty import Novelty, novelty
from digests.stories import Likeness, headline
from digests.summarise import OTHER_MATTER, Candidate, candidates, select, shown, unsaid
from digests.types import (
    UNDATED,
    CitedSentence,
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

    def candidates(
        self, reports: Sequence[Report], focus: Focus, names: Mapping[str, str]
    ) -> list[Candidate]:
        """The sentences of reports that can be shown alone, ranked by a focus."""
        return [one for report in reports for one in self._of(report, focus, names)]

    def _of(self, report: Report, focus: Focus, names: Mapping[str, str]) -> tuple[Candidate, ...]:
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
    names: Mapping[str, str],
    *,
    focus: Focus = Focus(),
    sentences: int = 3,
    told: Sequence[Report] = (),
    looked: Looked | None = None,
) -> StoryView:
    """A story as shown: headline, and the sentences about the focus, from ``reports``.

    The headline is not told twice: where it is a sentence of the text (a
    report without a title) and about the focus, it counts as the first of them,
    and does not set the measure for the others. Of a story of which the
    reports ``told`` were shown before, what ``reports`` add is shown, under the
    headline of those that add it: none of the sentences that stood there. Where they
    bring nothing else, nothing is, under the headline that is known. ``looked`` is what
    is known of reports already.
    """
    looked = Looked() if looked is None else looked
    found = _untold(looked.candidates(reports, focus, names), told)
    head = _heading(reports, told, found, looked.alike)
    heads = [one for one in found if one.span == head.span and one.about > OTHER_MATTER]
    rest = [one for one in found if one not in heads]
    left = sentences - len(heads)
    if told:
        chosen = _news(rest, reports, told, focus, left, around=heads)
    else:
        chosen = _select(rest, left, around=heads)
    dates = [one.item.published for one in reports if one.item.published.at is not None]
    # Of two dates on which a period begins the finer says more: 25 January before January.
    newest = max(dates, key=_fine, default=UNDATED)
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
    report: Report, told: Sequence[Report], names: Mapping[str, str], sentences: int
) -> tuple[CitedSentence, ...]:
    """What a report says that the reports ``told`` did not; empty where that is nothing."""
    found = _untold(list(candidates(report, names=names)), told)
    return shown(_news(found, [report], told, Focus(), sentences))


def _untold(found: list[Candidate], told: Sequence[Report]) -> list[Candidate]:
    """The candidates that say what was not told.

    The others are left out before these are weighed: they must not set the measure.
    """
    seen = [one.item.text[s.start : s.end] for one in told for s in one.reading.sentences]
    return unsaid(found, seen) if told else found


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

    A sentence of the text heads them only if it is new itself.
    """
    if not told:
        return headline(reports, alike)
    telling = {one.report.item.id for one in found}
    if news := [one for one in reports if one.item.id in telling]:
        head = headline(news, alike)
        titled = any(one.item.title.strip() for one in news)
        if titled or any(one.span.overlaps(head.span) for one in found):
            return head
    return headline(told, alike)


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
    item, kind = report.item, statement.kind
    ranges = statement.message
    denied = statement.cue and _DENIAL.search(item.text[slice(*statement.cue)])
    # 'Moskau dementiert, dass …': the message alone would say what was denied.
    if denied or _is_part(report, statement):
        ranges, kind = _whole_sentences(report, statement), SpeechKind.INDIRECT
    shown = _beginning(report, ranges)
    rest = "" if shown == tuple(ranges) else _CUT
    return StatementView(
        speaker=names(actor),
        speaker_id=actor,
        kind=kind,
        quote=" … ".join(_bare(text, kind) for text in _named(report, statement, shown, names))
        + rest,
        spans=tuple(Span(item.id, item.revision, start, end) for start, end in shown),
        source=item.source_name,
        published=item.published,
        url=item.url,
        via=_medium(report, statement.via, names) if statement.via else None,
    )


def _named(
    report: Report, statement: Statement, ranges: Sequence[tuple[int, int]], names: Names
) -> list[str]:
    """The words of ranges; behind the first pronoun for one whom they do not name, the name.

    'Er [Dora Kastner] …': whoever reads the words alone knows of whom they are.
    """

    def shows(start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in ranges)

    within = [m for m in report.reading.mentions if m.actor and shows(m.start, m.end)]
    known = {mention.actor for mention in within if mention.form is MentionForm.NAME}
    text, told = report.item.text, list[str]()
    pronouns = [(m.end, m.actor) for m in within if m.form is MentionForm.PRONOUN]
    speaker = statement.speaker
    if speaker and shows(*speaker) and text[slice(*speaker)].casefold() in _PRONOUNS:
        pronouns.append((speaker[1], statement.actor))
    after: dict[int, str] = {}
    for place, actor in sorted(pronouns, key=itemgetter(0)):
        if actor and actor not in known:
            known.add(actor)
            after[place] = f" [{names(actor)}]"
    for start, end in ranges:
        words, at = "", start
        for place in sorted(place for place in after if start < place <= end):
            words, at = words + text[at:place] + after[place], place
        told.append(fold_space(words + text[at:end]))
    return told


_PRONOUNS: Final = frozenset(("er", "sie", "he", "she"))
_FEWEST_WORDS: Final = 7
"""Words of a message that can be told without its sentence: fewer are mostly half of one."""
_CONJUNCTIONS: Final = frozenset(("Dass", "Daß", "Ob"))
"""What a clause before its verb of saying opens with."""
_LONGEST: Final = 420


def _is_part(report: Report, statement: Statement) -> bool:
    """Whether a message says little without its sentence: 'dass …', 'kurzfristig zu gehen', „nein“.

    One that is more than a sentence, or stands in an overlong one, is left as it is.
    """
    text = report.item.text
    message = fold_space(" ".join(text[start:end] for start, end in statement.message))
    ((start, end), *_) = whole = _whole_sentences(report, statement)
    sentences = [s for s in report.reading.sentences if start <= s.start and s.end <= end]
    if len(whole) != 1 or len(sentences) != 1 or end - start > _LONGEST:
        return False
    if len(statement.message) > 1 and statement.kind is SpeechKind.INDIRECT:
        return True
    opening = message.lstrip(_QUOTES)
    clause = opening[:1].islower() or opening.partition(" ")[0] in _CONJUNCTIONS
    return clause or len(message.split()) < _FEWEST_WORDS


_CUT: Final = " […]"


def _beginning(report: Report, ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The first sentences of a long speech, as many as are short enough together; one at least."""
    if len(ranges) != 1 or ranges[0][1] - ranges[0][0] <= _LONGEST:
        return tuple(ranges)
    start, end = ranges[0]
    ends = [s.end for s in report.reading.sentences if start < s.end < end]
    fitting = [place for place in ends if place - start <= _LONGEST] or ends[:1]
    return ((start, fitting[-1]),) if fitting else tuple(ranges)


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
