"""Run one task over a folder of data and write the predictions, one JSON line a document.

usage: python -m benchmarks.quality TASK --data DIR --out FILE

Each task is a module of this package with ``run(data: Path, out: Path) -> None``; it is
imported when it is asked for. Scoring is left to the yardstick's own program;
``benchmarks.quality.bootstrap`` runs it with 95% intervals.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

TASKS = ("ner", "dates", "quotes", "stories", "timelines", "actors", "feeds")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of the yardstick")
    parser.add_argument("--out", type=Path, required=True, help="file to write predictions to")
    options = parser.parse_args(arguments)
    module = importlib.import_module(f"benchmarks.quality.{options.task}")
    module.run(options.data, options.out)


if __name__ == "__main__":
    main()
