"""What is kept about a chat: all of it is exported, all of it goes; whatever table it is in."""

import json

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
)
from sqlmodel import SQLModel

from digests.store import belongings
from digests.tables import CounterRow, SubscriptionRow, UtcDateTime

NAMES = ("chat", "chat_id", "owner", "added_by", "manager_id", "channel_id", "asker", "user_id")
ADDRESSES = {
    ("chat", "address"): "the chat's own row",
    ("hold", "scope"): "found by the chat's address",
}
"""Columns that hold an address instead, and how they are taken care of."""


def naming(metadata: MetaData) -> set[tuple[str, str]]:
    """Columns that name a chat, by their foreign key or by what they are called."""
    return {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in NAMES
        or any(key.column.table.name == "chat" for key in column.foreign_keys)
    }


def known() -> set[tuple[str, str]]:
    return {(table.name, column.name) for table, column in belongings.owners()}


def rows(session, table: Table, column: Column, chat: int) -> int:
    return session.execute(select(func.count()).where(column == chat)).scalar_one()


def made_up(column: Column, now, number: int):
    kinds = {Boolean: False, Integer: number, Float: 0.0, JSON: {}, UtcDateTime: now}
    made = [value for kind, value in kinds.items() if isinstance(column.type, kind)]
    return made[0] if made else f"{column.name}-{number}"


def fill(session, table: Table, now, number: int, **fixed) -> None:
    """A row with something in every column that wants something."""
    values = {
        column.name: made_up(column, now, number)
        for column in table.columns
        if not column.nullable and not (column.primary_key and column.autoincrement is True)
    }
    session.execute(insert(table).values(values | fixed))


@pytest.fixture
def filled(store, now):
    """Two chats, each with a row in every table that could keep something about it."""
    tables = SQLModel.metadata.tables
    parents = ("source", "story", "item", "actor", "topic")
    with store.writing() as session:
        for number in (1, 2):
            fill(session, tables["chat"], now, number, id=number, address=f"telegram:{number}")
        for name in parents:
            for number in (1, 2):
                fixed = {"added_by": number} if name == "source" else {}
                fixed |= {"owner": number} if name == "topic" else {}
                key = f"{name}-{number}" if name in ("actor", "topic") else number
                fill(session, tables[name], now, number, id=key, **fixed)
        for table, column in belongings.owners():
            if table.name in parents:
                continue
            for number in (1, 2):
                links = {
                    one.name: f"{key.column.table.name}-{number}"
                    if key.column.table.name in ("actor", "topic")
                    else number
                    for one in table.columns
                    for key in one.foreign_keys
                }
                if rows(session, table, column, number) == 0:
                    fill(session, table, now, number, **links | {column.name: number})
        for number in (1, 2):
            fill(session, tables["hold"], now, number, scope=f"telegram:{number}")
    return store


def test_every_column_that_names_a_chat_is_taken_care_of():
    assert naming(SQLModel.metadata) <= known()
    tables = SQLModel.metadata.tables.values()
    addresses = {
        (one.name, column.name)
        for one in tables
        for column in one.columns
        if column.name in ("address", "scope")
    }
    assert addresses == set(ADDRESSES)
    assert set(belongings.NOT_SHOWN) <= known()


def test_a_table_that_nobody_thought_of_would_be_noticed():
    metadata = MetaData()
    Table("diary", metadata, Column("chat_id", Integer))
    assert naming(metadata) - known() == {("diary", "chat_id")}


def test_an_export_holds_a_row_of_every_table_and_none_of_others(filled):
    with filled.reading() as session:
        told = belongings.kept(session, 1)
    json.dumps(told)
    for name, column in known():
        if (name, column) not in belongings.NOT_SHOWN:
            assert len(told[name]) == 1, name
    assert told["chat"]["address"] == "telegram:1"
    assert len(told["patience"]) == 1
    assert "telegram:2" not in json.dumps(told)


def test_nothing_is_left_of_a_deleted_chat_but_a_number_and_others_keep_theirs(filled):
    with filled.writing() as session:
        belongings.delete_chat(session, 1)
    with filled.reading() as session:
        for table, column in belongings.owners():
            assert rows(session, table, column, 1) == 0, table.name
            assert rows(session, table, column, 2) == 1, table.name
        holds = SQLModel.metadata.tables["hold"]
        assert list(session.execute(select(holds.c.scope)).scalars()) == ["telegram:2"]
        assert belongings.deleted(session) == 1
        counters = session.execute(select(CounterRow)).scalars().all()
        assert {one.name for one in counters} == {"chats_deleted"}


def test_a_channel_that_others_decide_about_too_stays(filled, now):
    tables = SQLModel.metadata.tables
    with filled.writing() as session:
        session.execute(delete(tables["channel"]))
        for number in (3, 4):
            fill(session, tables["chat"], now, number, id=number, address=f"telegram:-100{number}")
        for manager, channel in ((1, 3), (1, 4), (2, 4)):
            fill(session, tables["channel"], now, 1, manager_id=manager, channel_id=channel)
        belongings.delete_chat(session, 1)
    with filled.reading() as session:
        left = session.execute(select(tables["chat"].c.id).order_by(tables["chat"].c.id))
        assert list(left.scalars()) == [2, 4]


def test_a_chat_that_takes_over_another_has_all_that_was_its(filled):
    with filled.writing() as session:
        belongings.hand_over(session, 1, 2)
    with filled.reading() as session:
        for table, column in belongings.owners():
            assert rows(session, table, column, 1) == 0, table.name
            # Each manages itself as a channel: handed over, the two rows are the same.
            both = 1 if table.name == "channel" else 2
            assert rows(session, table, column, 2) == both, table.name


def test_what_both_chats_have_is_there_once_and_stays_as_it_was(filled):
    subscription = SQLModel.metadata.tables["subscription"]
    with filled.writing() as session:
        session.execute(
            subscription.update()
            .where(subscription.c.chat_id == 1)
            .values(thread=2, target_kind="target_kind-2", target_id="target_id-2", delivery="both")
        )
        belongings.hand_over(session, 1, 2)
    with filled.reading() as session:
        left = session.execute(select(subscription.c.chat_id, subscription.c.delivery))
        assert [tuple(row) for row in left] == [(2, "delivery-2")]


def test_what_lived_in_a_deleted_topic_lives_in_the_group_once(filled, now):
    tables = [one for one in SQLModel.metadata.tables.values() if "thread" in one.columns]
    with filled.writing() as session:
        for table in tables:
            session.execute(table.update().where(table.c.chat_id == 1).values(thread=9))
        row = SubscriptionRow(
            chat_id=1,
            thread=0,
            target_kind="target_kind-1",
            target_id="target_id-1",
            delivery="both",
            digest_mark=5,
            alert_mark=5,
            created_at=now,
        )
        session.add(row)
        session.flush()
        belongings.fold_thread(session, 1, 9)
    with filled.reading() as session:
        for table in tables:
            threads = session.execute(select(table.c.thread).where(table.c.chat_id == 1))
            assert list(threads.scalars()) == [0], table.name
        kept = session.execute(select(SubscriptionRow).where(SubscriptionRow.chat_id == 1))
        assert kept.scalar_one().delivery == "both"
