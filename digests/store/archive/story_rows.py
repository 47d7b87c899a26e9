"""Stories that are merged and split. What readers were shown is kept by item."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from digests.store.archive.chunks import chunks
from digests.store.archive.questions import story_items
from digests.tables import ItemRow, StoryRow, row_id


def standing_story(session: Session, story_id: int) -> int | None:
    """The story that a number leads to: itself, or what it became part of; None for no story."""
    row = session.get(StoryRow, story_id)
    while row is not None and row.into_id is not None:
        row = session.get(StoryRow, row.into_id)
    return row.id if row else None


def story_by_number(session: Session, number: int) -> tuple[int, list[int]]:
    """The story that a number leads to, with its items in order of ingest.

    Raises KeyError where there is none, or nothing is left of it.
    """
    story = standing_story(session, number)
    ids = story_items(session, [story])[story] if story is not None else []
    if story is None or not ids:
        raise KeyError(number)
    return story, ids


def merge_stories(session: Session, absorbed: int, into: int) -> None:
    """Let a story be part of another, which has its items from now on. Both must stand."""
    row = session.get_one(StoryRow, absorbed)
    row.into_id = into
    session.add(row)
    session.execute(update(ItemRow).where(col(ItemRow.story_id) == absorbed).values(story_id=into))
    session.flush()


def parted_stories(session: Session, story_ids: Collection[int]) -> set[int]:
    """Those of some stories that the operator parted from others."""
    query = select(col(StoryRow.id)).where(col(StoryRow.id).in_(story_ids), StoryRow.parted)
    return {row_id(story) for story in session.exec(query)}


def split_story(session: Session, story_id: int, items: Collection[int], now: datetime) -> int:
    """Let some items of a story be one of their own; gives its number."""
    story = session.get_one(StoryRow, story_id)
    story.parted = True
    made = StoryRow(language=story.language, opened_at=now, moved_at=now, parted=True)
    session.add_all([story, made])
    session.flush()
    number = row_id(made.id)
    for chunk in chunks(sorted(items)):
        session.execute(update(ItemRow).where(col(ItemRow.id).in_(chunk)).values(story_id=number))
    session.flush()
    session.expire_all()
    return number
