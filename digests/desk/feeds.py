"""Feeds: found, added, imported, asked when they are due, and how they fare.

What is fetched waits in the inbox until it is read (digests.desk.intake): asking never
waits for reading. Everything here may be used from any thread.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from digests.desk.looking import Look, Rules, Written, look_at, parsed_of, write_down
from digests.errors import DepescheError, InputError, SourceError
from digests.polling import Bounds, first_ask, is_failing
from digests.sources import page
from digests.sources.asking import Asker, Request
from digests.sources.discover import FeedLink, discover, usual_addresses
from digests.sources.feed import ParsedFeed, latest
from digests.sources.fetch import Fetched, Fetcher, Fresh, Gone, redact
from digests.sources.opml import FeedRef, read_feeds_file, write_opml
from digests.store import Session, Store, archive, chats, inbox, polls
from digests.store.inbox import Queued
from digests.store.polls import Poll
from digests.types import (
    UNDATED,
    Chat,
    Draft,
    Published,
    Source,
    SourceKind,
    Target,
    TargetKind,
)

log = logging.getLogger(__name__)

_BOUNDS: Final = Bounds()
_TOGETHER: Final = 128
"""Feeds that are noted in one transaction."""
_ENTRIES_TOGETHER: Final = 2_000
_LONGEST_HELD: Final = timedelta(seconds=2)
_PAGES_TOGETHER: Final = 100
_MOST_OFFERS: Final = 12
_LONGEST_LOOK: Final = 6.0
"""Seconds in which feeds that somebody may choose from are asked: the usual addresses, at least."""
_IMPORTED_TOGETHER: Final = 200
_LAST: Final = 16
"""So few feeds are noted one by one at the end of a pass: a slow one keeps none waiting."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """Which chats may add feeds, and how many each; the operator is not bound by it.

    Where it is not ``open``, the chats at ``addresses`` may and no others.
    """

    open: bool = True
    addresses: frozenset[str] = frozenset()
    per_chat: int = 50


_PERMISSIONS: Final = Permissions()


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that was found: where it is for good, and what it brings; ``title`` may be empty."""

    url: str
    title: str
    newest_title: str = ""
    newest: Published = UNDATED
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The feeds at an address, in the order the page names them."""

    feeds: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A feed that is followed from now on, or was already (``known``).

    ``queued`` entries wait to be read; ``newest_title`` may be empty.
    """

    source: Source
    queued: int = 0
    newest_title: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds. ``refused`` holds addresses without passwords, and why."""

    added: tuple[Source, ...] = ()
    known: tuple[Source, ...] = ()
    refused: tuple[tuple[str, DepescheError], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How a feed fares. ``weekly`` is how many entries it brings in a week, None if unknown.

    ``failing`` says that it has been in trouble for days; ``followers`` counts chats.
    """

    source: Source
    weekly: float | None = None
    failing: bool = False
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Polled:
    """A pass: feeds asked, those that had something new, entries queued, feeds in trouble."""

    asked: int = 0
    changed: int = 0
    queued: int = 0
    failed: int = 0

    def __add__(self, other: Polled) -> Polled:
        return Polled(
            self.asked + other.asked,
            self.changed + other.changed,
            self.queued + other.queued,
            self.failed + other.failed,
        )


@dataclass(slots=True)
class _Group:
    """Looks that are written together."""

    since: datetime
    looks: list[Look] = field(default_factory=list)
    entries: int = 0

    def add(self, look: Look) -> None:
        self.looks.append(look)
        self.entries += len(look.entries)

    def is_full(self, now: datetime) -> bool:
        return (
            len(self.looks) >= _TOGETHER
            or self.entries >= _ENTRIES_TOGETHER
            or now - self.since >= _LONGEST_HELD
        )


