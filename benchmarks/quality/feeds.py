"""Parse every regular file under a folder as a feed: a JSON line for each, in the order of names.

``{"file", "outcome": "ok|partial|not_a_feed|refused|crash", "title", "entries": [{"id",
"title", "link", "published"}]}``; ``file`` is the path below the folder, ``published`` ISO 8601
in UTC or null. What parses without a feed's content, an empty file too, is ``not_a_feed``;
``refused`` is what the parser will not take for its size or encoding.

A file has no response headers, so none are given: encodings are those that it declares itself.
"""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from pathlib import Path

from digests.errors import SourceError
from digests.sources.feed import ParsedFeed, parse_feed
from digests.types import Draft

_LARGEST = 16 * 2**20  # bytes: what the fetcher would bring at most
_URL = "https://feeds.example/"


def run(data: Path, out: Path) -> None:
    paths = sorted(path for path in data.rglob("*") if path.is_file())
    now = datetime.now(UTC)
    with out.open("w", encoding="utf-8") as lines, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in paths:
            row = {"file": path.relative_to(data).as_posix(), **_row(path, now)}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _row(path: Path, now: datetime) -> dict[str, object]:
    try:
        if path.stat().st_size > _LARGEST:
            return _without_feed("refused")
        feed = parse_feed(path.read_bytes(), url=_URL, headers={}, now=now)
    except SourceError as error:
        return _without_feed("not_a_feed" if error.code in {"not_a_feed", "empty"} else "refused")
    except Exception as error:  # noqa: BLE001 - a crash is an outcome to be told
        return {**_without_feed("crash"), "error": repr(error)[:200]}
    return _with_feed(feed)


def _without_feed(outcome: str) -> dict[str, object]:
    return {"outcome": outcome, "title": None, "entries": []}


def _with_feed(feed: ParsedFeed) -> dict[str, object]:
    entries = [_entry(draft) for draft in feed.entries]
    return {"outcome": feed.outcome, "title": feed.title, "entries": entries}


def _entry(draft: Draft) -> dict[str, object]:
    at = draft.published.at
    return {
        "id": draft.key,
        "title": draft.text[: draft.title_end],
        "link": draft.url,
        "published": f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None,
    }
