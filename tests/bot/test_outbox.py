"""Delivery: each outcome of a send, and what a crash between claim and outcome leaves."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.outbox import LEASE, Doubt, Gone, Moved, Outbox, Rejected, Retry, Sent, back_off
from digests.store import chats, open_store, outbox
from digests.tables import DeliveryRow
from digests.types import DeliveryState

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


class Scene:
    """An outbox over a real database, and a platform that answers as told."""

    def __init__(self, path, outcomes=()):
        self.now = NOW
        self.store = open_store(f"sqlite:///{path}")
        self.store.migrate()
        self.outcomes = list(outcomes)
        self.sends = []
        self.outbox = Outbox(self.store, self.send, "telegram:", lambda: self.now)

    async def send(self, delivery):
        self.sends.append((delivery.address, delivery.payload["text"], delivery.maybe_sent))
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(len(self.sends))
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def enqueue(self, batch="a", texts=("eins",), address="telegram:1", **options):
        with self.store.writing() as session:
            chat = chats.add_chat(
                session, address, language="de", zone="UTC", schedule="off", now=NOW
            )
            payloads = [{"text": text} for text in texts]
            outbox.enqueue(session, batch, chat.id, 0, "digest", payloads, now=NOW, **options)

    def deliver(self):
        return asyncio.run(self.outbox.deliver_due())

    def states(self):
        with self.store.reading() as session:
            rows = session.exec(select(DeliveryRow).order_by(DeliveryRow.id))
            return [DeliveryState(row.state) for row in rows]


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path / "x.db")
    yield made
    made.store.close()


def test_parts_go_in_order_and_once(scene):
    scene.enqueue(texts=("eins", "zwei", "drei"))
    assert scene.deliver() == 3
    assert scene.deliver() == 0
    assert [text for _, text, _ in scene.sends] == ["eins", "zwei", "drei"]
    assert scene.states() == [DeliveryState.SENT] * 3


def test_a_part_that_waits_holds_back_those_after_it_but_no_other_chat(scene):
    scene.outcomes = [Retry("flood", timedelta(seconds=7))]
    scene.enqueue(texts=("eins", "zwei"))
    scene.enqueue("b", ("anderswo",), "telegram:2")
    assert scene.deliver() == 1
    assert [text for _, text, _ in scene.sends] == ["eins", "anderswo"]
    scene.now += timedelta(seconds=6)
    assert scene.deliver() == 0
    scene.now += timedelta(seconds=1)
    assert scene.deliver() == 2
    assert [text for _, text, _ in scene.sends[2:]] == ["eins", "zwei"]
    assert not any(maybe for _, _, maybe in scene.sends)


def test_a_lost_answer_is_sent_again_and_marked(scene):
    scene.outcomes = [Doubt("timed out")]
    scene.enqueue()
    assert scene.deliver() == 0
    scene.now += back_off(1)
    assert scene.deliver() == 1
    assert [maybe for _, _, maybe in scene.sends] == [False, True]


def test_a_crash_between_claim_and_outcome_is_a_doubt(scene):
    scene.outcomes = [KeyboardInterrupt()]
    scene.enqueue()
    with pytest.raises(KeyboardInterrupt):
        scene.deliver()
    assert scene.deliver() == 0  # the claim holds
    scene.now += LEASE
    assert scene.deliver() == 1
    assert [maybe for _, _, maybe in scene.sends] == [False, True]


def test_who_refuses_messages_is_left_alone_until_they_return(scene):
    scene.outcomes = [Gone("bot was blocked by the user")]
    scene.enqueue()
    scene.enqueue("b", ("zwei",))
    assert scene.deliver() == 0
    scene.now += timedelta(days=3)
    assert scene.deliver() == 0
    assert len(scene.sends) == 1
    with scene.store.writing() as session:
        chats.update_chat(session, 1, unreachable=None)
    assert scene.deliver() == 2


def test_a_moved_chat_gets_its_messages_at_the_new_address(scene):
    scene.outcomes = [Moved("telegram:-1001")]
    scene.enqueue(address="telegram:-1", texts=("eins", "zwei"))
    assert scene.deliver() == 2
    assert [where for where, _, _ in scene.sends] == [
        "telegram:-1",
        "telegram:-1001",
        "telegram:-1001",
    ]


def test_what_is_never_taken_is_kept_and_lets_the_rest_pass(scene):
    scene.outcomes = [Rejected("message is too long")]
    scene.enqueue(texts=("eins", "zwei"))
    assert scene.deliver() == 1
    assert scene.states() == [DeliveryState.REJECTED, DeliveryState.SENT]


def test_a_batch_cannot_be_enqueued_twice(scene):
    scene.enqueue()
    with pytest.raises(IntegrityError):
        scene.enqueue()
    assert scene.states() == [DeliveryState.PENDING]


def test_other_platforms_are_not_touched(scene):
    scene.enqueue(address="console")
    assert scene.deliver() == 0
    assert scene.sends == []


def test_back_off_grows_to_an_hour_and_no_further():
    waits = [back_off(attempt) for attempt in range(40)]
    assert waits[1] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


OUTCOMES = st.one_of(
    st.just(Sent(1)),
    st.just(Doubt("lost")),
    st.just(KeyboardInterrupt()),
    st.builds(Retry, st.just("flood"), st.none() | st.just(timedelta(seconds=3))),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(OUTCOMES, max_size=14), st.integers(1, 4))
def test_whatever_goes_wrong_all_is_delivered_in_order_and_repeats_are_marked(
    tmp_path_factory, outcomes, parts
):
    scene = Scene(tmp_path_factory.mktemp("outbox") / "x.db", outcomes)
    texts = tuple(f"Teil {number}" for number in range(parts))
    scene.enqueue(texts=texts)
    for _ in range(60):
        with suppress(KeyboardInterrupt):
            scene.deliver()
        scene.now += timedelta(hours=1)
    assert scene.states() == [DeliveryState.SENT] * parts
    firsts = list(dict.fromkeys(text for _, text, _ in scene.sends))
    assert firsts == list(texts)
    for number, (_, text, maybe) in enumerate(scene.sends):
        before = scene.sends[:number]
        unanswered = sum(one == text for _, one, _ in before)
        assert not maybe or unanswered  # nothing is called a repeat that was never sent
    scene.store.close()
