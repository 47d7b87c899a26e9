"""Pictures come after the words they belong to, in the chat and the topic that asked."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.botapi import BotApi, faults, keyboard
from tests.e2e.conftest import Front, front_settings, opened

_REPORTS = {
    "a.txt": "Lawrow in Genf\n\nStand: 10.01.2022 10:00 Uhr\n\nDer russische Außenminister Sergej"
    " Lawrow ist am Montag nach Genf gereist. Dort traf Lawrow seinen Kollegen Antony Blinken.\n",
    "b.txt": "Lawrow in Berlin\n\nStand: 14.01.2022 10:00 Uhr\n\nAußenminister Sergej Lawrow hat"
    " am Freitag in Berlin Antony Blinken gesehen. Die NATO begrüßte das Treffen Lawrows.\n",
}


@pytest.fixture
async def front(bot_api: BotApi, tmp_path) -> AsyncIterator[Front]:
    settings = front_settings(bot_api, tmp_path)
    for name, text in _REPORTS.items():
        (settings.seeds_dir / name).write_text(text, "utf-8")
    async with opened(bot_api, settings) as made:
        await asyncio.to_thread(made.desk.intake.take_in_folders, made.clock())
        yield made


async def _picture(front: Front, after: int):
    call = await front.api.wait_for_async("sendPhoto", after=after)
    upload = next(iter(call.files.values()))
    assert upload.data.startswith(b"\x89PNG")
    return call


async def test_a_timeline_comes_with_how_much_was_reported(front):
    chat = front.api.private()
    mark = front.api.mark()
    message = await front.said(chat, "/timeline Lawrow")
    assert message["text"].startswith("Zeitleiste")
    assert "\n① 10. Januar 2022\n" in message["text"]  # as the picture numbers it
    assert "\n② 14. Januar 2022\n" in message["text"]
    call = await _picture(front, mark)
    assert call.params["caption"].startswith("Wie viel über Sergej Lawrow")


async def test_a_single_day_needs_no_picture(front):
    chat = front.api.private()
    mark = front.api.mark()
    message = await front.said(chat, "/timeline Lawrow 14.01.2022 14.01.2022")
    assert "①" not in message["text"]
    await front.said(chat, "/about")
    assert not [call for call in front.api.calls_to("sendPhoto") if call.number > mark]


async def test_a_card_leads_to_the_company(front):
    chat = front.api.private()
    card = await front.said(chat, "/actor Lawrow")
    assert "▁" in card["text"] or "█" in card["text"]  # how much when, in a line
    mark = front.api.mark()
    answer = await front.pressed(card, "Umfeld")
    assert "Antony Blinken — 2 Berichte" in answer["text"]
    await _picture(front, mark)
    assert "Antony Blinken" in [button["text"] for row in keyboard(answer) for button in row]


async def test_where_pictures_are_not_allowed_the_words_come_all_the_same(front):
    chat = front.api.private()
    front.api.fail_next("sendPhoto", faults.rejected("not enough rights to send photos"))
    assert (await front.said(chat, "/timeline Lawrow"))["text"].startswith("Zeitleiste")
    await front.api.wait_for_async("sendPhoto", after=0)
    assert (await front.said(chat, "/about"))["text"].startswith("Depesche")
