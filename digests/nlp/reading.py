"""From text to Reading: one pass of the pipeline, then the pure parts over what it found.

The one place through which every part of Depesche that needs language goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock

from digests.actors import Resolution
from digests.nlp.document import Document
from digests.nlp.events import find_events
from digests.nlp.pipelines import Pipelines, Text
from digests.nlp.statements import find_statements
from digests.nlp.times import find_times
from digests.types import Draft, PartialDate, Published, Reading
from digests.words import key_terms

Resolve = Callable[[Document, PartialDate | None], Resolution]
"""Finds the actors of a document published on a date."""


class Reader:
    """Reads drafts, one lane: a second thread waits for the first to finish its batch."""

    def __init__(self, pipelines: Pipelines, resolve: Resolve) -> None:
        self._pipelines = pipelines
        self._resolve = resolve
        self._lane = Lock()

    def read(self, drafts: Iterable[Draft]) -> list[Reading]:
        """Read drafts, in their order. Raises DepescheError("pipeline_missing")."""
        wanted = list(drafts)
        texts = [Text(draft.text, draft.title_end, draft.language) for draft in wanted]
        with self._lane:
            documents: Iterator[Document] = self._pipelines.documents(texts)
            return [
                read_document(document, draft.published, self._resolve)
                for document, draft in zip(documents, wanted, strict=True)
            ]


def read_document(document: Document, published: Published, resolve: Resolve) -> Reading:
    """Everything that is understood of one document."""
    resolution = resolve(document, published.date)
    mentions = resolution.mentions
    timexes = find_times(document.text, published, document.language)
    return Reading(
        language=document.language,
        sentences=document.sentences,
        mentions=mentions,
        statements=find_statements(document, mentions),
        timexes=timexes,
        events=find_events(document.text, document.sentences, mentions, timexes, published),
        offices=resolution.offices,
        terms=key_terms(document.text, document.sentences, mentions, document.language),
        new_actors=resolution.new_actors,
    )
