"""What a story is about, and of which kind it is."""

from datetime import UTC, datetime

import pytest

from digests.kinds import Kind, Matter, matter, standing
from digests.types import ActorKind, Item, Mention, MentionForm, Published, Reading, Report

KINDS = {
    "lawrow": ActorKind.PERSON,
    "blinken": ActorKind.PERSON,
    "nato": ActorKind.ORGANISATION,
    "russland": ActorKind.STATE,
    "ukraine": ActorKind.STATE,
    "genf": None,
}


def report(*named: str, title: str = "", form: MentionForm = MentionForm.NAME) -> Report:
    """A report that names actors one after the other; ``title`` is who its title names."""
    names = ([title] if title else []) + list(named)
    text = " ".join(names)
    mentions, at = [], 0
    for name in names:
        kind = KINDS[name] or ActorKind.PLACE
        mentions.append(Mention(at, at + len(name), kind, name, form))
        at += len(name) + 1
    item = Item(
        *(1, 1, 1, 1, "Quelle", "a", text, len(title), Published()),
        datetime(2026, 1, 1, tzinfo=UTC),
        "de",
    )
    return Report(item, Reading("de", mentions=tuple(mentions)))


def about(*reports: Report, topics: tuple[str, ...] = ()) -> Matter:
    return matter(reports, topics, KINDS.get)


def test_a_story_is_of_the_two_it_names_most_whatever_their_order():
    one = about(report(*["lawrow"] * 4, *["blinken"] * 3))
    other = about(report(*["lawrow"] * 3, *["blinken"] * 4))
    assert one.kind == other.kind == Kind("actor:blinken", "actor:lawrow")
    assert one.is_of(other.kind)


def test_states_stand_back_behind_those_who_act_in_them():
    found = about(report(*["russland"] * 5, *["lawrow"] * 3, *["blinken"] * 3))
    assert found.actors[:2] == ("blinken", "lawrow")
    assert about(report(*["russland"] * 5, *["ukraine"] * 5)).kind == Kind(
        "actor:russland", "actor:ukraine"
    )


def test_who_is_named_once_or_by_the_way_does_not_count():
    assert about(report(*["lawrow"] * 4, "blinken")).actors == ("lawrow",)
    assert about(report(*["lawrow"] * 20, *["blinken"] * 2)).actors == ("lawrow",)
    assert about(report("lawrow", title="blinken")).actors == ("blinken",)
    assert about(report(*["lawrow"] * 5, form=MentionForm.PRONOUN)).actors == ()


def test_places_and_papers_are_not_what_a_story_is_about():
    assert about(report(*["genf"] * 9, *["lawrow"] * 2)).actors == ("lawrow",)


def test_with_one_actor_the_topic_makes_the_kind():
    found = about(report(*["lawrow"] * 3), topics=("sanctions", "energy"))
    assert found.kind == Kind("actor:lawrow", "topic:energy")
    assert found.is_of(Kind("actor:lawrow", "topic:sanctions"))
    assert about(report(*["lawrow"] * 3)).kind == Kind("actor:lawrow")


def test_about_one_alone_is_not_about_one_with_another():
    alone = Kind("actor:lawrow")
    assert about(report(*["lawrow"] * 3)).is_of(alone)
    assert not about(report(*["lawrow"] * 3, *["blinken"] * 3)).is_of(alone)


def test_a_story_about_nobody_is_of_no_kind():
    assert about(report("lawrow")).kind is None
    assert not about(report("lawrow")).is_of(Kind("actor:lawrow"))


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (Kind("actor:a", "actor:z"), Kind("actor:m", "actor:z")),
        (Kind("actor:b", "topic:a"), Kind("actor:b", "topic:a")),
        (Kind("actor:a"), Kind("actor:m")),
    ],
)
def test_a_merged_actor_is_whom_it_was_merged_into(kind, after):
    assert standing(kind, lambda one: "m" if one == "a" else one) == after
