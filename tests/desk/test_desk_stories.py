"""Stories: what each report adds, merged and split by the operator, and nobody told twice."""

import pytest
from sqlmodel import select

from benchmarks.stories import REPORTS, read
from bot.__main__ import main
from bot.commands import Caller, answer
from bot.payloads import render_alert, render_digest
from bot.render import plain_text
from bot.texts import Texts
from digests.errors import InputError
from digests.store import archive
from digests.tables import DeliveryRow
from digests.types import DeliveryMode, Target, TargetKind

FERRY = """Fähre vor Rügen auf Grund gelaufen

Stand: 10.01.2026 09:00 Uhr

Eine Fähre mit 200 Fahrgästen ist am Samstag vor Rügen auf Grund gelaufen. Die Seenotretter
brachten alle Fahrgäste nach Sassnitz in Sicherheit.
"""
LATER = """Fähre vor Rügen: Kapitän war übermüdet

Stand: 11.01.2026 09:00 Uhr

Die Fähre, die am Samstag vor Rügen auf Grund gelaufen ist, hatte einen übermüdeten Kapitän.
„Ich habe zwei Tage nicht geschlafen“, sagte Kapitän Holger Ahrens am Sonntag der Polizei in
Sassnitz.
"""
OTHER = """Orgel in Passau eingeweiht

Stand: 10.01.2026 12:00 Uhr

In Passau ist am Samstag eine neue Orgel eingeweiht worden. Der Dom war voll besetzt.
"""
# Of one decision: the first two share too little to find each other, the others belong to both.
AGREED, STEEL, OIL, BORRELL = (
    f"{told.title}\n\nStand: {told.published} 18:00 Uhr\n\n{told.text}\n"
    for told in (
        [one for one in read(REPORTS) if one.event == "sanktionen-8-2022"][n] for n in (1, 2, 0, 3)
    )
)
EVERYTHING = Target(TargetKind.EVERYTHING)


def take_in(office, built, **reports):
    for name, text in reports.items():
        office.write(f"{name}.txt", text)
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())


def items(built):
    """Key -> (item, story)."""
    with built.store.reading() as session:
        ids = archive.item_ids(session, EVERYTHING)
        found = archive.reports(session, ids)
    return {one.item.key.removesuffix(".txt"): (one.item.id, one.item.story_id) for one in found}


def rows(built):
    with built.store.reading() as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))


def asked(office, built, text):
    chat = built.desk.following.chat("console", office.clock())
    return answer(text, Caller(built.desk, chat, Texts("de", office.settings.zone), office.clock()))


@pytest.fixture
def joined(office, opened):
    """A story of two reports, whatever the automatic grouping made of them, and another."""
    take_in(office, opened, ferry=FERRY, later=LATER, orgel=OTHER)
    found = items(opened)
    if found["ferry"][1] != found["later"][1]:
        opened.desk.stories.merge(found["later"][1], found["ferry"][1])
    return opened


def test_a_story_says_what_each_report_adds(office, joined):
    number = items(joined)["ferry"][1]
    view, parts = joined.desk.answers.story(number)
    assert view.reports == 2
    assert view.published == next(part.report.item.published for part in parts if part.lead)
    assert [part.report.item.key for part in parts] == ["ferry.txt", "later.txt"]
    assert [part.lead for part in parts].count(True) == 1
    (other,) = [part for part in parts if not part.lead]
    assert other.added
    shown = plain_text(asked(office, joined, f"/story {number}").blocks)
    assert "oben erzählt" in shown
    titles = [part.report.item.title for part in parts]
    assert len(set(titles)) == 2  # a digest of the later report was headed by its own
    assert [shown.count(title) for title in titles] == [1, 1]
    for one in other.added:
        assert shown.count(one.text) == 1


def test_a_copy_adds_nothing(office, opened):
    copy = FERRY.replace("09:00", "11:00").replace("Fähre vor Rügen auf", "Schiff vor Rügen auf")
    take_in(office, opened, ferry=FERRY, copy=copy)
    found = items(opened)
    assert found["ferry"][1] == found["copy"][1]
    _, parts = opened.desk.answers.story(found["ferry"][1])
    assert [part.added for part in parts] == [(), ()]
    assert "sonst nichts Neues" in plain_text(
        asked(office, opened, f"/story {found['ferry'][1]}").blocks
    )


@pytest.fixture
def sanctions(office, opened):
    """Two reports of a decision that are a story each."""
    take_in(office, opened, agreed=AGREED)
    take_in(office, opened, steel=STEEL)
    assert len({story for _, story in items(opened).values()}) == 2
    return opened


def test_a_report_that_belongs_to_two_stories_shows_that_they_are_one(office, sanctions):
    before = items(sanctions)
    asked(office, sanctions, f"/story {before['steel'][1]} stumm")
    take_in(office, sanctions, oil=OIL)
    assert {story for _, story in items(sanctions).values()} == {before["agreed"][1]}
    assert sanctions.desk.answers.story(before["steel"][1])[0].reports == 3
    chat = sanctions.desk.following.chat("console", office.clock())
    assert sanctions.desk.wishes.state(chat, 0, before["agreed"][1])[0]


