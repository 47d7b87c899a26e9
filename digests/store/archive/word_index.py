"""The full-text index over the stems of items, and how often words and actors occur."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy
from sqlalchemy import Select, func, text
from sqlmodel import Session, col, select

from digests.migrations.search import INDEX, PARTS, TERMS, VOCABULARY
from digests.store.archive.chunks import chunks
from digests.tables import ItemActorRow

_SHORTEST_PART: Final = 3  # characters that the index of parts is asked by


def write_words(session: Session, item_id: int, stems: Iterable[str]) -> None:
    """Let an item be found by these stems."""
    words = list(stems)
    session.execute(
        text(f"INSERT INTO {INDEX} (rowid, stems) VALUES (:id, :stems)"),  # noqa: S608 - a constant
        {"id": item_id, "stems": " ".join(words)},
    )
    if words:
        session.execute(
            text(f"INSERT OR IGNORE INTO {TERMS} (term) VALUES (:term)"),  # noqa: S608 - constants
            [{"term": word} for word in dict.fromkeys(words)],
        )


def drop_words(session: Session, item_id: int) -> None:
    """Let an item no longer be found; stems that no other holds are forgotten."""
    given = {"id": item_id}
    written = session.execute(
        text(f"SELECT stems FROM {INDEX} WHERE rowid = :id"),  # noqa: S608 - constants
        given,
    ).scalar()
    session.execute(text(f"DELETE FROM {INDEX} WHERE rowid = :id"), given)  # noqa: S608 - constants
    if written:
        session.execute(
            text(
                f"DELETE FROM {TERMS} WHERE term = :term"  # noqa: S608 - constants
                f" AND NOT EXISTS (SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH :quoted)"
            ),
            [{"term": one, "quoted": _quoted(one)} for one in dict.fromkeys(written.split())],
        )


def search(
    session: Session,
    groups: Sequence[Sequence[str]],
    limit: int,
    within: Select[int | None] | None = None,
    *,
    newest: bool = False,
) -> list[int]:
    """Items whose stems hold, for each group, one of its stems; best first (BM25).

    Several stems in one string must follow each other. ``within`` gives the ids that
    the items must be among; ``newest`` asks for those taken in last, highest ids first.
    """
    if not groups or not all(groups):
        return []
    query = " AND ".join("(" + " OR ".join(map(_quoted, group)) + ")" for group in groups)
    number = sqlalchemy.column("rowid", sqlalchemy.Integer)
    found = (
        sqlalchemy.select(number)
        .select_from(sqlalchemy.table(INDEX))
        .where(text(f"{INDEX} MATCH :query"))
        .order_by(number.desc() if newest else text("rank"))
        .limit(limit)
    )
    if within is not None:
        # The plus keeps SQLite from asking the index anew for each of thousands of ids.
        among = sqlalchemy.literal_column("+rowid", sqlalchemy.Integer)
        found = found.where(among.in_(within))
    return list(session.execute(found, {"query": query}).scalars())


def known_stems(session: Session, part: str) -> list[str]:
    """Stems in the archive that contain ``part``; of one or two letters only the very stem."""
    if len(part) < _SHORTEST_PART:
        query, given = f"SELECT term FROM {TERMS} WHERE term = :part", part  # noqa: S608 - constants
    else:
        query, given = f"SELECT term FROM {PARTS} WHERE {PARTS} MATCH :part", _quoted(part)  # noqa: S608 - constants
    return list(session.execute(text(query), {"part": given}).scalars())


def _quoted(stem: str) -> str:
    """A string of the query language of FTS5."""
    return '"' + stem.replace('"', '""') + '"'


def stem_frequencies(session: Session, stems: Iterable[str]) -> dict[str, int]:
    """In how many items each stem occurs."""
    found: dict[str, int] = {}
    for chunk in chunks(list(stems)):
        names = ", ".join(f":s{number}" for number in range(len(chunk)))
        rows = session.execute(
            text(f"SELECT term, doc FROM {VOCABULARY} WHERE term IN ({names})"),  # noqa: S608 - names of parameters
            {f"s{number}": stem for number, stem in enumerate(chunk)},
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def actor_frequencies(session: Session, actor_ids: Iterable[str]) -> dict[str, int]:
    """In how many items each actor is named."""
    found: dict[str, int] = {}
    for chunk in chunks(list(actor_ids)):
        rows = session.exec(
            select(ItemActorRow.actor_id, func.count())
            .where(col(ItemActorRow.actor_id).in_(chunk))
            .group_by(col(ItemActorRow.actor_id))
        )
        found.update((actor, number) for actor, number in rows)
    return found
