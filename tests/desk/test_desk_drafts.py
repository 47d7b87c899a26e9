"""Digests as drafts: rewritten where the answer holds, else sent as they are; once."""

import asyncio
import io
import re

import pytest
from sqlmodel import select

from bot.commands import Caller, answer
from bot.console import Terminal
from bot.outbox import Outbox, Sent
from bot.payloads import render_digest
from bot.rewriting import PATIENCE, Model, Rewriting, drafting
from bot.texts import Texts
from digests.store import drafts, outbox
from digests.tables import DeliveryRow
from digests.types import DeliveryState, Target, TargetKind
from tests.bot.rewriting_endpoint import completion, endpoint, first_of_each, http
from tests.desk.conftest import LAWROW, SCHOLZ

EVERYTHING = Target(TargetKind.EVERYTHING)


def follow(office, built, address="telegram:1"):
    chat = built.desk.following.chat(address, office.clock())
    built.desk.following.subscribe(chat, 0, EVERYTHING, "digest", office.clock())
    return chat


def deliveries(built):
    with built.store.reading() as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))


def states(built):
    return [row.state for row in deliveries(built)]


def words(built):
    return "\n".join(row.payload["text"] for row in deliveries(built))


def drafted(office, built, url="http://127.0.0.1:9/v1", chats=1):
    """Digests that wait as drafts for a model at an address."""
    built.desk.intake.take_in_due(office.clock())
    followers = [follow(office, built, f"telegram:{number}") for number in range(1, chats + 1)]
    office.write("a.txt", SCHOLZ)
    office.write("b.txt", LAWROW)
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())
    office.clock.forward(hours=20)
    model = Model(url, "klein", timeout=20)
    render = drafting(render_digest, model)
    assert built.desk.rounds.compose_due(office.clock(), render) == chats
    return model, followers


def as_composed(built):
    """What the drafts would say if nobody rewrote them."""
    with built.store.reading() as session:
        found = drafts.waiting(session)
    return [part["text"] for one in found for part in render_digest(one.digest, one.chat)]


def honest(question):
    return completion(first_of_each(question))


def lying(old, new):
    def answered(question):
        text = first_of_each(question)
        assert old in text
        return completion(text.replace(old, new, 1))

    return answered


def rewriting(office, built, model, ticks=lambda: 0.0):
    return Rewriting(built.desk.drafts, model, office.clock, ticks)


async def test_what_holds_is_sent_with_its_citations_and_says_who_wrote_it(office, opened):
    async with endpoint(honest) as there:
        model, (chat,) = drafted(office, opened, there.url)
        assert set(states(opened)) == {DeliveryState.DRAFT}
        await rewriting(office, opened, model).finish()
    assert len(there.asked) == 1
    assert set(states(opened)) == {DeliveryState.PENDING}
    text = words(opened)
    assert "Zusammengefasst von klein aus den zitierten Sätzen" in text
    assert "Der frühere Bundeskanzler Olaf Scholz" in text
    assert "[1]" in text
    assert "Quellen" in text
    assert not re.search("[\ue000-\uf8ff]", text)
    assert "Er sprach vor Abgeordneten" not in text
    row = deliveries(opened)[-1]
    (command,) = (
        button[1] for line in row.payload["buttons"] for button in line if "original" in button[1]
    )
    reply = asked(office, opened, chat, command)
    assert reply.ok
    assert "Scholz" in "".join(one.text for one in reply.blocks)
    other = opened.desk.following.chat("telegram:77", office.clock())
    assert not asked(office, opened, other, command).ok
    assert not asked(office, opened, chat, "/digest original 999999").ok
    assert not asked(office, opened, chat, "/digest original x").ok


def asked(office, built, chat, command):
    texts = Texts("de", office.settings.zone)
    return answer(command, Caller(built.desk, chat, texts, office.clock()))


