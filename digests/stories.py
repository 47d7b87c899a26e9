"""Stories: which reports tell of the same event.

A report is boiled down to a :class:`Signature`, small enough to be kept with
it. Two signatures give a similarity in 0..1, calibrated so that 0.5 and more
means the same story; :func:`choose` lets a new report join the best of the
recent stories or none, in time that depends on their number alone, not on the
archive. Pure: values in, values out.

Method. Words and actors, weighted by rarity and by how early they stand (news
puts first what matters), are compared by their character n-grams, which see
through German compounds and spellings (McNamee & Mayfield, Information
Retrieval 2004). What the opening of one report says is looked for in the
other. Reports of one event lie near in time, so distance in time counts
against. Near-verbatim copies are found by sampled shingles (Broder 1997).
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from heapq import nsmallest
from zlib import crc32

from digests import words
from digests.heading import headline_end
from digests.kickers import title
from digests.particulars import particulars
from digests.standing import Standing, cite, standing
from digests.types import (
    ActorKind,
    CitedSentence,
    MentionForm,
    Precision,
    Report,
)

_FORMAT = 1
_TERMS = 80  # keys kept of a report
_OPENING = 12  # keys of its opening: a headline's worth, with the start of the first sentence
_FADE = 60.0  # keys after which a mention weighs about half
_GRAM = 5
_SHINGLE = 3  # content words
_SKETCH = 64

_ALL, _OWN, _START = 0.3, 0.3, 0.4  # shares of the text, of its words without names, of the opening
_SLOPE, _MIDDLE = 12.0, 0.12  # of the logistic curve from likeness to similarity
_PER_DAY = 0.25  # what a day apart costs, in logits, after the first
_PER_DAY_OF_STORY = 0.1  # the same for the days from the farthest report of a story
_FAR = 45  # days beyond which nothing is the same story
_OWN_WORDS = 0.05  # how alike two texts must be in words other than names
_COPY = 0.6  # of the shingles of the shorter text
_COPIED = 0.95  # similarity of copies
_REPRINTED = 3  # days within which a copy is one; later ones repeat background

# What is known before the archive can tell: of so many reports, this many hold a common word,
# a given actor, a given state. The archive's own counts outgrow it.
_PRIOR = 20
_COMMON_WORD, _COMMON_ACTOR, _COMMON_STATE = 5, 3, 7

JOIN = 0.53
"""What a story must reach for a report to join it: more than even, as among many reports of one
time some are alike by chance, and a wrong member draws in others."""

JOIN_VAGUE = 0.85
"""The same where the day is not known of both: words must be clearer."""

_BRIDGED = 0.4  # how alike two stories must be that a report shows to be one
_BRIDGED_MEMBERS = 6  # and how many reports they may have together

_UNLIKE = 0.05  # likeness by whole keys under which reports are not compared any closer
# How alike the actors of two reports must be that share no other word, how much less for each
# word shared, and at the least; and the same where they speak of other places, or of no day.
_NAMES = 0.45, 0.05, 0.2
_NAMES_ELSEWHERE = 0.7, 0.04, 0.3
_ON_THE_MAP = (ActorKind.STATE, ActorKind.PLACE)
_MEMBERS = 6  # of a long story, the reports nearest in time that a new one is held against


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many reports of the archive a stem or an actor occurs: what makes it common.

    With an empty archive only what is common in all news is told from the
    rest; the counts take over as it grows.
    """

    documents: int = 0
    stems: Mapping[str, int] = field(default_factory=dict)
    actors: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def count(cls, reports: Iterable[Report]) -> Frequencies:
        """Count the frequencies of ``reports``."""
        documents = 0
        stems: Counter[str] = Counter()
        actors: Counter[str] = Counter()
        for report in reports:
            documents += 1
            stems.update(report.reading.terms.keys())
            actors.update({m.actor for m in report.reading.mentions if m.actor is not None})
        return cls(documents, stems, actors)

    def stem_weight(self, stem: str, language: str) -> float:
        """Return how rare ``stem`` is, 0 (everywhere) to 1 (never seen)."""
        often = _COMMON_WORD if words.common(stem, language) else 0
        return self._weight(self.stems.get(stem, 0) + often)

    def actor_weight(self, actor: str, kind: ActorKind = ActorKind.PERSON) -> float:
        """Return how rare ``actor`` is, 0 (everywhere) to less than 1 (never seen)."""
        often = _COMMON_STATE if kind is ActorKind.STATE else _COMMON_ACTOR
        return self._weight(self.actors.get(actor, 0) + often)

    def _weight(self, count: int) -> float:
        size = self.documents + _PRIOR
        return max(0.0, math.log(size / (count + 1)) / math.log(size))


