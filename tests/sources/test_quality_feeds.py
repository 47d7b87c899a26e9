"""The yardstick's adapter: every file, whatever its name, becomes a line."""

from __future__ import annotations

import json

from benchmarks.quality import __main__ as quality


def test_a_line_for_every_file(tmp_path):
    data = tmp_path / "data"
    (data / "tief").mkdir(parents=True)
    entries = "".join(f"<item><guid>{n}</guid></item>" for n in range(2100))
    (data / "a.xml").write_text(
        '<rss version="2.0"><channel><title>Blatt</title><item>'
        "<title>Über &lt;b&gt;uns&lt;/b&gt;</title><link>/a</link>"
        "<pubDate>Tue, 25 Jan 2022 01:42:30 +0100</pubDate></item><item/></channel></rss>"
    )
    (data / "tief" / "ohne Namen").write_text(f"<rss><channel>{entries}")
    (data / "tief" / "b").write_text("kein Feed")
    (data / "leer").write_bytes(b"")
    (data / "groß").write_bytes(b" " * (16 * 2**20 + 1))
    out = tmp_path / "out.jsonl"
    quality.main(["feeds", "--data", str(data), "--out", str(out)])
    rows = {row["file"]: row for row in map(json.loads, out.read_text("utf-8").splitlines())}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "a.xml": "ok",
        "groß": "refused",
        "leer": "not_a_feed",
        "tief/b": "not_a_feed",
        "tief/ohne Namen": "partial",
    }
    assert rows["a.xml"]["title"] == "Blatt"
    first, second = rows["a.xml"]["entries"]
    assert first == {
        "id": "https://feeds.example/a",
        "title": "Über uns",
        "link": "https://feeds.example/a",
        "published": "2022-01-25T00:42:30Z",
    }
    assert (second["title"], second["link"], second["published"]) == ("", None, None)
    assert len(rows["tief/ohne Namen"]["entries"]) == 2100
    assert rows["leer"] == {"file": "leer", "outcome": "not_a_feed", "title": None, "entries": []}
