"""The first minute, links, places, settings and subscriptions, as people meet them."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands.sharing import command_of, payload_of
from bot.payloads import render_alert, render_digest
from bot.runtime import _telegram_outbox
from digests.store import chats
from digests.types import DeliveryMode, Target, TargetKind
from tests.botapi import BotApi, keyboard
from tests.e2e.conftest import Front, front_settings, opened

REPORTS = {
    "a.txt": """Lawrow reist nach Genf

Stand: 10.01.2022 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Montag nach Genf gereist. „Wir sind zu Gesprächen
bereit“, sagte Lawrow. Die NATO begrüßte die Reise. Die USA schickten Diplomaten.
""",
    "b.txt": """Kiew gewinnt gegen Hamburg

Stand: 11.01.2022 10:00 Uhr

Bürgermeister Vitali Klitschko lud die Mannschaft ein. Sein Bruder Wladimir Klitschko kam auch.
""",
}
NEWCOMER = """Haushalt vorgestellt

Stand: 12.01.2022 11:00 Uhr

Die Bürgermeisterin Ottilie Quastenberg hat am Mittwoch in Hamburg den Haushalt vorgestellt.
„Wir sparen nicht an den Schulen“, sagte Quastenberg.
"""


@pytest.fixture
def settings(bot_api: BotApi, tmp_path):
    made = front_settings(bot_api, tmp_path)
    for name, text in REPORTS.items():
        (made.seeds_dir / name).write_text(text, "utf-8")
    return made


@pytest.fixture
async def front(bot_api: BotApi, settings) -> AsyncIterator[Front]:
    async with opened(bot_api, settings) as made:
        await asyncio.to_thread(made.desk.intake.take_in_folders, made.clock())
        yield made


def labels(message):
    return [button["text"] for row in keyboard(message) for button in row]


def beginning(message, words):
    """The one button whose label begins so."""
    (found,) = [label for label in labels(message) if label.startswith(words)]
    return found


async def said_all(front, chat, count, ask):
    """The messages that come of an act, once there are so many new ones."""
    before = len(front.api.sent(chat))
    ask()
    await front.api.wait_until_async(lambda: len(front.api.sent(chat)) >= before + count)
    return front.api.sent(chat)[before:]


def markup(front):
    """What stood in the place of the phone's keys with each message."""
    sent = front.api.calls_to("sendMessage")
    return [call.params.get("reply_markup", {}) for call in sent]


def chat_of(front, chat):
    return front.desk.following.chat(f"telegram:{chat.id}", front.clock())


# --- The first minute ----------------------------------------------------------------------


async def test_the_first_minute_in_german(bot_api, settings):
    async with opened(bot_api, settings) as front:
        await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
        chat = front.api.private()
        message = await front.said(chat, "/start")
        assert message["text"].startswith("Willkommen bei Depesche.")
        assert {"Sergej Lawrow", "Diplomatie"} <= set(labels(message))
        message = await front.turned(message, "Sergej Lawrow")
        assert "✓ Sergej Lawrow" in labels(message)
        message = await front.turned(message, "NATO")
        message = await front.turned(message, "Diplomatie")
        message = await front.turned(message, "✓ NATO")
        assert {"✓ Sergej Lawrow", "NATO", "✓ Diplomatie"} <= set(labels(message))
    async with opened(bot_api, settings) as front:  # nothing was kept in mind
        message = await front.turned(message, "Zu den Zeiten ›")
        assert "Du folgst: Sergej Lawrow und Diplomatie" in message["text"]
        message = await front.turned(message, "07:00 und 18:00")
        assert message["text"].startswith("Ist es bei dir ")
        digests = await said_all(
            front, chat, 1, lambda: front.api.press(message, label=beginning(message, "Ja, es ist"))
        )
        done = front.api.message(chat, message["message_id"])
        assert done["text"].startswith("Alles eingerichtet.")
        assert "täglich um 07:00 und 18:00 Uhr" in done["text"]
        assert "Berlin (Europe/Berlin)" in done["text"]
        assert labels(done) == ["Abos", "Zeiten", "Zeitzone", "Einstellungen"]
        assert "Lawrow reist nach Genf" in digests[0]["text"]
        back = await front.said(chat, "/start")
        assert back["text"].startswith("Willkommen zurück.")
        assert "Sergej Lawrow und Diplomatie" in back["text"]
        followed = front.desk.following.subscriptions(chat_of(front, chat))
        assert {one.delivery for one in followed} == {DeliveryMode.DIGEST}
        assert all(one.next_due_at for one in followed)
    assert all(front.api.answers.values())


