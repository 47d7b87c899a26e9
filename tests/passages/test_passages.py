"""Short passages written to be hard, and what must be read in them.

The notation is that of the golden reports, with words in place of offsets: ``words`` stand
where they stand first, ``words#2`` where they stand for the second time, and
``first words … last words`` are all from the one to the other.
"""

import re
import tomllib
from pathlib import Path

import pytest

from digests.types import UNDATED, ActorKind, Draft, PartialDate, Published
from tests.golden.notation import differences, gold
from tests.golden.reports import reader

PASSAGES = [
    passage
    for path in sorted(Path(__file__).parent.glob("*.toml"))
    for passage in tomllib.loads(path.read_text("utf-8"))["passage"]
]


def places(text):
    """A function from what a passage writes for a place to its span."""

    def first(words):
        words, _, number = words.partition("#")
        whole = rf"(?<!\w){re.escape(words)}(?!\w)"
        found = list(re.finditer(whole, text))
        assert len(found) >= int(number or 1), f"not in the passage: {words}"
        return found[int(number or 1) - 1].span()

    def place(written):
        words = written if isinstance(written, str) else written[0]
        if "…" not in words:
            return first(words)
        begin, end = (part.strip() for part in words.split("…"))
        return first(begin)[0], first(end)[1]

    return place


def draft(passage):
    published = UNDATED
    if "published" in passage:
        date = PartialDate.parse(passage["published"])
        published = Published.on(date.year, date.month or None, date.day or None)
    return Draft(
        key=passage["name"],
        text=passage["text"],
        published=published,
        language=passage.get("language", "de"),
    )


@pytest.fixture(scope="module")
def readings():
    drafts = [draft(passage) for passage in PASSAGES]
    return dict(zip((one.key for one in drafts), reader().read(drafts), strict=True))


def test_there_are_enough_and_each_has_its_own_name():
    names = [passage["name"] for passage in PASSAGES]
    assert len(set(names)) == len(names) >= 70


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["name"])
def test_a_passage_is_read_as_it_must_be_but_for_known_mistakes(passage, readings):
    text = passage["text"]
    wanted = gold(passage, {ActorKind.PERSON}, places(text))
    found = differences(wanted, readings[passage["name"]], text)
    assert not found - wanted.wrong, "new mistakes"
    assert not wanted.wrong - found, "mended: strike them from `wrong`"
