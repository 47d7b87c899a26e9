"""Rules for calls that api.json only tells in prose, or not at all.

Each function raises a malformed ApiError where Telegram refuses and yields an
oddity (a sentence) where Telegram keeps quiet but does something else than was
meant. Sources: api.json (method and type descriptions), tdlib/telegram-bot-api
Client.cpp for wordings, limits.tginfo.me and PTB's ``telegram.constants`` for
what the documentation leaves out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from tests.botapi.entities import Json, checked_link
from tests.botapi.errors import malformed
from tests.botapi.schema import Findings, Schema

MAX_BUTTONS = 100
"""Inline buttons in a keyboard (limits.tginfo.me, InlineKeyboardMarkupLimit of PTB)."""
MAX_ROW = 8
"""Inline buttons that clients show in a row (same sources)."""
MAX_MARKUP_BYTES = 10_240
"""Serialised keyboard (limits.tginfo.me: "reply markup is too long" above 10 kB)."""
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
"""BotCommand.command: lowercase English letters, digits and underscores."""
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Deep links (core.telegram.org/bots/features#deep-linking, InlineQueryResultsButton)."""
CHAT_ACTIONS = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location"),
        *("record_video_note", "upload_video_note"),
    )
)
"""sendChatAction.action."""

_BUTTON_KINDS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "copy_text",
    "login_url",
    "web_app",
)
_GROUPABLE = {"audio", "document", "photo", "video", "live_photo"}


def check(findings: Findings, bot_username: str) -> None:
    """Apply every rule that concerns the call; oddities are added to ``findings``."""
    params = findings.params
    oddities = findings.oddities
    for markup in _markups(params):
        oddities += keyboard(markup, bot_username)
    for path, text in findings.texts.items():
        for entity in text.entities:
            oddities += (f"{path}: {o}" for o in _deep_link(entity.get("url", ""), bot_username))
    rule = _RULES.get(findings.method)
    if rule:
        oddities += rule(params)


def _markups(params: Json) -> Iterator[Json]:
    """Every inline keyboard in the call."""
    places = [params, *params.get("results", ())]
    for place in places:
        markup = place.get("reply_markup")
        if markup and "inline_keyboard" in markup:
            yield markup


def keyboard(markup: Json, bot_username: str) -> list[str]:
    """Inline keyboard: number, size and kind of buttons, their links."""
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    size = len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode())
    if len(buttons) > MAX_BUTTONS or size > MAX_MARKUP_BYTES:
        raise malformed("reply markup is too long")
    oddities = [
        f"row of {len(row)} inline buttons: clients show {MAX_ROW}"
        for row in rows
        if len(row) > MAX_ROW
    ]
    for button in buttons:
        oddities += _button(button, bot_username)
    return oddities


def _button(button: Json, bot_username: str) -> list[str]:
    prefix = "Can't parse inline keyboard button: "
    if not button["text"].strip():
        raise malformed(prefix + "text must be non-empty")
    kinds = [kind for kind in _BUTTON_KINDS if button.get(kind) is not None]
    if not kinds:
        raise malformed(prefix + "Text buttons are unallowed in the inline keyboard")
    oddities = []
    if len(kinds) > 1:
        oddities.append(f"inline button {button['text']!r} has {kinds}: Telegram takes one")
    if kinds[0] == "url":
        try:
            checked_link(button["url"])
        except ValueError as error:
            raise malformed(f"inline keyboard button {error}") from None
        oddities += _deep_link(button["url"], bot_username)
    return oddities


def _deep_link(url: str, bot_username: str) -> list[str]:
    """Links to this bot's own start whose payload Telegram does not pass on."""
    parts = urlsplit(url)
    if parts.hostname not in ("t.me", "telegram.me"):
        return []
    if parts.path.strip("/").lower() != bot_username.lower():
        return []
    query = parse_qs(parts.query, keep_blank_values=True)
    return [
        f"deep link payload {value!r} is not {START_PARAMETER.pattern}"
        for name in ("start", "startgroup")
        for value in query.get(name, ())
        if value and not START_PARAMETER.fullmatch(value)
    ]


def _set_my_commands(params: Json) -> list[str]:
    for command in params["commands"]:
        if not COMMAND.fullmatch(command["command"]):
            raise malformed("BOT_COMMAND_INVALID")
    names = [command["command"] for command in params["commands"]]
    return [f"command {name!r} twice" for name in sorted({n for n in names if names.count(n) > 1})]


def _answer_inline_query(params: Json) -> list[str]:
    ids = [result["id"] for result in params["results"]]
    if len(set(ids)) < len(ids):
        raise malformed("RESULT_ID_DUPLICATE")
    button = params.get("button")
    if button and "start_parameter" in button:
        if not START_PARAMETER.fullmatch(button["start_parameter"]):
            raise malformed("START_PARAM_INVALID")
    elif button and "web_app" not in button:
        raise malformed("can't parse InlineQueryResultsButton: exactly one action is needed")
    return []


def _send_media_group(params: Json) -> list[str]:
    kinds = {media["type"] for media in params["media"]}
    if not kinds <= _GROUPABLE:
        raise malformed("media must be of type photo, video, live_photo, document or audio")
    if len(kinds) > 1 and kinds & {"audio", "document"}:
        raise malformed("Can't use the media of the specified type in the album")
    return []


def _send_chat_action(params: Json) -> list[str]:
    if params["action"] not in CHAT_ACTIONS:
        raise malformed("wrong parameter action in request")
    return []


def _language_code(params: Json) -> list[str]:
    code = params.get("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise malformed("invalid language code specified")
    return []


def _edit(params: Json) -> list[str]:
    if params.get("inline_message_id"):
        return ["inline_message_id and chat_id together"] if "chat_id" in params else []
    if "chat_id" not in params:
        raise malformed("chat_id is empty")
    if "message_id" not in params:
        raise malformed("message identifier is not specified")
    return []


def _edit_text(params: Json) -> list[str]:
    if "text" not in params and "rich_message" not in params:
        raise malformed("message text is empty")
    return _edit(params)


def _location(params: Json) -> list[str]:
    if not (-90 <= params["latitude"] <= 90 and -180 <= params["longitude"] <= 180):
        raise malformed("invalid location specified")
    return []


_UPDATES = Schema(limits=False).fields("Update") - {"update_id"}
"""What allowed_updates may name."""


def _allowed_updates(params: Json) -> list[str]:
    named = params.get("allowed_updates", ())
    return [f"there are no updates {name!r}" for name in named if name not in _UPDATES]


_RULES = {
    **dict.fromkeys(("getUpdates", "setWebhook"), _allowed_updates),
    "setMyCommands": lambda params: _set_my_commands(params) + _language_code(params),
    **dict.fromkeys(
        (
            *("getMyCommands", "deleteMyCommands", "setMyName", "setMyDescription", "getMyName"),
            *("setMyShortDescription", "getMyDescription", "getMyShortDescription"),
        ),
        _language_code,
    ),
    "answerInlineQuery": _answer_inline_query,
    "sendMediaGroup": _send_media_group,
    "sendChatAction": _send_chat_action,
    "sendLocation": _location,
    "sendVenue": _location,
    "editMessageText": _edit_text,
    "editMessageCaption": _edit,
    "editMessageMedia": _edit,
    "editMessageReplyMarkup": _edit,
}
