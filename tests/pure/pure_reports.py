"""Reports made by hand: a text, and what a reader would find in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from digests.types import (
    UNDATED,
    ActorKind,
    Event,
    Item,
    Mention,
    MentionForm,
    PartialDate,
    Published,
    Reading,
    Report,
    Sentence,
    SentenceKind,
    SpeechKind,
    Statement,
)
from digests.words import key_terms

INGESTED = datetime(2025, 1, 1, tzinfo=UTC)
_SENTENCE = re.compile(r"\S.*?(?:(?<!\d)[.!?][\"“”»«]?(?= |$)|$)", re.DOTALL)

Said = tuple[str, str | None, str | None] | tuple[str, str | None, str | None, str]
"""The words of a message, the words that name its speaker, the speaker's id, and of a cue."""


def report(
    body: str,
    *,
    number: int = 1,
    title: str = "",
    published: Published = UNDATED,
    language: str = "de",
    names: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    pronouns: Sequence[tuple[str, str]] = (),
    said: Sequence[Said] = (),
    dates: Mapping[str, str] | None = None,
    source: str = "Testblatt",
) -> Report:
    """A report whose paragraphs are parted by blank lines.

    ``names`` and ``roles`` map words to actor ids, wherever they stand;
    ``pronouns`` are pairs of a stretch that begins with the pronoun, and an id;
    ``dates`` map words to the partial date that their sentence speaks of.
    """
    text = f"{title}\n\n{body}" if title else body
    sentences = tuple(_sentences(text, len(title)))
    mentions = [
        Mention(match.start(), match.end(), ActorKind.PERSON, actor, form)
        for form, known in ((MentionForm.NAME, names), (MentionForm.ROLE, roles))
        for word, actor in (known or {}).items()
        for match in re.finditer(rf"\b{re.escape(word)}\b", text)
    ]
    for stretch, actor in pronouns:
        start = text.index(stretch)
        end = start + len(stretch.split()[0])
        mentions.append(Mention(start, end, ActorKind.PERSON, actor, MentionForm.PRONOUN))
    mentions.sort(key=lambda mention: mention.start)
    events = [
        Event(sentence.start, sentence.end, PartialDate.parse(value), ())
        for words, value in (dates or {}).items()
        for match in re.finditer(re.escape(words), text)
        for sentence in sentences
        if sentence.start <= match.start() < sentence.end
    ]
    item = Item(
        id=number,
        revision=1,
        seq=number,
        source_id=1,
        source_name=source,
        key=f"report-{number}",
        text=text,
        title_end=len(title),
        published=published,
        ingested_at=INGESTED,
        language=language,
    )
    reading = Reading(
        language=language,
        sentences=sentences,
        mentions=tuple(mentions),
        statements=tuple(_statement(text, one) for one in said),
        events=tuple(events),
        terms=key_terms(text, sentences, mentions, language),
    )
    return Report(item, reading)


def _sentences(text: str, title_end: int) -> list[Sentence]:
    found = [Sentence(0, title_end, SentenceKind.HEADING)] if title_end else []
    for paragraph in re.finditer(r"\S.*?(?=\n\n|\Z)", text[title_end:], re.DOTALL):
        whole = paragraph.group().rstrip()
        start = title_end + paragraph.start()
        if not re.search(r"[.!?][\"“”»«]?$", whole):
            found.append(Sentence(start, start + len(whole), SentenceKind.HEADING))
            continue
        found += [
            Sentence(start + match.start(), start + match.end())
            for match in _SENTENCE.finditer(whole)
        ]
    return found


def _statement(text: str, said: Said) -> Statement:
    message, speaker, actor, *cue = said
    start = text.index(message)
    quoted = message[0] in '„“"«»'
    return Statement(
        SpeechKind.DIRECT if quoted else SpeechKind.INDIRECT,
        ((start, start + len(message)),),
        _place(text, speaker),
        _place(text, *cue) if cue else None,
        actor,
    )


def _place(text: str, words: str | None) -> tuple[int, int] | None:
    return (text.index(words), text.index(words) + len(words)) if words is not None else None
