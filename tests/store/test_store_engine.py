import errno
import json
import os
import shutil
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
from digests.store import archive, chats, engine, known_revisions, merges, open_store
from digests.store.backup import inspect
from digests.store.engine import newest_revision
from digests.tables import ChatRow
from digests.types import Actor, ActorKind, PartialDate, SourceKind, Target, TargetKind


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


def first_revision(path):
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    connection.close()
    return open_store(f"sqlite:///{path}")


def test_a_database_is_backed_up_before_it_is_migrated(tmp_path):
    store = first_revision(tmp_path / "old.db")
    kept = store.migrate()
    assert kept is not None
    assert inspect(kept, known_revisions()) == "0001"
    assert store.migrate() is None  # nothing to do, nothing to keep
    store.close()
    # The upgrade can be taken back: what was kept is a database of the first revision.
    shutil.copy(kept, tmp_path / "back.db")
    again = open_store(f"sqlite:///{tmp_path / 'back.db'}")
    again.migrate()
    again.check()
    again.close()


def test_a_new_database_needs_no_backup(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    assert store.migrate() is None
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.db"]


def test_an_upgrade_that_fails_leaves_the_old_database_usable(tmp_path, monkeypatch):
    import alembic.op

    store = first_revision(tmp_path / "old.db")

    def fails(*_args, **_kwargs):
        raise RuntimeError("half-way")

    with monkeypatch.context() as patched:
        patched.setattr(alembic.op, "create_index", fails)
        with pytest.raises(StoreError) as caught:
            store.migrate()
    assert caught.value.code == "migration_failed"
    assert store.revision() == "0001"
    with store.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT address FROM chat").all()
    assert rows == [("telegram:-42",)]
    store.migrate()
    store.check()
    store.close()


def test_an_upgrade_that_has_no_room_for_its_backup_does_not_begin(tmp_path, monkeypatch):
    store = first_revision(tmp_path / "old.db")

    def full(_database, _target):
        raise StoreError("disk_full")

    monkeypatch.setattr(engine, "back_up", full)
    with pytest.raises(StoreError) as caught:
        store.migrate()
    assert caught.value.code == "disk_full"
    assert store.revision() == "0001"
    store.close()


def test_a_damaged_database_is_not_migrated(tmp_path):
    store = first_revision(tmp_path / "old.db")
    store.close()
    path = tmp_path / "old.db"
    before = path.read_bytes()
    # An index that lost a row: only the check of the whole file sees it.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET rootpage=2 WHERE name='ix_source_next_due_at'")
    connection.close()
    assert path.read_bytes() != before
    with pytest.raises(StoreError) as caught:
        store.migrate()
    assert caught.value.code == "damaged"
    assert store.revision() == "0001"
    store.close()


def test_a_database_of_a_newer_version_is_let_alone(store, tmp_path):
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for act in (store.migrate, store.check):
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.code == "newer_database"
        assert caught.value.params["found"] == "9999"
    assert store.revision() == "9999"


def test_data_of_the_first_revision_survives_the_upgrade(tmp_path):
    """Starts from the tables as first released, with rows written by plain SQL."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    date = {"year": 2021, "month": 3, "day": 5}
    events = json.dumps([{"start": 0, "end": 9, "date": date, "actors": []}])
    connection.execute(
        "UPDATE revision SET reading = json_set(reading, '$.events', json(?))", [events]
    )
    connection.commit()
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
        nato = Target(TargetKind.ACTOR, "nato")
        told = archive.telling(session, nato, dates=9, limit=9)
        assert told == ([1], {PartialDate(2022, 1): 1, PartialDate(2021, 3, 5): 1})
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


def test_a_damaged_page_is_found(store, tmp_path):
    store.close()
    path = tmp_path / "depesche.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (size - 8192))
    with pytest.raises(StoreError) as caught:
        store.check()
    assert caught.value.code == "damaged"


def limit(store, **pragmas):
    """Set pragmas on every connection that the store opens from now on."""

    def apply(connection, _record):
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    store.close()
    sqlalchemy.event.listen(store._engine, "connect", apply)
    return lambda: (sqlalchemy.event.remove(store._engine, "connect", apply), store.close())


def write_chats(store, now, start, count=400):
    with store.writing() as session:
        for number in range(start, start + count):
            chats.add_chat(
                session, f"telegram:{number}", language="de", zone="UTC", schedule="off", now=now
            )


def test_a_full_disk_is_named_and_nothing_is_half_written(store, now):
    write_chats(store, now, 0, 3)
    lift = limit(store, max_page_count=1)  # SQLite takes the size it has for the least
    with pytest.raises(StoreError) as caught:
        write_chats(store, now, 1000)
    assert caught.value.code == "disk_full"
    with store.reading() as session:  # what there is can still be read
        assert len(session.exec(select(ChatRow)).all()) == 3
    lift()
    write_chats(store, now, 1000)
    store.check()


def test_a_disk_that_fills_up_while_a_new_database_is_made_leaves_none(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new.db'}")
    lift = limit(store, max_page_count=10)
    with pytest.raises(StoreError) as caught:
        store.migrate()
    assert caught.value.code == "disk_full"
    assert store.revision() is None
    lift()
    store.migrate()
    store.check()
    store.close()


def test_a_locked_database_is_named_when_patience_ends(store, tmp_path, now):
    impatient = open_store(f"sqlite:///{tmp_path / 'depesche.db'}", patience=0)
    with store.writing() as session:
        chats.add_chat(session, "telegram:1", language="de", zone="UTC", schedule="off", now=now)
        with pytest.raises(StoreError) as caught:
            write_chats(impatient, now, 5)
        assert caught.value.code == "locked"
        with impatient.reading() as other:  # readers wait for nobody
            assert other.exec(select(ChatRow)).all() == []
    write_chats(impatient, now, 5, 1)
    impatient.close()


def test_a_database_that_may_not_be_written_is_named(store, tmp_path, now):
    write_chats(store, now, 0, 1)
    path = tmp_path / "depesche.db"
    closed = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError) as caught:
        write_chats(closed, now, 5)
    assert caught.value.code == "read_only"
    with closed.reading() as session:
        assert len(session.exec(select(ChatRow)).all()) == 1
    closed.close()


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError) as caught:
        store.migrate()
    assert caught.value.code == "read_only"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EIO, "disk_trouble"),
        (errno.EROFS, "read_only"),
        (errno.EACCES, "read_only"),
    ],
)
def test_what_the_system_says_has_a_name(tmp_path, monkeypatch, number, code):
    def refuse(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{tmp_path / 'a.db'}")
    assert caught.value.code == code


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter there")
def test_what_it_makes_is_for_its_owner_alone(tmp_path, now):
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'a.db'}")
    store.migrate()
    write_chats(store, now, 0, 1)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    files = list((tmp_path / "data").iterdir())
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    store.close()


def test_a_commit_is_on_the_disk_when_it_returns(store):
    with store.reading() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


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
