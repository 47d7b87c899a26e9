"""Stories put right: two that are one, and by the operator also one that is two.

Each is one transaction. What a chat was shown is kept by report, so nobody sees a report
again because it stands in another story now; the number of a story that was merged
leads to the one it is part of; and who muted a story has muted what becomes of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from digests.errors import InputError
from digests.store import Session, Store, archive, wishes
from digests.types import Report


def merge_stories(session: Session, absorbed: int, into: int) -> None:
    """Make a story part of another; who muted either has muted the whole. Both must stand."""
    archive.merge_stories(session, absorbed, into)
    wishes.follow_merge(session, absorbed, into)


class Stories:
    """Merges and splits stories. May be used from any thread, and beside a running bot."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reports(self, number: int) -> tuple[int, tuple[Report, ...]]:
        """The number of the story that ``number`` leads to, and its reports as they came in.

        Raises InputError("unknown_story").
        """
        with self._store.reading() as session:
            story = _standing(session, number)
            found = archive.reports(session, archive.story_items(session, [story])[story])
        return story, tuple(found)

    def merge(self, absorbed: int, into: int) -> tuple[int, int]:
        """Make the reports of one story part of another; gives both numbers as they stood.

        Raises InputError: "unknown_story", or "same_story" where both are one already.
        """
        with self._store.writing() as session:
            one, other = _standing(session, absorbed), _standing(session, into)
            if one == other:
                raise InputError("same_story", number=one)
            merge_stories(session, one, other)
        return one, other

    def split(self, number: int, items: Collection[int], now: datetime) -> tuple[int, int]:
        """Make some reports (item numbers) of a story one of their own; gives both numbers.

        Raises InputError: "unknown_story"; "not_in_story" for a report that is not in it;
        "whole_story" where nothing, or nothing else, would be left.
        """
        with self._store.writing() as session:
            story = _standing(session, number)
            members = set(archive.story_items(session, [story])[story])
            wanted = set(items)
            if strange := sorted(wanted - members):
                raise InputError("not_in_story", item=strange[0], number=story)
            if not wanted or wanted == members:
                raise InputError("whole_story", number=story)
            made = archive.split_story(session, story, wanted, now)
            wishes.follow_split(session, story, made)
            return story, made


def _standing(session: Session, number: int) -> int:
    story = archive.standing_story(session, number)
    if story is None:
        raise InputError("unknown_story", number=number)
    return story
