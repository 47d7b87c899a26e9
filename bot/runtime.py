"""The composition root: puts the parts together, starts and stops them in order.

Time enters here (``now``), randomness too (``chance``); the network comes in
through the fetcher and the Telegram front.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.commands import show
from bot.console import ADDRESS, Terminal
from bot.outbox import Outbox
from bot.render import parts
from bot.reply import Block
from bot.settings import Settings
from bot.telegram import PLATFORM, TelegramFront
from bot.texts import Texts, languages
from digests import curated
from digests.actors import Catalogue
from digests.desk import Answers, Defaults, Desk, Following, Intake, Known, Merging, Rounds, Taken
from digests.errors import DepescheError
from digests.nlp.pipelines import Pipelines
from digests.nlp.reading import Reader
from digests.sources.fetch import Fetcher
from digests.store import Store, archive, open_store
from digests.topics import read_topics
from digests.types import Chat, Digest, Target, TargetKind

log = logging.getLogger(__name__)

# Seconds between two looks at what is due; a look that finds nothing is one indexed query.
_INGEST_EVERY: Final = 2
_COMPOSE_EVERY: Final = 5
_DELIVER_EVERY: Final = 2


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
def house(settings: Settings, clock: Callable[[], datetime] = now) -> Iterator[House]:
    """Open the database (migrating it), read the lists, and put the desk together.

    Raises DepescheError where a setting, the database or a list cannot be used.
    """
    with ExitStack() as stack:
        store = open_store(settings.database)
        stack.callback(store.close)
        store.migrate()
        known = _known(store, settings)
        contact = f" (+{settings.fetch_contact})" if settings.fetch_contact else ""
        fetcher = stack.enter_context(
            Fetcher(
                user_agent=f"Depesche/{version('depesche')}{contact}",
                allow_networks=settings.networks,
            )
        )
        starters = read_topics(_topics_text(), settings.language_default)
        intake = Intake(
            store,
            Reader(Pipelines(settings.pipelines), known.resolve),
            known,
            fetcher,
            zone=settings.zone,
            chance=random.random,
            folder_every=timedelta(seconds=settings.seeds_every),
            starter_topics=starters,
        )
        defaults = Defaults(
            settings.language_default, settings.tz_default, settings.digest_time_default
        )
        desk = Desk(
            intake=intake,
            answers=Answers(store, known),
            known=known,
            following=Following(store, defaults),
            rounds=Rounds(store, known, _labels(store, known)),
            merging=Merging(store, known),
        )
        intake.prepare(settings.seeds_dir, settings.feeds_file, clock())
        yield House(desk, store, settings, clock)


def render_digest(digest: Digest, chat: Chat) -> Sequence[dict[str, Any]]:
    """The payloads of a digest for a chat, part by part."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    return _payloads(digest, chat, show.digest(digest, texts), texts)


