"""The store: the only room that opens a database session.

:class:`Store` (engine.py) opens transactions; the other modules are the
questions and changes that a transaction is asked for: ``archive`` (sources,
items, actors, stories, topics), ``polls`` (how feeds are asked), ``inbox``
(entries that wait to be read), ``merges`` (which actors are one), ``chats``
(chats, subscriptions) and ``outbox`` (deliveries). What goes in and out are
the values of digests.types. ``backup`` copies a database file, and puts it back.
"""

from sqlmodel import Session

from digests.store.engine import Store, database_file, known_revisions, open_store

__all__ = ["Session", "Store", "database_file", "known_revisions", "open_store"]
