"""Digests that wait to be rewritten: looked at, let go with other words or as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from digests.rewriting import Cited, citable
from digests.store import Store, archive, drafts
from digests.store.drafts import Draft
from digests.types import Chat, CitedSentence, Digest


class Drafts:
    """The drafts of the outbox. May be used from any thread."""

    def __init__(self, store: Store, author: str | None = None) -> None:
        """``author`` is the name of the model that rewrites digests; None where none does."""
        self._store = store
        self.author = author

    def waiting(self) -> list[Draft]:
        """The drafts, oldest first; some of them where there are many."""
        with self._store.reading() as session:
            return drafts.waiting(session)

    def citable(self, digest: Digest, shown: Collection[CitedSentence]) -> tuple[Cited, ...]:
        """The ``shown`` sentences of a digest as they may be cited; none if one changed since."""
        items = {one.span.item for one in shown}
        with self._store.reading() as session:
            reports = {one.item.id: one for one in archive.reports(session, sorted(items))}
        return citable(digest, reports, shown)

    def release(self, batch: str) -> bool:
        """Let a draft go out as it is; False where it is no draft any more."""
        with self._store.writing() as session:
            return drafts.release(session, batch)

    def replace(self, batch: str, payloads: Sequence[Mapping[str, Any]]) -> bool:
        """Let a draft go out with other parts; False where it is no draft any more."""
        with self._store.writing() as session:
            return drafts.replace(session, batch, payloads)

    def original(self, chat: Chat, delivery: int) -> Digest | None:
        """What a chat was sent rewritten, as it was composed; None where there is no such."""
        with self._store.reading() as session:
            return drafts.original(session, chat.id, delivery)
