"""The pipelines themselves: what ships, what falls back, and how texts come through them."""

import pytest
import spacy
from spacy.tokens import Span

from digests.errors import DepescheError
from digests.nlp.pipelines import Pipelines, Text, _document, detect_language
from digests.types import SentenceKind

GERMAN = (
    "Bundeskanzlerin Angela Merkel sprach am Montag in Berlin mit Wladimir Putin. "
    "Beide wollten sich zur Lage in der Ukraine zunächst nicht äußern."
)
ENGLISH = (
    "The foreign secretary arrived in London on Monday for talks with the delegation. "
    "Both sides said that they would meet again next week."
)


@pytest.fixture(scope="module")
def pipelines() -> Pipelines:
    return Pipelines()


def names(pipelines: Pipelines, text: str) -> set[tuple[str, str]]:
    document = pipelines.document(text, language="de")
    return {(text[name.start : name.end], name.label) for name in document.entities}


@pytest.mark.parametrize("language", ["de", "en"])
def test_of_a_text_beyond_measure_the_beginning_is_read(pipelines, monkeypatch, language):
    monkeypatch.setattr("digests.nlp.pipelines.LONGEST", len(GERMAN) + 10)
    document = pipelines.document(GERMAN + " " + GERMAN, language=language)
    assert len(document.text) == len(GERMAN) + 10


def test_what_goes_on_without_an_end_is_no_sentence_to_show(pipelines):
    table = "Am Montag meldete Berlin " + "vier Tore, " * 200 + "das war alles."
    for text in (table, f"{GERMAN} {table}"):
        *_, last = pipelines.document(text, language="de").sentences
        assert last.kind is SentenceKind.FRAGMENT


def test_the_shipped_pipeline_says_what_it_is(pipelines):
    info = pipelines.info("de")
    assert (info.language, info.name, info.finds_names) == ("de", "de_news", True)
    assert info.version.count(".") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GERMAN, {("Angela Merkel", "PER"), ("Wladimir Putin", "PER"), ("Berlin", "LOC")}),
        (
            "Der Minister Hans Huber reiste nach Wien und von dort weiter nach Zürich.",
            {("Hans Huber", "PER"), ("Wien", "LOC"), ("Zürich", "LOC")},
        ),
        (
            "SPD und CDU wollen das Gesetz ändern, wie die Nachrichtenagentur Reuters meldete.",
            {("SPD", "ORG"), ("CDU", "ORG"), ("Reuters", "ORG")},
        ),
        (
            "»Wir warten«, sagte Petra Lindner, »auf die Antwort aus Paris.«",
            {("Petra Lindner", "PER"), ("Paris", "LOC")},
        ),
    ],
)
def test_it_finds_names_of_all_kinds(pipelines, text, expected):
    assert expected <= names(pipelines, text)


@pytest.mark.parametrize("text", ['Er las die "Bild"-Zeitung.', "Er las die „Bild“-Zeitung."])
def test_a_name_ends_with_the_quotation_that_it_opens(text):
    doc = spacy.blank("de")(text)
    doc.set_ents([Span(doc, 4, 5, "ORG")])  # spaCy leaves the mark within the word
    (name,) = _document(doc, "de", 0).entities
    assert text[name.start : name.end] == "Bild"


def test_a_small_word_is_no_end_of_a_name():
    doc = spacy.blank("de")("Kim Lee von der Werft in Kiel sprach.")
    doc.set_ents([Span(doc, 0, 4, "PER")])
    (name,) = _document(doc, "de", 0).entities
    assert doc.text[name.start : name.end] == "Kim Lee"


@pytest.mark.parametrize(
    "text",
    [
        "Am Abend sagte der Sprecher, Papst Leo XIV. „ist und bleibt ein Freund der Kirche“.",
        "König Rama IX. (Bhumibol) von Thailand rief am Abend den Minister in den Palast.",
    ],
)
def test_a_sentence_goes_on_behind_the_number_of_a_name(pipelines, text):
    (sentence,) = pipelines.document(text, language="de").sentences
    assert text[sentence.start : sentence.end] == text


def test_half_of_two_compounds_is_no_name():
    doc = spacy.blank("de")("Der „Such- und Rettungsdienst“ kam aus Kiel.")
    doc.set_ents([Span(doc, 2, 4, "ORG")])
    assert _document(doc, "de", 0).entities == ()


def test_a_quotation_that_ends_its_sentence_ends_it_for_good(pipelines):
    text = "Die Boten rufen: „Der Hafen ist ganz voll.“ Andreas Berg fordert die Räumung."
    found = [text[s.start : s.end] for s in pipelines.document(text, language="de").sentences]
    assert found[-1] == "Andreas Berg fordert die Räumung."


def test_a_compound_outside_a_quotation_stays_whole():
    doc = spacy.blank("de")("Er las die Bild-Zeitung.")
    doc.set_ents([Span(doc, 3, 4, "ORG")])
    (name,) = _document(doc, "de", 0).entities
    assert doc.text[name.start : name.end] == "Bild-Zeitung"


@pytest.mark.parametrize("name", ["Selenskyj", "Peskow", "Sacharowa", "Stoltenberg", "Nehammer"])
def test_it_knows_names_younger_than_its_word_clusters(pipelines, name):
    assert (name, "PER") in names(pipelines, f"Das sagte {name} am Dienstag vor Journalisten.")


def test_a_text_without_names_has_none(pipelines):
    assert not names(pipelines, "Am Abend regnete es, und die Straßen waren leer.")


