"""The words of a sentence as they are compared: stems, numbers, clauses, words of saying."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from digests.words import SUBJUNCTIVE, fold, stem, stems

MARK = re.compile(r"[„“”\"«»]")
QUOTED = re.compile(r"[„“”\"«»]([^„“”\"«»]{2,})[„“”\"«»]")
NEGATION = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|niemand\w*|kein\w*|nirgend\w*|weder|ohne|kaum"
    r"|not|no|never|nobody|nothing|none|neither|without|cannot|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)

_TOKEN = re.compile(r"\d+(?:[.,'’\u202f\u00a0]\d+)*|[^\W\d_][^\W_]*(?:['’]t\b)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,'’\u202f\u00a0]\d{3})+")
_CLAUSE = re.compile(r"[,;:–—()?!]|\s-\s")
_OPENING = re.compile(r"[:„“”\"«»(]|[.!?…]\s")

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


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a sentence.

    ``opens`` says that it opens the sentence or what follows a colon or a quotation
    mark, where a word is written big whatever it is; ``clause`` counts the
    clauses before it.
    """

    text: str
    end: int
    stem: str
    number: str
    content: bool
    capital: bool
    opens: bool
    negates: bool
    clause: int


Test = Callable[[Token], bool]


def stem_is(wanted: str) -> Test:
    """A test for one stem."""
    return lambda one: one.stem == wanted


def tokens_of(text: str, language: str) -> list[Token]:
    """The words and numbers of a sentence, in order."""
    found: list[Token] = []
    clause = at = 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        gap = text[at : match.start()]
        clause += len(_CLAUSE.findall(gap))
        opens = not at or bool(_OPENING.search(gap))
        at = match.end()
        # A date's parts are numbers of their own.
        for part in _figures(word) if word[0].isdigit() else (word,):
            number = part if part[0].isdigit() else _value(part)
            found.append(
                Token(
                    text=part,
                    end=match.end(),
                    stem=number or stem(part, language),
                    number=number,
                    content=bool(stems(part, language)),
                    capital=any(char.isupper() for char in part),
                    opens=opens,
                    negates=bool(NEGATION.fullmatch(part)) or part.endswith(("n't", "n’t")),
                    clause=clause,
                )
            )
    return found


def _figures(written: str) -> list[str]:
    """What is written in digits: one number, or the numbers of a date or a clock time."""
    if _THOUSANDS.fullmatch(written):
        return [re.sub(r"\D", "", written)]
    parts = re.split(r"\D", written)
    if len(parts) == 2 and "." not in written:
        return [f"{int(parts[0])}.{parts[1]}"]
    return [str(int(part)) for part in parts]


def _value(word: str) -> str:
    """The value of a number word in digits; the word itself if it is of that kind; else empty."""
    folded = fold(word)
    if folded in _NUMBERS:
        return _NUMBERS[folded]
    return folded if _NUMERAL.fullmatch(folded) and folded not in _NO_NUMERAL else ""


def clauses_of(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Words between two marks of punctuation."""
    for _, clause in groupby(tokens, key=lambda one: one.clause):
        yield list(clause)


_CUE = re.compile(
    r"(?:(?:an|auf|aus|ab|be|ver|ein|hin|vor|mit|zurück|nach)?(?:zu|ge)?)"
    r"(?:sag|sprach|spricht|erklär|beton|teilt|laut|zufolge|angabe|aussage|worte|ansicht"
    r"|bericht|meld|schr[ie]+b|behaupt|kündig|warn|forder|kritisier|nann?t"
    r"|nennt|äußer|bekräftig|versicher|räumt|verlang|zitier|mein(?:t|te|en)|bezeichn|begründe"
    r"|verwies|dementier|bestr[ei]+t|warf|wirft|worfen|vorwurf|vorwürfe|hof|glaub|erwart"
    r"|argumentier|wies|weist|droh(?:t|e|u)|appellier|rief|ruft|lob|heißt|hieß|so\b"
    r"|lehn|begrüß|verurteil|schließ|schloss|ermahn|mahn|entgegne|antwort|erwider|plädier"
    r"|said|say|told|tell|according|claim|announc|warn|report|stat(?:e[ds]?|ing)\b|add(?:ed|s)\b"
    r"|call|ask|urg|demand|insist|accus|den(?:y|ie)|argu|confirm|describ|promis|threat|criti"
    r"|reject|suggest|believ|hope|wrote|writ)\w*",
    re.IGNORECASE,
)


def is_cue(one: Token) -> bool:
    """Whether a word is one of saying."""
    return bool(_CUE.fullmatch(one.text))


def is_reported(text: str) -> bool:
    """Whether a text tells what somebody says: in quotation marks, Konjunktiv I, with 'laut'."""
    reported = re.search(
        r"\b(?:laut|zufolge|nach Angaben|according to|said|says|sagte|sagt|erklärte)\b", text
    )
    return bool(reported or QUOTED.search(text) or SUBJUNCTIVE.search(text))
