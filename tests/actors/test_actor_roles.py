"""Words for offices in every case and inside compounds."""

import pytest

from digests.actors.profiles import Term
from digests.types import PartialDate


@pytest.fixture(scope="module")
def roles(shipped):
    return shipped.roles


@pytest.mark.parametrize(
    ("word", "role", "prefix", "nominative"),
    [
        ("Präsidenten", "praesident", "", "Präsident"),
        ("Außenministerin", "aussenminister", "", "Außenministerin"),
        ("Aussenminister", "aussenminister", "", "Aussenminister"),
        ("Vorsitzenden", "vorsitzender", "", "Vorsitzender"),
        ("Kremlsprechers", "kremlsprecher", "", "Kremlsprecher"),
        ("Unionsfraktionschef", "fraktionschef", "unions", "Unionsfraktionschef"),
        ("Ministeriumssprecherin", "sprecher", "ministeriums", "Ministeriumssprecherin"),
        ("Klimaschutzminister", "minister", "klimaschutz", "Klimaschutzminister"),
    ],
)
def test_words_are_recognised(roles, word, role, prefix, nominative):
    found = roles.parse(word)
    assert found is not None
    assert (found.role, found.prefix, found.nominative) == (role, prefix, nominative)


@pytest.mark.parametrize(
    "word", ["Lautsprecher", "Versprecher", "Haus", "Chefsache", "und", "", "Be"]
)
def test_other_words_are_not(roles, word):
    assert roles.parse(word) is None


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Präsident", "singular"),
        ("Präsidenten", "either"),
        ("Sprecherinnen", "plural"),
        ("Ministern", "plural"),
        ("Minister", "either"),
    ],
)
def test_number(roles, word, number):
    assert roles.parse(word).number == number


def test_gender_comes_from_the_word(roles):
    assert roles.parse("Kanzlerin").gender == "f"
    assert roles.parse("Kanzler").gender == "m"


def test_wide_words_cover_narrower_ones(roles):
    assert {"praesident", "koenig", "emir"} <= roles.covered("staatschef")
    assert "aussenminister" not in roles.covered("staatschef")


@pytest.mark.parametrize(
    ("on", "held"),
    [
        ("2021-12-07", False),
        ("2021-12-08", True),
        ("2021-12", True),
        ("2021", True),
        ("2025-05-07", False),
        ("2026", False),
    ],
)
def test_terms_overlap_dates_as_exactly_as_both_are_known(on, held):
    term = Term(
        "bundeskanzler",
        "deutschland",
        "Bundeskanzler",
        PartialDate(2021, 12, 8),
        PartialDate(2025, 5, 6),
    )
    assert term.held(PartialDate.parse(on)) is held


def test_a_term_without_bounds_is_always_held():
    assert Term("chef", "nato", "Chef").held(PartialDate(1949))
