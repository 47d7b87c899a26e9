"""Why a chat is shown a story: which subscription, and the sentence that names whom it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from digests.desk.shared import Label
from digests.standing import cite
from digests.store import Session, Store, archive, chats, merges
from digests.stories import arrival, headline
from digests.topics import spans
from digests.types import (
    Chat,
    CitedSentence,
    MentionForm,
    Report,
    SentenceKind,
    Subscription,
    Target,
    TargetKind,
)

_SPACE: Final = re.compile(r"\s+")
_FORMS: Final = (
    MentionForm.NAME,
    MentionForm.ROLE,
    MentionForm.METONYM,
    MentionForm.ADJECTIVE,
    MentionForm.PRONOUN,
)
"""The plainer a mention, the better it says why."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A subscription that a story matches, and where it does.

    ``sentence`` names whom or what is followed at ``[start, end)`` of its text;
    None where the subscription is to a feed or to everything, or where the
    place is not within a sentence.
    """

    target: Target
    name: str
    sentence: CitedSentence | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """Why a story is shown: its number, what heads it, and every subscription that it matches."""

    story: int
    headline: str
    reasons: tuple[Reason, ...]


class Reasons:
    """Says why. May be used from any thread."""

    def __init__(self, store: Store, label: Label) -> None:
        self._store = store
        self._label = label

    def why(self, chat: Chat, thread: int, number: int) -> Why:
        """The subscriptions of a chat (or forum topic) that any report of a story matches.

        In the order in which they were made; none where the story was merely asked for.
        Raises KeyError for a story that does not exist.
        """
        with self._store.reading() as session:
            story = archive.standing_story(session, number)
            ids = archive.story_items(session, [story])[story] if story is not None else []
            if story is None or not ids:
                raise KeyError(number)
            head = headline(archive.reports(session, ids)).text
            return Why(story, head, tuple(self._reasons(session, chat, thread, ids)))

    def _reasons(
        self, session: Session, chat: Chat, thread: int, ids: Sequence[int]
    ) -> Iterator[Reason]:
        for one in chats.subscriptions(session, chat.id, thread):
            matching = archive.item_ids(session, one.target, among=ids)
            if matching:
                reports = sorted(archive.reports(session, matching), key=arrival)
                name = self._label(one.target, chat.language)
                yield _reason(session, one, name, reports)


def _reason(session: Session, one: Subscription, name: str, reports: Sequence[Report]) -> Reason:
    for report, start, end in _places(session, one.target, reports):
        sentence = next(
            (
                (s.start, s.end)
                for s in report.reading.sentences
                if s.start <= start and end <= s.end and s.kind is not SentenceKind.FRAGMENT
            ),
            None,
        )
        if sentence is not None:
            cited = cite(report, *sentence)
            before = _SPACE.sub(" ", report.item.text[sentence[0] : start]).lstrip()
            words = _SPACE.sub(" ", report.item.text[start:end]).strip()
            at = cited.text.find(words, max(0, len(before) - 1))
            if at >= 0:
                return Reason(one.target, name, cited, at, at + len(words))
    return Reason(one.target, name)


def _places(
    session: Session, target: Target, reports: Sequence[Report]
) -> Iterator[tuple[Report, int, int]]:
    """Where reports name a target, the plainest mention and the earliest report first."""
    if target.kind is TargetKind.ACTOR:
        standing = merges.survivor(session, target.id)
        found = [
            (_FORMS.index(mention.form), mention.start < report.item.title_end, rank, mention)
            for rank, report in enumerate(reports)
            for mention in report.reading.mentions
            if mention.actor == standing
        ]
        # A sentence says more than a title.
        for _, _, rank, mention in sorted(found, key=lambda one: (*one[:3], one[3].start)):
            yield reports[rank], mention.start, mention.end
    elif target.kind is TargetKind.TOPIC:
        topic = archive.topic(session, target.id)
        for report in reports:
            there = spans(topic, report) if topic else ()
            titled = [one for one in there if one.start < report.item.title_end]
            for span in (*there[len(titled) :], *titled):
                yield report, span.start, span.end
