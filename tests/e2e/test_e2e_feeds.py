"""Feeds from where people stand: found, picked, imported, looked after; Telegram and terminal."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import addresses
from bot.__main__ import main
from bot.console import Terminal
from bot.house import house
from bot.outbox import Outbox
from bot.payloads import render_notice
from digests.sources.opml import FeedRef, read_feeds_file, write_opml
from digests.sources.starters import starter_feeds
from tests.botapi import faults, keyboard
from tests.e2e.conftest import Front, front_settings, opened, words
from tests.sources.feedserver import FeedServer, reply

LONG = "/abteilung/" + "sehr-langer-pfad/" * 4
DAY = timedelta(days=1)
OPML = "text/x-opml"


def rss(title: str, *headlines: str) -> bytes:
    items = "".join(
        f"<item><guid>{title}-{number}</guid><title>{headline}</title>"
        f"<link>https://news.example/{title}/{number}</link>"
        f"<pubDate>Mon, 0{9 - number} Jan 2023 10:00:00 GMT</pubDate>"
        f"<description>Mehr dazu: {headline} am {number}. Abend.</description></item>"
        for number, headline in enumerate(headlines)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def page(*feeds: tuple[str, str]) -> bytes:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{path}">'
        for path, title in feeds
    )
    return f"<!doctype html><html><head><title>Seite</title>{links}</head></html>".encode()


@pytest.fixture
def web():
    server = FeedServer()
    server.routes["/politik.xml"] = reply(200, rss("Politik", "Gipfel in Genf", "Alte Meldung"))
    server.routes["/sport.xml"] = reply(200, rss("Sport", "Sieg im Finale"))
    server.routes[f"{LONG}kultur.xml"] = reply(200, rss("Kultur", "Neues Museum"))
    server.routes[f"{LONG}lokal.xml"] = reply(200, rss("Lokal", "Brücke gesperrt"))
    server.routes["/leer"] = reply(200, page(), {"Content-Type": "text/html"})
    yield server
    server.close()


def settings_for(api, home, **extra):
    extra.setdefault("fetch_allow_networks", "127.0.0.0/8")
    return front_settings(api, home, fetch_host_gap=0, **extra)


@pytest.fixture
async def front(bot_api, tmp_path) -> AsyncIterator[Front]:
    async with opened(bot_api, settings_for(bot_api, tmp_path)) as made:
        yield made


def labels(message):
    return [button["text"] for row in keyboard(message) for button in row]


# --- Adding one --------------------------------------------------------------------------------


async def test_a_feed_is_followed_at_once_and_shows_its_newest(front, web):
    chat = front.api.private()
    done = await front.said(chat, f"/addfeed {web.url}/politik.xml")
    assert done["text"].startswith("Du folgst jetzt: Politik.")
    assert "Neuester: Gipfel in Genf" in done["text"]
    assert "2 Berichte werden gerade gelesen." in done["text"]
    assert "Politik" in (await front.said(chat, "/subscriptions"))["text"]

    again = await front.said(chat, f"/addfeed {web.url}/politik.xml")
    assert again["text"].startswith("Du folgst schon: Politik.")
    assert "gelesen" not in again["text"]
    stopped = await front.pressed(again, "Nicht mehr folgen")
    assert "Politik" in stopped["text"]


async def test_its_reports_can_be_asked_for_once_they_are_read(front, web):
    chat = front.api.private()
    await front.said(chat, f"/addfeed {web.url}/politik.xml")
    await asyncio.to_thread(front.desk.intake.read_inbox, front.clock())
    assert "Gipfel in Genf" in (await front.said(chat, "/search Gipfel"))["text"]


async def test_while_a_site_takes_its_time_it_is_shown_that_an_answer_comes(front, web):
    def late(handler):
        assert web.released.wait(30)
        web.routes["/sport.xml"](handler)

    web.routes["/langsam.xml"] = late
    chat = front.api.private()
    mark = front.api.mark()
    front.api.send_text(chat, chat.user, f"/addfeed {web.url}/langsam.xml")
    await front.api.wait_for_async("sendChatAction", after=mark)
    assert front.api.actions == [(chat.id, "typing")]
    web.released.set()
    await front.api.wait_for_async("sendMessage", after=mark)
    assert front.api.last(chat)["text"].startswith("Du folgst jetzt: Sport.")


async def test_an_address_without_a_scheme_and_in_brackets_is_understood(front, web):
    chat = front.api.private()
    # Without a scheme https is meant, and this server speaks none.
    refused = await front.said(chat, f"/addfeed <127.0.0.1:{web.port}/politik.xml>")
    assert refused["text"] == "Die Website ist nicht zu erreichen."
    done = await front.said(chat, f"/addfeed feed:{web.url}/politik.xml")
    assert done["text"].startswith("Du folgst jetzt: Politik.")


async def test_a_page_with_one_feed_leads_to_it(front, web):
    web.routes["/"] = reply(200, page(("/sport.xml", "Unser Sport")), {"Content-Type": "text/html"})
    done = await front.said(front.api.private(), f"/addfeed {web.url}/")
    assert done["text"].startswith("Du folgst jetzt: Sport.")
    assert "Neuester: Sieg im Finale" in done["text"]


async def test_of_several_feeds_one_is_chosen_by_a_button(front, web):
    feeds = ("/politik.xml", "P"), ("/sport.xml", "S"), ("/kaputt.xml", "K")
    web.routes["/"] = reply(200, page(*feeds), {"Content-Type": "text/html"})
    chat = front.api.private()
    asked = await front.said(chat, f"/addfeed {web.url}/")
    assert asked["text"].startswith("127.0.0.1 hat mehrere Feeds. Welchen möchtest du?")
    assert "1. Politik — Neuester: Gipfel in Genf" in asked["text"]
    assert "2. Sport — Neuester: Sieg im Finale" in asked["text"]
    assert labels(asked) == ["1. Politik", "2. Sport"]  # what is no feed is not offered
    assert (await front.said(chat, "/subscriptions"))["text"].startswith("Du folgst noch niemandem")
    done = await front.pressed(asked, "2. Sport")
    assert done["text"].startswith("Du folgst jetzt: Sport.")


async def test_a_button_for_a_long_address_works_after_a_restart(bot_api, tmp_path, web):
    feeds = (f"{LONG}kultur.xml", "K"), (f"{LONG}lokal.xml", "L")
    web.routes["/"] = reply(200, page(*feeds), {"Content-Type": "text/html"})
    settings = settings_for(bot_api, tmp_path)
    chat = bot_api.private()
    async with opened(bot_api, settings) as front:
        asked = await front.said(chat, f"/addfeed {web.url}/")
        data = [button["callback_data"] for row in keyboard(asked) for button in row]
        assert all(len(one.encode()) <= 64 for one in data)
    async with opened(bot_api, settings) as front:
        done = await front.pressed(asked, "2. Lokal")
        assert done["text"].startswith("Du folgst jetzt: Lokal.")


async def test_a_number_without_its_list_asks_back(front):
    asked = await front.said(front.api.private(), "/addfeed 2")
    assert "welcher Feed gemeint ist" in asked["text"]


NO_FEEDS = [
    ("/leer", None, "Dort finde ich keinen Feed."),
    ("/nichts", None, "Unter dieser Adresse hat die Website nichts (Fehler 404)."),
    ("/gesperrt", reply(403), "Die Website lässt mich das nicht lesen (Fehler 403)."),
    ("/kaputt", reply(502), "Die Website hat selbst gerade Schwierigkeiten (Fehler 502)."),
    ("/weg", reply(410), "Den Feed gibt es nicht mehr."),
    ("/spaeter", reply(503, headers={"Retry-After": "60"}), "Die Website bittet um Geduld."),
]


async def test_what_is_no_feed_is_said_in_kind_words(front, web):
    chat = front.api.private()
    for route, answer, says in NO_FEEDS:
        web.routes[route] = answer or web.routes.get(route) or reply(404)
        refused = await front.said(chat, f"/addfeed {web.url}{route}")
        assert refused["text"].startswith(says)
    assert (await front.said(chat, "/subscriptions"))["text"].startswith("Du folgst noch niemandem")


async def test_a_private_address_is_refused_unless_the_operator_allows_it(bot_api, tmp_path, web):
    settings = settings_for(bot_api, tmp_path, fetch_allow_networks="")
    async with opened(bot_api, settings) as front:
        refused = await front.said(front.api.private(), f"/addfeed {web.url}/politik.xml")
    assert "privaten Netz" in refused["text"]
    assert web.requests == []


async def test_a_password_is_never_shown(front, web):
    chat = front.api.private()
    url = web.url.replace("//", "//anna:geheim@")
    web.routes["/namenlos.xml"] = reply(200, rss("", "Eine Meldung"))
    for asked in (f"/addfeed {url}/namenlos.xml", "/feeds", "/subscriptions"):
        await front.said(chat, asked)
    exported = (await front.exported(chat)).data
    sent = json.dumps(front.api.sent(chat), ensure_ascii=False)
    assert "namenlos.xml" in sent
    assert "geheim" not in sent
    assert b"namenlos.xml" in exported
    assert b"geheim" not in exported


# --- The starter list --------------------------------------------------------------------------


async def test_the_starter_list_is_paged_in_place(front):
    chat = front.api.private()
    start = await front.said(chat, "/addfeed")
    german = sum((one.language, one.country) == ("de", "DE") for one in starter_feeds())
    assert labels(start)[0] == f"Deutschland ({german})"  # the reader's language comes first
    assert sum(int(label.rpartition("(")[2][:-1]) for label in labels(start)) == len(
        starter_feeds()
    )
    seen, now = [], await front.turned(start, f"Deutschland ({german})")
    while True:
        assert now["message_id"] == start["message_id"]
        seen += [one.partition(". ")[2] for one in words(now, "text_link")]
        if "Weiter ›" not in labels(now):
            break
        now = await front.turned(now, "Weiter ›")
    assert seen == [
        one.name for one in starter_feeds() if (one.language, one.country) == ("de", "DE")
    ]
    now = await front.turned(now, "‹ Zurück")
    now = await front.turned(now, "Andere Länder")
    assert now["text"] == start["text"]
    assert len(front.api.sent(chat)) == 1


async def test_a_page_that_was_deleted_comes_anew(front):
    chat = front.api.private()
    start = await front.said(chat, "/addfeed")
    front.api.fail_next("editMessageText", faults.rejected("message can't be edited"))
    again = await front.pressed(start, labels(start)[0])
    assert again["message_id"] != start["message_id"]
    assert again["text"].startswith("Deutschland")


async def test_a_name_finds_feeds_of_the_list(front):
    found = await front.said(front.api.private(), "/addfeed tagesschau")
    assert "agesschau" in found["text"]
    assert labels(found)


async def test_a_button_of_a_message_out_of_reach_is_answered(front):
    chat = front.api.private()
    start = await front.said(chat, "/addfeed")
    with front.api.changed:
        start |= {"date": 0}  # so Telegram marks messages that bots can no longer see
        del start["text"]
    answer = await front.pressed(start, labels(start)[0])
    assert answer["text"].startswith("Deutschland")


# --- Files -------------------------------------------------------------------------------------


def opml(web, *paths, folders=()):
    return write_opml(FeedRef(f"{web.url}{path}", path, folders) for path in paths)


async def test_an_opml_file_is_imported_and_comes_back_out(front, web):
    chat = front.api.private()
    await front.said(chat, f"/addfeed {web.url}/politik.xml")
    data = opml(web, "/politik.xml", "/sport.xml", f"{LONG}lokal.xml", folders=("Presse", "Inland"))
    done = await front.handed(chat, "feeds.opml", data, mime_type=OPML)
    assert done["text"].startswith("Die Datei ist gelesen: 2 neue Feeds und 1 schon bekannt.")

    followed = await front.pressed(done, "Allen hier hinzugefügten Feeds folgen")
    assert followed["text"].startswith("Du folgst jetzt 3 Feeds.")

    stored = await front.exported(chat)
    assert stored.name == "depesche-feeds.opml"
    found = {feed.url: feed.labels for feed in read_feeds_file(stored.data)}
    assert found == {
        f"{web.url}/politik.xml": (),
        f"{web.url}/sport.xml": ("Presse", "Inland"),
        f"{web.url}{LONG}lokal.xml": ("Presse", "Inland"),
    }


async def test_a_list_of_addresses_is_imported_too(front, web):
    data = f"# meine\n{web.url}/sport.xml Sport\n{web.url}/politik.xml\n".encode()
    done = await front.handed(front.api.private(), "feeds.txt", data, mime_type="text/plain")
    assert done["text"].startswith("Die Datei ist gelesen: 2 neue Feeds.")


NO_LISTS = [
    ("bild.png", "image/png", b"\x89PNG\r\n\x1a\n", "Das ist keine Datei mit Feeds."),
    ("brief.pdf", "application/pdf", b"%PDF-1.7", "Das ist keine Datei mit Feeds."),
    ("feeds.opml", OPML, b" " * 1_000_001, "Diese Datei ist größer als 1 MB."),
    ("feeds.opml", OPML, b"<opml><body>", "Das lässt sich nicht lesen: das XML ist fehlerhaft"),
    ("feeds.xml", "text/xml", b"<html/>", "Das lässt sich nicht lesen: es ist kein OPML."),
    (
        "feeds.opml",
        OPML,
        b'<!DOCTYPE o [<!ENTITY a "b">]><opml version="2.0"/>',
        "Das lässt sich nicht lesen: es enthält eine Dokumenttyp-Angabe",
    ),
    (
        "feeds.txt",
        "text/plain",
        b"Liebe Leute,\n",
        "Das lässt sich nicht lesen: eine Zeile ist keine Adresse, Zeile 1.",
    ),
]


async def test_other_files_are_refused_in_kind_words(front):
    chat = front.api.private()
    for name, kind, data, says in NO_LISTS:
        refused = await front.handed(chat, name, data, mime_type=kind)
        assert refused["text"].startswith(says)
        assert "OPML" in refused["text"]
    # What cannot be a list is not even fetched.
    assert len(front.api.calls_to("getFile")) == sum("lesen:" in says for *_, says in NO_LISTS)


async def test_a_file_telegram_withholds_is_asked_for_again(front, web):
    front.api.fail_next("getFile", faults.server_error(500))
    refused = await front.handed(front.api.private(), "f.opml", opml(web, "/a"), mime_type=OPML)
    assert refused["text"].startswith("Telegram hat die Datei nicht herausgegeben.")


async def test_in_a_group_a_file_counts_only_if_it_is_meant_for_the_bot(front, web):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member], bot="administrator")
    name = front.made.app.bot.username
    data = opml(web, "/sport.xml")

    def send(user, **where):
        return front.handed(group, "feeds.opml", data, user, mime_type=OPML, **where)

    front.api.send_document(group, owner, "feeds.opml", data, mime_type=OPML)
    front.api.send_document(
        group, owner, "f.opml", data, mime_type=OPML, caption="/importfeeds@other_bot"
    )
    refused = await send(member, caption=f"/importfeeds@{name}")
    assert "nur Admins" in refused["text"]
    assert len(front.api.sent(group)) == 1  # nothing was said to the two before
    assert front.api.calls_to("getFile") == []
    done = await send(owner, caption="/importfeeds")
    assert done["text"].startswith("Die Datei ist gelesen: 1 neuer Feed.")
    again = await send(owner, reply_to=done["message_id"])
    assert again["text"].startswith("Die Datei ist gelesen: 0 neue Feeds und 1 schon bekannt.")


# --- Who may -----------------------------------------------------------------------------------


async def test_a_chat_adds_no_more_than_its_quota(bot_api, tmp_path, web):
    async with opened(bot_api, settings_for(bot_api, tmp_path, feeds_per_chat=2)) as front:
        chat = front.api.private()
        await front.said(chat, f"/addfeed {web.url}/politik.xml")
        data = opml(web, "/a", "/b", "/c", "/d", "/e")
        done = await front.handed(chat, "feeds.opml", data, mime_type=OPML)
        assert done["text"].startswith("Die Datei ist gelesen: 1 neuer Feed und 4 abgelehnt.")
        assert done["text"].count("Dieser Chat darf 2 Feeds hinzufügen") == 1
        assert "… und 1 weitere." in done["text"]
        refused = await front.said(chat, f"/addfeed {web.url}/sport.xml")
        assert refused["text"].startswith("Dieser Chat darf 2 Feeds hinzufügen")
        assert "/sport.xml" not in [path for path, _ in web.requests]
        other = await front.said(front.api.private(), f"/addfeed {web.url}/sport.xml")
        assert other["text"].startswith("Du folgst jetzt: Sport.")


async def test_where_feeds_are_closed_only_the_chats_named_add_them(bot_api, tmp_path, web):
    one, other = bot_api.private(), bot_api.private(bot_api.user("Bert"))
    settings = settings_for(bot_api, tmp_path, feeds_open=False, feeds_chats=str(one.id))
    async with opened(bot_api, settings) as front:
        refused = await front.said(other, f"/addfeed {web.url}/sport.xml")
        assert refused["text"] == "Feeds fügt hier nur der Betreiber hinzu."
        refused = await front.handed(other, "f.opml", opml(web, "/a"), mime_type=OPML)
        assert refused["text"] == "Feeds fügt hier nur der Betreiber hinzu."
        done = await front.said(one, f"/addfeed {web.url}/sport.xml")
        assert done["text"].startswith("Du folgst jetzt: Sport.")


async def test_a_chat_sees_and_removes_its_own_feeds_not_those_of_others(front, web):
    one, other = front.api.private(), front.api.private(front.api.user("Bert"))
    await front.said(one, f"/addfeed {web.url}/politik.xml")
    await asyncio.to_thread(front.desk.feeds.add, f"{web.url}/sport.xml", None, front.clock())
    assert "Politik" in (await front.said(one, "/feeds"))["text"]
    listed = await front.said(other, "/feeds")
    assert "Politik" not in listed["text"]
    assert "Sport" in listed["text"]
    assert "Politik" not in (await front.said(other, "/removefeed Politik"))["text"].replace(
        "„Politik“", ""
    )
    refused = await front.said(other, "/removefeed Sport")
    assert "kann nicht hier entfernt werden" in refused["text"]
    gone = await front.said(one, "/removefeed politik")
    assert gone["text"].startswith("Politik wird nicht mehr abgefragt.")
    assert "Politik" not in (await front.said(one, "/feeds"))["text"]


# --- How they fare -----------------------------------------------------------------------------


async def test_many_feeds_are_listed_a_page_at_a_time(front, web):
    chat = front.api.private()
    data = opml(web, *(f"/{number}.xml" for number in range(1, 24)))
    await front.handed(chat, "feeds.opml", data, mime_type=OPML)
    first = await front.said(chat, "/feeds")
    assert first["text"].startswith("Feeds (1/3)")
    assert "/1.xml — noch nicht abgefragt · nächste Abfrage" in first["text"]
    assert len(words(first, "text_link")) == 10
    last = await front.turned(await front.turned(first, "Weiter ›"), "Weiter ›")
    assert last["text"].startswith("Feeds (3/3)")
    assert "/23.xml — noch" in last["text"]
    assert "Weiter ›" not in labels(last)
    followed = await front.pressed(last, "/23.xml")
    assert followed["text"].startswith("Du folgst jetzt: /23.xml.")


async def test_trouble_is_told_in_words(front, web):
    chat = front.api.private()
    web.routes["/fehlt.xml"] = reply(404)
    await front.handed(chat, "f.opml", opml(web, "/sport.xml", "/fehlt.xml"), mime_type=OPML)
    later = front.clock() + DAY
    await asyncio.to_thread(front.desk.feeds.poll_due, lambda: later)
    text = (await front.said(chat, "/feeds"))["text"]
    assert "beim letzten Mal: Unter dieser Adresse hat die Website nichts (Fehler 404)" in text
    assert "zuletzt gelesen am" in text


async def test_who_follows_a_feed_is_told_once_that_it_is_gone_or_fails(front, web):
    chat = front.api.private()
    await front.said(chat, f"/addfeed {web.url}/politik.xml")
    await front.said(chat, f"/addfeed {web.url}/sport.xml")
    web.routes["/politik.xml"] = reply(410)
    web.routes["/sport.xml"] = reply(500)
    before = len(front.api.sent(chat))
    now = front.clock()
    for _ in range(12):  # a feed that fails is asked less and less often
        now += DAY
        await asyncio.to_thread(front.desk.feeds.poll_due, lambda at=now: at)
        await asyncio.to_thread(front.desk.rounds.compose_notices, now, render_notice)
    outbox = Outbox(front.built.store, front.made.send, addresses.TELEGRAM, lambda: now)
    assert await outbox.deliver_due() == 2
    gone, failing = front.api.sent(chat)[before:]
    assert gone["text"].startswith("Den Feed Politik gibt es nicht mehr.")
    assert failing["text"].startswith("Der Feed Sport ist gestört.")
    assert "Die Website hat selbst gerade Schwierigkeiten (Fehler 500)." in failing["text"]
    done = await front.pressed(failing, "Nicht mehr folgen")
    assert done["text"] == "Du folgst nicht mehr: Sport."
    done = await front.pressed(gone, "Nicht mehr folgen")
    assert done["text"] == "Du folgst nicht mehr: Politik."


# --- The terminal ------------------------------------------------------------------------------


@pytest.fixture
def terminal(bot_api, tmp_path):
    with house(settings_for(bot_api, tmp_path)) as built:
        yield Terminal(built.desk, built.clock, io.StringIO())


def told(terminal, command):
    terminal.out.truncate(0)
    terminal.out.seek(0)
    status = terminal.ask([command], as_json=False)
    return status, terminal.out.getvalue()


def test_the_terminal_chooses_by_number_and_reads_at_once(terminal, web):
    feeds = ("/politik.xml", "P"), (f"{LONG}lokal.xml", "L")
    web.routes["/"] = reply(200, page(*feeds), {"Content-Type": "text/html"})
    _, asked = told(terminal, f"/addfeed {web.url}/")
    assert "Wähl mit /addfeed NUMMER." in asked
    _, done = told(terminal, "/addfeed 2")
    assert done.startswith("Du folgst jetzt: Lokal.")
    assert "Brücke gesperrt" in told(terminal, "/latest")[1]
    _, other = told(terminal, "/addfeed 1")  # the list above is still meant
    assert other.startswith("Du folgst jetzt: Politik.")


def test_the_terminal_lists_the_starters_by_command(terminal):
    _, shown = told(terminal, "/addfeed")
    assert ": /addfeed de-DE" in shown
    shown = told(terminal, "/addfeed de-DE")[1]
    assert shown.startswith("Deutschland (1/")
    assert "Nächste Seite: /addfeed de-DE 2" in shown
    second = told(terminal, "/addfeed de-DE page:2")[1]
    assert second == told(terminal, "/addfeed de-DE 2")[1] != shown


def test_the_terminal_imports_a_file_by_its_path(terminal, tmp_path, web):
    path = tmp_path / "meine feeds.opml"
    path.write_bytes(opml(web, "/politik.xml"))
    status, done = told(terminal, f"/importfeeds {path}")
    assert (status, done.splitlines()[0]) == (0, "Die Datei ist gelesen: 1 neuer Feed.")
    _, missing = told(terminal, f"/importfeeds {tmp_path}/fehlt.opml")
    assert missing.startswith("Das lässt sich nicht lesen: eine solche Datei gibt es nicht.")
    _, folder = told(terminal, f"/importfeeds {tmp_path}")
    assert folder.startswith("Das lässt sich nicht lesen")
    assert told(terminal, "/importfeeds")[0] == 1


def test_the_command_line_imports_lists_and_exports(monkeypatch, tmp_path, capsys, web):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "feeds.opml"
    path.write_bytes(opml(web, "/politik.xml", "/sport.xml", folders=("Presse",)))
    assert main(["feeds", "import", str(path)]) == 0
    assert "2 neue Feeds" in capsys.readouterr().out
    assert main(["feeds", "import", str(tmp_path / "fehlt")]) == 1
    capsys.readouterr()
    assert main(["feeds", "list"]) == 0
    assert f"{web.url}/sport.xml" in capsys.readouterr().out
    assert main(["feeds", "export"]) == 0
    exported = capsys.readouterr().out.encode()
    assert {feed.labels for feed in read_feeds_file(exported)} == {("Presse",)}
