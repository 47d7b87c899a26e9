"""The network and its training: MultiHashEmbed, window encoder, transition-based names.

All settings stand in :class:`Settings`; :func:`train` makes a pipeline of them.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import spacy
from spacy.training import Example, offsets_to_biluo_tags
from thinc.api import Adam, fix_random_seed
from thinc.schedules import warmup_linear

from training.data import Augmentation, Names, Passage, documents
from training.score import Gold, Score, score

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
    from thinc.api import Optimizer

_log = logging.getLogger(__name__)

LABELS: Final = ("LOC", "MISC", "ORG", "PER")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may be turned. The defaults are the recipe of the pipeline that ships."""

    steps: int = 5500
    seed: int = 0
    width: int = 128
    depth: int = 5
    pieces: int = 2
    rows: tuple[int, int, int, int] = (12_000, 1_500, 3_500, 2_500)  # norm, prefix, suffix, shape
    hidden: int = 64
    wide_state: bool = True  # six tokens around the parser's state instead of three
    dropout: float = 0.2
    unknown: float = 1.0  # a word seen n times is made unknown with unknown / (unknown + n)
    rate: float = 1.5e-3
    warmup: int = 250
    words_from: int = 600  # words of a batch, growing
    words_to: int = 1500
    gold: tuple[int, int] = (2, 4)  # how often the gold text is read beside the silver: first, then
    turn: float = 0.65  # part of the training after which the second of them holds
    evaluate_every: int = 500
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(swap={"ORG": 0.12, "PER": 0.05, "LOC": 0.05})
    )


@dataclass(frozen=True, slots=True)
class Corpus:
    """``gold`` was annotated by people, ``silver`` by a model; ``dev`` chooses among models."""

    gold: Sequence[Passage]
    silver: Sequence[Passage]
    dev: Sequence[Gold]
    organisations: Sequence[str] = ()
    """Names of well-known ones, that augmentation may put in the place of others."""


def network(vocab: Vocab, settings: Settings) -> Language:
    """A German pipeline of ``tok2vec`` and ``ner``, not yet trained."""
    nlp = spacy.blank("de", vocab=vocab)
    nlp.add_pipe("tok2vec", config={"model": _tok2vec(settings)})
    ner = nlp.add_pipe("ner", config={"model": _parser(settings)})
    for label in LABELS:
        ner.add_label(label)  # type: ignore[attr-defined]  # spaCy types pipes as callables
    return nlp


POLISH: Final = Settings(
    steps=4000,
    dropout=0.25,
    unknown=2.0,
    rate=8e-4,
    warmup=100,
    words_from=1500,
    gold=(2, 4),
    turn=0.6,
    augmentation=Augmentation(swap={"ORG": 0.15, "PER": 0.05, "LOC": 0.05}),
)
"""A second training of the network, from a lower rate and with more words unknown."""


def train(vocab: Vocab, corpus: Corpus, settings: Settings, best: Path) -> Score:
    """Train and leave the pipeline of the best score on ``corpus.dev`` in the folder ``best``.

    Logs one line an evaluation. Returns the best score.
    """
    fix_random_seed(settings.seed)
    nlp = network(vocab, settings)
    optimizer = _optimizer(settings)
    nlp.initialize(lambda: [_example(nlp, passage) for passage in corpus.gold[:50]], sgd=optimizer)
    return _run(nlp, optimizer, corpus, settings, best)


def polish(trained: Path, vocab: Vocab, corpus: Corpus, settings: Settings, best: Path) -> Score:
    """Train the pipeline in ``trained`` on, as :func:`train` does a new one, with ``vocab``."""
    fix_random_seed(settings.seed)
    nlp = network(vocab, settings)
    nlp.from_disk(trained, exclude=["vocab"])
    optimizer = _optimizer(settings)
    nlp.resume_training(sgd=optimizer)
    return _run(nlp, optimizer, corpus, settings, best)


