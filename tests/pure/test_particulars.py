from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_reports import report

from digests.particulars import Particulars, particulars
from digests.types import Timex, TimexType

NAMES = {"Ada": "ada", "Kiel": "kiel"}


def found(text: str) -> Particulars:
    one = report(text, names=NAMES)
    start = text.find("am 3. Mai")
    times = (Timex(start, start + 9, TimexType.DATE, "2025-05-03"),) if start >= 0 else ()
    one = replace(one, reading=replace(one.reading, timexes=times))
    return particulars(one, 0, len(text))


def test_numbers_in_words_and_digits_are_the_same():
    assert found("Ada sah zwölf Schiffe, 1.200 Möwen und 3,5 Prozent mehr.") == Particulars(
        frozenset(("12", "1200", "3.5")), frozenset(), frozenset(("ada",))
    )


def test_the_parts_of_a_date_are_no_numbers():
    assert found("Ada fuhr am 3. Mai nach Kiel.") == Particulars(
        frozenset(), frozenset(("2025-05-03",)), frozenset(("ada", "kiel"))
    )


@pytest.mark.parametrize(
    ("one", "other", "replaces"),
    [
        ("Ada sah zwei Schiffe.", "Ada sah drei Schiffe.", True),
        ("Ada sah zwei Schiffe.", "In Kiel sah Ada drei Schiffe.", True),
        ("Ada sah zwei Schiffe.", "In Kiel sah Ada zwei Schiffe.", False),
        ("Ada sah zwei Schiffe.", "Kiel sah zwei Schiffe.", True),
        ("Ada sah ein Schiff.", "Ada sah zwei Schiffe.", False),
    ],
)
def test_what_takes_the_place_of_what(one, other, replaces):
    assert found(one).replace(found(other)) is replaces


SETS = st.frozensets(st.sampled_from("abc"))
ANY = st.builds(Particulars, SETS, SETS, SETS)


@given(ANY, ANY)
def test_it_holds_both_ways(one, other):
    assert one.replace(other) == other.replace(one)
    assert not one.replace(one)
