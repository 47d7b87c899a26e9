"""From matched reports to a digest or an alert. Pure: nothing is read, nothing is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import zip_longest

from digests.passing import in_passing
from digests.types import Digest, DigestStory, Report, Section, StoryView, Target, TargetKind

ViewStory = Callable[[int, Sequence[Report], Target, bool], StoryView]
"""(story id, its new reports, the target it is shown for, whether it moved) -> what is shown."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A target, the name it is shown under, and the reports of the window that match it."""

    target: Target
    label: str
    reports: tuple[Report, ...]


def compose(
    matched: Sequence[Matched],
    view: ViewStory,
    *,
    known_stories: AbstractSet[int] = frozenset(),
    fewer: AbstractSet[int] = frozenset(),
    pending: bool = True,
) -> Digest:
    """Group what the targets matched into sections of stories.

    A story stands once, under the target it is most about: a narrower target
    before a wider one (an actor before a topic, a feed, everything), then the
    one with more matching reports, then the one named more often, then the earlier in
    ``matched``. The other
    targets it matches are named beside it. Every matched report is covered.
    ``known_stories`` were shown before: they are marked as moved. Of the kind of those
    in ``fewer`` the reader wants fewer: they come last. A sentence that several stories
    have word for word is background, and shown with the most important of them.
    """
    by_story: dict[int, dict[int, list[Report]]] = defaultdict(dict)
    for index, match in enumerate(matched):
        for report in match.reports:
            by_story[_story_of(report)].setdefault(index, []).append(report)
    placed: dict[int, list[tuple[int, list[Report], tuple[str, ...]]]] = defaultdict(list)
    for story, targets in by_story.items():
        home = min(targets, key=lambda index: _rank(matched[index], index, targets[index]))
        reports = {report.item.id: report for found in targets.values() for report in found}
        others = tuple(
            matched[index].label
            for index in sorted(targets)
            if index != home and matched[index].target.kind is not TargetKind.EVERYTHING
        )
        placed[home].append((story, list(reports.values()), others))
    sections = []
    for index in sorted(placed):
        match = matched[index]
        stories = sorted(
            placed[index], key=lambda entry: (entry[0] in fewer, _weight(entry[1], match.target))
        )
        sections.append(
            Section(
                match.target,
                match.label,
                tuple(
                    DigestStory(
                        view(story, reports, match.target, story in known_stories),
                        others,
                        fewer=story in fewer,
                    )
                    for story, reports, others in stories
                ),
            )
        )
    items = {
        (report.item.id, report.item.revision) for match in matched for report in match.reports
    }
    made = Digest(
        sections=tuple(sections),
        reports=len(items),
        stories=len(by_story),
        items=tuple(sorted(items)),
        quiet=tuple(match.label for match in matched if not match.reports),
        pending=pending,
    )
    return _once(made)


def ranked(digest: Digest) -> tuple[int, ...]:
    """The ids of a digest's stories, the most important first: every target's first, then second.

    However much is reported on one target, the others come to their turn. Those
    of which a line says enough come last.
    """
    rows = zip_longest(*(section.stories for section in digest.sections))
    entries = [entry for row in rows for entry in row if entry is not None]
    entries.sort(key=lambda entry: entry.brief)
    return tuple(entry.story.id for entry in entries)


def _once(digest: Digest) -> Digest:
    """A digest that shows no sentence twice."""
    entries = {entry.story.id: entry for one in digest.sections for entry in one.stories}
    said: set[str] = set()
    for story in ranked(digest):
        entry = entries[story]
        kept = tuple(one for one in entry.story.sentences if one.text not in said)
        if not entry.brief:
            said.update(one.text for one in kept)
            entries[story] = replace(entry, story=replace(entry.story, sentences=kept))
    sections = (
        replace(one, stories=tuple(entries[entry.story.id] for entry in one.stories))
        for one in digest.sections
    )
    return replace(digest, sections=tuple(sections))


def portion(digest: Digest, start: int, count: int) -> Digest:
    """A digest of the stories that stand at ``[start, start + count)`` of :func:`ranked`."""
    return _only(digest, frozenset(ranked(digest)[start : start + count]))


def without(digest: Digest, stories: AbstractSet[int]) -> Digest:
    """A digest without some stories; its counts stay."""
    return _only(digest, frozenset(ranked(digest)) - stories) if stories else digest


def _only(digest: Digest, wanted: AbstractSet[int]) -> Digest:
    kept = (
        replace(section, stories=tuple(one for one in section.stories if one.story.id in wanted))
        for section in digest.sections
    )
    return replace(digest, sections=tuple(one for one in kept if one.stories))


_WIDTH = {
    TargetKind.ACTOR: 0,
    TargetKind.TOPIC: 1,
    TargetKind.FEED: 2,
    TargetKind.EVERYTHING: 3,
    TargetKind.NAME: 4,
}


def _rank(match: Matched, index: int, reports: Sequence[Report]) -> tuple[int, int, int, int]:
    target = match.target
    return _WIDTH[target.kind], -len(reports), -_mentions(reports, target), index


def _mentions(reports: Iterable[Report], target: Target) -> int:
    """How often reports name an actor, but in passing."""
    return sum(
        mention.actor == target.id and not in_passing(report, mention)
        for report in reports
        for mention in report.reading.mentions
    )


def _weight(reports: Sequence[Report], target: Target) -> tuple[int, int, float, int]:
    """Sort key: more reports first, then more about the target, then newer, then later read."""
    about = _mentions(reports, target)
    dates = [r.item.published.at.timestamp() for r in reports if r.item.published.at]
    newest = max(dates, default=0.0)
    return -len(reports), -about, -newest, -max(report.item.seq for report in reports)


def _story_of(report: Report) -> int:
    """The report's story; a report without one stands alone, under a number no story has."""
    return report.item.story_id if report.item.story_id is not None else -report.item.id
