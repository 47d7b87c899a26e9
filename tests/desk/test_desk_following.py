"""How a subscription is delivered: own times, alerts by the hour, names to come, pauses."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.payloads import render_alert, render_digest
from digests.errors import InputError
from digests.tables import DeliveryRow
from digests.types import DeliveryMode, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ

BERLIN = ZoneInfo("Europe/Berlin")
LAWROW_ID = Target(TargetKind.ACTOR, "sergej-lawrow")
SCHOLZ_ID = Target(TargetKind.ACTOR, "olaf-scholz")

NEWCOMER = """Neue Sprecherin in Musterstadt

Stand: 10.01.2026 11:00 Uhr

Die Bürgermeisterin Ottilie Quastenberg hat am Samstag in Hamburg den Haushalt vorgestellt.
„Wir sparen nicht an den Schulen“, sagte Quastenberg.
"""


@pytest.fixture
def desk(office, opened):
    """A house where news can come in: what is written now is no archive."""
    opened.desk.intake.take_in_due(office.clock())
    return opened


@pytest.fixture
def chat(office, desk):
    made = desk.desk.following.chat("telegram:1", office.clock())
    return desk.desk.following.set_silent(made, silent=True)


def follow(office, built, chat, target, mode=DeliveryMode.DIGEST):
    following = built.desk.following
    following.subscribe(chat, 0, target, mode, office.clock())
    return next(one for one in following.subscriptions(chat) if one.target == target)


def take(office, built, name, text, **by):
    office.write(name, text)
    office.clock.forward(**(by or {"minutes": 1}))
    assert built.desk.intake.take_in_due(office.clock()).new == 1


def sent(built):
    with built.store.reading() as session:
        rows = session.exec(select(DeliveryRow).order_by(DeliveryRow.id)).all()
        return [(row.kind, row.payload["text"]) for row in rows]


def rounds(office, built):
    """What the bot does every few seconds; gives how many messages that makes."""
    made = built.desk.rounds.compose_alerts(office.clock(), render_alert)
    return made + built.desk.rounds.compose_due(office.clock(), render_digest)


def at(office, built, *when):
    office.clock.at = datetime(*when, tzinfo=BERLIN)
    return rounds(office, built)


# --- Times of its own ----------------------------------------------------------------------


def test_a_subscription_has_times_of_its_own(office, desk, chat):
    weekly = follow(office, desk, chat, SCHOLZ_ID)
    follow(office, desk, chat, LAWROW_ID)
    desk.desk.following.schedule(chat, weekly, "mo 09:30", office.clock())
    take(office, desk, "a.txt", LAWROW)
    take(office, desk, "b.txt", SCHOLZ)
    assert at(office, desk, 2026, 1, 11, 7) == 1  # a Sunday: only what is daily
    assert at(office, desk, 2026, 1, 12, 9, 29) == 0
    assert at(office, desk, 2026, 1, 12, 9, 30) == 1
    (_, first), (_, second) = sent(desk)
    assert "Lawrow reist" in first
    assert "Scholz fordert" not in first
    assert "Scholz fordert" in second


def test_times_of_its_own_move_with_the_zone_and_not_with_the_times_of_the_chat(office, desk, chat):
    one = follow(office, desk, chat, SCHOLZ_ID)
    following = desk.desk.following
    following.schedule(chat, one, "09:30", office.clock())
    chat = following.set_schedule(chat, "18:00", office.clock())
    assert following.subscription(chat, one.id).next_due_at.astimezone(BERLIN).hour == 9
    chat = following.set_zone(chat, "Asia/Tokyo", office.clock())
    due = following.subscription(chat, one.id).next_due_at
    assert due.astimezone(ZoneInfo("Asia/Tokyo")).hour == 9
    back = following.schedule(chat, one, None, office.clock())
    assert back.next_due_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 18


def test_what_is_no_schedule_changes_nothing(office, desk, chat):
    one = follow(office, desk, chat, SCHOLZ_ID)
    with pytest.raises(InputError):
        desk.desk.following.schedule(chat, one, "irgendwann", office.clock())
    assert desk.desk.following.subscription(chat, one.id) == one


def test_another_chats_subscription_is_none(office, desk, chat):
    one = follow(office, desk, chat, SCHOLZ_ID)
    other = desk.desk.following.chat("telegram:2", office.clock())
    assert desk.desk.following.subscription(other, one.id) is None


# --- Alerts by the hour --------------------------------------------------------------------


def test_alerts_by_the_hour_come_on_the_hour_and_as_one(office, desk, chat):
    for target in (LAWROW_ID, SCHOLZ_ID):
        one = follow(office, desk, chat, target)
        desk.desk.following.deliver(chat, one, DeliveryMode.ALERT, office.clock(), hourly=True)
    take(office, desk, "a.txt", LAWROW, minutes=10)
    assert rounds(office, desk) == 0
    take(office, desk, "b.txt", SCHOLZ, minutes=30)
    assert rounds(office, desk) == 0
    assert at(office, desk, 2026, 1, 10, 13, 59) == 0
    assert at(office, desk, 2026, 1, 10, 14, 0, 3) == 1
    ((kind, text),) = sent(desk)
    assert kind == "alert"
    assert "Lawrow reist" in text
    assert "Scholz fordert" in text
    assert at(office, desk, 2026, 1, 10, 15, 0) == 0


def test_who_is_told_at_once_of_one_thing_waits_only_for_the_other(office, desk, chat):
    follow(office, desk, chat, LAWROW_ID, DeliveryMode.ALERT)
    hourly = follow(office, desk, chat, SCHOLZ_ID)
    desk.desk.following.deliver(chat, hourly, DeliveryMode.BOTH, office.clock(), hourly=True)
    take(office, desk, "b.txt", SCHOLZ)
    take(office, desk, "a.txt", LAWROW)
    assert rounds(office, desk) == 1
    assert "Scholz" not in sent(desk)[0][1]
    assert at(office, desk, 2026, 1, 10, 14) == 1


def test_alerts_by_the_hour_wait_for_the_end_of_quiet_hours(office, desk, chat):
    chat = desk.desk.following.set_quiet(chat, "12:00-15:30")
    one = follow(office, desk, chat, LAWROW_ID)
    desk.desk.following.deliver(chat, one, DeliveryMode.ALERT, office.clock(), hourly=True)
    take(office, desk, "a.txt", LAWROW)
    for hour in (13, 14, 15):
        assert at(office, desk, 2026, 1, 10, hour, 5) == 0
    assert at(office, desk, 2026, 1, 10, 15, 30) == 1


# --- Names yet to come ---------------------------------------------------------------------


def test_who_follows_a_name_follows_the_actor_that_comes_to_bear_it(office, desk, chat):
    name = Target(TargetKind.NAME, "Ottilie Quastenberg")
    follow(office, desk, chat, name)
    take(office, desk, "a.txt", LAWROW)
    assert [one.target for one in desk.desk.following.subscriptions(chat)] == [name]
    take(office, desk, "b.txt", NEWCOMER)
    (one,) = desk.desk.following.subscriptions(chat)
    assert one.target == Target(TargetKind.ACTOR, "ottilie-quastenberg")
    assert at(office, desk, 2026, 1, 11, 7) == 1
    assert "sparen nicht an den Schulen" in sent(desk)[0][1]  # also what made the actor known


def test_a_surname_is_enough_and_nobody_follows_twice(office, desk, chat):
    follow(office, desk, chat, Target(TargetKind.NAME, "quastenberg"))
    follow(office, desk, chat, Target(TargetKind.NAME, "Ottilie Quastenberg"))
    take(office, desk, "b.txt", NEWCOMER)
    (one,) = desk.desk.following.subscriptions(chat)
    assert one.target.kind is TargetKind.ACTOR


def test_a_name_that_the_list_of_actors_comes_to_know_is_met_at_the_start(office, desk, chat):
    follow(office, desk, chat, Target(TargetKind.NAME, "Olaf Scholz"))
    desk.desk.intake.prepare(None, None, office.clock())
    (one,) = desk.desk.following.subscriptions(chat)
    assert one.target == SCHOLZ_ID


def test_a_name_that_nobody_bears_makes_no_noise(office, desk, chat):
    follow(office, desk, chat, Target(TargetKind.NAME, "Niemand Nirgendwer"), DeliveryMode.BOTH)
    take(office, desk, "a.txt", LAWROW)
    assert rounds(office, desk) == 0
    assert desk.desk.rounds.look(chat, 0).stories == 0


# --- Back from a pause ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(DeliveryMode))
def test_what_came_in_a_pause_until_a_day_is_one_digest_that_morning(office, desk, chat, mode):
    for target in (LAWROW_ID, SCHOLZ_ID):
        follow(office, desk, chat, target, mode)
    desk.desk.following.pause(chat, datetime(2026, 1, 20, tzinfo=BERLIN))
    take(office, desk, "a.txt", LAWROW)
    assert rounds(office, desk) == 0
    take(office, desk, "b.txt", SCHOLZ, days=3)
    assert rounds(office, desk) == 0
    assert at(office, desk, 2026, 1, 20, 0, 0, 5) == 0
    assert at(office, desk, 2026, 1, 20, 7) == 1
    ((kind, text),) = sent(desk)
    assert kind == "digest"
    assert "Lawrow reist" in text
    assert "Scholz fordert" in text
    assert at(office, desk, 2026, 1, 21, 7) == 0


def test_after_the_pause_alerts_come_at_once_again(office, desk, chat):
    follow(office, desk, chat, LAWROW_ID, DeliveryMode.ALERT)
    desk.desk.following.pause(chat, office.clock() + timedelta(days=2))
    office.clock.forward(days=3)
    assert rounds(office, desk) == 0
    take(office, desk, "a.txt", LAWROW)
    assert rounds(office, desk) == 1
    assert sent(desk)[0][0] == "alert"


def test_who_wants_no_digests_at_all_is_told_in_one_when_resuming(office, desk, chat):
    chat = desk.desk.following.set_schedule(chat, "off", office.clock())
    follow(office, desk, chat, LAWROW_ID, DeliveryMode.BOTH)
    desk.desk.following.pause(chat, None)
    take(office, desk, "a.txt", LAWROW)
    desk.desk.following.resume(chat, office.clock())
    assert rounds(office, desk) == 1
    assert sent(desk)[0][0] == "digest"
    office.clock.forward(days=2)
    assert rounds(office, desk) == 0
