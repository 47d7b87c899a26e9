"""What must be read in a text, written down as spans, ids and values; and how a reading differs.

A :class:`Gold` is read from TOML. Spans are character offsets ``[start, end)`` into the
cleaned text. Nothing of the text itself is kept for the real reports, but its digest, so
that a change of the cleaning is told apart from a mistake of the reading.

``mentions``   ``[start, end, actor, form]``; form is name, role, pronoun, adjective or metonym
``offices``    ``[start, end, actor]``: an office named beside a name
``dates``      ``[start, end, type, value]``, TimeML; value empty where none can be given honestly
``statements`` ``{kind, message, speaker, actor, via}``; without ``speaker`` the words are not
               judged, ``[]`` is nobody; ``actor`` is an id, "" for nobody known, or a list of
               what may stand there; ``optional`` marks what tells that somebody spoke without a
               clause of what was said: it may be left out
``open``       spans at which any answer will do
``wrong``      the differences that are known; a reading with fewer or others is noticed

Marks and white space at the ends of a message do not count. A speaker is right if at least
half of the shorter of two ranges is shared, as in Petersen-Frey and Biemann (LREC-COLING 2024).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from digests.types import ActorKind, Reading, Statement

Range = tuple[int, int]

_FOUND = 0.5  # Dice of the characters of two messages from which they are the same statement


@dataclass(frozen=True)
class Said:
    """A statement that must be found."""

    kind: str
    message: tuple[Range, ...]
    actors: frozenset[str]
    speaker: Range | tuple[()] | None = None
    via: Range | None = None
    optional: bool = False


@dataclass(frozen=True)
class Gold:
    """What must be read in one text. Of the kinds in ``complete`` there must be no other actor."""

    mentions: tuple[tuple[int, int, str, str], ...] = ()
    offices: tuple[tuple[int, int, str], ...] = ()
    dates: tuple[tuple[int, int, str, str], ...] = ()
    statements: tuple[Said, ...] = ()
    open: tuple[Range, ...] = ()
    nobody: tuple[Range, ...] = ()
    """Spans that are no mention of anyone."""
    complete: frozenset[ActorKind] = frozenset({ActorKind.PERSON})
    wrong: frozenset[str] = field(default=frozenset())


def gold(
    values: Mapping[str, Any], complete: Iterable[ActorKind], where: Callable[[Any], Range]
) -> Gold:
    """Read one entry; ``where`` turns what the entry writes for a place into a span."""

    def rows(name: str, width: int) -> tuple[Any, ...]:
        return tuple((*where(row[:-width]), *row[-width:]) for row in values.get(name, ()))

    def said(row: Mapping[str, Any]) -> Said:
        actor, speaker = row.get("actor", ""), row.get("speaker")
        return Said(
            kind=row["kind"],
            message=tuple(where(part) for part in row["message"]),
            actors=frozenset([actor] if isinstance(actor, str) else actor),
            speaker=speaker if speaker is None else where(speaker) if speaker else (),
            via=where(row["via"]) if "via" in row else None,
            optional=row.get("optional", False),
        )

    return Gold(
        mentions=rows("mentions", 2),
        offices=rows("offices", 1),
        dates=rows("dates", 2),
        statements=tuple(said(row) for row in values.get("statements", ())),
        open=tuple(where(place) for place in values.get("open", ())),
        nobody=tuple(where(place) for place in values.get("nobody", ())),
        complete=frozenset(complete),
        wrong=frozenset(values.get("wrong", ())),
    )


def differences(wanted: Gold, reading: Reading, text: str) -> set[str]:
    """Each way in which a reading differs, as 'what start:end', and what stands there instead."""
    return {
        *_mentions(wanted, reading),
        *_offices(wanted, reading),
        *_dates(wanted, reading),
        *_statements(wanted, reading, text),
    }


def _mentions(wanted: Gold, reading: Reading) -> Iterator[str]:
    for start, end, actor, form in wanted.mentions:
        over = [m for m in reading.mentions if overlap((m.start, m.end), (start, end))]
        if not over or all(m.actor is None for m in over):
            yield f"missing mention {start}:{end} {actor}"
        elif all((m.start, m.end) != (start, end) for m in over):
            yield f"extent of mention {start}:{end} {actor}"
        elif all(m.actor != actor for m in over):
            yield f"mention {start}:{end} {actor} is {over[0].actor}"
        elif all(m.form != form for m in over):
            yield f"mention {start}:{end} {actor} {form} is {over[0].form}"
    known = [*((start, end) for start, end, *_ in wanted.mentions), *wanted.open]
    for m in reading.mentions:
        span = (m.start, m.end)
        judged = m.actor and m.kind in wanted.complete and not any(overlap(span, k) for k in known)
        if judged or any(overlap(span, no) for no in wanted.nobody):
            yield f"extra mention {m.start}:{m.end} {m.actor}"


def _offices(wanted: Gold, reading: Reading) -> Iterator[str]:
    for start, end, actor in wanted.offices:
        over = [o for o in reading.offices if overlap((o.start, o.end), (end - 1, end))]
        if all(o.actor != actor for o in over):
            yield f"missing office {start}:{end} {actor}"
    known = [*((start, end) for start, end, _ in wanted.offices), *wanted.open]
    for o in reading.offices:
        if not any(overlap((o.start, o.end), span) for span in known):
            yield f"extra office {o.start}:{o.end} {o.actor}"


def _dates(wanted: Gold, reading: Reading) -> Iterator[str]:
    for start, end, kind, value in wanted.dates:
        over = [t for t in reading.timexes if overlap((t.start, t.end), (start, end))]
        if not over:
            yield f"missing date {start}:{end}"
        elif all((t.start, t.end) != (start, end) for t in over):
            yield f"extent of date {start}:{end} is {over[0].start}:{over[0].end}"
        elif all((t.type, t.value) != (kind, value) for t in over):
            yield f"date {start}:{end} {kind} {value} is {over[0].type} {over[0].value}"
    known = [*((start, end) for start, end, *_ in wanted.dates), *wanted.open]
    for t in reading.timexes:
        if not any(overlap((t.start, t.end), span) for span in known):
            yield f"extra date {t.start}:{t.end} {t.value}"


def _statements(wanted: Gold, reading: Reading, text: str) -> Iterator[str]:
    pairs = list(_pairs(wanted.statements, reading.statements, text))
    for said, found in pairs:
        yield from _one_statement(said, found, text)
    for said in wanted.statements:
        if not said.optional and all(said is not one for one, _ in pairs):
            yield f"missing {said.kind} {_name(said.message)} {_who(said)}"
    for found in reading.statements:
        if all(found is not one for _, one in pairs):
            yield f"extra {found.kind} {_name(found.message)} {found.actor or 'nobody'}"


def _one_statement(said: Said, found: Statement, text: str) -> Iterator[str]:
    name = _name(said.message)
    if _characters(said.message, text) != _characters(found.message, text):
        yield f"extent of {said.kind} {name} is {_name(found.message)}"
    if said.kind != found.kind:
        yield f"kind of {said.kind} {name} is {found.kind}"
    if (found.actor or "") not in said.actors:
        yield f"actor of {said.kind} {name} {_who(said)} is {found.actor or 'nobody'}"
    if said.speaker is not None and not _same(said.speaker, found.speaker):
        yield f"speaker of {said.kind} {name} is {_name([found.speaker] if found.speaker else [])}"
    if said.via and not _same(said.via, found.via):
        yield f"via of {said.kind} {name} is {_name([found.via] if found.via else [])}"


def _pairs(
    wanted: Sequence[Said], found: Sequence[Statement], text: str
) -> Iterator[tuple[Said, Statement]]:
    """Statements of both sides one to one, the most alike first."""
    ours = [_characters(one.message, text) for one in wanted]
    theirs = [_characters(one.message, text) for one in found]
    ranked = []
    for i, a in enumerate(ours):
        for j, b in enumerate(theirs):
            dice = 2 * len(a & b) / max(1, len(a) + len(b))
            if dice >= _FOUND:
                alike = (wanted[i].kind == found[j].kind) + (
                    (found[j].actor or "") in wanted[i].actors
                )
                ranked.append((dice + 0.01 * alike, -i, -j))
    used_i, used_j = set(), set()
    for _, i, j in sorted(ranked, reverse=True):
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            yield wanted[-i], found[-j]


def _characters(parts: Iterable[Range], text: str) -> frozenset[int]:
    return frozenset(k for start, end in parts for k in range(start, end) if text[k].isalnum())


def _same(wanted: Range | tuple[()], found: Range | None) -> bool:
    if not wanted or found is None:
        return not wanted and found is None
    shorter = min(wanted[1] - wanted[0], found[1] - found[0])
    return 2 * (min(wanted[1], found[1]) - max(wanted[0], found[0])) >= shorter


def _name(parts: Iterable[Range]) -> str:
    return "+".join(f"{start}:{end}" for start, end in parts) or "nobody"


def _who(said: Said) -> str:
    return "|".join(sorted(said.actors)) or "nobody"


def overlap(a: Range, b: Range) -> bool:
    """Whether two ranges share a character."""
    return a[0] < b[1] and b[0] < a[1]
