"""The curated list is whole and sound; an operator's file is read or refused with a reason."""

import re
from collections import defaultdict
from itertools import combinations

import pytest
from babel import Locale

from digests import curated
from digests.actors import Catalogue
from digests.actors.names import slug
from digests.errors import DepescheError
from digests.types import ActorKind, PartialDate

# Offices that one person holds at a time. Ministers of one field may be two (education, research).
_SINGLE = {
    "bundespraesident",
    "regierungschef",
    "bundeskanzler",
    "aussenminister",
    "verteidigungsminister",
    "generalsekretaer",
    "papst",
    "koenig",
}


def of_kind(shipped, kind):
    return [profile for profile in shipped.profiles if profile.actor.kind is kind]


def test_the_list_is_as_long_as_promised(shipped):
    assert len(of_kind(shipped, ActorKind.PERSON)) >= 350
    assert len(of_kind(shipped, ActorKind.ORGANISATION)) >= 120
    assert len(of_kind(shipped, ActorKind.STATE)) == 193 + 4


def test_ids_are_slugs_of_the_names_and_stay_apart(shipped):
    ids = [profile.actor.id for profile in shipped.profiles]
    assert len(ids) == len(set(ids))
    for profile in shipped.profiles:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", profile.actor.id)
        assert profile.actor.id == slug(profile.actor.name)
        assert profile.actor.curated


def test_every_state_has_its_words():
    tables = curated.tables("states")
    for entry, values in tables.items():
        assert values["name"], entry
        assert values["en"], entry
        assert values["adjective"], entry
        assert all(word.endswith(("sch", "er")) for word in values["adjective"]), entry
        city = entry in {"monaco", "san-marino", "singapur", "vatikan"}  # the state is its capital
        assert city or (values["capital"] and values["people"] and values["people_en"]), entry


def test_names_of_states_agree_with_the_common_locale_data():
    german, english = Locale("de").territories, Locale("en").territories
    codes = set()
    for entry, values in curated.tables("states").items():
        codes.add(values["iso"])
        if values["iso"] != "PS":  # CLDR calls Palestine by its territories
            assert german[values["iso"]] in [values["name"], *values.get("also", [])], entry
        written = [name.replace(" and ", " & ") for name in values["en"]]
        same = {
            "CD": "Congo - Kinshasa",
            "CG": "Congo - Brazzaville",
            "CI": "Côte d’Ivoire",
            "MM": "Myanmar (Burma)",
            "VC": "St. Vincent & Grenadines",
            "PS": "Palestinian Territories",
        }
        assert english[values["iso"]] in [*written, *values["en"], same.get(values["iso"])], entry
    assert len(codes) == 197


def test_people_have_genders_and_names(shipped):
    for profile in of_kind(shipped, ActorKind.PERSON):
        assert profile.gender in ("m", "f"), profile.actor.id
        assert " " in profile.actor.name, profile.actor.id


def test_terms_lie_in_time(shipped):
    for profile in shipped.profiles:
        for term in profile.terms:
            assert term.title
            assert term.start, profile.actor.id
            assert term.start.year >= 1950
            assert term.start.first_day <= (term.end or PartialDate(2027)).first_day, (
                profile.actor.id
            )


def test_nobody_sits_on_anothers_chair(shipped):
    """Offices of one holder: terms of two persons may touch on a day, not overlap."""
    chairs = defaultdict(list)
    for profile in shipped.profiles:
        for term in profile.terms:
            if term.role in _SINGLE and " für " not in term.title:
                chairs[term.role, term.body].append((profile.actor.id, term))
    for chair, terms in chairs.items():
        for (one, first), (other, second) in combinations(terms, 2):
            if one == other:
                continue
            earlier, later = sorted((first, second), key=lambda term: term.start)
            assert earlier.end is not None, (chair, one, other)
            overlap = (earlier.end.first_day - later.start.first_day).days
            assert overlap <= 31, (chair, one, other)


def test_most_offices_are_of_the_years_that_reports_speak_of(shipped):
    recent = [
        term
        for profile in shipped.profiles
        for term in profile.terms
        if term.end is None or term.end.year >= 2014
    ]
    assert len(recent) >= 300


