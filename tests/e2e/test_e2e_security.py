"""Who is let in, how often they may ask, and that nobody reads or changes what is another's."""

import asyncio
import json

import pytest

from bot.limits import CommandLimit
from bot.render import Part
from digests.store import archive, chats
from digests.types import Delivery, DeliveryMode, SourceKind, Target, TargetKind, Topic
from tests.e2e.conftest import front_settings, opened

REPORT = """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist.
"""


@pytest.fixture
async def front(bot_api, tmp_path):
    settings = front_settings(bot_api, tmp_path)
    (settings.seeds_dir / "a.txt").write_text(REPORT, "utf-8")
    async with opened(bot_api, settings) as made:
        made.desk.intake.take_in_folders(made.clock())
        yield made


def people(api, count=2):
    return [api.private(api.user(language_code="de")) for _ in range(count)]


def kept(front, chat):
    """Everything that is kept about a chat, as it is exported."""
    found = front.desk.following.chat(f"telegram:{chat.id}", front.clock())
    return json.dumps(front.desk.following.export(found), default=str, ensure_ascii=False)


# --- The allow-list ------------------------------------------------------------------------


async def test_a_stranger_hears_once_why_and_leaves_no_trace(bot_api, tmp_path):
    friend, stranger = people(bot_api)
    settings = front_settings(bot_api, tmp_path, allowed_chats=(friend.id,))
    async with opened(bot_api, settings) as front:
        told = await front.said(stranger, "/subscribe NATO")
        assert f"Chat {stranger.id}" in told["text"]
        bot_api.send_text(stranger, stranger.user, "/latest")
        bot_api.send_text(stranger, stranger.user, "/export")
        assert "NATO" in (await front.said(friend, "/subscribe NATO"))["text"]
        await front.made.stop()  # until all that was asked is answered
        assert len(bot_api.sent(stranger)) == 1
        with front.desk.following._store.reading() as session:
            assert chats.chat_at(session, f"telegram:{stranger.id}") is None


async def test_who_is_taken_off_the_list_is_sent_nothing(bot_api, tmp_path):
    friend, other = people(bot_api)
    delivery = Delivery(
        id=1,
        key="alert/1/0/1/0",
        batch="alert/1/0/1",
        part=0,
        chat=1,
        address=f"telegram:{other.id}",
        thread=0,
        kind="alert",
        payload=Part("Eine Meldung").payload() | {"language": "de"},
    )
    settings = front_settings(bot_api, tmp_path, allowed_chats=(friend.id,))
    async with opened(bot_api, settings) as front:
        outcome = await front.made.send(delivery)
        assert type(outcome).__name__ == "Gone"
    assert bot_api.sent(other) == []


# --- How often ------------------------------------------------------------------------------


async def test_who_asks_too_much_is_told_once_and_others_are_answered(bot_api, tmp_path):
    greedy, patient = people(bot_api)
    settings = front_settings(bot_api, tmp_path)
    async with opened(bot_api, settings) as front:
        front.made.door.limit = CommandLimit(1, burst=3)
        for _ in range(12):
            bot_api.send_text(greedy, greedy.user, "/about")
        await asyncio.to_thread(bot_api.wait_confirmed)
        bot_api.send_text(patient, patient.user, "/start")
        await asyncio.to_thread(bot_api.wait_confirmed)
        await front.made.stop()
        assert "Willkommen" in bot_api.last(patient)["text"]
        texts = [message["text"] for message in bot_api.sent(greedy)]
        assert len(texts) == 4
        assert sum("viel auf einmal" in text for text in texts) == 1


async def test_the_limit_of_the_settings_is_in_force(bot_api, tmp_path):
    (chat,) = people(bot_api, 1)
    settings = front_settings(bot_api, tmp_path, commands_per_minute=12)
    async with opened(bot_api, settings) as front:
        for _ in range(30):
            bot_api.send_text(chat, chat.user, "/about")
        await asyncio.to_thread(bot_api.wait_confirmed)
        await front.made.stop()
    # Half a minute's at once, what the seconds give, and the word.
    assert 7 <= len(bot_api.sent(chat)) < 20


# --- What is another's ----------------------------------------------------------------------


SECRET = "geheimer-schluessel"
FEED = f"https://privat.example/{SECRET}/feed?key={SECRET}"


def forge(api, message, data, user):
    """A button that was never offered: a client can send any data for a message it sees."""
    with api.changed:
        number = str(len(api.answers) + 1)
        api.answers[number] = None
        query = {"id": number, "from": user.shown(), "chat_instance": "1", "data": data}
        api.add_update({"callback_query": {**query, "message": message}})
        api._wake()


async def settled(api):
    """When every update so far was taken, and every command among them was answered."""
    await asyncio.to_thread(api.wait_confirmed)


