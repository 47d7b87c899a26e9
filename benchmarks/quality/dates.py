"""Time expressions: extents and TimeML values for ``docs.jsonl`` of a folder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from digests.nlp.times import find_times
from digests.types import UNDATED, Published, Timex

_UNKNOWN = {"DATE": "XXXX-XX-XX", "TIME": "XXXX-XX-XXTXX:XX"}
"""How TimeML writes a value that is not known; ours is empty there."""


def run(data: Path, out: Path) -> None:
    with (data / "docs.jsonl").open(encoding="utf-8") as docs, out.open("w", encoding="utf-8") as f:
        for line in docs:
            doc = json.loads(line)
            times = find_times(doc["text"], _published(doc.get("published")), doc["lang"])
            spans = [[time.start, time.end, _value(time)] for time in times]
            f.write(json.dumps({"id": doc["id"], "spans": spans}) + "\n")


def _published(text: str | None) -> Published:
    if not text:
        return UNDATED
    day = date.fromisoformat(text[:10])
    return Published.on(day.year, day.month, day.day)


def _value(time: Timex) -> str:
    return time.value or _UNKNOWN.get(time.type, "")
