"""Merges as rows: what may be merged, what follows, and that a split undoes it."""

import itertools
import shutil
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from digests.actors import Catalogue
from digests.actors.merging import Why, survivors, under
from digests.desk import Answers, Known, Merging
from digests.errors import InputError
from digests.store import archive, belongings, chats, merges, open_store, told
from digests.tables import (
    ActorMergeRow,
    ItemActorRow,
    MergedSubscriptionRow,
    RevisionRow,
    SeenOfficeRow,
    SubscriptionRow,
    TopicItemRow,
)
from digests.topics import matches
from digests.types import (
    Actor,
    ActorKind,
    DeliveryMode,
    Draft,
    Mention,
    Published,
    Reading,
    SeenOffice,
    SourceKind,
    SpeechKind,
    Statement,
    Target,
    TargetKind,
    Topic,
)

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
IDS = ("anna", "bert", "carl", "dora", "emil")
TOPICS = (
    Topic("of-bert", "Bert", actors=("bert",)),
    Topic("of-both", "Beide", terms=("Hafen",), actors=("carl", "dora")),
    Topic("of-harbours", "Häfen", terms=("Hafen",)),
)
DIGEST, ALERT, BOTH = DeliveryMode.DIGEST, DeliveryMode.ALERT, DeliveryMode.BOTH


def reading(*actors):
    """A reading that names all, the first of them twice: who also speaks and holds an office."""
    return Reading(
        "de",
        mentions=tuple(
            Mention(3 * n, 3 * n + 2, ActorKind.PERSON, one)
            for n, one in enumerate((*actors, *actors[:1]))
        ),
        statements=(Statement(SpeechKind.DIRECT, ((20, 30),), None, None, actors[0]),),
        offices=(SeenOffice(actors[0], "Sprecherin", 0, 2),),
    )


READINGS = [
    reading(*named)
    for named in (
        ("anna",),
        ("bert", "anna"),
        ("carl", "dora", "emil"),
        ("dora",),
        ("emil", "bert", "carl"),
        ("anna", "bert", "carl", "dora", "emil"),
    )
]


def fill(store, subscriptions=()):
    """An archive of readings by hand; every second text is of a harbour."""
    with store.writing() as session:
        people = [Actor(one, one.capitalize(), ActorKind.PERSON) for one in IDS]
        archive.ensure_actors(session, people)
        source = archive.add_source(session, SourceKind.FOLDER, "/r", name="r", now=NOW)
        for number, one in enumerate(READINGS):
            text = f"Text {number}: " + ("Der Hafen ruht." if number % 2 else "Es schneit.") * 3
            draft = Draft(f"{number}.txt", text, published=Published.on(2026, 1, 1 + number))
            archive.save_item(session, source.id, draft, one, "{}", (), now=NOW, backlog=False)
        for topic in TOPICS:
            archive.save_topic(session, topic)
            reports = archive.reports(session, range(1, len(READINGS) + 1))
            found = [r.item.id for r in reports if matches(topic, r.item.text, r.reading)]
            archive.set_topic_items(session, topic.id, found)
        for address, actor, delivery in subscriptions:
            follow(session, address, actor, delivery)


def follow(session, address, actor, delivery, mark=0):
    chat = chats.add_chat(
        session, address, language="de", zone="UTC", schedule="daily 07:00", now=NOW
    )
    target = Target(TargetKind.ACTOR, actor)
    due = None if delivery is ALERT else NOW
    chats.subscribe(session, chat.id, 0, target, delivery, mark=mark, next_due_at=due, now=NOW)
    return chat


def desk(store):
    known = Known(
        Catalogue(known=(Actor(i, i.capitalize(), ActorKind.PERSON) for i in IDS)), store=store
    )
    return Merging(store, known), Answers(store, known)


@pytest.fixture
def merging(store):
    fill(store)
    return desk(store)[0]


def rows(store, *columns):
    with store.reading() as session:
        return sorted(session.exec(select(*columns)).all())


def followed(store):
    columns = SubscriptionRow.chat_id, SubscriptionRow.target_id, SubscriptionRow.delivery
    return rows(store, *columns)


def derived(store):
    """All that is derived from readings, topics and merges."""
    return (
        rows(
            store,
            ItemActorRow.item_id,
            ItemActorRow.actor_id,
            ItemActorRow.mentions,
            ItemActorRow.statements,
        ),
        rows(store, SeenOfficeRow.item_id, SeenOfficeRow.actor_id, SeenOfficeRow.title),
        rows(store, TopicItemRow.topic_id, TopicItemRow.item_id),
    )


