"""spaCy pipelines by language, loaded once, and the way from a spaCy Doc to a Document.

German ships with Depesche (``digests/nlp/de_depesche``). An operator can name
an installed pipeline for any language ("de_core_news_lg"); where a language
has none, a plain fallback splits sentences and finds no names, and says so.

A pipeline is not shared between threads: one :class:`Pipelines` belongs to
one reading lane. Docs never leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import chain, groupby, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import py3langid
import spacy

from digests import runon
from digests.errors import DepescheError
from digests.nlp import names  # noqa: F401 - the component of the pipeline that ships
from digests.nlp.document import Document, Entity, Token
from digests.types import Sentence, SentenceKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

SHIPPED: Final = {"de": Path(__file__).parent / "de_depesche"}
LANGUAGES: Final = ("de", "en")
"""The languages Depesche reads; another one is read with the fallback of the nearest of them."""

_BATCH: Final = 4  # spaCy's default of 1,000 documents reaches 1.4 GB with this network
_ZONE: Final = 64  # documents whose spaCy memory is freed together
_LABELS: Final = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "NORP": "MISC", "GPE": "LOC"} | {
    "LOC": "LOC",
    "FAC": "LOC",
    "MISC": "MISC",
}
_OPENED: Final = re.compile(r"[.!?]\s+([\"“„«‘‚])\s*$")
_OPENERS: Final = (
    "Der Die Das Den Dem Des Dies Diese Dieser Dieses Diesem Diesen Er Sie Es Wir Ich Man Ein Eine "
    "Einen Einem Einer Sein Seine Ihr Ihre In Im An Am Auf Aus Bei Beim Bis Durch Für Laut Mit "
    "Nach Seit Über Um Unter Von Vom Vor Während Wegen Zu Zum Zur Als Wenn Wie Weil Nachdem Und "
    "Aber Auch Doch So Nun Da Dabei Damit Danach Dort Zudem Allerdings Insgesamt Jetzt Hier Heute "
    "Gestern Zuvor Zuletzt Später Seitdem Seither Bereits Schon Erst Noch Bislang Bisher Derzeit "
    "Inzwischen Mittlerweile Außerdem Trotzdem Dennoch Jedoch Daher Deshalb Zwar Dagegen Dafür"
)
_AFTER_NUMBER: Final = re.compile(
    rf"(?:(?<=\w )(?:\d+|[IVX]+)\.\s+(?=(?:{_OPENERS.replace(' ', '|')})\s)"
    r"|\bJahre?s? \d{3,4}\.\s+(?=[A-ZÄÖÜ„]))"
)
"""A number that is taken for an ordinal, though a sentence begins behind it: 'seit 2006. Das …'.

That of a year is none: 'im Jahr 2006. Anna …'.
"""
_AFTER_QUOTATION: Final = re.compile(r"(?<=\w)[.!?][“”]\s+(?=[A-ZÄÖÜ])")
"""The end of a quotation that ends its sentence: '„Alles ist gut.“ Anna …'."""
_ASIDE: Final = re.compile(r"\([^()\n]*\w[.!?]\)\s+(?=[\"„“»«]?[A-ZÄÖÜ])")
"""A sentence in brackets, which the pipeline takes for the start of the next."""
_LEFT_OPEN: Final = re.compile(
    r"(?<=[\w-])(?:\s+(?:von|vom|und|für|der|die|das|dem|den|des|in|im|zu|zur|zum|mit|bei|of|the|and|for))+$"
)
"""Small words at the end of what is taken for a name."""
_REGNAL: Final = re.compile(r"[A-ZÄÖÜ][\w-]+ [IVX]+\.$")
_GOES_ON: Final = re.compile(r"(?:\([^()\n]*\)\s|[\"„“»«‚‘])\s?[a-zäöüß]")
LONGEST: Final = 100_000
"""Characters of a text that are read: more than a report has, and what answers bear."""
_FINAL_MARKS: Final = frozenset(".!?…:;")
_LONGEST_SENTENCE: Final = 1000
"""Characters; what goes on without an end is a table or a list, and nothing to show."""
_QUOTES: Final = frozenset('"“”„«»‚‘›‹')
_CLOSING_MARKS: Final = "\"'“”»«’‘›‹)]}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read: language as an ISO 639-1 code, or None to have it detected."""

    text: str
    title_end: int = 0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineInfo:
    """Which pipeline reads a language; ``finds_names`` is False for the fallback."""

    language: str
    name: str
    version: str
    finds_names: bool


