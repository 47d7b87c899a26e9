"""How many commands a chat may ask: a token bucket for each, and word of it once per burst.

A bucket holds a burst of commands and fills evenly; a command takes one out
(Turner 1986, leaky bucket as a meter). An empty bucket refuses; the first
refusal is told, and the next only after the bucket was half full again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

_REMEMBERED: Final = 10_000
"""Chats whose buckets are kept; the one that asked longest ago is forgotten, its bucket full."""


class Verdict(Enum):
    """What becomes of a command."""

    ANSWER = auto()
    SAY_SO = auto()  # refuse, and say so
    SILENCE = auto()


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a chat may still ask, as of ``at``; ``told`` that it was refused and heard of it."""

    left: float
    at: datetime
    told: bool = False


def take(bucket: Bucket, now: datetime, burst: int, per_minute: int) -> tuple[Bucket, Verdict]:
    """Take one command out of a bucket. A clock that went back fills nothing."""
    elapsed = max(now - bucket.at, timedelta(0))
    left = min(float(burst), bucket.left + per_minute * (elapsed / timedelta(minutes=1)))
    told = bucket.told and left < burst / 2
    if left >= 1:
        return Bucket(left - 1, now, told), Verdict.ANSWER
    return Bucket(left, now, told=True), Verdict.SILENCE if told else Verdict.SAY_SO


class CommandLimit:
    """The buckets of all chats. ``per_minute`` 0 sets no limit."""

    def __init__(self, per_minute: int, *, burst: int | None = None) -> None:
        self._per_minute = per_minute
        self._burst = burst or max(5, per_minute // 2)
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()

    def ask(self, chat: int, now: datetime) -> Verdict:
        """What becomes of a command that a chat asks now."""
        if self._per_minute == 0:
            return Verdict.ANSWER
        bucket = self._buckets.pop(chat, None) or Bucket(self._burst, now)
        self._buckets[chat], verdict = take(bucket, now, self._burst, self._per_minute)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return verdict
