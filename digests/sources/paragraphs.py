"""From lines to paragraphs: blank lines, one line per paragraph, or hard-wrapped text.

:func:`paragraphs` finds out which of them a text uses and joins what belongs
together. Pure.
"""

from __future__ import annotations

import re
from itertools import pairwise

_WIDEST_WRAP = 120
_NARROWEST_WRAP = 40
_TERMINAL = re.compile(r"[.!?…:][\"'“”»«’)\]]*$")
_LIST_ITEM = re.compile(r"(?:[-–—*•◦▪·]|\d{1,2}[.)]) \S")
# A line that began a second sentence, or stops at a comma or a function word, is no heading and
# no paragraph: its sentence goes on below.
_INSIDE = re.compile(
    r"""[.!?]["'“”»«’)]*\s+[„“"«»‚‘(]*[A-ZÄÖÜ][^.!?]*$
    |,$
    |[ ](?:d(?:er|ie|as|en|em|es)|eine?[nmrs]?|und|oder|zu[mr]?|von|vom|mit|in|i[nm]s?|a[mn]s?
       |auf|für|als|bei|beim|nach|vor|über|um|durch|gegen|ohne|dass
       |the|an?|and|or|of|to|for|with|at|by|on|from|that)$""",
    re.VERBOSE,
)
_SPLIT_WORD = re.compile(r"[^\W\d_]-$")
# 'Ost-/und Westeuropa': the hyphen stands for a left-out word and stays with its space.
_AFTER_ELLIPTIC_HYPHEN = re.compile(r"(?:und|oder|bzw\.|sowie|bis|wie|als|noch|and|or|to)\b")


def paragraphs(text: str) -> list[str]:
    """Split a tidy text (see :func:`digests.sources.text.tidy`) into paragraphs without line ends.

    A blank line always parts paragraphs. A single line end does too, unless
    the sentence plainly goes on in the next line, or the text is hard-wrapped
    and the next word would not have fitted on the line. A word split by a hyphen
    at a line end is put together.
    """
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text.strip("\n")) if block]
    width = _wrap_width(blocks)
    found: list[list[str]] = []
    for lines in blocks:
        for number, line in enumerate(lines):
            if number and _goes_on(lines[number - 1], line, width):
                _append(found[-1], line)
            else:
                found.append([line])
    joined = ("".join(pieces) for pieces in found)
    return [paragraph for paragraph in joined if paragraph.strip()]


def _wrap_width(blocks: list[list[str]]) -> int:
    """The width a text was wrapped at, in characters; 0 if it was not.

    Wrapped text breaks lines where the next word would not fit and in the middle
    of sentences. Both must hold for most of its line ends.
    """
    pairs = [pair for lines in blocks for pair in pairwise(lines)]
    if len(pairs) < 3:
        return 0
    lengths = sorted(len(line) for line, _ in pairs)
    width = lengths[-1 - len(lengths) // 20]  # a long address may stick out
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return 0
    full = sum(_is_full(line, after, width) for line, after in pairs)
    open_ended = sum(not _TERMINAL.search(line) for line, _ in pairs)
    return width if 2 * full > len(pairs) and 2 * open_ended > len(pairs) else 0


def _is_full(line: str, after: str, width: int) -> bool:
    word = after.split(" ", 1)[0]
    return len(line) + 1 + len(word) > width


def _goes_on(line: str, after: str, width: int) -> bool:
    if _LIST_ITEM.match(after):
        return False
    if not _TERMINAL.search(line) and (after[:1].islower() or _INSIDE.search(line)):
        return True
    return bool(width) and _is_full(line, after, width)


def _append(pieces: list[str], line: str) -> None:
    """Join a line to a paragraph, putting a word together that was split between them."""
    before = pieces[-1]
    if _SPLIT_WORD.search(before[-2:]) and not _AFTER_ELLIPTIC_HYPHEN.match(line):
        if line[:1].islower():
            pieces[-1] = before[:-1]
    else:
        pieces.append(" ")
    pieces.append(line)