def expected(store):
    """The same, computed without the database from the readings and the edges that are in it."""
    edges = dict(rows(store, ActorMergeRow.absorbed_id, ActorMergeRow.into_id))
    standing = survivors(edges)
    index, offices, topics = [], [], []
    texts = dict(rows(store, RevisionRow.item_id, RevisionRow.text))
    for number, one in enumerate(READINGS, 1):
        shown = under(one, standing)
        named = [m.actor for m in shown.mentions]
        saying = [s.actor for s in shown.statements]
        index += [(number, a, named.count(a), saying.count(a)) for a in set(named)]
        offices += [(number, o.actor, o.title) for o in shown.offices]
        for topic in TOPICS:
            meant = tuple(dict.fromkeys(standing.get(a, a) for a in topic.actors))
            asked = Topic(topic.id, topic.name, topic.terms, actors=meant)
            if matches(asked, texts[number], shown):
                topics.append((topic.id, number))
    return sorted(index), sorted(offices), sorted(topics)


# --- Any merges and splits -----------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A database to copy: making one takes longer than a test."""
    path = tmp_path_factory.mktemp("filled") / "filled.db"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    fill(
        store,
        [
            ("telegram:1", "anna", DIGEST),
            ("telegram:1", "bert", ALERT),
            ("telegram:1", "carl", DIGEST),
            ("telegram:2", "emil", BOTH),
            ("telegram:3", "dora", ALERT),
            ("telegram:3", "bert", ALERT),
        ],
    )
    store.close()
    # The write-ahead log is emptied into the file when the last connection is closed.
    assert not path.with_name("filled.db-wal").exists()
    return path


NUMBERS = itertools.count()
STEPS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from((*IDS, None, None))), min_size=1, max_size=9
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS, st.permutations(IDS))
def test_after_any_merges_and_splits_all_is_as_if_derived_anew(filled, tmp_path, steps, order):
    """And once all is split again, in any order, everything is as it was before."""
    path = tmp_path / f"{next(NUMBERS)}.db"
    shutil.copy(filled, path)
    store = open_store(f"sqlite:///{path}")
    merging, answers = desk(store)
    before = derived(store), followed(store), [answers.actor(one) for one in IDS]
    for actor, into in steps:
        with suppress(InputError):  # what is one, or another's, already
            merging.split(actor) if into is None else merging.merge(actor, into, NOW)
        assert derived(store) == expected(store)
        places = [(chat, actor) for chat, actor, _ in followed(store)]
        standing = survivors(dict(rows(store, ActorMergeRow.absorbed_id, ActorMergeRow.into_id)))
        assert places == sorted(
            {(chat, standing.get(actor, actor)) for chat, actor, _ in before[1]}
        )
    for actor in order:
        if actor in rows(store, ActorMergeRow.absorbed_id):
            merging.split(actor)
    assert (derived(store), followed(store), [answers.actor(one) for one in IDS]) == before
    assert rows(store, MergedSubscriptionRow.actor_id) == []
    store.close()


# --- What may be merged --------------------------------------------------------------------


def edges(store):
    return rows(store, ActorMergeRow.absorbed_id, ActorMergeRow.into_id)


def test_into_an_absorbed_one_is_into_its_survivor_and_no_circle_comes_about(merging, store):
    merging.merge("anna", "bert", NOW)
    merging.merge("carl", "anna", NOW)
    assert edges(store) == [("anna", "bert"), ("carl", "bert")]
    for one, other in (("bert", "anna"), ("bert", "bert"), ("bert", "carl")):
        with pytest.raises(InputError) as caught:
            merging.merge(one, other, NOW)
        assert caught.value.code == "same_actor"


def test_who_was_absorbed_must_be_split_before_it_is_merged_elsewhere(merging):
    merging.merge("anna", "bert", NOW)
    with pytest.raises(InputError) as caught:
        merging.merge("anna", "carl", NOW)
    assert caught.value.code == "merged_already"
    assert caught.value.params["into"] == "bert"


def test_merging_and_splitting_twice_changes_nothing(merging, store):
    merging.merge("anna", "bert", NOW)
    once = derived(store), edges(store)
    merging.merge("anna", "bert", NOW)
    assert (derived(store), edges(store)) == once
    merging.split("anna")
    with pytest.raises(InputError) as caught:
        merging.split("anna")
    assert caught.value.code == "not_merged"


def test_whom_nobody_knows_cannot_be_merged(merging):
    for one, other in (("nobody", "anna"), ("anna", "nobody")):
        with pytest.raises(InputError) as caught:
            merging.merge(one, other, NOW)
        assert caught.value.code == "unknown_actor"
        assert caught.value.params["text"] == "nobody"
    with pytest.raises(InputError) as caught:
        merging.split("nobody")
    assert caught.value.code == "unknown_actor"


