"""Summaries: the sentences of reports that an editor would show, each cited.

Pure and extractive: reports in, spans of them out. A sentence is shown only if
it can stand alone, or can be made to by a name in brackets; a claim is never
shown without the one who makes it. Among those, sentences are ranked by how
central they are (near the centroid of all; Radev et al. 2004), how early they
stand and how much they are about the target, and taken in that order if they
do not repeat one taken before or what was shown before.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter

from digests import words
from digests.particulars import Particulars, particulars
from digests.passing import in_passing
from digests.standing import NO_NAMES, Names, Standing, cite, folded, standing
from digests.types import (
    CitedSentence,
    Published,
    Report,
    Sentence,
    SentenceKind,
    Span,
    Statement,
)

_REPEATS = 0.6  # likeness from which on a sentence repeats another
_FILLER = 0.5  # share of the best sentence's worth below which one is not worth showing
OTHER_MATTER = 0.3
"""How much a sentence is about a target that it does not touch."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be shown, with what it is ranked by."""

    report: Report
    standing: Standing
    place: int
    """How many sentences of prose stand before it in the report."""
    stems: frozenset[str]
    about: float = 1.0
    """How much it is about the target: 1, or less."""
    weight: float = 1.0
    """How much it counts for what is central."""

    @property
    def span(self) -> Span:
        """The stretch of its report that is shown."""
        item = self.report.item
        return Span(item.id, item.revision, self.standing.start, self.standing.end)

    @property
    def particulars(self) -> Particulars:
        """What it tells in particular."""
        return particulars(self.report, self.standing.start, self.standing.end)

    @property
    def cited(self) -> CitedSentence:
        """The sentence as it is shown."""
        here = self.standing
        return cite(self.report, here.start, here.end, lead=here.lead, speaker=here.speaker)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or statement of a report by the words that it is compared by."""

    words: frozenset[str]
    report: Report
    part: Sentence | Statement

    @classmethod
    def of(cls, report: Report, part: Sentence | Statement, language: str) -> Said:
        """All of a part, in the stems of a language."""
        return cls(
            frozenset(stems_of(report.item.text[part.start : part.end], language)), report, part
        )

    @property
    def particulars(self) -> Particulars:
        """What it tells in particular."""
        return particulars(self.report, self.part.start, self.part.end)


def summarise(
    reports: Sequence[Report],
    *,
    target_actor: str | None = None,
    target_stems: Sequence[str] = (),
    sentences: int = 3,
    characters: int | None = None,
    seen: Sequence[str] = (),
    names: Names = NO_NAMES,
) -> tuple[CitedSentence, ...]:
    """Return up to ``sentences`` sentences of ``reports``, ordered by publication and place.

    ``target_actor`` (an id) and ``target_stems`` (stems as of
    :func:`digests.words.stem`) say what the summary is about; ``seen`` are the
    texts shown before, which are not repeated; ``characters`` bounds the summed
    length of the texts. ``names`` gives the display names of actors. Fewer come
    back where no more can stand alone; the spans never overlap.
    """
    found = [
        candidate
        for report in reports
        for candidate in candidates(report, target_actor, target_stems, names)
    ]
    return shown(select(found, sentences, characters=characters, seen=seen))


def shown(chosen: Iterable[Candidate]) -> tuple[CitedSentence, ...]:
    """Return chosen candidates as they are shown, in their :func:`order`."""
    return tuple(candidate.cited for candidate in sorted(chosen, key=order))


def order(candidate: Candidate) -> tuple[bool, float, int, int]:
    """Return what sorts candidates by publication (undated last), report and place."""
    item = candidate.report.item
    published: Published = item.published
    at = published.at.timestamp() if published.at else 0.0
    return published.at is None, at, item.id, candidate.standing.start


def candidates(
    report: Report,
    target_actor: str | None = None,
    target_stems: Sequence[str] = (),
    names: Names = NO_NAMES,
) -> Iterator[Candidate]:
    """Yield the sentences of ``report`` that can be shown alone, each stretch once."""
    shown: set[tuple[int, int]] = set()
    for place, sentence in enumerate(report.reading.sentences):
        found = candidate(report, place, sentence, names)
        if found is None or (found.standing.start, found.standing.end) in shown:
            continue
        shown.add((found.standing.start, found.standing.end))
        here = found.standing
        yield replace(found, about=about(report, here.start, here.end, target_actor, target_stems))


def candidate(
    report: Report, place: int, sentence: Sentence, names: Names = NO_NAMES
) -> Candidate | None:
    """Return the sentence at ``place`` of a report as a candidate, or None if it cannot stand."""
    found = standing(report, sentence, names)
    if found is None:
        return None
    text = folded(report, found.start, found.end)
    before = sum(one.kind is SentenceKind.PROSE for one in report.reading.sentences[:place])
    return Candidate(report, found, before, frozenset(stems_of(text, report.reading.language)))


def stems_of(text: str, language: str) -> list[str]:
    """Return the stems by which sentences are compared: content words without news words."""
    return words.content(words.stems(text, language), language)


def about(
    report: Report,
    start: int,
    end: int,
    target_actor: str | None = None,
    target_stems: Sequence[str] = (),
) -> float:
    """Return how much the stretch ``[start, end)`` is about a target: 1, or less.

    An actor counts who is mentioned, by whatever form but :func:`in_passing`, or speaks;
    words count by their stems. Without a target everything is about it.
    """
    if target_actor is None and not target_stems:
        return 1.0
    reading = report.reading
    if target_actor is not None:
        if any(
            statement.actor == target_actor and statement.start < end and start < statement.end
            for statement in reading.statements
        ):
            return 1.0
        places = (
            mention.start
            for mention in reading.mentions
            if mention.actor == target_actor
            and start <= mention.start
            and mention.end <= end
            and not in_passing(report, mention)
        )
        if (place := next(places, None)) is not None:
            return 1.0 if place - start < (end - start) / 2 else 0.8
    compounds = reading.language != "en"
    hit = any(
        words.matches(query, stem, compounds=compounds)
        for stem in (
            words.stems(report.item.text[start:end], reading.language) if target_stems else ()
        )
        for query in target_stems
    )
    return 1.0 if hit else OTHER_MATTER


def select(
    found: Sequence[Candidate],
    count: int,
    *,
    characters: int | None = None,
    seen: Sequence[str] = (),
    around: Sequence[Candidate] = (),
) -> list[Candidate]:
    """Choose up to ``count`` candidates, best first, none repeating another or ``seen``.

    Fewer are chosen where the rest is worth less than half of the best. A candidate
    is worth how near it is to the centroid of all of them and of those ``around`` them that
    are not to be chosen (each by its weight), how early it stands, how well it reads and how
    much it is about the target; if any is about it, one of those is among the chosen.
    ``characters`` bounds the summed length of the spans.
    """
    counts: Counter[str] = Counter()
    centroid: defaultdict[str, float] = defaultdict(float)
    for one in chain(found, around):
        counts.update(one.stems)
        for stem in one.stems:
            centroid[stem] += one.weight
    size = len(found) + len(around)
    rarity = {stem: 0.3 + math.log((size + 1) / n) for stem, n in counts.items()}
    language = found[0].report.reading.language if found else ""
    known = [frozenset(stems_of(text, language)) for text in seen]
    room = math.inf if characters is None else float(characters)
    chosen: list[Candidate] = []

    def worth(one: Candidate) -> float:
        return _centrality(one.stems, centroid, rarity) * _worth(one)

    # Sorted by order first: of equals the earlier report and sentence is taken.
    ranked = sorted(
        ((worth(one), one) for one in sorted(found, key=order)), key=itemgetter(0), reverse=True
    )
    # What is asked for comes first, however little the rest of a report is about it.
    to_the_point = next((pair for pair in ranked if pair[1].about > OTHER_MATTER), None)
    if to_the_point is not None:
        ranked = [to_the_point, *(pair for pair in ranked if pair is not to_the_point)]
    least = max((value for value, _ in ranked), default=0.0) * _FILLER
    for number, (value, one) in enumerate(ranked):
        if len(chosen) >= count or (number and value < least):
            break
        length = one.standing.end - one.standing.start
        if length <= room and not _repeats(one, chosen, known, rarity):
            chosen.append(one)
            room -= length
    return chosen


def unsaid(found: Iterable[Candidate], told: Sequence[Report]) -> list[Candidate]:
    """Return the candidates that repeat no sentence of the reports ``told``.

    Each is looked at for itself. What is alike but for a number, a day or a name repeats nothing.
    """
    known: dict[str, list[Said]] = {}
    left = []
    for one in found:
        language = one.report.reading.language
        if language not in known:
            known[language] = [
                Said.of(report, part, language)
                for report in told
                for part in report.reading.sentences
            ]
        alike = (said for said in known[language] if _alike(one.stems, said.words))
        if all(one.particulars.replace(said.particulars) for said in alike):
            left.append(one)
    return left


def current(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those whose numbers a later report brings up to date."""
    of_one_matter: defaultdict[object, list[tuple[Candidate, Particulars]]] = defaultdict(list)
    for one in found:
        if (told := one.particulars).numbers:
            of_one_matter[told.days, told.names].append((one, told))
    past = {
        one.span
        for members in of_one_matter.values()
        for one, told in members
        for other, newer in members
        if newer.replace(told) and _is_later(other, one) and _alike(one.stems, other.stems)
    }
    return [one for one in found if one.span not in past]


