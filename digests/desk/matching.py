"""Which items match words or a topic: full-text candidates from the store, then a strict check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from digests.desk.views import fold_space
from digests.store import Session, archive
from digests.topics import matches as topic_matches
from digests.types import Reading, Report, Target, TargetKind, Topic
from digests.words import Query, fold, matches, query, stems
from digests.words import words as words_of

_CANDIDATES: Final = 2000
_AT_ONCE: Final = 100
_STEMS: Final = 400  # that a word is looked for by
_LANGUAGES: Final = ("de", "en")


def full_text(
    session: Session, words: str, *, limit: int, within: archive.Filter | None = None
) -> list[int]:
    """Items that hold every content word of ``words``, or a compound or inflection of it.

    Best first, of those alone that ``within`` lets through.
    """
    among = archive.filtered(session, within) if within else None
    return archive.search(session, _groups(session, words), limit, among)


def _groups(session: Session, words: str) -> list[list[str]]:
    """For each content word the stems of the archive that it finds."""
    groups = []
    for word in dict.fromkeys(fold_space(words).split(" ")):
        found = {stem for language in _LANGUAGES for stem in stems(word, language)}
        if found:
            nouns = _in_archive(session, noun) if (noun := noun_of(word)) else set()
            groups.append(sorted(found | _in_archive(session, word) | nouns))
    return groups


def topic_items(session: Session, topic: Topic, *, limit: int | None = None) -> list[int]:
    """Items that match a topic, newest first."""
    candidates: set[int] = set()
    for term in (*topic.terms, *topic.phrases):
        alternatives = sorted(_runs(session, term))
        candidates.update(archive.search(session, [alternatives], _CANDIDATES, newest=True))
    for actor in topic.actors:
        target = Target(TargetKind.ACTOR, actor)
        candidates.update(archive.item_ids(session, target, limit=_CANDIDATES))
    matching = _matching(session, topic, sorted(candidates, reverse=True))
    return list(islice(matching, limit))


def _matching(session: Session, topic: Topic, item_ids: Sequence[int]) -> Iterator[int]:
    """Those of items that match a topic, in order; read by and by."""
    for start in range(0, len(item_ids), _AT_ONCE):
        some = item_ids[start : start + _AT_ONCE]
        if topic.actors:
            reports = archive.reports(session, some)
            yield from (one.item.id for one in reports if matches_report(topic, one))
        else:  # words are all that counts: a reading takes ten times as long to unpack
            for item_id, text, language in archive.wordings(session, some):
                if topic_matches(topic, text, Reading(language)):
                    yield item_id


def _runs(session: Session, entry: str) -> set[str]:
    """What the index is asked for an entry of a topic, as :func:`digests.topics.matches` reads it.

    A word by every stem that it finds, several as a run of stems.
    """
    found: set[str] = set()
    for language in _LANGUAGES:
        held = list(words_of(entry, language))
        if len(held) > 1:
            found.add(" ".join(word.stem for word in held))
        elif held:
            written = entry[held[0].start : held[0].end]
            found |= {held[0].stem} | _in_archive(session, written)
    return found


def matches_report(topic: Topic, report: Report) -> bool:
    """Whether a report matches a topic."""
    return topic_matches(topic, report.item.text, report.reading)


_VERB: Final = re.compile(r"(\w{6,})ier(?:en|t|te[mnrst]?|ung|ungen|end(?:e[mnrs]?)?)")


def noun_of(word: str) -> str | None:
    """What a verb on -ieren is made of: 'sanktion' of 'sanktioniert'; None for other words."""
    match = _VERB.fullmatch(fold(word))
    return match[1] if match else None


def _in_archive(session: Session, word: str) -> set[str]:
    """The stems of the archive that a word finds; of very many those in most items."""
    found: set[str] = set()
    for wanted in {query(word, language) for language in _LANGUAGES}:
        for part in {wanted.stem, wanted.modifier}:
            found.update(
                term for term in archive.known_stems(session, part) if _finds(wanted, term)
            )
    if len(found) > _STEMS:
        held = archive.stem_frequencies(session, found)
        return set(sorted(found, key=lambda stem: (-held.get(stem, 0), stem))[:_STEMS])
    return found


def _finds(wanted: Query, term: str) -> bool:
    return matches(wanted.stem, term, modifier=wanted.modifier)
