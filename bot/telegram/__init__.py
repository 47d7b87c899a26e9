"""Telegram: updates in, messages out. The only package that imports python-telegram-bot."""

from __future__ import annotations

import os

# python-telegram-bot then gives RetryAfter.retry_after as a timedelta, as its next version will.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from bot.addresses import TELEGRAM as PLATFORM
from bot.telegram.front import TelegramFront, who_am_i

__all__ = ["PLATFORM", "TelegramFront", "who_am_i"]
