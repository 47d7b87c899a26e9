"""Feeds through the desk: added, asked again, changed, gone, in trouble."""

import pytest

from digests.errors import InputError, SourceError
from digests.store import archive
from digests.types import SourceKind, Target, TargetKind
from tests.sources.feedserver import FeedServer, reply

ENTRY = """<item><title>{title}</title><link>http://example.org/{guid}</link><guid>{guid}</guid>
<pubDate>Sat, 10 Jan 2026 09:00:00 GMT</pubDate><description>{text}</description></item>"""


def feed(*entries):
    items = "".join(ENTRY.format(guid=g, title=t, text=x) for g, t, x in entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Amtsblatt</title>'
        f"<link>http://example.org/</link><language>de</language>{items}</channel></rss>"
    ).encode()


FIRST = ("1", "Macron in Paris", "Emmanuel Macron hat in Paris Sanktionen angekündigt.")
SECOND = ("2", "Scholz in Berlin", "Olaf Scholz hat in Berlin eine Rede gehalten.")
XML = {"Content-Type": "application/rss+xml"}


@pytest.fixture
def server():
    made = FeedServer()
    yield made
    made.close()


def reports(built):
    with built.store.reading() as session:
        return archive.reports(session, archive.item_ids(session, Target(TargetKind.EVERYTHING)))


def the_feed(built):
    with built.store.reading() as session:
        (found,) = archive.sources(session, SourceKind.FEED)
    return found


def test_a_feed_is_added_asked_again_and_brings_what_is_new(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    source, taken = opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    assert (source.name, taken.new, taken.newest_title) == ("Amtsblatt", 1, "Macron in Paris")
    server.routes["/feed"] = reply(body=feed(SECOND, FIRST), headers=XML)
    office.clock.forward(minutes=5)
    assert opened.desk.intake.take_in_due(office.clock()).new == 0  # not due yet
    office.clock.forward(minutes=30)
    assert opened.desk.intake.take_in_due(office.clock()).new == 1
    names = {report.item.source_name for report in reports(opened)}
    assert names == {"Amtsblatt"}


def test_an_edited_entry_is_a_revision(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    edited = (FIRST[0], FIRST[1], FIRST[2].replace("Sanktionen", "neue Sanktionen"))
    server.routes["/feed"] = reply(body=feed(edited), headers=XML)
    office.clock.forward(hours=1)
    taken = opened.desk.intake.take_in_due(office.clock())
    assert (taken.new, taken.revised) == (0, 1)
    (report,) = reports(opened)
    assert report.item.revision == 2


def test_validators_are_sent_and_nothing_changes_on_304(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML | {"ETag": '"a"'})
    opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    assert the_feed(opened).etag == '"a"'
    server.routes["/feed"] = reply(304, b"")
    office.clock.forward(hours=1)
    taken = opened.desk.intake.take_in_due(office.clock())
    assert (taken.new, taken.errors) == (0, ())
    assert server.requests[-1][1]["if-none-match"] == '"a"'
    assert the_feed(opened).error is None


def test_trouble_is_remembered_and_backs_off_and_ends(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    server.routes["/feed"] = reply(500, b"kaputt")
    office.clock.forward(hours=1)
    assert opened.desk.intake.take_in_due(office.clock()).errors
    failing = the_feed(opened)
    assert failing.error[0] == "http_status"
    assert failing.failures == 1
    assert failing.next_due_at > office.clock()
    server.routes["/feed"] = reply(body=feed(SECOND, FIRST), headers=XML)
    office.clock.forward(hours=1)
    assert opened.desk.intake.take_in_due(office.clock()).new == 1
    assert the_feed(opened).error is None


def test_retry_after_is_obeyed(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    server.routes["/feed"] = reply(429, b"", headers={"Retry-After": "7200"})
    office.clock.forward(hours=1)
    opened.desk.intake.take_in_due(office.clock())
    wait = the_feed(opened).next_due_at - office.clock()
    assert wait.total_seconds() == 7200


def test_a_feed_that_is_gone_is_retired(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    server.routes["/feed"] = reply(410, b"")
    office.clock.forward(hours=1)
    opened.desk.intake.take_in_due(office.clock())
    assert opened.desk.following.feeds() == []
    assert len(reports(opened)) == 1


def test_one_feed_in_trouble_hinders_no_other(office, opened, server):
    server.routes["/bad"] = reply(body=feed(FIRST), headers=XML)
    server.routes["/good"] = reply(body=feed(FIRST), headers=XML)
    opened.desk.intake.add_feed(server.url + "/bad", office.clock())
    opened.desk.intake.add_feed(server.url + "/good", office.clock())
    server.routes["/bad"] = reply(
        200, b"<html>Wartung</html>", headers={"Content-Type": "text/html"}
    )
    server.routes["/good"] = reply(body=feed(SECOND, FIRST), headers=XML)
    office.clock.forward(hours=1)
    taken = opened.desk.intake.take_in_due(office.clock())
    assert taken.new == 1
    assert [error.code for _, error in taken.errors] == ["not_a_feed"]


def test_what_is_no_feed_is_not_added(office, opened, server):
    server.routes["/page"] = reply(200, b"<html><body>Hallo</body></html>")
    with pytest.raises(SourceError) as caught:
        opened.desk.intake.add_feed(server.url + "/page", office.clock())
    assert caught.value.code == "not_a_feed"
    assert opened.desk.following.feeds() == []


def test_feeds_of_the_operators_file_are_followed(office, server, tmp_path):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"# Feeds\n{server.url}/feed\n", "utf-8")
    office.settings = office.settings.model_copy(update={"feeds_file": listed})
    for new in (1, 0):  # a second start finds what the first took in
        with office.open() as built:
            office.clock.forward(hours=1)
            assert built.desk.intake.take_in_due(office.clock()).new == new
            assert the_feed(built).name == "Amtsblatt"


def test_a_feed_that_others_follow_stays(office, opened, server):
    server.routes["/feed"] = reply(body=feed(FIRST), headers=XML)
    source, _ = opened.desk.intake.add_feed(server.url + "/feed", office.clock())
    following = opened.desk.following
    target = Target(TargetKind.FEED, str(source.id))
    one, two = (following.chat(f"telegram:{n}", office.clock()) for n in (1, 2))
    following.subscribe(two, 0, target, "digest", office.clock())
    with pytest.raises(InputError):
        following.remove_feed(source, one)
    following.remove_feed(source, two)
    assert following.feeds() == []
