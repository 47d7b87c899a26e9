"""Exact spans and types, as the CoNLL-2003 shared task counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from training.data import Passage

if TYPE_CHECKING:
    from spacy.language import Language

Gold = tuple[Passage, Sequence[tuple[int, int]]]
"""A passage with its names, and the spans that neither help nor hurt."""

MAIN: Final = ("PER", "ORG", "LOC")


@dataclass(frozen=True, slots=True)
class Score:
    """F1 per label, and ``micro`` over persons, organisations and places together."""

    micro: float = 0.0
    labels: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"micro {self.micro:.4f}", *(f"{k} {v:.4f}" for k, v in self.labels.items())]
        return "  ".join(parts)


def score(nlp: Language, gold: Sequence[Gold], batch_size: int = 8) -> Score:
    """Score the names of a pipeline; found ones that touch an ignored span do not count."""
    wanted, found, right = Counter[str](), Counter[str](), Counter[str]()
    docs = nlp.pipe((passage.text for passage, _ in gold), batch_size=batch_size)
    for doc, (passage, ignored) in zip(docs, gold, strict=True):
        want = set(passage.spans)
        for name in doc.ents:
            span = (name.start_char, name.end_char, name.label_)
            touches = any(span[0] < end and start < span[1] for start, end in ignored)
            if span in want:
                right[name.label_] += 1
            if span in want or not touches:
                found[name.label_] += 1
        wanted.update(label for _, _, label in want)
    labels = {k: _f1(right[k], found[k], wanted[k]) for k in (*MAIN, "MISC")}
    totals = (sum(count[k] for k in MAIN) for count in (right, found, wanted))
    return Score(_f1(*totals), labels)


def _f1(right: int, found: int, wanted: int) -> float:
    return 2 * right / (found + wanted) if right else 0.0
