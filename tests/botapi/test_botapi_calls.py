"""Calls over HTTP: what is refused, in Telegram's words, and what is only told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import ApiError, BotApi, Chat
from tests.botapi.client import Client
from tests.botapi.entities import Json
from tests.botapi.schema import Limit, Schema, load_api


def test_forms_json_and_queries_are_all_understood(client: Client, chat: Chat) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 1}]
    for send in (client, client.json):
        status, body = send("sendMessage", chat_id=chat.id, text="a b", entities=entities)
        assert status == 200
        assert body["result"]["entities"] == entities
    assert client.get("sendMessage", chat_id=chat.id, text="ä & b")[1]["result"]["text"] == "ä & b"
    assert client.json("sendMessage", chat_id=str(chat.id), text="c")[0] == 200
    assert client("SENDmessage", chat_id=chat.id, text="d")[0] == 200
    assert [call.method for call in client.api.calls] == ["sendMessage"] * 5
    assert client.api.calls[0].params == {"chat_id": chat.id, "text": "a b", "entities": entities}


def test_tokens(client: Client, bot_api: BotApi) -> None:
    bot_api.expect_violation("no place of the Bot API: '/")
    http, root = client.http, client.api.url
    assert http.get(f"{root}/bot1:wrong/getMe").json() == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    for path in ("/botwrong/getMe", "/", "/bot/getMe", f"/file/bot{client.api.token}/nothing"):
        assert http.get(root + path).json()["error_code"] == 404


def test_unknown_methods_and_parameters(client: Client, chat: Chat, bot_api: BotApi) -> None:
    bot_api.expect_violation("no Bot API method sendPigeon")
    bot_api.expect_violation("sendMessage has no parameter 'colour'")
    bot_api.expect_violation(r"reply_markup\.inline_keyboard\[0\]\[0\]: .* no field 'colour'")
    assert client("sendPigeon", chat_id=chat.id)[1]["description"] == "Not Found"
    button = {"text": "a", "callback_data": "b", "colour": "red"}
    client.result(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        colour="red",
        reply_markup={"inline_keyboard": [[button]]},
    )


def test_without_strictness_only_what_is_refused_is_a_violation() -> None:
    with BotApi(strict=False) as api, Client(api) as bot:
        bot.result("sendMessage", chat_id=api.private().id, text="a", colour="red")
        assert api.violations == []
        bot.refused("sendMessage", text="a")
        assert api.violations == ["call 2 sendMessage: Bad Request: chat_id is empty"]
        api.expect_violation("chat_id is empty")


PLAIN: Json = {"chat_id": 0, "text": "Text"}
LONG_BUTTON = {"text": "ä" * 60, "callback_data": "b"}


def button(**fields: Any) -> Json:
    return {"inline_keyboard": [[{"text": "Mehr", **fields}]]}


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 0}, "message text is empty"),
        ("sendMessage", {"chat_id": 0, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 0, "text": " \n"}, "text must be non-empty"),
        ("sendMessage", {"chat_id": 0, "text": "ä" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": 0, "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", PLAIN | {"message_thread_id": "x"}, "must be of type Number"),
        ("sendMessage", PLAIN | {"protect_content": "vielleicht"}, "must be of type Boolean"),
        ("sendMessage", PLAIN | {"entities": "[{"}, "can't parse entities JSON object"),
        ("sendMessage", PLAIN | {"entities": {}}, 'field "entities" must be of type Array'),
        (
            "sendMessage",
            PLAIN | {"entities": [{"type": "bold", "offset": 0}]},
            "can't parse MessageEntity: Can't find field \"length\"",
        ),
        (
            "sendMessage",
            PLAIN | {"entities": [{"type": "bold", "offset": "0", "length": 1}]},
            'can\'t parse MessageEntity: Field "offset" must be of type Number',
        ),
        (
            "sendMessage",
            PLAIN | {"entities": [{"type": "bold", "offset": 2, "length": 3}]},
            "ends after the end of the text at UTF-16 offset 5",
        ),
        ("sendMessage", PLAIN | {"parse_mode": "HTML", "text": "<b>"}, "can't parse entities: "),
        ("sendMessage", PLAIN | {"parse_mode": "wiki"}, "unsupported parse_mode"),
        (
            "sendMessage",
            PLAIN | {"reply_markup": "nein"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": {"inline_keyboard": [{}]}},
            'field "inline_keyboard[0]" must be of type Array',
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ("sendMessage", PLAIN | {"reply_markup": button()}, "Text buttons are unallowed"),
        (
            "sendMessage",
            PLAIN | {"reply_markup": button(callback_data="a", style="purple")},
            'field "style" must be one of danger, primary, success',
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": button(callback_data="ä" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": button(callback_data="")},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": button(url="http://localhost:80/")},
            "inline keyboard button URL 'http://localhost:80/' is invalid: Wrong HTTP URL",
        ),
        (
            "sendMessage",
            PLAIN
            | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}},
            "reply markup is too long",
        ),
        (
            "sendMessage",
            PLAIN | {"reply_markup": {"inline_keyboard": [[LONG_BUTTON]] * 90}},
            "reply markup is too long",
        ),
        (
            "sendMessage",
            PLAIN | {"link_preview_options": {"is_disabled": "ja"}},
            'field "is_disabled" must be of type Boolean',
        ),
        ("sendMessage", PLAIN | {"reply_parameters": {}}, 'can\'t find field "message_id"'),
        ("sendPhoto", {"chat_id": 0}, "there is no photo in the request"),
        (
            "sendPhoto",
            {"chat_id": 0, "photo": "http://a.de/b.png", "caption": "ä" * 1025},
            "message caption is too long",
        ),
        ("sendLocation", {"chat_id": 0, "latitude": 91, "longitude": 0}, "invalid location"),
        ("sendLocation", {"chat_id": 0, "latitude": 1}, "longitude is empty"),
        (
            "sendLocation",
            {"chat_id": 0, "latitude": 1, "longitude": 1, "live_period": 59},
            'field "live_period" must be 60-86400',
        ),
        ("sendMediaGroup", {"chat_id": 0, "media": []}, 'field "media" must be 2-10 items'),
        (
            "sendMediaGroup",
            {
                "chat_id": 0,
                "media": [
                    {"type": "photo", "media": "http://a.de/1"},
                    {"type": "document", "media": "http://a.de/2"},
                ],
            },
            "can't use the media of the specified type in the album",
        ),
        (
            "sendMediaGroup",
            {"chat_id": 0, "media": [{"type": "photo", "media": "attach://x"}] * 2},
            "media not found",
        ),
        (
            "sendMediaGroup",
            {"chat_id": 0, "media": [{"type": "animation", "media": "x"}] * 2},
            "can't parse InputMedia: Unsupported type specified",
        ),
        ("sendChatAction", {"chat_id": 0, "action": "sleeping"}, "wrong parameter action"),
        ("editMessageText", {"chat_id": 0, "text": "a"}, "message identifier is not specified"),
        ("editMessageText", {"message_id": 1, "text": "a"}, "chat_id is empty"),
        ("editMessageText", {"chat_id": 0, "message_id": 1}, "message text is empty"),
        (
            "editMessageText",
            {"chat_id": 0, "message_id": 1, "text": "a" * 4097},
            "MESSAGE_TOO_LONG",
        ),
        ("deleteMessages", {"chat_id": 0, "message_ids": [1] * 101}, "must be 1-100 items"),
        ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1", "text": "a" * 201},
            "MESSAGE_TOO_LONG",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "Actor", "description": "abc"}]},
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a" * 33, "description": "abc"}]},
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "actor", "description": ""}]},
            "command description must be non-empty",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "actor", "description": "a" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": f"a{n}", "description": "abc"} for n in range(101)]},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "chat"}},
            "can't parse BotCommandScope: Can't find field \"chat_id\"",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "galaxy"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ("setMyCommands", {"commands": [], "language_code": "deutsch"}, "invalid language code"),
        ("setMyDescription", {"description": "a" * 513}, "must be 0-512 characters"),
        ("setMyShortDescription", {"short_description": "a" * 121}, "must be 0-120 characters"),
        ("getUpdates", {"limit": 101}, 'field "limit" must be 1-100'),
    ],
)
def test_malformed_calls(
    client: Client, bot_api: BotApi, chat: Chat, method: str, params: Json, words: str
) -> None:
    bot_api.expect_violation(".")
    if "chat_id" in params:
        params = params | {"chat_id": chat.id}
    assert words in client.refused(method, **params)
    assert len(bot_api.violations) == 1
    assert bot_api.messages(chat) == []


ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "Lawrow",
    "input_message_content": {"message_text": "Text"},
}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"results": [ARTICLE, ARTICLE]}, "RESULT_ID_DUPLICATE"),
        ({"results": [ARTICLE | {"id": "ä" * 33}]}, "RESULT_ID_INVALID"),
        ({"results": [ARTICLE | {"id": str(n)} for n in range(51)]}, "RESULTS_TOO_MUCH"),
        (
            {"results": [{k: v for k, v in ARTICLE.items() if k != "title"}]},
            "can't parse inline query result: Can't find field \"title\"",
        ),
        ({"results": [ARTICLE | {"type": "pigeon"}]}, "Unsupported type specified"),
        (
            {"results": [ARTICLE | {"input_message_content": {"message_text": "a" * 4097}}]},
            "message is too long",
        ),
        ({"results": [], "next_offset": "a" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "a", "start_parameter": "ä"}}, "START_PARAM_INVALID"),
        ({"results": [ARTICLE | {"reply_markup": button()}]}, "Text buttons are unallowed"),
    ],
)
def test_malformed_inline_answers(
    client: Client, bot_api: BotApi, params: Json, words: str
) -> None:
    bot_api.expect_violation(".")
    query = bot_api.inline_query(bot_api.user(), "Lawrow")
    assert words in client.refused("answerInlineQuery", inline_query_id=query, **params)
    assert bot_api.inline_answers[query] is None


@pytest.mark.parametrize(
    ("params", "oddity"),
    [
        ({"parse_mode": "HTML", "entities": []}, None),
        (
            {"parse_mode": "HTML", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
            "entities is ignored where parse_mode is given",
        ),
        ({"reply_markup": button(callback_data="a", url="https://a.de")}, "Telegram takes one"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": "1"}] * 9]}},
            "row of 9 inline buttons",
        ),
        (
            {"reply_markup": button(url="https://t.me/depesche_test_bot?start=a b")},
            "deep link payload",
        ),
        ({"reply_markup": button(url=f"https://t.me/other?start={'a' * 65}")}, None),
        ({"reply_markup": button(callback_data="a", style="primary")}, None),
        (
            {
                "entities": [
                    {
                        "type": "text_link",
                        "offset": 0,
                        "length": 4,
                        "url": f"https://t.me/depesche_test_bot?start={'a' * 65}",
                    }
                ]
            },
            "text: deep link payload",
        ),
        (
            {
                "entities": [
                    {"type": "bold", "offset": 0, "length": 3},
                    {"type": "italic", "offset": 1, "length": 3},
                ]
            },
            "text: entity italic at 1..4 partly overlaps bold at 0..3",
        ),
    ],
)
def test_what_telegram_takes_in_silence_is_a_violation(
    client: Client, bot_api: BotApi, chat: Chat, params: Json, oddity: str | None
) -> None:
    client.result("sendMessage", chat_id=chat.id, text="Text", **params)
    if oddity:
        assert any(oddity in told for told in bot_api.violations)
        bot_api.expect_violation("")
    else:
        assert bot_api.violations == []


def test_updates_that_do_not_exist_cannot_be_asked_for(client: Client, bot_api: BotApi) -> None:
    bot_api.expect_violation("there are no updates 'mesage'")
    client.result("getUpdates", allowed_updates=["mesage", "callback_query"])


def test_limits_are_inclusive(client: Client, bot_api: BotApi, chat: Chat) -> None:
    client.result("sendMessage", chat_id=chat.id, text="😀" * 2048)
    hundred = {"inline_keyboard": [[{"text": "a", "callback_data": "ä" * 16}] * 8] * 12}
    hundred["inline_keyboard"].append([{"text": "a", "callback_data": "x" * 64}] * 4)
    client.result("sendMessage", chat_id=chat.id, text="a", reply_markup=hundred)
    commands = [{"command": "a" * 32, "description": "b" * 256}]
    commands += [{"command": f"a{n}", "description": "b"} for n in range(99)]
    client.result("setMyCommands", commands=commands)
    assert client.result("getMyCommands") == commands


def test_a_message_answer_has_telegrams_form(client: Client, bot_api: BotApi, chat: Chat) -> None:
    message = client.result("sendMessage", chat_id=chat.id, text=" Text ", parse_mode="HTML")
    assert bot_api.shapes.problems("Message", message) == []
    assert message == {
        "message_id": 1,
        "from": bot_api.bot,
        "chat": {"id": chat.id, "type": "private", "first_name": "Anna"},
        "date": message["date"],
        "text": "Text",
    }


def test_every_method_compiles_and_limits_come_from_the_description() -> None:
    schema = Schema()
    limits: dict[tuple[str, str], Limit] = {}
    for name in load_api()["methods"]:
        spec = schema.method(name)
        assert spec
        limits |= {(name, field): limit for field, limit in spec.limits.items()}
        limits |= {(name, text.name): text.limit for text in spec.texts}
    found = {where: (limit.low, limit.high, limit.unit) for where, limit in limits.items()}
    assert found["sendMessage", "text"] == (1, 4096, "characters")
    assert found["sendPhoto", "caption"] == (0, 1024, "characters")
    assert found["deleteMessages", "message_ids"] == (1, 100, "items")
    assert found["sendContact", "vcard"] == (0, 2048, "bytes")
    assert found["setMyCommands", "commands"] == (0, 100, "items")
    assert found["answerInlineQuery", "next_offset"] == (0, 64, "bytes")
    assert found["sendLocation", "heading"] == (1, 360, "number")
    assert len(found) > 90


METHODS = sorted(load_api()["methods"])


@pytest.mark.parametrize("name", METHODS)
def test_no_method_takes_what_its_description_does_not(name: str) -> None:
    schema = Schema()
    spec = schema.method(name)
    assert spec
    if spec.required:
        with pytest.raises(ApiError) as refused:
            schema.check_call(spec, {}, {})
        assert refused.value.malformed
    for parameter, types in spec.types.items():
        wrong = "x" if types[0] in ("Integer", "Float", "Boolean") and len(types) == 1 else None
        if all(kind not in ("String", "Integer", "InputFile") for kind in types):
            wrong = wrong or 17
        if wrong is not None:
            with pytest.raises(ApiError) as refused:
                schema.check_call(spec, {parameter: wrong}, {})
            assert refused.value.malformed, parameter
    if not spec.required:
        assert schema.check_call(spec, {"pigeon": 1}, {}).oddities == [
            f"{name} has no parameter 'pigeon'"
        ]


def test_the_description_is_the_one_that_was_handed_over() -> None:
    original = Path(__file__).parents[3] / "shared/bench/telegram/api.json"
    if not original.exists():
        pytest.skip("../shared is not here")
    assert json.loads(original.read_text("utf-8")) == load_api()


def test_problems_of_values_are_named() -> None:
    shapes = Schema(limits=False)
    assert shapes.problems("User", {"id": 1, "is_bot": False, "first_name": "A"}) == []
    assert shapes.problems("User", {"id": 1, "is_bot": False}) == ['Can\'t find field "first_name"']
    assert shapes.problems("User", {"id": "1", "is_bot": False, "first_name": "A"})
    extra = {"id": 1, "is_bot": False, "first_name": "A", "shoe_size": 42}
    assert shapes.problems("User", extra) == ["User: User has no field 'shoe_size'"]


def test_uploads(client: Client, bot_api: BotApi, chat: Chat) -> None:
    sent = client.result(
        "sendDocument",
        {"document": ("ä.json", b"{}", "application/json")},
        chat_id=chat.id,
        caption="Export",
    )
    assert sent["document"]["file_name"] == "ä.json"
    assert sent["caption"] == "Export"
    call = bot_api.calls[-1]
    assert call.files["document"].data == b"{}"
    file = client.result("getFile", file_id=sent["document"]["file_id"])
    url = f"{bot_api.url}/file/bot{bot_api.token}/{file['file_path']}"
    assert client.http.get(url).content == b"{}"
    again = client.result("sendDocument", chat_id=chat.id, document=file["file_id"])
    assert again["document"]["file_id"] == file["file_id"]
    assert client.refused("sendDocument", {"document": ("a", b"")}, chat_id=chat.id) == (
        "file must be non-empty"
    )
    assert client.refused("sendDocument", chat_id=chat.id, document="??") == (
        "wrong file identifier/HTTP URL specified"
    )


def png(width: int, height: int) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    return head + width.to_bytes(4, "big") + height.to_bytes(4, "big")


def test_photos_must_be_pictures_of_sane_size(client: Client, chat: Chat) -> None:
    sent = client.result("sendPhoto", {"photo": ("a.png", png(1200, 800))}, chat_id=chat.id)
    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (1200, 800)
    for data, words in (
        (b"GIF89a", "IMAGE_PROCESS_FAILED"),
        (png(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ):
        assert client.refused("sendPhoto", {"photo": ("a.png", data)}, chat_id=chat.id) == words


def test_albums(client: Client, bot_api: BotApi, chat: Chat) -> None:
    media = [
        {"type": "photo", "media": "attach://a", "caption": "eins"},
        {"type": "photo", "media": "attach://b"},
    ]
    files = {"a": ("a.png", png(10, 10)), "b": ("b.png", png(20, 20))}
    sent = client.result("sendMediaGroup", files, chat_id=chat.id, media=media)
    assert [message.get("caption") for message in sent] == ["eins", None]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert not [p for message in sent for p in bot_api.shapes.problems("Message", message)]
    bot_api.expect_violation("file 'c' is sent but not referred to")
    client.result("sendMediaGroup", {**files, "c": ("c", b"1")}, chat_id=chat.id, media=media)
