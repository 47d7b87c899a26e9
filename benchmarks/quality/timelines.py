"""Timelines: the dates that matter in a topic's articles, and sentences for each.

A topic is asked for by its keywords, as a reader would; the task says how many
dates and how many sentences a date. Only articles of the task's range count.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.quality.reports import draft, in_parallel, read_reports, rows, untokenised
from digests import words
from digests.timeline import timeline
from digests.types import PartialDate, Report


def run(data: Path, out: Path) -> None:
    tasks = json.loads((data / "tasks.json").read_text("utf-8"))
    topics = list(dict.fromkeys(task["topic"] for task in tasks))
    groups = [(data, [task for task in tasks if task["topic"] == topic]) for topic in topics]
    with out.open("w", encoding="utf-8") as file:
        for answers in in_parallel(_answers, groups):
            for answer in answers:
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _answers(group: tuple[Path, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Answer the tasks of one topic, whose articles are read once."""
    data, tasks = group
    folder = data / tasks[0]["topic"]
    reports = _reports(folder)
    keywords = json.loads((folder / "query.json").read_text("utf-8"))["keywords"]
    stems = tuple(stem for keyword in keywords for stem in words.stems(keyword, "en"))
    return [_answer(task, reports, stems) for task in tasks]


@lru_cache(maxsize=1)
def _reports(folder: Path) -> tuple[Report, ...]:
    drafts = [
        draft(
            str(article["id"]),
            untokenised(article["text"]),
            title=article["title"],
            published=article["published"],
            language="en",
        )
        for article in rows(folder / "articles.jsonl")
    ]
    return tuple(read_reports(drafts))


def _answer(
    task: dict[str, Any], reports: tuple[Report, ...], stems: tuple[str, ...]
) -> dict[str, Any]:
    since, until = PartialDate.parse(task["start"]), PartialDate.parse(task["end"])
    entries = timeline(
        [r for r in reports if (day := r.item.published.date) and since <= day <= until],
        stems=stems,
        since=since,
        until=until,
        limit=task["dates"],
        sentences=task["sentences_per_date"],
        days_only=True,
    )
    told = [[str(entry.date), [cited.text for cited in entry.sentences]] for entry in entries]
    return {"topic": task["topic"], "gold_id": task["gold_id"], "entries": told}
