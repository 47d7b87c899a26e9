"""Figures and health: what is counted, what is said to be wrong, and who may ask."""

import socket
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Endpoint, Health, Metrics
from bot.outbox import Doubt, Sent
from digests.errors import DepescheError, StoreError
from digests.store import archive, chats, open_store, outbox
from digests.store.figures import Figures, figures
from digests.types import SourceKind

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
EMPTY = Figures(
    items=0,
    inbox=0,
    chats=0,
    unreachable=0,
    deliveries={},
    doubtful=0,
    waiting_since=None,
    last_change=None,
    feeds=0,
    feeds_due=0,
    feeds_failing=0,
    feeds_retired=0,
)


def metrics(count=lambda: EMPTY):
    return Metrics(count, lambda: NOW)


def samples(made):
    """Every sample by its name and labels."""
    text = made.written().decode()
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_what_happens_is_counted():
    made = metrics()
    made.taken(3, 1, 2)
    made.taken(1, 0, 0)
    for outcome in (Sent(1), Sent(2), Doubt("lost")):
        made.delivered(outcome)
    made.failed("disk_full")
    made.refused("limit")
    made.enqueued(7)
    made.lagged(0.3)
    made.connected(is_so=True)
    found = samples(made)
    assert found["depesche_reports_total", "new"] == 4
    assert found["depesche_reports_total", "revised"] == 1
    assert found["depesche_reports_unreadable_total",] == 2
    assert found["depesche_deliveries_total", "sent"] == 2
    assert found["depesche_deliveries_total", "doubt"] == 1
    assert found["depesche_errors_total", "disk_full"] == 1
    assert found["depesche_commands_refused_total", "limit"] == 1
    assert found["depesche_enqueued_total",] == 7
    assert found["depesche_last_digest_round",] == NOW.timestamp()
    assert found["depesche_loop_lag_seconds_count",] == 1
    assert found["depesche_loop_lag_seconds_bucket", "0.25"] == 0
    assert found["depesche_loop_lag_seconds_bucket", "0.5"] == 1
    assert found["depesche_telegram_connected",] == 1
    assert found["depesche_database_up",] == 1


def test_two_services_in_one_process_count_apart():
    one, other = metrics(), metrics()
    one.failed("x")
    assert ("depesche_errors_total", "x") not in samples(other)


def test_a_database_that_cannot_be_read_is_a_figure_too():
    def broken():
        raise StoreError("damaged")

    found = samples(metrics(broken))
    assert found["depesche_database_up",] == 0
    assert ("depesche_items",) not in found


@pytest.fixture
def store(tmp_path):
    made = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    made.migrate()
    yield made
    made.close()


def add_source(session, kind, location, name):
    archive.add_source(session, kind, location, name=name, now=NOW)


def test_the_database_is_counted(store):
    payload = [{"text": "a"}, {"text": "b"}]
    with store.writing() as session:
        ids = [
            chats.add_chat(
                session, f"telegram:{n}", language="de", zone="UTC", schedule="off", now=NOW
            ).id
            for n in range(3)
        ]
        chats.update_chat(session, ids[2], unreachable="blocked")
        for chat in ids:
            late = NOW - timedelta(minutes=chat)
            outbox.enqueue(session, f"alert/{chat}", chat, 0, "alert", payload, now=late)
        later = NOW + timedelta(hours=1)
        outbox.enqueue(session, "later", ids[0], 0, "digest", payload, now=NOW, not_before=later)
        for name in ("one", "two"):
            add_source(session, SourceKind.FEED, f"https://{name}.example/", name)
        add_source(session, SourceKind.FOLDER, "/tmp/a", "a")
    with store.reading() as session:
        found = figures(session, NOW)
    assert (found.chats, found.unreachable) == (3, 1)
    assert Counter(found.deliveries) == {"pending": 8}
    assert found.waiting_since == NOW - timedelta(minutes=ids[1])  # not the blocked chat's
    assert (found.feeds, found.feeds_failing, found.feeds_retired) == (2, 0, 0)
    assert found.last_change == NOW
    shown = samples(Metrics(lambda: found, lambda: NOW))
    assert shown["depesche_queue", "pending"] == 8
    assert shown["depesche_queue_age_seconds",] == 60 * ids[1]
    assert shown["depesche_feeds", "followed"] == 2


def test_the_figures_name_nobody_and_quote_nothing(store):
    """Labels are of a fixed set: no address, title, name or URL gets out this way."""
    with store.writing() as session:
        chat = chats.add_chat(
            session, "telegram:4711", language="de", zone="UTC", schedule="off", now=NOW
        )
        payload = [{"text": "Geheimes"}]
        outbox.enqueue(session, "digest/4711", chat.id, 0, "digest", payload, now=NOW)
        add_source(session, SourceKind.FEED, "https://a:b@privat.example/", "Privat")

    def count():
        with store.reading() as session:
            return figures(session, NOW)

    text = metrics(count).written().decode()
    assert not any(word in text for word in ("4711", "Geheim", "rivat"))


class Ticks:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_part_that_gives_no_sign_of_life_is_named():
    ticks = Ticks()
    health = Health(ticks)
    health.expect("loop", 30)
    health.expect("ingest", 900)
    ticks.now = 30
    assert health.complaints() == []
    ticks.now = 31
    assert health.complaints() == ["loop: no sign of life for 31 s"]
    health.beat("loop")
    assert health.complaints() == []
    ticks.now = 901
    assert len(health.complaints()) == 2


def test_trouble_lasts_until_the_work_was_done():
    health = Health(Ticks())
    health.expect("ingest", 900)
    health.ill("ingest", "disk_full")
    health.beat("ingest")
    assert health.complaints() == ["ingest: disk_full"]
    health.well("ingest")
    assert health.complaints() == []


def test_what_is_at_work_before_it_is_expected_is_no_complaint():
    health = Health(Ticks())
    health.beat("deliver")
    assert health.complaints() == []


@pytest.fixture
def endpoint():
    health = Health(Ticks())
    made = Endpoint("127.0.0.1", 0, metrics(), health)
    made.start()
    yield made, health, f"http://127.0.0.1:{made.port}"
    made.stop()


def test_the_endpoint_answers(endpoint):
    _, health, url = endpoint
    with httpx.Client() as client:
        well = client.get(f"{url}/healthz")
        health.ill("ingest", "disk_full")
        ill = client.get(f"{url}/healthz")
        figures_ = client.get(f"{url}/metrics")
        other = client.get(f"{url}/etc/passwd")
        posted = client.post(f"{url}/metrics")
    assert (well.status_code, well.text) == (200, "ok\n")
    assert (ill.status_code, ill.text) == (503, "ingest: disk_full\n")
    assert figures_.headers["content-type"].startswith("text/plain; version=")
    assert "depesche_database_up 1.0" in figures_.text
    assert (other.status_code, posted.status_code) == (404, 501)
    assert "Python" not in well.headers["server"]


def test_it_is_asked_through_loopback_only(endpoint):
    made, _, _ = endpoint
    assert made._server.socket.getsockname()[0] == "127.0.0.1"


def test_one_that_says_nothing_holds_up_nobody(endpoint):
    made, _, url = endpoint
    with socket.create_connection(("127.0.0.1", made.port)) as silent:
        silent.send(b"GET /metrics HT")
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_port_that_is_taken_is_said(endpoint):
    made, health, _ = endpoint
    with pytest.raises(DepescheError) as caught:
        Endpoint("127.0.0.1", made.port, metrics(), health)
    assert caught.value.code == "port_taken"
    assert caught.value.params["port"] == made.port
