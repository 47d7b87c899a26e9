"""Backups: whole or not there at all, checked, and put back so that nothing is lost."""

import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from digests.errors import StoreError
from digests.store import backup, chats, known_revisions, open_store
from digests.store.backup import back_up, inspect, named, prune, restore
from digests.store.engine import newest_revision

NEWEST = newest_revision()


def chat(store, now, address):
    with store.writing() as session:
        chats.add_chat(session, address, language="de", zone="UTC", schedule="off", now=now)


def addresses(path):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT address FROM chat"))


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def database(store, tmp_path, now):
    chat(store, now, "telegram:1")
    return tmp_path / "depesche.db"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def damage(path):
    """Overwrite the pages after the first: the header still says it is a database."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def test_a_backup_is_one_file_that_holds_what_the_log_holds_too(database, folder):
    back_up(database, folder / "a.db")
    assert (database.parent / "depesche.db-wal").stat().st_size > 0  # not in the file itself yet
    assert left_in(folder) == ["a.db"]
    assert addresses(folder / "a.db") == ["telegram:1"]
    assert inspect(folder / "a.db", known_revisions()) == NEWEST
    assert left_in(folder) == ["a.db"]  # looking leaves nothing beside it


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter there")
def test_a_backup_and_its_folder_are_for_their_owner_alone(database, folder):
    back_up(database, folder / "a.db")
    assert (folder / "a.db").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_backup_taken_while_others_write_is_one_state(store, database, folder, now):
    """Chats are added in pairs, each in a transaction: no copy may hold half a pair."""
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with store.writing() as session:
                for half in ("a", "b"):
                    chats.add_chat(
                        session,
                        f"pair:{number}:{half}",
                        language="de",
                        zone="UTC",
                        schedule="off",
                        now=now,
                    )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(5):
            back_up(database, folder / f"{turn}.db")
    finally:
        stop.set()
        writer.join()
    for turn in range(5):
        found = [one for one in addresses(folder / f"{turn}.db") if one.startswith("pair:")]
        assert {one[:-2] for one in found if one.endswith("a")} == {
            one[:-2] for one in found if one.endswith("b")
        }


def test_a_damaged_database_is_not_backed_up_over_a_good_backup(store, database, folder):
    back_up(database, folder / "a.db")
    store.close()
    damage(database)
    with pytest.raises(StoreError) as caught:
        back_up(database, folder / "a.db")
    assert caught.value.code == "damaged"
    assert addresses(folder / "a.db") == ["telegram:1"]
    assert left_in(folder) == ["a.db"]


def test_a_backup_that_dies_half_way_leaves_nothing(database, folder, monkeypatch):
    def dies(_source, _target):
        raise KeyboardInterrupt

    back_up(database, folder / "a.db")
    monkeypatch.setattr(backup, "_pour", dies)
    for target in ("a.db", "b.db"):
        with pytest.raises(KeyboardInterrupt):
            back_up(database, folder / target)
    assert left_in(folder) == ["a.db"]


def test_a_full_disk_leaves_the_old_backup(database, folder, monkeypatch):
    back_up(database, folder / "a.db")
    connect = backup._connect

    def small(path, mode):
        made = connect(path, mode)
        if path.suffix == ".part":
            made.execute("PRAGMA max_page_count = 3")
        return made

    monkeypatch.setattr(backup, "_connect", small)
    with pytest.raises(StoreError) as caught:
        back_up(database, folder / "a.db")
    assert caught.value.code == "disk_full"
    assert left_in(folder) == ["a.db"]
    assert addresses(folder / "a.db") == ["telegram:1"]


def test_a_backup_gives_up_on_a_database_that_stays_locked(tmp_path, folder, monkeypatch):
    path = tmp_path / "plain.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE a (b)")
    holder.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(backup, "_PATIENCE", 0)
    monkeypatch.setattr(
        backup, "_connect", lambda path, mode: sqlite3.connect(path, timeout=0, uri=True)
    )
    with pytest.raises(StoreError) as caught:
        back_up(path, folder / "a.db")
    assert caught.value.code == "locked"
    holder.close()


def test_nothing_but_a_backup_is_overwritten(database, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Liebe Anna, ich schreibe Dir aus Genf.", "utf-8")
    (tmp_path / "folder").mkdir()
    for target, code in ((letter, "not_a_backup"), (database, "same_file")):
        with pytest.raises(StoreError) as caught:
            back_up(database, target)
        assert caught.value.code == code
    assert letter.read_text("utf-8").startswith("Liebe Anna")
    with pytest.raises(StoreError) as caught:
        back_up(database, tmp_path / "folder")
    assert caught.value.code == "not_a_backup"
    with pytest.raises(StoreError) as caught:
        back_up(tmp_path / "nowhere.db", tmp_path / "a.db")
    assert caught.value.code == "no_database"


def test_a_link_to_the_database_is_the_database(database, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(database)
    with pytest.raises(StoreError) as caught:
        back_up(database, link)
    assert caught.value.code == "same_file"


def test_a_backup_that_cannot_be_written_is_said(database, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as caught:
        back_up(database, tmp_path / "file" / "a.db")
    assert caught.value.code == "read_only"


def test_the_newest_are_kept_and_other_files_let_alone(database, folder, now):
    times = [now + timedelta(days=day) for day in (3, 0, 4, 1, 2)]
    for time in times:
        back_up(database, named(folder, "depesche", time))
    (folder / "depesche-notes.db").write_text("x")
    (folder / "other-20260101T000000Z.db").write_text("x")
    gone = prune(folder, "depesche", 2)
    assert [path.name for path in gone] == [
        f"depesche-2026011{day}T120000Z.db" for day in (0, 1, 2)
    ]
    assert left_in(folder) == [
        "depesche-20260113T120000Z.db",
        "depesche-20260114T120000Z.db",
        "depesche-notes.db",
        "other-20260101T000000Z.db",
    ]
    assert prune(folder, "depesche", 2) == []


def put_back(one, database, tmp_path):
    return restore(one, database, tmp_path / "aside.db", known_revisions())


def test_what_is_restored_is_what_was_backed_up_and_what_was_there_is_kept(
    store, database, folder, now, tmp_path
):
    back_up(database, folder / "a.db")
    chat(store, now, "telegram:2")
    # The store is open all the while, as that of a terminal may be: it sees the change.
    assert put_back(folder / "a.db", database, tmp_path)
    with store.reading() as session:
        assert chats.chat_at(session, "telegram:1") is not None
        assert chats.chat_at(session, "telegram:2") is None
    assert addresses(tmp_path / "aside.db") == ["telegram:1", "telegram:2"]
    chat(store, now, "telegram:3")
    store.check()


def test_a_database_that_is_not_there_is_restored(database, folder, tmp_path):
    back_up(database, folder / "a.db")
    other = tmp_path / "new" / "depesche.db"
    assert not put_back(folder / "a.db", other, tmp_path)
    assert addresses(other) == ["telegram:1"]
    assert not (tmp_path / "aside.db").exists()


def test_a_damaged_database_is_replaced_its_log_with_it(store, database, folder, tmp_path):
    back_up(database, folder / "a.db")
    store.close()
    damage(database)
    before = database.read_bytes()
    log = database.with_name("depesche.db-wal")
    log.write_bytes(b"a log of another time")
    assert put_back(folder / "a.db", database, tmp_path)
    assert addresses(database) == ["telegram:1"]
    assert not log.exists()
    assert (tmp_path / "aside.db").read_bytes() == before
    assert (tmp_path / "aside.db-wal").read_bytes() == b"a log of another time"


def test_what_is_no_good_is_not_restored(database, folder, tmp_path):
    back_up(database, folder / "good.db")
    before = addresses(database)

    def refused(path):
        with pytest.raises(StoreError) as caught:
            put_back(path, database, tmp_path)
        assert addresses(database) == before
        assert not (tmp_path / "aside.db").exists()
        return caught.value.code

    assert refused(folder / "nowhere.db") == "no_database"
    assert refused(database) == "same_file"

    text = folder / "text.db"
    text.write_text("no database" * 1000)
    assert refused(text) == "damaged"

    other = folder / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE a (b)")
    assert refused(other) == "not_a_backup"

    newer = folder / "newer.db"
    back_up(database, newer)
    with closing(sqlite3.connect(newer, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert refused(newer) == "newer_database"

    cut = folder / "cut.db"
    cut.write_bytes((folder / "good.db").read_bytes()[:20_000])
    assert refused(cut) == "damaged"


def test_a_restore_that_dies_half_way_leaves_the_database(
    database, folder, tmp_path, now, store, monkeypatch
):
    back_up(database, folder / "a.db")
    chat(store, now, "telegram:2")
    pour, calls = backup._pour, []

    def dies(source, target):
        calls.append(target)
        if len(calls) < 2:  # the copy that is kept
            return pour(source, target)
        source.backup(target, pages=2, progress=lambda *_: 1 / 0)
        return None

    monkeypatch.setattr(backup, "_pour", dies)
    with pytest.raises(ZeroDivisionError):
        put_back(folder / "a.db", database, tmp_path)
    assert addresses(database) == ["telegram:1", "telegram:2"]
    store.check()


def test_a_backup_of_an_older_version_is_restored_and_brought_along(tmp_path, folder):
    from pathlib import Path

    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((Path(__file__).parent / "first_revision.sql").read_text("utf-8"))
    back_up(old, folder / "old.db")
    new = tmp_path / "depesche.db"
    put_back(folder / "old.db", new, tmp_path)
    store = open_store(f"sqlite:///{new}")
    assert not store.is_current()
    kept = store.migrate()
    store.check()
    assert kept is not None
    assert inspect(kept, known_revisions()) == "0001"
    store.close()


def test_names_order_as_times_do(tmp_path):
    times = [datetime(2026, 1, 9, 23, 59, 59, tzinfo=UTC) + timedelta(seconds=s) for s in range(3)]
    names = [named(tmp_path, "x", time).name for time in times]
    assert names == sorted(names)
    assert len(set(names)) == 3
