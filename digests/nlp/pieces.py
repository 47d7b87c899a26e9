"""Words cut into the pieces that the name finder's network knows.

A unigram language model (Kudo, ACL 2018): of all ways to cut a word into known pieces, the one
whose pieces have the highest sum of log probabilities. Plain strings in, numbers out.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

SPACE: Final = "▁"
"""Stands for the space before a word, as in SentencePiece."""

START, END, UNKNOWN = 0, 2, 3
"""Pieces that are no text: before a text, after it or a line of it, and for what is unknown."""

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LETTERS: Final = 48  # of a word that are read; longer ones are links and the like
MOST: Final = 16
"""The most pieces of a word."""
_PENALTY: Final = 10.0  # how much less probable an unknown character is than the rarest piece
_REMEMBERED: Final = 30_000  # words


class Pieces:
    """The vocabulary; call it with a word to get the numbers of its pieces."""

    def __init__(self, scored: Iterable[tuple[str, float]]) -> None:
        """``scored``: pieces and log probabilities, by number; the first four are no text."""
        rows = list(scored)
        self._known = {
            piece: (number, score) for number, (piece, score) in enumerate(rows) if number > UNKNOWN
        }
        self._longest = max(map(len, self._known), default=0)
        self._unknown = min((score for _, score in self._known.values()), default=0.0) - _PENALTY
        self._of = lru_cache(_REMEMBERED)(self._cut)

    def __call__(self, word: str, *, spaced: bool) -> tuple[int, ...]:
        """Numbers of the pieces of ``word``, at least one; ``spaced``: a space stands before it."""
        return self._of(SPACE + word if spaced else word)

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """Read what :func:`save` wrote."""
        rows = (line.split("\t") for line in path.read_text("utf-8").split("\n") if line)
        return cls((piece, float(score)) for piece, score in rows)

    def _cut(self, word: str) -> tuple[int, ...]:
        text = unicodedata.normalize("NFKC", word[:_LETTERS].translate(_INVISIBLE))
        text = "".join(SPACE if character.isspace() else character for character in text)
        numbers: list[int] = []
        for piece in self._best(text):
            number = self._known.get(piece, (UNKNOWN, 0.0))[0]
            if number != UNKNOWN or numbers[-1:] != [UNKNOWN]:
                numbers.append(number)
        return tuple(numbers[:MOST]) or (UNKNOWN,)

    def _best(self, text: str) -> list[str]:
        """The most probable pieces of a text (Viterbi); an unknown character is a piece."""
        scores = [0.0] + [-math.inf] * len(text)
        begins = [0] * (len(text) + 1)
        for begin in range(len(text)):
            for end in range(begin + 1, min(begin + self._longest, len(text)) + 1):
                _, score = self._known.get(text[begin:end], (UNKNOWN, -math.inf))
                if end == begin + 1:
                    score = max(score, self._unknown)
                if scores[begin] + score > scores[end]:
                    scores[end], begins[end] = scores[begin] + score, begin
        pieces, end = list[str](), len(text)
        while end:
            pieces.append(text[begins[end] : end])
            end = begins[end]
        return pieces[::-1]


def save(scored: Iterable[tuple[str, float]], path: Path) -> None:
    """Write pieces, one a line: the piece, a tab, its log probability."""
    path.write_text("".join(f"{piece}\t{score:.5g}\n" for piece, score in scored), "utf-8")
