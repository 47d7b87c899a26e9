"""Names by the network that ships: pieces, windows, well-formed tags, and odd texts."""

import random
import string
from itertools import pairwise

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from digests.nlp.names import LIMIT, TAGS, best_tags, feed, windows, words
from digests.nlp.pieces import END, START, UNKNOWN, Pieces, save
from digests.nlp.pipelines import SHIPPED

NEWS = "Der Kanzler sprach in Bonn mit Vertretern der Testbank AG, wie Otto Lang mitteilte. "
SCORED = [
    *(("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0)),
    *(("▁", -3), ("▁Bonn", -5), ("▁Bo", -6), ("nn", -6), ("s", -3), ("(", -4), ("1", -4)),
]


LOADED = spacy.load(SHIPPED["de"])


@pytest.fixture(scope="module")
def nlp():
    return LOADED


def found(doc):
    return [(name.start_char, name.end_char, name.label_) for name in doc.ents]


@pytest.fixture(scope="module")
def pieces():
    return Pieces(SCORED)


def text_of(pieces, word, *, spaced=True):
    return [SCORED[number][0] for number in pieces(word, spaced=spaced)]


def test_a_word_is_cut_where_its_pieces_are_most_probable(pieces):
    assert text_of(pieces, "Bonns") == ["▁Bonn", "s"]
    assert text_of(pieces, "Bos") == ["▁Bo", "s"]
    assert text_of(pieces, "nns", spaced=False) == ["nn", "s"]


def test_unknown_characters_in_a_row_are_one_piece(pieces):
    assert text_of(pieces, "Bonn語語s") == ["▁Bonn", "<unk>", "s"]


def test_characters_of_another_width_are_the_same(pieces):
    assert text_of(pieces, "Bo\u00adnn") == ["▁Bonn"]
    assert text_of(pieces, "（１", spaced=False) == ["(", "1"]


@given(st.text())
@settings(max_examples=200)
def test_every_word_has_some_pieces_and_not_too_many(word):
    numbers = Pieces(SCORED)(word, spaced=True)
    assert 1 <= len(numbers) <= 16
    assert all(UNKNOWN <= number < len(SCORED) for number in numbers)


def test_pieces_are_read_as_they_were_written(tmp_path, pieces):
    save(SCORED, tmp_path / "pieces.txt")
    again = Pieces.load(tmp_path / "pieces.txt")
    assert again("Bonns", spaced=True) == pieces("Bonns", spaced=True)


def made(sentences):
    """A doc of sentences of so many words, without the network."""
    tokens = [f"{'Xy'[n % 2]}{n}" for count in sentences for n in range(count)]
    starts = [n == 0 for count in sentences for n in range(count)]
    return Doc(spacy.blank("de").vocab, words=tokens, sent_starts=starts)


@given(st.lists(st.integers(1, 120), max_size=12))
@settings(max_examples=60, deadline=None)
def test_windows_hold_every_word_once_and_are_not_too_long(sentences):
    read = words(made(sentences), Pieces(SCORED))
    cut = list(windows(read))
    assert [word for window in cut for word in window] == read
    assert all(sum(len(word.pieces) for word in window) <= LIMIT for window in cut)


def test_windows_begin_with_sentences_where_these_are_short():
    cut = list(windows(words(made([20] * 40), Pieces(SCORED))))
    assert len(cut) > 3
    assert all(window[0].sentence for window in cut)


def test_an_endless_sentence_is_cut_before_a_small_letter():
    cut = list(windows(words(made([2001]), Pieces(SCORED))))
    assert all(not window[0].capital for window in cut[1:])


def test_the_network_is_given_marks_at_the_ends_of_lines(pieces):
    doc = spacy.blank("de")("Bonn\n\nBonns")
    given = feed(words(doc, pieces))
    bonn, s = 5, 8
    assert given["pieces"].tolist() == [[START, bonn, END, bonn, s, END]]
    assert given["words"].tolist() == [1, 3]


@given(st.lists(st.lists(st.integers(-9, 9), min_size=9, max_size=9), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_tags_are_the_best_of_all_that_are_well_formed(rows):
    scores = np.array(rows, np.float32)
    best = best_tags(scores)
    assert well_formed(best)
    total = sum(scores[n, tag] for n, tag in enumerate(best))
    rng = random.Random(0)
    for _ in range(300):
        other = [rng.randrange(len(TAGS)) for _ in rows]
        assert not well_formed(other) or sum(scores[n, t] for n, t in enumerate(other)) <= total


def well_formed(tags):
    names = ["O", *(TAGS[tag] for tag in tags)]
    pairs = pairwise(names)
    return all(after[0] != "I" or before[2:] == after[2:] for before, after in pairs)


@pytest.mark.parametrize("text", ["", " ", "\n\n \t", "\u00ad", "\u200b\u200b", "…", "\x00\x1f"])
def test_next_to_nothing_has_no_names(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    assert found(doc) == []


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "Ä" * 50_000,
        "wort " * 10_000,
        "Anna Koch, Otto Lang, " * 2_300,
        "-" * 50_000,
    ],
)
def test_very_long_texts_are_read(nlp, text):
    doc = nlp(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found(doc))


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_names_lie_within_any_text(text):
    doc = LOADED(text)
    ends = 0
    for start, end, label in found(doc):
        assert ends <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert "\n" not in text[start:end]
        assert label in {"PER", "ORG", "LOC", "MISC"}
        ends = end


def test_a_text_has_the_same_names_whatever_is_read_with_it(nlp):
    rng = random.Random(1)
    texts = [NEWS * n for n in (1, 2, 7, 30)]
    texts += ["".join(rng.choices(string.printable, k=200)) for _ in range(8)]
    alone = [found(nlp(text)) for text in texts]
    for size in (1, 3, 50):
        assert [found(doc) for doc in nlp.pipe(texts, batch_size=size)] == alone
    assert [found(doc) for doc in nlp.pipe(texts[::-1], batch_size=5)] == alone[::-1]
    assert len(alone[0]) >= 2


def test_names_are_found_to_the_end_of_a_long_text(nlp):
    text = NEWS * 100
    ends = [end for _, end, label in found(nlp(text)) if label == "PER"]
    assert len(ends) >= 95
    assert ends[-1] > len(text) - len(NEWS)


def test_the_component_is_written_and_read_again(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    assert found(spacy.load(tmp_path)(NEWS)) == found(nlp(NEWS))


def test_a_folder_without_a_network_is_an_error(nlp, tmp_path):
    with pytest.raises(OSError, match=r"pieces\.txt|model\.onnx"):
        nlp.get_pipe("ner").from_disk(tmp_path)
