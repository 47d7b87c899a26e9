"""The rounds: what is due is composed and enqueued, mark and delivery in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from digests.compose import Matched, portion, without
from digests.desk.alerts import Alerts, Render, RenderUnusual, undisturbed_until
from digests.desk.known import Known
from digests.desk.returning import resume
from digests.desk.shared import Asked, Label, Ledger, Shared
from digests.desk.telling import Telling, ToldBefore
from digests.desk.together import Made, Together, in_turn
from digests.desk.wishes import Sparing
from digests.schedule import Cadence, next_due, parse_zone
from digests.store import Session, Store, archive, chats, held, outbox, polls
from digests.store import told as told_to
from digests.store.told import Message
from digests.types import (
    Chat,
    DeliveryMode,
    Digest,
    FeedNotice,
    StoryView,
    Subscription,
    Target,
    TargetKind,
)

RenderNotice = Callable[[FeedNotice, Chat], Sequence[dict[str, Any]]]
"""Makes the payloads of a word about a feed for a chat."""

_ARCHIVE: Final = 5
_EVERYTHING: Final = Target(TargetKind.EVERYTHING)
_LONGEST_WAIT: Final = timedelta(days=8)  # a digest comes once a week at least, if it comes


class Rounds:
    """Digests and alerts: looked at on request, or enqueued when due."""

    def __init__(
        self,
        store: Store,
        known: Known,
        label: Label,
        *,
        cooldown: timedelta = timedelta(minutes=30),
    ) -> None:
        """``cooldown`` is the time between two alerts to a story in a chat, at least."""
        self._store = store
        self._known = known
        self._label = label
        self._alerts = Alerts(store, known, label, cooldown)
        self._shared = Shared(known)

    def look(self, chat: Chat, thread: int, now: datetime | None = None) -> Digest:
        """What the next digest would hold; changes nothing.

        With nothing new, the newest stories of the archive for each target
        (``pending`` False). A chat that follows nothing is shown everything.
        """
        with self._store.reading() as session:
            telling = self._telling(session, chat, thread, now=now)
            followed = chats.subscriptions(session, chat.id, thread)
            fresh = [self._matched(telling, one) for one in followed]
            if any(match.reports for match in fresh):
                return telling.composed(fresh)
            kept = [
                telling.matched(
                    target, archive.item_ids(session, target, limit=_ARCHIVE, newest_by_date=True)
                )
                for target in [one.target for one in followed] or [_EVERYTHING]
            ]
            return telling.composed(kept, pending=False)

    def told_with(self, chat: Chat, thread: int, item: int, start: int, count: int) -> Digest:
        """Of the digest or alert that told a chat of an item, the stories from the ``start``-th on.

        At most ``count`` of them, in the order of :func:`digests.compose.ranked`;
        ``stories`` is the number of all. What came since is not among them. Of an
        item that was not sent there yet, they are those of the next digest (:meth:`look`).
        """
        with self._store.reading() as session:
            items = told_to.told_with(session, (chat.id, thread), item)
            if items:
                again = portion(self._again(session, chat, thread, items), start, count)
                return without(again, Sparing.of(session, (chat.id, thread)).muted)
        return portion(self.look(chat, thread), start, count)

    def archive_of(self, chat: Chat, target: Target, limit: int = 2) -> tuple[StoryView, ...]:
        """The newest stories of the archive about a target."""
        with self._store.reading() as session:
            telling = self._telling(session, chat, 0)
            ids = archive.item_ids(session, target, limit=limit, newest_by_date=True)
            shown = telling.composed([telling.matched(target, ids)], pending=False)
        return tuple(entry.story for section in shown.sections for entry in section.stories)

    def label(self, target: Target, language: str) -> str:
        """The name a target is shown under, in a language."""
        return self._label(target, language)

    def compose_due(self, now: datetime, render: Render) -> int:
        """Enqueue every digest that is due; gives how many were enqueued.

        A chat's due subscriptions make one digest. However many times were
        missed, it is made up once: the next time lies after ``now``. Where nothing
        is new the digest says so, unless the chat wants silence then, or another message still
        waits to be sent to it; marks and times move on all the same.

        Some chats at a time share a transaction. One whose digest cannot be composed
        stays due and keeps none of the others waiting; what went wrong is raised in the end.
        """
        self._end_pauses(now)
        self._mend_times(now)
        with self._store.reading() as session:
            due = chats.due_chats(session, now)
        return in_turn(
            self._store,
            due,
            lambda: self._shared_at(now),
            self._label,
            now,
            lambda together: self._digests(together, now, render),
        )

    def compose_alerts(self, now: datetime, render: Render) -> int:
        """Enqueue alerts to what is new in a story, for who asked for them; gives how many.

        See :class:`digests.desk.alerts.Alerts` for what is worth one, and what waits.
        """
        self._end_pauses(now)
        return self._alerts.compose(now, render, self._shared_at(now))

    def compose_unusual(self, now: datetime, render: RenderUnusual) -> int:
        """Enqueue word of unusually many reports on followed actors; gives how many messages."""
        return self._alerts.compose_unusual(now, render)

    def compose_notices(self, now: datetime, render: RenderNotice) -> int:
        """Enqueue a word to all who follow a feed that is gone, or failing for days.

        Gives how many were enqueued. Each is said once. Chats that are paused or
        cannot be reached are not told; quiet hours are waited for.
        """
        with self._store.reading() as session:
            waiting = polls.notices(session)
        return sum(self._notice(one, now, render) for one in waiting)

    def _end_pauses(self, now: datetime) -> None:
        """Let chats whose pause is over be told again, before anything is composed for them."""
        with self._store.reading() as session:
            over = chats.rested(session, now)
        for chat_id in over:
            with self._store.writing() as session:
                chat = chats.chat(session, chat_id)
                if chat.paused:
                    resume(session, chat, now)

    def _mend_times(self, now: datetime) -> None:
        """Set digests right that a clock, set back since, put off for longer than any schedule."""
        latest = now + _LONGEST_WAIT
        with self._store.reading() as session:
            astray = bool(chats.due_after(session, latest, 1))
        while astray:
            with self._store.writing() as session:
                found = chats.due_after(session, latest)
                for one, chat in found:
                    cadence = Cadence.parse(one.schedule or chat.schedule)
                    again = next_due(cadence, parse_zone(chat.zone), now) or now
                    chats.update_subscription(session, one.id, next_due_at=again)
            astray = bool(found)

    def _shared_at(self, now: datetime) -> Shared:
        """What rounds that follow each other closely have in common."""
        if not self._shared.serves(now):
            self._shared = Shared(self._known, now)
        return self._shared

    def _telling(
        self, session: Session, chat: Chat, thread: int, now: datetime | None = None
    ) -> Telling:
        return Telling(
            session,
            chat,
            thread,
            archive.newest_seq(session),
            Shared(self._known),
            Asked(self._label),
            Ledger(session, [(chat.id, thread)]),
            now,
            Sparing.of(session, (chat.id, thread)),
        )

    def _notice(self, notice: FeedNotice, now: datetime, render: RenderNotice) -> int:
        feed = notice.source
        told = 0
        with self._store.writing() as session:
            if notice not in polls.notices(session):
                return 0  # another process was faster, or the feed is back
            polls.note(session, [(feed.id, {"notice": None})])
            since = feed.failing_since or now
            target = Target(TargetKind.FEED, str(feed.id))
            for chat, thread in chats.followers(session, target, awake_at=now):
                outbox.enqueue(
                    session,
                    f"notice/{feed.id}/{notice.kind}/{since:%Y-%m-%dT%H:%M:%SZ}/{chat.id}/{thread}",
                    chat.id,
                    thread,
                    "notice",
                    render(notice, chat),
                    now=now,
                    not_before=undisturbed_until(chat, now),
                )
                told += 1
        return told

    def _digests(self, together: Together, now: datetime, render: Render) -> Iterator[Made]:
        """The digests of some chats."""
        # Where another process was faster nothing is due any more.
        due = {
            place: pending
            for place, followed in together.followed.items()
            if (pending := [one for one in followed if _is_due(one, now)])
        }
        together.read_ahead(
            (one.target, one.digest_mark)
            for pending in due.values()
            for one in pending
            if one.delivery is not DeliveryMode.ALERT
        )
        owed = outbox.owed(together.session, [chat for chat, _ in due])
        for place, pending in due.items():
            telling = together.telling(place)
            matched = [self._matched(telling, one, owed.get(place, set())) for one in pending]
            told = telling.told_of([one for match in matched for one in match.reports])
            made = together.tried(self._digest, telling, pending, matched, told, render, now)
            if made is not None:
                yield made

    def _digest(
        self,
        telling: Telling,
        due: Sequence[Subscription],
        matched: Sequence[Matched],
        told: ToldBefore,
        render: Render,
        now: datetime,
    ) -> Made:
        """The digest of a chat; no message where nothing is new and it is not to be told so."""
        moves = [self._moved(telling, one, now) for one in due]
        digest = telling.composed(matched, told=told)
        chat, thread = telling.place
        if not digest.stories and not _says_so(telling.session, telling.chat, thread, due):
            return None, moves
        slot = min(one.next_due_at for one in due if one.next_due_at is not None)
        batch = f"digest/{chat}/{thread}/{slot:%Y-%m-%dT%H:%MZ}/{telling.newest}"
        payloads = render(digest, telling.chat)
        return Message(batch, telling.place, "digest", payloads, digest.items), moves

    @staticmethod
    def _moved(telling: Telling, one: Subscription, now: datetime) -> dict[str, Any]:
        """Mark and time of a subscription after its digest."""
        # One that only alerts was due for once, for what it was owed.
        if one.delivery is DeliveryMode.ALERT:
            again = None
        else:
            again = telling.asked.next_due(
                one.schedule or telling.chat.schedule, telling.chat.zone, now
            )
        return {"id": one.id, "digest_mark": telling.newest, "next_due_at": again}

    def _again(self, session: Session, chat: Chat, thread: int, items: Sequence[int]) -> Digest:
        """What was told together, told again: also what the chat follows no more."""
        telling = self._telling(session, chat, thread)
        telling = replace(telling, sparing=replace(telling.sparing, muted=frozenset()))
        matched = [
            telling.matched(one.target, archive.item_ids(session, one.target, among=items))
            for one in chats.subscriptions(session, chat.id, thread)
        ]
        found = {report.item.id for match in matched for report in match.reports}
        matched.append(telling.matched(_EVERYTHING, [one for one in items if one not in found]))
        reports = [report for match in matched for report in match.reports]
        first = min(items)
        told = {
            story: earlier
            for story, known in telling.told_of(reports).items()
            if (earlier := [one for one in known if one.item.id < first])
        }
        return telling.composed(matched, told=told)

    @staticmethod
    def _matched(
        telling: Telling, subscription: Subscription, owed: AbstractSet[int] | None = None
    ) -> Matched:
        """What is new for a subscription: in its window, no archive, and not sent to the chat.

        For a digest that is due, the ``owed`` items that it matches come with
        it; a subscription that only alerts was due for nothing else.
        """
        target, session = subscription.target, telling.session
        ids: list[int] = []
        if owed is None or subscription.delivery is not DeliveryMode.ALERT:
            new = telling.asked.window(session, target, subscription.digest_mark, telling.newest)
            ids = telling.unshown(new)
        if owed:
            ids += archive.item_ids(session, target, among=owed - set(ids))
        return telling.matched(target, ids)


def _is_due(subscription: Subscription, now: datetime) -> bool:
    return subscription.next_due_at is not None and subscription.next_due_at <= now


def _says_so(session: Session, chat: Chat, thread: int, due: Sequence[Subscription]) -> bool:
    """Whether a chat is told that nothing is new."""
    digests = any(one.delivery is not DeliveryMode.ALERT for one in due)
    return digests and not chat.silent and not held.anything_waits(session, chat.id, thread)
