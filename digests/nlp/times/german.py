"""German time expressions: all rules, in the order in which they are tried (see :mod:`.scan`)."""

from __future__ import annotations

from digests.nlp.times import (
    german_calendar,
    german_clock,
    german_days,
    german_lengths,
    german_periods,
    german_vague,
    german_years,
)
from digests.nlp.times.german_rules import MACROS
from digests.nlp.times.german_words import classify
from digests.nlp.times.scan import Grammar, Rules, Words, forms

_RULES = Rules(MACROS)
for _part in (
    german_calendar,
    german_periods,
    german_days,
    german_clock,
    german_lengths,
    german_vague,
    german_years,
):
    _RULES.table += _part.RULES.table

_MEASURED = forms("small year big decimal word one many half")


def _extend(words: Words, first: int) -> int:
    """Take in 'Anfang', 'rund', 'mehr als', 'der ersten Hälfte' before an expression."""
    kind = words.kind(first)
    before = words.kind(first - 1)
    if kind in _MEASURED and kind != "year":
        if before == "about" and words.word(first - 1) != "mehr":
            return first - 1
        if words.word(first - 1) == "als" and words.word(first - 2) in ("mehr", "weniger"):
            return first - 2
        return first
    if before == "edge":
        return first - 1
    if before == "half_of" and words.kind(first - 2) == "ordinal":
        return first - 2 - (words.kind(first - 3) == "article")
    return first


GERMAN = Grammar(classify, _RULES, _extend, "Europe/Berlin")
