"""Digests and alerts: what is due is enqueued once, nothing twice, nothing lost."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.payloads import render_alert, render_digest
from digests.store import chats, outbox
from digests.tables import DeliveryRow, ShownRow
from digests.types import DeliveryMode, DeliveryState, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ

SCHOLZ_ID = Target(TargetKind.ACTOR, "olaf-scholz")
LAWROW_ID = Target(TargetKind.ACTOR, "sergej-lawrow")
EVERYTHING = Target(TargetKind.EVERYTHING)


def deliveries(built):
    with built.store.reading() as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))


def follow(
    office,
    built,
    target=EVERYTHING,
    mode=DeliveryMode.DIGEST,
    address="telegram:1",
    thread=0,
    *,
    silent=True,
):
    chat = built.desk.following.chat(address, office.clock())
    chat = built.desk.following.set_silent(chat, silent=silent)
    built.desk.following.subscribe(chat, thread, target, mode, office.clock())
    return chat


def take_in(office, built):
    office.clock.forward(minutes=1)
    return built.desk.intake.take_in_due(office.clock())


def test_a_digest_comes_at_its_time_with_what_is_new_and_only_once(office, opened):
    take_in(office, opened)
    follow(office, opened)
    office.write("a.txt", SCHOLZ)
    assert take_in(office, opened).new == 1
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0  # not seven yet
    office.clock.forward(hours=20)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert "Waffenruhe" in row.payload["text"]
    assert row.kind == "digest"
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0  # nothing new
    assert len(deliveries(opened)) == 1


def test_what_the_archive_held_is_no_news(office, opened):
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    follow(office, opened)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0


def test_old_reports_of_a_first_pass_are_archive_even_for_earlier_followers(office, opened):
    follow(office, opened)
    office.write("old.txt", SCHOLZ.replace("2026", "2022"))
    office.write("new.txt", LAWROW)
    take_in(office, opened)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert "Lawrow" in row.payload["text"]
    assert "Scholz" not in row.payload["text"]


def test_days_asleep_make_one_digest(office, opened):
    take_in(office, opened)
    follow(office, opened)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=5)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert "Scholz" in row.payload["text"]
    assert "Lawrow" in row.payload["text"]
    with opened.store.reading() as session:
        (one,) = chats.subscriptions(session, 1)
        assert one.next_due_at > office.clock()


def test_two_subscriptions_of_a_chat_share_a_digest_and_a_story_is_shown_once(office, opened):
    take_in(office, opened)
    follow(office, opened, SCHOLZ_ID)
    follow(office, opened, Target(TargetKind.ACTOR, "spd"))
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert row.payload["text"].count("Scholz fordert Waffenruhe") == 1
    assert "SPD" in row.payload["text"]


def test_each_forum_topic_has_its_own_digest(office, opened):
    take_in(office, opened)
    follow(office, opened, SCHOLZ_ID, thread=7)
    follow(office, opened, LAWROW_ID, thread=9)
    office.write("a.txt", SCHOLZ)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 2
    assert {row.thread: "Scholz" in row.payload["text"] for row in deliveries(opened)} == {
        7: True,
        9: False,
    }


def test_an_alert_comes_at_once_and_the_digest_does_not_repeat_it(office, opened):
    take_in(office, opened)
    follow(office, opened, SCHOLZ_ID, DeliveryMode.BOTH)
    office.write("a.txt", SCHOLZ)
    office.write("b.txt", LAWROW)
    take_in(office, opened)
    assert opened.desk.rounds.compose_alerts(office.clock(), render_alert) == 1
    assert opened.desk.rounds.compose_alerts(office.clock(), render_alert) == 0
    (row,) = deliveries(opened)
    assert row.kind == "alert"
    assert "Scholz" in row.payload["text"]
    assert "Lawrow" not in row.payload["text"]
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0


def test_a_paused_chat_gets_one_digest_when_it_resumes(office, opened):
    take_in(office, opened)
    chat = follow(office, opened)
    opened.desk.following.pause(chat, None)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=3)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    opened.desk.following.resume(chat, office.clock())
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert len(deliveries(opened)) == 1


def test_a_pause_until_a_day_ends_by_itself(office, opened):
    take_in(office, opened)
    chat = follow(office, opened)
    opened.desk.following.pause(chat, office.clock() + timedelta(days=2))
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0  # not in the night
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1


def test_composing_that_dies_leaves_mark_and_outbox_as_they_were(office, opened):
    take_in(office, opened)
    follow(office, opened)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=1)

    def broken(_digest, _chat):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        opened.desk.rounds.compose_due(office.clock(), broken)
    assert deliveries(opened) == []
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1


def test_a_look_changes_nothing(office, opened):
    take_in(office, opened)
    chat = follow(office, opened)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    first = opened.desk.rounds.look(chat, 0)
    assert first == opened.desk.rounds.look(chat, 0)
    assert first.pending
    assert first.reports == 1
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    after = opened.desk.rounds.look(chat, 0)
    assert not after.pending  # the archive, and said to be


def test_a_group_that_moves_keeps_subscriptions_and_deliveries(office, opened):
    take_in(office, opened)
    chat = follow(office, opened, address="telegram:-5")
    opened.desk.following.chat("telegram:-1005", office.clock())  # its update came first
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=1)
    opened.desk.rounds.compose_due(office.clock(), render_digest)
    opened.desk.following.move("telegram:-5", "telegram:-1005")
    with opened.store.writing() as session:
        assert chats.chat_at(session, "telegram:-5") is None
        moved = chats.chat_at(session, "telegram:-1005")
        assert moved.id == chat.id
        (delivery,) = outbox.due(session, office.clock(), timedelta(), "telegram:")
        assert delivery.address == "telegram:-1005"


def test_nothing_is_left_of_a_deleted_chat(office, opened):
    take_in(office, opened)
    chat = follow(office, opened)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=1)
    opened.desk.rounds.compose_due(office.clock(), render_digest)
    opened.desk.following.delete(chat)
    assert deliveries(opened) == []
    with opened.store.reading() as session:
        assert chats.chat_at(session, "telegram:1") is None
        assert session.exec(select(ShownRow).where(ShownRow.chat_id == chat.id)).all() == []


def test_a_digest_with_nothing_new_says_so_in_a_line_unless_silence_is_wanted(office, opened):
    take_in(office, opened)
    chat = follow(office, opened, SCHOLZ_ID, silent=False)
    follow(office, opened, LAWROW_ID, DeliveryMode.ALERT, silent=False)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (row,) = deliveries(opened)
    assert row.payload["text"] == "Nichts Neues: Olaf Scholz"
    assert row.payload["buttons"] == [[["Dann lieber schweigen", "/settings nothing silent"]]]
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0  # that one waits yet
    opened.desk.following.set_silent(chat, silent=True)
    with opened.store.writing() as session:
        session.get_one(DeliveryRow, row.id).state = DeliveryState.SENT
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    opened.desk.following.set_silent(chat, silent=False)
    office.clock.forward(days=1)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1


def test_who_follows_for_alerts_only_is_not_told_that_nothing_is_new(office, opened):
    take_in(office, opened)
    chat = follow(office, opened, SCHOLZ_ID, DeliveryMode.ALERT, silent=False)
    with opened.store.writing() as session:
        (one,) = chats.subscriptions(session, chat.id)
        chats.update_subscription(session, one.id, next_due_at=office.clock())
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0


def test_a_clock_that_was_a_year_ahead_puts_nothing_off_for_good(office, opened):
    """As on a small machine that knows the time only when its network is up."""
    take_in(office, opened)
    follow(office, opened, silent=False)
    office.clock.forward(days=365)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (ahead,) = deliveries(opened)
    office.clock.forward(days=-365)
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 0
    with opened.store.reading() as session:
        lease = timedelta(minutes=1)
        (found,) = outbox.due(session, office.clock(), lease, "telegram:")
        assert found.id == ahead.id  # what was composed then is sent now
        ((one,),) = chats.all_subscriptions(session, [1]).values()
        assert one.next_due_at - office.clock() < timedelta(days=1)
    office.clock.forward(hours=20)
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert "Waffenruhe" in deliveries(opened)[1].payload["text"]


def test_an_alert_that_a_clock_a_year_ahead_put_off_is_told_when_it_is_right(office, opened):
    take_in(office, opened)
    chat = follow(office, opened, mode=DeliveryMode.ALERT)
    opened.desk.following.set_quiet(chat, "10:00-23:00")
    office.write("a.txt", SCHOLZ)
    take_in(office, opened)
    office.clock.forward(days=365)
    assert opened.desk.rounds.compose_alerts(office.clock(), render_alert) == 0  # it waits
    office.clock.forward(days=-365)
    assert opened.desk.rounds.compose_alerts(office.clock(), render_alert) == 0  # quiet hours
    office.clock.forward(hours=12)
    assert opened.desk.rounds.compose_alerts(office.clock(), render_alert) == 1
