"""Every way in which a reading can differ from what was written down is noticed."""

from dataclasses import replace

import pytest

from digests.types import (
    ActorKind,
    Mention,
    MentionForm,
    Reading,
    SeenOffice,
    SpeechKind,
    Statement,
    Timex,
    TimexType,
)
from tests.golden.notation import differences, gold

TEXT = "Ministerin Anna Berger sagte am Montag, der Damm halte."
NAME = Mention(11, 22, ActorKind.PERSON, "anna-berger")
OFFICE = SeenOffice("anna-berger", "Ministerin", 0, 10)
DAY = Timex(32, 38, TimexType.DATE, "2022-01-24")
SAID = Statement(SpeechKind.INDIRECT, ((40, 54),), (0, 22), (23, 28), "anna-berger")
RIGHT = Reading("de", (), (NAME,), (SAID,), (DAY,), (), (OFFICE,))
GOLD = {
    "mentions": [[11, 22, "anna-berger", "name"]],
    "offices": [[0, 10, "anna-berger"]],
    "dates": [[32, 38, "DATE", "2022-01-24"]],
    "statements": [
        {"kind": "indirect", "message": [[40, 54]], "speaker": [0, 22], "actor": "anna-berger"}
    ],
}


def found(reading, **changes):
    wanted = gold(GOLD | changes, {ActorKind.PERSON}, tuple)
    return differences(wanted, reading, TEXT)


def test_a_right_reading_does_not_differ():
    assert found(RIGHT) == set()


@pytest.mark.parametrize(
    ("reading", "difference"),
    [
        (replace(RIGHT, mentions=()), "missing mention 11:22 anna-berger"),
        (
            replace(RIGHT, mentions=(replace(NAME, actor="berger"),)),
            "mention 11:22 anna-berger is berger",
        ),
        (
            replace(RIGHT, mentions=(replace(NAME, start=16),)),
            "extent of mention 11:22 anna-berger",
        ),
        (
            replace(RIGHT, mentions=(replace(NAME, form=MentionForm.ROLE),)),
            "mention 11:22 anna-berger name is role",
        ),
        (
            replace(RIGHT, mentions=(NAME, Mention(44, 48, ActorKind.PERSON, "damm"))),
            "extra mention 44:48 damm",
        ),
        (replace(RIGHT, offices=()), "missing office 0:10 anna-berger"),
        (
            replace(RIGHT, offices=(OFFICE, SeenOffice("damm", "Damm", 44, 48))),
            "extra office 44:48 damm",
        ),
        (replace(RIGHT, timexes=()), "missing date 32:38"),
        (
            replace(RIGHT, timexes=(replace(DAY, value=""),)),
            "date 32:38 DATE 2022-01-24 is DATE ",
        ),
        (
            replace(RIGHT, timexes=(replace(DAY, start=29),)),
            "extent of date 32:38 is 29:38",
        ),
        (
            replace(RIGHT, timexes=(DAY, Timex(44, 48, TimexType.DATE, "2022"))),
            "extra date 44:48 2022",
        ),
        (replace(RIGHT, statements=()), "missing indirect 40:54 anna-berger"),
        (
            replace(RIGHT, statements=(replace(SAID, actor=None),)),
            "actor of indirect 40:54 anna-berger is nobody",
        ),
        (
            replace(RIGHT, statements=(replace(SAID, speaker=(44, 48)),)),
            "speaker of indirect 40:54 is 44:48",
        ),
        (
            replace(RIGHT, statements=(replace(SAID, kind=SpeechKind.DIRECT),)),
            "kind of indirect 40:54 is direct",
        ),
        (
            replace(RIGHT, statements=(replace(SAID, message=((44, 54),)),)),
            "extent of indirect 40:54 is 44:54",
        ),
        (
            replace(RIGHT, statements=(SAID, replace(SAID, message=((0, 28),)))),
            "extra indirect 0:28 anna-berger",
        ),
    ],
)
def test_a_wrong_reading_differs(reading, difference):
    assert found(reading) == {difference}


def test_marks_at_the_ends_of_a_message_do_not_count():
    assert found(replace(RIGHT, statements=(replace(SAID, message=((38, 55),)),))) == set()


def test_what_is_optional_may_be_missing_but_not_be_wrong():
    optional = [GOLD["statements"][0] | {"optional": True}]
    assert found(replace(RIGHT, statements=()), statements=optional) == set()
    wrong = replace(RIGHT, statements=(replace(SAID, actor="damm"),))
    assert len(found(wrong, statements=optional)) == 1


def test_what_is_open_is_not_judged():
    reading = replace(RIGHT, mentions=(NAME, Mention(44, 48, ActorKind.PERSON, "damm")))
    assert found(reading, open=[[44, 48]]) == set()


def test_a_name_that_is_none_is_noticed_whatever_its_kind():
    reading = replace(RIGHT, mentions=(NAME, Mention(44, 48, ActorKind.PLACE, "damm")))
    assert found(reading) == set()
    assert found(reading, nobody=[[44, 48]]) == {"extra mention 44:48 damm"}
