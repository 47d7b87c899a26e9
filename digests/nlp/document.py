"""The text as the pipeline leaves it: tokens, sentences and names as plain offsets.

Everything after the pipeline (actors, statements, times, terms) works on this
value, so each part can be tested on a document made by hand, without a model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digests.types import Sentence

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: ``text == document.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as the pipeline found it; ``label`` is PER, ORG, LOC or MISC."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its tokens, sentences and names, each in order of offsets.

    No sentence spans a paragraph break (a blank line). ``language`` is an
    ISO 639-1 code. ``title_end`` as in :class:`digests.types.Draft`.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    title_end: int = 0

    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """The ranges between blank lines, in order, white space at their ends cut."""
        ranges = []
        start = 0
        for gap in [*_PARAGRAPH_BREAK.finditer(self.text), None]:
            end = gap.start() if gap else len(self.text)
            chunk = self.text[start:end]
            if chunk.strip():
                left = len(chunk) - len(chunk.lstrip())
                ranges.append((start + left, start + len(chunk.rstrip())))
            if gap:
                start = gap.end()
        return tuple(ranges)
