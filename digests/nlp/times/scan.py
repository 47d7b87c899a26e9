"""A grammar over kinds of words: how rules are written, read and applied.

Each word of a text is given one kind, written as one letter; the letters of a
text make a string, and the rules are regular expressions over that string:
``<weekday><comma>?<small><stop><month>``. So a rule says what it means, the
search runs in C over a short string in which most letters are blank, and, as
no rule holds a nested or unbounded repetition, in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from digests.nlp.times.meaning import Fixed, Found, Meaning, Which
from digests.types import TimexType


def forms(text: str) -> frozenset[str]:
    """The words of a text, for lists that are long to write."""
    return frozenset(text.split())


def listed(text: str) -> list[str]:
    """The words of a text in their order."""
    return text.split()


KINDS = listed(
    # marks
    "paragraph stop comma dash slash colon open close quote mark percent "
    # numbers in digits, by shape
    "small year big decimal dotted full_date clock decade "
    # numbers in words
    "word one many ordinal half both "
    # names of times
    "weekday weekday_part weekdays month month_short part parts season feast units_year unit "
    "unit_tail century weekend quarter neighbour edge_unit "
    # words about times
    "last next this same edge half_of early each per today day_word reference phrase "
    "before after adjective set_word set_adjective length oclock zone half_past "
    # small words
    "article in_article onto by and_ to about"
)
_LETTERS = {kind: chr(0x100 + number) for number, kind in enumerate(KINDS)}
_BLANK = "_"

_WORD = re.compile(
    r"\n[^\S\n]*\n\s*"  # a blank line parts paragraphs
    r"|[0-9]+(?:[.,:][0-9]+)*(?:er[ns]?|s|st|nd|rd|th)?(?![^\W\d_])"
    r"|[0-9]+(?:[.,:][0-9]+)*"
    r"|[ap]\.m\b\.?"
    r"|[^\W\d_]+"
    r"|\S"
)
_SENTENCE_MARK = re.compile(f"[{_LETTERS['stop']}{_LETTERS['mark']}{_LETTERS['paragraph']}]")
_SHAPES = re.compile(
    r"(?P<big>\d{1,3}(?:[.,]\d{3})+)"
    r"|(?P<dotted>\d{1,2}\.\d{1,2})"
    r"|(?P<full_date>\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))"
    r"|(?P<clock>\d{1,2}:\d{2})"
    r"|(?P<decimal>\d+[.,]\d+)"
    r"|(?P<decade>(?:[12]\d)?[1-9]0(?:er[ns]?|s)|[12]\d00(?:er[ns]?|s))"
    r"|(?P<ordinal>\d{1,2}(?:st|nd|rd|th))"
    r"|(?P<digits>\d+)"
)
_MARKS = {
    ".": "stop",
    ",": "comma",
    "-": "dash",
    "–": "dash",
    "—": "dash",
    "‑": "dash",
    "/": "slash",
    ":": "colon",
    ";": "mark",
    "!": "mark",
    "?": "mark",
    "(": "open",
    ")": "close",
    "%": "percent",
} | dict.fromkeys("„“”\"«»‚‘'’‹›", "quote")


_ABBREVIATED = forms(
    "dr st nr mr mrs ms bzw ca chr jr prof art abs sog vgl sen gen gov rep jan feb mar apr aug sept"
    " okt oct nov dez dec mio mrd dipl ing med jur geb str"
)


class Cue(NamedTuple):
    """What the form of a word says of the tense of its clause (see :func:`.resolve.tense`)."""

    past: bool = False
    future: bool = False
    auxiliary: bool = False
    participle: bool = False
    present: bool = False
    infinitive_have: bool = False
    modal: bool = False
    """Past, whatever infinitive comes with it: 'musste … werden'."""
    attribute: int = 0
    """Before a noun: 1 for what is to come ('bevorstehenden'), -1 for what is done ('gewählt')."""


_NO_CUE = Cue()


class Lex(NamedTuple):
    """What is known of a word form: its kind, a number, a code, a cue for the tense."""

    kind: str = ""
    number: float = 0
    code: str = ""
    cue: Cue = _NO_CUE
    letter: str = _BLANK


def lex(kind: str, number: float = 0, code: str = "", cue: Cue = _NO_CUE) -> Lex:
    """A word form of one of :data:`KINDS` (or of none: '')."""
    return Lex(kind, number, code, cue, _LETTERS[kind] if kind else _BLANK)


UNKNOWN = Lex()


def lex_mark_or_number(word: str) -> Lex:
    """The kind of a mark or of a number in digits; unknown for everything else."""
    if word[0] == "\n":
        return lex("paragraph")
    if not "0" <= word[0] <= "9":
        return lex(_MARKS[word]) if word in _MARKS else UNKNOWN
    match = _SHAPES.fullmatch(word)
    if match is None or len(word) > 15:
        return UNKNOWN
    kind = match.lastgroup or ""
    if kind == "big":
        return lex(kind, float(re.sub("[.,]", "", word)), word)
    if kind == "decimal":
        return lex(kind, float(word.replace(",", ".")), word)
    if kind == "digits":
        kind = "small" if len(word) < 3 else "big"
        if len(word) == 4 and 1000 <= int(word) < 2200:
            kind = "year"
        return lex(kind, int(word), word)
    if kind in ("decade", "ordinal"):
        return lex(kind, int(word.rstrip(ascii_lowercase)), word)
    return lex(kind, 0, word)


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text with their offsets and what is known of them."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    known: Sequence[Lex]
    letters: str
    sentence_ends: Sequence[int] = ()
    """Indexes of the marks that end a sentence."""

    @classmethod
    def read(cls, text: str, classify: Callable[[str], Lex]) -> Words:
        """Cut a text into words and marks and find where its sentences end."""
        matches = list(_WORD.finditer(text))
        known = [classify(match.group()) for match in matches]
        words = cls(
            text,
            [match.start() for match in matches],
            [match.end() for match in matches],
            known,
            "".join([word.letter for word in known]),
        )
        ends = [
            match.start()
            for match in _SENTENCE_MARK.finditer(words.letters)
            if words.ends_sentence(match.start())
        ]
        return replace(words, sentence_ends=ends)

    def word(self, index: int) -> str:
        """The word at an index in lower case; empty outside the text."""
        if 0 <= index < len(self.starts):
            return self.text[self.starts[index] : self.ends[index]].lower()
        return ""

    def kind(self, index: int) -> str:
        """The kind of the word at an index; empty for none and outside the text."""
        return self.known[index].kind if 0 <= index < len(self.known) else ""

    def capital(self, index: int) -> bool:
        """Whether the word at an index starts with a capital letter."""
        return 0 <= index < len(self.starts) and self.text[self.starts[index]].isupper()

    def glued(self, index: int) -> bool:
        """Whether no white space stands between the word at an index and the one before."""
        return 0 < index < len(self.starts) and self.starts[index] == self.ends[index - 1]

    def ends_sentence(self, index: int) -> bool:
        """Whether a sentence ends with the mark at an index: not with '25.' or 'Dr.'."""
        kind = self.kind(index)
        if kind in ("paragraph", "mark"):
            return True
        if kind != "stop" or self.kind(index + 1) in ("stop", "comma"):
            return False
        if self.kind(index - 1) in ("small", "month_short") or self.word(index - 1) in _ABBREVIATED:
            return False
        if index > 0 and self.ends[index - 1] - self.starts[index - 1] == 1:
            return False
        after = index + 1
        while self.kind(after) in ("quote", "open", "close"):
            after += 1
        return not self.word(after)[:1].isalpha() or self.capital(after)

    def sentence(self, index: int) -> tuple[int, int]:
        """The words ``[first, last)`` of the sentence that holds a word, at most 80 either side."""
        after = bisect_left(self.sentence_ends, index)
        first = self.sentence_ends[after - 1] + 1 if after else 0
        last = self.sentence_ends[after] if after < len(self.sentence_ends) else len(self.starts)
        return max(first, index - 80), min(last, index + 80)


_COUNTS = ("small", "year", "big", "decimal", "word", "one", "many", "both")
_POINTERS = {"last": Which.LAST, "this": Which.THIS, "next": Which.NEXT}


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule matched: words ``[first, last)``."""

    words: Words
    first: int
    last: int

    def at(self, *kinds: str, nth: int = 0) -> int | None:
        """The index of the ``nth`` word of one of the kinds within the match."""
        for index in range(self.first, self.last):
            if self.words.known[index].kind in kinds:
                if not nth:
                    return index
                nth -= 1
        return None

    def lex(self, *kinds: str, nth: int = 0) -> Lex:
        """What is known of the ``nth`` word of one of the kinds within the match, if any."""
        index = self.at(*kinds, nth=nth)
        return UNKNOWN if index is None else self.words.known[index]

    def number(self, *kinds: str, nth: int = 0) -> int | None:
        """The number of the ``nth`` word of one of the kinds, in whole; None if there is none."""
        known = self.lex(*kinds, nth=nth)
        return int(known.number) if known.kind else None

    def code(self, *kinds: str, nth: int = 0) -> str:
        """The code of the ``nth`` word of one of the kinds; empty if there is none."""
        return self.lex(*kinds, nth=nth).code

    def unit(self, nth: int = 0) -> str:
        """The ``nth`` unit of time within the match (see :func:`.calendar.duration`)."""
        return self.code("units_year", "unit", "unit_tail", nth=nth)

    def count(self, nth: int = 0) -> float | None:
        """The ``nth`` number within the match; None for 'mehrere' and where there is none."""
        known = self.lex(*_COUNTS, nth=nth)
        if known.kind in ("", "many"):
            return None
        return {"one": 1, "both": 2}.get(known.kind, known.number)

    def pointer(self) -> Which | None:
        """The first of 'vergangenen', 'diesen', 'kommenden' within the match."""
        kind = self.lex(*_POINTERS).kind
        return _POINTERS[kind] if kind else None

    def before(self, distance: int = 1) -> str:
        """The lower-case word ``distance`` words before the match."""
        return self.words.word(self.first - distance)

    def kind_before(self, distance: int = 1) -> str:
        """The kind of the word ``distance`` words before the match."""
        return self.words.kind(self.first - distance)

    def after(self, distance: int = 0) -> str:
        """The lower-case word ``distance`` words after the first one behind the match."""
        return self.words.word(self.last + distance)

    def fixed(self, kind: TimexType, value: str) -> Answer:
        """The whole match as an expression that says all itself."""
        return self.means(Fixed(kind, value))

    def means(self, meaning: Meaning, first: int | None = None, last: int | None = None) -> Answer:
        """The whole match, or part of it, as one expression."""
        return (
            Found(
                self.first if first is None else first,
                self.last if last is None else last,
                meaning,
            ),
        )


