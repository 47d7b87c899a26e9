"""Which actors were merged into which. Every function takes the session of a transaction.

What rests on it elsewhere (index tables, subscriptions, topics) is brought
along by digests.desk.merging, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import delete
from sqlmodel import Session, col, select

from digests.actors import merging
from digests.actors.merging import Why
from digests.tables import ActorApartRow, ActorMergeRow, CounterRow

_CHANGES: Final = "merges"
_STANDING: Final = "survivors"


@dataclass(frozen=True, slots=True)
class Merge:
    """That ``absorbed`` was merged into ``into``, why, by which items, and when."""

    absorbed: str
    into: str
    why: Why
    items: tuple[int, ...]
    at: datetime


def version(session: Session) -> int:
    """A number that changes with every merge and split."""
    row = session.get(CounterRow, _CHANGES)
    return row.value if row else 0


def merges(session: Session) -> dict[str, Merge]:
    """All merges, by the absorbed actor."""
    rows = session.exec(select(ActorMergeRow).order_by(col(ActorMergeRow.absorbed_id)))
    return {row.absorbed_id: _merge(row) for row in rows}


def survivors(session: Session) -> Mapping[str, str]:
    """Absorbed actor -> who stands for it; read once in a transaction."""
    if _STANDING not in session.info:
        rows = session.exec(select(ActorMergeRow.absorbed_id, ActorMergeRow.into_id))
        session.info[_STANDING] = merging.survivors(dict(rows.all()))
    return cast("Mapping[str, str]", session.info[_STANDING])


def survivor(session: Session, actor_id: str) -> str:
    """Who stands for an actor: itself, unless it was absorbed."""
    return survivors(session).get(actor_id, actor_id)


def group(session: Session, actor_id: str) -> frozenset[str]:
    """An actor with all that it absorbed, directly or not."""
    edges = {one.absorbed: one.into for one in merges(session).values()}
    return merging.absorbed_by(actor_id, edges)


def absorb(
    session: Session,
    absorbed: str,
    into: str,
    why: Why,
    *,
    now: datetime,
    items: Sequence[int] = (),
) -> None:
    """Write a merge of two actors that stand for themselves; both have their rows.

    Raises ValueError where either was absorbed, or both are one.
    """
    if absorbed == into or not survivors(session).keys().isdisjoint({absorbed, into}):
        raise ValueError(f"{absorbed} cannot be merged into {into}")
    session.add(
        ActorMergeRow(absorbed_id=absorbed, into_id=into, why=why, items=list(items), merged_at=now)
    )
    session.exec(delete(ActorApartRow).where(col(ActorApartRow.actor_id) == absorbed))
    _changed(session)


def confirm(session: Session, absorbed: str) -> None:
    """The operator stands by a merge that evidence made: no evidence takes it back."""
    session.get_one(ActorMergeRow, absorbed).why = Why.OPERATOR
    _changed(session)


def release(session: Session, absorbed: str) -> None:
    """Take a merge back. From now on only the operator merges the actor again."""
    session.merge(ActorApartRow(actor_id=absorbed))
    session.delete(session.get_one(ActorMergeRow, absorbed))
    _changed(session)


def apart(session: Session, actor_ids: Collection[str]) -> set[str]:
    """Of some actors, those that were split off once."""
    wanted = col(ActorApartRow.actor_id).in_(actor_ids)
    return set(session.exec(select(ActorApartRow.actor_id).where(wanted)))


def _changed(session: Session) -> None:
    row = session.get(CounterRow, _CHANGES) or CounterRow(name=_CHANGES)
    row.value += 1
    session.add(row)
    session.flush()
    session.info.pop(_STANDING, None)


def _merge(row: ActorMergeRow) -> Merge:
    return Merge(row.absorbed_id, row.into_id, Why(row.why), tuple(row.items), row.merged_at)
