"""What Telegram knows, and what people do: chats, members, messages, updates.

:class:`World` holds the state behind the stand-in. Its public methods are the
people's side: someone writes, presses a button, blocks the bot, a group becomes a
supergroup. They may be called from any thread; each takes the world's lock and
wakes whoever waits. The bot's side is in methods.py.

Chats and messages are plain dicts in the Bot API's own form wherever they are
shown; a stored message is replaced, never changed, so a dict once given out stays
as it was.
"""

from __future__ import annotations

import itertools
import mimetypes
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.botapi import entities
from tests.botapi.entities import Json
from tests.botapi.schema import Schema

ANONYMOUS_ADMIN = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""The sender of anonymous administrators' messages (sender_chat tells the group)."""

OPTIONAL_UPDATES = ("chat_member", "message_reaction", "message_reaction_count")
"""Updates that must be asked for by name (getUpdates, allowed_updates)."""

ChatType = Literal["private", "group", "supergroup", "channel"]


@dataclass(slots=True, eq=False)
class User:
    """A person; ``blocked`` and ``deactivated`` are what the bot meets in the private chat."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    blocked: bool = False
    deactivated: bool = False

    def shown(self) -> Json:
        """The User object."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        return shown


@dataclass(slots=True)
class Topic:
    """A forum topic; ``deleted`` ones refuse every message."""

    name: str
    closed: bool = False
    deleted: bool = False
    icon_color: int = 0x6FB9F0


@dataclass(slots=True)
class Kept:
    """A message as it stands, with every callback data that was ever on it."""

    message: Json
    by_bot: bool
    offered: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Chat:
    """A chat; ``members`` maps user ids to {"status": ..., rights...}, the bot's among them."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    user: User | None = None
    is_forum: bool = False
    started: bool = True
    can_send: bool = True
    members: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    kept: dict[int, Kept] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    description: str | None = None
    last_id: int = 1  # message 1 of a supergroup is its own creation, topic 1 "General"

    def shown(self) -> Json:
        """The Chat object."""
        shown: Json = {"id": self.id, "type": self.type}
        if self.user:
            person = self.user.shown()
            for name in ("username", "first_name", "last_name"):
                if name in person:
                    shown[name] = person[name]
            return shown
        shown["title"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.is_forum:
            shown["is_forum"] = True
        return shown

    @property
    def is_group(self) -> bool:
        """Group or supergroup."""
        return self.type in ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on Telegram's side."""

    file_id: str
    path: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)

    @property
    def unique_id(self) -> str:
        """file_unique_id."""
        return f"u{self.file_id}"


