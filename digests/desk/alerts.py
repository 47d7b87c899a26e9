"""Alerts: what is told at once, what waits for its time, and word of unusually many reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from digests.compose import Matched
from digests.coverage import FEWEST, Spike, spike
from digests.desk.known import Known
from digests.desk.shared import Label, Shared
from digests.desk.telling import Telling, among
from digests.desk.together import Made, Together, in_turn
from digests.desk.wishes import FEWER_TELL
from digests.schedule import next_hour, parse_quiet, parse_zone, quiet_until
from digests.store import Session, Store, archive, chats, held, outbox, wishes
from digests.store.told import Message
from digests.stories import headline
from digests.types import (
    Chat,
    CitedSentence,
    DeliveryMode,
    Digest,
    Report,
    Subscription,
    Target,
    TargetKind,
)

Render = Callable[[Digest, Chat], Sequence[dict[str, Any]]]
"""Makes the payloads of a digest or alert for a chat: what will be sent, part by part."""

LATELY: Final = timedelta(hours=24)
"""The time in which there may be unusually many reports."""

_USUAL: Final = timedelta(days=29)  # the day that is looked at, and four weeks before it
_ONCE_IN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Unusual:
    """That there are unusually many reports about an actor, with the newest of them."""

    actor: str
    name: str
    spike: Spike
    newest: CitedSentence


RenderUnusual = Callable[[Sequence[Unusual], Chat], Sequence[dict[str, Any]]]
"""Makes the payloads of word of unusually many reports for a chat."""


def undisturbed_until(chat: Chat, now: datetime) -> datetime | None:
    """The end of the chat's quiet hours; None where it may be disturbed now."""
    quiet = parse_quiet(chat.quiet) if chat.quiet else None
    return quiet_until(quiet, parse_zone(chat.zone), now)