class Pipelines:
    """The pipelines of one reading lane. Each is loaded when its language first turns up."""

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        """``named`` maps a language to an installed pipeline that the operator prefers."""
        self._named = dict(named or {})
        self._loaded: dict[str, Language] = {}

    def info(self, language: str) -> PipelineInfo:
        """Which pipeline reads ``language``. Raises DepescheError("pipeline_missing")."""
        pipeline = self._pipeline(language)
        meta = pipeline.meta
        return PipelineInfo(
            language,
            f"{meta['lang']}_{meta['name']}",
            str(meta["version"]),
            pipeline.has_pipe("ner"),
        )

    def documents(self, texts: Iterable[Text]) -> Iterator[Document]:
        """Read texts in their order, in batches; the memory of each batch is freed with it.

        Of one longer than :data:`LONGEST` the beginning is read.
        """
        with_language = ((text, self.language_of(text)) for text in texts)
        for language, run in groupby(with_language, key=lambda pair: pair[1]):
            pending = (text for text, _ in run)
            while batch := list(islice(pending, _ZONE)):
                yield from self._batch(batch, language)

    def document(self, text: str, *, title_end: int = 0, language: str | None = None) -> Document:
        """Read one text."""
        return next(self.documents([Text(text, title_end, language)]))

    def _batch(self, texts: list[Text], language: str) -> list[Document]:
        pipeline = self._pipeline(language)
        pairs = ((text.text[:LONGEST], text.title_end) for text in texts)
        with pipeline.memory_zone():
            return [
                _document(doc, language, title_end)
                for doc, title_end in pipeline.pipe(pairs, as_tuples=True, batch_size=_BATCH)
            ]

    @staticmethod
    def language_of(text: Text) -> str:
        """The declared language where Depesche reads it, else the likelier of those it reads."""
        declared = (text.language or "").lower().replace("_", "-").split("-")[0]
        if declared in LANGUAGES:
            return declared
        return detect_language(text.text)

    def _pipeline(self, language: str) -> Language:
        if language not in self._loaded:
            self._loaded[language] = self._load(language)
        return self._loaded[language]

    def _load(self, language: str) -> Language:
        name = self._named.get(language)
        try:
            if name:
                return _lean(spacy.load(name))
            if language in SHIPPED:
                return spacy.load(SHIPPED[language])
        except (OSError, ValueError, ImportError) as error:
            raise DepescheError(
                "pipeline_missing", language=language, name=name or str(SHIPPED[language].name)
            ) from error
        return _fallback(language)


def detect_language(text: str) -> str:
    """The likelier of the languages Depesche reads, from the first 2,000 characters.

    Uses langid (Lui & Baldwin, ACL 2012).
    """
    ranked: list[tuple[str, float]] = py3langid.rank(text[:2000])
    return next(code for code, _ in ranked if code in LANGUAGES)


def _lean(pipeline: Language) -> Language:
    """Drop what Depesche does not use of a stock pipeline: half the time, the same names."""
    for pipe in ("tagger", "morphologizer", "lemmatizer", "attribute_ruler"):
        if pipeline.has_pipe(pipe):
            pipeline.remove_pipe(pipe)
    return pipeline


def _fallback(language: str) -> Language:
    import_module(f"spacy.lang.{language}")
    pipeline = spacy.blank(language)
    pipeline.add_pipe("sentencizer")
    pipeline.meta.update(name="fallback", version=spacy.about.__version__)
    return pipeline


