"""Answers to what people ask: an actor, a timeline, statements, a topic, a story, a search.

Everything here only reads. Answers are values; words around them are made at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from digests.coverage import Coverage, coverage
from digests.desk.company import Company, company, named_with
from digests.desk.known import Known
from digests.desk.matching import full_text, noun_of, topic_items
from digests.desk.mattering import aside, matters, shows
from digests.desk.offices import offices
from digests.desk.statements import clear, said, said_about
from digests.desk.views import Focus, added, showing, story_view, topic_stems
from digests.desk.window import ALWAYS, Window
from digests.store import Session, Store, archive, merges
from digests.stories import arrival, lead
from digests.timeline import NO_COUNTS, timeline
from digests.types import (
    Actor,
    ActorCard,
    Chat,
    CitedSentence,
    PartialDate,
    Report,
    StatementView,
    StoryView,
    Target,
    TargetKind,
    TimelineEntry,
    Topic,
    TopicCard,
)
from digests.words import stems

_FEW: Final = 20
_REPORTS_AT_MOST: Final = 400
"""Reports an answer is made of, the newest as a rule: bounds its time in a large archive."""
_DATES: Final = 60  # that most is told of: of these a timeline chooses where reports are many
_NEWEST: Final = 200  # reports that say who and what is in the news


@dataclass(frozen=True, slots=True)
class Part:
    """A report of a story: whether it is its lead, else what it adds to the lead and those before.

    ``added`` is empty where it says nothing new.
    """

    report: Report
    lead: bool = False
    added: tuple[CitedSentence, ...] = ()


class Answers:
    """The questions a front end may ask of the archive."""

    def __init__(self, store: Store, known: Known) -> None:
        self._store = store
        self._known = known

    def actor(self, actor_id: str, *, statements: int = 3, stories: int = 3) -> ActorCard:
        """What the archive knows of an actor. Raises KeyError for an id nobody bears."""
        actor = self._known.actor(actor_id)
        with self._store.reading() as session:
            actor_id = merges.survivor(session, actor_id)
            target = Target(TargetKind.ACTOR, actor_id)
            count, first, last = archive.count_matching(session, target)
            ids = archive.item_ids(session, target, limit=_REPORTS_AT_MOST, newest_by_date=True)
            seen = archive.seen_offices(session, actor_id)
            found = archive.reports(session, ids[: max(30, stories * 4)])
            quoted = clear(self._said(session, actor_id, limit=3 * statements), statements)
            views = self._telling(found, Focus(actor_id), limit=stories)
        about = said_about(found, actor_id, self._known, limit=max(0, statements - 1))
        return ActorCard(
            actor=replace(actor, offices=offices(actor.offices, seen)),
            reports=count,
            first=first,
            last=last,
            company=self._company(found, actor_id),
            statements=quoted,
            stories=views,
            about=about,
        )

    def timeline(
        self,
        target: Target,
        *,
        also: str | None = None,
        topic: Topic | None = None,
        window: Window = ALWAYS,
        limit: int = 12,
        by_weight: bool = False,
    ) -> tuple[TimelineEntry, ...]:
        """What happened when: dated entries about an actor (and another) or a topic.

        The ``limit`` weightiest, in order of date, or of weight.
        """
        reports, told = self._dated(target, topic, also, window, limit)
        language = reports[0].reading.language if reports else "de"
        return timeline(
            reports,
            actor=self._standing(target.id) if target.kind is TargetKind.ACTOR else None,
            also=self._standing(also) if also else None,
            stems=topic_stems(topic, language) if topic else (),
            since=window.since,
            until=window.until,
            limit=limit,
            names=self._known.names_in(reports),
            by_weight=by_weight,
            told=told,
        )

    def coverage(
        self,
        target: Target,
        *,
        also: str | None = None,
        topic: Topic | None = None,
        window: Window = ALWAYS,
        at_most: int = 60,
    ) -> Coverage:
        """How much was reported when about an actor (and another) or a topic, in few bars."""
        with self._store.reading() as session:
            if topic is not None and archive.topic(session, topic.id) is None:
                found = archive.dates_of(session, _of_words(session, topic, also))
            else:
                found = archive.publication_dates(session, target, also=also)
        within = {date: number for date, number in found.items() if date in window}
        return coverage(within, at_most=at_most)

    def company(self, actor_id: str, *, limit: int = 8) -> Company:
        """With whom an actor stands in one sentence most often, in the newest reports."""
        with self._store.reading() as session:
            actor_id = merges.survivor(session, actor_id)
            target = Target(TargetKind.ACTOR, actor_id)
            ids = archive.item_ids(session, target, limit=_REPORTS_AT_MOST, newest_by_date=True)
            found = archive.reports(session, ids)
        return company(found, self._company(found, actor_id, limit))

    def statements(
        self,
        actor_id: str,
        *,
        about: str | None = None,
        window: Window = ALWAYS,
        limit: int = 10,
    ) -> tuple[StatementView, ...]:
        """What an actor said, newest first; ``about`` is an actor's name or words."""
        with self._store.reading() as session:
            actor_id = merges.survivor(session, actor_id)
            return self._said(session, actor_id, about=about, window=window, limit=limit)

    def topic(self, topic: Topic, *, stories: int = 5) -> TopicCard:
        """What the archive holds on a topic, stored or made up for this question."""
        with self._store.reading() as session:
            target = Target(TargetKind.TOPIC, topic.id)
            if archive.topic(session, topic.id) is None:
                ids = topic_items(session, topic, limit=_REPORTS_AT_MOST)
                dates = sorted(date for date in archive.dates_of(session, ids) if date)
                count = len(ids)
                first, last = (dates[0], dates[-1]) if dates else (None, None)
            else:
                ids = archive.item_ids(session, target, limit=_REPORTS_AT_MOST, newest_by_date=True)
                count, first, last = archive.count_matching(session, target)
            named = archive.actors_in(session, ids, "")
            ranked, focus = _telling_of(session, ids, topic, stories)
        return TopicCard(
            topic=topic,
            reports=count,
            first=first,
            last=last,
            actors=self._acting(named, limit=6),
            stories=self._in_order(ranked, focus, limit=stories),
        )

    def latest(self, *, limit: int = 5, sentences: int = 2) -> tuple[StoryView, ...]:
        """The newest stories by date of publication, undated ones last."""
        with self._store.reading() as session:
            ids = archive.item_ids(
                session, Target(TargetKind.EVERYTHING), limit=limit * 6, newest_by_date=True
            )
            reports = archive.reports(session, ids)
            return self._stories(reports, Focus(), limit=limit, sentences=sentences)

    def search(
        self,
        query: str,
        *,
        actors: Sequence[str] = (),
        source: str = "",
        window: Window = ALWAYS,
        limit: int = 10,
    ) -> tuple[StoryView, ...]:
        """Stories whose reports hold all words of the query (stems, compounds), best first.

        Only reports that name all of ``actors`` (ids), stand in a ``source`` (part of its
        name) and appeared in a window count. Without words the newest of those. The
        sentence shown of each holds such a word, where any sentence does.
        """
        nouns = filter(None, map(noun_of, query.split()))
        wanted = tuple(dict.fromkeys((*stems(query, "de"), *nouns)))
        within = archive.Filter(tuple(actors), source, window.since, window.until)
        with self._store.reading() as session:
            if query.strip():
                ids = full_text(session, query, limit=limit * 4, within=within)
            else:
                ids = archive.newest_filtered(session, within, limit * 4)
            reports = archive.reports(session, ids)
            focus = Focus(actor=next(iter(actors), None), stems=wanted)
            views = self._stories(reports, focus, limit=limit, sentences=1)
        names = self._known.names_in(reports)
        return tuple(showing(view, reports, wanted, names) for view in views)

    def story(self, number: int, *, sentences: int = 5) -> tuple[StoryView, tuple[Part, ...]]:
        """A story as its lead report tells it, on its date, and all in order with what each adds.

        Of a merged story the one that it is part of. Raises KeyError for one that does not exist.
        """
        with self._store.reading() as session:
            story_id, ids = archive.story_by_number(session, number)
            reports = archive.reports(session, ids)
        names = self._known.names_in(reports)
        first = lead(reports)
        told = story_view(story_id, [first], names, sentences=sentences)
        whole = story_view(story_id, reports, names, sentences=0)
        view = replace(whole, published=told.published, sentences=told.sentences)
        parts: list[Part] = []
        for report in sorted(reports, key=arrival):
            before = [first, *(one.report for one in parts if one.report is not first)]
            news = () if report is first else added(report, before, names, 2)
            parts.append(Part(report, report is first, news))
        return view, tuple(parts)

    def in_the_news(self, *, limit: int) -> list[Actor]:
        """The people, organisations and states named most often in the newest reports."""
        everything = Target(TargetKind.EVERYTHING)
        with self._store.reading() as session:
            ids = archive.item_ids(session, everything, limit=_NEWEST)
            ranked = archive.actors_in(session, ids, "")
        return [actor for actor, _ in self._acting(ranked, limit=limit)]

    def topics_in_the_news(self, chat: Chat, *, limit: int) -> list[Topic]:
        """The starter topics and the chat's own, those of most of the newest reports first."""
        everything = Target(TargetKind.EVERYTHING)
        with self._store.reading() as session:
            ids = archive.item_ids(session, everything, limit=_NEWEST)
            counts = archive.topic_counts(session, ids)
            topics = archive.topics(session, chat.id)
        return sorted(topics, key=lambda one: -counts.get(one.id, 0))[:limit]

    def full_text(self, query: str, *, limit: int) -> list[Report]:
        """The reports that hold all words of the query, best first."""
        with self._store.reading() as session:
            return archive.reports(session, full_text(session, query, limit=limit))

    def tells_of(self, topic: Topic) -> bool:
        """Whether any report matches a topic."""
        with self._store.reading() as session:
            return bool(topic_items(session, topic, limit=1))

    def _standing(self, actor_id: str) -> str:
        with self._store.reading() as session:
            return merges.survivor(session, actor_id)

    def _dated(
        self, target: Target, topic: Topic | None, also: str | None, window: Window, limit: int
    ) -> tuple[list[Report], Mapping[PartialDate, int]]:
        """The reports that a timeline is made of: all, or of many those that tell of its dates.

        With how many tell of a date in all, where not all are given.
        """
        with self._store.reading() as session:
            if topic is not None and archive.topic(session, topic.id) is None:
                return archive.reports(session, _of_words(session, topic, also)), NO_COUNTS
            most = _REPORTS_AT_MOST + 1
            ids = archive.item_ids(session, target, also=also, limit=most, newest_by_date=True)
            if len(ids) <= _REPORTS_AT_MOST:
                return archive.reports(session, ids), NO_COUNTS
            ids, told = archive.telling(
                session,
                target,
                also=also,
                since=window.since,
                until=window.until,
                dates=max(_DATES, 2 * limit),
                limit=_REPORTS_AT_MOST,
            )
            return archive.reports(session, ids), told

    def _said(
        self,
        session: Session,
        actor_id: str,
        *,
        about: str | None = None,
        window: Window = ALWAYS,
        limit: int,
    ) -> tuple[StatementView, ...]:
        ids = archive.item_ids(
            session,
            Target(TargetKind.ACTOR, actor_id),
            speaking=True,
            newest_by_date=True,
            limit=_REPORTS_AT_MOST,
        )
        reports = _by_and_by(session, ids)
        return said(reports, actor_id, self._known, about=about, window=window, limit=limit)

    def _company(
        self, reports: Sequence[Report], actor_id: str | None, limit: int = 6
    ) -> tuple[tuple[Actor, int], ...]:
        """Who stands in one sentence with an actor (or in any, for None), and in how many reports.

        Places on the map and the media that a report cites are none.
        """
        return self._acting(named_with(reports, actor_id), limit=limit)

    def _acting(
        self, ranked: Iterable[tuple[str, int]], *, limit: int
    ) -> tuple[tuple[Actor, int], ...]:
        """The first of ranked actors, with their counts, without places and media."""
        actors = ((self._known.actor(other), number) for other, number in ranked)
        return tuple(islice((pair for pair in actors if self._known.acts(pair[0])), limit))

    def _telling(
        self, reports: Sequence[Report], focus: Focus, *, limit: int
    ) -> tuple[StoryView, ...]:
        """The newest stories of reports, of those first that are about the focus, in order.

        Stories of which nothing about it can be shown are left out, unless there are no others.
        """
        ranked = sorted(reports, key=lambda one: aside(one, focus))
        views = self._stories(ranked, focus, limit=2 * limit)
        touched = {one.item.id: one for one in ranked}
        shown = [one for one in views if shows(one, touched, focus)] or views
        return tuple(sorted(shown[:limit], key=_newest_first))

    def _in_order(
        self, ranked: Sequence[Report], focus: Focus, *, limit: int
    ) -> tuple[StoryView, ...]:
        """The stories of the first of ranked reports, the newest first."""
        views = self._stories(ranked, focus, limit=limit)
        return tuple(sorted(views, key=_newest_first))

    def _stories(
        self, reports: Sequence[Report], focus: Focus, *, limit: int, sentences: int = 2
    ) -> tuple[StoryView, ...]:
        """The stories of reports in their order, each told from those of its reports given."""
        by_story: dict[int, list[Report]] = {}
        for report in reports:
            by_story.setdefault(report.item.story_id or -report.item.id, []).append(report)
        names = self._known.names_in(reports)
        return tuple(
            story_view(story, members, names, focus=focus, sentences=sentences)
            for story, members in list(by_story.items())[:limit]
        )


