"""The operator: status, what went wrong, notes to all; menus and descriptions."""

import logging
import re
from datetime import timedelta

import pytest

from bot.problems import Collected, collecting
from bot.runtime import _telegram_outbox
from tests.botapi import BotApi, keyboard
from tests.e2e.conftest import Front, front_settings, opened

OPERATOR = 4_242


@pytest.fixture
async def front(bot_api: BotApi, tmp_path):
    bot_api.private(bot_api.user("Ops", id=OPERATOR))
    settings = front_settings(bot_api, tmp_path, operator_chats=(OPERATOR,))
    async with opened(bot_api, settings) as made:
        yield made


def operator(front: Front):
    return front.api.chats[OPERATOR]


async def deliver(front: Front) -> None:
    outbox = _telegram_outbox(front.built, front.made, front.made.send)
    while await outbox.deliver_due():
        pass


def scopes(api: BotApi) -> dict[tuple[str, str | None], list[str]]:
    """The menus: by kind of scope and language, the names of the commands."""
    return {
        (
            call.params.get("scope", {"type": "default"})["type"],
            call.params.get("language_code"),
        ): [one["command"] for one in call.params["commands"]]
        for call in api.calls_to("setMyCommands")
    }


async def test_the_operator_sees_how_the_bot_is_doing_and_nobody_else_does(front):
    seen = (await front.said(operator(front), "/status"))["text"]
    for words in (
        "Version",
        "Läuft seit",
        "Datenbank",
        "MB",
        "Feeds",
        "Warteschlange",
        "Übersicht",
    ):
        assert words in seen
    assert "(Datenbank 0" in seen
    assert re.search(r"\d,\d MB", seen)
    stranger = front.api.private()
    for command in ("/status", "/broadcast Hallo", "/broadcast send 1"):
        assert "gibt es nicht" in (await front.said(stranger, command))["text"], command
    assert "/status" not in (await front.said(stranger, "/help"))["text"]
    assert "/status" in (await front.said(operator(front), "/help"))["text"]


async def test_what_went_wrong_is_told_in_words_once_and_counted_and_of_no_chat(front):
    assert "ging nichts schief" in (await front.said(operator(front), "/status fehler"))["text"]
    with collecting() as found:
        for _ in range(3):
            logging.getLogger("bot.outbox").warning("delivery digest/7/0/1/0: %s", "Retry")
        logging.getLogger("bot").error("a group is now telegram:-100987")
        try:
            raise OSError("no room for telegram:4711")
        except OSError:
            logging.getLogger("digests").exception("a file")
    found.keep(front.desk.operation.note)
    found.keep(front.desk.operation.note)  # nothing is kept twice
    told = (await front.said(operator(front), "/status errors"))["text"]
    assert "(3×): delivery: Retry" in told
    assert "OSError: no room" in told
    for private in ("digest/7", "987", "4711"):
        assert private not in told


def test_what_cannot_be_kept_now_is_kept_later():
    found, kept = Collected(), []
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "full", None, None)
    found.emit(record)

    def fails(_problems):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        found.keep(fails)
    found.keep(kept.extend)
    assert [one.words for one in kept] == ["full"]


async def test_a_note_goes_once_to_all_who_follow_something_and_can_be_told(front):
    api = front.api
    follower, english = api.private(), api.private(api.user("Ann", language_code="en"))
    resting, curious = api.private(), api.private()
    for chat in (follower, english, resting):
        await front.said(chat, "/subscribe NATO")
    await front.said(resting, "/pause")
    await front.said(curious, "/about")
    admin = api.user("Admin")
    channel = api.channel("Kanal", owner=admin)
    private = api.private(admin)
    await front.said(private, f"/channel {channel.id}")
    number = front.desk.following.at(f"telegram:{channel.id}").id
    await front.said(private, f"/channel {number} NATO")
    asked = await front.said(operator(front), "/broadcast Heute Nacht Wartung.\n\nAb 2 Uhr.")
    assert "an 2 Chats" in asked["text"]
    assert "Heute Nacht Wartung.\n\nAb 2 Uhr." in asked["text"]
    await deliver(front)
    assert "Wartung" not in str(api.sent(follower))
    (((button,),),) = (keyboard(asked),)
    done = await front.pressed(asked, button["text"])
    assert "Unterwegs an 2 Chats" in done["text"]
    again = await front.pressed(asked, button["text"])
    assert "schon unterwegs" in again["text"]
    await deliver(front)
    assert sum("Wartung" in one["text"] for one in api.sent(follower)) == 1
    assert api.last(english)["text"].startswith("A note from the operator")
    for chat in (resting, curious, channel):
        assert "Wartung" not in str(api.sent(chat))


async def test_a_note_waits_for_the_end_of_quiet_hours(front):
    chat = front.api.private()
    await front.said(chat, "/subscribe NATO")
    now = front.clock()
    quiet = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    await front.said(chat, "/settings zone UTC")
    await front.said(chat, f"/settings quiet {quiet}")
    number, chats = front.desk.operation.draft("Wartung", now)
    assert chats == 1
    from bot.commands.operator import note

    assert front.desk.operation.send(number, note, now) == 1
    assert front.desk.operation.send(number, note, now) is None
    await deliver(front)
    assert "Wartung" not in str(front.api.sent(chat))


async def test_menus_fit_the_chat_and_descriptions_the_language(front):
    menus = scopes(front.api)
    for language in (None, "de"):
        assert "channel" in menus["default", language]
        assert "channel" not in menus["all_group_chats", language]
        assert "status" in menus["chat", language]
        assert "status" not in menus["default", language]
        assert "broadcast" not in menus["all_group_chats", language]
    profile = front.api.profile
    assert profile["description", ""].startswith("I follow")
    assert profile["description", "de"].startswith("Ich verfolge")
    assert len(profile["short_description", "de"]) <= 120
    assert len(profile["description", "de"]) <= 512


async def test_what_is_set_already_is_not_set_again(bot_api, tmp_path):
    settings = front_settings(bot_api, tmp_path, operator_chats=(OPERATOR,))
    bot_api.private(bot_api.user("Ops", id=OPERATOR))
    async with opened(bot_api, settings):
        pass
    mark = bot_api.mark()
    async with opened(bot_api, settings):
        pass
    later = [call.method for call in bot_api.calls if call.number > mark]
    assert not [one for one in later if one.startswith("setMy")]
    assert "getMyCommands" in later


async def test_an_operator_who_never_wrote_does_not_keep_the_bot_from_starting(bot_api, tmp_path):
    settings = front_settings(bot_api, tmp_path, operator_chats=(77,), allowed_chats=(1,))
    async with opened(bot_api, settings) as front:
        chat = bot_api.private(bot_api.user("Ops", id=77))
        assert "Version" in (await front.said(chat, "/status"))["text"]
