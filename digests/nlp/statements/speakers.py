"""Which actor a speaker is: the head of the phrase that names them, or who was spoken of before.

Mentions come resolved as far as the reading of actors goes. Where a speaker is
a pronoun or a bare office and no mention says who that is, the sentences
before decide: the nearest person of fitting gender, if only one fits or one of
those who fit has just spoken. 'Das Ministerium' is the one that was named, 'das Blatt'
the one paper, 'das Bündnis' the one organisation spoken of. Where two fit, nobody is chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from digests.nlp.statements import english, german
from digests.nlp.statements.layout import Layout
from digests.nlp.statements.lexicon import listed
from digests.nlp.statements.utterance import Range
from digests.types import ActorKind, Mention, MentionForm

_REACH: Final = 2
"""How many units back a pronoun may reach."""
_INSTITUTIONS: Final = (ActorKind.ORGANISATION, ActorKind.STATE, ActorKind.PLACE)
_DEPENDENT: Final = listed("of for from by at in der des von vom")
_STOPS: Final = frozenset((",", "(", "und", "and", "sowie"))


class Gender(Enum):
    """Grammatical gender of a person, as far as the text shows it."""

    HE = auto()
    SHE = auto()


_ARTICLES: Final = frozenset(("the", "a", "an"))
_LONGEST: Final = 7
"""Words of a phrase that may mean someone named before: 'die im Exil lebende Politikerin'."""
_INFLECTED: Final = re.compile(r"^[a-zäöüß]{3,}(en|er|em)$")
"""Adjectives that follow an article; 'der' and 'den' are too short."""
_DEFINITE: Final = listed("der die das dem the")
_PRONOUNS: Final = {
    "er": Gender.HE,
    "ihn": Gender.HE,
    "ihm": Gender.HE,
    "he": Gender.HE,
    "sie": Gender.SHE,
    "she": Gender.SHE,
}


class Speakers:
    """Resolves the speakers of one document, in the order of the text."""

    def __init__(self, layout: Layout, mentions: Sequence[Mention]) -> None:
        """``mentions`` in any order."""
        self.layout = layout
        self.mentions = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
        self._starts = [mention.start for mention in self.mentions]
        self._genders = self._gendered()
        self._unit_starts = [layout.tokens[unit.low].start for unit in layout.units]
        self._resolved: dict[Range, str | None] = {}
        self._last: str | None = None
        self._last_unit = -99
        self._people_known = {
            mention.actor
            for mention in self.mentions
            if mention.kind is ActorKind.PERSON and mention.actor
        }

    def actor(self, speaker: Range | None, unit: int) -> str | None:
        """The id of the actor that the tokens ``speaker`` name; None where it is not clear.

        To be asked in the order of the units that hold what is said: ``unit``
        is the number of that unit.
        """
        if speaker is None:
            return None
        if speaker not in self._resolved:
            self._resolved[speaker] = self._named(speaker) or self._meant(speaker, unit)
        found = self._resolved[speaker]
        if found is not None:
            self._last, self._last_unit = found, unit
        return found

    # -- by name ------------------------------------------------------------------------------

    def _named(self, speaker: Range) -> str | None:
        start, end = self.layout.chars(*speaker)
        low, high = bisect_left(self._starts, start), bisect_right(self._starts, end)
        inside = [m for m in self.mentions[low:high] if m.end <= end and m.actor]
        for mention in inside:
            if mention.kind is ActorKind.PERSON and not self._dependent(mention, speaker):
                return mention.actor
        inside.sort(key=lambda mention: mention.form is MentionForm.ADJECTIVE)  # 'das UN-Büro OCHA'
        for kind in _INSTITUTIONS:
            for mention in inside:
                if mention.kind is kind and self._speaks_for(mention, speaker):
                    return mention.actor
        return None

    def _speaks_for(self, mention: Mention, speaker: Range) -> bool:
        """Whether what a phrase says is said by the body or state it names.

        'Die russische Regierung' speaks for the state, 'ein Sprecher der Polizei' for
        the police, 'ein Bewohner von Kiew' for nobody but himself.
        """
        low, high = self.layout.span(mention.start, mention.end)
        lower, words = self.layout.lower, self.layout.words
        first = speaker[0] + (lower[speaker[0]] in german.DETERMINERS | _ARTICLES)
        rest = [words[k] for k in range(first, speaker[1]) if not low <= k < high]
        rest = [word for word in rest if word[0].isalnum()]
        nouns = [word for word in rest if word[0].isupper()]
        compound = self.layout.tokens[high - 1].end > mention.end
        if compound:  # 'US-Beamter', 'US-Regierung'
            nouns.append(words[high - 1])
            rest.append(words[high - 1])
        small = {word.lower() for word in rest}
        bodies = any(german.names_body(word) for word in nouns) or small & english.BODIES
        first_of_several = first == low and high < speaker[1] and lower[high] in _STOPS
        if not rest or first_of_several:
            return True
        inner = next((k for k in range(first, low) if lower[k] in german.PREPOSITIONS), None)
        if inner is not None and not any(words[k][0].isupper() for k in range(first, inner)):
            return False  # 'die von X geführte Behörde': the head is behind its attribute
        if mention.kind is ActorKind.ORGANISATION:
            delegates = any(german.names_delegate(word) for word in nouns)
            return bool(bodies) or delegates or (first == low and not compound)
        place = mention.kind is ActorKind.PLACE and self._dependent(mention, speaker)
        if place or self._located(low, speaker):
            # 'das Außenministerium in Moskau' is Moskau; 'die Universität in Moskau' is not.
            return any(german.names_government(word) for word in nouns)
        if small & english.OWN_VOICE or any(
            german.names_body(word) and not german.speaks_for_state(word) for word in nouns
        ):
            return False  # 'die russische Polizei' is not Russia
        return bool(bodies)

    def _located(self, low: int, speaker: Range) -> bool:
        """Whether 'in' stands before a name: 'die Parteien in Pakistan', 'in der Ukraine'."""
        before = self.layout.lower[max(speaker[0], low - 2) : low]
        return bool(before) and ("im" in before[-1:] or "in" in before)

    def _dependent(self, mention: Mention, speaker: Range) -> bool:
        """Whether a name only modifies: 'Putins Sprecher', 'der Berater von Angela Merkel'."""
        low, high = self.layout.span(mention.start, mention.end)
        lower, words = self.layout.lower, self.layout.words
        first = low
        while first > speaker[0] + 1 and _INFLECTED.search(words[first - 1]):
            first -= 1  # 'des russischen Ministers'
        before = lower[first - 1] if first > speaker[0] else ""
        if first - 1 == speaker[0] and before in _DEFINITE:  # 'der Minister'
            before = ""
        if before in _DEPENDENT or before in german.PREPOSITIONS:
            return True
        if high >= speaker[1] or lower[high] in _STOPS:
            return self._owns(mention, speaker)
        return words[high - 1].endswith("s") or lower[high] in {"'s", "’s", "'", "’"}

    def _owns(self, mention: Mention, speaker: Range) -> bool:
        """Whether the name that ends a phrase is a genitive: 'die Anwälte Meiers'.

        An article before a title leaves the name as it is ('der Minister Meier'), and the report
        tells elsewhere that the last letter is no part of it.
        """
        low, high = self.layout.span(mention.start, mention.end)
        lower = self.layout.lower
        if low <= speaker[0] or lower[speaker[0]] not in german.DETERMINERS:
            return False
        if not lower[high - 1].endswith("s"):
            return False
        plain = lower[high - 1][:-1]
        return any(
            lower[self.layout.span(one.start, one.end)[1] - 1] == plain
            for one in self.mentions
            if one.actor == mention.actor
        )

    # -- from what went before ----------------------------------------------------------------

    def _meant(self, speaker: Range, unit: int) -> str | None:
        low, high = speaker
        lower = self.layout.lower
        if high - low == 1 and lower[low] in _PRONOUNS:
            return self._antecedent(low, _PRONOUNS[lower[low]], unit)
        if 1 < high - low <= _LONGEST and lower[low] in _DEFINITE:
            return (
                self._office(high - 1)
                or self._described(high - 1, unit)
                or self._body(high - 1, unit)
            )
        if high - low == 1:  # 'laut Verteidigungsministerium'
            return self._body(low, unit)
        return None

    def _antecedent(self, token: int, gender: Gender, spoken: int) -> str | None:
        """The one person before ``token`` whom a pronoun of this gender can mean."""
        at = self.layout.tokens[token].start
        unit = bisect_right(self._unit_starts, at) - 1
        for back in range(_REACH + 1):
            if unit - back < 0:
                break
            people = self._people(self._unit_starts[unit - back], at)
            fitting = [actor for actor in people if self._genders.get(actor, gender) is gender]
            sure = [actor for actor in fitting if actor in self._genders]
            if gender is Gender.SHE and not sure:
                if fitting and not back and self._last not in fitting:
                    return None  # 'Kim Lee, …, sagte: „…“, betonte sie': hardly who spoke before
                fitting = [actor for actor in fitting if actor == self._last]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                return self._last if self._last in fitting else None
        goes_on = spoken - self._last_unit <= _REACH and self._last in self._people_known
        if goes_on and self._last and self._genders.get(self._last, Gender.HE) is gender:
            return self._last
        return None

    def _people(self, start: int, end: int) -> list[str]:
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        people = [
            m.actor
            for m in self.mentions[low:high]
            if m.kind is ActorKind.PERSON and m.actor and m.end <= end
        ]
        return list(dict.fromkeys(people))

    def _office(self, noun: int) -> str | None:
        """'der Minister', after one minister was named: 'Außenminister X'."""
        word = self.layout.lower[noun]
        if not german.names_person(word):
            return None
        at = self.layout.tokens[noun].start
        holders: set[str] = set()
        for mention in self.mentions[: bisect_left(self._starts, at)]:
            low, _ = self.layout.span(mention.start, mention.end)
            person = mention.kind is ActorKind.PERSON and mention.actor
            if person and any(title.endswith(word) for title in self._titles(low)):
                holders.add(person)
        return holders.pop() if len(holders) == 1 else None

    def _described(self, noun: int, unit: int) -> str | None:
        """'die SPD-Politikerin', 'der 62-Jährige': the person of that gender just spoken of."""
        word = self.layout.lower[noun]
        if not word.endswith(german.DESCRIPTIONS):
            return None
        she = word.endswith("in") or (word.endswith("e") and self.layout.lower[noun - 1] == "die")
        return self._antecedent(noun, Gender.SHE if she else Gender.HE, unit)

    def _body(self, noun: int, unit: int) -> str | None:
        """'das Ministerium', 'das Blatt', 'das Bündnis': the body of that kind spoken of before."""
        word = self.layout.lower[noun]
        medium = german.names_medium(word)
        if not medium and not german.names_body(word):
            return None
        at = self.layout.tokens[noun].start
        before = self.mentions[: bisect_left(self._starts, at)]
        if not german.speaks_for_state(word):
            # 'die Polizei' is not Iran, though 'iranische Polizei' stands before
            before = [m for m in before if m.kind is ActorKind.ORGANISATION]
        named = {m.actor for m in before if m.actor and self._is_called(m, word)}
        if named:
            return named.pop() if len(named) == 1 else None
        if medium:
            if not word.startswith(german.MEDIA + german.KINDS_OF_MEDIA):
                return None  # 'die Ärztezeitung' is itself a name
            papers = [m.actor for m in before if self._is_body(m) and self._is_medium(m)]
            return papers[-1] if papers else None
        if word.endswith(german.COMPANY):
            start = self._unit_starts[max(0, unit - _REACH)]
            near = [m for m in before if m.start >= start]
            found = {m.actor for m in near if self._is_body(m) and not self._is_medium(m)}
        elif german.names_government(word):
            near = [m for m in before if m.start >= self._unit_starts[unit]]
            found = {m.actor for m in near if m.actor and self._governs(m)}
        else:
            return None
        return found.pop() if len(found) == 1 else None

    @staticmethod
    def _is_body(mention: Mention) -> bool:
        return mention.kind is ActorKind.ORGANISATION and mention.actor is not None

    def _governs(self, mention: Mention) -> bool:
        """Whether a mention is of a state by its government: 'US-Regierung', 'Wiener Führung'."""
        _, high = self.layout.span(mention.start, mention.end)
        last = self.layout.words[high - 1 : high + 1]
        adjective = mention.form is MentionForm.ADJECTIVE
        return adjective and any(german.names_government(word) for word in last)

    def _is_called(self, mention: Mention, word: str) -> bool:
        """Whether a noun that ends with ``word`` goes with a name: 'russische Ministerium'."""
        if mention.kind is ActorKind.PERSON or mention.form is MentionForm.PRONOUN:
            return False
        low, high = self.layout.span(mention.start, mention.end)
        lower = self.layout.lower
        endings = (word, word + "s", word + "es", word.removesuffix("es"), word.removesuffix("s"))
        if any(lower[k].endswith(endings) for k in range(low, high)):
            return True
        if high < len(lower) and mention.form is MentionForm.ADJECTIVE:
            return lower[high].endswith(endings)
        if mention.kind is ActorKind.PLACE and low > 1 and lower[low - 1] == "in":
            return german.names_government(word) and lower[low - 2].endswith(endings)
        return False

    def _is_medium(self, mention: Mention) -> bool:
        low, high = self.layout.span(mention.start, mention.end)
        words = self.layout.words
        if any(german.names_medium(words[k]) for k in range(low, high)):
            return True
        k = low - 1
        while k >= 0 and not words[k][0].isalnum():  # the mark that opens a title
            k -= 1
        return k >= 0 and german.names_medium(words[k])

    def _titles(self, low: int) -> list[str]:
        """The nouns right before a name."""
        titles: list[str] = []
        k = low - 1
        while k >= 0 and k > low - 4 and self.layout.words[k][0].isupper():
            titles.append(self.layout.lower[k])
            k -= 1
        return titles

    def _gendered(self) -> dict[str, Gender]:
        """Genders that titles and articles before names show."""
        genders: dict[str, Gender] = {}
        for mention in self.mentions:
            if mention.kind is not ActorKind.PERSON or not mention.actor:
                continue
            low, high = self.layout.span(mention.start, mention.end)
            if high - low == 1 and self.layout.lower[low] in _PRONOUNS:
                genders.setdefault(mention.actor, _PRONOUNS[self.layout.lower[low]])
                continue
            names = self.layout.lower[low:high]
            for title in [*self._titles(low), *names[:-1]]:
                if title in {"frau", "mrs", "ms"} or (
                    title.endswith("in") and german.names_person(title)
                ):
                    genders[mention.actor] = Gender.SHE
                elif title in {"herr", "mr"} or german.names_person(title):
                    genders.setdefault(mention.actor, Gender.HE)
        return genders