def test_no_name_spans_lines(pipelines):
    document = pipelines.document("Treffen mit Angela\n\nMerkel kommt nach Rom.", language="de")
    assert all("\n" not in document.text[n.start : n.end] for n in document.entities)


def test_sentences_lie_within_paragraphs(pipelines):
    text = "Gespräche in Genf\n\n„Es war gut.“ Das sagte er.\n\nMan trifft sich wieder."
    document = pipelines.document(text, title_end=17, language="de")
    found = [(text[s.start : s.end], s.kind) for s in document.sentences]
    assert found == [
        ("Gespräche in Genf", SentenceKind.HEADING),
        ("„Es war gut.“", SentenceKind.PROSE),
        ("Das sagte er.", SentenceKind.PROSE),
        ("Man trifft sich wieder.", SentenceKind.PROSE),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Das Gesetz gilt seit 2006. Das Parlament hatte es beschlossen.", 2),
        ("(Mehr dazu steht weiter unten.) Das Parlament hatte es beschlossen.", 2),
        ("(Neumann u.a.) wollten das Gesetz. Der Minister (62) nicht.", 2),
        ("Auf Johannes folgte Kasimir II. Am Abend betete er.", 2),
        ("Sie kam auf Platz 2. Der Sieger heißt Huth.", 2),
        ("Erfunden wurde das Gerät 1958. Jetzt wird es verkauft.", 2),
        ("Gegründet wurde der Verein im Jahr 1958. Anna Huth leitet ihn.", 2),
        ("Gefeiert wird der 120. Geburtstag am 3. Mai in der 2. Bundesliga.", 1),
        ("Kasimir II. Georg trat zurück.", 1),
        ("Es gilt: 1. Die Wahl ist frei, 2. Das Amt ist befristet.", 1),
    ],
)
def test_a_number_may_end_a_sentence(pipelines, text, sentences):
    (document,) = pipelines.documents([Text(text, language="de")])
    assert len(document.sentences) == sentences


@pytest.mark.parametrize(
    ("above", "below", "language"),
    [
        ("Keine Einigung in Sicht", "Die Gespräche sollen am Montag weitergehen.", "de"),
        ("No end of the talks in sight", "The delegations are to meet again on Monday.", "en"),
    ],
)
def test_a_crosshead_that_runs_into_a_sentence_is_no_part_of_it(pipelines, above, below, language):
    text = f"Title\n\n{above} {below}"
    document = pipelines.document(text, title_end=5, language=language)
    found = [(text[s.start : s.end], s.kind) for s in document.sentences]
    assert found[1:] == [(above, SentenceKind.FRAGMENT), (below, SentenceKind.PROSE)]


def test_tokens_give_back_the_text(pipelines):
    document = pipelines.document(GERMAN, language="de")
    assert all(document.text[t.start : t.end] == t.text for t in document.tokens)
    assert "".join(t.text for t in document.tokens) == GERMAN.replace(" ", "")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "–", "…"])
def test_next_to_nothing_is_read_too(pipelines, text):
    document = pipelines.document(text, language="de")
    assert document.text == text
    assert not document.entities


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (ENGLISH, "en")])
def test_the_language_is_detected(text, language):
    assert detect_language(text) == language
    assert Pipelines.language_of(Text(text)) == language


@pytest.mark.parametrize(
    ("declared", "language"), [("de-AT", "de"), ("de_CH", "de"), ("EN", "en"), ("fr", "de")]
)
def test_a_declared_language_counts_where_it_is_read(declared, language):
    assert Pipelines.language_of(Text(GERMAN, language=declared)) == language


def test_english_without_a_pipeline_has_sentences_and_no_names(pipelines):
    document = pipelines.document(ENGLISH, language="en")
    assert not pipelines.info("en").finds_names
    assert pipelines.info("en").name == "en_fallback"
    assert [ENGLISH[s.start : s.end][:4] for s in document.sentences] == ["The ", "Both"]
    assert document.entities == ()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_named_pipeline_that_is_missing_is_an_error(language):
    named = Pipelines({language: "xx_not_installed"})
    with pytest.raises(DepescheError) as raised:
        named.document("Ein Satz.", language=language)
    assert raised.value.code == "pipeline_missing"


def test_documents_come_in_the_order_of_the_texts(pipelines):
    texts = [Text(f"{number}. {text}") for number in range(80) for text in (GERMAN, ENGLISH)]
    documents = list(pipelines.documents(texts))
    assert [d.text for d in documents] == [t.text for t in texts]
    assert [d.language for d in documents] == ["de", "en"] * 80


def test_one_text_is_read_as_in_a_batch(pipelines):
    texts = [Text(GERMAN, language="de"), Text("In Rom sprach Anna Koch.", language="de")] * 40
    together = list(pipelines.documents(texts))
    alone = [pipelines.document(text.text, language="de") for text in texts[:2]]
    assert together == alone * 40


def test_documents_are_read_as_they_are_asked_for(pipelines):
    def endless():
        while True:
            yield Text(GERMAN, language="de")

    assert next(pipelines.documents(endless())).text == GERMAN


def test_the_memory_of_a_batch_is_freed(pipelines):
    pipelines.document(GERMAN, language="de")
    strings = pipelines._pipeline("de").vocab.strings
    before = len(strings)
    made_up = [Text(f"Das Wort Xq{n}ungen kennt in Y{n}dorf niemand.", 0, "de") for n in range(200)]
    assert len(list(pipelines.documents(made_up))) == 200
    assert len(strings) == before
