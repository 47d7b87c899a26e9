"""Which edited messages are asked anew: who mends a typing error expects an answer to that."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from telegram import Message

from bot.commands import split

_FRESH: Final = timedelta(minutes=5)
"""After this time an edit tidies up an old message, and asks nothing."""

_REMEMBERED: Final = 1_000


class Edits:
    """Remembers what was asked lately in which message.

    Telegram reports a message as edited for many a reason (its link preview, a reaction), so what
    asks the same as before is not answered again.
    """

    def __init__(self, since: datetime) -> None:
        """``since`` is when messages began to be noted; what older ones asked is not known."""
        self._since = since.replace(microsecond=0)
        self._asked: OrderedDict[tuple[int, int], tuple[str, str]] = OrderedDict()

    def note(self, message: Message) -> None:
        """A message is answered as it stands."""
        key = message.chat_id, message.message_id
        self._asked.pop(key, None)
        self._asked[key] = split(message.text or "")
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)

    def asks_anew(self, message: Message) -> bool:
        """Whether an edited message is fresh, and asks something else than it did.

        What was never seen was no command in a group, unless it was asked before a restart.
        """
        if message.edit_date is None or message.edit_date - message.date > _FRESH:
            return False
        before = self._asked.get((message.chat_id, message.message_id))
        if before is None:
            return message.date >= self._since
        return before != split(message.text or "")
