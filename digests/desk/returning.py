"""The end of a pause: what came meanwhile is told in one digest, alerts too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from digests.schedule import Cadence, next_due, parse_zone
from digests.store import Session, archive, chats, held, outbox
from digests.types import Chat, DeliveryMode, Subscription

_AN_INSTANT = timedelta(microseconds=1)


def resume(session: Session, chat: Chat, now: datetime) -> Chat:
    """End a chat's pause.

    What would have been alerted goes into the digest with the rest: nobody comes back to a
    pile of alerts. A pause that ends by its date is followed by a digest at the first
    usual time from then on; one that somebody ends, by one at once if a time was missed.
    """
    by_date = chat.paused_until is not None and chat.paused_until <= now
    since = chat.paused_until if by_date and chat.paused_until else None
    waiting = held.waiting(session, [chat.id])
    for thread, followed in _by_thread(chats.subscriptions(session, chat.id)).items():
        owed = _end_alerts(session, followed, waiting.get((chat.id, thread), {}))
        held.keep(session, chat.id, thread, {})
        for one in followed:
            wanted = one.next_due_at is not None or one.id in owed
            if since is None:
                due = one.next_due_at or now
            else:
                due = max(_usual(chat, one, since) or now, one.next_due_at or now)
            if wanted:
                chats.update_subscription(session, one.id, next_due_at=due)
    return chats.update_chat(session, chat.id, paused=False, paused_until=None)


def _end_alerts(
    session: Session, followed: Sequence[Subscription], waiting: Collection[int]
) -> set[int]:
    """Let digests tell what alerts would have, and the items that were ``waiting`` for one.

    Gives the subscriptions that have no digest otherwise, and are owed one.
    """
    newest = archive.newest_seq(session)
    owed = set()
    for one in followed:
        if one.delivery is DeliveryMode.DIGEST:
            continue
        place = one.chat, one.thread
        if one.next_due_at is None:
            missed = archive.item_ids(
                session, one.target, after=one.alert_mark, news=True, unshown_in=place
            )
            missed += archive.item_ids(session, one.target, among=waiting, unshown_in=place)
            outbox.owe(session, *place, missed)
            if missed:
                owed.add(one.id)
        chats.update_subscription(session, one.id, alert_mark=newest)
    return owed


def _usual(chat: Chat, one: Subscription, since: datetime) -> datetime | None:
    """The first usual time of a digest from a moment on; None where there is none."""
    cadence = Cadence.parse(one.schedule or chat.schedule)
    return next_due(cadence, parse_zone(chat.zone), since - _AN_INSTANT)


def _by_thread(followed: Sequence[Subscription]) -> dict[int, list[Subscription]]:
    threads: dict[int, list[Subscription]] = {}
    for one in followed:
        threads.setdefault(one.thread, []).append(one)
    return threads
