"""Training text and vectors of the German pipeline; the training itself is not tested here."""

import gzip
import json
import random
from dataclasses import replace

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from training.data import AGENCIES, Augmentation, Names, Passage, documents, load
from training.score import score
from training.train import Corpus, Hide, Settings, polish, train
from training.vectors import Word, add_vectors, cluster_words, newer_words, point

CALM = Augmentation(swap={}, capitals=0, requote=0, paragraph=0, headline=0, dateline=0, agency=0)
WILD = Augmentation(
    swap=dict.fromkeys(("PER", "ORG", "LOC", "MISC"), 0.5),
    capitals=0.2,
    requote=0.9,
    paragraph=0.5,
    headline=0.5,
    dateline=0.5,
)
PASSAGES = [
    Passage("Anna Koch wohnt in Bonn.", ((0, 9, "PER"), (19, 23, "LOC"))),
    Passage('"Wir warten", sagte Otto Lang bei Testbank.', ((20, 29, "PER"), (34, 42, "ORG"))),
    Passage("Es regnete.", ()),
    Passage("Das meldete dpa aus Rom", ((12, 15, "ORG"), (20, 23, "LOC"))),
    Passage("Wie „Der Turm“ endet, weiß niemand.", ((5, 13, "MISC"),)),
]
KNOWN = {p.text[s:e] for p in PASSAGES for s, e, _ in p.spans} | set(AGENCIES)


def made(how, seed=0):
    return list(documents(PASSAGES, Names(PASSAGES), how, random.Random(seed)))


@given(st.integers(0, 10_000))
def test_spans_hold_names_whatever_is_done_to_a_text(seed):
    known = {name.upper() for name in KNOWN}
    for document in made(WILD, seed):
        ends = 0
        for start, end, label in document.spans:
            assert ends <= start < end <= len(document.text)
            assert document.text[start:end].upper() in known
            assert label in {"PER", "ORG", "LOC", "MISC"}
            ends = end


@given(st.integers(0, 10_000))
def test_every_passage_is_read_once(seed):
    together = " ".join(document.text for document in made(CALM, seed))
    assert all(together.count(passage.text) == 1 for passage in PASSAGES)


def test_the_same_seed_gives_the_same_text():
    assert made(WILD, 7) == made(WILD, 7)
    assert made(WILD, 7) != made(WILD, 8)


def test_quotation_marks_come_in_every_style():
    texts = {document.text for seed in range(200) for document in made(WILD, seed)}
    assert all(any(mark in text for text in texts) for mark in '„“»«‚‘‹›"')


def test_passages_are_loaded_in_order_of_their_names(tmp_path):
    rows = [{"text": "Rom und Bonn", "entities": [[8, 12, "LOC"], [0, 3, "LOC"]]}]
    file = tmp_path / "some.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert load(file) == [Passage("Rom und Bonn", ((0, 3, "LOC"), (8, 12, "LOC")))]


def test_clusters_with_a_long_common_path_have_near_rows():
    words = [Word("Rom", 0x5AD, -10), Word("Bonn", 0x1AD, -10), Word("lief", 2, -10)]
    vocab = spacy.blank("de").vocab
    strings = len(vocab.strings)
    add_vectors(vocab, words)
    point(vocab, {"Rheindorf": "Bonn"})
    assert len(vocab.strings) == strings

    def near(one, other):
        one, other = vocab.get_vector(one), vocab.get_vector(other)
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    assert near("Rheindorf", "Bonn") == pytest.approx(1)
    assert near("Rom", "Bonn") > near("Rom", "lief") + 0.2


def test_rare_words_of_a_cluster_have_a_row_of_their_own():
    vocab = spacy.blank("de").vocab
    add_vectors(vocab, [Word("Rom", 5, -10), Word("Pisa", 5, -14), Word("Bari", 5, -17)])
    assert vocab.vectors.shape[0] == 3


def test_genitives_and_capitals_have_the_row_of_the_word():
    vocab = spacy.blank("de").vocab
    add_vectors(vocab, [Word("Bonn", 5, -9), Word("Bonns", 9, -16), Word("Genf", 1, -9)])
    rows = {word: vocab.vectors.find(key=word) for word in ("Bonn", "BONN", "Genf", "Genfs")}
    assert rows["BONN"] == rows["Bonn"] != rows["Genf"] == rows["Genfs"]
    assert vocab.vectors.find(key="Bonns") != rows["Bonn"]
    assert vocab.vectors.find(key="Pisa") == -1


