"""The bot as a process against the Bot API on loopback: asked, followed, stopped, killed."""

import signal
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.botapi import faults
from tests.e2e.conftest import words
from tests.sources.feedserver import FeedServer, reply

SECOND = """Noch eine Meldung

Stand: 10.01.2022 09:00 Uhr

Der russische Außenminister Sergej Lawrow ist nach Genf gereist. Lawrow sagte, Russland
sei zu Gesprächen bereit.
"""
REPORT = """Zweite Meldung

Der französische Präsident Emmanuel Macron hat am Montag in Paris neue Sanktionen angekündigt.
"""


@pytest.fixture
def web():
    server = FeedServer()
    yield server
    server.close()


def test_it_answers_takes_in_delivers_and_stops(bot):
    (bot.seeds / "a.txt").write_text(SECOND, "utf-8")
    bot.start()
    api = bot.api
    chat = api.private(api.user(language_code="de"))
    bot.wait_logged("taken in")

    card = bot.ask(chat, "/actor Lawrow")
    assert card["text"].startswith("Sergej Lawrow\n")
    assert "Sergej Lawrow" in words(card, "bold")
    assert "Russland sei zu Gesprächen bereit" in " ".join(card["text"].split())

    followed = bot.ask(chat, "/subscribe Macron alert")
    assert "Emmanuel Macron" in followed["text"]

    before = len(api.sent(chat))
    (bot.seeds / "b.txt").write_text(REPORT, "utf-8")
    api.wait_until(lambda: len(api.sent(chat)) > before, timeout=90, what="alert")
    assert "Zweite Meldung" in api.last(chat)["text"]

    assert bot.stop() == 0
    assert api.token not in bot.log()
    assert "Traceback" not in bot.log()


def test_a_feed_that_is_added_is_read_at_once_and_its_news_sent(bot, web):
    item = (
        "<item><guid>1</guid><title>Zweite Meldung</title><description>Der französische Präsident"
        " Emmanuel Macron hat neue Sanktionen angekündigt.</description>"
        f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate></item>"
    )
    body = f'<rss version="2.0"><channel><title>Presse</title>{item}</channel></rss>'
    web.routes["/feed"] = reply(200, body.encode())
    bot.extra["FETCH_ALLOW_NETWORKS"] = "127.0.0.0/8"
    bot.start()
    chat = bot.api.private(bot.api.user(language_code="de"))
    bot.ask(chat, "/subscribe Macron alert")
    assert bot.ask(chat, f"/addfeed {web.url}/feed")["text"].startswith("Du folgst jetzt: Presse.")
    bot.api.wait_until(lambda: alerts(bot, chat), timeout=90, what="the alert")
    assert bot.stop() == 0
    assert "Traceback" not in bot.log()


def alerts(bot, chat):
    return [m["text"] for m in bot.api.sent(chat) if "Zweite Meldung" in m["text"]]


def test_killed_before_it_could_send_it_sends_once(bot):
    api = bot.api
    chat = api.private(api.user(language_code="de"))
    bot.start()
    bot.wait_logged("running")
    bot.ask(chat, "/subscribe Macron alert")
    bot.stop(signal.SIGKILL)

    # While it is down a report comes in; the first attempts to send it are refused.
    (bot.seeds / "b.txt").write_text(REPORT, "utf-8")
    rule = api.fail_next("sendMessage", faults.server_error(500), times=None)
    mark = api.mark()
    bot.start()
    api.wait_for("sendMessage", after=mark, timeout=90)
    bot.stop(signal.SIGKILL)
    api.heal(rule)
    bot.start()
    api.wait_until(lambda: alerts(bot, chat), timeout=90, what="alert after the kill")
    assert bot.ask(chat, "/subscriptions")["text"].count("Macron") == 1
    assert bot.stop() == 0
    assert len(alerts(bot, chat)) == 1


def test_a_repeat_comes_only_where_the_answer_was_lost_and_says_so(bot):
    api = bot.api
    chat = api.private(api.user(language_code="de"))
    bot.start()
    bot.ask(chat, "/subscribe Macron alert")
    api.fail_next("sendMessage", faults.drop(delivered=True))
    (bot.seeds / "b.txt").write_text(REPORT, "utf-8")
    api.wait_until(lambda: len(alerts(bot, chat)) == 2, timeout=90, what="the repeat")
    first, second = alerts(bot, chat)
    assert "Womöglich doppelt" not in first
    assert "Womöglich doppelt" in second
    assert second.startswith(first)
    assert bot.stop() == 0


def test_it_waits_for_a_telegram_that_cannot_be_reached_and_takes_in_meanwhile(bot):
    (bot.seeds / "a.txt").write_text(SECOND, "utf-8")
    with bot.api.outage():
        bot.start(connected=False)
        bot.wait_logged("Telegram cannot be reached")
        bot.wait_logged("taken in: 1 new")
    bot.wait_logged("running")
    chat = bot.api.private(bot.api.user())
    assert "Lawrow" in bot.ask(chat, "/actor Lawrow")["text"]
    assert bot.stop() == 0


def test_it_stops_at_once_while_telegram_cannot_be_reached(bot):
    with bot.api.outage():
        bot.start(connected=False)
        bot.wait_logged("Telegram cannot be reached")
        assert bot.stop() == 0


def test_a_refused_token_is_said_in_words(bot):
    bot.extra["TELEGRAM_TOKEN"] = "1:wrong"
    bot.start(connected=False)
    assert bot.process.wait(60) == 2
    bot.wait_logged("TELEGRAM_TOKEN")
    bot.process = None
