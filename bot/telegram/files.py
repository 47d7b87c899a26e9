"""Files that people hand over: fetched by the thread that reads them."""

from __future__ import annotations

import asyncio
from typing import Final

from telegram import Document
from telegram.error import BadRequest, TelegramError

from bot.reply import Upload
from digests.errors import SourceError

_DOWNLOAD_SECONDS: Final = 60


def upload(document: Document, loop: asyncio.AbstractEventLoop) -> Upload:
    """A file of Telegram's; ``loop`` is where the bot lives, for the thread that reads it."""

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
