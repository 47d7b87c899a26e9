"""Surnames that stand alone in a sentence, and the given names that go with them. Pure.

A report introduces people by their full names and then goes on with the surname; a sentence
shown alone may lack the introduction. Where the report itself tells the given name of somebody
who is resolved with certainty, it can be shown in brackets: '[Norbert] Lammert'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from digests.types import ActorKind, CitedSentence, GivenName, Mention, MentionForm, Report

_LAST_WORD = re.compile(r"([^\W\d]\S*) $")
_SMALL = frozenset(
    """
    als am auch außer bei dass doch durch für gegen hatte hinter laut mit nach neben ob ohne seit so
    über um und unter von vor war während wegen wenn wie zwischen
    after as before but by for from if in like since so that when while with
    """.split()
)
"""Words before a name that have a capital only as the first of a sentence."""
_DETERMINERS = frozenset(
    """
    der die das dem den des ein eine einem einen einer mein meine sein seine seinem seinen seiner
    ihr ihre ihrem ihren ihrer unser unsere dieser diese dieses the a an his her their
    """.split()
)
"""Words after which a capital is a noun rather than a name, or a name among several."""
_MOST_WORDS = 4  # of a name


def given_names(report: Report, start: int, end: int) -> tuple[GivenName, ...]:
    """Return the surnames that stand alone in ``[start, end)``, the first of each person.

    Left out is who has a title before the name ('Minister Meier') or the full name in the same
    stretch, and who shares the surname with somebody else in the report.
    """
    people = [
        one
        for one in report.reading.mentions
        if one.kind is ActorKind.PERSON and one.form is MentionForm.NAME and one.actor is not None
    ]
    found = []
    known = {one.actor for one in people if start <= one.start < end and _words(report, one)[:-1]}
    for one in people:
        if not start <= one.start < one.end <= end or one.actor in known:
            continue
        known.add(one.actor)
        (surname,) = _words(report, one)
        *given, plain = _full(report, one, surname, people) or [surname]
        text = report.item.text
        if given and not _attached(text, one, start, owner=plain != surname):
            at = len(" ".join((text[start : one.start] + "|").split())) - 1
            found.append(GivenName(at, " ".join(given), surname))
    return tuple(found)


def introduced(
    sentences: Sequence[CitedSentence],
    head: str = "",
    told: Sequence[CitedSentence] = (),
) -> Iterator[tuple[GivenName, ...]]:
    """Yield, for each of some sentences shown together, the given names that are to be shown.

    Each person is introduced once, and nobody who stands in the sentences ``told`` above, or in
    the ``head`` over all with a name or a title before the surname.
    """
    texts = [one.text for one in told]
    for one in sentences:
        over = f"{head} {one.speaker or ''} {one.lead}"
        yield tuple(
            name
            for name in one.given
            if not _names(name.surname, [over], before=r"[A-ZÄÖÜ][\w.’'-]*,? ")
            and not _names(name.surname, texts)
        )
        texts.append(one.text)


def _names(surname: str, texts: Iterable[str], before: str = "") -> bool:
    """Say whether a surname stands in a text, in any case; ``before`` is a pattern."""
    found = re.compile(rf"\b{before}{re.escape(surname.removesuffix('s'))}s?\b")
    return any(found.search(text) for text in texts)


def _words(report: Report, mention: Mention) -> list[str]:
    return report.item.text[mention.start : mention.end].split()


def _full(
    report: Report, mention: Mention, surname: str, people: Sequence[Mention]
) -> list[str] | None:
    """Return the words of the name with which a report introduces somebody, where it is clear."""
    forms = {surname, surname.removesuffix("s"), surname.rstrip("'’")}
    full = [(one.actor, words) for one in people if len(words := _words(report, one)) > 1]
    bearers = [(actor, words) for actor, words in full if words[-1] in forms]
    if {actor for actor, _ in bearers} != {mention.actor}:
        return None
    words = bearers[0][1]
    plain = len(words) <= _MOST_WORDS and all(word[0].isupper() for word in words[:-1])
    return words if plain else None


def _attached(text: str, mention: Mention, start: int, *, owner: bool) -> bool:
    """Say whether a surname has something before or behind it that says who is meant.

    What follows an ``owner`` ('Meiers Hund') does not.
    """
    after = text[mention.end : mention.end + 2]
    if after[:1] == "-" or text[start : mention.start].endswith("-"):
        return True
    if not owner and re.match(r" [A-ZÄÖÜ]", after):
        return True
    word = _LAST_WORD.search(text[start : mention.start])
    if word is None:
        return False
    if word[1].lower() in _DETERMINERS:
        return True
    return word[1][0].isupper() and not (word.start() == 0 and word[1].lower() in _SMALL)
