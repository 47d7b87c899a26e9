"""The words of a sentence as they are compared: stems, numbers, clauses, words of saying."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from digests.numbers import FIGURES, figures, value
from digests.words import SUBJUNCTIVE, stem, stems

MARK = re.compile(r"[„“”\"«»]")
QUOTED = re.compile(r"[„“”\"«»]([^„“”\"«»]{2,})[„“”\"«»]")
NEGATION = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|niemand\w*|kein\w*|nirgend\w*|weder|ohne|kaum"
    r"|not|no|never|nobody|nothing|none|neither|without|cannot|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)

_TOKEN = re.compile(rf"{FIGURES}|[^\W\d_][^\W_]*(?:['’]t\b)?")
_CLAUSE = re.compile(r"[,;:–—()?!]|\s-\s")
_OPENING = re.compile(r"[:„“”\"«»(]|[.!?…]\s")


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
        for part in figures(word) if word[0].isdigit() else (word,):
            number = part if part[0].isdigit() else value(part)
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