def furnish(front, chat):
    """A chat with a feed, a topic and settings that are nobody else's business."""
    desk, now = front.desk, front.clock()
    owner = desk.following.chat(f"telegram:{chat.id}", now)
    with desk.following._store.writing() as session:
        feed = archive.add_source(
            session, SourceKind.FEED, FEED, name="Annas Feed", now=now, added_by=owner.id
        )
    topic = Topic("annas-thema", "Annas Thema", ("genf",))
    desk.following.keep_topic(topic, owner)
    for target in (
        Target(TargetKind.FEED, str(feed.id)),
        Target(TargetKind.TOPIC, topic.id),
        Target(TargetKind.ACTOR, "nato"),
    ):
        desk.following.subscribe(owner, 0, target, DeliveryMode.BOTH, now)
    desk.following.set_quiet(owner, "22:00-07:00")
    return feed.id, topic.id


async def test_no_id_opens_what_is_another_chats(front, bot_api):
    """Typed and as forged buttons: with the ids of another chat, everything is as for no id."""
    (anna,) = people(bot_api, 1)
    feed, topic = furnish(front, anna)
    before = kept(front, anna)
    attempts = [
        f"/subscribe feed:{feed}",
        f"/unsubscribe feed:{feed}",
        f"/removefeed {feed}",
        f"/removefeed {FEED}",
        "/removefeed Annas Feed",
        f"/subscribe topic:{topic}",
        f"/unsubscribe topic:{topic}",
        "/subscribe Annas Thema",
        f"/topic {topic}",
        "/topic",
        "/subscribe feed:own",
        "/unsubscribe nato",
        "/subscribe nato digest",
        "/subscriptions",
        "/settings",
        "/settings ruhe aus",
        "/feeds",
        "/feeds export",
        "/addfeed",
        f"/addfeed {feed}",
        "/pause",
        "/resume",
        "/digest",
        "/export",
        "/deleteme yes",
    ]
    # Each by somebody else: one person's answers come at Telegram's pace.
    eves = people(bot_api, 2 * len(attempts))
    for text, typing, forging in zip(attempts, eves, eves[len(attempts) :], strict=False):
        bot_api.send_text(typing, typing.user, text)
        if len(text.encode()) <= 64:
            number = len(bot_api.messages(forging)) + 1
            shown = {"message_id": number, "date": 1, "chat": forging.shown(), "text": "x"}
            forge(bot_api, shown, text, forging.user)
    await settled(bot_api)
    await front.made.stop()
    assert kept(front, anna) == before
    sent = [message for eve in eves for message in bot_api.sent(eve)]
    heard = json.dumps(sent, ensure_ascii=False)
    assert len(sent) > 1.5 * len(attempts)
    # What somebody typed may be told back to them, and to nobody else.
    for echoed in (FEED, FEED.casefold(), "Annas Feed", "Annas Thema"):
        for told_back in (f"„{echoed}“", f"topic:{echoed}", f"name:{echoed}"):
            heard = heard.replace(told_back, "")
    assert "Annas" not in heard, heard[heard.index("Annas") - 300 :][:500]
    assert SECRET not in heard
    for file in bot_api.files.values():
        assert SECRET.encode() not in file.data
        assert b"Annas" not in file.data


async def test_a_forged_button_in_a_group_is_worth_as_much_as_a_typed_command(front, bot_api):
    owner, member = bot_api.user(language_code="de"), bot_api.user(language_code="de")
    group = bot_api.group(owner=owner, members=[member])
    message = await front.said(group, "/subscribe NATO", user=owner)
    assert "NATO" in message["text"]
    before = kept(front, group)
    for data in ("/unsubscribe #nato", "/deleteme yes", "/settings zeitzone Asia/Tokyo", "/export"):
        forge(bot_api, message, data, member)
    await settled(bot_api)
    await front.made.stop()
    assert kept(front, group) == before
    said = [answer["text"] for answer in bot_api.answers.values() if answer and "text" in answer]
    assert sum("Admins" in text for text in said) == 4


async def test_a_button_acts_on_the_chat_it_was_pressed_in(front, bot_api):
    """A message cannot carry another chat's number: what counts is where Telegram says it is."""
    anna, eve = people(bot_api)
    furnish(front, anna)
    message = await front.said(anna, "/subscriptions")
    mine = await front.said(eve, "/start")
    before = kept(front, anna)
    forge(bot_api, {**mine, "message_id": message["message_id"]}, "/deleteme yes", eve.user)
    await settled(bot_api)
    await front.made.stop()
    assert kept(front, anna) == before


async def test_inline_mode_knows_nothing_of_any_chat(front, bot_api):
    """Whatever is typed, by strangers or the owner: what is offered goes into other chats."""
    anna, eve = people(bot_api)
    furnish(front, anna)
    for user in (anna.user, eve.user):
        for words in ("", "Annas Thema", "Annas Feed", "annas-thema", FEED, SECRET, "Lawrow"):
            mark = bot_api.mark()
            asked = bot_api.inline_query(user, words)
            await bot_api.wait_for_async("answerInlineQuery", after=mark)
            answer = bot_api.inline_answers[asked]
            heard = json.dumps(answer, ensure_ascii=False)
            assert "Annas" not in heard
            assert SECRET not in heard
    assert "Lawrow" in heard
    await front.made.stop()
