"""Alerts: per story, for what is new in it, after a cooldown, outside of quiet hours; spikes."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.payloads import render_alert, render_digest, render_unusual
from bot.runtime import once
from digests.store import archive, chats, held, outbox, told
from digests.tables import DeliveryRow, HeldRow, ItemRow, OwedRow, SpikeRow
from digests.types import DeliveryMode, DeliveryState, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ

LAWROW_ID = Target(TargetKind.ACTOR, "sergej-lawrow")
SCHOLZ_ID = Target(TargetKind.ACTOR, "olaf-scholz")
EVERYTHING = Target(TargetKind.EVERYTHING)

COPY = LAWROW.replace("10:00", "10:20")

SAYS_MORE = """Lawrow in Genf eingetroffen

Stand: 10.01.2026 10:30 Uhr

Der russische Außenminister Sergej Lawrow ist am Samstag nach Genf gereist.

„Der Westen muss unsere Vorschläge zur Abrüstung schriftlich beantworten“, sagte Lawrow.
"""

OTHERS_SAY = """Lawrow in Genf: Stimmen

Stand: 10.01.2026 10:40 Uhr

Der russische Außenminister Sergej Lawrow ist am Samstag nach Genf gereist.

„Wir erwarten ernsthafte Angebote und keine Drohgebärden“, sagte Olaf Scholz.
"""

ENDS = """Lawrow verlässt Genf

Stand: 10.01.2026 11:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Samstag nach Genf gereist.

