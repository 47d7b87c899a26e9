"""Digests that wait to be rewritten. Every function takes a transaction's session.

A draft is a batch of the outbox whose rows are in the state ``draft``, so that
nobody claims them; its first payload holds the digest as a value. In one
transaction it gets other parts, or is released as it is: whoever dies before
that leaves a draft, whoever dies after it a delivery like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from digests.store import chats
from digests.store.outbox import DRAFT
from digests.tables import DeliveryRow, row_id
from digests.types import Chat, DeliveryState, Digest

_DIGEST: Final = TypeAdapter(Digest)
_ORIGINAL: Final = "original"
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest that waits, for whom, and since when; ``id`` is that of its first delivery.

    ``digest`` is None where an older version of Depesche wrote it and it
    cannot be understood any more.
    """

    id: int
    batch: str
    chat: Chat
    digest: Digest | None
    made_at: datetime


def with_draft(payloads: Sequence[Mapping[str, Any]], digest: Digest) -> Sequence[dict[str, Any]]:
    """The payloads of a digest, so that they are enqueued as a draft."""
    dumped = _DIGEST.dump_python(digest, mode="json")
    return [
        {**payload, **({DRAFT: dumped} if part == 0 else {})}
        for part, payload in enumerate(payloads)
    ]


def waiting(session: Session) -> list[Draft]:
    """The drafts, oldest first; at most fifty at a time."""
    rows = session.execute(
        select(DeliveryRow)
        .where(col(DeliveryRow.state) == DeliveryState.DRAFT, col(DeliveryRow.part) == 0)
        .order_by(col(DeliveryRow.id))
        .limit(_MOST)
    ).scalars()
    return [
        Draft(
            row_id(row.id),
            row.batch,
            chats.chat(session, row.chat_id),
            _read(row.payload.get(DRAFT)),
            row.created_at,
        )
        for row in rows
    ]


def release(session: Session, batch: str) -> bool:
    """Let a draft go out as it is; False where it is no draft any more."""
    rows = _rows(session, batch)
    for row in rows:
        row.payload = {key: value for key, value in row.payload.items() if key != DRAFT}
        row.state = DeliveryState.PENDING
    session.flush()
    return bool(rows)


def replace(session: Session, batch: str, payloads: Sequence[Mapping[str, Any]]) -> bool:
    """Let a draft go out with other parts (at least one); False where it is no draft any more.

    The digest as it was composed is kept with the first: see :func:`original`.
    """
    rows = _rows(session, batch)
    if not rows:
        return False
    first = rows[0]
    kept = {_ORIGINAL: first.payload.get(DRAFT)}
    for part, (row, payload) in enumerate(zip(rows, payloads, strict=False)):
        row.payload = {**payload, **(kept if part == 0 else {})}
        row.state = DeliveryState.PENDING
    session.flush()
    more = [
        {
            **{name: getattr(first, name) for name in _COMMON},
            "key": f"{batch}/{part}",
            "part": part,
            "payload": dict(payload),
        }
        for part, payload in enumerate(payloads)
        if part >= len(rows)
    ]
    if more:
        session.execute(insert(DeliveryRow), more)
    surplus = [row.id for row in rows[len(payloads) :]]
    session.execute(delete(DeliveryRow).where(col(DeliveryRow.id).in_(surplus)))
    return True


def original(session: Session, chat_id: int, delivery_id: int) -> Digest | None:
    """The digest that a chat was sent rewritten, as it was composed; None where there is none."""
    row = session.get(DeliveryRow, delivery_id)
    return _read(row.payload.get(_ORIGINAL)) if row and row.chat_id == chat_id else None


_COMMON: Final = (
    "batch",
    "chat_id",
    "thread",
    "kind",
    "state",
    "priority",
    "plain",
    "maybe_sent",
    "attempts",
    "due_at",
    "not_before",
    "created_at",
)


def _rows(session: Session, batch: str) -> Sequence[DeliveryRow]:
    query = select(DeliveryRow).where(
        col(DeliveryRow.batch) == batch, col(DeliveryRow.state) == DeliveryState.DRAFT
    )
    return session.execute(query.order_by(col(DeliveryRow.part))).scalars().all()


def _read(dumped: object) -> Digest | None:
    try:
        return _DIGEST.validate_python(dumped) if dumped else None
    except ValidationError:
        return None
