"""Pronouns that stand for a person, where that is clear.

Two places are trusted: a pronoun that opens a sentence ('Er hoffe …') and one
beside a verb of saying ('kündigte er an'). It refers to the one person of its
gender who spoke in the sentence before, or is its likely subject; where the
pronoun's own sentence is reported speech or says that somebody speaks, the
speaker may stand a few sentences back (in the paragraph before only where the
pronoun itself speaks: 'Er mahnte …'). What stands in quotation marks neither
refers nor is referred to, but for the places that ``bound`` knows. Everything
else is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from digests.actors.bound import REPORTED, as_object, in_clause, in_quotation
from digests.actors.names import wordset
from digests.actors.roles import Gender
from digests.actors.spotting import Words
from digests.nlp.document import Document
from digests.types import ActorKind, Mention, MentionForm, Sentence

_PRONOUNS: dict[str, Gender] = {"er": "m", "sie": "f", "he": "m", "she": "f"}
_OBJECTS = wordset("ihm ihn")
SAYING = re.compile(
    r"^(sag(t|te)|erklar(t|te)|beton(t|te)|schrieb|schreibt|mahn(t|te)|kundig(t|te)|fug(t|te)"
    r"|teil(t|te)|warn(t|te)|forder(t|te)|mein(t|te)|nannte|bekraftig(t|te)|so|kritisier(t|te)"
    r"|unterstrich|erganz(t|te)|begrunde(t|te)|berichte(t|te)|behaupte(t|te)|ausser(t|te)|raum(t|te)"
    r"|lob(t|te)|versicher(t|te)|hob|fuhr(t|te)?|antworte(t|te)|twitter(t|te)|appellier(t|te)|rief"
    r"|verwies|zeig(t|te)|gab|sprach|spricht|beklag(t|te)|verlang(t|te)|nenn(t|te)|resumier(t|te)"
    r"|bezeichne(t|te)|laut|said|says|added|told|wrote|warned|tweeted|argued|insisted|stressed)$"
)
_PLURAL_VERB = re.compile(r"^(.*en|sind|seien|tun|taten|are|were|have)$")
_OBLIQUE = wordset(
    "mit von an bei gegen fur uber nach zwischen zu zum zur durch ohne um auf aus hinter vor wegen "
    "neben den dem des with by against for of to from about over on"
)
_NEAR, _FAR = 2, 4
"""How many sentences back a subject, and a speaker, may stand."""


def pronouns(
    document: Document,
    words: Words,
    mentions: list[Mention],
    genitives: frozenset[int],
    gender_of: Callable[[str], Gender | None],
) -> list[Mention]:
    """The pronouns of a document that clearly stand for a person.

    ``mentions`` are sorted; ``genitives`` are the starts of those in the genitive.
    """
    return _Pronouns(document, words, mentions, genitives, gender_of).found()


class _Pronouns:
    def __init__(
        self,
        document: Document,
        words: Words,
        mentions: list[Mention],
        genitives: frozenset[int],
        gender_of: Callable[[str], Gender | None],
    ) -> None:
        self.sentences = document.sentences
        self.german = document.language == "de"
        self.words = words
        self.gender_of = gender_of
        self.genitives = genitives
        self.quoted = _quoted(document)
        self.paragraph_starts = [start for start, _ in document.paragraphs()]
        people = [
            mention
            for mention in mentions
            if mention.kind is ActorKind.PERSON and mention.form is not MentionForm.ADJECTIVE
        ]
        self.people = [one for one in people if not self._in_quotes(one.start)]
        self.quoted_people = [one for one in people if self._in_quotes(one.start)]
        self.starts = [mention.start for mention in self.people]

    def found(self) -> list[Mention]:
        result: list[Mention] = []
        for number, sentence in enumerate(self.sentences):
            first = bisect_left(self.words.starts, sentence.start)
            last = bisect_left(self.words.starts, sentence.end)
            for index in range(first, last):
                if self._in_quotes(self.words.starts[index]):
                    continue
                actor = self._meant(number, index, first, last)
                if actor is not None:
                    result.append(self._add(index, actor))
            if self.german:
                result += self._quoted_after(number)
        return result

    def _meant(self, number: int, index: int, first: int, last: int) -> str | None:
        """Whom a word of the sentence ``[first, last)`` means, if it is a pronoun and clear."""
        word = self.words.folded[index]
        if self.german and word in _OBJECTS:
            return as_object(self, number, index)
        gender = _PRONOUNS.get(word)
        if gender is None:
            return None
        saying = self._beside_saying(index, first, gender)
        if saying or self._opens(index, first, last, gender):
            return self._antecedent(number, index, gender, saying=saying)
        return in_clause(self, number, index) if word == "er" else None

    def _quoted_after(self, number: int) -> list[Mention]:
        """'Er' that opens a quotation right behind a sentence, and 'ihm' further on in it."""
        words, end = self.words, self.sentences[number].end
        place = bisect_left(self.quoted, (end, end))
        if place == len(self.quoted) or words.text[end : self.quoted[place][0]].strip(" \n"):
            return []
        first, last = words.range(*self.quoted[place])
        if first == last or words.folded[first] != "er":
            return []
        actor = in_quotation(self, number)
        if actor is None:
            return []
        start, stop = self.quoted[place]
        if any(start <= m.start < stop for m in self.quoted_people):
            last = first + 1  # somebody else comes in
        meant = [k for k in range(first, last) if k == first or words.folded[k] == "ihm"]
        return [self._mention(k, actor) for k in meant]

    def _mention(self, index: int, actor: str) -> Mention:
        start, end = self.words.starts[index], self.words.ends[index]
        return Mention(start, end, ActorKind.PERSON, actor, MentionForm.PRONOUN)

    def _add(self, index: int, actor: str) -> Mention:
        mention = self._mention(index, actor)
        place = bisect_left(self.starts, mention.start)
        self.starts.insert(place, mention.start)
        self.people.insert(place, mention)
        return mention

    def _in_quotes(self, offset: int) -> bool:
        index = bisect_right(self.quoted, (offset, len(self.words.text) + 1)) - 1
        return index >= 0 and self.quoted[index][1] > offset

    def _beside_saying(self, index: int, first: int, gender: Gender) -> bool:
        """'sagte er', 'Er mahnte'."""
        words = self.words
        if (
            index > first
            and SAYING.match(words.folded[index - 1])
            and words.gap(index - 1) in (" ", "\n")
        ):
            return words.folded[index] != "sie" or not _PLURAL_VERB.match(words.folded[index - 1])
        return (
            (index == first or self._after_quotation(index))
            and index + 1 < len(words)
            and bool(SAYING.match(words.folded[index + 1]))
            and words.folded[index + 1] not in ("so", "laut")
            and (gender == "m" or not _PLURAL_VERB.match(words.folded[index + 1]))
        )

    def _after_quotation(self, index: int) -> bool:
        """'"We waited," he said': in English the pronoun stands right behind the words."""
        return self.words.gap(index - 1).rstrip()[-1:] in ('"', "”", "’") if index else False

    def _opens(self, index: int, first: int, last: int, gender: Gender) -> bool:
        """Whether the pronoun opens its sentence, with a verb in the singular after it."""
        words = self.words
        if index != first or index + 1 >= last or words.gap(index) != " ":
            return False
        if gender == "m" or words.folded[index] == "she":
            return True
        return not _PLURAL_VERB.match(words.folded[index + 1])

    def _antecedent(self, number: int, index: int, gender: Gender, *, saying: bool) -> str | None:
        """The person meant, None where more than one or none may be."""
        words = self.words
        following = words.folded[index + 1] if index + 1 < len(words) else ""
        continues = saying or bool(REPORTED.match(following))
        paragraph = bisect_right(self.paragraph_starts, words.starts[index])
        for back in range((_FAR if continues else _NEAR) + 1):
            if number - back < 0:
                return None
            sentence = self.sentences[number - back]
            crossed = paragraph - bisect_right(self.paragraph_starts, sentence.start)
            if back > 1 and crossed > (1 if saying else 0):
                return None
            end = words.starts[index] if back == 0 else sentence.end
            pool = self.people_in(sentence, end)
            if not pool:
                continue
            actor, decided = self._subject(pool, gender, here=back == 0, speaks=continues)
            if decided:
                return actor
        return None

    def people_in(self, sentence: Sentence, end: int) -> list[Mention]:
        return self.people[bisect_left(self.starts, sentence.start) : bisect_left(self.starts, end)]

    def _subject(
        self, pool: list[Mention], gender: Gender, *, here: bool, speaks: bool
    ) -> tuple[str | None, bool]:
        """The speaker or subject among the persons of a sentence, and whether to stop looking."""
        fitting = [m for m in pool if self._fits(m, gender)]
        if not speaks and any(self.gender(m) is None for m in fitting):
            return None, True
        speakers = {m.actor for m in fitting if self.speaks(m)}
        if len(speakers) == 1:
            return speakers.pop(), True
        subjects = {m.actor for m in fitting if self.is_subject(m)}
        if len(subjects) == 1:
            return subjects.pop(), True
        if subjects or (fitting and not here):
            return None, True
        return None, False

    def _fits(self, mention: Mention, gender: Gender) -> bool:
        """Whether a person may be of the gender; 'sie' needs one who is known to be a woman.

        'er' may be a speaker of whom it is not known.
        """
        known = self.gender(mention)
        return known == gender or (known is None and gender == "m")

    def gender(self, mention: Mention) -> Gender | None:
        return self.gender_of(mention.actor) if mention.actor else None

    def speaks(self, mention: Mention) -> bool:
        """Whether a verb of saying stands beside the name (and its title)."""
        words = self.words
        first = bisect_left(words.starts, mention.start)
        last = bisect_left(words.starts, mention.end)
        if mention.start in self.genitives:
            return False
        if last < len(words) and words.gap(last - 1) == " " and SAYING.match(words.folded[last]):
            return words.folded[last] != "so" and not self._oblique(first)
        index = first
        for _ in range(6):
            if not index or words.gap(index - 1) not in (" ", "-", "\u00a0"):
                return False
            if SAYING.match(words.folded[index - 1]):
                return True
            if words.folded[index - 1] in _OBLIQUE:
                return False
            index -= 1
        return False

    def is_subject(self, mention: Mention) -> bool:
        """Whether a name may be its sentence's subject: not oblique, not in the genitive."""
        if mention.start in self.genitives:
            return False
        return not self._oblique(bisect_left(self.words.starts, mention.start))

    def _oblique(self, first: int) -> bool:
        """Whether a preposition or an oblique article stands before a name and its title."""
        words = self.words
        index = first
        for _ in range(5):
            if not index or words.gap(index - 1) not in (" ", "-", "\u00a0"):
                return False
            word, surface = words.folded[index - 1], words.surfaces[index - 1]
            if word in _OBLIQUE:
                return True
            if word in ("der", "die", "the"):
                before = words.folded[index - 2] if index > 1 else ""
                return word == "der" and before in _OBLIQUE
            if not (surface[0].isupper() or word.endswith(("e", "en", "er", "em", "es", "s"))):
                return False
            index -= 1
        return False


_MARKS = re.compile('["„“”«»]')


def _quoted(document: Document) -> list[tuple[int, int]]:
    """The ranges within quotation marks, from a mark that opens to one that closes.

    A plain mark closes if one is open; a range never runs over a paragraph's end.
    """
    ranges: list[tuple[int, int]] = []
    for start, end in document.paragraphs():
        opened: int | None = None
        for match in _MARKS.finditer(document.text, start, end):
            if opened is None:
                opened = match.start()
            else:
                ranges.append((opened, match.end()))
                opened = None
        if opened is not None:
            ranges.append((opened, end))
    return ranges
