"""An utterance: a statement over token ranges, before it has characters and an actor."""

from __future__ import annotations

from dataclasses import dataclass

from digests.types import SpeechKind

Range = tuple[int, int]
"""Tokens ``[low, high)``."""


@dataclass(slots=True)
class Utterance:
    """What is said, by whom; mutable, since later sentences may add to it.

    ``unit`` is the number of its unit; ``continued`` says that its speaker was
    taken over from an earlier sentence.
    """

    kind: SpeechKind
    message: list[Range]
    speaker: Range | None
    cue: Range | None = None
    addressee: Range | None = None
    via: Range | None = None
    unit: int = 0
    continued: bool = False

    def quoting(self, words: Range, unit: int = 0) -> Utterance:
        """Quoted words that stand in it, as said by the same."""
        direct = SpeechKind.DIRECT
        return Utterance(direct, [words], self.speaker, self.cue, self.addressee, self.via, unit)