def test_what_the_operator_parted_no_report_puts_together_again(office, sanctions):
    take_in(office, sanctions, oil=OIL)
    found = items(sanctions)
    story = found["agreed"][1]
    _, made = sanctions.desk.stories.split(story, [found["steel"][0]], office.clock())
    take_in(office, sanctions, borrell=BORRELL)
    after = items(sanctions)
    assert after["steel"][1] == made
    assert after["agreed"][1] == after["oil"][1] == story


def test_the_number_of_a_merged_story_leads_to_the_other(office, joined):
    found = items(joined)
    orgel, ferry = found["orgel"][1], found["ferry"][1]
    assert joined.desk.stories.merge(orgel, ferry) == (orgel, ferry)
    assert {story for _, story in items(joined).values()} == {ferry}
    view, parts = joined.desk.answers.story(orgel)
    assert (view.id, len(parts)) == (ferry, 3)
    with pytest.raises(InputError, match="same_story"):
        joined.desk.stories.merge(orgel, ferry)
    # A chain of merges leads to its end.
    _, made = joined.desk.stories.split(ferry, [found["later"][0]], office.clock())
    assert joined.desk.stories.merge(ferry, made) == (ferry, made)
    assert joined.desk.answers.story(orgel)[0].id == made


def test_reports_are_taken_out_of_a_story(office, joined):
    found = items(joined)
    ferry = found["ferry"][1]
    story, made = joined.desk.stories.split(ferry, [found["later"][0]], office.clock())
    assert story == ferry
    assert made not in (one for _, one in found.values())
    assert items(joined)["later"] == (found["later"][0], made)
    assert items(joined)["ferry"] == found["ferry"]
    assert joined.desk.answers.story(made)[0].headline.startswith("Fähre vor Rügen: Kapitän")


def test_what_cannot_be_is_refused_and_changes_nothing(office, joined):
    before = items(joined)
    stories, now = joined.desk.stories, office.clock()
    ferry, orgel = before["ferry"][1], before["orgel"]
    for code, attempt in (
        ("unknown_story", lambda: stories.merge(999, ferry)),
        ("unknown_story", lambda: stories.split(999, [1], now)),
        ("same_story", lambda: stories.merge(ferry, ferry)),
        ("not_in_story", lambda: stories.split(ferry, [before["ferry"][0], orgel[0]], now)),
        ("whole_story", lambda: stories.split(orgel[1], [orgel[0]], now)),
        ("whole_story", lambda: stories.split(orgel[1], [], now)),
    ):
        with pytest.raises(InputError) as refused:
            attempt()
        assert refused.value.code == code
    assert items(joined) == before


@pytest.mark.parametrize("mode", [DeliveryMode.DIGEST, DeliveryMode.ALERT])
def test_nobody_is_told_again_after_a_merge_or_a_split(office, opened, mode):
    chat = opened.desk.following.chat("telegram:1", office.clock())
    chat = opened.desk.following.set_silent(chat, silent=True)
    take_in(office, opened)
    opened.desk.following.subscribe(chat, 0, EVERYTHING, mode, office.clock())
    take_in(office, opened, ferry=FERRY, orgel=OTHER)

    def told():
        office.clock.forward(days=1)
        opened.desk.rounds.compose_due(office.clock(), render_digest)
        opened.desk.rounds.compose_alerts(office.clock(), render_alert)
        return len(rows(opened))

    first = told()
    assert first
    found = items(opened)
    opened.desk.stories.merge(found["orgel"][1], found["ferry"][1])
    assert told() == first
    opened.desk.stories.split(found["ferry"][1], [found["orgel"][0]], office.clock())
    assert told() == first


def test_the_operator_merges_and_splits_on_the_command_line(office, joined, monkeypatch, capsys):
    monkeypatch.setenv("DATA_DIR", str(office.settings.data_dir))
    monkeypatch.setenv("SEEDS_DIR", str(office.folder))
    found = items(joined)
    (orgel_item, orgel), (_, ferry) = found["orgel"], found["ferry"]
    assert main(["stories", "merge", str(orgel), str(ferry)]) == 0
    assert main(["stories", "show", str(orgel)]) == 0
    said = capsys.readouterr().out
    assert f"Meldung {orgel} gehört von jetzt an zu Meldung {ferry}." in said
    assert f"Meldung {ferry}: 3 Berichte" in said
    assert f"{orgel_item}  10. Januar 2026" in said
    assert main(["stories", "split", str(ferry), str(orgel_item)]) == 0
    assert items(joined)["orgel"][1] not in (orgel, ferry)
    assert main(["stories", "split", str(ferry), "999"]) == 2
    assert "Bericht 999 steht nicht in Meldung" in capsys.readouterr().err
