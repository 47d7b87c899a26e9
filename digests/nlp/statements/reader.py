"""From frames to utterances: what is said in each unit, and by whom it goes on.

Goes through a document once, sentence by sentence, and keeps who spoke last:
reported speech in German runs on in the subjunctive without a new cue, and
quotations without a cue belong to the speaker before them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from digests.nlp.statements import german
from digests.nlp.statements.clauses import Clauses
from digests.nlp.statements.frames import Frame, Frames, Side
from digests.nlp.statements.governed import Governed, utterance_of
from digests.nlp.statements.layout import PUNCTUATION, Layout, Segment, Unit
from digests.nlp.statements.people import People
from digests.nlp.statements.phrases import Phrases
from digests.nlp.statements.quoted import Quoted
from digests.nlp.statements.sources import Sources
from digests.nlp.statements.utterance import Range, Utterance
from digests.nlp.statements.verbs import Use
from digests.types import SentenceKind, SpeechKind

_NEAR = 3
"""How many units back, in the same paragraph, the last speaker may be taken up again."""
_RECENT = 20
"""How many utterances back a sentence may still add to."""
_LONGEST_HEADING = 20
"""A line of more words that holds a quotation is a sentence that lacks its full stop."""
_WEAK_MEMORY = 2
"""The same for sentences that only a Konjunktiv II marks as reported."""


@dataclass(slots=True)
class _State:
    """What the sentences before leave behind."""

    speaker: Range | None = None
    spoke: int = -99
    """Number of the unit that last told who spoke."""
    told: int = -99
    """Number of the unit that last held a statement."""
    utterances: list[Utterance] = field(default_factory=list)


class GermanReader:
    """Reads the utterances of one German document."""

    def __init__(self, layout: Layout) -> None:
        """Prepare ``layout``."""
        self.layout = layout
        phrases = Phrases(layout)
        self.clauses = Clauses(layout, phrases)
        self.people = People(layout, phrases, self.clauses)
        self.quoted = Quoted(layout, phrases)
        self.frames = Frames(layout, phrases, self.clauses, self.people)
        self.sources = Sources(layout, phrases, self.people)
        self.governed = Governed(
            layout, phrases, self.clauses, self.people, self.quoted, self._pointed_back
        )
        self.state = _State()
        self._number = 0

    def read(self) -> list[Utterance]:
        """All utterances in the order of the text."""
        for number, unit in enumerate(self.layout.units):
            if unit.kind is SentenceKind.HEADING and not self._quoting(unit):
                self.state.spoke += 1  # a heading is no distance
                self.state.told += 1
                continue
            if self.layout.document.title_end > self.layout.tokens[unit.low].start:
                continue
            self._read(number, unit)
        return self.state.utterances

    def _quoting(self, unit: Unit) -> bool:
        """Whether a heading is none: it begins with a quotation, or is long and holds one."""
        long = unit.high - unit.low > _LONGEST_HEADING
        quotes = set(self.layout.within[unit.low : unit.high if long else unit.low + 1])
        return any(quote >= 0 and self.layout.stands_alone(quote) for quote in quotes)

    def _read(self, number: int, unit: Unit) -> None:
        self._number = number
        segments = self.layout.segments(unit.low, unit.high)
        verbs = [frame for frame in self.frames.verbs(unit, segments) if not frame.subjunctive]
        sources = [
            replace(frame, speaker=self._speaker_for(frame, number)) if frame.carried else frame
            for frame in self.sources.sources(unit, segments)
        ]
        says = [frame for frame in sources if frame.side in {Side.BEFORE, Side.AFTER}]
        sources = [frame for frame in sources if frame.side is Side.AROUND]
        verbs = sorted([*verbs, *says], key=lambda frame: frame.low)
        verbs, sources = self.governed.through(verbs, sources)
        found = self.governed.by_verbs(unit, segments, verbs)
        found += self.governed.by_sources(unit, segments, sources, found)
        for utterance in found:
            utterance.unit = number
        if not found:
            found = self._carried(number, unit)
        found += self._loose_quotations(number, unit, segments, verbs, found)
        for utterance in list(found):
            if utterance.kind is SpeechKind.INDIRECT:
                found += self._quoted_within(utterance, number)
        known = [id(item) for item in self.state.utterances[-_RECENT:]]
        self.state.utterances += [item for item in found if id(item) not in known]
        if found:
            within = bool(sources) and not verbs and sources[0].low > unit.low + 1
            passing = within and self._passing(number, unit)
            if not passing:
                self.state.speaker = next((f.speaker for f in reversed(found) if f.speaker), None)
            self.state.spoke = number
            self.state.told = number
        elif spoken := self._spoke(unit, verbs):
            # 'Ein Streik droht': perhaps nobody.
            self.state.speaker = spoken if self.people.is_speaker(*spoken) else None
            self.state.spoke = number

    def _spoke(self, unit: Unit, verbs: list[Frame]) -> Range | None:
        """Who spoke in a sentence that does not tell what: 'X äußerte Zweifel an dem Plan'."""
        for frame in verbs:
            who = frame.speaker
            main = frame.low == unit.low and Use.SAY in frame.use and not frame.negated
            if who and main and self.people.can_speak(*who):
                return who
        return None

    def _passing(self, number: int, unit: Unit) -> bool:
        """Whether a source is named within reported speech: 'Dies sei nach Ansicht von Y gut'.

        Who reports it goes on afterwards, not the one who was named in passing; a medium does not.
        """
        return (
            self.state.speaker is not None
            and not self.people.is_medium(self.state.speaker)
            and self._going_on(number, paragraph=unit.paragraph)
            and self._subjunctive(unit, number)
        )

    def _pointed_back(self, frame: Frame) -> list[Utterance]:
        """'Das sagte X': the sentence before is what was said."""
        lower = self.layout.lower
        pronoun = lower[frame.low] in {"das", "dies"} and self.clauses.verbal(frame.low + 1)
        if not pronoun or frame.negated:
            return []
        if source := self._shown_by(frame):
            frame = replace(frame, speaker=source, use=Use.SAY)
        if frame.speaker is None or frame.speaker[0] <= frame.low + 1 or Use.SAY not in frame.use:
            return []
        position = self._number
        if not position:
            return []
        before = self.layout.units[position - 1]
        known = [item for item in self.state.utterances[-_RECENT:] if item.unit == position - 1]
        if known:
            for item in known:
                if item.continued or item.speaker is None:
                    item.speaker, item.cue, item.continued = frame.speaker, frame.cue, False
            return known[:1] if known[0].speaker == frame.speaker else []
        region = self.layout.trim(before.low, before.high)
        if region is None or before.kind is SentenceKind.HEADING:
            return []
        quotes = self.layout.only_quotations(region)
        kind = SpeechKind.DIRECT if quotes else SpeechKind.INDIRECT
        return [utterance_of(frame, kind, quotes or [region])]

    def _shown_by(self, frame: Frame) -> Range | None:
        """'Dies geht aus einem Bericht hervor': the text that what went before is taken from."""
        if self.layout.lower[frame.high - 1] != "hervor":
            return None
        for k in range(frame.cue[1], frame.high - 1):
            if self.layout.lower[k] == "aus":
                phrase = self.people.phrases.noun_phrase(k + 1, frame.high - 1)
                return (phrase.low, phrase.high) if phrase else None
        return None

    def _carried(self, number: int, unit: Unit) -> list[Utterance]:
        """A sentence in the subjunctive without a cue goes on with what was said before."""
        if not self._subjunctive(unit, number):
            return []
        region = (unit.low, unit.high)
        opened = self._reported_part(unit)
        if opened is not None:
            subject = self.people.subject(unit.low, opened)
            if subject is None or not self.people.can_speak(*subject):
                subject = self._speaker_before(number)
            part = self.layout.trim(opened, unit.high)
            return [Utterance(SpeechKind.INDIRECT, [part], subject, unit=number)] if part else []
        last = self.state.utterances[-1] if self.state.utterances else None
        same = self.layout.units[number - 1].paragraph == unit.paragraph if number else False
        if (
            last
            and last.continued
            and last.unit == number - 1
            and same
            and last.kind is SpeechKind.INDIRECT
        ):
            last.message[-1] = (last.message[-1][0], region[1])
            last.unit = number
            return [last]
        speaker = self._viewing(unit) or self._speaker_before(number)
        return [Utterance(SpeechKind.INDIRECT, [region], speaker, unit=number, continued=True)]

    def _viewing(self, unit: Unit) -> Range | None:
        """Whose view a sentence is: 'Für die Ministerin sei die Lage ernst'."""
        lower = self.layout.lower
        if lower[unit.low] != "für":
            return None
        phrase = self.people.phrases.noun_phrase(unit.low + 1, unit.high)
        if phrase is None or phrase.high >= unit.high or lower[phrase.high] not in german.BE:
            return None
        return (phrase.low, phrase.high) if self.people.is_somebody(phrase) else None

    def _reported_part(self, unit: Unit) -> int | None:
        """Where the reported words begin if a clause that is no claim itself stands before them."""
        lower = self.layout.lower
        asserted = False
        for segment in self.layout.segments(unit.low, unit.high):
            if segment.quote >= 0 or self.clauses.is_relative(segment):
                continue
            said = any(
                german.subjunctive(lower[k]) or lower[k] in german.PAST_SUBJUNCTIVE
                for k in range(segment.low, segment.high)
                if self.layout.within[k] < 0
            )
            if said:
                return segment.low if asserted else None
            first = lower[segment.low]
            if first not in german.CLAUSE_STARTERS and (
                self.clauses.has_verb(segment) or self.clauses.clause_like(segment)
            ):
                asserted = True
        return None

    def _subjunctive(self, unit: Unit, number: int) -> bool:
        """Whether the main clause of a unit stands in the subjunctive of reported speech."""
        lower, words = self.layout.lower, self.layout.words
        weak = False
        conditional = any(lower[k] in german.CONDITION for k in range(unit.low, unit.high))
        if any(lower[k] == "ich" and self.layout.within[k] < 0 for k in range(unit.low, unit.high)):
            return False
        for segment in self.layout.segments(unit.low, unit.high):
            if segment.quote >= 0:
                continue
            first = lower[segment.low]
            if segment.mark == "," and (
                first in german.CLAUSE_STARTERS or self.clauses.is_relative(segment)
            ):
                continue
            for k in range(segment.low, segment.high):
                if self.layout.within[k] >= 0 or (words[k][0].isupper() and k > unit.low):
                    continue
                if german.subjunctive(lower[k]):
                    near = lower[max(segment.low, k - 1) : k + 2]
                    if (
                        "ich" in near
                        or "ob" in lower[max(segment.low, k - 1) : k]
                        or "denn" in lower[k + 1 : k + 2]
                    ):
                        continue
                    if lower[k] == "sei" and first == "sei":
                        continue
                    return True
                if lower[k] in {"sollte", "sollten"} and first not in {"sollte", "sollten"}:
                    weak = weak or self._going_on(number, paragraph=unit.paragraph)
                if lower[k] in german.PAST_SUBJUNCTIVE:
                    modal = lower[k].startswith(("könn", "dürf"))
                    told = segment.mark == ";"  # 'Die Lage ist ernst; nun könnten Helfer kommen'
                    weak = weak or not modal or (not told and self._going_on(number))
        recent = number - self.state.told <= _WEAK_MEMORY
        return weak and recent and not conditional

    def _going_on(self, number: int, paragraph: int | None = None) -> bool:
        """Whether the unit before (of ``paragraph``, if given) was itself reported speech."""
        if paragraph is not None and self.layout.units[number - 1].paragraph != paragraph:
            return False
        return any(
            item.unit == number - 1 and item.kind is SpeechKind.INDIRECT
            for item in self.state.utterances[-_RECENT:]
        )

    def _speaker_before(self, number: int) -> Range | None:
        """Who goes on: the last speaker, or the subject of a sentence that came between."""
        if number - self.state.spoke == 1:
            return self.state.speaker
        before = self._prose_before(number)
        between = self.layout.units[max(0, self.state.spoke + 1, number - _NEAR) : number]
        if before is None or any(map(self._hearsay, between)):
            return None
        near = number - self.state.spoke <= _NEAR
        paragraph = self.layout.units[number].paragraph
        subject = self.people.subject(before.low, before.high)
        if subject and self.people.is_speaker(*subject):
            clear = self._leads(subject, before) or (
                before.paragraph == paragraph and self._people_in(before) <= 1
            )
            return self.state.speaker if near and not clear else subject
        same = near and self.layout.units[max(0, self.state.spoke)].paragraph == paragraph
        return self.state.speaker if same else None

    def _people_in(self, unit: Unit) -> int:
        """How many people a unit names."""
        names = self.people.phrases.names[unit.low : unit.high]
        starts = self.people.phrases.starts_name[unit.low : unit.high]
        return sum(name == "PER" and begins for name, begins in zip(names, starts, strict=True))

    def _leads(self, subject: Range, unit: Unit) -> bool:
        """Whether a sentence begins with its subject and so is about it."""
        between = self.layout.lower[unit.low : subject[0]]
        return subject[0] >= unit.low and all(word in german.ADVERBS for word in between)

    def _hearsay(self, unit: Unit) -> bool:
        """'X soll dort gewesen sein': what is told of somebody, not what he says."""
        return not {"soll", "sollen"}.isdisjoint(self.layout.lower[unit.low : unit.high])

    def _speaker_for(self, frame: Frame, number: int) -> Range | None:
        """Who goes on in 'Demnach …' and '…, hieß es': there only one who has just spoken."""
        if frame.side is Side.AROUND or number - self.state.spoke <= 1:
            return self._speaker_before(number)
        return None

    def _prose_before(self, number: int) -> Unit | None:
        """The unit before ``number`` that is no heading."""
        for unit in reversed(self.layout.units[max(0, number - 3) : number]):
            if unit.kind is not SentenceKind.HEADING:
                return unit
        return None

    def _loose_quotations(
        self,
        number: int,
        unit: Unit,
        segments: tuple[Segment, ...],
        verbs: list[Frame],
        found: list[Utterance],
    ) -> list[Utterance]:
        """Quotations that no known cue governs."""
        loose: list[Utterance] = []
        for index, segment in enumerate(segments):
            if segment.quote < 0 or self._known((segment.low, segment.high), [*found, *loose]):
                continue
            inner = self.layout.inner(segment.quote)
            announced = ":" in segment.mark
            if self.quoted.entitled(segment.low) or (inner[1] - inner[0] < 3 and not announced):
                continue
            made = Utterance(SpeechKind.DIRECT, [(segment.low, segment.high)], None, unit=number)
            loose.append(made)
            if self._followed(made, segments, index):
                continue
            made.speaker = self._around(unit, segment, verbs, found, announced=announced)
            made.continued = made.speaker is None
            shown = announced and segment.low > unit.low + 2  # 'Auf dem Plakat stand: „…“'
            made.speaker = made.speaker or (None if shown else self._speaker_before(number))
        return loose + self._partial_quotations(number, unit, [*found, *loose])

    def _followed(self, made: Utterance, segments: tuple[Segment, ...], index: int) -> bool:
        """'„…“, freute sich X': a verb that is no verb of saying stands in its place."""
        following = segments[index + 1] if index + 1 < len(segments) else None
        if following is None or following.quote >= 0 or following.mark not in {"", ","}:
            return False
        verb = self.layout.words[following.low]
        if not (verb.isalpha() and verb.islower() and verb.endswith(("te", "ten", "t"))):
            return False
        if verb in german.SMALL_WORDS:
            return False
        limit = self.people.limit(segments, index + 1)
        subject = self.people.behind(following.low + 1, limit, following.high)
        if subject is None or not self.people.can_speak(*subject):
            return False
        made.speaker, made.cue = subject, (following.low, following.low + 1)
        return True

    def _around(
        self,
        unit: Unit,
        segment: Segment,
        verbs: list[Frame],
        found: list[Utterance],
        *,
        announced: bool,
    ) -> Range | None:
        """Who says a quotation without a cue, as far as its own sentence tells."""
        spoken = next((item.speaker for item in reversed(found) if item.speaker), None)
        if announced:
            return self._introduced(unit, segment) or spoken
        if spoken or segment.low <= unit.low + 2:
            return spoken
        spoken = next((frame.speaker for frame in reversed(verbs) if frame.speaker), None)
        return spoken or self._introduced(unit, segment)

    def _partial_quotations(
        self, number: int, unit: Unit, found: list[Utterance]
    ) -> list[Utterance]:
        """Quoted words within a sentence that no clause of saying governs."""
        partial: list[Utterance] = []
        for index in sorted({q for q in self.layout.within[unit.low : unit.high] if q >= 0}):
            part = self.layout.quote_tokens[index]
            if part[0] < unit.low or part[1] > unit.high or self._known(part, found):
                continue
            holder = self._holder(unit, part)
            if holder and not self.quoted.entitled(part[0]):
                partial.append(Utterance(SpeechKind.DIRECT, [part], holder, unit=number))
                continue
            announced = self.quoted.announces(part[0])
            if not announced and not self.quoted.partial(index):
                continue
            spoken = next((item.speaker for item in found if item.speaker), None)
            if spoken is None and announced:
                spoken = self.people.subject(unit.low, part[0])
                spoken = spoken if spoken and self.people.can_speak(*spoken) else None
            partial.append(Utterance(SpeechKind.DIRECT, [part], spoken, unit=number))
        return partial

    def _holder(self, unit: Unit, part: Range) -> Range | None:
        """Whose view quoted words are: 'Für die Ministerin ist die Lage „alarmierend“'."""
        lower = self.layout.lower
        if part[1] < unit.high and lower[part[1]] not in PUNCTUATION | german.BE:
            return None
        clause = lower[unit.low : part[1] + 1]
        if german.BE.isdisjoint(clause) or "für" not in clause:
            return None
        start = part[1] + 1 - clause[::-1].index("für")
        phrase = self.people.phrases.noun_phrase(start, part[0])
        if phrase is None or not self.people.is_somebody(phrase):
            return None
        return phrase.low, phrase.high

    def _introduced(self, unit: Unit, segment: Segment) -> Range | None:
        """The subject of the words before a quotation, if it can speak."""
        subject = self.people.subject(unit.low, segment.low) if segment.low > unit.low else None
        return subject if subject and self.people.can_speak(*subject) else None

    def _known(self, part: Range, found: list[Utterance]) -> bool:
        return any(
            low <= part[0]
            and part[1] <= high
            and (item.kind is SpeechKind.DIRECT or (low, high) != part)
            for item in found
            for low, high in item.message
        )

    def _quoted_within(self, utterance: Utterance, number: int) -> list[Utterance]:
        """The quoted words inside reported ones."""
        found = []
        for low, high in utterance.message:
            begin = max(low, self.layout.units[number].low) if utterance.continued else low
            for index in sorted({q for q in self.layout.within[begin:high] if q >= 0}):
                part = self.layout.quote_tokens[index]
                if part[0] >= begin and part[1] <= high and self.quoted.spoken(index, Use.SAY):
                    found.append(utterance.quoting(part, number))
        return found
