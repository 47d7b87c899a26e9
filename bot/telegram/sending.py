"""Messages out: how a reply is put into Telegram's calls, and what their failures mean."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import httpx
from telegram import (
    ChatAdministratorRights,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    KeyboardButtonRequestChat,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction, MessageEntityType
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
from telegram.ext import ExtBot

from bot import addresses
from bot.outbox import Doubt, Gone, Moved, NoTopic, Outcome, Rejected, Retry, Sent
from bot.render import Entity, Part, clipped, parts
from bot.reply import Attachment, Picture, Reply, Request, Rows, Wanted
from bot.telegram.pacing import PUSHED, patience
from bot.telegram.presses import Press
from bot.texts import Texts
from digests.store.outbox import ASTRAY
from digests.types import Delivery

log = logging.getLogger(__name__)

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_GONE: Final = (
    "chat not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "group chat was deactivated",
)
"""What Telegram says, as of a bad request, of a chat that takes no message of ours."""
_NO_TOPIC: Final = {"message thread not found": True, "topic_deleted": True, "topic_closed": False}
"""What Telegram says of a forum topic that takes nothing, and whether that is for good."""
_PATIENCE: Final = 3
_LONGEST_PATIENCE: Final = timedelta(minutes=1)
_LONGEST_CAPTION: Final = 1024  # UTF-16 units
CHANNEL_REQUEST: Final = 1
"""The number that Telegram gives back with a channel that was chosen."""
_TYPING_SECONDS: Final = 2  # Telegram shows it for five

_DATE: Final = "date_time"

_T = TypeVar("_T")

Keys = ReplyKeyboardMarkup | ReplyKeyboardRemove
"""What can stand in the place of a phone's keys, or take it away."""


