"""The table of faults names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith(("| fault", "| ---"))
]


@pytest.fixture(scope="module")
def names():
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return set(re.findall(r"^ *(?:async )?def (test_\w+)|^(Test\w+) =", written, re.MULTILINE))


def test_there_are_forty_faults_each_with_what_happens():
    assert len(ROWS) >= 40
    assert all(len(row) == 3 and all(row) for row in ROWS)
    assert len({row[0] for row in ROWS}) == len(ROWS) - sum(r[0].startswith("…") for r in ROWS) + (
        len({r[0] for r in ROWS if r[0].startswith("…")})
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_tests_exist(row, names):
    known = {name for pair in names for name in pair if name}
    named = re.findall(r"`(\w+)`", row[2])
    assert named
    assert set(named) <= known