def test_curated_names_do_not_mean_two_actors(shipped):
    """A full name is one actor's, but for namesakes that are so in life."""
    catalogue = Catalogue(shipped)
    shared = set()
    for profile in shipped.profiles:
        for name in (profile.actor.name, *profile.actor.aliases):
            exact = catalogue.lookup(name).exact
            assert profile.actor.id in [actor.id for actor in exact], name
            if len(exact) > 1:
                shared.add(name)
    assert shared <= {"Washington", "Luxemburg", "Luxembourg", "Kongo"}, shared


def test_media_are_marked(shipped):
    media = {profile.actor.id for profile in shipped.profiles if profile.media}
    assert {
        "dpa",
        "afp",
        "reuters",
        "tass",
        "interfax",
        "bbc",
        "bild",
        "spiegel",
        "new-york-times",
    } <= media
    assert not media & {"nato", "kreml"}


def test_gendered_words_for_roles(shipped):
    roles = shipped.roles
    assert roles.word("aussenminister", "f") == "Außenministerin"
    for role in roles.roles.values():
        assert role.masculine or role.feminine, role.id
        assert all(covered in roles.roles for covered in role.covers)


# An operator's own file.


def own(tmp_path, text):
    path = tmp_path / "actors.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_operator_adds_and_replaces(tmp_path):
    path = own(
        tmp_path,
        """
        [people.anna-muster]
        name = "Anna Muster"
        gender = "f"
        offices = ["buergermeister kleckersdorf 2020-05-01/ Bürgermeisterin von Kleckersdorf"]

        [places.kleckersdorf]
        name = "Kleckersdorf"

        [organisations.nato]
        name = "NATO"
        also = ["Nordallianz"]
        """,
    )
    catalogue = Catalogue(curated.load(path))
    assert [a.id for a in catalogue.lookup("Bürgermeisterin von Kleckersdorf").exact] == [
        "anna-muster"
    ]
    assert [a.id for a in catalogue.lookup("Nordallianz").exact] == ["nato"]
    assert catalogue.lookup("Nordatlantikpakt").exact == ()


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = own(tmp_path, '\ufeff[places.bonn-nord]\nname = "Bonn-Nord"\n')
    assert Catalogue(curated.load(path)).get("bonn-nord")


@pytest.mark.parametrize("text", ["[people", "name = ", "\x00"])
def test_what_is_no_toml_is_refused(tmp_path, text):
    with pytest.raises(DepescheError) as caught:
        curated.load(own(tmp_path, text))
    assert caught.value.code == "actors_unreadable"
    assert caught.value.params["path"].endswith("actors.toml")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DepescheError) as caught:
        curated.load(tmp_path / "none.toml")
    assert caught.value.code == "actors_unreadable"


@pytest.mark.parametrize(
    ("text", "entry", "reason"),
    [
        ("[animals.cat]\nname = 'Cat'", "animals", "not one of"),
        ("people = 3", "people", "not one of"),
        ("[people.Anna]\nname = 'Anna M'", "Anna", "ids are"),
        ("[people]\nanna = 3", "anna", "not a table"),
        ("[people.anna]\ngender = 'f'", "anna", "no name"),
        ("[people.anna]\nname = 'Anna M'\nhair = 'red'", "anna", "unknown field"),
        ("[people.anna]\nname = 3", "anna", "must be a str"),
        ("[people.anna]\nname = 'Anna M'\nalso = ['']", "anna", "not empty"),
        ("[people.anna]\nname = 'Anna M'\ngender = 'x'", "anna", "m or f"),
        ("[people.anna]\nname = 'Anna M'\noffices = ['boss of all']", "anna", "not 'role body"),
        ("[people.anna]\nname = 'Anna M'\noffices = ['baker nato 2020/']", "anna", "unknown role"),
        (
            "[people.anna]\nname = 'Anna M'\noffices = ['chef atlantis 2020/']",
            "anna",
            "unknown state",
        ),
        ("[people.anna]\nname = 'Anna M'\noffices = ['chef nato 2020-13/']", "anna", "month"),
        (
            "[people.anna]\nname = 'Anna M'\noffices = ['chef nato 2020/2010']",
            "anna",
            "ends before",
        ),
        ("[organisations.x]\nname = 'X'\nstands_for = 'atlantis'", "x", "unknown state"),
        ("[roles.baker]\nm = ['Bäcker']\ncovers = ['cook']", "baker", "unknown role"),
        ("[roles.baker]\nm = ['Bäcker']\nof = 'atlantis'", "baker", "unknown state"),
        ("[roles.baker]\nm = ['Bäcker']\nen_at = {atlantis = 'b'}", "baker", "unknown state"),
        ("[places.nato]\nname = 'Nato'", "nato", "taken"),
    ],
)
def test_a_bad_entry_is_refused_with_a_reason(tmp_path, text, entry, reason):
    with pytest.raises(DepescheError) as caught:
        curated.load(own(tmp_path, text))
    assert caught.value.code == "actors_invalid"
    assert caught.value.params["entry"] == entry
    assert reason in caught.value.params["reason"]


