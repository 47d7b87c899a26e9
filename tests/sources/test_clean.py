from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources import noise
from digests.sources.clean import clean_entry, clean_report
from digests.sources.text import Declared, decode, tidy
from digests.types import UNDATED, Precision, Published

BERLIN = ZoneInfo("Europe/Berlin")
SEEDS = Path(__file__).parents[2] / "../shared/seeds"

FIRST = (
    "Der Ministerrat hat am Montag über die Lage an der Grenze beraten. Beschlüsse fasste er nicht."
)
SECOND = "Ein Sprecher sagte, man werde „in Ruhe“ prüfen, was zu tun sei. Danach reiste er ab."
THIRD = "Die Opposition verlangte dagegen sofortige Schritte und «klare Worte» an die Nachbarn."
HEADING = "Opposition verlangt klare Worte"
TITLE = "Ministerrat vertagt Beschluss zur Grenze"


def clean(text):
    return clean_report(text, zone=BERLIN)


def body(text):
    report = clean(text)
    return report.text[report.title_end :].strip("\n").split("\n\n")


# --- date and title ---------------------------------------------------------


def test_plain_paragraphs_stay_as_they_are():
    text = f"{FIRST}\n\n{SECOND}\n\n{HEADING}\n\n{THIRD}"
    report = clean(text + "\n")
    assert report.text == text
    assert (report.title, report.published) == ("", UNDATED)
    assert (report.language, report.url, report.outlet) == (None, None, None)


def test_header_line_with_everything_run_together():
    report = clean(f" date 2022-01 {TITLE} Stand: 25.01.2022 01:42 Uhr\n\n{FIRST}")
    assert report.title == TITLE
    assert report.text == f"{TITLE}\n\n{FIRST}"
    assert report.published == Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE)


def test_header_line_followed_by_the_text_on_the_same_line():
    report = clean(f"{TITLE} Stand: 25.07.2022 01:42 Uhr {FIRST}\n\n{SECOND}")
    assert report.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert report.published.at == datetime(2022, 7, 24, 23, 42, tzinfo=UTC)


_MOMENT = Published(datetime(2022, 1, 25, 13, 30, tzinfo=UTC), Precision.MINUTE)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("25.01.2022, 14.30 Uhr • aus Beispielblatt 4/2022", _MOMENT),
        ("25. Januar 2022, 14:30 Uhr Quelle: Beispielblatt, dpa, AFP, sk", _MOMENT),
        ("25.01.2022 - Pressemitteilung", Published.on(2022, 1, 25)),
        ("Erscheinungsdatum 25.01.2022", Published.on(2022, 1, 25)),
        ("Pressemitteilung | 25.01.2022 | Nr. 12/2022", Published.on(2022, 1, 25)),
    ],
)
def test_lines_that_date_a_report_below_its_title(line, published):
    report = clean(f"{TITLE}\n\nVon Ada Beispiel\n\n{line}\n\n{FIRST}\n\n{SECOND}")
    assert report.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert report.published == published


@pytest.mark.parametrize(
    "line", ["25.01.2022, 14.30 Uhr", "25. Januar 2022, 14:30 Uhr Quelle: Beispielblatt"]
)
def test_a_date_below_a_teaser(line):
    teaser = "Die Lage bleibt schwierig."
    report = clean(f"{TITLE}\n\n{teaser}\n\nVon Ada Beispiel\n\n{line}\n\n{FIRST}")
    assert report.text == f"{TITLE}\n\n{teaser}\n\n{FIRST}"
    assert report.published == _MOMENT


def test_a_chronicle_of_dates_and_events_stays():
    lines = [f"{day}.01.2022 – Beratungen in Musterstadt" for day in (24, 25)]
    report = clean("\n\n".join([TITLE, *lines, FIRST]))
    assert report.published == UNDATED
    assert all(line in report.text for line in lines)


