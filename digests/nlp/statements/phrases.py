"""Noun phrases without a tagger: by articles, capitals, endings and the names found.

German capitalises nouns and inflects what stands before them, so that a
phrase can be followed from its article to its last noun, and on into
genitives, brackets, and appositions between commas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from digests.nlp.statements import german
from digests.nlp.statements.layout import TERMINAL, Layout
from digests.nlp.statements.verbs import CUES

_PARTICIPLES = tuple(
    stem + ending for stem in ("nd", "t", "en") for ending in ("e", "en", "er", "es", "em")
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens ``[low, high)``, its head noun, and where its core ends.

    ``article`` is the lower-case first word where that is an article or the
    like, else empty; ``person`` says that the head is a person's name.
    """

    low: int
    high: int
    head: int
    core: int
    article: str
    person: bool


_AGED: Final = ("jährige", "jährigen", "jähriger")
"""Endings of what means a person by their age, if no noun follows."""
_LONGEST_NAME: Final = 3
"""Words of a name that nobody knows."""
_SMALL: Final = (
    german.SMALL_WORDS
    | german.PRONOUNS
    | german.ADVERBS
    | german.DETERMINERS
    | german.PREPOSITIONS
    | german.CLAUSE_STARTERS
    | german.COORDINATORS
)


