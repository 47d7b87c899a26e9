"""Subjects and hearers of German clauses: who says it, and to whom.

A subject stands before the finite verb, or behind it where something else
stands there, or behind the conjunction of a subordinate clause. Articles tell
which phrase can be a subject; offices, bodies and names tell who can speak.
"""

from __future__ import annotations

from digests.nlp.statements import german
from digests.nlp.statements.clauses import Clauses
from digests.nlp.statements.layout import Layout, Segment
from digests.nlp.statements.phrases import Phrase, Phrases
from digests.nlp.statements.utterance import Range


class People:
    """Finds who acts in the clauses of one layout."""

    def __init__(self, layout: Layout, phrases: Phrases, clauses: Clauses) -> None:
        """All of the same document."""
        self.layout = layout
        self.phrases = phrases
        self.clauses = clauses

    def of_clause(
        self,
        low: int,
        segment: Segment,
        segments: tuple[Segment, ...],
        number: int,
        finite: int,
        verb: int,
        *,
        fronted: bool,
    ) -> tuple[Range | None, Range | None]:
        """Subject and addressee of a clause of saying."""
        limit = self.limit(segments, number)
        lower = self.layout.lower
        relative = low == segment.low and self.clauses.is_relative(segment)
        relative = relative and (finite > low + 1 or finite + 1 == segment.high)
        main = fronted and not (relative and finite > low + 1)
        if main and finite > low and lower[low] not in german.CLAUSE_STARTERS:
            subject = self.front(low, finite)
            if subject and not self._object_first(subject, finite, segment):
                return subject, self._addressee(finite + 1, segment.high, subject)
        start = finite + 1
        begins = lower[low] in german.CLAUSE_STARTERS and low >= segment.low
        if begins and (self._in_the_capacity(low, finite) or self._only_a_phrase(low, finite)):
            begins = False
        if relative and finite == low + 1 and lower[low] in german.LEADING:
            return self._antecedent(segments, number), None
        if (relative or begins) and finite > low + 1:  # verb last
            start = low + 1 + (relative and lower[low] in german.PREPOSITIONS)
            limit = min(verb, finite)
            inside = self.behind(start, limit, segment.high)
            leads = relative and lower[low] in german.LEADING
            if leads and (lower[low] == "der" or inside is None or not self.can_speak(*inside)):
                return self._antecedent(segments, number), None
            return inside, self._addressee(start, limit, inside)
        subject = self.behind(start, limit, segment.high)
        return subject, self._addressee(start, segment.high, subject)

    def _in_the_capacity(self, low: int, finite: int) -> bool:
        """'Als Antwort sagte der Sprecher': no clause, and its noun no subject."""
        if self.layout.lower[low] != "als":
            return False
        if self.layout.lower[finite + 1 : finite + 2] in (["er"], ["sie"], ["man"]):
            return True
        phrase = self.phrases.noun_phrase(low + 1, finite)
        return (
            phrase is not None
            and (phrase.high == finite or self.layout.lower[phrase.high] in german.PREPOSITIONS)
            and not phrase.article
            and not self.can_speak(low + 1, phrase.high)
        )

    def _only_a_phrase(self, low: int, finite: int) -> bool:
        """'Um 10 Uhr meldete X', 'Während der Sitzung sagte X': a preposition, no conjunction."""
        if self.layout.lower[low] not in german.PREPOSITIONS:
            return False
        phrase = self.phrases.noun_phrase(low + 1, finite)
        return phrase is not None and phrase.high == finite

    def limit(self, segments: tuple[Segment, ...], number: int) -> int:
        """How far a subject behind its verb may reach: over appositions, not over a colon."""
        end = segments[number].high
        for following in segments[number + 1 : number + 3]:
            if following.quote >= 0 or following.mark != ",":
                break
            end = following.high
        return end

    def front(self, low: int, finite: int) -> Range | None:
        """The subject before the finite verb, unless something else stands there."""
        lower = self.layout.lower
        i = low
        while i < finite and (
            lower[i] in german.COORDINATORS | german.REFLEXIVE
            or (lower[i] in german.ADVERBS and not self.phrases.names[i])
            or self.layout.words[i] in {",", "–"}
        ):
            i += 1
        if i >= finite:
            return None
        if lower[i] in german.PRONOUNS and (
            i + 1 == finite
            or (not self.phrases.is_noun(i + 1) and self.phrases.noun_phrase(i, finite) is None)
        ):
            return i, i + 1
        if i + 1 == finite and lower[i].endswith(german.ADVERBIAL) and not self.phrases.names[i]:
            return None  # 'Ausdrücklich sagte der Verband', 'Jahrelang bestritt …'
        if lower[i] in german.CLAUSE_STARTERS and not self.phrases.names[i]:
            return None
        prepositional = lower[i] in german.PREPOSITIONS and not self.phrases.names[i]
        if prepositional or lower[i] in {"dem", "den", "einem", "ihm", "ihnen"}:
            return None  # but 'Von der Leyen sagte'
        phrase = self.phrases.noun_phrase(i, finite)
        comma = next((k for k in range(i, finite) if self.layout.words[k] == ","), i)
        if phrase is None and self.phrases.bare(i, comma):
            return i, comma
        if phrase is None or german.names_time(self.layout.words[phrase.head]):
            return None
        if phrase.high < finite and self.layout.words[phrase.high] == ",":
            last = self.phrases.noun_phrase(phrase.high + 1, finite)
            if last and last.high == finite and "und" in lower[last.low : finite]:
                return phrase.low, finite
        return phrase.low, phrase.high

    def _object_first(self, subject: Range, finite: int, segment: Segment) -> bool:
        """Whether what stands first is the object: a personal pronoun or name follows the verb."""
        lower = self.layout.lower
        follow = finite + 1
        if follow >= segment.high:
            return False
        if lower[follow] in {"er", "man", "wir", "ich"}:
            return True
        if lower[follow] == "sie":
            noun = self.layout.words[subject[1] - 1]
            return german.names_medium(noun) or not german.names_speaker(noun)
        front = self.phrases.noun_phrase(*subject)
        head = front.head if front else subject[1] - 1
        named = self.phrases.names[head] in {"PER", "ORG", "LOC"} or bool(front and front.person)
        front_named = named or german.names_speaker(self.layout.words[head])
        if front_named or (
            lower[subject[0]] in {"der", "ein", "dieser", "kein", "jeder", "sein", "ihr"}
            and not german.names_medium(self.layout.words[subject[1] - 1])
        ):
            return False
        phrase = self.phrases.noun_phrase(follow, segment.high)
        if phrase is None or phrase.article in {"dem", "den", "einem", "einen"}:
            return False
        word = self.layout.words[phrase.head]
        if phrase.person or german.names_person(word):
            return True
        # 'Die Zahl nannte die Polizei'; 'der Polizei' would be a dative.
        body = self.phrases.names[phrase.head] == "ORG" or german.names_speaker(word)
        return front is not None and phrase.article in {"die", "das"} and body

    def behind(self, start: int, limit: int, clause: int) -> Range | None:
        """The subject behind its verb: the first phrase that can be a nominative."""
        lower, words = self.layout.lower, self.layout.words
        i = start
        fallback: Range | None = None
        while i < min(limit, clause) and i - start < 30:
            word = lower[i]
            if self.layout.within[i] >= 0 and self.layout.stands_alone(self.layout.within[i]):
                i += 1
                continue
            if word in german.PERSONAL or (
                word in german.PRONOUNS
                and (i + 1 >= limit or not self.phrases.is_noun(i + 1))
                and self.phrases.noun_phrase(i, limit) is None
            ):
                return i, i + 1
            if word in german.PREPOSITIONS:
                inner = self.phrases.noun_phrase(i + 1, limit, attach=False)
                i = inner.high if inner and inner.person else self._past(inner, i + 1)
                continue
            if word in german.REFLEXIVE or (word in german.ADVERBS and not self.phrases.is_noun(i)):
                i += 1
                continue
            phrase = self.phrases.noun_phrase(i, limit, attach=False)
            if phrase is None:
                i += 1
                continue
            if phrase.high < limit and self._postposed(phrase.high, limit):
                i = phrase.high + 1
                continue
            if german.names_time(words[phrase.head]) and not self.phrases.names[phrase.head]:
                i = phrase.high
                continue
            if lower[phrase.head].endswith(german.ANNOUNCING) and not phrase.person:
                i = phrase.high  # 'skandierten Parolen wie …'
                continue
            if phrase.article in {
                "dem",
                "den",
                "des",
                "einem",
                "einen",
                "diesem",
                "diesen",
                "seinem",
                "ihrem",
            }:
                i = phrase.core
                continue
            if phrase.article == "der" and fallback is None and self._dative(phrase):
                fallback = (phrase.low, phrase.high)
                i = phrase.core
                continue
            return phrase.low, phrase.high
        return fallback

    def _postposed(self, i: int, high: int) -> bool:
        """Whether the preposition at ``i`` belongs to what stands before it: 'ihr gegenüber'."""
        word = self.layout.lower[i]
        if word == "zufolge":
            return True
        return word in {"gegenüber", "nach"} and self.phrases.noun_phrase(i + 1, high) is None

    def _dative(self, phrase: Phrase) -> bool:
        """'der Zeitung', 'der Agentur': feminine, so 'der' is no nominative."""
        return german.names_medium(self.layout.words[phrase.head])

    @staticmethod
    def _past(phrase: Phrase | None, otherwise: int) -> int:
        return phrase.core if phrase else otherwise

    def _antecedent(self, segments: tuple[Segment, ...], number: int) -> Range | None:
        """The noun phrase a relative clause belongs to: the last one before it."""
        if number == 0:
            return None
        before = segments[number - 1]
        for i in range(before.low, before.high):
            phrase = self.phrases.noun_phrase(i, before.high)
            if phrase and phrase.high == before.high:
                return phrase.low, phrase.high
        return None

    def _addressee(self, low: int, high: int, subject: Range | None) -> Range | None:
        """To whom: 'dem Sender BBC', 'gegenüber der Presse', 'im Gespräch mit …'."""
        lower, words = self.layout.lower, self.layout.words
        i = max(low, subject[1]) if subject and subject[0] >= low else low
        while i < high:
            if subject and subject[0] <= i < subject[1]:
                i = subject[1]
                continue
            if lower[i] == "gegenüber" or (
                lower[i] == "mit" and i and lower[i - 1] in {"gespräch", "interview"}
            ):
                phrase = self.phrases.noun_phrase(i + 1, high, attach=False)
                return (phrase.low, phrase.high) if phrase else None
            if lower[i] in german.PREPOSITIONS:
                skipped = self.phrases.noun_phrase(i + 1, high)
                i = skipped.high if skipped else i + 1
                continue
            phrase = self.phrases.noun_phrase(i, high, attach=False)
            if phrase is None:
                i += 1
                continue
            dative = phrase.article in german.DATIVE - {"einen"} and self._can_hear(phrase)
            if phrase.high < high and self._postposed(phrase.high, high):
                if lower[phrase.high] == "gegenüber":
                    return phrase.low, phrase.high
                return None
            if dative and not german.names_time(words[phrase.head]):
                return phrase.low, phrase.high
            i = phrase.high
        return None

    def is_medium(self, part: Range) -> bool:
        """Whether a phrase names a paper, an agency or a broadcaster."""
        return any(german.names_medium(self.layout.words[k]) for k in range(*part))

    def outlet(self, low: int, high: int) -> Range | None:
        """Where something appeared: 'in einem Gastkommentar für die Zeitung X'."""
        for i in range(low, high):
            if not (self.phrases.is_noun(i) and self.layout.lower[i].endswith(german.FORMATS)):
                continue
            for k in range(i + 1, min(i + 5, high - 1)):
                if self.layout.lower[k] in german.APPEARED_IN:
                    phrase = self.phrases.noun_phrase(k + 1, high, attach=False)
                    if phrase and self.is_medium((phrase.low, phrase.high)):
                        return phrase.low, phrase.high
        return None

    def _can_hear(self, phrase: Phrase) -> bool:
        """Whether a phrase names someone who can be spoken to."""
        head = self.layout.words[phrase.head]
        if phrase.article == "den" and not head.endswith("n") and not phrase.person:
            return head.endswith("USA")
        named = any(
            self.phrases.names[k] in {"PER", "ORG", "LOC"} for k in range(phrase.low, phrase.core)
        )
        return named or german.names_speaker(head) or german.names_medium(head)

    def can_speak(self, low: int, high: int) -> bool:
        """Whether a phrase names someone who can say something."""
        if any(self.phrases.names[k] for k in range(low, high)):
            return True
        if high - low == 1 and self.layout.lower[low] in german.PRONOUNS:
            return True
        if any(german.names_speaker(self.layout.words[k]) for k in range(low, high)):
            return True
        phrase = self.phrases.noun_phrase(low, high)
        abstract = phrase is not None and german.abstract(self.layout.words[phrase.head])
        return self.layout.lower[low] in german.DET_NOMINATIVE and not abstract

    def is_speaker(self, low: int, high: int) -> bool:
        """Whether a phrase is somebody who can go on: a name, an office, a body, 'er' or 'sie'."""
        if high - low == 1 and self.layout.lower[low] in {"er", "sie"}:
            return True
        phrase = self.phrases.noun_phrase(low, high)
        core = range(low, phrase.core if phrase else high)
        if any(self.phrases.names[k] in {"PER", "ORG", "LOC"} for k in core):
            return True
        return any(german.names_speaker(self.layout.words[k]) for k in core)

    def is_somebody(self, phrase: Phrase) -> bool:
        """Whether a phrase names a person or body, by name or by a noun for one."""
        named = any(self.phrases.names[k] in {"PER", "ORG"} for k in range(phrase.low, phrase.core))
        head = self.layout.words[phrase.head]
        return named or german.names_speaker(head) or german.names_body(head)

    def agent(self, low: int, high: int) -> Range | None:
        """'von X' of a passive."""
        for i in range(low, high - 1):
            if self.layout.lower[i] in {"von", "vom"}:
                phrase = self.phrases.noun_phrase(i + 1, high, attach=False)
                if phrase and not german.names_time(self.layout.words[phrase.head]):
                    return phrase.low, phrase.high
        return None

    def cited(
        self, subject: Range | None, finite: int, segment: Segment
    ) -> tuple[Range | None, Range | None]:
        """'zitierte die Agentur X den Minister': the object speaks, the subject passes it on."""
        if subject and subject[0] > finite + 1 and self.layout.lower[finite + 1] in {"ihn", "sie"}:
            return (finite + 1, finite + 2), subject
        i = max(finite + 1, subject[1] if subject else 0)
        while i < segment.high:
            if self.layout.lower[i] in german.PREPOSITIONS:
                i = self._past(self.phrases.noun_phrase(i + 1, segment.high, attach=False), i + 1)
                continue
            phrase = self.phrases.noun_phrase(i, segment.high, attach=False)
            if phrase and not german.names_time(self.layout.words[phrase.head]):
                return (phrase.low, phrase.high), subject
            i += 1
        for k in range(*(subject or (0, 0))):
            if subject and self._ends_a_medium(k, subject):
                return (k + 1, subject[1]), (subject[0], k + 1)
        return subject, None

    def _ends_a_medium(self, k: int, part: Range) -> bool:
        """Whether a medium's name ends at ``k`` and another's follows: 'die „Post“ Meyer'."""
        following = slice(k + 1, part[1])
        if k + 1 >= part[1] or "PER" not in self.phrases.names[following]:
            return self.layout.lower[k] in german.MEDIA_NAMES and k + 1 < part[1]
        quote = self.layout.within[k]
        ended = quote >= 0 and self.layout.quote_tokens[quote][1] == k + 1
        named = self.layout.lower[k].startswith("www.") or "." in self.layout.lower[k][1:-1]
        return ended or named or german.names_medium(self.layout.words[k])

    def cited_in(self, low: int, high: int, *, told: bool = False) -> Range | None:
        """The medium or text in which somebody is cited: 'wird X im Fachblatt „Y“ zitiert'.

        With ``told`` only a text that tells for itself: 'in dem Bericht wird vermutet'.
        """
        for k in range(low, high - 1):
            if self.layout.lower[k] in {"in", "im", "bei", "beim"}:
                phrase = self.phrases.noun_phrase(k + 1, high)
                if phrase and (self._tells(phrase) if told else self._prints(phrase)):
                    return phrase.low, phrase.high
        return None

    def _tells(self, phrase: Phrase) -> bool:
        """Whether a phrase is a text: 'einer Mitteilung der Firma'."""
        core = self.layout.lower[phrase.low : phrase.core]
        return any(word.endswith(german.FORMATS + german.TEXTS) for word in core)

    def _prints(self, phrase: Phrase) -> bool:
        """Whether a phrase names a medium, a body, or a text: 'einer Meldung der Firma'."""
        part = (phrase.low, phrase.high)
        head = self.layout.lower[phrase.head]
        named = self.phrases.names[phrase.head] in {"ORG", "MISC"}
        return named or self.is_medium(part) or head.endswith(german.FORMATS + german.TEXTS)

    def clause_subject(
        self, segments: tuple[Segment, ...], number: int, low: int, high: int
    ) -> Range | None:
        """The subject of the main clause around the tokens ``[low, high)``."""
        segment = segments[number]
        for finite in range(segment.low, segment.high):
            if self.clauses.verbal(finite) or (
                finite > segment.low and finite < low and not self.phrases.is_noun(finite)
            ):
                front = self.front(segment.low, finite) if finite <= low else None
                if front:
                    return front
                return self.behind(max(finite + 1, high), segment.high, segment.high)
        return self.behind(high, segment.high, segment.high)

    def subject(self, unit_low: int, unit_high: int) -> Range | None:
        """The likely subject of a clause without a verb of saying, whose words may follow."""
        whole = Segment(unit_low, unit_high, -1, "")
        for finite in range(unit_low, unit_high):
            if self.clauses.verbal(finite):
                front = self.front(unit_low, finite)
                if front and not self._object_first(front, finite, whole):
                    return front
                return self.behind(finite + 1, unit_high, unit_high)
        second = self._verb_behind_phrase(unit_low, unit_high)
        if second is not None:
            return self.behind(second + 1, unit_high, unit_high)
        return self.front(unit_low, min(unit_high, unit_low + 12))

    def _verb_behind_phrase(self, low: int, high: int) -> int | None:
        """The unknown verb behind an adverb or prepositional phrase: 'Dann lachte der Minister'."""
        lower, words = self.layout.lower, self.layout.words
        i = low
        while i < high and lower[i] in german.ADVERBS | german.COORDINATORS:
            i += 1
        if i < high and lower[i] in german.PREPOSITIONS:
            phrase = self.phrases.noun_phrase(i + 1, high)
            i = phrase.high if phrase else high
        verb = i > low and i < high and words[i].isalpha() and words[i].islower()
        return i if verb and lower[i] not in german.SMALL_WORDS else None
