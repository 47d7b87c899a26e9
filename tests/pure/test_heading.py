from __future__ import annotations

import pytest
from pure_reports import report

from digests.heading import headline_end
from digests.stories import headline


def head(text, **made):
    one = report(text, **made)
    return text[: headline_end(one, 0, len(text))]


@pytest.mark.parametrize(
    ("main", "aside"),
    [
        (
            "Die Feuerwehr in Kassel hat am Montag einen Brand in einem Lagerhaus gelöscht",
            ", der am frühen Morgen nach einem Kurzschluss ausgebrochen war.",
        ),
        (
            "Rund zweihundert Helfer standen am Wochenende an den Ufern der Fulda im Einsatz",
            ", um mit Sandsäcken ein Übertreten der Deiche zu verhindern.",
        ),
        (
            "Mehrere tausend Menschen haben in Kassel gegen den Ausbau der Straße demonstriert",
            ", obwohl die Stadt den Umzug zwei Tage vorher verboten hatte.",
        ),
    ],
)
def test_a_long_sentence_heads_a_story_without_the_clause_that_ends_it(main, aside):
    assert head(main + aside) == main


@pytest.mark.parametrize(
    "text",
    [
        # a condition, a limit, a claim, who claims it, what is claimed
        "Die Feuerwehr in Kassel wird das alte Lagerhaus am Hafen abreißen lassen, wenn die Stadt "
        "in dieser Woche noch zustimmt.",
        "In den Akten der Feuerwehr in Kassel fand sich bis heute kein Hinweis, der auf einen "
        "Täter oder eine Ursache deutete.",
        "Die Feuerwehr in Kassel hat am Montag einen Brand in einem Lagerhaus gelöscht, der "
        "nach Angaben der Polizei gelegt worden war.",
        "Die Feuerwehr in Kassel hat nach dem Brand im Lagerhaus am Hafen erklärt, das alte "
        "Gebäude noch in diesem Monat abzureißen.",
        "Ein Sprecher der Feuerwehr von Kassel erklärte am Montag in einem Interview, die Helfer "
        "hätten den Brand in der Nacht gelöscht.",
        # the clause says which; the main clause goes on; it is not the last
        "Am Montag hat ein Richter in Kassel nach einem langen Verfahren die Frau freigesprochen, "
        "die seit drei Jahren in Haft gesessen hatte.",
        "Die Feuerwehr in Kassel hat gestern, am dritten Tag nach dem großen Brand im Hafen, den "
        "letzten Helfern zum Abschied gratuliert.",
        # short enough
        "Die Feuerwehr in Kassel löschte einen Brand, der am Morgen ausgebrochen war.",
    ],
)
def test_it_stays_whole_where_the_rest_bounds_what_it_says(text):
    assert head(text) == text


def test_the_headline_of_an_untitled_report_is_its_words_cut_short():
    main = "Die Feuerwehr in Kassel hat am Montag einen Brand in einem Lagerhaus gelöscht"
    one = report(main + ", der am frühen Morgen nach einem Kurzschluss ausgebrochen war.")
    shown = headline([one])
    assert shown.text == main
    assert one.item.text[shown.span.start : shown.span.end] == main
    titled = report(one.item.text, title="Brand am Hafen")
    assert headline([titled]).text == "Brand am Hafen"


def test_other_languages_stay_whole():
    text = (
        "The fire brigade of Leeds put out a fire in a warehouse near the river on Monday, which "
        "had started early in the morning."
    )
    assert head(text, language="en") == text
