"""The rounds: what is due is composed and enqueued, mark and delivery in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from digests.compose import Matched, compose
from digests.desk.known import Known
from digests.desk.views import Focus, story_view
from digests.schedule import Cadence, next_due, parse_quiet, parse_zone, quiet_until
from digests.store import Session, Store, archive, chats, outbox
from digests.types import (
    Chat,
    DeliveryMode,
    Digest,
    Report,
    StoryView,
    Subscription,
    Target,
    TargetKind,
    Topic,
)

Render = Callable[[Digest, Chat], Sequence[dict[str, Any]]]
"""Makes the payloads of a digest or alert for a chat: what will be sent, part by part."""

Label = Callable[[Target, str], str]
"""(target, language) -> the name a target is shown under."""

_ARCHIVE: Final = 5


class Rounds:
    """Digests and alerts: looked at on request, or enqueued when due."""

    def __init__(self, store: Store, known: Known, label: Label) -> None:
        self._store = store
        self._known = known
        self._label = label

    def look(self, chat: Chat, thread: int) -> Digest:
        """What the next digest would hold; changes nothing.

        With nothing new, the newest stories of the archive for each target
        (``pending`` False). A chat that follows nothing is shown everything.
        """
        with self._store.reading() as session:
            followed = chats.subscriptions(session, chat.id, thread)
            fresh = [
                self._matched(session, chat, one, archive.newest_seq(session)) for one in followed
            ]
            if any(match.reports for match in fresh):
                return self._composed(session, chat, thread, fresh)
            targets = [one.target for one in followed] or [Target(TargetKind.EVERYTHING)]
            kept = [
                self._labelled(
                    chat,
                    target,
                    archive.item_ids(session, target, limit=_ARCHIVE, newest_by_date=True),
                    session,
                )
                for target in targets
            ]
            return self._composed(session, chat, thread, kept, pending=False)

    def archive_of(self, chat: Chat, target: Target, limit: int = 2) -> tuple[StoryView, ...]:
        """The newest stories of the archive about a target."""
        with self._store.reading() as session:
            ids = archive.item_ids(session, target, limit=limit, newest_by_date=True)
            matched = self._labelled(chat, target, ids, session)
            shown = self._composed(session, chat, 0, [matched], pending=False)
        return tuple(entry.story for section in shown.sections for entry in section.stories)

    def label(self, target: Target, language: str) -> str:
        """The name a target is shown under, in a language."""
        return self._label(target, language)

    def compose_due(self, now: datetime, render: Render) -> int:
        """Enqueue every digest that is due; gives how many were enqueued.

        A chat's due subscriptions make one digest. However many times were
        missed, it is made up once: the next time lies after ``now``. A digest
        with nothing new is not sent; its marks and times move on all the same.
        """
        with self._store.reading() as session:
            due = chats.due_chats(session, now)
        return sum(self._digest(chat_id, thread, now, render) for chat_id, thread in due)

    def compose_alerts(self, now: datetime, render: Render) -> int:
        """Enqueue an alert for every story that has something new for who asked for alerts.

        Alerts that fall into a chat's quiet hours wait for their end.
        """
        with self._store.reading() as session:
            newest = archive.newest_seq(session)
            waiting = chats.alerting_chats(session, newest, now)
        return sum(self._alert(chat_id, thread, now, render) for chat_id, thread in waiting)

    def _digest(self, chat_id: int, thread: int, now: datetime, render: Render) -> int:
        with self._store.writing() as session:
            chat = chats.chat(session, chat_id)
            newest = archive.newest_seq(session)
            due = [
                one
                for one in chats.subscriptions(session, chat_id, thread)
                if one.next_due_at is not None and one.next_due_at <= now
            ]
            if not due:
                return 0  # another process was faster
            if chat.paused:
                chat = chats.update_chat(session, chat_id, paused=False, paused_until=None)
            matched = [self._matched(session, chat, one, newest) for one in due]
            digest = self._composed(session, chat, thread, matched)
            slot = min(one.next_due_at for one in due if one.next_due_at is not None)
            for one in due:
                cadence = Cadence.parse(one.schedule or chat.schedule)
                chats.update_subscription(
                    session,
                    one.id,
                    digest_mark=newest,
                    next_due_at=next_due(cadence, parse_zone(chat.zone), now),
                )
            if not digest.stories:
                return 0
            chats.mark_shown(session, chat_id, thread, digest.items)
            batch = f"digest/{chat_id}/{thread}/{slot:%Y-%m-%dT%H:%MZ}/{newest}"
            payloads = render(digest, chat)
            outbox.enqueue(session, batch, chat_id, thread, "digest", payloads, now=now)
        return 1

    def _alert(self, chat_id: int, thread: int, now: datetime, render: Render) -> int:
        with self._store.writing() as session:
            chat = chats.chat(session, chat_id)
            newest = archive.newest_seq(session)
            alerting = [
                one
                for one in chats.subscriptions(session, chat_id, thread)
                if one.delivery is not DeliveryMode.DIGEST and one.alert_mark < newest
            ]
            matched = [
                self._labelled(
                    chat,
                    one.target,
                    archive.item_ids(
                        session,
                        one.target,
                        after=one.alert_mark,
                        until=newest,
                        news=True,
                        unshown_in=(chat_id, thread),
                    ),
                    session,
                )
                for one in alerting
            ]
            for one in alerting:
                chats.update_subscription(session, one.id, alert_mark=newest)
            alert = self._composed(session, chat, thread, matched)
            if not alert.stories:
                return 0
            chats.mark_shown(session, chat_id, thread, alert.items)
            quiet = parse_quiet(chat.quiet) if chat.quiet else None
            outbox.enqueue(
                session,
                f"alert/{chat_id}/{thread}/{newest}",
                chat_id,
                thread,
                "alert",
                render(alert, chat),
                now=now,
                not_before=quiet_until(quiet, parse_zone(chat.zone), now),
            )
        return 1

    def _matched(
        self, session: Session, chat: Chat, subscription: Subscription, newest: int
    ) -> Matched:
        """What is new for a subscription: in its window, no archive, and not sent to the chat."""
        ids = archive.item_ids(
            session,
            subscription.target,
            after=subscription.digest_mark,
            until=newest,
            news=True,
            unshown_in=(chat.id, subscription.thread),
        )
        return self._labelled(chat, subscription.target, ids, session)

    def _labelled(
        self, chat: Chat, target: Target, ids: Sequence[int], session: Session
    ) -> Matched:
        return Matched(
            target, self._label(target, chat.language), tuple(archive.reports(session, ids))
        )

    def _composed(
        self,
        session: Session,
        chat: Chat,
        thread: int,
        matched: Sequence[Matched],
        *,
        pending: bool = True,
    ) -> Digest:
        reports = [report for match in matched for report in match.reports]
        stories = {r.item.story_id for r in reports if r.item.story_id is not None}
        members = archive.story_items(session, sorted(stories))
        shown = chats.shown_items(
            session, chat.id, thread, [item for items in members.values() for item in items]
        )
        known = {story for story, items in members.items() if shown.intersection(items)}
        topics = {
            match.target.id: archive.topic(session, match.target.id)
            for match in matched
            if match.target.kind is TargetKind.TOPIC
        }
        view = partial(self._view, names=self._known.names_in(reports), topics=topics)
        return compose(matched, view, known_stories=known, pending=pending)

    def _view(
        self,
        story: int,
        reports: Sequence[Report],
        target: Target,
        moved: bool,
        *,
        names: Mapping[str, str],
        topics: Mapping[str, Topic | None],
    ) -> StoryView:
        focus = Focus.on(target, topics.get(target.id), reports[0].reading.language)
        return story_view(story, reports, names, focus=focus, moved=moved)
