"""The outbox's rows: what came too late, groups that move, and the upgrade to this revision."""

from datetime import timedelta

import pytest
from sqlmodel import select

from digests.store import chats, held, outbox, told
from digests.tables import DeliveryRow, ItemRow, OwedRow, ShownRow, SourceRow, TopicRow
from digests.types import DeliveryMode, DeliveryState, Target, TargetKind

LEASE = timedelta(seconds=60)
DAY = timedelta(days=1)
ALL = Target(TargetKind.EVERYTHING)


@pytest.fixture
def session(store, now):
    with store.writing() as made:
        made.add(SourceRow(kind="feed", location="x", name="x", added_at=now))
        made.flush()
        for number in range(1, 6):
            made.add(ItemRow(source_id=1, key=f"{number}", seq=number, ingested_at=now))
        made.flush()
        yield made


def a_chat(session, now, address="telegram:1", *, mode=DeliveryMode.ALERT, due=None):
    chat = chats.add_chat(
        session, address, language="de", zone="UTC", schedule="daily 07:00", now=now
    )
    chats.subscribe(session, chat.id, 0, ALL, mode, mark=0, next_due_at=due, now=now)
    return chat


def enqueue(session, chat, now, batch="a", items=(1,), parts=2, kind="alert", **options):
    payloads = [{"text": f"{batch}{n}"} for n in range(parts)]
    shown = [(item, 1) for item in items]
    told.enqueue(session, [told.Message(batch, (chat.id, 0), kind, [], shown)], now)
    outbox.enqueue(session, batch, chat.id, 0, kind, payloads, now=now, **options)


def states(session):
    return [row.state for row in session.exec(select(DeliveryRow).order_by(DeliveryRow.id))]


def claim(session, now, limit=1, **options):
    found = outbox.due(session, now, LEASE, "telegram:", limit=limit, **options)
    return outbox.claim(session, found, now, LEASE)


def test_what_came_too_late_is_owed_and_a_digest_comes_once(session, now):
    chat = a_chat(session, now)
    enqueue(session, chat, now, items=(1, 2))
    enqueue(session, chat, now + DAY, "b", items=(3,))
    assert outbox.any_stale(session, now, "telegram:")
    assert not outbox.any_stale(session, now, "console")
    assert outbox.fold_stale(session, now, now + DAY, "telegram:") == 1
    assert states(session) == [DeliveryState.STALE] * 2 + [DeliveryState.PENDING] * 2
    assert outbox.owed(session, [chat.id]) == {(chat.id, 0): {1, 2}}
    shown = {3: told.Told("alert", now + DAY)}
    assert told.told(session, [(chat.id, 0)], [1, 2, 3]) == {(chat.id, 0): shown}
    (one,) = chats.subscriptions(session, chat.id)
    assert one.next_due_at == (now + DAY).replace(hour=7) + DAY
    enqueue(session, chat, now + DAY, "c", items=(1,))
    assert outbox.owed(session, [chat.id]) == {(chat.id, 0): {2}}
    assert outbox.fold_stale(session, now, now + DAY, "telegram:") == 0


def test_that_there_was_unusually_much_is_dropped_when_it_is_old(session, now):
    chat = a_chat(session, now)
    outbox.enqueue(session, "spike", chat.id, 0, "spike", [{"text": "much"}], now=now)
    assert outbox.fold_stale(session, now, now + DAY, "telegram:") == 1
    assert states(session) == [DeliveryState.STALE]
    assert outbox.owed(session, [chat.id]) == {}
    (one,) = chats.subscriptions(session, chat.id)
    assert one.next_due_at is None  # who only gets alerts is given no digest for that


def test_a_digest_that_comes_anyway_keeps_its_time(session, now):
    chat = a_chat(session, now, mode=DeliveryMode.BOTH, due=now + timedelta(hours=2))
    enqueue(session, chat, now)
    outbox.fold_stale(session, now, now + DAY, "telegram:")
    (one,) = chats.subscriptions(session, chat.id)
    assert one.next_due_at == now + timedelta(hours=2)


def test_quiet_hours_make_nothing_old(session, now):
    chat = a_chat(session, now)
    enqueue(session, chat, now, not_before=now + timedelta(hours=9))
    assert not outbox.any_stale(session, now + timedelta(hours=8), "telegram:")
    assert outbox.any_stale(session, now + timedelta(hours=9), "telegram:")


def test_what_was_begun_or_perhaps_sent_is_finished_however_late(session, now):
    chat = a_chat(session, now)
    enqueue(session, chat, now, "begun")
    (first,) = claim(session, now)
    outbox.settle_sent(session, first, 1, now)
    other = a_chat(session, now, "telegram:2")
    enqueue(session, other, now, "doubt", items=(2,))
    (second,) = claim(session, now, busy=["telegram:1"])
    outbox.give_back(session, second, now, tried_at=now, maybe_sent=True)
    assert not outbox.any_stale(session, now + DAY, "telegram:")


def test_notices_and_what_older_versions_enqueued_are_sent_late(session, now):
    chat = a_chat(session, now)
    outbox.enqueue(session, "n", chat.id, 0, "notice", [{"text": "n"}], now=now)
    outbox.enqueue(session, "old", chat.id, 0, "alert", [{"text": "o"}], now=now)
    assert not outbox.any_stale(session, now + DAY, "telegram:")


