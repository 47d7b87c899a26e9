"""What a sentence tells in particular: numbers, days, and names of persons and places.

By them two sentences differ that are alike in all their other words: 'zwölf Menschen' and
'31 Menschen', 'in Kiel' and 'in Lübeck'. Pure.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from digests.numbers import FIGURES, figures, value
from digests.types import ActorKind, MentionForm, Report

_WORD = re.compile(rf"{FIGURES}|[^\W\d_]+")
_KINDS = (ActorKind.PERSON, ActorKind.PLACE, ActorKind.STATE)


@dataclass(frozen=True, slots=True)
class Particulars:
    """Numbers in digits, days and times as TimeML values, and actors (ids) named."""

    numbers: frozenset[str]
    days: frozenset[str]
    names: frozenset[str]

    def replace(self, other: Particulars) -> bool:
        """Whether each has a number, a day or a name in the place of one of the other's."""
        pairs = (
            (self.numbers, other.numbers),
            (self.days, other.days),
            (self.names, other.names),
        )
        return any(mine - theirs and theirs - mine for mine, theirs in pairs)

    def recount(self, other: Particulars) -> bool:
        """Whether only numbers stand in the place of the other's: the same, counted anew."""
        return self.replace(other) and not dataclasses.replace(self, numbers=other.numbers).replace(
            other
        )


def particulars(report: Report, start: int, end: int) -> Particulars:
    """Return what the stretch ``[start, end)`` of a report tells in particular."""
    times = [one for one in report.reading.timexes if start <= one.start and one.end <= end]
    numbers: set[str] = set()
    for word in _WORD.finditer(report.item.text, start, end):
        if any(one.start <= word.start() < one.end for one in times):
            continue
        numbers.update(figures(word[0]) if word[0][0].isdigit() else filter(None, [value(word[0])]))
    return Particulars(
        frozenset(numbers),
        frozenset(one.value for one in times if one.value),
        frozenset(
            one.actor
            for one in report.reading.mentions
            if one.actor is not None
            and one.kind in _KINDS
            and one.form is MentionForm.NAME
            and start <= one.start
            and one.end <= end
        ),
    )
