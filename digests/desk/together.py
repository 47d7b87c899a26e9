"""Chats that are told in one transaction: what is known of them is read in a few statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from digests.desk.shared import Asked, Ledger, Shared
from digests.desk.telling import Telling, stories_in
from digests.desk.wishes import NOTHING_SPARED, Sparing
from digests.store import Session, archive, chats
from digests.store.told import Place
from digests.types import Target

_AT_ONCE: Final = 20
"""Chats in a transaction: each is a wait for the disk, and keeps other writers out."""

TellSome = Callable[[Sequence[Place], list[Exception]], int]
"""(some chats, where to put what went wrong with single ones) -> how many messages were made."""


def in_turn(places: Sequence[Place], tell: TellSome) -> int:
    """Tell chats, some at a time; gives how many messages were made.

    What goes wrong with one chat keeps none of the others waiting, and is raised in the end.
    """
    failed: list[Exception] = []
    made = sum(
        tell(places[start : start + _AT_ONCE], failed) for start in range(0, len(places), _AT_ONCE)
    )
    if failed:
        raise failed[0]
    return made


class Together:
    """Some chats, with what they follow, as one transaction sees them."""

    def __init__(
        self,
        session: Session,
        places: Sequence[Place],
        shared: Shared,
        asked: Asked,
        now: datetime,
    ) -> None:
        self.session = session
        self.newest = archive.newest_seq(session)
        self._shared = shared
        self._asked = asked
        self._now = now
        ids = {chat for chat, _ in places}
        self._people = {one.id: one for one in chats.chats(session, ids)}
        every = chats.all_subscriptions(session, self._people)
        self.followed = {
            place: every.get(place, []) for place in places if place[0] in self._people
        }
        """What each chat that is still there follows, oldest first."""
        self._sparings = Sparing.of_all(session, self.followed)
        self._ledger = Ledger(session, self.followed)

    def read_ahead(self, windows: Iterable[tuple[Target, int]]) -> None:
        """Look up what the chats were shown of what is new, and of its stories.

        ``windows`` are targets with the ingest sequence number that each is known up to.
        """
        items: set[int] = set()
        for target, mark in set(windows):
            items.update(self._asked.window(self.session, target, mark, self.newest))
        stories = stories_in(self._shared.reports_of(self.session, sorted(items)))
        for members in self._asked.members(self.session, stories, self.newest).values():
            items.update(members)
        self._ledger.read(items)

    def telling(self, place: Place) -> Telling:
        """What puts into words what one of the chats follows."""
        return Telling(
            self.session,
            self._people[place[0]],
            place[1],
            self.newest,
            self._shared,
            self._asked,
            self._ledger,
            self._now,
            self._sparings.get(place, NOTHING_SPARED),
        )
