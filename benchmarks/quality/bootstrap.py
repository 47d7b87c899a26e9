"""Score predictions with a yardstick's own program, with intervals by bootstrap over documents.

usage: python -m benchmarks.quality.bootstrap TASK --data DIR --pred FILE --scorer PATH

PATH is a Python file with ``SCORERS``: task -> function (data folder, predictions file, report)
-> figures. Each sample draws documents with replacement (Efron and Tibshirani, "An Introduction
to the Bootstrap", 1993) and is scored by the same function; printed are the figures of the whole
and the 2.5th and 97.5th percentiles of 1,000 samples. Tasks are those whose documents are
the lines of ``docs.jsonl`` with their answers in ``gold.jsonl``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.quality.reports import rows

MAIN = {
    "ner": ("micro.f1", "PER.f1", "ORG.f1", "LOC.f1"),
    "dates": ("strict.f1", "relaxed.f1", "value.f1"),
    "quotes": ("message.f1", "speaker.f1", "direct_found", "speaker_right"),
}
Score = Callable[[str, str, Callable[..., None]], Mapping[str, Any]]


def scorer(path: Path, task: str) -> Score:
    """The scoring function for a task from the yardstick's program."""
    spec = importlib.util.spec_from_file_location("yardstick", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no Python file: {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Score = module.SCORERS[task]
    return score


class Yardstick:
    """Scores samples of documents: a document drawn twice stands there twice, under other ids."""

    def __init__(self, task: str, data: Path, pred: Path, program: Path) -> None:
        self._score = scorer(program, task)
        self._main = MAIN[task]
        self._parts = {name: {row["id"]: row for row in rows(data / name)} for name in _PARTS}
        self._pred = {row["id"]: row for row in rows(pred)}
        self.ids = list(self._parts["gold.jsonl"])

    def figures(self, ids: Iterable[str]) -> list[float]:
        """The main figures over these documents."""
        chosen = list(ids)
        with tempfile.TemporaryDirectory() as folder:
            for name, known in [*self._parts.items(), ("pred.jsonl", self._pred)]:
                lines = (
                    json.dumps(known[one] | {"id": f"{number}:{one}"}, ensure_ascii=False)
                    for number, one in enumerate(chosen)
                    if one in known
                )
                Path(folder, name).write_text("\n".join(lines), "utf-8")
            found = self._score(folder, str(Path(folder, "pred.jsonl")), lambda *_: None)
        return [_at(found, name) for name in self._main]


_PARTS = ("docs.jsonl", "gold.jsonl")


def _at(figures: Mapping[str, Any], name: str) -> float:
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    return float(value)


def intervals(
    yardstick: Yardstick, samples: int, seed: int
) -> Iterator[tuple[float, float, float]]:
    """For each main figure: of the whole, and the bounds of its 95% interval."""
    draw = random.Random(seed)
    ids = yardstick.ids
    whole = yardstick.figures(ids)
    drawn = [yardstick.figures(draw.choices(ids, k=len(ids))) for _ in range(samples)]
    for value, column in zip(whole, zip(*drawn, strict=True), strict=True):
        ranked = sorted(column)
        yield value, ranked[int(0.025 * samples)], ranked[int(0.975 * samples)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.bootstrap")
    parser.add_argument("task", choices=sorted(MAIN))
    parser.add_argument("--data", type=Path, required=True, help="folder of the yardstick")
    parser.add_argument("--pred", type=Path, required=True, help="predictions to score")
    parser.add_argument("--scorer", type=Path, required=True, help="the yardstick's program")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    yardstick = Yardstick(options.task, options.data, options.pred, options.scorer)
    found = intervals(yardstick, options.samples, options.seed)
    for name, (value, low, high) in zip(MAIN[options.task], found, strict=True):
        print(f"{name:14} {value:.3f}  [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    main()
