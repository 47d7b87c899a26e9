"""The five real reports, as a reader would judge them: nothing cut, nothing doubled, right names.

They lie beside the project and are not part of it; no sentence of theirs is written here.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands import Caller, answer
from bot.console import as_values
from bot.house import house
from bot.render import parts
from bot.settings import Settings
from bot.texts import Texts
from digests.store import archive
from digests.types import Precision, SentenceKind, Target, TargetKind

SHARED = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the five reports are not here")

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
NOISE = re.compile(r"Video ansehen|date 20\d\d|Stand:|\(dpa|^\s*uh/qu", re.MULTILINE)
EVERYTHING = Target(TargetKind.EVERYTHING)

PEOPLE = {
    "000": {"wladimir-putin", "dmitri-peskow", "john-kirby"},
    "001": {
        "olaf-scholz", "steffen-hebestreit", "joe-biden", "emmanuel-macron", "mario-draghi",
        "andrzej-duda", "boris-johnson", "jens-stoltenberg", "ursula-von-der-leyen",
        "charles-michel", "john-kirby", "lloyd-austin", "dmitri-peskow", "wolfgang-ischinger",
        "christoph-heusgen", "angela-merkel",
    },
    "002": {
        "sergej-lawrow", "antony-blinken", "wladimir-putin", "joe-biden", "wjatscheslaw-wolodin",
        "dmitri-peskow",
    },
    "003": {"jens-stoltenberg", "sergej-lawrow", "wladimir-putin"},
    "004": {"wladimir-putin", "wolodymyr-selenskyj", "donald-trump", "joe-biden", "dmitri-peskow"},
}  # fmt: skip
DATES = {
    "000": (None, Precision.UNKNOWN),
    "001": ("2022-01-25T00:42Z", Precision.MINUTE),
    "002": (None, Precision.UNKNOWN),
    "003": ("2022-01", Precision.MONTH),
    "004": ("2024-11", Precision.MONTH),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    settings = Settings(_env_file=None, data_dir=data, seeds_dir=SHARED)
    with house(settings, lambda: NOW) as made:
        assert made.desk.intake.take_in_folders(NOW).new == 5
        yield made


@pytest.fixture(scope="module")
def reports(built):
    with built.store.reading() as session:
        found = archive.reports(session, archive.item_ids(session, EVERYTHING))
    return {report.item.key[:3]: report for report in found}


def ask(built, text):
    chat = built.desk.following.chat("console", NOW)
    caller = Caller(built.desk, chat, Texts("de", built.settings.zone), NOW)
    return answer(text, caller)


@pytest.mark.parametrize("key", PEOPLE)
def test_every_person_is_found_with_the_right_id_and_nobody_else(reports, built, key):
    found = {
        mention.actor
        for mention in reports[key].reading.mentions
        if mention.actor and mention.kind == "person"
    }
    assert found == PEOPLE[key]


@pytest.mark.parametrize("key", DATES)
def test_dates_are_as_exact_as_the_report_says(reports, key):
    published = reports[key].item.published
    assert (published.iso(), published.precision) == DATES[key]


def test_no_noise_is_left_and_no_sentence_is_cut(reports):
    for report in reports.values():
        assert not NOISE.search(report.item.text)
        kinds = [sentence.kind for sentence in report.reading.sentences]
        assert SentenceKind.FRAGMENT not in kinds
        for sentence in report.reading.sentences:
            text = report.item.text[sentence.start : sentence.end]
            if sentence.kind is SentenceKind.PROSE:
                assert re.search(r"[.!?][\"”“»«’]*$", text), text
                assert re.match(r"[\"„“«»(]*[A-ZÄÖÜ0-9]", text), text


def test_the_five_events_are_five_stories(reports):
    assert len({report.item.story_id for report in reports.values()}) == 5


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Putin", "wladimir-putin"),
        ("Kremlchef", "wladimir-putin"),
        ("Lawrow", "sergej-lawrow"),
        ("Lavrov", "sergej-lawrow"),
        ("NATO", "nato"),
        ("nato", "nato"),
        ("Scholz", "olaf-scholz"),
        ("OSZE", "osze"),
        ("Russlands", "russland"),
        ("Selenski", "wolodymyr-selenskyj"),
        ("Zelensky", "wolodymyr-selenskyj"),
    ],
)
def test_whom_a_name_means(built, name, actor):
    values = as_values(name, ask(built, f"/actor {name}"))
    assert values["ok"]
    assert values["actor"]["id"] == actor
    assert values["stories"]


@pytest.mark.parametrize(
    ("who", "least"),
    [
        ("Kirby", 8), ("Peskow", 5), ("Lawrow", 8), ("Stoltenberg", 6), ("Scholz", 4),
        ("Ischinger", 4), ("Heusgen", 2), ("Blinken", 2), ("Hebestreit", 2), ("Wolodin", 1),
    ],
)  # fmt: skip
def test_who_says_something_is_heard(built, who, least):
    reply = ask(built, f"/statements {who}")
    assert len(reply.statements) >= least
    assert len({view.quote for view in reply.statements}) == len(reply.statements)


def test_nobody_is_given_words_that_are_not_theirs(built):
    assert not ask(built, "/statements Macron").statements
    assert not ask(built, "/statements Merkel").statements
    for view in ask(built, "/statements Scholz").statements:
        assert "Sonderweg" not in view.quote


def test_the_timeline_of_a_state_has_what_was_is_and_will_be(built):
    entries = ask(built, "/timeline Ukraine").entries
    dates = {str(entry.date) for entry in entries}
    assert {"2022-01-24", "2022-01-25", "2022-01-26"} <= dates
    # Which paper was ratified in 2005 only the sentence before tells.
    assert not any("das Papier" in one.text for entry in entries for one in entry.sentences)
    assert not {date for date in dates if date > "2025"}


@pytest.mark.parametrize(
    "command",
    ["/digest", "/latest", "/actor Putin", "/actor Lawrow", "/timeline Ukraine", "/timeline Putin",
     "/search Sanktionen", "/topic diplomacy", "/story 1", "/actor USA", "/statements Kirby"],
)  # fmt: skip
def test_every_sentence_shown_stands_in_a_report_and_is_whole(built, reports, command):
    reply = ask(built, command)
    assert reply.ok
    texts = {report.item.id: report.item.text for report in reports.values()}
    shown = [one for view in reply.stories for one in view.sentences]
    shown += [one for entry in reply.entries for one in entry.sentences]
    for one in shown:
        words = texts[one.span.item][one.span.start : one.span.end]
        assert " ".join(words.split()) == one.text
        assert re.search(r"[.!?][\"”“»«’]*$", one.text), one.text
    spans = [one.span for view in reply.stories for one in view.sentences]
    assert len(spans) == len(set(spans))
    assert not NOISE.search("\n".join(part.text for part in parts(reply.blocks)))
