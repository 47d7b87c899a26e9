"""Opening the database: engine, transactions, migrations.

SQLite runs in WAL mode with foreign keys on. A transaction that will write
begins IMMEDIATE: one that begins by reading and then writes fails at once with
"database is locked", busy timeout or not (sqlite.org/lang_transaction.html).
A commit is on the disk before it returns (synchronous=FULL): a claim that a
power cut takes back would let a message be sent twice without a word.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlmodel import Session

from digests.errors import StoreError
from digests.store.backup import back_up
from digests.store.trouble import in_words, of_system
from digests.store.turns import Turns

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
_PATIENCE: Final = 60.0


class Store:
    """A database with Depesche's tables. Open it with :func:`open_store`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Turns(_PATIENCE)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, seeing one state of the data throughout.

        Raises StoreError as :meth:`writing` does.
        """
        with in_words(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: committed when the block ends, undone if it raises.

        Raises StoreError with code ``locked``, ``read_only``, ``disk_full``,
        ``damaged`` or ``database`` where the database cannot be used.
        """
        engine = self._engine.execution_options(depesche_writes=True)
        with (
            self._turns.mine(),
            in_words(),
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @property
    def file(self) -> Path | None:
        """The database's file, links resolved; None where it is no file."""
        return database_file(self._engine.url)

    def is_current(self) -> bool:
        """Whether the tables are at the newest revision this version knows."""
        return self.revision() == newest_revision()

    def migrate(self) -> Path | None:
        """Bring the tables to the newest revision, all or nothing; the second of two waits.

        A database that holds something is checked and backed up first; gives
        that backup. Raises StoreError: ``newer_database`` where a newer version
        of Depesche made it, ``damaged``, ``disk_full``, ``migration_failed``,
        or as :meth:`writing` does. The database is then as it was.
        """
        engine = self._engine.execution_options(depesche_writes=True)
        with in_words(), engine.connect() as connection, connection.begin():
            found = MigrationContext.configure(connection).get_current_revision()
            if found == newest_revision():
                return None
            self._require_known(found)
            kept = self._back_up(found) if found is not None else None
            config = migration_config()
            config.attributes["connection"] = connection
            try:
                alembic.command.upgrade(config, "head")
            except DatabaseError:
                raise
            except Exception as error:
                raise StoreError("migration_failed", detail=str(error)) from error
            return kept

    def revision(self) -> str | None:
        """The revision the tables are at; None in a database without them."""
        with in_words(), self._engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def check(self) -> None:
        """Raise StoreError unless the tables are at the newest revision and the file is sound."""
        found = self.revision()
        self._require_known(found)
        if found != newest_revision():
            raise StoreError("wrong_revision", found=found, wanted=newest_revision())
        with in_words(), self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if answer != "ok":
                    raise StoreError("damaged", detail=str(answer))

    def _require_known(self, revision: str | None) -> None:
        if revision is not None and revision not in known_revisions():
            raise StoreError("newer_database", found=revision)

    def _back_up(self, revision: str) -> Path | None:
        # The writer's lock is ours: nothing changes between the copy and the migration.
        path = self.file
        if path is None:
            return None
        kept = path.with_name(f"{path.stem}-before-{newest_revision()}-was-{revision}.db")
        back_up(path, kept)
        return kept

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_store(url: str, *, patience: float = 30) -> Store:
    """Open the database at an SQLAlchemy URL; makes the folder and file of an SQLite database.

    Both are for their owner alone. ``patience`` is how many seconds a
    transaction waits for another program's. Raises
    StoreError("bad_database_url") for a URL that names no database, and
    ``read_only`` or ``disk_full`` where the folder or file cannot be made.
    """
    try:
        parsed = make_url(url)
        if path := database_file(parsed):
            _make(path)
        engine = create_engine(parsed, connect_args=_connect_args(parsed, patience))
    except (ArgumentError, ImportError) as error:
        raise StoreError("bad_database_url") from error
    except OSError as error:
        raise of_system(error) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return Store(engine)


def database_file(url: URL | str) -> Path | None:
    """The file of an SQLite URL, links resolved; None for another database, or one in memory.

    Raises StoreError("bad_database_url") for what is no URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("bad_database_url") from error
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name.startswith((":memory:", "file:")):
        return None
    return Path(name).resolve()


def known_revisions() -> frozenset[str]:
    """All migrations this version of Depesche knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def migration_config() -> alembic.config.Config:
    """Alembic's configuration; made here, so that no .ini file needs to be found."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    """The newest migration this version of Depesche knows."""
    return _scripts().get_current_head()


@cache
def _scripts() -> ScriptDirectory:
    """The migrations; read once, as each is a file of its own."""
    return ScriptDirectory.from_config(migration_config())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _connect_args(url: URL, patience: float) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {}
    return {"timeout": patience, "check_same_thread": False}


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    # The driver must not begin transactions by itself: _on_begin does, in the mode that is meant.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("depesche_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
