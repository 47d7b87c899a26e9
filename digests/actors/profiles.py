"""What the curated list knows of an actor beyond its name: values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from digests.actors.roles import Gender, RoleBook
from digests.types import Actor, PartialDate


@dataclass(frozen=True, slots=True)
class Term:
    """An office held: a role at a body (state, organisation or place), and when.

    ``start`` and ``end`` are None where unknown or still running; ``title`` is
    German, ``english`` the same in English.
    """

    role: str
    body: str
    title: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    english: str = ""

    def held(self, on: PartialDate) -> bool:
        """Whether the term and the period ``on`` have a day in common."""
        return not (
            (self.start and _begins_after(self.start, on))
            or (self.end and _begins_after(on, self.end))
        )


def _begins_after(later: PartialDate, earlier: PartialDate) -> bool:
    """Whether one period begins after another has ended, as exactly as both are known."""
    for a, b in (
        (later.year, earlier.year),
        (later.month, earlier.month),
        (later.day, earlier.day),
    ):
        if not a or not b:
            return False
        if a != b:
            return a > b
    return False


@dataclass(frozen=True, slots=True)
class Profile:
    """An actor of the curated list with all that reading needs.

    ``short`` are the names by which a person is called alone (surnames), or
    short forms of other actors. ``stands_for`` links a capital or seat of
    government to its state. ``adjectives`` are German, ``english_adjectives``
    English; ``demonyms`` name the people of a state in both. ``prefixes`` are
    first parts of compounds ('US' in 'US-Präsident'). ``media`` marks agencies
    and papers: as the mere source of a claim they are no actors of a story.
    ``seat`` marks metonyms (Kreml, Moskau).
    """

    actor: Actor
    gender: Gender | None = None
    short: tuple[str, ...] = ()
    stands_for: str | None = None
    adjectives: tuple[str, ...] = ()
    english_adjectives: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    media: bool = False
    seat: bool = False
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Curated:
    """The whole list: profiles, roles, and words that need evidence before they are names.

    ``ambiguous`` are forms of names that are ordinary words too (Bild, Kurz);
    ``first_names`` maps folded first names to the gender of most who bear them;
    ``ordinary`` are folded words that a pipeline takes for names and that are none;
    ``common_surnames`` are too frequent for a surname alone to mean anybody learned.
    """

    profiles: tuple[Profile, ...] = ()
    roles: RoleBook = field(default_factory=RoleBook)
    ambiguous: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    first_names: tuple[tuple[str, Gender], ...] = ()
    common_surnames: frozenset[str] = frozenset()
