"""What SQLite and the system say when a database cannot be used, as StoreErrors.

The codes: ``locked``, ``read_only``, ``disk_full``, ``disk_trouble``,
``damaged``, and ``database`` for whatever else the driver reports.
SQLite's names are those of sqlite.org/rescode.html.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DatabaseError, OperationalError

from digests.errors import StoreError

# The first prefix that fits counts: what is more exact comes first.
_SQLITE_CODES: Final = (
    ("SQLITE_BUSY", "locked"),
    ("SQLITE_LOCKED", "locked"),
    ("SQLITE_PROTOCOL", "locked"),
    ("SQLITE_READONLY", "read_only"),
    ("SQLITE_CANTOPEN", "read_only"),
    ("SQLITE_PERM", "read_only"),
    ("SQLITE_AUTH", "read_only"),
    ("SQLITE_FULL", "disk_full"),
    ("SQLITE_IOERR_SHMSIZE", "disk_full"),  # the shared index of the WAL could not grow
    ("SQLITE_IOERR_CORRUPTFS", "damaged"),
    ("SQLITE_IOERR", "disk_trouble"),
    ("SQLITE_CORRUPT", "damaged"),
    ("SQLITE_NOTADB", "damaged"),
)
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def in_words() -> Iterator[None]:
    """Raise StoreError for what SQLAlchemy or sqlite3 raise; a broken constraint passes."""
    try:
        yield
    except DatabaseError as error:
        code = _code(error.orig)
        if code is None and not isinstance(error, OperationalError):
            raise
        raise StoreError(code or "database", detail=str(error.orig)) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(_code(error) or "database", detail=str(error)) from error


def of_system(error: OSError) -> StoreError:
    """The StoreError for a file that the system would not read, make or write."""
    detail = error.strerror or str(error)
    if error.errno in _FULL:
        return StoreError("disk_full", detail=detail)
    if error.errno == errno.EIO:
        return StoreError("disk_trouble", detail=detail)
    return StoreError("read_only", detail=detail)


def _code(error: BaseException | None) -> str | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    return next((code for prefix, code in _SQLITE_CODES if name.startswith(prefix)), None)
