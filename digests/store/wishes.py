"""What a chat (or forum topic) asked to be spared. Every function takes a transaction's session.

Stories that it muted, kinds of stories that it wants fewer of; and the words
of long questions that its buttons stand for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlmodel import Session, col

from digests.kinds import Kind
from digests.store.archive.chunks import chunks
from digests.store.told import Place
from digests.tables import FewerRow, ItemRow, KeptWordsRow, MutedStoryRow, TopicItemRow, TopicRow

MOST_WORDS: Final = 100
"""Long questions that are kept of a chat: the newest."""


@dataclass(frozen=True, slots=True)
class Fewer:
    """That fewer of a kind are wanted, and of which story that was said."""

    kind: Kind
    story: int


def mute(session: Session, chat_id: int, thread: int, story: int, now: datetime) -> bool:
    """Mute a story that stands; False where it is muted already."""
    if session.get(MutedStoryRow, (chat_id, thread, story)) is not None:
        return False
    session.add(MutedStoryRow(chat_id=chat_id, thread=thread, story_id=story, muted_at=now))
    session.flush()
    return True


def unmute(session: Session, chat_id: int, thread: int, story: int) -> bool:
    """Let a story be told again; False where it was not muted."""
    row = session.get(MutedStoryRow, (chat_id, thread, story))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def mutes(session: Session, chat_id: int, thread: int) -> list[int]:
    """The numbers of the muted stories, the newest wish first."""
    query = select(col(MutedStoryRow.story_id)).where(*_in_place(MutedStoryRow, chat_id, thread))
    newest = (col(MutedStoryRow.muted_at).desc(), col(MutedStoryRow.story_id).desc())
    return list(session.execute(query.order_by(*newest)).scalars())


def muted_in(session: Session, places: Collection[Place]) -> dict[Place, list[int]]:
    """The numbers of the stories that are muted in some chats and forum topics, where any are."""
    found: defaultdict[Place, list[int]] = defaultdict(list)
    for chunk in chunks(sorted({chat for chat, _ in places})):
        rows = session.execute(
            select(
                col(MutedStoryRow.chat_id), col(MutedStoryRow.thread), col(MutedStoryRow.story_id)
            ).where(col(MutedStoryRow.chat_id).in_(chunk))
        )
        for chat, thread, story in rows:
            found[chat, thread].append(story)
    return {place: found[place] for place in places if place in found}


def kinds_in(session: Session, places: Collection[Place]) -> dict[Place, list[Kind]]:
    """The kinds that some chats and forum topics want fewer of, as written, where any are."""
    found: defaultdict[Place, list[Kind]] = defaultdict(list)
    for chunk in chunks(sorted({chat for chat, _ in places})):
        query = select(FewerRow).where(col(FewerRow.chat_id).in_(chunk))
        for row in session.execute(query).scalars():
            found[row.chat_id, row.thread].append(Kind(row.one, row.other))
    return {place: found[place] for place in places if place in found}


def want_fewer(
    session: Session, chat_id: int, thread: int, kind: Kind, story: int, now: datetime
) -> None:
    """Want fewer stories of a kind; that was said already where it stands."""
    if session.get(FewerRow, (chat_id, thread, kind.one, kind.other)) is None:
        place = {"chat_id": chat_id, "thread": thread}
        session.add(FewerRow(**place, one=kind.one, other=kind.other, story_id=story, since=now))
        session.flush()


def want_again(session: Session, chat_id: int, thread: int, one: Fewer) -> None:
    """Take a wish for fewer back."""
    row = session.get(FewerRow, (chat_id, thread, one.kind.one, one.kind.other))
    if row is not None:
        session.delete(row)
        session.flush()


def fewer(session: Session, chat_id: int, thread: int) -> list[Fewer]:
    """The kinds of which fewer are wanted, as they were written, the newest first."""
    query = select(FewerRow).where(*_in_place(FewerRow, chat_id, thread))
    rows = session.execute(query.order_by(col(FewerRow.since).desc())).scalars()
    return [Fewer(Kind(row.one, row.other), row.story_id) for row in rows]


def topics_of(session: Session, chat_id: int, story: int) -> set[str]:
    """The topics that any report of a story matches: starter topics, and the chat's own."""
    query = (
        select(col(TopicItemRow.topic_id))
        .join(ItemRow, col(ItemRow.id) == col(TopicItemRow.item_id))
        .join(TopicRow, col(TopicRow.id) == col(TopicItemRow.topic_id))
        .where(
            col(ItemRow.story_id) == story,
            col(TopicRow.owner).is_(None) | (col(TopicRow.owner) == chat_id),
        )
        .distinct()
    )
    return set(session.execute(query).scalars())


def follow_merge(session: Session, absorbed: int, into: int) -> None:
    """A story became part of another: who muted either has muted the whole."""
    for row in _rows(session, absorbed):
        session.delete(row)
        mute(session, row.chat_id, row.thread, into, row.muted_at)
    said = col(FewerRow.story_id) == absorbed
    session.execute(update(FewerRow).where(said).values(story_id=into))


def follow_split(session: Session, story: int, made: int) -> None:
    """Some reports of a story are one of their own: who muted it has muted both."""
    for row in _rows(session, story):
        mute(session, row.chat_id, row.thread, made, row.muted_at)


def _rows(session: Session, story: int) -> list[MutedStoryRow]:
    query = select(MutedStoryRow).where(col(MutedStoryRow.story_id) == story)
    return list(session.execute(query).scalars())


# --- Long questions ------------------------------------------------------------------------


def keep_words(session: Session, chat_id: int, token: str, words: str, now: datetime) -> None:
    """Let a token stand for words from now on; the oldest go where there are too many."""
    here = col(KeptWordsRow.chat_id) == chat_id
    session.execute(delete(KeptWordsRow).where(here, col(KeptWordsRow.token) == token))
    row = {"chat_id": chat_id, "token": token, "words": words, "kept_at": now}
    session.execute(insert(KeptWordsRow), [row])
    newest = (col(KeptWordsRow.kept_at).desc(), col(KeptWordsRow.token))
    kept = select(col(KeptWordsRow.token)).where(here).order_by(*newest).limit(MOST_WORDS)
    session.execute(delete(KeptWordsRow).where(here, col(KeptWordsRow.token).not_in(kept)))


def words_of(session: Session, chat_id: int, token: str) -> str | None:
    """The words that a token stands for in a chat; None for one that is not kept (any more)."""
    row = session.get(KeptWordsRow, (chat_id, token))
    return row.words if row else None


def _in_place(
    table: type[MutedStoryRow | FewerRow], chat_id: int, thread: int
) -> tuple[ColumnElement[bool], ...]:
    return col(table.chat_id) == chat_id, col(table.thread) == thread
