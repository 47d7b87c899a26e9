"""Every error the code can raise has words in every language."""

import ast
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.complaints import explain
from bot.texts import Texts, languages
from digests.errors import DepescheError

ROOT = Path(__file__).parents[2]
ERRORS = {"DepescheError", "SourceError", "InputError", "StoreError"}


def codes() -> set[str]:
    """The codes of all errors that are made with a code in so many words."""
    found = set()
    for path in (*ROOT.glob("digests/**/*.py"), *ROOT.glob("bot/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ERRORS:
                    # A choice between two codes is an expression with both.
                    parts = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                    found |= {one.value for one in parts if isinstance(one, ast.Constant)}
    return found


def test_codes_are_found():
    assert {"bad_zone", "not_a_feed", "feed_quota", "gone", "locked"} <= codes()


@pytest.mark.parametrize("language", languages())
def test_every_code_has_words(language):
    texts = Texts(language, ZoneInfo("UTC"))
    mute = [
        code
        for code in sorted(codes())
        if explain(DepescheError(code), texts) == texts("That did not work ({code}).", code=code)
    ]
    assert mute == []
