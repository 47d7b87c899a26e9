"""The rows of the database, as SQLModel tables. Only the store reads and writes them.

Times are UTC; texts are stored once per revision; whatever was understood of a
text is kept beside it as JSON, and what is asked for by key (which items name
an actor, which match a topic) has index tables derived from that.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, DateTime, Dialect, Index, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored as UTC; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def row_id(value: int | None) -> int:
    """The id of a row that was flushed or read: only one not yet written has none."""
    return cast("int", value)


class SourceRow(SQLModel, table=True):
    """A folder of report files, or a feed, with what polling it needs to remember.

    Spans are in seconds: ``interval`` between two looks, ``ttl`` the feed's own wish,
    ``watched`` as in :class:`digests.polling.History`.
    """

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("kind", "location"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    location: str
    name: str
    language: str | None = None
    labels: list[str] = Field(default_factory=list, sa_type=JSON)
    added_at: datetime = Field(sa_type=UtcDateTime)
    operator: bool = True
    retired: bool = False
    taken_in_once: bool = False
    etag: str | None = None
    last_modified: str | None = None
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    last_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int = 0
    error_code: str | None = None
    error_params: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    added_by: int | None = Field(default=None, index=True)
    """The chat that added it. No foreign key: SQLite adds none to a table that is there."""
    body_digest: str | None = None
    last_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    interval: int | None = None
    ttl: int | None = None
    changes: float = 0.0
    watched: float = 0.0
    weekly: float | None = None
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_told: bool = False
    notice: str | None = Field(default=None, index=True)
    """What its subscribers are still to be told: ``gone`` or ``failing``."""


class FileRow(SQLModel, table=True):
    """A report file as last read: its fingerprint, so that an unchanged file costs nothing."""

    __tablename__ = "file"

    source_id: int = Field(foreign_key="source.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(primary_key=True)
    fingerprint: str


class StoryRow(SQLModel, table=True):
    """The items that report one event. One that was merged has none: ``into_id`` has them.

    Rows never make a circle: what was merged is merged no more. What the operator ``parted``
    is merged by nobody else.
    """

    __tablename__ = "story"

    id: int | None = Field(default=None, primary_key=True)
    language: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime, index=True)
    into_id: int | None = None
    parted: bool = False


class ItemRow(SQLModel, table=True):
    """One report; its text is in its revisions."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index("ix_item_news", "backlog", "ingested_at"),
        Index("ix_item_text_gone", "text_gone", "ingested_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE")
    key: str
    revision: int = 1
    seq: int = Field(index=True, unique=True)
    backlog: bool = False
    story_id: int | None = Field(default=None, foreign_key="story.id", index=True)
    ingested_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    canonical: str | None = Field(default=None, index=True)
    text_gone: bool = False
    """Whether only the title is kept of its text; see digests.store.retention."""


