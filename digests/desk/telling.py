"""What a chat is told: reports that match what it follows, as stories, and new ones as such."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from digests.compose import Matched, compose
from digests.desk.known import Known
from digests.desk.views import Focus, story_view
from digests.novelty import worth_telling
from digests.schedule import parse_zone
from digests.store import Session, archive, chats, held
from digests.types import Chat, Digest, Report, StoryView, Target, TargetKind, Topic

_SHARED_FOR: Final = timedelta(minutes=2)
_MOST_VIEWS: Final = 20_000

_Revisions = tuple[tuple[int, int], ...]
_Seen = tuple[int, _Revisions, _Revisions, Focus]
"""A story, the reports it is told from, those told before, and whom it is told about."""


_Judged = tuple[_Revisions, _Revisions, tuple[frozenset[Target], ...]]
"""Reports of a story, those told before, and for whom each of the reports is judged."""


class Label(Protocol):
    """(target, language) -> the name a target is shown under."""

    def __call__(self, target: Target, language: str, /) -> str:
        """The name."""


class Shared:
    """What the chats of a round have in common: reports are read and told once for all.

    A report that is revised, or an actor that is merged, in the minutes this is
    kept is told as it stood.
    """

    def __init__(self, made_at: datetime | None = None) -> None:
        self._made_at = made_at
        self.worth: dict[_Judged, tuple[Report, ...]] = {}
        self.views: dict[_Seen, StoryView] = {}
        self._reports: dict[int, Report] = {}

    def serves(self, now: datetime) -> bool:
        """Whether this is young and small enough to go on with."""
        if self._made_at is None or len(self.views) > _MOST_VIEWS:
            return False
        return timedelta() <= now - self._made_at < _SHARED_FOR

    def reports_of(self, session: Session, ids: Sequence[int]) -> tuple[Report, ...]:
        """Items with their readings, in the order asked for."""
        unread = [item for item in ids if item not in self._reports]
        self._reports |= {one.item.id: one for one in archive.reports(session, unread)}
        return tuple(self._reports[item] for item in ids if item in self._reports)


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts what a chat follows into stories, in one transaction's view of the data.

    Without ``now`` it is not said how long a story is known.
    """

    session: Session
    chat: Chat
    thread: int
    known: Known
    label: Label
    shared: Shared
    now: datetime | None = None

    def matched(self, target: Target, ids: Sequence[int]) -> Matched:
        """A target with the name the chat knows it by, and the reports with these ids."""
        name = self.label(target, self.chat.language)
        return Matched(target, name, self.shared.reports_of(self.session, ids))

    def told_of(self, reports: Sequence[Report]) -> dict[int, tuple[Report, ...]]:
        """What the chat was shown of the stories of reports before, by story, in order of ingest.

        Stories that are new to it are left out, and so are the reports themselves.
        """
        if not reports:
            return {}
        here = {report.item.id for report in reports}
        stories = {one.item.story_id for one in reports if one.item.story_id is not None}
        members = archive.story_items(self.session, sorted(stories))
        shown = chats.shown_items(
            self.session,
            self.chat.id,
            self.thread,
            [item for items in members.values() for item in items],
        )
        before = {
            story: [item for item in items if item in shown and item not in here]
            for story, items in members.items()
        }
        return {
            story: self.shared.reports_of(self.session, items)
            for story, items in before.items()
            if items
        }

    def worth(
        self,
        reports: Sequence[Report],
        told: Sequence[Report],
        targets: Mapping[int, AbstractSet[Target]],
    ) -> tuple[Report, ...]:
        """What is worth telling at once: :func:`digests.novelty.worth_telling`, judged once."""
        ordered = sorted(reports, key=lambda one: one.item.seq)
        whom = tuple(frozenset(targets[one.item.id]) for one in ordered)
        judged = (_revisions(ordered), _revisions(told), whom)
        known = self.shared.worth
        if judged not in known:
            known[judged] = tuple(worth_telling(ordered, told, targets))
        return known[judged]

    def composed(
        self,
        matched: Sequence[Matched],
        *,
        pending: bool = True,
        told: Mapping[int, Sequence[Report]] | None = None,
    ) -> Digest:
        """A digest of what was matched; of stories the chat knows, what is new in them.

        ``told`` is as of :meth:`told_of`, which is asked without it. The archive (``pending``
        False) is shown as it is.
        """
        reports = [report for match in matched for report in match.reports]
        if told is None:
            told = self.told_of(reports) if pending else {}
        days = self._days_known(told)
        names = self.known.names_in(
            [*reports, *(report for before in told.values() for report in before)]
        )
        topics = {
            match.target.id: archive.topic(self.session, match.target.id)
            for match in matched
            if match.target.kind is TargetKind.TOPIC
        }

        def view(story: int, new: Sequence[Report], target: Target, moved: bool) -> StoryView:
            before = told.get(story, ()) if moved else ()
            shown = self._view(story, new, before, target, names, topics)
            return replace(shown, known_for=days.get(story)) if moved else shown

        return compose(matched, view, known_stories=told.keys(), pending=pending)

    def _days_known(self, told: Mapping[int, Sequence[Report]]) -> dict[int, int]:
        """How many days ago each story was told last, by the calendar of the chat."""
        if self.now is None:
            return {}
        items = [one.item.id for reports in told.values() for one in reports]
        at = held.last_told(self.session, self.chat.id, self.thread, items)
        zone = parse_zone(self.chat.zone)
        today = self.now.astimezone(zone).date()
        last = {
            story: max(at[one.item.id] for one in reports if one.item.id in at)
            for story, reports in told.items()
            if any(one.item.id in at for one in reports)
        }
        return {story: (today - one.astimezone(zone).date()).days for story, one in last.items()}

    def _view(
        self,
        story: int,
        new: Sequence[Report],
        told: Sequence[Report],
        target: Target,
        names: Mapping[str, str],
        topics: Mapping[str, Topic | None],
    ) -> StoryView:
        focus = Focus.on(target, topics.get(target.id), new[0].reading.language)
        seen = (story, _revisions(new), _revisions(told), focus)
        views = self.shared.views
        if seen not in views:
            views[seen] = story_view(story, new, names, focus=focus, told=told)
        return views[seen]


def among(matched: Matched, items: Collection[int]) -> Matched:
    """What was matched, as far as it is among these items."""
    kept = tuple(report for report in matched.reports if report.item.id in items)
    return Matched(matched.target, matched.label, kept)


def _revisions(reports: Sequence[Report]) -> _Revisions:
    return tuple((one.item.id, one.item.revision) for one in reports)
