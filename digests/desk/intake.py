"""Taking reports in: files of folders, entries of feeds from the inbox; read and written.

Reading a batch happens outside of any transaction; writing it is one
transaction, so that a process killed at any moment leaves whole items and
takes in the rest the next time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import Final

from digests.actors.merging import actors_of, under
from digests.desk.known import Known
from digests.desk.looking import is_old
from digests.desk.matching import matches_report
from digests.desk.merging import Merging
from digests.desk.same import Step, decide
from digests.desk.stories import merge_stories
from digests.errors import DepescheError, SourceError
from digests.nlp.reading import Reader
from digests.sources.fetch import redact
from digests.sources.folder import FolderChange, read_file, read_folder
from digests.sources.opml import FeedRef, read_feeds_file
from digests.store import Session, Store, archive, chats, inbox, merges, polls
from digests.store.archive import Held
from digests.store.inbox import Queued
from digests.stories import Frequencies, Signature, choose, signature
from digests.types import (
    Draft,
    Item,
    Reading,
    Report,
    Source,
    SourceKind,
    Target,
    TargetKind,
    Topic,
)
from digests.words import fold, stems

log = logging.getLogger(__name__)

_BATCH: Final = 16
_WRITTEN_AT_ONCE: Final = 2
_CANDIDATES: Final = 300
_NEAR: Final = timedelta(days=30)
_LONGEST_WAIT: Final = timedelta(days=1)

Progress = Callable[[int, int], None]
"""Told after every batch: reports done, reports in all."""


def _silent(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Taken:
    """What an intake brought: new items, new revisions, and what could not be read, by key."""

    new: int = 0
    revised: int = 0
    errors: tuple[tuple[str, DepescheError], ...] = ()

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.new + other.new,
            self.revised + other.revised,
            self.errors + other.errors,
        )


@dataclass(frozen=True, slots=True)
class _Pending:
    """A draft to be taken in: of a file, with the fingerprint to remember, or from the inbox."""

    source: Source
    draft: Draft | None
    key: str
    fingerprint: str = ""
    queued: Queued | None = None

    @property
    def place(self) -> tuple[int, str]:
        """What names it in a batch."""
        return self.source.id, self.key

    @property
    def digest(self) -> str:
        """The digest of what its source says."""
        if self.queued is not None:
            return self.queued.entry.digest
        return archive.content_digest(self.draft) if self.draft is not None else ""

    @property
    def canonical(self) -> str | None:
        """The address that names it alone; report files have none."""
        return self.queued.entry.canonical if self.queued is not None else None

    @property
    def first_pass(self) -> bool:
        """Whether the first pass over its source brought it."""
        return self.queued.entry.first_pass if self.queued else not self.source.taken_in_once

    def is_backlog(self, now: datetime) -> bool:
        """Whether it is archive, not news."""
        if self.queued is not None:
            return self.queued.entry.backlog
        return self.draft is not None and self.first_pass and is_old(self.draft, now)


def _planned(session: Session, one: _Pending) -> tuple[Step, Held | None]:
    """What is to be done with a report, and the item it belongs to."""
    if one.draft is None:
        return Step.NOTE, None
    held = archive.held(session, one.source.id, one.key, one.canonical)
    entry = one.queued is not None
    return decide(one.draft, one.source.id, one.digest, held, entry=entry), held


class Intake:
    """Takes reports in. One thread at a time; other processes may do the same beside it."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        known: Known,
        *,
        zone: tzinfo,
        chance: Callable[[], float],
        folder_every: timedelta = timedelta(seconds=30),
        starter_topics: Sequence[Topic] = (),
    ) -> None:
        """Put the parts together.

        ``zone`` is for dates in report files that name none; ``chance`` gives
        0 to 1; ``folder_every`` is the time between two looks into a folder.
        """
        self._store = store
        self._reader = reader
        self._known = known
        self._merging = Merging(store, known)
        self._zone = zone
        self._chance = chance
        self._folder_every = folder_every
        self._starters = starter_topics

    def prepare(self, seeds: Path | None, feeds_file: Path | None, now: datetime) -> None:
        """Make the operator's folder and feeds known, and the starter topics.

        Raises SourceError("unreadable") for a feeds file that cannot be read.
        """
        feeds: tuple[FeedRef, ...] = ()
        if feeds_file is not None:
            try:
                feeds = read_feeds_file(feeds_file.read_bytes())
            except OSError as error:
                raise SourceError(
                    "unreadable", path=str(feeds_file), reason=error.strerror
                ) from error
        with self._store.writing() as session:
            for topic in self._starters:
                archive.save_topic(session, topic)
            self._meet(session, chats.expected_names(session))  # the list may know them by now
            if seeds is not None:
                self._folder(session, seeds, now)
            over = polls.retired_for_good(session, [feed.url for feed in feeds])
            for feed in feeds:
                if feed.url in over:
                    continue
                archive.add_source(
                    session,
                    SourceKind.FEED,
                    feed.url,
                    name=feed.title or redact(feed.url),
                    labels=feed.labels,
                    now=now,
                )

    def take_in_due(
        self, now: datetime, progress: Progress = _silent, *, at_most: int | None = None
    ) -> Taken:
        """Look into the folders that are due, and read the inbox. Feeds are not asked here.

        ``at_most`` as for :meth:`read_inbox`, so that folders are not kept waiting by a long one.
        """
        with self._store.reading() as session:
            due = archive.due_folders(session, now)
        taken = Taken()
        for source in due:
            taken += self.take_in(source, now, progress)
        return taken + self.read_inbox(now, progress, at_most=at_most)

    def read_inbox(
        self, now: datetime, progress: Progress = _silent, *, at_most: int | None = None
    ) -> Taken:
        """Read the entries of feeds that wait, until none is left, or about ``at_most`` are read.

        News come before archive.
        """
        with self._store.reading() as session:
            total = inbox.count_waiting(session, now)
        total = total if at_most is None else min(total, at_most)
        taken = Taken()
        seen: set[int] = set()  # what broke stays in the inbox: it is not tried twice here
        while len(seen) < total:
            with self._store.reading() as session:
                waiting = inbox.waiting(session, now, limit=_BATCH, leave_out=seen)
            if not waiting:
                break
            pending = [
                _Pending(one.source, one.entry.draft, one.entry.draft.key, queued=one)
                for one in waiting
            ]
            taken += self._take_whatever_can_be(pending, now)
            seen.update(one.id for one in waiting)
            progress(min(len(seen), total), total)
        return taken

    def take_in_folders(self, now: datetime, progress: Progress = _silent) -> Taken:
        """Look into the watched folders now, due or not; feeds are left alone."""
        with self._store.reading() as session:
            folders = archive.sources(session, SourceKind.FOLDER)
        taken = Taken()
        for source in folders:
            if source.next_due_at is not None:
                taken += self.take_in(source, now, progress)
        return taken

    def take_in(self, source: Source, now: datetime, progress: Progress = _silent) -> Taken:
        """Look into a folder now. What goes wrong is remembered with it and given back."""
        try:
            return self._take_folder(source, now, progress)
        except SourceError as error:
            self._failed(source, error, now)
            return Taken(errors=((source.location, error),))

    def take_in_path(self, path: Path, now: datetime, progress: Progress = _silent) -> Taken:
        """Take in a folder or a single file once. Raises SourceError("unreadable")."""
        if not path.exists():
            raise SourceError("unreadable", path=str(path), reason="no such file")
        if path.is_dir():
            with self._store.writing() as session:
                source = self._folder(session, path, now, watched=False)
            return self._take_folder(source, now, progress)
        with self._store.writing() as session:
            source = self._folder(session, path.parent, now, watched=False)
            known = archive.known_files(session, source.id)
        changes = read_file(path, zone=self._zone, known=known, root=path.parent)
        return self._take(source, now, list(changes), progress)

    # --- Sources ---------------------------------------------------------------------------

    def _folder(
        self, session: Session, path: Path, now: datetime, *, watched: bool = True
    ) -> Source:
        location = str(path.resolve())
        source = archive.add_source(
            session, SourceKind.FOLDER, location, name=path.resolve().name, now=now
        )
        if not watched and not source.taken_in_once:
            archive.update_source(session, source.id, next_due_at=None)
        elif watched and source.next_due_at is None:
            archive.update_source(session, source.id, next_due_at=now)
        return source

    def _take_folder(self, source: Source, now: datetime, progress: Progress) -> Taken:
        with self._store.reading() as session:
            known = archive.known_files(session, source.id)
        changes = list(read_folder(Path(source.location), known, zone=self._zone))
        taken = self._take(source, now, changes, progress)
        due = now + self._folder_every if source.next_due_at is not None else None
        self._succeeded(source, now, next_due_at=due)
        return taken

    def _take(
        self, source: Source, now: datetime, changes: Sequence[FolderChange], progress: Progress
    ) -> Taken:
        pending = []
        errors = []
        for change in changes:
            if isinstance(change.outcome, SourceError):
                errors.append((change.key, change.outcome))
                log.warning("%s: %s", change.key, change.outcome, extra={"source": source.id})
            draft = change.outcome if isinstance(change.outcome, Draft) else None
            pending.append(_Pending(source, draft, change.key, change.fingerprint))
        return self._take_pending(pending, now, progress) + Taken(errors=tuple(errors))

    def _succeeded(self, source: Source, now: datetime, **changes: object) -> None:
        with self._store.writing() as session:
            archive.update_source(
                session,
                source.id,
                taken_in_once=True,
                last_success_at=now,
                failures=0,
                error_code=None,
                error_params=None,
                **changes,
            )

    def _failed(self, source: Source, error: SourceError, now: datetime) -> None:
        log.warning("%s: %s", source.name, error, extra={"source": source.id})
        failures = source.failures + 1
        with self._store.writing() as session:
            archive.update_source(
                session,
                source.id,
                failures=failures,
                error_code=error.code,
                error_params={key: str(value) for key, value in error.params.items()},
                next_due_at=now + self._back_off(failures) if source.next_due_at else None,
            )

    def _back_off(self, failures: int) -> timedelta:
        """Twice as long each time, and up to a tenth longer by chance."""
        doubled = timedelta(minutes=2 ** min(failures, 12))
        return min(doubled * (1 + self._chance() / 10), _LONGEST_WAIT)

    # --- Items -----------------------------------------------------------------------------

    def _take_pending(
        self, pending: Sequence[_Pending], now: datetime, progress: Progress
    ) -> Taken:
        taken = Taken()
        done = 0
        for batch in _batches(pending):
            taken += self._take_whatever_can_be(batch, now)
            done += len(batch)
            progress(done, len(pending))
        return taken

    def _take_whatever_can_be(self, batch: Sequence[_Pending], now: datetime) -> Taken:
        """Take a batch in; a report that breaks the reading itself hinders no other."""
        try:
            return self._take_batch(batch, now)
        except DepescheError:
            raise
        except Exception as error:
            if len(batch) > 1:
                singles = (self._take_whatever_can_be([one], now) for one in batch)
                return sum(singles, start=Taken())
            key = batch[0].key
            log.exception("%s: could not be read", key, extra={"source": batch[0].source.id})
            if batch[0].queued is not None:
                with self._store.writing() as session:
                    inbox.note_broken(session, [batch[0].queued.id])
            reason = type(error).__name__
            return Taken(errors=((key, SourceError("unreadable", path=key, reason=reason)),))

    def _take_batch(self, batch: Sequence[_Pending], now: datetime) -> Taken:
        with self._store.reading() as session:
            to_read = [one for one in batch if _planned(session, one)[0] is not Step.NOTE]
        self._known.refresh()
        read = self._reader.read([one.draft for one in to_read if one.draft is not None])
        readings = dict(zip((one.place for one in to_read if one.draft), read, strict=True))
        taken, stored = Taken(), []
        # A few at a time: whoever asks for something that is to be noted waits for no more.
        for start in range(0, len(batch), _WRITTEN_AT_ONCE):
            with self._store.writing() as session:
                part = batch[start : start + _WRITTEN_AT_ONCE]
                written, kept = self._write(session, part, readings, now)
            taken += written
            stored += kept
        if stored:
            self._merging.by_evidence(stored, now)
        return taken

    def _write(
        self,
        session: Session,
        batch: Sequence[_Pending],
        readings: Mapping[tuple[int, str], Reading],
        now: datetime,
    ) -> tuple[Taken, list[tuple[str, Reading]]]:
        """Write what was read; gives what became an item or a revision, with its reading."""
        waiting = inbox.still_waiting(session, [one.queued for one in batch if one.queued])
        topics = archive.topics(session)
        counts: Counter[Step] = Counter()
        stored, done = [], []
        for one in batch:
            if one.queued is not None and one.queued.id not in waiting:
                continue  # another process read it, or it was edited again
            # What this batch or another process wrote since may have changed what is to be done.
            step, held = _planned(session, one)
            reading = readings.get(one.place)
            if one.draft is not None and step is not Step.NOTE:
                if reading is None:
                    continue  # it is read the next time
                self._store_one(session, one, one.draft, reading, step, held, topics, now)
                stored.append((one.draft.text, reading))
            elif one.queued is not None and held is not None:
                archive.note_key(
                    session,
                    one.source.id,
                    one.key,
                    held.item_id,
                    one.digest,
                    first_pass=one.first_pass,
                )
            counts[step] += 1
            done.append(one)
        for one in done:
            if one.fingerprint:
                archive.note_file(session, one.source.id, one.key, one.fingerprint)
        inbox.take_out(session, [one.queued.id for one in done if one.queued])
        self._meet_expected(session, stored)
        return Taken(counts[Step.NEW], counts[Step.REVISE]), stored

    def _meet_expected(self, session: Session, stored: Sequence[tuple[str, Reading]]) -> None:
        """Who follows a name that no actor bore follows the actor that now bears it.

        A name that several bear says nothing; who follows it is asked (/subscriptions).
        """
        expected = chats.expected_names(session)
        if not expected:
            return
        named = {actor for _, reading in stored for actor in actors_of(reading)}
        here = [fold(f"{one.name} {' '.join(one.aliases)}") for one in self._known.as_read(named)]
        self._meet(
            session,
            (
                name
                for name in expected
                if any(all(word in names for word in fold(name).split()) for names in here)
            ),
        )

    def _meet(self, session: Session, names: Iterable[str]) -> None:
        """Let those who follow a name follow its one bearer, where there is one."""
        for name in names:
            bearers = self._known.lookup(name).exact
            if len(bearers) == 1:
                actor = Target(TargetKind.ACTOR, bearers[0].id)
                chats.move_followers(session, Target(TargetKind.NAME, name), actor)

    def _store_one(
        self,
        session: Session,
        one: _Pending,
        draft: Draft,
        reading: Reading,
        step: Step,
        held: Held | None,
        topics: Sequence[Topic],
        now: datetime,
    ) -> None:
        understood = under(reading, merges.survivors(session))
        provisional = Report(_provisional(one.source, draft, reading, now), understood)
        mark = signature(provisional, self._frequencies(session, understood))
        archive.ensure_actors(session, self._known.as_read(actors_of(reading)))
        saved = archive.save_item(
            session,
            one.source.id,
            draft,
            reading,
            mark.to_json(),
            stems(draft.text, reading.language),
            now=now,
            backlog=one.is_backlog(now),
            first_pass=one.first_pass,
            digest=one.digest,
            canonical=one.canonical,
            item_id=held.item_id if held is not None and step is Step.REVISE else None,
        )
        item = saved.item
        if saved.new:
            story = _joined(session, self._stories_of(session, item, understood, mark))
            archive.set_story(session, item.id, story, now)
        report = Report(item, understood)
        matching = [topic.id for topic in topics if matches_report(topic, report)]
        archive.set_item_topics(session, item.id, matching)

    def _stories_of(
        self, session: Session, item: Item, reading: Reading, mark: Signature
    ) -> tuple[int, ...]:
        at = item.published.at
        found = archive.story_candidates(
            session,
            sorted(actors_of(reading)),
            reading.language,
            (at - _NEAR, at + _NEAR) if at else None,
            limit=_CANDIDATES,
            leave_out=item.id,
        )
        standing = merges.survivors(session)
        marks = [(story, _under(Signature.from_json(text), standing)) for story, text in found]
        return choose(mark, marks)

    def _frequencies(self, session: Session, reading: Reading) -> Frequencies:
        return Frequencies(
            archive.count_items(session),
            archive.stem_frequencies(session, reading.terms),
            archive.actor_frequencies(session, actors_of(reading)),
        )


