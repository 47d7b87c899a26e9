"""Whether a report is one the archive holds already, and what is to be done with it. Pure.

A report of a folder is what its file says. An entry of a feed may come again under another
key (a guid that changed) or in another feed: it is known by its canonical address then, and
the item keeps the wording of one source, so that it does not change with every fetch.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from digests.store.archive import Held
from digests.types import Draft

_LONGER: Final = 1.5
_LONGER_BY: Final = 300
_LEAST_SHARED: Final = 0.25
_CONTAINED: Final = 0.9
_WORD: Final = re.compile(r"[^\W\d_]{4,}")


class Step(StrEnum):
    """What is to be done with a report."""

    NEW = "new"  # an item of its own
    REVISE = "revise"  # the next revision of an item, which becomes its source's own
    NOTE = "note"  # nothing new: only that this source says this


def decide(draft: Draft, source_id: int, digest: str, held: Held | None, *, entry: bool) -> Step:
    """What is to be done with a draft of a source, ``held`` being the item found for it.

    ``digest`` is of what the source says, as it is kept with the key; ``entry`` tells a feed's
    entry from a report file, of which every change counts.
    """
    if held is None:
        return Step.NEW
    if held.digest == digest:
        return Step.NOTE
    if not entry:
        return Step.REVISE
    if held.digest is None and not is_same_article(draft.text, held.text):
        return Step.NEW
    if (draft.text, draft.title_end) == (held.text, held.title_end):
        return Step.NOTE
    if held.source_id == source_id:
        return Step.NOTE if _is_cut_from(draft.text, held.text) else Step.REVISE
    return Step.REVISE if is_much_longer(draft.text, held.text) else Step.NOTE


def is_same_article(one: str, other: str) -> bool:
    """Whether two texts under one address may be of one article: they share some words.

    A page that is written anew for every entry (a ticker, a column) has an address of
    its own, but no article.
    """
    return _shared(one, other) >= _LEAST_SHARED


def is_much_longer(text: str, other: str) -> bool:
    """Whether a text is the whole of which another gives only the beginning."""
    return len(text) >= max(len(other) * _LONGER, len(other) + _LONGER_BY)


def _is_cut_from(text: str, whole: str) -> bool:
    """Whether a text is only the teaser of what is there: its page was read the last time."""
    return is_much_longer(whole, text) and _shared(text, whole) >= _CONTAINED


def _shared(one: str, other: str) -> float:
    """The share of the words of the text that has fewer which the other has too."""
    words, others = (set(_WORD.findall(text.casefold())) for text in (one, other))
    fewer = min(len(words), len(others))
    return len(words & others) / fewer if fewer else 1.0
