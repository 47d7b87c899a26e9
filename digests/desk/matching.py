"""Which items match words or a topic: full-text candidates from the store, then a strict check."""

from __future__ import annotations

import re
from typing import Final

from digests.desk.views import fold_space
from digests.store import Session, archive
from digests.topics import matches as topic_matches
from digests.types import Report, Target, TargetKind, Topic
from digests.words import Query, fold, matches, query, stems

_CANDIDATES: Final = 2000
_LANGUAGES: Final = ("de", "en")


def full_text(
    session: Session, words: str, *, limit: int, within: archive.Filter | None = None
) -> list[int]:
    """Items that hold every content word of ``words``, or a compound or inflection of it.

    Best first, of those alone that ``within`` lets through.
    """
    groups = []
    for word in dict.fromkeys(fold_space(words).split(" ")):
        found = {stem for language in _LANGUAGES for stem in stems(word, language)}
        if found:
            nouns = _in_archive(session, noun) if (noun := noun_of(word)) else set()
            groups.append(sorted(found | _in_archive(session, word) | nouns))
    among = archive.filtered(session, within) if within else None
    return archive.search(session, groups, limit, among)


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


_VERB: Final = re.compile(r"(\w{6,})ier(?:en|t|te[mnrst]?|ung|ungen|end(?:e[mnrs]?)?)")


def noun_of(word: str) -> str | None:
    """What a verb on -ieren is made of: 'sanktion' of 'sanktioniert'; None for other words."""
    match = _VERB.fullmatch(fold(word))
    return match[1] if match else None


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
