"""A document laid out for reading speech: utterance units, and segments between commas.

A unit is what one cue can govern: a sentence, or the sentences that a
quotation holds together. A segment is a run of tokens between commas, colons,
dashes, or a quotation long enough to stand for itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests.nlp.document import Document, Token
from digests.nlp.statements.quotation import find_quotations
from digests.nlp.statements.utterance import Range
from digests.types import Sentence, SentenceKind

BREAKS = frozenset(",;:–—-")
TERMINAL = frozenset((".", "!", "?", "…", "..."))
PUNCTUATION = BREAKS | TERMINAL | {"…"}
STANDALONE = 8
"""A quotation of so many words or more stands for itself and is no part of a clause."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens ``[low, high)``; ``quote`` is the index of the quotation they are, or -1.

    ``mark`` is the punctuation before the segment, empty at the unit's start.
    """

    low: int
    high: int
    quote: int
    mark: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens ``[low, high)`` of one utterance unit, in paragraph ``paragraph``."""

    low: int
    high: int
    paragraph: int
    kind: SentenceKind


class Layout:
    """A document with its quotations as token ranges, its units, and lower-case words.

    ``within[i]`` is the index of the quotation that token i belongs to, its
    marks included, or -1.
    """

    def __init__(self, document: Document) -> None:
        """Lay out ``document``; linear in its tokens."""
        self.document = document
        self.tokens: tuple[Token, ...] = document.tokens
        self.words = [token.text for token in self.tokens]
        self.lower = [word.lower() for word in self.words]
        self._starts = [token.start for token in self.tokens]
        self.quotations = find_quotations(document)
        self.quote_tokens: list[tuple[int, int]] = []
        self.within = [-1] * len(self.tokens)
        for index, quotation in enumerate(self.quotations):
            low, high = self.span(quotation.start, quotation.end)
            self.quote_tokens.append((low, high))
            self.within[low:high] = [index] * (high - low)
        self.units = self._units()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that touch the characters ``[start, end)``."""
        low = bisect_left(self._starts, start)
        if low and self.tokens[low - 1].end > start:
            low -= 1
        return low, max(low, bisect_left(self._starts, end))

    def chars(self, low: int, high: int) -> tuple[int, int]:
        """The characters of the tokens ``[low, high)``."""
        return self.tokens[low].start, self.tokens[high - 1].end

    def inner(self, index: int) -> tuple[int, int]:
        """The tokens of a quotation without its marks."""
        quotation = self.quotations[index]
        return self.span(quotation.inner_start, quotation.inner_end)

    def stands_alone(self, index: int) -> bool:
        """Whether a quotation is an utterance rather than some words of a clause."""
        low, high = self.inner(index)
        return high - low >= STANDALONE or (
            high - low > 1 and (self.words[high - 1] in TERMINAL or self.words[high - 1] == ",")
        )

    def segments(self, low: int, high: int) -> tuple[Segment, ...]:
        """The segments of the tokens ``[low, high)``, punctuation between them left out."""
        found: list[Segment] = []
        begin, mark = low, ""
        i = low
        while i < high:
            quote = self.within[i]
            if quote >= 0 and self._splits(quote, low, high):
                if i > begin:
                    found.append(Segment(begin, i, -1, mark))
                    mark = ""
                end = min(self.quote_tokens[quote][1], high)
                found.append(Segment(i, max(end, i + 1), quote, mark))
                i = begin = max(end, i + 1)
                mark = ""
            elif quote < 0 and (self.words[i] in BREAKS or (self.words[i] in TERMINAL)):
                if i > begin:
                    found.append(Segment(begin, i, -1, mark))
                    mark = ""
                mark += self.words[i]
                i += 1
                begin = i
            else:
                i += 1
        if high > begin:
            found.append(Segment(begin, high, -1, mark))
        return tuple(found)

    def only_quotations(self, region: Range) -> list[Range]:
        """The quotations of a region that holds nothing else; empty where it does."""
        quotes: list[Range] = []
        i = region[0]
        while i < region[1]:
            quote = self.within[i]
            if quote >= 0:
                low, high = self.quote_tokens[quote]
                quotes.append((max(low, region[0]), min(high, region[1])))
                i = max(high, i + 1)
            elif self.words[i] in PUNCTUATION:
                i += 1
            else:
                return []
        return quotes

    def trim(self, low: int, high: int) -> Range | None:
        """The region without punctuation at its ends; a quotation keeps its own."""
        within, words = self.within, self.words
        while low < high and within[low] < 0 and words[low] in PUNCTUATION:
            low += 1
        while high > low and within[high - 1] < 0 and words[high - 1] in PUNCTUATION:
            high -= 1
        return (low, high) if low < high else None

    def _splits(self, quote: int, low: int, high: int) -> bool:
        """Whether a quotation is cut out of its sentence: it is long, or punctuation ends it."""
        first, last = self.quote_tokens[quote]
        if self.stands_alone(quote):
            return True
        opens = first <= low or self.words[first - 1] in ":," or self.within[first - 1] >= 0
        closes = last >= high or self.words[last] in ".!?,;" or self.within[last] >= 0
        return opens and closes and (first <= low or self.words[first - 1] == ":")

    def _units(self) -> list[Unit]:
        units: list[Unit] = []
        paragraph, bounds = 0, self.document.paragraphs()
        ends = [end for _, end in bounds]
        for sentence in self._sentences():
            low, high = self.span(sentence.start, sentence.end)
            if high <= low:
                continue
            while paragraph + 1 < len(bounds) and ends[paragraph] <= sentence.start:
                paragraph += 1
            if units and self._continues(units[-1], low, paragraph):
                last = units[-1]
                units[-1] = Unit(last.low, high, last.paragraph, last.kind)
            else:
                units.append(Unit(low, high, paragraph, sentence.kind))
        return [part for unit in units for part in self._split(unit)]

    def _sentences(self) -> Sequence[Sentence]:
        if self.document.sentences or not self.document.tokens:
            return self.document.sentences
        return [Sentence(start, end) for start, end in self.document.paragraphs()]

    def _continues(self, last: Unit, low: int, paragraph: int) -> bool:
        """Whether the sentence at ``low`` belongs to the unit before it."""
        quote = self.within[low]
        if quote >= 0 and self.quote_tokens[quote][0] < low:
            return True
        if self.words[last.high - 1] == ":" and quote >= 0:
            return paragraph - last.paragraph <= 1
        if paragraph != last.paragraph or self.within[last.high - 1] < 0:
            return False
        return self.words[low] in {",", "–", "-"} or self.words[low][:1].islower()

    def _split(self, unit: Unit) -> list[Unit]:
        """Cut a unit behind a quotation that ends a sentence where a new one begins."""
        cuts = [unit.low]
        for i in range(unit.low + 1, unit.high - 1):
            quote = self.within[i - 1]
            if quote < 0 or self.within[i] == quote or self.quote_tokens[quote][1] != i:
                continue
            inner_low, inner_high = self.inner(quote)
            ended = inner_high > inner_low and self.words[inner_high - 1] in TERMINAL
            if ended and self.words[i][:1].isupper() and inner_high - inner_low > 2:
                cuts.append(i)
        cuts.append(unit.high)
        return [Unit(low, high, unit.paragraph, unit.kind) for low, high in pairwise(cuts)]
