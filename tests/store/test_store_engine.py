import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel, select

from digests.actors import Catalogue
from digests.desk import Known, Merging
from digests.errors import StoreError
from digests.migrations.search import is_search_table
from digests.store import archive, chats, merges, open_store
from digests.store.engine import newest_revision
from digests.tables import ChatRow
from digests.types import Actor, ActorKind, SourceKind, Target, TargetKind


def test_tables_and_migrations_do_not_drift(store, tmp_path):
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'depesche.db'}")

    def include(name, kind, _parents):
        return not (kind == "table" and name and is_search_table(name))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": include})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()
    assert len(SQLModel.metadata.tables) > 10


def test_migrating_twice_changes_nothing(store):
    store.migrate()
    assert store.revision() == newest_revision()
    store.check()


def test_a_migration_that_dies_half_way_leaves_nothing(tmp_path, monkeypatch):
    import digests.migrations.search as search

    monkeypatch.setattr(search, "CREATE", ("CREATE VIRTUAL TABLE broken USING nonsense",))
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(StoreError):
        store.migrate()
    assert store.revision() is None
    monkeypatch.undo()
    store.migrate()
    store.check()
    store.close()


def test_data_of_the_first_revision_survives_the_upgrade(tmp_path):
    """Starts from the tables as first released, with rows written by plain SQL."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    connection.close()
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.check()
    with store.reading() as session:
        (source,) = archive.sources(session)
        assert source.kind is SourceKind.FOLDER
        (report,) = archive.reports(session, [1])
        assert report.item.title == "Ein Titel"
        assert report.item.published.iso() == "2022-01"
        chat = chats.chat_at(session, "telegram:-42")
        assert [one.target.id for one in chats.subscriptions(session, chat.id)] == ["nato"]
        assert archive.search(session, [["titel"]], 5) == [1]
        (actor,) = archive.actors(session)
        assert (actor.id, actor.curated) == ("nato", True)
        assert archive.item_ids(session, Target(TargetKind.ACTOR, "nato")) == [1]
        assert merges.survivors(session) == {}
    store.close()


def test_what_was_taken_in_with_the_first_revision_can_be_merged(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    connection.close()
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    people = [Actor(one, one, ActorKind.ORGANISATION) for one in ("nato", "allianz")]
    merging = Merging(store, Known(Catalogue(known=people), store=store))
    now = datetime(2026, 1, 10, tzinfo=UTC)
    merging.merge("nato", "allianz", now)
    with store.reading() as session:
        assert archive.item_ids(session, Target(TargetKind.ACTOR, "allianz")) == [1]
        (one,) = chats.subscriptions(session, 1)
        assert one.target.id == "allianz"
    merging.split("nato")
    with store.reading() as session:
        assert archive.item_ids(session, Target(TargetKind.ACTOR, "nato")) == [1]
        (one,) = chats.subscriptions(session, 1)
        assert one.target.id == "nato"
    store.close()


def test_two_writers_at_once_wait_for_each_other(store, now):
    barrier = threading.Barrier(4)

    def write(number):
        barrier.wait()
        for turn in range(10):
            with store.writing() as session:
                session.exec(select(ChatRow)).all()  # reads first: a plain BEGIN would fail here
                chats.add_chat(
                    session,
                    f"telegram:{number}-{turn}",
                    language="de",
                    zone="UTC",
                    schedule="off",
                    now=now,
                )

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert len(session.exec(select(ChatRow)).all()) == 40


def test_a_failed_transaction_leaves_nothing(store, now):
    with pytest.raises(RuntimeError), store.writing() as session:
        chats.add_chat(session, "telegram:1", language="de", zone="UTC", schedule="off", now=now)
        raise RuntimeError
    with store.reading() as session:
        assert chats.chat_at(session, "telegram:1") is None


def test_foreign_keys_hold(store):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), store.writing() as session:
        archive.note_file(session, 99, "a.txt", "f")


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path):
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is no database at all" * 200)
    store = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught:
        store.migrate()
    assert caught.value.code == "damaged"


def test_an_unusable_address_is_named():
    with pytest.raises(StoreError) as caught:
        open_store("nonsense")
    assert caught.value.code == "bad_database_url"


def test_a_database_that_cannot_be_made_is_read_only(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("x")
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{blocker}/depesche.db")
    assert caught.value.code == "read_only"


def test_tables_of_another_version_are_named(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(StoreError) as caught:
        store.check()
    assert caught.value.code == "wrong_revision"
    store.close()


def test_naive_times_are_refused(store, now):
    with pytest.raises(Exception, match="naive"), store.writing() as session:
        chats.add_chat(
            session,
            "telegram:1",
            language="de",
            zone="UTC",
            schedule="off",
            now=now.replace(tzinfo=None),
        )
