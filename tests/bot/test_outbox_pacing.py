"""The pace: limits as pure decisions, the gate that waits, the limiter of what the bot sends."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.gate import Gate
from bot.telegram import PLATFORM  # sets how python-telegram-bot gives times
from bot.telegram.pacing import PUSHED, Limiter
from digests.pacing import TELEGRAM, Limit, Limits, Pacer, Place

PERSON, GROUP = Place(f"{PLATFORM}1"), Place(f"{PLATFORM}-1", group=True)


def spread(pacer, places, *, urgent=False, start=100.0):
    """The moments at which messages to these places go, each as early as it may."""
    now, moments = start, []
    for place in places:
        now += pacer.wait(place, now, urgent=urgent)
        pacer.sent(place, now)
        moments.append(now)
    return moments


def test_a_chat_gets_one_push_a_second_and_answers_in_bursts_of_three():
    assert spread(Pacer(), [PERSON] * 4) == pytest.approx([100, 101, 102, 103])
    answers = spread(Pacer(), [PERSON] * 5, urgent=True)
    assert answers[2] - answers[0] < 0.2
    assert answers[3] - answers[0] >= 3


def test_a_group_gets_twenty_a_minute():
    moments = spread(Pacer(), [GROUP] * 41)
    assert moments[19] - moments[0] == pytest.approx(19)
    assert moments[20] - moments[0] >= 60
    assert moments[40] - moments[20] >= 60


def test_the_bot_sends_evenly_and_catches_up_with_a_short_stall():
    pacer, now = Pacer(), 100.0
    for number in range(60):
        place = Place(f"telegram:{number}")
        now += pacer.wait(place, now) + (0.1 if number == 30 else 0.0)
        pacer.sent(place, now)
    assert now - 100 < 60 / TELEGRAM.rate + 0.05


def test_a_chat_is_counted_from_the_answer():
    pacer = Pacer()
    pacer.sent(PERSON, 100.0)
    pacer.answered(PERSON, 100.7)
    assert pacer.wait(PERSON, 101.0) == pytest.approx(0.7)


def test_patience_is_for_the_chat_unless_two_are_refused_at_once():
    pacer, other = Pacer(), Place("telegram:2")
    assert not pacer.flooded(PERSON.address, 30, 100.0)
    assert pacer.wait(PERSON, 101.0) == 29
    assert pacer.wait(other, 101.0) == 0
    assert pacer.flooded(other.address, 10, 103.0)
    assert pacer.bot_wait(103.0) == 10
    assert pacer.wait(PERSON, 113.0) == 17
    assert set(pacer.waiting(105.0)) == {PERSON.address, other.address}


def test_a_chat_refused_much_later_than_another_speaks_for_itself():
    pacer = Pacer()
    pacer.flooded(PERSON.address, 3600, 100.0)
    assert not pacer.flooded("telegram:2", 10, 200.0)
    assert pacer.bot_wait(200.0) == 0


def test_what_no_limit_looks_at_is_forgotten():
    pacer = Pacer(Limits(rate=1000.0, bot=Limit(1000, 1.0)))
    for number in range(5000):
        pacer.sent(Place(f"telegram:{number}"), float(number))
    assert len(pacer._chats) < 700


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.floats(0, 2)), min_size=1, max_size=150)
)
def test_whatever_is_asked_for_the_limits_hold(wanted):
    pacer, now, sent = Pacer(), 0.0, []
    for number, urgent, pause in wanted:
        place = Place(f"telegram:{number}", group=number > 4)
        now += pause + pacer.wait(place, now + pause, urgent=urgent)
        assert pacer.wait(place, now, urgent=urgent) <= 1e-9
        pacer.sent(place, now)
        sent.append((place, now))

    def most(moments, seconds):
        return max(sum(a <= b < a + seconds - 1e-6 for b in moments) for a in moments)

    assert most([at for _, at in sent], 1.0) <= 30
    for place in {place for place, _ in sent}:
        moments = [at for one, at in sent if one == place]
        assert most(moments, 3.0) <= 3
        assert not place.group or most(moments, 60.0) <= 20


# --- Waiting --------------------------------------------------------------------------------


class Clock:
    """Seconds that pass only where somebody waits; the one who wakes first goes first."""

    def __init__(self):
        self.now = 100.0
        self.sleepers = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        done = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, done))
        await done

    async def run(self, *work):
        tasks = [asyncio.ensure_future(one) for one in work]
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if self.sleepers:
                first = min(self.sleepers, key=lambda one: one[0])
                self.sleepers.remove(first)
                at, done = first
                self.now = max(self.now, at)
                done.set_result(None)
        return [task.result() for task in tasks]


async def test_answers_go_before_what_is_pushed_and_starve_nobody():
    clock = Clock()
    gate = Gate(Pacer(), clock, clock.sleep)
    order = []

    async def push():
        for number in range(30):
            assert await gate.push(Place(f"telegram:{1000 + number}"))
            order.append("push")

    async def answer(number):
        await gate.answer(Place(f"telegram:{number}"))
        order.append("answer")

    await clock.run(push(), *(answer(number) for number in range(40)))
    first = order[:50]
    assert first.count("answer") >= 36
    assert first.count("push") >= 8


async def test_a_push_gives_way_where_the_platform_asked_for_patience():
    clock = Clock()
    gate = Gate(Pacer(), clock, clock.sleep)
    noted = []
    gate.noted = lambda address, seconds: noted.append((address, seconds))
    await gate.hold(30)
    assert not await gate.push(PERSON)
    await gate.flooded(PERSON, 40)
    assert noted == [(None, 30), (PERSON.address, 40)]


async def test_an_answer_waits_for_its_chat_while_others_are_answered():
    clock = Clock()
    gate = Gate(Pacer(), clock, clock.sleep)
    for _ in range(3):
        gate.pacer.sent(PERSON, clock.now)
    done = []

    async def answer(place):
        await gate.answer(place)
        done.append((place.address, clock.now))

    await clock.run(answer(PERSON), answer(Place("telegram:2")))
    assert [address for address, _ in done] == ["telegram:2", PERSON.address]
    assert done[1][1] >= 103


# --- What python-telegram-bot sends -----------------------------------------------------------


def limiter():
    clock = Clock()
    gate = Gate(Pacer(), clock, clock.sleep)
    return Limiter(gate), gate, clock


async def call(made, endpoint="sendMessage", data=None, args=None, error=None):
    async def work():
        if error is not None:
            raise error
        return True

    return await made.process_request(work, [], {}, endpoint, data or {"chat_id": 1}, args)


async def test_messages_are_counted_and_nothing_else():
    made, gate, clock = limiter()
    await call(made, "getChatMember")
    await call(made, "sendChatAction")
    await call(made, "setMyCommands", {"commands": []})
    await call(made, args=PUSHED)
    assert gate.pacer.waiting(clock.now) == {}
    await call(made, "editMessageText")
    assert gate.pacer.waiting(clock.now) == {"telegram:1": 1.0}
    await call(made, data={"chat_id": -1})
    assert gate.pacer._groups == {"telegram:-1"}


async def test_a_refused_answer_holds_what_is_pushed_to_that_chat():
    made, gate, clock = limiter()
    with pytest.raises(RetryAfter):
        await call(made, error=RetryAfter(17))
    assert gate.pacer.chat_wait(PERSON, clock.now) == 17
