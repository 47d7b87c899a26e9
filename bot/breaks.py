"""Where a text may be cut: between sentences, else between words, else between characters.

A character is what a reader takes for one: a grapheme cluster (UAX #29), so that
neither a flag, nor a family of emoji, nor a letter with its accents falls apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import regex

Span = tuple[int, int]
"""Half-open, in code points."""

_CLUSTER: Final = regex.compile(r"\X")
_CLOSE: Final = regex.compile(r"(?P<mark>[.!?…]+)[\"'“”‘’»«›‹)\]]*(?P<gap>\s+)(?=\S)")
_LAST_WORD: Final = regex.compile(r"[^\s(\[\"'“„»«›‹‚‘/–—-]*\Z")
_LONGEST_WORD: Final = 40
_NUMBERED: Final = regex.compile(r"\d{1,2}|[IVXL]+")
"""What a full stop makes an ordinal of: 3. Januar, Leo XIV."""

_INITIAL: Final = regex.compile(r"[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]")
"""A letter, or letters each with its stop: J. Biden, z.B., U.S."""

_ABBREVIATED: Final = frozenset(
    (
        *("abb", "abs", "allg", "anm", "art", "aug", "bd", "betr", "bspw", "bzgl", "bzw", "ca"),
        *("chr", "co", "corp", "dez", "dipl", "dr", "ebd", "einschl", "etc", "evtl", "feb", "ff"),
        *("frhr", "geb", "gegr", "gen", "gest", "gov", "hg", "hl", "hr", "hrn", "hrsg", "inc"),
        *("inkl", "ing", "jan", "jh", "jhdt", "jr", "jun", "kap", "lt", "ltd", "maj", "max"),
        *("min", "mind", "mio", "mr", "mrd", "mrs", "ms", "mt", "nov", "nr", "okt", "phil"),
        *("prof", "rd", "rep", "rer", "resp", "sen", "sep", "sept", "sgt", "sog", "sr", "st"),
        *("std", "str", "tel", "usf", "usw", "vgl", "vol", "vs", "zt", "zzgl"),
    )
)
"""German and English, folded, without their full stop."""


def best_break(text: str, end: int, kept: Iterable[Span] = ()) -> int:
    """The best place to cut ``text`` at or before ``end`` code points; 0 where there is none.

    No place lies inside a character or inside one of the ``kept`` spans. What
    stands before and after the place may begin or end in white space.
    """
    if end >= len(text):
        return len(text)
    allowed = {at for at in _characters(text, end) if not any(a < at < b for a, b in kept)}
    places = chain(_sentences(text, end), _words(text, end), sorted(allowed, reverse=True))
    return next((at for at in places if at in allowed), 0)


def _characters(text: str, end: int) -> Iterator[int]:
    """Where a character ends, up to ``end``."""
    for match in _CLUSTER.finditer(text):
        if match.end() > end:
            return
        yield match.end()


def _sentences(text: str, end: int) -> Iterator[int]:
    """Where a sentence begins after another, the last first."""
    for match in reversed(list(_CLOSE.finditer(text, 0, end + 1))):
        if match.end() <= end and _closes(text, match):
            yield match.end()


def _words(text: str, end: int) -> Iterator[int]:
    """Where a word begins after white space, the last first."""
    for at in range(end, 0, -1):
        if text[at - 1].isspace() and not text[at].isspace():
            yield at


def _closes(text: str, match: regex.Match[str]) -> bool:
    """Whether a sentence ends where a mark has white space after it."""
    if text[match.end()].islower():
        return False
    if match["mark"] != "." or "\n" in match["gap"]:
        return True
    start = match.start()
    found = _LAST_WORD.search(text, max(0, start - _LONGEST_WORD), start)
    word = found[0] if found else ""
    if _NUMBERED.fullmatch(word) or _INITIAL.fullmatch(word):
        return False
    return word.casefold() not in _ABBREVIATED
