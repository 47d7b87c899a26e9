"""Operation: one bot a database, commands beside it, a stop in time, figures, backups."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import httpx
import pytest

from tests.botapi import faults
from tests.e2e.conftest import PATIENCE, ROOT

REPORT = """{title}

Der französische Präsident Emmanuel Macron hat am Montag in Paris neue Sanktionen angekündigt.
"""
STOP_WITHIN = 10

# Many processes, each with a pipeline to load: slow on a machine that has other work.
pytestmark = pytest.mark.timeout(300)


def begun(bot, *arguments):
    """A command on the bot's data, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=bot.home,
        env=bot.environment | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process, stdin=""):
    """Its status, what it said, and what it complained of."""
    said, complained = process.communicate(stdin, timeout=PATIENCE)
    return process.returncode, said, complained


def rows(bot, query):
    path = bot.home / "data" / "depesche.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def stopped_in(bot):
    """How long the bot takes to stop when it is told to, and with which status."""
    began = time.monotonic()
    status = bot.stop()
    return time.monotonic() - began, status


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_second_bot_is_refused_in_words(bot):
    bot.start()
    pid = bot.process.pid
    others = [begun(bot, *words) for words in (["run"], ["once"], ["restore", "copy.db"])]
    for status, _, complained in map(ended, others):
        assert status == 2
        assert f"Prozess {pid}" in complained
        assert "Traceback" not in complained
    bot.stop(signal.SIGKILL)
    bot.start()  # the lock died with its process
    assert bot.stop() == 0


def test_everything_else_works_beside_a_running_bot(bot):
    bot.start()
    chat = bot.api.private(bot.api.user(language_code="de"))
    bot.ask(chat, "/subscribe NATO")
    (bot.home / "b.txt").write_text(REPORT.format(title="Daneben"), "utf-8")
    copy = bot.home / "copy.db"
    doctor, backup, ingest = (
        begun(bot, *words) for words in (["doctor"], ["backup", str(copy)], ["ingest", "b.txt"])
    )
    assert ended(backup)[:2] == (0, f"{copy}\n")
    assert f"läuft (Prozess {bot.process.pid})" in ended(doctor)[1]
    status, said, complained = ended(ingest)
    assert (status, "1 neuer Bericht" in said) == (0, True), complained
    ask, console = begun(bot, "ask", "/latest"), begun(bot, "console")
    for status, said, complained in (ended(ask), ended(console, "/latest\n")):
        assert (status, "Daneben" in said) == (0, True), complained
    assert "Daneben" in bot.ask(chat, "/latest")["text"]
    assert bot.stop() == 0
    assert "locked" not in bot.log()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT target_id FROM subscription").fetchall() == [("nato",)]


def test_told_to_stop_it_hands_back_what_telegram_does_not_answer(bot):
    api = bot.api
    chats = [api.private(api.user(language_code="de")) for _ in range(3)]
    bot.start()
    for chat in chats:
        bot.ask(chat, "/subscribe Macron alert")
    gate = faults.Gate()
    api.fail_next("sendMessage", faults.slow(gate, delivered=True), times=None)
    mark = api.mark()
    for number in range(40):
        text = REPORT.format(title=f"Meldung {number}")
        (bot.seeds / f"{number}.txt").write_text(text, "utf-8")
    api.wait_for("sendMessage", after=mark, arrived=True, timeout=90)
    seconds, status = stopped_in(bot)
    gate.set()
    assert status == 0
    assert seconds < STOP_WITHIN
    assert rows(bot, "SELECT count(*) FROM delivery WHERE state = 'claimed'") == [(0,)]
    assert "Traceback" not in bot.log()
    # What was cut off may have arrived, and says so when it comes again; nothing is lost.
    api.heal()
    bot.start()
    for chat in chats:
        api.wait_until(
            lambda chat=chat: any("Meldung" in m["text"] for m in api.sent(chat)),
            timeout=90,
            what="the alert after the stop",
        )
    assert bot.stop() == 0


def test_a_command_that_hangs_does_not_hold_up_the_stop(bot):
    """A site that takes the question and never answers; the thread that asks cannot be stopped."""
    bot.extra["FETCH_ALLOW_NETWORKS"] = "127.0.0.0/8"
    bot.start()
    chat = bot.api.private(bot.api.user())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        port = silent.getsockname()[1]
        bot.api.send_text(chat, chat.user, f"/addfeed http://127.0.0.1:{port}/feed")
        connection, _ = silent.accept()
        with connection:
            seconds, status = stopped_in(bot)
    assert seconds < STOP_WITHIN + 1  # the interpreter's own end included
    assert status in (0, 1)
    assert ("stopping took too long" in bot.log()) == (status == 1)
    bot.start()  # and the lock is free
    assert bot.stop() == 0


def test_figures_health_and_logs_for_machines(bot):
    port = free_port()
    bot.extra |= {"METRICS_PORT": str(port), "LOG_FORMAT": "json"}
    (bot.seeds / "a.txt").write_text(REPORT.format(title="Erste"), "utf-8")
    bot.start()
    bot.wait_logged("taken in: 1 new")
    bot.wait_logged("running")
    chat = bot.api.private(bot.api.user(language_code="de"))
    bot.ask(chat, "/subscribe Macron alert")
    (bot.seeds / "b.txt").write_text(REPORT.format(title="Zweite"), "utf-8")
    bot.api.wait_until(
        lambda: any("Zweite" in m["text"] for m in bot.api.sent(chat)), timeout=90, what="alert"
    )
    health = httpx.get(f"http://127.0.0.1:{port}/healthz")
    assert (health.status_code, health.text) == (200, "ok\n")

    def figures():
        return httpx.get(f"http://127.0.0.1:{port}/metrics").text

    bot.api.wait_until(
        lambda: 'depesche_deliveries_total{outcome="sent"} 1.0' in figures(),
        timeout=PATIENCE,
        what="the delivery to be counted",
    )
    text = figures()
    assert 'depesche_reports_total{kind="new"} 2.0' in text
    assert "depesche_items 2.0" in text
    assert "depesche_telegram_connected 1.0" in text
    assert "depesche_database_up 1.0" in text
    assert bot.api.token not in text
    assert bot.stop() == 0
    lines = [json.loads(line) for line in bot.log().splitlines()]
    assert len({line["run"] for line in lines}) == 1
    assert {"running", "stopping", "stopped"} <= {line["message"] for line in lines}
    assert bot.api.token not in bot.log()
    with pytest.raises(httpx.ConnectError):
        figures()


def test_a_second_signal_changes_nothing(bot):
    bot.start()
    bot.process.send_signal(signal.SIGTERM)
    bot.process.send_signal(signal.SIGINT)
    assert bot.process.wait(PATIENCE) == 0
    bot.process = None
    assert "Traceback" not in bot.log()
