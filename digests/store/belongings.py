"""What belongs to a chat, whichever table it is in: shown, moved and removed as a whole.

Tables are found by their columns, so that what a new one keeps about a chat is
in its export, leaves with it, and comes along when a forum topic is folded into its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import Session, SQLModel, col

from digests.tables import ChannelRow, ChatRow, CounterRow, HoldRow, SourceRow

_DELETED: Final = "chats_deleted"

LOOSE: Final = {"source": "added_by"}
"""Columns that name a chat without a foreign key."""

NOT_SHOWN: Final = {("channel", "channel_id"): "who else decides about a channel is theirs to know"}
"""Columns whose rows are in nobody's export, and why."""


def owners() -> list[tuple[Table, Column[Any]]]:
    """Every table that bears the number of a chat, with the column it is in, in a fixed order."""
    found = []
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda one: one.name):
        for column in table.columns:
            named = any(key.column.table.name == "chat" for key in column.foreign_keys)
            if named or LOOSE.get(table.name) == column.name:
                found.append((table, column))
    return found


def kept(session: Session, chat_id: int) -> Mapping[str, Any]:
    """Everything kept about a chat: its settings, and of each other table the rows that are its."""
    chat = session.get_one(ChatRow, chat_id)
    holds = select(HoldRow).where(col(HoldRow.scope) == chat.address)
    told: dict[str, Any] = {
        "chat": chat.model_dump(mode="json"),
        "patience": [one.model_dump(mode="json") for one in session.execute(holds).scalars()],
    }
    for table, column in owners():
        if (table.name, column.name) in NOT_SHOWN:
            continue
        shown = [one for one in table.columns if one is not column]
        order = list(table.primary_key.columns)
        rows = session.execute(select(*shown).where(column == chat_id).order_by(*order))
        names = [one.name for one in shown]
        told[table.name] = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    return told


def delete_chat(session: Session, chat_id: int) -> None:
    """Forget a chat with everything that is its; that one more was deleted is all that stays.

    The feeds it added stay for those who follow them. Channels that nobody else decides about
    are forgotten too.
    """
    for channel_id in _managed_alone(session, chat_id):
        delete_chat(session, channel_id)
    address = session.get_one(ChatRow, chat_id).address
    session.execute(delete(HoldRow).where(col(HoldRow.scope) == address))
    session.execute(
        update(SourceRow).where(col(SourceRow.added_by) == chat_id).values(added_by=None)
    )
    session.execute(delete(ChatRow).where(col(ChatRow.id) == chat_id))
    counter = session.get(CounterRow, _DELETED) or CounterRow(name=_DELETED)
    counter.value += 1
    session.add(counter)
    session.flush()


def deleted(session: Session) -> int:
    """How many chats were ever deleted."""
    counter = session.get(CounterRow, _DELETED)
    return counter.value if counter else 0


def hand_over(session: Session, source: int, into: int) -> None:
    """All that is one chat's becomes another's; where both have the same, that one's stays."""
    for table, column in owners():
        _move(session, table, {column: source}, {column: into})


def fold_thread(session: Session, chat_id: int, thread: int) -> None:
    """A forum topic is gone: what lived there lives in the group itself now.

    Where the group has the same already, that one stays.
    """
    for table in SQLModel.metadata.tables.values():
        if "thread" in table.columns and "chat_id" in table.columns:
            chat, place = table.c.chat_id, table.c.thread
            _move(session, table, {chat: chat_id, place: thread}, {chat: chat_id, place: 0})


def _move(
    session: Session,
    table: Table,
    here: Mapping[Column[Any], int],
    there: Mapping[Column[Any], int],
) -> None:
    """Give the rows that have the values ``here`` those of ``there``; what is there once stays."""
    mine = and_(*(column == value for column, value in here.items()))
    theirs = and_(*(column == value for column, value in there.items()))
    names = {one.name for one in here}
    twice = []
    for key in _keys(table):
        rest = [one for one in key if one.name not in names]
        if rest and len(rest) < len(key):
            twice.append(tuple_(*rest).in_(select(*rest).where(theirs)))
    if twice:
        session.execute(delete(table).where(mine, or_(*twice)))
    session.execute(update(table).where(mine).values({one.name: to for one, to in there.items()}))


def _keys(table: Table) -> list[list[Column[Any]]]:
    """What may be in a table once only."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [list(table.primary_key.columns), *(list(one.columns) for one in unique)]


def _managed_alone(session: Session, chat_id: int) -> list[int]:
    managers = (
        select(col(ChannelRow.channel_id))
        .group_by(col(ChannelRow.channel_id))
        .having(func.count() == 1)
    )
    mine = select(col(ChannelRow.channel_id)).where(
        col(ChannelRow.manager_id) == chat_id,
        col(ChannelRow.channel_id) != chat_id,
        col(ChannelRow.channel_id).in_(managers),
    )
    return list(session.execute(mine).scalars())


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
