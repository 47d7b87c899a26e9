"""Delivery end to end: what each answer of Telegram leads to; the bot killed at random moments."""

import random
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import addresses
from bot.__main__ import main
from bot.outbox import OnDoubt, Outbox
from digests.store import chats, outbox
from digests.tables import ChatRow, DeliveryRow
from digests.types import DeliveryState
from tests.botapi import faults
from tests.e2e.conftest import front_settings, opened
from tests.e2e.kills import MARK, Victim

TEXT = "Ein Satz"
PAYLOAD = {
    "text": TEXT,
    "entities": [{"type": "bold", "offset": 0, "length": 3}],
    "buttons": [[["Mehr", "/help"]]],
    "language": "de",
}


class Post:
    """A front, its outbox by a clock that can be turned on, and chats to write to."""

    def __init__(self, front, **options):
        self.front, self.api, self.store = front, front.api, front.built.store
        self.later = timedelta()
        self.outbox = Outbox(
            self.store,
            front.made.send,
            addresses.TELEGRAM,
            lambda: front.clock() + self.later,
            gate=front.made.gate,
            is_group=addresses.is_group,
            **options,
        )
        self.chat = self.api.private(self.api.user())

    def enqueue(self, chat=None, batch="a", texts=(TEXT,)):
        chat = chat or self.chat
        with self.store.writing() as session:
            known = chats.add_chat(
                session,
                addresses.telegram(chat.id),
                language="de",
                zone="UTC",
                schedule="off",
                now=self.front.clock(),
            )
            payloads = [PAYLOAD | {"text": text} for text in texts]
            outbox.enqueue(session, batch, known.id, 0, "alert", payloads, now=self.front.clock())

    async def deliver(self, hours=0):
        self.later += timedelta(hours=hours)
        return await self.outbox.deliver_due()

    def texts(self, chat=None):
        return [message["text"] for message in self.api.sent(chat or self.chat)]

    def rows(self):
        with self.store.reading() as session:
            return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))

    def states(self):
        return [DeliveryState(row.state) for row in self.rows()]


@pytest.fixture
async def post(bot_api, tmp_path):
    async with opened(bot_api, front_settings(bot_api, tmp_path)) as front:
        yield Post(front)


