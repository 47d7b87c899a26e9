"""One article once: guids that change, the same article in two feeds, links that name nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.desk.looking import canonical_addresses
from digests.desk.same import Step, decide, is_much_longer, is_same_article
from digests.store import inbox
from digests.store.archive import Held
from digests.types import Draft
from tests.desk.test_desk_feeds import (
    EVERYTHING,
    FIRST,
    SECOND,
    XML,
    all_feeds,
    feed,
    of_feed,
    poll,
    reports,
)
from tests.sources.feedserver import FeedServer, reply

LINK = {"link": "http://example.org/artikel?utm_source=rss"}
SAME_LINK = {"link": "https://www.example.org/artikel/#kommentare"}
WHOLE = " ".join(
    [
        FIRST[2],
        "Er sprach vor Abgeordneten beider Kammern und nannte drei Bereiche, die als erste"
        " betroffen sein sollen. Die Regierung will die Liste in der kommenden Woche vorlegen.",
        "Zuvor hatten Verbände vor höheren Preisen gewarnt und längere Fristen für bestehende"
        " Verträge verlangt. Aus der Opposition kam Widerspruch. Der Präsident gehe zu weit.",
    ]
)


@pytest.fixture
def server():
    made = FeedServer()
    yield made
    made.close()


def serve(server, path, *entries, **options):
    server.routes[path] = reply(body=feed(*entries, title=path, **options), headers=XML)


def add(office, built, server, path):
    added = built.desk.feeds.add(server.url + path, None, office.clock())
    return added.source, built.desk.intake.read_inbox(office.clock())


def follow(office, built, source):
    """A chat that follows a feed from now on."""
    chat = built.desk.following.chat(f"telegram:{source.id}", office.clock())
    built.desk.following.subscribe(chat, 0, of_feed(source), "digest", office.clock())
    return chat


def pending(built, chat):
    (subscription,) = built.desk.following.subscriptions(chat)
    found = reports(
        built,
        subscription.target,
        after=subscription.digest_mark,
        news=True,
        unshown_in=(chat.id, 0),
    )
    return [one.item.title for one in found]


def test_an_article_in_two_feeds_is_one_item_and_both_feeds_have_it(office, opened, server):
    serve(server, "/a", SECOND)
    serve(server, "/b", SECOND)
    (a, _), (b, _) = (add(office, opened, server, path) for path in ("/a", "/b"))
    one, two = follow(office, opened, a), follow(office, opened, b)
    serve(server, "/a", (*FIRST, LINK), SECOND)
    poll(office, opened)
    assert (pending(opened, one), pending(opened, two)) == ([FIRST[1]], [])
    # The other chat's digest is sent meanwhile: its mark moves on beyond the item.
    for subscription in opened.desk.following.subscriptions(two):
        with opened.store.writing() as session:
            from digests.store import archive, chats

            newest = archive.newest_seq(session)
            chats.update_subscription(session, subscription.id, digest_mark=newest)
    serve(server, "/b", ("another-guid", *FIRST[1:], SAME_LINK), SECOND)
    _, taken = poll(office, opened)
    assert (taken.new, taken.revised) == (0, 0)
    assert len(reports(opened)) == 2
    assert (pending(opened, one), pending(opened, two)) == ([FIRST[1]], [FIRST[1]])


def test_what_a_chat_was_shown_through_one_feed_does_not_come_through_the_other(
    office, opened, server
):
    serve(server, "/a", SECOND)
    serve(server, "/b", SECOND)
    (a, _), (b, _) = (add(office, opened, server, path) for path in ("/a", "/b"))
    chat = follow(office, opened, a)
    opened.desk.following.subscribe(chat, 0, of_feed(b), "digest", office.clock())
    serve(server, "/a", (*FIRST, LINK), SECOND)
    sent = []
    for _ in range(2):
        poll(office, opened)
        opened.desk.rounds.compose_due(
            office.clock(), lambda digest, _chat: sent.append(digest.reports) or [{"text": "…"}]
        )
        serve(server, "/b", (*FIRST, SAME_LINK), SECOND)
    assert sent == [1]


def test_two_wordings_do_not_take_turns(office, opened, server):
    serve(server, "/a", (*FIRST, LINK))
    other = ("x", FIRST[1], FIRST[2] + " Paris wartet auf Sanktionen.", LINK)
    serve(server, "/b", other)
    add(office, opened, server, "/a")
    add(office, opened, server, "/b")
    for turn in range(3):
        serve(server, "/a", (*FIRST, LINK), head=f"<!-- {turn} -->")
        serve(server, "/b", other, head=f"<!-- {turn} -->")
        _, taken = poll(office, opened)
        assert (taken.new, taken.revised) == (0, 0)
    (report,) = reports(opened)
    assert (report.item.source_name, report.item.revision) == ("/a", 1)
    edited = (*other[:2], other[2] + " Am Montag.", LINK)
    serve(server, "/b", edited)
    assert poll(office, opened)[1].revised == 0  # not its own
    serve(server, "/a", (*FIRST[:2], FIRST[2] + " Am Dienstag.", LINK))
    assert poll(office, opened)[1].revised == 1


def test_the_whole_text_takes_the_place_of_a_teaser_and_stays(office, opened, server):
    serve(server, "/teaser", (*FIRST, LINK))
    serve(server, "/whole", ("x", FIRST[1], WHOLE, SAME_LINK))
    teaser, _ = add(office, opened, server, "/teaser")
    whole, taken = add(office, opened, server, "/whole")
    assert (taken.new, taken.revised) == (0, 1)
    (report,) = reports(opened)
    assert (report.item.source_name, report.item.key) == ("/whole", "x")
    assert report.item.text.endswith("zu weit.")
    serve(server, "/teaser", (*FIRST[:2], FIRST[2] + " Das war gestern.", LINK))
    assert poll(office, opened)[1].revised == 0
    for source in (teaser, whole):
        assert len(reports(opened, of_feed(source))) == 1


def test_a_guid_that_changes_with_every_fetch_makes_no_new_items(office, opened, server):
    serve(server, "/a", ("session-1", *FIRST[1:], LINK))
    add(office, opened, server, "/a")
    for number in range(2, 5):
        serve(server, "/a", (f"session-{number}", *FIRST[1:], LINK))
        polled, taken = poll(office, opened)
        assert (polled.queued, taken.new, taken.revised) == (1, 0, 0)
    edited = ("session-9", FIRST[1], FIRST[2] + " Am Montag.", LINK)
    serve(server, "/a", edited)
    assert poll(office, opened)[1].revised == 1
    (report,) = reports(opened)
    assert report.item.revision == 2
    (source,) = all_feeds(opened)
    assert len(reports(opened, of_feed(source))) == 1
    with opened.store.reading() as session:
        keys = ["session-1", "session-4", "session-9"]
        assert list(inbox.known(session, source.id, keys)) == ["session-9"]
    # An old guid that is given to another article is that article's.
    serve(server, "/a", ("session-1", *SECOND[1:]), edited)
    assert poll(office, opened)[1].new == 1


def test_a_guid_that_changes_is_no_news_again(office, opened, server):
    serve(server, "/a", ("1", *FIRST[1:], LINK))
    source, _ = add(office, opened, server, "/a")
    serve(server, "/a", ("2", *FIRST[1:], LINK))
    poll(office, opened)
    assert reports(opened, of_feed(source), news=True) == []


@pytest.mark.parametrize(
    "link", [{"link": "http://example.org/"}, {"link": "http://example.org/ticker"}]
)
def test_entries_that_share_a_link_stay_apart(office, opened, server, link):
    same = [(*FIRST, link), (*SECOND, link)]
    serve(server, "/a", *same)
    _, taken = add(office, opened, server, "/a")
    assert taken.new == 2
    serve(server, "/a", ("3", "Dritte", "Ein dritter Bericht über ganz anderes.", link), *same)
    assert poll(office, opened)[1].new == 1
    assert len(reports(opened)) == 3


def test_a_page_written_anew_for_each_entry_is_no_article(office, opened, server):
    link = {"link": "http://example.org/wetter"}
    serve(server, "/a", ("1", "Regen in Kiel", "Am Montag zieht ein Tief nach Norden.", link))
    add(office, opened, server, "/a")
    serve(server, "/a", ("2", "Sonne über Graz", "Kaum Wolken, dazu schwacher Wind.", link))
    assert poll(office, opened)[1].new == 1
    assert len(reports(opened)) == 2


def test_the_link_of_the_feed_names_no_article(office, opened, server):
    link = {"link": "http://example.org/ticker"}
    serve(server, "/a", (*FIRST, link), link="http://example.org/ticker")
    add(office, opened, server, "/a")
    serve(
        server,
        "/a",
        ("2", FIRST[1], FIRST[2] + " Und noch etwas.", link),
        link="http://example.org/ticker",
    )
    assert poll(office, opened)[1].new == 1


def test_report_files_are_what_their_files_say(office, opened, server):
    office.write("a.txt", f"{FIRST[1]}\n\n{FIRST[2]}\n")
    serve(server, "/a", FIRST)
    office.clock.forward(minutes=1)
    assert opened.desk.intake.take_in_due(office.clock()).new == 1
    add(office, opened, server, "/a")
    assert len(reports(opened, EVERYTHING)) == 2


# --- Decided ---------------------------------------------------------------------------------

TEXTS = st.text(alphabet="abcdefg \n", max_size=80)


@given(TEXTS, TEXTS, st.integers(1, 2), st.booleans())
def test_what_a_source_said_before_is_only_noted(text, before, source, entry):
    draft, held = Draft("k", text), Held(1, 1, before, 0, digest="same")
    assert decide(draft, source, "same", held, entry=entry) is Step.NOTE


@given(TEXTS, TEXTS)
def test_no_two_sources_take_an_item_from_each_other_for_ever(one, other):
    """Whoever holds the item: at most one of the two wordings takes the other's place."""
    to_one = decide(Draft("k", one), 1, "new", Held(1, 2, other, 0, digest="old"), entry=True)
    to_other = decide(Draft("k", other), 2, "new", Held(1, 1, one, 0, digest="old"), entry=True)
    assert Step.NOTE in (to_one, to_other)
    assert Step.NEW not in (to_one, to_other)


@given(TEXTS)
def test_a_text_is_the_same_as_itself_and_no_longer(text):
    assert is_same_article(text, text)
    assert not is_much_longer(text, text)


def test_canonical_addresses_name_one_entry_alone():
    drafts = [
        Draft("1", "a", url="http://example.org/1?utm_source=x"),
        Draft("2", "b", url="https://example.org/shared"),
        Draft("3", "c", url="http://www.example.org/shared/"),
        Draft("4", "d", url="http://example.org/feedlink"),
        Draft("5", "e"),
    ]
    found = canonical_addresses(drafts, "https://example.org/feedlink/")
    assert list(found) == ["1"]
