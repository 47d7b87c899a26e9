"""The command line as scripts and cron use it, each call a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT = "{title}\n\nDer französische Präsident Emmanuel Macron hat in {place} gesprochen.\n"


@pytest.fixture
def depesche(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(tmp_path / "data"),
        "SEEDS_DIR": str(seeds),
    }

    def run(*arguments, stdin=""):
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    run.seeds = seeds
    return run


def test_once_takes_in_composes_and_delivers_once(depesche):
    (depesche.seeds / "a.txt").write_text(REPORT.format(title="Erste", place="Rom"), "utf-8")
    assert depesche("ask", "/subscribe Macron alert").returncode == 0
    (depesche.seeds / "b.txt").write_text(REPORT.format(title="Zweite", place="Wien"), "utf-8")
    first, second = depesche("once"), depesche("once")
    assert first.returncode == second.returncode == 0
    assert "Zweite" in first.stdout
    assert "Erste" not in first.stdout  # that was the archive
    assert second.stdout == ""


def test_ask_prints_answers_and_nothing_else(depesche):
    (depesche.seeds / "a.txt").write_text(REPORT.format(title="Erste", place="Rom"), "utf-8")
    run = depesche("ask", "--json", "/actor Macron", "Niemand Nirgends", "/nosuch", "/actor")
    assert run.returncode == 1
    first, nobody, unknown, malformed = map(json.loads, run.stdout.splitlines())
    assert first["ok"]
    assert first["actor"]["id"] == "emmanuel-macron"
    assert set(first) == {"command", "ok", "text", "actor", "statements", "entries", "stories"}
    assert set(first["stories"][0]) == {"title", "date", "sentences", "sources"}
    assert first["stories"][0]["sources"] == ["a.txt"]
    assert (nobody["ok"], nobody["actor"], nobody["stories"]) == (False, None, [])
    assert not unknown["ok"]
    assert not malformed["ok"]
    assert depesche("ask", "Niemand Nirgends").returncode == 0


def test_the_terminal_reads_commands_from_a_pipe(depesche):
    (depesche.seeds / "a.txt").write_text(REPORT.format(title="Erste", place="Rom"), "utf-8")
    run = depesche("run", stdin="/actor Macron\n\n/latest\n")
    assert run.returncode == 0
    assert run.stdout.count("Emmanuel Macron hat in Rom gesprochen.") >= 2
    assert depesche("run", stdin="/nosuch\n").returncode == 1
    assert depesche("run").returncode == 0


def test_a_bad_setting_is_said_in_words(depesche, monkeypatch):
    run = depesche("doctor")
    assert run.returncode == 0
    (depesche.seeds.parent / ".env").write_text("TZ_DEFAULT=Mond\n", "utf-8")
    run = depesche("ask", "/digest")
    assert run.returncode == 2
    assert "TZ_DEFAULT" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_what_cannot_be_taken_in_is_named_and_the_rest_is(depesche, tmp_path):
    good = tmp_path / "good.txt"
    good.write_text(REPORT.format(title="Erste", place="Rom"), "utf-8")
    run = depesche("ingest", str(tmp_path / "none.txt"), str(good), "http://127.0.0.1:9/feed")
    assert run.returncode == 1
    assert "none.txt" in run.stderr
    assert "127.0.0.1" in run.stderr
    assert "Traceback" not in run.stderr
    assert "good.txt" in run.stdout
    assert "Emmanuel Macron" in depesche("ask", "/actor Macron").stdout
