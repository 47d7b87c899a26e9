"""German time expressions: extents and values, written from the guidelines and from usage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests.nlp.times import find_times
from digests.types import UNDATED, Precision, Published, TimexType

WEDNESDAY = Published.on(2022, 1, 26)


def read(text: str, published: Published = WEDNESDAY) -> list[tuple[str, str]]:
    return [(text[t.start : t.end], t.value) for t in find_times(text, published, "de")]


DAYS = [
    ("Das teilte er am Mittwoch mit.", "Mittwoch", "2022-01-26"),
    ("Sie trafen sich am Montag in Genf.", "Montag", "2022-01-24"),
    ("Sie wollen am Freitag erneut beraten.", "Freitag", "2022-01-28"),
    ("Das Fest musste am Samstag abgebrochen werden.", "Samstag", "2022-01-22"),
    ("Der Verdächtige konnte am Sonntag gefasst werden.", "Sonntag", "2022-01-23"),
    ("Das Fest muss am Samstag abgebrochen werden.", "Samstag", "2022-01-29"),
    ("Der Gipfel findet am Freitag statt.", "Freitag", "2022-01-28"),
    ("Am Sonntag wählt das Land.", "Sonntag", "2022-01-30"),
    ("Am Sonntag wählte das Land.", "Sonntag", "2022-01-23"),
    ("Der am Freitag in Genf vorgestellte Bericht wird geprüft.", "Freitag", "2022-01-21"),
    ("Das für Freitag geplante Treffen wurde abgesagt.", "Freitag", "2022-01-28"),
    ("Bis Freitag müssen die Staaten antworten.", "Freitag", "2022-01-28"),
    ("Er soll am Montag gesagt haben, es reiche.", "Montag", "2022-01-24"),
    ("Er sei am Dienstag in Berlin gewesen.", "Dienstag", "2022-01-25"),
    ("Seit Montagmorgen wird gestreikt.", "Montagmorgen", "2022-01-24TMO"),
    ("Sie trafen sich am Dienstagabend.", "Dienstagabend", "2022-01-25TEV"),
    ("Am frühen Montagmorgen fielen Schüsse.", "frühen Montagmorgen", "2022-01-24TMO"),
    ("Er kam am Dienstag früh an.", "Dienstag früh", "2022-01-25TMO"),
    ("Am kommenden Mittwoch tagt der Rat.", "kommenden Mittwoch", "2022-02-02"),
    ("Das Treffen beginnt nächsten Freitag.", "nächsten Freitag", "2022-01-28"),
    ("Am vergangenen Mittwoch kam er an.", "vergangenen Mittwoch", "2022-01-19"),
    ("An diesem Donnerstag wird gewählt.", "diesem Donnerstag", "2022-01-27"),
    ("Diesen Samstag hat sie es angekündigt.", "Diesen Samstag", "2022-01-22"),
    ("Diesen Samstag wird sie es ankündigen.", "Diesen Samstag", "2022-01-29"),
    ("Die Partei will diesen Montag entscheiden.", "diesen Montag", "2022-01-31"),
    ("In der Nacht auf Mittwoch fielen Schüsse.", "der Nacht auf Mittwoch", "2022-01-26TNI"),
    ("In der Nacht zum Dienstag brannte es.", "der Nacht zum Dienstag", "2022-01-25TNI"),
    (
        "In der Nacht von Montag auf Dienstag brannte es.",
        "der Nacht von Montag auf Dienstag",
        "2022-01-25TNI",
    ),
    (
        "In der Nacht auf den 3. Mai 2021 brannte es.",
        "der Nacht auf den 3. Mai 2021",
        "2021-05-03TNI",
    ),
    ("Gestern tagte der Rat.", "Gestern", "2022-01-25"),
    ("Er kam vorgestern Abend an.", "vorgestern Abend", "2022-01-24TEV"),
    ("Er kommt morgen.", "morgen", "2022-01-27"),
    ("Morgen wird er kommen.", "Morgen", "2022-01-27"),
    ("Übermorgen tagt der Rat.", "Übermorgen", "2022-01-28"),
    ("Heute tagte der Rat.", "Heute", "2022-01-26"),
    ("Heute früh schneite es.", "Heute früh", "2022-01-26TMO"),
    ("Das gilt bis heute.", "heute", "PRESENT_REF"),
    ("Am 25.01.2022 trat er zurück.", "25.01.2022", "2022-01-25"),
    ("Stand 2022-01-25", "2022-01-25", "2022-01-25"),
    ("Am 25.1. trat er zurück.", "25.1.", "2022-01-25"),
    ("Am 25. Januar trat er zurück.", "25. Januar", "2022-01-25"),
    ("Am Montag, dem 24. Januar 2022, kam er.", "Montag, dem 24. Januar 2022", "2022-01-24"),
    ("Das Verfahren ruht seit dem März 2005.", "März 2005", "2005-03"),
    ("Samstag, 5. Februar, ab 10 Uhr", "Samstag, 5. Februar", "2022-02-05"),
    ("Am dritten Oktober 1990 war es so weit.", "dritten Oktober 1990", "1990-10-03"),
    ("Am 24. Dezember war er in Bern.", "24. Dezember", "2021-12-24"),
    ("Am 3. März soll sie kommen.", "3. März", "2022-03-03"),
    ("Am 24. Jan. 2022 kam er.", "24. Jan. 2022", "2022-01-24"),
    ("Am 12. August vorigen Jahres starb er.", "12. August vorigen Jahres", "2021-08-12"),
]
PERIODS = [
    ("Im Februar soll die Übung stattfinden.", "Februar", "2022-02"),
    ("Im Februar hatte er gewonnen.", "Februar", "2021-02"),
    ("Im November waren sie gescheitert.", "November", "2021-11"),
    ("Der im Jänner bevorstehende Amtsantritt", "Jänner", "2022-01"),
    ("Der Parteitag wird im Feber stattfinden.", "Feber", "2022-02"),
    ("Ende Dezember will sie kommen.", "Ende Dezember", "2022-12"),
    ("Er kam im August vergangenen Jahres.", "August vergangenen Jahres", "2021-08"),
    ("Er kam im vergangenen August.", "vergangenen August", "2021-08"),
    ("Er kommt im kommenden März.", "kommenden März", "2022-03"),
    ("Es begann im Oktober 2021.", "Oktober 2021", "2021-10"),
    ("Anfang 2022 war es so weit.", "Anfang 2022", "2022"),
    ("Zu Beginn des Jahres 2021 stieg die Zahl.", "Beginn des Jahres 2021", "2021"),
    ("Er kommt Mitte nächsten Jahres.", "Mitte nächsten Jahres", "2023"),
    ("Bis zum Monatsende ist Zeit.", "Monatsende", "2022-01"),
    ("Seit Jahresbeginn fehlt er.", "Jahresbeginn", "2022"),
    ("Anfang der Woche kam er an.", "Anfang der Woche", "2022-W04"),
    ("Kommende Woche reist er ab.", "Kommende Woche", "2022-W05"),
    ("Er kam Ende vergangener Woche.", "Ende vergangener Woche", "2022-W03"),
    ("Er reist übernächste Woche.", "übernächste Woche", "2022-W06"),
    ("Vorletztes Jahr war er da.", "Vorletztes Jahr", "2020"),
    ("Sie waren diese Woche in Wien.", "diese Woche", "2022-W04"),
    ("Im laufenden Jahr steigt die Zahl.", "laufenden Jahr", "2022"),
    ("Heuer fällt das Fest aus.", "Heuer", "2022"),
    ("Im Vorjahr fiel es aus.", "Vorjahr", "2021"),
    ("Am Wochenende gab es Proteste.", "Wochenende", "2022-W03-WE"),
    ("Am Wochenende wird es kalt.", "Wochenende", "2022-W04-WE"),
    ("Am kommenden Wochenende wird gewählt.", "kommenden Wochenende", "2022-W05-WE"),
    ("Im Sommer 2014 brach es aus.", "Sommer 2014", "2014-SU"),
    ("Im vergangenen Sommer war er da.", "vergangenen Sommer", "2021-SU"),
    ("Im Herbst des Jahres 2005 war er da.", "Herbst des Jahres 2005", "2005-FA"),
    ("Im Herbst wird gewählt.", "Herbst", "2022-FA"),
    ("Im Herbst wurde gewählt.", "Herbst", "2021-FA"),
    ("Im ersten Quartal stieg er.", "ersten Quartal", "2022-Q1"),
    ("Im dritten Quartal 2021 fiel er.", "dritten Quartal 2021", "2021-Q3"),
    ("In der zweiten Jahreshälfte wird es besser.", "der zweiten Jahreshälfte", "2022-H2"),
    ("in den 1960er-Jahren", "den 1960er-Jahren", "196"),
    ("Mitte der 1990er-Jahre", "Mitte der 1990er-Jahre", "199"),
    ("in den siebziger Jahren", "den siebziger Jahren", "197"),
    ("in den Achtzigerjahren", "den Achtzigerjahren", "198"),
    ("Anfang der Neunziger", "Anfang der Neunziger", "199"),
    ("im 19. Jahrhundert", "19. Jahrhundert", "18"),
    ("in der ersten Hälfte des 20. Jahrhunderts", "der ersten Hälfte des 20. Jahrhunderts", "19"),
    ("seit dem Jahr 2014", "dem Jahr 2014", "2014"),
    ("Zu Ostern 2021 blieb er.", "Ostern 2021", "2021-04-04"),
    ("An Pfingsten wird gefeiert.", "Pfingsten", "2022-06-05"),
    ("Am Karfreitag wird geschwiegen.", "Karfreitag", "2022-04-15"),
    ("An Silvester knallte es.", "Silvester", "2021-12-31"),
    ("Zum Jahreswechsel zog er um.", "Jahreswechsel", "2022-01-01"),
    ("Am zweiten Weihnachtstag schneite es.", "zweiten Weihnachtstag", "2021-12-26"),
    ("Am Heiligen Abend schneite es.", "Heiligen Abend", "2021-12-24"),
]
DURATIONS = [
    ("seit acht Jahren", "acht Jahren", "P8Y"),
    ("vor zwei Wochen", "zwei Wochen", "P2W"),
    ("in drei Tagen", "drei Tagen", "P3D"),
    ("zweiundzwanzig Jahre", "zweiundzwanzig Jahre", "P22Y"),
    ("anderthalb Stunden", "anderthalb Stunden", "PT1.5H"),
    ("dreieinhalb Jahre", "dreieinhalb Jahre", "P3.5Y"),
    ("ein halbes Jahr", "ein halbes Jahr", "P6M"),
    ("eine halbe Stunde", "eine halbe Stunde", "PT30M"),
    ("mehrere Monate lang", "mehrere Monate", "PXM"),
    ("ein paar Tage", "ein paar Tage", "PXD"),
    ("rund 20 Minuten", "rund 20 Minuten", "PT20M"),
    ("mehr als 1.000 Tage", "mehr als 1.000 Tage", "P1000D"),
    ("zwei Jahre und drei Monate", "zwei Jahre und drei Monate", "P2Y3M"),
    ("seit Jahrzehnten", "Jahrzehnten", "PXDE"),
    ("in den vergangenen zwei Jahren", "den vergangenen zwei Jahren", "P2Y"),
    ("in den letzten Monaten", "den letzten Monaten", "PXM"),
    ("die ersten beiden Wochen", "ersten beiden Wochen", "P2W"),
    ("dreissig Sekunden", "dreissig Sekunden", "PT30S"),
    ("zwei Verhandlungstage", "zwei Verhandlungstage", "P2D"),
    ("eine zweijährige Haft", "zweijährige", "P2Y"),
    ("jahrelange Verhandlungen", "jahrelange", "PXY"),
    ("eine 14-tägige Frist", "14-tägige", "P14D"),
    ("Er wartete ein Dreivierteljahr.", "ein Dreivierteljahr", "P9M"),
]
SETS = [
    ("Das geschieht täglich.", "täglich", "P1D"),
    ("ein jährliches Treffen", "jährliches", "P1Y"),
    ("Busse fahren stündlich.", "stündlich", "PT1H"),
    ("Sie tagen halbjährlich.", "halbjährlich", "P6M"),
    ("Sie tagen jeden Montag.", "jeden Montag", "XXXX-WXX-1"),
    ("Sie tagen montags.", "montags", "XXXX-WXX-1"),
    ("alle vier Jahre", "alle vier Jahre", "P4Y"),
    ("jeden zweiten Tag", "jeden zweiten Tag", "P2D"),
    ("zweimal im Jahr", "zweimal im Jahr", "P1Y"),
    ("500 Euro pro Monat", "pro Monat", "P1M"),
    ("jeden Abend", "jeden Abend", "XXXX-XX-XXTEV"),
]
TIMES = [
    ("Um 18.30 Uhr begann es.", "18.30 Uhr", "2022-01-26T18:30"),
    ("gegen 8 Uhr MEZ", "8 Uhr MEZ", "2022-01-26T08:00"),
    ("um 20:15 Uhr", "20:15 Uhr", "2022-01-26T20:15"),
    ("um sieben Uhr abends", "sieben Uhr abends", "2022-01-26T19:00"),
    ("um 6 Uhr früh", "6 Uhr früh", "2022-01-26T06:00"),
    ("um halb acht", "halb acht", "2022-01-26T07:30"),
    ("kurz nach Mitternacht", "Mitternacht", "2022-01-26T24:00"),
    ("Zu Mittag heulten die Sirenen.", "Mittag", "2022-01-26TMI"),
    ("Am Abend sprach er.", "Abend", "2022-01-26TEV"),
]
REFERENCES = [
    ("Er ist derzeit in Haft.", "derzeit", "PRESENT_REF"),
    ("Er war damals in Haft.", "damals", "PAST_REF"),
    ("Er wurde vor Kurzem entlassen.", "vor Kurzem", "PAST_REF"),
    ("Das soll in Zukunft besser werden.", "Zukunft", "FUTURE_REF"),
    ("In den kommenden Jahren wird es besser.", "den kommenden Jahren", "FUTURE_REF"),
    ("Im Moment ist es ruhig.", "Im Moment", "PRESENT_REF"),
    ("In letzter Zeit ist es ruhig.", "letzter Zeit", "PAST_REF"),
]


@pytest.mark.parametrize(
    ("text", "extent", "value"), [*DAYS, *PERIODS, *DURATIONS, *SETS, *TIMES, *REFERENCES]
)
def test_one_expression(text: str, extent: str, value: str) -> None:
    assert (extent, value) in read(text)
    others = [found for found in read(text) if found[0] != extent]
    assert all(found[1].startswith("2022-02-05T") for found in others), others


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seit acht Jahren", TimexType.DURATION),
        ("jeden Montag", TimexType.SET),
        ("am Montagabend", TimexType.TIME),
        ("im Januar 2022", TimexType.DATE),
    ],
)
def test_types(text: str, kind: TimexType) -> None:
    assert [time.type for time in find_times(text, WEDNESDAY, "de")] == [kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. bis 3. Mai 2021", [("1.", "2021-05-01"), ("3. Mai 2021", "2021-05-03")]),
        (
            "am 4. und 5. sowie am 11. Jänner",
            [("4.", "2022-01-04"), ("5.", "2022-01-05"), ("11. Jänner", "2022-01-11")],
        ),
        (
            "Von Montag bis Mittwoch wurde verhandelt.",
            [("Montag", "2022-01-24"), ("Mittwoch", "2022-01-26")],
        ),
        ("Januar bis März 2021", [("Januar", "2021-01"), ("März 2021", "2021-03")]),
        ("von 1997 bis 2006", [("1997", "1997"), ("2006", "2006")]),
        ("(1901-1977)", [("1901", "1901"), ("1977", "1977")]),
        ("sechs bis acht Monate", [("sechs", "P6M"), ("acht Monate", "P8M")]),
        (
            "am Dienstag von 14 bis 16.30 Uhr",
            [
                ("Dienstag", "2022-01-25"),
                ("14", "2022-01-25T14:00"),
                ("16.30 Uhr", "2022-01-25T16:30"),
            ],
        ),
        (
            "Um 14 Uhr am Freitag wird er sprechen.",
            [("14 Uhr", "2022-01-28T14:00"), ("Freitag", "2022-01-28")],
        ),
        (
            "Er kündigte am Montag an, am Freitag werde entschieden.",
            [("Montag", "2022-01-24"), ("Freitag", "2022-01-28")],
        ),
        (
            "Am 24. Februar 2021 kam er. Tags zuvor hatte er gesprochen. Drei Tage später ging er.",
            [
                ("24. Februar 2021", "2021-02-24"),
                ("Tags zuvor", "2021-02-23"),
                ("Drei Tage später", "2021-02-27"),
            ],
        ),
        (
            "Im März 2014 brach es aus. Zwei Jahre später war es vorbei.",
            [("März 2014", "2014-03"), ("Zwei Jahre später", "2016")],
        ),
        (
            "Im März 1988 fiel er, im April wurde er gewählt.",
            [("März 1988", "1988-03"), ("April", "1988-04")],
        ),
        (
            "Im März 1988 kam er, im April ging er, im Mai kam er wieder.",
            [("März 1988", "1988-03"), ("April", "1988-04"), ("Mai", "1988-05")],
        ),
        (
            "Am 30. Dezember war Schluss, am 3. Jänner geht es weiter.",
            [("30. Dezember", "2021-12-30"), ("3. Jänner", "2022-01-03")],
        ),
        (
            "Am Montag kam er an. Am Abend sprach er.",
            [("Montag", "2022-01-24"), ("Abend", "2022-01-24TEV")],
        ),
    ],
)
def test_several_expressions(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mai Thi und Theresa May kamen.",
        "Das sagte August Macke.",
        "Andrea Sommer und Herr Winter kamen.",
        "Sie gewannen 3:1 nach einem 0:2.",
        "Sie zählten rund 2000 Soldaten und 1.500 Mann.",
        "1999 Menschen kamen.",
        "Version 2.0.1 ist da.",
        "Tel. 0171 2345678",
        "Das kostet 2000 Euro oder 1800 Dollar.",
        "Das schrieb die «Welt am Sonntag».",
        "Er sagte der Bild am Sonntag, es reiche.",
        "Die Agenda 2030 und das System S-400",
        "Der 24-Jährige ist 1,90 Meter groß.",
        "Sie ist 32 Jahre alt.",
        "Ein Mann im Alter von 80 Jahren",
        "Er trug eine Uhr.",
        "der Dreißigjährige Krieg",
        "Artikel 2001, Nr. 1999",
        "Guten Morgen!",
        "Die U21-Auswahl verlor mit 2000er-Trikots.",
    ],
)
def test_no_time(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Um 1500 v. Chr. bebte dort die Erde.",
        "Im Jahr 1200 vor Christus war dort ein Hafen.",
        "Zwischen 1500 und 1400 v. Chr. entstand der Palast.",
    ],
)
def test_years_before_christ_have_no_value(text: str) -> None:
    assert {value for _, value in read(text)} == {""}


def test_month_precision_resolves_no_day() -> None:
    january = Published.on(2022, 1)
    assert read("Am Mittwoch, gestern und kommende Woche", january) == [
        ("Mittwoch", ""),
        ("gestern", ""),
        ("kommende Woche", ""),
    ]
    assert read("Im Februar soll es beginnen.", january) == [("Februar", "2022-02")]
    assert read("Im Vorjahr war es so.", january) == [("Vorjahr", "2021")]
    assert read("Tags zuvor war es so.", january) == [("Tags zuvor", "")]


def test_year_precision_resolves_no_month() -> None:
    assert read("Im Februar des Vorjahres und im März", Published.on(2022)) == [
        ("Februar des Vorjahres", "2021-02"),
        ("März", ""),
    ]


def test_undated_report_resolves_only_what_is_said() -> None:
    text = (
        "Am Montag um 18 Uhr, im Februar, heute, im Vorjahr, am 3. Mai 2014, 1999, seit acht Jahren"
    )
    assert [value for _, value in read(text, UNDATED)] == [
        "",
        "",
        "",
        "",
        "",
        "2014-05-03",
        "1999",
        "P8Y",
    ]


def test_minute_of_publication_counts_in_german_time() -> None:
    late = Published(datetime(2022, 1, 25, 23, 30, tzinfo=UTC), Precision.MINUTE)
    assert read("Gestern sprach er.", late) == [("Gestern", "2022-01-25")]


def test_evening_before_a_nightly_report_is_the_day_before() -> None:
    night = Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE)
    assert read("Bei einem Gespräch am Abend waren sich alle einig.", night) == [
        ("Abend", "2022-01-24TEV")
    ]


def test_capitals_are_read_like_other_words() -> None:
    assert read("BIS 27. FEBRUAR 2022") == [("27. FEBRUAR 2022", "2022-02-27")]


def test_impossible_dates_are_no_dates() -> None:
    assert read("am 31.02.2022 um 25.70 Uhr") == []


@pytest.mark.parametrize(
    ("day", "year"),
    [("Sonntag, 8. Januar,", 2017), ("Mittwoch, 8. Januar,", 1997), ("8. Januar", 1997)],
)
def test_a_weekday_tells_whether_a_day_is_of_the_year_told_of(day, year):
    text = f"Er, der von 1989 bis 1997 Präsident war, ist am {day} gestorben."
    found = dict(read(text, Published.on(2017, 1, 9)))
    assert found[day.rstrip(",")] == f"{year}-01-08"
