"""What the operator asks and says: how things stand, what went wrong, notes to all chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digests.schedule import parse_quiet, parse_zone, quiet_until
from digests.store import Store, belongings, notes, outbox
from digests.store.figures import Figures, figures
from digests.store.notes import Problem
from digests.store.outbox import Parked
from digests.types import Chat

Rendered = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand. ``size`` is the database's in bytes, None where it is no file's.

    ``last_digest`` is when one was composed last, ``deleted`` how many chats ever had all
    that was kept about them deleted.
    """

    figures: Figures
    started_at: datetime
    revision: str | None
    size: int | None
    last_digest: datetime | None
    deleted: int


@dataclass(frozen=True, slots=True)
class Periods:
    """For how many days what was sent is kept, and the texts of reports (0: for good)."""

    sent: int = 30
    texts: int = 0


class Operation:
    """The operator's side of the desk."""

    def __init__(
        self,
        store: Store,
        platform: str,
        started_at: datetime,
        size: Callable[[], int | None] = lambda: None,
        periods: Periods | None = None,
    ) -> None:
        """``platform`` is how the addresses of those begin who are told notes."""
        self._store = store
        self._platform = platform
        self._started_at = started_at
        self._size = size
        self.periods = periods or Periods()

    def status(self, now: datetime) -> Status:
        """How things stand."""
        with self._store.reading() as session:
            return Status(
                figures(session, now),
                self._started_at,
                self._store.revision(),
                self._size(),
                notes.last_digest(session),
                belongings.deleted(session),
            )

    def parked(self) -> list[Parked]:
        """Messages that wait for the operator, newest first."""
        with self._store.reading() as session:
            return outbox.parked(session)

    def problems(self, limit: int) -> list[Problem]:
        """What went wrong last, newest first."""
        with self._store.reading() as session:
            return notes.problems(session, limit)

    def note(self, problems: Sequence[Problem]) -> None:
        """Keep what went wrong."""
        with self._store.writing() as session:
            notes.add_problems(session, problems)

    def draft(self, text: str, now: datetime) -> tuple[int, int]:
        """Keep a note to all; its number, and how many chats it would go to."""
        with self._store.writing() as session:
            number = notes.draft(session, text, now)
            return number, len(notes.audience(session, self._platform, now))

    def send(
        self, number: int, render: Callable[[str, Chat], Rendered], now: datetime
    ) -> int | None:
        """Put a note into the outbox for every chat; how many, None where it went out before.

        Once for each chat, whoever confirms it how often; quiet hours are waited for.
        """
        with self._store.writing() as session:
            text = notes.confirm(session, number, now)
            if text is None:
                return None
            told = notes.audience(session, self._platform, now)
            for chat in told:
                quiet = parse_quiet(chat.quiet) if chat.quiet else None
                outbox.enqueue(
                    session,
                    f"note/{number}/{chat.id}",
                    chat.id,
                    0,
                    "note",
                    render(text, chat),
                    now=now,
                    not_before=quiet_until(quiet, parse_zone(chat.zone), now),
                )
        return len(told)
