from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import SourceError
from digests.sources import folder as folder_module
from digests.sources.folder import read_file, read_folder
from digests.types import UNDATED, Draft, Precision, Published

BERLIN = ZoneInfo("Europe/Berlin")
TEXT = "Der Ministerrat hat beraten. Beschlüsse fasste er nicht."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder, known=None, **settings):
    return list(read_folder(folder, known or {}, zone=BERLIN, **settings))


def remember(changes, known=None):
    found = {change.key: change.fingerprint for change in changes if change.fingerprint}
    return {**(known or {}), **found}


def outcomes(changes):
    return {
        change.key: change.outcome.code
        if isinstance(change.outcome, SourceError)
        else getattr(change.outcome, "text", None)
        for change in changes
    }


def test_kinds_of_files_sorted_by_path(tmp_path):
    write(tmp_path / "b.txt", TEXT)
    write(tmp_path / "b/c.MD", f"# Titel\n\n{TEXT}")
    write(tmp_path / "a/x.html", f"<html lang=de><h1>Titel</h1><p>{TEXT}</p>")
    write(tmp_path / "a/y.htm", f"<p>{TEXT}</p>")
    write(tmp_path / "z.jsonl", json.dumps({"id": 7, "text": TEXT}) + "\n")
    for name in ("c.pdf", ".hidden.txt", "~tmp.txt", "d.txt~", "e.txt.part", ".git/f.txt", "txt"):
        write(tmp_path / name, TEXT)
    changes = read(tmp_path)
    assert [change.key for change in changes] == [
        "a/x.html", "a/y.htm", "b.txt", "b/c.MD", "z.jsonl#7", "z.jsonl",
    ]  # fmt: skip
    drafts = {change.key: change.outcome for change in changes if change.outcome}
    assert all(isinstance(draft, Draft) and draft.key == key for key, draft in drafts.items())
    assert drafts["a/x.html"].text == f"Titel\n\n{TEXT}"
    assert drafts["a/x.html"].language == "de"
    assert drafts["b/c.MD"].title_end == len("Titel")
    assert drafts["b.txt"].text == drafts["z.jsonl#7"].text == TEXT


def test_second_reading_yields_nothing_and_opens_nothing(tmp_path, monkeypatch):
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.jsonl", json.dumps({"text": TEXT}))
    write(tmp_path / "c.txt", b"\x00" * 500)
    known = remember(read(tmp_path))
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))
    assert read(tmp_path, known) == []


def test_changed_file_is_read_again(tmp_path):
    path = write(tmp_path / "a.txt", TEXT)
    known = remember(read(tmp_path))
    write(path, f"{TEXT} Neu.")
    (change,) = read(tmp_path, known)
    assert change.outcome.text == f"{TEXT} Neu."
    assert change.fingerprint != known["a.txt"]


def test_touched_file_is_only_remembered(tmp_path):
    path = write(tmp_path / "a.txt", TEXT)
    known = remember(read(tmp_path))
    os.utime(path, ns=(1, 1))
    (change,) = read(tmp_path, known)
    assert change.outcome is None
    assert read(tmp_path, remember([change], known)) == []


def test_bad_files_hinder_no_other(tmp_path):
    write(tmp_path / "a.txt", b"\x00\x01" * 100)
    write(tmp_path / "b.txt", "")
    write(tmp_path / "c.txt", "(dpa)")
    write(tmp_path / "d.txt", "x" * 2000)
    write(tmp_path / "e.html", bytes(range(256)))
    write(tmp_path / "f.txt", TEXT)
    assert outcomes(read(tmp_path, max_bytes=1000)) == {
        "a.txt": "undecodable", "b.txt": "empty", "c.txt": "empty", "d.txt": "too_large",
        "e.html": "undecodable", "f.txt": TEXT,
    }  # fmt: skip


def test_errors_say_which_file(tmp_path):
    write(tmp_path / "a/b.txt", b"\x00" * 50)
    (change,) = read(tmp_path)
    assert change.outcome.params["path"] == "a/b.txt"


