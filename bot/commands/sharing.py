"""Links that lead to the bot and follow at once: t.me/bot?start=actor_… .

Telegram lets a payload have 64 of ``A-Za-z0-9_-``. Ids that fit stand as they are; other
words are written in URL-safe base64 (RFC 4648, 5) under a kind of their own.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from typing import Final

from bot.commands.finding import Meant, find, too_long, usage
from bot.commands.table import Ask
from bot.reply import BlockKind, Reply, block, link, plain
from digests.types import TargetKind

_LONGEST: Final = 64
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")
_STORY: Final = re.compile(r"story_(\d{1,12})")
_ACTOR, _TOPIC, _NAME, _WORDS = "actor", "topic", "name", "words"
_CODED: Final = "64"


def share(ask: Ask) -> Reply:
    """/share NAME: the link that lets others follow the same."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    t = ask.texts
    found = find(ask, ask.args, "/share {}")
    if isinstance(found, Reply):
        return found
    if not ask.bot:
        return plain(t("Links lead to a bot in Telegram, and here is none."), ok=False)
    payload = payload_of(found)
    if payload is None:
        return plain(t("There can be no link to {name}.", name=found.name), ok=False)
    url = start_link(ask.bot, payload)
    text = t("Who opens this link follows {name}:", name=found.name)
    return Reply((block(BlockKind.PARAGRAPH, text), block(BlockKind.PARAGRAPH, link(url, url))))


def start_link(bot: str, payload: str) -> str:
    """The link that opens a bot, by its user name, with a payload."""
    return f"https://t.me/{bot}?start={payload}"


def payload_of(meant: Meant) -> str | None:
    """What stands after ``start=`` in a link to a target; None where there is none that fits."""
    match meant.target.kind:
        case TargetKind.ACTOR:
            return _payload(_ACTOR, meant.target.id)
        case TargetKind.NAME:
            return _payload(_NAME, meant.target.id)
        case TargetKind.TOPIC if ":" in meant.target.id:
            # A chat's own topic is nobody else's: whoever opens the link makes one of its words.
            return _payload(_WORDS, meant.name)
        case TargetKind.TOPIC:
            return _payload(_TOPIC, meant.target.id)
        case TargetKind.FEED | TargetKind.EVERYTHING:
            return None


def command_of(payload: str) -> str | None:
    """The command that a link stands for; None for one that nobody understands."""
    if story := _STORY.fullmatch(payload):
        return f"/story {story[1]}"
    kind, _, value = payload.partition("_")
    if kind.endswith(_CODED):
        kind, value = kind.removesuffix(_CODED), _decoded(value) or ""
    if not value:
        return None
    forms = {
        _ACTOR: "/subscribe #{}",
        _TOPIC: "/subscribe topic:{}",
        _WORDS: "/subscribe topic:{}",
        _NAME: "/subscribe name:{}",
    }
    return forms[kind].format(value) if kind in forms else None


def _payload(kind: str, value: str) -> str | None:
    made = f"{kind}_{value}"
    if not _PLAIN.fullmatch(value) or kind in (_NAME, _WORDS):
        coded = urlsafe_b64encode(value.encode()).decode().rstrip("=")
        made = f"{kind}{_CODED}_{coded}"
    return made if len(made) <= _LONGEST else None


def _decoded(value: str) -> str | None:
    with suppress(ValueError):
        words = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        return words if words.isprintable() else None
    return None
