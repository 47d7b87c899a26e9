"""Whether a model's answer may be shown: nothing but sentences, each borne out by what it cites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from digests.rewriting.bearing import borne_out
from digests.rewriting.tokens import MARK
from digests.rewriting.values import Cited, Refused, Told
from digests.words import fold

_LONGEST_SENTENCE: Final = 1000
_CITATION_ROOM: Final = 30
"""Characters of an answer that citations may take for each sentence that can be cited."""

_CITES = re.compile(r"(?:\s*\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\])+")
_SAID = re.compile(r"[^\[\]]+")
_STOP = re.compile(r"\s*[.!?…]+[\"“”»«’‘]*")
_FINISHED = re.compile(r"[.!?…][\"“”»«’‘)]*$")
_BOUNDARY = re.compile(r"[.!?…][\"“”»«’‘)]*\s+(?=[\"„“»«]?[^\W\d_a-zäöü])")
_NO_END = re.compile(
    r"(?:\b(?:\d{1,2}|[^\W\d_]|Dr|Prof|St|Mr|Mrs|Ms|Nr|Gen|Sen|bzw|ca|usw|vs|Mio|Mrd|[^\W\d_]\.[^\W\d_]))\.$"
)
_MARKUP = re.compile(
    r"https?:|www\.|[*_#<>|`@~{}\\^=]|(?:^|\s)/\w|(?m:^\s*(?:[-–—•]|\d+[.)])\s)|[\ue000-\uf8ff]"
)
_PLAIN = frozenset(".,;:!?…-–—()„“”‚‘’\"'«»[] \n")


def check(text: str, cited: Sequence[Cited]) -> tuple[Told, ...] | Refused:
    """The sentences of a model's answer, or why it is refused.

    ``text`` is what the model wrote, whatever that is. Accepted is a text of
    nothing but sentences, each with citations of one story, every story
    there, no longer than what it retells, and each sentence borne out by what
    it cites (see :func:`borne_out`).
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return Refused("empty")
    known = {one.number: one for one in cited}
    whole = sum(len(one.text) for one in cited)
    if len(text) > whole + _CITATION_ROOM * len(cited):
        return Refused("too_long")
    odd = set(text) - _PLAIN - set("".join(one.text for one in cited))
    odd = {char for char in odd if not char.isalnum()}
    if odd or (found := _MARKUP.search(text)):
        return Refused("markup", "".join(sorted(odd)) or (found.group() if found else ""))
    told = _sentences(text)
    if isinstance(told, Refused):
        return told
    for one in told:
        if unknown := [number for number in one.cites if number not in known]:
            return Refused("unknown_citation", str(unknown[0]))
        if len(one.text) > _LONGEST_SENTENCE:
            return Refused("too_long")
        if refused := borne_out(one.text, [known[number] for number in one.cites]):
            return refused
    if len({fold(one.text) for one in told}) < len(told):
        return Refused("repeats")
    if {known[number].place for one in told for number in one.cites} != {o.place for o in cited}:
        return Refused("story_missing")
    if sum(len(one.text) for one in told) > whole:
        return Refused("too_long")
    return told


def _sentences(text: str) -> tuple[Told, ...] | Refused:
    """Part a text at its citations; each sentence must have some."""
    told: list[Told] = []
    at, said, cites = 0, "", list[int]()
    while at < len(text):
        words = _SAID.match(text, at)
        numbers = _CITES.match(text, words.end()) if words else None
        if words is None or numbers is None:
            return Refused("uncited", text[at : at + 80])
        stop = _STOP.match(text, numbers.end())
        said += words.group().rstrip() + (stop.group().strip() if stop else "")
        cites += [int(number) for number in re.findall(r"\d+", numbers.group())]
        at = (stop or numbers).end()
        while at < len(text) and text[at].isspace():
            at += 1
        if _FINISHED.search(said):
            said = " ".join(said.split())
            if _several(said):
                return Refused("uncited", said[:80])
            told.append(Told(said, tuple(dict.fromkeys(cites))))
            said, cites = "", []
        elif at < len(text) and text[at] not in ",;:–—)":
            said += " "
    return Refused("uncited", said[:80]) if said or not told else tuple(told)


def _several(text: str) -> bool:
    """Whether a sentence ends within a text, outside quotation marks."""
    return any(
        not _NO_END.search(text[: found.start() + 1])
        and len(MARK.findall(text[: found.start()])) % 2 == 0
        for found in _BOUNDARY.finditer(text)
    )
