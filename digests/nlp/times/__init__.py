"""Time expressions of a text with their TimeML values: German and English.

The way of a text: :mod:`.scan` cuts it into words and gives each its kind
(weekday, month, number …); the rules of :mod:`.german` or :mod:`.english` are
regular expressions over these kinds and say what an expression means
(:mod:`.meaning`); :mod:`.resolve` turns the meaning into a value, from the date
of the report, the tense of the clause and the dates mentioned before.

Extents and values follow TimeML as it is applied to German by Strötgen, Minard,
Lange, Speranza and Magnini, "KRAUTS: A German Temporally Annotated News Corpus"
(LREC 2018), and to English by UzZaman et al., "TempEval-3" (SemEval 2013); the
method is that of rule-based taggers such as HeidelTime (Strötgen and Gertz,
"Multilingual and cross-domain temporal tagging", LRE 2013).
"""

from __future__ import annotations

import re
from dataclasses import replace

from digests.nlp.times.english import ENGLISH
from digests.nlp.times.german import GERMAN
from digests.nlp.times.resolve import resolve
from digests.types import Published, Timex

__all__ = ["find_times"]

_GRAMMARS = {"de": GERMAN, "en": ENGLISH}


def find_times(text: str, published: Published, language: str) -> tuple[Timex, ...]:
    """The time expressions of ``text``, in order, none overlapping another.

    ``published`` is what relative expressions are resolved from, only as far as
    its precision goes: 'gestern' in a report of which only the month is known
    has an empty value, 'im Vorjahr' has not; years before Christ have an empty one. Offsets
    are those of ``text``. Prepositions stay outside an expression, articles and words such
    as 'rund' inside it, so German 'vor zwei Jahren' is the duration of 'zwei Jahren'.

    ``language`` is an ISO 639-1 code; for other languages than de and en
    nothing is found. Never raises, whatever the text.
    """
    grammar = _GRAMMARS.get(language)
    if grammar is None:
        return ()
    words = grammar.read(text)
    found = resolve(words, grammar.find(words), published, grammar.zone)
    if not _BEFORE_CHRIST.search(text):
        return found
    return tuple(
        replace(one, value="") if _BEFORE_CHRIST.match(text, one.end) else one for one in found
    )


_BEFORE_CHRIST = re.compile(
    r"(?:\s*(?:bis|und|oder|–|-|to|and|or)\s*\d{1,4})?\s+"
    r"(?:v\.\s?(?:Chr\b|u\.\s?Z)|vor\s(?:Christ(?:us|i)\b|unserer\sZeit)|BCE?\b|B\.\s?C\.)"
)
