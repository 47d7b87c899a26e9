"""From reports to what was said in them: statements as they are shown, each once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from operator import itemgetter
from typing import Final

from digests import phrases
from digests.desk.known import Known
from digests.desk.views import fold_space
from digests.desk.window import ALWAYS, Window
from digests.passing import in_passing, only_where
from digests.standing import leans
from digests.types import (
    MentionForm,
    Report,
    SentenceKind,
    Span,
    SpeechKind,
    Statement,
    StatementView,
)
from digests.words import SUBJUNCTIVE, matches, stems

_QUOTES: Final = "\"'„“”‚‘’«»‹› "
_DENIAL: Final = re.compile(
    r"dementier|bestr(?:eit|itt)|zurück|abgestritten|abstreit|stritt|leugn|deny|denie|reject",
    re.IGNORECASE,
)
_PRONOUNS: Final = frozenset(("er", "sie", "he", "she"))
_FEWEST_WORDS: Final = 7
"""Words of a message that can be told without its sentence: fewer are mostly half of one."""
_CLAUSE: Final = frozenset(("Dass", "Daß", "Ob"))
"""What a clause before its verb of saying opens with."""
_SUBORDINATE: Final = re.compile(
    r"(?:Als|Bevor|Da|Damit|Falls|Nachdem|Obwohl|Seit ?dem|Sofern|Sobald|Solange|Um|Warum|Weil"
    r"|Wenn|Wie|Weshalb|Während)\b"
)
"""What a clause opens with that is half of a sentence, as a preposition too."""
_INFINITIVE: Final = re.compile(r"\b(?:zu [a-zäöüß]+|[a-zäöüß]+zu[a-zäöüß]{3,})n$")
"""How 'Kosten zu sparen' ends."""
_MARKS: Final = " .!?…,;:\"'„“”‚‘’«»‹›"
_STOP: Final = re.compile(r"[.!?…](?=\s|$)")
_LONGEST: Final = 420
_CUT: Final = " […]"
_TELLING: Final = 4
"""Words of a quotation that say something alone."""

NameIn = Callable[[str, str], str]
"""(id of an actor, language) -> the name to show."""


def said(
    reports: Iterable[Report],
    actor_id: str,
    known: Known,
    *,
    about: str | None = None,
    window: Window = ALWAYS,
    limit: int,
) -> tuple[StatementView, ...]:
    """What an actor says in reports, each thing once; ``about`` is an actor's name or words."""
    views: list[StatementView] = []
    quotes: set[str] = set()
    shown: set[Span] = set()
    for report in reports:
        if report.item.published.date not in window:
            continue
        wanted = _Wanted(report, actor_id, *_concern(known, report, about))
        found = statement_views(report, known.name, wanted=wanted)
        # A copy says nothing new.
        language = report.reading.language
        for view in sorted(found, key=lambda view: _telling(view, language)):
            again = any(one.overlaps(other) for one in view.spans for other in shown)
            if view.quote.casefold() not in quotes and not again:
                quotes.add(view.quote.casefold())
                shown.update(view.spans)
                views.append(view)
        if len(views) >= limit:
            break
    return tuple(views[:limit])


def said_about(
    reports: Iterable[Report], actor_id: str, known: Known, *, limit: int
) -> tuple[StatementView, ...]:
    """What others say about an actor: of each report the first statement that says enough alone.

    Who is named only towards the end of what is shown, or as where something happens, is not
    what it is about.
    """
    views: list[StatementView] = []
    for report in reports:
        if len(views) == limit:
            break
        named = [
            one.start
            for one in report.reading.mentions
            if one.actor == actor_id
            and one.form is MentionForm.NAME
            and not in_passing(report, one)
            and not only_where(report, one)
        ]
        found = statement_views(report, known.name, wanted=lambda one: one.actor != actor_id)
        telling = (
            view
            for view in found
            if _telling(view, report.reading.language) <= 1
            and any(
                2 * place < one.start + one.end for place in named for one in _held(view, place)
            )
            and all(view.quote != other.quote for other in views)
        )
        views += islice(telling, 1)
    return tuple(views)


def _held(view: StatementView, place: int) -> list[Span]:
    """The spans of a statement that hold a place of its report."""
    return [one for one in view.spans if one.start <= place < one.end]


