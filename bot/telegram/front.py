"""The front: Telegram's updates answered by the commands of the table; the outbox's sender."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from telegram import Bot, MaybeInaccessibleMessage, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot import addresses
from bot.commands import Caller, answer, split
from bot.commands.sharing import start_link
from bot.gate import Gate
from bot.outbox import Gone, Outcome, back_off
from bot.render import Part, clipped
from bot.reply import Reply, Upload
from bot.settings import Settings
from bot.telegram import menu
from bot.telegram.door import Door
from bot.telegram.edits import Edits
from bot.telegram.files import upload
from bot.telegram.inline import Inline
from bot.telegram.membership import Membership
from bot.telegram.pacing import Limiter
from bot.telegram.presses import LONGEST, Press
from bot.telegram.rights import ChannelsOf, Rights
from bot.telegram.sending import Sender
from bot.telegram.updates import (
    chosen_channel,
    is_for_another,
    is_wish,
    language_of,
    links,
    story_of,
    topic_of,
)
from bot.texts import Texts
from digests.desk import Desk
from digests.errors import DepescheError, SourceError
from digests.pacing import Pacer
from digests.types import Delivery

log = logging.getLogger(__name__)

_IMPORT: Final = "importfeeds"
_UPDATES: Final = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]

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
        self._operators = frozenset(settings.operator_chats)
        allowed = settings.allowed_chats and (*settings.allowed_chats, *settings.operator_chats)
        self.door = Door(allowed, settings.commands_per_minute, refused)
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
        self._sender = Sender(self.app.bot)
        self.rights = Rights(self.app.bot)
        self._edits = Edits(clock())
        self._membership = Membership(desk, self.door, self._sender, self.rights, clock)
        self._inline = Inline(desk, settings, self.door, self._sender, clock)
        of_channel = filters.StatusUpdate.CHAT_SHARED | filters.FORWARDED
        self.app.add_handler(
            MessageHandler(
                filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & of_channel,
                self._on_channel,
            )
        )
        commands = filters.COMMAND | (filters.TEXT & filters.ChatType.PRIVATE)
        self.app.add_handler(
            MessageHandler(filters.UpdateType.MESSAGE & commands, self._on_message)
        )
        self.app.add_handler(
            MessageHandler(filters.UpdateType.EDITED_MESSAGE & commands, self._on_edited)
        )
        self.app.add_handler(
            MessageHandler(
                filters.StatusUpdate.MIGRATE & filters.UpdateType.MESSAGE, self._on_moved
            )
        )
        self.app.add_handler(
            MessageHandler(filters.StatusUpdate.FORUM_TOPIC_REOPENED, self._on_reopened)
        )
        self.app.add_handler(
            MessageHandler(filters.UpdateType.MESSAGE & filters.Document.ALL, self._on_document)
        )
        place = filters.LOCATION & filters.ChatType.PRIVATE
        self.app.add_handler(MessageHandler(filters.UpdateType.MESSAGE & place, self._on_location))
        self.app.add_handler(CallbackQueryHandler(self._on_button))
        self.app.add_handler(InlineQueryHandler(self._on_inline))
        self.app.add_handler(
            ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER)
        )
        self.app.add_error_handler(self._on_error)

    async def start(self) -> None:
        """Connect, trying until Telegram can be reached; set the menu; poll for updates.

        Raises DepescheError("bad_token") where Telegram refuses the token.
        """
        await self._connect()
        await menu.set_up(self.app.bot, self._operators)
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
        if not await self._admits(delivery.address):
            return Gone("not admitted")
        return await self._sender.deliver(delivery)

    async def _admits(self, address: str) -> bool:
        """Whether a chat may be sent something: a channel if somebody decides for it who may."""
        if self.door.admits(addresses.telegram_id(address)):
            return True
        managers = await asyncio.to_thread(self._desk.channels.managers, address)
        return any(self.door.admits(addresses.telegram_id(one.address)) for one in managers)

    async def _on_message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or not message.text:
            return
        if is_for_another(message.text, self.app.bot.username):
            return
        self._edits.note(message)
        await self._answer(message, message.text, update)

    async def _on_edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that was mended is one more; what asks the same, or is old, is none."""
        message = update.effective_message
        if message is not None and self._edits.asks_anew(message):
            await self._on_message(update, context)

    async def _on_location(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A place that was shared: it tells the time zone, and is not kept."""
        message = update.effective_message
        if message is None or message.location is None:
            return
        place = f"{message.location.latitude:.3f}, {message.location.longitude:.3f}"
        await self._answer(message, f"/settings zone {place}", update)

    async def _on_document(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A file: one of feeds, is hoped. In a group only if it is meant for the bot."""
        message = update.effective_message
        if message is None or message.document is None:
            return
        caption, answered = message.caption or "", message.reply_to_message
        asked = split(caption)[0] == _IMPORT and not is_for_another(caption, self.app.bot.username)
        if answered is not None and answered.from_user is not None:
            asked |= answered.from_user.id == self.app.bot.id
        if asked or message.chat.type == ChatType.PRIVATE:
            handed = upload(message.document, asyncio.get_running_loop())
            await self._answer(message, f"/{_IMPORT}", update, document=handed)

    async def _on_button(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        press = Press(query)
        place = query.message
        try:
            if place is None:
                return  # it stands in a message sent by inline mode
            if place.chat.type == ChatType.CHANNEL and not is_wish(press.command):
                await self._lead_home(press, update)
            else:
                await self._answer(place, press.command, update, press=press)
        finally:
            await press.answer()

    async def _lead_home(self, press: Press, update: Update) -> None:
        """Of a channel's button: open a story in the presser's own chat. All read a channel."""
        story = story_of(press.command)
        if story is None:
            texts = Texts(language_of(update) or self._language, ZoneInfo("UTC"))
            await press.answer(texts("In a channel I only tell. Ask me in a chat of ours."))
        else:
            await press.lead(start_link(self.app.bot.username, f"story_{story}"))

    async def _on_inline(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._inline.answer(update, self.app.bot.username)

    async def _on_channel(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A channel was chosen, or a post of one forwarded; whatever else is forwarded is text."""
        message = update.effective_message
        if message is None:
            return
        command = chosen_channel(message)
        if command is not None:
            await self._answer(message, command, update)
        elif message.document is not None:
            await self._on_document(update, context)
        else:
            await self._on_message(update, context)

    async def _on_moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is not None:
            await self._membership.moved(update.effective_message)

    async def _on_reopened(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is not None:
            await self._membership.reopened(update.effective_message)

    async def _on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.my_chat_member is not None:
            await self._membership.changed(update.my_chat_member)

    async def _on_error(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            log.warning("Telegram: %s", error)
        else:
            log.error("an update could not be answered", exc_info=error)

    async def _answer(
        self,
        message: MaybeInaccessibleMessage,
        text: str,
        update: Update,
        *,
        press: Press | None = None,
        document: Upload | None = None,
    ) -> None:
        """Answer where ``message`` stands; ``press`` where a button of it asked."""
        chat_id, thread = message.chat.id, topic_of(message)
        language = language_of(update)
        hints = Texts(language or self._language, ZoneInfo("UTC"))
        refusal = self.door.refusal(chat_id, self._clock(), hints)
        if refusal is not None:
            if refusal and not (press and await press.answer(refusal)):
                await self._sender.say(chat_id, thread, Part(refusal))
            return
        admin = await self.rights.is_admin(update)
        private = message.chat.type == ChatType.PRIVATE
        abroad = None
        if private and update.effective_user is not None:
            loop = asyncio.get_running_loop()
            abroad = ChannelsOf(self.rights, update.effective_user.id, loop)

        def work() -> tuple[Reply, bool]:
            now = self._clock()
            where = addresses.telegram(chat_id)
            chat = self._desk.following.chat(where, now, language=language)
            texts = Texts(chat.language, ZoneInfo(chat.zone))
            caller = Caller(
                desk=self._desk,
                chat=chat,
                texts=texts,
                now=now,
                thread=thread,
                private=private,
                admin=admin,
                operator=chat_id in self._operators,
                channels=abroad,
                links=links(press.message) if press and press.message else (),
                document=document,
                bot=self.app.bot.username,
            )
            return answer(text, caller), chat.previews

        try:
            reply, previews = await self._sender.typing(
                asyncio.to_thread(work), chat_id, thread, press
            )
        except Exception:
            # Never silence: the person hears of it, and the error goes on to the log.
            sorry = _apology(language or self._language)
            if not (press and await press.answer(sorry)):
                await self._sender.say(chat_id, thread, Part(sorry))
            raise
        if press is None:
            await self._sender.reply(reply, chat_id, thread, previews=previews)
        elif message.chat.type == ChatType.CHANNEL:
            if not await _in_passing(reply, press):
                await press.answer(clipped(reply.toast, LONGEST))
        elif not await _in_passing(reply, press):
            await press.answer()
            pressed = press.message
            await self._sender.reply(reply, chat_id, thread, pressed, previews=previews)


async def who_am_i(settings: Settings) -> str:
    """The bot's user name.

    Raises DepescheError("bad_token"), or SourceError("unreachable", detail=…) for the way there.
    """
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    try:
        async with Bot(token, base_url=f"{settings.bot_api}/bot") as bot:
            return bot.username
    except InvalidToken as error:
        raise DepescheError("bad_token") from error
    except TelegramError as error:
        raise SourceError("unreachable", detail=error.message) from error


async def _in_passing(reply: Reply, press: Press) -> bool:
    """Say an answer in passing, where that is enough of one."""
    if not reply.toast:
        return False
    if reply.instead is not None and not await press.become(reply.instead):
        return False
    return await press.answer(reply.toast)


def _apology(language: str) -> str:
    texts = Texts(language, ZoneInfo("UTC"))
    return texts("That went wrong on my side. It is in the log; please try again.")
