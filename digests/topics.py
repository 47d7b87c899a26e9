"""Topics: does a report match a named query, and by which words.

Pure: a topic, a text and its reading in; yes or no and spans out. Words are
compared by their stems and, in German, as parts of compounds
(:mod:`digests.words`); a phrase is a run of stems with nothing but function
words of the same clause between; actors are matched by id, whatever the text
calls them. Also reads the plain-text list of topics (TOML).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digests import words
from digests.types import Mention, Reading, Report, Span, Topic

_UMLAUT = re.compile("[äöüÄÖÜ]")
_COMPOUNDING = frozenset({"de", "nl", "da", "sv", "no"})


@dataclass(frozen=True, slots=True)
class _Group:
    """Alternatives to look for: single words, and phrases as runs of stems.

    ``nouns`` are the stems of the single words that are nouns without an
    umlaut; ``hint`` finds what may match a single word, and more.
    """

    singles: tuple[words.Query, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    nouns: frozenset[str] = frozenset()
    hint: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return bool(self.singles or self.phrases)


@dataclass(frozen=True, slots=True)
class _Query:
    terms: _Group
    phrases: _Group
    exclude: _Group


def matches(topic: Topic, report_text: str, reading: Reading) -> bool:
    """Say whether a report matches ``topic``, as :class:`~digests.types.Topic` defines it.

    ``reading`` is the reading of ``report_text``; its language decides how
    words are stemmed. A topic that asks for nothing matches nothing.
    """
    query = _compiled(topic, reading.language)
    found = _words(report_text, reading.language)
    if query.exclude and next(_find(query.exclude, found, report_text, reading.language), None):
        return False
    groups = [group for group in (query.terms, query.phrases) if group]
    hits = (
        next(_find(group, found, report_text, reading.language), None) is not None
        for group in groups
    )
    named = any(True for _ in _mentions(topic, reading.mentions))
    if topic.require_all:
        wanted = bool(groups or topic.actors)
        return wanted and (named or not topic.actors) and all(hits)
    return named or any(hits)


def spans(topic: Topic, report: Report) -> tuple[Span, ...]:
    """Return every place of ``report`` that meets ``topic``, in order; none if it does not match.

    The first is the answer to 'why do I see this'.
    """
    item, reading = report.item, report.reading
    if not matches(topic, item.text, reading):
        return ()
    query = _compiled(topic, reading.language)
    found = _words(item.text, reading.language)
    ranges = {(mention.start, mention.end) for mention in _mentions(topic, reading.mentions)}
    for group in (query.terms, query.phrases):
        ranges.update(_find(group, found, item.text, reading.language))
    return tuple(Span(item.id, item.revision, start, end) for start, end in sorted(ranges))


def read_topics(text: str, language: str = "de") -> tuple[Topic, ...]:
    """Read a list of topics written in TOML, in the order of the file.

    Each table is a topic: its key is the id, ``name`` a string or a table of
    names by language (``language`` chooses, else the first), and ``terms``,
    ``phrases``, ``actors``, ``exclude`` are lists of strings; ``require_all``
    is a boolean. Raises ValueError, naming the topic, where the text is
    anything else.
    """
    return tuple(_topic(key, table, language) for key, table in tomllib.loads(text).items())


def _topic(key: str, table: object, language: str) -> Topic:
    if not isinstance(table, Mapping):
        raise ValueError(f"topic {key}: not a table")
    known = {"name", "terms", "phrases", "actors", "exclude", "require_all"}
    if unknown := sorted(set(table) - known):
        raise ValueError(f"topic {key}: unknown fields {', '.join(unknown)}")
    name = table.get("name", key)
    if isinstance(name, Mapping) and name:
        name = name.get(language) or next(iter(name.values()))
    if not isinstance(name, str):
        raise ValueError(f"topic {key}: no name")
    require_all = table.get("require_all", False)
    if not isinstance(require_all, bool):
        raise ValueError(f"topic {key}: require_all is neither true nor false")
    return Topic(
        id=key,
        name=name,
        terms=_strings(key, table, "terms"),
        phrases=_strings(key, table, "phrases"),
        actors=_strings(key, table, "actors"),
        exclude=_strings(key, table, "exclude"),
        require_all=require_all,
    )


def _strings(key: str, table: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = table.get(field, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(f"topic {key}: {field} is no list of strings")
    return tuple(value)


@lru_cache(maxsize=512)
def _compiled(topic: Topic, language: str) -> _Query:
    return _Query(
        terms=_group(topic.terms, language),
        phrases=_group(topic.phrases, language),
        exclude=_group(topic.exclude, language),
    )


def _group(entries: Sequence[str], language: str) -> _Group:
    """Compile words and phrases; an entry of several words is a phrase wherever it stands."""
    singles: dict[words.Query, None] = {}
    phrases: dict[tuple[str, ...], None] = {}
    nouns = set()
    for entry in entries:
        found = list(words.words(entry, language))
        if len(found) > 1:
            phrases[tuple(word.stem for word in found)] = None
        # 'trade war' must not become 'trade' in German, where 'war' is a function word.
        elif found and not entry[found[0].end :].strip():
            written = entry[found[0].start : found[0].end]
            query = words.query(written, language)
            singles[query] = None
            if written[0].isupper() and not _UMLAUT.search(written):
                nouns.add(query.stem)
    hint = re.compile("|".join(map(re.escape, {part for query in singles for part in query})))
    return _Group(tuple(singles), tuple(phrases), frozenset(nouns), hint if singles else None)


@lru_cache(maxsize=64)
def _words(text: str, language: str) -> tuple[words.Word, ...]:
    """Return the words of a text; kept, as many topics are asked about one report in turn."""
    return tuple(words.words(text, language))


def _find(
    group: _Group, found: Sequence[words.Word], text: str, language: str
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of ``text`` that meet an alternative of ``group``."""
    if group.hint is not None:
        # The substring search throws out nearly all words before the rules of compounds look.
        hits = {
            stem
            for stem in {word.stem for word in found}
            if group.hint.search(stem) and _single(group, stem, language)
        }
        for word in found:
            if word.stem in hits and not _shifted(group, word, text):
                yield word.start, word.end
    for phrase in group.phrases:
        yield from _runs(phrase, found, text)


def _single(group: _Group, stem: str, language: str) -> bool:
    compounds = language in _COMPOUNDING
    return any(
        words.matches(query.stem, stem, modifier=query.modifier, compounds=compounds)
        for query in group.singles
    )


def _shifted(group: _Group, word: words.Word, text: str) -> bool:
    """Say whether a noun is looked for and a verb of its stem found: 'wählen' for 'Wahlen'."""
    written = text[word.start : word.end]
    return word.stem in group.nouns and written[0].islower() and _UMLAUT.search(written) is not None


def _runs(
    phrase: tuple[str, ...], found: Sequence[words.Word], text: str
) -> Iterator[tuple[int, int]]:
    """Yield the ranges where the stems of ``phrase`` follow each other within a clause."""
    for index in range(len(found) - len(phrase) + 1):
        if found[index].stem != phrase[0]:
            continue
        run = found[index : index + len(phrase)]
        if all(word.stem == wanted for word, wanted in zip(run, phrase, strict=True)) and all(
            words.follows(text, run[n], run[n + 1]) for n in range(len(run) - 1)
        ):
            yield run[0].start, run[-1].end


def _mentions(topic: Topic, mentions: Sequence[Mention]) -> Iterator[Mention]:
    return (mention for mention in mentions if mention.actor in topic.actors)
