"""Numbers as texts write them, in digits and in German and English words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from digests.words import fold

FIGURES: Final = r"\d+(?:[.,'’\u202f\u00a0]\d+)*"
"""What is written in digits: a number, a date, a clock time."""

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,'’\u202f\u00a0]\d{3})+")
_UNITS = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
_TEENS = "drei vier fünf sech sieb acht neun".split()
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_ENGLISH_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen""".split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _number_words() -> Mapping[str, str]:
    """Number words, folded, with their value in digits."""
    found = {word: value for value, word in enumerate(_UNITS) if word != "ein"}
    found |= {f"{word}zehn": 13 + place for place, word in enumerate(_TEENS)}
    for place, ten in enumerate(_TENS, 2):
        found[ten] = 10 * place
        found |= {f"{_UNITS[one]}und{ten}": 10 * place + one for one in range(1, 10)}
    below = dict(found) | {"ein": 1, "": 1}
    found |= {f"{word}hundert": 100 * value for word, value in below.items() if value < 10}
    found |= {f"{word}tausend": 1000 * value for word, value in below.items() if value}
    found |= {word: value for value, word in enumerate(_ENGLISH_NUMBERS)}
    found |= {word: 10 * value for value, word in enumerate(_ENGLISH_TENS, 2)}
    found |= {"hundred": 100, "thousand": 1000, "eins": 1}
    return {fold(word): str(value) for word, value in found.items()}


_NUMBERS: Final = _number_words()
_NUMERAL = re.compile(
    r"(?:zweit|dritt|viert|funft|sechst|siebt|acht|neunt|zehnt)(?:e[nmrs]?|el|eln|ens)"
    r"|halb\w*|halft\w*|doppelt?\w*|verdoppel\w*|verdreifach\w*|\w*fach|\w*mal|dutzend\w*"
    r"|hundert\w*|tausend\w*|million\w*|milliard\w*|billion\w*|trillion\w*|half|halv\w+|twice"
    r"|double\w*|triple\w*|third\w*|quarter\w*|second|fourth|fifth|dozens?|hundreds|thousands"
    r"|(?:ein|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf)(?:jahrig\w*|tagig\w*"
    r"|stundig\w*|monatig\w*|wochig\w*|hundert\w*|tausend\w*|und\w+zig\w*)"
)
_NO_NUMERAL = frozenset({"einmal", "manchmal", "diesmal", "einfach", "mehrfach", "vielfach"})


def figures(written: str) -> list[str]:
    """Return what is written in digits: one number, or the numbers of a date or a clock time."""
    if _THOUSANDS.fullmatch(written):
        return [re.sub(r"\D", "", written)]
    parts = re.split(r"\D", written)
    if len(parts) == 2 and "." not in written:
        return [f"{int(parts[0])}.{parts[1]}"]
    return [str(int(part)) for part in parts]


def value(word: str) -> str:
    """Return the value of a number word in digits; the word itself if of that kind; else empty."""
    folded = fold(word)
    if folded in _NUMBERS:
        return _NUMBERS[folded]
    return folded if _NUMERAL.fullmatch(folded) and folded not in _NO_NUMERAL else ""
