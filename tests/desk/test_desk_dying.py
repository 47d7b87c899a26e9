"""Whoever dies at any statement, or just before the commit, leaves all as it was."""

import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.payloads import render_alert, render_digest
from digests.store import chats, drafts, outbox
from digests.store.drafts import with_draft
from digests.tables import DeliveryRow, HeldRow, OwedRow, ShownRow
from digests.types import DeliveryMode, DeliveryState, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ

EVERYTHING = Target(TargetKind.EVERYTHING)
WRITES = ("INSERT", "UPDATE", "DELETE")


class DiedError(BaseException):
    """The process is gone."""


@contextmanager
def dying(store, at):
    """Die before the statement of that number (from 0) which writes; a commit counts as one."""
    left = at

    def step(*_args):
        nonlocal left
        if left == 0:
            raise DiedError
        left -= 1

    def statement(_connection, _cursor, words, *_args):
        if words.lstrip().startswith(WRITES):
            step()

    engine = store._engine
    hooks = (("before_cursor_execute", statement), ("commit", step))
    for name, hook in hooks:
        event.listen(engine, name, hook)
    try:
        yield
    finally:
        for name, hook in hooks:
            event.remove(engine, name, hook)


def all_of(built):
    """Everything that is in the database."""
    with sqlite3.connect(built.store.file) as connection:
        return [line for line in connection.iterdump() if line.startswith("INSERT")]


def die_everywhere(built, work):
    """Die at each step of one transaction, then let it be done; gives how often that was."""
    before = all_of(built)
    for deaths in range(1000):
        try:
            with dying(built.store, deaths):
                work()
        except DiedError:
            assert all_of(built) == before
        else:
            assert all_of(built) != before
            return deaths
    raise AssertionError("never done")


def follow(office, built, mode, address="telegram:1"):
    chat = built.desk.following.chat(address, office.clock())
    built.desk.following.subscribe(chat, 0, EVERYTHING, mode, office.clock())
    return chat


def tell(office, built, **texts):
    for name, text in texts.items():
        office.write(f"{name}.txt", text)
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())


def deliveries(built):
    with built.store.reading() as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))


def rows(built, table):
    with built.store.reading() as session:
        return list(session.exec(select(table)))


def test_who_dies_composing_digests(office, opened):
    tell(office, opened)
    people = [follow(office, opened, DeliveryMode.DIGEST, f"telegram:{n}") for n in range(3)]
    tell(office, opened, a=SCHOLZ, b=LAWROW)
    with opened.store.writing() as session:
        outbox.owe(session, people[0].id, 0, [1])
    office.clock.forward(days=1)
    rounds = opened.desk.rounds
    assert die_everywhere(opened, lambda: rounds.compose_due(office.clock(), render_digest)) >= 6
    assert [row.chat_id for row in deliveries(opened)] == [one.id for one in people]
    assert len(rows(opened, ShownRow)) == 6
    assert rows(opened, OwedRow) == []


def test_who_dies_letting_alerts_wait_or_telling_what_waited(office, opened):
    tell(office, opened)
    chat = follow(office, opened, DeliveryMode.ALERT)
    opened.desk.following.set_quiet(chat, "12:00-15:00")
    tell(office, opened, a=SCHOLZ, b=LAWROW)

    def compose():
        return opened.desk.rounds.compose_alerts(office.clock(), render_alert)

    assert die_everywhere(opened, compose) >= 3
    assert len(rows(opened, HeldRow)) == 2
    assert deliveries(opened) == []
    office.clock.forward(hours=4)
    assert die_everywhere(opened, compose) >= 5
    assert rows(opened, HeldRow) == []
    assert len(rows(opened, ShownRow)) == 2
    (row,) = deliveries(opened)
    assert "Waffenruhe" in row.payload["text"]
    assert compose() == 0


@pytest.mark.parametrize("number", [1, 2, 4])
def test_who_dies_rewriting_a_draft(office, opened, number):
    draft = a_draft(office, opened)
    payloads = [{"text": f"{part}"} for part in range(number)]
    assert die_everywhere(opened, lambda: opened.desk.drafts.replace(draft.batch, payloads)) >= 3
    assert [row.payload["text"] for row in deliveries(opened)] == ["0", "1", "2", "3"][:number]
    assert {row.state for row in deliveries(opened)} == {DeliveryState.PENDING}


