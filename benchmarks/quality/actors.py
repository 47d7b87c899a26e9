"""Actors: the dates that matter in what is reported about a person.

The person is in the catalogue by name, as somebody a chat follows would be.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.reports import draft, in_parallel, read_reports, rows, untokenised
from digests import curated
from digests.actors import Catalogue
from digests.actors.names import slug
from digests.timeline import timeline
from digests.types import Actor, ActorKind, PartialDate


def run(data: Path, out: Path) -> None:
    tasks = json.loads((data / "tasks.json").read_text("utf-8"))
    with out.open("w", encoding="utf-8") as file:
        for answer in in_parallel(_answer, [(data, task) for task in tasks]):
            file.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _answer(work: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    data, task = work
    folder = data / task["topic"]
    names = json.loads((folder / "query.json").read_text("utf-8"))["keywords"]
    person = _person(names[0])
    since, until = PartialDate.parse(task["start"]), PartialDate.parse(task["end"])
    drafts = [
        draft(
            str(article["id"]),
            _whole_names(untokenised(article["text"]), names),
            title=article["title"],
            published=article["published"],
            language="en",
        )
        for article in rows(folder / "articles.jsonl")
        if task["start"] <= article["published"][:10] <= task["end"]
    ]
    entries = timeline(
        read_reports(drafts, [person]),
        actor=person.id,
        since=since,
        until=until,
        limit=task["dates"],
        days_only=True,
    )
    told = [[str(entry.date), []] for entry in entries]
    return {"topic": task["topic"], "gold_id": task["gold_id"], "entries": told}


def _person(name: str) -> Actor:
    """The actor of this name: the one that the curated list knows by it, or a new one."""
    known = Catalogue(curated.load()).lookup(name).exact
    return known[0] if len(known) == 1 else Actor(slug(name), name, ActorKind.PERSON)


def _whole_names(text: str, names: Sequence[str]) -> str:
    """Put together the names asked for that were parted at their hyphens."""
    for name in names:
        text = text.replace(name.replace("-", " - "), name)
    return text
