"""Inline mode on the real Application: what is offered, to whom, and what is nobody's business."""

import asyncio

import pytest

from tests.botapi import keyboard
from tests.e2e.conftest import front_settings, opened, words
from tests.sources.feedserver import FeedServer, reply

REPORT = """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist. „Wir sind zu Gesprächen
bereit“, sagte Lawrow. Die NATO begrüßte die Reise.
"""
SECRET = (
    '<rss version="2.0"><channel><title>Geheim</title><item><guid>1</guid>'
    "<title>Lawrow im Hinterzimmer</title><description>Der russische Außenminister Sergej Lawrow"
    " traf den Kanzler Olaf Scholz im Hinterzimmer.</description></item></channel></rss>"
)


async def offered(front, user, query):
    """What an inline query is answered with."""
    mark = front.api.mark()
    asked = front.api.inline_query(user, query)
    await front.api.wait_for_async("answerInlineQuery", after=mark)
    return asked, front.api.inline_answers[asked]


@pytest.fixture
def web():
    server = FeedServer()
    yield server
    server.close()


async def test_a_name_offers_the_card_what_was_said_and_what_was_told(bot_api, tmp_path, web):
    web.routes["/feed"] = reply(200, SECRET.encode())
    settings = front_settings(
        bot_api, tmp_path, fetch_allow_networks="127.0.0.0/8", fetch_host_gap=0.0
    )
    (settings.seeds_dir / "a.txt").write_text(REPORT, "utf-8")
    async with opened(bot_api, settings) as front:
        await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
        anna, group = bot_api.user(), bot_api.supergroup()
        added = await front.said(bot_api.private(anna), f"/addfeed {web.url}/feed")
        assert added["text"].startswith("Du folgst jetzt: Geheim")
        await asyncio.to_thread(front.desk.intake.read_inbox, front.clock())

        asked, answer = await offered(front, anna, "  Lawrow ")
        titles = [one["title"] for one in answer["results"]]
        assert titles == ["Sergej Lawrow", "Sergej Lawrow", "Lawrow reist nach Genf"]
        assert answer["is_personal"] is True
        assert 0 < answer["cache_time"] <= 300
        shown = str(answer)
        assert "Hinterzimmer" not in shown  # the feed of a chat is that chat's
        assert "folgst" not in shown
        for result in answer["results"]:
            sent = bot_api.choose(asked, result["id"], anna, group)
            assert sent["text"].strip()
            (row,) = keyboard(sent)
            assert row[0]["url"].endswith("?start=actor_sergej-lawrow")
        card = bot_api.choose(asked, answer["results"][0]["id"], anna, group)
        assert "Sergej Lawrow" in words(card, "bold")
        assert " ".join(card["text"].split()).count("Wir sind zu Gesprächen bereit") == 1
        said = bot_api.choose(asked, answer["results"][1]["id"], anna, group)
        assert "Wir sind zu Gesprächen bereit" in " ".join(said["text"].split())
        assert words(said, "blockquote")

        _, news = await offered(front, anna, "")
        assert {"Sergej Lawrow", "NATO"} <= {one["title"] for one in news["results"]}
        assert "Olaf Scholz" not in str(news)
        _, by_words = await offered(front, anna, "Gespräche")
        assert [one["title"] for one in by_words["results"]] == ["Lawrow reist nach Genf"]
        _, nothing = await offered(front, anna, "Hinterzimmer")
        assert nothing["results"] == []
        assert nothing["button"]["start_parameter"]
        _, nobody = await offered(front, anna, "Olaf Scholz")
        assert nobody["results"] == []
        for odd in ("😀" * 200, "\u202e", "/start", "*", "%", "#sergej-lawrow"):
            await offered(front, anna, odd)
        await front.said(bot_api.private(anna), "/deleteme yes")
        _, still = await offered(front, anna, "Hinterzimmer")
        assert still["results"] == []  # who is gone gave it to nobody
        _, answer = await offered(front, bot_api.user(language_code="en"), "Lawrow")
        assert answer["results"][0]["description"] == "Person · 1 report"
        ((follow,),) = answer["results"][0]["reply_markup"]["inline_keyboard"]
        assert follow["text"] == "Follow Sergei Lavrov"


async def test_strangers_and_who_asks_too_much_are_offered_nothing(bot_api, tmp_path):
    anna, stranger = bot_api.user(), bot_api.user()
    settings = front_settings(bot_api, tmp_path, allowed_chats=str(anna.id), commands_per_minute=1)
    (settings.seeds_dir / "a.txt").write_text(REPORT, "utf-8")
    async with opened(bot_api, settings) as front:
        await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
        _, answer = await offered(front, stranger, "Lawrow")
        assert answer["results"] == []
        assert "button" not in answer
        found = [len((await offered(front, anna, "NATO"))[1]["results"]) for _ in range(8)]
        assert found[0] > 0
        assert found[-1] == 0
        asked = bot_api.inline_query(anna, "Lawrow")
        bot_api.expire(asked)  # typed on: nobody waits for the answer any more
        await offered(front, stranger, "Lawrow")
