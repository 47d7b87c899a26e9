"""What ``depesche actors`` says: who is known, and which of them are one."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.show import kind_name
from bot.texts import Texts
from digests.actors.merging import Why
from digests.desk import Listed
from digests.types import Actor


def listing(actors: list[Listed], texts: Texts) -> Iterator[str]:
    """One line an actor: id, name, kind, reports, where it is known from, what it was merged into.

    The columns before the last are as wide as they need to be.
    """
    cells = [_cells(one, texts) for one in actors]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def merged(absorbed: Actor, into: Actor, texts: Texts) -> str:
    """That two are one from now on."""
    return texts("{one} is {other} from now on.", one=_named(absorbed), other=_named(into))


def parted(absorbed: Actor, into: Actor, texts: Texts) -> str:
    """That two are two again."""
    return texts("{one} and {other} are two again.", one=_named(absorbed), other=_named(into))


def _cells(one: Listed, texts: Texts) -> list[str]:
    actor = one.actor
    known = texts("from the list") if actor.curated else texts("found in reports")
    reports = "–" if one.merge else texts.plural("{n} report", "{n} reports", one.reports)
    merge = ""
    if one.merge and one.into:
        reason = _reason(one.merge.why, texts)
        merge = texts("merged into {id} ({reason})", id=one.into.id, reason=reason)
    return [actor.id, actor.name, kind_name(actor.kind, texts), reports, known, merge]


def _reason(why: Why, texts: Texts) -> str:
    return {
        Why.OPERATOR: texts("by the operator"),
        Why.SURNAME: texts("nobody else of that surname is known"),
        Why.ACRONYM: texts("the acronym stands in brackets after the name"),
        Why.SPELLING: texts("another spelling of the name"),
    }[why]


def _named(actor: Actor) -> str:
    return f"{actor.name} ({actor.id})"
