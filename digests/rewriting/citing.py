"""The sentences of a digest that may be cited, with what their reports say of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from digests.rewriting.tokens import is_reported, tokens_of
from digests.rewriting.values import Cited
from digests.types import CitedSentence, Digest, MentionForm, Report, Statement
from digests.words import stems


def citable(
    digest: Digest, reports: Mapping[int, Report], shown: Collection[CitedSentence] | None = None
) -> tuple[Cited, ...]:
    """The sentences of a digest, numbered from 1, with what their reports' readings say of them.

    ``reports`` by item id. Only those in ``shown``, if given. Empty where a
    report is missing or was revised since: then nothing can be checked.
    """
    found: list[Cited] = []
    for row, section in enumerate(digest.sections):
        for column, entry in enumerate(section.stories):
            for sentence in entry.story.sentences:
                if shown is not None and sentence not in shown:
                    continue
                report = reports.get(sentence.span.item)
                if report is None or report.item.revision != sentence.span.revision:
                    return ()
                found.append(_cited(len(found) + 1, (row, column), sentence, report))
    return tuple(found)


def _cited(number: int, place: tuple[int, int], sentence: CitedSentence, report: Report) -> Cited:
    language, span, text = report.reading.language, sentence.span, report.item.text
    named = " ".join(
        text[one.start : one.end]
        for one in report.reading.mentions
        if one.form is not MentionForm.PRONOUN and span.start <= one.start and one.end <= span.end
    )
    before = sentence.speaker or sentence.lead
    told = [
        one for one in report.reading.statements if one.start < span.end and span.start < one.end
    ]
    shown = f"{sentence.speaker}: {sentence.text}" if sentence.speaker else sentence.text
    if sentence.lead:
        shown = f"({sentence.lead}) {shown}"
    within = (slice(max(a, span.start), min(b, span.end)) for one in told for a, b in one.message)
    message = stems(" ".join(text[part] for part in within), language)
    claim = bool(told or sentence.speaker) or is_reported(sentence.text)
    return Cited(
        number,
        place,
        language,
        shown,
        sentence,
        names=frozenset(stems(f"{named} {before}", language)) | _capitals(shown, language),
        claim=claim,
        speakers=_speakers(sentence, report, told),
        frame=frozenset(stems(shown, language)) - frozenset(message),
        cues=frozenset(
            word for one in told if one.cue for word in stems(text[slice(*one.cue)], language)
        ),
    )


def _speakers(sentence: CitedSentence, report: Report, told: Sequence[Statement]) -> frozenset[str]:
    """Stems of which one names each speaker's surname, or the words that stand for it."""
    language, text = report.reading.language, report.item.text
    if name := sentence.speaker or (sentence.lead if told else ""):
        return frozenset(stems(name, language)[-1:])
    found: set[str] = set()
    for one in told:
        if one.speaker is not None:
            named = _named(report, one) or one.speaker
            found.update(stems(text[slice(*named)], language)[-1:])
    return frozenset(found)


def _named(report: Report, statement: Statement) -> tuple[int, int] | None:
    """Where a speaker is named: by the name of who it was found to be, else by the first."""
    low, high = statement.speaker or (0, 0)
    names = [
        one
        for one in report.reading.mentions
        if one.form is MentionForm.NAME and low <= one.start and one.end <= high
    ]
    names.sort(key=lambda one: one.actor != statement.actor)
    return (names[0].start, names[0].end) if names else None


def _capitals(text: str, language: str) -> frozenset[str]:
    """In a language that writes nouns small: the stems of the words that are written big."""
    if language == "de":
        return frozenset()
    return frozenset(one.stem for one in tokens_of(text, language) if one.capital and one.content)
