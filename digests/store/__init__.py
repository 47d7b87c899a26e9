"""The store: the only room that opens a database session.

:class:`Store` (engine.py) opens transactions; the other modules are the
questions and changes that a transaction is asked for: ``archive`` (sources,
items, actors, stories, topics), ``merges`` (which actors are one), ``chats``
(chats, subscriptions) and ``outbox`` (deliveries). What goes in and out are
the values of digests.types.
"""

from sqlmodel import Session

from digests.store.engine import Store, open_store

__all__ = ["Session", "Store", "open_store"]
