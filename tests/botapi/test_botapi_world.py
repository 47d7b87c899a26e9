"""People and the bot in private chats, groups, forums and channels; polling."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.botapi import BotApi, Chat, keyboard
from tests.botapi.client import Client
from tests.botapi.entities import Json
from tests.botapi.errors import NOT_MODIFIED, OTHER_POLLER, QUERY_TOO_OLD

MORE = {"inline_keyboard": [[{"text": "Mehr", "callback_data": "more:1"}]]}


def updates(client: Client, **params: Any) -> list[Json]:
    """getUpdates, each update checked against the description, and confirmed."""
    found: list[Json] = client.result("getUpdates", **params)
    for update in found:
        assert client.api.shapes.problems("Update", update) == []
    if found:
        client.result("getUpdates", offset=found[-1]["update_id"] + 1)
    return found


# --- polling ---------------------------------------------------------------------------------


def test_offsets_confirm_updates(client: Client, bot_api: BotApi, chat: Chat) -> None:
    for n in range(3):
        bot_api.send_text(chat, None, f"Text {n}")
    first = client.result("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["Text 0", "Text 1"]
    assert client.result("getUpdates", limit=2) == first
    rest = client.result("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["Text 2"]
    assert client.result("getUpdates", offset=rest[0]["update_id"] + 1) == []
    bot_api.wait_confirmed(timeout=1)


def test_a_negative_offset_keeps_the_newest(client: Client, bot_api: BotApi, chat: Chat) -> None:
    for n in range(5):
        bot_api.send_text(chat, None, f"Text {n}")
    assert len(client.result("getUpdates", offset=-2)) == 2
    assert len(bot_api.updates) == 2


def test_a_waiting_poll_wakes_at_once(client: Client, bot_api: BotApi, chat: Chat) -> None:
    got: list[Json] = []
    poller = threading.Thread(target=lambda: got.extend(client.result("getUpdates", timeout=30)))
    poller.start()
    bot_api.wait_for("getUpdates", arrived=True)
    bot_api.send_text(chat, None, "Text")
    poller.join(5)
    assert [u["message"]["text"] for u in got] == ["Text"]


def test_a_poll_ends_with_its_timeout(client: Client, bot_api: BotApi) -> None:
    assert client.result("getUpdates", timeout=1) == []
    call = bot_api.calls[-1]
    assert 0.9 < call.answered_at - call.at < 5


def test_a_second_poll_ends_the_first(client: Client, bot_api: BotApi) -> None:
    answers: list[tuple[int, Json]] = []
    poller = threading.Thread(target=lambda: answers.append(client("getUpdates", timeout=30)))
    poller.start()
    bot_api.wait_for("getUpdates", arrived=True)
    with Client(bot_api) as other:
        assert other.result("getUpdates") == []
    poller.join(5)
    assert answers[0][0] == 409
    assert answers[0][1]["description"] == OTHER_POLLER
    assert bot_api.conflicts == 1


def test_a_caller_that_hangs_up_frees_the_poll(client: Client, bot_api: BotApi) -> None:
    with client.start("getUpdates", timeout=30):
        bot_api.wait_for("getUpdates", arrived=True)
    assert bot_api.wait_for("getUpdates").outcome == "gone"
    assert client.result("getUpdates") == []
    assert bot_api.conflicts == 0


def test_allowed_updates_hold_for_what_comes_later(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    bot_api.send_text(chat, None, "vorher")
    client.result("getUpdates", allowed_updates=["callback_query"], limit=1)
    bot_api.send_text(chat, None, "nachher")
    assert [u["message"]["text"] for u in updates(client)] == ["vorher"]
    client.result("getUpdates", allowed_updates=[])
    bot_api.send_text(chat, None, "wieder")
    assert [u["message"]["text"] for u in updates(client)] == ["wieder"]


def test_no_polling_beside_a_webhook(client: Client, bot_api: BotApi, chat: Chat) -> None:
    assert "An HTTPS URL must be provided" in client.refused("setWebhook", url="http://a.de")
    client.result("setWebhook", url="https://a.de/hook")
    status, body = client("getUpdates")
    assert status == 409
    assert "can't use getUpdates method while webhook is active" in body["description"]
    bot_api.send_text(chat, None, "Text")
    assert client.result("getWebhookInfo")["pending_update_count"] == 1
    client.result("deleteWebhook", drop_pending_updates=True)
    assert client.result("getUpdates") == []


# --- messages --------------------------------------------------------------------------------


def test_commands_are_entities(client: Client, bot_api: BotApi, chat: Chat) -> None:
    bot_api.send_text(chat, None, "/actor@depesche_test_bot Lawrow")
    message = updates(client)[0]["message"]
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 24}]
    assert message["from"]["language_code"] == "de"


def test_edits_and_deletions_change_what_the_chat_shows(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    sent = client.result("sendMessage", chat_id=chat.id, text="alt", reply_markup=MORE)
    where = {"chat_id": chat.id, "message_id": sent["message_id"]}
    assert client.refused("editMessageText", text="alt", reply_markup=MORE, **where) == NOT_MODIFIED
    edited = client.result("editMessageText", text="neu", **where)
    assert bot_api.shapes.problems("Message", edited) == []
    assert "edit_date" in edited
    assert keyboard(edited) == []
    assert [m["text"] for m in bot_api.messages(chat)] == ["neu"]
    assert bot_api.calls[0].result["text"] == "alt"
    assert client.refused("editMessageReplyMarkup", **where) == NOT_MODIFIED
    client.result("editMessageReplyMarkup", reply_markup=MORE, **where)
    assert keyboard(bot_api.last(chat)) == MORE["inline_keyboard"]
    assert client.refused("editMessageCaption", caption="x", **where) == (
        "there is no caption in the message to edit"
    )
    client.result("deleteMessage", **where)
    assert bot_api.messages(chat) == []
    assert client.refused("editMessageText", text="x", **where) == "message to edit not found"
    assert client.refused("deleteMessage", **where) == "message to delete not found"
    assert client.result("deleteMessages", chat_id=chat.id, message_ids=[1, 2]) is True


def test_only_the_bots_own_messages_can_be_edited(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    theirs = bot_api.send_text(chat, None, "Text")
    refused = client.refused(
        "editMessageText", chat_id=chat.id, message_id=theirs["message_id"], text="x"
    )
    assert refused == "message can't be edited"


def test_old_messages_cannot_be_deleted() -> None:
    now = [1_000_000.0]
    with BotApi(clock=lambda: now[0]) as api, Client(api) as client:
        chat = api.private()
        client.result("sendMessage", chat_id=chat.id, text="a")
        now[0] += 48 * 3600 + 1
        refused = client.refused("deleteMessage", chat_id=chat.id, message_id=1)
        assert refused == "message can't be deleted for everyone"


def test_replies(client: Client, bot_api: BotApi, chat: Chat) -> None:
    asked = bot_api.send_text(chat, None, "Wer ist Lawrow?")
    where = {"chat_id": chat.id, "text": "a"}
    reply = {"message_id": asked["message_id"], "quote": "Lawrow"}
    sent = client.result("sendMessage", reply_parameters=reply, **where)
    assert sent["reply_to_message"]["text"] == "Wer ist Lawrow?"
    wrong = reply | {"quote": "Peskow"}
    assert client.refused("sendMessage", reply_parameters=wrong, **where) == "QUOTE_TEXT_INVALID"
    gone = {"message_id": 99}
    assert client.refused("sendMessage", reply_parameters=gone, **where) == (
        "message to be replied not found"
    )
    anyway = gone | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in client.result("sendMessage", reply_parameters=anyway, **where)


def test_copies_and_forwards(client: Client, bot_api: BotApi, chat: Chat) -> None:
    other = bot_api.private(bot_api.user("Bert"))
    sent = client.result("sendMessage", chat_id=chat.id, text="Text", reply_markup=MORE)
    where = {"chat_id": other.id, "from_chat_id": chat.id, "message_id": sent["message_id"]}
    assert client.result("copyMessage", **where).keys() == {"message_id"}
    forwarded = client.result("forwardMessage", **where)
    assert bot_api.shapes.problems("Message", forwarded) == []
    assert [m["text"] for m in bot_api.messages(other)] == ["Text", "Text"]
    assert client.refused("copyMessage", **where | {"message_id": 99}) == (
        "message to copy not found"
    )


# --- buttons ---------------------------------------------------------------------------------


def test_buttons_must_be_there_to_be_pressed(client: Client, bot_api: BotApi, chat: Chat) -> None:
    client.result("sendMessage", chat_id=chat.id, text="a", reply_markup=MORE)
    message = bot_api.last(chat)
    with pytest.raises(AssertionError, match="no button 'less:1'"):
        bot_api.press(message, "less:1")
    query_id = bot_api.press(message, label="Mehr")
    query = updates(client)[0]["callback_query"]
    assert (query["id"], query["data"]) == (query_id, "more:1")
    assert query["message"] == message
    where = {"chat_id": chat.id, "message_id": message["message_id"]}
    client.result("editMessageText", text="b", **where)
    with pytest.raises(AssertionError, match="no button 'more:1'"):
        bot_api.press(message, "more:1")
    bot_api.press(message, "more:1", stale=True)
    client.result("deleteMessage", **where)
    with pytest.raises(AssertionError, match="gone"):
        bot_api.press(message, "more:1", stale=True)


def test_queries_are_answered_once_and_in_time(client: Client, bot_api: BotApi, chat: Chat) -> None:
    client.result("sendMessage", chat_id=chat.id, text="a", reply_markup=MORE)
    first, second = (bot_api.press(bot_api.last(chat), "more:1") for _ in range(2))
    assert bot_api.answers[first] is None
    client.result("answerCallbackQuery", callback_query_id=first, text="gut")
    answer = bot_api.answers[first]
    assert answer
    assert answer["text"] == "gut"
    bot_api.expire(second)
    for query_id in (first, second, "7"):
        assert client.refused("answerCallbackQuery", callback_query_id=query_id) == QUERY_TOO_OLD


def test_inline_mode(client: Client, bot_api: BotApi) -> None:
    anna, group = bot_api.user(), bot_api.group(bot=None)
    query_id = bot_api.inline_query(anna, "Lawrow")
    assert updates(client)[0]["inline_query"]["query"] == "Lawrow"
    content = {
        "message_text": "Sergej Lawrow",
        "entities": [{"type": "bold", "offset": 7, "length": 6}],
    }
    result = {"type": "article", "id": "1", "title": "Lawrow", "input_message_content": content}
    results = [result, result | {"id": "2", "reply_markup": MORE}]
    client.result("answerInlineQuery", inline_query_id=query_id, results=results)
    plain = bot_api.choose(query_id, "1", anna, group)
    assert plain["entities"][0]["type"] == "bold"
    with_button = bot_api.choose(query_id, "2", anna, group)
    chosen = [u["chosen_inline_result"] for u in updates(client)]
    assert "inline_message_id" not in chosen[0]
    inline_id = chosen[1]["inline_message_id"]
    bot_api.press(with_button, "more:1", anna)
    pressed = updates(client)[0]["callback_query"]
    assert pressed["inline_message_id"] == inline_id
    assert "message" not in pressed
    assert client.result("editMessageText", inline_message_id=inline_id, text="neu") is True
    assert bot_api.messages(group)[-1]["text"] == "neu"
    assert client.refused("editMessageText", inline_message_id="x", text="y") == (
        "MESSAGE_ID_INVALID"
    )


# --- chats -----------------------------------------------------------------------------------


def test_private_chats_the_bot_cannot_reach(client: Client, bot_api: BotApi, chat: Chat) -> None:
    assert chat.user

    def send(chat_id: int) -> str:
        return str(client("sendMessage", chat_id=chat_id, text="a")[1].get("description"))

    assert send(12345) == "Bad Request: chat not found"
    assert send(bot_api.private(bot_api.user(), started=False).id) == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    bot_api.block(chat.user)
    assert send(chat.id) == "Forbidden: bot was blocked by the user"
    bot_api.send_text(chat, None, "/start")
    assert send(chat.id) == "None"
    kinds = [
        (u["my_chat_member"]["new_chat_member"]["status"] if "my_chat_member" in u else "message")
        for u in updates(client)
    ]
    assert kinds == ["kicked", "member", "message"]
    bot_api.deactivate(chat.user)
    assert send(chat.id) == "Forbidden: user is deactivated"


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_chats_the_bot_is_not_in(client: Client, bot_api: BotApi, kind: str) -> None:
    chat: Chat = getattr(bot_api, kind)()

    def send() -> Json:
        return client("sendMessage", chat_id=chat.id, text="a")[1]

    assert send()["ok"]
    bot_api.set_bot(chat, "kicked")
    assert send()["description"] == f"Forbidden: bot was kicked from the {kind} chat"
    bot_api.set_bot(chat, "left")
    assert send()["description"] == f"Forbidden: bot is not a member of the {kind} chat"
    bot_api.set_bot(chat, "administrator")
    assert send()["ok"]
    statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in updates(client)]
    assert statuses == ["kicked", "left", "administrator"]


def test_channels_need_a_posting_administrator(client: Client, bot_api: BotApi) -> None:
    channel = bot_api.channel(username="depesche_meldungen")
    post = client.result("sendMessage", chat_id="@depesche_meldungen", text="a")
    assert bot_api.shapes.problems("Message", post) == []
    assert "from" not in post
    assert bot_api.last(channel) == post
    bot_api.set_bot(channel, "administrator", can_post_messages=False)
    assert client.refused("sendMessage", chat_id=channel.id, text="a") == (
        "need administrator rights in the channel chat"
    )
    bot_api.send_text(channel, None, "von Hand")
    assert [next(iter(u.keys() - {"update_id"})) for u in updates(client)] == [
        "my_chat_member",
        "channel_post",
    ]


def test_a_group_becomes_a_supergroup(client: Client, bot_api: BotApi) -> None:
    owner = bot_api.user("Olga")
    group = bot_api.group(owner=owner)
    new = bot_api.migrate(group)
    found = [u["message"] for u in updates(client)]
    assert found[0]["migrate_to_chat_id"] == new.id
    assert found[1]["migrate_from_chat_id"] == group.id
    status, body = client("sendMessage", chat_id=group.id, text="a")
    assert status == 400
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": new.id}
    client.result("sendMessage", chat_id=new.id, text="a")
    assert client.result("getChatMember", chat_id=new.id, user_id=owner.id)["status"] == "creator"
    silent = bot_api.migrate(bot_api.group(), announce=False)
    assert updates(client) == []
    assert silent.type == "supergroup"


def test_forum_topics(client: Client, bot_api: BotApi) -> None:
    anna = bot_api.user()
    forum = bot_api.supergroup(forum=True, members=[anna], bot="administrator")
    topic = bot_api.topic(forum, "Russland")
    bot_api.send_text(forum, anna, "/actor Lawrow", thread_id=topic)
    message = updates(client)[-1]["message"]
    assert message["message_thread_id"] == topic
    assert message["is_topic_message"] is True
    assert "forum_topic_created" in message["reply_to_message"]
    where = {"chat_id": forum.id, "text": "a"}
    sent = client.result("sendMessage", message_thread_id=topic, **where)
    assert sent["message_thread_id"] == topic
    assert "message_thread_id" not in client.result("sendMessage", **where)
    reply = {"message_id": message["message_id"]}
    assert (
        client.result("sendMessage", reply_parameters=reply, **where)["message_thread_id"] == topic
    )
    for wrong in (1, 99):
        assert client.refused("sendMessage", message_thread_id=wrong, **where) == (
            "message thread not found"
        )
    client.result("closeForumTopic", chat_id=forum.id, message_thread_id=topic)
    client.result("sendMessage", message_thread_id=topic, **where)
    bot_api.set_bot(forum, "member")
    assert client.refused("sendMessage", message_thread_id=topic, **where) == "TOPIC_CLOSED"
    forum.topics[topic].deleted = True
    assert client.refused("sendMessage", message_thread_id=topic, **where) == (
        "message thread not found"
    )


def test_the_bot_makes_topics(client: Client, bot_api: BotApi) -> None:
    forum = bot_api.supergroup(forum=True, bot="administrator")
    made = client.result("createForumTopic", chat_id=forum.id, name="NATO")
    assert bot_api.shapes.problems("ForumTopic", made) == []
    client.result(
        "sendMessage", chat_id=forum.id, message_thread_id=made["message_thread_id"], text="a"
    )
    client.result("deleteForumTopic", chat_id=forum.id, message_thread_id=made["message_thread_id"])
    assert client.refused("createForumTopic", chat_id=bot_api.supergroup().id, name="a") == (
        "the chat is not a forum"
    )


def test_reply_threads_of_plain_supergroups_are_no_topics(client: Client, bot_api: BotApi) -> None:
    anna = bot_api.user()
    chat = bot_api.supergroup(members=[anna])
    root = client.result("sendMessage", chat_id=chat.id, text="a")
    bot_api.send_text(chat, anna, "Antwort", reply_to=root["message_id"])
    message = updates(client)[0]["message"]
    assert message["message_thread_id"] == root["message_id"]
    assert "is_topic_message" not in message


def test_members_and_administrators(client: Client, bot_api: BotApi, chat: Chat) -> None:
    anna, olga, berta = (bot_api.user(name) for name in ("Anna", "Olga", "Berta"))
    group = bot_api.supergroup(owner=olga, admins=[berta], members=[anna], bot="administrator")
    admins = client.result("getChatAdministrators", chat_id=group.id)
    assert {a["user"]["first_name"] for a in admins} == {"Olga", "Berta", "Depesche"}
    for admin in admins:
        assert bot_api.shapes.problems("ChatMember", admin) == []
    for user, status in ((anna, "member"), (olga, "creator"), (bot_api.user(), "left")):
        member = client.result("getChatMember", chat_id=group.id, user_id=user.id)
        assert bot_api.shapes.problems("ChatMember", member) == []
        assert member["status"] == status
    bot_api.set_member(group, anna, "restricted", can_send_messages=False)
    restricted = client.result("getChatMember", chat_id=group.id, user_id=anna.id)
    assert bot_api.shapes.problems("ChatMember", restricted) == []
    assert client.result("getChatMemberCount", chat_id=group.id) == 4
    assert client.refused("getChatMember", chat_id=group.id, user_id=1) == (
        "invalid user_id specified"
    )
    assert client.refused("getChatAdministrators", chat_id=chat.id) == (
        "there are no administrators in the private chat"
    )
    assert bot_api.shapes.problems("ChatFullInfo", client.result("getChat", chat_id=group.id)) == []
    client.result("leaveChat", chat_id=group.id)
    assert client("getChat", chat_id=group.id)[1]["description"] == (
        "Forbidden: bot is not a member of the supergroup chat"
    )


def test_anonymous_administrators(client: Client, bot_api: BotApi) -> None:
    group = bot_api.supergroup()
    bot_api.send_text(group, None, "/subscribe NATO", anonymous=True)
    message = updates(client)[0]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == group.id


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Hallo", False),
        ("/actor Lawrow", True),
        ("/actor@depesche_test_bot Lawrow", True),
        ("/actor@other_bot Lawrow", False),
        ("bitte /actor Lawrow", False),
    ],
)
def test_privacy_mode(client: Client, bot_api: BotApi, text: str, *, seen: bool) -> None:
    anna = bot_api.user()
    group = bot_api.group(members=[anna])
    bot_api.send_text(group, anna, text)
    assert bool(updates(client)) is seen
    bot_api.set_member(group, bot_api.bot["id"], "administrator")
    bot_api.send_text(group, anna, text)
    assert len(updates(client)) == 1


def test_in_groups_the_bot_sees_replies_to_itself(client: Client, bot_api: BotApi) -> None:
    anna = bot_api.user()
    group = bot_api.group(members=[anna])
    asked = client.result("sendMessage", chat_id=group.id, text="Wer?")
    bot_api.send_text(group, anna, "Lawrow", reply_to=asked["message_id"])
    assert updates(client)[0]["message"]["reply_to_message"]["text"] == "Wer?"


def test_files_places_links_and_edits(client: Client, bot_api: BotApi, chat: Chat) -> None:
    assert chat.user
    bot_api.send_document(chat, None, "feeds.opml", b"<opml/>", caption="Liste")
    bot_api.send_location(chat, None, 52.52, 13.4)
    bot_api.open_link(chat.user, "actor_7")
    message = bot_api.send_text(chat, None, "/actor Lawrov")
    bot_api.edit_text(chat, message["message_id"], "/actor Lawrow")
    found = updates(client)
    document = found[0]["message"]["document"]
    assert document["file_name"] == "feeds.opml"
    file = client.result("getFile", file_id=document["file_id"])
    assert bot_api.shapes.problems("File", file) == []
    url = f"{bot_api.base_file_url}{bot_api.token}/{file['file_path']}"
    assert client.http.get(url).content == b"<opml/>"
    assert found[1]["message"]["location"] == {"latitude": 52.52, "longitude": 13.4}
    assert found[2]["message"]["text"] == "/start actor_7"
    assert found[4]["edited_message"]["text"] == "/actor Lawrow"


def test_the_bots_profile_and_menu(client: Client, bot_api: BotApi, chat: Chat) -> None:
    assert bot_api.shapes.problems("User", client.result("getMe")) == []
    commands = [{"command": "actor", "description": "Wer ist das?"}]
    client.result("setMyCommands", commands=commands, language_code="de")
    assert client.result("getMyCommands") == []
    assert client.result("getMyCommands", language_code="de") == commands
    scope = {"type": "chat", "chat_id": chat.id}
    client.result("setMyCommands", commands=commands, scope=scope)
    assert client.result("getMyCommands", scope=scope) == commands
    client.result("deleteMyCommands", scope=scope)
    assert client.result("getMyCommands", scope=scope) == []
    nowhere = {"type": "chat", "chat_id": 77}
    assert client.refused("setMyCommands", commands=commands, scope=nowhere) == "chat not found"
    client.result("setMyDescription", description="Kurz", language_code="de")
    assert client.result("getMyDescription", language_code="de") == {"description": "Kurz"}
    assert client.result("getMyDescription") == {"description": ""}
    client.result("setMyName", name="Depesche B")
    assert client.result("getMe")["first_name"] == "Depesche B"
    client.result("setChatMenuButton", menu_button={"type": "commands"})
    assert client.result("getChatMenuButton", chat_id=chat.id) == {"type": "commands"}


def test_the_rest_is_checked_and_answered_or_refused_in_words(
    client: Client, bot_api: BotApi, chat: Chat
) -> None:
    reaction = [{"type": "emoji", "emoji": "👍"}]
    assert client.result("setMessageReaction", chat_id=chat.id, message_id=1, reaction=reaction)
    assert client.refused("setChatTitle", chat_id=99, title="a") == "chat not found"
    bot_api.expect_violation("does not simulate sendRichMessage")
    assert client.refused("sendRichMessage", chat_id=chat.id, rich_message={"html": "a"}) == (
        "the stand-in does not simulate sendRichMessage"
    )
    bot_api.on("sendRichMessage", lambda call: {"seen": call.params["rich_message"]["html"]})
    assert client.result("sendRichMessage", chat_id=chat.id, rich_message={"html": "a"}) == {
        "seen": "a"
    }
    client.result("sendChatAction", chat_id=chat.id, action="typing")
    assert bot_api.actions == [(chat.id, "typing")]
