from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.clean import clean_entry, clean_report
from digests.sources.headlines import run_on
from digests.sources.text import Declared

BERLIN = ZoneInfo("Europe/Berlin")
HEADLINE = "Brücke über die Weser bleibt gesperrt"
BELOW = "Die Brücke bleibt nach dem Unfall bis Freitag gesperrt. Das teilte die Stadt mit."


def parted(paragraph):
    found = run_on(paragraph)
    return None if found is None else (paragraph[: found[0]], paragraph[found[1] :])


@pytest.mark.parametrize(
    ("between", "below"),
    [
        (" ", BELOW),
        (" ", "Nach dem Unfall vom Montag prüft die Stadt, ob die Brücke hält."),
        (" ", "Zwei Tage nach dem Unfall prüft die Stadt, ob die Brücke hält."),
        (" ", "Vor dem Rathaus forderten viele, die Brücke wieder zu öffnen."),
        (" ", "Fast alle Brücken der Stadt sind für schwere Wagen zu alt geworden."),
        (" Anzeige Anzeige ", "Hameln. Wer über die Brücke will, muss bis Freitag warten."),
        (" ", "Hameln (dpa) - Wer über die Brücke will, muss bis Freitag warten."),
        (" ", "Bad Pyrmont/Hameln (dpa) - Wer über die Brücke will, muss warten."),
        (f" {HEADLINE} ", "Hameln sperrt die Brücke für Autos, wie die Stadt mitteilte."),
        (f" – Weserblatt Hameln {HEADLINE} ", "Hameln sperrt die Brücke für alle Autos."),
    ],
)
def test_a_headline_is_parted_from_the_report_below_it(between, below):
    assert parted(f"{HEADLINE}{between}{below}") == (HEADLINE, below)


@pytest.mark.parametrize(
    ("headline", "below"),
    [
        ("Stadtrat lehnt den Entwurf ab", "In der Sitzung am Montag fand er keine Mehrheit."),
        ("„Das ist ein schlechter Scherz“", "Die Stadt sperrt eine Brücke und ärgert viele damit."),
        ("Was wird aus der alten Brücke?", None),  # ends as any sentence does
    ],
)
def test_how_headlines_end(headline, below):
    assert parted(f"{headline} {below or BELOW}") == (below and (headline, below))


@pytest.mark.parametrize(
    "sentence",
    [
        "Wie der Verlag Die Werkstatt am Montag mitteilte, erscheint das Buch erst im Herbst.",
        "Das Ministerium von Ursula Von der Leyen wollte sich dazu bis Montag nicht äußern.",
        "Der Minister flog am Tag Zwei seiner Reise von Paris aus weiter nach New York.",
        "Die Regierung rechnet nach dem knappen Aus im Bundesrat mit langen Verhandlungen.",
        "Der Autor hat in seinem neuen Buch „Die Lehre vom Fluss“ alles darüber gesagt.",
        'Die Schauspielerin hatte zuletzt in dem Film "Im Schatten der Brücke" mitgespielt.',
        "Der Minister zieht nach Angaben einer Sprecherin der Stadt Den Haag ins Parlament ein.",
        "Auf dem Parteitag sprachen am Samstag auch Abgeordnete der Partei Die Linke zur Lage.",
        "Er sagte am Abend: Die Brücke bleibt nach dem Unfall vom Montag weiter gesperrt.",
        "Wir haben Sie gefragt, ob Ihnen die Brücke fehlt. Das sind die Antworten der Leser.",
        "Der Sturm hat sich zum Orkan gewandelt. Der Sturm hat sich am Abend wieder gelegt.",
        "Der Sturm hat sich zum Orkan gewandelt, und der Sturm hat sich dann wieder gelegt.",
        "The news about the bridge was first told by BBC Four on Friday night in the town.",
        "Stars from all over the world sang at the Hope For Haiti event to help the victims.",
        "He played a part in the film The bridge on the river and in many others after that.",
        "The New In Crowd says that the old bridge is to stay closed until Friday night.",
        "The Man Who Was In London and Die Another Day are both films of the last century.",
    ],
)
def test_a_sentence_stays_whole(sentence):
    assert run_on(sentence) is None


def test_an_english_headline_is_found_by_its_repetition():
    below = "The bridge stays closed until Friday, the town said on Monday."
    headline = "Old Bridge Stays Closed In Town"
    assert parted(f"{headline} - The Weser Times {headline} {below}") == (headline, below)


@pytest.mark.parametrize(
    "below",
    [
        "The bridge is to stay closed until Friday, the town said on Monday.",
        "After the accident on Monday the town looks into whether the bridge will hold.",
        "Two days after the accident the town has asked for help from the state.",
    ],
)
def test_an_english_headline_is_parted_from_the_report_below_it(below):
    headline = "Old Weser bridge in town to stay closed"
    assert parted(f"{headline} {below}") == (headline, below)


def test_a_report_has_the_headline_for_its_title():
    report = clean_report(f"{HEADLINE} {BELOW}\n\nEs folgt mehr. Und noch mehr.", zone=BERLIN)
    assert report.title == HEADLINE
    assert report.text == f"{HEADLINE}\n\n{BELOW}\n\nEs folgt mehr. Und noch mehr."


def test_a_title_that_is_known_is_not_said_again():
    known = Declared(title=HEADLINE)
    assert clean_entry(f"{HEADLINE} {BELOW}", declared=known).text == f"{HEADLINE}\n\n{BELOW}"
    other = clean_report(f"Stadt sperrt ihre Brücke {BELOW}", zone=BERLIN, declared=known)
    assert other.text == f"{HEADLINE}\n\nStadt sperrt ihre Brücke {BELOW}"


_WORDS = st.sampled_from(
    "die Die der In im Brücke bleibt gesperrt. Anzeige (dpa) - „ “ : und Stadt Hameln 3 ? a".split()
)


@given(st.lists(_WORDS, max_size=40).map(" ".join))
def test_nothing_but_a_repetition_is_left_out(paragraph):
    if parts := parted(paragraph):
        left_out = paragraph[len(parts[0]) : len(paragraph) - len(parts[1])].split()
        said = {word.strip(":.?") for word in parts[0].split()} | {"Anzeige", ""}
        named = (word for word in left_out if word.strip(":.?") not in said)
        assert not any(word[0].islower() for word in named)
