"""python-telegram-bot's real Application, polling the stand-in over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from tests.botapi import BotApi, Chat, Gate, faults, keyboard
from tests.botapi.faults import Fault

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE

TEXT = "😀 Sergej Lawrow, Außenminister"


async def actor(update: Update, context: Context) -> None:
    """Answers with entities and a button, quoting the question."""
    assert update.effective_message
    assert context.args is not None
    await update.effective_message.reply_text(
        f"{TEXT}: {' '.join(context.args)}",
        entities=[
            MessageEntity(MessageEntity.BOLD, 3, 13),
            MessageEntity(MessageEntity.TEXT_LINK, 18, 13, url="https://example.org"),
        ],
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Mehr", callback_data="more:7")]]),
        reply_parameters=ReplyParameters(update.effective_message.message_id),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


async def more(update: Update, context: Context) -> None:
    """Answers the button and edits the message in place."""
    assert update.callback_query
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"mehr zu {update.callback_query.data}")


async def inline(update: Update, context: Context) -> None:
    """One article for any query."""
    assert update.inline_query
    content = InputTextMessageContent("Lawrow", entities=[MessageEntity("bold", 0, 6)])
    await update.inline_query.answer([InlineQueryResultArticle("1", "Lawrow", content)])


async def document(update: Update, context: Context) -> None:
    """Downloads a file and says how long it is."""
    assert update.effective_message
    assert update.effective_message.document
    file = await update.effective_message.document.get_file()
    data = await file.download_as_bytearray()
    await update.effective_message.reply_text(f"{len(data)} Bytes")


@pytest.fixture
async def app(bot_api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """A running application with the handlers above."""
    # without it, 22.8 warns of a coming change whenever it makes a RetryAfter
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    application: App = (
        ApplicationBuilder()
        .token(bot_api.token)
        .base_url(bot_api.base_url)
        .base_file_url(bot_api.base_file_url)
        .build()
    )
    application.add_handler(CommandHandler("actor", actor))
    application.add_handler(CallbackQueryHandler(more))
    application.add_handler(InlineQueryHandler(inline))
    application.add_handler(MessageHandler(filters.Document.ALL, document))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling(timeout=20)
        yield application
        await application.updater.stop()
        await application.stop()


async def test_a_conversation(bot_api: BotApi, chat: Chat, app: App) -> None:
    asked = bot_api.send_text(chat, None, "/actor Lawrow")
    await bot_api.wait_for_async("sendMessage")
    answer = bot_api.last(chat)
    assert answer["text"] == f"{TEXT}: Lawrow"
    assert answer["entities"] == [
        {"type": "bold", "offset": 3, "length": 13},
        {"type": "text_link", "offset": 18, "length": 13, "url": "https://example.org/"},
    ]
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert answer["link_preview_options"] == {"is_disabled": True}
    query_id = bot_api.press(answer, label="Mehr")
    await bot_api.wait_for_async("editMessageText")
    assert bot_api.answers[query_id] is not None
    edited = bot_api.last(chat)
    assert (edited["message_id"], edited["text"]) == (answer["message_id"], "mehr zu more:7")
    assert keyboard(edited) == []
    assert len(bot_api.messages(chat)) == 2


async def test_a_button_in_a_forum_topic(bot_api: BotApi, app: App) -> None:
    anna = bot_api.user()
    forum = bot_api.supergroup(forum=True, members=[anna])
    topic = bot_api.topic(forum, "Russland")
    bot_api.send_text(forum, anna, "/actor@depesche_test_bot Lawrow", thread_id=topic)
    await bot_api.wait_for_async("sendMessage")
    answer = bot_api.last(forum)
    assert answer["message_thread_id"] == topic
    bot_api.press(answer, "more:7", anna)
    await bot_api.wait_for_async("editMessageText")
    assert bot_api.last(forum)["text"] == "mehr zu more:7"


async def test_inline_queries(bot_api: BotApi, app: App) -> None:
    anna = bot_api.user()
    query_id = bot_api.inline_query(anna, "Lawrow")
    await bot_api.wait_for_async("answerInlineQuery")
    message = bot_api.choose(query_id, "1", anna, bot_api.group(bot=None))
    assert message["text"] == "Lawrow"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 6}]


async def test_files_both_ways(bot_api: BotApi, chat: Chat, app: App) -> None:
    bot_api.send_document(chat, None, "feeds.opml", b"<opml/>")
    call = await bot_api.wait_for_async("sendMessage")
    assert call.params["text"] == "7 Bytes"
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") * 2
    sent = await app.bot.send_photo(
        chat.id,
        InputFile(png, "bild.png"),
        caption="Verlauf",
        caption_entities=[MessageEntity("bold", 0, 7)],
    )
    assert sent.photo[0].width == 640
    await app.bot.send_media_group(chat.id, [InputMediaPhoto(png), InputMediaPhoto(png)])
    album = bot_api.messages(chat)[-2:]
    assert all("photo" in message for message in album)
    call = bot_api.calls_to("sendPhoto")[0]
    assert call.files["photo"].data == png


async def test_the_bots_face(bot_api: BotApi, app: App) -> None:
    await app.bot.set_my_commands([BotCommand("actor", "Wer ist das?")], language_code="de")
    await app.bot.set_my_description("Nachrichten", language_code="de")
    await app.bot.set_my_short_description("kurz")
    assert (await app.bot.get_my_commands(language_code="de"))[0].command == "actor"
    assert (await app.bot.get_my_description("de")).description == "Nachrichten"
    group = bot_api.supergroup(owner=bot_api.user("Olga"), bot="administrator")
    admins = await app.bot.get_chat_administrators(group.id)
    assert {admin.user.first_name for admin in admins} == {"Olga", "Depesche"}
    assert (await app.bot.get_chat(group.id)).title == "Redaktion"


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (faults.flood(7), RetryAfter, "Retry in 0:00:07"),
        (faults.blocked(), Forbidden, "bot was blocked by the user"),
        (faults.kicked(), Forbidden, "bot was kicked from the supergroup chat"),
        (faults.deactivated(), Forbidden, "user is deactivated"),
        (faults.migrated(-1002), ChatMigrated, "New chat id: -1002"),
        (faults.rejected("chat not found"), BadRequest, "Chat not found"),
        (faults.unauthorized(), InvalidToken, "Unauthorized"),
        (faults.server_error(502), NetworkError, r"Bad Gateway \(502\)"),
        (faults.server_error(500, html=False), NetworkError, "Internal Server Error"),
        (faults.drop(delivered=True), NetworkError, "disconnected without sending a response"),
        (faults.drop(delivered=False), NetworkError, "disconnected without sending a response"),
        (faults.garbage(), TelegramError, "Invalid server response"),
    ],
)
async def test_trouble_becomes_the_right_exception(
    bot_api: BotApi, chat: Chat, app: App, fault: Fault, error: type[TelegramError], words: str
) -> None:
    bot_api.fail_next("sendMessage", fault)
    with pytest.raises(error, match=words) as caught:
        await app.bot.send_message(chat.id, "Text")
    assert type(caught.value) is error
    assert len(bot_api.sent(chat)) == fault.delivered
    await app.bot.send_message(chat.id, "Text")


async def test_a_slow_answer_times_out(bot_api: BotApi, chat: Chat, app: App) -> None:
    bot_api.fail_next("sendMessage", faults.slow(Gate(), delivered=True))
    with pytest.raises(TimedOut):
        await app.bot.send_message(chat.id, "Text", read_timeout=0.5)
    assert (await bot_api.wait_for_async("sendMessage")).outcome == "gone"
    assert len(bot_api.sent(chat)) == 1


async def test_the_state_of_the_world_becomes_the_right_exception(
    bot_api: BotApi, chat: Chat, app: App
) -> None:
    assert chat.user
    bot_api.block(chat.user)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await app.bot.send_message(chat.id, "Text")
    group = bot_api.group()
    new = bot_api.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        await app.bot.send_message(group.id, "Text")
    assert caught.value.new_chat_id == new.id
    sent = await app.bot.send_message(new.id, "Text")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("Text")


async def test_polling_goes_on_after_an_outage(bot_api: BotApi, chat: Chat, app: App) -> None:
    poll = await bot_api.wait_for_async("getUpdates", arrived=True)
    with bot_api.outage():
        assert poll.outcome
    bot_api.send_text(chat, None, "/actor Lawrow")
    await bot_api.wait_for_async("sendMessage")


async def test_many_messages_at_once(bot_api: BotApi, app: App) -> None:
    chats = [bot_api.private(bot_api.user(f"Nr. {n}")) for n in range(100)]
    await asyncio.gather(*(app.bot.send_message(c.id, "Text", pool_timeout=30) for c in chats))
    assert [len(bot_api.sent(c)) for c in chats] == [1] * 100
    assert bot_api.counts["sendMessage", "ok"] == 100
