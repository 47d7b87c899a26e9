"""The offices of an actor as shown: of the list, then those that reports saw. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from digests.types import Office


def offices(listed: Sequence[Office], seen: Sequence[Office]) -> tuple[Office, ...]:
    """The offices of the list, newest first, then other titles by their newest report.

    Of titles that name one office ('Innenminister', 'Bundesinnenminister') one is kept: the
    list's, else the newest report's. One that says whose it is ('Meiers Vorgänger') is no office.
    """
    kept = sorted(listed, key=lambda one: str(one.start or ""), reverse=True)
    for office in sorted(seen, key=lambda one: str(one.seen or ""), reverse=True):
        names = _office_names(office.title)
        if names and not any(
            _one_office(names, _office_names(one.title)) or _in_english(office.title, one.english)
            for one in kept
        ):
            kept.append(office)
    return tuple(kept)


_NO_OFFICE: Final = re.compile(r"(?:amtsinhaber|vorgänger|nachfolger|gegner|rivale)(?:in)?$")
_SHORTEST_OFFICE: Final = 4


def _office_names(title: str) -> tuple[str, ...]:
    """The nouns of a title, folded and without gender; none where it is no office."""
    words = [word.replace("-", "").casefold() for word in title.split() if word[:1].isupper()]
    if any(_NO_OFFICE.search(word) for word in words):
        return ()
    return tuple(word.removesuffix("in") for word in words if len(word) >= _SHORTEST_OFFICE)


def _in_english(title: str, english: str) -> bool:
    """Whether a title says, perhaps in fewer words, what another is in English."""
    return set(title.casefold().split()) <= set(english.casefold().split())


def _one_office(names: Sequence[str], others: Sequence[str]) -> bool:
    return any(
        one.endswith(other) or other.endswith(one) for one in names[-1:] for other in others[-1:]
    ) or any(one == other for one in names for other in others)