NO_FREQUENCIES = Frequencies()


@dataclass(frozen=True)
class Signature:
    """What of a report is needed to tell its story from others.

    ``terms`` and ``opening`` map keys to weights: a stem, or ``@`` and an actor
    id. ``sketch`` holds the smallest hashes of the shingles of its text, and
    ``shingles`` how many there are in all. ``published`` is the day of
    publication, ``slack`` the days by which it may be later (a month, a year);
    None where the report is undated. ``dates`` are the days it speaks of, ``places``
    the ids of the states and places it names.
    """

    language: str
    published: date | None
    slack: int
    terms: Mapping[str, float]
    opening: Mapping[str, float]
    sketch: tuple[int, ...]
    shingles: int
    dates: tuple[date, ...] = ()
    places: frozenset[str] = frozenset()

    def to_json(self) -> str:
        """Return the signature as JSON text."""
        return json.dumps(
            {
                "format": _FORMAT,
                "language": self.language,
                "published": self.published.isoformat() if self.published else None,
                "slack": self.slack,
                "terms": self.terms,
                "opening": self.opening,
                "sketch": self.sketch,
                "shingles": self.shingles,
                "dates": [day.isoformat() for day in self.dates],
                "places": sorted(self.places),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Signature:
        """Read what :meth:`to_json` wrote; raises ValueError for another format."""
        value = json.loads(text)
        if value.get("format") != _FORMAT:
            raise ValueError(f"signature format {value.get('format')!r}, not {_FORMAT}")
        published = value["published"]
        return cls(
            language=value["language"],
            published=date.fromisoformat(published) if published else None,
            slack=value["slack"],
            terms=value["terms"],
            opening=value["opening"],
            sketch=tuple(value["sketch"]),
            shingles=value["shingles"],
            dates=tuple(map(date.fromisoformat, value["dates"])),
            places=frozenset(value.get("places", ())),
        )

    @cached_property
    def length(self) -> float:
        """The Euclidean length of the terms."""
        return math.sqrt(math.fsum(weight * weight for weight in self.terms.values()))

    @cached_property
    def grams(self) -> _Vector:
        """The n-grams of all terms."""
        return _Vector.of(self.terms)

    @cached_property
    def own_grams(self) -> _Vector:
        """The n-grams of the terms that are no names of actors."""
        return _Vector.of({key: w for key, w in self.terms.items() if not key.startswith("@")})

    @cached_property
    def opening_grams(self) -> _Vector:
        """The n-grams of the opening."""
        return _Vector.of(self.opening)


@dataclass(frozen=True, slots=True)
class _Vector:
    """Weights of character n-grams, of unit length."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, keys: Mapping[str, float]) -> _Vector:
        """Spread the weight of each key over its n-grams; an actor's over the parts of the name."""
        grams: defaultdict[str, float] = defaultdict(float)
        for word, weight in _words_of(keys).items():
            padded = f" {word} "
            parts = [padded[n : n + _GRAM] for n in range(max(1, len(padded) - _GRAM + 1))]
            for part in parts:
                grams[part] += weight / math.sqrt(len(parts))
        length = math.sqrt(sum(weight * weight for weight in grams.values()))
        return cls({gram: weight / length for gram, weight in grams.items()} if length else {})

    def cosine(self, other: _Vector) -> float:
        small, large = sorted((self.weights, other.weights), key=len)
        return math.fsum(weight * large[gram] for gram, weight in small.items() if gram in large)


def _words_of(keys: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, weight in keys.items():
        for word in key[1:].split("-") if key.startswith("@") else (key,):
            found[word] = max(weight, found.get(word, 0.0))
    return found


def signature(report: Report, frequencies: Frequencies = NO_FREQUENCIES) -> Signature:
    """Return the signature of ``report``, its words weighted by their ``frequencies``."""
    keys = _keys(report)
    weights: defaultdict[str, float] = defaultdict(float)
    for position, key in enumerate(keys):
        weights[key] += 0.3 + 0.7 * math.exp(-position / _FADE)

    kinds = {mention.actor: mention.kind for mention in report.reading.mentions}

    def rarity(key: str) -> float:
        if key.startswith("@"):
            return frequencies.actor_weight(key[1:], kinds[key[1:]])
        return frequencies.stem_weight(key, report.reading.language)

    terms = {
        key: round((weight if weight < 1 else 1 + math.log(weight)) * rarity(key), 3)
        for key, weight in weights.items()
    }
    kept = sorted(terms.items(), key=lambda pair: (-pair[1], pair[0]))[:_TERMS]
    sketch, shingles = _sketch(report)
    published, slack = _day(report)
    return Signature(
        language=report.reading.language,
        published=published,
        slack=slack,
        terms=dict(kept),
        opening={key: round(rarity(key), 3) for key in keys[:_OPENING]},
        sketch=sketch,
        shingles=shingles,
        dates=_dates(report),
        places=_places(report),
    )


def _keys(report: Report) -> list[str]:
    """Return stems and actors in the order of the text."""
    reading = report.reading
    found = words.key_words(report.item.text, reading.sentences, reading.mentions, reading.language)
    placed = [(word.start, word.stem) for word in found]
    placed += [
        (mention.start, f"@{mention.actor}")
        for mention in reading.mentions
        if mention.actor is not None and mention.form is not MentionForm.PRONOUN
    ]
    return [key for _, key in sorted(placed)]


def _sketch(report: Report) -> tuple[tuple[int, ...], int]:
    """Return the smallest hashes of the shingles of the text below the title, and their number."""
    item = report.item
    found = words.stems(item.text[item.title_end :], report.reading.language)
    hashes = {
        crc32(" ".join(found[n : n + _SHINGLE]).encode()) for n in range(len(found) - _SHINGLE + 1)
    }
    return tuple(nsmallest(_SKETCH, hashes)), len(hashes)


def _day(report: Report) -> tuple[date | None, int]:
    published = report.item.published
    slack = {Precision.MONTH: 30, Precision.YEAR: 365}.get(published.precision, 0)
    return (published.at.date() if published.at else None), slack


def _dates(report: Report) -> tuple[date, ...]:
    days = {event.date.first_day for event in report.reading.events if event.date.day}
    return tuple(sorted(days))


def _places(report: Report) -> frozenset[str]:
    """Return where it happened, perhaps: states and places by their names, not 'russisch'."""
    return frozenset(
        mention.actor
        for mention in report.reading.mentions
        if mention.actor is not None
        and mention.kind in _ON_THE_MAP
        and mention.form is MentionForm.NAME
    )


def similarity(a: Signature, b: Signature) -> float:
    """Return how surely two reports tell the same story: 0..1, 0.5 and more is the same.

    Symmetric; 1 for equal signatures; 0 across languages. The curve from
    likeness to similarity is the only thing calibrated on labelled pairs.
    """
    if a == b:
        return 1.0
    if a.language != b.language:
        return 0.0
    apart = _days_apart(a, b)
    if apart <= _REPRINTED and is_copy(a, b):
        return _COPIED
    if apart > _FAR:
        return 0.0
    own = a.own_grams.cosine(b.own_grams)
    start = (a.opening_grams.cosine(b.grams) + b.opening_grams.cosine(a.grams)) / 2
    likeness = _ALL * a.grams.cosine(b.grams) + _OWN * own + _START * start
    logit = _SLOPE * (likeness - _MIDDLE) - _PER_DAY * max(0, apart - 1)
    if own < _OWN_WORDS:
        logit = min(logit, -0.1)  # the same names, but not the same matter
    return 1 / (1 + math.exp(-logit))


def _days_apart(a: Signature, b: Signature) -> int:
    """Return the days between two reports, at the least; 0 where that is unknown."""
    if a.published is None or b.published is None:
        return 0
    first, second = sorted((a, b), key=lambda s: (s.published or date.min, s.slack))
    assert first.published is not None
    assert second.published is not None
    latest = first.published + timedelta(days=first.slack)
    return max(0, (second.published - latest).days)


def is_copy(a: Signature, b: Signature) -> bool:
    """Say whether one text is, nearly word for word, the other or a part of it.

    The sampled shingles of both are compared at the coarser of their two
    sampling rates, so a shortened agency text is found in the long one.
    """
    limits = [s.sketch[-1] for s in (a, b) if s.shingles > len(s.sketch)]
    limit = min(limits, default=2**32)
    first = {value for value in a.sketch if value <= limit}
    second = {value for value in b.sketch if value <= limit}
    smaller = min(len(first), len(second))
    return smaller >= 8 and len(first & second) >= _COPY * smaller


def choose(
    new: Signature,
    candidates: Sequence[tuple[int, Signature]],
    *,
    join: float = JOIN,
    join_vague: float = JOIN_VAGUE,
) -> tuple[int, ...]:
    """Return the ids of the stories that ``new`` belongs to: none if it opens one, else the best.

    More follow where ``new`` shows that several are one: it belongs to each of them, they
    are alike, and both have few members (the first reports of an event are often too short
    to find each other).

    ``candidates`` are the member signatures of recent stories, each with the id
    of its story, in any order. A story's score is the mean of its best member
    and of its members at large (the nearest in time of a long one), so that a
    chain of reports, each a little like the last, does not run away; nor does it
    in time, as the days from its farthest member count against a story too. Of
    equal stories the one with the lowest id is taken.
    """
    members: defaultdict[int, list[Signature]] = defaultdict(list)
    for story, candidate in candidates:
        members[story].append(candidate)
    scores = {
        story: _score(new, signatures, join, join_vague) for story, signatures in members.items()
    }
    fitting = {story: score for story, score in scores.items() if score is not None}
    ranked = sorted(fitting, key=lambda story: (-fitting[story], story))
    if not _has_day(new):
        return tuple(ranked[:1])
    found: list[int] = []
    whole: list[Signature] = []
    for story in ranked:
        if not found or _are_one(whole, members[story]):
            found.append(story)
            whole += members[story]
    return tuple(found)


def _score(
    new: Signature, signatures: Sequence[Signature], join: float, join_vague: float
) -> float | None:
    """Return how surely a report is of the story of these members; None where it is not."""
    near = nsmallest(_MEMBERS, signatures, key=lambda s: (_days_apart(new, s), _order(s)))
    if not any(_shared_matter(new, one) for one in near):
        return None
    if all(_glimpse(new, one) < _UNLIKE for one in near):
        return None
    span = max(_days_apart(new, one) for one in signatures)
    score = _aged(_at_large(similarity(new, one) for one in near), span)
    least = join if _has_day(new) and any(map(_has_day, near)) else join_vague
    belongs = score >= least or any(
        is_copy(new, one) and _days_apart(new, one) <= _REPRINTED for one in near
    )
    return score if belongs else None


def _are_one(some: Sequence[Signature], others: Sequence[Signature]) -> bool:
    """Say whether two stories that one report belongs to are the same."""
    if len(some) + len(others) > _BRIDGED_MEMBERS:
        return False
    return _at_large(similarity(one, other) for one in some for other in others) >= _BRIDGED


def _at_large(similarities: Iterable[float]) -> float:
    """Return the mean of the best of some similarities and of their mean."""
    found = list(similarities)
    return (max(found) + math.fsum(found) / len(found)) / 2


def _aged(score: float, days: int) -> float:
    """Return a story's score for a report so many days from the farthest of its members."""
    return score / (score + (1 - score) * math.exp(_PER_DAY_OF_STORY * max(0, days - 1)))


def _glimpse(a: Signature, b: Signature) -> float:
    """Return the cosine of two signatures by whole keys: cheap, and low for nearly all pairs."""
    small, large = sorted((a, b), key=lambda s: len(s.terms))
    other = large.terms
    dot = math.fsum(weight * other[key] for key, weight in small.terms.items() if key in other)
    return dot / (a.length * b.length) if dot else 0.0


def _has_day(signature: Signature) -> bool:
    return signature.published is not None and not signature.slack


def _shared_matter(a: Signature, b: Signature) -> bool:
    """Say whether two reports share enough to be joined, however alike they look as a whole.

    Two short reports of different events look alike through the frame of the
    news ('Präsident X ist in Y eingetroffen'): the fewer words of their own they
    share, the more their actors must be the same, and all the more where both
    name places and none in common, or where a day is missing that tells them apart.
    """
    if is_copy(a, b):
        return True
    own = math.fsum(
        min(weight, b.terms[key])
        for key, weight in a.terms.items()
        if key in b.terms and not key.startswith("@")
    )
    elsewhere = a.places and b.places and a.places.isdisjoint(b.places)
    dated = _has_day(a) and _has_day(b)
    most, per_word, least = _NAMES if dated and not elsewhere else _NAMES_ELSEWHERE
    return _names_cosine(a, b) >= max(least, most - per_word * own)


def _names_cosine(a: Signature, b: Signature) -> float:
    """Return how alike the actors of two reports are, 0..1; 1 where neither names any."""
    first, second = (
        {key: weight for key, weight in one.terms.items() if key.startswith("@")} for one in (a, b)
    )
    if not first and not second:
        return 1.0
    shared = math.fsum(weight * second.get(key, 0.0) for key, weight in first.items())
    return shared / (math.hypot(*first.values()) * math.hypot(*second.values()) or 1.0)


def _order(signature: Signature) -> tuple[date, tuple[int, ...]]:
    """Return what puts signatures in the same order however they came."""
    return signature.published or date.max, signature.sketch


class Likeness:
    """How alike reports are: each is looked at once, and each two are compared once."""

    def __init__(self) -> None:
        self._signatures: dict[tuple[int, int], Signature] = {}
        self._pairs: dict[frozenset[tuple[int, int]], float] = {}

    def __len__(self) -> int:
        """How much is kept: reports, and pairs of them."""
        return len(self._signatures) + len(self._pairs)

    def __call__(self, one: Report, other: Report) -> float:
        """The :func:`similarity` of two revisions of different reports."""
        pair = frozenset((_revision(one), _revision(other)))
        if pair not in self._pairs:
            self._pairs[pair] = similarity(self._signature(one), self._signature(other))
        return self._pairs[pair]

    def _signature(self, report: Report) -> Signature:
        key = _revision(report)
        if key not in self._signatures:
            self._signatures[key] = signature(report)
        return self._signatures[key]


def _revision(report: Report) -> tuple[int, int]:
    return report.item.id, report.item.revision


def lead(reports: Sequence[Report], alike: Likeness | None = None) -> Report:
    """Return the report that stands for a story: the one most like the others.

    Of equal ones the earliest is taken, the undated last. ``alike`` knows those
    that were compared before. Raises ValueError if there is none.
    """
    if not reports:
        raise ValueError("a story has reports")
    compare = Likeness() if alike is None else alike

    def rank(index: int) -> tuple[float, ...]:
        likeness = math.fsum(
            compare(reports[index], other) for place, other in enumerate(reports) if place != index
        )
        at = reports[index].item.published.at
        return (
            -round(likeness, 6),
            at is None,
            at.timestamp() if at else 0.0,
            reports[index].item.id,
        )

    return reports[min(range(len(reports)), key=rank)]


def arrival(report: Report) -> tuple[bool, float, int]:
    """Return what sorts reports by publication, the undated last."""
    at = report.item.published.at
    return at is None, at.timestamp() if at else 0.0, report.item.id


def headline(reports: Sequence[Report], alike: Likeness | None = None) -> CitedSentence:
    """Return what heads a story: the title of its lead report, or of the next one that has any.

    A title as of :func:`digests.kickers.title`; of titles that differ by a number the latest
    counts ('zwölf Tote', '31 Tote'). Where no report has one it is the first
    sentence that can stand alone, up to :func:`digests.heading.headline_end`, and if there is
    none, the beginning of the lead report. ``alike`` as in :func:`lead`. Raises ValueError
    where there is no report.
    """
    first = lead(reports, alike)
    ranked = [first, *sorted((r for r in reports if r is not first), key=arrival)]
    for report in ranked:
        if report.item.title.strip():
            return title(_brought_up_to_date(report, ranked))
    found = (
        (report, one, headline_end(report, one.start, one.end))
        for report in ranked
        for sentence in report.reading.sentences
        if (one := standing(report, sentence)) is not None
    )
    shown = sorted(found, key=lambda heading: not _heads(*heading[1:]))
    if shown:
        report, one, end = shown[0]
        end = end if _heads(one, end) else one.end
        return cite(report, one.start, end, lead=one.lead, speaker=one.speaker)
    text, opening = first.item.text, next(iter(first.reading.sentences), None)
    start, end = (opening.start, opening.end) if opening else (0, len(text))
    if end - start > _LONGEST_HEAD:
        place = text.rfind(" ", start, start + _LONGEST_HEAD)
        end = place if place > start else start + _LONGEST_HEAD
    return cite(first, start, end)


def _brought_up_to_date(report: Report, reports: Sequence[Report]) -> Report:
    """Return the report whose title tells what that of ``report`` tells, with the last number."""
    told = particulars(report, 0, report.item.title_end)
    if not told.numbers:
        return report
    later = (
        other
        for other in reports
        if arrival(other) > arrival(report)
        and other.item.published.at is not None
        and particulars(other, 0, other.item.title_end).recount(told)
        and _alike(report, other)
    )
    return max(later, key=arrival, default=report)


def _alike(one: Report, other: Report) -> bool:
    a, b = _title_stems(one), _title_stems(other)
    return len(a & b) >= _SAME_TITLE * math.sqrt(len(a) * len(b)) > 0


def _title_stems(report: Report) -> frozenset[str]:
    language = report.reading.language
    return frozenset(words.content(words.stems(report.item.title, language), language))


_SAME_TITLE = 0.5  # cosine of the words of two titles that tell the same
_LONGEST_HEAD = 300  # characters of the beginning of a report that heads it
_HEADS = 0.75  # how well a sentence must read alone to be a headline


def _heads(one: Standing, end: int) -> bool:
    """Say whether a sentence up to ``end`` needs nobody's name beside it to head a story."""
    shorter = math.sqrt((one.end - one.start) / max(1, end - one.start))
    return not one.lead and one.speaker is None and one.quality * shorter >= _HEADS
