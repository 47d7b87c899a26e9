"""Somebody mends a command by editing the message it stands in."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.conftest import front_settings
from tests.stage import Clock, opened

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
async def stage(bot_api, tmp_path):
    clock = Clock(NOW)
    bot_api.clock = clock.seconds
    settings = front_settings(bot_api, tmp_path, commands_per_minute=0)
    async with opened(bot_api, settings, clock) as made:
        made.settings = settings
        yield made


async def mended(stage, chat, before, after, later=timedelta(seconds=20), **who):
    """What the bot says to a message, and then to its edit."""
    mark = stage.api.mark()
    message = stage.api.send_text(chat, who.get("user", chat.user), before)
    first = await stage._after(mark)
    stage.clock.at += later
    return first, await edited(stage, chat, message, after)


async def edited(stage, chat, message, text):
    mark = stage.api.mark()
    stage.api.edit_text(chat, message["message_id"], text)
    return await stage._after(mark)


async def test_a_mended_command_is_answered(stage):
    chat = stage.api.private()
    first, then = await mended(stage, chat, "/hlp", "/help")
    assert "Meintest du /help" in first[-1]["text"]
    assert [one["text"].split("\n")[0] for one in then] == ["Befehle"]


async def test_a_mended_name_is_answered_and_mended_again_too(stage):
    chat = stage.api.private()
    _, then = await mended(stage, chat, "Lawrwo", "Lawrow")
    assert then[-1]["text"].startswith("Sergej Lawrow")
    last = stage.api.last(chat)["message_id"] - 2  # their message, before both answers
    again = await edited(stage, chat, {"message_id": last}, "Lawrow ")
    assert again == []
    again = await edited(stage, chat, {"message_id": last}, "Macron")
    assert again[-1]["text"].startswith("Emmanuel Macron")


@pytest.mark.parametrize("after", ["/subscribe NATO", "/subscribe  NATO ", "/SUBSCRIBE NATO"])
async def test_what_asks_the_same_is_not_done_twice(stage, after):
    chat = stage.api.private()
    first, then = await mended(stage, chat, "/subscribe NATO", after)
    assert "NATO" in first[-1]["text"]
    assert then == []


async def test_an_old_message_is_only_tidied_up(stage):
    chat = stage.api.private()
    _, then = await mended(stage, chat, "/hlp", "/help", timedelta(hours=1))
    assert then == []


async def test_after_a_restart_what_was_answered_before_stays_so(stage):
    chat = stage.api.private()
    message = stage.api.send_text(chat, chat.user, "/about")
    await stage.settled()
    stage.clock.at += timedelta(seconds=30)
    await stage.front.stop()
    async with opened(stage.api, stage.settings, stage.clock) as restarted:
        assert await edited(restarted, chat, message, "/about ") == []


async def test_in_a_group_words_become_a_command_and_rights_hold(stage):
    admin, member = stage.api.user(), stage.api.user()
    group = stage.api.group(owner=admin, members=[member])
    first, then = await mended(stage, group, "subscribe NATO", "/subscribe NATO", user=member)
    assert first == []
    assert "nur Admins" in then[-1]["text"]
    _, then = await mended(stage, group, "/help@another_bot", "/help", user=member)
    assert then[-1]["text"].startswith("Befehle")
