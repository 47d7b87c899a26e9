"""Texts of old reports are removed: what is left is what a catalogue would hold of them.

The title stays, with link, date and whom the report names, so that stories and
counts of reports remain true. What can no longer be quoted is no longer counted
either: statements, events. The search finds such a report by its title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import exists, update
from sqlmodel import Session, col, select

from digests.store.archive.date_rows import drop_dates
from digests.store.archive.item_rows import READING
from digests.store.archive.word_index import drop_words, write_words
from digests.store.engine import Store
from digests.tables import ItemActorRow, ItemRow, RevisionRow, row_id
from digests.types import Reading
from digests.words import stems

_AT_ONCE: Final = 100
"""Items in a transaction: others write in between."""


def cut_old(store: Store, before: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """Remove the texts of items all of whose revisions came in ``before``; gives how many items.

    In small transactions, until nothing is left to do or ``stopped`` says so.
    """
    done = 0
    while not stopped():
        with store.writing() as session:
            cut = _cut_some(session, before)
        done += cut
        if cut < _AT_ONCE:
            break
    return done


def _cut_some(session: Session, before: datetime) -> int:
    later = exists().where(
        col(RevisionRow.item_id) == col(ItemRow.id), col(RevisionRow.ingested_at) >= before
    )
    items = session.exec(
        select(ItemRow)
        .where(col(ItemRow.text_gone).is_(False), col(ItemRow.ingested_at) < before, ~later)
        .order_by(col(ItemRow.ingested_at))
        .limit(_AT_ONCE)
    ).all()
    for item in items:
        _cut(session, item)
    session.flush()
    return len(items)


def _cut(session: Session, item: ItemRow) -> None:
    number = row_id(item.id)
    for row in session.exec(select(RevisionRow).where(RevisionRow.item_id == number)):
        title = row.text[: row.title_end]
        reading = within(READING.validate_python(row.reading), title)
        row.text = title
        row.reading = READING.dump_python(reading, mode="json", exclude_defaults=True)
        session.add(row)
        if row.revision == item.revision:
            drop_dates(session, number)
            drop_words(session, number)
            write_words(session, number, stems(title, row.language))
            _count_statements(session, number, reading)
    item.text_gone = True
    session.add(item)


def within(reading: Reading, title: str) -> Reading:
    """What was understood of a text, as far as its title bears it; whom it names stays whole."""
    end = len(title)
    return replace(
        reading,
        sentences=tuple(one for one in reading.sentences if one.end <= end),
        statements=tuple(one for one in reading.statements if one.end <= end),
        timexes=tuple(one for one in reading.timexes if one.end <= end),
        events=(),
        terms=dict(Counter(stems(title, reading.language))),
    )


def _count_statements(session: Session, item_id: int, reading: Reading) -> None:
    left = Counter(one.actor for one in reading.statements if one.actor)
    here = col(ItemActorRow.item_id) == item_id
    session.exec(update(ItemActorRow).where(here).values(statements=0))
    for actor, statements in left.items():
        mine = here & (col(ItemActorRow.actor_id) == actor)
        session.exec(update(ItemActorRow).where(mine).values(statements=statements))
