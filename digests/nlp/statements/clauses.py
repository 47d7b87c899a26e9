"""What kind of clause a German segment is, told by its first word, its last, and its verbs."""

from __future__ import annotations

from digests.nlp.statements import german
from digests.nlp.statements.layout import Layout, Segment
from digests.nlp.statements.phrases import Phrases
from digests.nlp.statements.verbs import CUES, Form


class Clauses:
    """Judges the clauses of one layout."""

    def __init__(self, layout: Layout, phrases: Phrases) -> None:
        """Both of the same document."""
        self.layout = layout
        self.phrases = phrases

    def verbal(self, i: int) -> bool:
        """Whether the token ``i`` is a finite verb, among those known."""
        lower = self.layout.lower[i]
        if self.layout.words[i][0].isupper():
            return False
        if lower in german.FINITE_COMMON:
            return True
        return any(c.form in Form.FINITE | Form.JOINED for c in CUES.get(lower, ()))

    def is_relative(self, segment: Segment) -> bool:
        """Whether a segment is a relative clause: its pronoun first, its verb last."""
        lower = self.layout.lower
        first = segment.low
        if lower[first] in german.PREPOSITIONS and first + 1 < segment.high:
            first += 1
        if segment.mark != "," or lower[first] not in german.RELATIVE:
            return False
        last = segment.high - 1
        if self.phrases.is_noun(last) or last <= first or self._has_infinitive(first, last):
            return False
        early = any(
            german.subjunctive(lower[k]) or lower[k] in german.PAST_SUBJUNCTIVE
            for k in range(first, last)
        )
        return not early and not self._verb_second(first, last)

    def _has_infinitive(self, low: int, high: int) -> bool:
        """Whether 'zu' stands before a verb, and not before a noun ('zu diesem Schritt')."""
        lower = self.layout.lower
        return any(
            lower[k] == "zu"
            and lower[k + 1] not in german.DETERMINERS
            and not any(self.phrases.is_noun(m) for m in range(k + 1, min(k + 3, high)))
            for k in range(low, high)
        )

    def _verb_second(self, first: int, last: int) -> bool:
        """', die Schulen blieben offen', ', die USA mögen helfen': the verb is not the last."""
        lower = self.layout.lower
        if lower[last] in german.FINITE_COMMON or lower[last] in CUES:
            return False
        if any(lower[k] in german.MODAL for k in range(first, last)):
            return True
        phrase = self.phrases.noun_phrase(first, last)
        return phrase is not None and self.verbal(phrase.high)

    def has_verb(self, segment: Segment) -> bool:
        """Whether a segment seems to hold a finite verb."""
        lower, words = self.layout.lower, self.layout.words
        return any(
            words[k][0].islower()
            and (lower[k] in german.FINITE_COMMON or lower[k] in CUES or self._preterite(lower[k]))
            for k in range(segment.low, segment.high)
        )

    def clause_like(self, segment: Segment) -> bool:
        """Whether an unknown verb seems to follow the first phrase of a segment."""
        phrase = self.phrases.noun_phrase(segment.low, segment.high)
        low = (
            phrase.high
            if phrase
            else segment.low + (self.layout.lower[segment.low] in german.PERSONAL)
        )
        if low == segment.low or low >= segment.high:
            return False
        word = self.layout.words[low]
        small = german.PREPOSITIONS | german.COORDINATORS | german.ADVERBS | german.DETERMINERS
        return word.isalpha() and word.islower() and word not in small

    @staticmethod
    def _preterite(word: str) -> bool:
        return len(word) > 5 and word.endswith(("te", "ten", "tete", "teten"))

    def infinitive(self, segment: Segment) -> bool:
        """Whether a segment is an infinitive with 'zu' that can be what was said."""
        lower = self.layout.lower
        if lower[segment.low] in {"um", "ohne", "anstatt", "statt"}:
            return False
        for k in range(segment.low, segment.high):
            if (
                lower[k] == "zu"
                and k + 1 < segment.high
                and lower[k + 1].endswith("n")
                and not self.phrases.is_noun(k + 1)
            ):
                return not lower[k + 1].endswith("den")
        last = lower[segment.high - 1]
        prefixes = (
            "ab",
            "an",
            "auf",
            "aus",
            "bei",
            "durch",
            "ein",
            "fest",
            "fort",
            "her",
            "hin",
            "los",
            "mit",
            "nach",
            "nieder",
            "um",
            "vor",
            "weg",
            "weiter",
            "wieder",
            "wahr",
            "zurück",
            "zusammen",
            "zu",
            "teil",
            "bekannt",
            "frei",
            "heraus",
            "herbei",
            "sicher",
            "statt",
            "unter",
            "über",
            "voran",
        )
        if "zu" in last[2:] and last.endswith("n"):
            return any(last.startswith(prefix + "zu") for prefix in prefixes)
        return False

    def begins_with_verb(self, segment: Segment) -> bool:
        """Whether a segment begins with what can only be a verb."""
        word = self.layout.words[segment.low]
        small = self.layout.lower[segment.low] in german.SMALL_WORDS - german.HAVE - german.BECOME
        return word.isalpha() and word.islower() and not small

    def verb_first(self, segment: Segment) -> bool:
        """Whether a segment begins with a finite verb: one that is known, or a preterite."""
        preterite = self._preterite(self.layout.words[segment.low])
        return self.begins_with_verb(segment) and (preterite or self.verbal(segment.low))

    def begins_with_adverb(self, segment: Segment) -> bool:
        """'damit solle X', 'seitdem habe Y': the verb is second, so no conjunction stands first."""
        low = segment.low
        adverb = self.layout.lower[low] in german.ADVERBS
        return adverb and low + 1 < segment.high and self.verbal(low + 1)

    def prepositional(self, segment: Segment) -> bool:
        """Whether a segment begins with a preposition and holds no verb: 'In dem Streit um X'."""
        return self.layout.lower[segment.low] in german.PREPOSITIONS and not self.has_verb(segment)

    def fronted(self, segment: Segment, number: int) -> bool:
        """Whether a first segment is a clause or prepositional phrase before the finite verb."""
        lower = self.layout.lower
        first = segment.low
        if lower[first] in german.ADVERBIAL_CLAUSE - german.PREPOSITIONS and number == 1:
            return not self.verbal(min(first + 1, segment.high - 1))
        while first < segment.high and lower[first] in german.ADVERBS | german.COORDINATORS:
            first += 1
        if first >= segment.high or lower[first] not in german.PREPOSITIONS:
            return False
        phrase = self.phrases.noun_phrase(first + 1, segment.high)
        return phrase is not None and phrase.high >= segment.high
