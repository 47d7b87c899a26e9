"""Topics, and which items match them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from digests.store.archive.chunks import chunks
from digests.store.merges import survivor
from digests.tables import TopicItemRow, TopicRow
from digests.types import Topic

_TOPIC: Final = TypeAdapter(Topic)


def save_topic(session: Session, topic: Topic, owner: int | None = None) -> None:
    """Write a topic, new or changed."""
    query = _TOPIC.dump_python(topic, mode="json", exclude={"id", "name"}, exclude_defaults=True)
    session.merge(TopicRow(id=topic.id, name=topic.name, query=query, owner=owner))


def topics(session: Session, owner: int | None = None, *, own_only: bool = False) -> list[Topic]:
    """The starter topics, and those of one chat (``owner``); all where owner is None."""
    query = select(TopicRow).order_by(col(TopicRow.name))
    if own_only:
        query = query.where(col(TopicRow.owner) == owner)
    elif owner is not None:
        query = query.where(col(TopicRow.owner).is_(None) | (col(TopicRow.owner) == owner))
    return [_topic(session, row) for row in session.exec(query)]


def topic(session: Session, topic_id: str) -> Topic | None:
    """The topic with this id."""
    row = session.get(TopicRow, topic_id)
    return _topic(session, row) if row else None


def topic_counts(session: Session, item_ids: Collection[int]) -> dict[str, int]:
    """How many of some items match each topic; topics that none matches are left out."""
    counts: Counter[str] = Counter()
    for chunk in chunks(sorted(item_ids)):
        rows = session.execute(
            select(col(TopicItemRow.topic_id), func.count())
            .where(col(TopicItemRow.item_id).in_(chunk))
            .group_by(col(TopicItemRow.topic_id))
        )
        counts.update(dict(map(tuple, rows)))
    return dict(counts)


def set_topic_items(session: Session, topic_id: str, item_ids: Iterable[int]) -> None:
    """Replace the items that match a topic."""
    session.exec(delete(TopicItemRow).where(col(TopicItemRow.topic_id) == topic_id))
    session.add_all([TopicItemRow(topic_id=topic_id, item_id=item) for item in set(item_ids)])


def set_item_topics(session: Session, item_id: int, topic_ids: Iterable[str]) -> None:
    """Replace the topics that an item matches."""
    session.exec(delete(TopicItemRow).where(col(TopicItemRow.item_id) == item_id))
    session.add_all([TopicItemRow(topic_id=topic, item_id=item_id) for topic in set(topic_ids)])


def topics_naming(session: Session, actor_ids: Collection[str]) -> list[Topic]:
    """The topics that were written with one of these ids, as they are under the merges."""
    rows = session.exec(select(TopicRow).order_by(col(TopicRow.id)))
    wanted = frozenset(actor_ids)
    return [_topic(session, row) for row in rows if not wanted.isdisjoint(_written(row).actors)]


def change_topic_items(
    session: Session, topic_id: str, looked_at: Collection[int], matching: Collection[int]
) -> None:
    """Say which of the items that were ``looked_at`` match a topic; others stay as they are."""
    for chunk in chunks(sorted(looked_at)):
        session.exec(
            delete(TopicItemRow).where(
                col(TopicItemRow.topic_id) == topic_id, col(TopicItemRow.item_id).in_(chunk)
            )
        )
    session.add_all(TopicItemRow(topic_id=topic_id, item_id=item) for item in set(matching))
    session.flush()


def _topic(session: Session, row: TopicRow) -> Topic:
    """A topic with survivors in the place of merged actors."""
    topic = _written(row)
    standing = dict.fromkeys(survivor(session, one) for one in topic.actors)
    return replace(topic, actors=tuple(standing))


def _written(row: TopicRow) -> Topic:
    return _TOPIC.validate_python({**row.query, "id": row.id, "name": row.name})
