"""Static word vectors made from Brown clusters (Brown et al., CL 1992).

A Brown cluster is a leaf of a binary tree, and its bit path tells where: words
whose paths begin alike are used alike. Every cluster, split by how frequent
its words are, becomes one row; a row is the sum of fixed random codes of the
prefixes of its path, so that near clusters have near rows. A million words on
two thousand rows take little room, and a rare name has the row of the
frequent names beside it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab

WIDTH: Final = 128
PREFIXES: Final = ((3, 0.5), (5, 0.6), (7, 0.7), (9, 0.8), (11, 0.8), (32, 1.2))
"""Lengths of the prefixes of a path in bits, and the weights of their codes; 32 is the whole."""

RARITY: Final = (-13.5, -16.0)
"""Log probabilities that part frequent, middling and rare words of a cluster."""

RARITY_WEIGHT: Final = 0.6
CAPITALISED: Final = 540_000
OTHERS: Final = 110_000
GENITIVES: Final = 120_000
CAPITALS: Final = 40_000
"""How many of the most probable capitalised words get these forms too."""

_SIBILANTS: Final = ("s", "ß", "x", "z")
NEWER_WORDS: Final = Path(__file__).parent / "newer_words.txt"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the cluster table: its text, the path of its cluster, its log probability."""

    text: str
    path: int
    probability: float


def cluster_words(folder: Path | None = None) -> list[Word]:
    """The words of spacy-lookups-data (MIT), most probable first.

    ``folder`` holds ``de_lexeme_cluster.json.gz`` and ``de_lexeme_prob.json.gz``; by default
    they are taken from the installed package. Raises FileNotFoundError where there is neither.
    """
    folder = folder or _package_data()
    paths = _table(folder / "de_lexeme_cluster.json.gz")
    probabilities = _table(folder / "de_lexeme_prob.json.gz")
    words = [Word(text, int(path), probabilities[text]) for text, path in paths.items()]
    return sorted(words, key=lambda word: -word.probability)


def add_vectors(vocab: Vocab, words: Iterable[Word]) -> None:
    """Put the vectors of ``words`` into ``vocab``; its strings stay as they are.

    Of the words, given most probable first, the first CAPITALISED capitalised ones and
    the first OTHERS others are kept. Genitives and words in capitals that the clusters lack
    have the vector of the word itself.
    """
    kinds = {word.text: (word.path, _rarity(word.probability)) for word in _chosen(words)}
    kinds = {form: kinds[text] for form, text in _forms(kinds).items()} | kinds
    rows = {kind: row for row, kind in enumerate(sorted(set(kinds.values())))}
    shape = (len(rows), WIDTH)
    vocab.reset_vectors(shape=shape)  # type: ignore[arg-type]  # the stub says int
    vocab.vectors.data = np.stack([_code(*kind) for kind in rows])
    for text, kind in kinds.items():
        vocab.vectors.add(text, row=rows[kind])


def point(vocab: Vocab, newer: Mapping[str, str]) -> None:
    """Give each word the row of the word it is mapped to. Raises KeyError if that has none."""
    for text, like in newer.items():
        row = int(vocab.vectors.find(key=like))
        if row < 0:
            raise KeyError(like)
        vocab.vectors.add(text, row=row)


def newer_words(path: Path = NEWER_WORDS) -> dict[str, str]:
    """Words that the clusters lack or have wrong, and their genitives, each with one of its kind.

    A line of the file is ``like: word word ...``; what follows a # is not read.
    """
    pairs = {}
    for line in path.read_text("utf-8").splitlines():
        like, _, words = line.partition("#")[0].partition(":")
        for word in words.split():
            pairs[word] = like.strip()
            if not word.endswith(_SIBILANTS):
                pairs[word + "s"] = like.strip()
    return pairs


def _package_data() -> Path:
    package = find_spec("spacy_lookups_data")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package spacy-lookups-data is not installed")
    return Path(package.origin).parent / "data"


def _table(path: Path) -> dict[str, float]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table: dict[str, float] = json.load(file)
    return table


def _chosen(words: Iterable[Word]) -> Iterator[Word]:
    room = {True: CAPITALISED, False: OTHERS}
    for word in words:
        capitalised = word.text[:1].isupper()
        if room[capitalised]:
            room[capitalised] -= 1
            yield word


def _forms(words: Iterable[str]) -> dict[str, str]:
    """Other forms of the most probable capitalised words, each with the word."""
    capitalised = [word for word in words if word[:1].isupper() and len(word) > 3]
    capitals = {word.upper(): word for word in capitalised[:CAPITALS] if word[1:].islower()}
    genitives = {
        word + "s": word
        for word in capitalised[:GENITIVES]
        if not word.isupper() and not word.endswith(_SIBILANTS)
    }
    return genitives | capitals


def _rarity(probability: float) -> int:
    return sum(probability < bound for bound in RARITY)


def _code(path: int, rarity: int) -> NDArray[np.float32]:
    """The row of a cluster; the table holds paths with their first bit lowest."""
    code = RARITY_WEIGHT * _random_code(-1, rarity)
    for bits, weight in PREFIXES:
        code += weight * _random_code(bits, path & ((1 << bits) - 1))
    return code.astype(np.float32)


def _random_code(*seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng([part % 2**32 for part in seed])
    code: NDArray[np.float64] = random.normal(size=WIDTH) / WIDTH**0.5
    return code
