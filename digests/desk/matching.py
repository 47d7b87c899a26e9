"""Which items match words or a topic: full-text candidates from the store, then a strict check."""

from __future__ import annotations

from typing import Final

from digests.desk.views import fold_space
from digests.store import Session, archive
from digests.topics import matches as topic_matches
from digests.types import Report, Target, TargetKind, Topic
from digests.words import Query, matches, query, stems

_CANDIDATES: Final = 2000
_LANGUAGES: Final = ("de", "en")


def full_text(session: Session, words: str, *, limit: int) -> list[int]:
    """Items that hold every content word of ``words``, or a compound or inflection of it."""
    groups = []
    for word in dict.fromkeys(fold_space(words).split(" ")):
        found = {stem for language in _LANGUAGES for stem in stems(word, language)}
        if found:
            groups.append(sorted(found | _in_archive(session, word)))
    return archive.search(session, groups, limit)


def topic_items(session: Session, topic: Topic, *, limit: int | None = None) -> list[int]:
    """Items that match a topic, newest first."""
    candidates: set[int] = set()
    for term in (*topic.terms, *topic.phrases):
        candidates.update(full_text(session, term, limit=_CANDIDATES))
    for actor in topic.actors:
        target = Target(TargetKind.ACTOR, actor)
        candidates.update(archive.item_ids(session, target, limit=_CANDIDATES))
    reports = archive.reports(session, sorted(candidates, reverse=True))
    found = [report.item.id for report in reports if matches_report(topic, report)]
    return found if limit is None else found[:limit]


def matches_report(topic: Topic, report: Report) -> bool:
    """Whether a report matches a topic."""
    return topic_matches(topic, report.item.text, report.reading)


def _in_archive(session: Session, word: str) -> set[str]:
    """The stems of the archive that a word finds."""
    found: set[str] = set()
    for wanted in {query(word, language) for language in _LANGUAGES}:
        for part in {wanted.stem, wanted.modifier}:
            found.update(
                term for term in archive.known_stems(session, part) if _finds(wanted, term)
            )
    return found


def _finds(wanted: Query, term: str) -> bool:
    return matches(wanted.stem, term, modifier=wanted.modifier)
