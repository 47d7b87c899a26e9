"""The bot as it runs: for good, with ticks that are started and stopped in order, or once."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import addresses, logs
from bot.complaints import explain
from bot.console import ADDRESS, Terminal
from bot.house import House, now
from bot.metrics import Endpoint, Health, Metrics
from bot.outbox import OnDoubt, Outbox, Outcome, Send, forget_old
from bot.payloads import Payloads, render_alert, render_digest, render_notice, render_unusual
from bot.problems import Collected, collecting
from bot.rewriting import Model, Rewriting, drafting
from bot.telegram import PLATFORM, TelegramFront
from bot.texts import Texts
from digests.desk import Polled, Taken
from digests.errors import DepescheError, StoreError
from digests.store import retention
from digests.store.figures import Figures, figures
from digests.types import Chat, Delivery

log = logging.getLogger(__name__)

# Seconds between two looks at what is due; a look that finds nothing is one indexed query.
_INGEST_EVERY: Final = 2
_POLL_EVERY: Final = 5
_INBOX_AT_ONCE: Final = 500
"""Entries read between two looks into the folders."""
_COMPOSE_EVERY: Final = 5
_REWRITE_EVERY: Final = 2
_DELIVER_EVERY: Final = 2
_PROBLEMS_EVERY: Final = 10
_TIDY_EVERY: Final = 600

# Seconds between two beats of the event loop; after which it, or some work, counts as hanging.
_PULSE_EVERY: Final = 1.0
_PULSE_WITHIN: Final = 30.0
_WORK_WITHIN: Final = 900.0

_SENDS_END_WITHIN: Final = timedelta(seconds=5)
_GIVE_WAY: Final = 0.0005  # seconds
_STOP_SECONDS: Final = 9.5
"""After which a stop is forced: service managers send SIGKILL after ten."""

_ENGLISH: Final = Texts("en", ZoneInfo("UTC"))
_T = TypeVar("_T")


class _StoppedError(BaseException):
    """Work was ended at a safe place because the service stops; no failure of a single digest."""


class Service:
    """The bot as it runs for good: ticks that ingest, compose and deliver, and the front."""

    def __init__(self, built: House, *, last_resort: Callable[[], object] | None = None) -> None:
        """``last_resort`` is called where a stop takes too long: it ends the process."""
        self._house = built
        self._health = Health(time.monotonic)
        self._metrics = Metrics(self._figures, built.clock)
        self._front = TelegramFront(built.desk, built.settings, built.clock, self._metrics.refused)
        self._outbox = _telegram_outbox(built, self._front, self._send)
        self._model = Model.of(built.settings)
        self._rewriting = Rewriting(built.desk.drafts, self._model, built.clock)
        self._last_resort = last_resort
        self._problems = Collected()
        # One thread reads: spaCy pipelines are not shared, and commands keep the other threads.
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="intake")
        # Feeds are asked beside it: neither waits for the other.
        self._polling = ThreadPoolExecutor(1, thread_name_prefix="polling")
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._working: set[asyncio.Task[object]] = set()
        self._stopping = threading.Event()

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM; then finish what is under way, and stop."""
        with collecting() as self._problems:
            await self._run()
            await self._logged(self._keep_problems)

    async def _run(self) -> None:
        # Threads that compute give way to the loop at once, not after five milliseconds each time.
        sys.setswitchinterval(_GIVE_WAY)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # no signals on Windows' loop
                loop.add_signal_handler(name, stop.set)
        endpoint = self._endpoint()
        pulse = asyncio.create_task(self._feel_the_pulse(), name="pulse")
        self._tick(self._poll, _POLL_EVERY)
        self._tick(self._ingest, _INGEST_EVERY)
        self._tick(self._compose, _COMPOSE_EVERY)
        self._tick(self._rewrite, _REWRITE_EVERY)
        self._tick(self._tidy, _TIDY_EVERY)
        self._tick(self._keep_problems, _PROBLEMS_EVERY)
        self._scheduler.start()
        stopped = asyncio.create_task(stop.wait())
        # Reports are taken in while Telegram cannot be reached; what is sent waits.
        connected = asyncio.create_task(self._front.start())
        try:
            await asyncio.wait({connected, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                connected.result()
                self._tick(self._deliver, _DELIVER_EVERY)
                self._metrics.connected(is_so=True)
                log.info("running")
                await stopped
        finally:
            log.info("stopping")
            await self._stop(connected)
            pulse.cancel()
            if endpoint is not None:
                endpoint.stop()
            log.info("stopped")

    async def _stop(self, connected: asyncio.Task[None]) -> None:
        """Take no more work, finish what is under way, disconnect."""
        self._stopping.set()
        if self._last_resort is not None:
            watchdog = threading.Timer(_STOP_SECONDS, self._last_resort)
            watchdog.daemon = True
            watchdog.start()
        self._scheduler.shutdown(wait=False)
        connected.cancel()
        await asyncio.gather(connected, return_exceptions=True)
        await asyncio.gather(
            self._front.stop_polling(),
            self._outbox.stop(_SENDS_END_WITHIN),
            self._rewriting.stop(),
            *self._working,
            return_exceptions=True,
        )
        await self._front.stop()
        self._lane.shutdown()
        self._polling.shutdown()

    def _figures(self) -> Figures:
        with self._house.store.reading() as session:
            return figures(session, self._house.clock())

    def _endpoint(self) -> Endpoint | None:
        """/metrics and /healthz, where they are wanted."""
        settings = self._house.settings
        if settings.metrics_port is None:
            return None
        made = Endpoint(settings.metrics_host, settings.metrics_port, self._metrics, self._health)
        made.start()
        return made

    async def _feel_the_pulse(self) -> None:
        """Measure how late the event loop comes back; its beat says that it lives."""
        self._health.expect("loop", _PULSE_WITHIN)
        while True:
            began = time.monotonic()
            await asyncio.sleep(_PULSE_EVERY)
            self._metrics.lagged(max(0.0, time.monotonic() - began - _PULSE_EVERY))
            self._health.beat("loop")

    async def _send(self, delivery: Delivery) -> Outcome:
        with logs.about(delivery=delivery.id):
            outcome = await self._front.send(delivery)
        self._metrics.delivered(outcome)
        self._health.beat("deliver")
        return outcome

    def _stopped(self) -> bool:
        """Whether asking feeds is to end; that it is looked at is a sign of life."""
        self._health.beat("poll")
        return self._stopping.is_set()

    def _tick(self, work: Callable[[], Awaitable[None]], seconds: int) -> None:
        self._health.expect(_name(work), _WORK_WITHIN)
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
        self._health.beat("ingest")
        if self._stopping.is_set():
            raise _StoppedError

    def _watched(self, render: Callable[[_T, Chat], Payloads]) -> Callable[[_T, Chat], Payloads]:
        """A way to render that ends a round between two chats when the service stops."""

        def rendered(what: _T, chat: Chat) -> Payloads:
            self._health.beat("compose")
            if self._stopping.is_set():
                raise _StoppedError
            return render(what, chat)

        return rendered

    async def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start one kind of work unless it is still at it; never inside the scheduler's own job."""
        if any(task.get_name() == work.__name__ for task in self._working):
            return
        task: asyncio.Task[object] = asyncio.create_task(self._logged(work), name=work.__name__)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        feeds, clock = self._house.desk.feeds, self._house.clock
        polled = await loop.run_in_executor(
            self._polling, lambda: feeds.poll_due(clock, self._stopped)
        )
        if polled.asked:
            log.info("asked: %s", _in_words(polled))
        if polled.queued and not self._stopping.is_set():
            await self._start(self._ingest)

    async def _ingest(self) -> None:
        loop = asyncio.get_running_loop()
        desk, clock = self._house.desk, self._house.clock
        taken = await loop.run_in_executor(
            self._lane,
            lambda: desk.intake.take_in_due(clock(), self._unless_stopping, at_most=_INBOX_AT_ONCE),
        )
        self._metrics.taken(taken.new, taken.revised, len(taken.errors))
        if taken.new or taken.revised:
            log.info("taken in: %d new, %d revised", taken.new, taken.revised)
            await self._compose()

    async def _compose(self) -> None:
        rounds, clock = self._house.desk.rounds, self._house.clock
        alert = self._watched(render_alert)
        digest = self._watched(drafting(render_digest, self._model))
        notice, unusual = self._watched(render_notice), self._watched(render_unusual)
        made = await asyncio.to_thread(rounds.compose_alerts, clock(), alert)
        made += await asyncio.to_thread(rounds.compose_unusual, clock(), unusual)
        made += await asyncio.to_thread(rounds.compose_due, clock(), digest)
        made += await asyncio.to_thread(rounds.compose_notices, clock(), notice)
        self._metrics.enqueued(made)
        if made:
            log.info("enqueued: %d", made)
            await self._start(self._deliver)

    async def _rewrite(self) -> None:
        await self._rewriting.begin()

    async def _deliver(self) -> None:
        await self._outbox.deliver_due()

    async def _tidy(self) -> None:
        forgotten = await asyncio.to_thread(_forget_old, self._house, self._stopping.is_set)
        if forgotten:
            log.info("forgotten: %d deliveries that were done with", forgotten)
        cut = await asyncio.to_thread(_cut_old, self._house, self._stopping.is_set)
        if cut:
            log.info("the texts of %d old reports were removed", cut)

    async def _keep_problems(self) -> None:
        await asyncio.to_thread(self._problems.keep, self._house.desk.operation.note)

    async def _logged(self, work: Callable[[], Awaitable[None]]) -> None:
        """Whatever goes wrong in a tick is logged; the next tick tries again."""
        name = _name(work)
        try:
            await work()
        except _StoppedError:
            log.info("%s: the rest the next time", name)
        except DepescheError as error:
            self._metrics.failed(error.code)
            if isinstance(error, StoreError) and error.code != "locked":
                self._health.ill(name, error.code)
            log.error("%s: %s (%s)", name, explain(error, _ENGLISH), error)
        except Exception:
            self._metrics.failed("unexpected")
            self._health.ill(name, "unexpected")
            log.exception("%s", name)
        else:
            self._health.well(name)


def _name(work: Callable[[], Awaitable[None]]) -> str:
    return work.__name__.strip("_")


def once(built: House, progress: Callable[[int, int], None]) -> tuple[Taken, int]:
    """One pass for cron: ask, ingest, compose, deliver. Gives what came in and messages sent."""
    built.desk.feeds.poll_due(built.clock)
    # The pass is the look: the folder is looked into now, however short ago it was.
    taken = built.desk.intake.take_in_folders(built.clock(), progress)
    taken += built.desk.intake.take_in_due(built.clock(), progress)
    built.desk.rounds.compose_alerts(built.clock(), render_alert)
    built.desk.rounds.compose_unusual(built.clock(), render_unusual)
    digest = drafting(render_digest, Model.of(built.settings))
    while built.desk.rounds.compose_due(built.clock(), digest):
        pass  # some hundred chats at a time
    built.desk.rounds.compose_notices(built.clock(), render_notice)
    _forget_old(built)
    return taken, asyncio.run(_deliver_once(built))


def _forget_old(built: House, stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete the deliveries that were done with long ago; gives how many."""
    before = built.clock() - timedelta(days=built.settings.keep_sent)
    return forget_old(built.store, before, stopped)


def _cut_old(built: House, stopped: Callable[[], bool] = lambda: False) -> int:
    """Remove the texts of old reports, where the operator wants that; gives how many."""
    days = built.settings.item_retention_days
    if not days:
        return 0
    return retention.cut_old(built.store, built.clock() - timedelta(days=days), stopped)


def _telegram_outbox(built: House, front: TelegramFront, send: Send) -> Outbox:
    """The outbox of Telegram's chats; what it sends passes the gate that answers pass."""
    return Outbox(
        built.store,
        send,
        PLATFORM,
        built.clock,
        gate=front.gate,
        is_group=addresses.is_group,
        stale_after=timedelta(hours=built.settings.stale_after),
        on_doubt=OnDoubt(built.settings.on_doubt),
        alone=True,  # who delivers holds the lock of the database
    )


async def _deliver_once(built: House) -> int:
    """Send what is due: through Telegram if there is a token, and to the terminal."""
    await Rewriting(built.desk.drafts, Model.of(built.settings), built.clock).finish()
    terminal = Terminal(built.desk, built.clock, sys.stdout)
    sent = await Outbox(built.store, terminal.send, ADDRESS, built.clock).deliver_due()
    if built.settings.telegram_token is None:
        return sent
    front = TelegramFront(built.desk, built.settings, built.clock)
    async with front.app:
        return sent + await _telegram_outbox(built, front, front.send).deliver_due()


def _in_words(polled: Polled) -> str:
    return (
        f"{polled.asked} feeds, {polled.changed} changed, {polled.queued} entries,"
        f" {polled.failed} in trouble"
    )
