"""How fast a report is read, and in how much memory: all of reading against its pipeline alone.

usage: python -m benchmarks.reading DIR [--bare DIR] [--rounds N] [--reports N]

DIR holds .txt files, read as the product reads a folder of reports. Both sides read the same
texts: the bare pipeline (``nlp.pipe``, batches of 8; the one that ships, or another), and the whole
reading with the curated list (actors, statements, dates, events, terms). They take turns in one
process, round by round, so that what else the machine does weighs on both alike; the median of the
rounds counts. The names are found by two threads, the bare pipeline may have one: both are given by
the clock and by processor time. Memory is the highest resident size of a process of its own that
reads the reports, repeated to ``--reports``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
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
Run = Callable[[list[Draft]], int]
_KILOBYTES = 1 if sys.platform == "darwin" else 1024
"""What ru_maxrss counts: bytes on macOS, kilobytes elsewhere."""


def drafts(folder: Path) -> list[Draft]:
    """The reports of a folder."""
    changes = read_folder(folder, {}, zone=ZoneInfo("Europe/Berlin"))
    found = [change.outcome for change in changes if isinstance(change.outcome, Draft)]
    if not found:
        raise SystemExit(f"no reports in {folder}")
    return found


def bare(folder: Path) -> Run:
    """A function that runs a German pipeline alone over reports and counts their tokens."""
    pipeline = spacy.load(folder)

    def run(reports: list[Draft]) -> int:
        texts = (report.text for report in reports)
        return sum(len(doc) for doc in pipeline.pipe(texts, batch_size=_BATCH))

    return run


def full() -> Run:
    """A function that reads reports as the product does and counts what it found."""
    catalogue = Catalogue(curated.load())

    def known(document: Document, on: PartialDate | None) -> Resolution:
        return resolve(document, catalogue, on)

    reader = Reader(Pipelines(), known)

    def run(reports: list[Draft]) -> int:
        return sum(len(reading.mentions) for reading in reader.read(reports))

    return run


def sides(pipeline: Path) -> Mapping[str, Callable[[], Run]]:
    """What is compared, ready to be loaded."""
    return {"bare pipeline": partial(bare, pipeline), "full reading": full}


def rates(folder: Path, pipeline: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Tokens a second of each side, by the clock and by processor time.

    The median of the rounds, after one to warm up.
    """
    reports = list(islice(cycle(drafts(folder)), _A_ROUND))
    runs = {name: make() for name, make in sides(pipeline).items()}
    tokens = runs["bare pipeline"](reports)
    runs["full reading"](reports)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter(), time.process_time()
            run(reports)
            taken[name].append((time.perf_counter() - start[0], time.process_time() - start[1]))
    return {
        name: (tokens / median(clock for clock, _ in some), tokens / median(cpu for _, cpu in some))
        for name, some in taken.items()
    }


def peak(name: str, folder: Path, pipeline: Path, count: int) -> float:
    """The highest resident size, in megabytes, of the process that calls this to read."""
    sides(pipeline)[name]()(list(islice(cycle(drafts(folder)), count)))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES / 1e6


def peaks(folder: Path, pipeline: Path, count: int) -> Iterator[tuple[str, float]]:
    """The highest resident size of each side, each in a fresh process."""
    fresh = multiprocessing.get_context("spawn")
    for name in sides(pipeline):
        with ProcessPoolExecutor(1, mp_context=fresh) as pool:
            yield name, pool.submit(peak, name, folder, pipeline, count).result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of .txt files")
    parser.add_argument("--bare", type=Path, default=SHIPPED["de"], help="another pipeline")
    parser.add_argument("--rounds", type=int, default=7, help=f"of {_A_ROUND} reports each")
    parser.add_argument("--reports", type=int, default=1000, help="for memory; 0 leaves it out")
    options = parser.parse_args()
    # Memory first: on Linux a new process starts with the peak of the one that made it.
    if options.reports:
        for name, size in peaks(options.folder, options.bare, options.reports):
            print(f"{name:14} {size:8,.0f} MB for {options.reports} reports  (goal: under 500)")
    speed = rates(options.folder, options.bare, options.rounds)
    for name, (clock, cpu) in speed.items():
        print(f"{name:14} {clock:8,.0f} tokens/s   {cpu:8,.0f} a second of one processor")
    (bare_clock, bare_cpu), (full_clock, full_cpu) = speed.values()
    print(f"ratio          {full_clock / bare_clock:8.2f}  (goal: 0.50)", end="")
    print(f"{full_cpu / bare_cpu:9.2f} of one processor")


if __name__ == "__main__":
    main()
