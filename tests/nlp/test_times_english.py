"""English time expressions: extents and values."""

from __future__ import annotations

import pytest

from digests.nlp.times import find_times
from digests.types import UNDATED, Published

WEDNESDAY = Published.on(2022, 1, 26)


def read(text: str, published: Published = WEDNESDAY) -> list[tuple[str, str]]:
    return [(text[t.start : t.end], t.value) for t in find_times(text, published, "en")]


@pytest.mark.parametrize(
    ("text", "extent", "value"),
    [
        ("He left on Monday.", "Monday", "2022-01-24"),
        ("He will speak on Friday.", "Friday", "2022-01-28"),
        ("Talks are scheduled for Friday.", "Friday", "2022-01-28"),
        ("He spoke on Wednesday evening.", "Wednesday evening", "2022-01-26TEV"),
        ("They met last Friday.", "last Friday", "2022-01-21"),
        ("They meet next Wednesday.", "next Wednesday", "2022-02-02"),
        ("On Monday, January 24, 2022, he left.", "Monday, January 24, 2022", "2022-01-24"),
        ("He left on January 25 2022.", "January 25 2022", "2022-01-25"),
        ("He left on 25 January.", "25 January", "2022-01-25"),
        ("He left on the 25th of January.", "the 25th of January", "2022-01-25"),
        ("He left on Jan. 25, 2022.", "Jan. 25, 2022", "2022-01-25"),
        ("He arrives on May 5.", "May 5", "2022-05-05"),
        ("It is dated 2022-01-25.", "2022-01-25", "2022-01-25"),
        ("It is dated 25/01/2022.", "25/01/2022", "2022-01-25"),
        ("It is dated 01/02/2022.", "01/02/2022", ""),
        ("He left yesterday.", "yesterday", "2022-01-25"),
        ("He leaves tomorrow morning.", "tomorrow morning", "2022-01-27TMO"),
        ("He left last night.", "last night", "2022-01-25TNI"),
        ("He spoke this morning.", "this morning", "2022-01-26TMO"),
        ("He speaks tonight.", "tonight", "2022-01-26TNI"),
        ("He leaves the day after tomorrow.", "the day after tomorrow", "2022-01-28"),
        ("He was elected in November.", "November", "2021-11"),
        ("It will begin in February.", "February", "2022-02"),
        ("It began in March of last year.", "March of last year", "2021-03"),
        ("It began in January 2021.", "January 2021", "2021-01"),
        ("It began in mid-January.", "mid-January", "2022-01"),
        ("It began in early 2022.", "early 2022", "2022"),
        ("It began late last year.", "late last year", "2021"),
        ("It began at the beginning of 2021.", "the beginning of 2021", "2021"),
        ("It ends at the end of the month.", "the end of the month", "2022-01"),
        ("It began last week.", "last week", "2022-W03"),
        ("It begins next month.", "next month", "2022-02"),
        ("It began this year.", "this year", "2022"),
        ("It began two years ago.", "two years ago", "2020"),
        ("It began two weeks ago.", "two weeks ago", "2022-W02"),
        ("It began three days ago.", "three days ago", "2022-01-23"),
        ("It began several years ago.", "several years ago", "PAST_REF"),
        ("It has lasted since 2014.", "2014", "2014"),
        ("It was so in the 1960s.", "the 1960s", "196"),
        ("It was so in the nineties.", "the nineties", "199"),
        ("It was so in the 19th century.", "the 19th century", "18"),
        ("It was so in the summer of 2014.", "the summer of 2014", "2014-SU"),
        ("It was so last winter.", "last winter", "2020-WI"),
        ("It fell in the first quarter of 2021.", "the first quarter of 2021", "2021-Q1"),
        ("It rained over the weekend.", "the weekend", "2022-W03-WE"),
        ("They meet next weekend.", "next weekend", "2022-W05-WE"),
        ("It snowed on Christmas Eve.", "Christmas Eve", "2021-12-24"),
        ("It snowed on New Year's Eve.", "New Year's Eve", "2021-12-31"),
        ("It snowed at Easter 2021.", "Easter 2021", "2021-04-04"),
        ("It began at 8:30 a.m. sharp", "8:30 a.m.", "2022-01-26T08:30"),
        ("It began at 8 pm.", "8 pm", "2022-01-26T20:00"),
        ("It began at 18:00 GMT.", "18:00 GMT", "2022-01-26T18:00"),
        ("It began at noon.", "noon", "2022-01-26T12:00"),
        ("It lasted for eight years.", "eight years", "P8Y"),
        ("It lasted twenty-five years.", "twenty-five years", "P25Y"),
        ("It lasted half an hour.", "half an hour", "PT30M"),
        ("It lasted a few days.", "a few days", "PXD"),
        ("It lasted more than 20 years.", "more than 20 years", "P20Y"),
        ("It lasted for decades.", "decades", "PXDE"),
        ("a two-week truce", "two-week", "P2W"),
        ("over the past two years", "the past two years", "P2Y"),
        ("They meet every Monday.", "every Monday", "XXXX-WXX-1"),
        ("They meet every two weeks.", "every two weeks", "P2W"),
        ("They meet daily.", "daily", "P1D"),
        ("He is currently in Geneva.", "currently", "PRESENT_REF"),
        ("He recently resigned.", "recently", "PAST_REF"),
        ("It will happen soon.", "soon", "FUTURE_REF"),
    ],
)
def test_one_expression(text: str, extent: str, value: str) -> None:
    assert read(text) == [(extent, value)]


def test_dates_count_from_the_one_before() -> None:
    assert read("In March 2014 it began. Two years later it ended.") == [
        ("March 2014", "2014-03"),
        ("Two years later", "2016"),
    ]


def test_lists_of_days() -> None:
    assert read("January 24-26") == [("January 24", "2022-01-24"), ("26", "2022-01-26")]


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May said it may rain.",
        "They march on.",
        "About 2000 soldiers and 1500 people came.",
        "The three-year-old boy",
        "He read The Sunday Times.",
        "They won 3:1 with version 2.0.1.",
        "The fall was steep.",
    ],
)
def test_no_time(text: str) -> None:
    assert read(text) == []


def test_undated_report() -> None:
    assert read("On Monday, two years ago, in May 2014", UNDATED) == [
        ("Monday", ""),
        ("two years ago", ""),
        ("May 2014", "2014-05"),
    ]