@pytest.mark.parametrize(
    "head",
    [
        "Von: Presse <presse@example.org>\nGesendet: Dienstag, 25. Januar 2022 14:30\n"
        f"An: redaktion@example.org\nBetreff: {TITLE}",
        "From: Press <press@example.org>\nTo: a@example.org\n"
        f"Date: Tue, 25 Jan 2022 14:30:00 +0100\nSubject: {TITLE}",
    ],
)
def test_a_mail_that_was_saved_as_text(head):
    report = clean(f"{head}\n\n{FIRST}\n\n{SECOND}")
    assert report.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert report.published == _MOMENT


@pytest.mark.parametrize(
    "line",
    [
        "Diese Nachricht wurde am 25.01.2022 im Programm Beispielfunk gesendet.",
        "Über dieses Thema berichtete der Beispielfunk am 25. Januar 2022 um 05:00 Uhr.",
    ],
)
def test_a_day_on_the_air_dates_a_report(line):
    report = clean(f"{TITLE}\n\n{FIRST}\n\n{line}")
    assert report.text == f"{TITLE}\n\n{FIRST}"
    assert report.published == Published.on(2022, 1, 25)


def test_author_and_time_between_title_and_text():
    stamp = "von Ada Beispiel/dpa 25. Januar 2022, 01:42 Uhr"
    report = clean(f"{TITLE} {stamp} {FIRST}")
    assert report.text == f"{TITLE}\n\n{FIRST}"
    assert report.published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)
    told = f"Der Rücktritt von Ada Beispiel kam überraschend. Bericht {stamp} {FIRST}"
    assert clean(told).text == told


@pytest.mark.parametrize(
    ("stamp", "published"),
    [
        (
            "Page last updated at 00:42 GMT, Tuesday, 25 January 2022 00:42 UK",
            Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        ),
        (
            "Last updated: 25 Jan, 2022 - 00:42 GMT",
            Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        ),
        ("25 January 2022 Last updated at 00:42 GMT Help", Published.on(2022, 1, 25)),
        (
            "Aktualisiert am 25. Januar 2022, 01:42 Uhr",
            Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        ),
        (
            "Veröffentlicht: 25.01.2022, 01:42 Uhr |",
            Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE),
        ),
    ],
)
def test_when_a_page_was_changed_is_cut_from_the_sentence_it_runs_on_to(stamp, published):
    report = clean(f"{stamp} {FIRST}\n\n{SECOND}")
    assert report.text == f"{FIRST}\n\n{SECOND}"
    assert report.published == published
    entry = clean_entry(f"{stamp} {FIRST}", declared=Declared(title=TITLE))
    assert entry.text == f"{TITLE}\n\n{FIRST}"
    assert clean(f"{TITLE}\n\n{stamp}\n\n{FIRST}").text == f"{TITLE}\n\n{FIRST}"


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 12. März 2022 um 14:05 Uhr Ortszeit bebte die Erde, und niemand wurde verletzt.",
        "Veröffentlicht am 12. März 2022 erregte das Buch Aufsehen, wie der Verlag mitteilte.",
        "Aktualisiert wurde die Liste am 12. März 2022 um 14:05 Uhr vom Amt der Stadt.",
    ],
)
def test_a_sentence_that_says_when_something_was_published_stays_whole(sentence):
    assert clean(f"{sentence}\n\n{SECOND}").text == f"{sentence}\n\n{SECOND}"


@pytest.mark.parametrize("key", ["Quelle", "Datum", "Autorin", "Ort"])
def test_a_header_line_does_not_swallow_the_report_that_runs_on_to_it(key):
    assert SECOND in clean(f"{key}: {FIRST} {SECOND}").text


def test_month_before_the_first_sentence_is_no_title():
    report = clean(f" date 2022-01 {FIRST}\n\n{SECOND}")
    assert report.text == f"{FIRST}\n\n{SECOND}"
    assert report.title_end == 0
    assert report.published == Published.on(2022, 1)


def test_month_before_a_title_alone_on_the_line():
    report = clean(f"date 2024-11 {TITLE}\n\n{FIRST}")
    assert (report.title, report.published) == (TITLE, Published.on(2024, 11))


