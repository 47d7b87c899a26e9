"""Telegram: updates in, messages out. The only module that imports python-telegram-bot."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatType
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
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.commands import COMMANDS, Caller, answer
from bot.outbox import Doubt, Gone, Moved, Outcome, Rejected, Retry, Sent, back_off
from bot.render import Entity, Part, parts
from bot.reply import Button, Reply
from bot.settings import Settings
from bot.texts import SOURCE_LANGUAGE, Texts, languages
from digests.desk import Desk
from digests.errors import DepescheError
from digests.types import Delivery

log = logging.getLogger(__name__)

# python-telegram-bot then gives RetryAfter.retry_after as a timedelta, as its next version will.
os.environ.setdefault("PTB_TIMEDELTA", "1")

PLATFORM: Final = "telegram:"
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_PATIENCE: Final = 3
_ANONYMOUS_ADMIN: Final = 1087968824  # @GroupAnonymousBot: speaks for admins who hide their name
_UPDATES: Final = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

App = Application[Any, Any, Any, Any, Any, Any]


class TelegramFront:
    """The commands of the table, asked for in Telegram; and the sender of the outbox."""

    def __init__(self, desk: Desk, settings: Settings, clock: Callable[[], datetime]) -> None:
        if settings.telegram_token is None:
            raise ValueError("no token")
        self._desk = desk
        self._clock = clock
        self.app: App = (
            ApplicationBuilder()
            .token(settings.telegram_token.get_secret_value())
            .base_url(f"{settings.bot_api}/bot")
            .base_file_url(f"{settings.bot_api}/file/bot")
            .concurrent_updates(8)
            .build()
        )
        commands = filters.COMMAND | (filters.TEXT & filters.ChatType.PRIVATE)
        self.app.add_handler(
            MessageHandler(filters.UpdateType.MESSAGE & commands, self._on_message)
        )
        self.app.add_handler(
            MessageHandler(
                filters.StatusUpdate.MIGRATE & filters.UpdateType.MESSAGE, self._on_moved
            )
        )
        self.app.add_handler(CallbackQueryHandler(self._on_button))
        self.app.add_handler(
            ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER)
        )
        self.app.add_error_handler(self._on_error)

    async def start(self) -> None:
        """Connect, trying until Telegram can be reached; set the menu; poll for updates.

        Raises DepescheError("bad_token") where Telegram refuses the token.
        """
        await self._connect()
        for language in languages():
            await self._set_menu(language)
        await self.app.start()
        if self.app.updater is not None:
            await self.app.updater.start_polling(allowed_updates=_UPDATES, bootstrap_retries=-1)

    async def _connect(self) -> None:
        for attempt in itertools.count(1):
            try:
                await self.app.initialize()
            except InvalidToken as error:
                raise DepescheError("bad_token") from error
            except NetworkError as error:
                log.warning("Telegram cannot be reached: %s", error)
                await asyncio.sleep(back_off(attempt).total_seconds())
            else:
                return

    async def _set_menu(self, language: str) -> None:
        texts = Texts(language, ZoneInfo("UTC"))
        menu = [BotCommand(one.name, texts(one.summary)) for one in COMMANDS]
        try:
            # The menu without a language is for everybody who has none of their own.
            code = None if language == SOURCE_LANGUAGE else language
            await self.app.bot.set_my_commands(menu, language_code=code)
        except TelegramError as error:  # a menu is a convenience: commands work without it
            log.warning("the command menu could not be set: %s", error)

    async def stop_polling(self) -> None:
        """Take no more updates."""
        if self.app.updater is not None and self.app.updater.running:
            await self.app.updater.stop()

    async def stop(self) -> None:
        """Stop polling, finish what is being answered, disconnect."""
        await self.stop_polling()
        if self.app.running:
            await self.app.stop()
        await self.app.shutdown()

    async def send(self, delivery: Delivery) -> Outcome:
        """Send a delivery of the outbox; what came of it is a value, never an exception."""
        part = Part.from_payload(delivery.payload)
        if delivery.maybe_sent:
            texts = Texts(str(delivery.payload["language"]), ZoneInfo("UTC"))
            note = texts("(Possibly a repeat: the answer to an earlier attempt was lost.)")
            part = Part(f"{part.text}\n\n{note}", part.entities, part.buttons)
        try:
            message = await self._post(chat_number(delivery.address), delivery.thread, part)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message.message_id)

    async def _on_message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or not message.text:
            return
        name = message.text.split(None, 1)[0]
        own = f"@{self.app.bot.username}".casefold()
        if "@" in name and name.startswith("/") and not name.casefold().endswith(own):
            return  # meant for another bot of the group
        text = message.text
        if text.startswith("/start") and " " in text:
            text = _deep_link(text)
        await self._answer(message, text, update)

    async def _on_button(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        await _acknowledge(query)
        if isinstance(query.message, Message) and query.data:
            await self._answer(query.message, query.data, update)

    async def _on_moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            old, new = address(message.chat_id), address(message.migrate_to_chat_id)
            await asyncio.to_thread(self._desk.following.move, old, new)

    async def _on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        if change is None:
            return
        where = address(change.chat.id)
        if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            await asyncio.to_thread(self._desk.following.unreachable, where, _reason(change))
        else:
            await asyncio.to_thread(self._desk.following.returned, where)

    async def _on_error(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            log.warning("Telegram: %s", error)
        else:
            log.error("an update could not be answered", exc_info=error)

    async def _answer(self, message: Message, text: str, update: Update) -> None:
        may_change = await self._may_change(update)
        thread = message.message_thread_id if message.is_topic_message else 0
        user = update.effective_user
        code = (user.language_code or "").split("-")[0] if user else ""
        language = code if code in languages() else None

        def work() -> Reply:
            now = self._clock()
            chat = self._desk.following.chat(address(message.chat_id), now, language=language)
            texts = Texts(chat.language, ZoneInfo(chat.zone))
            caller = Caller(
                desk=self._desk,
                chat=chat,
                texts=texts,
                now=now,
                thread=thread or 0,
                private=message.chat.type == ChatType.PRIVATE,
                may_change=may_change,
            )
            return answer(text, caller)

        try:
            reply = await asyncio.to_thread(work)
        except Exception:
            # Never silence: the person hears of it, and the error goes on to the log.
            await self._say(message.chat_id, thread or 0, Part(_apology(language or "de")))
            raise
        for part in parts(reply.blocks, reply.buttons):
            await self._say(message.chat_id, thread or 0, part)
        if reply.attachment is not None:
            await self.app.bot.send_document(
                message.chat_id,
                InputFile(io.BytesIO(reply.attachment.content), reply.attachment.name),
                message_thread_id=thread or None,
            )

    async def _say(self, chat_id: int, thread: int, part: Part) -> None:
        """Send an answer; where Telegram asks to wait, wait and try again, a few times."""
        for _ in range(_PATIENCE):
            try:
                await self._post(chat_id, thread, part)
            except RetryAfter as error:
                await asyncio.sleep(_wait(error).total_seconds())
            else:
                return
        log.warning("an answer was given up: Telegram kept asking to wait")

    async def _post(self, chat_id: int, thread: int, part: Part) -> Message:
        bot: Bot = self.app.bot
        return await bot.send_message(
            chat_id,
            part.text,
            entities=[_entity(entity) for entity in part.entities],
            reply_markup=_keyboard(part.buttons),
            message_thread_id=thread or None,
            link_preview_options=_NO_PREVIEW,
        )

    async def _may_change(self, update: Update) -> bool:
        """Whether who asks may change what the chat follows: anyone in private, else admins."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
            return True
        if user is None:
            return False
        sender = update.effective_message.sender_chat if update.effective_message else None
        if user.id == _ANONYMOUS_ADMIN and sender is not None and sender.id == chat.id:
            return True
        try:
            member = await self.app.bot.get_chat_member(chat.id, user.id)
        except TelegramError:
            return False
        return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)


