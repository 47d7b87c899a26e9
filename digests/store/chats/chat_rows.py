"""The rows of chats: their settings, where they are, and whether they may be told something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Final

import sqlalchemy
from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from digests.store import belongings
from digests.store.merges import survivor
from digests.tables import ChatRow, MergedSubscriptionRow, SubscriptionRow, row_id
from digests.types import Chat

_CHANGEABLE: Final = frozenset(one.name for one in fields(Chat)) - {"id"}


def chat_at(session: Session, address: str) -> Chat | None:
    """The chat at an address; None for one never seen."""
    row = session.exec(select(ChatRow).where(ChatRow.address == address)).first()
    return chat_of(row) if row else None


def chat(session: Session, chat_id: int) -> Chat:
    """The chat with this id. Raises sqlalchemy's NoResultFound if there is none."""
    return chat_of(session.get_one(ChatRow, chat_id))


def chats(session: Session, chat_ids: Collection[int]) -> list[Chat]:
    """The chats with these ids; those that are gone are left out."""
    rows = session.exec(select(ChatRow).where(col(ChatRow.id).in_(sorted(chat_ids))))
    return [chat_of(row) for row in rows]


def add_chat(
    session: Session,
    address: str,
    *,
    language: str,
    zone: str,
    schedule: str,
    now: datetime,
    silent: bool = False,
) -> Chat:
    """The chat at an address: the one already known, or a new one with these settings."""
    found = chat_at(session, address)
    if found is not None:
        return found
    row = ChatRow(
        address=address,
        language=language,
        zone=zone,
        schedule=schedule,
        created_at=now,
        silent=silent,
    )
    session.add(row)
    session.flush()
    return chat_of(row)


def update_chat(session: Session, chat_id: int, **changes: object) -> Chat:
    """Change settings of a chat, named as the fields of :class:`digests.types.Chat`."""
    row = session.get_one(ChatRow, chat_id)
    for name, value in changes.items():
        if name not in _CHANGEABLE:
            raise AttributeError(name)
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return chat_of(row)


def move_chat(session: Session, old_address: str, new_address: str) -> None:
    """A group became a supergroup: its chat keeps everything under the new address.

    Where the new address has a chat already (its update came first), all that
    is that one's joins the old one's, and it goes. The chat can be reached again.
    """
    old = session.exec(select(ChatRow).where(ChatRow.address == old_address)).first()
    if old is None or old_address == new_address:
        return
    new = session.exec(select(ChatRow).where(ChatRow.address == new_address)).first()
    if new is not None:
        _take_over(session, row_id(new.id), row_id(old.id))
        session.delete(new)
        session.flush()
    old.address = new_address
    old.unreachable = None
    session.add(old)
    session.flush()


def _take_over(session: Session, source: int, into: int) -> None:
    """All that is one chat's becomes another's; where both have the same, that one's stays."""
    new = _followed(session, source) - _followed(session, into)
    actors = {(thread, target) for thread, _, target in new}
    for one in session.exec(
        select(MergedSubscriptionRow).where(MergedSubscriptionRow.chat_id == source)
    ):
        # How an actor was followed before a merge goes with the subscription that it led to.
        if (one.thread, survivor(session, one.actor_id)) not in actors:
            session.delete(one)
    session.flush()
    belongings.hand_over(session, source, into)


def _followed(session: Session, chat_id: int) -> set[tuple[int, str, str]]:
    """What a chat follows: thread, kind and id of each target."""
    query = sqlalchemy.select(
        col(SubscriptionRow.thread),
        col(SubscriptionRow.target_kind),
        col(SubscriptionRow.target_id),
    ).where(col(SubscriptionRow.chat_id) == chat_id)
    return {(thread, kind, target) for thread, kind, target in session.execute(query)}


def pause_unreachable(session: Session, chat_id: int, reason: str) -> None:
    """A chat refuses messages: nothing is composed for it or sent to it until it is back."""
    session.exec(update(ChatRow).where(col(ChatRow.id) == chat_id).values(unreachable=reason))


def rested(session: Session, now: datetime) -> list[int]:
    """Chats whose pause ends by ``now``, and which can be reached."""
    query = select(ChatRow.id).where(
        col(ChatRow.paused),
        col(ChatRow.paused_until) <= now,
        col(ChatRow.unreachable).is_(None),
    )
    return [row_id(found) for found in session.exec(query)]


def awake(now: datetime) -> ColumnElement[bool]:
    """That a chat may be told something: it can be reached, and is not paused."""
    up = ~col(ChatRow.paused) | (col(ChatRow.paused_until) <= now)
    return col(ChatRow.unreachable).is_(None) & up


def chat_of(row: ChatRow) -> Chat:
    """A row as a chat."""
    return Chat(
        id=row_id(row.id),
        address=row.address,
        language=row.language,
        zone=row.zone,
        schedule=row.schedule,
        quiet=row.quiet,
        paused=row.paused,
        paused_until=row.paused_until,
        unreachable=row.unreachable,
        silent=row.silent,
        muted=row.muted,
        previews=row.previews,
        dark=row.dark,
        asked=row.asked,
        everyone=row.everyone,
    )
