"""What the adapters share: texts of a yardstick read by the product's own Reader."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from digests import curated
from digests.actors import Catalogue, Resolution, resolve
from digests.nlp.document import Document
from digests.nlp.pipelines import Pipelines
from digests.nlp.reading import Reader
from digests.types import UNDATED, Actor, Draft, Item, PartialDate, Published, Report

T = TypeVar("T")
R = TypeVar("R")

_INGESTED = datetime(2026, 1, 1, tzinfo=UTC)
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "\\/": "/", "` `": "``"}


def rows(path: Path) -> list[dict[str, Any]]:
    """The values of a JSON lines file, or of its .gz."""
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and packed.exists():
        text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    else:
        text = path.read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def draft(key: str, text: str, *, title: str | None, published: str | None, language: str) -> Draft:
    """A report as a source would give it."""
    title = " ".join((title or "").split())
    return Draft(
        key=key,
        text=f"{title}\n\n{text}" if title else text,
        title_end=len(title),
        published=published_on(published),
        language=language,
    )


def untokenised(text: str) -> str:
    """A text given one tokenised sentence a line, as prose: each line its own paragraph.

    A paragraph for each keeps the given sentences apart; spaces before marks
    and the treebank's names of brackets and quotation marks go.
    """
    for mark, plain in _BRACKETS.items():
        text = text.replace(mark, plain)
    text = re.sub(r"`` ?| ?''(?!\w)", '"', text)
    text = re.sub(r" (?=[.,;:!?)\]%]|'(?:s|re|ve|ll|d|m|t)?\b|n't\b)", "", text)
    text = re.sub(r"(?<=[(\[$]) ", "", text)
    return "\n\n".join(line.strip() for line in text.split("\n") if line.strip())


def read_reports(drafts: Sequence[Draft], actors: Iterable[Actor] = ()) -> list[Report]:
    """Read drafts as one archive: an actor found in one is known in those after it."""
    catalogue = Catalogue(curated.load())
    for actor in actors:
        catalogue.add(actor)

    def found(document: Document, on: PartialDate | None) -> Resolution:
        resolution = resolve(document, catalogue, on)
        for actor in resolution.new_actors:
            catalogue.add(actor)
        return resolution

    readings = Reader(Pipelines(), found).read(drafts)
    return [
        Report(_item(number, one), reading)
        for number, (one, reading) in enumerate(zip(drafts, readings, strict=True), 1)
    ]


def in_parallel(work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
    """The results of ``work`` for each task in order, on two processes."""
    with ProcessPoolExecutor(max_workers=2) as pool:
        yield from pool.map(work, tasks)


def _item(number: int, one: Draft) -> Item:
    return Item(
        id=number,
        revision=1,
        seq=number,
        source_id=1,
        source_name="yardstick",
        key=one.key,
        text=one.text,
        title_end=one.title_end,
        published=one.published,
        ingested_at=_INGESTED,
        language=one.language or "de",
    )


def published_on(text: str | None) -> Published:
    """The day of publication that a yardstick gives as an ISO date, if any."""
    if not text:
        return UNDATED
    day = date.fromisoformat(text[:10])
    return Published.on(day.year, day.month, day.day)
