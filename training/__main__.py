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
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training text")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipeline")
    parser.add_argument("--senter", type=Path, default=SHIPPED, help="pipeline to take senter from")
    parser.add_argument("--clusters", type=Path, help="folder of the cluster tables")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=0)
    before = parser.add_mutually_exclusive_group()
    before.add_argument("--polish", type=Path, help="train on what was trained before")
    before.add_argument("--trained", type=Path, help="pack what was trained before, no training")
    options = parser.parse_args(arguments)
    settings = replace(POLISH if options.polish else Settings(), seed=options.seed)
    if options.steps:
        settings = replace(settings, steps=options.steps)
    texts = corpus(options.data)
    best = options.trained or options.out.with_name(options.out.name + ".best")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W030\]")  # names that cross a token's edge
        if options.polish:
            polish(options.polish, texts, settings, best)
        elif options.trained is None:
            train(vocabulary(options.clusters), texts, settings, best)
        logging.info("%s: %s", options.out, package(best, options.senter, options.out, texts.dev))


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
