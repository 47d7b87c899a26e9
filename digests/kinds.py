"""What kind of story a story is: whom it is about together. Pure.

'Less like this' has to say in words what it does, so a kind is as plain as can
be: two actors that are prominent in one story, or an actor and a topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from digests.types import ActorKind, MentionForm, Report, Target, TargetKind

_MOST: Final = 3
"""Actors that a story can be about."""

_IN_TITLE: Final = 3  # mentions that one in the title counts for
_FEWEST: Final = 2
_SHARE: Final = 0.25
_NAMING: Final = frozenset({MentionForm.NAME, MentionForm.ROLE, MentionForm.METONYM})


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Stories about ``one`` together with ``other``; about ``one`` alone where that is empty.

    Both are written as ``actor:ID`` or ``topic:ID``.
    """

    one: str
    other: str = ""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The actors and topics."""
        return tuple(_read(written) for written in (self.one, self.other) if written)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a story is about: actors, the most prominent first, and topics."""

    actors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """The kind of the story; None where it is about nobody known."""
        if not self.actors:
            return None
        first, *rest = _written(TargetKind.ACTOR, self.actors)
        beside = [*rest, *_written(TargetKind.TOPIC, self.topics)]
        if not beside:
            return Kind(first)
        return Kind(*(sorted((first, rest[0])) if rest else (first, beside[0])))

    def is_of(self, kind: Kind) -> bool:
        """Whether the story is of a kind."""
        held = {*_written(TargetKind.ACTOR, self.actors), *_written(TargetKind.TOPIC, self.topics)}
        if not kind.other:
            return kind.one in held and len(self.actors) == 1
        return kind.one in held and kind.other in held


def matter(
    reports: Sequence[Report],
    topics: Collection[str],
    kind_of: Callable[[str], ActorKind | None],
) -> Matter:
    """What the reports of a story are about.

    ``kind_of`` says what an actor is, and None for who is only company: papers, places. An
    actor counts by how often it is named, more in a title, and a state half: nearly
    every story names some. Who is named once, or little beside the others, does not count.
    """
    counts: Counter[str] = Counter()
    for report in reports:
        for mention in report.reading.mentions:
            if mention.actor and mention.form in _NAMING:
                titled = mention.start < report.item.title_end
                counts[mention.actor] += _IN_TITLE if titled else 1
    kinds = {actor: kind_of(actor) for actor in counts}
    weights = {
        actor: count / 2 if kinds[actor] is ActorKind.STATE else float(count)
        for actor, count in counts.items()
        if kinds[actor] is not None and count >= _FEWEST
    }
    least = _SHARE * max(weights.values(), default=0.0)
    ranked = sorted(weights, key=lambda actor: (-weights[actor], actor))
    kept = [actor for actor in ranked if weights[actor] >= least]
    return Matter(tuple(kept[:_MOST]), tuple(sorted(topics)))


def standing(kind: Kind, survivor: Callable[[str], str]) -> Kind:
    """The kind with merged actors as whom they are now; ``survivor`` tells an actor's id."""
    actors = {survivor(one.id) for one in kind.targets if one.kind is TargetKind.ACTOR}
    topics = [one.id for one in kind.targets if one.kind is TargetKind.TOPIC]
    return Kind(*_written(TargetKind.ACTOR, sorted(actors)), *_written(TargetKind.TOPIC, topics))


def _written(kind: TargetKind, ids: Collection[str]) -> list[str]:
    return [f"{kind}:{one}" for one in ids]


def _read(written: str) -> Target:
    kind, _, name = written.partition(":")
    return Target(TargetKind(kind), name)
