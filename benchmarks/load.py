"""A morning digest for many chats in the same minute, against a Bot API that enforces its limits.

    python -m benchmarks.load [--chats 20000] [--follows 5]

The real bot (python -m bot run) on a database with so many chats, each with
five subscriptions of its own choice, all due in the same minute; the Bot API is
a process on loopback that refuses what exceeds 30 messages a second, one a
second in a chat and 20 a minute in a group. Meanwhile somebody asks a command
every few seconds. Said are: digests delivered, refusals (429), the sustained
rate, the bot's memory at the start, in the middle and at the end, how long composing
took, the slowest answer, and what CPU the bot and the Bot API took a message.
20,000 chats take about a quarter of an hour.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from sqlmodel import select

from bot.house import house
from bot.settings import load
from digests.store import open_store
from digests.tables import ChatRow, DeliveryRow, ItemActorRow, ItemRow, SubscriptionRow, TopicRow
from digests.types import DeliveryMode, TargetKind
from tests.botapi import BotApi, Chat

ROOT = Path(__file__).parents[1]
REPORTS = 15
ASK_EVERY = 3.0
_PEOPLE = (
    "Emmanuel Macron", "Olaf Scholz", "Sergej Lawrow", "Ursula von der Leyen",
    "Wolodymyr Selenskyj", "Antony Blinken",
    "Jens Stoltenberg", "Annalena Baerbock", "Xi Jinping", "Recep Tayyip Erdoğan",
)  # fmt: skip
_PLACES = ("Paris", "Berlin", "Genf", "Brüssel", "Wien", "Warschau", "Rom", "Madrid")
_SUBJECTS = (
    "Sanktionen",
    "Klimaschutz",
    "Grenzverkehr",
    "Haushalt",
    "Rüstung",
    "Energie",
    "Handel",
)


def report(number: int, chance: random.Random) -> str:
    """A report of about ten sentences that names two people and says things of its own."""
    one, other = chance.sample(_PEOPLE, 2)
    place, subject = chance.choice(_PLACES), chance.choice(_SUBJECTS)
    told = "\n".join(
        f"In {chance.choice(_PLACES)} wurde zum {n}. Mal über Nummer {number * 10 + n} und"
        f" {chance.choice(_SUBJECTS)} gesprochen."
        for n in range(2, 9)
    )
    return (
        f"{one} in {place}: {subject} Nummer {number}\n\n{one} ist am Montag in {place} mit {other}"
        f" zusammengetroffen. {one} sagte, {subject} sei eine Aufgabe für alle. {other} kündigte"
        f" an, im März erneut nach {place} zu reisen.\n\n{told}\n"
    )


# --- The Bot API, in a process of its own -------------------------------------------------------


def serve(pipe: Connection, chats: int) -> None:
    """A Bot API with limits and many private chats; answers what the pipe asks."""
    with BotApi(strict=False, keep_messages=3, keep_calls=500) as api:
        people = [api.private(api.user(f"P{n}")) for n in range(chats)]
        asker = api.private(api.user("Fragende"))
        limits = api.enforce_limits()
        pipe.send((api.url, api.token, [chat.id for chat in people], asker.id))
        while (asked := pipe.recv()) != "stop":
            if asked == "ask":
                pipe.send(answered_after(api, asker))
            else:
                reached = sum(bool(chat.kept) for chat in people)
                pipe.send((Counter(api.counts), limits.refused, reached))


def answered_after(api: BotApi, asker: Chat) -> float:
    """Seconds until a command is answered; twenty if it is not."""
    known = set(asker.kept)
    began = time.monotonic()
    asked = api.send_text(asker, None, "/actor Macron")["message_id"]
    with suppress(TimeoutError):
        api.wait_until(lambda: set(asker.kept) - known - {asked}, timeout=20)
    return time.monotonic() - began


# --- The database ------------------------------------------------------------------------------


def prepare(home: Path, ids: list[int], follows: int, due: datetime) -> None:
    """Reports that are news, and chats that follow actors and topics of theirs."""
    chance = random.Random(5)
    seeds = home / "seeds"
    seeds.mkdir(exist_ok=True)
    (seeds / "archive.txt").write_text(report(0, chance), "utf-8")
    settings = load(data_dir=home / "data", seeds_dir=seeds, _env_file=None)
    with house(settings) as built:
        built.desk.intake.take_in_folders(built.clock())
        for number in range(1, REPORTS):
            (seeds / f"{number}.txt").write_text(report(number, chance), "utf-8")
        built.desk.intake.take_in_folders(built.clock())
        with built.store.reading() as session:
            mark = session.exec(select(ItemRow.seq).where(ItemRow.backlog)).one()
            actors = sorted(set(session.exec(select(ItemActorRow.actor_id))))
            topics = sorted(session.exec(select(TopicRow.id)))
        targets = [(TargetKind.ACTOR, one) for one in actors]
        targets += [(TargetKind.TOPIC, one) for one in topics]
        now = built.clock()
        with built.store.writing() as session:
            session.execute(
                insert(ChatRow), [_chat(number, one, now) for number, one in enumerate(ids)]
            )
            rows = [
                _subscription(number + 1, target, mark, due, now)
                for number in range(len(ids))
                for target in chance.sample(targets, min(follows, len(targets)))
            ]
            session.execute(insert(SubscriptionRow), rows)
    print(f"{len(ids)} chats, {len(rows)} subscriptions to {len(targets)} targets", flush=True)


def _chat(number: int, telegram: int, now: datetime) -> dict[str, object]:
    return {
        "id": number + 1,
        "address": f"telegram:{telegram}",
        "language": "de",
        "zone": "Europe/Berlin",
        "schedule": "daily 07:00",
        "paused": False,
        "created_at": now,
    }


def _subscription(
    chat: int, target: tuple[TargetKind, str], mark: int, due: datetime, now: datetime
) -> dict[str, object]:
    return {
        "chat_id": chat,
        "thread": 0,
        "target_kind": target[0],
        "target_id": target[1],
        "delivery": DeliveryMode.DIGEST,
        "digest_mark": mark,
        "alert_mark": mark,
        "next_due_at": due,
        "created_at": now,
    }


# --- The run ------------------------------------------------------------------------------------


@contextmanager
def running(home: Path, url: str, token: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_TOKEN": token,
        "TELEGRAM_API_URL": url,
        "DATA_DIR": str(home / "data"),
        "SEEDS_DIR": str(home / "seeds"),
    }
    with (home / "log").open("wb") as log:
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=home, env=environment, stderr=log
        )
        try:
            yield bot
        finally:
            bot.terminate()
            bot.wait(30)


def cpu(pid: int) -> float:
    """Seconds of CPU that a process took so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Resident megabytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def watch(
    bot: subprocess.Popen[bytes], pipe: Connection, server: int, chats: int, limit: float
) -> dict:
    """Ask now and then, and look, until every chat has its digest or time is up."""
    began = time.monotonic()
    samples: list[tuple[float, int, float]] = []
    waits: list[float] = []
    spent = {"bot": cpu(bot.pid), "api": cpu(server)}
    while time.monotonic() - began < limit:
        pipe.send("look")
        counts, refused, reached = pipe.recv()
        sent = sum(n for (method, outcome), n in counts.items() if method == "sendMessage")
        samples.append((time.monotonic() - began, sent, memory(bot.pid)))
        if not reached:
            spent = {"bot": cpu(bot.pid), "api": cpu(server)}  # the start is no part of it
        if reached >= chats:
            break
        if len(samples) % 10 == 0:
            at, number, size = samples[-1]
            print(f"{at:.0f} s: {number} sent, {size:.0f} MB, 429: {refused}", flush=True)
        if reached:
            pipe.send("ask")
            waits.append(pipe.recv())
        time.sleep(max(0.0, ASK_EVERY - (waits[-1] if waits else 0.0)))
    took = {"bot": cpu(bot.pid) - spent["bot"], "api": cpu(server) - spent["api"]}
    return {
        "samples": samples,
        "waits": waits,
        "refused": refused,
        "reached": reached,
        "took": took,
    }


