"""The adapter of the yardstick of names, on a folder of its own."""

import json

import pytest

from benchmarks.quality import ner
from digests import curated
from digests.actors import Catalogue

TEXTS = {
    "a": "Gestern traf Angela Merkel in Rom den Minister.",
    "b": "Es schneite den ganzen Tag.",
    "c": "Die SPD will das nicht, sagte Petra Lindner.",
}


@pytest.fixture
def data(tmp_path):
    docs = [{"id": key, "lang": "de", "text": text} for key, text in TEXTS.items()]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, docs)), "utf-8")
    return tmp_path


def predicted(file):
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {
        line["id"]: [
            (TEXTS[line["id"]][start:end], label) for start, end, label in line["entities"]
        ]
        for line in lines
    }


NAMES = {
    "a": [("Angela Merkel", "PER"), ("Rom", "LOC")],
    "b": [],
    "c": [("SPD", "ORG"), ("Petra Lindner", "PER")],
}


def test_every_document_gets_a_line_with_its_names(data):
    ner.run(data, data / "out.jsonl")
    assert predicted(data / "out.jsonl") == NAMES


@pytest.mark.parametrize("wanted", list(ner.Names))
@pytest.mark.parametrize("listed", [True, False])
def test_clear_names_are_the_same_in_every_reading(data, wanted, listed):
    catalogue = Catalogue(curated.load()) if listed else Catalogue()
    ner.write(data, data / "out.jsonl", catalogue, wanted)
    assert predicted(data / "out.jsonl") == NAMES
