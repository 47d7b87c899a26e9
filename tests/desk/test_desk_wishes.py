"""What a chat asked to be spared: stories muted, fewer of a kind; why a story is shown."""

from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.commands import Caller, answer
from bot.payloads import render_alert, render_digest
from bot.texts import Texts
from digests.store import archive, chats
from digests.tables import DeliveryRow, FewerRow, ItemRow, KeptWordsRow, MutedStoryRow, StoryRow
from digests.types import DeliveryMode, Target, TargetKind, Topic
from tests.desk.conftest import LAWROW, SCHOLZ

LAWROW_ID = Target(TargetKind.ACTOR, "sergej-lawrow")
EVERYTHING = Target(TargetKind.EVERYTHING)

SAYS_MORE = """Lawrow in Genf eingetroffen

Stand: 10.01.2026 10:30 Uhr

Der russische Außenminister Sergej Lawrow ist am Samstag nach Genf gereist.

„Der Westen muss unsere Vorschläge zur Abrüstung schriftlich beantworten“, sagte Lawrow.
"""

MEETING = """Lawrow und Scholz in Genf

Stand: 10.01.2026 11:00 Uhr

Sergej Lawrow und Olaf Scholz sind in Genf zusammengekommen. Scholz sprach von Gesprächen.

„Wir reden“, sagte Lawrow. Scholz blieb bei seiner Forderung.
"""


@pytest.fixture
def desk(office, opened):
    """A house where news can come in: what is written now is no archive."""
    opened.desk.intake.take_in_due(office.clock())
    return opened


@pytest.fixture
def told(office, desk):
    """Takes a report in, in a story; gives the story's number and how many alerts are enqueued."""

    def take_in(name, text, story=None, minutes=60, *, apart=False):
        office.write(name, text)
        office.clock.forward(minutes=minutes)
        assert desk.desk.intake.take_in_due(office.clock()).new == 1
        with desk.store.writing() as session:
            item = session.exec(select(ItemRow).order_by(ItemRow.id.desc())).first()
            if story is not None or apart:
                archive.set_story(session, item.id, story, office.clock())
                session.get_one(StoryRow, item.story_id).parted |= apart
            number = item.story_id
        return number, desk.desk.rounds.compose_alerts(office.clock(), render_alert)

    return take_in


def follow(office, built, target=LAWROW_ID, mode=DeliveryMode.BOTH, thread=0, address="telegram:1"):
    chat = built.desk.following.chat(address, office.clock())
    built.desk.following.subscribe(chat, thread, target, mode, office.clock())
    return chat


def digests(office, built):
    office.clock.forward(days=1)
    built.desk.rounds.compose_due(office.clock(), render_digest)
    with built.store.reading() as session:
        rows = session.exec(select(DeliveryRow).where(DeliveryRow.kind == "digest"))
        return [row.payload["text"] for row in rows]


# --- Muted stories -------------------------------------------------------------------------


def test_no_more_of_a_muted_story_neither_alert_nor_digest(office, desk, told):
    chat = follow(office, desk)
    story, alerts = told("a.txt", LAWROW)
    assert alerts == 1
    wish = desk.desk.wishes.mute(chat, 0, story, office.clock())
    assert (wish.headline, wish.changed) == ("Lawrow reist nach Genf", True)
    assert not desk.desk.wishes.mute(chat, 0, story, office.clock()).changed
    assert told("b.txt", SAYS_MORE, story) == (story, 0)
    assert not any("Genf" in text for text in digests(office, desk))
    assert not desk.desk.rounds.look(chat, 0).sections  # nor where the archive is shown


def test_what_is_muted_no_more_is_told_again_from_then_on(office, desk, told):
    chat = follow(office, desk)
    story, _ = told("a.txt", LAWROW)
    desk.desk.wishes.mute(chat, 0, story, office.clock())
    assert desk.desk.wishes.unmute(chat, 0, story).changed
    assert not desk.desk.wishes.unmute(chat, 0, story).changed
    assert told("b.txt", SAYS_MORE, story) == (story, 1)


