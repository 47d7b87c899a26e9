"""Which stories of a digest come first, and portions of it: none is lost, none comes twice."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pure_reports import report

from digests.compose import Matched, compose, portion, ranked
from digests.types import (
    UNDATED,
    ActorKind,
    CitedSentence,
    Digest,
    DigestStory,
    MentionForm,
    Section,
    Span,
    StoryView,
    Target,
    TargetKind,
)

_SAID = CitedSentence(Span(1, 1, 0, 4), "Satz", "Quelle", UNDATED)


def story(number: int, *, thin: bool = False) -> DigestStory:
    sentences = () if thin else (_SAID,)
    return DigestStory(StoryView(number, f"Titel {number}", UNDATED, sentences, ("Q",), 1, thin))


def digest(*sections: list[DigestStory]) -> Digest:
    made = tuple(
        Section(Target(TargetKind.ACTOR, f"a{index}"), f"A{index}", tuple(stories))
        for index, stories in enumerate(sections)
        if stories
    )
    return Digest(made, 0, sum(map(len, sections)), ())


@st.composite
def digests(draw):
    numbers = iter(range(1, 200))
    sizes = draw(st.lists(st.integers(0, 15), max_size=6))
    return digest(
        *([story(next(numbers), thin=draw(st.booleans())) for _ in range(n)] for n in sizes)
    )


def test_each_target_comes_to_its_turn():
    value = digest([story(1), story(2), story(3)], [story(4)], [story(5), story(6)])
    assert ranked(value) == (1, 4, 5, 2, 6, 3)


def test_what_adds_nothing_comes_last():
    value = digest([story(1, thin=True), story(2)], [story(3)])
    assert ranked(value) == (3, 2, 1)


@given(digests())
def test_every_story_has_one_place(value):
    stories = [entry.story.id for section in value.sections for entry in section.stories]
    assert sorted(ranked(value)) == sorted(stories)


@given(digests(), st.integers(1, 20))
def test_portions_together_are_the_digest(value, size):
    seen = []
    for start in range(0, value.stories, size):
        part = portion(value, start, size)
        assert all(section.stories for section in part.sections)
        assert part.stories == value.stories
        seen += [entry.story.id for section in part.sections for entry in section.stories]
    assert sorted(seen) == sorted(ranked(value))


@given(digests(), st.integers(0, 20), st.integers(0, 20))
def test_a_portion_keeps_the_order_of_its_stories(value, start, size):
    part = portion(value, start, size)
    for section in part.sections:
        (whole,) = [one for one in value.sections if one.target == section.target]
        assert [one for one in whole.stories if one in section.stories] == list(section.stories)


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_reports_came_matters_to_no_place(source: random.Random):
    reports = [report(f"Der Rat tagt zum {n}. Mal in Genf.", number=n) for n in range(1, 9)]
    reports = [replace(one, item=replace(one.item, story_id=one.item.id % 4)) for one in reports]

    def view(number, found, _target, moved):
        ids = tuple(sorted(one.item.id for one in found))
        return StoryView(number, "", UNDATED, (_SAID,), (), len(found), moved, items=ids)

    def composed(found):
        everything = Matched(Target(TargetKind.EVERYTHING), "Alles", tuple(found))
        return compose([everything], view, known_stories={2})

    shuffled = source.sample(reports, len(reports))
    assert {one.story for s in composed(shuffled).sections for one in s.stories} == {
        one.story for s in composed(reports).sections for one in s.stories
    }
    assert composed(shuffled).items == composed(reports).items


def test_of_one_day_what_was_read_last_comes_first():
    told = [report(f"Der Rat tagt zum {n}. Mal in Genf.", number=n) for n in (1, 2, 3)]
    told = [replace(one, item=replace(one.item, story_id=one.item.id)) for one in told]
    for found in (told, told[::-1]):
        everything = Matched(Target(TargetKind.EVERYTHING), "Alles", tuple(found))
        assert ranked(compose([everything], lambda number, *_: story(number).story)) == (3, 2, 1)


def test_a_sentence_that_two_stories_have_is_shown_with_the_more_important():
    told = [report(f"Der Rat tagt zum {n}. Mal in Genf.", number=n) for n in (1, 2, 3)]
    told = [replace(one, item=replace(one.item, story_id=one.item.id)) for one in told]
    own = {n: replace(_SAID, text=f"Satz {n}") for n in (1, 2, 3)}

    def view(number, *_):
        return StoryView(number, "", UNDATED, (own[number], _SAID), (), 1)

    matched = [
        Matched(Target(TargetKind.TOPIC, "rat"), "Rat", (told[0], told[1])),
        Matched(Target(TargetKind.ACTOR, "genf"), "Genf", (told[2],)),
    ]
    made = compose(matched, view, fewer={3})
    entries = {entry.story.id: entry for one in made.sections for entry in one.stories}
    assert ranked(made) == (2, 1, 3)  # of the third a line is shown
    assert entries[2].story.sentences == (own[2], _SAID)
    assert entries[1].story.sentences == (own[1],)
    assert made.stories == 3


def test_a_story_stands_under_whom_it_names_most_and_mentions_in_passing_do_not_count():
    def of_states(body, number):
        one = report(body, number=number, names={"polnische": "polen", "Estland": "estland"})
        mentions = tuple(
            replace(
                mention,
                kind=ActorKind.STATE,
                form=MentionForm.ADJECTIVE if mention.actor == "polen" else mention.form,
            )
            for mention in one.reading.mentions
        )
        return replace(one, reading=replace(one.reading, mentions=mentions))

    told = of_states("Estland lädt polnische Maler ein, polnische Bücher kommen mit.", 1)
    matched = [
        Matched(Target(TargetKind.ACTOR, actor), actor, (told,)) for actor in ("polen", "estland")
    ]
    made = compose(matched, lambda number, *_: story(number).story)
    (section,) = [one for one in made.sections if one.stories]
    assert section.label == "estland"
