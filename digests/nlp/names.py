"""Names in a text by a small transformer: the spaCy component ``depesche_ner``.

The network (ONNX, weights in eight bits) gives each word a score for beginning a name of a kind,
continuing it, or being none; the best sequence that is well formed makes ``doc.ents``. It reads
windows of whole sentences. Every window is run by itself: how what is in it is rounded to eight
bits depends on all that is run together, and a text must not change the names of its neighbour.

Threads run windows while the pipeline goes on with the next documents; each run has one thread,
so results do not depend on their number.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Span

from digests.nlp.pieces import END, START, Pieces

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS: Final = ("LOC", "MISC", "ORG", "PER")
TAGS: Final = ("O", *(f"{mark}-{label}" for label in LABELS for mark in "BI"))
"""What the network says of a word, in the order of its scores (Ramshaw and Marcus 1995: IOB2)."""

MODEL: Final = "model.onnx"
PIECES: Final = "pieces.txt"

_FULL: Final = 128  # pieces of a window, about
LIMIT: Final = 224
"""The most pieces of the words of a window."""
_FORBIDDEN: Final = np.array(
    [[tag[0] == "I" and before[2:] != tag[2:] for tag in TAGS] for before in TAGS]
)
"""Whether a tag (column) may not follow another (row); a line begins as after O."""
_PENALTIES: Final = np.where(_FORBIDDEN, np.float32(-np.inf), np.float32(0))

Scores = NDArray[np.float32]
Window = Sequence["Word"]
"""Words that are read together."""
Started = tuple["Doc", list[tuple[Window, Future[Scores]]]]


@dataclass(frozen=True, slots=True)
class Word:
    """A token that is read: its place in the doc, its pieces, and what begins with it."""

    token: int
    pieces: tuple[int, ...]
    line: bool  # first of a line
    sentence: bool  # first of a sentence
    capital: bool  # may begin or continue a name


class NameFinder:
    """Sets ``doc.ents``. A sentence splitter should run before it."""

    def __init__(self, name: str, threads: int) -> None:
        """``threads`` that run the network, beside the one that calls."""
        self.name = name
        self._threads = threads
        self._folder: Path | None = None
        self._pieces = Pieces(())
        self._session: onnxruntime.InferenceSession | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The kinds of names there are."""
        return LABELS

    def __call__(self, doc: Doc) -> Doc:
        """Find the names of one doc."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 4) -> Iterator[Doc]:
        """Find the names of docs, in their order. Two batches are under way at a time."""
        with ThreadPoolExecutor(self._threads) as pool:
            under_way = deque[list[Started]]()
            docs = iter(stream)
            while batch := list(islice(docs, batch_size)):
                under_way.append([(doc, self._start(doc, pool)) for doc in batch])
                if len(under_way) > 1:
                    yield from _named(under_way.popleft())
            for started in under_way:
                yield from _named(started)

    def _start(self, doc: Doc, pool: ThreadPoolExecutor) -> list[tuple[Window, Future[Scores]]]:
        cut = windows(words(doc, self._pieces))
        return [(window, pool.submit(self._run, feed(window))) for window in cut]

    def _run(self, given: dict[str, NDArray[np.int64]]) -> Scores:
        assert self._session is not None
        scores: Scores = self._session.run(["scores"], given)[0][0]
        return scores

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy's
        """Copy the files that were read to another folder."""
        if self._folder is not None:
            path.mkdir(parents=True, exist_ok=True)
            for name in (MODEL, PIECES):
                shutil.copyfile(self._folder / name, path / name)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> NameFinder:  # noqa: ARG002 - spaCy's
        """Read the network and its vocabulary from a folder. Raises OSError without them."""
        self._folder = Path(path)
        self._pieces = Pieces.load(self._folder / PIECES)
        self._session = _session(self._folder / MODEL)
        return self


@Language.factory("depesche_ner", assigns=["doc.ents"], default_config={"threads": 2})
def _make(nlp: Language, name: str, threads: int) -> NameFinder:  # noqa: ARG001 - spaCy's
    return NameFinder(name, threads)


def _session(model: Path) -> onnxruntime.InferenceSession:
    """A network ready to run; every run has one thread, the one that calls.

    Beyond basic optimisation ONNX Runtime makes sum and norm one operator, five times as slow.
    """
    if not model.is_file():
        raise FileNotFoundError(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def words(doc: Doc, pieces: Pieces) -> list[Word]:
    """The tokens of a doc but white space, with their pieces."""
    found = list[Word]()
    line = spaced = sentence = True
    for token in doc:
        sentence = sentence or bool(token.is_sent_start)
        if token.is_space:
            line = line or "\n" in token.text
            spaced = True
            continue
        text = token.text
        numbers = pieces(text, spaced=spaced)
        found.append(Word(token.i, numbers, line, sentence or line, text[0].isupper()))
        spaced, line, sentence = bool(token.whitespace_), False, False
    return found


def windows(found: Sequence[Word]) -> Iterator[Window]:
    """Cut a text between sentences into windows of like size."""
    total = sum(len(word.pieces) for word in found)
    full = total / max(1, round(total / _FULL))
    begin = 0
    while begin < len(found):
        end = _end(found, begin, full)
        yield found[begin:end]
        begin = end


def _end(found: Sequence[Word], begin: int, full: float) -> int:
    """Where a window ends: before the first sentence when it is full, at the latest at the limit.

    There it ends before the last sentence, or else before the last word that is no name.
    """
    size, sentence, plain = 0, 0, 0
    for number in range(begin, len(found)):
        word = found[number]
        if word.sentence and number > begin:
            if size >= full:
                return number
            sentence = number
        elif not word.capital and number > begin:
            plain = number
        size += len(word.pieces) + word.line
        if size > LIMIT:
            return sentence or plain or number
    return len(found)


def feed(window: Window) -> dict[str, NDArray[np.int64]]:
    """What the network takes: all pieces, and where each word begins among them."""
    pieces, begins = [START], list[int]()
    for number, word in enumerate(window):
        if word.line and number:
            pieces.append(END)
        begins.append(len(pieces))
        pieces += word.pieces
    return {"pieces": np.array([[*pieces, END]]), "words": np.array(begins)}


def best_tags(scores: Scores) -> list[int]:
    """The well-formed sequence of tags with the highest sum of scores (Viterbi), as numbers.

    ``scores`` are logits, a row a word: they differ from log probabilities by the same
    amount for every tag of a word. Mostly the best tag of each word is well formed.
    """
    best: list[int] = scores.argmax(axis=1).tolist()
    if not any(_FORBIDDEN[pair] for pair in pairwise((0, *best))):
        return best
    sums, back = scores[0] + _PENALTIES[0], list[NDArray[np.int64]]()
    for row in scores[1:]:
        paths = sums[:, None] + _PENALTIES
        back.append(paths.argmax(axis=0))
        sums = paths.max(axis=0) + row
    tags = [int(sums.argmax())]
    for before in reversed(back):
        tags.append(int(before[tags[-1]]))
    return tags[::-1]


def _spans(doc: Doc, window: Window, scores: Scores) -> Iterator[Span]:
    """The names of a window; none goes on over the end of a line."""
    lines = [number for number, word in enumerate(window) if word.line or not number]
    for begin, end in pairwise((*lines, len(window))):
        tags = best_tags(scores[begin:end])
        starts = [number for number, tag in enumerate(tags) if TAGS[tag][0] == "B"]
        for start in starts:
            stop = start + 1
            while stop < len(tags) and TAGS[tags[stop]][0] == "I":
                stop += 1
            first, last = window[begin + start], window[begin + stop - 1]
            yield Span(doc, first.token, last.token + 1, TAGS[tags[start]][2:])


def _named(batch: Iterable[Started]) -> Iterator[Doc]:
    for doc, runs in batch:
        doc.set_ents([span for cut, run in runs for span in _spans(doc, cut, run.result())])
        yield doc