def test_a_story_is_muted_where_that_was_said_and_nowhere_else(office, desk, told):
    chat = follow(office, desk, thread=7)
    other = follow(office, desk, address="telegram:2")
    desk.desk.following.subscribe(chat, 8, LAWROW_ID, DeliveryMode.BOTH, office.clock())
    story, alerts = told("a.txt", LAWROW)
    assert alerts == 3
    desk.desk.wishes.mute(chat, 7, story, office.clock())
    assert told("b.txt", SAYS_MORE, story) == (story, 2)
    assert desk.desk.wishes.state(chat, 7, story) == (True, False)
    assert desk.desk.wishes.state(chat, 8, story) == (False, False)
    assert desk.desk.wishes.state(other, 0, story) == (False, False)


def test_what_waited_for_the_end_of_quiet_hours_goes_when_it_is_muted(office, desk, told):
    chat = follow(office, desk, mode=DeliveryMode.ALERT)
    desk.desk.following.set_quiet(chat, "12:00-23:00")
    story, alerts = told("a.txt", LAWROW)
    assert alerts == 0
    desk.desk.wishes.mute(chat, 0, story, office.clock())
    office.clock.forward(hours=12)
    assert desk.desk.rounds.compose_alerts(office.clock(), render_alert) == 0


def test_a_mute_follows_its_story_when_it_is_merged_and_split(office, desk, told):
    chat = follow(office, desk, EVERYTHING)
    one, _ = told("a.txt", LAWROW)
    other, _ = told("b.txt", SCHOLZ)
    desk.desk.wishes.mute(chat, 0, one, office.clock())
    desk.desk.stories.merge(one, other)
    assert desk.desk.wishes.state(chat, 0, other) == (True, False)
    assert desk.desk.wishes.state(chat, 0, one) == (True, False)  # its old number leads there
    _, reports = desk.desk.stories.reports(other)
    _, made = desk.desk.stories.split(other, [reports[0].item.id], office.clock())
    assert desk.desk.wishes.state(chat, 0, made) == (True, False)
    assert [one.story for one in desk.desk.wishes.spared(chat, 0).stories] == [made, other]
    assert told("c.txt", SAYS_MORE, made)[1] == 0


def test_two_that_were_muted_are_one_when_they_are_merged(office, desk, told):
    chat = follow(office, desk, EVERYTHING)
    one, _ = told("a.txt", LAWROW)
    other, _ = told("b.txt", SCHOLZ)
    for story in (one, other):
        desk.desk.wishes.mute(chat, 0, story, office.clock())
    desk.desk.stories.merge(one, other)
    assert [one.story for one in desk.desk.wishes.spared(chat, 0).stories] == [other]


def test_a_story_that_does_not_exist_cannot_be_muted(office, desk):
    chat = follow(office, desk)
    with pytest.raises(KeyError):
        desk.desk.wishes.mute(chat, 0, 99, office.clock())


def test_more_of_a_digest_does_not_bring_back_what_was_muted_since(office, desk, told):
    chat = follow(office, desk, EVERYTHING, DeliveryMode.DIGEST)
    story, _ = told("a.txt", LAWROW)
    told("b.txt", SCHOLZ)
    digests(office, desk)
    shown = desk.desk.rounds.told_with(chat, 0, 1, 0, 9)
    assert sum(len(one.stories) for one in shown.sections) == 2
    desk.desk.wishes.mute(chat, 0, story, office.clock())
    (section,) = desk.desk.rounds.told_with(chat, 0, 1, 0, 9).sections
    assert [one.story.headline for one in section.stories] == ["Scholz fordert Waffenruhe"]


# --- Fewer of a kind -----------------------------------------------------------------------


def test_of_fewer_wanted_an_alert_comes_once_three_tell_it(office, desk, told):
    chat = follow(office, desk)
    story, alerts = told("a.txt", MEETING)
    assert alerts == 1
    wish = desk.desk.wishes.fewer(chat, 0, story, office.clock())
    assert {one.id for one in wish.kind} == {"sergej-lawrow", "olaf-scholz"}
    assert not desk.desk.wishes.fewer(chat, 0, story, office.clock()).changed
    again = MEETING.replace("Wir reden", "Ein zweites Treffen zur Abrüstung folgt")
    later, alerts = told("b.txt", again, apart=True)
    assert alerts == 0
    assert told("c.txt", again.replace("11:00", "11:10"), later)[1] == 0
    assert told("d.txt", again.replace("11:00", "11:20"), later)[1] == 1
    assert told("e.txt", LAWROW)[1] == 1  # one alone is another kind


