"""Telegram: updates in, messages out. The only module that imports python-telegram-bot."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
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
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
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
    ExtBot,
    MessageHandler,
    filters,
)

from bot import addresses
from bot.commands import COMMANDS, Caller, answer, split
from bot.gate import Gate
from bot.limits import CommandLimit, Verdict
from bot.outbox import Doubt, Gone, Moved, Outcome, Rejected, Retry, Sent, back_off
from bot.pacing import PUSHED, Limiter, patience
from bot.render import Entity, Part, parts
from bot.reply import Button, Picture, Reply, Upload, short
from bot.settings import Settings
from bot.texts import SOURCE_LANGUAGE, Texts, languages
from digests.desk import Desk
from digests.errors import DepescheError, SourceError
from digests.pacing import Pacer
from digests.types import Delivery

log = logging.getLogger(__name__)

# python-telegram-bot then gives RetryAfter.retry_after as a timedelta, as its next version will.
os.environ.setdefault("PTB_TIMEDELTA", "1")

PLATFORM: Final = addresses.TELEGRAM
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_GONE: Final = (
    "chat not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "group chat was deactivated",
)
"""What Telegram says, as of a bad request, of a chat that takes no message of ours."""
_PATIENCE: Final = 3
_LONGEST_PATIENCE: Final = timedelta(minutes=1)
_IMPORT: Final = "importfeeds"
_DOWNLOAD_SECONDS: Final = 60
_LONGEST_CAPTION: Final = 1000  # Telegram takes 1,024 UTF-16 units
_TYPING_SECONDS: Final = 2  # Telegram shows it for five
_ANONYMOUS_ADMIN: Final = 1087968824  # @GroupAnonymousBot: speaks for admins who hide their name
_UPDATES: Final = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

App = Application[Any, Any, Any, Any, Any, Any]


class TelegramFront:
    """The commands of the table, asked for in Telegram; and the sender of the outbox."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        clock: Callable[[], datetime],
        refused: Callable[[str], None] = lambda _why: None,
    ) -> None:
        """``refused`` is told why a command is not answered: ``limit`` or ``stranger``."""
        if settings.telegram_token is None:
            raise ValueError("no token")
        self._desk = desk
        self._clock = clock
        self._language = settings.language_default
        self._admitted = frozenset(settings.allowed_chats)
        self._limit = CommandLimit(settings.commands_per_minute)
        self._strangers = CommandLimit(1, burst=1)
        self._refused = refused
        self.gate = Gate(Pacer())
        self.app: App = (
            ApplicationBuilder()
            .token(settings.telegram_token.get_secret_value())
            .base_url(f"{settings.bot_api}/bot")
            .base_file_url(f"{settings.bot_api}/file/bot")
            .concurrent_updates(8)
            .rate_limiter(Limiter(self.gate))
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
        self.app.add_handler(
            MessageHandler(filters.UpdateType.MESSAGE & filters.Document.ALL, self._on_document)
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
        try:
            part = Part.from_payload(delivery.payload)
        except (KeyError, TypeError, ValueError) as error:
            return Rejected(f"payload: {error!r}")
        if delivery.plain:
            part = Part(part.text)
        if delivery.maybe_sent:
            texts = Texts(str(delivery.payload.get("language", "de")), ZoneInfo("UTC"))
            note = texts("(Possibly a repeat: the answer to an earlier attempt was lost.)")
            part = Part(f"{part.text}\n\n{note}", part.entities, part.buttons)
        try:
            number = addresses.telegram_id(delivery.address)
            if not self._is_admitted(number):
                return Gone("not admitted")
            message = await self._post(number, delivery.thread, part, PUSHED)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message.message_id)

    async def _on_message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or not message.text:
            return
        if self._is_for_another(message.text):
            return
        text = message.text
        if text.startswith("/start") and " " in text:
            text = _deep_link(text)
        await self._answer(message, text, update)

    async def _on_document(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A file: one of feeds, is hoped. In a group only if it is meant for the bot."""
        message = update.effective_message
        if message is None or message.document is None:
            return
        caption, answered = message.caption or "", message.reply_to_message
        asked = split(caption)[0] == _IMPORT and not self._is_for_another(caption)
        if answered is not None and answered.from_user is not None:
            asked |= answered.from_user.id == self.app.bot.id
        if asked or message.chat.type == ChatType.PRIVATE:
            upload = self._upload(message.document, asyncio.get_running_loop())
            await self._answer(message, f"/{_IMPORT}", update, document=upload)

    def _is_for_another(self, text: str) -> bool:
        """Whether a command names another bot of the group: /feeds@other_bot."""
        name = text.split(None, 1)[0] if text.strip() else ""
        own = f"@{self.app.bot.username}".casefold()
        return "@" in name and name.startswith("/") and not name.casefold().endswith(own)

    def _upload(self, document: Document, loop: asyncio.AbstractEventLoop) -> Upload:
        """A file of Telegram's, fetched by the thread that reads it."""

        async def fetch() -> bytes:
            return bytes(await (await document.get_file()).download_as_bytearray())

        def read() -> bytes:
            fetching = asyncio.run_coroutine_threadsafe(fetch(), loop)
            try:
                return fetching.result(_DOWNLOAD_SECONDS)
            except BadRequest as error:
                raise SourceError("too_large") from error
            except (TelegramError, TimeoutError) as error:
                fetching.cancel()
                raise SourceError("download") from error

        name, size = document.file_name or "", document.file_size or 0
        return Upload(name, size, read, document.mime_type or "")

    async def _on_button(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        await _acknowledge(query)
        if isinstance(query.message, Message) and query.data:
            await self._answer(query.message, query.data, update, pressed=query.message)

    async def _on_moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            old = addresses.telegram(message.chat_id)
            new = addresses.telegram(message.migrate_to_chat_id)
            await asyncio.to_thread(self._desk.following.move, old, new)
            if self._is_admitted(message.chat_id) and not self._is_admitted(
                message.migrate_to_chat_id
            ):
                log.warning("a group that may use the bot is now %s: see ALLOWED_CHATS", new)

    async def _on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        if change is None or not self._is_admitted(change.chat.id):
            return
        where = addresses.telegram(change.chat.id)
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

    async def _answer(
        self,
        message: Message,
        text: str,
        update: Update,
        *,
        pressed: Message | None = None,
        document: Upload | None = None,
    ) -> None:
        """Answer where ``message`` stands; ``pressed`` is the one whose button asked."""
        thread = message.message_thread_id if message.is_topic_message else 0
        language = _language(update)
        refusal = self._refusal(message.chat_id, Texts(language or "de", ZoneInfo("UTC")))
        if refusal is not None:
            if refusal:
                await self._say(message.chat_id, thread or 0, Part(refusal))
            return
        may_change = await self._may_change(update)

        def work() -> Reply:
            now = self._clock()
            where = addresses.telegram(message.chat_id)
            chat = self._desk.following.chat(where, now, language=language)
            texts = Texts(chat.language, ZoneInfo(chat.zone))
            caller = Caller(
                desk=self._desk,
                chat=chat,
                texts=texts,
                now=now,
                thread=thread or 0,
                private=message.chat.type == ChatType.PRIVATE,
                may_change=may_change,
                links=_links(pressed) if pressed else (),
                document=document,
            )
            return answer(text, caller)

        try:
            reply = await self._typing(asyncio.to_thread(work), message.chat_id, thread or 0)
        except Exception:
            # Never silence: the person hears of it, and the error goes on to the log.
            await self._say(
                message.chat_id, thread or 0, Part(_apology(language or self._language))
            )
            raise
        said = parts(reply.blocks, reply.buttons)
        if pressed and reply.in_place and len(said) == 1 and await self._replace(pressed, said[0]):
            return
        for part in said:
            await self._say(message.chat_id, thread or 0, part)
        if reply.attachment is not None:
            await self.app.bot.send_document(
                message.chat_id,
                InputFile(io.BytesIO(reply.attachment.content), reply.attachment.name),
                message_thread_id=thread or None,
            )
        if reply.picture is not None:
            await self._show(reply.picture, message.chat_id, thread or 0)

    async def _show(self, picture: Picture, chat_id: int, thread: int) -> None:
        """Send a picture after the words; without it the answer is whole all the same."""
        drawn = await asyncio.to_thread(picture.draw)
        try:
            await self.app.bot.send_photo(
                chat_id,
                InputFile(io.BytesIO(drawn), "depesche.png"),
                caption=short(picture.caption, _LONGEST_CAPTION),
                message_thread_id=thread or None,
            )
        except BadRequest as error:  # a group may allow words and no pictures
            log.info("a picture could not be shown: %s", error.message)

    def _is_admitted(self, chat_id: int) -> bool:
        return not self._admitted or chat_id in self._admitted

    def _refusal(self, chat_id: int, t: Texts) -> str | None:
        """Why a chat is not answered: a text, or an empty one if it heard it; None if it is."""
        now = self._clock()
        if not self._is_admitted(chat_id):
            self._refused("stranger")
            text = t(
                "This bot answers only those whom its operator lets in. This is chat {id}.",
                id=chat_id,
            )
            # Told once in a while; a stranger who knocks all day is told no more than that.
            heard = self._strangers.ask(chat_id, now) is not Verdict.ANSWER
            return "" if heard else text
        verdict = self._limit.ask(chat_id, now)
        if verdict is Verdict.ANSWER:
            return None
        self._refused("limit")
        text = t("That was a lot at once. Give me a minute, then ask again.")
        return text if verdict is Verdict.SAY_SO else ""

    async def _typing(self, work: Coroutine[Any, Any, Reply], chat_id: int, thread: int) -> Reply:
        """Await an answer; while it takes long (a site is asked), show that it is coming."""
        task = asyncio.create_task(work)
        while not (await asyncio.wait({task}, timeout=_TYPING_SECONDS))[0]:
            with suppress(TelegramError):  # a courtesy
                await self.app.bot.send_chat_action(
                    chat_id, ChatAction.TYPING, message_thread_id=thread or None
                )
        return task.result()

    async def _say(self, chat_id: int, thread: int, part: Part) -> None:
        """Send an answer; where Telegram asks to wait, the gate does, and a few times."""
        for _ in range(_PATIENCE):
            try:
                await self._post(chat_id, thread, part)
            except RetryAfter as error:
                if patience(error) > _LONGEST_PATIENCE:
                    break
            else:
                return
        log.warning("an answer was given up: Telegram kept asking to wait")

    async def _replace(self, message: Message, part: Part) -> bool:
        """Put an answer in the place of a message; False where Telegram does not let us."""
        try:
            await message.edit_text(
                part.text,
                entities=[_entity(entity) for entity in part.entities],
                reply_markup=_keyboard(part.buttons),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:  # pressed twice: the page is there already
            return "not modified" in error.message.lower()
        except RetryAfter:
            return False  # a new message waits its turn
        return True

    async def _post(
        self, chat_id: int, thread: int, part: Part, pace: str | None = None
    ) -> Message:
        bot: ExtBot[str] = self.app.bot
        return await bot.send_message(
            chat_id,
            part.text,
            entities=[_entity(entity) for entity in part.entities],
            reply_markup=_keyboard(part.buttons),
            message_thread_id=thread or None,
            link_preview_options=_NO_PREVIEW,
            rate_limit_args=pace,
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


def outcome_of(error: TelegramError) -> Outcome:
    """What a failed send means. BadRequest and TimedOut are NetworkErrors: narrow ones first."""
    cause = error.__cause__
    match error:
        case RetryAfter():
            return Retry("flood", patience(error))
        case ChatMigrated():
            return Moved(addresses.telegram(error.new_chat_id))
        case Forbidden():
            return Gone(error.message)
        case BadRequest():
            gone = any(words in error.message.lower() for words in _GONE)
            return Gone(error.message) if gone else Rejected(error.message)
        case InvalidToken() | Conflict():
            return Retry(error.message)  # nothing is wrong with the message
        case TimedOut():
            sent = not isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout)
            return Doubt(error.message) if sent else Retry(error.message)
        case NetworkError():
            if isinstance(cause, httpx.ConnectError):
                return Retry(error.message)
            # A gateway between us and Telegram lost the answer (it is then no JSON, or says so);
            # Telegram's own 5xx is an answer.
            lost = cause is not None or "gateway" in error.message.lower()
            return Doubt(error.message) if lost else Retry(error.message)
        case TelegramError() if type(error) is TelegramError:
            return Doubt(error.message)  # 200, and no answer that can be read
        case _:
            return Rejected(error.message)


def _entity(entity: Entity) -> MessageEntity:
    return MessageEntity(entity.type, entity.offset, entity.length, url=entity.url)


def _links(message: Message) -> tuple[tuple[str, str], ...]:
    """The linked words of a message, and where they lead; none of one too old to be shown to us."""
    if not message.text:
        return ()
    found = message.parse_entities([MessageEntity.TEXT_LINK])
    return tuple((words, entity.url) for entity, words in found.items() if entity.url)


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


def _language(update: Update) -> str | None:
    """The language of who asks, if there are texts in it."""
    user = update.effective_user
    code = (user.language_code or "").split("-")[0] if user else ""
    return code if code in languages() else None


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