def _document(doc: Doc, language: str, title_end: int) -> Document:
    text = doc.text
    tokens = tuple(
        Token(token.idx, token.idx + len(token.text), token.text)
        for token in doc
        if not token.is_space
    )
    entities = tuple(
        Entity(entity.start_char, end, _LABELS[entity.label_])
        for entity in doc.ents
        if entity.label_ in _LABELS and "\n" not in entity.text
        # 'Such-' of 'Such- und Rettungsdienst' is half of a name
        if text[(end := _name_end(text, entity)) - 1] != "-"
    )
    bare = Document(text, language, tokens, (), entities, title_end)
    starts = [token.idx for token in doc if token.is_sent_start]
    if language == "de":
        starts += [found.end() for found in _AFTER_NUMBER.finditer(text)]
        starts += [found.end() for found in _AFTER_QUOTATION.finditer(text)]
    cuts = sorted(set(starts))
    pieces = _sentences(text, bare.paragraphs(), cuts)
    parted = _parted(text, pieces, language, title_end)
    sentences = tuple(chain.from_iterable(_classified(text, one, title_end) for one in parted))
    return Document(text, language, tokens, sentences, entities, title_end)


def _name_end(text: str, entity: Span) -> int:
    """Where a name ends: at the mark that closes its quotation, though a word goes on behind it.

    'Bild' in '"Bild"-Zeitung', of which spaCy makes one word. A small word that leads on is no
    end of a name: 'Kim Lee von', 'Institut für das'.
    """
    start, end = entity.start_char, entity.end_char
    if start and text[start - 1] in _QUOTES:
        end = next((i for i in range(start + 1, end) if text[i] in _QUOTES), end)
    left_open = _LEFT_OPEN.search(text, start, end)
    return left_open.start() if left_open else end


def _sentences(
    text: str, paragraphs: Iterable[tuple[int, int]], starts: list[int]
) -> Iterator[list[tuple[int, int]]]:
    """Cut paragraphs at the pipeline's boundaries; a paragraph break is always a boundary."""
    for start, end in paragraphs:
        inner = [_before_mark(text, cut) for cut in starts if start < cut < end]
        asides = (_ASIDE.match(text, left, end) for left in (start, *inner))
        bounds = sorted({start, *inner, *(aside.end() for aside in asides if aside), end})
        pieces = []
        for left, right in pairwise(bounds):
            piece = text[left:right].rstrip()
            if piece:
                pieces.append((left, left + len(piece)))
        yield _mended(text, pieces)


def _before_mark(text: str, cut: int) -> int:
    """Where a sentence begins that a quotation opens, if the mark was left to the one before."""
    opened = _OPENED.search(text, max(0, cut - 6), cut)
    return opened.start(1) if opened else cut


def _mended(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what is no sentence of its own: a stray closing mark, a lower-case continuation."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        first = text[start]
        before = text[joined[-1][0] : joined[-1][1]].rstrip(_CLOSING_MARKS) if joined else ""
        # A closing mark alone ends no sentence: 'den «legitimen Interessen» Russlands'.
        ends_open = before[-1:] not in _FINAL_MARKS
        stray = end - start <= 2 and not any(mark.isalnum() for mark in text[start:end])
        # 'Benedikt XVI. „war weise“', 'Rama IX. (Bhumibol)': the number is a name's.
        named = joined and _REGNAL.search(before) and _GOES_ON.match(text, start)
        if joined and (first.islower() or stray or ends_open or named):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _parted(
    text: str, paragraphs: Iterable[list[tuple[int, int]]], language: str, title_end: int
) -> Iterator[list[tuple[int, int]]]:
    """Cut what runs into a sentence off it: headlines, crossheads and captions."""
    common = runon.common_words(text) if language == "en" else frozenset()
    for pieces in paragraphs:
        parted = []
        for start, end in pieces:
            left = start
            while left >= title_end and (
                cut := runon.sentence_within(text[left:end], language, common)
            ):
                parted.append((left, left + len(text[left : left + cut].rstrip())))
                left += cut
            parted.append((left, end))
        yield parted


def _classified(text: str, pieces: list[tuple[int, int]], title_end: int) -> Iterator[Sentence]:
    for start, end in pieces:
        stripped = text[start:end].rstrip(_CLOSING_MARKS)
        closed = stripped[-1:] in _FINAL_MARKS
        if end - start > _LONGEST_SENTENCE:
            kind = SentenceKind.FRAGMENT
        elif start < title_end or (not closed and len(pieces) == 1):
            kind = SentenceKind.HEADING
        elif not closed or not stripped[:1] or stripped[0].islower():
            kind = SentenceKind.FRAGMENT
        else:
            kind = SentenceKind.PROSE
        yield Sentence(start, end, kind)
