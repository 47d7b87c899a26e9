"""Turns: the threads of one process write in the order in which they asked.

SQLite lets whoever comes at the right moment write: a thread that writes one
transaction after another leaves others hardly a gap, busy timeout or not.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from digests.errors import StoreError


class Turns:
    """A lock that is handed on in the order of asking. Not to be asked for twice by a thread."""

    def __init__(self, patience: float) -> None:
        """``patience`` is how many seconds a turn is waited for."""
        self._patience = patience
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for the turn, and hand it on in the end. Raises StoreError("locked")."""
        turn = threading.Event()
        with self._guard:
            self._queue.append(turn)
            if self._queue[0] is turn:
                turn.set()
        try:
            if not turn.wait(self._patience):
                raise StoreError("locked", detail="another thread writes for long")
            yield
        finally:
            self._hand_on(turn)

    def _hand_on(self, turn: threading.Event) -> None:
        with self._guard:
            self._queue.remove(turn)
            if self._queue:
                self._queue[0].set()