def test_unreadable_file_is_tried_again(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", TEXT)
    real_open = Path.open

    def refuse(self, *arguments, **settings):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real_open(self, *arguments, **settings)

    monkeypatch.setattr(Path, "open", refuse)
    changes = read(tmp_path)
    assert outcomes(changes) == {"a.txt": "unreadable", "b.txt": TEXT}
    assert changes[0].fingerprint == ""
    monkeypatch.undo()
    assert outcomes(read(tmp_path, remember(changes))) == {"a.txt": TEXT}


def test_file_that_vanishes_while_being_read(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", TEXT)
    monkeypatch.setattr(folder_module, "_is_within", lambda *_: True)
    changes = read_folder(tmp_path, {}, zone=BERLIN)
    path.unlink()
    os.mkfifo(tmp_path / "c.txt")  # would block whoever opens it
    (tmp_path / "d.txt").symlink_to("nowhere")
    assert outcomes(changes) == {"b.txt": TEXT, "c.txt": "unreadable", "d.txt": "unreadable"}


def test_links_out_of_the_folder_and_odd_files_are_left_out(tmp_path):
    outside = write(tmp_path / "outside/secret.txt", TEXT)
    inside = tmp_path / "inside"
    target = write(inside / "a.txt", TEXT)
    (inside / "b.txt").symlink_to(target)
    (inside / "c.txt").symlink_to(outside)
    (inside / "d").symlink_to(outside.parent)
    (inside / "e.txt").symlink_to("e.txt")
    (inside / "f.txt").mkdir()
    os.mkfifo(inside / "g.txt")
    assert [change.key for change in read(inside)] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("2022-01-25 Beispielblatt.txt", Published.on(2022, 1, 25)),
        ("20220125_1.txt", Published.on(2022, 1, 25)),
        ("blatt_2022_01_25.html", Published.on(2022, 1, 25)),
        ("2022-01-25_2022-01-26.txt", UNDATED),  # which of them is not said
        ("2022-13-25.txt", UNDATED),
        ("a20220125b.txt", UNDATED),
        ("120220125.txt", UNDATED),
        ("2022.txt", UNDATED),
    ],
)
def test_a_report_without_a_date_has_that_of_its_file_name(tmp_path, name, published):
    write(tmp_path / "undated" / name, TEXT)
    write(tmp_path / "dated" / name, f"Stand: 24.01.2022, 12:00 Uhr\n\n{TEXT}")
    dated, undated = (change.outcome.published for change in read(tmp_path))
    assert undated == published
    assert dated.at == datetime(2022, 1, 24, 11, tzinfo=UTC)


def test_names_that_are_no_utf8(tmp_path):
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/gr\xfcn.txt")), TEXT)
    (change,) = read(tmp_path)
    assert change.key == "gr\\xfcn.txt"
    assert read(tmp_path, remember([change])) == []


def test_missing_folder(tmp_path):
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "nowhere")
    assert caught.value.code == "unreadable"


def test_encodings_and_line_ends_of_one_text_give_one_text(tmp_path):
    text = f"Überschrift ohne Punkt\r\n\r\n{TEXT}\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        write(tmp_path / f"{encoding}.txt", text.encode(encoding))
    assert set(outcomes(read(tmp_path)).values()) == {f"Überschrift ohne Punkt\n\n{TEXT}"}


# --- single files -----------------------------------------------------------


def test_single_file_has_the_key_it_has_in_its_folder(tmp_path):
    path = write(tmp_path / "a/b.txt", TEXT)
    (change,) = read_file(path, zone=BERLIN, root=tmp_path)
    assert change.key == "a/b.txt"
    assert list(read_file(path, zone=BERLIN, root=tmp_path, known=remember([change]))) == []
    (change,) = read_file(path, zone=BERLIN)
    assert change.key == path.as_posix()


def test_single_file_of_any_name(tmp_path):
    path = write(tmp_path / "bericht", TEXT)
    (change,) = read_file(path, zone=BERLIN)
    assert change.outcome.text == TEXT


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_single_file_that_is_none(tmp_path, name):
    (change,) = read_file(tmp_path / name, zone=BERLIN)
    assert change.outcome.code == "unreadable"


# --- JSON Lines -------------------------------------------------------------


def lines(tmp_path, *values, known=None, **settings):
    content = "\n".join(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    )
    write(tmp_path / "x.jsonl", content)
    return read(tmp_path, known, **settings)


