"""Clauses with a verb of saying: where they are, who says it, where the words lie they govern.

All over token ranges. No syntax tree: word order does the work, since German
puts the finite verb second in a main clause, first behind what it governs
('…, sagte X'), and last in a subordinate one ('wie X sagte').
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from digests.nlp.statements import german
from digests.nlp.statements.clauses import Clauses
from digests.nlp.statements.layout import Layout, Segment, Unit
from digests.nlp.statements.lexicon import listed
from digests.nlp.statements.people import People
from digests.nlp.statements.phrases import Phrases
from digests.nlp.statements.utterance import Range
from digests.nlp.statements.verbs import CUES, Cue, Form, Use

_PARTICLES: Final = listed("an auf aus ab ein zu vor nach durch bei mit um los fest")
"""A finite verb with one of these at the end of its clause is another verb."""
_LEFT_BEHIND: Final = listed("mit an hinzu aus ein bekannt zu auf vor zurück ab fest klar")
"""Particles that may stand behind an apposition, cut off from their verb."""


_SPEAK_OF: Final = listed("spricht sprechen sprach sprachen")
_NO_ACT_ON_ONESELF: Final = listed("ankündigen bestätigen nennen")
"""Verbs that with 'sich' say nothing: 'die Gruppe nennt sich „X“'."""


class Side(Enum):
    """Where the words lie that a frame governs."""

    AFTER = auto()
    BEFORE = auto()
    AROUND = auto()


@dataclass(frozen=True, slots=True)
class Frame:
    """A clause of saying, all ranges in tokens.

    ``carried`` says that the speaker is the one of the sentence before,
    ``negated`` that nothing was said, ``subjunctive`` that the saying is itself
    reported, ``conjoined`` that 'und' joins the clause to the one before.
    """

    low: int
    high: int
    side: Side
    cue: Range
    speaker: Range | None
    use: Use = Use.SAY
    addressee: Range | None = None
    via: Range | None = None
    carried: bool = False
    negated: bool = False
    subjunctive: bool = False
    conjoined: bool = False


class Frames:
    """Finds the clauses with a verb of saying in one layout."""

    def __init__(self, layout: Layout, phrases: Phrases, clauses: Clauses, people: People) -> None:
        """All of the same document."""
        self.layout = layout
        self.phrases = phrases
        self.clauses = clauses
        self.people = people

    def verbs(self, unit: Unit, segments: tuple[Segment, ...]) -> list[Frame]:
        """The clauses of a unit that have a verb of saying, in order."""
        frames: list[Frame] = []
        for number, segment in enumerate(segments):
            if segment.quote >= 0:
                continue
            for i in range(segment.low, segment.high):
                if self.layout.within[i] >= 0:
                    continue
                readings = CUES.get(self.layout.lower[i])
                if not readings or (self.layout.words[i][0].isupper() and i > unit.low):
                    continue
                frame = self._verb(i, readings, segments, number, frames)
                if frame:
                    frames.append(frame)
        return frames

    def _verb(
        self,
        i: int,
        readings: tuple[Cue, ...],
        segments: tuple[Segment, ...],
        number: int,
        earlier: list[Frame],
    ) -> Frame | None:
        segments, number = self._rejoined(i, readings, segments, number)
        segment = segments[number]
        low = self._conjunct(segment, i)
        high = self._clause_end(segments, number)
        helper = self._helper(low, segment.high, i)
        cue = self._reading(i, readings, low, high, segment, helper)
        if (
            cue is None
            or self._no_act(cue, low, high)
            or self._no_saying(helper, i, low, segment, cue)
        ):
            return None
        finite = helper if helper is not None else i
        side, low = self._side(segments, number, low, finite)
        frame = Frame(
            low,
            max(high, i + 1),
            side,
            (i, i + 1),
            None,
            cue.use,
            negated=cue.lemma != "ausschließen"
            and self._negated(max(low, segment.low), segment.high, finite),
            subjunctive=german.subjunctive(self.layout.lower[finite])
            or self.layout.lower[finite] in {"hätte", "hätten"},
            conjoined=(low > segment.low and self.layout.lower[low - 1] in german.COORDINATORS)
            or self._opens_conjoined(low, finite),
        )
        passive = finite != i and self.layout.lower[finite] in german.BECOME
        people = self.people.of_clause(
            low, segment, segments, number, finite, i, fronted=side is Side.AFTER
        )
        if passive and cue.form is Form.PARTICIPLE:
            return self._passive(frame, people, segment)
        return self._active(frame, people, segment, finite, earlier)

    def _active(
        self,
        frame: Frame,
        people: tuple[Range | None, Range | None],
        segment: Segment,
        finite: int,
        earlier: list[Frame],
    ) -> Frame:
        """The frame with its subject as speaker; of two joined clauses the first has it."""
        speaker, addressee = people
        behind = speaker is not None and speaker[0] > frame.cue[0]
        if speaker and behind and self.layout.lower[frame.cue[0]] in _SPEAK_OF:
            speaker = self._before_of(speaker)
        via = addressee if addressee and self.people.is_medium(addressee) else None
        via = via or self.people.outlet(frame.low, max(frame.high, segment.high))
        use = frame.use
        if Use.CITE in use:
            speaker, via = self.people.cited(speaker, finite, segment)
            use = Use.SAY
        if frame.conjoined and (speaker is None or speaker[0] > frame.cue[0]):
            shared = self._shared(frame, segment, finite, earlier)
            # 'und forderten die Regierung auf': what follows the verb is its object.
            speaker = shared if shared or finite == frame.low else speaker
        return replace(frame, speaker=speaker, addressee=addressee, via=via, use=use)

    def _before_of(self, speaker: Range) -> Range:
        """'… sprach die Polizei von zwei Tätern': what the verb takes is no part of who speaks."""
        low, high = speaker
        of = (k for k in range(low + 1, high) if self.layout.lower[k] in {"von", "vom"})
        return low, next(of, high)

    def _shared(
        self, frame: Frame, segment: Segment, finite: int, earlier: list[Frame]
    ) -> Range | None:
        """The subject of the clause before, which 'und' and a verb right behind it go on with."""
        if earlier:
            return earlier[-1].speaker
        if finite != frame.low or frame.low <= segment.low:
            return None
        return self.people.subject(segment.low, frame.low - 1)

    def _passive(
        self, frame: Frame, people: tuple[Range | None, Range | None], segment: Segment
    ) -> Frame:
        """'X wird zitiert': X speaks; 'X wurde von Y aufgefordert': Y does, to X."""
        subject, addressee = people
        agent = self.people.agent(frame.low, segment.high)
        if Use.CITE in frame.use:
            if agent and subject and subject[0] < agent[0] < subject[1]:
                subject = (subject[0], agent[0] - 1)  # 'wie X von der Zeitung zitiert wird'
            via = agent or self.people.cited_in(frame.low, segment.high)
            return replace(frame, speaker=subject, addressee=addressee, via=via, use=Use.SAY)
        agent = agent or self.people.cited_in(frame.low, segment.high, told=True)
        heard = subject and any(self.phrases.names[k] for k in range(*subject))
        return replace(frame, speaker=agent, addressee=subject if heard else None)

    def _rejoined(
        self, i: int, readings: tuple[Cue, ...], segments: tuple[Segment, ...], number: int
    ) -> tuple[tuple[Segment, ...], int]:
        """The segments with those joined that a quotation parts: 'hatte „…“ genannt'.

        Or an apposition: 'hatte der Sprecher, Müller, erklärt', 'wie der Sprecher, Müller, sagte'.
        """
        if i != segments[number].low or number < 2:
            return segments, number
        if segments[number - 1].quote < 0 and not self._apposed(segments, number - 1):
            return segments, number
        before = segments[number - 2]
        so_said = self.layout.lower[before.low] == "wie" and segments[number - 1].quote < 0
        if not so_said and self._clause_around(before, readings) is None:
            return segments, number
        joined = Segment(before.low, segments[number].high, -1, before.mark)
        return (*segments[: number - 2], joined, *segments[number + 1 :]), number - 2

    def _apposed(self, segments: tuple[Segment, ...], number: int) -> bool:
        """Whether a segment is one noun phrase or name between commas."""
        segment = segments[number]
        if segment.mark != "," or segments[number + 1].mark != ",":
            return False
        phrase = self.phrases.noun_phrase(segment.low, segment.high)
        return phrase is not None and phrase.high >= segment.high

    def _clause_around(self, before: Segment, readings: tuple[Cue, ...]) -> int | None:
        """The auxiliary before a quotation of the participle behind it: 'hatte „…“ genannt'."""
        if not self._has_participle(readings) or before.quote >= 0:
            return None
        return self._helper(before.low, before.high, before.high)

    def _no_saying(self, helper: int | None, i: int, low: int, segment: Segment, cue: Cue) -> bool:
        """'sollte er gefragt werden', 'muss gefordert werden': nobody has said it."""
        lower = self.layout.lower
        if helper is None or cue.form is not Form.PARTICIPLE:
            return False
        if lower[helper] in {"soll", "sollen"} and lower[i + 1 : i + 2] == ["haben"]:
            return False  # 'soll X gesagt haben'
        if lower[helper] in german.MODAL:
            return True
        return lower[i + 1 : i + 2] == ["werden"] and any(
            lower[k] in german.MODAL for k in range(low, segment.high)
        )

    def _no_act(self, cue: Cue, low: int, high: int) -> bool:
        """'Der Verdacht bestätigte sich', 'das Beben forderte 92 Menschenleben'."""
        clause = self.layout.lower[low:high]
        if cue.lemma in _NO_ACT_ON_ONESELF:
            return "sich" in clause
        return cue.lemma == "fordern" and any(word in german.VICTIMS for word in clause)

    def _conjunct(self, segment: Segment, i: int) -> int:
        """Where the clause of the verb at ``i`` begins: behind 'und' between two verbs."""
        lower = self.layout.lower
        for k in range(i - 1, segment.low, -1):
            if lower[k] in {"und", "oder", "aber", "sondern"}:
                right = any(self.clauses.verbal(m) for m in range(k + 1, i))
                right = right or (
                    self.clauses.verbal(i) and not self._after_helper(segment.low, k, i)
                )
                left = any(self.clauses.verbal(m) for m in range(segment.low, k))
                if right and left:
                    return k + 1
        return segment.low

    def _after_helper(self, low: int, high: int, i: int) -> bool:
        """Whether the verb at ``i`` is a participle whose auxiliary stands in ``[low, high)``."""
        readings = CUES.get(self.layout.lower[i], ())
        return self._has_participle(readings) and self._helper(low, high, high) is not None

    def _helper(self, low: int, high: int, i: int) -> int | None:
        """The auxiliary that goes with a participle at ``i``, before it or right behind it."""
        lower = self.layout.lower
        wanted = german.HAVE | german.BECOME | german.MODAL
        for k in range(i - 1, low - 1, -1):
            if lower[k] in wanted and not self.layout.words[k][0].isupper() | (k == low):
                return k
        if low < i and lower[low] in wanted:
            return low
        if i + 1 < high and lower[i + 1] in wanted:
            return i + 1
        return None

    def _reading(
        self,
        i: int,
        readings: tuple[Cue, ...],
        low: int,
        high: int,
        segment: Segment,
        helper: int | None,
    ) -> Cue | None:
        """The reading of the verb at ``i`` that its clause bears out, or None."""
        lower = self.layout.lower
        use = Use(0)
        best: Cue | None = None
        for cue in readings:
            if cue.companion and not self._has_companion(cue, low, high):
                continue
            if cue.particle and not self._has_particle(cue.particle, i, high):
                continue
            if cue.form is Form.PARTICIPLE and helper is None:
                continue
            if cue.form is Form.INFINITIVE and (
                helper is None or not lower[helper].startswith(("muss", "müss"))
            ):
                continue
            participle = self._has_participle(readings)
            if cue.form is Form.FINITE and self._not_finite(i, cue, helper, high, participle):
                continue
            if best is None or (cue.particle, cue.companion) > (best.particle, best.companion):
                best = cue
            use |= cue.use
        if best is not None and not best.particle:
            last = lower[segment.high - 1]
            if best.form is Form.FINITE and last in _PARTICLES and segment.high - 1 > i:
                return None
        return best

    def _has_companion(self, cue: Cue, low: int, high: int) -> bool:
        """Whether a clause holds the word that goes with a verb; 'nach Ansicht von X' does not."""
        lower = self.layout.lower
        return any(
            lower[k] == cue.companion
            and not (cue.lemma.endswith(" sein") and "nach" in lower[max(low, k - 2) : k])
            for k in range(low, high)
        )

    def _has_particle(self, particle: str, i: int, high: int) -> bool:
        """Whether a verb's particle ends its clause; before a noun it is a preposition."""
        lower = self.layout.lower
        if i and lower[i - 1] == particle:
            return True
        behind = (k for k in range(i + 1, high) if lower[k] == particle)
        return any(k + 1 >= high or not self.phrases.noun_phrase(k + 1, high) for k in behind)

    def _not_finite(
        self, i: int, cue: Cue, helper: int | None, high: int, participle: bool
    ) -> bool:
        """Whether what looks like a finite verb is an infinitive, a participle or an adjective."""
        word = self.layout.lower[i]
        infinitive = cue.lemma.endswith(word)
        if helper is None:
            return infinitive and self.layout.lower[i - 1 : i] == ["zu"]
        attribute = word.endswith(("te", "ten")) and i + 1 < high  # 'waren so bezeichnete „X“'
        return participle or infinitive or helper > i or attribute

    @staticmethod
    def _has_participle(readings: tuple[Cue, ...]) -> bool:
        return any(cue.form is Form.PARTICIPLE for cue in readings)

    def _clause_end(self, segments: tuple[Segment, ...], number: int) -> int:
        """The end of the clause in ``number``, past appositions, up to a particle left behind."""
        end = segments[number].high
        for following in segments[number + 1 : number + 4]:
            if following.quote >= 0 or following.mark != ",":
                break
            size = following.high - following.low
            alone = size == 1 or (size <= 3 and not self.clauses.begins_with_verb(following))
            if alone and self.layout.lower[following.high - 1] in _LEFT_BEHIND:
                return following.high
        return end

    def _side(
        self, segments: tuple[Segment, ...], number: int, low: int, finite: int
    ) -> tuple[Side, int]:
        """Where the governed words lie, and where the clause of saying begins."""
        lower = self.layout.lower
        segment = segments[number]
        first = low
        while first < finite and lower[first] in {"so", "auch"}:
            first += 1
        if lower[low] == "wie" and finite > low + 1:
            return (Side.AFTER if number == 0 else Side.BEFORE), low
        if number and finite + 1 < segment.high and lower[low:finite] in (["das"], ["dies"]):
            return Side.BEFORE, low  # 'X ist weg, das teilte Y mit'
        if low > segment.low or finite != first:
            return Side.AFTER, self._list_start(segments, number, low, finite)
        if number == 0:
            return Side.AFTER, low
        # Verb first: behind what it governs, or behind the appositions of its own subject.
        begin = self._subject_segments(segments, number)
        if begin is not None:
            return Side.AFTER, segments[begin].low
        following = segments[number + 1] if number + 1 < len(segments) else None
        announces = following is not None and ":" in following.mark
        if announces and self.people.behind(finite + 1, segment.high, segment.high) is None:
            return Side.AFTER, self._last_phrase(segments, number) or low
        return Side.BEFORE, low

    def _last_phrase(self, segments: tuple[Segment, ...], number: int) -> int | None:
        """Where the noun phrase begins that stands right before segment ``number``."""
        if segments[number - 1].quote >= 0:
            return None
        for k in (number - 2, number - 1):
            if k < 0 or segments[k].quote >= 0:
                continue
            for i in range(segments[k].low, segments[k].high):
                phrase = self.phrases.noun_phrase(i, segments[number - 1].high)
                if phrase and phrase.high >= segments[number - 1].high:
                    return phrase.low
        return None

    def _list_start(self, segments: tuple[Segment, ...], number: int, low: int, finite: int) -> int:
        """Where the clause begins if its subject is a list: 'die Botschaften A, B und C sagten'."""
        if (
            number != 1
            or segments[1].mark != ","
            or low != segments[1].low
            or segments[0].quote >= 0
        ):
            return low
        joined = self.phrases.noun_phrase(low, finite)
        first = segments[0]
        start = first.low
        while start < first.high and self.layout.lower[start] in german.ADVERBS:
            start += 1
        before = self.phrases.noun_phrase(start, first.high)
        whole = joined is not None and joined.high == finite and before is not None
        return first.low if whole and before and before.high == first.high else low

    def _subject_segments(self, segments: tuple[Segment, ...], number: int) -> int | None:
        """The segment where the subject of a verb-first segment begins, if it does before it."""
        for k in range(number - 1, -1, -1):
            segment = segments[k]
            if segment.quote >= 0 or segments[k + 1].mark not in {",", "–", "-", ""}:
                return None
            if k > 0 and (
                self.clauses.is_relative(segment)
                or self.clauses.infinitive(segment)
                or self.layout.lower[segment.low] in german.CLAUSE_STARTERS
            ):
                continue
            start = segment.low
            while (
                start < segment.high
                and self.layout.lower[start] in german.ADVERBS | german.COORDINATORS
            ):
                start += 1
            phrase = self.phrases.noun_phrase(start, segment.high)
            whole = phrase is not None and phrase.high >= segment.high
            if k == 0 and number > 1 and self.phrases.bare(start, segment.high):
                return k
            if not whole:
                apart = number > 1 and self.clauses.prepositional(segment)
                fronted = apart or self.clauses.fronted(segment, number)
                return k if k == 0 and fronted else None
            if k == 0 or segment.mark not in {",", "–", "-"}:
                # One phrase alone before the verb is no subject: a comma would not part them.
                return k if number - k > 1 else None
        return None

    def _negated(self, low: int, high: int, finite: int) -> bool:
        """Whether a clause of saying denies that anything was said.

        'Nicht' with a capital is a name, and before the verb of a main clause part of a phrase.
        """
        words = self.layout.words
        clause = [self.layout.lower[k] for k in range(low, high) if k == low or words[k].islower()]
        before = low < finite < high - 2 and self.layout.lower[low] not in german.CLAUSE_STARTERS
        if "nicht" in self.layout.lower[finite if before else low : high] and "nur" not in clause:
            return "nicht" in clause
        return any(
            word in {"kein", "keine", "keinen", "keinerlei", "niemand", "nie"} for word in clause
        )

    def _opens_conjoined(self, low: int, finite: int) -> bool:
        """'und fügte hinzu': the subject stands in the clause before."""
        lower = self.layout.lower
        if low == finite and lower[finite + 1 : finite + 2] == ["aber"]:
            return True  # 'begrüßte den Plan, mahnte aber Eile an'
        if lower[low] not in german.COORDINATORS:
            return False
        return all(lower[k] in german.ADVERBS for k in range(low + 1, finite))
