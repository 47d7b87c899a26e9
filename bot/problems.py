"""What was logged as a warning or worse, collected for the operator: words, and of no chat."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from digests.store.notes import Problem

_MOST: Final = 200
_CHAT: Final = re.compile(r"telegram:-?\d+")
_DELIVERY: Final = re.compile(r"delivery \S+:? ?")
"""The key of a delivery, in which our number of a chat stands."""


class Collected(logging.Handler):
    """The last problems that were logged and not yet kept."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._found: deque[Problem] = deque(maxlen=_MOST)

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record; that it is of a certain chat is left out."""
        words = _DELIVERY.sub("delivery: ", _CHAT.sub("…", record.getMessage()))
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            words = f"{words} ({type(error).__name__}: {_CHAT.sub('…', str(error))[:200]})"
        at = datetime.fromtimestamp(record.created, UTC)
        self._found.append(Problem(record.name, record.levelname, " ".join(words.split()), at))

    def keep(self, note: Callable[[list[Problem]], None]) -> None:
        """Hand what was collected over; it is collected still where that fails."""
        found = list(self._found)
        if found:
            note(found)
            for _ in found:
                self._found.popleft()


@contextmanager
def collecting() -> Iterator[Collected]:
    """Collect what is logged in the block, whoever logs it."""
    handler = Collected()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
