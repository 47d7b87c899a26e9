"""Opening the database: engine, transactions, migrations, and errors in words of our own.

SQLite runs in WAL mode with foreign keys on. A transaction that will write
begins IMMEDIATE: one that begins by reading and then writes fails at once with
"database is locked", busy timeout or not (sqlite.org/lang_transaction.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session

from digests.errors import StoreError

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
_BUSY_SECONDS: Final = 30


class Store:
    """A database with Depesche's tables. Open it with :func:`open_store`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, seeing one state of the data throughout.

        Raises StoreError as :meth:`writing` does.
        """
        with _in_words(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: committed when the block ends, undone if it raises.

        Raises StoreError with code ``locked``, ``read_only``, ``disk_full``,
        ``damaged`` or ``database`` where the database cannot be used.
        """
        engine = self._engine.execution_options(depesche_writes=True)
        with _in_words(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest revision, all or nothing; the second of two waits."""
        engine = self._engine.execution_options(depesche_writes=True)
        with _in_words(), engine.connect() as connection:
            config = migration_config()
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")

    def revision(self) -> str | None:
        """The revision the tables are at; None in a database without them."""
        with _in_words(), self._engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def check(self) -> None:
        """Raise StoreError unless the tables are at the newest revision and the file is sound."""
        newest = newest_revision()
        found = self.revision()
        if found != newest:
            raise StoreError("wrong_revision", found=found, wanted=newest)
        with _in_words(), self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if answer != "ok":
                    raise StoreError("damaged", detail=str(answer))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy URL; makes the folder of an SQLite file.

    Raises StoreError("bad_database_url") for a URL that names no database, and
    StoreError("read_only") where the folder cannot be made.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args=_connect_args(parsed.get_backend_name()))
    except (ArgumentError, ImportError) as error:
        raise StoreError("bad_database_url") from error
    except OSError as error:
        raise StoreError("read_only", detail=error.strerror) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return Store(engine)


def migration_config() -> alembic.config.Config:
    """Alembic's configuration; made here, so that no .ini file needs to be found."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    """The newest migration this version of Depesche knows."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def _connect_args(backend: str) -> dict[str, Any]:
    return {"timeout": _BUSY_SECONDS, "check_same_thread": False} if backend == "sqlite" else {}


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    # The driver must not begin transactions by itself: _on_begin does, in the mode that is meant.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("depesche_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_SQLITE_CODES: Final = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_FULL": "disk_full",
    "SQLITE_IOERR": "disk_full",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        name = getattr(error.orig, "sqlite_errorname", "")
        for prefix, code in _SQLITE_CODES.items():
            if name.startswith(prefix):
                raise StoreError(code, detail=str(error.orig)) from error
        if isinstance(error, OperationalError):
            raise StoreError("database", detail=str(error.orig)) from error
        raise
