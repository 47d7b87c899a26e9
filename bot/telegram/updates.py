"""What an update says: who asks in which language, what is meant, and for whom. Pure."""

from __future__ import annotations

import re
from typing import Final

from telegram import (
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    MessageOriginChannel,
    Update,
    User,
)

from bot.telegram.sending import CHANNEL_REQUEST
from bot.texts import languages

_LOOK: Final = re.compile(r"/story (\d+)(?: (?:sources|why))?(?: \d+)?")
_WISH: Final = re.compile(r"/story \d+ (?:mute|unmute|less|again)")


def language_of(update: Update) -> str | None:
    """The language of who asks, if there are texts in it."""
    return known_language(update.effective_user)


def known_language(user: User | None) -> str | None:
    """The language of a person's client, if there are texts in it."""
    code = (user.language_code or "").split("-")[0] if user else ""
    return code if code in languages() else None


def chosen_channel(message: Message) -> str | None:
    """The command for a channel that was chosen by button, or of which a post was forwarded."""
    shared, origin = message.chat_shared, message.forward_origin
    if shared is not None and shared.request_id == CHANNEL_REQUEST:
        return f"/channel {shared.chat_id}"
    if isinstance(origin, MessageOriginChannel):
        return f"/channel {origin.chat.id}"
    return None


def is_for_another(text: str, username: str) -> bool:
    """Whether a command names another bot of the group: /feeds@other_bot."""
    name = text.split(None, 1)[0] if text.strip() else ""
    own = f"@{username}".casefold()
    return "@" in name and name.startswith("/") and not name.casefold().endswith(own)


def story_of(command: str) -> str | None:
    """The number of the story that a button looks at; None for what it does else."""
    match = _LOOK.fullmatch(command)
    return match[1] if match else None


def is_wish(command: str) -> bool:
    """Whether a button says what the chat is to be spared of."""
    return _WISH.fullmatch(command) is not None


def topic_of(message: MaybeInaccessibleMessage) -> int:
    """The forum topic that a message stands in; 0 for none, or where it is too old to tell."""
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id or 0
    return 0


def links(message: Message) -> tuple[tuple[str, str], ...]:
    """The linked words of a message, and where they lead; none of one too old to be shown to us."""
    if not message.text:
        return ()
    found = message.parse_entities([MessageEntity.TEXT_LINK])
    return tuple((words, entity.url) for entity, words in found.items() if entity.url)
