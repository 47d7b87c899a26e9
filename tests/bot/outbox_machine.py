"""The outbox as a state machine: crashes at every commit, every kind of answer, clocks that jump.

The database and the outbox are the real ones; the platform keeps what it
received. At every step and at the end: nothing is lost, what comes twice
follows a lost answer and says so, parts keep their order, the pace is kept.
"""

import logging
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from outbox_scene import NOW, Scene
from sqlmodel import select

from bot.outbox import LEASE, STALE_AFTER, Doubt, Gone, Moved, OnDoubt, Rejected, Retry, Sent
from digests.pacing import TELEGRAM
from digests.store import chats, outbox
from digests.tables import ChatRow, ItemRow, ShownRow, SourceRow
from digests.types import DeliveryState

CHATS = 5
ITEMS = 12
FAULTS = (
    "ok",
    "answer lost",
    "lost on the way",
    "flood in the chat",
    "flood of the bot",
    "server error",
    "blocked",
    "moved",
    "entities refused",
    "unexpected",
    "power cut before",
    "power cut after",
)
SHORT = 3.0


class Platform:
    """What Telegram does, and what it received: (text, marked) in order."""

    def __init__(self, machine):
        self.machine = machine
        self.faults = []
        self.received = []
        self.attempts = []  # (address, moment)
        self.unanswered = Counter()
        self.blocked = set()
        self.moved = {}
        self.poison = set()
        self.flooded = {}
        self.refused_early = 0
        self.groups = 0

    def receive(self, delivery):
        self.received.append((delivery.payload["text"], delivery.maybe_sent))

    async def send(self, delivery):
        scene, text, where = self.machine.scene, delivery.payload["text"], delivery.address
        self.attempts.append((where, scene.ticks))
        fault = self.faults.pop(0) if self.faults else "ok"
        self.machine.answers[fault] += 1
        patience = max(self.flooded.get(where, 0.0), self.flooded.get(None, 0.0)) - scene.ticks
        if patience > 0:
            self.refused_early += 1
            return Retry("flood", timedelta(seconds=patience))
        if where in self.moved:
            return Moved(self.moved[where])
        if where in self.blocked:
            return Gone("bot was blocked by the user")
        if text in self.poison:
            return Rejected("message is too long")
        match fault:
            case "flood in the chat" | "flood of the bot":
                scope = where if fault.endswith("chat") else None
                self.flooded[scope] = scene.ticks + SHORT
                return Retry("flood", timedelta(seconds=SHORT))
            case "server error":
                return Retry("Internal Server Error")
            case "blocked":
                self.blocked.add(where)
                return Gone("bot was blocked by the user")
            case "moved" if where.startswith("telegram:-"):
                self.groups += 1
                self.moved[where] = f"telegram:-100{self.groups}"
                return Moved(self.moved[where])
            case "entities refused" if not delivery.plain:
                return Rejected("can't parse entities")
            case "answer lost" | "lost on the way" | "unexpected" | "power cut before":
                self.unanswered[text] += 1
                if fault == "answer lost":
                    self.receive(delivery)
                    return Doubt("timed out")
                if fault == "lost on the way":
                    return Doubt("connection lost")
                if fault == "unexpected":
                    raise ZeroDivisionError
                scene.mortal.die()
            case "power cut after":
                self.unanswered[text] += 1
                self.receive(delivery)
                scene.mortal.die()
        self.receive(delivery)
        return Sent(len(self.received))