class Feeds:
    """What a front end and the polling thread may do with feeds."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        asker: Asker,
        *,
        chance: Callable[[], float],
        permissions: Permissions = _PERMISSIONS,
        bounds: Bounds = _BOUNDS,
        pages: Asker | None = None,
    ) -> None:
        """Put the parts together.

        ``asker`` asks many feeds; ``pages`` asks for the pages of teasers and heeds
        robots.txt: without it, teasers stay what they are. ``chance`` gives 0 to 1.
        """
        self._store = store
        self._fetcher = fetcher
        self._asker = asker
        self._pages = pages
        self._permissions = permissions
        self._rules = Rules(bounds, chance, full_text=pages is not None)

    # --- Found and added -------------------------------------------------------------------

    def find(self, url: str, now: datetime) -> Found:
        """The feeds at an address: itself, or those that the page there names.

        Only where it names none, the usual addresses are tried. Only what could be
        read as a feed is offered; of many feeds of one host, which is asked slowly, the
        last ones unread, as the page calls them. Raises SourceError: ``no_feed_found``
        (``url``), or as
        :meth:`digests.sources.fetch.Fetcher.get` where the address cannot be had.
        """
        answer = _fresh(self._fetcher.get(_address(url)), url)
        offer = _offer(url, answer, now)
        if offer is not None:
            return Found((offer,))
        named = discover(answer.body, answer.final_url, answer.headers)[:_MOST_OFFERS]
        usual = tuple(map(FeedLink, usual_addresses(answer.final_url)))
        offers = self._offers(named or usual, now)
        if not offers:
            raise SourceError("no_feed_found", url=redact(url))
        return Found(offers)

    def add(self, url: str, chat: Chat | None, now: datetime) -> Added:
        """Read a feed and follow it from now on, where it is for good.

        ``chat`` is who adds it, None for the operator. Its entries wait to be read. Raises
        InputError ``feeds_closed`` or ``feed_quota`` (``limit``), and SourceError where the feed
        cannot be had or read (``not_a_feed``, ``empty``, or as
        :meth:`digests.sources.fetch.Fetcher.get`).
        """
        self._check_allowed(chat)
        url = _address(url)
        with self._store.reading() as session:
            if known := _known_as(session, url):
                return known
            self._check_quota(session, chat)
        answer = _fresh(self._fetcher.get(url), url)
        parsed = parsed_of(answer, now)
        place = answer.permanent_url or url
        with self._store.writing() as session:
            if known := _known_as(session, place, url):
                return known
            self._check_quota(session, chat)
            name = parsed.title or redact(place)
            source = self._new_source(session, FeedRef(place, name), chat, now)
            look = look_at(polls.poll_of(session, source.id), answer, now)
            written = write_down(session, [look], self._rules, now)
            source = polls.poll_of(session, source.id).source
        return Added(source, written.queued, _newest(parsed)[0])

    def import_feeds(self, data: bytes, chat: Chat | None, now: datetime) -> Imported:
        """Follow the feeds of a list (OPML, or an address a line) without asking them first.

        They are asked one after the other in the minutes that follow; folders become
        labels. Raises InputError("feeds_closed"), and SourceError as
        :func:`digests.sources.opml.read_feeds_file`.
        """
        self._check_allowed(chat)
        added: list[Source] = []
        known: list[Source] = []
        refused: list[tuple[str, DepescheError]] = []
        feeds = []
        for feed in read_feeds_file(data):
            try:
                feeds.append(replace(feed, url=_address(feed.url)))
            except SourceError as error:
                refused.append((redact(feed.url), error))
        # In parts, so that a long list does not keep others from writing.
        for start in range(0, len(feeds), _IMPORTED_TOGETHER):
            part = feeds[start : start + _IMPORTED_TOGETHER]
            with self._store.writing() as session:
                there = polls.feeds_at(session, [feed.url for feed in part])
                for feed in part:
                    if feed.url in there:
                        known.append(there[feed.url])
                        continue
                    try:
                        self._check_quota(session, chat)
                    except InputError as error:
                        refused.append((redact(feed.url), error))
                        continue
                    there[feed.url] = self._new_source(session, feed, chat, now)
                    added.append(there[feed.url])
        return Imported(tuple(added), tuple(known), tuple(refused))

    def export(self) -> bytes:
        """All feeds that are asked, as OPML; labels become folders, passwords are left out."""
        with self._store.reading() as session:
            feeds = archive.sources(session, SourceKind.FEED)
        return write_opml(FeedRef(redact(one.location), one.name, one.labels) for one in feeds)

    def remove(self, feed: Source, chat: Chat) -> None:
        """Stop asking a feed that no other chat follows. Its reports stay in the archive.

        Raises InputError("feed_in_use") where another chat follows it.
        """
        target = Target(TargetKind.FEED, str(feed.id))
        with self._store.writing() as session:
            if chats.others_follow(session, target, chat.id):
                raise InputError("feed_in_use", name=feed.name)
            chats.drop_target(session, target)
            polls.note(session, [(feed.id, {"retired": True, "next_due_at": None})])

    def health(self, now: datetime) -> tuple[FeedHealth, ...]:
        """How all feeds fare that are asked, oldest first."""
        with self._store.reading() as session:
            feeds = archive.sources(session, SourceKind.FEED)
            followers, weekly = polls.followers(session), polls.weekly(session)
        return tuple(
            FeedHealth(
                one,
                weekly.get(one.id),
                is_failing(one.failures, one.failing_since, now),
                followers.get(one.id, 0),
            )
            for one in feeds
        )

    # --- Asked when due --------------------------------------------------------------------

    def poll_due(
        self, now: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
    ) -> Polled:
        """Ask every feed that is due, and for the pages that teasers want.

        Ends soon after ``stopped`` turns true; what was not written by then stays due.
        One pass at a time; another process may do the same beside it.
        """
        with self._store.reading() as session:
            due = polls.due_feeds(session, now())
        polled = self._poll(due, now, stopped) if due else Polled()
        if self._pages is not None:
            self._complete_teasers(self._pages, stopped)
        return polled

    def _poll(
        self, due: Sequence[Poll], now: Callable[[], datetime], stopped: Callable[[], bool]
    ) -> Polled:
        left = {one.source.id: one for one in due}
        requests = (_request(one) for one in due)
        polled = Polled()
        group = _Group(now())
        for request, answer in self._asker.ask_all(requests, stopped):
            group.add(look_at(left.pop(_number(request)), answer, now()))
            if len(left) < _LAST or group.is_full(now()):
                polled += self._written(group, now())
                group = _Group(now())
        return polled + self._written(group, now())

    def _written(self, group: _Group, now: datetime) -> Polled:
        if not group.looks:
            return Polled()
        with self._store.writing() as session:
            written: Written = write_down(session, group.looks, self._rules, now)
        for look in group.looks:
            if look.error is not None:
                feed = look.poll.source
                log.warning("%s: %s", feed.name, look.error, extra={"source": feed.id})
        return Polled(len(group.looks), written.changed, written.queued, written.failed)

    def _complete_teasers(self, pages: Asker, stopped: Callable[[], bool]) -> None:
        """Fetch the pages that teasers want; where one is poor or refused, the teaser stays."""
        last = 0
        while not stopped():
            with self._store.reading() as session:
                wanting = inbox.pages_wanted(session, after=last, limit=_PAGES_TOGETHER)
            if not wanting:
                return
            last = wanting[-1].id
            by_id = {one.id: one for one in wanting}
            requests = (Request(one.id, one.entry.draft.url or "") for one in wanting)
            for request, answer in pages.ask_all(requests, stopped):
                queued = by_id[_number(request)]
                draft = _completed(queued, answer)
                with self._store.writing() as session:
                    inbox.complete(session, queued, draft)

    # --- Parts -----------------------------------------------------------------------------

    def _check_allowed(self, chat: Chat | None) -> None:
        rules = self._permissions
        if chat is not None and not rules.open and chat.address not in rules.addresses:
            raise InputError("feeds_closed")

    def _check_quota(self, session: Session, chat: Chat | None) -> None:
        limit = self._permissions.per_chat
        if chat is not None and polls.count_added(session, chat.id) >= limit:
            raise InputError("feed_quota", limit=limit)

    def _new_source(
        self, session: Session, feed: FeedRef, chat: Chat | None, now: datetime
    ) -> Source:
        source = archive.add_source(
            session,
            SourceKind.FEED,
            feed.url,
            name=feed.title or redact(feed.url),
            labels=feed.labels,
            added_by=chat.id if chat else None,
            now=now,
        )
        due = first_ask(now, chance=self._rules.chance())
        polls.note(session, [(source.id, {"next_due_at": due})])
        return replace(source, next_due_at=due)

    def _offers(self, links: Sequence[FeedLink], now: datetime) -> tuple[Offer, ...]:
        """What is offered at some addresses, in their order, each feed once."""
        # What is not asked in time is taken at the page's word, if it says that it is a feed.
        found = {
            number: (link.url, Offer(_address(link.url), link.title))
            for number, link in enumerate(links)
            if link.type
        }
        requests = (Request(number, link.url) for number, link in enumerate(links))
        for request, answer in self._asker.ask_all(requests, longest=_LONGEST_LOOK):
            found.pop(_number(request), None)
            if isinstance(answer, Fresh):
                offer = _offer(request.url, answer, now)
                if offer is not None:
                    digest = hashlib.blake2b(answer.body).hexdigest()
                    found[_number(request)] = digest, offer
        bodies: set[str] = set()
        places: dict[str, Offer] = {}
        for _, (digest, offer) in sorted(found.items()):
            if digest not in bodies:
                bodies.add(digest)
                places.setdefault(offer.url, offer)
        return tuple(places.values())


def _address(url: str) -> str:
    """An address as feeds are known by: scheme and host in lower case, without fragment."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise SourceError("refused_scheme", url=redact(url)) from error
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise SourceError("refused_scheme", url=redact(url))
    credentials, at, place = parts.netloc.rpartition("@")
    netloc = f"{credentials}{at}{place.lower()}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, ""))