def test_day_of_the_collection():
    assert clean(f"date: 2024-11-20\n{FIRST}").published == Published.on(2024, 11, 20)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Stand: 25.01.2022, 01:42 Uhr", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("Stand: 25. Januar 2022 01:42 Uhr MEZ", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("Veröffentlicht am 25.01.2022 um 00:42 Uhr UTC", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("Von Anna Muster | 25.01.2022, 01:42 Uhr", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("25.01.2022, 01:42 Uhr", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        ("Published: Jan 25, 2022 12:42 am GMT", datetime(2022, 1, 25, 0, 42, tzinfo=UTC)),
        (
            "Veröffentlicht: 25.01.2022, 01:42 Uhr | Aktualisiert: 26.01.2022, 09:00 Uhr",
            datetime(2022, 1, 25, 0, 42, tzinfo=UTC),
        ),
    ],
)
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_date_lines_below_the_title(line, at, blank):
    report = clean(f"{TITLE}{blank}{line}\n\n{FIRST}")
    assert report.text == f"{TITLE}\n\n{FIRST}"
    assert report.published == Published(at, Precision.MINUTE)


def test_labelled_date_at_the_end():
    report = clean(f"{FIRST}\n\n{SECOND}\n\nStand: 25.01.2022")
    assert report.text == f"{FIRST}\n\n{SECOND}"
    assert report.published == Published.on(2022, 1, 25)


@pytest.mark.parametrize("between", [" | ", " "])
def test_two_labelled_dates_in_a_line_at_the_end(between):
    line = between.join(
        ["Veröffentlicht: 25.01.2022, 01:42 Uhr", "Aktualisiert: 26.01.2022, 09:00 Uhr"]
    )
    report = clean(f"{FIRST}\n\n{SECOND}\n\n{line}")
    assert report.text == f"{FIRST}\n\n{SECOND}"
    assert report.published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 25. Januar 2022 traten neue Regeln in Kraft, die viele ablehnen.",
        "Die Zahl der Fälle liegt bei 512 (Stand: 25.01.2022).",
        "Stand heute sind es fünf.",
        "Er las den Bericht vom 25.01.2022, 01:42 Uhr, laut vor.",
    ],
)
def test_dates_in_sentences_are_not_the_date_of_the_report(sentence):
    report = clean(f"{sentence}\n\n{FIRST}")
    assert report.text == f"{sentence}\n\n{FIRST}"
    assert report.published == UNDATED


def test_dates_as_headings_of_a_chronicle_stay():
    text = f"{FIRST}\n\n24. Januar 2022\n\n{SECOND}\n\n25. Januar 2022\n\n{THIRD}"
    report = clean(text)
    assert (report.text, report.published) == (text, UNDATED)
    begins = f"24. Januar 2022\n\n{SECOND}\n\n25. Januar 2022\n\n{THIRD}"
    assert clean(begins).published == UNDATED


def test_title_by_shape():
    assert clean(f"{TITLE}\n\n{FIRST}").title == TITLE
    assert clean(f"{TITLE}\n{FIRST}\n{SECOND}").text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert clean(f"Wie geht es an der Grenze weiter?\n\n{FIRST}").title_end > 0
    dated = "Stand: 25.01.2022"
    for title in (
        "Wie geht es weiter?",
        "Minister kündigt Rücktritt an",
        "Zwei Länder nehmen Gespräche wieder auf",
        "100. Sitzung des Ministerrats eröffnet",
    ):
        assert clean(f"{title}\n\n{dated}\n\n{FIRST}").title == title
        assert clean(f"{title}\n\n{FIRST}").title == title


def test_kicker_is_put_below_the_title():
    report = clean(f"Grenzkonflikt\n{TITLE}\n\n{FIRST}")
    assert report.title == TITLE
    assert report.text == f"{TITLE}\n\nGrenzkonflikt\n\n{FIRST}"


def test_first_sentence_is_never_a_title():
    assert clean(f"Es ist vorbei.\n\n{FIRST}").title == ""
    assert clean(f"{FIRST}\n\n{SECOND}").title == ""
    assert clean(TITLE).title == ""


def test_text_that_starts_in_the_middle():
    text = f"und sprach dann von einem Fehler. {FIRST}\n\n{SECOND}"
    assert clean(text).text == text