async def test_the_first_minute_in_english_with_a_shared_location(front):
    chat = front.api.private(front.api.user(language_code="en"))
    message = await front.said(chat, "/start")
    message = await front.turned(message, "Sergei Lavrov")
    message = await front.turned(message, "On to the times ›")
    message = await front.turned(message, "07:00 and alerts")
    assert re.match(r"Is it \d\d:\d\d where you are\?", message["text"])
    asked = await front.pressed(message, "📍 Location or city")
    assert asked["text"].startswith("Where are you?")
    share, cancel = markup(front)[-1]["keyboard"]
    assert share[0]["request_location"] is True
    assert cancel == [{"text": "Cancel"}] or cancel == ["Cancel"]
    good, done, digest = await said_all(
        front, chat, 3, lambda: front.api.send_location(chat, chat.user, 51.5, -0.12)
    )
    assert good["text"] == "Good."
    assert markup(front)[-3] == {"remove_keyboard": True}
    assert done["text"].startswith("All set.")
    assert re.search(r"London \(Europe/London\), \d\d:\d\d now", done["text"])
    assert "Alerts: at once" in done["text"]
    assert "Lawrow reist nach Genf" in digest["text"]
    kept = chat_of(front, chat)
    assert kept.zone == "Europe/London"
    assert kept.asked is None


@pytest.mark.parametrize(("city", "zone"), [("Wien", "Europe/Vienna"), ("Tokyo", "Asia/Tokyo")])
async def test_a_city_is_written_instead(front, city, zone):
    chat = front.api.private()
    await front.said(chat, "/start time off alert")
    _, done, _ = await said_all(front, chat, 3, lambda: front.api.send_text(chat, chat.user, city))
    assert done["text"].startswith("Alles eingerichtet.")
    assert chat_of(front, chat).zone == zone
    # From now on a city is a name like any other.
    assert "Alles eingerichtet" not in (await front.said(chat, city))["text"]


async def test_a_place_that_could_be_several_is_asked_back_and_a_name_is_no_place(front):
    chat = front.api.private()
    await front.said(chat, "/start time daily 07:00")
    several = await front.said(chat, "Portland")
    assert [label.split(" ")[0] for label in labels(several)] == ["Portland", "Portland"]
    nowhere = await front.said(chat, "Xyzzyville")
    assert nowhere["text"].startswith("Ich kenne keinen Ort")
    assert (await front.said(chat, "Lawrow"))["text"].startswith("Sergej Lawrow")
    assert chat_of(front, chat).asked is None
    await front.turned(several, labels(several)[0])
    assert chat_of(front, chat).zone == "America/Los_Angeles"


async def test_who_does_not_want_to_say_where_they_are_goes_on(front):
    chat = front.api.private()
    await front.said(chat, "/start time daily 07:00")
    await front.said(chat, "/start where")
    stays, done, _ = await said_all(
        front, chat, 3, lambda: front.api.send_text(chat, chat.user, "Abbrechen")
    )
    assert stays["text"] == "Gut, die Zeitzone bleibt."
    assert done["text"].startswith("Alles eingerichtet.")


async def test_start_in_a_group_is_short_and_only_admins_pick(front):
    owner, member = front.api.user("Owner"), front.api.user("Member")
    group = front.api.supergroup(owner=owner, members=[member], bot="member")
    name = front.made.app.bot.username
    message = await front.said(group, f"/start@{name}", member)
    assert "Admins" in message["text"]
    assert len(message["text"]) < 400
    query = front.api.press(message, label="Wem folgen?", user=member)
    await front.api.wait_until_async(lambda: front.api.answers[query])
    assert "Admins" in front.api.answers[query]["text"]
    picks = await front.turned(message, "Wem folgen?", user=owner)
    picked = await front.turned(picks, "NATO", user=owner)
    assert "✓ NATO" in labels(picked)


async def test_what_is_typed_instead_of_pressed_is_understood(front):
    for typed, answer in (
        ("/settings zone Kiew", "Die Uhrzeiten"),
        ("/settings zone Portland", ""),
        ("/settings zone USA", "Für „USA“ kommen mehrere infrage"),
        ("/settings zone Polen", "Die Uhrzeiten sind jetzt die von Warschau"),
        ("/settings zone 48.2, 16.37", "Die Uhrzeiten"),
        ("/settings zone Österreich", "Die Uhrzeiten"),
        ("/settings language", "Welche Sprache"),
        ("/settings quiet", "Wann sollen"),
        ("/settings time", "Wann soll"),
        ("/settings time weekly", "Wann soll"),
        ("/settings zone", "Wie spät"),
        ("/settings ton aus", "Übersichten kommen ohne Ton"),
        ("/settings vorschau an", "Links haben jetzt"),
        ("/settings bilder dunkel", "Bilder sind jetzt dunkel"),
        ("/settings bilder lila", "Hier fehlt"),
        ("/start pick 99", "Wem und was"),
        ("/start zone list", "Wie spät"),
        ("/start time irgendwann", ""),
        ("/start actor_niemand", ""),
        ("/start 😀", "Willkommen"),
        ("/subscriptions Lawrow", "Du folgst"),
        ("/subscriptions 99 stop", "Du folgst"),
        ("/share Lawrow", "Wer diesen Link"),
        ("/share feed:7", ""),
        ("/share", "Hier fehlt"),
    ):
        message = await front.said(front.api.private(), typed)
        assert message["text"].startswith(answer), typed
        assert "schiefgegangen" not in message["text"]


