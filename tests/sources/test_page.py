from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.sources.page import completed, extract, is_teaser
from digests.types import Draft

URL = "https://blatt.example/artikel/1"
TEASER = "Die Verhandlungen über das Hafenbecken sollen im Frühjahr beginnen."
SENTENCES = (
    "Die Verhandlungen über das neue Hafenbecken sollen nach Angaben der Stadt im Frühjahr "
    "beginnen. Darauf haben sich Verwaltung und Betreiber am Montag verständigt.",
    "Der Betreiber rechnet mit Kosten in Höhe von 40 Millionen Euro. Die Hälfte davon will er "
    "selbst tragen, den Rest sollen Land und Bund übernehmen, hieß es in einer Mitteilung.",
    "Umweltverbände sehen das Vorhaben kritisch. Sie fürchten, dass die Brutplätze am Ufer "
    "verschwinden, und verlangen ein Gutachten, bevor gebaut wird.",
)


NOT_FREE = '{"@type": "NewsArticle", "isAccessibleForFree": false}'


def page(*paragraphs, head="", around=("", ""), title="Neues Hafenbecken geplant"):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang='de'><head><title>{title} | Blatt</title>{head}</head><body>"
        "<header><nav><a href='/'>Start</a> <a href='/politik'>Politik</a></nav></header>"
        f"{around[0]}<main><article><h1>{title}</h1>{body}</article></main>{around[1]}"
        "<footer><a href='/impressum'>Impressum</a></footer></body></html>"
    ).encode()


def read(html, teaser=TEASER, headers=None):
    return extract(html, URL, headers or {}, teaser)


def test_paragraphs_without_title_and_navigation():
    assert read(page(*SENTENCES)) == "\n\n".join(SENTENCES)


def test_noise_is_cut():
    text = read(
        page(
            "Von Erika Beispiel, Musterstadt",
            SENTENCES[0],
            "Lesen Sie auch: Was der Hafen kostet",
            *SENTENCES[1:],
            "Über dieses Thema berichtete das Blatt am 1. Januar um 20 Uhr.",
        )
    )
    assert text == "\n\n".join(SENTENCES)


def test_charset_of_the_header():
    html = page(*SENTENCES).decode().encode("cp1252")
    assert read(html, headers={"content-type": "text/html; charset=windows-1252"}) == (
        "\n\n".join(SENTENCES)
    )


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\x00\x01\x02" * 100,
        b"kein HTML",
        page(),
        page("Kurz."),
        page(SENTENCES[2], "Das ist ein anderer Bericht, der von etwas anderem handelt. " * 8),
        page(*(f"<a href='/{n}'>Meldung Nummer {n} über das Hafenbecken</a>" for n in range(40))),
        page(*SENTENCES, "Jetzt weiterlesen mit Blatt plus"),
        page(*SENTENCES, "Sie haben bereits ein Abo? Dann melden Sie sich hier an, bitte."),
        page(*SENTENCES, head=f"<script type='application/ld+json'>{NOT_FREE}</script>"),
        page("Mit Werbung und Cookies weiter: Wir verarbeiten Daten. " * 6, *SENTENCES),
        page("Please enable JavaScript and cookies. " * 10 + SENTENCES[0]),
        page(*SENTENCES) + b"<!-- " + b"x" * (5 * 2**20),
    ],
    ids=range(13),
)  # fmt: skip
def test_the_teaser_stays_where_the_page_is_poor(html):
    assert read(html) is None


def test_no_shorter_than_the_teaser():
    assert read(page(*SENTENCES), teaser=" ".join(SENTENCES) * 2) is None


def test_without_teaser_the_page_is_taken():
    assert read(page(*SENTENCES), teaser="") == "\n\n".join(SENTENCES)


def test_a_report_on_subscriptions_is_no_wall():
    told = "Das Blatt will mit Werbung und Cookies weiter Geld verdienen, sagte ein Sprecher."
    text = read(page(*SENTENCES[:2], told, *SENTENCES, SENTENCES[1] + " Schluss.", SENTENCES[0]))
    assert text is not None
    assert told in text


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "body",
    ["<div>" * 20_000, "<p " + "".join(f"a{n}='' " for n in range(20_000)) + ">",
     "<table><tr>" * 9000, "<iframe>" * 20_000, "<a href=x>" * 20_000, "&" * 200_000],
    ids=lambda body: body[:12],
)  # fmt: skip
def test_hostile_pages(body):
    read(page(*SENTENCES, around=(body, "")))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_page(data):
    html = page(*SENTENCES)
    read(html[:200] + data + html[200:])
    read(data)


# --- teasers ----------------------------------------------------------------


def draft(body, title="Titel", url=URL):
    return Draft(key="1", text=f"{title}\n\n{body}", title_end=len(title), url=url)


LONG = "\n\n".join(SENTENCES * 2)


@pytest.mark.parametrize(
    ("body", "teaser"),
    [
        (LONG, False),
        ("", True),
        (TEASER, True),
        (LONG + " Und dann …", True),
        (LONG + " Und dann [...]", True),
        (LONG + "\n\nZum Artikel auf blatt.example", True),
        (LONG + " Das Gespräch ist zu Ende.", False),
        ("\n\n".join(["Ein Punkt aus einer Liste ohne Satz"] * 30), True),
    ],
)
def test_is_teaser(body, teaser):
    assert is_teaser(draft(body)) is teaser


def test_without_address_nothing_can_be_read_on():
    assert not is_teaser(draft(TEASER, url=None))


def test_completed():
    full = completed(draft(TEASER), LONG)
    assert (full.text, full.title_end, full.url) == (f"Titel\n\n{LONG}", 5, URL)
    assert completed(draft(TEASER, title=""), LONG).text == LONG
