"""What is put into the outbox: digests, alerts and notices, rendered for a chat part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import show
from bot.render import parts
from bot.reply import Block, Rows
from bot.texts import Texts
from digests.desk import Unusual
from digests.types import Chat, Digest, FeedNotice

Payloads = Sequence[dict[str, Any]]


def render_digest(digest: Digest, chat: Chat) -> Payloads:
    """The payloads of a digest for a chat, part by part."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    buttons = show.digest_buttons(digest, texts) or show.nothing_buttons(digest, texts)
    return _payloads(chat, show.digest(digest, texts), buttons, muted=chat.muted)


def render_alert(alert: Digest, chat: Chat) -> Payloads:
    """The payload of an alert for a chat: one message, with as many stories at length as fit it."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    made: Payloads = ()
    for full in range(show.IN_FULL, -1, -1):
        buttons = show.digest_buttons(alert, texts, full=full)
        made = _payloads(chat, show.alert(alert, texts, full=full), buttons)
        if len(made) == 1:
            break
    return made


def render_unusual(found: Sequence[Unusual], chat: Chat) -> Payloads:
    """The payloads of word of unusually many reports for a chat."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    return _payloads(chat, show.unusual(found, texts), show.unusual_buttons(found))


def render_notice(notice: FeedNotice, chat: Chat) -> Payloads:
    """The payloads of a word about a feed for a chat."""
    texts = Texts(chat.language, ZoneInfo(chat.zone))
    return _payloads(chat, show.feed_notice(notice, texts), show.notice_buttons(notice, texts))


def _payloads(
    chat: Chat,
    blocks: list[Block],
    buttons: Rows,
    *,
    muted: bool = False,
) -> list[dict[str, Any]]:
    made = (replace(part, muted=muted, previews=chat.previews) for part in parts(blocks, buttons))
    return [part.payload() | {"language": chat.language} for part in made]
