"""German phrases of saying without a verb: 'laut X', 'nach Angaben von X', ', so X', 'hieß es'."""

from __future__ import annotations

from digests.nlp.statements import german
from digests.nlp.statements.frames import Frame, Side
from digests.nlp.statements.layout import Layout, Segment, Unit
from digests.nlp.statements.people import People
from digests.nlp.statements.phrases import Phrase, Phrases
from digests.nlp.statements.utterance import Range
from digests.nlp.statements.verbs import CUES


class Sources:
    """Finds the phrases of saying of one layout."""

    def __init__(self, layout: Layout, phrases: Phrases, people: People) -> None:
        """All of the same document."""
        self.layout = layout
        self.phrases = phrases
        self.people = people

    def sources(self, unit: Unit, segments: tuple[Segment, ...]) -> list[Frame]:
        """'laut X', 'nach Angaben von X', 'X zufolge', ', so X', 'heißt es in X', 'demnach'."""
        found: list[Frame] = []
        lower = self.layout.lower
        for number, segment in enumerate(segments):
            if segment.quote >= 0:
                continue
            i = segment.low
            while i < segment.high:
                if self.layout.within[i] >= 0 and lower[i] != "so":
                    i += 1
                    continue
                frame = self._source(i, segment, number, segments, unit)
                if frame:
                    found.append(frame)
                    i = max(frame.high, i + 1)
                else:
                    i += 1
        return found

    def _source(
        self, i: int, segment: Segment, number: int, segments: tuple[Segment, ...], unit: Unit
    ) -> Frame | None:
        word = self.layout.lower[i]
        if word in {"laut", "gemäß"}:
            return self._according(i, i + 1, segments, number)
        if word == "nach":
            return self._after_words_of(i, segments, number)
        if word == "zufolge":
            return self._to_judge(i, segment)
        if word in {"heißt", "hieß"} and "es" in self.layout.lower[i + 1 : i + 3]:
            return self._it_says(i, segments, number)
        if word == "geheißen" and "es" in self.layout.lower[max(segment.low, i - 3) : i]:
            return self._it_says(i, segments, number)
        if word in {"steht", "stand"}:
            return self._written(i, segments, number)
        opening = self.layout.lower[segment.low : segment.low + 2]
        if word in {"heißt", "hieß"} and i == segment.high - 1 and opening == ["wie", "es"]:
            return self._it_says(i, segments, number) if number else None
        if word == "so" and i == segment.low and (number or unit.low == i):
            return self._so(i, segment, segments, number)
        if word in {"demnach", "wonach"} and i <= segment.low + 1:
            return Frame(i, i + 1, Side.AROUND, (i, i + 1), None, carried=word == "demnach")
        return None

    def _according(
        self, low: int, start: int, segments: tuple[Segment, ...], number: int
    ) -> Frame | None:
        limit = self.people.limit(segments, number)
        phrase = self.phrases.noun_phrase(start, limit, attach=False)
        if phrase is None or german.names_time(self.layout.words[phrase.head]):
            return None
        return self._with_words_of(low, start, phrase, segments, number)

    def _with_words_of(
        self, low: int, start: int, phrase: Phrase, segments: tuple[Segment, ...], number: int
    ) -> Frame:
        """Make the frame; 'Angaben der Polizei' is said by the police."""
        lower = self.layout.lower
        head = self._attribution(phrase)
        cue = (low, start)
        speaker = (phrase.low, phrase.high)
        own = not {"eigenen", "eigener", "eigenem"}.isdisjoint(lower[phrase.low : phrase.high])
        if own:
            subject = self.people.clause_subject(segments, number, low, phrase.high)
            return Frame(low, phrase.high, Side.AROUND, (low, phrase.high), subject)
        if head is not None and lower[head].endswith(german.BARE_ATTRIBUTION):
            rest = head + 1
            if rest < phrase.high and lower[rest] in {"von", "vom", "aus"}:
                rest += 1
            if rest < phrase.high:
                cue, speaker = (low, head + 1), (rest, phrase.high)
                inner = self.phrases.noun_phrase(rest, phrase.high)
                if inner:
                    speaker = (inner.low, phrase.high)
        return Frame(low, phrase.high, Side.AROUND, cue, speaker)

    def _attribution(self, phrase: Phrase) -> int | None:
        for k in range(phrase.low, phrase.high):
            if self.layout.lower[k].endswith(german.ATTRIBUTION) and self.phrases.is_noun(k):
                return k
            if k > phrase.low + 4:
                break
        return None

    def _after_words_of(self, i: int, segments: tuple[Segment, ...], number: int) -> Frame | None:
        """'nach Angaben der Polizei'; or behind its noun: 'seiner Meinung nach'."""
        limit = self.people.limit(segments, number)
        phrase = self.phrases.noun_phrase(i + 1, limit, attach=False)
        if phrase is not None:
            head = self._attribution(phrase)
            if head is not None and head <= phrase.core:
                return self._with_words_of(i, i + 1, phrase, segments, number)
            return None
        low = segments[number].low
        for k in range(max(low, i - 6), i):
            before = self.phrases.noun_phrase(k, i)
            if before and before.high == i and self._attribution(before) is not None:
                speaker: Range | None = (before.low, before.high)
                return Frame(k, i + 1, Side.AROUND, (k, i + 1), speaker)
        return None

    def _to_judge(self, i: int, segment: Segment) -> Frame | None:
        """'X zufolge': the longest phrase that ends right before it."""
        for k in range(max(segment.low, i - 14), i):
            phrase = self.phrases.noun_phrase(k, i)
            if phrase and phrase.high == i and phrase.article not in {"die", "das", "ein", "eine"}:
                head = self._attribution(phrase)
                speaker = (phrase.low, phrase.high)
                if (
                    head is not None
                    and head + 1 < i
                    and self.layout.lower[head].endswith(german.BARE_ATTRIBUTION)
                ):
                    rest = head + 1 + (self.layout.lower[head + 1] in {"von", "vom", "aus"})
                    speaker = (rest, i) if rest < i else speaker
                return Frame(k, i + 1, Side.AROUND, (i, i + 1), speaker)
        return None

    def _it_says(self, i: int, segments: tuple[Segment, ...], number: int) -> Frame | None:
        """'hieß es in dem Schreiben', 'In dem Bericht heißt es', 'wie es aus Kreisen … hieß'."""
        lower, segment = self.layout.lower, segments[number]
        verb = i
        speaker = None
        for k in range(segment.low, segment.high):
            if (
                lower[k] in {"in", "im", "aus", "von", "vom", "auf", "beim", "bei", "seitens"}
                and k != verb
            ):
                phrase = self.phrases.noun_phrase(k + 1, segment.high)
                if phrase and not german.names_time(self.layout.words[phrase.head]):
                    speaker = (phrase.low, phrase.high)
                    break
        first = segment.low + (lower[segment.low] in {"so", "wie"})
        behind = number > 0 and (verb <= first or lower[segment.low] == "wie")
        if behind and speaker is None and (source := self._fronted(segments, number)):
            return Frame(segments[0].low, segment.high, Side.AFTER, (verb, verb + 1), source)
        side = Side.BEFORE if behind else Side.AFTER
        return Frame(
            segment.low, segment.high, side, (verb, verb + 1), speaker, carried=speaker is None
        )

    def _written(self, i: int, segments: tuple[Segment, ...], number: int) -> Frame | None:
        """'In dem Bericht steht, dass …'."""
        segment, following = segments[number], segments[number + 1 : number + 2]
        says = following and (
            self.layout.lower[following[0].low] in {"dass", "daß"} or following[0].mark == ":"
        )
        source = self.people.cited_in(segment.low, segment.high, told=True) if says else None
        if source is None:
            return None
        return Frame(segment.low, segment.high, Side.AFTER, (i, i + 1), source)

    def _fronted(self, segments: tuple[Segment, ...], number: int) -> Range | None:
        """'In dem Bericht, der nun vorliegt, heißt es …': what stands first says it."""
        between = segments[1:number]
        if not between or not all(self.people.clauses.is_relative(item) for item in between):
            return None
        low = segments[0].low
        if self.layout.lower[low] not in {"in", "im", "aus", "auf"}:
            return None
        phrase = self.phrases.noun_phrase(low + 1, segments[0].high)
        whole = phrase is not None and phrase.high == segments[0].high
        return (phrase.low, phrase.high) if phrase and whole else None

    def _so(
        self, i: int, segment: Segment, segments: tuple[Segment, ...], number: int
    ) -> Frame | None:
        """', so Kirby weiter' and 'so der Bericht': no verb, only who said it."""
        phrase = self.phrases.noun_phrase(i + 1, self.people.limit(segments, number))
        pronoun = self.layout.lower[i + 1 : i + 2]
        if phrase is None and not (pronoun and pronoun[0] in {"er", "sie", *german.LATTER}):
            return None
        low, high = (phrase.low, phrase.high) if phrase else (i + 1, i + 2)
        end = max(segment.high, high)
        rest = self.layout.lower[high:end]
        if any(word in german.FINITE_COMMON or word in CUES for word in rest):
            return None
        named = any(self.phrases.is_noun(k) for k in range(low, high)) or phrase is None
        if not named or not self.people.can_speak(low, high):
            return None
        return Frame(i, end, Side.AROUND, (i, i + 1), (low, high))
