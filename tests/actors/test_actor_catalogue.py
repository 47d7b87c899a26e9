"""What a person may type, and whom it means."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import curated
from digests.actors import Catalogue
from digests.types import Actor, ActorKind, PartialDate

WHOLE = Catalogue(curated.load())


def exact(query, on=None, catalogue=WHOLE):
    return [
        actor.id for actor in catalogue.lookup(query, PartialDate.parse(on) if on else None).exact
    ]


def near(query, catalogue=WHOLE):
    return [actor.id for actor in catalogue.lookup(query).near]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Wladimir Putin", "wladimir-putin"),
        ("Vladimir Putin", "wladimir-putin"),
        ("Putin", "wladimir-putin"),
        ("putin", "wladimir-putin"),
        ("PUTIN", "wladimir-putin"),
        ("Putins", "wladimir-putin"),
        ("Wladimir Putins", "wladimir-putin"),
        ("Lawrow", "sergej-lawrow"),
        ("Lavrov", "sergej-lawrow"),
        ("Selenskyj", "wolodymyr-selenskyj"),
        ("Selenski", "wolodymyr-selenskyj"),
        ("Selenskij", "wolodymyr-selenskyj"),
        ("Zelenskyy", "wolodymyr-selenskyj"),
        ("Erdogan", "recep-tayyip-erdogan"),
        ("von der Leyen", "ursula-von-der-leyen"),
        ("Michelle Obama", "michelle-obama"),
        ("Präsident Putin", "wladimir-putin"),
        ("Frau Merkel", "angela-merkel"),
        ("NATO", "nato"),
        ("nato", "nato"),
        ("Nato", "nato"),
        ("osze", "osze"),
        ("OSCE", "osze"),
        ("Organisation für Sicherheit und Zusammenarbeit in Europa", "osze"),
        ("die Grünen", "buendnis-90-die-gruenen"),
        ("Weißes Haus", "weisses-haus"),
        ("Weissen Hauses", "weisses-haus"),
        ("Kreml", "kreml"),
        ("Elysee", "elysee"),
        ("Ukraine", "ukraine"),
        ("Germany", "deutschland"),
        ("oesterreich", "oesterreich"),
        ("russisch", "russland"),
        ("russische", "russland"),
        ("Russian", "russland"),
        ("Ukrainer", "ukraine"),
        ("Ukrainerinnen", "ukraine"),
        ("Franzosen", "frankreich"),
        ("Moskau", "moskau"),
        ("Moscow", "moskau"),
        ("Bild", "bild"),
    ],
)
def test_names(query, expected):
    assert exact(query) == [expected]


@pytest.mark.parametrize(
    ("query", "on", "expected"),
    [
        ("Kremlchef", None, "wladimir-putin"),
        ("kremlchef", None, "wladimir-putin"),
        ("der russische Außenminister", None, "sergej-lawrow"),
        ("russischer aussenminister", None, "sergej-lawrow"),
        ("Außenminister Russlands", None, "sergej-lawrow"),
        ("Präsident der Ukraine", None, "wolodymyr-selenskyj"),
        ("Bundeskanzlerin", None, "angela-merkel"),
        ("Bundeskanzlerin", "2023-05", "angela-merkel"),
        ("Bundeskanzler", "2022-01", "olaf-scholz"),
        ("Bundeskanzler", "2015", "angela-merkel"),
        ("österreichischer Bundeskanzler", "2019-01", "sebastian-kurz"),
        ("US-Präsident", "2022-01-25", "joe-biden"),
        ("US-Präsident", "2018", "donald-trump"),
        ("Nato-Generalsekretär", "2022", "jens-stoltenberg"),
        ("EU-Kommissionschefin", None, "ursula-von-der-leyen"),
        ("EU-Ratspräsident", "2022", "charles-michel"),
        ("Duma-Präsident", None, "wjatscheslaw-wolodin"),
        ("Kreml-Sprecher", None, "dmitri-peskow"),
        ("Pentagon-Sprecher", "2022-01", "john-kirby"),
        ("IAEA-Chef", None, "rafael-grossi"),
        ("Bürgermeister von Kiew", None, "vitali-klitschko"),
        ("Kiewer Bürgermeister", None, "vitali-klitschko"),
        ("president of France", "2022", "emmanuel-macron"),
        ("German chancellor", "2022", "olaf-scholz"),
        ("Papst", "2020", "papst-franziskus"),
    ],
)
def test_offices(query, on, expected):
    assert exact(query, on) == [expected]


def test_two_of_one_name_are_two():
    assert set(exact("Klitschko")) == {"vitali-klitschko", "wladimir-klitschko"}
    assert exact("Bürgermeister Klitschko") == ["vitali-klitschko"]


def test_an_office_of_two_means_both():
    assert set(exact("Linken-Chef")) == {"jan-van-aken", "ines-schwerdtner"}
    assert exact("Linken-Chefin") == ["ines-schwerdtner"]


def test_relatives_come_near():
    assert exact("Biden") == ["joe-biden"]
    assert {"hunter-biden", "jill-biden"} <= set(near("Biden"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Putn", "wladimir-putin"),
        ("Lawro", "sergej-lawrow"),
        ("awrow", "sergej-lawrow"),
        ("Stoltenbreg", "jens-stoltenberg"),
        ("Sergej", "sergej-lawrow"),
        ("Münchner Sicherheit", "muenchner-sicherheitskonferenz"),
        ("Merkle", "angela-merkel"),
    ],
)
def test_likely_ones_are_offered(query, expected):
    assert exact(query) == []
    assert expected in near(query)


@pytest.mark.parametrize("query", ["Wer ist Putn?", "Who is Putn and why?", "Putn und die Steppe"])
def test_what_joins_words_offers_nobody(query):
    assert set(near(query)) == set(near("Putn")) | set(near("Steppe") if "Steppe" in query else ())


@pytest.mark.parametrize(
    "query",
    ["", "   ", "🚀🚀", "\u202e\u2066", "???", "der die das", "xqzw", "123456", "' OR 1=1 --"],
)
def test_nothing_is_found_quietly(query):
    assert WHOLE.lookup(query).exact == ()


def test_invisible_characters_do_no_harm():
    assert exact("\u202ePu\u200btin 🚀") == ["wladimir-putin"]


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_question_is_answered(query):
    found = WHOLE.lookup(query, PartialDate(2022, 1), limit=5)
    assert len(found.near) <= 5
    assert not set(found.exact) & set(found.near)


def test_unknown_office_holders_are_not_guessed():
    assert exact("Außenminister") == []
    assert exact("Bürgermeister von Bonn") == []


def test_a_learned_actor_is_found():
    catalogue = Catalogue(known=[Actor("hanna-berg", "Hanna Berg", ActorKind.PERSON)])
    catalogue.add(Actor("muster-ag", "Muster AG", ActorKind.ORGANISATION, ("MAG",)))
    assert exact("Hanna Berg", catalogue=catalogue) == ["hanna-berg"]
    assert exact("Berg", catalogue=catalogue) == ["hanna-berg"]
    assert exact("mag", catalogue=catalogue) == ["muster-ag"]
    assert "hanna-berg" in near("Hana", catalogue=catalogue)


def test_the_list_goes_before_what_was_learned(catalogue):
    catalogue.add(Actor("anton-putin", "Anton Putin", ActorKind.PERSON))
    assert exact("Putin", catalogue=catalogue) == ["wladimir-putin"]
    assert exact("Anton Putin", catalogue=catalogue) == ["anton-putin"]


def test_learning_about_a_curated_actor_keeps_the_list(catalogue):
    before = catalogue.get("nato")
    catalogue.add(Actor("nato", "Nato!", ActorKind.ORGANISATION, ("Bündnis der Dreißig",)))
    after = catalogue.get("nato")
    assert (after.name, after.curated) == (before.name, True)
    assert "Bündnis der Dreißig" in after.aliases
    assert exact("Bündnis der Dreißig", catalogue=catalogue) == ["nato"]


def test_links_and_kinds():
    assert WHOLE.stands_for("kreml") == "russland"
    assert WHOLE.stands_for("moskau") == "russland"
    assert WHOLE.is_seat("kreml")
    assert not WHOLE.is_seat("nato")
    assert WHOLE.is_media("tass")
    assert not WHOLE.is_media("kreml")
    assert WHOLE.get("nobody") is None


def test_offices_of_the_list_have_titles_and_years():
    baerbock = WHOLE.get("annalena-baerbock")
    titles = {office.title: (office.start, office.end) for office in baerbock.offices}
    assert titles["deutsche Außenministerin"] == (PartialDate(2021, 12, 8), PartialDate(2025, 5, 6))


def test_a_hundred_thousand_actors_are_searched_quickly(catalogue):
    syllables = ["ka", "lo", "mi", "ren", "sto", "bel", "var", "ti", "nu", "fer", "gor", "ans"]
    for number in range(100_000):
        digits = [number // 12**place % 12 for place in range(5)]
        name = "".join(syllables[digit] for digit in digits)
        catalogue.add(
            Actor(f"p-{number}", f"{name[:4].title()} {name[4:].title()}", ActorKind.PERSON)
        )
    began = time.perf_counter()
    for query in ("Lawrow", "Lawrw", "Kremlchef", "Kalomirx", "der russische Außenminister"):
        catalogue.lookup(query)
    assert time.perf_counter() - began < 2
