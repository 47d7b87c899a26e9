"""Scripted trouble, rate limits, and what the recording says of them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable

import httpx
import pytest

from tests.botapi import ApiError, BotApi, Chat, Gate, RateLimits, faults
from tests.botapi.client import Client
from tests.botapi.entities import Json
from tests.botapi.faults import Fault


@pytest.mark.parametrize(
    ("fault", "status", "description", "parameters"),
    [
        (faults.flood(7), 429, "Too Many Requests: retry after 7", {"retry_after": 7}),
        (faults.blocked(), 403, "Forbidden: bot was blocked by the user", None),
        (faults.kicked("group"), 403, "Forbidden: bot was kicked from the group chat", None),
        (faults.deactivated(), 403, "Forbidden: user is deactivated", None),
        (faults.rejected("wrong weather"), 400, "Bad Request: wrong weather", None),
        (
            faults.migrated(-100200),
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": -100200},
        ),
        (faults.unauthorized(), 401, "Unauthorized", None),
        (faults.server_error(500, html=False), 500, "Internal Server Error", None),
    ],
)
def test_refusals(
    client: Client,
    bot_api: BotApi,
    chat: Chat,
    fault: Fault,
    status: int,
    description: str,
    parameters: Json | None,
) -> None:
    bot_api.fail_next("sendMessage", fault)
    expected = {"ok": False, "error_code": status, "description": description}
    expected |= {"parameters": parameters} if parameters else {}
    assert client("sendMessage", chat_id=chat.id, text="a") == (status, expected)
    call = bot_api.calls[-1]
    assert (call.outcome, call.error, call.delivered) == (fault.kind, description, False)
    assert bot_api.messages(chat) == []
    client.result("sendMessage", chat_id=chat.id, text="a")
    assert bot_api.counts["sendMessage", "ok"] == bot_api.counts["sendMessage", fault.kind] == 1


@pytest.mark.parametrize("delivered", [True, False])
def test_lost_answers(client: Client, bot_api: BotApi, chat: Chat, *, delivered: bool) -> None:
    bot_api.fail_next("sendMessage", faults.drop(delivered=delivered))
    with pytest.raises(httpx.RemoteProtocolError):
        client("sendMessage", chat_id=chat.id, text="a")
    assert len(bot_api.messages(chat)) == delivered
    assert bot_api.calls[-1].delivered is delivered
    client.result("sendMessage", chat_id=chat.id, text="b")


@pytest.mark.parametrize("delivered", [True, False])
def test_answers_that_are_none(
    client: Client, bot_api: BotApi, chat: Chat, *, delivered: bool
) -> None:
    where = {"chat_id": str(chat.id), "text": "a"}
    bot_api.fail_next("sendMessage", faults.garbage(delivered=delivered))
    bot_api.fail_next("sendMessage", faults.server_error(504, delivered=delivered))
    bodies = [client.http.post(client.url("sendMessage"), data=where) for _ in range(2)]
    assert [body.status_code for body in bodies] == [200, 504]
    assert bodies[0].text == '{"ok":tru'
    assert "<html>" in bodies[1].text
    assert len(bot_api.messages(chat)) == 2 * delivered


def test_faults_can_be_for_one_chat_one_method_and_some_times(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    other = bot_api.private(bot_api.user("Bert"))
    rule = bot_api.fail_next("sendMessage", faults.blocked(), chat=chat, times=None, after=1)

    def send(to: Chat) -> int:
        return client("sendMessage", chat_id=to.id, text="a")[0]

    assert [send(chat), send(chat), send(other), send(chat)] == [200, 403, 200, 403]
    assert client("sendChatAction", chat_id=chat.id, action="typing")[0] == 200
    bot_api.heal(rule)
    assert send(chat) == 200
    bot_api.fail_next(None, faults.server_error(500, html=False), times=2)
    assert client("getUpdates")[0] == 200
    assert [client("getMe")[0] for _ in range(3)] == [500, 500, 200]
    with pytest.raises(LookupError):
        bot_api.fail_next("sendPigeon", faults.blocked())


def test_malformed_calls_are_refused_before_any_fault(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    bot_api.expect_violation("message text is empty")
    bot_api.fail_next("sendMessage", faults.flood(3))
    assert client("sendMessage", chat_id=chat.id)[0] == 400
    assert client("sendMessage", chat_id=chat.id, text="a")[0] == 429


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize("delivered", [True, False])
def test_slow_answers_wait_for_the_test(
    client: Client, bot_api: BotApi, chat: Chat, *, delivered: bool
) -> None:
    gate = Gate()
    bot_api.fail_next("sendMessage", faults.slow(gate, delivered=delivered))
    sender = in_thread(lambda: client.result("sendMessage", chat_id=chat.id, text="a"))
    call = bot_api.wait_for("sendMessage", arrived=True)
    if delivered:
        bot_api.wait_until(lambda: bot_api.messages(chat))
    assert call.outcome is None
    assert len(bot_api.messages(chat)) == delivered
    gate.set()
    sender.join(5)
    assert bot_api.wait_for("sendMessage").outcome == "slow"
    assert len(bot_api.messages(chat)) == 1


@pytest.mark.parametrize("delivered", [True, False])
def test_callers_that_do_not_wait(
    client: Client, bot_api: BotApi, chat: Chat, *, delivered: bool
) -> None:
    bot_api.fail_next("sendMessage", faults.slow(Gate(), delivered=delivered))
    with client.start("sendMessage", chat_id=chat.id, text="a"):
        call = bot_api.wait_for("sendMessage", arrived=True)
        bot_api.wait_until(lambda: call.delivered is delivered)
    assert bot_api.wait_for("sendMessage") is call
    assert (call.outcome, call.delivered) == ("gone", delivered)
    assert len(bot_api.messages(chat)) == delivered


def test_slow_by_seconds_and_slow_refusals(client: Client, bot_api: BotApi, chat: Chat) -> None:
    bot_api.fail_next("sendMessage", faults.slow(0.05))
    bot_api.fail_next("sendMessage", faults.later(faults.flood(2), 0.05))
    assert [client("sendMessage", chat_id=chat.id, text="a")[0] for _ in range(2)] == [200, 429]
    for call in bot_api.calls:
        assert call.answered_at - call.at >= 0.05


def test_an_outage(client: Client, bot_api: BotApi, chat: Chat) -> None:
    client.result("sendMessage", chat_id=chat.id, text="a")
    with bot_api.outage(), pytest.raises(httpx.TransportError):
        client("sendMessage", chat_id=chat.id, text="b")
    with Client(bot_api) as again:
        again.result("sendMessage", chat_id=chat.id, text="c")
    assert [m["text"] for m in bot_api.messages(chat)] == ["a", "c"]


def test_closing_does_not_wait_for_hanging_calls() -> None:
    with BotApi() as api, Client(api) as client:
        chat = api.private()
        api.fail_next("sendMessage", faults.slow(Gate()))
        answers: list[int] = []

        def call(method: str, **params: object) -> None:
            try:
                answers.append(client(method, **params)[0])
            except httpx.TransportError:
                answers.append(0)

        threads = [
            in_thread(lambda: call("getUpdates", timeout=60)),
            in_thread(lambda: call("sendMessage", chat_id=chat.id, text="a")),
        ]
        api.wait_for("sendMessage", arrived=True)
        api.wait_for("getUpdates", arrived=True)
        api.__exit__(None, None, None)
        for thread in threads:
            thread.join(5)
            assert not thread.is_alive()
        api.__enter__()
    assert len(answers) == 2


# --- waiting ---------------------------------------------------------------------------------


def test_waiting_counts_and_gives_up(client: Client, bot_api: BotApi, chat: Chat) -> None:
    for text in "abc":
        client.result("sendMessage", chat_id=chat.id, text=text)
    assert bot_api.wait_for("sendMessage", count=2).params["text"] == "b"
    assert bot_api.wait_for(lambda call: call.params["text"] == "c").number == 3
    mark = bot_api.mark()
    with pytest.raises(TimeoutError, match=r"sendMessage; last calls: sendMessage:ok"):
        bot_api.wait_for("sendMessage", after=mark, timeout=0.02)
    later = in_thread(lambda: client.result("sendMessage", chat_id=chat.id, text="d"))
    assert bot_api.wait_for("sendMessage", after=mark).params["text"] == "d"
    later.join()
    assert [c.params["text"] for c in bot_api.calls_to("sendMessage", chat)] == list("abcd")
    assert bot_api.calls_to("sendMessage", 5) == []


async def test_waiting_in_an_event_loop(client: Client, bot_api: BotApi, chat: Chat) -> None:
    async with httpx.AsyncClient() as http:
        data = {"chat_id": chat.id, "text": "a"}
        sending = asyncio.ensure_future(http.post(client.url("sendMessage"), data=data))
        call = await bot_api.wait_for_async("sendMessage")
        assert call.result["text"] == "a"
        await sending
    assert await bot_api.wait_until_async(lambda: bot_api.sent(chat))
    with pytest.raises(TimeoutError, match="last calls"):
        await bot_api.wait_for_async("getMe", timeout=0.02)


def test_a_long_recording_can_be_bounded() -> None:
    with BotApi(keep_calls=10, keep_messages=5) as api, Client(api) as client:
        chat = api.private()
        for n in range(35):
            client.result("sendMessage", chat_id=chat.id, text=str(n))
        assert 10 <= len(api.calls) < 20
        assert api.counts["sendMessage", "ok"] == 35
        assert [m["text"] for m in api.messages(chat)] == ["30", "31", "32", "33", "34"]
        assert api.wait_for(lambda call: call.params["text"] == "33").number == 34


# --- rate limits -----------------------------------------------------------------------------


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_message_a_second_in_a_chat(client: Client, bot_api: BotApi, chat: Chat) -> None:
    clock = Clock()
    limits = bot_api.enforce_limits(RateLimits(clock))
    other = bot_api.private(bot_api.user("Bert"))

    def send(to: Chat) -> int:
        return client("sendMessage", chat_id=to.id, text="a")[0]

    assert [send(chat) for _ in range(4)] == [200, 200, 200, 429]
    assert send(other) == 200
    assert bot_api.calls[-2].error == "Too Many Requests: retry after 1"
    clock.now += 1
    assert [send(chat), send(chat)] == [200, 429]
    assert limits.refused == 2
    assert len(bot_api.messages(chat)) == 4


def test_twenty_messages_a_minute_in_a_group(client: Client, bot_api: BotApi) -> None:
    clock = Clock()
    bot_api.enforce_limits(RateLimits(clock))
    group = bot_api.supergroup()
    statuses = []
    for _ in range(25):
        clock.now += 1
        statuses.append(client("sendMessage", chat_id=group.id, text="a")[0])
    # a bucket of 20 that fills at 1/3 a second lasts 29 messages at one a second
    assert statuses == [200] * 25
    for _ in range(6):
        clock.now += 1
        statuses.append(client("sendMessage", chat_id=group.id, text="a")[0])
    assert statuses.count(429) == 1
    assert client("sendMessage", chat_id=group.id, text="a")[1]["parameters"]["retry_after"] >= 1


def test_thirty_messages_a_second_in_all() -> None:
    clock = Clock()
    limits = RateLimits(clock)

    def refused(seconds: int, rate: float) -> int:
        """How many of so many messages a second, each to a chat of its own, are refused."""
        before = limits.refused
        for _ in range(round(seconds * rate)):
            clock.now += 1 / rate
            with contextlib.suppress(ApiError):
                limits.check(next(chats), group=False)
        return limits.refused - before

    chats = itertools.count(1)
    assert refused(60, 29.5) == 0
    clock.now += 10
    # 400 in ten seconds, of which 30 and ten times 30 may pass
    assert refused(10, 40) == pytest.approx(400 - 330, abs=3)
