"""Titles into which a kicker runs without a mark: 'Krise um die Ukraine Westen berät'.

Pages that lost their layout give kicker and title as one line. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from digests.standing import cite
from digests.types import ActorKind, CitedSentence, Mention, Report

_JOINTS = frozenset(
    """
    ab am an auf aus bei beim das dem den der des die für gegen im in mit nach ohne über um und
    unter vom von vor zu zum zur zwischen
    """.split()
)
_NOUN = re.compile(r"[A-ZÄÖÜ][\w-]*[a-zäöüß]")
_BEARER = re.compile(r"-\w*(?:er|in|or|ent|chef|rat|team|bund|verband|partei)$")
_PLACES = (ActorKind.STATE, ActorKind.PLACE)


def title(report: Report) -> CitedSentence:
    """Return the title of a report, with a colon between a kicker and what it runs into.

    The rest of the text is that of the span. Only German titles are looked at, in
    which nouns are told by their capitals.
    """
    whole = report.item.title
    cited = cite(report, 0, report.item.title_end)
    seam = _seam(report) if report.reading.language == "de" else None
    if seam is None:
        return cited
    parts = (whole[:seam], whole[seam:])
    return replace(cited, text=": ".join(" ".join(part.split()) for part in parts))


def _seam(report: Report) -> int | None:
    """Return where the title proper begins; None where no kicker stands before it.

    A kicker tells of a place and has no verb: 'Krise um die Ukraine', 'Parteien im
    Ukraine-Konflikt'. It ends where a second noun follows that is no part of a name.
    """
    found = list(re.finditer(r"\S+", report.item.title))
    mentions = report.reading.mentions
    places = [mention for mention in mentions if mention.kind in _PLACES]
    seams = [
        after.start()
        for place, (before, after) in enumerate(pairwise(found), 1)
        if _NOUN.fullmatch(before.group())
        and _NOUN.fullmatch(after.group())
        and not _BEARER.search(before.group())  # whose name follows: 'Ukraine-Botschafter Muster'
        and any(_touches(one, before) for one in places)
        and not any(_touches(one, after) for one in mentions)
        and _is_kicker([one.group() for one in found[:place]])
    ]
    return seams[0] if len(seams) == 1 and found[-1].start() > seams[0] else None


def _touches(mention: Mention, word: re.Match[str]) -> bool:
    return mention.start < word.end() and word.start() < mention.end


def _is_kicker(words: list[str]) -> bool:
    """Say whether words are nouns joined by prepositions and articles, a noun first."""
    verbless = all(word[:1].isupper() or word in _JOINTS for word in words)
    joined = any(word in _JOINTS for word in words)
    return (
        verbless and joined and bool(_NOUN.fullmatch(words[0])) and words[0].lower() not in _JOINTS
    )
