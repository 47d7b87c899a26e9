"""How much of a German sentence a headline needs: its main clause, where the rest can go.

Pure. What is left is the beginning of the sentence, so it stays the report's own words. It is
never made to say more than the sentence does: who claims it, on what condition and with what
limits stays in, and so does the whole sentence wherever that is not certain.
"""

from __future__ import annotations

import re

from digests import phrases
from digests.types import Report

_LONG = 100  # characters of a sentence up to which it is a headline as it is
_SHORTEST, _FEWEST = 40, 6  # characters and words of a headline

_RELATIVE = r"(?:der|die|das|den|dem|dessen|deren|denen|welche[mnrs]?)"
# A clause of its own has its verb at the end: 'die gestern begann', not 'die Frau zu befreien'.
_ASIDE = re.compile(
    rf",\s+(?:(?P<whom>(?:(?:an|auf|aus|bei|durch|für|gegen|hinter|in|mit|nach|über|unter|von|vor|zu)"
    rf"\s+)?{_RELATIVE})|weil|da|nachdem|während|wobei|obwohl|obgleich|um|wodurch|womit"
    r"|woraufhin|wo)\s+(?=[a-zäöüß])"
)
_CLAUSE = re.compile(
    rf",\s+(?:\w+\s+)?(?:{_RELATIVE}|dass|daß|ob|wie|wenn|falls|als|so|weil|da|wo)\s"
)
# What the rest of the sentence may take back or bound.
_LIMITED = re.compile(
    r"\b(?:nicht|kein\w*|nie\w*|kaum|nur|erst|weder|ohne|alle[mnrs]?|jede[mnrs]?|einzig\w*|wenig\w*"
    r"|solche\w*|diejenigen?|derjenige|dasjenige|jene[mnrs]?|dann|falls|wenn|sofern|dass|daß|so)\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:würden?|wären?|hätten?|könnten?|sollten?|seien?|sei|habe|werde|wolle|könne|müsse|dürfe)\b"
)
_TO = re.compile(r"\s(?:zu\s+[a-zäöüß]+|[a-zäöüß]+zu[a-zäöüß]+)n[.!]?\s*$")
_VERB_LAST = re.compile(
    r"\s(?![a-zäöüß]*ge[a-zäöüß]{2,}(?:en|t)\b)"  # 'den ersten Fall bekannt gegeben' ends no clause
    r"[a-zäöüß]*(?:t|te|ten|en|ist|sind|war|waren|gab|ging|kam|stand)[.!]?\s*$"
)
_THE_ONE = re.compile(r"\b(?:[Dd](?:er|ie|as|en|em|es)|zum|zur|vom|beim|im|am)(?:\s+[\w-]+){1,2}$")
_WORD = re.compile(r"\w+")


def headline_end(report: Report, start: int, end: int) -> int:
    """Return where the headline ends that the sentence ``[start, end)`` makes: ``end`` or earlier.

    Only a German sentence is cut, before a clause that ends it and does not bound what it says.
    """
    text = report.item.text[start:end]
    if report.reading.language != "de" or len(text) <= _LONG:
        return end
    found = list(_ASIDE.finditer(text))
    if not found or text.find(",", found[-1].start() + 1) >= 0:
        return end
    cut, relative = found[-1].start(), found[-1]["whom"] is not None
    head, rest = text[:cut], text[cut:]
    if len(head) < _SHORTEST or len(_WORD.findall(head)) < _FEWEST or _open(head):
        return end
    if _CLAUSE.search(head) or _LIMITED.search(head) or _UNREAL.search(text):
        return end
    if phrases.CUE.search(rest) or phrases.CUE.search(head.rsplit(" ", 2)[-1]):
        return end
    if rest.startswith(", um "):
        ends = _TO.search(rest)
    else:
        ends = _VERB_LAST.search(rest) if not _TO.search(rest) else None
    if not ends or (relative and _THE_ONE.search(head)):
        return end
    if any(
        start + cut <= place < end
        for one in report.reading.statements
        for place in (one.cue and one.cue[0], one.speaker and one.speaker[0])
        if place is not None
    ):
        return end
    return start + cut


def _open(text: str) -> bool:
    """Say whether a bracket or a quotation is open at the end of a text."""
    quotes = sum(text.count(mark) for mark in '„“”"«»')
    return quotes % 2 == 1 or text.count("(") != text.count(")")
