"""Which quotations are someone's words, and which are titles, names, or so-called things."""

from __future__ import annotations

from typing import Final

from digests.nlp.statements import german
from digests.nlp.statements.layout import TERMINAL, Layout
from digests.nlp.statements.lexicon import endings, listed
from digests.nlp.statements.phrases import Phrases
from digests.nlp.statements.utterance import Range
from digests.nlp.statements.verbs import Use

_TITLE_LENGTH: Final = 9
"""Quotations shorter than this many words may be titles or names."""
_INDEFINITE: Final = listed("ein eine einen einer einem eines")
_INVITING: Final = _INDEFINITE | listed("als von vor mit keine keinen kein zu wegen und oder")
_WEAKLY_INVITING: Final = listed("mit zu und oder")
_FIRST_PERSON: Final = listed("ich wir")
_EXAMPLES: Final = listed("wie etwa zum beispiel")
_EXCLAMATIONS: Final = listed("ja nein unsinn quatsch")
_TITLES: Final = endings(
    """film filme buch buches roman titel titeln motto thema themas name namen zeitung projekt
    projekts operation übung aktion serie sendung begriff begriffe ausstellung lied album song oper
    stück theaterstück konferenz programm programms initiative kampagne gruppe band partei
    organisation verein schiff satellit rakete typ typs marke magazin überschrift slogan
    kategorie reihe preis spiel ausgabe blatt manöver bündnis bewegung stiftung schiffes"""
)


class Quoted:
    """Judges the quotations of one layout."""

    def __init__(self, layout: Layout, phrases: Phrases) -> None:
        """Both of the same document."""
        self.layout = layout
        self.phrases = phrases

    def within(self, low: int, high: int, use: Use) -> list[Range]:
        """The quotations in the tokens ``[low, high)`` of a clause of saying that were said."""
        indices = sorted({q for q in self.layout.within[low:high] if q >= 0})
        return [self.layout.quote_tokens[q] for q in indices if self.spoken(q, use)]

    def spoken(self, index: int, use: Use) -> bool:
        """Whether quoted words are someone's words, and no title, name or so-called thing."""
        low, high = self.layout.inner(index)
        size = high - low
        if size <= 0:
            return False
        words, lower = self.layout.words, self.layout.lower
        opened = self.layout.quote_tokens[index][0]
        if self.announces(opened):
            return True
        if size < _TITLE_LENGTH and self.entitled(opened):
            return False
        if size >= 8 or words[high - 1] in TERMINAL:
            return True
        if self._small(low):
            return True
        if any(
            lower[k] in german.FINITE_COMMON and words[k][0].islower() for k in range(low, high)
        ):
            return True
        if any(self.phrases.names[k] for k in range(low, high)) and size <= 3:
            return False
        before = lower[opened - 1] if opened else ""
        article = before in {"den", "dem", "der", "des", "die", "das"}
        if article and opened > 1 and lower[opened - 2] in {"vor", "von", "als", "gegen"}:
            before = "als"
        inviting = before in _INVITING
        if (size == 1 and lower[low] in _EXCLAMATIONS) or Use.BLAME in use:
            return True
        if before in _INDEFINITE and not any(self.phrases.names[low:high]):
            return True
        if size == 1:
            return inviting and Use.CALL in use and before not in _WEAKLY_INVITING
        if all(words[k][0].isupper() for k in range(low, high)) and size <= 4:
            return inviting and Use.CALL in use
        return inviting or size >= 4

    def partial(self, index: int) -> bool:
        """Whether quoted words in a plain sentence are someone's: they begin in mid-sentence."""
        low, high = self.layout.inner(index)
        if high - low < 2 or self.entitled(self.layout.quote_tokens[index][0]):
            return False
        first_person = not _FIRST_PERSON.isdisjoint(self.layout.lower[low:high])
        sentence = high - low > 2 and any(
            self.layout.lower[k] in german.FINITE_COMMON for k in range(low, high)
        )
        return self._small(low) or first_person or sentence

    def _small(self, i: int) -> bool:
        """Whether a word is written small; 'iPod' and 'al-Aksa' are names."""
        return self.layout.words[i] == self.layout.lower[i] and self.layout.words[i][0].isalpha()

    def announces(self, opened: int) -> bool:
        """'mit den Worten „…“', 'mit Parolen wie „…“'."""
        lower = self.layout.lower
        i = opened - 1
        while i >= 0 and lower[i] in _EXAMPLES:
            i -= 1
        return i >= 0 and self.layout.words[i][0].isupper() and lower[i].endswith(german.ANNOUNCING)

    def entitled(self, opened: int) -> bool:
        """Whether the word before a quotation says that it is a title or a so-called thing."""
        if not opened:
            return False
        before = self.layout.lower[opened - 1]
        if before.startswith(("sogenannt", "genannt")):
            return True
        return self.layout.words[opened - 1][0].isupper() and before.endswith(_TITLES)