def test_of_fewer_wanted_a_digest_tells_in_a_line_and_last(office, desk, told):
    chat = follow(office, desk, EVERYTHING, DeliveryMode.DIGEST)
    story, _ = told("a.txt", MEETING)
    told("b.txt", SCHOLZ)
    desk.desk.wishes.fewer(chat, 0, story, office.clock())
    (section,) = desk.desk.rounds.look(chat, 0).sections
    assert [(one.story.headline, one.fewer) for one in section.stories] == [
        ("Scholz fordert Waffenruhe", False),
        ("Lawrow und Scholz in Genf", True),
    ]
    (text,) = digests(office, desk)
    assert "Lawrow und Scholz in Genf" in text
    assert "zusammengekommen" not in text
    assert desk.desk.wishes.as_before(chat, 0, story).changed
    assert not desk.desk.wishes.as_before(chat, 0, story).changed
    assert not desk.desk.wishes.spared(chat, 0)


def test_a_wish_for_fewer_follows_actors_that_are_merged(office, desk, told):
    chat = follow(office, desk)
    story, _ = told("a.txt", MEETING)
    desk.desk.wishes.fewer(chat, 0, story, office.clock())
    desk.desk.merging.merge("olaf-scholz", "angela-merkel", office.clock(), force=True)
    assert desk.desk.wishes.state(chat, 0, story) == (False, True)
    (wish,) = desk.desk.wishes.spared(chat, 0).kinds
    assert {one.id for one in wish.kind} == {"sergej-lawrow", "angela-merkel"}
    assert desk.desk.wishes.as_before(chat, 0, story).changed


def test_the_topic_of_another_chat_makes_no_kind(office, desk, told):
    chat = follow(office, desk)
    stranger = desk.desk.following.chat("telegram:2", office.clock())
    secret = Topic(id=f"{stranger.id}:geheim", name="geheim", terms=("Genf",))
    desk.desk.following.keep_topic(secret, stranger)
    story, _ = told("a.txt", LAWROW)
    wish = desk.desk.wishes.fewer(chat, 0, story, office.clock())
    assert all("geheim" not in one.id for one in wish.kind)


# --- Why -----------------------------------------------------------------------------------


def test_why_names_the_subscription_and_shows_the_name_in_its_sentence(office, desk, told):
    chat = follow(office, desk)
    desk.desk.following.subscribe(chat, 0, EVERYTHING, DeliveryMode.DIGEST, office.clock())
    story, _ = told("a.txt", LAWROW)
    why = desk.desk.reasons.why(chat, 0, story)
    assert (why.story, why.headline) == (story, "Lawrow reist nach Genf")
    actor, everything = why.reasons
    assert actor.name == "Sergej Lawrow"
    assert actor.sentence.text.startswith("Der russische Außenminister")
    assert actor.sentence.text[actor.start : actor.end] == "Sergej Lawrow"
    assert actor.sentence.source == "a.txt"
    assert everything.sentence is None
    assert desk.desk.reasons.why(chat, 5, story).reasons == ()
    with pytest.raises(KeyError):
        desk.desk.reasons.why(chat, 0, 99)


def test_why_shows_the_words_that_a_topic_found(office, desk, told):
    chat = follow(office, desk)
    topic = Topic(id=f"{chat.id}:waffen", name="Waffen", terms=("Waffen",))
    desk.desk.following.keep_topic(topic, chat)
    follow(office, desk, Target(TargetKind.TOPIC, topic.id))
    story, _ = told("a.txt", SCHOLZ)
    (reason,) = desk.desk.reasons.why(chat, 0, story).reasons
    assert reason.name == "Waffen"
    assert "Waffen" in reason.sentence.text[reason.start : reason.end]
    assert reason.sentence.text != "Scholz fordert Waffenruhe"  # a sentence before the title


# --- What is kept --------------------------------------------------------------------------


