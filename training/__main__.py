"""Train the German pipeline: ``python -m training --data DIR --out DIR``; see README.md."""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import tomllib
import warnings
from dataclasses import replace
from pathlib import Path

import spacy
from spacy.vocab import Vocab

from training.data import load
from training.package import package
from training.train import POLISH, Corpus, Settings, polish, train
from training.vectors import add_vectors, cluster_words, newer_words, point

SHIPPED = Path(__file__).parents[1] / "digests" / "nlp" / "de_depesche"


def main(arguments: list[str] | None = None) -> None:
    """The command; progress is logged, a line an evaluation."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("spacy").propagate = False
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training text")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipeline")
    parser.add_argument("--senter", type=Path, default=SHIPPED, help="pipeline to take senter from")
    parser.add_argument("--clusters", type=Path, help="folder of the cluster tables")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=Path, help="result of the first phase, to go on from")
    parser.add_argument("--trained", type=Path, help="what was trained before, only to be packed")
    options = parser.parse_args(arguments)
    texts = corpus(options.data)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W030\]")  # names that cross a token's edge
        trained = options.trained or _train(options, texts)
        logging.info(
            "%s: %s", options.out, package(trained, options.senter, options.out, texts.dev)
        )


def _train(options: argparse.Namespace, texts: Corpus) -> Path:
    """Both phases, the first left out if its result is given; each leaves its best state."""
    vocab = vocabulary(options.clusters)
    first = options.first or Path(f"{options.out}.first")
    second = Path(f"{options.out}.second")
    if options.first is None:
        train(vocab, texts, replace(Settings(), seed=options.seed), first)
    polish(first, vocab, texts, replace(POLISH, seed=options.seed), second)
    return second


def vocabulary(clusters: Path | None = None) -> Vocab:
    """German, with vectors made from Brown clusters."""
    vocab = spacy.blank("de").vocab
    add_vectors(vocab, cluster_words(clusters))
    point(vocab, newer_words())
    return vocab


def corpus(folder: Path) -> Corpus:
    """The training text of a folder, each file as README.md names it."""
    dev = folder / "germeval_dev.jsonl.gz"
    with gzip.open(dev, "rt", encoding="utf-8") as file:
        ignored = [tuple((s, e) for s, e, *_ in json.loads(line)["ignore"]) for line in file]
    return Corpus(
        gold=load(folder / "germeval_train.jsonl.gz"),
        silver=load(folder / "silver.jsonl.gz"),
        dev=list(zip(load(dev), ignored, strict=True)),
        organisations=organisations(),
    )


def organisations() -> list[str]:
    """Names from the curated list that mean nothing else."""
    actors = SHIPPED.parents[1] / "data" / "actors"
    entries = tomllib.loads((actors / "organisations.toml").read_text("utf-8")).values()
    ambiguous = tomllib.loads((actors / "words.toml").read_text("utf-8"))["ambiguous"]
    names = {name for entry in entries for name in (entry["name"], *entry.get("also", ()))}
    return sorted(names.difference(ambiguous))


if __name__ == "__main__":
    main()
