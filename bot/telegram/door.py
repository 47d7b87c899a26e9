"""Who is let in, and how much they may ask."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from bot.limits import CommandLimit, Verdict
from bot.texts import Texts


class Door:
    """Lets in the chats on the operator's list (all, if it is empty), at a bearable pace."""

    def __init__(
        self, admitted: Collection[int], per_minute: int, refused: Callable[[str], None]
    ) -> None:
        """``refused`` is told why a command is not answered: ``limit`` or ``stranger``."""
        self._admitted = frozenset(admitted)
        self.limit = CommandLimit(per_minute)
        self._strangers = CommandLimit(1, burst=1)
        self._refused = refused

    def admits(self, chat_id: int) -> bool:
        """Whether a chat may use the bot."""
        return not self._admitted or chat_id in self._admitted

    def refusal(self, chat_id: int, now: datetime, t: Texts) -> str | None:
        """Why a chat is not answered: a text, or an empty one if it heard it; None if it is."""
        if not self.admits(chat_id):
            self._refused("stranger")
            text = t(
                "This bot answers only those whom its operator lets in. This is chat {id}.",
                id=chat_id,
            )
            # Told once in a while; a stranger who knocks all day is told no more than that.
            heard = self._strangers.ask(chat_id, now) is not Verdict.ANSWER
            return "" if heard else text
        verdict = self.limit.ask(chat_id, now)
        if verdict is Verdict.ANSWER:
            return None
        self._refused("limit")
        text = t("That was a lot at once. Give me a minute, then ask again.")
        return text if verdict is Verdict.SAY_SO else ""