def test_what_is_kept_is_exported_moves_with_the_group_and_goes_with_the_chat(office, desk, told):
    chat = follow(office, desk)
    story, _ = told("a.txt", MEETING)
    desk.desk.wishes.mute(chat, 0, story, office.clock())
    desk.desk.wishes.fewer(chat, 0, story, office.clock())
    desk.desk.wishes.keep_words(chat, "Sanktionen " * 9, office.clock())
    kept = desk.desk.following.export(chat)
    (muted,), (fewer,), (question,) = kept["muted_story"], kept["fewer"], kept["kept_words"]
    assert (muted["thread"], muted["story_id"]) == (0, story)
    assert [fewer["one"], fewer["other"]] == ["actor:olaf-scholz", "actor:sergej-lawrow"]
    assert question["words"].startswith("Sanktionen")

    there = desk.desk.following.chat("telegram:-100", office.clock())
    desk.desk.wishes.mute(there, 0, story, office.clock())
    desk.desk.following.move("telegram:1", "telegram:-100")
    chat = desk.desk.following.chat("telegram:-100", office.clock())
    assert desk.desk.wishes.state(chat, 0, story) == (True, True)

    desk.desk.following.delete(chat)
    with desk.store.reading() as session:
        for table in (MutedStoryRow, FewerRow, KeptWordsRow):
            assert session.exec(select(table)).all() == []


def test_what_the_newer_of_two_chats_said_is_taken_over(office, desk, told):
    chat = follow(office, desk)
    story, _ = told("a.txt", MEETING)
    there = desk.desk.following.chat("telegram:-100", office.clock())
    desk.desk.wishes.mute(there, 0, story, office.clock())
    desk.desk.wishes.fewer(there, 3, story, office.clock())
    token = desk.desk.wishes.keep_words(there, "lange Frage", office.clock())
    with desk.store.writing() as session:
        chats.move_chat(session, "telegram:1", "telegram:-100")
    assert desk.desk.wishes.state(chat, 0, story) == (True, False)
    assert desk.desk.wishes.state(chat, 3, story) == (False, True)
    assert desk.desk.wishes.words_of(chat, token) == "lange Frage"


def test_words_are_kept_for_a_chat_and_the_oldest_go(office, desk):
    chat, other = follow(office, desk), follow(office, desk, address="telegram:2")
    first = desk.desk.wishes.keep_words(chat, "die erste Frage", office.clock())
    assert desk.desk.wishes.words_of(chat, first) == "die erste Frage"
    assert desk.desk.wishes.words_of(other, first) is None
    for number in range(100):
        office.clock.forward(seconds=1)
        desk.desk.wishes.keep_words(chat, f"Frage {number}", office.clock())
    assert desk.desk.wishes.words_of(chat, first) is None
    assert desk.desk.wishes.keep_words(chat, "Frage 5", office.clock())
    assert len(desk.desk.following.export(chat)["kept_words"]) == 100


def test_a_long_question_turns_its_pages_by_a_token_that_is_the_chats_own(office, desk):
    chat, other = follow(office, desk), follow(office, desk, address="telegram:2")
    for number in range(10):
        office.write(f"{number}.txt", SCHOLZ.replace("Waffenruhe", f"Waffenruhe {number * 7}"))
    desk.desk.intake.take_in_due(office.clock.forward(minutes=1))
    with desk.store.writing() as session:
        for item in session.exec(select(ItemRow)).all():
            archive.set_story(session, item.id, None, office.clock())

    def ask(text, who=chat, *, buttons=True):
        texts = Texts("de", ZoneInfo("Europe/Berlin"))
        return answer(text, Caller(desk.desk, who, texts, office.clock(), buttons=buttons))

    question = "/search Scholz Waffenruhe Waffen schweigen seit:2026-01-01 bis:2026-12-31"
    first = ask(question)
    assert [one.text for one in first.buttons[0]] == [str(n) for n in range(1, 9)]
    ((turn,),) = first.buttons[1:]
    assert turn.command.startswith("/search ~")
    second = ask(turn.command)
    assert second.in_place
    assert [one.text for one in second.buttons[0]] == ["9", "10"]
    assert {one.id for one in first.stories}.isdisjoint(one.id for one in second.stories)
    assert second.buttons[1][0].command == turn.command.replace("page:2", "page:1")
    assert not ask(turn.command, other).ok
    typed = ask(question, buttons=False)
    assert typed.blocks[-1].text == f"Nächste Seite: {question} page:2"
    assert ask(f"{question} page:2", buttons=False).stories == second.stories
