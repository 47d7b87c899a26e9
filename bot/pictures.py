"""Pictures of what the archive holds, as PNG: how much was reported when, and who stands with whom.

Drawn for the width of a phone, in the chat's language, light or dark. Drawing
takes a few tenths of a second of CPU: call it off the event loop.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.texts import Texts
from digests.coverage import Coverage, Period
from digests.types import Chat, PartialDate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH: Final = 7.2  # inches; with 150 dots an inch 1,080 pixels, as wide as a phone shows
_DPI: Final = 150
_SMALL, _PLAIN, _LARGE = 13, 15, 19  # points; at this width 13 is readable on a phone
_MOST_LABELS: Final = 6
_LONGEST_NAME: Final = 26
_LONGEST_TITLE: Final = 38


_DRAWING: Final = threading.Lock()
"""matplotlib shares its fonts among figures and promises nothing to threads."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture; words have a contrast of 4.5 or more with the ground (WCAG 2.2)."""

    ground: str
    words: str
    quiet: str
    bars: str
    mark: str
    on_mark: str


LIGHT: Final = Palette("#ffffff", "#1c2733", "#5c6b7a", "#3d7ab8", "#c2410c", "#ffffff")
DARK: Final = Palette("#17212b", "#f1f5f9", "#9fb0c0", "#6ab2f2", "#fb923c", "#17212b")


def palette(chat: Chat) -> Palette:
    """The colours that a chat wants."""
    return DARK if chat.dark else LIGHT


def coverage_picture(
    title: str,
    coverage: Coverage,
    texts: Texts,
    *,
    marks: Sequence[PartialDate] = (),
    palette: Palette = LIGHT,
) -> bytes:
    """Bars for how much was reported when, with ``marks`` numbered in their order, as PNG.

    ``marks`` are the dates of a timeline; what lies outside of the bars is left out, and
    keeps its number. Raises ValueError where there is nothing to draw.
    """
    if not coverage.counts:
        raise ValueError("no dated report")
    figure = _figure(4.4, palette)
    axes = figure.add_axes((0.09, 0.19, 0.88, 0.48))
    heights = [count for _, count in coverage.counts]
    places = range(len(heights))
    axes.bar(places, heights, width=0.86, color=palette.bars)
    axes.set_xlim(-0.7, max(len(heights), 6) - 0.3)
    top = max(heights)
    _marks(axes, coverage, marks, top, palette)
    axes.set_ylim(0, top * 1.05)
    _count_axis(axes, top, palette)
    axes.set_xticks(*_labels(coverage, texts))
    axes.tick_params(axis="x", colors=palette.quiet, labelsize=_SMALL, length=0, pad=6)
    _headline(figure, title, _caption(coverage, texts), palette)
    return _png(figure)


def company_picture(
    name: str,
    company: Sequence[tuple[str, int]],
    between: Mapping[tuple[int, int], int],
    texts: Texts,
    *,
    palette: Palette = LIGHT,
) -> bytes:
    """Who is named in one sentence with ``name`` how often, as PNG.

    ``company`` are names with numbers of reports, ``between`` the same for pairs of them
    by their places. Raises ValueError for an empty company.
    """
    if not company:
        raise ValueError("no company")
    figure = _figure(7.2, palette)
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.86))
    axes.set_axis_off()
    axes.set_xlim(-1.62, 1.62)
    axes.set_ylim(-1.3, 1.3)
    places = [_on_circle(number, len(company)) for number in range(len(company))]
    most = max(count for _, count in company)
    for (left, right), count in sorted(between.items()):
        line = list(zip(places[left], places[right], strict=True))
        width = 0.8 + 2.5 * min(1.0, count / most)
        axes.plot(*line, color=palette.quiet, linewidth=width, alpha=0.35, zorder=1)
    for place, (_, count) in zip(places, company, strict=True):
        x, y = place
        axes.plot([0, x], [0, y], color=palette.bars, linewidth=1 + 6 * count / most, zorder=2)
    for place, (other, count) in zip(places, company, strict=True):
        _bubble(axes, place, f"{_drawable(other)}\n{count}", palette.ground, palette.bars, palette)
    _bubble(axes, (0.0, 0.0), _drawable(name), palette.mark, palette.mark, palette, inner=True)
    caption = texts("In how many reports they stand in one sentence")
    _headline(figure, texts("{name} and others", name=name), caption, palette)
    return _png(figure)


# --- Parts of a picture ---------------------------------------------------------------------


def _figure(height: float, palette: Palette) -> Figure:
    # Without pyplot, which keeps figures and is not made for threads.
    from matplotlib.figure import Figure as Made  # noqa: PLC0415 - half a second, 40 MB

    return Made(figsize=(_WIDTH, height), dpi=_DPI, facecolor=palette.ground)


