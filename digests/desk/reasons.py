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

_VAGUE: Final = frozenset({MentionForm.ADJECTIVE, MentionForm.PRONOUN})


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
            story, ids = archive.story_by_number(session, number)
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
    found = [
        ((vague, sentence.kind is not SentenceKind.PROSE), report, sentence, start, end)
        for report, start, end, vague in _places(session, one.target, reports)
        for sentence in report.reading.sentences
        if sentence.start <= start and end <= sentence.end
        if sentence.kind is not SentenceKind.FRAGMENT
    ]
    if not found:
        return Reason(one.target, name)
    # A sentence says more than a title or heading.
    _, report, sentence, start, end = min(found, key=lambda place: place[0])
    text = report.item.text
    cited = cite(report, sentence.start, sentence.end)
    at = len(_folded(text[sentence.start : start]).lstrip())
    return Reason(one.target, name, cited, at, at + len(_folded(text[start:end])))


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text)


def _places(
    session: Session, target: Target, reports: Sequence[Report]
) -> Iterator[tuple[Report, int, int, bool]]:
    """Where reports name a target, the plainest mention and the earliest report first.

    The flag says that the words alone do not tell who is meant.
    """
    if target.kind is TargetKind.ACTOR:
        standing = merges.survivor(session, target.id)
        found = [
            (_FORMS.index(mention.form), rank, mention.start, mention)
            for rank, report in enumerate(reports)
            for mention in report.reading.mentions
            if mention.actor == standing
        ]
        for _, rank, _, mention in sorted(found, key=lambda one: one[:3]):
            yield reports[rank], mention.start, mention.end, mention.form in _VAGUE
    elif target.kind is TargetKind.TOPIC:
        topic = archive.topic(session, target.id)
        for report in reports:
            for span in spans(topic, report) if topic else ():
                yield report, span.start, span.end, False
