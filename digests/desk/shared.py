"""What many chats have in common: read, asked and told once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from digests.desk.known import Known
from digests.desk.views import Focus, Looked, story_view
from digests.desk.wishes import acting_kind
from digests.kinds import Matter, matter
from digests.novelty import worth_telling
from digests.schedule import Cadence, next_due, parse_zone
from digests.standing import Names
from digests.store import Session, archive, told
from digests.store.told import Place, Told
from digests.types import Report, StoryView, Target, Topic

_SHARED_FOR: Final = timedelta(minutes=2)
_MOST_REPORTS: Final = 2_000
_MOST_VIEWS: Final = 5_000
_MOST_LOOKED: Final = 50_000

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
    """What the chats of some minutes have in common: reports are read and told once for all.

    A report that is revised, or an actor that is merged, in the minutes this is
    kept is told as it stood.
    """

    def __init__(self, known: Known, made_at: datetime | None = None) -> None:
        self._known = known
        self._made_at = made_at
        self._looked = Looked()
        self._worth: dict[_Judged, tuple[Report, ...]] = {}
        self._views: dict[_Seen, StoryView] = {}
        self._reports: dict[int, Report] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._named: set[int] = set()

    def serves(self, now: datetime) -> bool:
        """Whether this is young and small enough to go on with."""
        if self._made_at is None or not timedelta() <= now - self._made_at < _SHARED_FOR:
            return False
        return (
            len(self._reports) < _MOST_REPORTS
            and len(self._views) + len(self._worth) < _MOST_VIEWS
            and len(self._looked) < _MOST_LOOKED
        )

    def reports_of(self, session: Session, ids: Sequence[int]) -> tuple[Report, ...]:
        """Items with their readings, in the order asked for."""
        unread = [item for item in ids if item not in self._reports]
        if unread:
            self._reports |= {one.item.id: one for one in archive.reports(session, unread)}
        return tuple(self._reports[item] for item in ids if item in self._reports)

    def names_in(self, reports: Iterable[Report]) -> Names:
        """The names to show for all actors that reports name or quote, and for others."""
        new = [one for one in reports if one.item.id not in self._named]
        self._names |= self._known.names_in(new)
        self._named |= {one.item.id for one in new}
        return self._names

    def worth(
        self,
        reports: Sequence[Report],
        told: Sequence[Report],
        targets: Mapping[int, Collection[Target]],
    ) -> tuple[Report, ...]:
        """What is worth telling at once: :func:`digests.novelty.worth_telling`, judged once."""
        ordered = sorted(reports, key=lambda one: one.item.seq)
        whom = tuple(frozenset(targets[one.item.id]) for one in ordered)
        judged = (_revisions(ordered), _revisions(told), whom)
        if judged not in self._worth:
            self._worth[judged] = tuple(worth_telling(ordered, told, targets))
        return self._worth[judged]

    def matter(self, reports: Sequence[Report], topics: Collection[str]) -> Matter:
        """What the reports of a story are about."""
        return matter(reports, topics, acting_kind(self._known))

    def view(
        self, story: int, new: Sequence[Report], told: Sequence[Report], focus: Focus
    ) -> StoryView:
        """A story as shown (:func:`digests.desk.views.story_view`) to all who know as much."""
        seen = (story, _revisions(new), _revisions(told), focus)
        if seen not in self._views:
            names = self.names_in((*new, *told))
            self._views[seen] = story_view(
                story, new, names, focus=focus, told=told, looked=self._looked
            )
        return self._views[seen]


class Asked:
    """What the chats of one round ask alike: what targets are called, and match in a window.

    Held for a round: what changes during it is seen by the next.
    """

    def __init__(self, label: Label) -> None:
        self._label = label
        self._labels: dict[tuple[Target, str], str] = {}
        self._topics: dict[str, Topic | None] = {}
        self._windows: dict[tuple[Target, int, int], list[int]] = {}
        self._members: dict[tuple[int, int], list[int]] = {}
        self._next: dict[tuple[str, str], datetime | None] = {}

    def label(self, target: Target, language: str) -> str:
        """The name a target is shown under."""
        if (target, language) not in self._labels:
            self._labels[target, language] = self._label(target, language)
        return self._labels[target, language]

    def next_due(self, schedule: str, zone: str, now: datetime) -> datetime | None:
        """The first moment after ``now``, the round's own, that a schedule means in a zone."""
        if (schedule, zone) not in self._next:
            cadence = Cadence.parse(schedule)
            self._next[schedule, zone] = next_due(cadence, parse_zone(zone), now)
        return self._next[schedule, zone]

    def topic(self, session: Session, topic_id: str) -> Topic | None:
        """The topic with an id."""
        if topic_id not in self._topics:
            self._topics[topic_id] = archive.topic(session, topic_id)
        return self._topics[topic_id]

    def window(self, session: Session, target: Target, after: int, until: int) -> list[int]:
        """The news that a target matches in a window of the ingest sequence, newest first."""
        asked = (target, after, until)
        if asked not in self._windows:
            self._windows[asked] = archive.item_ids(
                session, target, after=after, until=until, news=True
            )
        return self._windows[asked]

    def members(
        self, session: Session, stories: Collection[int], newest: int
    ) -> dict[int, list[int]]:
        """The items of stories in order of ingest, as of the ``newest`` sequence number."""
        unread = sorted(story for story in stories if (story, newest) not in self._members)
        if unread:
            found = archive.story_items(session, unread)
            self._members |= {(story, newest): items for story, items in found.items()}
        return {story: self._members[story, newest] for story in stories}


class Ledger:
    """What some chats were shown before; read for all of them together."""

    def __init__(self, session: Session, places: Collection[Place]) -> None:
        self._session = session
        self._places = frozenset(places)
        self._known: set[int] = set()
        self._told: defaultdict[Place, dict[int, Told]] = defaultdict(dict)

    def read(self, items: Iterable[int]) -> None:
        """Look items up that will be asked for."""
        new = set(items) - self._known
        if not new:
            return
        for place, known in told.told(self._session, self._places, new).items():
            self._told[place] |= known
        self._known |= new

    def told(self, place: Place, items: Iterable[int]) -> dict[int, Told]:
        """Of items, those that one of the chats was shown."""
        wanted = list(items)
        self.read(wanted)
        found = self._told[place]
        return {item: found[item] for item in wanted if item in found}


def _revisions(reports: Sequence[Report]) -> _Revisions:
    return tuple((one.item.id, one.item.revision) for one in reports)
