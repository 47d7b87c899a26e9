"""Which of the 250,000 pieces of multilingual-e5-small the German pipeline keeps.

Those most used in the training text and in the German words of spacy-lookups-data, and every
single letter and mark of the European scripts: what is lost is cut into smaller pieces.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import spacy

from digests.nlp.names import words
from digests.nlp.pieces import SPACE, UNKNOWN, Pieces

_TABLE_WORDS: Final = 3e6  # weight of the table, in words of running text
_MOST: Final = 1000.0  # and of one word of it


def kept(
    pieces: Sequence[tuple[str, float]], texts: Iterable[str], table: Mapping[str, float], size: int
) -> list[int]:
    """Numbers of ``size`` pieces, in order; ``table``: words with their log probabilities."""
    known, counts = Pieces(pieces), Counter[int]()
    for doc in spacy.blank("de").pipe(texts):
        for word in words(doc, known):
            counts.update(word.pieces)
    for word, probability in table.items():
        weight = min(_MOST, _TABLE_WORDS * math.exp(probability))
        for number in known(word, spaced=True):
            counts[number] += weight  # a Counter takes any number
    numbers = {*range(UNKNOWN + 1), *_letters(pieces)}
    for number, _ in counts.most_common():
        if len(numbers) >= size:
            break
        numbers.add(number)
    return sorted(numbers)


def _letters(pieces: Sequence[tuple[str, float]]) -> Iterator[int]:
    """Single characters but of scripts that are not European, with and without a space."""
    for number, (piece, _) in enumerate(pieces):
        letter = piece.removeprefix(SPACE) or SPACE
        if number > UNKNOWN and len(letter) == 1:
            code = ord(letter)
            if code < 0x530 or 0x1E00 <= code < 0x2C00:
                yield number


def word_table(folder: Path | None = None) -> dict[str, float]:
    """German words with log probabilities, from a folder or the installed spacy-lookups-data."""
    if folder is None:
        found = find_spec("spacy_lookups_data")
        if found is None or found.origin is None:
            raise ModuleNotFoundError("spacy-lookups-data is not installed (the extra 'training')")
        folder = Path(found.origin).parent / "data"
    with gzip.open(folder / "de_lexeme_prob.json.gz", "rt", encoding="utf-8") as file:
        table: dict[str, float] = json.load(file)
    return table