def _run(
    nlp: Language, optimizer: Optimizer, corpus: Corpus, settings: Settings, best: Path
) -> Score:
    top, losses, start = Score(), dict[str, float](), time.monotonic()
    batches = islice(_batches(nlp, corpus, settings), settings.steps)
    for step, batch in enumerate(batches, start=1):
        nlp.update(batch, drop=settings.dropout, sgd=optimizer, losses=losses)
        optimizer.step_schedules()  # type: ignore[no-untyped-call]
        if step % settings.evaluate_every == 0 or step == settings.steps:
            with nlp.use_params(optimizer.averages):
                now = score(nlp, corpus.dev)
                if now.micro >= top.micro:
                    top = now
                    nlp.to_disk(best)
            minutes = (time.monotonic() - start) / 60
            _log.info("step %5d  %5.1f min  loss %6.0f  %s", step, minutes, losses["ner"], now)
            losses.clear()
    return top


def _tok2vec(settings: Settings) -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": settings.width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": list(settings.rows),
            "include_static_vectors": True,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": settings.width,
            "depth": settings.depth,
            "window_size": 1,
            "maxout_pieces": settings.pieces,
        },
    }


def _parser(settings: Settings) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": settings.wide_state,
        "hidden_width": settings.hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2VecListener.v1",
            "width": settings.width,
            "upstream": "*",
        },
    }


def _optimizer(settings: Settings) -> Optimizer:
    rates: Any = warmup_linear(settings.rate, settings.warmup, settings.steps)
    adam: Optimizer = Adam(
        rates, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True
    )
    return adam


def _batches(nlp: Language, corpus: Corpus, settings: Settings) -> Iterator[list[Example]]:
    """One batch for every step; the batches grow, and gold text gets more weight at the turn."""
    rng = random.Random(settings.seed)  # noqa: S311 - nothing secret
    names = Names(chain(corpus.gold, corpus.silver), corpus.organisations)
    hide = Hide(nlp, (*corpus.gold, *corpus.silver), settings.unknown, rng)
    step, batch, words = 0, list[Example](), 0
    while True:
        times = settings.gold[step >= settings.turn * settings.steps]
        for passage in _round(corpus, times, names, settings.augmentation, rng):
            batch.append(_example(nlp, passage, hide))
            words += len(batch[-1])
            if words >= _batch_size(step, settings):
                yield batch
                step, batch, words = step + 1, [], 0


def _round(
    corpus: Corpus, times: int, names: Names, how: Augmentation, rng: random.Random
) -> list[Passage]:
    """The gold text so many times and the silver text once, augmented anew and shuffled."""
    gold = chain.from_iterable(documents(corpus.gold, names, how, rng) for _ in range(times))
    passages = [*gold, *documents(corpus.silver, names, how, rng)]
    rng.shuffle(passages)
    return passages


def _batch_size(step: int, settings: Settings) -> float:
    return min(settings.words_to, settings.words_from * 1.001**step)


class Hide:
    """Makes words unknown, rare ones most often (Kiperwasser and Goldberg, TACL 2016).

    Every word of the training text has learned rows of its own for its norm, a new word has
    rows of others. A made-up norm does the same to a known word: what is left of it are
    its vector, its shape and its ends, and the words around it.
    """

    _MADE_UP: Final = tuple(f"?{number}" for number in range(20_000))

    def __init__(
        self, nlp: Language, passages: Iterable[Passage], weight: float, rng: random.Random
    ) -> None:
        self._counts = Counter(
            token.norm for passage in passages for token in nlp.make_doc(passage.text)
        )
        self._weight = weight
        self._rng = rng

    def __call__(self, doc: Doc) -> None:
        """Change the norms of a document in place."""
        for token in doc:
            chance = self._weight / (self._weight + self._counts[token.norm])
            if self._rng.random() < chance:
                token.norm_ = self._rng.choice(self._MADE_UP)


def _example(nlp: Language, passage: Passage, hide: Hide | None = None) -> Example:
    """Names that begin or end within a token are left out of account."""
    doc = nlp.make_doc(passage.text)
    tags = offsets_to_biluo_tags(doc, list(passage.spans), missing="O")
    if hide is not None:
        hide(doc)
    return Example.from_dict(doc, {"entities": tags})