async def who_am_i(settings: Settings) -> str:
    """The bot's user name. Raises TelegramError where the token or the way there is wrong."""
    if settings.telegram_token is None:
        raise InvalidToken("no token")
    token = settings.telegram_token.get_secret_value()
    async with Bot(token, base_url=f"{settings.bot_api}/bot") as bot:
        return bot.username


def address(chat_id: int) -> str:
    """The address of a Telegram chat."""
    return f"{PLATFORM}{chat_id}"


def chat_number(where: str) -> int:
    """The Telegram id in an address."""
    return int(where.removeprefix(PLATFORM))


def outcome_of(error: TelegramError) -> Outcome:
    """What a failed send means. BadRequest and TimedOut are NetworkErrors: narrow ones first."""
    cause = error.__cause__
    match error:
        case RetryAfter():
            return Retry("flood", _wait(error))
        case ChatMigrated():
            return Moved(address(error.new_chat_id))
        case Forbidden():
            return Gone(error.message)
        case BadRequest():
            gone = "chat not found" in error.message.lower()
            return Gone(error.message) if gone else Rejected(error.message)
        case TimedOut():
            sent = not isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout)
            return Doubt(error.message) if sent else Retry(error.message)
        case NetworkError():
            if isinstance(cause, httpx.ConnectError):
                return Retry(error.message)
            # A gateway between us and Telegram lost the answer; Telegram's own 5xx is an answer.
            lost = isinstance(cause, httpx.HTTPError) or "bad gateway" in error.message.lower()
            return Doubt(error.message) if lost else Retry(error.message)
        case _:
            return Rejected(error.message)


def _wait(error: RetryAfter) -> timedelta:
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def _entity(entity: Entity) -> MessageEntity:
    return MessageEntity(entity.type, entity.offset, entity.length, url=entity.url)


def _keyboard(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.text, callback_data=one.command) for one in row]
            for row in buttons
        ]
    )


async def _acknowledge(query: CallbackQuery) -> None:
    try:
        await query.answer()
    except BadRequest as error:  # too old: the answer comes all the same
        log.info("button: %s", error)


def _deep_link(text: str) -> str:
    """``/start actor_sergej-lawrow`` (t.me/bot?start=…) follows the actor at once."""
    payload = text.split(None, 1)[1]
    kind, _, name = payload.partition("_")
    return f"/subscribe #{name}" if kind == "actor" and name else "/start"


def _reason(change: ChatMemberUpdated) -> str:
    return "blocked" if change.chat.type == ChatType.PRIVATE else "removed"


def _apology(language: str) -> str:
    texts = Texts(language, ZoneInfo("UTC"))
    return texts("That went wrong on my side. It is in the log; please try again.")
