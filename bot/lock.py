"""The lock that lets one process run the bot on a database.

It is the system's own lock on a file beside the database (flock; on Windows
msvcrt), so that it ends with its process, however that dies, and survives no
restart. Programs that only ask, take in or back up need no lock: the database
keeps them apart. A database that is no file has its lock in the data folder, and
is then guarded on this machine only.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bot.settings import Settings
from digests.errors import StoreError
from digests.store import database_file

_SPOT: Final = 1 << 20
"""The byte that Windows locks: beyond the number of the process, which is to be read."""


class RunLock:
    """Held from ``with`` to its end. Raises StoreError("running", pid=…) where another holds it.

    ``pid`` is the other's process id, "?" where it is not known. Raises
    StoreError("read_only") where the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError("read_only", detail=error.strerror) from error
        try:
            _lock(handle)
        except OSError as error:
            pid = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise StoreError("running", pid=pid or "?") from error
        # The file stays when the lock ends: whoever deleted it could delete another's.
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def lock_of(settings: Settings) -> RunLock:
    """The lock of the database that the settings name."""
    path = database_file(settings.database)
    if path is not None:
        return RunLock(path.with_name(f"{path.name}.lock"))
    name = hashlib.sha256(settings.database.encode()).hexdigest()[:16]
    return RunLock(settings.data_dir / f"database-{name}.lock")


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _SPOT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
