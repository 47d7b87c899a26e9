"""The five real reports beside the project: read as the product reads them, and their gold."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from digests import curated
from digests.actors import Catalogue, Resolution, resolve
from digests.nlp.document import Document
from digests.nlp.pipelines import Pipelines
from digests.nlp.reading import Reader
from digests.sources.folder import read_folder
from digests.types import ActorKind, Draft, PartialDate, Reading
from tests.golden.notation import Gold, gold

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[3] / "shared" / "seeds"
KEYS = sorted(path.stem for path in HERE.glob("*.toml"))
_JUDGED = (ActorKind.PERSON, ActorKind.ORGANISATION, ActorKind.STATE)


def digest(text: str) -> str:
    """What a cleaned text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=2)
def reader(listed: bool = True) -> Reader:
    """The product's reader over the curated list, or without its actors."""
    lists = curated.load()
    catalogue = Catalogue(lists if listed else replace(lists, profiles=()))

    def known(document: Document, on: PartialDate | None) -> Resolution:
        return resolve(document, catalogue, on)

    return Reader(Pipelines(), known)


@lru_cache(maxsize=2)
def read(listed: bool = True) -> dict[str, tuple[Draft, Reading]]:
    """Report number -> the report and its reading."""
    drafts = {draft.key[:3]: draft for draft in _drafts()}
    return dict(
        zip(
            drafts,
            zip(drafts.values(), reader(listed).read(drafts.values()), strict=True),
            strict=True,
        )
    )


def _drafts() -> Iterator[Draft]:
    for change in read_folder(SHARED, {}, zone=ZoneInfo("Europe/Berlin")):
        if isinstance(change.outcome, Draft):
            yield change.outcome


def load(key: str) -> tuple[str, Gold]:
    """The digest of a report's text, and its gold."""
    values = tomllib.loads((HERE / f"{key}.toml").read_text("utf-8"))
    return values["text"], gold(values, _JUDGED, lambda place: (place[0], place[1]))
