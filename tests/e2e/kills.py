"""The bot as a process that is killed at random moments while it ingests, composes and sends.

What must hold afterwards: every report was composed for every chat, every
delivery arrived, and what arrived twice says that it may be a repeat.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import select

from digests.store import Store, chats, open_store
from digests.tables import DeliveryRow, ItemRow, ShownRow
from digests.types import DeliveryMode, DeliveryState, Target, TargetKind
from tests.botapi import BotApi, Chat, faults

MARK = "Womöglich doppelt"
_REPORT = """{title}

{actor} hat am {day} in {place} eine Erklärung zum Thema {subject} abgegeben. Das Thema
{subject} stehe nun an erster Stelle, sagte {actor} vor der Presse in {place}.
"""
_ACTORS = ("Emmanuel Macron", "Olaf Scholz", "Sergej Lawrow", "Ursula von der Leyen")
_FIRST_DAY = date(2026, 1, 1)
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_PLACES = ("Paris", "Berlin", "Genf", "Brüssel", "Wien", "Warschau", "Rom")
_SUBJECTS = ("Weizen", "Stahl", "Fischfang", "Raumfahrt", "Impfung", "Bahnverkehr", "Hochwasser")


class Victim:
    """Kill it, start it again, and look at what became of its work."""

    def __init__(self, bot, chance: random.Random, *, chats_wanted: int = 4) -> None:
        """``bot`` starts, stops and kills the process: tests.e2e.conftest.Bot."""
        self.bot = bot
        self.api: BotApi = bot.api
        self.chance = chance
        self.reports = 0
        self.moments: Counter[str] = Counter()
        self.chats = [self.api.private(self.api.user()) for _ in range(chats_wanted - 1)]
        self.chats.append(self.api.group())
        # Answers take a while, as over a real network: many a kill falls into that.
        self.api.fail_next("sendMessage", faults.slow(0.15), times=None)
        self.bot.extra |= {"DIGEST_TIME_DEFAULT": "off", "ALERT_COOLDOWN": "0"}

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.bot.home / 'data' / 'depesche.db'}")

    def begin(self) -> None:
        """Let every chat follow everything, by alerts."""
        store = self.store()
        store.migrate()
        with store.writing() as session:
            now = session_now()
            for one in self.chats:
                chat = chats.add_chat(
                    session,
                    f"telegram:{one.id}",
                    language="de",
                    zone="Europe/Berlin",
                    schedule="off",
                    now=now,
                )
                target = Target(TargetKind.EVERYTHING)
                options = {"mark": 0, "next_due_at": None, "now": now}
                chats.subscribe(session, chat.id, 0, target, DeliveryMode.ALERT, **options)
        store.close()
        self.report()
        # The first look into a folder is archive, and goes to nobody.
        self.bot.start()
        self.bot.wait_logged("taken in: 1 new")
        self.bot.stop(signal.SIGKILL)

    def report(self) -> None:
        """One more report file, unlike the others."""
        number, self.reports = self.reports, self.reports + 1
        day = _FIRST_DAY + timedelta(days=number)
        words = {
            "title": f"Meldung Nummer {number} aus {_PLACES[number % 7]}",
            "actor": _ACTORS[number % 4],
            "place": _PLACES[number % 7],
            "subject": f"{_SUBJECTS[number % 5]}{number}",
            # A day that no other speaks of: a later report of a story is told for that.
            "day": f"{day.day}. {_MONTHS[day.month - 1]} {day.year}",
        }
        path: Path = self.bot.seeds / f"{number}.txt"
        whole = path.with_suffix(".part")
        whole.write_text(_REPORT.format(**words), "utf-8")
        whole.rename(path)

    def kill_once(self) -> None:
        """Give it work, and kill it some time between its first breath and its last message."""
        for _ in range(self.chance.choice((1, 2))):
            self.report()
        mark = self.api.mark()
        self.bot.start(connected=False)
        kind = self.chance.choice(("starting", "connected", "sending", "sending"))
        try:
            if kind == "connected":
                self.api.wait_for("getUpdates", after=mark, arrived=True, timeout=60)
            elif kind == "sending":
                self.api.wait_for("sendMessage", after=mark, arrived=True, timeout=20)
        except TimeoutError:
            kind = "quiet"  # nothing to send just then, or a slow machine: a moment as good as any
        finally:
            # A moment nobody chose: of the start, or of the work that goes on.
            threading.Event().wait(self.chance.uniform(0, 2.0 if kind != "sending" else 0.8))
            self.bot.stop(signal.SIGKILL)
        self.moments[kind] += 1

    def finish(self, patience: float = 300) -> None:
        """Let it work in peace until all is delivered."""
        self.report()
        self.bot.start()
        deadline = time.monotonic() + patience
        while not self.is_over():
            assert time.monotonic() < deadline, self.states()
            threading.Event().wait(0.3)
        assert self.bot.stop() == 0

    def is_over(self) -> bool:
        if self.items() != self.reports or self.unshown():
            return False
        # Last: what is made of the last report may still be under way during the other looks.
        states = self.states()
        return not states[DeliveryState.PENDING] + states[DeliveryState.CLAIMED]

    def states(self) -> Counter[str]:
        store = self.store()
        with store.reading() as session:
            found = Counter(session.exec(select(DeliveryRow.state)))
        store.close()
        return found

    def items(self) -> int:
        store = self.store()
        with store.reading() as session:
            found = len(session.exec(select(ItemRow.id)).all())
        store.close()
        return found

    def unshown(self) -> set[tuple[int, int]]:
        """(chat, item) of what no delivery was made of; the archive of the first look aside."""
        store = self.store()
        with store.reading() as session:
            news = session.exec(select(ItemRow.id).where(~ItemRow.backlog)).all()
            shown = {(r.chat_id, r.item_id) for r in session.exec(select(ShownRow))}
            wanted = {(n + 1, item) for n in range(len(self.chats)) for item in news}
        store.close()
        return wanted - shown

    def check(self) -> int:
        """Everything arrived, what came twice says so; gives how many repeats there were."""
        assert not self.unshown()
        received = [
            (chat.id, message["text"]) for chat in self.chats for message in sent(self, chat)
        ]
        store = self.store()
        with store.reading() as session:
            rows = session.exec(select(DeliveryRow)).all()
        store.close()
        unsent = [row for row in rows if row.state != DeliveryState.SENT]
        assert not unsent, [(row.batch, row.state, row.attempts) for row in unsent]
        repeats = 0
        texts = {(self.chats[row.chat_id - 1].id, row.payload["text"]) for row in rows}
        assert len(texts) == len(rows)
        for chat, text in texts:
            plain = received.count((chat, text))
            marked = sum(one == chat and MARK in t and t.startswith(text) for one, t in received)
            assert plain <= 1, f"unmarked repeat: {text}"
            assert plain + marked >= 1, f"lost: {text}"
            repeats += plain + marked - 1
        return repeats


def sent(victim: Victim, chat: Chat) -> list[dict]:
    return victim.api.sent(chat)


def session_now():
    from datetime import UTC, datetime

    return datetime.now(UTC)