„Über Raketen in Polen haben unsere Fachleute lange gestritten“, sagte Lawrow.
"""


@pytest.fixture
def desk(office, opened):
    """A house where news can come in: what is written now is no archive."""
    opened.desk.intake.take_in_due(office.clock())
    return opened


@pytest.fixture
def tell(office, desk):
    """Takes a report in, as one more of the first story; gives how many alerts are enqueued."""

    def told(name, text, *, same_story=True, minutes=1):
        office.write(name, text)
        office.clock.forward(minutes=minutes)
        assert desk.desk.intake.take_in_due(office.clock()).new == 1
        with desk.store.writing() as session:
            (*before, item) = session.exec(select(ItemRow).order_by(ItemRow.id)).all()
            story = before[0].story_id if before and same_story else None
            archive.set_story(session, item.id, story, office.clock())
        return desk.desk.rounds.compose_alerts(office.clock(), render_alert)

    return told


def follow(office, built, target, mode=DeliveryMode.ALERT, thread=0):
    chat = built.desk.following.chat("telegram:1", office.clock())
    built.desk.following.set_silent(chat, silent=True)
    built.desk.following.subscribe(chat, thread, target, mode, office.clock())
    return chat


def texts(built, kind="alert"):
    with built.store.reading() as session:
        rows = session.exec(select(DeliveryRow).order_by(DeliveryRow.id))
        return [row.payload["text"] for row in rows if row.kind == kind]


def later(office, built, **by):
    office.clock.forward(**by)
    return built.desk.rounds.compose_alerts(office.clock(), render_alert)


# --- Per story, and not per report ---------------------------------------------------------


def test_a_copy_of_what_was_told_is_no_alert(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    assert tell("a.txt", LAWROW) == 1
    assert tell("b.txt", COPY, minutes=60) == 0
    assert later(office, desk, hours=3) == 0


def test_reports_of_a_new_story_that_come_together_make_one_alert(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    office.write("a.txt", LAWROW)
    desk.desk.intake.take_in_due(office.clock.forward(minutes=1))
    assert tell("b.txt", COPY) == 1
    (text,) = texts(desk)
    assert text.count("Lawrow reist nach Genf") == 1
    assert "2 Berichte" in text


def test_a_new_statement_of_the_followed_actor_alerts_again_and_only_it_is_told(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    assert tell("b.txt", SAYS_MORE, minutes=60) == 1
    _, second = texts(desk)
    assert "Abrüstung" in second
    assert "neu seit der letzten Nachricht von heute" in second
    assert "Lawrow in Genf eingetroffen" in second  # under the headline of what is new
    assert "am Samstag nach Genf gereist" not in second
    assert "zu Gesprächen bereit" not in second


def test_what_somebody_else_says_alerts_only_who_follows_everything(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    follow(office, desk, EVERYTHING, thread=7)
    assert tell("a.txt", LAWROW) == 2
    assert tell("b.txt", OTHERS_SAY, minutes=60) == 1
    with desk.store.reading() as session:
        assert [row.thread for row in session.exec(select(DeliveryRow))] == [0, 7, 7]


def test_what_is_worth_no_alert_is_in_the_digest(office, desk, tell):
    follow(office, desk, LAWROW_ID, DeliveryMode.BOTH)
    tell("a.txt", LAWROW)
    assert tell("b.txt", OTHERS_SAY, minutes=60) == 0
    office.clock.forward(days=1)
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (text,) = texts(desk, "digest")
    assert "neu seit gestern" in text
    assert "Drohgebärden" in text
    assert "am Samstag nach Genf gereist" not in text


def test_a_report_that_adds_nothing_is_a_line_of_the_digest(office, desk, tell):
    follow(office, desk, LAWROW_ID, DeliveryMode.BOTH)
    tell("a.txt", LAWROW)
    tell("b.txt", COPY, minutes=60)
    office.clock.forward(days=1)
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    (text,) = texts(desk, "digest")
    assert "Lawrow reist nach Genf — b.txt · ein weiterer Bericht" in text
    assert "Gesprächen" not in text


def test_what_is_new_but_cannot_be_shown_is_left_to_the_digest(office, desk, tell):
    follow(office, desk, LAWROW_ID, DeliveryMode.BOTH)
    tell("a.txt", LAWROW)
    said = "Das sei „eine nie dagewesene Drohung mit Raketen“, sagte er."
    assert tell("b.txt", f"{COPY.rstrip()} {said}\n", minutes=60) == 0
    office.clock.forward(days=1)
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert "b.txt · ein weiterer Bericht" in texts(desk, "digest")[0]


def test_reports_that_add_nothing_are_counted(office, desk, tell):
    follow(office, desk, LAWROW_ID, DeliveryMode.BOTH)
    tell("a.txt", LAWROW)
    tell("b.txt", COPY, minutes=60)
    tell("c.txt", COPY, minutes=1)
    office.clock.forward(days=1)
    desk.desk.rounds.compose_due(office.clock(), render_digest)
    assert "c.txt, b.txt · 2 weitere Berichte" in texts(desk, "digest")[0]


# --- Cooldown ------------------------------------------------------------------------------


def test_what_is_new_within_the_cooldown_is_told_in_one_message_after_it(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    assert tell("b.txt", SAYS_MORE) == 0
    assert tell("c.txt", ENDS) == 0
    assert later(office, desk, minutes=27) == 0  # 29 after the first
    assert later(office, desk, minutes=1) == 1
    _, second = texts(desk)
    assert "Abrüstung" in second
    assert "Raketen" in second
    assert later(office, desk, hours=2) == 0
    with desk.store.reading() as session:
        assert session.exec(select(HeldRow)).all() == []


def test_another_story_does_not_wait_for_the_cooldown_of_this_one(office, desk, tell):
    follow(office, desk, EVERYTHING)
    tell("a.txt", LAWROW)
    assert tell("b.txt", SCHOLZ, same_story=False) == 1


def test_of_two_that_wait_and_say_the_same_the_first_is_told(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    tell("b.txt", SAYS_MORE)
    tell("c.txt", SAYS_MORE.replace("10:30", "10:35"))
    later(office, desk, hours=1)
    _, second = texts(desk)
    assert second.count("Abrüstung") == 1
    assert "2 Berichte" not in second


def test_what_a_digest_showed_meanwhile_waits_no_more(office, desk, tell):
    chat = follow(office, desk, LAWROW_ID, DeliveryMode.BOTH)
    tell("a.txt", LAWROW)
    tell("b.txt", SAYS_MORE)
    with desk.store.writing() as session:
        (one,) = chats.subscriptions(session, chat.id)
        chats.update_subscription(session, one.id, next_due_at=office.clock())
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert "Abrüstung" in texts(desk, "digest")[0]
    assert later(office, desk, hours=1) == 0


def test_what_waits_is_not_told_to_who_follows_no_more(office, desk, tell):
    chat = follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    tell("b.txt", SAYS_MORE)
    (one,) = desk.desk.following.subscriptions(chat)
    desk.desk.following.unsubscribe(one)
    assert later(office, desk, hours=1) == 0
    with desk.store.reading() as session:
        assert session.exec(select(HeldRow)).all() == []


def test_what_waits_is_in_the_digest_of_who_wants_digests_only_by_now(office, desk, tell):
    chat = follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    tell("b.txt", SAYS_MORE)
    desk.desk.following.subscribe(chat, 0, LAWROW_ID, DeliveryMode.DIGEST, office.clock())
    assert later(office, desk, hours=1) == 0
    with desk.store.reading() as session:
        assert len(session.exec(select(OwedRow)).all()) == 1
    office.clock.forward(days=1)
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert "Abrüstung" in texts(desk, "digest")[0]


def test_an_alert_that_cannot_be_rendered_leaves_all_as_it_was(office, desk, tell):
    follow(office, desk, LAWROW_ID)
    tell("a.txt", LAWROW)
    tell("b.txt", SAYS_MORE)
    office.clock.forward(hours=1)

    def broken(_alert, _chat):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.desk.rounds.compose_alerts(office.clock(), broken)
    assert len(texts(desk)) == 1
    assert desk.desk.rounds.compose_alerts(office.clock(), render_alert) == 1
    assert "Abrüstung" in texts(desk)[1]


def test_who_wants_both_is_told_of_every_report_once_whenever_it_comes(office, desk, tell):
    chat = follow(office, desk, EVERYTHING, DeliveryMode.BOTH)
    desk.desk.following.set_quiet(chat, "13:10-13:40")
    coming = [LAWROW, SCHOLZ, SAYS_MORE, COPY, OTHERS_SAY, ENDS, COPY.replace("10:20", "10:50")]
    for number, text in enumerate(coming):
        tell(f"r{number}.txt", text, same_story=text is not SCHOLZ, minutes=9)
    later(office, desk, hours=2)
    office.clock.forward(days=1)
    desk.desk.rounds.compose_due(office.clock(), render_digest)
    with desk.store.reading() as session:
        items = set(session.exec(select(ItemRow.id)))
        assert told.told(session, [(chat.id, 0)], items)[chat.id, 0].keys() == items
        assert session.exec(select(HeldRow)).all() == []
    sent = "\n".join(texts(desk) + texts(desk, "digest"))
    for words in ("Waffen müssen schweigen", "Abrüstung", "Drohgebärden", "Raketen in Polen"):
        assert sent.count(words) == 1


# --- Quiet hours ---------------------------------------------------------------------------


def test_after_quiet_hours_one_message_tells_all_that_waited(office, desk, tell):
    chat = follow(office, desk, EVERYTHING)
    desk.desk.following.set_quiet(chat, "12:00-15:00")  # in Berlin, where it is 13:00
    assert tell("a.txt", LAWROW) == 0
    assert tell("b.txt", SCHOLZ, same_story=False) == 0
    assert later(office, desk, minutes=50) == 0
    assert texts(desk) == []
    assert later(office, desk, hours=1, minutes=8) == 1  # 15:00
    (text,) = texts(desk)
    assert "Lawrow reist nach Genf" in text
    assert "Scholz fordert Waffenruhe" in text
    assert later(office, desk, hours=1) == 0


def test_what_waits_in_a_paused_chat_comes_in_one_digest_when_it_resumes(office, desk, tell):
    chat = follow(office, desk, LAWROW_ID)
    desk.desk.following.set_quiet(chat, "12:00-15:00")
    tell("a.txt", LAWROW)
    desk.desk.following.pause(chat, None)
    assert later(office, desk, hours=5) == 0
    desk.desk.following.resume(chat, office.clock())
    assert later(office, desk, minutes=1) == 0
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1


def test_many_stories_after_quiet_hours_are_one_message_and_none_is_cut_away(office, desk):
    chat = follow(office, desk, EVERYTHING)
    desk.desk.following.set_quiet(chat, "12:00-15:00")
    many(office, desk, 25)
    assert desk.desk.rounds.compose_alerts(office.clock(), render_alert) == 0
    assert later(office, desk, hours=3) == 1
    (text,) = texts(desk)
    assert all(f"Bericht Nummer {number} " in text for number in range(25))


# --- Long digests --------------------------------------------------------------------------


def many(office, built, number, per_story=1):
    """Take in reports, each of a story of its own."""
    for index in range(number):
        title = f"Bericht Nummer {index} aus dem Rathaus"
        body = f"Der Stadtrat hat am Samstag über den Antrag {index} der Bürger beraten."
        office.write(f"n{index}.txt", f"{title}\n\nStand: 10.01.2026 09:00 Uhr\n\n{body}\n")
    office.clock.forward(minutes=1)
    assert built.desk.intake.take_in_due(office.clock()).new == number
    with built.store.writing() as session:
        for item in session.exec(select(ItemRow)).all():
            archive.set_story(session, item.id, None, office.clock())


def test_a_long_digest_tells_the_first_at_length_and_more_on_request(office, desk, caller):
    follow(office, desk, EVERYTHING, DeliveryMode.DIGEST)
    many(office, desk, 50)
    office.clock.forward(days=1)
    assert desk.desk.rounds.compose_due(office.clock(), render_digest) == 1
    with desk.store.reading() as session:
        payloads = [row.payload for row in session.exec(select(DeliveryRow))]
    sent = "\n".join(payload["text"] for payload in payloads)
    assert sent.startswith("50 Meldungen")
    assert sent.count("beraten.") == 12
    assert sent.count("— n") == 30  # a line each
    assert "und 8 weitere Meldungen" in sent
    *_, ((label, command),) = payloads[-1]["buttons"]
    assert label == "38 weitere Meldungen"

    office.write("late.txt", SCHOLZ)  # is not in that digest, whatever comes later
    desk.desk.intake.take_in_due(office.clock.forward(minutes=1))
    told = [one for one in range(50) if f"Antrag {one} " in sent]
    starts = []
    while command:
        reply = caller(command)
        assert reply.ok
        text = "\n".join(one.text for one in reply.blocks)
        assert "Waffenruhe" not in text
        starts.append(reply.blocks[0].text)
        told += [one for one in range(50) if f"Antrag {one} " in text]
        next_ones = [b.command for row in reply.buttons for b in row if "/digest" in b.command]
        command = next_ones[0] if next_ones else None
    assert starts == ["13–24 von 50", "25–36 von 50", "37–48 von 50", "49–50 von 50"]
    assert sorted(told) == list(range(50))  # each once


def test_what_was_sent_long_ago_is_forgotten_but_not_that_it_was_told(office, desk, caller):
    follow(office, desk, EVERYTHING, DeliveryMode.DIGEST)
    many(office, desk, 14)
    office.clock.forward(days=1)
    desk.desk.rounds.compose_due(office.clock(), render_digest)
    with desk.store.writing() as session:
        (row,) = session.exec(select(DeliveryRow)).all()
        row.state, row.settled_at = DeliveryState.SENT, office.clock()
        *_, ((_, command),) = row.payload["buttons"]
    office.clock.forward(days=31)
    once(desk, lambda _done, _total: None)
    assert texts(desk, "digest") == []
    more = caller(command)
    assert more.blocks[0].text == "13–14 von 14"
    kept = json.loads(caller("/export").attachment.content)
    assert len(kept["shown"]) == 14
    assert kept["delivery"] == []


def test_more_of_a_digest_that_is_only_looked_at(office, desk, caller):
    follow(office, desk, EVERYTHING, DeliveryMode.DIGEST)
    many(office, desk, 20)
    first = caller("/digest")
    (command,) = [b.command for row in first.buttons for b in row if "/digest" in b.command]
    rest = caller(command)
    assert len(first.stories) == 20
    assert len(rest.stories) == 8
    assert rest.blocks[0].text == "13–20 von 20"


@pytest.mark.parametrize("words", ["more", "more 1", "more 1 2 3", "more x 1", "less 1 1", "x"])
def test_a_mistyped_wish_for_more_is_explained(desk, caller, words):
    assert caller(f"/digest {words}").malformed


def test_where_there_is_nothing_more_it_is_said(desk, caller):
    assert not caller("/digest more 77 500").ok


@pytest.fixture
def caller(office, desk):
    from zoneinfo import ZoneInfo

    from bot.commands import Caller, answer
    from bot.texts import Texts

    def asked(text):
        chat = desk.desk.following.chat("telegram:1", office.clock())
        texts = Texts("de", ZoneInfo("Europe/Berlin"))
        return answer(text, Caller(desk.desk, chat, texts, office.clock()))

    return asked


def test_silence_is_chosen_and_taken_back(office, desk, caller):
    def is_silent():
        return desk.desk.following.chat("telegram:1", office.clock()).silent

    assert not is_silent()
    assert caller("/settings nothing silent").ok
    assert is_silent()
    assert caller("/settings nichts melden").ok
    assert not is_silent()
    assert caller("/settings nichts vielleicht").malformed


# --- Unusually many reports ----------------------------------------------------------------


@pytest.fixture
def busy(office, desk):
    """Four weeks in which one report of six was on Lawrow, the others on the town."""
    reports = {}
    for index in range(5):
        reports[f"l{index}.txt"] = LAWROW.replace("Genf", f"Genf zum {index}. Gespräch")
    for index in range(25):
        body = f"Der Stadtrat hat am Samstag über den Antrag {index} der Bürger beraten."
        reports[f"n{index}.txt"] = f"Antrag {index}\n\nStand: 10.01.2026 09:00 Uhr\n\n{body}\n"
    for name, text in reports.items():
        office.write(name, text)
    office.clock.forward(minutes=1)
    assert desk.desk.intake.take_in_due(office.clock()).new == len(reports)
    with desk.store.writing() as session:
        for item in session.exec(select(ItemRow)).all():
            item.ingested_at = office.clock() - timedelta(days=2 + item.id % 20)
            session.add(item)
    office.clock.forward(days=1)
    return desk


def crowd(office, built, number, start=0):
    for index in range(start, start + number):
        office.write(f"x{index}.txt", LAWROW.replace("Genf", f"Wien zum {index}. Mal"))
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())


def unusual(office, built):
    return built.desk.rounds.compose_unusual(office.clock(), render_unusual)


def test_unusually_many_reports_are_told_once_a_day(office, busy):
    follow(office, busy, LAWROW_ID)
    follow(office, busy, SCHOLZ_ID)
    crowd(office, busy, 3)
    assert unusual(office, busy) == 0
    crowd(office, busy, 9, start=3)
    assert unusual(office, busy) == 1
    (text,) = texts(busy, "spike")
    assert text.startswith(
        "📈 Ungewöhnlich viel über Sergej Lawrow\n12 Berichte in 24 Stunden, sonst"
    )
    assert "Lawrow reist nach Wien" in text
    with busy.store.reading() as session:
        (row,) = session.exec(select(DeliveryRow))
    assert row.payload["buttons"] == [[["Sergej Lawrow", "/actor #sergej-lawrow"]]]
    crowd(office, busy, 3, start=12)
    assert unusual(office, busy) == 0


def test_after_a_day_it_is_said_again(office, busy):
    follow(office, busy, LAWROW_ID)
    crowd(office, busy, 12)
    assert unusual(office, busy) == 1
    for hours, said in ((23, 0), (1, 1)):
        with busy.store.writing() as session:  # as if that much time had passed
            told = session.exec(select(SpikeRow)).one()
            told.told_at -= timedelta(hours=hours)
            session.add(told)
        crowd(office, busy, 1, start=12 + hours)
        assert unusual(office, busy) == said


def test_who_wants_digests_only_is_not_told_of_many_reports(office, busy):
    follow(office, busy, LAWROW_ID, DeliveryMode.DIGEST)
    crowd(office, busy, 12)
    assert unusual(office, busy) == 0


def test_word_of_many_reports_waits_for_the_end_of_quiet_hours(office, busy):
    chat = follow(office, busy, LAWROW_ID, DeliveryMode.BOTH)
    busy.desk.following.set_quiet(chat, "12:00-15:00")
    crowd(office, busy, 12)
    assert unusual(office, busy) == 0
    office.clock.forward(minutes=30)
    assert unusual(office, busy) == 0
    office.clock.forward(hours=2)
    assert unusual(office, busy) == 1  # though nothing came in since


def test_many_reports_on_everything_are_not_unusual_for_one(office, busy):
    follow(office, busy, LAWROW_ID)
    for index in range(60):
        body = f"Der Gemeinderat hat am Samstag den Haushalt {index} der Stadt beschlossen."
        office.write(f"y{index}.txt", f"Haushalt {index}\n\nStand: 11.01.2026\n\n{body}\n")
    crowd(office, busy, 12)
    assert unusual(office, busy) == 0


def test_who_is_told_by_the_hour_hears_of_unusually_much_on_the_hour(office, busy):
    chat = follow(office, busy, LAWROW_ID)
    (one,) = busy.desk.following.subscriptions(chat)
    busy.desk.following.deliver(chat, one, DeliveryMode.ALERT, office.clock(), hourly=True)
    crowd(office, busy, 12)
    assert unusual(office, busy) == 1
    with busy.store.reading() as session:
        (row,) = session.exec(select(DeliveryRow).where(DeliveryRow.kind == "spike"))
    assert row.not_before == office.clock().replace(hour=13, minute=0)


def test_word_that_cannot_be_rendered_is_said_the_next_time(office, busy):
    follow(office, busy, LAWROW_ID)
    crowd(office, busy, 12)

    def broken(_found, _chat):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        busy.desk.rounds.compose_unusual(office.clock(), broken)
    assert unusual(office, busy) == 1
    assert unusual(office, busy) == 0


def test_what_waits_goes_with_its_chat(office, desk, tell):
    chat = follow(office, desk, LAWROW_ID)
    desk.desk.following.set_quiet(chat, "12:00-15:00")
    tell("a.txt", LAWROW)
    with desk.store.writing() as session:
        assert held.waiting(session, [chat.id])
    desk.desk.following.chat("telegram:2", office.clock())
    desk.desk.following.move("telegram:2", "telegram:1")  # the old one takes the new one's over
    with desk.store.reading() as session:
        other = chats.chat_at(session, "telegram:1")
        assert held.waiting(session, [other.id])
    (kept,) = desk.desk.following.export(other)["held"]
    assert kept["item_id"] == 1
    desk.desk.following.delete(other)
    with desk.store.reading() as session:
        assert session.exec(select(HeldRow)).all() == []
        assert outbox.counts(session) == {}