class Alerts:
    """What is told at once.

    A chat is alerted to a story once; to a later report of it only where that
    brings something new (see :func:`digests.novelty.worth_telling`), and not
    within ``cooldown`` of the last alert to the story. What is new in that time, or in
    the chat's quiet hours, waits as an item, and is judged and put into words
    with what came since: one message tells all. What is followed by the hour alone waits
    for the next full one.
    """

    def __init__(self, store: Store, known: Known, label: Label, cooldown: timedelta) -> None:
        self._store = store
        self._known = known
        self._label = label
        self._cooldown = cooldown
        self._counted_to = -1
        self._count_again: datetime | None = None

    def compose(self, now: datetime, render: Render, shared: Shared) -> int:
        """Enqueue what chats are to be told now; gives how many alerts that makes."""
        with self._store.reading() as session:
            newest = archive.newest_seq(session)
            places = dict.fromkeys(chats.alerting_chats(session, newest, now))
            places |= dict.fromkeys(held.due_chats(session, now))
        return in_turn(
            self._store,
            list(places),
            lambda: shared,
            self._label,
            now,
            lambda together: self._tell(together, now, render),
        )

    def _tell(self, together: Together, now: datetime, render: Render) -> Iterator[Made]:
        """The alerts to some chats; what waits is held."""
        session = together.session
        alerting = {
            place: [one for one in followed if one.delivery is not DeliveryMode.DIGEST]
            for place, followed in together.followed.items()
        }
        together.read_ahead(
            (one.target, one.alert_mark) for every in alerting.values() for one in every
        )
        waiting = held.waiting(session, [chat for chat, _ in alerting])
        for place, every in alerting.items():
            telling = together.telling(place)
            held_back = waiting.get(place, {})
            matched = [
                telling.matched(one.target, self._found(telling, one, held_back)) for one in every
            ]
            made = together.tried(self._alert, telling, every, matched, held_back, render, now)
            if made is None:
                continue
            message, later = made
            if held_back or later:
                held.keep(session, *place, later)
                new = {one.item.id for match in matched for one in match.reports}
                self._owe(session, together.followed[place], held_back.keys() - new)
            yield message, [{"id": one.id, "alert_mark": together.newest} for one in every]

    def _alert(
        self,
        telling: Telling,
        alerting: Sequence[Subscription],
        matched: Sequence[Matched],
        waiting: Mapping[int, datetime],
        render: Render,
        now: datetime,
    ) -> tuple[Message | None, dict[int, datetime]]:
        """The alert to a chat, if there is one, and the items that wait, each until its moment.

        Where no sentence of what is new can be shown, it is left to the digest.
        """
        targets: dict[int, set[Target]] = defaultdict(set)
        for match in matched:
            for report in match.reports:
                targets[report.item.id].add(match.target)
        reports = list({one.item.id: one for match in matched for one in match.reports}.values())
        told = telling.told_of(reports)
        by_hour = {one.target for one in alerting if one.hourly}
        bundled = {item: waiting.get(item) for item in targets if targets[item] <= by_hour}
        due = self._due(telling, reports, told, targets, bundled, now)
        later = {item: at for item, at in due.items() if at > now}
        ready = due.keys() - later.keys()
        if not ready:
            return None, later
        alert = telling.composed([among(match, ready) for match in matched], told=told)
        if not _shows_something(alert):
            return None, later
        # An item is told to a chat once, so no other alert has this name.
        chat, thread = telling.place
        batch = f"alert/{chat}/{thread}/{telling.newest}/{min(ready)}"
        payloads = render(alert, telling.chat)
        return Message(batch, telling.place, "alert", payloads, alert.items), later

    @staticmethod
    def _found(telling: Telling, one: Subscription, waiting: Collection[int]) -> list[int]:
        """What is new for a subscription, and what waits and matches it still."""
        window = telling.asked.window(telling.session, one.target, one.alert_mark, telling.newest)
        new = telling.unshown(window)
        rest = set(waiting).difference(new)
        if rest:
            new += telling.unshown(archive.item_ids(telling.session, one.target, among=rest))
        return new

    def _due(
        self,
        telling: Telling,
        reports: Sequence[Report],
        told: Mapping[int, Sequence[Report]],
        targets: Mapping[int, set[Target]],
        bundled: Mapping[int, datetime | None],
        now: datetime,
    ) -> dict[int, datetime]:
        """The items that are worth an alert, and when each may be told.

        ``bundled`` ones wait for the full hour after they came: each with the moment
        it waits for already, if it does.
        """
        chat = telling.chat
        hour = next_hour(parse_zone(chat.zone), now)
        quiet = undisturbed_until(chat, now) or now
        before = [one.item.id for known in told.values() for one in known]
        shown = telling.ledger.told(telling.place, before)
        alerted = {
            item: one.at
            for item, one in shown.items()
            if one.kind == "alert" and one.at is not None and one.at <= now
        }
        stories: dict[int | None, list[Report]] = defaultdict(list)
        for report in reports:
            stories[report.item.story_id].append(report)
        fewer = telling.fewer_of({one for one in stories if one is not None})
        for one, items in telling.asked.members(telling.session, fewer, telling.newest).items():
            if len(items) < FEWER_TELL:
                del stories[one]
        due = {}
        for story, members in stories.items():
            known = told.get(story, ()) if story is not None else ()
            last = max(
                (alerted[one.item.id] for one in known if one.item.id in alerted), default=None
            )
            free = last + self._cooldown if last else now
            for report in telling.shared.worth(members, known, targets):
                item = report.item.id
                full = min(bundled[item] or hour, hour) if item in bundled else now
                due[item] = max(quiet, free, full)
        return due

    @staticmethod
    def _owe(session: Session, followed: Sequence[Subscription], left: set[int]) -> None:
        """What waited, but is wanted in digests only by now, goes into the next one."""
        for one in followed:
            if left and one.delivery is DeliveryMode.DIGEST:
                place = one.chat, one.thread
                items = archive.item_ids(session, one.target, among=left, unshown_in=place)
                outbox.owe(session, *place, items)

    # --- Unusually many reports ------------------------------------------------------------

    def compose_unusual(self, now: datetime, render: RenderUnusual) -> int:
        """Enqueue word of actors about whom there is unusually much; gives how many messages.

        To who follows them for alerts, about an actor once a day, and not in quiet
        hours. Looks only where something came in, or quiet hours ended, since the last
        time. What is unusual says :func:`digests.coverage.spike`, against the four weeks before.
        """
        with self._store.reading() as session:
            newest = archive.newest_seq(session)
            again = self._count_again is not None and self._count_again <= now
            if newest == self._counted_to and not again:
                return 0
            counted = held.tallies(session, now, LATELY, _USUAL, FEWEST)
            found = {
                one.actor: high
                for one in counted
                if (high := spike(one.count, one.volume, one.before, one.volume_before))
            }
            places: dict[tuple[int, int], list[str]] = defaultdict(list)
            for actor in found:
                target = Target(TargetKind.ACTOR, actor)
                for chat, thread in chats.followers(session, target, awake_at=now, alerted=True):
                    places[chat.id, thread].append(actor)
        self._count_again = None
        made = sum(
            self._tell_unusual(place, {one: found[one] for one in actors}, now, render)
            for place, actors in places.items()
        )
        self._counted_to = newest
        return made

    def _tell_unusual(
        self,
        place: tuple[int, int],
        found: Mapping[str, Spike],
        now: datetime,
        render: RenderUnusual,
    ) -> int:
        with self._store.writing() as session:
            chat = chats.chat(session, place[0])
            known = held.spikes_told(session, *place, now - _ONCE_IN, now)
            new = [one for one in found if one not in known]
            if not new:
                return 0
            quiet = undisturbed_until(chat, now)
            if quiet is not None:
                self._count_again = min(quiet, self._count_again or quiet)
                return 0
            held.note_spikes(session, *place, new, now)
            muted = frozenset(wishes.muted_in(session, [place]).get(place, ()))
            told = (self._unusual(session, chat, actor, found[actor], muted) for actor in new)
            unusual = [one for one in told if one is not None]
            if not unusual:
                return 0
            batch = f"spike/{place[0]}/{place[1]}/{now:%Y-%m-%dT%H:%M:%SZ}"
            payloads = render(unusual, chat)
            hour = self._full_hour(session, chat, place[1], new, now)
            outbox.enqueue(session, batch, *place, "spike", payloads, now=now, not_before=hour)
        return 1

    @staticmethod
    def _full_hour(
        session: Session, chat: Chat, thread: int, actors: Collection[str], now: datetime
    ) -> datetime | None:
        """The next full hour, where these actors are followed by the hour alone."""
        targets = {Target(TargetKind.ACTOR, one) for one in actors}
        followed = chats.subscriptions(session, chat.id, thread)
        hourly = all(one.hourly for one in followed if one.target in targets)
        return next_hour(parse_zone(chat.zone), now) if hourly else None

    def _unusual(
        self, session: Session, chat: Chat, actor: str, found: Spike, muted: AbstractSet[int]
    ) -> Unusual | None:
        """With the newest report of a story that is not muted; None where all lately are."""
        target = Target(TargetKind.ACTOR, actor)
        newest = archive.item_ids(session, target, limit=found.count if muted else 1, news=True)
        for report in archive.reports(session, newest):
            if report.item.story_id not in muted:
                name = self._known.name(actor, chat.language)
                return Unusual(actor, name, found, headline([report]))
        return None


def _shows_something(alert: Digest) -> bool:
    """Whether an alert holds more than that a story which is known has one more report."""
    views = (entry.story for section in alert.sections for entry in section.stories)
    return any(one.sentences or not one.moved for one in views)
