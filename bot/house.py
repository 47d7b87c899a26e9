"""The composition root: puts the parts together.

Time enters here (``now``), randomness too (``chance``); the network comes in
through the fetcher and the Telegram front.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.lock import lock_of
from bot.settings import Settings
from bot.telegram import PLATFORM
from bot.texts import Texts, languages
from digests import curated
from digests.actors import Catalogue
from digests.desk import (
    Answers,
    Channels,
    Defaults,
    Desk,
    Drafts,
    Feeds,
    Following,
    Intake,
    Known,
    Merging,
    Operation,
    Periods,
    Permissions,
    Public,
    Reasons,
    Rounds,
    Stories,
    Wishes,
)
from digests.nlp.pipelines import Pipelines
from digests.nlp.reading import Reader
from digests.polling import Bounds
from digests.sources.asking import Asker
from digests.sources.fetch import Fetcher
from digests.sources.robots import Robots
from digests.store import Store, archive, database_file, open_store
from digests.topics import read_topics
from digests.types import Target, TargetKind

log = logging.getLogger(__name__)

_LONGEST_FOR_PAGES: Final = 60.0  # seconds, in which feeds that are due wait for teasers' pages


def now() -> datetime:
    """The time. Everything that needs it is given it from here."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """What was put together: the desk, the store under it, and the settings."""

    desk: Desk
    store: Store
    settings: Settings
    clock: Callable[[], datetime]


@contextmanager
def house(
    settings: Settings, clock: Callable[[], datetime] = now, *, exclusive: bool = False
) -> Iterator[House]:
    """Open the database (migrating it), read the lists, and put the desk together.

    ``exclusive`` for who runs the bot: one process a database. Raises
    DepescheError where a setting, the database or a list cannot be used.
    """
    with ExitStack() as stack:
        lock = lock_of(settings)
        if exclusive:
            stack.enter_context(lock)
        store = open_store(settings.database)
        stack.callback(store.close)
        if not store.is_current():
            # Never under the feet of a bot that runs; there is none where there are no tables.
            with nullcontext() if exclusive or store.revision() is None else lock:
                _migrate(store)
        known = _known(store, settings)
        labels = _labels(store, known)
        agent = _user_agent(settings)
        fetcher = stack.enter_context(Fetcher(user_agent=agent, allow_networks=settings.networks))
        starters = read_topics(_topics_text(), settings.language_default)
        intake = Intake(
            store,
            Reader(Pipelines(settings.pipelines), known.resolve),
            known,
            zone=settings.zone,
            chance=random.random,
            folder_every=timedelta(seconds=settings.seeds_every),
            starter_topics=starters,
        )
        defaults = Defaults(
            settings.language_default, settings.tz_default, settings.digest_time_default
        )
        desk = Desk(
            feeds=_feeds(store, fetcher, agent, settings),
            intake=intake,
            answers=Answers(store, known),
            public=Public(store, known),
            known=known,
            following=Following(store, defaults),
            rounds=Rounds(
                store,
                known,
                labels,
                cooldown=timedelta(minutes=settings.alert_cooldown),
            ),
            merging=Merging(store, known),
            drafts=Drafts(store, settings.rewrite_model if settings.rewrite_url else None),
            stories=Stories(store),
            reasons=Reasons(store, labels),
            wishes=Wishes(store, known),
            channels=Channels(store),
            operation=Operation(
                store,
                PLATFORM,
                clock(),
                lambda: _bytes(database_file(settings.database)),
                Periods(settings.keep_sent, settings.item_retention_days),
            ),
        )
        intake.prepare(settings.seeds_dir, settings.feeds_file, clock())
        yield House(desk, store, settings, clock)


def _migrate(store: Store) -> None:
    before = store.revision()
    kept = store.migrate()
    log.info("database brought from %s to %s", before or "nothing", store.revision())
    if kept is not None:
        log.info("what it was before is kept as %s", kept)


def _bytes(database: Path | None) -> int | None:
    """What a database takes on disk, with what SQLite keeps beside it."""
    if database is None:
        return None
    beside = (database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm"))
    return sum(one.stat().st_size for one in beside if one.is_file())


def _feeds(store: Store, fetcher: Fetcher, agent: str, settings: Settings) -> Feeds:
    gap = settings.fetch_host_gap
    robots = Robots(fetcher.get)
    pages = Asker(
        fetcher,
        host_gap=gap,
        permitted=lambda url: robots.allowed(url, agent),
        delay=lambda url: robots.delay(url, agent),
        longest=_LONGEST_FOR_PAGES,
    )
    return Feeds(
        store,
        fetcher,
        Asker(fetcher, host_gap=gap),
        chance=random.random,
        permissions=Permissions(settings.feeds_open, settings.feed_adders, settings.feeds_per_chat),
        bounds=Bounds(*settings.feed_waits),
        pages=pages if settings.full_text else None,
    )


def _user_agent(settings: Settings) -> str:
    contact = f" (+{settings.fetch_contact})" if settings.fetch_contact else ""
    return f"Depesche/{version('depesche')}{contact}"


def _known(store: Store, settings: Settings) -> Known:
    catalogue = Catalogue(curated.load(settings.actors_file))
    with store.reading() as session:
        for actor in archive.found_actors(session):
            catalogue.add(actor)
    names = {
        language: {topic.id: topic.name for topic in read_topics(_topics_text(), language)}
        for language in languages()
    }
    return Known(catalogue, names, store=store, ticks=time.monotonic)


def _labels(store: Store, known: Known) -> Callable[[Target, str], str]:
    def label(target: Target, language: str) -> str:
        """The name a target is shown under."""
        if target.kind is TargetKind.ACTOR:
            return known.name(target.id, language)
        if target.kind is TargetKind.EVERYTHING:
            texts = Texts(language, ZoneInfo("UTC"))
            return texts("Everything")
        if target.kind is TargetKind.NAME:
            return target.id
        with store.reading() as session:
            if target.kind is TargetKind.TOPIC:
                topic = archive.topic(session, target.id)
                return known.topic_name(topic, language) if topic else target.id
            source = archive.source(session, int(target.id))
            return source.name if source else target.id

    return label


def _topics_text() -> str:
    return files("digests").joinpath("data", "topics.toml").read_text(encoding="utf-8")
