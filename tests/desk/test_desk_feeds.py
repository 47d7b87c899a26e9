"""Feeds through the desk: found, added, imported, asked again, changed, gone, in trouble."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from digests.desk import Permissions
from digests.errors import InputError, SourceError
from digests.nlp.pipelines import Pipelines
from digests.sources.opml import FeedRef, read_feeds_file, write_opml
from digests.store import archive, inbox
from digests.tables import DeliveryRow
from digests.types import SourceKind, Target, TargetKind
from tests.sources.feedserver import FeedServer, redirect, reply

ENTRY = """<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>
<pubDate>{date}</pubDate><description>{text}</description></item>"""
DATE = "Sat, 10 Jan 2026 09:00:00 GMT"


def feed(*entries, title="Amtsblatt", link="http://example.org/", head=""):
    """An RSS feed of (guid, title, text) or (guid, title, text, changes)."""
    items = []
    for guid, headline, text, *changes in entries:
        fields = {"date": DATE, "link": f"http://example.org/{guid}"}
        fields |= changes[0] if changes else {}
        items.append(ENTRY.format(guid=guid, title=headline, text=text, **fields))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{link}</link><language>de</language>{head}{''.join(items)}</channel></rss>"
    ).encode()


FIRST = ("1", "Macron in Paris", "Emmanuel Macron hat in Paris Sanktionen angekündigt.")
SECOND = ("2", "Scholz in Berlin", "Olaf Scholz hat in Berlin eine Rede gehalten.")
THIRD = ("3", "Baerbock in Rom", "Annalena Baerbock hat in Rom ein Gespräch geführt.")
XML = {"Content-Type": "application/rss+xml"}
PAGE = {"Content-Type": "text/html"}


@pytest.fixture
def server():
    made = FeedServer()
    yield made
    made.close()


@pytest.fixture
def amtsblatt(office, opened, server):
    """A feed of one entry that was added and read."""
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML | {"ETag": '"a"'})
    added = opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    opened.desk.intake.read_inbox(office.clock())
    return added.source


def poll(office, built, **later):
    """Let time pass, ask what is due, read what came."""
    office.clock.forward(**(later or {"hours": 24}))
    polled = built.desk.feeds.poll_due(office.clock)
    return polled, built.desk.intake.take_in_due(office.clock())


EVERYTHING = Target(TargetKind.EVERYTHING)


def reports(built, target=EVERYTHING, **options):
    with built.store.reading() as session:
        return archive.reports(session, archive.item_ids(session, target, **options))


def all_feeds(built):
    with built.store.reading() as session:
        return archive.sources(session, SourceKind.FEED)


def the_feed(built):
    (found,) = all_feeds(built)
    return found


def texts(built, *args, **options):
    return [one.item.text for one in reports(built, *args, **options)]


def of_feed(source):
    return Target(TargetKind.FEED, str(source.id))


# --- Added, and asked again ----------------------------------------------------------------


def test_a_feed_is_added_asked_again_and_brings_what_is_new(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    added = opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    assert (added.source.name, added.queued, added.newest_title, added.known) == (
        "Amtsblatt",
        1,
        "Macron in Paris",
        False,
    )
    assert opened.desk.intake.read_inbox(office.clock()).new == 1
    server.routes["/feed"] = reply(body=feed(SECOND, FIRST), headers=XML)
    assert opened.desk.feeds.poll_due(office.clock).asked == 0  # not due yet
    polled, taken = poll(office, opened)
    assert (polled.asked, polled.changed, polled.queued, polled.failed) == (1, 1, 1, 0)
    assert taken.new == 1
    names = {report.item.source_name for report in reports(opened)}
    assert names == {"Amtsblatt"}


def test_a_feed_that_is_known_is_not_fetched_again(office, opened, server, amtsblatt):
    asked = len(server.requests)
    added = opened.desk.feeds.add(server.url.upper() + "/feed#top", None, office.clock())
    assert (added.known, added.source.id, added.newest_title) == (
        True,
        amtsblatt.id,
        "Macron in Paris",
    )
    assert len(server.requests) == asked


def test_a_feed_is_followed_where_it_is_for_good(office, opened, server):
    server.routes["/old"] = redirect("/new", 301)
    server.routes["/new"] = reply(body=feed(FIRST), headers=XML)
    added = opened.desk.feeds.add(server.url + "/old", None, office.clock())
    assert added.source.location == server.url + "/new"
    again = opened.desk.feeds.add(server.url + "/old", None, office.clock())
    assert (again.known, again.source.id) == (True, added.source.id)


def test_a_feed_that_moves_is_asked_at_its_new_place(office, opened, server, amtsblatt):
    server.routes["/feed"] = redirect("/moved", 308)
    server.routes["/moved"] = reply(body=feed(SECOND, FIRST), headers=XML)
    assert poll(office, opened)[1].new == 1
    assert the_feed(opened).location == server.url + "/moved"
    asked = len(server.requests)
    poll(office, opened)
    assert [path for path, _ in server.requests[asked:]] == ["/moved"]


def test_two_feeds_that_move_to_one_place_become_one(office, opened, server):
    following = opened.desk.following
    one, two = (following.chat(f"telegram:{n}", office.clock()) for n in (1, 2))
    for name, chat in (("/a", one), ("/b", two)):
        server.routes[name] = reply(body=feed(FIRST, title=name), headers=XML)
        source = opened.desk.feeds.add(server.url + name, None, office.clock()).source
        for follower in (chat, two):
            following.subscribe(follower, 0, of_feed(source), "digest", office.clock())
        server.routes[name] = redirect("/one", 301)
    server.routes["/one"] = reply(body=feed(SECOND), headers=XML)
    for _ in range(2):
        assert poll(office, opened)[0].failed == 0
    assert the_feed(opened).location == server.url + "/one"
    for chat in (one, two):
        (subscription,) = following.subscriptions(chat)
        assert subscription.target == of_feed(the_feed(opened))
    assert sorted(one.item.title for one in reports(opened)) == sorted([FIRST[1], SECOND[1]])
    asked = len(server.requests)
    poll(office, opened)
    assert [path for path, _ in server.requests[asked:]] == ["/one"]


def test_an_edited_entry_is_a_revision(office, opened, server, amtsblatt):
    edited = (FIRST[0], FIRST[1], FIRST[2].replace("Sanktionen", "neue Sanktionen"))
    server.routes["/feed"] = reply(body=feed(edited), headers=XML)
    _, taken = poll(office, opened)
    assert (taken.new, taken.revised) == (0, 1)
    (report,) = reports(opened)
    assert report.item.revision == 2


def test_a_new_date_or_link_alone_is_no_revision(office, opened, server, amtsblatt):
    bumped = (*FIRST, {"date": "Sun, 11 Jan 2026 09:00:00 GMT", "link": "http://example.org/x"})
    server.routes["/feed"] = reply(body=feed(bumped), headers=XML)
    polled, taken = poll(office, opened)
    assert (polled.asked, polled.queued, taken.revised) == (1, 0, 0)


def test_entries_out_of_order_are_all_taken_in(office, opened, server):
    dates = [f"Sat, 10 Jan 2026 0{hour}:00:00 GMT" for hour in (3, 7, 5)]
    entries = [
        (*one, {"date": date}) for one, date in zip((FIRST, SECOND, THIRD), dates, strict=True)
    ]
    server.routes["/feed"] = reply(body=feed(*entries), headers=XML)
    added = opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    assert (added.queued, added.newest_title) == (3, "Scholz in Berlin")


def test_validators_are_sent_and_nothing_changes_on_304(office, opened, server, amtsblatt):
    assert amtsblatt.etag == '"a"'
    server.routes["/feed"] = reply(304, b"")
    polled, taken = poll(office, opened)
    assert (polled.asked, polled.changed, taken.new, taken.errors) == (1, 0, 0, ())
    assert server.requests[-1][1]["if-none-match"] == '"a"'
    after = the_feed(opened)
    assert (after.error, after.etag) == (None, '"a"')
    assert after.last_success_at == after.last_asked_at == office.clock()


def test_the_same_bytes_are_not_parsed_again(office, opened, server, amtsblatt, monkeypatch):
    import digests.desk.looking as looking

    def never(*_args, **_options):
        raise AssertionError

    monkeypatch.setattr(looking, "parse_feed", never)
    polled, _ = poll(office, opened)
    assert (polled.asked, polled.changed, polled.failed) == (1, 0, 0)
    assert the_feed(opened).last_success_at == office.clock()


def test_a_feed_that_hardly_changes_is_asked_less_and_less_often(office, opened, server, amtsblatt):
    waits = []
    for _ in range(4):
        poll(office, opened)
        waits.append(the_feed(opened).interval)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(hours=2)
    due = the_feed(opened).next_due_at
    assert abs(due - office.clock() - waits[-1]) < timedelta(seconds=1)


def test_the_wish_of_a_feed_is_remembered_over_a_304(office, opened, server):
    wish = "<ttl>900</ttl>"
    server.routes["/feed"] = reply(body=feed(FIRST, head=wish), headers=XML | {"ETag": '"a"'})
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    assert the_feed(opened).interval >= timedelta(minutes=900)
    server.routes["/feed"] = reply(304, b"")
    poll(office, opened)
    assert the_feed(opened).interval >= timedelta(minutes=900)


def test_what_is_no_feed_is_not_added(office, opened, server):
    server.routes["/page"] = reply(200, b"<html><body>Hallo</body></html>")
    with pytest.raises(SourceError) as caught:
        opened.desk.feeds.add(server.url + "/page", None, office.clock())
    assert caught.value.code == "not_a_feed"
    assert all_feeds(opened) == []


@pytest.mark.parametrize("url", ["ftp://example.org/feed", "nonsense", "http://", "http://[::1/a"])
def test_what_is_no_address_is_refused(office, opened, url):
    with pytest.raises(SourceError) as caught:
        opened.desk.feeds.add(url, None, office.clock())
    assert caught.value.code == "refused_scheme"


# --- Trouble -------------------------------------------------------------------------------


def test_trouble_is_remembered_and_backs_off_and_ends(office, opened, server, amtsblatt):
    server.routes["/feed"] = reply(500, b"kaputt")
    polled, _ = poll(office, opened)
    assert polled.failed == 1
    failing = the_feed(opened)
    assert failing.error[0] == "http_status"
    assert (failing.failures, failing.failing_since) == (1, office.clock())
    assert failing.next_due_at > office.clock()
    server.routes["/feed"] = reply(body=feed(SECOND, FIRST), headers=XML)
    assert poll(office, opened)[1].new == 1
    well = the_feed(opened)
    assert (well.error, well.failures, well.failing_since) == (None, 0, None)


def test_retry_after_is_obeyed(office, opened, server, amtsblatt):
    server.routes["/feed"] = reply(429, b"", headers={"Retry-After": "172800"})
    poll(office, opened)
    wait = the_feed(opened).next_due_at - office.clock()
    assert timedelta(days=2) <= wait <= timedelta(days=2.5)
    asked = len(server.requests)
    poll(office, opened)
    assert len(server.requests) == asked


def test_one_feed_in_trouble_hinders_no_other(office, opened, server):
    for name in ("/bad", "/good"):
        server.routes[name] = reply(body=feed(FIRST), headers=XML)
        opened.desk.feeds.add(server.url + name, None, office.clock())
    server.routes["/bad"] = reply(200, b"<html>Wartung</html>", headers=PAGE)
    server.routes["/good"] = reply(body=feed(SECOND, FIRST), headers=XML)
    polled, taken = poll(office, opened)
    assert (polled.asked, polled.failed, polled.changed) == (2, 1, 1)
    assert taken.new == 2
    assert [one.error and one.error[0] for one in all_feeds(opened)] == ["not_a_feed", None]


def test_a_body_that_breaks_the_parser_is_that_feeds_trouble(
    office, opened, server, amtsblatt, monkeypatch
):
    import digests.desk.looking as looking

    def broken(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(looking, "parse_feed", broken)
    server.routes["/feed"] = server.routes["/feed?x"] = reply(body=feed(SECOND), headers=XML)
    with pytest.raises(SourceError):
        opened.desk.feeds.add(server.url + "/feed?x", None, office.clock())
    assert poll(office, opened)[0].failed == 1
    assert the_feed(opened).error == ("not_a_feed", {"reason": "ZeroDivisionError"})


def test_a_feed_removed_while_it_is_asked_stays_removed(office, opened, server, amtsblatt):
    chat = opened.desk.following.chat("telegram:1", office.clock())

    def meanwhile(handler):
        opened.desk.feeds.remove(amtsblatt, chat)
        reply(body=feed(SECOND), headers=XML)(handler)

    server.routes["/feed"] = meanwhile
    polled, taken = poll(office, opened)
    assert (polled.queued, taken.new) == (0, 0)
    assert all_feeds(opened) == []
    assert poll(office, opened)[0].asked == 0


def test_polling_that_is_stopped_leaves_the_rest_due(office, opened, server):
    for number in range(5):
        path = f"/{number}"
        server.routes[path] = reply(body=feed(FIRST, title=path), headers=XML)
        opened.desk.feeds.add(server.url + path, None, office.clock())
        server.routes[path] = reply(body=feed((str(number), "Neu", path)), headers=XML)
    office.clock.forward(hours=24)
    assert opened.desk.feeds.poll_due(office.clock, lambda: True).asked == 0
    assert opened.desk.feeds.poll_due(office.clock).queued == 5


# --- What is fetched waits -----------------------------------------------------------------


def test_what_was_fetched_survives_until_it_is_read(office, server):
    server.routes["/feed"] = reply(body=feed(FIRST, SECOND), headers=XML)
    with office.open() as built:
        built.desk.feeds.add(server.url + "/feed", None, office.clock())
    with office.open() as built:
        assert poll(office, built, minutes=1)[0].asked == 0
        assert len(reports(built)) == 2
        assert built.desk.intake.read_inbox(office.clock()).new == 0


def test_an_entry_edited_before_it_is_read_is_read_once(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    edited = (*FIRST[:2], "Emmanuel Macron hat in Paris doch nichts angekündigt.")
    server.routes["/feed"] = reply(body=feed(edited), headers=XML)
    _, taken = poll(office, opened)
    assert (taken.new, taken.revised) == (1, 0)
    (report,) = reports(opened)
    assert "doch nichts" in report.item.text
    assert reports(opened, of_feed(the_feed(opened)), news=True) == []  # the first pass still


def test_an_entry_edited_while_it_is_read_is_read_again(office, opened, server, monkeypatch):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    edited = (*FIRST[:2], "Emmanuel Macron hat in Paris doch nichts angekündigt.")
    reader = opened.desk.intake._reader
    whole = reader.read

    def meanwhile(drafts):
        monkeypatch.undo()
        server.routes["/feed"] = reply(body=feed(edited), headers=XML)
        office.clock.forward(hours=24)
        assert opened.desk.feeds.poll_due(office.clock).queued == 1
        return whole(drafts)

    monkeypatch.setattr(reader, "read", meanwhile)
    opened.desk.intake.read_inbox(office.clock())
    opened.desk.intake.read_inbox(office.clock())
    (report,) = reports(opened)
    assert "doch nichts" in report.item.text


def test_an_entry_that_breaks_the_reading_hinders_no_other(office, opened, server, monkeypatch):
    import digests.desk.intake as intake

    def signature(report, frequencies):
        if report.item.key == "2":
            raise ZeroDivisionError
        return whole(report, frequencies)

    whole = intake.signature
    monkeypatch.setattr(intake, "signature", signature)
    server.routes["/feed"] = reply(body=feed(FIRST, SECOND, THIRD), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    taken = opened.desk.intake.read_inbox(office.clock())
    assert taken.new == 2
    assert [error.code for _, error in taken.errors] == ["unreadable"]
    for _ in range(2):
        assert opened.desk.intake.read_inbox(office.clock()).errors
    assert opened.desk.intake.read_inbox(office.clock()).errors == ()  # let be at last
    edited = (*SECOND[:2], "Olaf Scholz hat in Berlin zwei Reden gehalten.")
    monkeypatch.undo()
    server.routes["/feed"] = reply(body=feed(FIRST, edited, THIRD), headers=XML)
    assert poll(office, opened)[1].new == 1


def test_500_old_entries_are_archive_and_never_news(office, opened, server):
    old = {"date": "Mon, 05 Jan 2026 09:00:00 GMT"}
    texts = [
        (str(number), f"Meldung {number}", f"Olaf Scholz sprach zum {number}. Mal.", old)
        for number in range(60)
    ]
    server.routes["/feed"] = reply(body=feed(FIRST, *texts), headers=XML)
    chat = opened.desk.following.chat("telegram:1", office.clock())
    opened.desk.following.subscribe(chat, 0, EVERYTHING, "digest", office.clock())
    added = opened.desk.feeds.add(server.url + "/feed", chat, office.clock())
    opened.desk.following.subscribe(chat, 0, of_feed(added.source), "digest", office.clock())
    # Read only after the chat began to follow.
    assert opened.desk.intake.read_inbox(office.clock()).new == 61 - 1  # guid 1 comes twice
    assert [one.item.title for one in reports(opened, news=True)] == ["Macron in Paris"]
    assert reports(opened, of_feed(added.source), news=True) == []
    late = ("late", "Spät", "Olaf Scholz sprach noch einmal.", old)
    server.routes["/feed"] = reply(body=feed(late, FIRST, *texts), headers=XML)
    poll(office, opened)
    news = reports(opened, of_feed(added.source), news=True)
    assert [one.item.title for one in news] == ["Spät"]  # what comes later is news, however old


def test_asking_and_reading_at_once_lose_nothing_and_double_nothing(
    office, opened, server, monkeypatch
):
    """Two passes and two readers side by side, as the service and a cron job would be."""
    monkeypatch.setattr("bot.house.Pipelines", Pipelines)  # each thread its own
    for number in range(6):
        server.routes[f"/{number}"] = reply(body=feed(title=str(number)), headers=XML)
        opened.desk.feeds.add(f"{server.url}/{number}", None, office.clock())
        entries = [
            (f"{number}-{n}", f"Meldung {number}-{n}", f"Olaf Scholz sprach zum {n}. Mal.")
            for n in range(8)
        ]
        server.routes[f"/{number}"] = reply(body=feed(*entries, title=str(number)), headers=XML)
    office.clock.forward(hours=24)
    barrier = threading.Barrier(2)

    def work(house):
        barrier.wait()
        house.desk.feeds.poll_due(office.clock)
        house.desk.intake.read_inbox(office.clock())

    with office.open() as other, ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(work, house) for house in (opened, other)]:
            done.result()
    opened.desk.intake.read_inbox(office.clock())
    titles = sorted(one.item.title for one in reports(opened))
    assert titles == sorted(f"Meldung {number}-{n}" for number in range(6) for n in range(8))
    assert {one.item.revision for one in reports(opened)} == {1}


def test_a_slow_feed_keeps_no_other_waiting(office, opened, server):
    for name in ("/slow", "/quick"):
        server.routes[name] = reply(body=feed(FIRST, title=name), headers=XML)
        opened.desk.feeds.add(server.url + name, None, office.clock())
    seen = []

    def slow(handler):
        for _ in range(1000):
            if seen.append(len(written())) or seen[-1]:
                break
            server.released.wait(0.01)
        reply(body=feed(THIRD, title="/slow"), headers=XML)(handler)

    def written():
        with opened.store.reading() as session:
            waiting = inbox.waiting(session, office.clock(), limit=10)
        return [one for one in waiting if one.entry.draft.key == "2"]

    opened.desk.intake.read_inbox(office.clock())
    server.routes["/slow"] = slow
    server.routes["/quick"] = reply(body=feed(SECOND, title="/quick"), headers=XML)
    assert poll(office, opened)[0].queued == 2
    assert seen[-1] == 1  # it was written while the slow one was still to come


# --- Found, imported, exported ---------------------------------------------------------------


def test_find_offers_what_a_page_names_and_what_really_is_a_feed(office, opened, server):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}" title="{path}">'
        for path in ("/a", "/a-again", "/broken", "/b", "/none")
    )
    server.routes["/"] = reply(200, f"<html><head>{links}</head></html>".encode(), headers=PAGE)
    server.routes["/a"] = reply(body=feed(FIRST, SECOND, title="A"), headers=XML)
    server.routes["/a-again"] = reply(body=feed(FIRST, SECOND, title="A"), headers=XML)
    server.routes["/b"] = reply(body=feed(THIRD, title="B"), headers=XML)
    server.routes["/broken"] = reply(200, b"<html>nichts</html>", headers=PAGE)
    found = opened.desk.feeds.find(server.url + "/", office.clock()).feeds
    assert [(one.url, one.title, one.newest_title, one.entries) for one in found] == [
        (server.url + "/a", "A", "Macron in Paris", 2),
        (server.url + "/b", "B", "Baerbock in Rom", 1),
    ]
    assert found[0].newest.iso() == "2026-01-10T09:00Z"
    assert all_feeds(opened) == []  # nothing is followed by looking


def test_find_keeps_nobody_waiting_for_many_feeds_of_one_host(office, server, monkeypatch):
    """Those that there is no time to look at are offered as the page calls them."""
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{n}" title="Feed {n}">'
        for n in range(9)
    )
    server.routes["/"] = reply(200, f"<html><head>{links}</head></html>".encode(), headers=PAGE)
    for n in range(9):
        server.routes[f"/{n}"] = reply(
            body=feed((str(n), f"Neu {n}", "Text."), title=f"Blatt {n}"), headers=XML
        )
    monkeypatch.setattr("digests.desk.feeds._LONGEST_LOOK", 0.1)
    office.settings = office.settings.model_copy(update={"fetch_host_gap": 3600.0})
    with office.open() as opened:
        found = opened.desk.feeds.find(server.url + "/", office.clock()).feeds
    assert [one.title for one in found] == ["Blatt 0", *(f"Feed {n}" for n in range(1, 9))]
    assert [one.url for one in found] == [f"{server.url}/{n}" for n in range(9)]
    assert (found[0].newest_title, found[1].newest_title) == ("Neu 0", "")


def test_find_tries_the_usual_addresses_where_a_page_names_none(office, opened, server):
    server.routes["/"] = reply(200, b"<html><body>Hallo</body></html>", headers=PAGE)
    server.routes["/rss.xml"] = reply(body=feed(FIRST), headers=XML)
    (offer,) = opened.desk.feeds.find(server.url, office.clock()).feeds
    assert offer.url == server.url + "/rss.xml"
    assert len(server.requests) <= 7


def test_find_of_a_feed_gives_the_feed(office, opened, server):
    server.routes["/old"] = redirect("/feed", 301)
    server.routes["/feed"] = reply(body=feed(), headers=XML)
    (offer,) = opened.desk.feeds.find(server.url + "/old", office.clock()).feeds
    assert (offer.url, offer.title, offer.entries) == (server.url + "/feed", "Amtsblatt", 0)


def test_a_site_without_feeds_is_said_to_have_none(office, opened, server):
    server.routes["/"] = reply(200, b"<html><body>Hallo</body></html>", headers=PAGE)
    with pytest.raises(SourceError) as caught:
        opened.desk.feeds.find(server.url + "/", office.clock())
    assert caught.value.code == "no_feed_found"


def test_a_list_is_imported_once_and_exported(office, opened, server, amtsblatt):
    labelled = FeedRef(server.url + "/b", "B", ("Ämter", "Bund"))
    listed = write_opml([FeedRef(server.url + "/feed"), labelled, FeedRef(server.url + "/c")])
    imported = opened.desk.feeds.import_feeds(listed, None, office.clock())
    assert [one.location for one in imported.added] == [server.url + "/b", server.url + "/c"]
    assert [one.id for one in imported.known] == [amtsblatt.id]
    assert imported.refused == ()
    assert all(
        office.clock() <= one.next_due_at <= office.clock() + timedelta(minutes=15)
        for one in imported.added
    )
    exported = read_feeds_file(opened.desk.feeds.export())
    assert exported[1] == labelled
    assert [one.url for one in exported] == [server.url + path for path in ("/feed", "/b", "/c")]
    again = opened.desk.feeds.import_feeds(opened.desk.feeds.export(), None, office.clock())
    assert (again.added, len(again.known)) == ((), 3)


def test_an_imported_feed_is_named_by_itself_unless_the_list_did(office, opened, server):
    for path in ("/a", "/b"):
        server.routes[path] = reply(body=feed(FIRST, title=f"Blatt {path}"), headers=XML)
    listed = f"{server.url}/a\n{server.url}/b Mein Blatt\n".encode()
    opened.desk.feeds.import_feeds(listed, None, office.clock())
    poll(office, opened)
    assert [one.name for one in all_feeds(opened)] == ["Blatt /a", "Mein Blatt"]
    assert [one.language for one in all_feeds(opened)] == ["de", "de"]


def test_passwords_are_neither_exported_nor_told(office, opened, server):
    listed = b"http://user:secret@127.0.0.1:1/feed"
    imported = opened.desk.feeds.import_feeds(listed, None, office.clock())
    assert "secret" not in imported.added[0].name
    assert b"secret" not in opened.desk.feeds.export()
    poll(office, opened)
    assert "secret" not in repr(the_feed(opened).error)


def test_feeds_of_the_operators_file_are_followed(office, server, tmp_path):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"# Feeds\n{server.url}/feed\n", "utf-8")
    office.settings = office.settings.model_copy(update={"feeds_file": listed})
    for new in (1, 0):  # a second start finds what the first took in
        with office.open() as built:
            assert poll(office, built)[1].new == new
            assert the_feed(built).name == "Amtsblatt"


@pytest.mark.parametrize(("status", "revived"), [(410, False), (404, True)])
def test_a_listed_feed_that_is_gone_is_not_asked_at_every_start(
    office, server, tmp_path, status, revived
):
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"{server.url}/feed\n", "utf-8")
    office.settings = office.settings.model_copy(update={"feeds_file": listed})
    server.routes["/feed"] = reply(status, b"x")
    for start in range(3):
        with office.open() as built:
            poll(office, built)
        assert len(server.requests) == (start + 1 if revived else 1)


def test_a_listed_feed_that_moved_is_asked_once_at_its_new_place(office, server, tmp_path):
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"{server.url}/old\n", "utf-8")
    office.settings = office.settings.model_copy(update={"feeds_file": listed})
    server.routes["/old"] = redirect("/new", 301)
    server.routes["/new"] = reply(body=feed(FIRST), headers=XML)
    for _ in range(3):
        with office.open() as built:
            poll(office, built)
            assert the_feed(built).location == server.url + "/new"
            assert len(reports(built)) == 1
    asked = len(server.requests)
    with office.open() as built:
        poll(office, built)
    assert [path for path, _ in server.requests[asked:]] == ["/new"]


# --- Who may ---------------------------------------------------------------------------------


def test_a_chat_has_a_quota_and_the_operator_none(office, opened, server):
    feeds = opened.desk.feeds
    feeds._permissions = Permissions(per_chat=2)
    for number in range(4):
        server.routes[f"/{number}"] = reply(body=feed(FIRST, title=str(number)), headers=XML)
    chat = opened.desk.following.chat("telegram:1", office.clock())
    first = feeds.add(server.url + "/0", chat, office.clock()).source
    assert first.added_by == chat.id
    listed = f"{server.url}/0\n{server.url}/1\n{server.url}/2\n".encode()
    imported = feeds.import_feeds(listed, chat, office.clock())
    assert (len(imported.added), len(imported.known)) == (1, 1)
    ((url, error),) = imported.refused
    assert (url, error.code, error.params) == (server.url + "/2", "feed_quota", {"limit": 2})
    asked = len(server.requests)
    with pytest.raises(InputError) as caught:
        feeds.add(server.url + "/3", chat, office.clock())
    assert caught.value.code == "feed_quota"
    assert len(server.requests) == asked
    assert feeds.add(server.url + "/0", chat, office.clock()).known  # what is there costs nothing
    assert feeds.add(server.url + "/3", None, office.clock()).source.added_by is None
    feeds.remove(first, chat)
    assert feeds.add(server.url + "/2", chat, office.clock()).source.added_by == chat.id


def test_where_feeds_are_closed_only_those_named_may_add(office, opened, server):
    feeds = opened.desk.feeds
    feeds._permissions = Permissions(open=False, addresses=frozenset({"telegram:2"}))
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    stranger, friend = (opened.desk.following.chat(f"telegram:{n}", office.clock()) for n in (1, 2))
    for attempt in (
        lambda: feeds.add(server.url + "/feed", stranger, office.clock()),
        lambda: feeds.import_feeds(b"http://example.org/feed", stranger, office.clock()),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        assert caught.value.code == "feeds_closed"
    assert server.requests == []
    assert not feeds.add(server.url + "/feed", friend, office.clock()).known
    assert feeds.add(server.url + "/feed", None, office.clock()).known


def test_feeds_of_a_deleted_chat_stay_for_others(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    chat = opened.desk.following.chat("telegram:1", office.clock())
    opened.desk.feeds.add(server.url + "/feed", chat, office.clock())
    opened.desk.following.move("telegram:1", "telegram:-100")
    assert the_feed(opened).added_by == chat.id
    opened.desk.following.delete(chat)
    assert the_feed(opened).added_by is None


def test_a_feed_that_others_follow_stays(office, opened, server, amtsblatt):
    following, feeds = opened.desk.following, opened.desk.feeds
    one, two = (following.chat(f"telegram:{n}", office.clock()) for n in (1, 2))
    following.subscribe(two, 0, of_feed(amtsblatt), "digest", office.clock())
    (health,) = feeds.health(office.clock())
    assert health.followers == 1
    with pytest.raises(InputError):
        feeds.remove(amtsblatt, one)
    feeds.remove(amtsblatt, two)
    assert feeds.health(office.clock()) == ()


def test_a_removed_feed_that_is_added_again_starts_anew(office, opened, server, amtsblatt):
    chat = opened.desk.following.chat("telegram:1", office.clock())
    opened.desk.feeds.remove(amtsblatt, chat)
    old = {"date": "Mon, 05 Jan 2026 09:00:00 GMT"}
    server.routes["/feed"] = reply(body=feed((*SECOND, old), FIRST), headers=XML)
    office.clock.forward(hours=1)
    added = opened.desk.feeds.add(server.url + "/feed", chat, office.clock())
    assert (added.known, added.queued, added.source.id) == (False, 1, amtsblatt.id)
    opened.desk.intake.read_inbox(office.clock())
    assert [one.item.title for one in reports(opened, news=True)] == ["Macron in Paris"]


# --- How feeds fare --------------------------------------------------------------------------


def test_health_says_how_much_a_feed_brings_and_whether_it_fails(office, opened, server):
    days = [
        (str(d), f"Tag {d}", "Text.", {"date": f"{d:02} Jan 2026 12:00:00 GMT"})
        for d in range(3, 10)
    ]
    server.routes["/feed"] = reply(body=feed(*days), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    (well,) = opened.desk.feeds.health(office.clock())
    assert well.weekly == pytest.approx(7, abs=1)
    assert not well.failing
    server.routes["/feed"] = reply(500, b"")
    for _ in range(8):
        poll(office, opened)
    (ill,) = opened.desk.feeds.health(office.clock())
    assert ill.failing
    assert ill.source.failing_since < ill.source.last_asked_at == office.clock()


def render(notice, chat):
    return [{"text": f"{notice.kind} {notice.source.name} {chat.address}"}]


def of_chat(session, number):
    rows = select(DeliveryRow).where(DeliveryRow.chat_id == number).order_by(DeliveryRow.id)
    return session.exec(rows).all()


def notices(office, built):
    built.desk.rounds.compose_notices(office.clock(), render)
    with built.store.reading() as session:
        return [
            one.payload["text"]
            for number in (1, 2)
            for one in of_chat(session, number)
            if one.kind == "notice"
        ]


@pytest.fixture
def followers(office, opened, amtsblatt):
    following = opened.desk.following
    for number in (1, 2):
        chat = following.chat(f"telegram:{number}", office.clock())
        following.subscribe(chat, 0, of_feed(amtsblatt), "digest", office.clock())
    return following


def test_a_feed_that_is_gone_is_retired_with_a_word(office, opened, server, followers):
    server.routes["/feed"] = reply(410, b"")
    for _ in range(2):
        poll(office, opened)
        assert notices(office, opened) == [f"gone Amtsblatt telegram:{n}" for n in (1, 2)]
    assert followers.feeds() == []
    assert len(reports(opened)) == 1
    assert [path for path, _ in server.requests] == ["/feed", "/feed"]


def test_a_feed_that_fails_for_long_is_said_to_be_failing_once(office, opened, server, followers):
    server.routes["/feed"] = reply(500, b"")
    told = []
    for _ in range(12):
        poll(office, opened)
        told.append(len(notices(office, opened)))
    assert told == [0] * 7 + [2] * 5
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    poll(office, opened)
    assert len(notices(office, opened)) == 2  # nothing is said when it is back
    server.routes["/feed"] = reply(500, b"")
    for _ in range(8):
        poll(office, opened)
    assert len(notices(office, opened)) == 4  # another time


def test_a_feed_that_is_back_before_it_was_said_to_fail_is_not(office, opened, server, followers):
    server.routes["/feed"] = reply(500, b"")
    for _ in range(8):
        poll(office, opened)
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    poll(office, opened)
    assert notices(office, opened) == []


def test_who_is_paused_is_not_told_and_quiet_hours_are_waited_for(
    office, opened, server, followers
):
    one, two = (followers.chat(f"telegram:{n}", office.clock()) for n in (1, 2))
    followers.pause(one, None)
    followers.set_quiet(two, "08:00-18:00")
    server.routes["/feed"] = reply(410, b"")
    poll(office, opened)
    assert notices(office, opened) == ["gone Amtsblatt telegram:2"]
    with opened.store.reading() as session:
        (delivery,) = of_chat(session, two.id)
        assert delivery.not_before > office.clock()


# --- Full text -------------------------------------------------------------------------------

PARAGRAPHS = (
    "Emmanuel Macron hat in Paris Sanktionen angekündigt. Er sprach vor Abgeordneten beider"
    " Kammern und nannte dabei drei Bereiche, die als erste betroffen sein sollen.",
    "Die Regierung will die Liste in der kommenden Woche vorlegen. Zuvor hatten Verbände vor"
    " höheren Preisen gewarnt und längere Fristen für bestehende Verträge verlangt.",
    "Aus der Opposition kam Widerspruch. Der Präsident gehe zu weit, hieß es dort, und habe das"
    " Parlament nicht rechtzeitig gefragt; man werde den Entwurf genau prüfen.",
    "Am Abend war ein Gespräch mit den Spitzen der Fraktionen angesetzt. Mit einem Beschluss"
    " rechnete vor dem Wochenende niemand, auch weil die Ausschüsse noch beraten.",
)


@pytest.fixture
def full(office, server):
    """A house that may fetch pages, with one teaser in a feed."""
    office.settings = office.settings.model_copy(update={"full_text": True})
    teaser = (*FIRST, {"link": server.url + "/artikel"})
    server.routes["/feed"] = reply(body=feed(teaser), headers=XML)
    article = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body>"
    article = article.format(FIRST[1], "".join(f"<p>{one}</p>" for one in PARAGRAPHS))
    server.routes["/artikel"] = reply(200, article.encode(), headers=PAGE)
    with office.open() as built:
        built.desk.feeds.add(server.url + "/feed", None, office.clock())
        yield built


def test_a_teaser_waits_for_its_page_and_is_read_with_its_text(office, server, full):
    assert full.desk.intake.read_inbox(office.clock()).new == 0
    poll(office, full, minutes=1)
    (report,) = reports(full)
    assert report.item.text.startswith("Macron in Paris\n\n")
    assert "nannte dabei drei Bereiche" in report.item.text
    assert "/robots.txt" in [path for path, _ in server.requests]


@pytest.mark.parametrize("trouble", ["robots", "missing", "poor"])
def test_a_teaser_stays_where_its_page_cannot_be_had(office, server, full, trouble):
    if trouble == "robots":
        server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /\n")
    elif trouble == "missing":
        del server.routes["/artikel"]
    else:
        server.routes["/artikel"] = reply(200, b"<p>Bitte Cookies erlauben.</p>", headers=PAGE)
    poll(office, full, minutes=1)
    (report,) = reports(full)
    assert report.item.text == f"{FIRST[1]}\n\n{FIRST[2]}"


def test_no_teaser_waits_for_ever(office, server, full):
    office.clock.forward(hours=1)
    assert full.desk.intake.read_inbox(office.clock()).new == 1


def test_a_teaser_that_is_edited_does_not_replace_the_full_text(office, server, full):
    poll(office, full, minutes=1)
    del server.routes["/artikel"]
    longer = FIRST[2] + " Er sprach vor Abgeordneten."
    edited = (*FIRST[:2], longer, {"link": server.url + "/artikel"})
    server.routes["/feed"] = reply(body=feed(edited), headers=XML)
    poll(office, full)
    (report,) = reports(full)
    assert (report.item.revision, len(report.item.text) > 600) == (1, True)


def test_entries_wait_in_the_order_they_came_news_before_archive(office, opened, server):
    old = {"date": "Mon, 05 Jan 2026 09:00:00 GMT"}
    server.routes["/feed"] = reply(body=feed(THIRD, SECOND, (*FIRST, old)), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    with opened.store.reading() as session:
        waiting = inbox.waiting(session, office.clock(), limit=10)
        assert [one.entry.draft.key for one in waiting] == ["2", "3", "1"]
        assert inbox.count_waiting(session, office.clock()) == 3


def test_a_long_inbox_is_read_in_parts(office, opened, server):
    entries = [(str(n), f"Meldung {n}", f"Olaf Scholz sprach zum {n}. Mal.") for n in range(40)]
    server.routes["/feed"] = reply(body=feed(*entries), headers=XML)
    opened.desk.feeds.add(server.url + "/feed", None, office.clock())
    intake, told = opened.desk.intake, []
    assert intake.take_in_due(office.clock(), at_most=20).new == 32  # whole batches
    assert intake.read_inbox(office.clock(), lambda *done: told.append(done)).new == 8
    assert told == [(8, 8)]
