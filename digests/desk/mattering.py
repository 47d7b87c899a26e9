"""Whether reports, and stories as shown, are about an actor or words or only mention them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from digests.desk.views import Focus
from digests.passing import in_passing
from digests.summarise import OTHER_MATTER, about
from digests.types import MentionForm, Report, SentenceKind, StoryView

_FIRST_SENTENCES: Final = 2
_ENOUGH: Final = 0.2
"""The share of its sentences by which a report is about somebody."""


def shows(view: StoryView, reports: Mapping[int, Report], focus: Focus) -> bool:
    """Whether a title of a story or a sentence shown of it is about an actor or words."""
    spans = [(one.span.item, one.span.start, one.span.end) for one in view.sentences]
    spans += [(item, 0, reports[item].item.title_end) for item in view.items]
    return any(
        about(reports[item], start, end, focus.actor, focus.stems) > OTHER_MATTER
        for item, start, end in spans
    )


def matters(report: Report, focus: Focus) -> bool:
    """Whether a report is about an actor or words: its title or opening is, or a fifth of it."""
    return aside(report, focus) < _MENTION


_MENTION: Final = 2


def aside(report: Report, focus: Focus) -> int:
    """How far from the matter of a report an actor or words are: 0, 1, or 2 for a mere mention.

    An actor counts who is named, and not :func:`in_passing`: 'the president' may mean anybody
    who is. What stands in the opening and nowhere else is 1.
    """
    item, reading = report.item, report.reading
    names = [
        (one.start, one.end)
        for one in reading.mentions
        if one.actor == focus.actor
        and one.form is not MentionForm.PRONOUN
        and one.form is not MentionForm.ROLE
        and not in_passing(report, one)
    ]

    def concerns(start: int, end: int) -> bool:
        if focus.actor is not None:
            return any(start <= low and high <= end for low, high in names)
        return about(report, start, end, None, focus.stems) > OTHER_MATTER

    if concerns(0, item.title_end):
        return 0
    prose = [s for s in reading.sentences if s.kind is SentenceKind.PROSE]
    told = [concerns(s.start, s.end) for s in prose]
    opens = any(told[:_FIRST_SENTENCES])
    if sum(told) >= max(2, _ENOUGH * len(prose)) or (opens and sum(told) > 1):
        return 0
    return 1 if opens or sum(told) >= max(1, _ENOUGH * len(prose)) else _MENTION
