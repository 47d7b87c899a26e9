"""The front on python-telegram-bot's real Application: commands, buttons, groups, forum topics."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.botapi import BotApi, faults, keyboard
from tests.e2e.conftest import Front, front_settings, opened, words

REPORT = """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist. „Wir sind zu Gesprächen
bereit“, sagte Lawrow. Die NATO begrüßte die Reise.
"""


@pytest.fixture
async def front(bot_api: BotApi, tmp_path) -> AsyncIterator[Front]:
    settings = front_settings(bot_api, tmp_path)
    (settings.seeds_dir / "a.txt").write_text(REPORT, "utf-8")
    async with opened(bot_api, settings) as made:
        await asyncio.to_thread(made.desk.intake.take_in_folders, made.clock())
        yield made


@pytest.mark.parametrize(
    ("command", "start", "bold"),
    [
        ("/start", "Willkommen", None),
        ("/help", "Befehle", None),
        ("/actor Lawrow", "Sergej Lawrow", "Sergej Lawrow"),
        ("Lawrow", "Sergej Lawrow", "Sergej Lawrow"),
        ("/actor@{bot} Lawrows", "Sergej Lawrow", "Sergej Lawrow"),
        ("/timeline Lawrow", "Zeitleiste", "10. Januar 2022"),
        ("/statements Lawrow", "Äußerungen", None),
        ("/topic Reise", "Reise", "Reise"),
        ("/topic", "Themen", None),
        ("/latest", "Neueste", "Lawrow reist nach Genf"),
        ("/digest", "1 Meldung", "Lawrow reist nach Genf"),
        ("/search Genf", "Gefunden", "Lawrow reist nach Genf"),
        ("/story 1", "Lawrow reist nach Genf", "Lawrow reist nach Genf"),
        ("/story 99", "", None),
        ("/settings", "Einstellungen", None),
        ("/settings zeitzone Asia/Tokyo", "Die Uhrzeiten", None),
        ("/settings zeitzone Mond", "", None),
        ("/subscribe NATO beides", "Du folgst jetzt", None),
        ("/subscriptions", "", None),
        ("/unsubscribe", "", None),
        ("/feeds", "", None),
        ("/feeds 3", "", None),
        ("/feeds export", "", None),
        ("/feeds nochmal", "", None),
        ("/addfeed", "Einen Feed hinzufügen", None),
        ("/addfeed de-AT", "Österreich", None),
        ("/addfeed xx-YY", "Einen Feed hinzufügen", None),
        ("/addfeed 3", "", None),
        ("/addfeed nirgendwo", "„nirgendwo“", None),
        ("/addfeed " + "x" * 3000 + ".de", "Das ist keine Adresse", None),
        ("/addfeed ftp://example.org/x", "Nur Adressen", None),
        ("/importfeeds", "Schick mir eine Datei", None),
        ("/importfeeds /etc/passwd", "Schick mir eine Datei", None),
        ("/subscribe feed:own", "", None),
        ("/addfeed http://127.0.0.1/feed", "", None),
        ("/removefeed 7", "", None),
        ("/pause", "", None),
        ("/pause 01.01.2001", "", None),
        ("/resume", "", None),
        ("/deleteme", "", None),
        ("/about", "Depesche", None),
        ("/actor", "", None),
        ("/actor Xyzzy Unbekannt", "", None),
        ("/timeline Lawrow 99.99.2022", "", None),
        ("/nosuchcommand", "", None),
        ("/actr Lawrow", "", None),
        ("/actor " + "x" * 3000, "", None),
        ("\u202e/actor 😀", "", None),
    ],
)
async def test_every_command_is_answered_with_a_message_telegram_takes(front, command, start, bold):
    chat = front.api.private()
    text = command.format(bot=front.made.app.bot.username)
    message = await front.said(chat, text)
    assert message["text"].strip()
    assert message["text"].startswith(start)
    assert "schiefgegangen" not in message["text"]
    if bold:
        assert bold in words(message, "bold")


async def test_the_menu_is_set_in_both_languages(front):
    calls = front.api.calls_to("setMyCommands")
    menus = {
        call.params.get("language_code"): call.params["commands"]
        for call in calls
        if call.params.get("scope", {"type": "default"})["type"] == "default"
    }
    assert set(menus) == {None, "de"}
    assert {one["command"] for one in menus["de"]} >= {"actor", "timeline", "digest", "deleteme"}
    assert menus["de"][0]["description"] != menus[None][0]["description"]


async def test_a_person_follows_by_button_and_stops_again(front):
    chat = front.api.private()
    card = await front.said(chat, "Lawrow")
    followed = await front.pressed(card, "Folgen")
    assert followed["text"].startswith("Du folgst jetzt")
    assert "Lawrow reist nach Genf" in followed["text"]  # something to read at once
    assert all(front.api.answers.values()) or front.api.calls_to("answerCallbackQuery")
    assert "Sergej Lawrow" in (await front.said(chat, "/subscriptions"))["text"]
    stop = keyboard(followed)[0][1]["text"]
    await front.pressed(followed, stop)
    assert "Lawrow" not in (await front.said(chat, "/subscriptions"))["text"]
    again = await front.pressed(followed, stop)  # an old button does something sensible
    assert again["text"].strip()


async def test_a_deep_link_subscribes(front):
    user = front.api.user()
    chat = front.api.private(user)
    mark = front.api.mark()
    front.api.open_link(user, "actor_sergej-lawrow")
    await front.api.wait_for_async("sendMessage", after=mark)
    assert front.api.last(chat)["text"].startswith("Du folgst jetzt")


async def test_english_speakers_are_answered_in_english(front):
    chat = front.api.private(front.api.user(language_code="en-GB"))
    assert (await front.said(chat, "/start"))["text"].startswith("Welcome")
    await front.said(chat, "/settings language de")
    assert (await front.said(chat, "/start"))["text"].startswith("Willkommen")


async def test_in_a_group_only_admins_change_what_it_follows(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member], bot="member")
    name = front.made.app.bot.username
    refused = await front.said(group, f"/subscribe@{name} NATO", member)
    assert "Admin" in refused["text"]
    assert (await front.said(group, f"/actor@{name} NATO", member))["text"].startswith("NATO")
    done = await front.said(group, f"/subscribe@{name} NATO", owner)
    assert done["text"].startswith("Du folgst jetzt")
    hidden = await front.said(group, f"/subscribe@{name} Lawrow", owner, anonymous=True)
    assert hidden["text"].startswith("Du folgst jetzt")


async def test_a_subscription_lives_in_the_forum_topic_where_it_was_made(front):
    owner = front.api.user("Owner")
    forum = front.api.supergroup(owner=owner, forum=True, bot="member")
    here, there = front.api.topic(forum, "Hier"), front.api.topic(forum, "Dort")
    name = front.made.app.bot.username
    answer = await front.said(forum, f"/subscribe@{name} NATO", owner, thread_id=here)
    assert answer["message_thread_id"] == here
    listed = await front.said(forum, f"/subscriptions@{name}", owner, thread_id=here)
    assert "NATO" in listed["text"]
    other = await front.said(forum, f"/subscriptions@{name}", owner, thread_id=there)
    assert "NATO" not in other["text"]


async def test_a_group_that_becomes_a_supergroup_keeps_everything(front):
    owner = front.api.user("Owner")
    group = front.api.group(owner=owner, bot="member")
    name = front.made.app.bot.username
    await front.said(group, f"/subscribe@{name} NATO", owner)
    moved = front.api.migrate(group)
    await front.api.wait_until_async(lambda: not front.api.updates)
    listed = await front.said(moved, f"/subscriptions@{name}", owner)
    assert "NATO" in listed["text"]


async def test_where_telegram_asks_to_wait_the_answer_still_comes(front):
    chat = front.api.private()
    front.api.fail_next("sendMessage", faults.flood(1))
    mark = front.api.mark()
    front.api.send_text(chat, chat.user, "/about")
    await front.api.wait_for_async(
        lambda call: call.method == "sendMessage" and call.outcome == "ok", after=mark
    )
    assert "Depesche" in front.api.last(chat)["text"]


async def test_an_export_holds_what_is_kept_and_deleting_leaves_nothing(front):
    chat = front.api.private()
    await front.said(chat, "/subscribe NATO")
    mark = front.api.mark()
    front.api.send_text(chat, chat.user, "/export")
    call = await front.api.wait_for_async("sendDocument", after=mark)
    assert call.outcome == "ok"
    await front.said(chat, "/deleteme ja")
    assert "NATO" not in (await front.said(chat, "/subscriptions"))["text"]