@pytest.mark.parametrize(
    "head",
    [
        "Titel: {title}\nDatum: 25.01.2022, 01:42 Uhr\nQuelle: Beispielblatt\n"
        "URL: https://example.org/a\nSprache: deutsch\nAutor: Anna Muster\n",
        "Title: {title}\nDate: 2022-01-25T00:42:00Z\nSource: Beispielblatt\n"
        "Link: https://example.org/a\nLanguage: de-AT\n",
        '---\ntitle: "{title}"\ndate: 2022-01-25T01:42:00+01:00\noutlet: Beispielblatt\n'
        "url: https://example.org/a\nlang: de\nfoo: bar\n---\n",
    ],
)
def test_header_lines_and_front_matter(head):
    report = clean(f"{head.format(title=TITLE)}\n{FIRST}\n\n{SECOND}")
    assert report.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert report.published.at == datetime(2022, 1, 25, 0, 42, tzinfo=UTC)
    assert (report.language, report.outlet) == ("de", "Beispielblatt")
    assert report.url == "https://example.org/a"


def test_sentences_with_a_colon_are_no_header_lines():
    text = f"Ukraine: {FIRST}\n\n{SECOND}"
    assert clean(text).text == text


def test_markdown():
    text = (
        f"# {TITLE}\n\n![Ein Bild](https://example.org/b.jpg)\n\n{FIRST}\n\n## {HEADING}\n\n"
        f"**Ein Sprecher** sagte [hier](https://example.org/c) das.\n\n***\n\n> {THIRD}\n"
    )
    report = clean(text)
    assert report.title == TITLE
    assert body(text) == [FIRST, HEADING, "Ein Sprecher sagte hier das.", THIRD]


def test_declared_values_win_and_the_title_stands_once():
    declared = Declared("Anderer Titel", Published.on(2022, 1), "en", "https://e.org/", "Blatt")
    text = f"Anderer Titel\n\nStand: 25.01.2022, 01:42 Uhr\n\n{FIRST}"
    report = clean_report(text, zone=BERLIN, declared=declared)
    assert report.text == f"Anderer Titel\n\n{FIRST}"
    assert report.published.precision is Precision.MINUTE  # the more precise date
    assert (report.language, report.url, report.outlet) == ("en", "https://e.org/", "Blatt")
    draft = report.draft("key")
    assert draft.text[: draft.title_end] == "Anderer Titel"
    assert (draft.key, draft.published) == ("key", report.published)


def test_a_title_as_long_as_a_text_is_text():
    post = "Der Hafen bleibt am Montag wegen des Sturms geschlossen. " * 8
    report = clean_report(FIRST, zone=BERLIN, declared=Declared(title=post))
    assert (report.title, report.text) == ("", f"{post.strip()}\n\n{FIRST}")
    assert clean_report(post, zone=BERLIN, declared=Declared(title=post)).text == post.strip()


# --- datelines and signs ----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("BERLIN (dpa) – ", UNDATED),
        ("KIEW/MOSKAU (dpa/AFP) - ", UNDATED),
        ("Frankfurt am Main (dpa/lhe) — ", UNDATED),
        ("Berlin (Reuters) ", UNDATED),
        ("WASHINGTON, Jan 25 (Reuters) - ", UNDATED),
        ("(dpa) – ", UNDATED),
        ("Berlin, 25. Januar 2022 (Reuters) - ", Published.on(2022, 1, 25)),
        ("Berlin, 25. Januar 2022 – ", Published.on(2022, 1, 25)),
    ],
)
def test_datelines(line, published):
    report = clean(f"{line}{FIRST}\n\n{SECOND}")
    assert report.text == f"{FIRST}\n\n{SECOND}"
    assert report.published == published


@pytest.mark.parametrize(
    "text",
    ["Bundeskanzler Scholz (SPD) – so heißt es – reist ab.", "Berlin (Ost) wurde geteilt.",
     "Die Zeitung (AFP) schrieb davon.", "Berlin – eine Stadt – schläft nicht."],
)  # fmt: skip
def test_brackets_that_are_no_dateline(text):
    assert clean(f"{text}\n\n{SECOND}").text == f"{text}\n\n{SECOND}"


