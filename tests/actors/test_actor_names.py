"""Folding, slugs, genitives, surnames, romanisations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.actors.names import (
    fold,
    inflected,
    key,
    may_be_genitive,
    nominative,
    skeleton,
    slug,
    surnames,
    tidy,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Wladimir Putin", "wladimir-putin"),
        ("Weißes Haus", "weisses-haus"),
        ("Österreich", "oesterreich"),
        ("São Tomé und Príncipe", "sao-tome-und-principe"),
        ("Recep Tayyip Erdoğan", "recep-tayyip-erdogan"),
        ("Jarosław Kaczyński", "jaroslaw-kaczynski"),
        ("N’Djamena", "n-djamena"),
        ("G7", "g7"),
    ],
)
def test_slug_of_names(name, expected):
    assert slug(name) == expected


@given(st.text(max_size=40))
def test_a_slug_is_ascii_and_a_slug_of_itself(name):
    result = slug(name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", result)
    assert slug(result) == result


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_names_without_latin_letters_keep_apart():
    assert slug("普京") != slug("习近平")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Wolodymyr Selenskyj", "Wolodymyr Selenski", "Volodymyr Zelensky", "Volodymyr Zelenskyy"),
        ("Sergej Lawrow", "Sergei Lavrov", "Sergey Lavrov"),
        ("Dmitri Peskow", "Dmitry Peskov", "Dmitrij Peskow"),
        ("Alexej Nawalny", "Alexey Navalny"),
    ],
)
def test_romanisations_of_one_name_are_alike(spellings):
    assert len({skeleton(name) for name in spellings}) == 1


def test_different_names_are_not_alike():
    names = (
        "Petro Poroschenko",
        "Julia Timoschenko",
        "Alexander Lukaschenko",
        "Papst Leo XIV",
        "Papst Leo XVI",
    )
    assert len({skeleton(name) for name in names}) == len(names)


@pytest.mark.parametrize("word", ["Putins", "Russlands", "Ischingers", "Merkels", "Kremls"])
def test_words_that_may_be_genitives(word):
    assert may_be_genitive(word)


@pytest.mark.parametrize(
    "word", ["Johannes", "Laurens", "Paris", "Lukas", "Markus", "Fuchs", "Tsipras", "Weiss"]
)
def test_words_that_end_in_s_by_nature(word):
    assert not may_be_genitive(word)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ursula von der Leyen", ("von der Leyen", "Leyen")),
        ("Baschar al-Assad", ("al-Assad", "Assad")),
        ("Thomas de Maizière", ("de Maizière", "Maizière")),
        ("Wladimir Putin", ("Putin",)),
        ("Donald Trump Jr.", ("Trump",)),
        ("Benedikt XVI.", ()),
        ("Kyrill I", ()),
        ("Naruhito", ()),
    ],
)
def test_surnames(name, expected):
    assert surnames(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Deutschen Umwelthilfe", "Deutsche Umwelthilfe"),
        ("Deutschen Städtetages", "Deutscher Städtetag"),
        ("Deutschen Roten Kreuzes", "Deutsches Rotes Kreuz"),
        ("Bundesamt für Verfassungsschutz", "Bundesamt für Verfassungsschutz"),
        ("Baden-Württembergische Bank", "Baden-Württembergische Bank"),
        ("Landgerichts Kleinstadt", "Landgericht Kleinstadt"),
        ("Museums für Seefahrt", "Museum für Seefahrt"),
        ("Kleinstädter Gesundheitsamts", "Kleinstädter Gesundheitsamt"),
        ("Deutsche Segel Verbands", "Deutscher Segel Verband"),
        ("Nordsee Allgemeine Zeitung", "Nordsee Allgemeine Zeitung"),
        ("Norddeutschen Allgemeinen Zeitung", "Norddeutsche Allgemeine Zeitung"),
        ("Radio House", "Radio House"),
    ],
)
def test_names_of_organisations_in_the_nominative(name, expected):
    assert nominative(name) == expected


def test_names_with_adjectives_are_known_in_every_case():
    forms = {key(form) for form in inflected("Weißes Haus")}
    assert {"weisses haus", "weissen haus", "weissem haus", "weissen hauses"} <= forms


def test_plain_names_have_one_form():
    assert inflected("NATO") == ("NATO",)


def test_capitals_throughout_are_written_as_usual():
    assert tidy("WLADIMIR  PUTIN,") == "Wladimir Putin"
    assert tidy("NATO") == "NATO"