def _is_later(one: Candidate, other: Candidate) -> bool:
    at, before = one.report.item.published.at, other.report.item.published.at
    return at is not None and before is not None and at > before


def _alike(stems: frozenset[str], others: frozenset[str]) -> bool:
    # Two sentences alone: each of their words is as rare as the others.
    return _likeness(stems, others, dict.fromkeys(stems, 0.3 + math.log(2))) >= _REPEATS


def _centrality(
    stems: frozenset[str], centroid: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """Return the cosine of a sentence with the centroid, up to a factor equal for all."""
    length = math.sqrt(math.fsum(rarity[stem] ** 2 for stem in stems))
    near = math.fsum(centroid[stem] * rarity[stem] ** 2 for stem in stems)
    return near / length if length else 0.0


def _worth(candidate: Candidate) -> float:
    early = 0.3 + 0.7 * math.exp(-candidate.place / 6)
    return candidate.about * candidate.standing.quality * early


def _repeats(
    candidate: Candidate,
    others: Sequence[Candidate],
    known: Iterable[frozenset[str]],
    rarity: Mapping[str, float],
) -> bool:
    """Say whether a sentence was said already: by ``others``, or in ``known`` stems."""
    return any(candidate.span.overlaps(other.span) for other in others) or any(
        _likeness(candidate.stems, stems, rarity) >= _REPEATS
        for stems in (*known, *(other.stems for other in others))
    )


def _likeness(a: frozenset[str], b: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Return the cosine of two sentences as sets of stems, weighted or not: the higher.

    What all of a report's sentences tell of weighs little, yet one that tells it again repeats.
    """
    if a == b:
        return 1.0
    common = a & b
    if not common:
        return 0.0
    shared = math.fsum(rarity.get(stem, 1.0) ** 2 for stem in common)
    lengths = (math.sqrt(math.fsum(rarity.get(stem, 1.0) ** 2 for stem in side)) for side in (a, b))
    return max(shared / math.prod(lengths), len(common) / math.sqrt(len(a) * len(b)))
