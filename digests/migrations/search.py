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


def is_search_table(name: str) -> bool:
    """Whether a table belongs to the full-text index."""
    return name.startswith(INDEX)