# --- Links ---------------------------------------------------------------------------------


async def opened_link(front, payload):
    user = front.api.user()
    chat = front.api.private(user)
    (answer,) = await said_all(front, chat, 1, lambda: front.api.open_link(user, payload))
    targets = [one.target.id for one in front.desk.following.subscriptions(chat_of(front, chat))]
    return answer["text"], targets


async def test_links_follow_at_once_and_can_be_shared(front):
    text, targets = await opened_link(front, "actor_sergej-lawrow")
    assert text.startswith("Du folgst jetzt")
    assert targets == ["sergej-lawrow"]
    text, targets = await opened_link(front, "topic_diplomacy")
    assert targets == ["diplomacy"]
    text, targets = await opened_link(front, "story_1")
    assert "Lawrow reist nach Genf" in text
    for broken in ("actor_", "topic64_!!", "words64_" + "A" * 50, "nothing_at-all"):
        text, targets = await opened_link(front, broken)
        assert targets == []
        assert text.strip()
    chat = front.api.private()
    name = front.made.app.bot.username
    for what in ("Lawrow", "Diplomatie", "topic:Öl, Gas", "name:Ottilie Quastenberg"):
        await front.said(chat, f"/subscribe {what}")
        shared = await front.said(chat, f"/share {what}")
        link = shared["text"].split("\n")[-1]
        assert link.startswith(f"https://t.me/{name}?start=")
        text, targets = await opened_link(front, link.partition("start=")[2])
        assert text.startswith("Du folgst jetzt")
        assert len(targets) == 1


def test_what_a_link_holds_is_what_telegram_takes_and_leads_back():
    from bot.commands.finding import Meant

    for kind, ident, command in (
        (TargetKind.ACTOR, "sergej-lawrow", "/subscribe #sergej-lawrow"),
        (TargetKind.ACTOR, "ö/ü", "/subscribe #ö/ü"),
        (TargetKind.TOPIC, "military-aid", "/subscribe topic:military-aid"),
        (TargetKind.NAME, "Ottilie Quastenberg", "/subscribe name:Ottilie Quastenberg"),
    ):
        payload = payload_of(Meant(Target(kind, ident), ident))
        assert payload
        assert len(payload) <= 64
        assert all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in payload)
        assert command_of(payload) == command
    assert payload_of(Meant(Target(TargetKind.NAME, "ö" * 60), "x")) is None


# --- Names ---------------------------------------------------------------------------------


async def test_a_name_of_several_is_asked_back_and_a_typo_finds_the_near_one(front):
    chat = front.api.private()
    asked = await front.said(chat, "/subscribe Klitschko")
    assert {"Vitali Klitschko", "Wladimir Klitschko"} <= set(labels(asked))
    followed = await front.pressed(asked, "Vitali Klitschko")
    assert followed["text"].startswith("Du folgst jetzt: Vitali Klitschko")
    assert "Wann kommt das? ›" in labels(followed)
    near = await front.said(chat, "/subscribe Stoltenbreg")
    assert "Jens Stoltenberg" in labels(near)


async def test_a_name_yet_to_come_is_followed_and_met(front, settings):
    chat = front.api.private()
    unknown = await front.said(chat, "/subscribe Ottilie Quastenberg")
    wait = beginning(unknown, "„Ottilie Quastenberg“ folgen, sobald")
    followed = await front.pressed(unknown, wait)
    assert "Noch hat kein Bericht den Namen genannt" in followed["text"]
    listed = await front.said(chat, "/subscriptions")
    assert "Ottilie Quastenberg — noch in keinem Bericht" in listed["text"]
    (settings.seeds_dir / "c.txt").write_text(NEWCOMER, "utf-8")
    await asyncio.to_thread(front.desk.intake.take_in_folders, front.clock())
    listed = await front.said(chat, "/subscriptions")
    assert "Ottilie Quastenberg — Übersicht: täglich" in listed["text"]
    assert "sparen nicht" in (await front.said(chat, "/digest"))["text"]


