"""Documents made by hand: names are marked as ``[Wladimir Putin|PER]``."""

from __future__ import annotations

import re

from digests.nlp.document import Document, Entity, Token
from digests.types import Sentence

_MARKED = re.compile(r"\[([^\]|]+)\|(PER|ORG|LOC|MISC)\]")
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"“»«]?(?=\s+[A-ZÄÖÜ\"„«»])|$)", re.DOTALL)


def document(marked: str, language: str = "de") -> Document:
    """A document of the text without its marks; blank lines part paragraphs."""
    text, entities = "", []
    position = 0
    for match in _MARKED.finditer(marked):
        text += marked[position : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        position = match.end()
    text += marked[position:]
    tokens = tuple(Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text))
    bare = Document(text, language, tokens, (), tuple(entities))
    sentences = [
        Sentence(start + match.start(), start + match.end())
        for start, end in bare.paragraphs()
        for match in _SENTENCE.finditer(text[start:end])
    ]
    return Document(text, language, tokens, tuple(sentences), tuple(entities))
