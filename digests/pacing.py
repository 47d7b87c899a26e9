"""How fast messages may go out: what Telegram bears, what was sent, and how long to wait. Pure.

Moments are seconds of one steady clock, passed in. The limits are those of
core.telegram.org/bots/faq ("My bot is hitting limits"): about 30 messages a
second in all, one a second in a chat where short bursts pass, 20 a minute in a
group. All windows slide. The bot as a whole is paced by a virtual schedule
beside its window (the generic cell rate algorithm, ITU-T I.371): messages go
evenly, and what a short stall cost is caught up with.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``amount`` messages in any ``seconds``."""

    amount: int
    seconds: float

    def wait(self, sent: deque[float], now: float) -> float:
        """Seconds until one more may follow those ``sent`` (oldest first)."""
        if len(sent) < self.amount:
            return 0.0
        return max(0.0, sent[-self.amount] + self.seconds - now)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform bears.

    ``rate`` is the bot's in the long run (messages a second), ``lag`` the
    seconds of a stall that are caught up with. ``chat`` binds what is pushed,
    ``burst`` everything: the answer to a command need not wait for the second
    after a digest.
    """

    bot: Limit = Limit(30, 1.0)
    rate: float = 29.6
    lag: float = 0.15
    chat: Limit = Limit(1, 1.0)
    burst: Limit = Limit(3, 3.0)
    group: Limit = Limit(20, 60.0)


TELEGRAM: Final = Limits()
UNBOUND: Final = Limits(
    bot=Limit(1, 0.0),
    rate=inf,
    chat=Limit(1, 0.0),
    burst=Limit(1, 0.0),
    group=Limit(1, 0.0),
)
"""For a platform that bears anything."""

MEMORY: Final = 60.0
"""Seconds after which a message no longer counts for any limit."""

_SAME_TIME: Final = 5.0
_TIDY_EVERY: Final = 512


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as far as its limits go."""

    address: str
    group: bool = False


@dataclass(slots=True)
class Pacer:
    """What was sent of late and who asked for patience; tells how long to wait.

    Where a platform refuses two chats at about the same time, it speaks of the
    whole bot: the answer itself does not say (429, ``retry_after``).
    """

    limits: Limits = TELEGRAM
    _bot: deque[float] = field(default_factory=deque)
    _next: float = -inf
    _chats: dict[str, deque[float]] = field(default_factory=dict)
    _groups: set[str] = field(default_factory=set)
    _held: dict[str, float] = field(default_factory=dict)
    _refused: dict[str, float] = field(default_factory=dict)
    _bot_held: float = -inf
    _count: int = 0

    def bot_wait(self, now: float) -> float:
        """Seconds until the bot may send anything."""
        paced = self._next - now if self.limits.rate < inf else 0.0
        return max(0.0, paced, self.limits.bot.wait(self._bot, now), self._bot_held - now)

    def chat_wait(self, place: Place, now: float, *, urgent: bool = False) -> float:
        """Seconds until this chat may get a message; ``urgent`` for an answer to a command."""
        sent = self._chats.get(place.address)
        held = self._held.get(place.address, -inf) - now
        return max(0.0, held, self._quota_wait(place.address, place.group, sent, now, urgent))

    def wait(self, place: Place, now: float, *, urgent: bool = False) -> float:
        """Seconds until a message to this chat may go, by the chat's limits and the bot's."""
        return max(self.bot_wait(now), self.chat_wait(place, now, urgent=urgent))

    def waiting(self, now: float) -> dict[str, float]:
        """The chats that may get nothing pushed yet, with the seconds until they may."""
        waits = {
            address: self._quota_wait(address, address in self._groups, sent, now, urgent=False)
            for address, sent in self._chats.items()
        }
        for address, until in self._held.items():
            waits[address] = max(waits.get(address, 0.0), until - now)
        return {address: wait for address, wait in waits.items() if wait > 0}

    def sent(self, place: Place, now: float) -> None:
        """A message goes out now."""
        limits = self.limits
        if limits.rate < inf:
            self._next = max(self._next, now - limits.lag) + 1 / limits.rate
        self._bot.append(now)
        while len(self._bot) > limits.bot.amount:
            self._bot.popleft()
        self._chats.setdefault(place.address, deque()).append(now)
        if place.group:
            self._groups.add(place.address)
        self._count += 1
        if self._count % _TIDY_EVERY == 0:
            self._tidy(now)

    def answered(self, place: Place, now: float) -> None:
        """The platform answered: the last message arrived by now, not before it was sent.

        A chat's second is counted from here, since the next message may be quicker on its way.
        """
        sent = self._chats.get(place.address)
        if sent:
            sent[-1] = max(sent[-1], now)

    def recall(self, sent: Iterable[tuple[Place, float]]) -> None:
        """Take in what was sent before a restart, oldest first; moments before now."""
        for place, at in sent:
            self.sent(place, at)

    def flooded(self, address: str, seconds: float, now: float) -> bool:
        """A chat's message was refused for ``seconds``; True if that speaks of the whole bot."""
        recent = {one: at for one, at in self._refused.items() if at > now - _SAME_TIME}
        self._refused = recent | {address: now}
        whole = any(one != address for one in recent)
        self.hold(address, seconds, now)
        if whole:
            self.hold(None, seconds, now)
        return whole

    def hold(self, address: str | None, seconds: float, now: float) -> None:
        """Send nothing to a chat, or (None) to anybody, for so many seconds."""
        if address is None:
            self._bot_held = max(self._bot_held, now + seconds)
        else:
            self._held[address] = max(self._held.get(address, -inf), now + seconds)

    def _quota_wait(
        self, address: str, group: bool, sent: deque[float] | None, now: float, urgent: bool
    ) -> float:
        if not sent:
            return 0.0
        limits = self.limits
        wait = limits.burst.wait(sent, now)
        if not urgent:
            wait = max(wait, limits.chat.wait(sent, now))
        if group or address in self._groups:
            wait = max(wait, limits.group.wait(sent, now))
        return wait

    def _tidy(self, now: float) -> None:
        """Forget what no limit looks at any more."""
        kept: dict[str, deque[float]] = {}
        longest = self.limits.group.amount
        for address, sent in self._chats.items():
            if sent[-1] > now - MEMORY:
                kept[address] = deque(islice(sent, max(0, len(sent) - longest), None))
        self._chats = kept
        self._groups &= kept.keys()
        self._held = {one: until for one, until in self._held.items() if until > now}