@pytest.mark.parametrize("sign", ["(dpa)", "(dpa/AFP)", "uh/qu (dpa, rtr)", "dpa/AFP", "[Reuters]"])
def test_sign_after_the_last_sentence(sign):
    assert clean(f"{FIRST}\n\n{SECOND} {sign}").text == f"{FIRST}\n\n{SECOND}"


def test_sentence_that_ends_with_a_bracket_stays_whole():
    text = f"{FIRST}\n\nSo berichtete es die Agentur (dpa)."
    assert clean(text).text == text


# --- noise ------------------------------------------------------------------

NOISE = [
    "Von Anna Muster",
    "Von Anna Muster, Berlin",
    "Von Anna Muster und Karl-Heinz Beispiel, ARD-Studio Moskau",
    "VON ANNA MUSTER",
    "Ein Kommentar von Anna Muster",
    "By Anna Sample and Carl Example",
    "uh/qu (dpa, rtr)",
    "(dpa)",
    "dpa/AFP",
    "dpa, AFP, rtr",
    "(dpa/AP/red)",
    "Reuters, dpa/jog",
    "sha/dpa",
    "AFP",
    "dpa-infocom, dpa:220125-99-847366/2",
    "© dpa-infocom, dpa:220125-99-847366/2",
    "Mit Material von dpa und Reuters",
    "Quelle: dpa",
    "Quelle: ntv.de, mau/dpa/AFP",
    "Foto: K. Beispiel/dpa",
    "Bild: picture alliance / dpa",
    "Photo: Reuters",
    "© AFP",
    "Stand: 25.01.2022 01:42 Uhr",
    "Veröffentlicht am 25.01.2022 um 01:42 Uhr",
    "Zuletzt aktualisiert: 26. Januar 2022, 10:00",
    "Video ansehen 03:02 Ein Blick über die Grenze",
    "Video: Was der Gipfel gebracht hat",
    "Audio herunterladen (7,3 MB | MP3)",
    "Artikel anhören",
    "03:02 Min",
    "Tagesschau 20:00 Uhr",
    "Mehr zum Thema",
    "Mehr zum Thema: Der lange Weg zum Gipfel",
    "Lesen Sie auch: Der lange Weg zum Gipfel",
    "Lesen Sie hier mehr über die Hintergründe.",
    "Siehe auch: Der lange Weg zum Gipfel",
    "Das könnte Sie auch interessieren",
    "Artikel teilen",
    "Auf Facebook teilen",
    "Facebook Twitter WhatsApp",
    "Facebook | Twitter | E-Mail",
    "Drucken",
    "12 Kommentare",
    "Kommentare (12)",
    "Jetzt den Newsletter abonnieren",
    "Melden Sie sich für unseren Newsletter an und bleiben Sie informiert.",
    "Diese Website verwendet Cookies. Mit der Nutzung stimmen Sie dem zu.",
    "Wir verwenden Cookies, um Inhalte zu personalisieren. Sie können das ablehnen.",
    "Um diesen Inhalt anzuzeigen, müssen Sie zustimmen.",
    "Empfohlener redaktioneller Inhalt",
    "Folgen Sie uns auf Twitter",
    "Anzeige",
    "Eilmeldung",
    "Alle Rechte vorbehalten",
    "Seite 3",
    "Seite 1 von 2",
    "3",
    "- 3 -",
    "***",
    "+++",
    "Lesezeit: 3 Min.",
    "3 Min. Lesezeit",
    "Schlagwörter: Grenze, Gipfel",
    "https://example.org/artikel",
    "Permalink https://example.org/p/46",
    "[mehr]",
    "Archivbild",
    "Symbolbild: ein Schlagbaum im Schnee",
    "Der Kanzler (l.) und der Präsident im Garten des Schlosses",
    "Der Kanzler im Garten. Foto: K. Beispiel/dpa",
    "Der Kanzler im Garten | Bild: AFP",
    "Der Kanzler im Garten (Archivbild) | AFP",
    "Zwei Grenzsoldaten vor einem Schlagbaum an der verschneiten Straße zu der alten Hauptstadt",
    "Read more: The long road to the summit",
    "Share this article",
    "Advertisement",
    "Sign up for our newsletter",
    "All rights reserved.",
    "Reporting by Anna Sample; Editing by Carl Example",
]

