"""From a trained network to the folder that ships: sentences first, the card's facts, no words."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import spacy

from training.score import Gold, Score, score
from training.train import LABELS
from training.vectors import newer_words, point

VERSION: Final = "0.2.0"
DESCRIPTION: Final = (
    "German news: names (PER, ORG, LOC, MISC) and sentences; a small CNN with Brown-cluster vectors"
)
LICENCE: Final = (
    "training data: GermEval 2014 (CC BY 4.0), Wikipedia (CC BY-SA), SmartData (CC BY 4.0), "
    "Wikinews (CC BY 2.5); Brown clusters: spacy-lookups-data (MIT)"
)
SOURCES: Final = (
    ("GermEval 2014 NER", "CC BY 4.0"),
    (
        "Wikipedia, SmartData, Wikinews texts with labels of a teacher",
        "CC BY-SA, CC BY 4.0, CC BY 2.5",
    ),
    ("spacy-lookups-data de_lexeme_cluster", "MIT"),
    ("teacher: multilingual-e5-small", "MIT"),
)


def package(trained: Path, senter: Path, out: Path, dev: Sequence[Gold]) -> Score:
    """Write to ``out`` the names of ``trained`` behind the sentences of ``senter``; the score.

    ``newer_words.txt`` is read again, so that words may be added to it without training. The
    string store is left with the labels alone: vectors are found by hash, and the words of
    the training text have no business in the package.
    """
    nlp = spacy.load(trained)
    point(nlp.vocab, newer_words())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W113\]")  # senter reads no vectors
        nlp.add_pipe("senter", source=spacy.load(senter), first=True)
    result = score(nlp, dev)
    nlp.meta.update(
        name="news",
        version=VERSION,
        description=DESCRIPTION,
        license=LICENCE,
        sources=[{"name": name, "license": licence} for name, licence in SOURCES],
        performance={"ents_f": result.micro, "ents_f_per_type": result.labels},
    )
    nlp.to_disk(out)
    strings = json.dumps(LABELS, ensure_ascii=False)
    (out / "vocab" / "strings.json").write_text(strings, encoding="utf-8")
    return result