class World:
    """State and people. See the module's docstring."""

    def __init__(
        self,
        token: str = "123456:AAFakeTokenForTestsOnly_-0123456789",
        *,
        clock: Callable[[], float] = time.time,
        bot_username: str = "depesche_test_bot",
        privacy: bool = True,
        keep_messages: int | None = None,
    ) -> None:
        """A world with a bot and nobody else.

        ``clock`` gives the seconds since 1970 used for dates and ages;
        ``privacy`` is the bot's privacy mode in groups; ``keep_messages`` bounds
        what is kept of each chat (for long load tests).
        """
        self.token = token
        self.clock = clock
        self.privacy = privacy
        self.keep_messages = keep_messages
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.bot: Json = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Depesche",
            "username": bot_username,
        }
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self.files: dict[str, StoredFile] = {}
        self.answers: dict[str, Json | None] = {}
        """Callback query id -> parameters of answerCallbackQuery, None while unanswered."""
        self.inline_answers: dict[str, Json | None] = {}
        """The same for inline queries and answerInlineQuery."""
        self.inline_messages: dict[str, tuple[int, int]] = {}
        """Inline message id -> (chat id, message id)."""
        self.expired: set[str] = set()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """(scope as JSON, language) -> what setMyCommands set."""
        self.profile: dict[tuple[str, str], str] = {}
        """("name" | "description" | "short_description", language) -> text."""
        self.menu_buttons: dict[int | None, Json] = {}
        self.actions: list[tuple[int, str]] = []
        """(chat id, action) of each sendChatAction."""
        self.webhook: str = ""
        self.allowed_updates: list[str] = []
        self.updates: deque[Json] = deque()
        """Updates not yet confirmed by an offset."""
        self.schema = Schema()
        self.shapes = Schema(limits=False)
        self._ids = itertools.count(1)
        self._last_shared_id = 0
        self._next_update = 100_000_001
        self._listeners: set[Callable[[], None]] = set()

    # --- people and chats ----------------------------------------------------------------

    def now(self) -> int:
        """The date of a message sent now."""
        return int(self.clock())

    def user(
        self,
        first_name: str = "Anna",
        *,
        id: int | None = None,  # noqa: A002 (Telegram's name)
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "de",
    ) -> User:
        """A new person."""
        with self.lock:
            user_id = id or 5_000_000_000 + next(self._ids)
            user = User(user_id, first_name, last_name, username, language_code)
            self.users[user_id] = user
            return user

    def private(self, user: User | None = None, *, started: bool = True) -> Chat:
        """The private chat with a person; without ``started`` the bot may not write first."""
        with self.lock:
            user = user or self.user()
            chat = self.chats.get(user.id)
            if chat is None:
                chat = self.chats[user.id] = Chat(
                    user.id, "private", user=user, started=started, username=user.username
                )
            chat.started = chat.started or started
            return chat

    def group(self, title: str = "Redaktion", **settings: Any) -> Chat:
        """A basic group; see :meth:`supergroup` for ``settings``."""
        return self._new_chat(-4_000_000_000 - next(self._ids), "group", title, **settings)

    def supergroup(self, title: str = "Redaktion", **settings: Any) -> Chat:
        """A supergroup.

        ``settings``: ``forum=True``, ``username``, ``owner`` and ``admins`` and
        ``members`` (users), ``bot`` (the bot's status: "member" unless told,
        "administrator", "left", "kicked", None for never there).
        """
        return self._new_chat(self._channel_id(), "supergroup", title, **settings)

    def channel(self, title: str = "Meldungen", **settings: Any) -> Chat:
        """A channel; the bot is an administrator unless ``bot`` says otherwise."""
        settings.setdefault("bot", "administrator")
        return self._new_chat(self._channel_id(), "channel", title, **settings)

    def _channel_id(self) -> int:
        return -1_002_000_000_000 - next(self._ids)

    def _new_chat(
        self,
        chat_id: int,
        kind: ChatType,
        title: str,
        *,
        forum: bool = False,
        username: str | None = None,
        owner: User | None = None,
        admins: Iterable[User] = (),
        members: Iterable[User] = (),
        bot: str | None = "member",
    ) -> Chat:
        with self.lock:
            chat = Chat(chat_id, kind, title, username, is_forum=forum)
            for user, status in (
                *((member, "member") for member in members),
                *((admin, "administrator") for admin in admins),
                *(((owner, "creator"),) if owner else ()),
            ):
                chat.members[user.id] = {"status": status}
            if bot:
                chat.members[self.bot["id"]] = {"status": bot}
            self.chats[chat_id] = chat
            return chat

    def topic(self, chat: Chat, name: str) -> int:
        """A new forum topic; returns its message_thread_id."""
        with self.lock:
            assert chat.is_forum, "topics are for forums"
            message = self.post(
                chat, self._sender(chat, None), {"forum_topic_created": _topic_created(name)}
            )
            thread: int = message["message_id"]
            chat.topics[thread] = Topic(name)
            return thread

    def set_member(self, chat: Chat, user: User | int, status: str, **rights: Any) -> None:
        """Make someone creator, administrator, member, restricted, left or kicked, silently."""
        with self.changed:
            chat.members[user if isinstance(user, int) else user.id] = {"status": status, **rights}

    def find_chat(self, chat_id: Any) -> Chat | None:
        """The chat by id or @username."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            name = chat_id[1:].lower()
            return next(
                (
                    c
                    for c in self.chats.values()
                    if c.type in ("supergroup", "channel") and (c.username or "").lower() == name
                ),
                None,
            )
        return self.chats.get(chat_id) if isinstance(chat_id, int) else None

    def status(self, chat: Chat, user_id: int) -> str:
        """Someone's status in a chat; "left" if never there."""
        return str(chat.members.get(user_id, {"status": "left"})["status"])

    # --- what a chat shows ---------------------------------------------------------------

    def messages(self, chat: Chat | int) -> list[Json]:
        """The chat as it looks now: edited texts, without what was deleted, oldest first."""
        with self.lock:
            return [kept.message for kept in self._chat(chat).kept.values()]

    def sent(self, chat: Chat | int) -> list[Json]:
        """The bot's messages among :meth:`messages`."""
        with self.lock:
            return [kept.message for kept in self._chat(chat).kept.values() if kept.by_bot]

    def last(self, chat: Chat | int) -> Json:
        """The bot's newest message in a chat; fails if there is none."""
        sent = self.sent(chat)
        assert sent, f"the bot has sent nothing to {chat}"
        return sent[-1]

    def message(self, chat: Chat | int, message_id: int) -> Json | None:
        """One message as it looks now, None if deleted."""
        with self.lock:
            kept = self._chat(chat).kept.get(message_id)
            return kept.message if kept else None

    def _chat(self, chat: Chat | int) -> Chat:
        return chat if isinstance(chat, Chat) else self.chats[chat]

    # --- people write --------------------------------------------------------------------

    def send_text(
        self,
        chat: Chat,
        user: User | None,
        text: str,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
        via: Json | None = None,
    ) -> Json:
        """Someone writes; commands, links and mentions become entities. Returns the message.

        ``user`` None is the person of a private chat, or the channel itself.
        ``anonymous``: an administrator who writes as the group.
        """
        content: Json = {"text": text}
        found = entities.detected(text)
        if found:
            content["entities"] = found
        if via:
            content["via_bot"] = via
        return self.send(
            chat, user, content, thread_id=thread_id, reply_to=reply_to, anonymous=anonymous
        )

    def send(
        self,
        chat: Chat,
        user: User | None,
        content: Json,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Someone sends any content (Message fields such as ``contact``). Returns the message."""
        with self.changed:
            sender = self._sender(chat, user, anonymous=anonymous)
            if chat.user:
                chat.started = True
                if chat.user.blocked:
                    self.unblock(chat.user)  # nobody can write to a bot they block
            message = self.post(chat, sender, content, thread_id=thread_id, reply_to=reply_to)
            kind = "channel_post" if chat.type == "channel" else "message"
            if self._sees(chat, message):
                self.add_update({kind: message})
            self._wake()
            return message

    def send_document(
        self,
        chat: Chat,
        user: User | None,
        name: str,
        data: bytes,
        *,
        mime_type: str | None = None,
        caption: str | None = None,
        **where: Any,
    ) -> Json:
        """Someone sends a file."""
        mime_type = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        stored = self.store_file("documents", name, mime_type, data)
        content: Json = {"document": document(stored)}
        if caption is not None:
            content["caption"] = caption
            found = entities.detected(caption)
            content |= {"caption_entities": found} if found else {}
        return self.send(chat, user, content, **where)

    def send_location(
        self, chat: Chat, user: User | None, latitude: float, longitude: float, **where: Any
    ) -> Json:
        """Someone shares a place."""
        location = {"latitude": latitude, "longitude": longitude}
        return self.send(chat, user, {"location": location}, **where)

    def edit_text(self, chat: Chat, message_id: int, text: str) -> Json:
        """Someone edits a message of their own."""
        with self.changed:
            kept = chat.kept[message_id]
            message = {**kept.message, "text": text, "edit_date": self.now()}
            message.pop("entities", None)
            found = entities.detected(text)
            message |= {"entities": found} if found else {}
            kept.message = message
            kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
            if self._sees(chat, message):
                self.add_update({kind: message})
            self._wake()
            return message

    def open_link(self, user: User, payload: str) -> Json:
        """Someone follows ``t.me/bot?start=payload`` and presses Start."""
        return self.send_text(self.private(user), user, f"/start {payload}")

    # --- people press --------------------------------------------------------------------

    def press(
        self,
        message: Json,
        data: str | None = None,
        user: User | None = None,
        *,
        label: str | None = None,
        stale: bool = False,
    ) -> str:
        """Someone presses an inline button; returns the callback query's id.

        The button is looked up by ``data`` or ``label`` on the message as it is
        now, so a button that is gone cannot be pressed; with ``stale`` one that
        was there before an edit will do (a client that has not redrawn yet).
        """
        with self.changed:
            chat = self.chats[message["chat"]["id"]]
            kept = chat.kept.get(message["message_id"])
            assert kept, "the message is gone"
            choices = [b for row in keyboard(kept.message) for b in row if "callback_data" in b]
            for button in choices:
                if data == button["callback_data"] or (data is None and label == button["text"]):
                    data = button["callback_data"]
                    break
            else:
                offered = stale and data in kept.offered
                assert offered, f"no button {data or label!r} among {choices}"
            user = user or chat.user
            assert user, "in a group it needs someone to press"
            query_id = str(4_000_000_000_000_000 + next(self._ids))
            query: Json = {
                "id": query_id,
                "from": user.shown(),
                "chat_instance": str(-chat.id * 7919),
                "data": data,
            }
            inline = next((k for k, at in self.inline_messages.items() if at == _at(kept)), None)
            query |= {"inline_message_id": inline} if inline else {"message": kept.message}
            self.answers[query_id] = None
            self.add_update({"callback_query": query})
            self._wake()
            return query_id

    def expire(self, query_id: str) -> None:
        """Let a callback or inline query grow too old to be answered."""
        with self.changed:
            self.expired.add(query_id)

    def inline_query(
        self, user: User, query: str, *, offset: str = "", chat_type: str = "private"
    ) -> str:
        """Someone types ``@bot query``; returns the inline query's id."""
        with self.changed:
            query_id = str(6_000_000_000_000_000 + next(self._ids))
            shown = {"id": query_id, "from": user.shown(), "query": query, "offset": offset}
            self.inline_answers[query_id] = None
            self.add_update({"inline_query": {**shown, "chat_type": chat_type}})
            self._wake()
            return query_id

    def choose(self, query_id: str, result_id: str, user: User, chat: Chat) -> Json:
        """Someone sends one of the results of an inline query to a chat; returns the message."""
        with self.changed:
            answer = self.inline_answers[query_id]
            assert answer, "the query has not been answered"
            result = next((r for r in answer["results"] if r["id"] == result_id), None)
            assert result, f"no result {result_id!r} in {[r['id'] for r in answer['results']]}"
            content: Json = {"via_bot": self.bot, **answer["_contents"][result_id]}
            if "reply_markup" in result:
                content["reply_markup"] = result["reply_markup"]
            message = self.post(chat, self._sender(chat, user), content)
            chosen = {"result_id": result_id, "from": user.shown(), "query": ""}
            if "reply_markup" in result:
                inline_id = f"inline{next(self._ids)}"
                self.inline_messages[inline_id] = (chat.id, message["message_id"])
                chosen["inline_message_id"] = inline_id
            self.add_update({"chosen_inline_result": chosen})
            self._wake()
            return message

    # --- the bot's place in chats --------------------------------------------------------

    def block(self, user: User) -> None:
        """Someone blocks the bot: my_chat_member says kicked, sends are forbidden."""
        self._private_status(user, blocked=True)

    def unblock(self, user: User) -> None:
        """They return: my_chat_member says member."""
        self._private_status(user, blocked=False)

    def _private_status(self, user: User, *, blocked: bool) -> None:
        with self.changed:
            chat = self.private(user)
            user.blocked = blocked
            old, new = ("member", "kicked") if blocked else ("kicked", "member")
            self._my_chat_member(chat, user, {"status": old}, {"status": new})

    def deactivate(self, user: User) -> None:
        """Someone's account is deleted; Telegram sends no update."""
        with self.changed:
            user.deactivated = True

    def set_bot(self, chat: Chat, status: str, *, by: User | None = None, **rights: Any) -> None:
        """Someone adds, promotes, demotes or removes the bot (status as in ChatMember)."""
        with self.changed:
            bot_id = self.bot["id"]
            old = dict(chat.members.get(bot_id, {"status": "left"}))
            new = {"status": status, **rights}
            chat.members[bot_id] = new
            self._my_chat_member(chat, by or self.user("Admin"), old, new)

    def _my_chat_member(self, chat: Chat, user: User, old: Json, new: Json) -> None:
        self.add_update(
            {
                "my_chat_member": {
                    "chat": chat.shown(),
                    "from": user.shown(),
                    "date": self.now(),
                    "old_chat_member": self.member(chat, self.bot, old),
                    "new_chat_member": self.member(chat, self.bot, new),
                }
            }
        )
        self._wake()

    def migrate(self, group: Chat, *, announce: bool = True) -> Chat:
        """A group becomes a supergroup with a new id; the old id then refuses messages.

        Without ``announce`` the two service messages do not reach the bot, which
        then learns of it from the refusal alone.
        """
        with self.changed:
            assert group.type == "group"
            assert group.migrated_to is None
            new = self._new_chat(self._channel_id(), "supergroup", group.title or "")
            new.members = {user_id: dict(member) for user_id, member in group.members.items()}
            sender = self._sender(group, None)
            old_message = self.post(group, sender, {"migrate_to_chat_id": new.id})
            new_message = self.post(new, sender, {"migrate_from_chat_id": group.id})
            group.migrated_to = new.id
            if announce:
                self.add_update({"message": old_message})
                self.add_update({"message": new_message})
            self._wake()
            return new

    # --- building blocks (used by methods.py) --------------------------------------------

    def member(self, chat: Chat, user: Json, member: Json) -> Json:
        """A ChatMember object; rights not told are True for administrators."""
        status = member["status"]
        shown: Json = {"status": status, "user": user}
        types = {
            "creator": "ChatMemberOwner",
            "administrator": "ChatMemberAdministrator",
            "restricted": "ChatMemberRestricted",
        }
        if status in types:
            for name, required in self.shapes.booleans(types[status]).items():
                if required:
                    plain = name in ("is_anonymous", "can_be_edited") or status == "restricted"
                    shown[name] = name == "is_member" or not plain
        if status == "administrator" and chat.type == "channel":
            shown |= {"can_post_messages": True, "can_edit_messages": True}
        if status in ("restricted", "kicked"):
            shown["until_date"] = 0
        return shown | {key: value for key, value in member.items() if key != "status"}

    def right(self, chat: Chat, user_id: int, name: str) -> bool:
        """True if someone is an administrator with a right (all rights unless told)."""
        member = chat.members.get(user_id, {"status": "left"})
        if member["status"] == "creator":
            return True
        return member["status"] == "administrator" and bool(member.get(name, True))

    def _sender(self, chat: Chat, user: User | None, *, anonymous: bool = False) -> Json:
        """The fields that tell who sent a message."""
        if chat.type == "channel":
            return {"sender_chat": chat.shown()}
        if anonymous:
            return {"from": ANONYMOUS_ADMIN, "sender_chat": chat.shown()}
        user = user or chat.user or self._somebody(chat)
        return {"from": user.shown()}

    def _somebody(self, chat: Chat) -> User:
        known = [self.users[i] for i in chat.members if i in self.users]
        return known[0] if known else self.user("Jemand")

    def post(
        self,
        chat: Chat,
        sender: Json,
        content: Json,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Put a message into a chat, without an update. The lock must be held."""
        message: Json = {
            "message_id": self._message_id(chat),
            **sender,
            "chat": chat.shown(),
            "date": self.now(),
        }
        if chat.is_forum and reply_to in chat.kept and not thread_id:
            thread_id = chat.kept[reply_to].message.get("message_thread_id")
        if thread_id and thread_id in chat.topics:
            message["message_thread_id"] = thread_id
            message["is_topic_message"] = True
            if not reply_to and thread_id in chat.kept:
                # every message in a topic is a reply to the topic's first one
                message["reply_to_message"] = _quoted(chat.kept[thread_id].message)
        elif thread_id:
            message["message_thread_id"] = thread_id
        if reply_to and reply_to in chat.kept:
            replied = chat.kept[reply_to].message
            message["reply_to_message"] = _quoted(replied)
            if chat.type == "supergroup" and not chat.is_forum:
                # replies in plain supergroups have a thread id, and are no topic
                message["message_thread_id"] = replied.get("message_thread_id", reply_to)
        message |= content
        by_bot = sender.get("from", {}).get("id") == self.bot["id"] or "_bot" in sender
        message.pop("_bot", None)
        kept = Kept(message, by_bot)
        self.offer(kept)
        chat.kept[message["message_id"]] = kept
        if self.keep_messages and len(chat.kept) > self.keep_messages:
            del chat.kept[next(iter(chat.kept))]
        return message

    def offer(self, kept: Kept) -> None:
        """Remember the callback data that a message offers."""
        if "reply_markup" in kept.message:
            for row in keyboard(kept.message):
                kept.offered |= {b["callback_data"] for b in row if "callback_data" in b}

    def _message_id(self, chat: Chat) -> int:
        """Private chats and groups share one count of the bot's; others have their own."""
        if chat.type in ("private", "group"):
            self._last_shared_id += 1
            return self._last_shared_id
        chat.last_id += 1
        return chat.last_id

    def store_file(self, folder: str, name: str, mime_type: str, data: bytes) -> StoredFile:
        """Keep a file and give it an id and a path."""
        with self.lock:
            number = next(self._ids)
            suffix = re.search(r"\.\w+$", name)
            path = f"{folder}/file_{number}{suffix[0] if suffix else ''}"
            stored = StoredFile(f"AgAD{number:08d}", path, name, mime_type, data)
            self.files[stored.file_id] = stored
            return stored

    def _sees(self, chat: Chat, message: Json) -> bool:
        """Whether the message reaches the bot: membership and privacy mode."""
        bot_id = self.bot["id"]
        if chat.type == "private":
            return True
        status = self.status(chat, bot_id)
        if status in ("left", "kicked"):
            return False
        if chat.type == "channel" or not self.privacy or status in ("administrator", "creator"):
            return True
        if "text" not in message and "caption" not in message and "document" not in message:
            return "location" not in message and "contact" not in message
        replied = message.get("reply_to_message", {})
        if replied.get("from", {}).get("id") == bot_id or "via_bot" in message:
            return True
        return any(
            entity["type"] == "bot_command"
            and self._addressed(entities.entity_text(message["text"], entity))
            for entity in message.get("entities", ())
            if entity["offset"] == 0
        )

    def _addressed(self, command: str) -> bool:
        _, _, name = command.partition("@")
        return not name or name.lower() == str(self.bot["username"]).lower()

    def add_update(self, content: Json) -> None:
        """Queue an update unless its kind is not asked for. The lock must be held."""
        kind = next(iter(content))
        allowed = self.allowed_updates
        if kind not in allowed if allowed else kind in OPTIONAL_UPDATES:
            return
        self.updates.append({"update_id": self._next_update, **content})
        self._next_update += 1

    def _wake(self) -> None:
        """Tell everyone who waits that something changed. The lock must be held."""
        self.changed.notify_all()
        for listener in tuple(self._listeners):
            listener()


def keyboard(message: Json) -> list[list[Json]]:
    """The rows of inline buttons under a message; [] if there are none."""
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def document(stored: StoredFile) -> Json:
    """A Document object."""
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_name": stored.name,
        "mime_type": stored.mime_type,
        "file_size": len(stored.data),
    }


def _topic_created(name: str) -> Json:
    return {"name": name, "icon_color": 0x6FB9F0}


def _quoted(message: Json) -> Json:
    """A message as it is shown in reply_to_message: without a further reply."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def _at(kept: Kept) -> tuple[int, int]:
    return kept.message["chat"]["id"], kept.message["message_id"]
