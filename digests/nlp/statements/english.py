"""Utterances of an English document: a simpler counterpart of the German reader.

English keeps subject, verb, object in that order and has no mood of reported
speech, so a cue needs only its neighbours: who stands before it (or behind it,
after a quotation), and what follows as a clause.
"""

from __future__ import annotations

from typing import Final

from digests.nlp.statements.layout import TERMINAL, Layout, Segment, Unit
from digests.nlp.statements.lexicon import endings, listed
from digests.nlp.statements.utterance import Range, Utterance
from digests.types import SentenceKind, SpeechKind

_REGULAR: Final = endings(
    """
    add admit allege announce argue assert boast claim complain concede conclude confirm contend
    declare deny disclose emphasise emphasize exclaim explain inform insist joke maintain mention
    note observe pledge predict promise propose recall remark remind repeat reply report respond
    reveal state stress suggest testify tweet urge vow warn answer comment hint counter estimate
    """
)
_ALSO_NOUNS: Final = listed(
    "state report note claim answer comment reply hint promise vow pledge counter"
)
_IRREGULAR: Final = listed("say says said tell tells told write writes wrote admitted")
_BELIEFS: Final = listed("believe believes believed think thinks thought")
_TAKES_HEARER: Final = listed(
    "tell tells told inform informs informed warn warns warned remind reminds reminded"
)


def _forms(verb: str) -> tuple[str, ...]:
    """Base (unless it is a noun as well), third person and past of a regular verb."""
    stem = verb.removesuffix("e")
    past = stem + "ed"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    return (third, past) if verb in _ALSO_NOUNS else (verb, third, past)


_BASES: Final = frozenset(_REGULAR) | listed("say tell write believe think")
_CAUSES: Final = listed(
    "hear heard hears hearing let lets make makes made see saw seen watch help have had did does do"
)
CUES: Final = frozenset(form for verb in _REGULAR for form in _forms(verb)) | _IRREGULAR | _BELIEFS
"""Lower-case forms of verbs of saying."""

BODIES: Final = listed(
    """
    government ministry department office agency police army military court council commission
    parliament congress senate party company bank union committee administration embassy
    presidency kremlin
    """
)
"""Nouns of bodies that speak for their state or organisation."""
OWN_VOICE: Final = listed(
    "police court party company bank union committee prosecutors office agency"
)
"""Those of them whose words are not their state's."""

_HELPERS: Final = listed(
    "has have had also later then again previously earlier recently repeatedly already further"
)
_MODALS: Final = listed("would could should might may can must will not n't never cannot")
_BE: Final = listed("is are was were be been")
_VERBS: Final = _BE | listed("has have had do does did being") | (_MODALS - {"not", "never"})
_CONTRACTED: Final = listed("'s 're 've 'll 'd 'm ’s ’re ’ve ’ll ’d ’m")
_SMALL: Final = listed("and but or so yet")
_PREPOSITIONS: Final = listed(
    """
    in on at by after before during since for from with without amid despite as when while if
    because although though until under over according
    """
)
_PRONOUNS: Final = listed("he she they it we i who")
_DETERMINERS: Final = listed("the a an one its his her their")
_RELATIVE: Final = listed("who which whose whom where that")
_AUDIENCE: Final = listed("reporters journalists lawmakers parliament him them me us")
_TIMES: Final = listed(
    """
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow january
    february march april may june july august september october november december
    """
)
_TITLES: Final = endings(
    "film movie book novel titled called song album series named operation exercise so-called"
)


