"""Chats: what they follow, how and when they want it, and what is kept about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from digests.desk import returning
from digests.desk.matching import topic_items
from digests.schedule import Cadence, next_due, parse_quiet, parse_zone
from digests.store import Session, Store, archive, belongings, channels, chats, merges
from digests.types import (
    Chat,
    DeliveryMode,
    Source,
    SourceKind,
    Subscription,
    Target,
    TargetKind,
    Topic,
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """Settings of a chat that has chosen nothing yet."""

    language: str = "de"
    zone: str = "Europe/Berlin"
    schedule: str = "daily 07:00"


class Following:
    """What a front end may do for a chat."""

    def __init__(self, store: Store, defaults: Defaults) -> None:
        self._store = store
        self._defaults = defaults

    def chat(self, address: str, now: datetime, *, language: str | None = None) -> Chat:
        """The chat at an address, made known with default settings when it first turns up.

        A chat that Telegram had refused speaks again: it is reachable.
        """
        with self._store.reading() as session:
            found = chats.chat_at(session, address)
        if found is not None and found.unreachable is None:
            return found
        with self._store.writing() as session:
            if found is not None:
                return chats.update_chat(session, found.id, unreachable=None)
            return chats.add_chat(
                session,
                address,
                language=language or self._defaults.language,
                zone=self._defaults.zone,
                schedule=self._defaults.schedule,
                now=now,
            )

    def subscribe(
        self, chat: Chat, thread: int, target: Target, delivery: DeliveryMode, now: datetime
    ) -> bool:
        """Follow a target from now on; False where it was followed already.

        What the archive holds at this moment is no news: marks start at the
        newest item.
        """
        with self._store.writing() as session:
            if target.kind is TargetKind.ACTOR:
                target = Target(target.kind, merges.survivor(session, target.id))
            followed = chats.subscriptions(session, chat.id, thread)
            known = next((one for one in followed if one.target == target), None)
            due = _due(chat, known.schedule if known else None, now)
            _, new = chats.subscribe(
                session,
                chat.id,
                thread,
                target,
                delivery,
                mark=archive.newest_seq(session),
                next_due_at=due if delivery is not DeliveryMode.ALERT else None,
                now=now,
            )
        return new

    def subscription(self, chat: Chat, number: int) -> Subscription | None:
        """A chat's own subscription by its number; None for another's."""
        with self._store.reading() as session:
            found = chats.subscription(session, number)
        return found if found is not None and found.chat == chat.id else None

    def deliver(
        self,
        chat: Chat,
        followed: Subscription,
        delivery: DeliveryMode,
        now: datetime,
        *,
        hourly: bool = False,
    ) -> Subscription:
        """Change how a subscription is delivered; ``hourly`` is of its alerts."""
        with self._store.writing() as session:
            return self._deliver(session, chat, followed, delivery, now, hourly=hourly)

    def deliver_all(self, chat: Chat, thread: int, delivery: DeliveryMode, now: datetime) -> None:
        """Change how all that a chat follows in a thread is delivered."""
        with self._store.writing() as session:
            for one in chats.subscriptions(session, chat.id, thread):
                self._deliver(session, chat, one, delivery, now, hourly=one.hourly)

    def schedule(
        self, chat: Chat, followed: Subscription, schedule: str | None, now: datetime
    ) -> Subscription:
        """Give a subscription digest times of its own; None for the chat's.

        Raises InputError("bad_schedule" or "bad_time").
        """
        own = None if schedule is None else str(Cadence.parse(schedule))
        alerts = followed.delivery is DeliveryMode.ALERT
        due = None if alerts else _due(chat, own, now)
        with self._store.writing() as session:
            chats.update_subscription(session, followed.id, schedule=own, next_due_at=due)
        return replace(followed, schedule=own, next_due_at=due)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop following."""
        with self._store.writing() as session:
            chats.unsubscribe(session, subscription.id)

    def subscriptions(self, chat: Chat, thread: int | None = None) -> list[Subscription]:
        """What a chat follows, oldest first."""
        with self._store.reading() as session:
            return chats.subscriptions(session, chat.id, thread)

    def set_language(self, chat: Chat, language: str) -> Chat:
        """Answer in another language from now on."""
        return self._update(chat, language=language)

    def set_zone(self, chat: Chat, zone: str, now: datetime) -> Chat:
        """Read the chat's times in another IANA zone. Raises InputError("bad_zone")."""
        return self._reschedule(chat, now, zone=parse_zone(zone).key)

    def set_schedule(self, chat: Chat, schedule: str, now: datetime) -> Chat:
        """Change when digests come. Raises InputError("bad_schedule" or "bad_time")."""
        return self._reschedule(chat, now, schedule=str(Cadence.parse(schedule)))

    def set_quiet(self, chat: Chat, quiet: str) -> Chat:
        """Set quiet hours, or ``off``. Raises InputError("bad_quiet" or "bad_time")."""
        hours = parse_quiet(quiet)
        text = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else None
        return self._update(chat, quiet=text)

    def set_silent(self, chat: Chat, *, silent: bool) -> Chat:
        """Choose whether a digest with nothing new is left out, or says so."""
        return self._update(chat, silent=silent)

    def set_flags(self, chat: Chat, **flags: bool) -> Chat:
        """Choose how messages look and sound: ``muted``, ``previews``, ``dark`` (see Chat)."""
        return self._update(chat, **flags)

    def ask(self, chat: Chat, question: str | None) -> Chat:
        """Remember which command the next words answer; None where nothing is asked any more."""
        return self._update(chat, asked=question) if chat.asked != question else chat

    def set_everyone(self, chat: Chat, *, everyone: bool) -> Chat:
        """Choose whether all members of a group may change what it follows, or admins only."""
        return self._update(chat, everyone=everyone)

    def at(self, address: str) -> Chat | None:
        """The chat at an address; None for one never seen."""
        with self._store.reading() as session:
            return chats.chat_at(session, address)

    def pause(self, chat: Chat, until: datetime | None) -> Chat:
        """Send nothing until a moment, or until resumed."""
        return self._update(chat, paused=True, paused_until=until)

    def resume(self, chat: Chat, now: datetime) -> Chat:
        """Send again; what came meanwhile is one digest (see :mod:`digests.desk.returning`)."""
        with self._store.writing() as session:
            return returning.resume(session, chats.chat(session, chat.id), now)

    def unreachable(self, address: str, reason: str) -> None:
        """Telegram refuses the chat (blocked, kicked): nothing is sent until it speaks again."""
        with self._store.writing() as session:
            found = chats.chat_at(session, address)
            if found is not None:
                chats.update_chat(session, found.id, unreachable=reason)

    def returned(self, address: str) -> None:
        """The chat takes messages again; what came meanwhile is in the next digest."""
        with self._store.writing() as session:
            found = chats.chat_at(session, address)
            if found is not None and found.unreachable is not None:
                chats.update_chat(session, found.id, unreachable=None)

    def move(self, old_address: str, new_address: str) -> None:
        """A group became a supergroup."""
        with self._store.writing() as session:
            chats.move_chat(session, old_address, new_address)

    def delete(self, chat: Chat) -> None:
        """Forget a chat and everything kept about it; see digests.store.belongings."""
        with self._store.writing() as session:
            belongings.delete_chat(session, chat.id)

    def export(self, chat: Chat) -> Mapping[str, Any]:
        """Everything kept about a chat, ready for JSON."""
        with self._store.reading() as session:
            return {
                **belongings.kept(session, chat.id),
                "channels": [
                    belongings.kept(session, one.chat.id) for one in channels.managed(session, chat)
                ],
            }

    # --- Topics and feeds ------------------------------------------------------------------

    def topics(self, chat: Chat) -> list[Topic]:
        """The starter topics and the chat's own."""
        with self._store.reading() as session:
            return archive.topics(session, chat.id)

    def topic(self, topic_id: str) -> Topic | None:
        """A stored topic."""
        with self._store.reading() as session:
            return archive.topic(session, topic_id)

    def keep_topic(self, topic: Topic, chat: Chat | None) -> None:
        """Store a topic (a chat's own, or a starter topic) and find what matches it already."""
        with self._store.writing() as session:
            archive.save_topic(session, topic, chat.id if chat else None)
            archive.set_topic_items(session, topic.id, topic_items(session, topic))

    def feeds(self) -> list[Source]:
        """All feeds, oldest first."""
        with self._store.reading() as session:
            return archive.sources(session, SourceKind.FEED)

    def source(self, source_id: int) -> Source | None:
        """A folder or feed by its number."""
        with self._store.reading() as session:
            return archive.source(session, source_id)

    @staticmethod
    def _deliver(
        session: Session,
        chat: Chat,
        followed: Subscription,
        delivery: DeliveryMode,
        now: datetime,
        *,
        hourly: bool,
    ) -> Subscription:
        due = None if delivery is DeliveryMode.ALERT else _due(chat, followed.schedule, now)
        changed, _ = chats.subscribe(
            session,
            chat.id,
            followed.thread,
            followed.target,
            delivery,
            mark=archive.newest_seq(session),
            next_due_at=due,
            now=now,
        )
        chats.update_subscription(session, changed.id, hourly=hourly)
        return replace(changed, hourly=hourly)

    def _reschedule(self, chat: Chat, now: datetime, **changes: str) -> Chat:
        with self._store.writing() as session:
            changed = chats.update_chat(session, chat.id, **changes)
            for one in chats.subscriptions(session, chat.id):
                if one.delivery is not DeliveryMode.ALERT:
                    due = _due(changed, one.schedule, now)
                    chats.update_subscription(session, one.id, next_due_at=due)
        return changed

    def _update(self, chat: Chat, **changes: object) -> Chat:
        with self._store.writing() as session:
            return chats.update_chat(session, chat.id, **changes)


def usual_delivery(chat: Chat) -> DeliveryMode:
    """How what a chat follows anew is delivered: by digest, unless it wants none."""
    return DeliveryMode.DIGEST if Cadence.parse(chat.schedule).times else DeliveryMode.ALERT


def _due(chat: Chat, own: str | None, now: datetime) -> datetime | None:
    """When the next digest is due, by times of its own or the chat's."""
    return next_due(Cadence.parse(own or chat.schedule), parse_zone(chat.zone), now)