def _joined(session: Session, stories: tuple[int, ...]) -> int | None:
    """The story that a report of several makes of them: the oldest, which has them all.

    None where it is of none. What the operator parted stays apart.
    """
    if len(stories) < 2:
        return next(iter(stories), None)
    parted = archive.parted_stories(session, stories)
    best, *others = stories
    one = {best} if best in parted else {best, *others} - parted
    kept = min(one)
    for absorbed in sorted(one - {kept}):
        merge_stories(session, absorbed, kept)
    return kept


def _provisional(source: Source, draft: Draft, reading: Reading, now: datetime) -> Item:
    """The item as it will be stored, before it has numbers."""
    return Item(
        id=0,
        revision=1,
        seq=0,
        source_id=source.id,
        source_name=source.name,
        key=draft.key,
        text=draft.text,
        title_end=draft.title_end,
        published=draft.published,
        ingested_at=now,
        language=reading.language,
        url=draft.url,
    )


def _under(mark: Signature, standing: Mapping[str, str]) -> Signature:
    """A signature with survivors in the place of those they absorbed since it was made."""
    keys = {f"@{absorbed}": f"@{survivor}" for absorbed, survivor in standing.items()}
    if keys.keys().isdisjoint((*mark.terms, *mark.opening)):
        return mark
    return replace(
        mark,
        terms=_renamed(mark.terms, keys),
        opening=_renamed(mark.opening, keys),
        places=frozenset(standing.get(place, place) for place in mark.places),
    )


def _renamed(weights: Mapping[str, float], keys: Mapping[str, str]) -> dict[str, float]:
    renamed: dict[str, float] = {}
    for term, weight in weights.items():
        name = keys.get(term, term)
        renamed[name] = max(weight, renamed.get(name, 0.0))
    return renamed


def _batches(pending: Iterable[_Pending]) -> Iterator[list[_Pending]]:
    remaining = iter(pending)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
