"""What ``depesche stories`` says: which reports are one story, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.texts import Texts
from digests.types import Report


def listing(number: int, reports: Sequence[Report], texts: Texts) -> Iterator[str]:
    """A line for the story and one for each report: its number, date, source and title."""
    count = texts.plural("{n} report", "{n} reports", len(reports))
    yield texts("Story {number}: {reports}", number=number, reports=count)
    for report in reports:
        item = report.item
        head = " ".join((item.title or item.text[:80]).split())
        yield f"{item.id:>7}  {texts.published(item.published)}  {item.source_name}  {head}"


def merged(one: int, other: int, texts: Texts) -> str:
    """That one story is part of another."""
    return texts("Story {number} is part of story {other} from now on.", number=one, other=other)


def parted(story: int, made: int, texts: Texts) -> str:
    """That some reports are a story of their own."""
    return texts(
        "Taken out of story {number}: they are story {other} now.", number=story, other=made
    )
