"""Everybody in five real reports, read with the shipped pipeline."""

from pathlib import Path

import pytest

from digests.actors import resolve
from digests.nlp.pipelines import Pipelines
from digests.types import ActorKind, MentionForm, PartialDate

SEEDS = Path(__file__).parents[2] / "../shared/seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the reports are not here")

PEOPLE = {
    "000": (PartialDate(2022, 2, 24), "wladimir-putin dmitri-peskow john-kirby"),
    "001": (
        PartialDate(2022, 1, 25),
        "olaf-scholz steffen-hebestreit joe-biden emmanuel-macron mario-draghi andrzej-duda "
        "boris-johnson jens-stoltenberg ursula-von-der-leyen charles-michel john-kirby "
        "lloyd-austin dmitri-peskow wolfgang-ischinger christoph-heusgen angela-merkel",
    ),
    "002": (
        PartialDate(2022, 1, 21),
        "sergej-lawrow antony-blinken wladimir-putin joe-biden wjatscheslaw-wolodin dmitri-peskow",
    ),
    "003": (PartialDate(2022, 1), "jens-stoltenberg sergej-lawrow wladimir-putin"),
    "004": (
        PartialDate(2024, 11),
        "wladimir-putin wolodymyr-selenskyj donald-trump joe-biden dmitri-peskow",
    ),
}
OFFICES = {
    "000": {
        ("wladimir-putin", "russischer Präsident"),
        ("wladimir-putin", "Russlands Präsident"),
        ("dmitri-peskow", "Kremlsprecher"),
        ("john-kirby", "Pentagon-Sprecher"),
    },
    "001": {
        ("olaf-scholz", "Bundeskanzler"),
        ("steffen-hebestreit", "deutscher Regierungssprecher"),
        ("joe-biden", "US-Präsident"),
        ("emmanuel-macron", "französischer Präsident"),
        ("mario-draghi", "italienischer Regierungschef"),
        ("andrzej-duda", "polnischer Präsident"),
        ("boris-johnson", "britischer Premierminister"),
        ("jens-stoltenberg", "Nato-Generalsekretär"),
        ("ursula-von-der-leyen", "EU-Kommissionschefin"),
        ("charles-michel", "EU-Ratspräsident"),
        ("john-kirby", "Ministeriumssprecher"),
        ("lloyd-austin", "Verteidigungsminister"),
        ("dmitri-peskow", "Kremlsprecher"),
        ("wolfgang-ischinger", "Vorsitzender der Münchner Sicherheitskonferenz"),
        ("christoph-heusgen", "Ischingers designierter Nachfolger"),
        ("christoph-heusgen", "ehemaliger Berater von Angela Merkel"),
    },
    "002": {
        ("sergej-lawrow", "Russlands Außenminister"),
        ("antony-blinken", "US-Ressortchef"),
        ("wladimir-putin", "Präsident"),
        ("joe-biden", "US-Präsident"),
        ("wjatscheslaw-wolodin", "Duma-Präsident"),
        ("dmitri-peskow", "Sprecher"),
    },
    "003": {
        ("jens-stoltenberg", "Generalsekretär"),
        ("sergej-lawrow", "Russlands Außenminister"),
        ("sergej-lawrow", "Außenminister"),
        ("wladimir-putin", "russischer Präsident"),
    },
    "004": {
        ("wladimir-putin", "Präsident"),
        ("wolodymyr-selenskyj", "ukrainischer Präsident"),
        ("joe-biden", "scheidender Präsident"),
        ("joe-biden", "US-Präsident"),
        ("dmitri-peskow", "Kreml-Sprecher"),
        ("wladimir-putin", "russischer Präsident"),
    },
}
ROLES = {
    "000": ["wladimir-putin"],
    "001": ["olaf-scholz"],
    "002": [],
    "003": [],
    "004": ["donald-trump"],
}
PRONOUNS = {
    "000": ["wladimir-putin", "john-kirby"] + ["wladimir-putin"] * 3,
    "001": ["wolfgang-ischinger", "wolfgang-ischinger", "christoph-heusgen"],
    "002": ["sergej-lawrow"] * 4 + ["antony-blinken"],
    "003": ["wladimir-putin"],
    "004": ["wolodymyr-selenskyj", "dmitri-peskow"],
}


@pytest.fixture(scope="module")
def pipelines():
    return Pipelines()


@pytest.fixture(params=sorted(PEOPLE))
def report(request, pipelines, catalogue):
    (path,) = SEEDS.glob(f"{request.param}_*.txt")
    document = pipelines.document(path.read_text(encoding="utf-8-sig"), language="de")
    return request.param, document, resolve(document, catalogue, PEOPLE[request.param][0])


def test_every_person_and_no_other(report):
    number, _, found = report
    people = {mention.actor for mention in found.mentions if mention.kind is ActorKind.PERSON}
    assert people == set(PEOPLE[number][1].split())


def test_every_office_beside_a_name(report):
    number, _, found = report
    assert {(office.actor, office.title) for office in found.offices} == OFFICES[number]


def test_roles_alone(report):
    number, _, found = report
    roles = [m.actor for m in found.mentions if m.form is MentionForm.ROLE]
    assert roles == ROLES[number]


def test_pronouns(report):
    number, _, found = report
    pronouns = [m.actor for m in found.mentions if m.form is MentionForm.PRONOUN]
    assert pronouns == PRONOUNS[number]


def test_organisations_that_the_pipeline_misses(report):
    number, _, found = report
    wanted = {
        "000": {"interfax", "tass", "eu", "pentagon", "nato", "foederationsrat"},
        "001": {"nato", "new-york-times", "bild", "deutsche-welle", "spd", "bundesregierung"},
        "002": {"osze", "nato", "staatsduma", "interfax", "times"},
        "003": {"bbc", "osze", "nato", "dpa", "reuters"},
        "004": {"afp", "tass", "washington-post", "weisses-haus", "pentagon", "state-department"},
    }
    found_there = {mention.actor for mention in found.mentions}
    assert wanted[number] <= found_there


def test_little_else_is_new(report):
    _, _, found = report
    places = {"genfersee", "ostseeraum", "normandie-format"}
    assert {actor.id for actor in found.new_actors} <= places | {"nato-response-force", "nrf"}