async def test_a_draft_is_not_sent_and_sent_once_when_it_is_none_any_more(office, opened):
    sent = []

    async def send(delivery):
        sent.append(delivery.key)
        return Sent()

    post = Outbox(opened.store, send, "telegram:", office.clock)
    async with endpoint(honest) as there:
        model, _ = drafted(office, opened, there.url)
        assert await post.deliver_due() == 0
        await rewriting(office, opened, model).finish()
    await post.deliver_due()
    await post.deliver_due()
    assert sent == [row.key for row in deliveries(opened)]
    assert len(sent) == len(set(sent)) > 0


@pytest.mark.parametrize(
    "liar",
    [
        lying("Olaf Scholz", "Friedrich Merz"),
        lying("Olaf Scholz", "Sergej Lawrow"),
        lying("Samstag", "Montag"),
        lying("eine Waffenruhe", "zwei Waffenruhen"),
        lying("eine Waffenruhe", "keine Waffenruhe"),
        lying("gefordert", "gefordert, sagte Lawrow"),
        lying("Der frühere", "Wie am 3. Mai 2021 hat der frühere"),
        lying("[1]", ""),
        lying("[1]", "[99]"),
        lambda _: completion("Hier ist die Zusammenfassung, die du wolltest."),
        lambda _: completion("a" * 100_000),
        lambda _: http("<html></html>", kind="text/html"),
        lambda _: http("{"),
        lambda _: http("{}", "401 Unauthorized"),
        lambda _: http("{}", "429 Too Many Requests"),
        lambda _: http("{}", "500 Internal Server Error"),
    ],
)
async def test_what_does_not_hold_is_not_sent(office, opened, liar):
    async with endpoint(liar) as there:
        model, _ = drafted(office, opened, there.url)
        composed = as_composed(opened)
        await rewriting(office, opened, model).finish()
    assert len(there.asked) == 1
    assert set(states(opened)) == {DeliveryState.PENDING}
    assert [row.payload["text"] for row in deliveries(opened)] == composed
    assert all("draft" not in row.payload for row in deliveries(opened))


async def stall():
    await asyncio.Event().wait()
    yield b""


async def test_who_stalls_is_overtaken_after_two_minutes(office, opened):
    async with endpoint(lambda _: stall()) as there:
        model, _ = drafted(office, opened, there.url)
        composed = as_composed(opened)
        work = rewriting(office, opened, model)
        await work.begin()
        await work.begin()
        assert set(states(opened)) == {DeliveryState.DRAFT}
        office.clock.at += PATIENCE
        await work.begin()
        assert [row.payload["text"] for row in deliveries(opened)] == composed
        assert set(states(opened)) == {DeliveryState.PENDING}
        await work.stop()
    assert len(there.asked) <= 1


async def test_an_answer_that_comes_too_late_changes_nothing(office, opened):
    async with endpoint(honest) as there:
        model, _ = drafted(office, opened, there.url)
        (draft,) = opened.desk.drafts.waiting()
        assert opened.desk.drafts.release(draft.batch)
        before = [row.payload for row in deliveries(opened)]
        assert not opened.desk.drafts.replace(draft.batch, [{"text": "zu spät"}])
        assert not opened.desk.drafts.release(draft.batch)
        await rewriting(office, opened, model).finish()
    assert [row.payload for row in deliveries(opened)] == before
    assert there.asked == []


async def test_whoever_stops_in_between_loses_and_doubles_nothing(office, opened):
    async with endpoint(lambda _: stall()) as there:
        model, _ = drafted(office, opened, there.url)
        first = rewriting(office, opened, model)
        await first.begin()
        await first.stop()
        await first.begin()
    assert set(states(opened)) == {DeliveryState.DRAFT}
    async with endpoint(honest) as there:
        model = Model(there.url, "klein", timeout=20)
        await rewriting(office, opened, model).finish()
    keys = [row.key for row in deliveries(opened)]
    assert len(keys) == len(set(keys))
    assert words(opened).count("Zusammengefasst von klein") == 1


