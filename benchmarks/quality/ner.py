"""Names of persons, organisations and places: spans of ``docs.jsonl`` of a folder.

The yardstick asks for names as they stand in the text, not for actors: bare first names,
quarters and roads are names there, and 'der Kreml' is a place. So the names are those of the
pipeline, and the kind of a name is the list's where the list knows exactly that name.
``write`` gives the other readings as well. Every text is read for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from benchmarks.quality.reports import rows
from digests import curated
from digests.actors import Catalogue, resolve
from digests.nlp.document import Document
from digests.nlp.pipelines import Pipelines, Text
from digests.types import ActorKind, Mention, MentionForm

_LABELS = {
    ActorKind.PERSON: "PER",
    ActorKind.ORGANISATION: "ORG",
    ActorKind.STATE: "LOC",
    ActorKind.PLACE: "LOC",
}
_NAMES = frozenset({MentionForm.NAME, MentionForm.METONYM})

Name = tuple[int, int, str]


class Names(StrEnum):
    """Which names of a text are meant."""

    PIPELINE = "pipeline"  # as the pipeline found them
    ACTORS = "actors"  # those that were resolved to actors, and no others
    BOTH = "both"  # the pipeline's, of the kind that the list gives them


def run(data: Path, out: Path) -> None:
    write(data, out, Catalogue(curated.load()), Names.BOTH)


def write(data: Path, out: Path, catalogue: Catalogue, wanted: Names) -> None:
    """One line of predictions per document; an empty catalogue gives them without the list."""
    docs = rows(data / "docs.jsonl")
    texts = [Text(doc["text"], language=doc.get("lang", "de")) for doc in docs]
    with out.open("w", encoding="utf-8") as file:
        for doc, document in zip(docs, Pipelines().documents(texts), strict=True):
            entities = sorted(set(_names(document, catalogue, wanted)))
            file.write(json.dumps({"id": doc["id"], "entities": entities}) + "\n")


def _names(document: Document, catalogue: Catalogue, wanted: Names) -> Iterator[Name]:
    found = [(name.start, name.end, name.label) for name in document.entities]
    if wanted is Names.PIPELINE:
        return iter(found)
    mentions = [m for m in resolve(document, catalogue).mentions if m.form in _NAMES]
    if wanted is Names.ACTORS:
        return ((m.start, m.end, _LABELS[m.kind]) for m in mentions)
    kinds = {(m.start, m.end): _LABELS[m.kind] for m in mentions if _is_curated(m, catalogue)}
    return ((start, end, kinds.get((start, end), label)) for start, end, label in found)


def _is_curated(mention: Mention, catalogue: Catalogue) -> bool:
    actor = catalogue.get(mention.actor) if mention.actor else None
    return actor is not None and actor.curated
