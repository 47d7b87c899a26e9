"""The inbox, what is remembered of polling, item keys, and how old databases come to have them."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from digests.polling import History
from digests.store import archive, chats, inbox, open_store, polls
from digests.store.inbox import Entry, Known, entry_digest
from digests.types import (
    DeliveryMode,
    Draft,
    NoticeKind,
    Published,
    Reading,
    SourceKind,
    Target,
    TargetKind,
)
from tests.store.conftest import NOW

OLD = Path(__file__).parent / "first_revision.sql"
READING = Reading("de")


def add_feed(session, number=1):
    place = f"http://example.org/{number}"
    return archive.add_source(session, SourceKind.FEED, place, name=place, now=NOW)


def entry(key, text="Ein Text.", **options):
    draft = Draft(key, text, published=Published(NOW, "minute"), url="http://example.org/x")
    return Entry(draft, entry_digest(draft), **options)


def save(session, source_id, key, **options):
    draft = Draft(key, f"Text zu {key}")
    options = {"now": NOW, "backlog": False} | options
    return archive.save_item(session, source_id, draft, READING, "{}", (), **options).item


@pytest.fixture
def feeds(store):
    with store.writing() as session:
        return [add_feed(session, number).id for number in range(3)]


# --- Who is due -------------------------------------------------------------------------------


def test_a_clock_that_was_a_year_ahead_keeps_no_feed_from_being_asked(store, feeds):
    ahead, tomorrow, now = (
        NOW + timedelta(days=365),
        NOW + timedelta(days=7),
        NOW - timedelta(seconds=1),
    )
    with store.writing() as session:
        moments = zip(feeds, (ahead, tomorrow, now), strict=True)
        polls.note(session, [(feed, {"next_due_at": at}) for feed, at in moments])
        due = [one.source.id for one in polls.due_feeds(session, NOW)]
    assert sorted(due) == [feeds[0], feeds[2]]


# --- The inbox -------------------------------------------------------------------------------


def test_an_entry_comes_out_as_it_went_in(store, feeds):
    one = entry("k", "Ein „Text“ \U0001f600", canonical="https://example.org/x", first_pass=True)
    with store.writing() as session:
        inbox.queue(session, NOW, [(feeds[1], one)])
    with store.reading() as session:
        (queued,) = inbox.waiting(session, NOW, limit=5)
    assert (queued.entry, queued.source.id) == (one, feeds[1])


def test_a_key_waits_once_in_a_feed(store, feeds):
    with store.writing() as session:
        inbox.queue(session, NOW, [(feed, entry("k")) for feed in feeds])
    with pytest.raises(Exception, match="UNIQUE"), store.writing() as session:
        inbox.queue(session, NOW, [(feeds[0], entry("k", "neu"))])
    with store.writing() as session:
        inbox.queue(session, NOW, [(feeds[0], entry("k", "neu"))], [(feeds[0], "k")])
    with store.reading() as session:
        texts = [one.entry.draft.text for one in inbox.waiting(session, NOW, limit=9)]
    assert sorted(texts) == ["Ein Text.", "Ein Text.", "neu"]


def test_what_is_known_is_what_waits_or_was_read(store, feeds):
    keys = [f"k{number}" for number in range(1200)]
    with store.writing() as session:
        waiting = [(feeds[0], entry(key, key, first_pass=True, backlog=True)) for key in keys[::2]]
        inbox.queue(session, NOW, waiting)
        item = save(session, feeds[0], keys[1], digest="read")
        save(session, feeds[1], keys[3])
        assert item.id
        found = inbox.known(session, feeds[0], keys)
    assert len(found) == 601
    assert found["k1"] == Known("read")
    assert found["k2"] == Known(entry("k2", "k2").digest, True, True, True)


def test_an_entry_that_was_replaced_is_not_taken_for_the_one_before(store, feeds):
    """SQLite gives the highest number again once its row is gone."""
    with store.writing() as session:
        inbox.queue(session, NOW, [(feeds[0], entry("k"))])
        before = inbox.waiting(session, NOW, limit=1)
        inbox.queue(session, NOW, [(feeds[0], entry("k", "neu"))], [(feeds[0], "k")])
        after = inbox.waiting(session, NOW, limit=1)
        assert before[0].id == after[0].id
        assert inbox.still_waiting(session, before) == set()
        assert inbox.still_waiting(session, after) == {after[0].id}
        inbox.complete(session, before[0], Draft("k", "nie"))
        (same,) = inbox.waiting(session, NOW, limit=1)
        assert same.entry.draft.text == "neu"


def test_who_wants_a_page_waits_for_it_but_not_for_ever(store, feeds):
    with store.writing() as session:
        inbox.queue(session, NOW, [(feeds[0], entry("k", page_wanted=True))])
        assert inbox.waiting(session, NOW, limit=1) == []
        assert inbox.count_waiting(session, NOW) == 0
        (wanting,) = inbox.pages_wanted(session, after=0, limit=5)
        later = NOW + timedelta(hours=1)
        assert inbox.count_waiting(session, later) == 1
        inbox.complete(session, wanting, Draft("k", "Titel\n\nText", 5))
        assert inbox.pages_wanted(session, after=0, limit=5) == []
        (ready,) = inbox.waiting(session, NOW, limit=1)
    assert (ready.entry.draft.text, ready.entry.draft.title_end) == ("Titel\n\nText", 5)
    assert ready.entry.digest == wanting.entry.digest


def test_the_digest_is_of_the_words_alone():
    draft = Draft("k", "Ein Text.", 3)
    same = Draft("l", "Ein Text.", 3, Published(NOW, "minute"), url="http://example.org/?sid=1")
    assert entry_digest(draft) == entry_digest(same)
    others = [
        Draft("k", "Ein Text!", 3),
        Draft("k", "Ein Text.", 4),
        Draft("k", "Ein Text.", 3, language="de"),
    ]
    assert len({entry_digest(one) for one in (draft, *others)}) == 4


# --- Polling ---------------------------------------------------------------------------------


def test_what_is_due_comes_longest_due_first(store, feeds):
    with store.writing() as session:
        archive.add_source(session, SourceKind.FOLDER, "/r", name="r", now=NOW)
        for feed, minutes in zip(feeds, (5, -5, -9), strict=True):
            polls.note(session, [(feed, {"next_due_at": NOW + timedelta(minutes=minutes)})])
        assert [one.source.id for one in polls.due_feeds(session, NOW)] == [feeds[2], feeds[1]]
        polls.note(session, [(feeds[2], {"retired": True})])
        assert [one.source.id for one in polls.due_feeds(session, NOW)] == [feeds[1]]
        assert polls.still_asked(session, feeds) == set(feeds[:2])
        assert [one.location for one in archive.due_folders(session, NOW)] == ["/r"]


def test_what_polling_remembers_comes_back(store, feeds):
    noted = {
        "etag": '"a"',
        "changes": 1.5,
        "watched": 90.0,
        "failures": 2,
        "failing_since": NOW,
        "last_success_at": NOW,
        "ttl": 60,
        "interval": 120,
        "body_digest": "d",
        "failing_told": True,
        "weekly": 3.5,
        "error_code": "timeout",
        "error_params": {"url": "http://example.org"},
    }
    with store.writing() as session:
        polls.note(session, [(feeds[0], noted), (feeds[1], {"etag": "b"}), (feeds[2], noted)])
    with store.reading() as session:
        poll = polls.poll_of(session, feeds[2])
        assert polls.poll_of(session, feeds[1]).source.etag == "b"
        assert polls.weekly(session)[feeds[0]] == 3.5
    assert poll.history == History(NOW, 1.5, timedelta(seconds=90), 2, NOW)
    assert (poll.ttl, poll.source.interval) == (timedelta(minutes=1), timedelta(minutes=2))
    assert (poll.body_digest, poll.failing_told, poll.source.etag) == ("d", True, '"a"')
    assert poll.source.error == ("timeout", {"url": "http://example.org"})


def test_only_columns_can_be_noted(store, feeds):
    with pytest.raises(AttributeError), store.writing() as session:
        polls.note(session, [(feeds[0], {"id": 7})])


def test_feeds_are_counted_for_who_added_them_and_who_follows(store):
    with store.writing() as session:
        chat = chats.add_chat(
            session, "telegram:1", language="de", zone="UTC", schedule="off", now=NOW
        )
        made = [
            archive.add_source(
                session, SourceKind.FEED, f"http://e.org/{n}", name="n", now=NOW, added_by=chat.id
            )
            for n in range(3)
        ]
        polls.note(session, [(made[0].id, {"retired": True})])
        assert polls.count_added(session, chat.id) == 2
        target = Target(TargetKind.FEED, str(made[1].id))
        for thread in (0, 5):
            chats.subscribe(
                session,
                chat.id,
                thread,
                target,
                DeliveryMode.DIGEST,
                mark=0,
                next_due_at=None,
                now=NOW,
            )
        assert polls.followers(session) == {made[1].id: 1}
        assert [thread for _, thread in chats.followers(session, target)] == [0, 5]
        other = Target(TargetKind.FEED, str(made[2].id))
        chats.move_followers(session, target, other)
        assert chats.followers(session, target) == []
        assert [thread for _, thread in chats.followers(session, other)] == [0, 5]


def test_a_notice_stands_until_it_is_said(store, feeds):
    with store.writing() as session:
        polls.note(session, [(feeds[0], {"notice": NoticeKind.GONE})])
        (notice,) = polls.notices(session)
        assert (notice.source.id, notice.kind) == (feeds[0], NoticeKind.GONE)
        polls.note(session, [(feeds[0], {"notice": None})])
        assert polls.notices(session) == []


# --- Items in several feeds --------------------------------------------------------------------


def of(feed):
    return Target(TargetKind.FEED, str(feed))


def test_a_feed_has_the_items_it_holds_whosesoever_they_are(store, feeds):
    with store.writing() as session:
        own = save(session, feeds[0], "a")
        archive.note_key(session, feeds[1], "b", own.id, "d", first_pass=False)
        archive.note_key(session, feeds[2], "c", own.id, "d", first_pass=True)
        newest = archive.newest_seq(session)
        for feed in feeds:
            assert archive.item_ids(session, of(feed)) == [own.id]
            assert archive.count_matching(session, of(feed))[0] == 1
        assert archive.item_ids(session, of(feeds[1]), news=True, after=own.seq) == [own.id]
        assert archive.item_ids(session, of(feeds[1]), news=True, after=newest) == []
        assert archive.item_ids(session, of(feeds[2]), news=True) == []
        assert archive.item_ids(session, of(feeds[0]), until=own.seq - 1) == []
        save(session, feeds[0], "a")  # edited
        assert archive.item_ids(session, of(feeds[1]), news=True, after=newest) == [own.id]


def test_an_item_is_found_by_its_key_before_its_address(store, feeds):
    with store.writing() as session:
        one = save(session, feeds[0], "a", canonical="https://e.org/x", digest="d1")
        two = save(session, feeds[0], "b", canonical="https://e.org/y")
        by_key = archive.held(session, feeds[0], "a", "https://e.org/y")
        assert (by_key.item_id, by_key.digest, by_key.source_id) == (one.id, "d1", feeds[0])
        by_address = archive.held(session, feeds[1], "a", "https://e.org/y")
        assert (by_address.item_id, by_address.digest) == (two.id, None)
        assert archive.held(session, feeds[1], "a", None) is None
        assert archive.held(session, feeds[1], "a", "https://e.org/z") is None


def test_who_takes_an_item_over_is_its_source(store, feeds):
    with store.writing() as session:
        one = save(session, feeds[0], "a")
        again = save(session, feeds[1], "b", item_id=one.id)
        assert (again.id, again.source_id, again.key, again.revision) == (one.id, feeds[1], "b", 2)
        for feed in feeds[:2]:
            assert archive.item_ids(session, of(feed)) == [one.id]
        assert inbox.known(session, feeds[0], ["a"])["a"].digest != "x"


# --- Old databases ---------------------------------------------------------------------------


def test_what_an_old_database_holds_is_known_by_its_keys(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(OLD.read_text("utf-8"))
    (source, key, digest, seq) = connection.execute(
        "SELECT source_id, key, digest, seq FROM item JOIN revision ON item_id = id"
    ).fetchone()
    connection.close()
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.check()
    with store.writing() as session:
        assert inbox.known(session, source, [key]) == {key: Known(digest)}
        assert archive.held(session, source, key, None).item_id == 1
        assert archive.item_ids(session, of(source)) == [1]
        assert archive.newest_seq(session) >= seq
        assert save(session, source, "neu").seq > seq
        assert polls.due_feeds(session, NOW) == []
    store.close()