async def test_who_fails_thrice_is_left_alone_for_an_hour(office, opened):
    ticks = [0.0]
    async with endpoint(lambda _: http("{}", "500 Internal Server Error")) as there:
        model, _ = drafted(office, opened, there.url, chats=9)
        work = rewriting(office, opened, model, lambda: ticks[0])
        await work.finish()
        assert 3 <= len(there.asked) <= 6  # some are asked at once
        assert set(states(opened)) == {DeliveryState.PENDING}
        before = len(there.asked)
        again(office, opened, model, MORE[0])
        await work.finish()
        assert len(there.asked) == before
        ticks[0] = 3600.0
        there.answer = honest
        again(office, opened, model, MORE[1])
        await work.finish()
    assert len(there.asked) > before
    assert "Zusammengefasst von klein" in deliveries(opened)[-1].payload["text"]


MORE = (
    "Habeck besucht Oslo\n\nRobert Habeck hat am Montag in Oslo über Erdgas verhandelt.\n",
    "Zug entgleist\n\nIn Kassel ist am Dienstag ein Zug der Deutschen Bahn entgleist.\n",
)


def again(office, built, model, text):
    """Something new for everybody, composed a day later."""
    office.write(f"{text[:5]}.txt", text)
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())
    office.clock.forward(days=1)
    assert built.desk.rounds.compose_due(office.clock(), drafting(render_digest, model))


async def test_without_a_model_nothing_is_a_draft_and_old_ones_go_out(office, opened):
    drafted(office, opened)
    composed = as_composed(opened)
    await rewriting(office, opened, None).begin()
    assert [row.payload["text"] for row in deliveries(opened)] == composed
    assert set(states(opened)) == {DeliveryState.PENDING}
    assert drafting(render_digest, None) is render_digest


async def test_what_was_revised_meanwhile_is_not_retold(office, opened):
    async with endpoint(honest) as there:
        model, _ = drafted(office, opened, there.url)
        composed = as_composed(opened)
        office.write("a.txt", SCHOLZ.replace("in Berlin", "in Bonn"))
        office.clock.forward(seconds=40)
        assert opened.desk.intake.take_in_due(office.clock()).revised == 1
        await rewriting(office, opened, model).finish()
    assert there.asked == []
    assert [row.payload["text"] for row in deliveries(opened)] == composed


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_draft_gets_more_parts_or_fewer(office, opened, number):
    drafted(office, opened)
    (draft,) = opened.desk.drafts.waiting()
    before = deliveries(opened)
    with opened.store.writing() as session:  # a digest of three parts
        rest = [{"text": "zwei"}, {"text": "drei"}]
        row = session.get(DeliveryRow, draft.id)
        payloads = [row.payload, *rest]
        session.delete(row)
        session.flush()
        outbox.enqueue(session, "b", draft.chat.id, 0, "digest", payloads, now=office.clock())
    assert len(before) == 1
    assert opened.desk.drafts.replace("b", [{"text": str(n)} for n in range(number)])
    rows = deliveries(opened)
    assert [row.payload["text"] for row in rows] == [str(n) for n in range(number)]
    assert [row.key for row in rows] == [f"b/{n}" for n in range(number)]
    assert {row.state for row in rows} == {DeliveryState.PENDING}
    assert {(row.due_at, row.priority, row.chat_id) for row in rows} == {
        (before[0].due_at, before[0].priority, before[0].chat_id)
    }


async def test_the_terminal_is_sent_drafts_too(office, opened):
    async with endpoint(honest) as there:
        opened.desk.intake.take_in_due(office.clock())
        follow(office, opened, "console")
        office.write("a.txt", SCHOLZ)
        office.clock.forward(minutes=1)
        opened.desk.intake.take_in_due(office.clock())
        office.clock.forward(hours=20)
        model = Model(there.url, "klein", timeout=20)
        opened.desk.rounds.compose_due(office.clock(), drafting(render_digest, model))
        await rewriting(office, opened, model).finish()
    out = io.StringIO()
    terminal = Terminal(opened.desk, office.clock, out)
    await Outbox(opened.store, terminal.send, "console", office.clock).deliver_due()
    assert "Zusammengefasst von klein" in out.getvalue()
