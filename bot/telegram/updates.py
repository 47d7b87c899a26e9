"""What an update says: who asks in which language, what is meant, and for whom. Pure."""

from __future__ import annotations

from telegram import ChatMemberUpdated, MaybeInaccessibleMessage, Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.texts import languages


def language_of(update: Update) -> str | None:
    """The language of who asks, if there are texts in it."""
    user = update.effective_user
    code = (user.language_code or "").split("-")[0] if user else ""
    return code if code in languages() else None


def is_for_another(text: str, username: str) -> bool:
    """Whether a command names another bot of the group: /feeds@other_bot."""
    name = text.split(None, 1)[0] if text.strip() else ""
    own = f"@{username}".casefold()
    return "@" in name and name.startswith("/") and not name.casefold().endswith(own)


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


def why_gone(change: ChatMemberUpdated) -> str:
    """Why the bot is in a chat no more."""
    return "blocked" if change.chat.type == ChatType.PRIVATE else "removed"