def clear(said: Sequence[StatementView], limit: int) -> tuple[StatementView, ...]:
    """Of statements in order the first that say enough alone; others only where these are few."""
    weak = {
        view for view in said if any(_telling(view, language) > 1 for language in phrases.LEANING)
    }
    chosen = set(sorted(said, key=lambda view: view in weak)[:limit])
    return tuple(view for view in said if view in chosen)


def _telling(view: StatementView, language: str) -> int:
    """Sort key: a quotation says more than its report in other words; a word or two say little.

    So does what leans on a sentence that is not shown.
    """
    if len(view.quote.split()) < _TELLING or leans(view.quote, language):
        return 2
    return 0 if view.kind is SpeechKind.DIRECT else 1


def _concern(known: Known, report: Report, about: str | None) -> tuple[str | None, tuple[str, ...]]:
    if about is None:
        return None, ()
    found = known.lookup(about).exact
    words = tuple(stems(about, report.reading.language))
    return found[0].id if len(found) == 1 else None, words


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whether a statement is the speaker's, and about an actor or holds words, if any are set."""

    report: Report
    speaker: str
    about: str | None
    words: tuple[str, ...]

    def __call__(self, statement: Statement) -> bool:
        if statement.actor != self.speaker:
            return False
        if self.about is None and not self.words:
            return True
        return any(self._concerns(start, end) for start, end in statement.message)

    def _concerns(self, start: int, end: int) -> bool:
        reading, text = self.report.reading, self.report.item.text
        if self.about and any(
            one.actor == self.about and start <= one.start < end for one in reading.mentions
        ):
            return True
        found = stems(text[start:end], reading.language)
        return bool(self.words) and all(
            any(matches(word, other) for other in found) for word in self.words
        )


def statement_views(
    report: Report, names: NameIn, *, wanted: Callable[[Statement], bool]
) -> list[StatementView]:
    """The statements of a report that ``wanted`` lets through, as far as they can be shown.

    Left out is what nobody known says, what is part of a longer statement of
    the same speaker, what stands in a fragment of a sentence, and half of one
    too long to be shown.
    """
    fragments = [s for s in report.reading.sentences if s.kind is SentenceKind.FRAGMENT]
    places = [mention.start for mention in report.reading.mentions]
    parts = _parts(report.reading.statements)
    views = (
        _statement_view(report, statement, statement.actor, names, places)
        for place, statement in enumerate(report.reading.statements)
        if statement.actor is not None
        and place not in parts
        and wanted(statement)
        and not any(s.start < statement.end and statement.start < s.end for s in fragments)
    )
    return [view for view in views if view is not None]


def _statement_view(
    report: Report, statement: Statement, actor: str, names: NameIn, places: Sequence[int]
) -> StatementView | None:
    item, kind = report.item, statement.kind
    ranges: tuple[tuple[int, int], ...] = _with_stop(report, statement)
    denied = statement.cue and _DENIAL.search(item.text[slice(*statement.cue)])
    half = _half(report, statement)
    # 'Moskau dementiert, dass …': the message alone would say what was denied.
    if denied or half is not _Half.NO:
        whole = _whole_sentences(report, statement)
        if denied or _can_stand_for(report, whole):
            ranges, kind = whole, SpeechKind.INDIRECT
        elif half is _Half.YES:
            return None
    if kind is SpeechKind.INDIRECT and _torn(item.text[ranges[0][0] : ranges[-1][1]]):
        return None
    shown = _beginning(report, ranges)
    rest = "" if shown == tuple(ranges) else _CUT
    return StatementView(
        speaker=names(actor, report.reading.language),
        speaker_id=actor,
        kind=kind,
        quote=" … ".join(
            _bare(text, kind) for text in _named(report, statement, shown, names, places)
        )
        + rest,
        spans=tuple(Span(item.id, item.revision, start, end) for start, end in shown),
        source=item.source_name,
        published=item.published,
        url=item.url,
        via=_medium(report, statement.via, names) if statement.via else None,
    )


def _named(
    report: Report,
    statement: Statement,
    ranges: Sequence[tuple[int, int]],
    names: NameIn,
    places: Sequence[int],
) -> list[str]:
    """The words of ranges; behind the first pronoun for one whom they do not name, the name.

    'Er [Dora Kastner] …': whoever reads the words alone knows of whom they are. ``places`` is
    where the mentions begin.
    """

    def shows(start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in ranges)

    within = [
        mention
        for start, end in ranges
        for mention in report.reading.mentions[
            bisect_left(places, start) : bisect_left(places, end)
        ]
        if mention.actor and mention.end <= end
    ]
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
            after[place] = f" [{names(actor, report.reading.language)}]"
    for start, end in ranges:
        words, at = "", start
        for place in sorted(place for place in after if start < place <= end):
            words, at = words + text[at:place] + after[place], place
        told.append(fold_space(words + text[at:end]))
    return told


