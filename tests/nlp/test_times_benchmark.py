"""The adapter that writes predictions for a folder of dated texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quality.__main__ import main


def test_predictions_name_every_document(tmp_path: Path) -> None:
    text = "Am Montag kam er an, am Dienstag wird er gehen."
    docs = [
        {"id": "a/1", "lang": "de", "published": "2022-01-26", "text": text},
        {"id": "a/2", "lang": "en", "published": "", "text": "On Monday in 2014"},
    ]
    lines = "".join(json.dumps(doc) + "\n" for doc in docs)
    (tmp_path / "docs.jsonl").write_text(lines, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    main(["dates", "--data", str(tmp_path), "--out", str(out)])
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"id": "a/1", "spans": [[3, 9, "2022-01-24"], [24, 32, "2022-02-01"]]},
        {"id": "a/2", "spans": [[3, 9, "XXXX-XX-XX"], [13, 17, "2014"]]},
    ]


def test_unknown_tasks_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["weather", "--data", ".", "--out", "x"])
    assert "weather" in capsys.readouterr().err
