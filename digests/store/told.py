"""Messages to chats together with the items they tell of, so that nothing is told twice.

Every function takes the session of a transaction: a message, the ledger of what
was shown, what was owed and what waited change together or not at all. Many
chats take a few statements, not a few each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, func, insert, select
from sqlmodel import Session, SQLModel, col

from digests.store import outbox
from digests.store.archive.chunks import chunks
from digests.tables import DeliveryRow, HeldRow, OwedRow, ShownRow

Place = tuple[int, int]
"""A chat, by our own number, and a forum topic of it (0 is the chat itself)."""

_SETTLED_BY_IT: Final = tuple(
    SQLModel.metadata.tables[table.__tablename__] for table in (ShownRow, OwedRow, HeldRow)
)


@dataclass(frozen=True, slots=True)
class Message:
    """A digest or alert to be enqueued: its parts, and the items (id, revision) it tells of."""

    batch: str
    place: Place
    kind: str
    payloads: Sequence[dict[str, Any]]
    items: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Told:
    """That a chat was told of an item: in what kind of delivery, composed when.

    Both are None where the delivery is kept no more.
    """

    kind: str | None
    at: datetime | None


def enqueue(session: Session, messages: Sequence[Message], now: datetime) -> None:
    """Write messages into the outbox, and that what they tell of is told: owed and held no more."""
    told = [
        {"chat": one.place[0], "topic": one.place[1], "item": item}
        for one in messages
        for item, _ in one.items
    ]
    if told:
        for table in _SETTLED_BY_IT:
            _drop(session, table, told)
        shown = [
            {
                "chat_id": one.place[0],
                "thread": one.place[1],
                "batch": one.batch,
                "item_id": item,
                "revision": revision,
            }
            for one in messages
            for item, revision in one.items
        ]
        session.execute(insert(ShownRow), shown)
    rows = [
        row
        for one in messages
        for row in outbox.rows_of(one.batch, *one.place, one.kind, one.payloads, now=now)
    ]
    if rows:
        session.execute(insert(DeliveryRow), rows)


def told(
    session: Session, places: Collection[Place], items: Collection[int]
) -> dict[Place, dict[int, Told]]:
    """Of ``items``, those that chats were told of, for each of them."""
    found: dict[Place, dict[int, Told]] = {}
    here = col(ShownRow.chat_id).in_(sorted({chat for chat, _ in places})) & (
        col(ShownRow.thread).in_(sorted({thread for _, thread in places}))
    )
    for chunk in chunks(sorted(items)):
        rows = session.execute(
            select(
                col(ShownRow.chat_id),
                col(ShownRow.thread),
                col(ShownRow.item_id),
                func.max(DeliveryRow.kind),
                func.max(DeliveryRow.created_at),
            )
            .join(DeliveryRow, col(DeliveryRow.batch) == col(ShownRow.batch), isouter=True)
            .where(here, col(ShownRow.item_id).in_(chunk))
            .group_by(col(ShownRow.chat_id), col(ShownRow.thread), col(ShownRow.item_id))
        )
        for chat, thread, item, kind, at in rows:
            found.setdefault((chat, thread), {})[item] = Told(kind, at)
    return found


def told_with(session: Session, place: Place, item_id: int) -> list[int]:
    """The items that a chat was sent in the same digest or alert as this one; none if it was not.

    In order of ingest.
    """
    here = (col(ShownRow.chat_id) == place[0]) & (col(ShownRow.thread) == place[1])
    batch = select(col(ShownRow.batch)).where(here, col(ShownRow.item_id) == item_id)
    same = col(ShownRow.batch) == batch.scalar_subquery()
    query = select(col(ShownRow.item_id)).where(here, same)
    return list(session.execute(query.order_by(col(ShownRow.item_id))).scalars())


def _drop(session: Session, rows: Table, which: Sequence[dict[str, int]]) -> None:
    """Delete rows by chat, thread and item: one statement for all of them."""
    session.connection().execute(
        delete(rows).where(
            rows.c.chat_id == bindparam("chat"),
            rows.c.thread == bindparam("topic"),
            rows.c.item_id == bindparam("item"),
        ),
        which,
    )