def _of_words(session: Session, topic: Topic, also: str | None) -> list[int]:
    """The items of a topic that is not stored; that name an actor ``also``, where one is named."""
    ids = topic_items(session, topic, limit=_REPORTS_AT_MOST)
    if also is None:
        return ids
    naming = set(archive.item_ids(session, Target(TargetKind.ACTOR, also), among=ids))
    return [one for one in ids if one in naming]


def _by_and_by(session: Session, item_ids: Sequence[int]) -> Iterator[Report]:
    """Reports, a few at a time: most answers need the first few only."""
    for start in range(0, len(item_ids), _FEW):
        yield from archive.reports(session, item_ids[start : start + _FEW])


def _telling_of(
    session: Session, item_ids: Sequence[int], topic: Topic, stories: int
) -> tuple[list[Report], Focus]:
    """Of a topic's items those that its stories are told from, the ones about it first.

    Items are read by and by until there are enough stories, each of them whole:
    the stories are those that all the items would give.
    """
    focus = Focus()
    ranked: dict[int, tuple[bool, int, Report]] = {}
    place = {item: number for number, item in enumerate(item_ids)}
    told: set[int] = set()
    for report in _by_and_by(session, item_ids):
        if not ranked:
            focus = Focus(stems=topic_stems(topic, report.reading.language))
        item, told_of = report.item, matters(report, focus)
        ranked[item.id] = (not told_of, place[item.id], report)
        if told_of:
            told.add(item.story_id or -item.id)
        if len(told) >= stories:
            break
    held = archive.story_items(session, [story for story in told if story > 0])
    more = {item for items in held.values() for item in items if item in place} - ranked.keys()
    for report in archive.reports(session, sorted(more)):
        item = report.item
        ranked[item.id] = (not matters(report, focus), place[item.id], report)
    return [report for *_, report in sorted(ranked.values(), key=lambda one: one[:2])], focus


def _newest_first(view: StoryView) -> tuple[bool, float]:
    at = view.published.at
    return at is None, -at.timestamp() if at else 0.0
