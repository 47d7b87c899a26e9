"""Training text: sentences with names, joined to documents and made as dirty as real reports.

A passage is a text with name spans. Everything here takes a ``random.Random`` and gives new
passages; the same seed gives the same training text.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Span = tuple[int, int, str]

QUOTES: Final = ("„“", "„”", "“”", '""', "«»", "»«", "‚‘", "‹›")
"""Opening and closing mark of every style in German print, Swiss and wrongly typed ones too."""

AGENCIES: Final = (
    *("dpa", "DPA", "dapd", "AFP", "AP", "Reuters", "APA", "SDA", "epd", "KNA", "SID", "Bloomberg"),
    *("TASS", "Tass", "Interfax", "RIA Nowosti", "Ria Novosti", "Ukrinform", "Unian", "Belta"),
    *("Xinhua", "Kyodo News", "ANSA", "PAP", "Anadolu"),
)
"""News agencies: at the head of reports, and beside the names of those they cite."""

_QUOTED = re.compile(r"[\"„“”«»]([^\"„“”«»\n]{2,300})[\"„“”«»]")
_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and its names as ``(start, end, label)``, in order and without overlap."""

    text: str
    spans: tuple[Span, ...] = ()

    def __add__(self, other: Passage) -> Passage:
        shift = len(self.text)
        moved = tuple((start + shift, end + shift, label) for start, end, label in other.spans)
        return Passage(self.text + other.text, self.spans + moved)


def load(path: Path) -> list[Passage]:
    """The passages of a file of JSON lines, ``{"text", "entities": [[start, end, label]]}``."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_passage(json.loads(line)) for line in file]


def _passage(row: Mapping[str, object]) -> Passage:
    text, entities = row["text"], row["entities"]
    assert isinstance(text, str)
    assert isinstance(entities, list)
    return Passage(text, tuple(sorted((start, end, label) for start, end, label in entities)))


class Names:
    """The names of a corpus by label: what augmentation puts in the place of one another."""

    def __init__(self, passages: Iterable[Passage], organisations: Sequence[str] = ()) -> None:
        """``organisations`` are names of well-known ones, drawn for ORG one time in three."""
        self._organisations = organisations
        seen: dict[str, set[str]] = defaultdict(set)
        for passage in passages:
            for start, end, label in passage.spans:
                seen[label].add(passage.text[start:end])
        self._by_label = {
            label: sorted(name for name in names if len(name) > 2 and name[0].isupper())
            for label, names in seen.items()
        }

    def draw(self, label: str, rng: random.Random) -> str:
        """A name of this label, each spelling equally likely."""
        if label == "ORG" and self._organisations and rng.random() < 1 / 3:
            return rng.choice(self._organisations)
        return rng.choice(self._by_label[label])


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How often what is changed, as probabilities; of a name, sentence or document."""

    swap: Mapping[str, float]
    capitals: float = 0.01
    requote: float = 0.5
    paragraph: float = 0.25
    headline: float = 0.15
    dateline: float = 0.03
    agency: float = 0.5


def documents(
    passages: Sequence[Passage], names: Names, how: Augmentation, rng: random.Random
) -> Iterator[Passage]:
    """All passages once, in random order, joined to documents of one to five and augmented."""
    order = list(passages)
    rng.shuffle(order)
    start = 0
    while start < len(order):
        end = start + rng.choice((1, 1, 1, 2, 3, 4, 5))
        parts = [_renamed(part, names, how, rng) for part in order[start:end]]
        document = _joined(parts, how, rng)
        if rng.random() < how.dateline:
            document = _dateline(names, rng) + document
        yield _requoted(document, rng) if rng.random() < how.requote else document
        start = end


def _renamed(passage: Passage, names: Names, how: Augmentation, rng: random.Random) -> Passage:
    """Some names put in the place of others of their label, some written in capitals."""
    new, position = Passage(""), 0
    for start, end, label in passage.spans:
        name = passage.text[start:end]
        if name in AGENCIES:
            name = rng.choice(AGENCIES) if rng.random() < how.agency else name
        elif rng.random() < how.swap.get(label, 0):
            name = names.draw(label, rng)
        if rng.random() < how.capitals:
            name = name.upper()
        new += Passage(passage.text[position:start]) + Passage(name, ((0, len(name), label),))
        position = end
    return new + Passage(passage.text[position:])


def _joined(parts: Sequence[Passage], how: Augmentation, rng: random.Random) -> Passage:
    document = parts[0]
    if len(parts) > 1 and rng.random() < how.headline:
        document = _without_stop(document)
        document += Passage(rng.choice(("\n", "\n\n")))
    elif len(parts) > 1:
        document += _gap(how, rng)
    for part in parts[1:-1]:
        document += part + _gap(how, rng)
    return document + parts[-1] if len(parts) > 1 else document


def _gap(how: Augmentation, rng: random.Random) -> Passage:
    return Passage("\n\n" if rng.random() < how.paragraph else " ")


def _without_stop(passage: Passage) -> Passage:
    text = passage.text.rstrip(". ")
    ends = [end for _, end, _ in passage.spans]
    return Passage(text, passage.spans) if max(ends, default=0) <= len(text) else passage


def _dateline(names: Names, rng: random.Random) -> Passage:
    """'Kiew (dpa) - ', 'MOSKAU, 25. Januar. /TASS/. ': where and by whom a report was written."""
    place, agency = names.draw("LOC", rng), rng.choice(AGENCIES)
    place = place.upper() if rng.random() < 0.3 else place
    day = f"{rng.randint(1, 31)}. {rng.choice(_MONTHS)}"
    before, after = rng.choice(((" (", ") - "), (" (", ") – "), (f", {day} (", "). ")))
    if rng.random() < 0.3:
        before, after = f", {day}. /", "/. "
    start = len(place) + len(before)
    spans = ((0, len(place), "LOC"), (start, start + len(agency), "ORG"))
    return Passage(place + before + agency + after, spans)


def _requoted(passage: Passage, rng: random.Random) -> Passage:
    """Quotations in another style; every mark stays one character, so spans stay as they are."""
    opening, closing = rng.choice(QUOTES)
    text = _QUOTED.sub(lambda match: opening + match[1] + closing, passage.text)
    return Passage(text, passage.spans)
