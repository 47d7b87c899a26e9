"""The command line's own work: backups and what goes wrong, said in words and with a status."""

import logging
import socket
import sqlite3
from contextlib import closing

import pytest

from bot import logs
from bot.__main__ import main
from bot.lock import RunLock
from bot.settings import Settings
from digests.store import chats, open_store

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345678"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder to be called in, without settings; logging is left as the tests have it."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(logs, "start", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(logs, "catch_all", lambda: None)
    (tmp_path / "seeds").mkdir()
    return tmp_path


@pytest.fixture
def call(home, capsys):
    def run(*arguments):
        """The status, what was said, and what was complained of."""
        try:
            status = main(arguments)
        except SystemExit as left:
            status = left.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return run


def database(home):
    return home / "data" / "depesche.db"


def with_chat(home, address):
    store = open_store(f"sqlite:///{database(home)}")
    store.migrate()
    with store.writing() as session:
        from datetime import UTC, datetime

        chats.add_chat(
            session,
            address,
            language="de",
            zone="UTC",
            schedule="off",
            now=datetime(2026, 1, 10, tzinfo=UTC),
        )
    store.close()


def addresses(path):
    with closing(sqlite3.connect(path)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT address FROM chat"))


def test_a_folder_of_backups_keeps_the_newest(home, call):
    with_chat(home, "console")
    folder = home / "data" / "backups"
    folder.mkdir()
    old = folder / "depesche-20200101T000000Z.db"
    old.write_bytes(b"")
    status, said, _ = call("backup", "--keep", "1")
    made, gone = said.splitlines()
    assert status == 0
    assert gone == f"- {old.relative_to(home)}"
    assert [str(path.relative_to(home)) for path in folder.iterdir()] == [made]
    assert call("backup", f"{home}/other/")[0] == 0
    assert addresses(next((home / "other").iterdir())) == ["console"]
    assert call("backup", "--keep", "0")[0] == 2


def test_a_backup_is_restored_and_what_was_there_is_kept(home, call):
    with_chat(home, "telegram:1")
    assert call("backup", "copy.db") == (0, "copy.db\n", "")
    with_chat(home, "telegram:2")
    status, said, _ = call("restore", "copy.db")
    assert status == 0
    assert "copy.db" in said.splitlines()[0]
    (aside,) = (home / "data").glob("depesche-replaced-*.db")
    assert str(aside) in said
    assert addresses(database(home)) == ["telegram:1"]
    assert addresses(aside) == ["telegram:1", "telegram:2"]


def test_nothing_is_restored_or_migrated_under_a_bot_that_runs(home, call):
    with_chat(home, "telegram:1")
    call("backup", "copy.db")
    with RunLock(database(home).with_name("depesche.db.lock")):
        for words in (("restore", "copy.db"), ("migrate",), ("once",)):
            status, _, complained = call(*words)
            assert status == 2
            assert "läuft auf diesen Daten schon" in complained
        assert call("backup", "copy.db")[0] == 0


def test_what_is_damaged_is_said_by_whatever_is_called(home, call):
    database(home).parent.mkdir()
    database(home).write_bytes(b"no database at all " * 500)
    before = database(home).read_bytes()
    for words in (("ask", "/latest"), ("ingest", "seeds"), ("once",), ("migrate",), ("backup",)):
        status, _, complained = call(*words)
        assert status == 2, words
        assert "beschädigt" in complained
    assert database(home).read_bytes() == before
    status, said, _ = call("doctor")
    assert status == 1
    assert "depesche restore" in said


def test_a_database_of_a_newer_version_is_let_alone(home, call):
    with_chat(home, "console")
    with closing(sqlite3.connect(database(home), isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("ask", "/latest"), ("migrate",)):
        status, _, complained = call(*words)
        assert status == 2
        assert "neueren Depesche (Stand 9999)" in complained
    assert "neueren Depesche" in call("doctor")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("restore", "nowhere.db"), "keine Datenbank"),
        (("restore", "letter.txt"), "beschädigt"),
        (("restore", "other.db"), "keine Sicherung"),
        (("restore", "data/depesche.db"), "die Datenbank selbst"),
        (("backup", "data/depesche.db"), "die Datenbank selbst"),
        (("backup", "letter.txt"), "keine Sicherung"),
    ],
)
def test_what_cannot_be_done_is_said(home, call, arguments, words):
    with_chat(home, "console")
    (home / "letter.txt").write_text("Liebe Anna, " * 100, "utf-8")
    with closing(sqlite3.connect(home / "other.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
    status, _, complained = call(*arguments)
    assert status == 2
    assert words in complained
    assert addresses(database(home)) == ["console"]


def test_there_is_nothing_to_back_up_yet(home, call):
    status, _, complained = call("backup")
    assert status == 2
    assert "keine Datenbank" in complained


def test_a_database_that_is_no_file_is_backed_up_elsewhere(home, call, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:sehrgeheim@host/depesche")
    status, _, complained = call("backup")
    assert status == 2
    assert "DATABASE_URL" in complained


def test_a_password_in_an_error_is_cut_out(home, call, monkeypatch):
    from digests.errors import StoreError

    def fails(*_args):
        raise StoreError("damaged", detail="postgresql://anna:sehrgeheim@host: sehrgeheim")

    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:sehrgeheim@host/depesche")
    monkeypatch.setattr("bot.__main__._database_file", fails)
    status, _, complained = call("backup")
    assert status == 2
    assert "sehrgeheim" not in complained
    assert "***@host" in complained


def test_a_port_that_is_taken_is_said_before_anything_runs(home, call, monkeypatch, caplog):
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as taken, caplog.at_level(logging.INFO):
        monkeypatch.setenv("METRICS_PORT", str(taken.getsockname()[1]))
        status, _, complained = call("run")
    assert status == 2
    assert "METRICS_PORT" in complained
    assert "running" not in caplog.messages
