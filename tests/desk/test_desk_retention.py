"""Texts of old reports are removed: titles, links and counts stay, quotations and words go."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.commands import Caller, answer
from bot.runtime import _cut_old
from bot.settings import load
from bot.texts import Texts
from digests.errors import DepescheError
from digests.store import retention
from digests.tables import ItemActorRow, ItemRow, RevisionRow
from tests.desk.conftest import LAWROW, SCHOLZ

NEW = """Scholz reist nach Paris

Stand: 20.02.2026 10:00 Uhr

Der frühere Bundeskanzler Olaf Scholz ist am Freitag nach Paris gereist.

„Das wird gut“, sagte Scholz.
"""
COMMANDS = (
    *("/actor Scholz", "/timeline Scholz", "/statements Scholz", "/company Scholz", "/latest"),
    *("/topic", "/story 1", "/story 2", "/search Scholz", "/digest", "Lawrow", "/topic Genf"),
)


def take_in(office, opened):
    opened.desk.intake.take_in_folders(office.clock())


def cut(office, opened, days=30) -> int:
    return retention.cut_old(opened.store, office.clock() - timedelta(days=days))


def say(office, opened, text):
    chat = opened.desk.following.chat("telegram:1", office.clock())
    return answer(text, Caller(opened.desk, chat, Texts.of(chat), office.clock()))


def words(reply) -> str:
    return "\n".join(one.text for one in reply.blocks)


@pytest.fixture
def aged(office, opened):
    """Two old reports and a new one, the texts of the old ones removed."""
    office.write("a.txt", SCHOLZ)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    office.clock.forward(days=41)
    office.write("c.txt", NEW)
    take_in(office, opened)
    assert cut(office, opened) == 2
    return opened


def texts_of(opened) -> list[str]:
    with opened.store.reading() as session:
        return list(session.exec(select(RevisionRow.text).order_by(RevisionRow.item_id)))


def test_only_titles_are_left_of_what_is_old(aged):
    old, other, new = texts_of(aged)
    assert old.strip() == "Scholz fordert Waffenruhe"
    assert other.strip() == "Lawrow reist nach Genf"
    assert "Paris gereist" in new


def test_it_is_done_once_and_in_small_batches(office, aged, monkeypatch):
    assert cut(office, aged) == 0
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    assert cut(office, aged, days=-1) == 1


def test_a_stop_is_heeded_between_batches(office, opened, monkeypatch):
    office.write("a.txt", SCHOLZ)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    answers = iter((False, True))
    before = office.clock() + timedelta(days=1)
    assert retention.cut_old(opened.store, before, lambda: next(answers)) == 1


def test_nothing_is_quoted_that_is_kept_no_more_and_reports_are_counted_all_the_same(office, aged):
    said = words(say(office, aged, "/statements Scholz"))
    assert "Waffen müssen schweigen" not in said
    assert "Das wird gut" in said
    card = say(office, aged, "/actor Scholz")
    assert card.actor is not None
    with aged.store.reading() as session:
        rows = session.exec(
            select(ItemActorRow).where(ItemActorRow.actor_id == "olaf-scholz")
        ).all()
        assert len(rows) == 2
        assert sorted(one.statements for one in rows) == [0, 1]
        assert all(one.mentions for one in rows)


def test_the_search_finds_old_reports_by_their_titles_only(office, aged):
    assert "Waffenruhe" in words(say(office, aged, "/search Waffenruhe"))
    assert not say(office, aged, "/search Abgeordneten").stories
    assert "Paris" in words(say(office, aged, "/search Paris"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_and_shows_nothing_empty(office, aged, command):
    reply = say(office, aged, command)
    assert reply.blocks
    assert all(one.text.strip() for one in reply.blocks)
    assert "„“" not in words(reply)


def test_a_digest_of_what_waited_that_long_names_it_by_its_title(office, opened):
    chat = opened.desk.following.chat("telegram:1", office.clock())
    say(office, opened, "/subscribe Scholz")
    say(office, opened, "/pause")
    office.clock.forward(minutes=1)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=41)
    cut(office, opened)
    assert chat is not None
    assert "Scholz fordert Waffenruhe" in words(say(office, opened, "/digest"))


def test_what_a_source_still_holds_does_not_come_back_but_a_changed_report_does(office, aged):
    take_in(office, aged)
    assert texts_of(aged)[0].strip() == "Scholz fordert Waffenruhe"
    office.write("a.txt", SCHOLZ.replace("Er sprach", "Er sprach am Abend"))
    office.clock.forward(days=1)
    take_in(office, aged)
    with aged.store.reading() as session:
        item = session.exec(select(ItemRow).where(ItemRow.key == "a.txt")).one()
        assert not item.text_gone
        current = session.get(RevisionRow, (item.id, item.revision))
        assert "am Abend" in current.text
    assert cut(office, aged) == 0


def test_a_merge_after_the_removal_leaves_counts_as_they_are(office, aged):
    def mentions():
        with aged.store.reading() as session:
            rows = session.exec(select(ItemActorRow))
            return sorted((one.item_id, one.mentions, one.statements) for one in rows)

    before = mentions()
    aged.desk.merging.merge("sergej-lawrow", "olaf-scholz", office.clock(), force=True)
    aged.desk.merging.split("sergej-lawrow")
    assert mentions() == before


def test_texts_are_kept_for_good_unless_the_operator_says_otherwise(office, aged):
    assert _cut_old(aged) == 0
    office.clock.forward(days=365)
    assert _cut_old(aged) == 0
    assert "Paris gereist" in texts_of(aged)[2]


@pytest.mark.parametrize("days", [1, 29, -1])
def test_a_period_shorter_than_what_is_told_needs_is_refused(days):
    with pytest.raises(DepescheError) as caught:
        load(_env_file=None, item_retention_days=days)
    assert caught.value.params["name"] == "ITEM_RETENTION_DAYS"
