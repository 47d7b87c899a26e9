"""The full-text index of SQLite, which SQLModel cannot describe."""

from __future__ import annotations

from typing import Final

INDEX: Final = "item_search"
VOCABULARY: Final = "item_search_words"

CREATE: Final = (
    # The tokens are stems already, parted by spaces: unicode61 only cuts them apart again.
    f'CREATE VIRTUAL TABLE {INDEX} USING fts5(stems, tokenize="unicode61 remove_diacritics 0")',
    f"CREATE VIRTUAL TABLE {VOCABULARY} USING fts5vocab({INDEX}, 'row')",
)

TERMS: Final = "item_search_terms"
PARTS: Final = "item_search_parts"

CREATE_PARTS: Final = (
    # Each stem of the index once, and what stands anywhere inside it: compounds by their parts.
    f"CREATE TABLE {TERMS} (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE)",
    f"CREATE VIRTUAL TABLE {PARTS} USING fts5("
    f'term, content="{TERMS}", content_rowid="id", tokenize="trigram")',
    f"CREATE TRIGGER {TERMS}_added AFTER INSERT ON {TERMS} BEGIN"  # noqa: S608 - constants
    f" INSERT INTO {PARTS} (rowid, term) VALUES (new.id, new.term); END",
    f"CREATE TRIGGER {TERMS}_dropped AFTER DELETE ON {TERMS} BEGIN"  # noqa: S608 - constants
    f" INSERT INTO {PARTS} ({PARTS}, rowid, term) VALUES ('delete', old.id, old.term); END",
    f"INSERT INTO {TERMS} (term) SELECT term FROM {VOCABULARY}",  # noqa: S608 - constants
)


def is_search_table(name: str) -> bool:
    """Whether a table belongs to the full-text index."""
    return name.startswith(INDEX)
