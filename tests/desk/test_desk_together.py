"""Digests of many chats share what they have in common, and each is as it would be alone."""

import random
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.house import house
from bot.payloads import render_digest
from bot.settings import Settings
from digests.desk import together
from digests.desk.shared import Shared
from digests.store import archive, belongings, chats, outbox
from digests.tables import ActorRow, DeliveryRow, HeldRow, ItemRow, ShownRow
from digests.types import DeliveryMode, Target, TargetKind
from tests.desk.conftest import LAWROW, SCHOLZ, Clock

PEOPLE = 30
LATER = """Scholz nennt Bedingungen

Stand: 11.01.2026 09:00 Uhr

Der frühere Bundeskanzler Olaf Scholz hat am Sonntag in Berlin Bedingungen für eine Waffenruhe genannt.

„Ohne Garantien wird es keinen Frieden geben“, sagte Scholz. Er sprach vor Abgeordneten der SPD.

Der russische Außenminister Sergej Lawrow lehnte Garantien am 20. Januar 2026 in Genf ab.
"""  # noqa: E501 - a paragraph is a line
BACK = """Lawrow aus Genf zurück

Stand: 11.01.2026 10:00 Uhr

Der russische Außenminister Sergej Lawrow ist am Sonntag aus Genf nach Moskau zurückgekehrt.

Lawrow sagte, Russland halte an den Gesprächen fest. Die USA nannten die Reise nützlich.
"""


@pytest.fixture(scope="module", params=[1, 2])
def outcomes(request, tmp_path_factory, pipelines):
    """What chats with all kinds of subscriptions are sent on two mornings: together, and alone."""
    folder = tmp_path_factory.mktemp("together")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.house.Pipelines", lambda _named: pipelines)
        yield [_two_mornings(folder / name, request.param, alone=alone) for name, alone in WAYS]


WAYS = (("together", False), ("alone", True))


def _two_mornings(folder, seed, *, alone):
    clock = Clock()
    seeds = folder / "reports"
    seeds.mkdir(parents=True)
    settings = Settings(_env_file=None, data_dir=folder / "data", seeds_dir=seeds)
    found = []
    with pytest.MonkeyPatch.context() as patch, house(settings, clock) as built:
        if alone:
            patch.setattr(together, "_AT_ONCE", 1)
            patch.setattr(Shared, "serves", lambda _self, _now: False)
        built.desk.intake.take_in_due(clock.forward(minutes=1))
        _people(built, clock, random.Random(seed))
        for morning in ((SCHOLZ, LAWROW), (LATER, BACK)):
            for number, text in enumerate(morning):
                (seeds / f"{clock():%d}-{number}.txt").write_text(text, "utf-8")
            built.desk.intake.take_in_due(clock.forward(minutes=1))
            _same_stories(built)
            clock.forward(hours=24)
            built.desk.rounds.compose_due(clock(), render_digest)
            found.append(_state(built))
    return found


def _same_stories(built):
    """What the second morning brings goes on with the stories of the first."""
    with built.store.writing() as session:
        for item in session.exec(select(ItemRow).where(ItemRow.id > 2)):
            archive.set_story(session, item.id, item.id - 2, item.ingested_at)


def _people(built, clock, chance):
    """Chats in two languages and zones that follow some of what is there, each in its own way."""
    with built.store.reading() as session:
        actors = sorted(session.exec(select(ActorRow.id)))
    targets = [Target(TargetKind.ACTOR, one) for one in [*actors, "olaf-scholz", "sergej-lawrow"]]
    targets += [Target(TargetKind.EVERYTHING), Target(TargetKind.ACTOR, "spd")]
    for number in range(PEOPLE):
        chat = built.desk.following.chat(f"telegram:{number}", clock())
        chat = built.desk.following.set_silent(chat, silent=chance.random() < 0.5)
        chat = built.desk.following.set_language(chat, chance.choice(("de", "en")))
        for target in chance.sample(targets, min(3, len(targets))):
            mode = chance.choice((DeliveryMode.DIGEST, DeliveryMode.DIGEST, DeliveryMode.BOTH))
            thread = chance.choice((0, 0, 7))
            built.desk.following.subscribe(chat, thread, target, mode, clock())