def test_who_dies_letting_a_draft_go(office, opened):
    draft = a_draft(office, opened)
    composed = [row.payload["text"] for row in deliveries(opened)]
    assert die_everywhere(opened, lambda: opened.desk.drafts.release(draft.batch)) >= 2
    assert [row.payload["text"] for row in deliveries(opened)] == composed
    assert {row.state for row in deliveries(opened)} == {DeliveryState.PENDING}


def a_draft(office, built):
    """A digest of two parts that waits to be rewritten."""
    tell(office, built)
    follow(office, built, DeliveryMode.DIGEST)
    tell(office, built, a=SCHOLZ)
    office.clock.forward(days=1)

    def drafted(digest, chat):
        return with_draft([*render_digest(digest, chat), {"text": "mehr"}], digest)

    assert built.desk.rounds.compose_due(office.clock(), drafted) == 1
    with built.store.reading() as session:
        (draft,) = drafts.waiting(session)
    return draft


def test_who_dies_ending_a_pause(office, opened):
    tell(office, opened)
    chat = follow(office, opened, DeliveryMode.ALERT)
    opened.desk.following.pause(chat, None)
    tell(office, opened, a=SCHOLZ)
    assert die_everywhere(opened, lambda: opened.desk.following.resume(chat, office.clock())) >= 3
    assert len(rows(opened, OwedRow)) == 1


def test_who_dies_taking_back_what_is_old(office, opened):
    tell(office, opened)
    follow(office, opened, DeliveryMode.ALERT)
    tell(office, opened, a=SCHOLZ)
    opened.desk.rounds.compose_alerts(office.clock(), render_alert)
    late = office.clock.forward(days=2)

    def fold():
        with opened.store.writing() as session:
            outbox.fold_stale(session, late - timedelta(days=1), late, "telegram:")

    assert die_everywhere(opened, fold) >= 4
    assert len(rows(opened, OwedRow)) == 1
    assert rows(opened, ShownRow) == []


def test_who_dies_moving_a_group_onto_another(office, opened):
    tell(office, opened)
    old = follow(office, opened, DeliveryMode.ALERT, "telegram:-1")
    follow(office, opened, DeliveryMode.DIGEST, "telegram:-100")
    tell(office, opened, a=SCHOLZ)
    opened.desk.rounds.compose_alerts(office.clock(), render_alert)
    office.clock.forward(days=1)
    opened.desk.rounds.compose_due(office.clock(), render_digest)
    assert len(deliveries(opened)) == 2

    def move():
        opened.desk.following.move("telegram:-1", "telegram:-100")

    assert die_everywhere(opened, move) >= 6
    assert {row.chat_id for row in deliveries(opened)} == {old.id}
    with opened.store.reading() as session:
        assert chats.chat_at(session, "telegram:-100").id == old.id


def test_who_dies_choosing_a_zone_or_forgetting_a_chat(office, opened):
    tell(office, opened)
    chat = follow(office, opened, DeliveryMode.DIGEST)
    following = opened.desk.following
    assert die_everywhere(
        opened, lambda: following.set_zone(chat, "Asia/Kathmandu", office.clock())
    )
    assert die_everywhere(opened, lambda: following.delete(chat)) >= 2
    assert following.subscriptions(chat) == []


def test_who_dies_taking_a_report_in_loses_and_doubles_nothing(office, opened):
    """Reading takes several transactions: whichever was the last, nothing is lost or doubled."""
    tell(office, opened)
    follow(office, opened, DeliveryMode.DIGEST)
    office.write("a.txt", SCHOLZ)
    office.clock.forward(minutes=1)
    for deaths in range(1000):
        office.clock.forward(minutes=1)
        try:
            with dying(opened.store, deaths):
                opened.desk.intake.take_in_folders(office.clock())
        except DiedError:
            continue
        break
    assert deaths > 5
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert row.payload["text"].startswith("1 Meldung")