class Sender:
    """Puts messages into chats. ``thread`` is a forum topic everywhere, 0 for none."""

    def __init__(self, bot: ExtBot[str]) -> None:
        self._bot = bot
        self._dates = hasattr(MessageEntityType, "DATE_TIME")

    async def reply(
        self,
        reply: Reply,
        chat_id: int,
        thread: int,
        pressed: Message | None = None,
        *,
        previews: bool = False,
    ) -> None:
        """Send an answer with all that goes with it; ``pressed`` is whose button asked for it."""
        said = [replace(part, previews=previews) for part in parts(reply.blocks, reply.buttons)]
        place = pressed if reply.in_place and len(said) == 1 else None
        if place is None or not await self._replace(place, said[0]):
            for part in said:
                await self.say(chat_id, thread, part, _keys(reply) if part is said[-1] else None)
        if reply.attachment is not None:
            await self._attach(reply.attachment, chat_id, thread)
        if reply.picture is not None:
            await self._show(reply.picture, chat_id, thread)
        if reply.then is not None:
            await self.reply(reply.then, chat_id, thread, previews=previews)

    async def say(self, chat_id: int, thread: int, part: Part, keys: Keys | None = None) -> None:
        """Send an answer; where Telegram asks to wait, the gate does, and a few times.

        ``keys`` are for a part without buttons.
        """
        for _ in range(_PATIENCE):
            try:
                await self.post(chat_id, thread, part, keys=keys)
            except RetryAfter as error:
                if patience(error) > _LONGEST_PATIENCE:
                    break
            else:
                return
        log.warning("an answer was given up: Telegram kept asking to wait")

    async def post(
        self,
        chat_id: int,
        thread: int,
        part: Part,
        pace: str | None = None,
        keys: Keys | None = None,
    ) -> Message:
        """Send one message; ``pace`` as the limiter knows it. Raises TelegramError."""

        async def send(entities: list[MessageEntity]) -> Message:
            return await self._bot.send_message(
                chat_id,
                part.text,
                entities=entities,
                reply_markup=keyboard(part.buttons) or keys,
                message_thread_id=thread or None,
                link_preview_options=_previews(part),
                disable_notification=part.muted or None,
                rate_limit_args=pace,
            )

        return await self._dated(part, send)

    async def _dated(
        self, part: Part, send: Callable[[list[MessageEntity]], Coroutine[Any, Any, _T]]
    ) -> _T:
        """Send a part with dates that readers can look at in their own zone.

        A server that does not know such dates (before Bot API 9.5) refuses them: it is
        sent them as the plain words they stand over, from then on.
        """
        entities = self.entities(part)
        try:
            return await send(entities)
        except BadRequest as error:
            rest = [one for one in entities if one.type != _DATE]
            if len(rest) == len(entities) or "entit" not in error.message.lower():
                raise
            sent = await send(rest)
            log.info("dates are sent as plain words: %s", error.message)
            self._dates = False
            return sent

    def entities(self, part: Part) -> list[MessageEntity]:
        """The entities of a part, as far as the server is known to know their types."""
        return [_entity(one) for one in part.entities if self._dates or one.type != _DATE]

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send a delivery of the outbox; what came of it is a value, never an exception."""
        try:
            part = Part.from_payload(delivery.payload)
        except (KeyError, TypeError, ValueError) as error:
            return Rejected(f"payload: {error!r}")
        if delivery.plain:
            part = Part(part.text, muted=part.muted)
        part = replace(part, text="\n\n".join([part.text, *_notes(delivery)]))
        number = addresses.telegram_id(delivery.address)
        try:
            message = await self.post(number, delivery.thread, part, PUSHED)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message.message_id)

    async def typing(
        self,
        work: Coroutine[Any, Any, _T],
        chat_id: int,
        thread: int,
        press: Press | None = None,
    ) -> _T:
        """Await an answer; while it takes long (a site is asked), show that it is coming."""
        task = asyncio.create_task(work)
        while not (await asyncio.wait({task}, timeout=_TYPING_SECONDS))[0]:
            if press is not None:
                await press.answer()  # Telegram waits for one for some seconds only
            with suppress(TelegramError):  # a courtesy
                await self._bot.send_chat_action(
                    chat_id, ChatAction.TYPING, message_thread_id=thread or None
                )
        return task.result()

    async def _replace(self, message: Message, part: Part) -> bool:
        """Put an answer in the place of a message; False where Telegram does not let us."""

        async def edit(entities: list[MessageEntity]) -> object:
            return await message.edit_text(
                part.text,
                entities=entities,
                reply_markup=keyboard(part.buttons),
                link_preview_options=_previews(part),
            )

        try:
            await self._dated(part, edit)
        except BadRequest as error:  # pressed twice: the page is there already
            return "not modified" in error.message.lower()
        except RetryAfter:
            return False  # a new message waits its turn
        return True

    async def _attach(self, file: Attachment, chat_id: int, thread: int) -> None:
        await self._bot.send_document(
            chat_id,
            InputFile(io.BytesIO(file.content), file.name),
            message_thread_id=thread or None,
        )

    async def _show(self, picture: Picture, chat_id: int, thread: int) -> None:
        """Send a picture after the words; without it the answer is whole all the same."""
        drawn = await asyncio.to_thread(picture.draw)
        try:
            await self._bot.send_photo(
                chat_id,
                InputFile(io.BytesIO(drawn), "depesche.png"),
                caption=clipped(picture.caption, _LONGEST_CAPTION),
                message_thread_id=thread or None,
            )
        except BadRequest as error:  # a group may allow words and no pictures
            log.info("a picture could not be shown: %s", error.message)


def _notes(delivery: Delivery) -> list[str]:
    """What is to be said under a delivery about how it came."""
    texts = Texts(str(delivery.payload.get("language", "de")), ZoneInfo("UTC"))
    notes = []
    if delivery.maybe_sent:
        notes.append(texts("(Possibly a repeat: the answer to an earlier attempt was lost.)"))
    if delivery.payload.get(ASTRAY):
        notes.append(texts("(Meant for a forum topic that is closed or deleted.)"))
    return notes


def keyboard(buttons: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them; None where there are none."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.text, callback_data=one.command) for one in row]
            for row in buttons
        ]
    )


def _keys(reply: Reply) -> Keys | None:
    """What a reply puts in the place of the phone's keys."""
    if reply.request is not None:
        return asking(reply.request)
    if reply.keyboard is not None:
        wanted = reply.keyboard
        return ReplyKeyboardMarkup(
            [[KeyboardButton(wanted.share_place, request_location=True)], [wanted.cancel]],
            resize_keyboard=True,
            one_time_keyboard=True,
            input_field_placeholder=wanted.hint,
        )
    return ReplyKeyboardRemove() if reply.keys_back else None


def _previews(part: Part) -> LinkPreviewOptions:
    if part.previews:
        return LinkPreviewOptions(is_disabled=False, prefer_small_media=True)
    return NO_PREVIEW


def asking(request: Request) -> ReplyKeyboardMarkup:
    """A button of the person's keyboard that hands over what is wanted."""
    match request.wanted:
        case Wanted.CHANNEL:
            # Telegram lists the channels in which both may post, and offers to add the bot.
            rights = ChatAdministratorRights.no_rights().to_dict() | {"can_post_messages": True}
            posting = ChatAdministratorRights(**rights)
            chat = KeyboardButtonRequestChat(
                request_id=CHANNEL_REQUEST,
                chat_is_channel=True,
                user_administrator_rights=posting,
                bot_administrator_rights=posting,
            )
            button = KeyboardButton(request.text, request_chat=chat)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def _entity(entity: Entity) -> MessageEntity:
    if entity.unix_time is None:
        return MessageEntity(entity.type, entity.offset, entity.length, url=entity.url)
    at = datetime.fromtimestamp(entity.unix_time, UTC)
    return MessageEntity(entity.type, entity.offset, entity.length, unix_time=at)


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
            said = error.message.lower()
            for words, for_good in _NO_TOPIC.items():
                if words in said:
                    return NoTopic(error.message, gone=for_good)
            gone = any(words in said for words in _GONE)
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