def _fresh(answer: Fetched, url: str) -> Fresh:
    """An answer with a body. Raises SourceError for any other."""
    if isinstance(answer, Fresh):
        return answer
    raise SourceError("gone" if isinstance(answer, Gone) else "retry", url=redact(url))


def _offer(url: str, answer: Fresh, now: datetime) -> Offer | None:
    """What an answer offers; None where it is no feed."""
    try:
        parsed = parsed_of(answer, now)
        place = answer.permanent_url or _address(url)
    except SourceError:
        return None
    title, published = _newest(parsed)
    return Offer(place, parsed.title, title, published, len(latest(parsed.entries)))


def _newest(parsed: ParsedFeed) -> tuple[str, Published]:
    """Title and date of the newest entry by date; of the first, where none has one."""
    entries = latest(parsed.entries)
    if not entries:
        return "", UNDATED
    dated = [one for one in entries if one.published.at is not None]
    newest = max(dated, key=lambda one: str(one.published.at)) if dated else entries[0]
    return newest.text[: newest.title_end].strip(), newest.published


def _known_as(session: Session, *places: str) -> Added | None:
    """The feed that is asked at one of some addresses already."""
    there = polls.feeds_at(session, places)
    feed = next((there[place] for place in places if place in there), None)
    if feed is None:
        return None
    target = Target(TargetKind.FEED, str(feed.id))
    ids = archive.item_ids(session, target, limit=1, newest_by_date=True)
    title = next((one.item.title.strip() for one in archive.reports(session, ids)), "")
    return Added(feed, newest_title=title, known=True)


def _request(poll: Poll) -> Request:
    source = poll.source
    return Request(source.id, source.location, etag=source.etag, modified=source.last_modified)


def _number(request: Request) -> int:
    assert isinstance(request.key, int)
    return request.key


def _completed(queued: Queued, answer: Fetched | SourceError) -> Draft:
    """The entry with its page's text, if that was had and is better."""
    draft = queued.entry.draft
    if not isinstance(answer, Fresh):
        return draft
    teaser = draft.text[draft.title_end :].strip()
    text = page.extract(answer.body, answer.final_url, answer.headers, teaser)
    return page.completed(draft, text) if text else draft
