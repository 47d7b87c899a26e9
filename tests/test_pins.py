"""Dependencies: all that is installed for running and testing is pinned to the version in use."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;#]+)", line) for line in lines if line]
    assert all(found), "each line of constraints.txt pins one package exactly"
    names = [canonicalize_name(one[1]) for one in found if one]
    assert len(set(names)) == len(names)
    return {canonicalize_name(one[1]): one[2] for one in found if one}


def closure(extras: frozenset[str]) -> dict[str, str]:
    """What this project needs, directly or not, as installed: name -> version."""
    found: dict[str, str] = {}
    asked: set[tuple[str, frozenset[str]]] = set()
    waiting = [("depesche", extras)]
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in asked:
            continue
        asked.add((name, wanted))
        installed = metadata.distribution(name)
        found[name] = installed.version
        for line in installed.requires or ():
            need = Requirement(line)
            markers = [{"extra": extra} for extra in wanted or {""}]
            if need.marker is None or any(need.marker.evaluate(one) for one in markers):
                waiting.append((canonicalize_name(need.name), frozenset(need.extras)))
    found.pop("depesche")
    return found


def test_everything_the_program_needs_is_pinned_to_the_version_in_use():
    pinned = pins()
    needed = closure(frozenset({"dev"}))
    assert len(needed) > 60
    loose = {name: version for name, version in needed.items() if pinned.get(name) != version}
    assert not loose, "constraints.txt lacks, or has another version of"


def test_the_audit_looks_at_the_pins_and_is_no_part_of_the_suite():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "pip-audit --strict" in makefile
    assert "-r constraints.txt" in makefile
    assert "audit" not in (ROOT / ".ci" / "run").read_text("utf-8")