def test_two_of_the_list_are_merged_by_force_only(store):
    listed = [Actor(one, one, ActorKind.STATE, curated=True) for one in ("nordland", "suedland")]
    merging = Merging(store, Known(Catalogue(known=listed), store=store))
    with pytest.raises(InputError) as caught:
        merging.merge("nordland", "suedland", NOW)
    assert caught.value.code == "both_curated"
    assert edges(store) == []
    merging.merge("nordland", "suedland", NOW, force=True)
    assert edges(store) == [("nordland", "suedland")]


def test_the_store_itself_refuses_what_would_make_a_chain(merging, store):
    merging.merge("anna", "bert", NOW)
    for one, other in (("anna", "carl"), ("carl", "anna"), ("dora", "dora")):
        with pytest.raises(ValueError, match="cannot be merged"), store.writing() as session:
            merges.absorb(session, one, other, Why.OPERATOR, now=NOW)


def test_a_merge_that_fails_half_way_leaves_nothing(merging, store, monkeypatch):
    before = derived(store)

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(archive, "topics_naming", broken)
    with pytest.raises(RuntimeError):
        merging.merge("anna", "bert", NOW)
    monkeypatch.undo()
    assert (derived(store), edges(store)) == (before, [])
    merging.merge("anna", "bert", NOW)


def test_every_change_can_be_told_by_a_number(merging, store):
    def version():
        with store.reading() as session:
            return merges.version(session)

    seen = [version()]
    for step in (
        lambda: merging.merge("anna", "bert", NOW),
        lambda: merging.split("anna"),
    ):
        step()
        seen.append(version())
    assert sorted(set(seen)) == seen


# --- Subscriptions -------------------------------------------------------------------------


def subscriptions(store, chat=1):
    with store.reading() as session:
        return {one.target.id: one for one in chats.subscriptions(session, chat)}


def test_who_followed_both_follows_once_and_in_both_ways(merging, store):
    with store.writing() as session:
        follow(session, "telegram:1", "anna", ALERT, mark=5)
        follow(session, "telegram:1", "bert", DIGEST, mark=3)
    merging.merge("anna", "bert", NOW)
    (one,) = subscriptions(store).values()
    assert (one.target.id, one.delivery) == ("bert", BOTH)
    # The digest goes on from where the one digest stood, the alerts from where the other was.
    assert (one.digest_mark, one.alert_mark) == (3, 5)
    assert one.next_due_at == NOW
    merging.split("anna")
    found = subscriptions(store)
    assert {key: one.delivery for key, one in found.items()} == {"anna": ALERT, "bert": DIGEST}
    assert (found["anna"].next_due_at, found["bert"].next_due_at) == (None, NOW)
    assert (found["anna"].alert_mark, found["bert"].digest_mark) == (5, 3)


@pytest.mark.parametrize("marks", [(2, 6), (6, 2)])
@pytest.mark.parametrize("delivery", [DIGEST, ALERT, BOTH])
def test_what_was_pending_for_one_of_two_stays_pending(merging, store, delivery, marks):
    with store.writing() as session:
        for actor, mark in zip(("anna", "bert"), marks, strict=True):
            chat = follow(session, "telegram:1", actor, delivery, mark=mark)
        told.enqueue(session, [told.Message("a", (chat.id, 0), "digest", [], [(5, 1)])], NOW)
    merging.merge("anna", "bert", NOW)
    (one,) = subscriptions(store).values()
    assert (one.digest_mark, one.alert_mark) == (2, 2)
    with store.reading() as session:
        pending = archive.item_ids(
            session, one.target, after=one.digest_mark, news=True, unshown_in=(chat.id, 0)
        )
    assert pending == [6]  # not 5 again, which names bert and was shown


def test_marks_that_moved_on_meanwhile_stay_there_after_a_split(merging, store):
    with store.writing() as session:
        follow(session, "telegram:1", "anna", DIGEST)
    merging.merge("anna", "bert", NOW)
    with store.writing() as session:
        chats.update_subscription(session, subscriptions(store)["bert"].id, digest_mark=6)
    merging.split("anna")
    assert subscriptions(store)["anna"].digest_mark == 6


def test_what_a_chat_chose_since_holds_for_both_after_a_split(merging, store):
    with store.writing() as session:
        follow(session, "telegram:1", "anna", ALERT)
        follow(session, "telegram:1", "bert", DIGEST)
    merging.merge("anna", "bert", NOW)
    with store.writing() as session:
        follow(session, "telegram:1", "bert", ALERT)
    merging.split("anna")
    assert {one.delivery for one in subscriptions(store).values()} == {ALERT}
    assert len(subscriptions(store)) == 2


