"""A headline that runs into the first sentence of its report, as where a page lost its layout.

:func:`run_on` finds where the one ends and the other begins. It is wary: what may be one
sentence is left as it is. Pure.
"""

from __future__ import annotations

import re
from itertools import takewhile

from digests.runon import WORD, above_small_word
from digests.sources import noise

_SHORTEST, _LONGEST = 15, 160  # characters of a headline
_FEWEST = 3  # words of a headline
_FEWEST_BELOW = 5  # words of the sentence below it, perhaps after its place ('Berlin. Die …')
_LONGEST_BELOW = 600
_BETWEEN = 8  # words of a page's name or section between a headline and its repetition


def run_on(paragraph: str) -> tuple[int, int] | None:
    """Return where a headline ends and where the report begins; None where there is none.

    The headline is repeated ('A b c – Page A b c D …'), stands before an agency's dateline
    or between advertisements, or the sentence after it begins with an article, a preposition
    or the like, which within a sentence are not written with a capital.
    """
    for find in (_repeated, _above_dateline, _above_advertisement, above_small_word):
        found = find(paragraph)
        if found and _is_headline(paragraph[: found[0]]) and _is_sentence(paragraph[found[1] :]):
            return found
    return None


def _is_headline(text: str) -> bool:
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and len(WORD.findall(text)) >= _FEWEST
        and not text.rstrip('"“”»').endswith((".", ",", ":"))
        and not noise.has_inner_sentence(text)
    )


_SENTENCE_END = re.compile(r"(?<!\d)(?<!\b[A-ZÄÖÜ])[.!?…][\"“”»«’)]*(?=\s|$)")


def _is_sentence(text: str) -> bool:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, _LONGEST_BELOW)]
    return any(len(WORD.findall(text, 0, end)) >= _FEWEST_BELOW for end in ends[:2])


def _repeated(paragraph: str) -> tuple[int, int] | None:
    """'A b c – Page A b c D …': between them stand at most the page's names, all with a capital."""
    words = list(WORD.finditer(paragraph, 0, 3 * _LONGEST))
    said = [word[0].casefold() for word in words]
    for again in range(_FEWEST, len(said)):
        alike = (one == other for one, other in zip(said[:again], said[again:], strict=False))
        common = sum(1 for _ in takewhile(bool, alike))
        # The page's name and the report may begin with the same word, too.
        for length in range(common, max(_FEWEST, again - _BETWEEN) - 1, -1):
            below = again + length
            after = words[length:again] + words[below : below + 1]
            if below < len(words) and not any(word[0][0].islower() for word in after):
                closed = re.match(r"[?!\"“”»)]*", paragraph[words[length - 1].end() :])
                end = words[length - 1].end() + (closed.end() if closed else 0)
                start = words[below].start()
                return end, start - paragraph[:start].endswith(tuple('"„“»«('))
    return None


_DATELINE_PLACE = re.compile(
    r"(?<=[\w?!\"“”»])\s(?=(?:(?:Bad|Sankt|St\.|San|New|Los)\s)?[A-ZÄÖÜ][\w-]+"
    r"(?:\s?/\s?[A-ZÄÖÜ][\w-]+)*\s\([^()]{2,40}\))"
)


def _above_dateline(paragraph: str) -> tuple[int, int] | None:
    for match in _DATELINE_PLACE.finditer(paragraph, 0, _LONGEST + 60):
        if noise.dateline(paragraph[match.end() :]):
            return match.start(), match.end()
    return None


_ADVERTISEMENT = re.compile(r"(?:\s(?:Anzeige|Werbung|Advertisement)){2,}\s(?=[\"„“»«]?[A-ZÄÖÜ])")


def _above_advertisement(paragraph: str) -> tuple[int, int] | None:
    match = _ADVERTISEMENT.search(paragraph, 0, _LONGEST + 60)
    return match.span() if match else None
