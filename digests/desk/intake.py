"""Taking reports in: folders and feeds are asked, texts read, items, actors and stories written.

Reading a batch happens outside of any transaction; writing it is one
transaction, so that a process killed at any moment leaves whole items and
takes in the rest the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import Final

from digests.actors.merging import actors_of, under
from digests.desk.known import Known
from digests.desk.matching import matches_report
from digests.desk.merging import Merging
from digests.errors import DepescheError, SourceError
from digests.nlp.reading import Reader
from digests.sources.feed import ParsedFeed, latest, parse_feed
from digests.sources.fetch import Fetcher, Fresh, Gone, NotModified, Retry, redact
from digests.sources.folder import FolderChange, read_file, read_folder
from digests.sources.opml import FeedRef, read_feeds_file
from digests.store import Session, Store, archive, merges
from digests.stories import Frequencies, Signature, choose, signature
from digests.types import Draft, Item, Reading, Report, Source, SourceKind, Topic
from digests.words import stems

log = logging.getLogger(__name__)

_BATCH: Final = 16
_CANDIDATES: Final = 300
_NEAR: Final = timedelta(days=30)
_FEED_EVERY: Final = timedelta(minutes=15)
_LONGEST_WAIT: Final = timedelta(days=1)
_OLD_NEWS: Final = timedelta(days=2)
"""At the first pass over a source, what is older (or undated) is archive, not news."""

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
    newest_title: str = ""

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.new + other.new,
            self.revised + other.revised,
            self.errors + other.errors,
            self.newest_title or other.newest_title,
        )


@dataclass(frozen=True, slots=True)
class _Pending:
    """A draft to be taken in, and the file fingerprint to remember with it."""

    draft: Draft | None
    key: str
    fingerprint: str = ""


class Intake:
    """Takes reports in. One thread at a time; other processes may do the same beside it."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        known: Known,
        fetcher: Fetcher,
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
        self._fetcher = fetcher
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
            if seeds is not None:
                self._folder(session, seeds, now)
            for feed in feeds:
                archive.add_source(
                    session,
                    SourceKind.FEED,
                    feed.url,
                    name=feed.title or redact(feed.url),
                    labels=feed.labels,
                    now=now,
                )

    def take_in_due(self, now: datetime, progress: Progress = _silent) -> Taken:
        """Ask every source that is due. One source's trouble hinders no other."""
        with self._store.reading() as session:
            due = archive.due_sources(session, now)
        taken = Taken()
        for source in due:
            taken += self.take_in(source, now, progress)
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
        """Ask one source now. What goes wrong is remembered with the source and given back."""
        try:
            if source.kind is SourceKind.FOLDER:
                return self._take_folder(source, now, progress)
            return self._take_feed(source, now, progress)
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

    def add_feed(self, url: str, now: datetime) -> tuple[Source, Taken]:
        """Read a feed and follow it from now on. Raises SourceError where it cannot be read."""
        with self._store.reading() as session:
            known = {one.location: one for one in archive.sources(session, SourceKind.FEED)}
        if url in known:
            return known[url], Taken()
        answer = self._fetcher.get(url)
        if not isinstance(answer, Fresh):
            raise SourceError(
                "gone" if isinstance(answer, Gone) else "unreachable", url=redact(url)
            )
        parsed = parse_feed(answer.body, url=answer.final_url, headers=answer.headers, now=now)
        location = answer.permanent_url or url
        with self._store.writing() as session:
            source = archive.add_source(
                session,
                SourceKind.FEED,
                location,
                name=parsed.title or redact(location),
                language=parsed.language,
                operator=False,
                now=now,
            )
        entries = latest(parsed.entries)
        taken = self._take_entries(source, entries, now, _silent)
        self._fed(source, answer, parsed, now)
        title = entries[0].text[: entries[0].title_end].strip() if entries else ""
        return source, replace(taken, newest_title=title)

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
                log.warning("%s: %s", change.key, change.outcome)
            draft = change.outcome if isinstance(change.outcome, Draft) else None
            pending.append(_Pending(draft, change.key, change.fingerprint))
        taken = self._take_drafts(source, pending, now, progress)
        return taken + Taken(errors=tuple(errors))

    def _take_feed(self, source: Source, now: datetime, progress: Progress) -> Taken:
        answer = self._fetcher.get(source.location, etag=source.etag, modified=source.last_modified)
        match answer:
            case Fresh():
                parsed = parse_feed(
                    answer.body, url=answer.final_url, headers=answer.headers, now=now
                )
                taken = self._take_entries(source, latest(parsed.entries), now, progress)
                self._fed(source, answer, parsed, now)
                return taken
            case NotModified():
                self._succeeded(source, now, next_due_at=now + self._jittered(_FEED_EVERY))
            case Gone():
                with self._store.writing() as session:
                    archive.update_source(
                        session, source.id, retired=True, next_due_at=None, error_code="gone"
                    )
            case Retry(after=after, reason=reason):
                wait = timedelta(seconds=after) if after else self._back_off(source.failures + 1)
                with self._store.writing() as session:
                    archive.update_source(
                        session,
                        source.id,
                        next_due_at=now + min(wait, _LONGEST_WAIT),
                        failures=source.failures + 1,
                        error_code="retry",
                        error_params={"reason": reason},
                    )
        return Taken()

    def _take_entries(
        self, source: Source, entries: Sequence[Draft], now: datetime, progress: Progress
    ) -> Taken:
        # Feeds list the newest first: taken in the other way round, later is newer.
        pending = [
            _Pending(replace(one, language=one.language or source.language), one.key)
            for one in reversed(entries)
        ]
        return self._take_drafts(source, pending, now, progress)

    def _fed(self, source: Source, answer: Fresh, parsed: ParsedFeed, now: datetime) -> None:
        wait = max(_FEED_EVERY, min(parsed.interval or _FEED_EVERY, _LONGEST_WAIT))
        changes: dict[str, object] = {
            "etag": answer.etag,
            "last_modified": answer.last_modified,
        }
        if parsed.title and source.name == redact(source.location):
            changes["name"] = parsed.title  # until now nobody had said what it is called
        if answer.permanent_url and not self._followed(answer.permanent_url):
            changes["location"] = answer.permanent_url
        self._succeeded(source, now, next_due_at=now + self._jittered(wait), **changes)

    def _followed(self, location: str) -> bool:
        with self._store.reading() as session:
            return any(
                one.location == location for one in archive.sources(session, SourceKind.FEED)
            )

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
        log.warning("%s: %s", source.name, error)
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
        doubled = timedelta(minutes=1) * 2 ** min(failures, 12)
        return min(self._jittered(doubled), _LONGEST_WAIT)

    def _jittered(self, wait: timedelta) -> timedelta:
        """Up to a tenth longer, so that feeds added together are not asked together for ever."""
        return wait * (1 + self._chance() / 10)

    # --- Items -----------------------------------------------------------------------------

    def _take_drafts(
        self, source: Source, pending: Sequence[_Pending], now: datetime, progress: Progress
    ) -> Taken:
        taken = Taken()
        done = 0
        for batch in _batches(pending):
            taken += self._take_whatever_can_be(source, batch, now)
            done += len(batch)
            progress(done, len(pending))
        return taken

    def _take_whatever_can_be(
        self, source: Source, batch: Sequence[_Pending], now: datetime
    ) -> Taken:
        """Take a batch in; a report that breaks the reading itself hinders no other."""
        try:
            return self._take_batch(source, batch, now)
        except DepescheError:
            raise
        except Exception as error:
            if len(batch) > 1:
                singles = (self._take_whatever_can_be(source, [one], now) for one in batch)
                return sum(singles, start=Taken())
            key = batch[0].key
            log.exception("%s: could not be read", key)
            reason = type(error).__name__
            return Taken(errors=((key, SourceError("unreadable", path=key, reason=reason)),))

    def _take_batch(self, source: Source, batch: Sequence[_Pending], now: datetime) -> Taken:
        drafts = {one.key: one.draft for one in batch if one.draft is not None}
        digests = {key: archive.content_digest(draft) for key, draft in drafts.items()}
        with self._store.reading() as session:
            same = archive.unchanged_keys(session, source.id, digests)
        fresh = [draft for key, draft in drafts.items() if key not in same]
        self._known.refresh()
        readings = self._reader.read(fresh)
        new = revised = 0
        stored = []
        with self._store.writing() as session:
            # Another process may have been here since: what it stored is not stored again.
            same = archive.unchanged_keys(session, source.id, digests)
            topics = archive.topics(session)
            for draft, reading in zip(fresh, readings, strict=True):
                if draft.key in same:
                    continue
                if self._store_one(session, source, draft, reading, topics, now):
                    new += 1
                else:
                    revised += 1
                stored.append((draft.text, reading))
            for one in batch:
                if one.fingerprint:
                    archive.note_file(session, source.id, one.key, one.fingerprint)
        if stored:
            self._merging.by_evidence(stored, now)
        return Taken(new, revised)

    def _store_one(
        self,
        session: Session,
        source: Source,
        draft: Draft,
        reading: Reading,
        topics: Sequence[Topic],
        now: datetime,
    ) -> bool:
        understood = under(reading, merges.survivors(session))
        provisional = Report(_provisional(source, draft, reading, now), understood)
        mark = signature(provisional, self._frequencies(session, understood))
        archive.ensure_actors(session, self._known.as_read(actors_of(reading)))
        saved = archive.save_item(
            session,
            source.id,
            draft,
            reading,
            mark.to_json(),
            stems(draft.text, reading.language),
            now=now,
            backlog=not source.taken_in_once and _is_old(draft, now),
        )
        item = saved.item
        if saved.new:
            story = self._story_of(session, item, understood, mark)
            archive.set_story(session, item.id, story, now)
        report = Report(item, understood)
        matching = [topic.id for topic in topics if matches_report(topic, report)]
        archive.set_item_topics(session, item.id, matching)
        return saved.new

    def _story_of(
        self, session: Session, item: Item, reading: Reading, mark: Signature
    ) -> int | None:
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
    return replace(mark, terms=_renamed(mark.terms, keys), opening=_renamed(mark.opening, keys))


def _renamed(weights: Mapping[str, float], keys: Mapping[str, str]) -> dict[str, float]:
    renamed: dict[str, float] = {}
    for term, weight in weights.items():
        name = keys.get(term, term)
        renamed[name] = max(weight, renamed.get(name, 0.0))
    return renamed


def _is_old(draft: Draft, now: datetime) -> bool:
    return draft.published.at is None or draft.published.at < now - _OLD_NEWS


def _batches(pending: Iterable[_Pending]) -> Iterator[list[_Pending]]:
    remaining = iter(pending)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
