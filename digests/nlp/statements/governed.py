"""What a frame governs: the words that were said, quoted or not, before it or behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digests.nlp.statements import german
from digests.nlp.statements.clauses import Clauses
from digests.nlp.statements.frames import Frame, Side
from digests.nlp.statements.layout import Layout, Segment, Unit
from digests.nlp.statements.people import People
from digests.nlp.statements.phrases import Phrases
from digests.nlp.statements.quoted import Quoted
from digests.nlp.statements.utterance import Range, Utterance
from digests.nlp.statements.verbs import Use
from digests.types import SpeechKind


def utterance_of(frame: Frame, kind: SpeechKind, message: list[Range]) -> Utterance:
    """An utterance with the speaker, cue, addressee and medium of its frame."""
    return Utterance(kind, message, frame.speaker, frame.cue, frame.addressee, frame.via)


class Governed:
    """Makes utterances of the frames of one layout."""

    def __init__(
        self,
        layout: Layout,
        phrases: Phrases,
        clauses: Clauses,
        people: People,
        quoted: Quoted,
        pointed_back: Callable[[Frame], list[Utterance]],
    ) -> None:
        """All of the same document; ``pointed_back`` answers for 'Das sagte X'."""
        self.layout = layout
        self.phrases = phrases
        self.clauses = clauses
        self.people = people
        self.quoted = quoted
        self._pointed_back = pointed_back

    def through(self, verbs: list[Frame], sources: list[Frame]) -> tuple[list[Frame], list[Frame]]:
        """'teilte X der Agentur Y zufolge mit': Y is what X's words came through."""
        left: list[Frame] = []
        for source in sources:
            inside = next(
                (
                    n
                    for n, verb in enumerate(verbs)
                    if verb.low <= source.low
                    and source.high <= verb.high
                    and (
                        verb.side is Side.BEFORE
                        or (Use.SAY in verb.use and verb.side is Side.AFTER and self._governs(verb))
                    )
                ),
                None,
            )
            if inside is None:
                left.append(source)
            else:
                verbs[inside] = replace(verbs[inside], via=source.speaker)
        return verbs, left

    def _governs(self, verb: Frame) -> bool:
        """Whether something follows the clause that it can govern."""
        return verb.high < len(self.layout.tokens) and self.layout.words[verb.high] in {",", ":"}

    def by_verbs(
        self, unit: Unit, segments: tuple[Segment, ...], verbs: list[Frame]
    ) -> list[Utterance]:
        """What the clauses with a verb of saying in a unit govern."""
        found: list[Utterance] = []
        begin = unit.low
        for index, frame in enumerate(verbs):
            if any(self._covers(item, frame.cue) for item in found):
                continue
            later = verbs[index + 1 :]
            if any(self._swallows(other, frame) for other in later):
                continue
            ends = (o for o in later if o.conjoined or self._announces(o, frame, segments))
            end = next(map(self._cut, ends), unit.high)
            if frame.side is Side.BEFORE:
                made = self._governed_before(frame, begin, end, segments)
                begin = frame.high
            else:
                own = next((o.low for o in later if self._has_clause(o, frame)), unit.high)
                made = self._governed_after(frame, end, own, segments)
            found += made
        return found

    def _announces(self, other: Frame, frame: Frame, segments: tuple[Segment, ...]) -> bool:
        """Whether a later clause has its own quotation: 'X wies dies zurück, Y sagte: „…“'."""
        after = next((s for s in segments if s.low >= other.high), None)
        colon = after is not None and after.quote >= 0 and ":" in after.mark
        return colon and other.side is Side.AFTER and other.low >= frame.high

    def _has_clause(self, other: Frame, frame: Frame) -> bool:
        """Whether a later frame is a main clause whose subject stands first."""
        speaker = other.speaker
        first = speaker is not None and speaker[0] == other.low
        return first and other.side is Side.AFTER and other.low >= frame.high

    def _cut(self, frame: Frame) -> int:
        """Where the words before a conjoined clause end: before its 'und'."""
        low = frame.low
        if low and self.layout.lower[low - 1] in german.COORDINATORS:
            low -= 1
        return low

    def _swallows(self, other: Frame, frame: Frame) -> bool:
        """Whether a later ', sagte X' takes all before it, this frame with it.

        Of a conjoined frame only the quotation right behind it: 'und bat um Hilfe: „…“, sagte X'.
        """
        if other.side is not Side.BEFORE or other.low < frame.high:
            return False
        between = self.layout.trim(frame.high, other.low) if frame.conjoined else None
        return not frame.conjoined or bool(between and self.layout.only_quotations(between))

    def _covers(self, utterance: Utterance, cue: Range) -> bool:
        return any(low <= cue[0] and cue[1] <= high for low, high in utterance.message)

    def _governed_before(
        self, frame: Frame, begin: int, end: int, segments: tuple[Segment, ...]
    ) -> list[Utterance]:
        first = self.layout.lower[frame.low]
        thought = first == "so" and Use.THINK in frame.use  # 'so schätzen Forscher'
        called = first == "wie" and Use.SAY not in frame.use
        if frame.negated or called:
            return []
        region = self._behind_a_stop(self.layout.trim(begin, frame.low), segments)
        following = [s for s in segments if s.low >= frame.high and s.high <= end]
        found: list[Utterance] = []
        if region and not (Use.SAY in frame.use or thought or self._claimed(region)):
            return self._reported(frame, end) if Use.ACT in frame.use else []
        if region:
            quotes = self.layout.only_quotations(region)
            ahead = self._announced(region, segments)
            if quotes:
                found.append(utterance_of(frame, SpeechKind.DIRECT, quotes))
            elif ahead:
                found.append(utterance_of(frame, SpeechKind.DIRECT, [ahead]))
            else:
                found.append(utterance_of(frame, SpeechKind.INDIRECT, [region]))
        if following:
            next_one = following[0]
            rest = self.layout.trim(next_one.low, end)
            if next_one.quote >= 0:
                quotes = [(s.low, s.high) for s in following if s.quote >= 0][:1]
                if found and found[0].kind is SpeechKind.DIRECT and next_one.mark != ":":
                    found[0].message += quotes
                else:
                    found.append(utterance_of(frame, SpeechKind.DIRECT, quotes))
            elif (
                found
                and rest
                and self._goes_on(region, next_one, found[0], inserted=thought or first == "wie")
            ):
                found[0].message.append(rest)
        return found

    def _behind_a_stop(self, region: Range | None, segments: tuple[Segment, ...]) -> Range | None:
        """'Er zögerte: Man werde sehen, sagte X': what stands before the colon is not said."""
        if region is None:
            return None
        for segment in reversed(segments):
            stopped = region[0] < segment.low < region[1] and segment.mark in {":", ";"}
            if stopped and not self._claimed((region[0], segment.low)):
                rest = self.layout.trim(segment.low, region[1])
                return rest if rest and self._claimed(rest) else region
        return region

    def _claimed(self, region: Range) -> bool:
        """Whether words before a clause are marked as said: by the subjunctive or by marks."""
        return any(
            german.subjunctive(self.layout.lower[k])
            or self.layout.lower[k] in german.PAST_SUBJUNCTIVE
            or self.layout.within[k] >= 0
            for k in range(*region)
        )

    def _goes_on(
        self, region: Range | None, first: Segment, before: Utterance, *, inserted: bool
    ) -> bool:
        """Whether the words behind ', sagte X,' belong to what was said."""
        if before.kind is SpeechKind.DIRECT or first.mark != "," or region is None:
            return False
        if inserted:
            return True
        if self.clauses.is_relative(first):
            return False
        lower = self.layout.lower
        if not any(lower[k] in german.FINITE_COMMON for k in range(*region)):
            return True
        return any(german.subjunctive(lower[k]) for k in range(first.low, first.high))

    def _announced(self, region: Range, segments: tuple[Segment, ...]) -> Range | None:
        """A quotation behind a colon at the end of a region: that alone is what was said."""
        last = [s for s in segments if s.low >= region[0] and s.high <= region[1]]
        if last and last[-1].quote >= 0 and last[-1].mark == ":":
            return last[-1].low, last[-1].high
        return None

    def _governed_after(
        self, frame: Frame, end: int, own: int, segments: tuple[Segment, ...]
    ) -> list[Utterance]:
        start = self._message_start(frame, end, segments)
        if start is not None and not start[1] and not self._fits(frame, start[0]):
            start = None
        if start is not None:
            segment, direct = start
            if direct:
                if frame.negated and segment.mark != ":":
                    return []
                parts = [(segment.low, segment.high)]
                if Use.CALL in frame.use:
                    parts = [*self.quoted.within(frame.low, frame.high, frame.use), *parts]
                return [utterance_of(frame, SpeechKind.DIRECT, [part]) for part in parts]
            region = self.layout.trim(segment.low, self._inner_end(frame, segment, end, segments))
            if region is None or frame.negated:
                return []
            region = self._before_announcement(region, segments)
            return [utterance_of(frame, SpeechKind.INDIRECT, [region])]
        quoted = self.quoted.within(frame.low, min(end, own), frame.use)
        if quoted and (frame.speaker or Use.CALL in frame.use):
            return [utterance_of(frame, SpeechKind.DIRECT, [item]) for item in quoted]
        pointed = self._pointed_back(frame)
        if pointed:
            return pointed
        if Use.ACT in frame.use and frame.speaker and not frame.negated:
            return self._reported(frame, end)
        return []

    def _inner_end(
        self, frame: Frame, first: Segment, end: int, segments: tuple[Segment, ...]
    ) -> int:
        """Where words end that a relative clause governs: 'X, der sagte, dass es eile, ging'."""
        if not self._relative(frame, segments):
            return end
        later = (s for s in segments if first.low < s.low < end and s.mark == ",")
        return next((s.low for s in later if self.clauses.verb_first(s)), end)

    def _relative(self, frame: Frame, segments: tuple[Segment, ...]) -> bool:
        """Whether the clause of saying is a relative one."""
        return any(s.low == frame.low and self.clauses.is_relative(s) for s in segments)

    def _fits(self, frame: Frame, segment: Segment) -> bool:
        """Whether a clause of saying of this kind can govern the clause that follows it."""
        lower = self.layout.lower
        content = lower[segment.low] in {"dass", "daß", "ob"}
        if lower[frame.cue[0]] == "bekannt":
            return content
        if content and Use.ACT in frame.use and self._belongs_to_object(frame):
            return False
        if lower[frame.low] in german.ADVERBIAL_CLAUSE - {"wie"}:
            return content or any(
                german.subjunctive(lower[k]) or lower[k] in german.PAST_SUBJUNCTIVE
                for k in range(segment.low, segment.high)
            )
        return (
            bool(frame.use & (Use.SAY | Use.THINK))
            or content
            or self.clauses.infinitive(segment)
            or (
                Use.ACT in frame.use
                and any(german.subjunctive(lower[k]) for k in range(segment.low, segment.high))
            )
        )

    def _belongs_to_object(self, frame: Frame) -> bool:
        """'forderte die Zusage, dass …': the clause is the object's, and all is one demand."""
        lower, high = self.layout.lower, frame.high
        if not self.phrases.is_noun(high - 1) or german.names_time(self.layout.words[high - 1]):
            return False
        for part in (frame.speaker, frame.addressee):
            if part and part[0] < high <= part[1]:
                return False
        for k in range(max(frame.cue[1], high - 6), high):
            phrase = self.phrases.noun_phrase(k, high)
            if phrase and phrase.high == high and phrase.article:
                return lower[k - 1] not in german.PREPOSITIONS
        return False

    def _reported(self, frame: Frame, end: int) -> list[Utterance]:
        region = self.layout.trim(frame.low, end)
        if frame.negated or frame.speaker is None or not self.people.can_speak(*frame.speaker):
            return []
        lower = self.layout.lower
        if (
            lower[frame.speaker[0]] in {"man", "wir", "ich"}
            or lower[frame.low] in german.CLAUSE_STARTERS
        ):
            return []
        if region is None or region[1] - region[0] < 4:
            return []
        return [utterance_of(frame, SpeechKind.INDIRECT, [region])]

    def _before_announcement(self, region: Range, segments: tuple[Segment, ...]) -> Range:
        """Leave a quotation that follows behind a colon to itself."""
        for segment in segments:
            if (
                segment.quote >= 0
                and segment.mark.endswith(":")
                and region[0] < segment.low < region[1]
            ):
                return self.layout.trim(region[0], segment.low) or region
        return region

    def _message_start(
        self, frame: Frame, end: int, segments: tuple[Segment, ...]
    ) -> tuple[Segment, bool] | None:
        """The segment where the governed words begin, and whether they are quoted."""
        lower = self.layout.lower
        tried = 0
        relative = self._relative(frame, segments)
        later = [s for s in segments if s.low >= frame.high and s.high <= end]
        for index, segment in enumerate(later):
            first = lower[segment.low]
            if segment.quote >= 0:
                return segment, True
            if first in {"dass", "daß", "ob"} or (
                first == "und" and lower[segment.low + 1 : segment.low + 2] == ["dass"]
            ):
                return segment, False
            if frame.speaker and frame.speaker[1] > segment.low:
                continue
            if segment.mark == "," and relative and self.clauses.begins_with_verb(segment):
                return None  # 'X, der Y lobte, ging': the clause around goes on
            if ":" in segment.mark:
                return (segment, False) if Use.SAY in frame.use else None
            if segment.mark not in {",", "–", "-"}:
                return None
            if (
                first in {"wer", "was", "warum", "weshalb", "wieso", "wann", "wo", "inwieweit"}
                and Use.SAY in frame.use
            ):
                return segment, False
            if self.clauses.infinitive(segment):
                return segment, False
            if self.clauses.is_relative(segment):
                tried += 1
            elif first in german.ADVERBIAL_CLAUSE and not self.clauses.begins_with_adverb(segment):
                if (
                    first in {"wenn", "falls", "sollte"}
                    and index + 1 < len(later)
                    and self.clauses.has_verb(later[index + 1])
                ):
                    return segment, False
                if first == "wie" and Use.SAY in frame.use and self.clauses.has_verb(segment):
                    return segment, False
                tried += 1
            elif first in {"was", "wobei", "wodurch", "woraufhin", "worauf"}:
                tried += 1
            elif first not in german.COORDINATORS and (
                self.clauses.has_verb(segment) or self.clauses.clause_like(segment)
            ):
                return segment, False
            else:
                tried += 1
            if tried > 3:
                return None
        return None

    def by_sources(
        self,
        unit: Unit,
        segments: tuple[Segment, ...],
        sources: list[Frame],
        known: list[Utterance],
    ) -> list[Utterance]:
        """What the phrases of saying in a unit govern, beside the utterances already known."""
        found: list[Utterance] = []
        for index, source in enumerate(sources):
            if any(self._covers(item, source.cue) for item in [*known, *found]):
                continue
            begin = unit.low
            if index:
                begin = max(begin, sources[index - 1].high)
                cut = [s.low for s in segments if begin < s.low <= source.low]
                begin = cut[0] if cut else source.low
            end = unit.high
            if index + 1 < len(sources):
                cut = [s.low for s in segments if source.high < s.low <= sources[index + 1].low]
                end = cut[-1] if cut else sources[index + 1].low
            for item in known:
                if item.cue and source.high <= item.cue[0] < end:
                    continue  # 'Demnach erwartet X, dass …': all of it
                for low, high in item.message:
                    if high <= source.low:
                        begin = max(begin, high)
                    elif low >= source.high:
                        end = min(end, low)
            own = next((s for s in segments if s.low <= source.low < s.high), None)
            if own and self._subordinate(own):
                begin, end = max(begin, own.low), min(end, own.high)
                if own.low == source.low:
                    end = unit.high
            start = source.high
            for segment in segments:
                if (
                    segment.low == start + 1
                    and segment.high <= end
                    and self.clauses.is_relative(segment)
                ):
                    start = segment.high
            parts = [self.layout.trim(begin, source.low), self.layout.trim(start, end)]
            message = [part for part in parts if part and self._content(part)]
            if not message:
                continue
            quotes = [q for part in message for q in self.layout.only_quotations(part)]
            direct = len(quotes) >= len(message) and all(
                self.layout.only_quotations(p) for p in message
            )
            kind = SpeechKind.DIRECT if direct else SpeechKind.INDIRECT
            found.append(utterance_of(source, kind, quotes if direct else message))
        return found

    def _subordinate(self, segment: Segment) -> bool:
        if self.clauses.is_relative(segment):
            return True
        first = self.layout.lower[segment.low]
        return (
            segment.mark == "," and first in german.ADVERBIAL_CLAUSE | {"wonach"} and first != "wie"
        )

    def _content(self, part: Range) -> bool:
        return any(
            self.layout.words[k][0].isalnum() and self.layout.lower[k] not in german.COORDINATORS
            for k in range(*part)
        )
