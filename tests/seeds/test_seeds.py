"""The sample reports in seeds/: five, readable, dirty in every known way, and our own words.

Where the reports that they restate are at hand (``../shared/seeds`` beside the
checkout), no run of more than eight words may be the same. Every kind of dirt
that real reports bring has to stand in at least one sample, so that a new
user's first digest proves that it is cleaned.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
ORIGINALS = ROOT / "../shared/seeds"

LONGEST_RUN = 8
LONG_NAMES = (
    "Organisation für Sicherheit und Zusammenarbeit in Europa (OSZE)",
    "EU-Kommissionschefin Ursula von der Leyen",
)

BOM = b"\xef\xbb\xbf"
DATED_NAME = re.compile(r"^\d{4}-\d{2}(-\d{2})?-")
DATED_TEXT = re.compile(r"\bdate \d{4}-\d{2}\b|\bStand: \d|article:published_time")


def reports() -> list[Path]:
    return sorted(path for path in SEEDS.iterdir() if not path.name.startswith("."))


def decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def visible(path: Path) -> str:
    """The text of a report as a reader sees it; of HTML what stands between the tags."""
    text = decode(path.read_bytes()).replace("\r\n", "\n")
    if path.suffix == ".html":
        text = re.sub(r"<style.*?</style>|<title.*?</title>", "", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return text


def words(text: str) -> list[str]:
    """Words and numbers, case folded; a long proper name counts as one word."""
    folded = text.casefold()
    for number, name in enumerate(LONG_NAMES):
        folded = folded.replace(name.casefold(), f" longname{number} ")
    return re.findall(r"\w+(?:[.:,]\d+)*", folded)


def shared_runs(ours: str, theirs: str, length: int) -> set[str]:
    """Every run of ``length`` words that stands in both texts."""

    def runs(text: str) -> set[str]:
        listed = words(text)
        return {" ".join(listed[i : i + length]) for i in range(len(listed) - length + 1)}

    return runs(ours) & runs(theirs)


def lines(path: Path) -> list[str]:
    return [line for line in visible(path).split("\n") if line.strip()]


def has_unstopped_line_between_paragraphs(path: Path) -> bool:
    """Whether a line of four words or more without a full stop stands between two paragraphs."""
    paragraphs = [len(line) > 150 for line in lines(path)]
    return any(
        not re.search(r"[.!?”“\"»]$", line) and len(line.split()) >= 4
        for i, line in enumerate(lines(path))
        if any(paragraphs[:i]) and not paragraphs[i] and any(paragraphs[i + 1 :])
    )


DIRT: dict[str, Callable[[Path], bool]] = {
    "leading date mark": lambda path: bool(re.match(r" date \d{4}-\d{2} \S", visible(path))),
    "header run together with Stand": lambda path: bool(
        re.match(r".*\S Stand: \d\d\.\d\d\.\d{4} \d\d:\d\d Uhr$", lines(path)[0])
    ),
    "line between paragraphs": has_unstopped_line_between_paragraphs,
    "photo caption": lambda path: any(
        re.fullmatch(r"Soldaten [^.]*|[^.:]+: Außenminister [^.]*", line) for line in lines(path)
    ),
    "figure caption": lambda path: b"<figcaption>" in path.read_bytes(),
    "video line": lambda path: any(
        re.match(r"Video ansehen \d\d:\d\d \S", line) for line in lines(path)
    ),
    "agency sign-off": lambda path: bool(
        re.fullmatch(r"\w\w/\w\w \([\w, ]+\)", lines(path)[-1].strip())
    ),
    "German and French quotation marks": lambda path: {"„", "«"} <= set(visible(path)),
    "straight and French quotation marks": lambda path: {'"', "«"} <= set(visible(path)),
    "straight and German quotation marks": lambda path: {'"', "„"} <= set(visible(path)),
    "start in mid-article": lambda path: bool(
        re.match(r" date \d{4}-\d{2} Auch \w+ \w+ habe ", visible(path))
    ),
    "CP1252": lambda path: not is_utf8(path),
    "Windows line ends": lambda path: b"\r\n" in path.read_bytes(),
    "byte order mark": lambda path: path.read_bytes().startswith(BOM),
    "Markdown headings": lambda path: bool(re.search(r"(?m)^## \S", visible(path))),
    "navigation beside the text": lambda path: b"<nav>" in path.read_bytes(),
}


def test_five_reports_of_three_kinds() -> None:
    assert len(reports()) == 5
    assert {path.suffix for path in reports()} == {".txt", ".html", ".md"}


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_each_is_a_whole_report(path: Path) -> None:
    text = visible(path)
    assert 250 <= len(words(text)) <= 480
    assert "\ufffd" not in text
    assert not re.search(r"[\x80-\x9f]", text), "a control character: decoded with the wrong table"
    for opening, closing in ("„“", "«»", "()"):
        assert text.count(opening) == text.count(closing), f"{opening}{closing} left open"
    assert text.count('"') % 2 == 0


@pytest.mark.parametrize("kind", DIRT)
def test_each_kind_of_dirt_is_there(kind: str) -> None:
    assert any(DIRT[kind](path) for path in reports()), f"no sample has: {kind}"


def test_exactly_one_report_is_undated() -> None:
    undated = [
        path.name
        for path in reports()
        if not DATED_NAME.match(path.name) and not DATED_TEXT.search(decode(path.read_bytes()))
    ]
    assert undated == ["separatisten-hilferuf.md"]


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the reports restated here are not at hand")
@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_the_words_are_our_own(path: Path) -> None:
    originals = sorted(ORIGINALS.glob("*.txt"))
    assert originals
    for original in originals:
        found = shared_runs(visible(path), visible(original), LONGEST_RUN + 1)
        assert not found, f"{path.name} shares with {original.name}: {sorted(found)}"


def test_the_comparison_sees_a_copied_run() -> None:
    theirs = "Gestern fuhr der alte Zug, wie immer, um 8:15 Uhr langsam nach Norden."
    ours = "Es heißt: «der alte Zug wie immer um 8:15 uhr LANGSAM nach» Süden"
    assert shared_runs(ours, theirs, 9) == {
        "der alte zug wie immer um 8:15 uhr langsam",
        "alte zug wie immer um 8:15 uhr langsam nach",
    }


def test_the_comparison_lets_long_names_stand() -> None:
    name = LONG_NAMES[0]
    assert not shared_runs(f"Er ging zur {name} und sprach", f"Sie kam zur {name} und ging", 4)
    assert shared_runs(f"Er ging zur {name} und sprach", f"Sie kam zur {name} und ging", 3)