@pytest.mark.parametrize(
    ("fault", "repeats"),
    [
        (faults.server_error(500, html=False), False),
        (faults.unauthorized(), False),
        (faults.conflict(), False),
        (faults.server_error(502), True),
        (faults.server_error(504, delivered=True), True),
        (faults.garbage(), True),
        (faults.drop(delivered=True), True),
        (faults.drop(delivered=False), True),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if hasattr(value, "kind") else str(value),
)
async def test_trouble_is_tried_again_and_only_a_lost_answer_makes_a_marked_repeat(
    post, fault, repeats
):
    post.enqueue()
    post.api.fail_next("sendMessage", fault)
    assert await post.deliver() == 0
    assert post.states() == [DeliveryState.PENDING]
    assert await post.deliver(hours=1) == 1
    assert (MARK in post.texts()[-1]) == repeats
    assert len(post.texts()) == 1 + fault.delivered


async def test_refused_formatting_goes_plain(post):
    post.enqueue()
    post.api.fail_next("sendMessage", faults.rejected("can't parse entities"))
    assert await post.deliver() == 1
    (message,) = post.api.sent(post.chat)
    assert message["text"] == TEXT
    assert "entities" not in message
    assert "reply_markup" not in message


async def test_what_is_refused_twice_is_parked_and_the_operator_sees_it(
    post, monkeypatch, capsys, tmp_path
):
    post.enqueue(texts=(TEXT, "Der zweite Teil"))
    post.api.fail_next("sendMessage", faults.rejected("MESSAGE_STRANGE"), times=2)
    assert await post.deliver() == 1
    assert post.texts() == ["Der zweite Teil"]
    assert post.states() == [DeliveryState.REJECTED, DeliveryState.SENT]
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert main(["outbox", "list"]) == 0
    said = capsys.readouterr().out
    assert TEXT in said
    assert "MESSAGE_STRANGE" in said.upper()
    number = str(post.rows()[0].id)
    assert main(["outbox", "retry", number]) == 0
    assert main(["outbox", "retry", number]) == 1
    assert await post.deliver() == 1
    assert post.texts()[-1] == TEXT


async def test_a_payload_that_cannot_be_read_is_parked_and_not_sent(post):
    post.enqueue()
    with post.store.writing() as session:
        session.exec(select(DeliveryRow)).one().payload = {"words": "?"}
    assert await post.deliver() == 0
    assert post.states() == [DeliveryState.REJECTED]
    assert not post.texts()


@pytest.mark.parametrize(
    "fault",
    [
        faults.blocked(),
        faults.kicked(),
        faults.deactivated(),
        faults.rejected("chat not found"),
        faults.rejected("not enough rights to send text messages to the chat"),
    ],
    ids=lambda fault: fault.kind,
)
async def test_who_takes_no_messages_is_left_alone_until_they_return(post, fault):
    post.enqueue()
    post.api.fail_next("sendMessage", fault)
    await post.deliver()
    with post.store.reading() as session:
        assert session.exec(select(ChatRow)).one().unreachable
    assert await post.deliver(hours=3) == 0
    await post.front.said(post.chat, "/help")
    assert await post.deliver() == 1
    assert TEXT in post.texts()


async def test_a_group_that_became_a_supergroup_gets_all_at_its_new_address(post):
    group = post.api.group()
    post.enqueue(group, texts=(TEXT, "zwei"))
    new = post.api.migrate(group)
    assert await post.deliver() == 2
    assert post.texts(new) == [TEXT, "zwei"]
    with post.store.reading() as session:
        assert session.exec(select(ChatRow)).one().address == addresses.telegram(new.id)


async def test_patience_is_kept_for_the_chat_that_was_meant(post):
    other = post.api.private(post.api.user())
    post.enqueue()
    post.enqueue(other, "b", ("anderswo",))
    post.api.fail_next("sendMessage", faults.flood(300), chat=post.chat)
    assert await post.deliver() == 1
    assert post.texts(other) == ["anderswo"]
    with post.store.reading() as session:
        (hold,) = outbox.holds(session, post.front.clock(), addresses.TELEGRAM)
    assert hold.scope == addresses.telegram(post.chat.id)


async def test_telegrams_own_limits_are_not_provoked(post):
    limits = post.api.enforce_limits()
    people = [post.api.private(post.api.user()) for _ in range(45)]
    for number, chat in enumerate(people):
        post.enqueue(chat, f"{number}")
    post.enqueue(people[0], "mehr", ("eins", "zwei"))
    sent = 0
    while sent < 47:  # a round ends where a chat's second is not over yet
        sent += await post.deliver()
    assert limits.refused == 0
    assert all(post.texts(chat) for chat in people)


async def test_held_a_lost_answer_is_parked(bot_api, tmp_path):
    async with opened(bot_api, front_settings(bot_api, tmp_path)) as front:
        post = Post(front, on_doubt=OnDoubt.HOLD)
        post.enqueue()
        bot_api.fail_next("sendMessage", faults.drop(delivered=True))
        assert await post.deliver() == 0
        assert await post.deliver(hours=9) == 0
        assert post.texts() == [TEXT]
        assert post.states() == [DeliveryState.DOUBTFUL]


@pytest.mark.timeout(400)
def test_killed_ten_times_it_loses_nothing_and_marks_repeats(bot):
    victim = Victim(bot, random.Random(7))
    victim.begin()
    for _ in range(10):
        victim.kill_once()
    victim.finish()
    victim.check()
    assert "Traceback" not in bot.log()