SENTENCES = [
    "Von der Leyen warnte die Nachbarn.",
    "Von Anna Muster stammt der Satz nicht.",
    "Mehr dazu sagte er nicht.",
    "Mehr als tausend Menschen kamen.",
    "Lesen Sie das Papier, forderte er.",
    "Die Quelle: ein Diplomat, der nicht genannt werden will. Er sprach am Montag.",
    "Er verlangte mehr Cookies für die Gäste.",
    "Wir von der Allianz verwenden keine Cookies, sagte er.",
    "Das Video zeigt die Lage.",
    "Er ging (das Foto liegt vor).",
    "Teilen will die Partei die Macht nicht.",
    "Folgen hat das keine.",
    "„Nein.“",
    '"Bloß nicht!"',
    "Ja.",
    "Mehr.",
    "Zurück.",
    "Seite an Seite kämpfen sie.",
    "Weiter hieß es, man warte ab.",
    "Reuters berichtete am Montag davon.",
    "Der Minister schrieb dazu auf Twitter:",
    "Nach Angaben von dpa und AFP war es ruhig.",
    "Die Polizei zeigte ein Foto: Der Mann trägt einen Hut.",
    "Er hielt ein Bild: ein Haus am See.",
    "Es begann ein Streit um das Bild von Anna Muster.",
    "3 Soldaten wurden verletzt.",
    "Stand jetzt bleibt alles offen.",
]

HEADINGS = [
    "Opposition verlangt klare Worte",
    "Von der Leyen in der Hauptstadt",
    "Von Norden nach Süden",
    "Mehr Soldaten für das Baltikum",
    "Stand der Dinge",
    "Folgen des Krieges",
    "Interview mit dem Minister",
    "«Volksfeste» fallen aus",
    "8500 Soldaten in Bereitschaft",
    "SPD",
    "NATO und USA",
    "G7",
    "Kanzler: Wir handeln geschlossen",
    "Was nun?",
    "Kritik des Verbandes an der Leistung von Schiedsrichter Muster",
    "Cookies und Datenschutz im Parlament",
]


@pytest.mark.parametrize("line", NOISE)
def test_noise_between_paragraphs_is_cut(line):
    assert clean(f"{FIRST}\n\n{line}\n\n{SECOND}").text == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("line", [line for line in NOISE if "Schlagbaum an" not in line])
def test_noise_at_the_end_is_cut(line):
    assert clean(f"{FIRST}\n\n{SECOND}\n{line}\n").text == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("line", [line for line in NOISE if "Schlagbaum an" not in line])
