"""Statements in German news, in the notation of Petersen-Frey and Biemann (LREC-COLING 2024)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digests.nlp.document import Document
from digests.nlp.pipelines import Pipelines, Text
from digests.nlp.statements import find_statements
from digests.types import ActorKind, Mention, SpeechKind, Statement

_KINDS = {"PER": ActorKind.PERSON, "ORG": ActorKind.ORGANISATION, "LOC": ActorKind.PLACE}
_TYPES = {SpeechKind.DIRECT: "Direct", SpeechKind.INDIRECT: "Indirect"}


def run(data: Path, out: Path) -> None:
    """Read ``data/docs.jsonl`` (or .gz) and write one line of predictions per document."""
    rows = list(_rows(data))
    texts = (Text(row["text"], language=row.get("lang", "de")) for row in rows)
    with out.open("w", encoding="utf8") as file:
        for row, document in zip(rows, Pipelines().documents(texts), strict=True):
            found = find_statements(document, _mentions(document))
            quotes = [quote for item in found for quote in _quotes(document, item)]
            file.write(json.dumps({"id": row["id"], "quotes": quotes}, ensure_ascii=False) + "\n")


def _rows(data: Path) -> Iterator[dict[str, Any]]:
    plain, packed = data / "docs.jsonl", data / "docs.jsonl.gz"
    with (
        plain.open("rt", encoding="utf8")
        if plain.exists()
        else gzip.open(packed, "rt", encoding="utf8") as file
    ):
        yield from (json.loads(line) for line in file if line.strip())


def _mentions(document: Document) -> list[Mention]:
    """Names alone: the yardstick asks for speakers as they stand in the text, not for actors."""
    return [
        Mention(
            entity.start, entity.end, _KINDS[entity.label], document.text[entity.start : entity.end]
        )
        for entity in document.entities
        if entity.label in _KINDS
    ]


def _quotes(document: Document, statement: Statement) -> list[dict[str, Any]]:
    """A statement in the notation of the yardstick.

    There, 'Angaben' in 'nach Angaben der Polizei' is part of the speaker and the
    preposition alone the cue; and where a medium cites a person, there are two
    quotations of the same words, one by the person and one by the medium.
    """
    speaker, cue = statement.speaker, statement.cue
    words = document.text[slice(*cue)] if cue else ""
    if cue and speaker and cue[1] <= speaker[0] and " " in words:
        start = cue[0] + len(words.split()[0])
        speaker, cue = (start + 1, speaker[1]), (cue[0], start)
    speakers = [speaker]
    if statement.via and words.startswith("zitier"):
        speakers.append(statement.via)
    return [
        {
            "type": _TYPES[statement.kind],
            "message": [list(part) for part in statement.message],
            "speaker": [list(who)] if who else [],
            "cue": [list(cue)] if cue else [],
            "addressee": [list(statement.addressee)] if statement.addressee else [],
        }
        for who in speakers
    ]
