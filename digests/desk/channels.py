"""Channels: a person's private chat decides what a channel is sent."""

from __future__ import annotations

from datetime import datetime

from digests.store import Store, belongings, channels, chats
from digests.types import Chat, ManagedChannel


class Channels:
    """Which channels a chat decides about. Who has the right to is for the front to know."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def manage(self, manager: Chat, address: str, title: str, now: datetime) -> ManagedChannel:
        """Let a chat decide about the channel at an address; a new one has the chat's settings.

        But with nothing new it is told nothing: its readers asked for none of it.
        """
        with self._store.writing() as session:
            channel = chats.add_chat(
                session,
                address,
                language=manager.language,
                zone=manager.zone,
                schedule=manager.schedule,
                now=now,
                silent=True,
            )
            if channel.unreachable is not None:
                channel = chats.update_chat(session, channel.id, unreachable=None)
            channels.manage(session, manager, channel, title, now)
        return ManagedChannel(channel, title)

    def managed(self, manager: Chat) -> list[ManagedChannel]:
        """The channels that a chat decides about."""
        with self._store.reading() as session:
            return channels.managed(session, manager)

    def managers(self, address: str) -> list[Chat]:
        """The chats that decide about the channel at an address."""
        with self._store.reading() as session:
            channel = chats.chat_at(session, address)
            return channels.managers(session, channel) if channel else []

    def leave(self, manager: Chat, channel: Chat) -> None:
        """Let a chat decide about a channel no more; what the channel is sent stays as it is."""
        with self._store.writing() as session:
            channels.leave(session, manager, channel)

    def end(self, channel: Chat) -> None:
        """Send a channel nothing any more, and forget it."""
        with self._store.writing() as session:
            belongings.delete_chat(session, channel.id)