class EnglishReader:
    """Reads the utterances of one English document."""

    def __init__(self, layout: Layout) -> None:
        """Prepare ``layout``."""
        self.layout = layout
        self.found: list[Utterance] = []
        self.speaker: Range | None = None
        self.spoke = -99

    def read(self) -> list[Utterance]:
        """All utterances in the order of the text."""
        title_end = self.layout.document.title_end
        for number, unit in enumerate(self.layout.units):
            quoted = self.layout.within[unit.low] >= 0
            if self.layout.tokens[unit.low].start < title_end or (
                unit.kind is SentenceKind.HEADING and not quoted
            ):
                continue
            made = self._unit(number, unit)
            for utterance in made:
                utterance.unit = number
            self.found += made
            spoken = next((item.speaker for item in reversed(made) if item.speaker), None)
            if spoken:
                self.speaker, self.spoke = spoken, number
        return self.found

    def _unit(self, number: int, unit: Unit) -> list[Utterance]:
        segments = self.layout.segments(unit.low, unit.high)
        made: list[Utterance] = []
        for index, segment in enumerate(segments):
            if segment.quote >= 0:
                continue
            for i in range(segment.low, segment.high):
                if self.layout.within[i] >= 0 or self._covered(i, made):
                    continue
                word = self.layout.lower[i]
                if word in CUES:
                    made += self._cue(i, index, segments, unit)
                elif word == "according" and self.layout.lower[i + 1 : i + 2] == ["to"]:
                    made += self._according(i, index, segments, unit)
        made += self._loose(number, segments, made)
        for utterance in list(made):
            if utterance.kind is SpeechKind.INDIRECT:
                made += self._quoted_within(utterance)
        return made

    def _covered(self, i: int, made: list[Utterance]) -> bool:
        return any(low <= i < high for item in made for low, high in item.message)

    # -- cues ---------------------------------------------------------------------------------

    def _cue(
        self, i: int, index: int, segments: tuple[Segment, ...], unit: Unit
    ) -> list[Utterance]:
        lower = self.layout.lower
        segment = segments[index]
        before = lower[max(segment.low, i - 3) : i]
        if any(word in _MODALS | {"to"} for word in before):
            return []
        passive = any(word in _BE for word in before)
        speaker, low = self._subject(i, index, segments)
        if lower[i] in _BASES and any(word in _CAUSES | {"to"} for word in lower[low:i]):
            return []  # nobody said it: 'they want to hear the president say that'
        inverted = False
        if speaker is None or (i == segment.low and self._quote_before(index, segments)):
            behind = self._phrase(i + 1, segment.high)
            if behind and i == segment.low:
                speaker, inverted, low = self._extended(behind, index, segments), True, i
        if speaker is None or passive:
            return []
        cue = (i, i + 1)
        end = max(i + 1, speaker[1]) if inverted else i + 1
        hearer = self._hearer(i, end, segment) if lower[i] in _TAKES_HEARER else None
        after = self._after(end, index, segments, unit, hearer)
        if after:
            kind, message = after
            trailing = low > unit.low and self.layout.trim(unit.low, low)
            if (
                not trailing
                or kind is SpeechKind.INDIRECT
                or not self.layout.only_quotations(trailing)
            ):
                return [Utterance(kind, [message], speaker, cue, hearer)]
            return [
                Utterance(
                    kind, [*self.layout.only_quotations(trailing), message], speaker, cue, hearer
                )
            ]
        # In 'the road is closed, and Hall said why' the clause before is not Hall's.
        own = low > unit.low and lower[low - 1] not in _SMALL
        region = self.layout.trim(unit.low, low) if own else None
        if region and lower[i] not in _BELIEFS:
            quotes = self.layout.only_quotations(region)
            if quotes:
                return [Utterance(SpeechKind.DIRECT, quotes, speaker, cue, hearer)]
            if segment.mark == "," and region[1] - region[0] >= 2:
                if self._has_verb(*region):
                    return [Utterance(SpeechKind.INDIRECT, [region], speaker, cue, hearer)]
                rest = self.layout.trim(segment.high, unit.high)
                if rest and end >= segment.high:
                    return [Utterance(SpeechKind.INDIRECT, [region, rest], speaker, cue, hearer)]
        quoted = [
            self.layout.quote_tokens[q]
            for q in sorted({q for q in self.layout.within[i : segment.high] if q >= 0})
            if self._spoken(q)
        ]
        return [Utterance(SpeechKind.DIRECT, [part], speaker, cue, hearer) for part in quoted]

    def _quote_before(self, index: int, segments: tuple[Segment, ...]) -> bool:
        return index > 0 and segments[index - 1].quote >= 0

    def _subject(
        self, i: int, index: int, segments: tuple[Segment, ...]
    ) -> tuple[Range | None, int]:
        """The subject before the cue, and where its clause begins."""
        lower = self.layout.lower
        segment = segments[index]
        end = i
        while end > segment.low and (lower[end - 1] in _HELPERS or lower[end - 1].endswith("ly")):
            end -= 1
        if end > segment.low:
            start = segment.low
            for k in range(end - 1, segment.low - 1, -1):
                if lower[k] in _SMALL | {"that"} and k + 1 < end and self._verbal(segment.low, k):
                    start = k + 1
                    break
            while start < end and lower[start] in _SMALL:
                start += 1
            if start >= end or lower[start] in _PREPOSITIONS:
                return None, segment.low
            if lower[start] in {"who", "which", "that"}:
                return self._apposed(index, segments), segment.low
            return (start, end), start
        if lower[i - 1 : i] == ["and"] or index == 0:
            return None, segment.low
        subject = self._apposed(index, segments)
        return subject, subject[0] if subject else segment.low

    def _apposed(self, index: int, segments: tuple[Segment, ...]) -> Range | None:
        """'John Kirby, the spokesman, said': the phrases between commas before the cue."""
        high = low = None
        for k in range(index - 1, max(-1, index - 4), -1):
            segment = segments[k]
            if segment.quote >= 0 or segments[k + 1].mark not in {",", "–", "—", "-"}:
                break
            relative = self.layout.lower[segment.low] in _RELATIVE
            if self._verbal(segment.low, segment.high) and not relative:
                break
            if self.layout.lower[segment.low] in _PREPOSITIONS:
                break
            if not relative:
                high = segment.high if high is None else high
                low = segment.low
        return (low, high) if low is not None and high is not None else None

    def _phrase(self, low: int, high: int) -> Range | None:
        """A noun phrase that starts at ``low``: up to a time, a preposition of place, or a verb."""
        lower, words = self.layout.lower, self.layout.words
        i = low
        while i < high:
            word = lower[i]
            if word in _TIMES and words[i][0].isupper() and i > low:
                break
            if word in _PREPOSITIONS - {"for"} or word in _SMALL | _VERBS or word in {"that", "to"}:
                break
            if word.endswith("ly") and words[i][0].islower():
                break
            i += 1
        if i == low or not (words[low][0].isupper() or lower[low] in _PRONOUNS | _DETERMINERS):
            return None
        return low, i

    def _extended(self, phrase: Range, index: int, segments: tuple[Segment, ...]) -> Range:
        """The phrase with an apposition behind a comma: 'said John Kirby, the spokesman'."""
        if phrase[1] < segments[index].high or index + 1 >= len(segments):
            return phrase
        following = segments[index + 1]
        first = self.layout.lower[following.low]
        apposed = following.quote < 0 and following.mark == "," and first in {"the", "a", "an"}
        if apposed and not self._verbal(following.low, following.high):
            return phrase[0], following.high
        return phrase

    def _hearer(self, i: int, end: int, segment: Segment) -> Range | None:
        phrase = self._phrase(max(end, i + 1), segment.high)
        if (
            phrase is None
            and self.layout.words[i + 1 : i + 2]
            and self.layout.lower[i + 1] in _AUDIENCE
        ):
            return i + 1, i + 2
        return phrase

    def _after(
        self,
        start: int,
        index: int,
        segments: tuple[Segment, ...],
        unit: Unit,
        hearer: Range | None,
    ) -> tuple[SpeechKind, Range] | None:
        """What follows a clause of saying."""
        lower = self.layout.lower
        segment = segments[index]
        start = max(start, hearer[1]) if hearer else start
        for k in range(start, min(segment.high, start + 10)):
            if lower[k] in {"that", "whether"}:
                region = self.layout.trim(k, unit.high)
                return (SpeechKind.INDIRECT, region) if region else None
        behind = max(segment.high, start)
        following = next((s for s in segments if s.low >= behind), None)
        if following is not None and set(following.mark) & TERMINAL:
            following = None
        if following is not None and following.quote >= 0 and ":" not in following.mark:
            rest = segment.high - start
            if rest <= 8 and not self._verbal(start, segment.high):
                return SpeechKind.DIRECT, (following.low, following.high)
        if following is not None and ":" in following.mark and following.quote >= 0:
            return SpeechKind.DIRECT, (following.low, following.high)
        if (
            start < segment.high
            and lower[start] not in _PREPOSITIONS
            and self._verbal(start, segment.high)
        ):
            region = self.layout.trim(start, unit.high)
            return (SpeechKind.INDIRECT, region) if region else None
        return None

    def _according(
        self, i: int, index: int, segments: tuple[Segment, ...], unit: Unit
    ) -> list[Utterance]:
        segment = segments[index]
        phrase = self._phrase(i + 2, segment.high)
        if phrase is None:
            return []
        parts = [self.layout.trim(unit.low, i), self.layout.trim(phrase[1], unit.high)]
        message = [part for part in parts if part and part[1] - part[0] > 1]
        if not message:
            return []
        quotes = [self.layout.only_quotations(part) for part in message]
        if all(quotes):
            return [
                Utterance(
                    SpeechKind.DIRECT, [q for part in quotes for q in part], phrase, (i, i + 2)
                )
            ]
        return [Utterance(SpeechKind.INDIRECT, message, phrase, (i, i + 2))]

    # -- quotations ---------------------------------------------------------------------------

    def _loose(
        self, number: int, segments: tuple[Segment, ...], made: list[Utterance]
    ) -> list[Utterance]:
        loose: list[Utterance] = []
        for segment in segments:
            if segment.quote < 0 or self._covered(segment.low, made):
                continue
            if not self._spoken(segment.quote) or not self.layout.stands_alone(segment.quote):
                continue
            speaker = next((item.speaker for item in reversed(made) if item.speaker), None)
            if speaker is None and ":" in segment.mark:
                speaker = self._phrase(segments[0].low, segments[0].high)
            if speaker is None and number - self.spoke <= 3:
                speaker = self.speaker
            loose.append(Utterance(SpeechKind.DIRECT, [(segment.low, segment.high)], speaker))
        return loose

    def _quoted_within(self, utterance: Utterance) -> list[Utterance]:
        found = []
        for low, high in utterance.message:
            for index in sorted({q for q in self.layout.within[low:high] if q >= 0}):
                part = self.layout.quote_tokens[index]
                if part[0] >= low and part[1] <= high and self._spoken(index):
                    found.append(utterance.quoting(part))
        return found

    def _spoken(self, index: int) -> bool:
        low, high = self.layout.inner(index)
        opened = self.layout.quote_tokens[index][0]
        if high <= low or (opened and self.layout.lower[opened - 1].endswith(_TITLES)):
            return False
        if high - low >= 8 or self.layout.words[high - 1] in TERMINAL:
            return True
        names = all(self.layout.words[k][0].isupper() for k in range(low, high))
        return not names and (high - low > 1 or self.layout.words[low][0].islower())

    # -- ranges -------------------------------------------------------------------------------

    def _verbal(self, low: int, high: int) -> bool:
        """Whether a stretch seems to hold a finite verb."""
        lower, words = self.layout.lower, self.layout.words
        return any(
            lower[k] in _VERBS
            or lower[k] in CUES
            or (lower[k] in _CONTRACTED and k > low and lower[k - 1] in _PRONOUNS)
            or (words[k][0].islower() and k > low and lower[k].endswith(("ed", "es", "ould")))
            for k in range(low, high)
        )

    def _has_verb(self, low: int, high: int) -> bool:
        return self._verbal(low, high) or any(
            self.layout.lower[k].endswith("s") for k in range(low + 1, high)
        )
