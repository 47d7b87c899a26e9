"""docs/security.md: every line of the threat model names tests, and each of them exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")


def existing():
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name)
    return {name for name in found if name.startswith("test_")}


def lines():
    """The rows of the tables, cell by cell."""
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in row]
        for row in rows
        if not row[0].strip().startswith(("---", "what "))
    ]


def test_every_threat_has_tests_that_exist():
    rows = lines()
    assert len(rows) > 20
    there = existing()
    for row in rows:
        assert len(row) == 3, row
        named = re.findall(r"`(test_\w+)`", row[2])
        assert named, row
        assert set(named) <= there, set(named) - there


def test_every_setting_it_names_is_one():
    from bot.settings import Settings

    known = {name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)`", PAGE)) <= known


def test_it_is_a_page():
    assert len(PAGE.split()) < 1000