def test_who_stopped_following_the_survivor_gets_nothing_back(merging, store):
    with store.writing() as session:
        follow(session, "telegram:1", "anna", DIGEST)
    merging.merge("anna", "bert", NOW)
    with store.writing() as session:
        chats.unsubscribe(session, subscriptions(store)["bert"].id)
        follow(session, "telegram:1", "bert", DIGEST)  # and thought better of it
    merging.split("anna")
    assert list(subscriptions(store)) == ["bert"]


def test_forum_topics_are_told_apart(merging, store):
    with store.writing() as session:
        chat = follow(session, "telegram:1", "anna", DIGEST)
        target = Target(TargetKind.ACTOR, "bert")
        chats.subscribe(session, chat.id, 7, target, ALERT, mark=0, next_due_at=None, now=NOW)
    merging.merge("anna", "bert", NOW)
    with store.reading() as session:
        found = chats.subscriptions(session, 1)
    assert {(one.thread, one.target.id, one.delivery) for one in found} == {
        (0, "bert", DIGEST),
        (7, "bert", ALERT),
    }


def test_nothing_is_kept_of_a_deleted_chat(merging, store):
    with store.writing() as session:
        chat = follow(session, "telegram:1", "anna", DIGEST)
    merging.merge("anna", "bert", NOW)
    with store.reading() as session:
        assert belongings.kept(session, chat.id)["merged_subscription"] == [
            {"actor_id": "anna", "thread": 0, "delivery": "digest"}
        ]
    with store.writing() as session:
        belongings.delete_chat(session, chat.id)
    assert rows(store, MergedSubscriptionRow.chat_id) == []
    merging.split("anna")
    assert followed(store) == []


def test_a_group_that_moves_takes_what_it_followed_along(merging, store):
    with store.writing() as session:
        follow(session, "telegram:-5", "carl", DIGEST)
        follow(session, "telegram:-1005", "anna", DIGEST)
    merging.merge("anna", "bert", NOW)
    with store.writing() as session:
        chats.move_chat(session, "telegram:-5", "telegram:-1005")
    merging.split("anna")
    assert [target for _, target, _ in followed(store)] == ["anna", "carl"]


# --- What is kept --------------------------------------------------------------------------


def test_readings_keep_the_ids_they_were_read_with(merging, store):
    before = rows(store, RevisionRow.item_id, RevisionRow.reading.cast(RevisionRow.text.type))
    merging.merge("anna", "bert", NOW)
    merging.merge("bert", "carl", NOW)
    after = rows(store, RevisionRow.item_id, RevisionRow.reading.cast(RevisionRow.text.type))
    assert after == before
    with store.reading() as session:
        assert archive.items_read_with(session, {"anna"}) == [6, 2, 1]
        assert archive.items_read_with(session, {"anna", "bert"}) == [6, 5, 2, 1]
        assert archive.items_read_with(session, {"dora"}) == [6, 4, 3]


def test_a_report_taken_in_after_the_merge_is_the_survivors_until_the_split(merging, store):
    merging.merge("anna", "bert", NOW)
    with store.writing() as session:
        draft = Draft("new.txt", "Anna spricht.", published=Published.on(2026, 1, 9))
        saved = archive.save_item(
            session, 1, draft, reading("anna"), "{}", (), now=NOW, backlog=False
        )
    target = Target(TargetKind.ACTOR, "bert")
    with store.reading() as session:
        assert saved.item.id in archive.item_ids(session, target)
        (report,) = archive.reports(session, [saved.item.id])
        assert {one.actor for one in report.reading.mentions} == {"bert"}
    merging.split("anna")
    with store.reading() as session:
        assert saved.item.id not in archive.item_ids(session, target)
        assert saved.item.id in archive.item_ids(session, Target(TargetKind.ACTOR, "anna"))


def test_an_absorbed_actor_can_be_asked_for_by_its_id(merging, store):
    merging.merge("anna", "bert", NOW)
    anna, bert = (Target(TargetKind.ACTOR, one) for one in ("anna", "bert"))
    with store.reading() as session:
        assert archive.item_ids(session, anna) == archive.item_ids(session, bert) == [6, 5, 2, 1]
        assert archive.item_ids(session, anna, speaking=True) == [6, 2, 1]
        carl = Target(TargetKind.ACTOR, "carl")
        assert archive.item_ids(session, carl, also="anna") == [6, 5]
        assert archive.count_matching(session, anna) == archive.count_matching(session, bert)
        assert archive.seen_offices(session, "anna") == archive.seen_offices(session, "bert") != []
