"""The full-text index over the stems of items, and how often words and actors occur."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy
from sqlalchemy import Select, func, text
from sqlmodel import Session, col, select

from digests.migrations.search import INDEX, VOCABULARY
from digests.store.archive.chunks import chunks
from digests.tables import ItemActorRow


def write_words(session: Session, item_id: int, stems: Iterable[str]) -> None:
    """Let an item be found by these stems."""
    session.execute(
        text(f"INSERT INTO {INDEX} (rowid, stems) VALUES (:id, :stems)"),  # noqa: S608 - a constant
        {"id": item_id, "stems": " ".join(stems)},
    )


def drop_words(session: Session, item_id: int) -> None:
    """Let an item no longer be found."""
    session.execute(text(f"DELETE FROM {INDEX} WHERE rowid = :id"), {"id": item_id})  # noqa: S608 - a constant


def search(
    session: Session,
    groups: Sequence[Sequence[str]],
    limit: int,
    within: Select[int | None] | None = None,
) -> list[int]:
    """Items whose stems hold, for each group, one of its stems; best first (BM25).

    ``within`` gives the ids that they must be among.
    """
    if not groups or not all(groups):
        return []
    query = " AND ".join(
        "(" + " OR ".join('"' + stem.replace('"', '""') + '"' for stem in group) + ")"
        for group in groups
    )
    number = sqlalchemy.column("rowid", sqlalchemy.Integer)
    found = (
        sqlalchemy.select(number)
        .select_from(sqlalchemy.table(INDEX))
        .where(text(f"{INDEX} MATCH :query"))
        .order_by(text("rank"))
        .limit(limit)
    )
    if within is not None:
        # The plus keeps SQLite from asking the index anew for each of thousands of ids.
        among = sqlalchemy.literal_column("+rowid", sqlalchemy.Integer)
        found = found.where(among.in_(within))
    return list(session.execute(found, {"query": query}).scalars())


def known_stems(session: Session, part: str, limit: int = 200) -> list[str]:
    """Stems in the archive that contain ``part``, the most frequent first."""
    escaped = part.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    rows = session.execute(
        text(
            f"SELECT term FROM {VOCABULARY} WHERE term LIKE :part ESCAPE '\\'"  # noqa: S608
            " ORDER BY doc DESC, term LIMIT :limit"
        ),
        {"part": f"%{escaped}%", "limit": limit},
    )
    return [row[0] for row in rows]


def stem_frequencies(session: Session, stems: Iterable[str]) -> dict[str, int]:
    """In how many items each stem occurs."""
    found: dict[str, int] = {}
    for chunk in chunks(list(stems)):
        names = ", ".join(f":s{number}" for number in range(len(chunk)))
        rows = session.execute(
            text(f"SELECT term, doc FROM {VOCABULARY} WHERE term IN ({names})"),  # noqa: S608
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
