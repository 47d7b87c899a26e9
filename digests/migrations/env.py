"""Alembic's environment: the store hands over the connection; there is no offline mode."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import digests.tables  # noqa: F401 - registers the tables
from digests.migrations.search import is_search_table


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the full-text tables to their migration: the models do not know them."""
    return not (kind == "table" and name is not None and is_search_table(name))


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_name=include_name,
    # SQLite's DDL is transactional when the BEGIN is ours (digests/store/engine.py): a migration
    # that dies half-way leaves nothing behind.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
