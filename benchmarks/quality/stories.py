"""Stories: how surely two reports of a pair tell the same one, for ``pairs.jsonl`` of a folder.

The reports of all pairs are the archive from which it is known which words are rare. Their
texts are those of web pages, with what stood around them, and are cleaned as report files are.
"""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

from benchmarks.quality.reports import published_on, read_reports, rows
from digests.sources.clean import clean_report
from digests.sources.text import Declared
from digests.stories import Frequencies, signature, similarity


def run(data: Path, out: Path) -> None:
    pairs = rows(data / "pairs.jsonl")
    drafts = [
        clean_report(
            pair[side]["text"],
            zone=UTC,
            declared=Declared(
                title=pair[side]["title"] or "",
                published=published_on(pair[side]["published"]),
                language="de",
            ),
        ).draft(f"{pair['id']}-{side}")
        for pair in pairs
        for side in "ab"
    ]
    reports = read_reports(drafts)
    frequencies = Frequencies.count(reports)
    signatures = [signature(report, frequencies) for report in reports]
    with out.open("w", encoding="utf-8") as file:
        for pair, a, b in zip(pairs, signatures[::2], signatures[1::2], strict=True):
            line = {"id": pair["id"], "score": round(similarity(a, b), 6)}
            file.write(json.dumps(line) + "\n")
