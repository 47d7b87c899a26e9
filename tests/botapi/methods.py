"""The bot's side: what each Bot API method does to the world.

A handler gets the world (lock held) and a checked call, and returns the result
or raises ApiError. Methods without a handler that answer True succeed without
effect; others are refused as not simulated (which is a violation, too).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.botapi.entities import Formatted, Json
from tests.botapi.errors import (
    NOT_MODIFIED,
    QUERY_TOO_OLD,
    bad_request,
    forbidden,
    malformed,
    migrated,
)
from tests.botapi.faults import RateLimits
from tests.botapi.schema import Findings
from tests.botapi.world import Chat, Kept, StoredFile, Topic, World, document

MAX_DOWNLOAD = 20 * 1024 * 1024
"""getFile: "bots can download files of up to 20MB in size"."""
MAX_PHOTO = 10 * 1024 * 1024
"""sendPhoto: at most 10 MB, width and height at most 10000 in total, ratio at most 20."""
MAX_UPLOAD = 50 * 1024 * 1024
"""sendDocument and others: up to 50 MB."""
DELETE_WITHIN = 48 * 3600
"""deleteMessage: "A message can only be deleted if it was sent less than 48 hours ago"."""


@dataclass(slots=True)
class Request:
    """A checked call on its way through a handler."""

    world: World
    found: Findings
    limits: RateLimits | None = None

    @property
    def params(self) -> Json:
        """Parameters as JSON values."""
        return self.found.params

    def text(self, name: str = "text") -> Formatted:
        """A formatted text by path; empty if not given."""
        return self.found.texts.get(name, Formatted(""))


Handler = Callable[[Request], Any]
HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler for methods."""

    def register(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = handler
        return handler

    return register


def perform(request: Request) -> Any:
    """Carry out a call; the result is JSON, or ApiError is raised."""
    handler = HANDLERS.get(request.found.method)
    if handler is None:
        spec = request.world.schema.method(request.found.method)
        assert spec
        if "Boolean" not in spec.returns:
            raise malformed(f"the stand-in does not simulate {spec.name}")
        if "chat_id" in request.params:
            _chat(request)
        return True
    return handler(request)


# --- access ----------------------------------------------------------------------------------


def _chat(request: Request, name: str = "chat_id", *, write: bool = False) -> Chat:
    """The chat a call names; raises what Telegram says when the bot cannot reach it."""
    world = request.world
    chat = world.find_chat(request.params[name])
    if chat is None:
        raise bad_request("chat not found")
    if chat.user:
        if write and chat.user.deactivated:
            raise forbidden("user is deactivated")
        if write and chat.user.blocked:
            raise forbidden("bot was blocked by the user")
        if write and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    status = world.status(chat, world.bot["id"])
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status == "left" and (write or not chat.username):
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def _writable(request: Request, messages: int = 1) -> Chat:
    """The chat, if the bot may send there now; counts against the rate limits if enforced."""
    world = request.world
    chat = _chat(request, write=True)
    bot_id = world.bot["id"]
    if chat.type == "channel" and not world.right(chat, bot_id, "can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if chat.is_group and not chat.can_send and world.status(chat, bot_id) != "administrator":
        raise bad_request("not enough rights to send text messages to the chat")
    if request.limits:
        request.limits.check(chat.id, group=chat.is_group, messages=messages)
    return chat


def _thread(request: Request, chat: Chat) -> int | None:
    """message_thread_id if there is such an open topic (or reply thread) in the chat."""
    thread: int | None = request.params.get("message_thread_id")
    if not thread:
        return None
    topic = chat.topics.get(thread)
    reply_thread = chat.type == "supergroup" and not chat.is_forum and thread in chat.kept
    if topic.deleted if topic else not reply_thread:
        raise bad_request("message thread not found")
    world = request.world
    if topic and topic.closed and not world.right(chat, world.bot["id"], "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread


def _reply_to(request: Request, chat: Chat) -> int | None:
    reply: Json | None = request.params.get("reply_parameters")
    if not reply:
        return None
    kept = chat.kept.get(reply["message_id"])
    if kept is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    quote = request.text("reply_parameters.quote").text
    if quote and quote not in str(kept.message.get("text") or kept.message.get("caption")):
        raise bad_request("QUOTE_TEXT_INVALID")
    return int(reply["message_id"])


def _sender(world: World, chat: Chat) -> Json:
    if chat.type == "channel":
        return {"sender_chat": chat.shown(), "_bot": True}
    return {"from": world.bot}


def _markup(params: Json) -> Json:
    """reply_markup as a message shows it: inline keyboards with buttons only."""
    markup: Json = params.get("reply_markup", {})
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _post(request: Request, content: Json) -> Json:
    """Send one message with the usual parameters."""
    chat = _writable(request)
    extra = {"has_protected_content": True} if request.params.get("protect_content") else {}
    return request.world.post(
        chat,
        _sender(request.world, chat),
        content | _markup(request.params) | extra,
        thread_id=_thread(request, chat),
        reply_to=_reply_to(request, chat),
    )


def _formatted(formatted: Formatted, name: str = "text", entities: str = "entities") -> Json:
    content: Json = {name: formatted.text} if formatted.text else {}
    if formatted.entities:
        content[entities] = list(formatted.entities)
    return content


def _caption(formatted: Formatted) -> Json:
    return _formatted(formatted, "caption", "caption_entities")


# --- sending ---------------------------------------------------------------------------------


@handles("sendMessage")
def _send_message(request: Request) -> Any:
    return _post(request, _text_content(request))


def _text_content(request: Request) -> Json:
    content = _formatted(request.text())
    options = request.params.get("link_preview_options")
    return content | ({"link_preview_options": options} if options else {})


@handles(
    *("sendPhoto", "sendDocument", "sendAudio", "sendVideo", "sendAnimation", "sendVoice"),
    *("sendVideoNote", "sendSticker"),
)
def _send_media(request: Request) -> Any:
    method = request.found.method
    kind = {"sendVideoNote": "video_note"}.get(method, method.removeprefix("send").lower())
    content = _media(request, kind, request.params[kind]) | _caption(request.text("caption"))
    if request.params.get("show_caption_above_media") and "caption" in content:
        content["show_caption_above_media"] = True
    return _post(request, content)


def _media(request: Request, kind: str, given: str) -> Json:
    """The message field for a file that is uploaded, known by id, or named by URL."""
    stored = _file(request, kind, given)
    plain: Json = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
    }
    if kind == "photo":
        width, height = _picture_size(stored.data)
        return {"photo": [{**plain, "width": width, "height": height}]}
    if kind == "document":
        return {"document": document(stored)}
    params = request.params
    if kind in ("audio", "voice", "video", "animation", "video_note"):
        plain["duration"] = params.get("duration", 0)
    if kind in ("video", "animation"):
        plain |= {"width": params.get("width", 320), "height": params.get("height", 240)}
    if kind == "video_note":
        plain["length"] = params.get("length", 240)
    if kind == "sticker":
        plain |= {"type": "regular", "width": 512, "height": 512}
        plain |= {"is_animated": False, "is_video": False}
    if kind in ("audio", "video", "animation"):
        plain["file_name"] = stored.name
    content: Json = {kind: plain}
    if kind == "animation":
        content["document"] = document(stored)
    return content


def _file(request: Request, kind: str, given: str) -> StoredFile:
    world = request.world
    if given.startswith("attach://"):
        upload = request.found.files[given.removeprefix("attach://")]
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > (MAX_PHOTO if kind == "photo" else MAX_UPLOAD):
            raise bad_request(f"file is too big for a {kind}")
        if kind == "photo":
            _check_picture(upload.data)
        return world.store_file(f"{kind}s", upload.filename, upload.content_type, upload.data)
    known = world.files.get(given)
    if known:
        return known
    if given.startswith(("http://", "https://")):
        # Telegram would fetch it; the stand-in takes the URL as the file's content
        return world.store_file(f"{kind}s", given.rsplit("/", 1)[-1], "text/uri", given.encode())
    raise bad_request("wrong file identifier/HTTP URL specified")


def _check_picture(data: bytes) -> None:
    width, height = _picture_size(data)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG, (0, 0) if it is neither."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    at = 2
    while data.startswith(b"\xff\xd8") and at + 9 <= len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


@handles("sendMediaGroup")
def _send_media_group(request: Request) -> Any:
    chat = _writable(request, len(request.params["media"]))
    thread, reply_to = _thread(request, chat), _reply_to(request, chat)
    contents = [
        _media(request, item["type"], item["media"]) | _caption(request.text(f"media[{n}].caption"))
        for n, item in enumerate(request.params["media"])
    ]
    world = request.world
    group = {"media_group_id": str(chat.last_id + 1_300_000_000)}
    return [
        world.post(chat, _sender(world, chat), content | group, thread_id=thread, reply_to=reply_to)
        for content in contents
    ]


@handles("sendLocation")
def _send_location(request: Request) -> Any:
    names = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading")
    return _post(request, {"location": _picked(request.params, names)})


@handles("sendVenue")
def _send_venue(request: Request) -> Any:
    params = request.params
    venue = {"location": _picked(params, ("latitude", "longitude"))}
    return _post(request, {"venue": venue | _picked(params, ("title", "address"))})


@handles("sendContact")
def _send_contact(request: Request) -> Any:
    names = ("phone_number", "first_name", "last_name", "vcard")
    return _post(request, {"contact": _picked(request.params, names)})


@handles("sendDice")
def _send_dice(request: Request) -> Any:
    return _post(request, {"dice": {"emoji": request.params.get("emoji", "🎲"), "value": 4}})


def _picked(params: Json, names: tuple[str, ...]) -> Json:
    return {name: params[name] for name in names if name in params}


@handles("copyMessage", "forwardMessage")
def _copy(request: Request) -> Any:
    source = _chat(request, "from_chat_id")
    kept = source.kept.get(request.params["message_id"])
    copying = request.found.method == "copyMessage"
    if kept is None:
        raise bad_request(f"message to {'copy' if copying else 'forward'} not found")
    about = (
        *("message_id", "from", "sender_chat", "chat", "date", "edit_date", "reply_to_message"),
        *("message_thread_id", "is_topic_message", "reply_markup", "via_bot"),
    )
    content = {key: value for key, value in kept.message.items() if key not in about}
    if copying:
        if "caption" in request.params:
            content.pop("caption_entities", None)
            content |= {"caption": "", **_caption(request.text("caption"))}
        return {"message_id": _post(request, content)["message_id"]}
    date = kept.message["date"]
    if "from" in kept.message:
        origin = {"type": "user", "sender_user": kept.message["from"], "date": date}
    else:
        origin = {"type": "channel", "chat": source.shown(), "date": date}
        origin["message_id"] = kept.message["message_id"]
    return _post(request, content | {"forward_origin": origin})


@handles("sendChatAction")
def _send_chat_action(request: Request) -> Any:
    chat = _chat(request, write=True)
    _thread(request, chat)
    request.world.actions.append((chat.id, request.params["action"]))
    return True


# --- changing what was sent ------------------------------------------------------------------


def _target(request: Request, what: str = "edit") -> tuple[Chat, Kept]:
    """The message that an edit names, in a chat or by inline message id."""
    world, params = request.world, request.params
    inline = params.get("inline_message_id")
    if inline:
        at = world.inline_messages.get(inline)
        if at is None or at[1] not in world.chats[at[0]].kept:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.chats[at[0]], world.chats[at[0]].kept[at[1]]
    chat = _chat(request, write=True)
    kept = chat.kept.get(params["message_id"])
    if kept is None:
        raise bad_request(f"message to {what} not found")
    if what == "edit" and not kept.by_bot:
        raise bad_request("message can't be edited")
    return chat, kept


def _replace(request: Request, kept: Kept, gone: tuple[str, ...], content: Json) -> Any:
    """Put an edited message in the place of the old one; refuses if nothing changed."""
    old = kept.message
    new = {key: value for key, value in old.items() if key not in (*gone, "reply_markup")}
    new |= content | _markup(request.params)
    if new == old:
        raise bad_request(NOT_MODIFIED)
    new["edit_date"] = request.world.now()
    kept.message = new
    request.world.offer(kept)
    return True if request.params.get("inline_message_id") else new


@handles("editMessageText")
def _edit_text(request: Request) -> Any:
    _, kept = _target(request)
    if "text" not in kept.message:
        raise bad_request("there is no text in the message to edit")
    if "text" not in request.params:
        raise malformed("the stand-in does not simulate rich messages")
    gone = ("text", "entities", "link_preview_options")
    return _replace(request, kept, gone, _text_content(request))


@handles("editMessageCaption")
def _edit_caption(request: Request) -> Any:
    _, kept = _target(request)
    if not any(kind in kept.message for kind in ("photo", "document", "video", "audio", "voice")):
        raise bad_request("there is no caption in the message to edit")
    content = _caption(request.text("caption"))
    return _replace(request, kept, ("caption", "caption_entities"), content)


@handles("editMessageMedia")
def _edit_media(request: Request) -> Any:
    _, kept = _target(request)
    media = request.params["media"]
    content = _media(request, media["type"], media["media"])
    content |= _caption(request.text("media.caption"))
    gone = ("photo", "document", "video", "audio", "animation", "text", "entities")
    return _replace(request, kept, (*gone, "caption", "caption_entities"), content)


@handles("editMessageReplyMarkup")
def _edit_markup(request: Request) -> Any:
    _, kept = _target(request)
    return _replace(request, kept, (), {})


@handles("deleteMessage")
def _delete_message(request: Request) -> Any:
    chat, kept = _target(request, "delete")
    _check_deletable(request.world, chat, kept)
    del chat.kept[kept.message["message_id"]]
    return True


@handles("deleteMessages")
def _delete_messages(request: Request) -> Any:
    chat = _chat(request, write=True)
    for message_id in request.params["message_ids"]:
        if message_id in chat.kept:
            _check_deletable(request.world, chat, chat.kept[message_id])
            del chat.kept[message_id]
    return True


def _check_deletable(world: World, chat: Chat, kept: Kept) -> None:
    bot_id = world.bot["id"]
    if not kept.by_bot and chat.type != "private":
        if not world.right(chat, bot_id, "can_delete_messages"):
            raise bad_request("message can't be deleted")
        return
    if kept.message["date"] < world.now() - DELETE_WITHIN:
        raise bad_request("message can't be deleted for everyone")


@handles("pinChatMessage")
def _pin(request: Request) -> Any:
    chat, kept = _target(request, "pin")
    world = request.world
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if not chat.user and not world.right(chat, world.bot["id"], right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned.append(kept.message["message_id"])
    return True


@handles("unpinChatMessage")
def _unpin(request: Request) -> Any:
    chat = _chat(request, write=True)
    message_id = request.params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


# --- answers to queries ----------------------------------------------------------------------


@handles("answerCallbackQuery")
def _answer_callback(request: Request) -> Any:
    return _answer(request, request.world.answers, "callback_query_id")


@handles("answerInlineQuery")
def _answer_inline(request: Request) -> Any:
    _answer(request, request.world.inline_answers, "inline_query_id")
    contents: Json = {}
    for n, result in enumerate(request.params["results"]):
        path = f"results[{n}]"
        text = request.found.texts.get(f"{path}.input_message_content.message_text")
        if text:
            contents[result["id"]] = _formatted(text)
        else:
            shown = {"text": f"[{result['type']}]"}
            contents[result["id"]] = shown | _caption(request.text(f"{path}.caption"))
    answer = {**request.params, "_contents": contents}
    request.world.inline_answers[request.params["inline_query_id"]] = answer
    return True


def _answer(request: Request, answers: dict[str, Json | None], name: str) -> bool:
    query_id = request.params[name]
    known = query_id in answers and query_id not in request.world.expired
    if not known or answers[query_id] is not None:
        raise bad_request(QUERY_TOO_OLD)
    answers[query_id] = request.params
    return True


# --- chats and members -----------------------------------------------------------------------


@handles("getChat")
def _get_chat(request: Request) -> Any:
    chat = _chat(request)
    full = chat.shown() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            request.world.shapes.booleans("AcceptedGiftTypes"), False
        ),
    }
    if chat.description:
        full["description"] = chat.description
    if chat.pinned and chat.pinned[-1] in chat.kept:
        full["pinned_message"] = chat.kept[chat.pinned[-1]].message
    return full


@handles("getChatAdministrators")
def _get_administrators(request: Request) -> Any:
    chat = _chat(request)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    world = request.world
    return [
        world.member(chat, _user(world, user_id), member)
        for user_id, member in chat.members.items()
        if member["status"] in ("creator", "administrator")
    ]


@handles("getChatMember")
def _get_member(request: Request) -> Any:
    chat, world = _chat(request), request.world
    user_id = request.params["user_id"]
    user = _user(world, user_id)
    if chat.type == "private" and user_id in (chat.id, world.bot["id"]):
        return world.member(chat, user, {"status": "member"})
    return world.member(chat, user, chat.members.get(user_id, {"status": "left"}))


@handles("getChatMemberCount")
def _get_member_count(request: Request) -> Any:
    chat = _chat(request)
    if chat.type == "private":
        return 2
    return sum(m["status"] not in ("left", "kicked") for m in chat.members.values())


def _user(world: World, user_id: int) -> Json:
    if user_id == world.bot["id"]:
        return world.bot
    if user_id not in world.users:
        raise bad_request("invalid user_id specified")
    return world.users[user_id].shown()


@handles("leaveChat")
def _leave(request: Request) -> Any:
    chat = _chat(request)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[request.world.bot["id"]] = {"status": "left"}
    return True


@handles("createForumTopic")
def _create_topic(request: Request) -> Any:
    chat = _forum(request)
    name = request.params["name"]
    created = {"name": name, "icon_color": request.params.get("icon_color", 0x6FB9F0)}
    world = request.world
    message = world.post(chat, _sender(world, chat), {"forum_topic_created": created})
    thread = message["message_id"]
    chat.topics[thread] = Topic(name)
    return {"message_thread_id": thread, **created}


@handles("editForumTopic", "closeForumTopic", "reopenForumTopic", "deleteForumTopic")
def _change_topic(request: Request) -> Any:
    chat = _forum(request)
    topic = chat.topics.get(request.params["message_thread_id"])
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    method = request.found.method
    if method == "editForumTopic":
        topic.name = request.params.get("name") or topic.name
    elif method == "deleteForumTopic":
        topic.deleted = True
    else:
        closed = method == "closeForumTopic"
        if topic.closed is closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = closed
    return True


def _forum(request: Request) -> Chat:
    chat = _chat(request, write=True)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not request.world.right(chat, request.world.bot["id"], "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    return chat


# --- the bot itself --------------------------------------------------------------------------


@handles("getMe")
def _get_me(request: Request) -> Any:
    world = request.world
    name = world.profile.get(("name", ""), world.bot["first_name"])
    return {
        **world.bot,
        "first_name": name,
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _command_key(params: Json) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    return json.dumps(scope, sort_keys=True), params.get("language_code", "")


@handles("setMyCommands")
def _set_commands(request: Request) -> Any:
    scope = request.params.get("scope", {})
    if "chat_id" in scope and request.world.find_chat(scope["chat_id"]) is None:
        raise bad_request("chat not found")
    request.world.commands[_command_key(request.params)] = request.params["commands"]
    return True


@handles("getMyCommands")
def _get_commands(request: Request) -> Any:
    return request.world.commands.get(_command_key(request.params), [])


@handles("deleteMyCommands")
def _delete_commands(request: Request) -> Any:
    request.world.commands.pop(_command_key(request.params), None)
    return True


_PROFILE = {
    "Name": "name",
    "Description": "description",
    "ShortDescription": "short_description",
}


@handles("setMyName", "setMyDescription", "setMyShortDescription")
def _set_profile(request: Request) -> Any:
    name = _PROFILE[request.found.method.removeprefix("setMy")]
    key = (name, request.params.get("language_code", ""))
    request.world.profile[key] = request.params.get(name, "")
    return True


@handles("getMyName", "getMyDescription", "getMyShortDescription")
def _get_profile(request: Request) -> Any:
    name = _PROFILE[request.found.method.removeprefix("getMy")]
    profile = request.world.profile
    language = request.params.get("language_code", "")
    default = request.world.bot["first_name"] if name == "name" else ""
    return {name: profile.get((name, language)) or profile.get((name, "")) or default}


@handles("setChatMenuButton")
def _set_menu_button(request: Request) -> Any:
    button = request.params.get("menu_button", {"type": "default"})
    request.world.menu_buttons[request.params.get("chat_id")] = button
    return True


@handles("getChatMenuButton")
def _get_menu_button(request: Request) -> Any:
    buttons = request.world.menu_buttons
    chat_id = request.params.get("chat_id")
    return buttons.get(chat_id) or buttons.get(None) or {"type": "commands"}


@handles("getUserProfilePhotos")
def _get_profile_photos(request: Request) -> Any:
    _user(request.world, request.params["user_id"])
    return {"total_count": 0, "photos": []}


@handles("getFile")
def _get_file(request: Request) -> Any:
    stored = request.world.files.get(request.params["file_id"])
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


@handles("setWebhook")
def _set_webhook(request: Request) -> Any:
    url = request.params["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _drop_pending(request)
    request.world.webhook = url
    request.world.allowed_updates = request.params.get(
        "allowed_updates", request.world.allowed_updates
    )
    return True


@handles("deleteWebhook")
def _delete_webhook(request: Request) -> Any:
    _drop_pending(request)
    request.world.webhook = ""
    return True


def _drop_pending(request: Request) -> None:
    if request.params.get("drop_pending_updates"):
        request.world.updates.clear()


@handles("getWebhookInfo")
def _get_webhook_info(request: Request) -> Any:
    world = request.world
    return {
        "url": world.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
