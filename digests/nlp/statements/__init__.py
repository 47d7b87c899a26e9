"""Who said what: statements, direct and reported, with their speakers.

Rules over tokens, names and word order, for the kinds of speech that Petersen-Frey
and Biemann tell apart in German news (LREC-COLING 2024). No model: what is found
can be explained, and costs little beside the pipeline.

* ``quotation``: pairs quotation marks of every style; ``quoted``: whose words they hold
* ``layout``: sentences that belong together, segments between commas
* ``verbs``, ``german``, ``lexicon``: German words of saying, moods, small words
* ``phrases``, ``clauses``, ``people``: noun phrases, kinds of clauses, subjects and hearers
* ``frames``, ``sources``, ``governed``: cues with and without a verb, and what they govern
* ``reader``: a document from first to last, and speech that goes on without a cue
* ``english``: the simpler counterpart for English
* ``speakers``: which actor a speaker is
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from digests.nlp.document import Document, Entity
from digests.nlp.statements.english import EnglishReader
from digests.nlp.statements.layout import Layout
from digests.nlp.statements.reader import GermanReader
from digests.nlp.statements.speakers import Speakers
from digests.nlp.statements.utterance import Range, Utterance
from digests.types import ActorKind, Mention, MentionForm, SpeechKind, Statement

__all__ = ["find_statements"]

_LABELS: Final = {
    ActorKind.PERSON: "PER",
    ActorKind.ORGANISATION: "ORG",
    ActorKind.STATE: "LOC",
    ActorKind.PLACE: "LOC",
}


def find_statements(document: Document, mentions: Sequence[Mention]) -> tuple[Statement, ...]:
    """The statements of a document, by where they start, longer ones first.

    ``mentions`` say which stretches of the text are which actors; a speaker
    becomes the actor of the mention at its head. Quoted words within reported
    ones are statements of their own inside them. All offsets are characters
    of ``document.text``. Never raises.
    """
    if not document.tokens:
        return ()
    layout = Layout(_with_names(document, mentions))
    reader = EnglishReader(layout) if document.language == "en" else GermanReader(layout)
    utterances = reader.read()
    speakers = Speakers(layout, mentions)
    utterances.sort(key=lambda item: (item.unit, item.message))
    statements = [_statement(layout, speakers, utterance) for utterance in utterances]
    cued = {item.message for item in statements if item.cue and item.kind is SpeechKind.DIRECT}
    unique = dict.fromkeys(s for s in statements if s.cue or s.message not in cued)
    return tuple(sorted(unique, key=lambda item: (item.start, -item.end, item.kind)))


def _with_names(document: Document, mentions: Sequence[Mention]) -> Document:
    """The document with the names that its mentions settle, in place of those they touch.

    No person is who has a body's name in theirs: 'Duma-Präsident' is an office.
    """
    bodies = [m.start for m in mentions if m.kind is not ActorKind.PERSON]
    names = [
        Entity(m.start, m.end, _LABELS[m.kind])
        for m in mentions
        if m.form is MentionForm.NAME and m.actor
    ]
    starts = [name.start for name in names]
    kept = [
        entity
        for entity in document.entities
        if not any(
            name.end > entity.start
            for name in names[
                max(0, bisect_left(starts, entity.start) - 1) : bisect_left(starts, entity.end)
            ]
        )
        and not (
            entity.label == "PER"
            and bisect_left(bodies, entity.start) < bisect_left(bodies, entity.end)
        )
    ]
    entities = sorted([*names, *kept], key=lambda entity: entity.start)
    return replace(document, entities=tuple(entities))


def _statement(layout: Layout, speakers: Speakers, utterance: Utterance) -> Statement:
    def chars(part: Range | None) -> Range | None:
        return layout.chars(*part) if part else None

    message = tuple(layout.chars(low, high) for low, high in sorted(utterance.message))
    return Statement(
        utterance.kind,
        message,
        chars(utterance.speaker),
        chars(utterance.cue),
        speakers.actor(utterance.speaker, utterance.unit),
        chars(utterance.addressee),
        chars(utterance.via),
    )
