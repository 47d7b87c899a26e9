"""Who stands in one sentence with whom, and in how many reports. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from digests.types import Actor, Report


@dataclass(frozen=True, slots=True)
class Company:
    """Who stands in one sentence with an actor, and in how many reports.

    ``between`` counts those that pairs of ``members`` share, by their places, the lower first.
    """

    members: tuple[tuple[Actor, int], ...] = ()
    between: Mapping[tuple[int, int], int] = field(default_factory=dict)


def named_with(reports: Sequence[Report], actor_id: str | None) -> list[tuple[str, int]]:
    """Who stands in one sentence with an actor (or in any, for None), most often first.

    A long report counts once, else its own people would be everybody's company.
    """
    counts: Counter[str] = Counter()
    for report in reports:
        sentences = _named_together(report)
        together = (one for one in sentences if actor_id is None or actor_id in one)
        counts.update(set().union(*together) - {actor_id})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def company(reports: Sequence[Report], members: tuple[tuple[Actor, int], ...]) -> Company:
    """Those who stand with an actor, with how many reports pairs of them share."""
    places = {actor.id: place for place, (actor, _) in enumerate(members)}
    between: Counter[tuple[int, int]] = Counter()
    for report in reports:
        between.update(
            {
                pair
                for named in _named_together(report)
                for pair in combinations(sorted(places[one] for one in named & places.keys()), 2)
            }
        )
    return Company(members, between)


def _named_together(report: Report) -> Iterator[set[str]]:
    """The actors that each sentence of a report names."""
    for sentence in report.reading.sentences:
        yield {
            one.actor
            for one in report.reading.mentions
            if one.actor and sentence.start <= one.start < sentence.end
        }
