"""Do reports of one event become one story? Our own reports through the whole product, scored.

usage: python -m benchmarks.stories [--orders N] [--reports FILE] [--undated] [--show]

FILE is a list of events with their reports (tests/stories/reports.toml). The reports are
taken in one by one as files of a watched folder, in the order of their dates and in
``N`` orders drawn by chance, each into a database of its own; printed is BCubed of the
stories against the events (Bagga and Baldwin, "Entity-Based Cross-Document
Coreferencing Using the Vector Space Model", ACL 1998): a line of JSON per order. With
``--undated`` the reports come without their dates.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.house import house
from bot.settings import Settings
from digests.store import archive
from digests.types import Target, TargetKind

REPORTS = Path(__file__).parents[1] / "tests" / "stories" / "reports.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """A report and the event it tells of."""

    event: str
    published: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """BCubed: the mean share of a report's story that is of its event, and of its event in it."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def read(path: Path) -> list[Told]:
    """The reports of a file, event by event."""
    events = tomllib.loads(path.read_text("utf-8"))["event"]
    return [
        Told(event["id"], one["published"], one["title"], one["text"].strip())
        for event in events
        for one in event["report"]
    ]


def stories_of(reports: Sequence[Told], folder: Path) -> list[Hashable]:
    """The story that each report was put into when they were taken in in this order."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    for number, one in enumerate(reports):
        line = {
            "id": f"{number}",
            "title": one.title,
            "text": one.text,
            "published": one.published,
            "language": "de",
        }
        path = seeds / f"{number:05}.jsonl"
        path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    settings = Settings(_env_file=None, data_dir=folder / "data", seeds_dir=seeds)
    with house(settings) as built:
        taken = built.desk.intake.take_in_folders(built.clock())
        if taken.errors:
            raise RuntimeError(f"not taken in: {taken.errors}")
        with built.store.reading() as session:
            ids = archive.item_ids(session, Target(TargetKind.EVERYTHING))
            found = archive.reports(session, ids)
    by_number = {int(report.item.key.split(".")[0]): report.item.story_id for report in found}
    return [by_number[number] for number in range(len(reports))]


def bcubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> Score:
    """Score clusters against gold clusters, both given as a label per element."""
    together = Counter(zip(found, gold, strict=True))
    of_found, of_gold = Counter(found), Counter(gold)
    number = len(gold)
    precision = sum(n * n / of_found[one] for (one, _), n in together.items()) / number
    recall = sum(n * n / of_gold[other] for (_, other), n in together.items()) / number
    return Score(precision, recall)


def orders(reports: Sequence[Told], number: int) -> list[tuple[str, list[Told]]]:
    """By date, and ``number`` orders by chance (always the same)."""
    drawn = [("by date", sorted(reports, key=lambda one: one.published))]
    for seed in range(number):
        mixed = list(reports)
        random.Random(seed).shuffle(mixed)
        drawn.append((f"by chance {seed}", mixed))
    return drawn


def show(reports: Sequence[Told], found: Sequence[Hashable]) -> None:
    """Print the stories that hold several events, and the events that are several stories."""
    members: defaultdict[Hashable, list[Told]] = defaultdict(list)
    homes: defaultdict[str, Counter[Hashable]] = defaultdict(Counter)
    for one, story in zip(reports, found, strict=True):
        members[story].append(one)
        homes[one.event][story] += 1
    for story, told in members.items():
        if len({one.event for one in told}) > 1:
            print(f"story {story}: {[(one.event, one.title) for one in told]}")
    for event, stories in homes.items():
        if len(stories) > 1:
            print(f"{event}: {dict(stories)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--reports", type=Path, default=REPORTS)
    parser.add_argument("--undated", action="store_true")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    reports = read(options.reports)
    for name, ordered in orders(reports, options.orders):
        told = [replace(one, published="") for one in ordered] if options.undated else ordered
        with tempfile.TemporaryDirectory() as folder:
            found = stories_of(told, Path(folder))
        score = bcubed(found, [one.event for one in ordered])
        figures = {"f1": score.f1, "precision": score.precision, "recall": score.recall}
        rounded = {key: round(value, 4) for key, value in figures.items()}
        events, stories = len({one.event for one in ordered}), len(set(found))
        print(json.dumps({"order": name, **rounded, "events": events, "stories": stories}))
        if options.show:
            show(ordered, found)


if __name__ == "__main__":
    main()
