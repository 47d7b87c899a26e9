"""What a chat asks to be spared: a story muted, fewer of a kind; taken back as easily.

A muted story is left out of digests and alerts. Of a kind that fewer are wanted
of, a story is alerted to only once several reports tell it, and stands last in
digests, in a line. Both hold for the chat, or the forum topic, where they were said.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from digests.desk.known import Known
from digests.kinds import Kind, Matter, matter, standing
from digests.store import Session, Store, archive, merges, wishes
from digests.store.told import Place
from digests.stories import headline
from digests.types import ActorKind, Chat, Target

_TOKEN: Final = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What became of a wish: about which story, and whether anything changed.

    ``kind`` is what fewer are wanted of; None for a story, or where no kind can be told.
    """

    story: int
    headline: str
    changed: bool = True
    kind: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Spared:
    """All that a chat or forum topic is spared: muted stories, and kinds (with a story each)."""

    stories: tuple[Wish, ...] = ()
    kinds: tuple[Wish, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stories or self.kinds)


@dataclass(frozen=True, slots=True)
class Sparing:
    """What a chat or forum topic is not told: muted stories; what it wants fewer of: kinds."""

    muted: frozenset[int] = frozenset()
    kinds: tuple[Kind, ...] = ()

    @classmethod
    def of(cls, session: Session, place: Place) -> Sparing:
        """What it is as the database has it."""
        return cls.of_all(session, [place]).get(place, NOTHING_SPARED)

    @classmethod
    def of_all(cls, session: Session, places: Collection[Place]) -> dict[Place, Sparing]:
        """What it is for some chats and forum topics; for others of them nothing."""
        muted = wishes.muted_in(session, places)
        kinds = wishes.kinds_in(session, places)
        return {
            place: cls(
                frozenset(muted.get(place, ())),
                tuple(as_now(session, one) for one in kinds.get(place, ())),
            )
            for place in muted.keys() | kinds.keys()
        }

    def is_fewer(self, matter: Matter) -> bool:
        """Whether a story with this matter is of a kind that fewer are wanted of."""
        return any(matter.is_of(kind) for kind in self.kinds)


NOTHING_SPARED: Final = Sparing()

FEWER_TELL: Final = 3
"""Reports that must tell a story of a kind that fewer are wanted of, before it is an alert."""