class _Half(Enum):
    """Whether a message is half of a sentence, or says little without the whole."""

    NO = auto()
    RATHER = auto()
    YES = auto()


def _half(report: Report, statement: Statement) -> _Half:
    """Say whether a message asks for its sentence: 'dass …', 'kurzfristig zu gehen', „nein“."""
    text = report.item.text
    message = fold_space(" ".join(text[start:end] for start, end in statement.message))
    opening = message.lstrip(_QUOTES)
    indirect = statement.kind is SpeechKind.INDIRECT
    own = [
        s for s in report.reading.sentences if s.start < statement.end and statement.start < s.end
    ]
    clause = opening.partition(" ")[0] in _CLAUSE and (indirect or len(own) <= 1)
    if opening[:1].islower() or clause:
        return _Half.YES
    if len(message.split()) < _FEWEST_WORDS or (indirect and len(statement.message) > 1):
        return _Half.RATHER
    if not indirect or not own or report.reading.language != "de":
        return _Half.NO
    ((low, high),) = statement.message
    start, end = own[0].start, own[-1].end
    rest = text[high:end].strip(_MARKS)
    reported = bool(SUBJUNCTIVE.search(message))
    if _SUBORDINATE.match(opening) or (
        low > start and not reported and _INFINITIVE.search(message)
    ):
        return _Half.YES if rest or low > start else _Half.NO
    # 'X ist weg, sagte Y' has a comma, and reported words have their mood: all else may be torn.
    apart = low == start and (not rest or text[high:end].lstrip().startswith(","))
    return _Half.NO if apart or reported else _Half.RATHER


def _can_stand_for(report: Report, whole: Sequence[tuple[int, int]]) -> bool:
    """Whether the sentences of a message can be shown in its place."""
    ((start, end), *more) = whole
    return not more and end - start <= _LONGEST and not _torn(report.item.text[start:end])


def _with_stop(report: Report, statement: Statement) -> tuple[tuple[int, int], ...]:
    """The ranges of a message; of reported words with the stop that they end before."""
    *before, (start, end) = statement.message
    stop = _STOP.match(report.item.text, end) if statement.kind is SpeechKind.INDIRECT else None
    return (*before, (start, stop.end() if stop else end))


def _torn(words: str) -> bool:
    """Whether a quotation ends in a text that did not begin in it, or the other way round."""
    return sum(words.count(mark) for mark in '„“”"«»') % 2 == 1


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


def _medium(report: Report, via: tuple[int, int], names: NameIn) -> str:
    """The name of a medium: as an actor where it was recognised as one, else its words."""
    for mention in report.reading.mentions:
        if mention.actor and via[0] <= mention.start and mention.end <= via[1]:
            named = names(mention.actor, report.reading.language)
            if mention.form is MentionForm.NAME:
                return named
    text = report.item.text
    quoted = _QUOTED_NAME.search(text, via[0], via[1] + _LONGEST_NAME)
    inside = quoted is not None and quoted.start() < via[1]
    return fold_space(quoted["name"] if quoted and inside else text[slice(*via)])


_LONGEST_NAME = 60
_QUOTED_NAME = re.compile(r"[„“»\"](?P<name>[^„“”«»\"]{2,60})[“”«\"]")
"""The whole name of a medium within quotation marks, of which a reading may know the beginning."""


def _parts(statements: Sequence[Statement]) -> set[int]:
    """The places of the statements that are part of a longer one by the same speaker."""
    found: set[int] = set()
    farthest: dict[str | None, Statement] = {}
    for place in sorted(
        range(len(statements)), key=lambda one: (statements[one].start, -statements[one].end)
    ):
        one = statements[place]
        before = farthest.get(one.actor)
        if before is None or one.end > before.end:
            farthest[one.actor] = one
        elif (one.start, one.end) != (before.start, before.end):
            found.add(place)
    return found


def _bare(words: str, kind: SpeechKind) -> str:
    """A quotation without its own marks: the reader is shown the house's."""
    return words.strip(_QUOTES) if kind is SpeechKind.DIRECT else words