Answer = Sequence[Found] | None
Action = Callable[[Hit], Answer]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over kinds, and what a match of it means (None: nothing after all)."""

    pattern: re.Pattern[str]
    action: Action


class Rules:
    """The rules of a language in the order in which they are tried."""

    def __init__(self, macros: dict[str, str]) -> None:
        """``macros`` are names for parts of patterns: ``<number>`` for several kinds."""
        self._macros = macros
        self.table: list[Rule] = []

    def add(self, *patterns: str) -> Callable[[Action], Action]:
        """Make a function the action of patterns, each a rule of its own."""

        def register(action: Action) -> Action:
            self.table.extend(Rule(self._compile(pattern), action) for pattern in patterns)
            return action

        return register

    def _compile(self, pattern: str) -> re.Pattern[str]:
        pattern = pattern.replace(" ", "")
        while found := re.search(r"<(\w+)>", pattern):
            name = found[1]
            inner = f"(?:{self._macros[name]})" if name in self._macros else _LETTERS[name]
            pattern = pattern.replace(found[0], inner.replace(" ", ""))
        return re.compile(pattern)


class Grammar:
    """The words and rules of a language."""

    def __init__(
        self,
        classify: Callable[[str], Lex],
        rules: Rules,
        extend: Callable[[Words, int], int],
        zone: str,
    ) -> None:
        """``classify`` says what is known of a word form.

        ``extend`` gives the index from which an expression starts that a rule
        found at an index: further left where 'Anfang' or 'rund' precede it.
        ``zone`` is the IANA time zone in which the language's reports keep
        their calendar.
        """
        self._rules = rules.table
        self._extend = extend
        self._classify = lru_cache(maxsize=1 << 16)(classify)
        self._start = re.compile("|".join(rule.pattern.pattern for rule in self._rules))
        self.zone = zone

    def read(self, text: str) -> Words:
        """Cut a text into words and marks."""
        return Words.read(text, self._classify)

    def find(self, words: Words) -> list[Found]:
        """The expressions of a text, in order, none overlapping another."""
        found: list[Found] = []
        position = 0
        while match := self._start.search(words.letters, position):
            position = match.start()
            answer = self._try(words, position)
            if not answer:
                position += 1
                continue
            for one in answer:
                floor = found[-1].last if found else 0
                first = max(self._extend(words, one.first), floor)
                found.append(Found(first, one.last, one.meaning) if first < one.first else one)
            position = found[-1].last
        return found

    def _try(self, words: Words, position: int) -> Answer:
        if _bound_left(words, position):
            return None
        for rule in self._rules:
            match = rule.pattern.match(words.letters, position)
            if match and match.end() > position and not _bound_right(words, match.end()):
                answer = rule.action(Hit(words, position, match.end()))
                if answer:
                    return answer
        return None


def _bound_left(words: Words, index: int) -> bool:
    """Whether a word is the later part of a compound: 'U19', 'Super-Sonntag', 'S-400'."""
    if not words.glued(index):
        return False
    before = words.text[words.ends[index - 1] - 1]
    if before == "-" and words.word(index - 2) == "mid":
        return False
    if before == "-":
        return (
            words.glued(index - 1)
            and words.text[words.starts[index - 1] - 1].isalnum()
            and (
                not words.text[words.starts[index - 1] - 1].isdigit()
                or not words.text[words.starts[index]].isdigit()
            )
        )
    return before.isalnum() or before in "_§#@$€£&+="


def _bound_right(words: Words, index: int) -> bool:
    """Whether a word goes on after an expression: '16-jährig', '2000er', 'Freitag-Spiel'."""
    if not words.glued(index):
        return False
    after = words.text[words.starts[index]]
    if after in "-‑":
        return words.glued(index + 1) and words.text[words.starts[index + 1]].isalpha()
    return after.isalnum() or after in "_%$€£°@="


def spread(answers: Iterable[Answer]) -> Answer:
    """Several answers as one."""
    return [one for answer in answers for one in answer or ()]
