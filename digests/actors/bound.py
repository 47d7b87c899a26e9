"""German pronouns that only one person of their own or the last sentence can mean.

Three places, each narrow, since nothing but word order and the names tell:

* 'Meier hatte Geld versprochen, falls er gewinne': behind the conjunction of a clause,
  the one person of the clause before it, where no other masculine noun is about.
* 'Meier habe ihn gewarnt, sagte Huber': in reported speech not its subject, but who reports.
* 'Meier müsse nicht gehen. «Er kann bleiben, das steht ihm frei»': in a quotation that goes on
  about the one person of whom its speaker has just spoken.

What a pronoun may mean is asked of the mentions before it (:class:`Sight`).
"""

from __future__ import annotations

import re
from typing import Protocol

from digests.actors.names import wordset
from digests.actors.roles import Gender
from digests.actors.spotting import Words
from digests.types import Mention, Sentence

REPORTED = re.compile(
    r"^(sei|habe|werde|wolle|konne|musse|solle|durfe|moge|wisse|hoffe|gehe|stehe|glaube|sehe|erwarte"
    r"|fordere|lehne|bleibe|komme|halte|gebe|denke|rechne|freue|bedaure|vertraue|unterstutze|mache"
    r"|nehme|finde|furchte|erhoffe|wunsche)$"
)
"""Verbs in the subjunctive of reported speech, as they stand beside their subject."""

_CONJUNCTIONS = wordset(
    "dass wenn weil ob obwohl nachdem bevor ehe als da falls sobald solange sofern bis sollte"
)
_MASCULINE = wordset(
    "der den dem des einen einem eines ein keinen keinem kein seinen seinem sein ihren ihrem ihr "
    "diesen diesem dieser jeden jeder jenen jener im am zum vom beim ins"
)
"""What may stand before a masculine noun; 'ein neues …' does not."""
_TIMES = re.compile(
    r"(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|abend|morgen|mittag|januar"
    r"|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)$"
)
_INFLECTED = ("e", "en", "er", "em", "es", "s")
_TITLE = 5
"""Words of a title before a name that opens a sentence, at most."""
_BACK = 2
"""Sentences back in which another person makes 'Meier sagte, dass er …' unclear."""


class Sight(Protocol):
    """What is known of the persons of a document where a pronoun stands."""

    words: Words
    sentences: tuple[Sentence, ...]

    def people_in(self, sentence: Sentence, end: int) -> list[Mention]:
        """The persons that a sentence names before ``end``, outside quotation marks."""

    def gender(self, mention: Mention) -> Gender | None:
        """What is known of a person's gender."""

    def speaks(self, mention: Mention) -> bool:
        """Whether a verb of saying stands beside a name."""

    def is_subject(self, mention: Mention) -> bool:
        """Whether a name may be its sentence's subject."""


def in_clause(sight: Sight, number: int, index: int) -> str | None:
    """Whom 'er' at the word ``index`` of sentence ``number`` means behind a conjunction."""
    words = sight.words
    opened = index > 1 and words.folded[index - 1] in _CONJUNCTIONS
    if not opened or "," not in words.gap(index - 2):
        return None
    sentence = sight.sentences[number]
    pool = sight.people_in(sentence, words.starts[index])
    person = _one_man(sight, pool)
    if person is None or not sight.is_subject(person):
        return None
    if _masculine_noun(words, words.range(sentence.start, sentence.end)[0], index, person):
        return None
    if sight.speaks(person):
        before = sight.sentences[max(0, number - _BACK) : number]
        others = {m.actor for one in before for m in sight.people_in(one, one.end)}
        if others - {person.actor}:
            return None
    return person.actor


def as_object(sight: Sight, number: int, index: int) -> str | None:
    """Whom 'ihm' or 'ihn' means in 'X habe ihm …': the one who says so, here or just before."""
    words, sentence = sight.words, sight.sentences[number]
    if not index or not REPORTED.match(words.folded[index - 1]):
        return None
    pool = sight.people_in(sentence, sentence.end)
    subject = pool[0] if pool and pool[0].start < words.starts[index] else None
    if subject is None or words.range(subject.start, subject.end)[1] != index - 1:
        return None
    others = [m for m in pool if m.actor != subject.actor]
    if not others and number:
        before = sight.sentences[number - 1]
        others = [m for m in sight.people_in(before, before.end) if _reports(sight, m, before)]
    elif not all(sight.speaks(m) for m in others):
        return None
    person = _one_man(sight, others)
    return person.actor if person and person.actor != subject.actor else None


def in_quotation(sight: Sight, number: int) -> str | None:
    """Whom 'Er' means that opens a quotation after sentence ``number``: of whom that one reports.

    The sentence must be reported speech about one man: who quotes him would write 'Ich'.
    """
    sentence = sight.sentences[number]
    pool = sight.people_in(sentence, sentence.end)
    person = _one_man(sight, pool)
    if person is None or len(pool) > 1:
        return None
    return person.actor if _reported_of(sight, person, sentence) else None


def _one_man(sight: Sight, pool: list[Mention]) -> Mention | None:
    """The first mention of the one person that is mentioned, if that is a man."""
    actors = {m.actor for m in pool}
    if len(actors) != 1 or None in actors or sight.gender(pool[0]) != "m":
        return None
    return pool[0]


def _reports(sight: Sight, mention: Mention, sentence: Sentence) -> bool:
    """Whether somebody speaks in a sentence, or goes on: 'Er hoffe …'."""
    return sight.speaks(mention) or _reported_of(sight, mention, sentence)


def _reported_of(sight: Sight, mention: Mention, sentence: Sentence) -> bool:
    """Whether a sentence begins with a name, after its title, and a subjunctive."""
    words = sight.words
    start = words.range(sentence.start, sentence.end)[0]
    first, last = words.range(mention.start, mention.end)
    opens = first - start < _TITLE and all(_of_title(words, k) for k in range(start, first))
    behind = last < len(words) and words.gap(last - 1) == " "
    return opens and behind and bool(REPORTED.match(words.folded[last]))


def _masculine_noun(words: Words, first: int, end: int, person: Mention) -> bool:
    """Whether another noun that 'er' may mean seems to stand in the words ``[first, end)``."""
    low, high = words.range(person.start, person.end)
    while low > first and words.gap(low - 1) in (" ", "-") and _of_title(words, low - 1):
        low -= 1  # 'der russische Präsident'
    for k in range(first, end):
        if words.folded[k] not in _MASCULINE or low <= k < high:
            continue
        noun = k + 1
        while noun < end and not words.capital(noun) and words.surfaces[noun].endswith(_INFLECTED):
            noun += 1
        if noun >= end or not words.capital(noun) or _TIMES.search(words.folded[noun]):
            continue
        neuter = noun > k + 1 and words.surfaces[k + 1].endswith("es")
        if not (neuter and words.folded[k] in ("ein", "kein", "sein", "ihr")):
            return True
    return False


def _of_title(words: Words, index: int) -> bool:
    word = words.surfaces[index]
    article = words.folded[index] in ("der", "ein")
    return article or word[0].isupper() or word.endswith(_INFLECTED)