def _headline(figure: Figure, title: str, caption: str, palette: Palette) -> None:
    height = figure.get_figheight()
    lines = (
        (0.38, _drawable(title, _LONGEST_TITLE), _LARGE, "bold", palette.words),
        (0.76, caption, _SMALL, "normal", palette.quiet),
    )
    for below, words, size, weight, color in lines:
        figure.text(
            0.05,
            1 - below / height,
            words,
            va="center",
            fontsize=size,
            fontweight=weight,
            color=color,
            parse_math=False,
        )


def _marks(
    axes: Axes, coverage: Coverage, marks: Sequence[PartialDate], top: int, palette: Palette
) -> None:
    """A numbered disc above the bar of each date; those of one bar share it: '3-5'."""
    places = {start: place for place, (start, _) in enumerate(coverage.counts)}
    numbers: dict[int, list[int]] = {}
    for number, date in enumerate(marks, 1):
        place = places.get(coverage.period.start(date.first_day))
        if place is not None and _fine_enough(date, coverage.period):
            numbers.setdefault(place, []).append(number)
    lifted = False
    previous = -math.inf
    room = len(coverage.counts) / 18  # bars that a disc is wide
    for place, found in sorted(numbers.items()):
        lifted = not lifted if place - previous < room else False
        previous = place
        axes.annotate(
            _numbers(found),
            (place, top * 1.05),
            xytext=(0, 27 if lifted else 11),
            textcoords="offset points",
            ha="center",
            va="center",
            color=palette.on_mark,
            fontsize=_SMALL - 2,
            fontweight="bold",
            annotation_clip=False,
            bbox={"boxstyle": "round,pad=0.25", "facecolor": palette.mark, "edgecolor": "none"},
        )
        axes.axvline(place, color=palette.mark, linewidth=1.2, alpha=0.6, zorder=0)


def _numbers(found: Sequence[int]) -> str:
    if len(found) > 1 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    return ", ".join(map(str, found))


def _fine_enough(date: PartialDate, period: Period) -> bool:
    """Whether a date says which of the periods it lies in."""
    if period in (Period.DAY, Period.WEEK):
        return date.day > 0
    return period is Period.YEAR or date.month > 0


def _count_axis(axes: Axes, top: int, palette: Palette) -> None:
    step = max(1, math.ceil(top / 3))
    axes.set_yticks(range(0, top + 1, step))
    axes.tick_params(axis="y", colors=palette.quiet, labelsize=_SMALL, length=0)
    axes.grid(axis="y", color=palette.quiet, alpha=0.25, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_facecolor(palette.ground)
    for side in axes.spines.values():
        side.set_visible(False)


def _bubble(
    axes: Axes,
    place: tuple[float, float],
    words: str,
    face: str,
    edge: str,
    palette: Palette,
    *,
    inner: bool = False,
) -> None:
    axes.text(
        *place,
        words,
        ha="center",
        va="center",
        fontsize=_PLAIN if inner else _SMALL,
        fontweight="bold" if inner else "normal",
        color=palette.on_mark if inner else palette.words,
        linespacing=1.3,
        parse_math=False,
        zorder=4 if inner else 3,
        bbox={"boxstyle": "round,pad=0.4", "facecolor": face, "edgecolor": edge, "linewidth": 1.5},
    )


def _on_circle(index: int, number: int) -> tuple[float, float]:
    """Places around the middle, wider than high, for names are; the first at the top."""
    angle = math.pi / 2 - 2 * math.pi * index / number
    return 1.18 * math.cos(angle), 1.08 * math.sin(angle)


_SKELETONS: Final = {
    Period.DAY: "MMMd",
    Period.WEEK: "MMMd",
    Period.MONTH: "MMM",
    Period.YEAR: "y",
}


def _labels(coverage: Coverage, texts: Texts) -> tuple[Sequence[int], list[str]]:
    """Which bars are named, evenly spread, and how: with the year where it is new."""
    number = len(coverage.counts)
    places = range(0, number, max(1, math.ceil(number / _MOST_LABELS)))
    names = []
    year = None
    for place in places:
        start = coverage.counts[place][0]
        name = texts.part_of_date(start, _SKELETONS[coverage.period])
        if start.year != year and coverage.period is not Period.YEAR:
            name += "\n" + texts.part_of_date(start, "y")
        names.append(name)
        year = start.year
    return places, names


def _caption(coverage: Coverage, texts: Texts) -> str:
    words = {
        Period.DAY: texts("Reports a day"),
        Period.WEEK: texts("Reports a week"),
        Period.MONTH: texts("Reports a month"),
        Period.YEAR: texts("Reports a year"),
    }[coverage.period]
    if not coverage.left_out:
        return words
    left_out = texts.plural(
        "{n} more report without a day", "{n} more reports without a day", coverage.left_out
    )
    return f"{words} · {left_out}"


def _drawable(words: str, longest: int = _LONGEST_NAME) -> str:
    """Words on one line, cut to what fits, without signs that the font lacks."""
    known = _signs()
    plain = " ".join("".join(sign for sign in words if ord(sign) in known or sign == " ").split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"


@cache
def _signs() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415 - as above

    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def _png(figure: Figure) -> bytes:
    made = io.BytesIO()
    with _DRAWING:
        figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()
