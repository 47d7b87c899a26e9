"""What a chat is told: reports that match what it follows, as stories, and new ones as such."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digests.compose import Matched, compose
from digests.desk.shared import Asked, Ledger, Shared
from digests.desk.views import Focus
from digests.desk.wishes import NOTHING_SPARED, Sparing
from digests.schedule import parse_zone
from digests.store import Session, wishes
from digests.store.told import Place
from digests.types import Chat, Digest, Report, StoryView, Target, TargetKind

ToldBefore = Mapping[int, Sequence[Report]]
"""Story -> what a chat was shown of it before."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts what a chat follows into stories, in one transaction's view of the data.

    ``newest`` is the ingest sequence number that the archive stands at. Without
    ``now`` it is not said how long a story is known. ``sparing`` is what the chat
    asked not to be told.
    """

    session: Session
    chat: Chat
    thread: int
    newest: int
    shared: Shared
    asked: Asked
    ledger: Ledger
    now: datetime | None = None
    sparing: Sparing = NOTHING_SPARED

    @property
    def place(self) -> Place:
        """The chat and its forum topic."""
        return self.chat.id, self.thread

    def unshown(self, ids: Iterable[int]) -> list[int]:
        """Of items, those that the chat was not shown."""
        known = list(ids)
        shown = self.ledger.told(self.place, known)
        return [item for item in known if item not in shown]

    def matched(self, target: Target, ids: Sequence[int]) -> Matched:
        """A target with the name the chat knows it by, and the reports with these ids.

        Reports of muted stories are left out.
        """
        name = self.asked.label(target, self.chat.language)
        reports = self.shared.reports_of(self.session, ids)
        if muted := self.sparing.muted:
            reports = tuple(one for one in reports if one.item.story_id not in muted)
        return Matched(target, name, reports)

    def fewer_of(self, stories: Collection[int]) -> frozenset[int]:
        """Of some stories, those of a kind that the chat wants fewer of."""
        if not self.sparing.kinds or not stories:
            return frozenset()
        members = self.asked.members(self.session, stories, self.newest)
        return frozenset(
            story
            for story, items in members.items()
            if self.sparing.is_fewer(
                self.shared.matter(
                    self.shared.reports_of(self.session, items),
                    wishes.topics_of(self.session, self.chat.id, story),
                )
            )
        )

    def told_of(self, reports: Sequence[Report]) -> dict[int, tuple[Report, ...]]:
        """What the chat was shown of the stories of reports before, by story, in order of ingest.

        Stories that are new to it are left out, and so are the reports themselves.
        """
        here = {report.item.id for report in reports}
        members = self.asked.members(self.session, stories_in(reports), self.newest)
        shown = self.ledger.told(self.place, (item for items in members.values() for item in items))
        before = {
            story: [item for item in items if item in shown and item not in here]
            for story, items in members.items()
        }
        return {
            story: self.shared.reports_of(self.session, items)
            for story, items in before.items()
            if items
        }

    def composed(
        self,
        matched: Sequence[Matched],
        *,
        pending: bool = True,
        told: ToldBefore | None = None,
    ) -> Digest:
        """A digest of what was matched; of stories the chat knows, what is new in them.

        ``told`` is as of :meth:`told_of`, which is asked without it. The archive (``pending``
        False) is shown as it is.
        """
        reports = [report for match in matched for report in match.reports]
        if told is None:
            told = self.told_of(reports) if pending else {}
        before = told
        days = self._days_known(before)
        fewer = self.fewer_of(stories_in(reports))

        def view(story: int, new: Sequence[Report], target: Target, moved: bool) -> StoryView:
            known = before.get(story, ()) if moved else ()
            focus = self._focus(target, new[0].reading.language)
            shown = self.shared.view(story, new, known, focus)
            return replace(shown, known_for=days.get(story)) if moved else shown

        return compose(matched, view, known_stories=before.keys(), fewer=fewer, pending=pending)

    def _days_known(self, told: ToldBefore) -> dict[int, int]:
        """How many days ago each story was told last, by the calendar of the chat."""
        if self.now is None or not told:
            return {}
        zone = parse_zone(self.chat.zone)
        today = self.now.astimezone(zone).date()
        found = {}
        for story, reports in told.items():
            known = self.ledger.told(self.place, (one.item.id for one in reports)).values()
            moments = [one.at for one in known if one.at is not None]
            if moments:
                found[story] = (today - max(moments).astimezone(zone).date()).days
        return found

    def _focus(self, target: Target, language: str) -> Focus:
        is_topic = target.kind is TargetKind.TOPIC
        topic = self.asked.topic(self.session, target.id) if is_topic else None
        return Focus.on(target, topic, language)


def among(matched: Matched, items: Collection[int]) -> Matched:
    """What was matched, as far as it is among these items."""
    kept = tuple(report for report in matched.reports if report.item.id in items)
    return Matched(matched.target, matched.label, kept)


def stories_in(reports: Iterable[Report]) -> set[int]:
    """The stories that reports belong to."""
    return {one.item.story_id for one in reports if one.item.story_id is not None}
