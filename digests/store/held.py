"""Alerts that wait, and word of unusually many reports. Every function takes a session.

What waits is kept as items, not as messages: it is put into words when its time
has come, together with all that came since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, exists, func, insert, select
from sqlmodel import Session, col

from digests.store.archive.chunks import chunks
from digests.store.chats import awake
from digests.store.told import Place
from digests.tables import (
    ChatRow,
    DeliveryRow,
    HeldRow,
    ItemActorRow,
    ItemRow,
    SpikeRow,
    SubscriptionRow,
)
from digests.types import DeliveryMode, DeliveryState, TargetKind

_LONGEST: Final = timedelta(hours=25)
"""That anything waits: for quiet hours, a cooldown or the full hour, over a clock change."""


def due_chats(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Chats and threads with something that waits until ``now`` at most, and may be told.

    What is to wait longer than a day was put off by a clock that was set back since: it is due.
    """
    due_at = col(HeldRow.due_at)
    rows = session.execute(
        select(col(HeldRow.chat_id), col(HeldRow.thread))
        .join(ChatRow, col(ChatRow.id) == col(HeldRow.chat_id))
        .where((due_at <= now) | (due_at > now + _LONGEST), awake(now))
        .distinct()
    )
    return [(chat, thread) for chat, thread in rows]


def waiting(session: Session, chat_ids: Collection[int]) -> dict[Place, dict[int, datetime]]:
    """The items that wait to be told to chats, in order of ingest, each with its moment."""
    query = select(
        col(HeldRow.chat_id), col(HeldRow.thread), col(HeldRow.item_id), col(HeldRow.due_at)
    ).where(col(HeldRow.chat_id).in_(sorted(chat_ids)))
    found: dict[Place, dict[int, datetime]] = {}
    for chat, thread, item, at in session.execute(query.order_by(col(HeldRow.item_id))):
        found.setdefault((chat, thread), {})[item] = at
    return found


def keep(session: Session, chat_id: int, thread: int, until: Mapping[int, datetime]) -> None:
    """Let just these items wait for a chat, each until its moment."""
    here = (col(HeldRow.chat_id) == chat_id) & (col(HeldRow.thread) == thread)
    session.execute(delete(HeldRow).where(here))
    where = {"chat_id": chat_id, "thread": thread}
    rows = [where | {"item_id": item, "due_at": due} for item, due in until.items()]
    if rows:
        session.execute(insert(HeldRow), rows)


def anything_waits(session: Session, chat_id: int, thread: int) -> bool:
    """Whether a message to a chat is still to be sent."""
    pending = exists().where(
        col(DeliveryRow.chat_id) == chat_id,
        col(DeliveryRow.thread) == thread,
        col(DeliveryRow.state) == DeliveryState.PENDING,
    )
    return bool(session.execute(select(pending)).scalar())


# --- Unusually many reports ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """How many news reports name an actor, of how many in all: lately, and before that."""

    actor: str
    count: int
    volume: int
    before: int
    volume_before: int


def tallies(
    session: Session, now: datetime, lately: timedelta, usual: timedelta, at_least: int
) -> list[Tally]:
    """The actors followed for alerts that ``at_least`` reports taken in ``lately`` name.

    Counted by the moment a report was taken in: it is always known and to the
    second, while many a report is dated to the day, or not at all. What a source
    brought as its archive is left out. The time before reaches ``usual`` back.
    """
    recent, start = now - lately, now - usual
    followed = select(col(SubscriptionRow.target_id)).where(
        col(SubscriptionRow.target_kind) == TargetKind.ACTOR,
        col(SubscriptionRow.delivery) != DeliveryMode.DIGEST,
    )
    news = ~col(ItemRow.backlog)
    named = func.count()
    rows = session.execute(
        select(col(ItemActorRow.actor_id), named)
        .join(ItemRow, col(ItemRow.id) == col(ItemActorRow.item_id))
        .where(
            news,
            col(ItemRow.ingested_at) > recent,
            col(ItemRow.ingested_at) <= now,
            col(ItemActorRow.actor_id).in_(followed),
        )
        .group_by(col(ItemActorRow.actor_id))
        .having(named >= at_least)
        .order_by(named.desc(), col(ItemActorRow.actor_id))
    ).all()
    if not rows:
        return []
    is_before = col(ItemRow.ingested_at) <= recent
    volumes = session.execute(
        select(func.count(), func.coalesce(func.sum(case((is_before, 1), else_=0)), 0)).where(
            news, col(ItemRow.ingested_at) > start, col(ItemRow.ingested_at) <= now
        )
    ).one()
    counts = dict(rows)
    earlier: dict[str, int] = {}
    for chunk in chunks(list(counts)):
        found = session.execute(
            select(col(ItemActorRow.actor_id), func.count())
            .join(ItemRow, col(ItemRow.id) == col(ItemActorRow.item_id))
            .where(
                col(ItemActorRow.actor_id).in_(chunk),
                news,
                col(ItemRow.ingested_at) > start,
                is_before,
            )
            .group_by(col(ItemActorRow.actor_id))
        )
        earlier.update(map(tuple, found))
    total, before = int(volumes[0]), int(volumes[1])
    return [
        Tally(actor, count, total - before, earlier.get(actor, 0), before)
        for actor, count in counts.items()
    ]


def spikes_told(
    session: Session, chat_id: int, thread: int, since: datetime, now: datetime
) -> set[str]:
    """The actors of which a chat was told, after ``since``, that there is unusually much.

    What was told later than ``now``, by a clock since set back, does not count.
    """
    query = select(col(SpikeRow.actor_id)).where(
        col(SpikeRow.chat_id) == chat_id,
        col(SpikeRow.thread) == thread,
        col(SpikeRow.told_at) > since,
        col(SpikeRow.told_at) <= now,
    )
    return set(session.execute(query).scalars())


def note_spikes(
    session: Session, chat_id: int, thread: int, actors: Collection[str], now: datetime
) -> None:
    """Remember that a chat is told of these actors."""
    here = (col(SpikeRow.chat_id) == chat_id) & (col(SpikeRow.thread) == thread)
    session.execute(delete(SpikeRow).where(here, col(SpikeRow.actor_id).in_(sorted(actors))))
    where = {"chat_id": chat_id, "thread": thread, "told_at": now}
    session.execute(insert(SpikeRow), [where | {"actor_id": one} for one in sorted(actors)])