# --- Subscriptions and settings by buttons -------------------------------------------------


async def test_a_subscription_is_changed_by_buttons_in_one_message(front):
    chat = front.api.private()
    for name in ("Lawrow", "NATO"):
        await front.said(chat, f"/subscribe {name}")
    message = await front.said(chat, "/subscriptions")
    message = await front.turned(message, "NATO")
    message = await front.turned(message, "Beides")
    assert "✓ Sofort" in labels(message)
    message = await front.turned(message, "Stündlich")
    assert "Stündlich als Eilmeldung, dazu die Übersicht: täglich um 07:00" in message["text"]
    message = await front.turned(message, "Zeiten der Übersicht …")
    message = await front.turned(message, "Wöchentlich …")
    message = await front.turned(message, "Mittwoch 08:00")
    assert "Mittwoch um 08:00 Uhr" in message["text"]
    _, nato = front.desk.following.subscriptions(chat_of(front, chat))
    assert (nato.delivery, nato.hourly, nato.schedule) == (DeliveryMode.BOTH, True, "we 08:00")
    assert nato.next_due_at.astimezone(ZoneInfo("Europe/Berlin")).weekday() == 2
    old = message
    message = await front.turned(message, "Nicht mehr folgen")
    message = await front.turned(message, "‹ Zurück")
    assert "NATO" not in message["text"]
    front.api.press(old, data=f"/subscriptions {nato.id} hourly", stale=True)  # an old button
    await front.api.wait_until_async(lambda: all(front.api.answers.values()))
    stranger = front.api.private()
    lawrow, *_ = front.desk.following.subscriptions(chat_of(front, chat))
    await front.said(stranger, f"/subscriptions {lawrow.id} stop")
    assert front.desk.following.subscriptions(chat_of(front, chat)) == [lawrow]


async def test_every_setting_has_a_button_and_nothing_needs_to_be_typed(front):
    chat = front.api.private()
    page = await front.said(chat, "/settings")
    assert page["text"].startswith("Einstellungen")

    async def choose(*steps):
        message = page
        for label in steps:
            message = await front.turned(message, beginning(message, label))
        return message["text"]

    assert "22:00 – 07:00" in await choose("Ruhezeit", "22:00 – 07:00")
    assert "Tokio" in await choose("Zeitzone", "Tokio")
    assert "täglich um 20:00" in await choose("Zeiten", "20:00")
    assert "Schweigen" in await choose("Schweigen, wenn")
    assert "Ton bei Übersichten: nein" in await choose("🔕")
    assert "Linkvorschau: ja" in await choose("Linkvorschau zeigen")
    assert "Bilder: dunkel" in await choose("🌙")
    assert (await choose("Sprache", "English")).startswith("I now speak English.")
    kept = chat_of(front, chat)
    assert (kept.quiet, kept.zone, kept.schedule) == ("22:00-07:00", "Asia/Tokyo", "daily 20:00")
    assert kept.silent
    assert kept.muted
    assert kept.previews
    assert kept.dark
    assert kept.language == "en"


async def test_digests_are_silent_and_alerts_sound_and_previews_are_as_chosen(front, settings):
    chat = front.api.private()
    for text in ("/settings ton aus", "/settings vorschau an", "/subscribe Lawrow beides"):
        await front.said(chat, text)
    (settings.seeds_dir / "c.txt").write_text(
        NEWCOMER.replace("Ottilie Quastenberg", "Sergej Lawrow").replace(
            "12.01.2022 11:00", f"{datetime.now(UTC):%d.%m.%Y %H:%M}"
        ),
        "utf-8",
    )
    now = front.clock()
    rounds = front.desk.rounds
    await asyncio.to_thread(front.desk.intake.take_in_folders, now)
    mark = front.api.mark()
    box = _telegram_outbox(front.built, front.made, front.made.send)
    await asyncio.to_thread(rounds.compose_alerts, now, render_alert)
    await box.deliver_due()
    with front.built.store.writing() as session:
        (one,) = chats.subscriptions(session, chat_of(front, chat).id)
        chats.update_subscription(session, one.id, next_due_at=now)
    await asyncio.to_thread(rounds.compose_due, now, render_digest)
    await box.deliver_due()
    alert, digest = [call for call in front.api.calls[mark:] if call.method == "sendMessage"]
    assert alert.params["text"].startswith("🔔")
    assert alert.params.get("disable_notification") is None
    assert digest.params["disable_notification"] is True
    for call in (alert, digest):
        assert call.params["link_preview_options"]["is_disabled"] is False
    await front.said(chat, "/about")
    preview = front.api.calls_to("sendMessage")[-1].params["link_preview_options"]
    assert preview["is_disabled"] is False