def _state(built):
    with built.store.reading() as session:
        sent = session.exec(select(DeliveryRow)).all()
        shown = session.exec(select(ShownRow)).all()
        marks = [
            (place, one.target, one.digest_mark, one.next_due_at)
            for place, followed in chats.all_subscriptions(session, range(PEOPLE + 1)).items()
            for one in followed
        ]
        return (
            {row.key: (row.chat_id, row.thread, row.payload, row.due_at) for row in sent},
            {(row.chat_id, row.thread, row.item_id, row.revision, row.batch) for row in shown},
            sorted(marks, key=repr),
        )


def test_every_digest_is_as_it_would_be_alone(outcomes):
    together, alone = outcomes
    for ours, theirs in zip(together, alone, strict=True):
        assert ours == theirs
    (first, second) = (deliveries for deliveries, _, _ in together)
    assert len(first) > PEOPLE / 2
    texts = [payload["text"] for _, _, payload, _ in second.values()]
    assert any("neu seit gestern" in text for text in texts)  # stories that go on are among them
    assert any("new since yesterday" in text for text in texts)


def follow_all(office, built, count=5):
    """Chats that follow everything, and a report that is news to them."""
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())
    people = [
        built.desk.following.chat(f"telegram:{number}", office.clock()) for number in range(count)
    ]
    everything = Target(TargetKind.EVERYTHING)
    for chat in people:
        built.desk.following.subscribe(chat, 0, everything, DeliveryMode.DIGEST, office.clock())
    office.write("a.txt", SCHOLZ)
    office.clock.forward(minutes=1)
    built.desk.intake.take_in_due(office.clock())
    office.clock.forward(hours=20)
    return people


def told(built):
    with built.store.reading() as session:
        return sorted(row.chat_id for row in session.exec(select(DeliveryRow)))


def test_a_digest_that_cannot_be_composed_keeps_no_other_waiting(office, opened):
    people = follow_all(office, opened)
    ids = [chat.id for chat in people]

    def broken(digest, chat):
        if chat.id == ids[1]:
            raise ValueError("no words for it")
        return render_digest(digest, chat)

    with pytest.raises(ValueError, match="no words for it"):
        opened.desk.rounds.compose_due(office.clock(), broken)
    assert told(opened) == [one for one in ids if one != ids[1]]
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 1
    assert told(opened) == ids


def test_who_dies_among_many_digests_leaves_each_whole_or_undone(office, opened, monkeypatch):
    people = follow_all(office, opened)
    monkeypatch.setattr(together, "_AT_ONCE", 2)
    made = []

    class KilledError(BaseException):
        """The process is gone."""

    def mortal(digest, chat):
        made.append(chat.id)
        if len(made) == 4:
            raise KilledError
        return render_digest(digest, chat)

    with pytest.raises(KilledError):
        opened.desk.rounds.compose_due(office.clock(), mortal)
    assert told(opened) == [chat.id for chat in people[:2]]
    assert opened.desk.rounds.compose_due(office.clock(), render_digest) == 3
    assert told(opened) == [chat.id for chat in people]


def test_what_is_told_is_owed_and_held_no_more_and_of_others_all_stays(office, opened):
    one, other, *_ = follow_all(office, opened)
    with opened.store.writing() as session:
        item = 1
        for chat in (one, other):
            outbox.owe(session, chat.id, 3, [item])
            outbox.owe(session, chat.id, 0, [item])
            session.add(HeldRow(chat_id=chat.id, thread=0, item_id=item, due_at=office.clock()))
        belongings.delete_chat(session, other.id)
    opened.desk.rounds.compose_due(office.clock(), render_digest)
    with opened.store.reading() as session:
        assert outbox.owed(session, [one.id, other.id]) == {(one.id, 3): {item}}
        assert session.exec(select(HeldRow)).all() == []


def test_what_is_kept_for_many_chats_is_bounded_in_time_and_size(office, opened, monkeypatch):
    shared = Shared(opened.desk.known, office.clock())
    assert shared.serves(office.clock())
    assert not shared.serves(office.clock() + timedelta(minutes=2))
    assert not shared.serves(office.clock() - timedelta(seconds=1))
    follow_all(office, opened)
    monkeypatch.setattr("digests.desk.shared._MOST_REPORTS", 1)
    with opened.store.reading() as session:
        shared.reports_of(session, [1])
    assert not shared.serves(office.clock())
