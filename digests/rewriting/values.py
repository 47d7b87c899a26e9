"""What is cited, what is told of it, and why that is refused."""

from __future__ import annotations

from dataclasses import dataclass

from digests.types import CitedSentence


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence that may be cited, as it is shown: its speaker or lead before it.

    ``place`` is the index of its section in the digest and of its story there.
    ``names`` are the stems of the words that name actors. ``claim`` says that
    somebody says it, one of ``speakers`` (stems) where it is known who;
    ``frame`` are the stems that stand outside what is said, ``cues`` those of
    the words of saying.
    """

    number: int
    place: tuple[int, int]
    language: str
    text: str
    sentence: CitedSentence
    names: frozenset[str] = frozenset()
    claim: bool = False
    speakers: frozenset[str] = frozenset()
    frame: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """A retold sentence, without its citations, and the numbers of what it cites."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a text is not shown: a code, and the words that it is about."""

    reason: str
    words: str = ""
