"""The operator's notes to all chats, and what went wrong. Takes the session of a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func
from sqlmodel import Session, col, select

from digests.store import chats
from digests.tables import (
    BroadcastRow,
    ChannelRow,
    ChatRow,
    DeliveryRow,
    ProblemRow,
    SubscriptionRow,
    row_id,
)
from digests.types import Chat

_DRAFTS_KEPT: Final = timedelta(days=1)
_PROBLEMS_KEPT: Final = 200
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, how often since ``first_at``, and when last; ``origin`` is a logger."""

    origin: str
    level: str
    words: str
    last_at: datetime
    times: int = 1
    first_at: datetime | None = None


def draft(session: Session, text: str, now: datetime) -> int:
    """Keep a note until it is confirmed; older ones that never were are dropped."""
    old = col(BroadcastRow.written_at) < now - _DRAFTS_KEPT
    session.execute(delete(BroadcastRow).where(old, col(BroadcastRow.sent_at).is_(None)))
    row = BroadcastRow(text=text, written_at=now)
    session.add(row)
    session.flush()
    return row_id(row.id)


def confirm(session: Session, number: int, now: datetime) -> str | None:
    """The text of a note that is sent now; None where there is none, or it was sent before."""
    row = session.get(BroadcastRow, number)
    if row is None or row.sent_at is not None:
        return None
    row.sent_at = now
    session.add(row)
    session.flush()
    return row.text


def audience(session: Session, platform: str, now: datetime) -> list[Chat]:
    """Who is told: chats of people and groups that follow something, but for those at rest.

    What a channel shows its readers is no business of the operator's.
    """
    following = exists().where(col(SubscriptionRow.chat_id) == col(ChatRow.id))
    channel = exists().where(col(ChannelRow.channel_id) == col(ChatRow.id))
    query = (
        select(ChatRow)
        .where(
            col(ChatRow.address).startswith(platform, autoescape=True),
            following,
            ~channel,
            chats.awake(now),
        )
        .order_by(col(ChatRow.id))
    )
    rows = session.exec(query).all()  # held while they are made into values: one question in all
    return [chats.chat(session, row_id(row.id)) for row in rows]


def last_digest(session: Session) -> datetime | None:
    """When the newest digest was composed; deliveries that are done with are kept for a while."""
    query = select(func.max(DeliveryRow.created_at)).where(col(DeliveryRow.kind) == "digest")
    return session.exec(query).one()


def add_problems(session: Session, problems: Iterable[Problem]) -> None:
    """Note what went wrong; the same words of the same origin are counted, not repeated."""
    for one in problems:
        words = one.words[:_LONGEST]
        row = session.exec(
            select(ProblemRow).where(ProblemRow.origin == one.origin, ProblemRow.words == words)
        ).first()
        if row is None:
            row = ProblemRow(
                origin=one.origin,
                level=one.level,
                words=words,
                times=0,
                first_at=one.last_at,
                last_at=one.last_at,
            )
        row.times += one.times
        row.level = one.level
        row.last_at = max(row.last_at, one.last_at)
        session.add(row)
        session.flush()
    kept = select(ProblemRow.id).order_by(col(ProblemRow.last_at).desc()).limit(_PROBLEMS_KEPT)
    session.execute(delete(ProblemRow).where(col(ProblemRow.id).not_in(kept)))


def problems(session: Session, limit: int) -> list[Problem]:
    """What went wrong last, newest first."""
    rows = session.exec(
        select(ProblemRow)
        .order_by(col(ProblemRow.last_at).desc(), col(ProblemRow.id).desc())
        .limit(limit)
    )
    return [
        Problem(row.origin, row.level, row.words, row.last_at, row.times, row.first_at)
        for row in rows
    ]
