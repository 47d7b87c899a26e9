"""Who decides what a channel is sent. Every function takes the session of a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from digests.store import chats
from digests.tables import ChannelRow
from digests.types import Chat, ManagedChannel


def manage(session: Session, manager: Chat, channel: Chat, title: str, now: datetime) -> None:
    """Let a private chat decide about a channel; where it does already, its title is brought up."""
    row = session.get(ChannelRow, (manager.id, channel.id))
    if row is None:
        row = ChannelRow(manager_id=manager.id, channel_id=channel.id, title=title, since=now)
    row.title = title
    session.add(row)
    session.flush()


def managed(session: Session, manager: Chat) -> list[ManagedChannel]:
    """The channels that a private chat decides about, in the order in which they came."""
    rows = session.exec(
        select(ChannelRow)
        .where(ChannelRow.manager_id == manager.id)
        .order_by(col(ChannelRow.since), col(ChannelRow.channel_id))
    )
    return [ManagedChannel(chats.chat(session, row.channel_id), row.title) for row in rows]


def managers(session: Session, channel: Chat) -> list[Chat]:
    """The private chats that decide about a channel."""
    rows = session.exec(select(ChannelRow).where(ChannelRow.channel_id == channel.id))
    return [chats.chat(session, row.manager_id) for row in rows]


def leave(session: Session, manager: Chat, channel: Chat) -> None:
    """Let a private chat decide about a channel no more; the channel keeps what it follows."""
    row = session.get(ChannelRow, (manager.id, channel.id))
    if row is not None:
        session.delete(row)
        session.flush()