class OutboxMachine(RuleBasedStateMachine):
    """Rules: enqueue, deliver into trouble, die at a commit, turn the clocks, come back."""

    on_doubt = OnDoubt.RESEND
    alone = True
    steps = 0
    crashed = 0
    answers: ClassVar[Counter[str]] = Counter()

    def __init__(self):
        super().__init__()
        logging.getLogger("bot.outbox").setLevel(logging.CRITICAL)
        self.folder = Path(tempfile.mkdtemp())
        self.scene = None
        self.sent_batches = {}  # batch -> texts
        self.items = {}
        self.crashes = 0
        self.crashed_since = {}  # text -> crashes when it was enqueued
        self.inexact = 0  # attempts of which the pace was forgotten since: the clock was turned
        self.retold = 0  # attempts before the last crash: of each message the last is remembered
        self.jumped = False
        self.recalled = True

    @initialize()
    def begin(self):
        self.platform = Platform(self)
        self.scene = Scene(
            self.folder / "x.db", limits=TELEGRAM, on_doubt=self.on_doubt, alone=self.alone
        )
        self.scene.send = self.platform.send
        self.scene.restart()
        with self.scene.store.writing() as session:
            session.add(SourceRow(kind="feed", location="x", name="x", added_at=NOW))
            session.flush()
            for number in range(1, ITEMS + 1):
                session.add(ItemRow(source_id=1, key=f"{number}", seq=number, ingested_at=NOW))

    @rule(
        chat=st.integers(1, CHATS),
        parts=st.integers(1, 3),
        kind=st.sampled_from(["digest", "alert", "notice"]),
        item=st.integers(1, ITEMS),
        wait=st.sampled_from([0, 0, 0, 600]),
        poisoned=st.sampled_from([None, None, None, 0, 1]),
    )
    def enqueue(self, chat, parts, kind, item, wait, poisoned):
        type(self).steps += 1
        batch = f"b{len(self.sent_batches)}"
        texts = tuple(f"{batch}.{part}" for part in range(parts))
        address = f"telegram:-{chat}" if chat % 2 else f"telegram:{chat}"
        where = self.scene.chat(self.current(address))
        with self.scene.store.writing() as session:
            outbox.enqueue(
                session,
                batch,
                where.id,
                0,
                kind,
                [{"text": text} for text in texts],
                now=self.scene.now,
                not_before=self.scene.now + timedelta(seconds=wait),
            )
            if kind != "notice":
                row = {"chat_id": where.id, "thread": 0, "item_id": item}
                session.merge(ShownRow(**row, revision=1, batch=batch))
                self.items[batch] = item
        self.sent_batches[batch] = texts
        self.crashed_since |= dict.fromkeys(texts, self.crashes)
        if poisoned is not None and poisoned < parts:
            self.platform.poison.add(texts[poisoned])

    def current(self, address):
        """The address that our database knows a chat under now."""
        with self.scene.store.reading() as session:
            while chats.chat_at(session, address) is None and address in self.platform.moved:
                address = self.platform.moved[address]
        return address

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=6))
    def deliver(self, faults):
        type(self).steps += 1
        self.platform.faults = list(faults)
        if self.scene.deliver() is None:
            self.has_crashed()
        else:
            self.recalled = True
        self.platform.faults = []

    @rule(
        crowd=st.lists(st.integers(1, CHATS), min_size=2, max_size=6),
        faults=st.lists(st.sampled_from(FAULTS), min_size=3, max_size=12),
        patience=st.sampled_from([0.0, 7.0, 61.0]),
    )
    def deliver_to_many(self, crowd, faults, patience):
        for chat in crowd:
            self.enqueue(chat, 2, "notice", 1, 0, None)
        self.deliver(faults)
        self.wait(patience)

    @rule(commits=st.integers(0, 4), after=st.booleans())
    def die_at_a_commit(self, commits, after):
        type(self).steps += 1
        self.scene.mortal.schedule(commits, after=after)

    @rule()
    def restart(self):
        type(self).steps += 1
        self.scene.restart()
        self.has_crashed()

    def has_crashed(self):
        self.crashes += 1
        type(self).crashed += 1
        self.retold = len(self.platform.attempts)
        self.recalled = False  # what was sent before is looked up with the next round
        if self.jumped:
            # How long ago something was sent is told by a clock that was turned since.
            self.inexact = len(self.platform.attempts)
            self.jumped = False

    @rule(seconds=st.sampled_from([0.2, 1.0, 7.0, 61.0, 3700.0, 26 * 3600.0]))
    def wait(self, seconds):
        type(self).steps += 1
        self.scene.pass_time(seconds)

    @rule(hours=st.sampled_from([-25, -1, 1, 5]))
    def turn_the_clock(self, hours):
        type(self).steps += 1
        self.scene.now += timedelta(hours=hours)
        self.jumped = True
        if not self.recalled:
            self.inexact = len(self.platform.attempts)

    @rule()
    def everybody_returns(self):
        type(self).steps += 1
        self.come_back()

    def come_back(self):
        self.platform.blocked.clear()
        with self.scene.store.writing() as session:
            for row in session.exec(select(ChatRow)):
                chats.update_chat(session, row.id, unreachable=None)

    # --- What holds always -----------------------------------------------------------------

    @invariant()
    def repeats_follow_a_lost_answer_and_say_so(self):
        if self.scene is None:
            return
        seen = Counter()
        for text, marked in self.platform.received:
            doubtful = self.platform.unanswered[text] > 0
            assert marked or not seen[text], f"{text} came twice, unmarked"
            assert not marked or doubtful or self.crashes > self.crashed_since[text]
            seen[text] += 1
            # What was under way when the process died got no answer either.
            crashes = self.crashes - self.crashed_since[text]
            assert seen[text] <= 1 + self.platform.unanswered[text] + crashes
            assert self.on_doubt is OnDoubt.RESEND or seen[text] == 1

    @invariant()
    def parts_keep_their_order(self):
        if self.scene is None:
            return
        firsts = list(dict.fromkeys(text for text, _ in self.platform.received))
        last = {}
        for text in firsts:
            batch, part = text.split(".")
            assert last.get(batch, -1) < int(part), f"{text} came late"
            last[batch] = int(part)

    @invariant()
    def the_pace_is_kept(self):
        if self.scene is None:
            return
        attempts = self.platform.attempts[self.inexact :]
        since_crash = self.platform.attempts[max(self.inexact, self.retold) :]
        self.at_most([at for _, at in attempts], 30, 1.0)
        for address in {where for where, _ in attempts}:
            moments = [at for where, at in attempts if where == address]
            self.at_most(moments, 1, 1.0)
            if address.startswith("telegram:-"):
                self.at_most([at for where, at in since_crash if where == address], 20, 60.0)

    def at_most(self, moments, number, seconds):
        for first, after in zip(moments, moments[number:], strict=False):
            assert after - first >= seconds - 1e-6, f"{number + 1} in {after - first} s"

    # --- What holds in the end ---------------------------------------------------------------

    def teardown(self):
        if self.scene is not None:
            try:
                self.nothing_is_lost()
            finally:
                self.scene.close()
        shutil.rmtree(self.folder)

    def nothing_is_lost(self):
        self.scene.restart()
        self.has_crashed()
        self.platform.faults = []
        for _ in range(150):
            self.come_back()
            self.scene.deliver()
            states = self.scene.states()
            if not {DeliveryState.PENDING, DeliveryState.CLAIMED} & set(states):
                break
            # Longer than any wait that is left, by clocks that were turned back and forth.
            self.scene.pass_time(max(LEASE.total_seconds(), 3 * 3600))
        self.repeats_follow_a_lost_answer_and_say_so()
        self.parts_keep_their_order()
        received = {text for text, _ in self.platform.received}
        for row in self.scene.rows():
            text = row.payload["text"]
            match DeliveryState(row.state):
                case DeliveryState.SENT:
                    assert text in received
                case DeliveryState.REJECTED:
                    assert text in self.platform.poison
                case DeliveryState.DOUBTFUL:
                    assert self.on_doubt is OnDoubt.HOLD
                case DeliveryState.STALE:
                    assert text not in received
                    self.is_owed(row)
                case other:
                    raise AssertionError(f"{text} is still {other}")

    def is_owed(self, row):
        with self.scene.store.reading() as session:
            owed = outbox.owed(session, [row.chat_id]).get((row.chat_id, 0), set())
            shown = session.exec(
                ShownRow.__table__.select().where(ShownRow.batch == row.batch)
            ).all()
            assert not shown, "what came too late must not count as shown"
            assert self.items[row.batch] in owed, "what came too late is owed"


assert timedelta(hours=26) > STALE_AFTER  # one of the waits makes things stale


class HoldingMachine(OutboxMachine):
    """The same for who prefers at most once."""

    on_doubt = OnDoubt.HOLD
    alone = False
    steps = 0
    crashed = 0
