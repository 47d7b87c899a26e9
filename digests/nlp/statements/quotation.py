"""Quotation marks: pairs them into quotations, whatever their style and however mixed.

Marks are told apart by their surroundings and not by their shape, because one
shape opens in one country's print and closes in the next ("»So«" and "« So »",
“English” and „deutsch“), and because dirty text mixes the styles of two
editors in one quotation. Pure; offsets are characters of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digests.nlp.document import Document

_DOUBLE = '„“”"«»‟＂'
_SINGLE = "‚‘’‹›'`"
_MARK = re.compile("``|''|[" + re.escape(_DOUBLE + _SINGLE) + "]")
_OPENS_BEFORE = " \t\n\u00a0\u202f([{–—-/:;,…" + _DOUBLE + _SINGLE
_ALWAYS_OPENS = "„‚‟"
_MAX_LENGTH = 6000
"""A quotation longer than this many characters is a mark that was never closed."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words: ``[start, end)`` with the marks, ``inner_*`` without them."""

    start: int
    end: int
    inner_start: int
    inner_end: int


@dataclass(slots=True)
class _Open:
    start: int
    inner: int
    double: bool
    mark: str


def find_quotations(document: Document) -> tuple[Quotation, ...]:
    """The outermost quotations of a text, in order, none overlapping another.

    A quotation may run over paragraphs if every paragraph opens anew (English
    usage) or if the mark that closes it comes before another one opens. A mark
    that nothing closes is left alone.
    """
    text = document.text
    breaks = [start for start, _ in document.paragraphs()]
    found: list[Quotation] = []
    stack: list[_Open] = []
    paragraph = 0
    for match in _MARK.finditer(text):
        start, end = match.span()
        while paragraph + 1 < len(breaks) and breaks[paragraph + 1] <= start:
            paragraph += 1
        mark = match[0]
        double = mark in _DOUBLE or len(mark) == 2
        if not double and _apostrophe(text, start, end, stack):
            continue
        opening = _opens(text, start, end, mark, stack)
        if opening and stack and start == breaks[paragraph] > stack[0].start:
            # The paragraph begins with a mark while a quotation is open: it goes on.
            anew = stack[0].mark == mark and document.language != "de"
            if anew and not _closed_ahead(text, stack[0], start):
                continue
            stack.clear()
        if stack and start - stack[0].start > _MAX_LENGTH:
            stack.clear()
        if opening:
            if len(stack) < 3:
                stack.append(_Open(start, end, double, mark))
            continue
        _close(stack, found, start, end, double=double)
    return _outermost(found)


def _close(
    stack: list[_Open], found: list[Quotation], start: int, end: int, *, double: bool
) -> None:
    """Close the innermost open quotation that a mark of this kind can close."""
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].double == double:
            opener = stack[depth]
            del stack[depth:]
            if start > opener.inner:
                found.append(Quotation(opener.start, end, opener.inner, start))
            return


def _closed_ahead(text: str, opener: _Open, stop: int) -> bool:
    """Whether the open quotation's paragraph already ended with a full stop and a mark."""
    return text[opener.inner : stop].rstrip()[-1:] in _DOUBLE


def _apostrophe(text: str, start: int, end: int, stack: list[_Open]) -> bool:
    """Whether a single mark is an apostrophe: within a word, or with nothing to close."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isalnum() and after.isalnum():
        return True
    inside = any(not item.double for item in stack)
    if before in _OPENS_BEFORE and after.isalnum() and text[start] != "’":
        # ’s and 's geht: a lone letter after the mark
        return end + 1 < len(text) and not text[end + 1].isalnum()
    return not inside


def _opens(text: str, start: int, end: int, mark: str, stack: list[_Open]) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    left, right = (
        before in _OPENS_BEFORE,
        after.isspace() or not (after.isalnum() or after in "([…$€§+-."),
    )
    if mark in _ALWAYS_OPENS:
        return True
    if mark == "``":
        return True
    if left and not right:
        return before not in _DOUBLE or not stack or mark in _SINGLE or before in _ALWAYS_OPENS
    if not left:
        return False
    # Space, or marks, on both sides: it opens if nothing is open.
    if after in _DOUBLE + _SINGLE and not stack:
        return True
    return not stack and not after.isspace() and after not in ".,;:!?)"


def _outermost(found: list[Quotation]) -> tuple[Quotation, ...]:
    kept: list[Quotation] = []
    for quotation in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or quotation.start >= kept[-1].end:
            kept.append(quotation)
    return tuple(kept)
