"""Chats that are told in one transaction: what is known of them is read in a few statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

from digests.desk.shared import Asked, Label, Ledger, Shared
from digests.desk.telling import Telling, stories_in
from digests.desk.wishes import NOTHING_SPARED, Sparing
from digests.errors import StoreError
from digests.store import Session, Store, archive, chats
from digests.store import told as told_to
from digests.store.told import Message, Place
from digests.types import Target

_AT_ONCE: Final = 20
"""Chats in a transaction: each is a wait for the disk, and keeps other writers out."""

P = ParamSpec("P")
T = TypeVar("T")

Made = tuple[Message | None, list[dict[str, Any]]]
"""A message to a chat, if there is one, and what changes of its subscriptions with it."""


def in_turn(
    store: Store,
    places: Sequence[Place],
    shared: Callable[[], Shared],
    label: Label,
    now: datetime,
    make: Callable[[Together], Iterable[Made]],
) -> int:
    """Tell chats what is made for them, some in a transaction; gives how many messages that is.

    What goes wrong with one chat (see :meth:`Together.tried`) is raised in the end.
    """
    asked = Asked(label)
    failed: list[Exception] = []
    count = 0
    for start in range(0, len(places), _AT_ONCE):
        with store.writing() as session:
            together = Together(session, places[start : start + _AT_ONCE], shared(), asked, now)
            made = list(make(together))
            messages = [message for message, _ in made if message is not None]
            chats.update_subscriptions(session, [one for _, changes in made for one in changes])
            told_to.enqueue(session, messages, now)
        count += len(messages)
        failed += together.failed
    if failed:
        raise failed[0]
    return count


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
        self.failed: list[Exception] = []
        """What went wrong with single chats."""
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

    def tried(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What is made for one chat; None where that fails, which keeps no other waiting."""
        try:
            return make(*args, **kwargs)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - raised when all had their turn
            self.failed.append(error)
            return None
