"""Events from sentences, mentions and times made by hand."""

from __future__ import annotations

from digests.nlp.events import find_events
from digests.nlp.times import find_times
from digests.types import (
    UNDATED,
    ActorKind,
    Event,
    Mention,
    PartialDate,
    Published,
    Sentence,
    SentenceKind,
)

REPORT = Published.on(2022, 1, 26)


def events(
    text: str,
    mentions: tuple[Mention, ...] = (),
    published: Published = REPORT,
    kind: SentenceKind = SentenceKind.PROSE,
) -> tuple[Event, ...]:
    sentences, start = [], 0
    for part in text.split("|"):
        sentences.append(Sentence(start, start + len(part), kind))
        start += len(part) + 1
    times = find_times(text, published, "de")
    return find_events(text, sentences, mentions, times, published)


def dates(text: str, published: Published = REPORT) -> list[str]:
    return [str(event.date) for event in events(text, published=published)]


def person(start: int, actor: str | None) -> Mention:
    return Mention(start, start + 5, ActorKind.PERSON, actor)


def test_a_dated_sentence_is_an_event_with_its_actors() -> None:
    text = "Putin traf Macron am Montag, Putin schwieg.|Biden sprach am 3. Mai 2021."
    mentions = (
        person(0, "wladimir-putin"),
        person(11, "emmanuel-macron"),
        person(30, "wladimir-putin"),
        person(36, None),
        person(44, "joe-biden"),
    )
    assert events(text, mentions) == (
        Event(0, 43, PartialDate(2022, 1, 24), ("wladimir-putin", "emmanuel-macron")),
        Event(44, 72, PartialDate(2021, 5, 3), ("joe-biden",)),
    )


def test_precision_follows_the_text() -> None:
    assert dates("Er kam 1999 an.") == ["1999"]
    assert dates("Er kam im Mai 1999 an.") == ["1999-05"]
    assert dates("Er kam am Montagabend an.") == ["2022-01-24"]
    assert dates("Um 18 Uhr kam er an.") == ["2022-01-26"]


def test_each_date_of_a_sentence_counts_once() -> None:
    assert dates("Er kam am Montag und ging am Dienstag, sagte sie am Montag.") == [
        "2022-01-24",
        "2022-01-25",
    ]


def test_a_period_gives_way_to_a_finer_date_in_it() -> None:
    assert dates("Im Jahr 2014, genauer am 18. März 2014, kam er an.") == ["2014-03-18"]
    assert dates("Im März 2014 und 2013 kam er an.") == ["2014-03", "2013"]


def test_no_event_without_a_calendar_date() -> None:
    assert dates("Seit acht Jahren kommt er jeden Montag, damals in den 1990er-Jahren.") == []
    assert dates("Kommende Woche, am Wochenende und im Sommer 2014 kam er.") == []
    assert dates("Er kam am Montag.", UNDATED) == []


def test_headings_and_fragments_tell_no_event() -> None:
    assert events("Wahl am Montag", kind=SentenceKind.HEADING) == ()
    assert events("am Montag in Genf.", kind=SentenceKind.FRAGMENT) == ()


def test_lines_of_publication_tell_no_event() -> None:
    assert dates("Wien Stand: 26.01.2022 07:15 Uhr") == []
    assert dates("Berlin, 26. Januar 2022.") == []
    assert dates("Am 26. Januar 2022 trat die Ministerin in Berlin zurück.") == ["2022-01-26"]


def test_nothing_comes_of_nothing() -> None:
    assert find_events("", (), (), (), REPORT) == ()


def test_damals_means_the_date_just_spoken_of() -> None:
    assert dates("Er ist stärker als 2014.|Damals ging er fort.") == ["2014", "2014"]
    assert dates("Er ist stärker als noch 2014.|Damals ging er fort.") == ["2014"]
    assert dates("Im Mai 2014 und 2015 kam er.|Er blieb.|Damals war er jung.") == [
        "2014-05",
        "2015",
        "2015",
    ]
    assert dates("2014 kam er.|Er blieb.|Und ging.|Damals war er jung.") == ["2014"]
    assert dates("Damals war er jung.") == []


def test_a_year_that_serves_as_a_measure_is_no_date_of_an_event() -> None:
    assert dates("Die Armee ist heute stärker als noch 2014.") == []
    assert dates("Als 2014 die Krim besetzt wurde, floh er.") == ["2014"]
    assert dates("Prices are higher than in 2014.") == []
