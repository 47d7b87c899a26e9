"""Where things go, and who decides it: groups, forum topics, channels."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from digests.types import DeliveryMode, Target, TargetKind
from tests.botapi import BotApi, faults, keyboard
from tests.e2e.conftest import Front, front_settings, opened

REPORT = """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist. „Wir sind zu Gesprächen
bereit“, sagte Lawrow. Die NATO begrüßte die Reise.
"""
LAWROW = Target(TargetKind.ACTOR, "sergej-lawrow")


@pytest.fixture
async def front(bot_api: BotApi, tmp_path) -> AsyncIterator[Front]:
    settings = front_settings(bot_api, tmp_path)
    (settings.seeds_dir / "a.txt").write_text(REPORT, "utf-8")
    async with opened(bot_api, settings) as made:
        await asyncio.to_thread(made.desk.intake.take_in_folders, made.clock())
        yield made


def labels(message: dict) -> list[str]:
    return [button["text"] for row in keyboard(message) for button in row]


def asked_rights(front: Front) -> int:
    return len(front.api.calls_to("getChatMember"))


def followed(front: Front, address: str, thread: int | None = None) -> list[str]:
    chat = front.desk.following.at(address)
    return [one.target.id for one in front.desk.following.subscriptions(chat, thread)]


async def _reachable(front: Front, address: str) -> None:
    """Until the desk knows that a chat takes messages again: no call of the bot tells."""
    async with asyncio.timeout(30):
        while (await asyncio.to_thread(front.desk.following.at, address)).unreachable:
            pass


# --- Groups ---------------------------------------------------------------------------------


async def test_in_a_group_rights_are_asked_once_and_a_change_counts_within_a_minute(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member])
    for _ in range(3):
        assert "Admin" in (await front.said(group, "/subscribe NATO", member))["text"]
    assert asked_rights(front) == 1
    front.api.set_member(group, member, "administrator")
    front.made.rights.ticks = lambda: float("inf")  # the minute is over
    assert (await front.said(group, "/subscribe NATO", member))["text"].startswith("Du folgst")


async def test_a_group_may_let_all_members_change_what_it_follows_but_not_delete(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member])
    refused = await front.said(group, "/settings who all", member)
    assert "Admin" in refused["text"]
    allowed = await front.said(group, "/settings wer alle", owner, anonymous=True)
    assert allowed["text"].startswith("Jetzt dürfen alle Mitglieder")
    assert (await front.said(group, "/subscribe NATO", member))["text"].startswith("Du folgst")
    assert "alle Mitglieder" in (await front.said(group, "/settings", member))["text"]
    for still in ("/deleteme ja", "/export", "/settings wer admins"):
        assert "nur Admins" in (await front.said(group, still, member))["text"], still
    assert followed(front, f"telegram:{group.id}") == ["nato"]
    panel = await front.said(group, "/settings", owner)
    assert "Nur Admins dürfen ändern" in labels(panel)
    panel = await front.turned(panel, "Nur Admins dürfen ändern", owner)
    assert "Alle Mitglieder dürfen ändern" in labels(panel)
    assert "Admin" in (await front.said(group, "/unsubscribe NATO", member))["text"]


async def test_a_button_in_a_group_asks_for_the_rights_of_who_presses_it(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member])
    done = await front.said(group, "/subscribe NATO", owner)
    stop = labels(done)[-1]
    mark = front.api.mark()
    front.api.press(done, label=stop, user=member)
    answer = await front.api.wait_for_async("answerCallbackQuery", after=mark)
    assert "Admin" in answer.params["text"]
    assert followed(front, f"telegram:{group.id}") == ["nato"]


async def test_who_writes_as_a_channel_is_no_admin(front):
    owner = front.api.user("Owner")
    group = front.api.supergroup(owner=owner)
    channel_bot = front.api.user("Channel", id=136817688)
    assert "Admin" in (await front.said(group, "/subscribe NATO", channel_bot))["text"]


@pytest.mark.parametrize(
    ("language", "hello"), [("de", "Hallo!"), ("en", "Hello!"), ("fr", "Hallo!")]
)
async def test_a_group_is_greeted_once_in_the_language_of_who_adds_the_bot(front, language, hello):
    owner = front.api.user("Owner", language_code=language)
    group = front.api.supergroup(owner=owner, bot="left")
    mark = front.api.mark()
    front.api.set_bot(group, "member", by=owner)
    await front.api.wait_for_async("sendMessage", after=mark)
    assert front.api.last(group)["text"].startswith(hello)
    assert "/subscribe" in front.api.last(group)["text"]
    for status in ("left", "member", "administrator"):
        front.api.set_bot(group, status, by=owner)
    await front.said(group, "/about", owner)
    assert sum(one["text"].startswith(hello) for one in front.api.sent(group)) == 1


async def test_commands_for_another_bot_are_left_to_it_and_private_ones_are_sent_there(front):
    owner = front.api.user("Owner")
    group = front.api.supergroup(owner=owner)
    mark = front.api.mark()
    front.api.send_text(group, owner, "/about@some_other_bot")
    answer = await front.said(group, "/channel", owner)
    assert "privaten Chat" in answer["text"]
    assert len([call for call in front.api.calls_to("sendMessage") if call.number > mark]) <= 1


async def test_a_supergroup_keeps_topics_settings_and_marks_of_both_chats(front):
    owner = front.api.user("Owner")
    group = front.api.group(owner=owner)
    await front.said(group, "/subscribe NATO", owner)
    await front.said(group, "/settings wer alle", owner)
    await front.said(group, "/settings zeitzone Asia/Tokyo", owner)
    moved = front.api.migrate(group)
    await front.api.wait_until_async(lambda: not front.api.updates)
    await front.said(moved, "/subscriptions", owner)
    chat = front.desk.following.at(f"telegram:{moved.id}")
    assert chat.everyone
    assert chat.zone == "Asia/Tokyo"
    assert followed(front, chat.address) == ["nato"]
    assert front.desk.following.at(f"telegram:{group.id}") is None


# --- Forum topics ---------------------------------------------------------------------------


async def _forum(front: Front):
    owner = front.api.user("Owner")
    forum = front.api.supergroup(owner=owner, forum=True)
    thread = front.api.topic(forum, "Russland")
    await front.said(forum, "/subscribe NATO", owner, thread_id=thread)
    return owner, forum, thread


async def _deliver(front: Front) -> None:
    from bot.runtime import _telegram_outbox

    outbox = _telegram_outbox(front.built, front.made, front.made.send)
    while await outbox.deliver_due():  # one call may end between two messages of a chat
        pass


def _enqueue(front: Front, address: str, thread: int, batch: str) -> None:
    from digests.store import outbox

    chat = front.desk.following.at(address)
    payload = {"text": f"Meldung {batch}", "entities": [], "buttons": [], "language": "de"}
    with front.built.store.writing() as session:
        outbox.enqueue(
            session, batch, chat.id, thread, "alert", [payload, payload], now=front.clock()
        )


async def test_the_general_topic_is_the_group_itself(front):
    owner = front.api.user("Owner")
    forum = front.api.supergroup(owner=owner, forum=True)
    answer = await front.said(forum, "/subscribe NATO", owner)
    assert "message_thread_id" not in answer
    assert followed(front, f"telegram:{forum.id}", 0) == ["nato"]


async def test_what_was_meant_for_a_deleted_topic_comes_in_the_group_and_stays_there(front):
    owner, forum, thread = await _forum(front)
    address = f"telegram:{forum.id}"
    await front.said(forum, "/subscribe Lawrow", owner, thread_id=thread)
    await front.said(forum, "/subscribe NATO", owner)  # followed there already
    forum.topics[thread].deleted = True
    _enqueue(front, address, thread, "a")
    await _deliver(front)
    first, second = front.api.sent(forum)[-2:]
    assert first["text"].startswith("Meldung a")
    assert "gelöscht" in first["text"]
    assert "message_thread_id" not in first
    assert second["text"] == "Meldung a"
    assert sorted(followed(front, address, 0)) == ["nato", "sergej-lawrow"]
    assert followed(front, address, thread) == []


async def test_what_was_meant_for_a_closed_topic_comes_in_the_group_until_it_is_open(front):
    _, forum, thread = await _forum(front)
    address = f"telegram:{forum.id}"
    forum.topics[thread].closed = True
    forum.members[front.api.bot["id"]]["can_manage_topics"] = False
    _enqueue(front, address, thread, "a")
    await _deliver(front)
    assert "message_thread_id" not in front.api.last(forum)
    assert followed(front, address, thread) == ["nato"]
    forum.topics[thread].closed = False
    _enqueue(front, address, thread, "b")
    await _deliver(front)
    assert front.api.last(forum)["message_thread_id"] == thread
    assert front.api.last(forum)["text"] == "Meldung b"


async def test_where_the_group_itself_is_closed_nothing_is_lost(front):
    owner, forum, thread = await _forum(front)
    address = f"telegram:{forum.id}"
    front.api.fail_next("sendMessage", faults.rejected("TOPIC_CLOSED"), times=2)
    _enqueue(front, address, thread, "a")
    await _deliver(front)
    assert front.desk.following.at(address).unreachable
    front.api.send(forum, owner, {"forum_topic_reopened": {}}, thread_id=thread)
    await _reachable(front, address)
    await _deliver(front)
    assert front.api.last(forum)["text"] == "Meldung a"


# --- Channels -------------------------------------------------------------------------------


async def _channel(front: Front, **settings):
    """A channel that somebody picked, and the panel in their private chat."""
    admin = front.api.user("Anna")
    chat = front.api.private(admin)
    channel = front.api.channel("Meldungen aus Genf", admins=[admin], **settings)
    mark = front.api.mark()
    front.api.send(chat, admin, {"chat_shared": {"request_id": 1, "chat_id": channel.id}})
    await front.api.wait_for_async("sendMessage", after=mark)
    return chat, channel, front.api.last(chat)


async def test_a_channel_is_picked_by_a_button_that_lists_those_where_both_may_post(front):
    chat = front.api.private()
    asked = front.api.mark()
    await front.said(chat, "/channel")
    (call,) = [one for one in front.api.calls_to("sendMessage") if one.number > asked]
    (((button,),),) = [call.params["reply_markup"]["keyboard"]]
    wanted = button["request_chat"]
    assert wanted["chat_is_channel"] is True
    assert wanted["user_administrator_rights"]["can_post_messages"] is True
    assert wanted["bot_administrator_rights"]["can_post_messages"] is True
    assert wanted["bot_administrator_rights"]["can_delete_messages"] is False


async def test_an_admin_routes_to_a_channel_and_ends_it(front):
    chat, channel, panel = await _channel(front)
    assert panel["text"].startswith("Meldungen aus Genf")
    assert "＋ Sergej Lawrow" in labels(panel)
    done = await front.pressed(panel, "＋ Sergej Lawrow")
    assert "Für den Kanal „Meldungen aus Genf“" in done["text"]
    address = f"telegram:{channel.id}"
    assert followed(front, address) == ["sergej-lawrow"]
    assert front.desk.following.at(f"telegram:{chat.id}") is not None
    assert followed(front, f"telegram:{chat.id}") == []
    number = front.desk.following.at(address).id
    more = await front.pressed(done, labels(done)[0])  # alerts too
    assert "Für den Kanal" in more["text"]
    kept = front.desk.following.at(address)
    (one,) = front.desk.following.subscriptions(kept)
    assert one.delivery is DeliveryMode.BOTH
    await front.said(chat, f"/channel {number} NATO")
    await front.said(chat, f"/channel {number} settings zeit 18:00")
    assert "18:00" in front.desk.following.at(address).schedule
    listed = await front.said(chat, "/channel")
    assert "Meldungen aus Genf" in listed["text"]
    panel = await front.turned(listed, "Meldungen aus Genf")
    gone = await front.pressed(panel, "− NATO")
    assert "Für den Kanal" in gone["text"]
    assert followed(front, address) == ["sergej-lawrow"]
    _enqueue(front, address, 0, "a")
    await _deliver(front)
    assert [one["text"] for one in front.api.sent(channel)] == ["Meldung a", "Meldung a"]
    sure = await front.turned(panel, "Beenden")
    assert followed(front, address) == ["sergej-lawrow"]
    await front.pressed(sure, "Ja")
    assert front.desk.following.at(address) is None
    assert "Wähle einen Kanal" in (await front.said(chat, "/channel"))["text"]
    again = await front.said(chat, f"/channel {number} unsubscribe NATO")
    assert "keiner deiner Kanäle" in again["text"]


async def test_what_is_said_of_a_channel_means_the_channel_and_its_times(front):
    chat, channel, _ = await _channel(front)
    number = front.desk.following.at(f"telegram:{channel.id}").id

    async def of_channel(words):
        return (await front.said(chat, f"/channel {number} {words}"))["text"]

    await of_channel("settings zone Tokyo")
    await of_channel("settings zeit 6:30")
    await of_channel("NATO")
    assert "Die nächste Übersicht: " in (card := await of_channel("subscriptions NATO"))
    assert card.rpartition(" um ")[2].startswith("06:30")
    assert "2999, 00:00." in await of_channel("pause 01.01.2999")
    assert f"Weiter geht es mit /channel {number} resume;" in await of_channel("pause")
    assert f"weiter mit /channel {number} resume" in await of_channel("subscriptions")
    assert f"Oder schreib es: /channel {number} settings " in await of_channel("settings zone")
    assert not front.desk.following.at(f"telegram:{chat.id}").paused


@pytest.mark.parametrize("words", ["digest", "actor Lawrow", "/help"])
async def test_a_command_that_is_none_for_channels_is_followed_by_none(front, words):
    chat, channel, _ = await _channel(front)
    number = front.desk.following.at(f"telegram:{channel.id}").id
    said = (await front.said(chat, f"/channel {number} {words}"))["text"]
    assert said.startswith("Für einen Kanal gibt es: export, pause, resume, settings, subscri")
    assert followed(front, f"telegram:{channel.id}") == []


async def test_a_channel_is_not_told_that_nothing_is_new(front):
    chat, channel, _ = await _channel(front)
    there = front.desk.following.at(f"telegram:{channel.id}")
    assert there.silent
    assert not front.desk.following.at(f"telegram:{chat.id}").silent
    await front.said(chat, f"/channel {there.id} settings nichts melden")
    assert not front.desk.following.at(there.address).silent


async def test_a_post_that_is_forwarded_or_a_name_picks_the_channel_too(front):
    admin = front.api.user("Anna", language_code="en")
    chat = front.api.private(admin)
    channel = front.api.channel("Geneva wire", username="geneva_wire", owner=admin)
    origin = {
        "type": "channel",
        "date": front.api.now(),
        "chat": channel.shown(),
        "message_id": 5,
    }
    mark = front.api.mark()
    front.api.send(chat, admin, {"text": "A post", "forward_origin": origin})
    await front.api.wait_for_async("sendMessage", after=mark)
    assert front.api.last(chat)["text"].startswith("Geneva wire")
    assert "Nothing goes there yet" in front.api.last(chat)["text"]
    named = await front.said(chat, "/channel https://t.me/geneva_wire")
    assert named["text"].startswith("Geneva wire")
    unseen = await front.said(chat, "/channel @nowhere_at_all")
    assert "I see no such channel" in unseen["text"]


@pytest.mark.parametrize(
    ("rights", "bot", "words"),
    [
        ({"status": "administrator", "can_post_messages": False}, {}, "Das kann nur"),
        ({"status": "member"}, {}, "Das kann nur"),
        (
            {"status": "administrator"},
            {"status": "administrator", "can_post_messages": False},
            "Ich darf dort nicht schreiben",
        ),
    ],
)
async def test_a_channel_where_one_side_may_not_post_is_refused_also_later(
    front, rights, bot, words
):
    chat, channel, _ = await _channel(front)
    address = f"telegram:{channel.id}"
    number = front.desk.following.at(address).id
    channel.members[chat.user.id] = rights
    if bot:
        channel.members[front.api.bot["id"]] = bot
    front.made.rights.ticks = lambda: float("inf")
    refused = await front.said(chat, f"/channel {number} subscribe NATO")
    assert words in refused["text"]
    assert followed(front, address) == []
    again = await front.said(chat, f"/channel {channel.id}")
    assert words in again["text"]


async def test_who_is_no_admin_any_more_can_forget_a_channel_but_not_end_it(front):
    chat, channel, panel = await _channel(front)
    await front.pressed(panel, "＋ Sergej Lawrow")
    address = f"telegram:{channel.id}"
    number = front.desk.following.at(address).id
    front.api.set_member(channel, chat.user, "member")
    front.made.rights.ticks = lambda: float("inf")
    refused = await front.said(chat, f"/channel {number}")
    sure = await front.turned(refused, "Kanal vergessen")
    await front.pressed(sure, "Ja")
    assert followed(front, address) == ["sergej-lawrow"]
    assert "Wähle einen Kanal" in (await front.said(chat, "/channel"))["text"]


async def test_a_stranger_gets_no_hold_of_a_channel_that_others_route_to(front):
    _, channel, _ = await _channel(front)
    stranger = front.api.private()
    number = front.desk.following.at(f"telegram:{channel.id}").id
    assert "keiner deiner" in (await front.said(stranger, f"/channel {number} NATO"))["text"]
    assert "Das kann nur" in (await front.said(stranger, f"/channel {channel.id}"))["text"]
    assert followed(front, f"telegram:{channel.id}") == []


async def test_who_puts_the_bot_into_a_channel_and_takes_it_out_hears_of_it(front):
    admin = front.api.user("Anna")
    chat = front.api.private(admin)
    await front.said(chat, "/about")
    channel = front.api.channel("Meldungen", owner=admin, bot="left")
    mark = front.api.mark()
    front.api.set_bot(channel, "administrator", by=admin)
    await front.api.wait_for_async("sendMessage", after=mark)
    assert "darf ich jetzt schreiben" in front.api.last(chat)["text"]
    panel = await front.turned(front.api.last(chat), "Auswählen")
    await front.pressed(panel, "＋ Sergej Lawrow")
    address = f"telegram:{channel.id}"
    mark = front.api.mark()
    front.api.set_bot(channel, "administrator", by=admin, can_post_messages=False)
    await front.api.wait_for_async("sendMessage", after=mark)
    assert "darf ich nicht mehr schreiben" in front.api.last(chat)["text"]
    assert front.desk.following.at(address).unreachable
    front.api.set_bot(channel, "administrator", by=admin)
    await _reachable(front, address)
    assert front.api.sent(channel) == []


async def test_commands_posted_in_a_channel_are_not_answered_before_its_readers(front):
    chat, channel, _ = await _channel(front)
    front.api.send_text(channel, None, "/about")
    await front.said(chat, "/about")
    assert front.api.sent(channel) == []


async def test_with_an_allow_list_a_channel_is_let_in_by_who_decides_for_it(bot_api, tmp_path):
    admin = bot_api.user("Anna")
    settings = front_settings(bot_api, tmp_path, allowed_chats=(admin.id,))
    async with opened(bot_api, settings) as front:
        chat = bot_api.private(admin)
        channel = bot_api.channel("Meldungen", owner=admin)
        await front.said(chat, f"/channel {channel.id}")
        _enqueue(front, f"telegram:{channel.id}", 0, "a")
        await _deliver(front)
        assert len(bot_api.sent(channel)) == 2
