"""Merges as values: what they make of a reading, and which evidence is enough for one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.actors import Catalogue
from digests.actors.merging import (
    Pair,
    Sighting,
    Why,
    absorbed_by,
    actors_of,
    candidates,
    doubts,
    in_brackets,
    speaks_against,
    survivors,
    under,
    weigh,
)
from digests.actors.names import slug
from digests.types import (
    Actor,
    ActorKind,
    Event,
    Mention,
    PartialDate,
    Reading,
    SeenOffice,
    SpeechKind,
    Statement,
)

DAY = date(2026, 1, 10)
PERSON, ORGANISATION = ActorKind.PERSON, ActorKind.ORGANISATION


def person(name):
    return Actor(slug(name), name, PERSON)


def body(name, *aliases):
    return Actor(slug(name), name, ORGANISATION, aliases)


def sighting(item, *company, story=None, days=0):
    return Sighting(item, story, DAY + timedelta(days=days), frozenset(company))


def knowing(catalogue, *names):
    for name in names:
        catalogue.add(name if isinstance(name, Actor) else person(name))
    return catalogue


def pairs(catalogue, *named, brackets=()):
    return candidates(map(slug, named), brackets, catalogue)


# --- Forests -------------------------------------------------------------------------------

IDS = st.sampled_from("abcdefg")


@given(st.lists(st.tuples(IDS, IDS)))
def test_survivors_stand_for_themselves_however_merges_follow_on_each_other(wishes):
    edges = {}
    for absorbed, into in wishes:
        standing = survivors(edges)
        one, other = standing.get(absorbed, absorbed), standing.get(into, into)
        if one != other:
            edges[one] = other
    standing = survivors(edges)
    assert standing.keys() == edges.keys()
    assert not standing.keys() & set(standing.values())
    for absorbed, into in edges.items():
        assert standing[absorbed] == standing.get(into, into)
    for one in "abcdefg":
        assert absorbed_by(one, edges) == {
            other for other in "abcdefg" if one in _path(other, edges)
        }


def _path(actor, edges):
    path = [actor]
    while path[-1] in edges:
        path.append(edges[path[-1]])
    return path


READING = Reading(
    "de",
    mentions=(
        Mention(0, 5, PERSON, "kurz-form"),
        Mention(9, 12, PERSON, "other"),
        Mention(13, 14, PERSON, None),
    ),
    statements=(Statement(SpeechKind.DIRECT, ((20, 30),), None, None, "kurz-form"),),
    events=(Event(0, 30, PartialDate(2026, 1, 10), ("long-form", "kurz-form")),),
    offices=(SeenOffice("kurz-form", "Vorsitzende", 0, 5),),
    new_actors=(person("Kurz Form"),),
)


def test_a_reading_names_survivors_everywhere_and_nothing_else_changes():
    shown = under(READING, {"kurz-form": "long-form"})
    assert actors_of(shown) == {"long-form", "other"}
    assert shown.mentions[0] == Mention(0, 5, PERSON, "long-form")
    assert shown.mentions[1:] == READING.mentions[1:]
    assert shown.statements[0].actor == "long-form"
    assert shown.events[0].actors == ("long-form",)  # one actor is named once
    assert shown.offices[0].actor == "long-form"
    assert shown.new_actors == READING.new_actors


def test_a_reading_that_names_nobody_absorbed_is_the_same():
    assert under(READING, {"nobody": "other"}) is READING


# --- A surname and its one bearer ----------------------------------------------------------


def test_a_bare_surname_may_be_its_only_bearers(catalogue):
    knowing(catalogue, "Brandhuber", "Friedrich Brandhuber")
    expected = [Pair("brandhuber", "friedrich-brandhuber", Why.SURNAME)]
    assert pairs(catalogue, "Brandhuber") == expected
    assert pairs(catalogue, "Friedrich Brandhuber") == expected  # whichever came last


def test_a_name_of_nobility_and_a_double_name_are_surnames_too(catalogue):
    knowing(catalogue, "Trebbin-Falk", "Hella Trebbin-Falk", "Ostheim", "Kuno von Ostheim")
    assert [one.into for one in pairs(catalogue, "Trebbin-Falk", "Ostheim")] == [
        "hella-trebbin-falk",
        "kuno-von-ostheim",
    ]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("Brandhuber", "Friedrich Brandhuber", "Clara Brandhuber"), "two bear it"),
        (("Müller", "Gerlinde Müller"), "thousands bear it"),
        (("Brandhuber", "Friedrich Brandhuber jr."), "where there is a junior there is a senior"),
        (("Li", "Wen Li"), "too short to mean one person"),
        (("Klitschko", "Nadja Klitschko"), "the list knows others of that name"),
        (("Scholz", "Mechthild Scholz"), "the list knows who is meant"),
        (("Friedrich", "Karsten Friedrich"), "a first name"),
        (("Quendolin", "Karsten Quendolin", "Quendolin Rabe"), "somebody's first name"),
        (("Bild", "Leonore Bild"), "an ordinary word"),
        (("Brandhuber",), "nobody bears it"),
    ],
)
def test_a_bare_surname_is_left_alone(catalogue, names, why):
    knowing(catalogue, *names)
    assert not pairs(catalogue, *names), why


def test_only_who_was_found_is_absorbed(shipped):
    listed = next(p.actor for p in shipped.profiles if p.actor.kind is PERSON)
    catalogue = knowing(Catalogue(shipped), listed.name.split()[-1])
    assert all(one.absorbed != listed.id for one in pairs(catalogue, listed.name))
    assert not pairs(catalogue, "wladimir-klitschko", "witali-klitschko")


def test_who_was_merged_is_one_bearer_and_is_not_merged_again(catalogue):
    knowing(catalogue, "Gabujew", "Aleksandr Gabujew", "Alexander Gabuev")
    catalogue.unite({"alexander-gabuev": "aleksandr-gabujew"})
    assert pairs(catalogue, "Gabujew") == [Pair("gabujew", "aleksandr-gabujew", Why.SURNAME)]
    catalogue.unite({"gabujew": "aleksandr-gabujew"})
    assert not [one for one in pairs(catalogue, "Gabujew") if one.absorbed == "gabujew"]


SURNAME = Pair("brandhuber", "friedrich-brandhuber", Why.SURNAME)


@pytest.fixture
def brandhubers(catalogue):
    return knowing(catalogue, "Brandhuber", "Friedrich Brandhuber", "Clara Brandhuber")


@pytest.mark.parametrize(
    ("one", "other", "enough"),
    [
        (sighting(1, story=7), sighting(2, story=7), True),
        (sighting(1, "x", "y", days=0), sighting(2, "x", "y", days=14), True),
        (sighting(1, "x", "y", days=0), sighting(2, "x", "y", days=15), False),
        (sighting(1, "x"), sighting(2, "x", "y"), False),  # one acquaintance proves nothing
        (Sighting(1, None, None, frozenset("xy")), sighting(2, "x", "y"), False),
        (sighting(1, story=7), sighting(2, story=8), False),
        (sighting(1, story=7), sighting(1, story=7), False),  # one report tells them apart
    ],
)
def test_a_surname_needs_its_bearer_in_the_same_matter(brandhubers, one, other, enough):
    evidence = weigh(SURNAME, [one], [other], catalogue=brandhubers)
    assert (evidence is not None) is enough
    if evidence:
        assert evidence.items == (1, 2)


def test_one_report_that_names_both_speaks_against_all_others(brandhubers):
    absorbed = [sighting(1, story=7), sighting(3, story=9)]
    into = [sighting(2, story=7), sighting(3, story=9)]
    assert weigh(SURNAME, absorbed, into, catalogue=brandhubers) is None


@pytest.mark.parametrize(
    ("title", "enough"),
    [("Ministerin", False), ("SPD-Politikerin", False), ("Minister", True), ("Fachfrau", True)],
)
def test_an_office_of_the_other_gender_is_somebody_else(brandhubers, title, enough):
    near = [sighting(1, story=7)], [sighting(2, story=7)]
    evidence = weigh(SURNAME, *near, titles=([title], ()), catalogue=brandhubers)
    assert (evidence is not None) is enough


@pytest.mark.parametrize(
    ("full", "titles", "enough"),
    [
        ("Friedrich Brandhuber", (), True),
        ("Tendekai Brandhuber", (), False),  # no first name that is known
        ("Tendekai Brandhuber", ("Minister",), True),
        ("Putin Brandhuber", ("Minister",), False),  # a headline: 'Putin: Brandhuber …'
        ("Berlin Brandhuber", ("Minister",), False),
    ],
)
def test_the_full_name_must_surely_be_a_persons(catalogue, full, titles, enough):
    knowing(catalogue, "Brandhuber", full)
    (pair,) = pairs(catalogue, "Brandhuber")
    near = [sighting(1, story=7)], [sighting(2, story=7)]
    evidence = weigh(pair, *near, titles=((), titles), catalogue=catalogue)
    assert (evidence is not None) is enough


def test_a_surname_that_is_mostly_seen_elsewhere_is_left_alone(brandhubers):
    near, into = sighting(1, story=7), [sighting(2, story=7)]
    far = [sighting(3, "q", days=99), sighting(4, "q", days=200)]
    assert weigh(SURNAME, [near, far[0]], into, catalogue=brandhubers)
    assert weigh(SURNAME, [near, *far], into, catalogue=brandhubers) is None


# --- A second bearer -----------------------------------------------------------------------


def test_a_second_bearer_brings_doubt_whoever_was_named_last(brandhubers):
    brandhubers.unite({"brandhuber": "friedrich-brandhuber"})
    doubt = [("brandhuber", "clara-brandhuber")]
    assert doubts(["clara-brandhuber"], brandhubers) == doubt
    assert doubts(["brandhuber"], brandhubers) == doubt
    assert doubts(["friedrich-brandhuber"], brandhubers) == []


def test_without_a_merge_there_is_nothing_to_doubt(brandhubers):
    assert doubts(["clara-brandhuber", "brandhuber"], brandhubers) == []


@pytest.mark.parametrize(
    ("other", "seen", "against"),
    [
        ("Clara Brandhuber", sighting(2, story=7), True),
        ("Clara Brandhuber", sighting(2, "x"), True),
        ("Clara Brandhuber", sighting(2, "x", days=90), False),  # another time
        ("Clara Brandhuber", sighting(2, "z"), False),  # another matter
        ("Friedrich Brandhuber", sighting(2, story=7), False),
    ],
)
def test_a_second_bearer_speaks_against_a_merge_where_it_may_be_meant(other, seen, against):
    merged = person("Friedrich Brandhuber")
    absorbed = [sighting(1, "x", "y", story=7)]
    assert speaks_against(merged, person(other), absorbed, [seen]) is against


# --- Acronyms ------------------------------------------------------------------------------

LONG, SHORT = "allgemeiner-beispielverband", "abv"


def bracketed(text, *named):
    mentions = tuple(
        Mention(text.index(name), text.index(name) + len(name), kind, slug(name))
        for name, kind in named
    )
    return list(in_brackets(text, Reading("de", mentions=mentions)))


def test_an_acronym_in_brackets_means_the_name_before_it():
    named = ("Allgemeiner Beispielverband", ORGANISATION), ("ABV", ORGANISATION)
    assert bracketed("Allgemeiner Beispielverband (ABV) warnt.", *named) == [(SHORT, LONG)]
    for other in (
        "Allgemeiner Beispielverband, ABV) warnt.",
        "Allgemeiner Beispielverband (ABV warnt.",
        "Allgemeiner Beispielverband (wie der ABV) warnt.",
    ):
        assert bracketed(other, *named) == []


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Bund der Steuerzahler (CDU) warnt.", "Bund der Steuerzahler", "CDU"),
        ("Seglerverband (Hansa) warnt.", "Seglerverband", "Hansa"),
        ("Seglerverband (S) warnt.", "Seglerverband", "S"),
    ],
)
def test_what_stands_in_brackets_must_abbreviate(text, first, second):
    assert bracketed(text, (first, ORGANISATION), (second, ORGANISATION)) == []


def test_persons_and_states_have_no_acronyms():
    text = "Anton Bechtold-Vogt (ABV) warnt."
    assert bracketed(text, ("Anton Bechtold-Vogt", PERSON), ("ABV", ORGANISATION)) == []


def test_an_acronym_is_merged_into_the_long_name(catalogue):
    knowing(catalogue, body("ABV"), body("Allgemeiner Beispielverband"))
    expected = [Pair(SHORT, LONG, Why.ACRONYM)]
    assert pairs(catalogue, brackets=[(SHORT, LONG)]) == expected


@pytest.mark.parametrize(
    "other",
    [body("Amateur-Boxverein", "ABV"), body("Athleten Bund Vilsbiburg"), Actor("x", "ABV", PERSON)],
)
def test_an_acronym_that_means_two_things_is_left_alone(catalogue, other):
    knowing(catalogue, body("ABV"), body("Allgemeiner Beispielverband"), other)
    found = pairs(catalogue, brackets=[(SHORT, LONG)])
    assert bool(found) is (other.kind is PERSON)  # a person's name is no other meaning


def test_an_acronym_of_the_list_is_left_alone(catalogue):
    knowing(catalogue, body("Neue Allianz Treuer Ordner"))
    assert pairs(catalogue, brackets=[("nato", "neue-allianz-treuer-ordner")]) == []


def test_an_acronym_seen_elsewhere_must_mostly_be_seen_near_the_long_name(catalogue):
    pair = Pair(SHORT, LONG, Why.ACRONYM)
    both = sighting(1, "x", story=1)
    near, far = sighting(2, "x"), [sighting(3, "q", days=99), sighting(4, "q", days=200)]
    into = [both]
    assert weigh(pair, [both], into, catalogue=catalogue).items == (1,)
    assert weigh(pair, [both, near], into, catalogue=catalogue).items == (1, 2)
    assert weigh(pair, [both, near, far[0]], into, catalogue=catalogue) is not None
    assert weigh(pair, [both, near, *far], into, catalogue=catalogue) is None
    assert weigh(pair, [near], into, catalogue=catalogue) is None  # nowhere in brackets


# --- Spellings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alexander Gabuew", "Aleksandr Gabuev"),
        ("Dmitri Woronow", "Dmitry Voronov"),
        ("Sergej Kowaljow", "Sergey Kovalyov"),
    ],
)
def test_two_romanisations_of_a_name_may_be_one_person(catalogue, one, other):
    knowing(catalogue, one, other)
    first, second = sorted((slug(one), slug(other)))
    for named in (one, other):
        assert pairs(catalogue, named) == [Pair(second, first, Why.SPELLING)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Popowa", "Marina Popova"),
        ("Christian Leidner", "Christina Leidner"),
        ("Martin Leidner", "Marten Leidner"),
        ("Witali Klitschko", "Wolodymyr Klitschko"),
        ("Ruslan Sorokin", "Ruslan Sorokina"),
        ("Jan Leidner", "Jens Leidner"),
        ("Anna Leidner", "Anne Leidner"),
        ("Alexander Gabuew", "Alexander Gabuev jr."),
        ("A. Gabuew", "Alexander Gabuev"),
    ],
)
def test_names_that_only_resemble_each_other_are_two(catalogue, one, other):
    knowing(catalogue, one, other)
    assert [p for p in pairs(catalogue, one, other) if p.why is Why.SPELLING] == []


def test_between_two_who_may_be_meant_neither_is(catalogue):
    knowing(catalogue, "Alexander Gabuew", "Aleksandr Gabuev", "Alexandr Gabujew")
    same = [p for p in pairs(catalogue, "Alexander Gabuew") if p.why is Why.SPELLING]
    assert len({p.into for p in same} | {p.absorbed for p in same}) in (0, 2)


def test_the_list_keeps_its_spelling(shipped):
    catalogue = knowing(Catalogue(shipped), "Aleksandr Lukaschenko")
    found = pairs(catalogue, "Aleksandr Lukaschenko")
    assert found == [Pair("aleksandr-lukaschenko", "alexander-lukaschenko", Why.SPELLING)]


def test_states_and_places_are_never_merged_by_evidence(catalogue):
    knowing(
        catalogue,
        Actor("georgia", "Georgia", ActorKind.PLACE),
        Actor("georgja", "Georgja", ActorKind.PLACE),
        body("Georgia"),
        body("Georgien"),
    )
    assert pairs(catalogue, "Georgia", "Georgien", "Georgja") == []


# --- What the catalogue makes of merges ----------------------------------------------------


def test_a_name_that_both_bear_means_the_one_it_is_the_name_of(catalogue):
    knowing(catalogue, "Brandhuber", "Friedrich Brandhuber")
    assert catalogue.surname("brandhuber") == ("brandhuber", "friedrich-brandhuber")
    catalogue.unite({"brandhuber": "friedrich-brandhuber"})
    assert catalogue.surname("brandhuber") == ("brandhuber",)  # what a text says, as it is read
    knowing(catalogue, "Clara Brandhuber")
    assert catalogue.surname("brandhuber") == ("brandhuber", "clara-brandhuber")


@pytest.mark.parametrize("typed", ["Brandhuber", "brandhubers", "Brandhubr", "Brandh"])
def test_a_question_for_an_absorbed_actor_finds_the_survivor(catalogue, typed):
    knowing(catalogue, "Brandhuber", "Rosalie Quendt")
    catalogue.unite({"brandhuber": "rosalie-quendt"})
    found = catalogue.lookup(typed)
    assert [one.id for one in (*found.exact, *found.near)] == ["rosalie-quendt"]


def test_a_split_leaves_the_catalogue_as_it_was(catalogue):
    knowing(catalogue, "Brandhuber", "Friedrich Brandhuber")
    before = catalogue.lookup("Brandhuber"), catalogue.surname("brandhuber")
    catalogue.unite({"brandhuber": "friedrich-brandhuber"})
    assert len(catalogue.lookup("Brandhuber").exact) == 1
    catalogue.unite({})
    assert (catalogue.lookup("Brandhuber"), catalogue.surname("brandhuber")) == before
