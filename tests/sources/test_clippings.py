from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from digests.sources.clean import clean_report
from digests.types import UNDATED, Precision, Published

BERLIN = ZoneInfo("Europe/Berlin")
TITLE = "Ministerrat vertagt seinen Beschluss zur Grenze auf Mai"
TEXT = (
    "Der Ministerrat hat am Montag über die Lage an der Grenze beraten.\n\n"
    "Ein Sprecher sagte, man werde in Ruhe prüfen, was zu tun sei."
)
DAY = Published.on(2022, 1, 25)
WIRE = f"""bdt0123 3 pl 245 dpa 0456

Politik/Grenze/Beispielland/
(Zusammenfassung 1430 - neu: Sprecher)

{TITLE}

   Musterstadt (dpa) - {TEXT}

# Notizblock

## Redaktionelle Hinweise
- Ein Porträt folgt.

## dpa-Kontakte
- Autorin: Ada Beispiel, +49 30 12345, <ab@example.org>

dpa xx yyzz a3 hh
251430 Jan 22
"""


def clean(text):
    return clean_report(text, zone=BERLIN)


@pytest.mark.parametrize(
    ("above", "below", "outlet"),
    [
        ("Beispielblatt am Sonntag, 25. Januar 2022, Seite 7", "", "Beispielblatt am Sonntag"),
        ("Beispielblatt vom 25.01.2022, S. 7", "", "Beispielblatt"),
        ("Beispielblatt (25.01.2022), Nr. 20, S. 7-8, Politik", "", "Beispielblatt"),
        ("The Example, 25 January 2022, p. 7", "", "The Example"),
        ("", "Quelle: Beispielblatt, 25.01.2022", "Beispielblatt"),
        ("", "Quelle: Beispielblatt vom 25.01.2022, Nr. 20, S. 7", "Beispielblatt"),
        ("Beispielblatt, 25.01.2022, S. 7", "Quelle: Beispielblatt, 25.01.2022", "Beispielblatt"),
        ("Musterstadt, 25. Januar 2022", "", None),
        ("Musterstadt, den 25.01.2022", "", None),
    ],
)
def test_where_and_when_a_clipping_stood(above, below, outlet):
    report = clean("\n\n".join(part for part in (above, TITLE, TEXT, below) if part))
    assert report.text == f"{TITLE}\n\n{TEXT}"
    assert (report.title, report.published, report.outlet) == (TITLE, DAY, outlet)


def test_references_and_chronicles_stay():
    references = [f"Beispielblatt, {day}.01.2022, S. 7" for day in (3, 4, 5)]
    assert clean("\n\n".join((TITLE, TEXT, *references))).published == UNDATED
    chronicle = [f"Musterstadt, {day}. Januar 2022\n\n{TEXT}" for day in (3, 4, 5)]
    assert clean("\n\n".join(chronicle)).published == UNDATED
    below = clean(f"{TITLE}\n\n{TEXT}\n\nMusterstadt, 25. Januar 2022")
    assert (below.published, below.outlet) == (UNDATED, None)


def test_a_report_as_it_comes_over_the_wire():
    report = clean(WIRE)
    assert report.text == f"{TITLE}\n\n{TEXT}"
    assert report.title == TITLE
    moment = datetime(2022, 1, 25, 13, 30, tzinfo=UTC)
    assert report.published == Published(moment, Precision.MINUTE)


@pytest.mark.parametrize("end", ["", "251430 Foo 22", "991430 Jan 22", "dpa xx yyzz a3 hh"])
def test_without_a_time_it_is_no_wire(end):
    report = clean(WIRE.replace("251430 Jan 22\n", end))
    assert report.published == UNDATED
    assert "Notizblock" in report.text


def test_a_wire_without_notes():
    report = clean(f"{TITLE}\n\n{TEXT}\n\ndpa fr yydd n1 bvi\n251430 Jan 22")
    assert report.text == f"{TITLE}\n\n{TEXT}"
    assert report.published.precision is Precision.MINUTE
