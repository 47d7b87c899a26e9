"""Intervals by bootstrap: the scorer given by its path, documents drawn with replacement."""

import json

import pytest

from benchmarks.quality import bootstrap

SCORER = """
import json

def lines(path):
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]

def score(data, pred, verbose):
    gold = {row["id"]: row["answer"] for row in lines(f"{data}/gold.jsonl")}
    docs = {row["id"] for row in lines(f"{data}/docs.jsonl")}
    assert docs == set(gold)
    found = {row["id"]: row["answer"] for row in lines(pred)}
    right = sum(found.get(key) == answer for key, answer in gold.items()) / len(gold)
    return {name: {"f1": right} for name in ("strict", "relaxed", "value")}

SCORERS = {"dates": score}
"""


def write(path, rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


@pytest.fixture
def yardstick(tmp_path):
    names = [f"d{number}" for number in range(40)]
    write(tmp_path / "docs.jsonl", [{"id": name, "text": ""} for name in names])
    write(tmp_path / "gold.jsonl", [{"id": name, "answer": 1} for name in names])
    write(tmp_path / "pred.jsonl", [{"id": name, "answer": 1} for name in names[:30]])
    (tmp_path / "score.py").write_text(SCORER, "utf-8")
    return bootstrap.Yardstick("dates", tmp_path, tmp_path / "pred.jsonl", tmp_path / "score.py")


def test_the_whole_is_scored_as_the_program_does(yardstick):
    assert yardstick.figures(yardstick.ids) == [0.75] * 3


def test_a_document_drawn_twice_counts_twice(yardstick):
    assert yardstick.figures(["d0", "d0", "d0", "d39"]) == [0.75] * 3
    assert yardstick.figures(["d0", "d39", "d39", "d39"]) == [0.25] * 3


def test_intervals_hold_the_figure_and_are_the_same_for_a_seed(yardstick):
    found = list(bootstrap.intervals(yardstick, samples=200, seed=1))
    assert found == list(bootstrap.intervals(yardstick, samples=200, seed=1))
    for value, low, high in found:
        assert 0.5 < low < value < high < 1
        # The binomial's own interval at 30 of 40 is 0.62 to 0.88.
        assert low == pytest.approx(0.62, abs=0.05)
        assert high == pytest.approx(0.88, abs=0.05)