def test_noise_below_the_title_is_cut(line):
    report = clean(f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{SECOND}")
    assert report.text == f"{TITLE}\n\n{FIRST}\n\n{SECOND}"
    assert report.title == TITLE


@pytest.mark.parametrize("line", SENTENCES + HEADINGS)
def test_sentences_and_headings_stay(line):
    assert clean(f"{FIRST}\n\n{line}\n\n{SECOND}").text == f"{FIRST}\n\n{line}\n\n{SECOND}"


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_at_the_end_stay(line):
    assert clean(f"{FIRST}\n\n{line}").text == f"{FIRST}\n\n{line}"


def test_links_below_their_heading_are_cut_up_to_the_next_sentence():
    text = f"{FIRST}\n\nMehr zum Thema\n\nDer lange Weg\n\nDer kurze Weg\n\n{SECOND}"
    assert clean(text).text == f"{FIRST}\n\n{SECOND}"


def test_credit_run_on_to_a_long_paragraph_is_cut_alone():
    long = " ".join([FIRST, SECOND, FIRST, SECOND])
    assert clean(f"{long} Foto: K. Beispiel/dpa\n\n{THIRD}").text == f"{long}\n\n{THIRD}"


@pytest.mark.parametrize(
    "credit",
    [
        "Foto: K. Beispiel/dpa",
        "Foto: Karl de Beispiel/AFP/Getty Images",
        "Photograph: AP",
        "© Reuters",
        "Foto: Karl Beispiel",
    ],
)
def test_a_credit_that_ran_into_a_sentence_is_cut_alone(credit):
    line = "Die Grenze bleibt nach dem Treffen der Minister vorerst geschlossen."
    assert clean(f"{FIRST}\n\n{credit} {line}\n\n{THIRD}").text == f"{FIRST}\n\n{line}\n\n{THIRD}"
    assert line in clean(f"{FIRST}\n\nAn der Grenze. {credit} {line}\n\n{THIRD}").text


@pytest.mark.parametrize(
    "line",
    [
        "Foto: Der Minister an der Grenze vor seinem Treffen am Montag.",
        "Foto: Karl Beispiel/dpa",
    ],
)
def test_a_credit_without_a_sentence_goes_as_a_whole(line):
    assert clean(f"{FIRST}\n\n{line}\n\n{THIRD}").text == f"{FIRST}\n\n{THIRD}"


def test_captions_need_prose_around_them():
    line = "Zwei Grenzsoldaten vor einem Schlagbaum an der verschneiten Straße zur alten Hauptstadt"
    assert line in clean(f"{FIRST}\n\n{SECOND}\n\n{line}").text  # perhaps cut short by a crawler
    assert line in clean(f"{line}\n\n{FIRST}").text  # perhaps its title
    assert line not in clean(f"{FIRST}\n\n{line}\n\n{HEADING}\n\n{SECOND}").text


@pytest.mark.parametrize(
    "line",
    [
        "Grenzsoldaten der Nachbarn an einem Posten nahe der alten Brücke",
        "Fragt bei allen Nachbarn nach: der Minister für Äußeres",
    ],
)
def test_short_captions(line):
    assert clean(f"{FIRST}\n\n{line}\n\n{HEADING}\n\n{SECOND}").text == (
        f"{FIRST}\n\n{HEADING}\n\n{SECOND}"
    )


def test_lists_are_no_captions():
    items = [f"{number}. Forderung an alle Mitglieder des Rates und ihre Vertreter, die "
             f"bis zum Sommer zu erfüllen ist" for number in "123"]  # fmt: skip
    plain = [item[3:] for item in items]
    for lines in (items, plain):
        text = "\n\n".join([FIRST, *lines, SECOND])
        assert clean(text).text == text
    text = f"Er nannte das Ziel:\n\n{plain[0]}\n\n{SECOND}"
    assert clean(text).text == text


# --- layout -----------------------------------------------------------------


def test_invisible_characters_and_line_ends():
    text = "\ufeffDie Ver\xadhand\u200blung\xa0dauert  an.\r\n\r\nSie\tendet\u2028später.\r\n"
    assert clean(text).text == "Die Verhandlung dauert an.\n\nSie endet später."
    assert clean("Zeile eins.\rZeile zwei.").text == "Zeile eins.\n\nZeile zwei."


def test_decomposed_umlauts_are_composed():
    assert clean("Die Ma\u0308nner u\u0308ben.").text == "Die Männer üben."


def test_one_line_per_paragraph():
    assert clean(f"{FIRST}\n{SECOND}\n{HEADING}\n{THIRD}").text == "\n\n".join(
        [FIRST, SECOND, HEADING, THIRD]
    )


@pytest.mark.parametrize("width", [50, 60, 72, 80])
def test_hard_wrapped_text(width):
    paragraphs = [f"{FIRST} {SECOND}", f"{THIRD} {FIRST}", f"{SECOND} {THIRD}"]
    wrapped = "\n\n".join(wrap(paragraph, width) for paragraph in paragraphs)
    assert clean(wrapped).text == "\n\n".join(paragraphs)


def wrap(text, width):
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def test_words_split_at_line_ends():
    text = "Die Ver-\nhandlung dauert, Ost-\nund Westeuropa und die US-\nRegierung warten."
    assert clean(text).text.startswith("Die Verhandlung dauert, Ost- und Westeuropa")


def test_quotation_marks_stay_as_they_are():
    text = '„Eins“ und «zwei» und »drei« und "vier" und “five” und ‚sechs‘ — sagte sie.'
    assert clean(f"{text}\n\n{FIRST}").text == f"{text}\n\n{FIRST}"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "(dpa)", "***\n\n3", "date 2022-01"])
