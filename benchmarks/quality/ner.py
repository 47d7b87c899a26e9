"""Names of persons, organisations and places: spans of ``docs.jsonl`` of a folder.

What Depesche names in a text is what its actors are called there: the pipeline's
names, put right by the actors' rules and the curated list. Every text is read for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality.reports import rows
from digests import curated
from digests.actors import Catalogue, resolve
from digests.nlp.document import Document
from digests.nlp.pipelines import Pipelines, Text
from digests.types import ActorKind, MentionForm

_LABELS = {
    ActorKind.PERSON: "PER",
    ActorKind.ORGANISATION: "ORG",
    ActorKind.STATE: "LOC",
    ActorKind.PLACE: "LOC",
}
_NAMES = frozenset({MentionForm.NAME, MentionForm.METONYM})


def run(data: Path, out: Path) -> None:
    write(data, out, Catalogue(curated.load()))


def write(data: Path, out: Path, catalogue: Catalogue | None) -> None:
    """The same with any catalogue: an empty one for the rules alone, None for the bare pipeline."""
    docs = rows(data / "docs.jsonl")
    texts = [Text(doc["text"], language=doc.get("lang", "de")) for doc in docs]
    with out.open("w", encoding="utf-8") as file:
        for doc, document in zip(docs, Pipelines().documents(texts), strict=True):
            names = _bare(document) if catalogue is None else _named(document, catalogue)
            entities = sorted(set(names))
            file.write(json.dumps({"id": doc["id"], "entities": entities}) + "\n")


def _bare(document: Document) -> Iterator[tuple[int, int, str]]:
    return ((name.start, name.end, name.label) for name in document.entities)


def _named(document: Document, catalogue: Catalogue) -> Iterator[tuple[int, int, str]]:
    """Names of actors, and what the pipeline calls MISC beside them."""
    taken = []
    for mention in resolve(document, catalogue).mentions:
        if mention.form in _NAMES:
            taken.append((mention.start, mention.end))
            yield mention.start, mention.end, _LABELS[mention.kind]
    for name in document.entities:
        free = all(name.end <= start or end <= name.start for start, end in taken)
        if name.label == "MISC" and free:
            yield name.start, name.end, name.label
