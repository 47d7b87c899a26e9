"""What an operator can watch: figures for Prometheus at /metrics, and /healthz.

:class:`Metrics` counts what happens in this process and reads the rest from
the database when it is asked. :class:`Health` knows which parts of the service
gave a sign of life, and when. :class:`Endpoint` serves both over HTTP from a
thread of its own, so that an event loop that hangs is told, not hidden.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from digests.errors import DepescheError
from digests.store.figures import Figures

_LAGS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_REQUEST_SECONDS: Final = 5

Count = Callable[[], Figures]


class Metrics:
    """Counters of this process, and a registry that ``generate_latest`` can write out.

    ``count`` reads the figures of the database, ``clock`` tells the time (UTC).
    """

    def __init__(self, count: Count, clock: Callable[[], datetime]) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._reports = self._counter("reports", "Reports taken in", "kind")
        self._unread = self._counter("reports_unreadable", "Reports that could not be read")
        self._enqueued = self._counter("enqueued", "Digests, alerts and notices enqueued")
        self._deliveries = self._counter("deliveries", "Sends, by what came of them", "outcome")
        self._errors = self._counter("errors", "Errors of ticks, by code", "code")
        self._refused = self._counter("commands_refused", "Commands not answered", "why")
        self._lag = Histogram(
            "depesche_loop_lag_seconds",
            "How late the event loop came back",
            buckets=_LAGS,
            registry=self.registry,
        )
        self._round = self._gauge("last_digest_round", "When digests were last looked for")
        self._connected = self._gauge("telegram_connected", "1 while updates are asked for")
        self.registry.register(_Database(count, clock))

    def taken(self, new: int, revised: int, unreadable: int) -> None:
        """Reports came in."""
        self._reports.labels("new").inc(new)
        self._reports.labels("revised").inc(revised)
        self._unread.inc(unreadable)

    def enqueued(self, number: int) -> None:
        """A round of digests and alerts ended, and put so many into the outbox."""
        self._enqueued.inc(number)
        self._round.set(self._clock().timestamp())

    def delivered(self, outcome: object) -> None:
        """A send ended; its outcome is known by its class."""
        self._deliveries.labels(type(outcome).__name__.lower()).inc()

    def failed(self, code: str) -> None:
        """A tick ended with an error."""
        self._errors.labels(code).inc()

    def refused(self, why: str) -> None:
        """A command was not answered: ``limit`` or ``stranger``."""
        self._refused.labels(why).inc()

    def lagged(self, seconds: float) -> None:
        """The event loop came back so late."""
        self._lag.observe(seconds)

    def connected(self, *, is_so: bool) -> None:
        """Whether updates are asked for."""
        self._connected.set(is_so)

    def written(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"depesche_{name}", says, labels, registry=self.registry)

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(f"depesche_{name}", says, registry=self.registry)


class _Database(Collector):
    """The figures of the database, read when they are asked for."""

    def __init__(self, count: Count, clock: Callable[[], datetime]) -> None:
        self._count = count
        self._clock = clock

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry must not ask the database to learn the names."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauges; only ``depesche_database_up`` 0 where the database cannot be read."""
        try:
            found = self._count()
        except DepescheError:
            yield GaugeMetricFamily("depesche_database_up", "1 if it can be read", 0)
            return
        since = found.waiting_since
        age = (self._clock() - since).total_seconds() if since else 0.0
        yield GaugeMetricFamily("depesche_database_up", "1 if it can be read", 1)
        yield GaugeMetricFamily("depesche_items", "Reports in the archive", found.items)
        yield GaugeMetricFamily("depesche_inbox", "Entries still to be read", found.inbox)
        yield GaugeMetricFamily("depesche_chats", "Chats", found.chats)
        yield GaugeMetricFamily("depesche_chats_unreachable", "Paused", found.unreachable)
        queue = GaugeMetricFamily(
            "depesche_queue", "Deliveries not done with, by state", labels=["state"]
        )
        for state, number in found.deliveries.items():
            queue.add_metric([state], number)
        yield queue
        yield GaugeMetricFamily("depesche_queue_doubtful", "Whose answer was lost", found.doubtful)
        yield GaugeMetricFamily("depesche_queue_age_seconds", "Age of the oldest due", max(0, age))
        feeds = GaugeMetricFamily("depesche_feeds", "Feeds, by state", labels=["state"])
        for state, number in (
            ("followed", found.feeds),
            ("due", found.feeds_due),
            ("failing", found.feeds_failing),
            ("retired", found.feeds_retired),
        ):
            feeds.add_metric([state], number)
        yield feeds


class Health:
    """Signs of life. A part is ill if it gave none for longer than it may, or is in trouble.

    ``ticks`` gives seconds that never go back. May be used from any thread.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._within: dict[str, float] = {}
        self._seen: dict[str, float] = {}
        self._trouble: dict[str, str] = {}

    def expect(self, part: str, within: float) -> None:
        """Expect a sign of life of ``part`` every so many seconds, from now on."""
        with self._lock:
            self._within[part] = within
            self._seen[part] = self._ticks()

    def beat(self, part: str) -> None:
        """A sign of life: ``part`` is at work."""
        with self._lock:
            self._seen[part] = self._ticks()

    def well(self, part: str) -> None:
        """The work of ``part`` was done; what troubled it is over."""
        with self._lock:
            self._seen[part] = self._ticks()
            self._trouble.pop(part, None)

    def ill(self, part: str, code: str) -> None:
        """The work of ``part`` failed, and the operator must do something."""
        with self._lock:
            self._seen[part] = self._ticks()
            self._trouble[part] = code

    def complaints(self) -> list[str]:
        """What is wrong, a line each; empty while all is well."""
        now = self._ticks()
        with self._lock:
            silent = [
                f"{part}: no sign of life for {now - seen:.0f} s"
                for part, within in self._within.items()
                if now - (seen := self._seen[part]) > within
            ]
            return silent + [f"{part}: {code}" for part, code in self._trouble.items()]


class Endpoint:
    """The HTTP server for /metrics and /healthz; serves from :meth:`start` to :meth:`stop`.

    Raises DepescheError("port_taken") where it cannot listen. Whoever reaches
    the address may read the figures; they name nobody and quote nothing.
    """

    def __init__(self, host: str, port: int, metrics: Metrics, health: Health) -> None:
        handler = _handler(metrics, health)
        try:
            self._server = _Server((host, port), handler)
        except (OSError, OverflowError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            raise DepescheError("port_taken", host=host, port=port, detail=detail) from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="metrics", daemon=True
        )

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


def _handler(metrics: Metrics, health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _REQUEST_SECONDS
        server_version = "Depesche"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(HTTPStatus.OK, metrics.written(), CONTENT_TYPE_LATEST)
            elif self.path == "/healthz":
                wrong = health.complaints()
                status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
                self._answer(status, "\n".join([*wrong, ""] if wrong else ["ok", ""]).encode())
            else:
                self._answer(HTTPStatus.NOT_FOUND, b"/metrics or /healthz\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing: a probe every few seconds is no news."""

        def _answer(
            self, status: HTTPStatus, body: bytes, type_: str = "text/plain; charset=utf-8"
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", type_)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    return Handler