def render_alert(alert: Digest, chat: Chat) -> Sequence[dict[str, Any]]:
    """The payloads of an alert for a chat."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    return _payloads(alert, chat, show.alert(alert, texts), texts)


class _StoppedError(Exception):
    """Work was ended at a safe place because the service stops."""


class Service:
    """The bot as it runs for good: ticks that ingest, compose and deliver, and the front."""

    def __init__(self, built: House) -> None:
        self._house = built
        self._front = TelegramFront(built.desk, built.settings, built.clock)
        self._outbox = Outbox(built.store, self._front.send, PLATFORM, built.clock)
        # One thread reads: spaCy pipelines are not shared, and commands keep the other threads.
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._working: set[asyncio.Task[object]] = set()
        self._stopping = threading.Event()

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM; then finish what is under way, and stop."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # no signals on Windows' loop
                loop.add_signal_handler(name, stop.set)
        self._tick(self._ingest, _INGEST_EVERY)
        self._tick(self._compose, _COMPOSE_EVERY)
        self._scheduler.start()
        stopped = asyncio.create_task(stop.wait())
        # Reports are taken in while Telegram cannot be reached; what is sent waits.
        connected = asyncio.create_task(self._front.start())
        try:
            await asyncio.wait({connected, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                connected.result()
                self._tick(self._deliver, _DELIVER_EVERY)
                log.info("running")
                await stopped
        finally:
            log.info("stopping")
            await self._stop(connected)

    async def _stop(self, connected: asyncio.Task[None]) -> None:
        """Take no more work, finish what is under way, disconnect."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        connected.cancel()
        await asyncio.gather(connected, return_exceptions=True)
        await self._front.stop_polling()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self._front.stop()
        self._lane.shutdown()

    def _tick(self, work: Callable[[], Awaitable[None]], seconds: int) -> None:
        # A late tick still ticks, and several late ones are one (misfire, coalesce).
        self._scheduler.add_job(
            self._start,
            "interval",
            args=[work],
            seconds=seconds,
            next_run_time=now(),
            misfire_grace_time=None,
            coalesce=True,
        )

    def _unless_stopping(self, _done: int, _total: int) -> None:
        """End an intake between two batches, when all it read is written."""
        if self._stopping.is_set():
            raise _StoppedError

    async def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start one kind of work unless it is still at it; never inside the scheduler's own job."""
        if any(task.get_name() == work.__name__ for task in self._working):
            return
        task: asyncio.Task[object] = asyncio.create_task(_logged(work), name=work.__name__)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _ingest(self) -> None:
        loop = asyncio.get_running_loop()
        desk, clock = self._house.desk, self._house.clock
        taken = await loop.run_in_executor(
            self._lane, lambda: desk.intake.take_in_due(clock(), self._unless_stopping)
        )
        if taken.new or taken.revised:
            log.info("taken in: %d new, %d revised", taken.new, taken.revised)
            await self._compose()

    async def _compose(self) -> None:
        rounds, clock = self._house.desk.rounds, self._house.clock
        made = await asyncio.to_thread(rounds.compose_alerts, clock(), render_alert)
        made += await asyncio.to_thread(rounds.compose_due, clock(), render_digest)
        if made:
            log.info("enqueued: %d", made)
            await self._start(self._deliver)

    async def _deliver(self) -> None:
        await self._outbox.deliver_due()


def once(built: House, progress: Callable[[int, int], None]) -> tuple[Taken, int]:
    """One pass for cron: ingest, compose, deliver. Gives what came in and messages sent."""
    # The pass is the look: the folder is looked into now, however short ago it was.
    taken = built.desk.intake.take_in_folders(built.clock(), progress)
    taken += built.desk.intake.take_in_due(built.clock(), progress)
    built.desk.rounds.compose_alerts(built.clock(), render_alert)
    built.desk.rounds.compose_due(built.clock(), render_digest)
    return taken, asyncio.run(_deliver_once(built))


async def _deliver_once(built: House) -> int:
    """Send what is due: through Telegram if there is a token, and to the terminal."""
    terminal = Terminal(built.desk, built.clock, sys.stdout)
    sent = await Outbox(built.store, terminal.send, ADDRESS, built.clock).deliver_due()
    if built.settings.telegram_token is None:
        return sent
    front = TelegramFront(built.desk, built.settings, built.clock)
    async with front.app:
        return sent + await Outbox(built.store, front.send, PLATFORM, built.clock).deliver_due()


async def _logged(work: Callable[[], Awaitable[None]]) -> None:
    """Whatever goes wrong in a tick is logged; the next tick tries again."""
    try:
        await work()
    except _StoppedError:
        log.info("%s: the rest the next time", work.__name__.strip("_"))
    except DepescheError as error:
        log.error("%s: %s", work.__name__.strip("_"), error)
    except Exception:
        log.exception("%s", work.__name__.strip("_"))


def _payloads(
    digest: Digest, chat: Chat, blocks: list[Block], texts: Texts
) -> list[dict[str, Any]]:
    more = show.story_buttons(show.stories_of(digest), texts)
    return [part.payload() | {"language": chat.language} for part in parts(blocks, more)]


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
            return known.name(target.id)
        if target.kind is TargetKind.EVERYTHING:
            texts = Texts(language, ZoneInfo("UTC"))
            return texts("Everything")
        with store.reading() as session:
            if target.kind is TargetKind.TOPIC:
                topic = archive.topic(session, target.id)
                return known.topic_name(topic, language) if topic else target.id
            source = archive.source(session, int(target.id))
            return source.name if source else target.id

    return label


def _topics_text() -> str:
    return files("digests").joinpath("data", "topics.toml").read_text(encoding="utf-8")