class ItemKeyRow(SQLModel, table=True):
    """That a source holds an item, and under which key: an article in two feeds is one item.

    ``digest`` is of what the source said last under the key, whether or not
    the item took it over. ``seq`` is the ingest sequence number at which the
    item became known there, ``backlog`` whether that was at the first pass
    over the source: to who follows this source, it is archive then.
    """

    __tablename__ = "item_key"

    source_id: int = Field(foreign_key="source.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True, ondelete="CASCADE")
    digest: str
    seq: int
    backlog: bool = False


class InboxRow(SQLModel, table=True):
    """An entry of a feed that was fetched and is still to be read.

    ``first_pass`` says that the first pass over the feed brought it,
    ``backlog`` that it is too old to be news as well. ``page_wanted`` says that
    its page is to be fetched before it is read. ``attempts`` counts the readings it broke.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index("ix_inbox_order", "backlog", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE")
    key: str
    digest: str
    canonical: str | None = None
    first_pass: bool = False
    backlog: bool = False
    page_wanted: bool = Field(default=False, index=True)
    attempts: int = 0
    queued_at: datetime = Field(sa_type=UtcDateTime)
    text: str
    title_end: int
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_precision: str
    language: str | None = None
    url: str | None = None
    outlet: str | None = None


class RevisionRow(SQLModel, table=True):
    """The text of an item as it stood once, and what was understood of it."""

    __tablename__ = "revision"

    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    text: str
    title_end: int
    language: str
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_precision: str
    url: str | None = None
    outlet: str | None = None
    digest: str
    ingested_at: datetime = Field(sa_type=UtcDateTime)
    reading: dict[str, Any] = Field(sa_type=JSON)
    signature: str


class ActorRow(SQLModel, table=True):
    """An actor that a report named."""

    __tablename__ = "actor"

    id: str = Field(primary_key=True)
    name: str
    kind: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    curated: bool = False


class ActorMergeRow(SQLModel, table=True):
    """That an actor is another one: it was absorbed, by the operator or by evidence.

    ``into_id`` is whom it was merged into, who may have been absorbed since.
    Rows never make a circle: only an actor that stands for itself is absorbed,
    by one that does so too. ``items`` are what shows it, where evidence did it.
    """

    __tablename__ = "actor_merge"

    absorbed_id: str = Field(foreign_key="actor.id", primary_key=True)
    into_id: str = Field(foreign_key="actor.id", index=True)
    why: str
    items: list[int] = Field(default_factory=list, sa_type=JSON)
    merged_at: datetime = Field(sa_type=UtcDateTime)


class ActorApartRow(SQLModel, table=True):
    """That an actor was split off once: no evidence merges it again, only the operator."""

    __tablename__ = "actor_apart"

    actor_id: str = Field(foreign_key="actor.id", primary_key=True)


class ItemActorRow(SQLModel, table=True):
    """That an item names an actor: how often, and how many statements the actor makes in it.

    Of a merged actor the survivor is named; so too in ``seen_office``.
    """

    __tablename__ = "item_actor"
    __table_args__ = (Index("ix_item_actor_item", "item_id"),)

    actor_id: str = Field(foreign_key="actor.id", primary_key=True)
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    mentions: int
    statements: int = 0


class ItemDateRow(SQLModel, table=True):
    """That an item tells of a date (``2014``, ``2022-01-21``), or was published on it."""

    __tablename__ = "item_date"
    __table_args__ = (Index("ix_item_date_date", "date", "item_id"),)

    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    date: str = Field(primary_key=True)


class SeenOfficeRow(SQLModel, table=True):
    """An office that a report names beside an actor."""

    __tablename__ = "seen_office"

    actor_id: str = Field(foreign_key="actor.id", primary_key=True)
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    revision: int
    start: int = Field(primary_key=True)
    end: int
    title: str


class TopicRow(SQLModel, table=True):
    """A named query: one of the starter topics, or one that a chat made (``owner``)."""

    __tablename__ = "topic"

    id: str = Field(primary_key=True)
    name: str
    query: dict[str, Any] = Field(sa_type=JSON)
    owner: int | None = Field(default=None, foreign_key="chat.id", ondelete="CASCADE")


class TopicItemRow(SQLModel, table=True):
    """That an item matches a topic."""

    __tablename__ = "topic_item"
    __table_args__ = (Index("ix_topic_item_item", "item_id"),)

    topic_id: str = Field(foreign_key="topic.id", primary_key=True, ondelete="CASCADE")
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")


class ChatRow(SQLModel, table=True):
    """A chat under our own number; ``address`` says where it is (``telegram:-1``, ``console``).

    A group that becomes a supergroup changes its address, and nothing else.
    """

    __tablename__ = "chat"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    language: str
    zone: str
    schedule: str
    quiet: str | None = None
    paused: bool = False
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable: str | None = None
    silent: bool = False
    muted: bool = False
    previews: bool = False
    dark: bool = False
    asked: str | None = None
    everyone: bool = False
    """In a group: whether all may change what it follows, not only admins."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class ChannelRow(SQLModel, table=True):
    """That a person's private chat decides what a channel is sent; the channel is a chat, too."""

    __tablename__ = "channel"

    manager_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    channel_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE", index=True)
    title: str
    since: datetime = Field(sa_type=UtcDateTime)


class SubscriptionRow(SQLModel, table=True):
    """What a chat (or one of its forum topics, ``thread``; 0 is the chat itself) follows, and how.

    ``digest_mark`` and ``alert_mark`` are the ingest sequence numbers up to
    which digests and alerts have been enqueued.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("chat_id", "thread", "target_kind", "target_id"),
        Index("ix_subscription_target", "target_kind", "target_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", ondelete="CASCADE")
    thread: int = 0
    target_kind: str
    target_id: str = ""
    delivery: str
    schedule: str | None = None
    digest_mark: int
    alert_mark: int
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    hourly: bool = False


class MergedSubscriptionRow(SQLModel, table=True):
    """How a chat followed an actor before that was merged, so that a split gives it back.

    Kept for both sides of a merge where a chat followed either; what is sent
    goes by the one subscription to the survivor.
    """

    __tablename__ = "merged_subscription"

    actor_id: str = Field(foreign_key="actor.id", primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    delivery: str


class ShownRow(SQLModel, table=True):
    """That a chat (or forum topic) was sent an item in a digest or alert: nothing is sent twice.

    ``batch`` names the deliveries that it went into.
    """

    __tablename__ = "shown"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    revision: int
    batch: str | None = None


class OwedRow(SQLModel, table=True):
    """That an item was to be sent to a chat (or forum topic) and came too late.

    The next digest there holds it, whatever the marks of its subscriptions say.
    """

    __tablename__ = "owed"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")


class HeldRow(SQLModel, table=True):
    """That an item waits to be told in an alert: for the end of quiet hours, or of a cooldown."""

    __tablename__ = "held"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    item_id: int = Field(foreign_key="item.id", primary_key=True, ondelete="CASCADE")
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)


class SpikeRow(SQLModel, table=True):
    """When a chat (or forum topic) was told last that there is unusually much about an actor."""

    __tablename__ = "spike"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    actor_id: str = Field(primary_key=True)
    told_at: datetime = Field(sa_type=UtcDateTime)


class MutedStoryRow(SQLModel, table=True):
    """That a chat (or forum topic) wants no more of a story.

    Follows the story: where it is merged into another that one is muted, and what is
    split off it stays muted.
    """

    __tablename__ = "muted_story"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    story_id: int = Field(foreign_key="story.id", primary_key=True, ondelete="CASCADE", index=True)
    muted_at: datetime = Field(sa_type=UtcDateTime)


class FewerRow(SQLModel, table=True):
    """That a chat (or forum topic) wants fewer stories of a kind, and of which story it said so.

    ``one`` and ``other`` are written as :class:`digests.kinds.Kind` does.
    """

    __tablename__ = "fewer"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    thread: int = Field(primary_key=True)
    one: str = Field(primary_key=True)
    other: str = Field(primary_key=True)
    story_id: int = Field(foreign_key="story.id", ondelete="CASCADE", index=True)
    since: datetime = Field(sa_type=UtcDateTime)


class KeptWordsRow(SQLModel, table=True):
    """Words of a question too long for a button, under a short token that stands for them."""

    __tablename__ = "kept_words"

    chat_id: int = Field(foreign_key="chat.id", primary_key=True, ondelete="CASCADE")
    token: str = Field(primary_key=True)
    words: str
    kept_at: datetime = Field(sa_type=UtcDateTime)


class HoldRow(SQLModel, table=True):
    """That a platform asked for patience: for a chat (its address), or for all (``telegram:``)."""

    __tablename__ = "hold"

    scope: str = Field(primary_key=True)
    noted_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class DeliveryRow(SQLModel, table=True):
    """One message to be sent: a part of a digest, alert or notice, rendered when enqueued.

    ``due_at`` is when it should have gone out; ``not_before`` when it may be
    tried the next time; ``settled_at`` when it was settled, or tried the last time.
    What is of a lower ``priority`` number goes first.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_queue", "state", "priority", "not_before"),
        Index("ix_delivery_due_at", "state", "due_at"),
        Index("ix_delivery_settled", "settled_at"),
        Index("ix_delivery_chat", "chat_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    batch: str = Field(index=True)
    part: int
    chat_id: int = Field(foreign_key="chat.id", ondelete="CASCADE")
    thread: int = 0
    kind: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    state: str
    attempts: int = 0
    priority: int = 0
    plain: bool = False
    due_at: datetime = Field(sa_type=UtcDateTime)
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    maybe_sent: bool = False
    error: str | None = None
    message_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BroadcastRow(SQLModel, table=True):
    """A note of the operator's to all chats; ``sent_at`` None until it was confirmed."""

    __tablename__ = "broadcast"

    id: int | None = Field(default=None, primary_key=True)
    text: str
    written_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProblemRow(SQLModel, table=True):
    """What went wrong, in the words of the log, and how often; of no chat in particular."""

    __tablename__ = "problem"
    __table_args__ = (UniqueConstraint("origin", "words"),)

    id: int | None = Field(default=None, primary_key=True)
    origin: str
    level: str
    words: str
    times: int = 1
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)


class CounterRow(SQLModel, table=True):
    """A number that only grows, such as the ingest sequence."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    value: int = 0
