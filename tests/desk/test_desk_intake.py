"""Reports in: new, changed, broken, again; and who is found in them."""

import pytest

from digests.errors import SourceError
from digests.store import archive
from digests.types import Precision, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ


def take_in(office, built):
    office.clock.forward(minutes=1)
    return built.desk.intake.take_in_due(office.clock())


def all_reports(built):
    with built.store.reading() as session:
        ids = archive.item_ids(session, Target(TargetKind.EVERYTHING))
        return archive.reports(session, ids)


def test_a_report_is_taken_in_once(office, opened):
    office.write("a.txt", SCHOLZ)
    assert take_in(office, opened).new == 1
    assert take_in(office, opened).new == 0
    (report,) = all_reports(opened)
    assert report.item.title == "Scholz fordert Waffenruhe"
    assert report.item.published.precision is Precision.MINUTE
    assert report.item.published.iso() == "2026-01-10T08:00Z"
    assert report.item.source_name == "a.txt"
    assert {"olaf-scholz", "spd"} <= {m.actor for m in report.reading.mentions}


def test_another_run_on_the_same_data_takes_nothing_in(office):
    office.write("a.txt", SCHOLZ)
    with office.open() as built:
        assert take_in(office, built).new == 1
    with office.open() as built:
        assert take_in(office, built).new == 0
        assert built.desk.known.lookup("Scholz").exact


def test_a_changed_file_is_a_revision_and_what_was_cited_stays(office, opened):
    path = office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    (before,) = all_reports(opened)
    sentence = before.reading.sentences[1]
    from digests.types import Span

    span = Span(before.item.id, 1, sentence.start, sentence.end)
    with opened.store.reading() as session:
        words = archive.texts(session, [span])[span]
    path.write_text(SCHOLZ.replace("gefordert.", "gefordert und begründet."), encoding="utf-8")
    taken = take_in(office, opened)
    assert (taken.new, taken.revised) == (0, 1)
    (after,) = all_reports(opened)
    assert after.item.id == before.item.id
    assert after.item.revision == 2
    assert after.item.seq > before.item.seq
    assert "begründet" in after.item.text
    with opened.store.reading() as session:
        assert archive.texts(session, [span])[span] == words


def test_a_touched_file_is_no_revision(office, opened):
    path = office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    path.touch()
    taken = take_in(office, opened)
    assert (taken.new, taken.revised) == (0, 0)


def test_bad_files_lose_nothing_else(office, opened):
    office.write("a.txt", SCHOLZ)
    (office.folder / "b.txt").write_bytes(b"\x00\x01\x02\xff" * 1000)
    office.write("c.txt", "")
    office.write("d.jsonl", '{"title": "T", "text": "Die NATO tagt in Brüssel."}\nkaputt\n')
    taken = take_in(office, opened)
    assert taken.new == 2
    assert {key.split("#")[0] for key, _ in taken.errors} >= {"b.txt", "d.jsonl"}


def test_reports_in_old_encodings_are_read(office, opened):
    (office.folder / "a.txt").write_bytes(SCHOLZ.replace("\n", "\r\n").encode("cp1252"))
    take_in(office, opened)
    (report,) = all_reports(opened)
    assert "frühere Bundeskanzler" in report.item.text
    assert "\r" not in report.item.text


def test_a_folder_that_is_missing_is_an_error_of_the_source(office):
    office.folder.rmdir()
    with office.open() as built:
        taken = take_in(office, built)
        assert [error.code for _, error in taken.errors] == ["unreadable"]
        office.folder.mkdir()
        office.write("a.txt", SCHOLZ)
        office.clock.forward(hours=1)
        assert built.desk.intake.take_in_due(office.clock()).new == 1


def test_a_single_file_and_a_folder_can_be_taken_in(office, opened, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.txt").write_text(LAWROW, encoding="utf-8")
    (elsewhere / "y.txt").write_text(SCHOLZ, encoding="utf-8")
    intake = opened.desk.intake
    assert intake.take_in_path(elsewhere / "x.txt", office.clock()).new == 1
    assert intake.take_in_path(elsewhere, office.clock()).new == 1
    assert intake.take_in_path(elsewhere, office.clock()).new == 0


def test_the_same_event_in_two_reports_is_one_story(office, opened):
    office.write("a.txt", SCHOLZ)
    office.write(
        "b.txt", SCHOLZ.replace("09:00", "09:30").replace("am Samstag in Berlin", "in Berlin")
    )
    office.write("c.txt", LAWROW)
    take_in(office, opened)
    stories = {report.item.key: report.item.story_id for report in all_reports(opened)}
    assert stories["a.txt"] == stories["b.txt"] != stories["c.txt"]


def test_a_feeds_file_that_is_missing_is_said_to_be(office, tmp_path):
    missing = office.settings.model_copy(update={"feeds_file": tmp_path / "none.opml"})
    office.settings = missing
    with pytest.raises(SourceError) as caught, office.open():
        pass
    assert caught.value.code == "unreadable"


def test_search_finds_compounds_and_inflections(office, opened):
    office.write("a.txt", "Titel\n\nDie EU hat Wirtschaftssanktionen gegen Russland verhängt.\n")
    office.write("b.txt", "Titel\n\nRussland wurde von der EU sanktioniert.\n")
    office.write("c.txt", LAWROW)
    take_in(office, opened)
    found = opened.desk.answers.full_text("Sanktionen", limit=10)
    assert {report.item.key for report in found} == {"a.txt", "b.txt"}
    assert opened.desk.answers.full_text("Sanktionen Genf", limit=10) == []
    assert opened.desk.answers.full_text('" OR * NEAR(', limit=10) == []


def test_a_path_that_is_not_there_is_said_to_be(office, opened, tmp_path):
    with pytest.raises(SourceError) as caught:
        opened.desk.intake.take_in_path(tmp_path / "none.txt", office.clock())
    assert caught.value.code == "unreadable"


def test_short_reports_of_different_events_with_the_same_people_are_different_stories(
    office, opened
):
    texts = {
        "kiew": "Scholz in Kiew\n\nBundeskanzler Olaf Scholz ist in Kiew eingetroffen."
        " Er traf Präsident Selenskyj und sagte weitere Hilfe zu.",
        "prag": "Scholz in Prag\n\nBundeskanzler Olaf Scholz ist in Prag eingetroffen."
        " Er traf Präsident Pavel und sprach über Energie.",
        "paris": "Neue Meldung\n\nDer französische Präsident Emmanuel Macron hat am Montag"
        " in Paris neue Sanktionen angekündigt.",
        "rom": "Dritte Meldung\n\nDer französische Präsident Emmanuel Macron ist am Dienstag"
        " nach Rom gereist.",
    }
    for name, text in texts.items():
        office.write(f"{name}.txt", text)
    take_in(office, opened)
    assert len({report.item.story_id for report in all_reports(opened)}) == 4


def test_a_report_that_breaks_the_reading_hinders_no_other(office, opened, monkeypatch):
    import digests.desk.intake as intake

    def signature(report, frequencies):
        if report.item.key == "b.txt":
            raise ZeroDivisionError
        return whole(report, frequencies)

    whole = intake.signature
    monkeypatch.setattr(intake, "signature", signature)
    for name in ("a.txt", "b.txt", "c.txt"):
        office.write(name, SCHOLZ.replace("Waffenruhe", f"Waffenruhe {name[0]}"))
    taken = take_in(office, opened)
    assert taken.new == 2
    assert [(key, error.code) for key, error in taken.errors] == [("b.txt", "unreadable")]
    monkeypatch.undo()  # mended: now it is taken in
    assert take_in(office, opened).new == 1
