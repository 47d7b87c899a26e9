"""The buttons of stories and pages on the real Application: once, twice, restarted, elsewhere."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import addresses
from bot.outbox import Sent
from bot.payloads import render_alert, render_digest
from bot.runtime import _telegram_outbox
from digests.compose import portion
from digests.desk import Answers
from digests.types import Delivery
from tests.botapi import BotApi, faults, keyboard
from tests.e2e.conftest import Front, front_settings, opened, words

LAWROW = """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist. „Wir sind zu Gesprächen
bereit“, sagte Lawrow. Die NATO begrüßte die Reise. Dort will er über Abrüstung verhandeln, hieß es
in Moskau, und über Raketen, die in Polen und in Rumänien aufgestellt worden sind.
"""
MACRON = """Macron kündigt Sanktionen an

Stand: 11.01.2022 10:00 Uhr

Der französische Präsident Emmanuel Macron hat am Dienstag in Paris neue Sanktionen angekündigt.
"""
NEWS = """Neue Sanktionen gegen Banken

Stand: 12.01.2022 10:00 Uhr

Bundeskanzler Olaf Scholz hat am Mittwoch in Berlin Sanktionen gegen Banken verlangt.
„Die Banken müssen zahlen“, sagte Scholz.
"""


@pytest.fixture
def settings(bot_api: BotApi, tmp_path):
    made = front_settings(bot_api, tmp_path)
    (made.seeds_dir / "a.txt").write_text(LAWROW, "utf-8")
    (made.seeds_dir / "b.txt").write_text(MACRON, "utf-8")
    return made


@pytest.fixture
async def front(bot_api: BotApi, settings) -> AsyncIterator[Front]:
    async with opened(bot_api, settings) as made:
        await asyncio.to_thread(made.desk.intake.take_in_folders, made.clock())
        yield made
        presses = bot_api.calls_to("answerCallbackQuery")
        asked = Counter(call.params["callback_query_id"] for call in presses)
        assert set(asked) == set(bot_api.answers)  # every press is answered,
        assert set(asked.values()) <= {1}  # and once


def labels(message) -> list[str]:
    return [button["text"] for row in keyboard(message) for button in row]


def data(message, label: str) -> str:
    return next(
        one["callback_data"] for row in keyboard(message) for one in row if label in one["text"]
    )


async def touched(front, message, label, user=None, **how) -> tuple[str, dict]:
    """What is said in passing when a button is pressed, and the message as it is then."""
    mark = front.api.mark()
    known = how.pop("data", None) or data(message, label)
    asked = front.api.press(message, known, user, **how)
    await front.api.wait_for_async("answerCallbackQuery", after=mark)
    said = (front.api.answers[asked] or {}).get("text", "")
    return said, front.api.message(message["chat"]["id"], message["message_id"])


async def test_a_digest_opens_its_stories_by_their_numbers(front):
    chat = front.api.private()
    digest = await front.said(chat, "/digest")
    assert "1. Macron kündigt Sanktionen an" in digest["text"]
    assert "2. Lawrow reist nach Genf" in digest["text"]
    assert labels(digest) == ["1", "2"]
    assert words(digest, "date_time") == ["11. Januar 2022, 10:00", "10. Januar 2022, 10:00"]
    assert words(digest, "expandable_blockquote") or words(digest, "blockquote")
    story = await front.pressed(digest, "2")
    assert story["text"].startswith("Lawrow reist nach Genf")
    assert story["message_id"] != digest["message_id"]  # the digest stays as it is
    again = await front.pressed(digest, "2")
    assert again["text"] == story["text"]


async def test_every_button_of_a_story_once_and_twice(front):
    chat = front.api.private()
    await front.said(chat, "/subscribe Lawrow")
    digest = await front.said(chat, "/digest")  # one story: its buttons stand under it
    assert labels(digest) == ["Ausführlich", "Quellen", "Warum?", "🔕 Stumm", "👎 Weniger davon"]
    sources = await front.pressed(digest, "Quellen")
    assert sources["text"].startswith("Quellen\nLawrow reist nach Genf · 1 Bericht\n1. a.txt")
    why = await front.turned(sources, "Warum?")
    assert why["message_id"] == sources["message_id"]
    assert "Sergej Lawrow" in words(why, "bold")
    assert words(why, "bold").count("Sergej Lawrow") == 2  # whom one follows, and in the sentence
    assert "Der russische Außenminister Sergej Lawrow ist" in why["text"]
    story = await front.turned(why, "Ausführlich")
    assert story["text"].startswith("Lawrow reist nach Genf")
    assert labels(story) == ["Quellen", "Warum?", "🔕 Stumm", "👎 Weniger davon"]

    said, story = await touched(front, story, "Stumm")
    assert said.startswith("Stumm: ")
    assert "🔔 Wieder melden" in labels(story)
    mute = data(digest, "Stumm")
    said, _ = await touched(front, story, "", data=mute, stale=True)  # not yet drawn anew
    assert said == "Diese Meldung ist schon stumm."
    said, digest = await touched(front, digest, "Stumm")  # an older message
    assert said == "Diese Meldung ist schon stumm."
    assert "🔔 Wieder melden" in labels(digest)

    said, story = await touched(front, story, "Weniger davon")
    assert said.startswith("Weniger über ")
    assert front.api.answers[list(front.api.answers)[-1]]["show_alert"]
    assert "👍 Wie zuvor" in labels(story)

    listed = await front.said(chat, "/subscriptions")
    spared = await front.turned(listed, "🔕 Was du stumm geschaltet hast")
    assert (await front.said(chat, "/muted"))["text"] == spared["text"]
    assert "Lawrow reist nach Genf" in spared["text"]
    said, spared = await touched(front, spared, "🔔")
    assert said == "Was in dieser Meldung neu ist, wird wieder gemeldet."
    assert "🔕 Stumm" in labels(spared)
    said, _ = await touched(front, story, "Wieder melden")
    assert said == "Diese Meldung ist nicht stumm."
    said, _ = await touched(front, story, "Wie zuvor")
    assert said.startswith("Über ")
    said, _ = await touched(front, spared, "👍")
    assert said == "Davon kommt so viel wie von allem anderen."
    assert "nichts stumm" in (await front.said(chat, "/muted"))["text"]


async def test_an_alert_that_was_delivered_can_be_muted_from_its_message(front, settings):
    chat = front.api.private()
    await front.said(chat, "/subscribe Scholz sofort")
    (settings.seeds_dir / "c.txt").write_text(NEWS, "utf-8")
    await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
    assert await asyncio.to_thread(front.desk.rounds.compose_alerts, front.clock(), render_alert)
    mark = front.api.mark()
    await _telegram_outbox(front.built, front.made, front.made.send).deliver_due()
    await front.api.wait_for_async("sendMessage", after=mark)
    alert = front.api.last(chat)
    assert "Neue Sanktionen gegen Banken" in alert["text"]
    assert words(alert, "date_time") == ["12. Januar 2022, 10:00"]
    said, alert = await touched(front, alert, "Stumm")
    assert said.startswith("Stumm: ")
    assert "🔔 Wieder melden" in labels(alert)
    (settings.seeds_dir / "d.txt").write_text(NEWS.replace("zahlen", "alles offenlegen"), "utf-8")
    await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
    assert not await asyncio.to_thread(
        front.desk.rounds.compose_alerts, front.clock(), render_alert
    )


async def test_buttons_hold_after_a_restart_and_on_messages_too_old_to_change(bot_api, settings):
    chat = bot_api.private()
    async with opened(bot_api, settings) as front:
        await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
        story = await front.said(chat, "/story 1")
        page = await front.said(chat, "/latest 1")
        long = "Genf OR " * 8 + "Lawrow"
        await front.said(chat, f"/search {long}")
    async with opened(bot_api, settings) as front:
        said, story = await touched(front, story, "Stumm")
        assert said.startswith("Stumm: ")
        turned = await front.turned(page, "Weiter ›")
        assert turned["text"].startswith("Neueste Berichte (Seite 2)")

        rule = bot_api.fail_next("editMessageReplyMarkup", faults.rejected(CANNOT))
        answer = await front.pressed(story, "🔔 Wieder melden")
        assert "wird wieder gemeldet" in answer["text"]
        assert labels(answer) == ["🔕 Stumm"]
        bot_api.heal(rule)
        rule = bot_api.fail_next("editMessageText", faults.rejected(CANNOT))
        sources = await front.pressed(story, "Quellen")
        assert sources["text"].startswith("Quellen")
        bot_api.heal(rule)

        # Of a message long gone Telegram tells no more than where it stood.
        mark = bot_api.mark()
        forgotten = {"chat": chat.shown(), "message_id": story["message_id"], "date": 0}
        with bot_api.changed:
            bot_api.answers["77"] = None
            press = {"id": "77", "from": chat.user.shown(), "chat_instance": "1"}
            press |= {"data": "/story 1 mute", "message": forgotten}
            bot_api.add_update({"callback_query": press})
            bot_api.changed.notify_all()
            for listener in tuple(bot_api._listeners):
                listener()
        await bot_api.wait_for_async("sendMessage", after=mark)
        assert "Stumm: " in bot_api.last(chat)["text"]


CANNOT = "Bad Request: message can't be edited"


async def test_a_button_does_nothing_to_another_chat(front):
    here, there = front.api.private(), front.api.private(front.api.user("Bela"))
    words_ = "Genf Lawrow Gespräche Montag Außenminister russische Reise bereit"
    mine = await front.said(here, "/story 1")
    await touched(front, mine, "Stumm")
    assert "nichts stumm" in (await front.said(there, "/muted"))["text"]
    chat = front.desk.following.chat(f"telegram:{here.id}", front.clock())
    token = front.desk.wishes.keep_words(chat, words_, front.clock())
    assert (await front.said(here, f"/search ~{token}"))["text"].startswith("Gefunden: Genf")
    assert "nicht mehr aufbewahrt" in (await front.said(there, f"/search ~{token}"))["text"]


async def test_members_of_a_group_look_but_do_not_mute(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member], bot="member")
    name = front.made.app.bot.username
    story = await front.said(group, f"/story@{name} 1", member)
    await front.turned(story, "Quellen", member)
    story = await front.said(group, f"/story@{name} 1", member)
    said, story = await touched(front, story, "Stumm", member)
    assert said == "Das können hier nur Admins ändern."
    assert "🔕 Stumm" in labels(story)
    said, story = await touched(front, story, "Stumm", owner)
    assert said.startswith("Stumm: ")


async def posted(front, channel, payload) -> dict:
    """A part of a digest or alert as it stands in a channel."""
    address = addresses.telegram(channel.id)
    delivery = Delivery(1, "k/0", "k", 0, 1, address, 0, "digest", payload)
    assert isinstance(await front.made.send(delivery), Sent)
    return front.api.last(channel)


async def test_in_a_channel_buttons_lead_to_the_private_chat_and_only_admins_mute(front):
    owner, reader = front.api.user("Owner"), front.api.user("Reader")
    channel = front.api.channel(owner=owner, members=[reader])
    chat = front.desk.following.chat(addresses.telegram(channel.id), front.clock())
    digest = front.desk.rounds.look(chat, 0)
    (payload,) = render_digest(digest, chat)
    post = await posted(front, channel, payload)
    mark = front.api.mark()
    asked = front.api.press(post, "/story 2", reader)
    await front.api.wait_for_async("answerCallbackQuery", after=mark)
    url = front.api.answers[asked]["url"]
    assert url == f"https://t.me/{front.made.app.bot.username}?start=story_2"
    mark = front.api.mark()
    front.api.open_link(reader, url.partition("start=")[2])
    await front.api.wait_for_async("sendMessage", after=mark)
    assert front.api.last(front.api.private(reader))["text"].startswith("Macron kündigt")

    (payload,) = render_alert(portion(replace(digest, stories=1), 0, 1), chat)
    post = await posted(front, channel, payload)
    before = len(front.api.sent(channel))
    said, post = await touched(front, post, "Stumm", reader)
    assert "nur Admins" in said
    said, post = await touched(front, post, "Stumm", owner)
    assert said.startswith("Stumm: ")
    assert "🔔 Wieder melden" in labels(post)
    rule = front.api.fail_next("editMessageReplyMarkup", faults.rejected(CANNOT))
    said, post = await touched(front, post, "Wieder melden", owner)
    assert said == "Was in dieser Meldung neu ist, wird wieder gemeldet."
    front.api.heal(rule)
    assert len(front.api.sent(channel)) == before  # nothing was posted by a press


async def test_where_something_breaks_the_press_is_answered_with_an_apology(front, monkeypatch):
    chat = front.api.private()
    digest = await front.said(chat, "/digest")

    def broken(*_args, **_more):
        raise RuntimeError("broken")

    monkeypatch.setattr(Answers, "story", broken)
    said, _ = await touched(front, digest, "1")
    assert "schiefgegangen" in said


async def test_long_answers_turn_their_pages_in_place(front):
    chat = front.api.private()
    first = await front.said(chat, "/latest 1")
    assert first["text"].startswith("Neueste Berichte\n\n1. Macron")
    second = await front.turned(first, "Weiter ›")
    assert second["text"].startswith("Neueste Berichte (Seite 2)\n\n2. Lawrow")
    assert second["message_id"] == first["message_id"]
    back = await front.turned(second, "‹ Zurück")
    assert back["text"] == first["text"]
    await front.turned(back, "Weiter ›")
    sent = len(front.api.sent(chat))
    mark = front.api.mark()
    front.api.press(back, "/latest 1 page:2", stale=True)
    await front.api.wait_for_async("editMessageText", after=mark)  # it is there already
    assert len(front.api.sent(chat)) == sent
    topics = await front.said(chat, "/topic")
    assert (await front.turned(topics, "Weiter ›"))["text"].startswith("Themen (2/")
    card = await front.said(chat, "/actor Lawrow")
    assert {"Folgen", "Zeitleiste", "Äußerungen", "Umfeld", "Berichte"} <= set(labels(card))
    reports = await front.pressed(card, "Berichte")
    assert reports["text"].startswith("Berichte: Sergej Lawrow\n\n1. Lawrow reist nach Genf")


async def test_dates_are_plain_words_where_the_server_does_not_know_them(front):
    chat = front.api.private()
    refusal = "Bad Request: can't parse MessageEntity: Unsupported type specified"
    front.api.fail_next("sendMessage", faults.rejected(refusal))
    front.api.send_text(chat, chat.user, "/story 1")
    await front.api.wait_until_async(lambda: front.api.sent(chat), what="the story")
    first = front.api.last(chat)
    assert "10. Januar 2022, 10:00" in first["text"]
    assert not words(first, "date_time")
    calls = len(front.api.calls_to("sendMessage"))
    second = await front.said(chat, "/story 1")
    assert not words(second, "date_time")
    assert len(front.api.calls_to("sendMessage")) == calls + 1  # it is not tried again
