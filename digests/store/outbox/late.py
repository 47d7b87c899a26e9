"""What came too late: it is taken back, and owed to the next digest."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Select, delete, exists, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from digests.schedule import Cadence, next_due, parse_zone
from digests.store.outbox.rows import DIGEST, set_columns
from digests.tables import ChatRow, DeliveryRow, OwedRow, ShownRow, SubscriptionRow
from digests.types import DeliveryMode, DeliveryState

_FOLDED: Final = (DIGEST, "alert")
_SPIKE: Final = "spike"


def any_stale(session: Session, before: datetime, platform: str) -> bool:
    """Whether :func:`fold_stale` would find anything."""
    return bool(session.execute(_stale(before, platform).limit(1)).first())


def fold_stale(
    session: Session, before: datetime, now: datetime, platform: str, limit: int = 200
) -> int:
    """Take back digests and alerts that were due ``before`` and of which nothing went out.

    Their items are owed to the chat: its next digest holds them. A chat that
    gets alerts only is given a digest once. That there was unusually much about
    somebody is old by then, and dropped. Gives how many were taken back. What
    was begun is finished, however late; so is what was perhaps sent.
    """
    found = session.execute(_stale(before, platform).limit(limit)).all()
    for batch, chat_id, thread, kind in found:
        here = (col(ShownRow.chat_id) == chat_id) & (col(ShownRow.thread) == thread)
        items = here & (col(ShownRow.batch) == batch)
        owe(
            session,
            chat_id,
            thread,
            session.execute(select(col(ShownRow.item_id)).where(items)).scalars(),
        )
        session.execute(delete(ShownRow).where(items))
        set_columns(
            session,
            col(DeliveryRow.batch) == batch,
            state=DeliveryState.STALE,
            settled_at=now,
        )
        if kind != _SPIKE:
            _expect_digest(session, chat_id, thread, now)
    return len(found)


def owed(session: Session, chat_ids: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """The items that chats are owed, by chat and thread."""
    query = select(col(OwedRow.chat_id), col(OwedRow.thread), col(OwedRow.item_id)).where(
        col(OwedRow.chat_id).in_(sorted(chat_ids))
    )
    found: dict[tuple[int, int], set[int]] = {}
    for chat, thread, item in session.execute(query):
        found.setdefault((chat, thread), set()).add(item)
    return found


def owe(session: Session, chat_id: int, thread: int, items: Iterable[int]) -> None:
    """Let the next digest of a chat hold these items, whatever the marks say."""
    new = set(items).difference(owed(session, [chat_id]).get((chat_id, thread), ()))
    where = {"chat_id": chat_id, "thread": thread}
    if new:
        session.execute(insert(OwedRow), [where | {"item_id": item} for item in sorted(new)])


def _stale(before: datetime, platform: str) -> Select[str, int, int, str]:
    other = aliased(DeliveryRow)
    begun = exists().where(
        col(other.batch) == col(DeliveryRow.batch),
        (col(other.state) != DeliveryState.PENDING) | col(other.maybe_sent),
    )
    # Of what an older version enqueued it is not known which items it held.
    known = exists().where(
        col(ShownRow.chat_id) == col(DeliveryRow.chat_id),
        col(ShownRow.thread) == col(DeliveryRow.thread),
        col(ShownRow.batch) == col(DeliveryRow.batch),
    )
    return (
        select(
            col(DeliveryRow.batch),
            col(DeliveryRow.chat_id),
            col(DeliveryRow.thread),
            col(DeliveryRow.kind),
        )
        .join(ChatRow, col(ChatRow.id) == col(DeliveryRow.chat_id))
        .where(
            col(DeliveryRow.state) == DeliveryState.PENDING,
            col(DeliveryRow.due_at) <= before,
            col(DeliveryRow.part) == 0,
            (col(DeliveryRow.kind).in_(_FOLDED) & known) | (col(DeliveryRow.kind) == _SPIKE),
            ~begun,
            col(ChatRow.address).startswith(platform, autoescape=True),
        )
        .order_by(col(DeliveryRow.due_at), col(DeliveryRow.id))
    )


def _expect_digest(session: Session, chat_id: int, thread: int, now: datetime) -> None:
    """Where no digest will come (alerts only), let one come at the chat's usual time."""
    here = (col(SubscriptionRow.chat_id) == chat_id) & (col(SubscriptionRow.thread) == thread)
    coming = here & col(SubscriptionRow.next_due_at).is_not(None)
    if session.execute(select(col(SubscriptionRow.id)).where(coming).limit(1)).first():
        return
    chat = session.get_one(ChatRow, chat_id)
    at = next_due(Cadence.parse(chat.schedule), parse_zone(chat.zone), now) or now
    alerting = here & (col(SubscriptionRow.delivery) != DeliveryMode.DIGEST)
    session.execute(update(SubscriptionRow).where(alerting).values(next_due_at=at))
