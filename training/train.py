"""The training itself: texts to pieces and tags, batches, steps, and the choice of the best state.

All that can be turned stands in :class:`Settings`.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import spacy
import torch
from spacy.training import offsets_to_biluo_tags
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from digests.nlp.names import TAGS, feed, windows, words
from digests.nlp.pieces import MOST, UNKNOWN, Pieces
from training.data import Augmentation, Names, Passage, documents
from training.network import Batch, Network
from training.score import Gold, Score

if TYPE_CHECKING:
    from spacy.language import Language

_log = logging.getLogger(__name__)

_SORTED: Final = 600  # documents whose lengths are made alike within a batch
_PADDING: Final = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may be turned. The defaults are the recipe of the pipeline that ships."""

    vocabulary: int = 36_000  # pieces kept
    layers: tuple[int, ...] = (0, 2, 4, 6, 8, 10)  # of the twelve
    gather: int = 2  # the layer from which on only the first piece of a word goes on
    dropout: float = 0.1
    steps: int = 3600
    batch: int = 3000  # pieces, padding too
    rate: float = 3e-4
    warmup: int = 50
    average: float = 0.995
    """What is kept of the averaged weights at a step; these are what is scored and ships."""
    gold: int = 3  # how often the gold text is read beside the silver
    unknown: float = 0.02  # of the words with a capital: their pieces are hidden
    parted: float = 0.15  # of the words with a capital: cut anywhere before they become pieces
    seed: int = 0
    evaluate_every: int = 200
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(swap={"ORG": 0.06, "PER": 0.08, "LOC": 0.05})
    )


@dataclass(frozen=True, slots=True)
class Corpus:
    """``gold`` was annotated by people, ``silver`` by a model; ``dev`` chooses among states."""

    gold: Sequence[Passage]
    silver: Sequence[Passage]
    dev: Sequence[Gold]
    organisations: Sequence[str] = ()
    """Names of well-known ones, that augmentation may put in the place of others."""


@dataclass(frozen=True, slots=True)
class Example:
    """A window of a text: its pieces, where its words begin, and their tags."""

    pieces: list[int]
    begins: list[int]
    tags: list[int]


def train(
    network: Network,
    pieces: Pieces,
    corpus: Corpus,
    settings: Settings,
    score: Callable[[Network], Score],
) -> Score:
    """Train, and leave the network in the state with the best ``score``. Logs a line a scoring.

    What is scored are averages of the weights over the steps (Polyak and Juditsky 1992).
    """
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)  # noqa: S311 - nothing secret
    optimizer = torch.optim.AdamW(_groups(network), betas=(0.9, 0.98), fused=True)
    averaged = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(settings.average))
    best, top, losses, start = _state(network), Score(), 0.0, time.monotonic()
    network.train()
    endless = batches(pieces, corpus, settings, rng)
    for step, (batch, tags) in enumerate(islice(endless, settings.steps), start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, settings)
        with torch.autocast("cpu", torch.bfloat16):
            loss = functional.cross_entropy(network(batch).float(), tags)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        averaged.update_parameters(network)
        losses += loss.item()
        if step % settings.evaluate_every == 0 or step == settings.steps:
            now = score(averaged.module)
            if now.micro >= top.micro:
                top, best = now, _state(averaged.module)
            minutes, mean = (time.monotonic() - start) / 60, losses / settings.evaluate_every
            _log.info("step %5d  %5.1f min  loss %.4f  %s", step, minutes, mean, now)
            losses = 0.0
    network.load_state_dict(best)
    return top


def _state(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def rate(step: int, settings: Settings) -> float:
    """The learning rate: warm-up, then linear to nothing."""
    left = 1 - step / settings.steps
    return settings.rate * min(step / settings.warmup, left)


def _groups(network: Network) -> list[dict[str, object]]:
    """Matrices decay, biases and norms do not; what is not trained is left out."""
    trained = [p for p in network.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": 0.01},
        {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
    ]


def batches(
    pieces: Pieces, corpus: Corpus, settings: Settings, rng: random.Random
) -> Iterator[tuple[Batch, Tensor]]:
    """Endless batches: the gold text so many times and the silver text once, shuffled, again."""
    names = Names(chain(corpus.gold, corpus.silver), corpus.organisations)
    nlp, how = spacy.blank("de"), settings.augmentation
    cut = Slips(pieces, settings, rng)
    while True:
        gold = (documents(corpus.gold, names, how, rng) for _ in range(settings.gold))
        passages = [*chain.from_iterable(gold), *documents(corpus.silver, names, how, rng)]
        rng.shuffle(passages)
        for at in range(0, len(passages), _SORTED):
            some = (examples(nlp, cut, passage) for passage in passages[at : at + _SORTED])
            full = list(_filled(sorted(chain.from_iterable(some), key=_size), settings.batch))
            rng.shuffle(full)
            yield from map(_batch, full)


class Slips(Pieces):
    """Pieces of words as they are, but for a few that begin with a capital.

    These are hidden, or cut at any place first: names nobody has heard of are cut into pieces
    that say little, too. After subword regularisation (Kudo, ACL 2018).
    """

    def __init__(self, pieces: Pieces, settings: Settings, rng: random.Random) -> None:
        self._pieces, self._rng = pieces, rng
        self._hidden, self._parted = settings.unknown, settings.unknown + settings.parted

    def __call__(self, word: str, *, spaced: bool) -> tuple[int, ...]:
        """The numbers of the pieces of a word, this time."""
        if len(word) > 2 and word[0].isupper():
            draw = self._rng.random()
            if draw < self._hidden:
                return (UNKNOWN,)
            if draw < self._parted:
                at = self._rng.randrange(1, len(word))
                first = self._pieces(word[:at], spaced=spaced)
                return (first + self._pieces(word[at:], spaced=False))[:MOST]
        return self._pieces(word, spaced=spaced)


def _size(example: Example) -> int:
    return len(example.pieces)


def _filled(ordered: Sequence[Example], size: int) -> Iterator[list[Example]]:
    """Examples, shortest first, in lists that have ``size`` pieces when padded."""
    batch = list[Example]()
    for example in ordered:
        if batch and (len(batch) + 1) * _size(example) > size:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def examples(nlp: Language, pieces: Pieces, passage: Passage) -> Iterator[Example]:
    """The windows of a passage as the pipeline will cut them, with their tags.

    Names that begin or end within a token are left out of account.
    """
    doc = nlp.make_doc(passage.text)
    biluo = offsets_to_biluo_tags(doc, list(passage.spans), missing="O")
    for window in windows(words(doc, pieces)):
        given = feed(window)
        tags = [_tag(biluo[word.token]) for word in window]
        yield Example(given["pieces"][0].tolist(), given["words"].tolist(), tags)


def _tag(biluo: str) -> int:
    """The number of a tag; spaCy's U and L are begin and inside, and '-' is unknown."""
    mark, label = biluo[0], biluo[1:]
    return 0 if mark in "O-" else TAGS.index({"U": "B", "L": "I"}.get(mark, mark) + label)


def _batch(some: Sequence[Example]) -> tuple[Batch, Tensor]:
    pieces, is_piece = _padded([example.pieces for example in some])
    begins, is_word = _padded([example.begins for example in some])
    tags = torch.tensor(list(chain.from_iterable(example.tags for example in some)))
    return Batch(pieces, is_piece, begins, is_word), tags


def _padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, rows))
    values = torch.tensor([[*row, *[_PADDING] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return values, torch.arange(longest) < lengths[:, None]
