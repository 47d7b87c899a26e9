"""Backups of an SQLite file: taken beside running programs, checked, put back.

A backup is one file that needs no other. It is written under a passing name by
SQLite's online backup (sqlite.org/backup.html: one state of the data, writers
need not stop), checked, made durable, and only then given its name: a file with
that name is whole. Every function takes paths; the engine is not needed.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from digests.errors import StoreError
from digests.store.trouble import in_words, of_system

SIDES: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database."""

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_STAMPED: Final = re.compile(r"-\d{8}T\d{6}Z\.db")
_PATIENCE: Final = 120  # tries, a quarter of a second apart
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def back_up(database: Path, target: Path) -> None:
    """Write a checked copy of ``database`` to ``target``, replacing a backup that stands there.

    Raises StoreError: ``no_database`` where there is none, ``not_a_backup``
    where ``target`` is something else, ``damaged`` where the copy is not sound,
    ``disk_full``, ``read_only`` or ``locked``. ``target`` is then as it was.
    """
    if not database.is_file():
        raise StoreError("no_database", path=str(database))
    _require_replaceable(database, target)
    with _written_whole(target) as partial, in_words():
        _copy(database, partial)


def named(folder: Path, stem: str, now: datetime) -> Path:
    """The file for a backup taken ``now`` (UTC) in a folder of backups."""
    return folder / f"{stem}-{now:{_STAMP}}.db"


def prune(folder: Path, stem: str, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups that :func:`named` named; gives those deleted."""
    # The stamp orders by name as by time.
    found = sorted(
        path for path in folder.glob(f"{stem}-*.db") if _STAMPED.fullmatch(path.name[len(stem) :])
    )
    gone = found[: max(0, len(found) - keep)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def inspect(path: Path, known: Collection[str]) -> str:
    """The revision of a backup that can be put back: sound, Depesche's, and not too new.

    ``known`` are the revisions of this version. Raises StoreError
    ``no_database``, ``damaged``, ``not_a_backup`` or ``newer_database``.
    """
    if not path.is_file():
        raise StoreError("no_database", path=str(path))
    with in_words():
        _require_sound(path)
        with closing(_connect(path, "ro")) as connection:
            revision = _revision(connection)
    if revision is None:
        raise StoreError("not_a_backup", path=str(path))
    if revision not in known:
        raise StoreError("newer_database", found=revision)
    return revision


def restore(backup: Path, database: Path, aside: Path, known: Collection[str]) -> bool:
    """Put a backup in the place of ``database``, keeping what was there at ``aside``.

    Gives whether there was something to keep. No bot may run. A sound database
    is overwritten in one transaction of its own, so that whoever has it open
    sees the old state or the new one; a damaged one is replaced as a file.
    Raises StoreError as :func:`inspect` and :func:`back_up` do; the database is
    then as it was.
    """
    inspect(backup, known)
    if backup.resolve() == database.resolve():
        raise StoreError("same_file", path=str(backup))
    if not database.exists() or database.stat().st_size == 0:
        _replace(backup, database)
        return False
    try:
        back_up(database, aside)
    except StoreError as error:
        if error.code != "damaged":
            raise
        _keep_as_it_is(database, aside)
        _replace(backup, database)
        return True
    with (
        in_words(),
        closing(_connect(backup, "ro")) as source,
        closing(_connect(database, "rw")) as target,
    ):
        _pour(source, target)
    return True


def _require_replaceable(database: Path, target: Path) -> None:
    """What a backup overwrites is a backup: not the database, nor any other file."""
    if target.resolve() == database.resolve():
        raise StoreError("same_file", path=str(target))
    if target.is_dir():
        raise StoreError("not_a_backup", path=str(target))
    try:
        with target.open("rb") as file:
            if file.read(16) not in (b"", b"SQLite format 3\0"):
                raise StoreError("not_a_backup", path=str(target))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise of_system(error) from error


@contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """A file under a passing name, readable by its owner alone; renamed if the block ends well."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield partial
        _make_durable(partial)
        partial.replace(target)
        _make_durable(target.parent)
    except OSError as error:
        raise of_system(error) from error
    finally:
        with suppress(OSError):
            for path in (partial, *_beside(partial)):
                path.unlink(missing_ok=True)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)


def _copy(source: Path, target: Path) -> None:
    """Fill an empty file with a copy of a database; it needs no other file, and is sound."""
    with closing(_connect(source, "ro")) as one, closing(_connect(target, "rw")) as other:
        _pour(one, other)
        other.execute("PRAGMA journal_mode=DELETE")
    _require_sound(target)


def _pour(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    tries = 0

    def waiting(status: int, _remaining: int, _total: int) -> None:
        # The driver itself would try for ever.
        nonlocal tries
        tries += status in _BUSY
        if tries > _PATIENCE:
            raise StoreError("locked", detail="database is locked")

    source.backup(target, progress=waiting)


def _require_sound(path: Path) -> None:
    with closing(_connect(path, "ro")) as connection:
        answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if answer != "ok":
            raise StoreError("damaged", detail=str(answer))


def _revision(connection: sqlite3.Connection) -> str | None:
    table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'alembic_version'"
    if connection.execute(table).fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _replace(backup: Path, database: Path) -> None:
    with _written_whole(database) as partial, in_words():
        _copy(backup, partial)
        # A log that belongs to another database would be played into this one.
        for path in _beside(database):
            path.unlink(missing_ok=True)


def _keep_as_it_is(database: Path, aside: Path) -> None:
    try:
        for path, kept in zip(
            (database, *_beside(database)), (aside, *_beside(aside)), strict=True
        ):
            if path.exists():
                shutil.copy2(path, kept)
    except OSError as error:
        raise of_system(error) from error


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + side) for side in SIDES)


def _make_durable(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