class Wishes:
    """Mutes stories and wants fewer of a kind. May be used from any thread.

    ``number`` is a story's; of a merged one that of the story it is part of is meant.
    Every method raises KeyError for a story that does not exist.
    """

    def __init__(self, store: Store, known: Known) -> None:
        self._store = store
        self._known = known

    def mute(self, chat: Chat, thread: int, number: int, now: datetime) -> Wish:
        """No more of a story."""
        with self._store.writing() as session:
            story, _ = archive.story_by_number(session, number)
            changed = wishes.mute(session, chat.id, thread, story, now)
            return Wish(story, _headline(session, story), changed)

    def unmute(self, chat: Chat, thread: int, number: int) -> Wish:
        """Tell of a story again; what came meanwhile is not made up for."""
        with self._store.writing() as session:
            story, _ = archive.story_by_number(session, number)
            changed = wishes.unmute(session, chat.id, thread, story)
            return Wish(story, _headline(session, story), changed)

    def fewer(self, chat: Chat, thread: int, number: int, now: datetime) -> Wish:
        """Fewer of a story's kind; ``kind`` is empty where it is about nobody known."""
        with self._store.writing() as session:
            story, _ = archive.story_by_number(session, number)
            head = _headline(session, story)
            kind = matter_of(session, self._known, chat.id, story).kind
            if kind is None:
                return Wish(story, head, changed=False)
            said = [one.kind for one in standing_kinds(session, chat.id, thread)]
            changed = kind not in said
            if changed:
                wishes.want_fewer(session, chat.id, thread, kind, story, now)
            return Wish(story, head, changed, kind.targets)

    def as_before(self, chat: Chat, thread: int, number: int) -> Wish:
        """As many as before of every kind that a story is of, or was of when that was said."""
        with self._store.writing() as session:
            story, _ = archive.story_by_number(session, number)
            about = matter_of(session, self._known, chat.id, story)
            both = zip(
                wishes.fewer(session, chat.id, thread),
                standing_kinds(session, chat.id, thread),
                strict=True,
            )
            meant = [
                (written, said)
                for written, said in both
                if said.story == story or about.is_of(said.kind)
            ]
            for written, _ in meant:
                wishes.want_again(session, chat.id, thread, written)
            shown = meant[0][1].kind if meant else about.kind
            targets = shown.targets if shown else ()
            return Wish(story, _headline(session, story), bool(meant), targets)

    def state(self, chat: Chat, thread: int, number: int) -> tuple[bool, bool]:
        """Whether a story is muted, and whether fewer of its kind are wanted."""
        with self._store.reading() as session:
            story, _ = archive.story_by_number(session, number)
            sparing = Sparing.of(session, (chat.id, thread))
            about = matter_of(session, self._known, chat.id, story) if sparing.kinds else Matter()
            return story in sparing.muted, sparing.is_fewer(about)

    def any_in(self, chat: Chat, thread: int) -> bool:
        """Whether anything is muted, or wanted fewer of, in a chat or forum topic."""
        with self._store.reading() as session:
            return Sparing.of(session, (chat.id, thread)) != NOTHING_SPARED

    def spared(self, chat: Chat, thread: int) -> Spared:
        """Everything that is muted, or wanted fewer of, the newest first."""
        with self._store.reading() as session:
            muted = wishes.mutes(session, chat.id, thread)
            return Spared(
                tuple(Wish(story, _headline(session, story)) for story in muted),
                tuple(
                    Wish(one.story, _headline(session, one.story), kind=one.kind.targets)
                    for one in standing_kinds(session, chat.id, thread)
                ),
            )

    def keep_words(self, chat: Chat, words: str, now: datetime) -> str:
        """A short token that stands for words in a chat; the same for the same words."""
        digest = hashlib.blake2b(words.encode(), digest_size=10).digest()
        token = b32encode(digest).decode().lower()[:_TOKEN]
        with self._store.writing() as session:
            wishes.keep_words(session, chat.id, token, words, now)
        return token

    def words_of(self, chat: Chat, token: str) -> str | None:
        """The words that a token stands for in a chat; None where it is kept no more."""
        with self._store.reading() as session:
            return wishes.words_of(session, chat.id, token)


def standing_kinds(session: Session, chat_id: int, thread: int) -> list[wishes.Fewer]:
    """The kinds that a chat wants fewer of, merged actors under whom they are now."""
    return [
        wishes.Fewer(as_now(session, one.kind), one.story)
        for one in wishes.fewer(session, chat_id, thread)
    ]


def as_now(session: Session, kind: Kind) -> Kind:
    """A kind with merged actors as whom they are now."""
    return standing(kind, lambda actor: merges.survivor(session, actor))


def matter_of(session: Session, known: Known, chat_id: int, story: int) -> Matter:
    """What a story is about, as it stands now."""
    ids = archive.story_items(session, [story])[story]
    topics = wishes.topics_of(session, chat_id, story)
    return matter(archive.reports(session, ids), topics, acting_kind(known))


def acting_kind(known: Known) -> Callable[[str], ActorKind | None]:
    """What an actor is; None for a mere place, or a paper that reports."""

    def kind(actor_id: str) -> ActorKind | None:
        actor = known.actor(actor_id)
        return actor.kind if known.acts(actor) else None

    return kind


def _headline(session: Session, story: int) -> str:
    ids = archive.story_items(session, [story])[story]
    found = archive.reports(session, ids)
    return headline(found).text if found else ""
