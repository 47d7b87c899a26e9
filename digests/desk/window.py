"""Spans of time that an answer is limited to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from digests.types import PartialDate


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time an answer is limited to; either end may be open."""

    since: PartialDate | None = None
    until: PartialDate | None = None

    def __contains__(self, date: PartialDate | None) -> bool:
        """Whether a date lies in it, bounds included; undated only without bounds."""
        if self.since is None and self.until is None:
            return True
        if date is None:
            return False
        after = self.since is None or date.first_day >= self.since.first_day
        until = self.until
        return after and (until is None or str(date)[: len(str(until))] <= str(until))


ALWAYS: Final = Window()