def test_fields(tmp_path):
    change, _ = lines(
        tmp_path,
        {"ID": "n-1", "Title": "Titel", "Body": TEXT, "pubDate": "Tue, 25 Jan 2022 01:42:00 +0100",
         "Link": "https://example.org/a", "LANG": "de-AT", "Source": {"name": "Blatt"}},
    )  # fmt: skip
    assert change.key == "x.jsonl#n-1"
    assert change.outcome == Draft(
        key="x.jsonl#n-1",
        text=f"Titel\n\n{TEXT}",
        title_end=5,
        published=Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        language="de",
        url="https://example.org/a",
        outlet="Blatt",
    )


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2022-01-25", Published.on(2022, 1, 25)),
        ("25. Januar 2022", Published.on(2022, 1, 25)),
        ("2022-01", Published.on(2022, 1)),
        (2022, Published.on(2022)),
        ("25.01.2022, 01:42 Uhr", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        (1643071320, datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        (1643071320000, datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("bald", UNDATED),
        (None, UNDATED),
        (True, UNDATED),
        (-1e300, UNDATED),
        ([], UNDATED),
    ],
)
def test_dates(tmp_path, value, published):
    change, _ = lines(tmp_path, {"text": TEXT, "date": value})
    if isinstance(published, datetime):
        published = Published(published, Precision.MINUTE)
    assert change.outcome.published == published


def test_text_of_a_line_is_cleaned_like_a_file(tmp_path):
    change, _ = lines(
        tmp_path, {"title": "Titel", "text": f"Titel\nStand: 25.01.2022\n\n{TEXT} (dpa)"}
    )
    assert change.outcome.text == f"Titel\n\n{TEXT}"
    assert change.outcome.published == Published.on(2022, 1, 25)


def test_bad_lines_hinder_no_other(tmp_path):
    changes = lines(
        tmp_path, "{broken", "", "[1, 2]", {"title": "nur"}, {"text": ""}, {"text": TEXT}, "null",
        "[" * 100_000, '{"text": "\\ud800 ' + TEXT + '"}',
    )  # fmt: skip
    assert outcomes(changes) == {
        "x.jsonl#1": "unreadable", "x.jsonl#3": "unreadable", "x.jsonl#4": "nur",
        "x.jsonl#5": "empty", "x.jsonl#6": TEXT, "x.jsonl#7": "unreadable",
        "x.jsonl#8": "unreadable", "x.jsonl#9": TEXT, "x.jsonl": None,
    }  # fmt: skip
    assert changes[0].outcome.params["line"] == 1
    assert read(tmp_path, remember(changes)) == []


def test_only_changed_lines_are_yielded(tmp_path):
    known = remember(lines(tmp_path, {"id": 1, "text": TEXT}, {"id": 2, "text": TEXT}))
    changes = lines(
        tmp_path, {"id": 2, "text": f"{TEXT} Neu."}, {"id": 1, "text": TEXT}, known=known
    )
    assert outcomes(changes) == {"x.jsonl#2": f"{TEXT} Neu.", "x.jsonl": None}


def test_an_id_used_twice_loses_nothing(tmp_path):
    values = [{"id": 1, "text": TEXT}, {"id": 1, "text": f"{TEXT} Zwei."}]
    changes = lines(tmp_path, *values)
    assert outcomes(changes) == {
        "x.jsonl#1": TEXT, "x.jsonl#1#2": f"{TEXT} Zwei.", "x.jsonl": None
    }  # fmt: skip
    os.utime(tmp_path / "x.jsonl", ns=(1, 1))
    assert outcomes(read(tmp_path, remember(changes))) == {"x.jsonl": None}


def test_reader_that_stops_half_way_loses_nothing(tmp_path):
    changes = lines(tmp_path, {"id": 1, "text": TEXT}, {"id": 2, "text": TEXT})
    known = remember(changes[:1])
    assert outcomes(read(tmp_path, known)) == {"x.jsonl#2": TEXT, "x.jsonl": None}


def test_overlong_line_is_skipped(tmp_path):
    long = json.dumps({"text": "x" * 5000})
    changes = lines(tmp_path, long, {"text": TEXT}, long, max_bytes=1000)
    assert outcomes(changes) == {
        "x.jsonl#1": "too_large", "x.jsonl#2": TEXT, "x.jsonl#3": "too_large", "x.jsonl": None
    }  # fmt: skip


# --- properties -------------------------------------------------------------

NAMES = st.sampled_from(["a.txt", "b.md", "c.html", "d/e.txt", "f.jsonl", "g.JSONL"])
CONTENTS = st.binary(max_size=60) | st.sampled_from(
    [
        TEXT.encode(),
        b'{"id": 1, "text": "Eins."}\n{"id": 1, "text": "Zwei."}\n{"te',
        b"<p>Eins.</p>",
    ]
)


@given(st.dictionaries(NAMES, CONTENTS), st.dictionaries(NAMES, CONTENTS))
def test_reading_is_idempotent(tmp_path_factory, before, after):
    root = tmp_path_factory.mktemp("folder")
    known = {}
    for files in (before, after):
        for name, content in files.items():
            write(root / name, content)
        changes = read(root, known)
        keys = [change.key for change in changes]
        assert len(keys) == len(set(keys))
        known = remember(changes, known)
        assert read(root, known) == []
