"""An outbox over a real database, a platform that answers as told, and clocks that tests turn."""

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.gate import Gate
from bot.outbox import Outbox, Sent
from digests.pacing import UNBOUND, Pacer
from digests.store import chats, open_store, outbox
from digests.tables import DeliveryRow
from digests.types import DeliveryState

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


_EMPTY = []


def _empty(path):
    """A database with all tables, made once: migrating takes longer than most scenes."""
    if not _EMPTY:
        store = open_store(f"sqlite:///{path}")
        store.migrate()
        store.close()
        _EMPTY.append(path.read_bytes())
    return _EMPTY[0]


class PowerCutError(Exception):
    """The process is gone: nothing that it does after this reaches the database."""


class MortalStore:
    """A store that may die before or after a commit; what is written then is what was committed."""

    def __init__(self, store):
        self.store = store
        self.dead = False
        self.commits = 0
        self.dies_at = None
        self.dies_after = False
        self.before_reading = lambda: None

    def die(self):
        self.dead = True
        raise PowerCutError

    def schedule(self, commits, *, after):
        """Die at the n-th commit from now (0 is the next), just before it or just after."""
        self.dies_at = self.commits + commits
        self.dies_after = after

    @contextmanager
    def reading(self):
        if self.dead:
            raise PowerCutError
        self.before_reading()
        with self.store.reading() as session:
            yield session

    @contextmanager
    def writing(self):
        if self.dead:
            raise PowerCutError
        with self.store.writing() as session:
            yield session
            if self.dead:
                raise PowerCutError
            falls = self.commits == self.dies_at
            self.commits += 1
            if falls and not self.dies_after:
                self.die()
        if falls:
            self.die()


class Scene:
    """Enqueue, deliver, look. Waiting turns the clock instead of passing time."""

    def __init__(self, path, outcomes=(), limits=UNBOUND, **options):
        self.now = NOW
        self.ticks = 1000.0
        path.write_bytes(_empty(path))
        self.store = open_store(f"sqlite:///{path}")
        self.outcomes = list(outcomes)
        self.sends = []
        self.moments = []
        self.limits = limits
        self.options = {"chance": lambda: 0.5} | options
        self.runner = asyncio.Runner()
        self.restart()

    def restart(self):
        """The process is another one: only the database is what it was."""
        self.mortal = MortalStore(self.store)
        self.gate = Gate(Pacer(self.limits), lambda: self.ticks, self.pause)
        self.outbox = self.another(self.send)

    def another(self, send):
        """One more outbox on the same database."""
        return Outbox(
            self.mortal,
            send,
            "telegram:",
            lambda: self.now,
            gate=self.gate,
            is_group=lambda address: address.startswith("telegram:-"),
            **self.options,
        )

    def close(self):
        self.runner.close()
        self.store.close()

    async def pause(self, seconds):
        for _ in range(3):  # what may begin now begins before the time passes
            await asyncio.sleep(0)
        self.pass_time(seconds)

    def pass_time(self, seconds):
        self.ticks += seconds
        self.now += timedelta(seconds=seconds)

    async def send(self, delivery):
        self.sends.append((delivery.address, delivery.payload["text"], delivery.maybe_sent))
        self.moments.append((delivery.address, self.ticks))
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(len(self.sends))
        if isinstance(outcome, PowerCutError):
            self.mortal.die()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @property
    def texts(self):
        return [text for _, text, _ in self.sends]

    def chat(self, address="telegram:1"):
        with self.store.writing() as session:
            return chats.add_chat(
                session, address, language="de", zone="UTC", schedule="off", now=NOW
            )

    def enqueue(self, batch="a", texts=("eins",), address="telegram:1", kind="digest", **options):
        chat = self.chat(address)
        with self.store.writing() as session:
            payloads = [{"text": text} for text in texts]
            options = {"now": self.now} | options
            outbox.enqueue(session, batch, chat.id, 0, kind, payloads, **options)

    def enqueue_each(self, number, *, kind="digest"):
        """One message for each of so many chats, in one transaction."""
        with self.store.writing() as session:
            for one in range(number):
                chat = chats.add_chat(
                    session,
                    f"telegram:{one + 1}",
                    language="de",
                    zone="UTC",
                    schedule="off",
                    now=NOW,
                )
                payload = [{"text": f"{one + 1}"}]
                outbox.enqueue(session, f"each{one}", chat.id, 0, kind, payload, now=self.now)

    def run(self, work):
        return self.runner.run(work)

    def deliver(self):
        """Deliver what is due; None, and a process of its own from then on, after a power cut."""
        try:
            return self.run(self.outbox.deliver_due())
        except PowerCutError:
            self.restart()
            return None

    def rows(self):
        with self.store.reading() as session:
            return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))

    def states(self):
        return [DeliveryState(row.state) for row in self.rows()]
