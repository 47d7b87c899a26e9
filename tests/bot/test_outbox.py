"""Delivery: each outcome of a send, the pace, and what a crash between claim and outcome leaves."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_scene import NOW, PowerCutError, Scene
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.outbox import (
    AT_ONCE,
    LEASE,
    Doubt,
    Gone,
    Moved,
    OnDoubt,
    Rejected,
    Retry,
    Sent,
    back_off,
    forget_old,
)
from digests.errors import StoreError
from digests.pacing import TELEGRAM
from digests.store import chats, outbox
from digests.tables import DeliveryRow
from digests.types import DeliveryState


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path / "x.db")
    yield made
    made.close()


@pytest.fixture
def paced(tmp_path):
    made = Scene(tmp_path / "x.db", limits=TELEGRAM)
    yield made
    made.close()


def test_parts_go_in_order_and_once(scene):
    scene.enqueue(texts=("eins", "zwei", "drei"))
    assert scene.deliver() == 3
    assert scene.deliver() == 0
    assert scene.texts == ["eins", "zwei", "drei"]
    assert scene.states() == [DeliveryState.SENT] * 3


def test_nothing_due_is_left_where_its_time_comes_while_the_outbox_looks(paced):
    """A slow look: the chat may get nothing yet when it begins, and may when it ends."""
    paced.mortal.before_reading = lambda: paced.pass_time(0.9)
    paced.enqueue(texts=("eins", "zwei", "drei"))
    assert paced.deliver() == 3


def test_a_part_that_waits_holds_back_those_after_it_but_no_other_chat(scene):
    scene.outcomes = [Retry("flood", timedelta(seconds=7))]
    scene.enqueue(texts=("eins", "zwei"))
    scene.enqueue("b", ("anderswo",), "telegram:2")
    assert scene.deliver() == 1
    assert scene.texts == ["eins", "anderswo"]
    scene.pass_time(6)
    assert scene.deliver() == 0
    scene.pass_time(1)
    assert scene.deliver() == 2
    assert scene.texts[2:] == ["eins", "zwei"]
    assert not any(maybe for _, _, maybe in scene.sends)


def test_a_lost_answer_is_sent_again_and_marked(scene):
    scene.outcomes = [Doubt("timed out")]
    scene.enqueue()
    assert scene.deliver() == 0
    scene.pass_time(back_off(1).total_seconds())
    assert scene.deliver() == 1
    assert [maybe for _, _, maybe in scene.sends] == [False, True]


def test_what_nobody_expected_of_a_send_is_a_doubt(scene):
    scene.outcomes = [ZeroDivisionError()]
    scene.enqueue()
    assert scene.deliver() == 0
    scene.pass_time(back_off(1).total_seconds())
    assert scene.deliver() == 1
    assert scene.sends[1][2]


def test_held_a_lost_answer_is_parked_and_the_next_part_goes(tmp_path):
    scene = Scene(tmp_path / "x.db", [Doubt("timed out")], on_doubt=OnDoubt.HOLD)
    scene.enqueue(texts=("eins", "zwei"))
    assert scene.deliver() == 1
    assert scene.states() == [DeliveryState.DOUBTFUL, DeliveryState.SENT]
    scene.pass_time(86400)
    assert scene.deliver() == 0
    with scene.store.reading() as session:
        (one,) = outbox.parked(session)
    assert (one.state, one.delivery.payload["text"]) == (DeliveryState.DOUBTFUL, "eins")
    with scene.store.writing() as session:
        assert outbox.retry_parked(session, [one.delivery.id], scene.now) == 1
    assert scene.deliver() == 1
    assert scene.sends[-1] == ("telegram:1", "eins", True)
    scene.close()


def test_held_what_a_crash_left_in_doubt_is_parked(tmp_path):
    scene = Scene(tmp_path / "x.db", [PowerCutError()], on_doubt=OnDoubt.HOLD)
    scene.enqueue()
    assert scene.deliver() is None
    scene.pass_time(LEASE.total_seconds())
    assert scene.deliver() == 0
    assert scene.states() == [DeliveryState.DOUBTFUL]
    assert len(scene.sends) == 1
    scene.close()


def test_a_crash_between_claim_and_outcome_is_a_doubt(scene):
    scene.outcomes = [PowerCutError()]
    scene.enqueue()
    assert scene.deliver() is None
    assert scene.deliver() == 0  # the claim holds
    scene.pass_time(LEASE.total_seconds())
    assert scene.deliver() == 1
    assert [maybe for _, _, maybe in scene.sends] == [False, True]


def test_who_delivers_alone_need_not_wait_for_the_lease_of_the_dead(tmp_path):
    scene = Scene(tmp_path / "x.db", [PowerCutError()], alone=True)
    scene.enqueue()
    assert scene.deliver() is None
    assert scene.deliver() == 1
    assert [maybe for _, _, maybe in scene.sends] == [False, True]
    scene.close()


def test_a_retry_that_a_clock_since_set_back_put_off_waits_no_longer_than_any(scene):
    scene.outcomes = [Retry("network")]
    scene.enqueue()
    scene.deliver()
    scene.now -= timedelta(hours=25)
    assert scene.deliver() == 1


def test_a_lease_of_a_clock_since_set_back_holds_no_longer_than_any(scene):
    scene.outcomes = [PowerCutError()]
    scene.enqueue()
    assert scene.deliver() is None
    scene.now -= timedelta(hours=5)
    assert scene.deliver() == 1
    assert scene.sends[-1] == ("telegram:1", "eins", True)


def test_who_refuses_messages_is_left_alone_until_they_return(scene):
    scene.outcomes = [Gone("bot was blocked by the user")]
    scene.enqueue()
    scene.enqueue("b", ("zwei",))
    assert scene.deliver() == 0
    scene.pass_time(3600)
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


def test_a_chat_that_moved_to_itself_is_parked_and_one_that_goes_round_waits(scene):
    scene.outcomes = [Moved("telegram:-1")]
    scene.enqueue(address="telegram:-1")
    assert scene.deliver() == 0
    assert scene.states() == [DeliveryState.REJECTED]
    scene.outcomes = [Moved("telegram:-2"), Moved("telegram:-1")] * 3
    scene.enqueue("b", address="telegram:-1")
    scene.deliver()
    assert len(scene.sends) == 1 + 3


def test_what_is_refused_goes_plain_once_and_is_then_kept_and_lets_the_rest_pass(scene):
    scene.outcomes = [Rejected("can't parse entities"), Rejected("message is too long")]
    scene.enqueue(texts=("eins", "zwei"))
    assert scene.deliver() == 1
    assert scene.texts == ["eins", "eins", "zwei"]
    assert scene.states() == [DeliveryState.REJECTED, DeliveryState.SENT]
    assert [row.plain for row in scene.rows()] == [True, False]
    with scene.store.reading() as session:
        (one,) = outbox.parked(session)
    assert one.delivery.error == "message is too long"
    assert one.delivery.payload == {"text": "eins"}
    with scene.store.writing() as session:
        assert outbox.drop_parked(session, [one.delivery.id, 999], scene.now) == 1
        assert outbox.counts(session) == {DeliveryState.DROPPED: 1, DeliveryState.SENT: 1}


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


def test_retries_part(scene):
    chances = iter([0.0, 1.0, 0.5, 0.25])
    scene.options["chance"] = lambda: next(chances)
    scene.restart()
    scene.outcomes = [Retry("network")] * 2
    scene.enqueue()
    scene.enqueue("b", address="telegram:2")
    scene.deliver()
    waits = sorted((row.not_before - NOW).total_seconds() for row in scene.rows())
    assert waits == [3.75, 6.25]


def test_alerts_go_before_digests_but_not_before_those_that_waited_long(scene):
    scene.enqueue("digest", ("lang",), kind="digest", address="telegram:1")
    scene.pass_time((outbox.HEAD_START + timedelta(minutes=1)).total_seconds())
    scene.enqueue("later", ("eben",), kind="digest", address="telegram:2")
    scene.enqueue("alert", ("eilig",), kind="alert", address="telegram:3")
    scene.deliver()
    assert scene.texts == ["lang", "eilig", "eben"]


# --- Trouble with the platform, and with the database ----------------------------------------


def test_after_three_failures_in_a_row_nothing_is_sent_for_a_while(scene):
    scene.enqueue_each(40)
    scene.outcomes = [Doubt("timed out")] * 40
    scene.deliver()
    doubts = len(scene.sends)
    assert doubts < 40
    scene.outcomes = []
    for _ in range(20):
        scene.pass_time(60)
        scene.deliver()
    assert scene.states() == [DeliveryState.SENT] * 40
    assert sum(maybe for _, _, maybe in scene.sends) == doubts


def test_patience_is_kept_over_a_restart_for_the_chat_that_was_meant(scene):
    scene.outcomes = [Retry("flood", timedelta(seconds=300))]
    scene.enqueue()
    scene.deliver()
    scene.enqueue("b", ("zwei",))
    scene.enqueue("c", ("anderswo",), "telegram:2")
    scene.restart()
    assert scene.deliver() == 1
    assert scene.texts == ["eins", "anderswo"]
    scene.pass_time(300)
    assert scene.deliver() == 2


def test_two_chats_refused_at_once_mean_the_whole_bot_and_that_is_kept_too(scene):
    scene.outcomes = [Retry("flood", timedelta(seconds=300))] * 2
    for number in range(3):
        scene.enqueue(f"{number}", address=f"telegram:{number}")
    scene.deliver()
    tried = len(scene.sends)
    scene.enqueue("c", ("anderswo",), "telegram:9")
    assert scene.deliver() == 0
    scene.restart()
    scene.pass_time(200)
    assert scene.deliver() == 0
    assert len(scene.sends) == tried
    scene.pass_time(100)
    scene.deliver()
    assert scene.states() == [DeliveryState.SENT] * 4


def test_patience_ends_though_the_clock_be_set_back(scene):
    scene.outcomes = [Retry("flood", timedelta(seconds=30))]
    scene.enqueue()
    scene.deliver()
    scene.now -= timedelta(days=1)
    scene.enqueue("b", ("zwei",))
    scene.restart()
    began = scene.ticks
    assert scene.deliver() == 2
    assert 30 <= scene.ticks - began < 32


def test_an_outcome_that_could_not_be_written_is_not_forgotten(scene, monkeypatch):
    scene.enqueue()
    writing, broken = scene.store.writing, []

    def failing():
        # The claim is written; from then on the disk is full, until there is room again.
        if scene.sends and broken:
            raise StoreError("disk_full")
        return writing()

    monkeypatch.setattr(scene.store, "writing", failing)
    broken.append(True)
    with pytest.raises(StoreError):
        scene.deliver()
    scene.pass_time(2 * LEASE.total_seconds())
    broken.clear()
    scene.deliver()
    assert scene.states() == [DeliveryState.SENT]
    assert len(scene.sends) == 1


def test_a_database_that_fails_while_claiming_loses_nothing(scene, monkeypatch):
    def locked(*_args, **_options):
        raise StoreError("locked")

    scene.enqueue()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "claim", locked)
        with pytest.raises(StoreError):
            scene.deliver()
    assert scene.deliver() == 1


# --- Two processes, and the end of one ---------------------------------------------------------


def test_two_outboxes_on_one_database_send_each_message_once(scene):
    for number in range(30):
        scene.enqueue(f"{number}", (f"{number}a", f"{number}b"), f"telegram:{number}")
    other = scene.another(scene.send)

    async def both():
        return await asyncio.gather(scene.outbox.deliver_due(), other.deliver_due())

    assert sum(scene.run(both())) == 60
    assert sorted(scene.texts) == sorted(f"{n}{part}" for n in range(30) for part in "ab")


def test_the_clock_jumps_forward_while_a_send_is_under_way(scene):
    scene.enqueue()
    begun, gate = asyncio.Event(), asyncio.Event()

    async def slow(delivery):
        scene.sends.append(delivery)
        begun.set()
        await gate.wait()
        return Sent(1)

    async def run():
        box = scene.another(slow)
        first = asyncio.create_task(box.deliver_due())
        await begun.wait()
        scene.now += timedelta(hours=3)
        second = asyncio.create_task(box.deliver_due())
        for _ in range(20):
            await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, second)

    scene.run(run())
    assert len(scene.sends) == 1
    assert scene.states() == [DeliveryState.SENT]


def test_stopped_it_finishes_what_is_under_way_and_hands_back_the_rest(scene):
    scene.enqueue_each(AT_ONCE + 20)
    answer, full, stuck = asyncio.Event(), asyncio.Event(), []

    async def slow(delivery):
        scene.sends.append(delivery)
        if len(scene.sends) == AT_ONCE:
            full.set()
        if len(scene.sends) == 1:
            stuck.append(delivery.id)
            await asyncio.Event().wait()  # this answer never comes
        await answer.wait()
        return Sent(1)

    async def run():
        box = scene.another(slow)
        work = asyncio.create_task(box.deliver_due())
        await full.wait()
        stop = asyncio.create_task(box.stop(timedelta(seconds=0.2)))
        await asyncio.sleep(0)
        answer.set()
        await stop
        await work

    scene.run(run())
    rows = scene.rows()
    sent = [row for row in rows if row.state == DeliveryState.SENT]
    pending = [row for row in rows if row.state == DeliveryState.PENDING]
    assert len(sent) == AT_ONCE - 1
    assert len(pending) == 21
    assert [row.id for row in pending if row.maybe_sent] == stuck
    assert all(row.lease_until is None for row in rows)
    assert all(row.attempts == 0 for row in pending if row.id not in stuck)


# --- The pace ------------------------------------------------------------------------------


def most(moments, seconds):
    """The most messages in any so many seconds."""
    return max(sum(start <= one < start + seconds for one in moments) for start in moments)


def test_telegrams_limits_are_kept(paced):
    paced.enqueue_each(40)
    paced.enqueue("lang", tuple("abcdef"), "telegram:7")
    paced.enqueue("gruppe", tuple("abcdefghijklmnopqrstuvwx"), address="telegram:-7", kind="alert")
    paced.deliver()
    assert paced.states() == [DeliveryState.SENT] * 70
    assert most([at for _, at in paced.moments], 0.9999) <= 30
    by_chat = {}
    for address, at in paced.moments:
        by_chat.setdefault(address, []).append(at)
    assert all(most(moments, 0.9999) == 1 for moments in by_chat.values())
    assert most(by_chat["telegram:-7"], 59.99) <= 20


def test_the_bot_sends_at_least_29_a_second(paced):
    paced.enqueue_each(150)
    start = paced.ticks
    paced.deliver()
    assert 150 / (paced.ticks - start) >= 29


def test_the_pace_is_kept_over_a_restart(paced):
    for number in range(20):
        paced.enqueue(f"{number}", address="telegram:-7")
    paced.deliver()
    first = len(paced.sends)
    paced.enqueue("b", ("zwei",), "telegram:-7")
    paced.restart()
    paced.deliver()
    group = [at for address, at in paced.moments if address == "telegram:-7"]
    assert len(paced.sends) == first + 1
    assert group[-1] - group[0] >= 60
    assert most(group, 59.99) == 20


OUTCOMES = st.one_of(
    st.just(Sent(1)),
    st.just(Doubt("lost")),
    st.just(PowerCutError()),
    st.builds(Retry, st.just("flood"), st.none() | st.just(timedelta(seconds=3))),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(OUTCOMES, max_size=14), st.integers(1, 4))
def test_whatever_goes_wrong_all_is_delivered_in_order_and_repeats_are_marked(
    tmp_path_factory, outcomes, parts
):
    scene = Scene(tmp_path_factory.mktemp("outbox") / "x.db", outcomes)
    texts = tuple(f"Teil {number}" for number in range(parts))
    scene.enqueue(texts=texts)
    for _ in range(60):
        scene.deliver()
        if set(scene.states()) == {DeliveryState.SENT}:
            break
        scene.pass_time(3600)
    assert scene.states() == [DeliveryState.SENT] * parts
    firsts = list(dict.fromkeys(scene.texts))
    assert firsts == list(texts)
    for number, (_, text, maybe) in enumerate(scene.sends):
        unanswered = text in scene.texts[:number]
        assert not maybe or unanswered  # nothing is called a repeat that was never sent
    scene.close()


def test_deliveries_that_are_done_with_are_forgotten_until_it_is_to_stop(scene):
    scene.enqueue_each(1203)
    with scene.store.writing() as session:
        session.execute(update(DeliveryRow).values(state=DeliveryState.SENT, settled_at=scene.now))
    later = scene.now + timedelta(seconds=1)
    assert forget_old(scene.store, scene.now, lambda: False) == 0
    looks = iter([False, True])
    assert forget_old(scene.store, later, lambda: next(looks)) == 500
    assert forget_old(scene.store, later, lambda: False) == 703
    assert scene.rows() == []