def test_cluster_tables_are_read_most_probable_first(tmp_path):
    tables = {"cluster": {"Bonn": 5, "und": 2}, "prob": {"Bonn": -9.5, "und": -3.0}}
    for name, table in tables.items():
        packed = gzip.compress(json.dumps(table).encode())
        (tmp_path / f"de_lexeme_{name}.json.gz").write_bytes(packed)
    assert cluster_words(tmp_path) == [Word("und", 2, -3.0), Word("Bonn", 5, -9.5)]


def test_newer_words_are_read_line_by_line(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("# newer\nRom: Bari Graz  # towns\n\nOtto: Xaver\n", "utf-8")
    towns = {"Bari": "Rom", "Baris": "Rom", "Graz": "Rom"}
    assert newer_words(file) == towns | {"Xaver": "Otto", "Xavers": "Otto"}


def test_a_word_cannot_be_like_one_without_a_vector():
    vocab = spacy.blank("de").vocab
    add_vectors(vocab, [Word("Rom", 5, -10)])
    with pytest.raises(KeyError, match="Pisa"):
        point(vocab, {"Bari": "Pisa"})


def test_no_newer_word_stands_twice():
    lines = [line.partition(":")[2].split() for line in _newer_lines()]
    words = [word for line in lines for word in line]
    assert len(words) == len(set(words))


def _newer_lines():
    from training.vectors import NEWER_WORDS

    lines = NEWER_WORDS.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_the_score_counts_exact_spans_and_leaves_ignored_ones_out():
    nlp = spacy.blank("de")
    rules = [("PER", "Anna"), ("LOC", "Bonn"), ("ORG", "Koch"), ("LOC", "Rom")]
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for label, text in rules])
    gold = [
        (Passage("Anna war in Bonn.", ((0, 4, "PER"), (12, 16, "LOC"))), ()),
        (Passage("Koch war in Rom.", ((0, 4, "PER"),)), ((12, 15),)),
    ]
    result = score(nlp, gold)
    assert result.micro == pytest.approx(2 * 2 / (3 + 3))
    assert result.labels["LOC"] == 1
    assert result.labels["ORG"] == 0


SMALL = Settings(
    steps=40,
    width=16,
    depth=1,
    rows=(50, 20, 20, 20),
    warmup=5,
    rate=0.02,
    words_from=200,
    evaluate_every=20,
    augmentation=CALM,
)


@pytest.fixture(scope="module")
def vocab():
    vocab = spacy.blank("de").vocab
    add_vectors(vocab, [Word("Bonn", 5, -9), Word("Rom", 5, -9), Word("wohnt", 2, -9)])
    return vocab


@pytest.fixture(scope="module")
def corpus():
    return Corpus(PASSAGES * 40, PASSAGES, [(passage, ()) for passage in PASSAGES])


@pytest.fixture(scope="module")
def trained(tmp_path_factory, vocab, corpus):
    folder = tmp_path_factory.mktemp("trained")
    return folder, train(vocab, corpus, SMALL, folder)


def test_a_short_training_leaves_a_pipeline_that_can_be_loaded(trained, corpus):
    folder, best = trained
    assert best.micro == score(spacy.load(folder), corpus.dev).micro > 0.5


def test_a_trained_pipeline_is_trained_on(trained, vocab, corpus, tmp_path):
    settings = replace(SMALL, steps=10, rate=0.001)
    best = polish(trained[0], vocab, corpus, settings, tmp_path / "second")
    assert best.micro >= trained[1].micro - 0.1
    assert score(spacy.load(tmp_path / "second"), corpus.dev).micro == best.micro


def test_rare_words_are_made_unknown_more_often():
    nlp = spacy.blank("de")
    passages = [Passage("Rom wohnt in Bonn."), *[Passage("in in in in")] * 500]
    hide = Hide(nlp, passages, 1.0, random.Random(0))
    docs = [nlp.make_doc("Rom in") for _ in range(400)]
    for doc in docs:
        hide(doc)
    hidden = [[token.norm_ != token.lower_ for token in doc] for doc in docs]
    assert 120 < sum(rome for rome, _ in hidden) < 280
    assert sum(common for _, common in hidden) < 10
    assert all(doc.text == "Rom in" for doc in docs)
