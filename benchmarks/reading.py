"""How fast a report is read, and in how much memory: all of reading against its pipeline alone.

usage: python -m benchmarks.reading DIR [--rounds N] [--reports N]

DIR holds .txt files, read as the product reads a folder of reports. Both sides read the same
texts: the bare pipeline (``nlp.pipe``, batches of 8), and the whole reading with the curated list
(actors, statements, dates, events, terms). They take turns in one process, round by round, so that
what else the machine does weighs on both alike; the median of the rounds counts. Memory is the
highest resident size of a process of its own that reads the reports, repeated to ``--reports``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import spacy

from digests import curated
from digests.actors import Catalogue, Resolution, resolve
from digests.nlp.document import Document
from digests.nlp.pipelines import SHIPPED, Pipelines
from digests.nlp.reading import Reader
from digests.sources.folder import read_folder
from digests.types import Draft, PartialDate

_BATCH = 8
_A_ROUND = 40  # reports in a round
_KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""What ru_maxrss counts: bytes on macOS, kilobytes elsewhere."""


def drafts(folder: Path) -> list[Draft]:
    """The reports of a folder."""
    changes = read_folder(folder, {}, zone=ZoneInfo("Europe/Berlin"))
    found = [change.outcome for change in changes if isinstance(change.outcome, Draft)]
    if not found:
        raise SystemExit(f"no reports in {folder}")
    return found


def bare() -> Callable[[list[Draft]], int]:
    """A function that runs the German pipeline alone over reports and counts their tokens."""
    pipeline = spacy.load(SHIPPED["de"])

    def run(reports: list[Draft]) -> int:
        texts = (report.text for report in reports)
        return sum(len(doc) for doc in pipeline.pipe(texts, batch_size=_BATCH))

    return run


def full() -> Callable[[list[Draft]], int]:
    """A function that reads reports as the product does and counts what it found."""
    catalogue = Catalogue(curated.load())

    def known(document: Document, on: PartialDate | None) -> Resolution:
        return resolve(document, catalogue, on)

    reader = Reader(Pipelines(), known)

    def run(reports: list[Draft]) -> int:
        return sum(len(reading.mentions) for reading in reader.read(reports))

    return run


SIDES = {"bare pipeline": bare, "full reading": full}


def rates(folder: Path, rounds: int) -> dict[str, float]:
    """Tokens a second of each side: the median of the rounds, after one to warm up."""
    reports = list(islice(cycle(drafts(folder)), _A_ROUND))
    runs = {name: make() for name, make in SIDES.items()}
    tokens = runs["bare pipeline"](reports)
    runs["full reading"](reports)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            run(reports)
            seconds[name].append(time.perf_counter() - start)
    return {name: tokens / median(taken) for name, taken in seconds.items()}


def peak(name: str, folder: Path, count: int) -> float:
    """The highest resident size, in megabytes, of the process that calls this to read."""
    SIDES[name]()(list(islice(cycle(drafts(folder)), count)))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES / 1e6


def peaks(folder: Path, count: int) -> Iterator[tuple[str, float]]:
    """The highest resident size of each side, each in a fresh process."""
    fresh = multiprocessing.get_context("spawn")
    for name in SIDES:
        with ProcessPoolExecutor(1, mp_context=fresh) as pool:
            yield name, pool.submit(peak, name, folder, count).result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of .txt files")
    parser.add_argument("--rounds", type=int, default=7, help=f"of {_A_ROUND} reports each")
    parser.add_argument("--reports", type=int, default=1000, help="for memory; 0 leaves it out")
    options = parser.parse_args()
    # Memory first: on Linux a new process starts with the peak of the one that made it.
    if options.reports:
        for name, size in peaks(options.folder, options.reports):
            print(f"{name:14} {size:8,.0f} MB for {options.reports} reports  (goal: under 500)")
    speed = rates(options.folder, options.rounds)
    for name, rate in speed.items():
        print(f"{name:14} {rate:8,.0f} tokens/s")
    print(f"ratio          {speed['full reading'] / speed['bare pipeline']:8.2f}  (goal: 0.50)")


if __name__ == "__main__":
    main()
