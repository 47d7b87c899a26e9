"""The network in training and as it ships: run by ``python -m pytest training``."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
import spacy
import torch

from digests.nlp.names import LABELS, TAGS, NameFinder
from digests.nlp.pieces import UNKNOWN, Pieces
from digests.nlp.pipelines import SHIPPED
from training.data import Augmentation, Passage
from training.e5 import E5
from training.network import Network
from training.package import package, pipeline, write_network
from training.score import Score
from training.train import Corpus, Settings, Slips, batches, examples, rate, train

torch.set_num_threads(1)  # other tests and programs may run beside it

CALM = Augmentation(swap={}, capitals=0, requote=0, paragraph=0, headline=0, dateline=0, agency=0)
PASSAGES = [
    Passage("Anna Koch wohnt in Bonn.", ((0, 9, "PER"), (19, 23, "LOC"))),
    Passage("Das meldete dpa aus Rom", ((12, 15, "ORG"), (20, 23, "LOC"))),
    Passage("Es regnete.", ()),
]
WORDS = sorted({word for p in PASSAGES for word in p.text.replace(".", " .").split()})
SCORED = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")]
SCORED += [(f"▁{word}", -5.0) for word in WORDS] + [(".", -3.0)]
WIDTH, INNER, HEADS = 16, 32, 2
SMALL = Settings(
    steps=120,
    batch=300,
    rate=0.005,
    warmup=10,
    average=0.9,
    unknown=0.0,
    parted=0.0,
    evaluate_every=60,
    dropout=0.0,
    augmentation=CALM,
)


@pytest.fixture
def model():
    rng = np.random.default_rng(0)
    shapes = {"emb.word": len(SCORED) * WIDTH, "emb.pos": 64 * WIDTH, "emb.type": 2 * WIDTH}
    for layer in range(3):
        square = {f"l{layer}.{part}.w": WIDTH * WIDTH for part in ("q", "k", "v", "ao")}
        wide = {f"l{layer}.{part}.w": WIDTH * INNER for part in ("fi", "fo")}
        rest = {f"l{layer}.{part}.b": WIDTH for part in ("q", "k", "v", "ao", "fo", "aln", "oln")}
        norms = {f"l{layer}.{part}.w": WIDTH for part in ("aln", "oln")}
        shapes |= square | wide | rest | norms | {f"l{layer}.fi.b": INNER}
    shapes |= {"emb.ln.w": WIDTH, "emb.ln.b": WIDTH}
    tensors = {name: rng.normal(size=size).astype(np.float32) / 3 for name, size in shapes.items()}
    tensors |= {name: value + 1 for name, value in tensors.items() if "ln.w" in name}
    return E5(SCORED, tensors, WIDTH, 3, HEADS, INNER)


@pytest.fixture
def network(model):
    torch.manual_seed(0)
    return Network(model, range(len(SCORED)), layers=(0, 2), gather=1, dropout=0.0)


def shipped(network, folder):
    batch, _ = next(batches(Pieces(SCORED), Corpus(PASSAGES, [], []), SMALL, random.Random(0)))
    write_network(network, [batch], SCORED, folder)
    return NameFinder("ner", threads=1).from_disk(folder)


def test_the_network_takes_the_layers_it_is_told(model, network):
    values = network.state_dict()
    assert np.allclose(values["layers.1.ao.weight"].ravel(), model.tensors["l2.ao.w"])
    third = values["layers.1.qkv.weight"][WIDTH : 2 * WIDTH]
    assert np.allclose(third.ravel(), model.tensors["l2.k.w"])


def test_words_are_tagged_as_their_names_are():
    nlp, pieces = spacy.blank("de"), Pieces(SCORED)
    (example,) = examples(nlp, pieces, PASSAGES[0])
    tags = [TAGS[tag] for tag in example.tags]
    assert tags == ["B-PER", "I-PER", "O", "O", "B-LOC", "O"]
    assert len(example.begins) == 6


def test_padding_changes_no_scores(network):
    corpus = Corpus(PASSAGES, [], [])
    network.eval()
    batch, _ = next(batches(Pieces(SCORED), corpus, SMALL, random.Random(0)))
    assert not bool(batch.is_piece.all())
    with torch.no_grad():
        before = network(batch)
        batch.pieces[~batch.is_piece] = 7
        assert torch.equal(network(batch), before)


def test_a_short_training_learns_and_ships(network, tmp_path):
    pieces, corpus = Pieces(SCORED), Corpus(PASSAGES * 20, PASSAGES, [])
    nlp, made = spacy.blank("de"), []

    def names(state):
        finder = shipped(state, tmp_path / str(len(made)))
        docs = [finder(nlp.make_doc(passage.text)) for passage in PASSAGES]
        return [tuple((n.start_char, n.end_char, n.label_) for n in doc.ents) for doc in docs]

    def score(state):
        made.append(names(state))
        right = sum(a == p.spans for a, p in zip(made[-1], PASSAGES, strict=True))
        return Score(right / len(PASSAGES))

    top = train(network, pieces, corpus, SMALL, score)
    assert top.micro == 1
    assert len(made) == 2
    assert names(network) == [passage.spans for passage in PASSAGES]


def test_the_package_holds_no_words_of_the_texts_it_was_scored_on(network, tmp_path):
    shipped(network, tmp_path / "names")
    nlp = pipeline(tmp_path / "names", SHIPPED["de"])
    nlp("Anna Koch wohnt in Bonn. Es regnete.")
    package(nlp, Score(0.5, {"PER": 0.25}), tmp_path / "out")
    again = spacy.load(tmp_path / "out")
    assert again.pipe_names == ["senter", "ner"]
    assert again.meta["performance"]["ents_f_per_type"] == {"PER": 0.25}
    strings = json.loads((tmp_path / "out" / "vocab" / "strings.json").read_text("utf-8"))
    assert sorted(strings) == sorted(LABELS)
    assert len(list(again("Anna Koch wohnt in Bonn. Es regnete.").sents)) == 2


def test_what_ships_gives_the_scores_of_the_network(network, tmp_path):
    one = replace(SMALL, batch=1)
    batch, _ = next(batches(Pieces(SCORED), Corpus(PASSAGES[:1], [], []), one, random.Random(0)))
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        wanted = network(batch).float().numpy()
    finder = shipped(network, tmp_path)
    given = {"pieces": batch.pieces.numpy(), "words": batch.begins[0].numpy()}
    assert np.abs(finder._run(given) - wanted).max() < 0.1 * np.abs(wanted).max() + 0.02


def test_the_rate_rises_and_falls():
    rates = [rate(step, SMALL) for step in range(1, SMALL.steps + 1)]
    assert rates.index(max(rates)) in {8, 9}
    assert max(rates) < SMALL.rate
    assert rates[-1] == 0


def test_some_words_with_a_capital_are_hidden_or_parted():
    settings = replace(SMALL, unknown=0.3, parted=0.3)
    plain, cut = Pieces(SCORED), Slips(Pieces(SCORED), settings, random.Random(0))
    drawn = [cut("Bonn", spaced=True) for _ in range(200)]
    assert drawn.count((UNKNOWN,)) >= 30
    assert drawn.count(plain("Bonn", spaced=True)) >= 50
    assert len(set(drawn)) > 2
    assert all(cut("wohnt", spaced=True) == plain("wohnt", spaced=True) for _ in range(50))
