"""Feeds as polling sees them: which are due, what is remembered, what is still to be said of them.

Many feeds are noted in one transaction, by statements that take many rows. Every
function takes the session of a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, col, select

from digests.polling import History
from digests.store.archive.chunks import chunks
from digests.store.archive.source_rows import due_rows, source_value
from digests.tables import SourceRow, SubscriptionRow, row_id
from digests.types import FeedNotice, NoticeKind, Source, SourceKind, TargetKind

_COLUMNS: Final = frozenset(SourceRow.model_fields) - {"id", "kind", "added_at"}


@dataclass(frozen=True, slots=True)
class Poll:
    """A feed with what is remembered of asking it.

    ``body_digest`` is of the bytes it gave last, ``ttl`` the wait it wished for
    itself, ``failing_told`` whether its followers were told that it fails.
    """

    source: Source
    history: History
    body_digest: str | None = None
    ttl: timedelta | None = None
    failing_told: bool = False


def due_feeds(session: Session, now: datetime) -> list[Poll]:
    """The feeds to be asked by ``now``, longest due first."""
    return [_poll(row) for row in due_rows(session, SourceKind.FEED, now)]


def poll_of(session: Session, source_id: int) -> Poll:
    """One feed. Raises sqlalchemy's NoResultFound if there is none."""
    return _poll(session.get_one(SourceRow, source_id))


def feeds_at(session: Session, locations: Sequence[str]) -> dict[str, Source]:
    """The feeds that are asked at some addresses, by address; retired ones do not count."""
    found: dict[str, Source] = {}
    for chunk in chunks(locations):
        rows = session.exec(
            select(SourceRow).where(
                SourceRow.kind == SourceKind.FEED,
                ~col(SourceRow.retired),
                col(SourceRow.location).in_(chunk),
            )
        )
        found.update((row.location, source_value(row)) for row in rows)
    return found


def count_added(session: Session, chat_id: int) -> int:
    """How many feeds a chat added that are still asked."""
    return session.exec(
        select(func.count())
        .select_from(SourceRow)
        .where(col(SourceRow.added_by) == chat_id, ~col(SourceRow.retired))
    ).one()


def still_asked(session: Session, source_ids: Sequence[int]) -> set[int]:
    """Of some feeds, those that nobody removed meanwhile."""
    found: set[int] = set()
    for chunk in chunks(source_ids):
        rows = session.exec(
            select(SourceRow.id).where(col(SourceRow.id).in_(chunk), ~col(SourceRow.retired))
        )
        found.update(row_id(one) for one in rows)
    return found


def holders(session: Session, locations: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Of some addresses, which feed has each, and whether that is retired."""
    found: dict[str, tuple[int, bool]] = {}
    for chunk in chunks(locations):
        rows = session.exec(
            select(SourceRow.location, SourceRow.id, SourceRow.retired).where(
                SourceRow.kind == SourceKind.FEED, col(SourceRow.location).in_(chunk)
            )
        )
        found.update((place, (row_id(feed), retired)) for place, feed, retired in rows)
    return found


def retired_for_good(session: Session, locations: Sequence[str]) -> set[str]:
    """Of some addresses, those whose feed is gone for good, or moved to where another is."""
    found: set[str] = set()
    for chunk in chunks(locations):
        found.update(
            session.exec(
                select(SourceRow.location).where(
                    SourceRow.kind == SourceKind.FEED,
                    col(SourceRow.retired),
                    col(SourceRow.error_code).in_(("gone", "moved")),
                    col(SourceRow.location).in_(chunk),
                )
            )
        )
    return found


def note(session: Session, changes: Iterable[tuple[int, Mapping[str, object]]]) -> None:
    """Set columns of many sources, named as in the table; those with the same names at once."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for source_id, columns in changes:
        if not columns.keys() <= _COLUMNS:
            raise AttributeError(", ".join(sorted(columns.keys() - _COLUMNS)))
        names = tuple(sorted(columns))
        row = {f"new_{name}": columns[name] for name in names}
        alike.setdefault(names, []).append({"which": source_id, **row})
    for names, rows in alike.items():
        statement = (
            update(SourceRow)
            .where(col(SourceRow.id) == bindparam("which"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        session.connection().execute(statement, rows)


def notices(session: Session) -> list[FeedNotice]:
    """What is still to be said to those who follow a feed."""
    rows = session.exec(
        select(SourceRow).where(col(SourceRow.notice).is_not(None)).order_by(col(SourceRow.id))
    )
    return [FeedNotice(source_value(row), NoticeKind(row.notice)) for row in rows if row.notice]


def followers(session: Session) -> dict[int, int]:
    """How many chats follow each feed; those that nobody follows are left out."""
    rows = session.exec(
        select(SubscriptionRow.target_id, func.count(func.distinct(SubscriptionRow.chat_id)))
        .where(SubscriptionRow.target_kind == TargetKind.FEED)
        .group_by(col(SubscriptionRow.target_id))
    )
    return {int(target): number for target, number in rows}


def weekly(session: Session) -> dict[int, float | None]:
    """How many entries a week each feed brings, None where that is not known."""
    rows = session.exec(
        select(SourceRow.id, SourceRow.weekly).where(SourceRow.kind == SourceKind.FEED)
    )
    return {row_id(source_id): number for source_id, number in rows}


def _poll(row: SourceRow) -> Poll:
    return Poll(
        source=source_value(row),
        history=History(
            seen_at=row.last_success_at,
            changes=row.changes,
            watched=timedelta(seconds=row.watched),
            failures=row.failures,
            failing_since=row.failing_since,
        ),
        body_digest=row.body_digest,
        ttl=timedelta(seconds=row.ttl) if row.ttl is not None else None,
        failing_told=row.failing_told,
    )