@pytest.mark.parametrize(
    ("actor", "english"),
    [
        ("aegypten", "Egypt"),
        ("usa", "United States"),
        ("moskau", "Moscow"),
        ("iwf", "IMF"),
        ("nato", "NATO"),
        ("weisses-haus", "White House"),
        ("wladimir-putin", "Vladimir Putin"),
        ("olaf-scholz", "Olaf Scholz"),
        ("berlin", "Berlin"),
    ],
)
def test_what_actors_are_called_in_english(shipped, actor, english):
    (found,) = [one.actor for one in shipped.profiles if one.actor.id == actor]
    assert found.called("en") == english
    assert found.called("de") == found.name


@pytest.mark.parametrize(
    ("actor", "german", "english"),
    [
        ("sergej-lawrow", "russischer Außenminister", "Russian foreign minister"),
        ("antony-blinken", "US-Außenminister", "US secretary of state"),
        ("dmitri-peskow", "Kremlsprecher", "Kremlin spokesman"),
        ("jens-stoltenberg", "NATO-Generalsekretär", "NATO secretary-general"),
        ("annalena-baerbock", "deutsche Außenministerin", "German foreign minister"),
        ("maria-sacharowa", None, "Russian foreign ministry spokeswoman"),
        ("frank-walter-steinmeier", "Bundespräsident", "German president"),
    ],
)
def test_what_offices_are_called(shipped, actor, german, english):
    (found,) = [one.actor for one in shipped.profiles if one.actor.id == actor]
    (office,) = [one for one in found.offices if one.called("en") == english]
    assert german in (None, office.called("de"))


def test_every_office_is_called_something_in_english(shipped):
    offices = [one for profile in shipped.profiles for one in profile.actor.offices]
    assert all(one.english for one in offices)


def test_an_operators_office_has_an_english_title_of_its_own(tmp_path):
    text = """
[roles.baker]
m = ["Bäcker"]
f = ["Bäckerin"]
en = ["headman"]
en_at = { schweiz = "master baker" }
[people.vera-klein]
name = "Vera Klein"
en = ["Vera Small"]
gender = "f"
offices = [
    "baker nato 2001/",
    "baker schweiz 2002/",
    "baker nato 2003/ Oberbäckerin | chief baker",
    "baker nato 2004/ | the baker",
]
"""
    found = curated.load(own(tmp_path, text))
    (vera,) = [one.actor for one in found.profiles if one.actor.id == "vera-klein"]
    assert vera.called("en") == "Vera Small"
    assert "Vera Small" in vera.aliases
    assert [(one.called("de"), one.called("en")) for one in vera.offices] == [
        ("NATO-Bäckerin", "NATO headman"),
        ("schweizerische Bäckerin", "Swiss master baker"),
        ("Oberbäckerin", "chief baker"),
        ("NATO-Bäckerin", "the baker"),
    ]


def test_every_state_has_an_english_name(shipped):
    assert all(one.actor.english for one in of_kind(shipped, ActorKind.STATE))