def rate(samples: list[tuple[float, int, float]]) -> float:
    """Messages a second from the first look that saw one to the last but one."""
    moving = [one for one in samples if one[1] > 0]
    if len(moving) < 3:
        return 0.0
    (start, before, _), (end, after, _) = moving[0], moving[-2]
    return (after - before) / (end - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chats", type=int, default=20_000)
    parser.add_argument("--follows", type=int, default=5)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, arguments.chats), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url, token, ids, _ = ours.recv()
        prepare(home, ids, arguments.follows, datetime.now(UTC) + timedelta(seconds=2))
        with running(home, url, token) as bot:
            found = watch(bot, ours, server.pid, arguments.chats, 120 + arguments.chats / 15)
        ours.send("stop")
        store = open_store(f"sqlite:///{home / 'data' / 'depesche.db'}")
        with store.reading() as session:
            rows = session.exec(
                select(DeliveryRow.state, DeliveryRow.created_at, DeliveryRow.maybe_sent)
            ).all()
        store.close()
        composed = max(row[1] for row in rows) - min(row[1] for row in rows)
        sizes = [size for _, sent, size in found["samples"] if sent]
        waits = sorted(found["waits"]) or [0.0]
        counted = dict(Counter(row[0] for row in rows))
        print(f"delivered: {counted}, chats reached: {found['reached']} of {arguments.chats}")
        print(f"refused (429): {found['refused']}; in doubt: {sum(row[2] for row in rows)}")
        print(
            f"sustained: {rate(found['samples']):.1f} messages/s,"
            f" over after {found['samples'][-1][0]:.0f} s"
        )
        print(f"composed within {composed.total_seconds():.0f} s")
        print(
            f"memory: {sizes[0]:.0f} MB at the start, {sizes[len(sizes) // 2]:.0f} in the middle,"
            f" {sizes[-1]:.0f} at the end, {max(sizes):.0f} at most"
        )
        print(f"answers: median {median(waits):.2f} s, slowest {waits[-1]:.2f} s, of {len(waits)}")
        spent = {who: 1000 * took / len(rows) for who, took in found["took"].items()}
        print(f"CPU a message: bot {spent['bot']:.1f} ms, Bot API {spent['api']:.1f} ms")
        log = (home / "log").read_text(errors="replace")
        print(
            "\n".join(line for line in log.splitlines() if "WARNING" in line or "ERROR" in line)[
                :2000
            ]
        )


if __name__ == "__main__":
    main()