def test_a_late_word_of_a_lost_claim_changes_nothing_unless_it_says_sent(session, now):
    chat = a_chat(session, now)
    enqueue(session, chat, now, parts=1)
    (first,) = claim(session, now)
    (second,) = claim(session, now + LEASE)
    assert second.maybe_sent
    outbox.give_back(session, first, now + DAY, tried_at=now, error="late")
    outbox.park(session, first, DeliveryState.REJECTED, "late", now)
    assert states(session) == [DeliveryState.CLAIMED]
    outbox.settle_sent(session, first, 5, now)
    assert states(session) == [DeliveryState.SENT]
    outbox.give_back(session, second, now, tried_at=now)
    assert states(session) == [DeliveryState.SENT]


def test_one_chat_with_many_messages_hides_no_other(session, now):
    crowd = a_chat(session, now)
    for number in range(60):
        enqueue(session, crowd, now, f"{number}", parts=1)
    enqueue(session, a_chat(session, now, "telegram:2"), now, "last", parts=1)
    found = outbox.due(session, now, LEASE, "telegram:", limit=5)
    assert [one.address for one in found] == ["telegram:1", "telegram:2"]


def test_patience_asked_for_ends_and_is_put_away(session, now):
    outbox.hold(session, "telegram:1", now, now + LEASE)
    outbox.hold(session, "telegram:", now + LEASE * 2, now + LEASE * 3)
    assert [one.scope for one in outbox.holds(session, now + LEASE * 2, "telegram:")] == [
        "telegram:"
    ]
    (one,) = outbox.holds(session, now - DAY, "telegram:")
    assert one.remaining(now - DAY) == LEASE


def test_a_group_that_moves_onto_a_known_chat_keeps_what_both_had(session, now):
    old = a_chat(session, now, "telegram:-1")
    new = a_chat(session, now, "telegram:-100")
    chats.pause_unreachable(session, old.id, "kicked")
    topic = Target(TargetKind.TOPIC, "t")
    mode = DeliveryMode.DIGEST
    chats.subscribe(session, new.id, 0, topic, mode, mark=0, next_due_at=None, now=now)
    session.add(TopicRow(id="t", name="t", query={}, owner=new.id))
    enqueue(session, old, now, "o", items=(1, 2))
    enqueue(session, new, now, "n", items=(2, 3))
    session.add(OwedRow(chat_id=new.id, thread=0, item_id=4))
    session.add(OwedRow(chat_id=old.id, thread=0, item_id=4))
    session.add(OwedRow(chat_id=new.id, thread=0, item_id=5))
    session.flush()
    chats.move_chat(session, "telegram:-1", "telegram:-100")
    session.expire_all()
    moved = chats.chat_at(session, "telegram:-100")
    assert moved.id == old.id
    assert moved.unreachable is None
    assert chats.chat_at(session, "telegram:-1") is None
    assert {one.target for one in chats.subscriptions(session, old.id)} == {ALL, topic}
    assert {row.item_id for row in session.exec(select(ShownRow))} == {1, 2, 3}
    assert {row.chat_id for row in session.exec(select(ShownRow))} == {old.id}
    assert outbox.owed(session, [old.id]) == {(old.id, 0): {4, 5}}
    assert {row.chat_id for row in session.exec(select(DeliveryRow))} == {old.id}
    assert session.get(TopicRow, "t").owner == old.id


def test_moving_to_where_it_is_or_from_nowhere_changes_nothing(session, now):
    chat = a_chat(session, now, "telegram:-1")
    chats.move_chat(session, "telegram:-1", "telegram:-1")
    chats.move_chat(session, "telegram:-9", "telegram:-1")
    assert chats.chat_at(session, "telegram:-1").id == chat.id


def test_what_is_done_with_is_forgotten_after_a_while_and_nothing_else(session, now):
    kept = [DeliveryState.PENDING, DeliveryState.REJECTED, DeliveryState.DOUBTFUL]
    for number, state in enumerate(DeliveryState):
        for age in (40, 30, 20):
            chat = a_chat(session, now, f"telegram:{number}")
            enqueue(session, chat, now, f"{state} {age}", parts=1, items=(1,))
            row = session.exec(select(DeliveryRow).order_by(DeliveryRow.id.desc())).first()
            row.state, row.settled_at = state, now - DAY * age
    session.flush()
    before = now - DAY * 30
    assert outbox.any_old(session, before)
    assert outbox.forget_old(session, before, limit=2) == 2  # some at a time
    assert outbox.forget_old(session, before, limit=2) == 1
    assert not outbox.any_old(session, before)
    left = {row.batch for row in session.exec(select(DeliveryRow))}
    gone = {f"{state} 40" for state in outbox.DONE}
    assert left == {f"{state} {age}" for state in DeliveryState for age in (40, 30, 20)} - gone
    assert {f"{state} 40" for state in kept} <= left
    # What the chats were shown is known all the same.
    assert len(session.exec(select(ShownRow)).all()) == len(DeliveryState)


def test_that_there_was_much_told_by_a_clock_since_set_back_does_not_count(session, now):
    chat = a_chat(session, now)
    held.note_spikes(session, chat.id, 0, ["nato"], now + DAY * 365)
    assert held.spikes_told(session, chat.id, 0, now - DAY, now) == set()
    held.note_spikes(session, chat.id, 0, ["nato"], now)
    assert held.spikes_told(session, chat.id, 0, now - DAY, now) == {"nato"}