class Phrases:
    """Finds noun phrases in a layout."""

    def __init__(self, layout: Layout) -> None:
        """Index the names of the document by token."""
        self.layout = layout
        self.names = [""] * len(layout.tokens)
        self.starts_name = [False] * len(layout.tokens)
        for entity in layout.document.entities:
            low, high = layout.span(entity.start, entity.end)
            if low < high:
                self.names[low:high] = [entity.label] * (high - low)
                self.starts_name[low] = True

    def noun_phrase(self, low: int, high: int, *, attach: bool = True) -> Phrase | None:
        """The noun phrase that starts at token ``low`` and ends before ``high``, if there is one.

        With ``attach``, prepositional attributes ('in Berlin') belong to it.
        """
        lower = self.layout.lower
        i = low
        article = lower[i] if i < high and lower[i] in german.DETERMINERS else ""
        while i < high and lower[i] in german.DETERMINERS and i - low < 3:
            i += 1
        i = self._attributes(self._extended(i, high) if i > low else i, high, bare=i == low)
        core = self._nouns(i, high)
        if core == i:
            return None
        core = self._owned(i, core, high)
        head = core - 1
        person = self.names[head] == "PER"
        while head > i and self.layout.words[head] in {")", "“", "”", '"', "«", "»", "‘", "’"}:
            head -= 1
        end = self._postmodifiers(core, high, person=person, head=head, attach=attach)
        return Phrase(low, end, head, core, article, person)

    def bare(self, low: int, high: int) -> bool:
        """Whether the tokens are a name that stands alone: a few capitalised words, none small."""
        return 0 < high - low <= _LONGEST_NAME and all(
            self.layout.words[k][0].isupper() and self.layout.lower[k] not in _SMALL
            for k in range(low, high)
        )

    def _extended(self, i: int, high: int) -> int:
        """Past what belongs to a participle: 'die [im Exil] lebende', 'der [von X] geführten'."""
        if i >= high or self.layout.lower[i] not in german.PREPOSITIONS:
            return i
        noun = i + 1
        while noun < high and self.layout.lower[noun] in german.DETERMINERS:
            noun += 1
        end = self._nouns(self._attributes(noun, high), high)
        if end == noun or end + 1 >= high or end - i > 6:
            return i
        word = self.layout.words[end]
        participle = word[0].islower() and word.endswith(_PARTICIPLES)
        return end if participle and self.is_noun(end + 1) else i

    def _attributes(self, i: int, high: int, *, bare: bool = False) -> int:
        """Skip adjectives, participles and numerals, if a noun follows them.

        A ``bare`` phrase has no article: what looks like a verb at its start is one.
        """
        lower, words = self.layout.lower, self.layout.words
        j = i
        while j < high and j - i < 7:
            word = words[j]
            if self.is_noun(j):
                return j
            adjective = (
                word[0].islower() and len(word) > 3 and word.endswith(("e", "en", "er", "es", "em"))
            )
            known = lower[j] in german.FINITE_COMMON or lower[j] in german.PREPOSITIONS
            known = known or lower[j] in german.CLAUSE_STARTERS
            known = known or (bare and j == i and lower[j] in CUES)
            if (
                (adjective and not known)
                or word[0].isdigit()
                or (j > i and lower[j] in {"und", "oder", ","})
                or (
                    j == i
                    and not known
                    and word.isalpha()
                    and word[0].islower()
                    and self._adjective(j + 1, high)
                )
                or (
                    lower[j]
                    in {"so", "neu", "sehr", "erst", "derzeit", "rund", "etwa", "mehr", "als"}
                    and j + 1 < high
                )
            ):
                j += 1
            else:
                return i
        return i

    def _adjective(self, i: int, high: int) -> bool:
        """Whether an inflected adjective or participle stands at ``i``, and a noun behind it."""
        if i + 1 >= high or not self.is_noun(i + 1):
            return False
        word = self.layout.words[i]
        return word[0].islower() and len(word) > 4 and word.endswith(("e", "en", "er", "es", "em"))

    def is_noun(self, i: int) -> bool:
        """Whether a token is a noun or part of a name, by its capital or the names found."""
        word = self.layout.words[i]
        if self.names[i]:
            return True
        quote = self.layout.within[i]
        if quote >= 0:
            return not self.layout.stands_alone(quote)
        joined = word.partition("-")[2][:1].isupper()  # der 58-Jährige, ein taz-Bericht
        aged = word[0].isdigit() and word.endswith(_AGED) and not self._before_noun(i)
        if word in german.MEDIA_NAMES and i and self.layout.lower[i - 1] in german.DETERMINERS:
            return True  # die taz
        return joined or aged or (word[0].isupper() and self.layout.lower[i] not in german.PRONOUNS)

    def _before_noun(self, i: int) -> bool:
        """Whether a capital follows: 'der 58-jährige Mann'."""
        return i + 1 < len(self.layout.words) and self.layout.words[i + 1][0].isupper()

    def _nouns(self, i: int, high: int) -> int:
        words, names = self.layout.words, self.names
        j = i
        while j < high:
            if not self.is_noun(j):
                if (
                    j > i
                    and words[j - 1].endswith("-")
                    and self.layout.lower[j] in {"und", "oder", "bzw."}
                ):
                    j += 1
                    continue
                apostrophe = words[j] in {"'", "’"} and j > i and words[j - 1][-1] in "sxzß"
                if apostrophe and j + 1 < high and words[j + 1][0].isupper():
                    j += 1  # Belarus' Präsident
                    continue
                if j > i and words[j] in {"&", "/", "-", "."} and j + 1 < high and names[j + 1]:
                    j += 1
                    continue
                break
            if j > i and self._parted(j):
                break
            j += 1
        return j

    def _owned(self, low: int, core: int, high: int) -> int:
        """Where the phrase ends if its first noun is an owner: 'Scholz' neuer Sprecher X'."""
        if (
            core - low > 3
            or core >= high
            or not self.layout.words[core - 1].endswith(("s", "'", "’"))
        ):
            return core
        if not self.layout.words[core][0].islower() or not any(self.names[low:core]):
            return core
        noun = self._attributes(core, high)
        return self._nouns(noun, high) if noun > core else core

    def _parted(self, j: int) -> bool:
        """Whether a new phrase begins at noun ``j``, right behind another noun."""
        names, before = self.names, self.layout.words[j - 1]
        if names[j - 1] == "PER" and (names[j] != "PER" or self.starts_name[j]):
            return not before.endswith("s") or names[j] == "PER"
        if self.starts_name[j] and names[j] == "PER":
            return (
                german.names_medium(before)
                and names[j - 1] != "PER"
                and not before.endswith("chef")
            )
        return german.names_time(self.layout.words[j]) and not self.starts_name[j]

    def _postmodifiers(self, i: int, high: int, *, person: bool, head: int, attach: bool) -> int:
        lower, words = self.layout.lower, self.layout.words
        genitive = False
        while i < high:
            word = lower[i]
            if word in {"(", "["}:
                closing = next(
                    (k for k in range(i + 1, min(high, i + 12)) if words[k] in ")]"), None
                )
                if closing is None:
                    return i
                i = closing + 1
                continue
            following = None
            if word in german.GENITIVE and not person:
                following = self.noun_phrase(i, high, attach=attach)
                if following and german.names_medium(words[following.head]) and word == "der":
                    following = self._genitive_medium(head, following)
            elif word in german.OF:
                following = self._of(i, high, person=person, attach=attach)
            elif word == "in" and not person and i + 1 < high and self.starts_name[i + 1]:
                if self.names[i + 1] == "LOC" and german.names_speaker(words[head]):
                    following = self.noun_phrase(i + 1, high, attach=False)
            elif (
                attach and word in german.PLACE and not person and german.names_speaker(words[head])
            ):
                following = self.noun_phrase(i + 1, high, attach=attach)
                if following and german.names_time(words[following.head]):
                    following = None
            elif word in {"und", "sowie"} and i + 1 < high:
                if genitive and lower[i + 1] in german.GENITIVE:
                    following = self.noun_phrase(i + 1, high, attach=False)
                else:
                    following = self._joined(i + 1, high, person=person, head=head)
            elif word == "," and i + 2 < high:
                following = self._apposition(i + 1, high, person=person, head=head)
                if following and following.high < high and words[following.high] == ",":
                    return following.high
            if following is None:
                return i
            i = following.high
            genitive = genitive or word in german.GENITIVE
            person = person or following.person
        return i

    def _genitive_medium(self, head: int, following: Phrase) -> Phrase | None:
        """'der Chef der Agentur' is one phrase, 'sagte Kirby der Agentur' is two."""
        word = self.layout.words[head].lower()
        owned = word.endswith(
            ("chef", "chefin", "redakteur", "redakteurin", "korrespondent", "direktor", "sprecher")
        )
        return None if german.names_person(word) and not owned else following

    def _of(self, i: int, high: int, *, person: bool, attach: bool) -> Phrase | None:
        following = self.noun_phrase(i + 1, high, attach=attach)
        if following is None or german.names_time(self.layout.words[following.head]):
            return None
        first = self.layout.lower[i + 1]
        if self.names[i - 1] and (first[0].isdigit() or first in {"rund", "etwa", "mehr"}):
            return None  # 'laut BBC von rund 100 Leuten'
        if person and self.layout.lower[i] not in {"von", "vom"}:
            return None
        return following

    def _joined(self, i: int, high: int, *, person: bool, head: int) -> Phrase | None:
        """The second of two speakers: 'Lawrow und Blinken', 'die USA und die Nato'."""
        following = self.noun_phrase(i, high, attach=False)
        if following is None or following.article in {
            "dem",
            "den",
            "des",
            "einem",
            "einen",
            "eines",
        }:
            return None
        words = self.layout.words
        first = person or bool(self.names[head]) or german.names_speaker(words[head])
        second = bool(self.names[following.head]) or german.names_speaker(words[following.head])
        return following if first and second else None

    def _apposition(self, i: int, high: int, *, person: bool, head: int) -> Phrase | None:
        words, lower = self.layout.words, self.layout.lower
        if lower[i] in german.GENITIVE - {"der"} or lower[i] in german.PREPOSITIONS:
            return None
        following = self.noun_phrase(i, high)
        if following is None:
            return None
        end = following.high
        closed = (
            end >= high or words[end] in TERMINAL or words[end] in ",:;–-" or words[end] in '„"«»“'
        )
        reported = end < high and german.subjunctive(lower[end])  # 'sagte X, der Minister sei'
        finite = lower[end] in CUES or lower[end] in german.FINITE_COMMON if end < high else False
        closed = closed or (finite and not reported)
        if not closed:
            return None
        if person:
            return (
                following
                if german.names_person(words[following.head]) and not following.person
                else None
            )
        named = any(self.names[k] == "PER" for k in range(following.low, following.core))
        return following if named and german.names_speaker(words[head]) else None