def test_nothing_of_a_report(text):
    assert clean(text).text == ""


# --- feed entries -----------------------------------------------------------


def test_entries_lose_only_what_is_noise_by_its_words():
    teaser = (
        "Kurzer Anriss ohne Punkt und mit so vielen Wörtern, dass er eine Bildzeile sein könnte"
    )
    report = clean_entry(
        f"{teaser}\n\n{FIRST} [mehr]\n\nFoto: dpa\n\n{SECOND} Von A. Muster.",
        declared=Declared("Titel"),
    )
    assert report.text == f"Titel\n\n{teaser}\n\n{FIRST}\n\n{SECOND}"
    assert report.title == "Titel"


# --- properties -------------------------------------------------------------

PIECES = st.one_of(
    st.sampled_from(
        [*NOISE, *SENTENCES, *HEADINGS, FIRST, SECOND, TITLE, " date 2022-01 ", "Titel: ", "---",
         "Stand: 31.02.2022 25:99 Uhr", "(dpa) – ", "Berlin, 25. Januar 2022 (Reuters) - "]
    ),
    st.text(max_size=40),
)  # fmt: skip
REPORTS = st.lists(
    st.tuples(PIECES, st.sampled_from(["\n", "\n\n", " ", "\r\n"])), max_size=12
).map(lambda pieces: "".join(map("".join, pieces)))


@given(REPORTS)
def test_nothing_is_invented(raw):
    """Every character of the result was in the input, and no more often, white space apart."""
    report = clean(raw)
    there, given_ = Counter("".join(report.text.split())), Counter("".join(tidy(raw).split()))
    assert there <= given_
    assert report.text == report.text.strip()
    assert not re.search(r"\n{3,}|(?<!\n)\n(?!\n)", report.text)
    assert report.text[: report.title_end] == report.title
    assert "\n" not in report.title


@given(st.lists(st.sampled_from([FIRST, SECOND, THIRD, *SENTENCES]), min_size=1, max_size=8))
def test_no_sentence_is_lost(paragraphs):
    assert clean("\n\n".join(paragraphs)).text == "\n\n".join(paragraphs)


# --- the five real reports --------------------------------------------------

EXPECTED = {
    "000": (UNDATED, False),
    "001": (Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE), True),
    "002": (UNDATED, False),
    "003": (Published.on(2022, 1), False),
    "004": (Published.on(2024, 11), False),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real reports are not at hand")
@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_real_reports(number):
    (path,) = SEEDS.glob(f"{number}_*.txt")
    raw = decode(path.read_bytes())
    report = clean(raw)
    published, titled = EXPECTED[number]
    assert report.published == published
    assert bool(report.title) == titled
    kept = report.text.split("\n\n")
    assert not any(map(noise.is_noise, kept))
    assert not re.search(r"\bdate \d{4}|Stand:|Video ansehen|\(dpa|\(Archiv", report.text)
    blocks = [re.sub(r"^ date \d{4}-\d{2} ", "", block) for block in raw.strip("\n").split("\n\n")]
    for block in blocks:
        if noise.is_sentence_final(block.strip()):
            assert block.strip() in kept
    headings = [block for block in blocks if noise.is_heading(block) and not noise.is_noise(block)]
    assert all(heading in kept for heading in headings)
    assert len(kept) == len(blocks) - {"003": 4}.get(number, 0)


def test_a_sentence_that_goes_on_in_the_next_line_is_not_cut_in_two() -> None:
    raw = (
        "Der Rat tagte am Montag in Brüssel. Die Vorsitzende sagte, man sei zu\n"
        "Gesprächen bereit.\n\nBeschlüsse gab es nicht,\nAnträge auch nicht."
    )
    text = clean_report(raw, zone=ZoneInfo("Europe/Berlin")).text
    assert "man sei zu Gesprächen bereit." in text
    assert "Beschlüsse gab es nicht, Anträge auch nicht." in text
