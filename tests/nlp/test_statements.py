"""Statements: what was said, by whom, on documents made by hand, without a model."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.nlp.document import Document, Entity, Token
from digests.nlp.statements import find_statements
from digests.types import ActorKind, Mention, MentionForm, Sentence, SpeechKind

_TOKEN = re.compile(r"\w+(?:[.-]\w+)*-?|(?<=\w)'(?:s|re|ve|ll|d|m)\b|[^\w\s]")
_CUT = re.compile(r"(?<=[.!?])[\"“”»«‘’]*\s+(?=[\"„“«»‚A-ZÄÖÜ])")
_KINDS = {"PER": ActorKind.PERSON, "ORG": ActorKind.ORGANISATION, "LOC": ActorKind.STATE}
NAMES = {
    "Anna Berger": "PER",
    "Berger": "PER",
    "Jonas Weber": "PER",
    "Weber": "PER",
    "Lina Vogt": "PER",
    "Vogt": "PER",
    "Nordland": "LOC",
    "Südland": "LOC",
    "Seestadt": "LOC",
    "Rotes Kreuz": "ORG",
    "Interpress": "ORG",
    "AFP": "ORG",
    "BBC": "ORG",
    "Mary Stone": "PER",
    "Stone": "PER",
    "Peter Hall": "PER",
    "Hall": "PER",
    "Northland": "LOC",
}


def make(text: str, language: str = "de", names: Mapping[str, str] = NAMES) -> Document:
    """A document with regular-expression tokens, naive sentences and the names given."""
    tokens = tuple(Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text))
    sentences = []
    for start, end in Document(text, language, (), (), ()).paragraphs():
        begin = start
        for cut in _CUT.finditer(text, start, end):
            sentences.append(Sentence(begin, cut.start() + len(cut[0].rstrip())))
            begin = cut.end()
        if begin < end:
            sentences.append(Sentence(begin, end))
    entities: list[Entity] = []
    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(name)}", text):
            if all(match.end() <= e.start or match.start() >= e.end for e in entities):
                entities.append(Entity(match.start(), match.end(), names[name]))
    ordered = tuple(sorted(entities, key=lambda entity: entity.start))
    return Document(text, language, tokens, tuple(sentences), ordered)


def mentions(document: Document) -> list[Mention]:
    """Every name as a mention of an actor with the name's last word as id."""
    return [
        Mention(e.start, e.end, _KINDS[e.label], document.text[e.start : e.end].split()[-1])
        for e in document.entities
    ]


def said(text: str, language: str = "de") -> list[tuple[str, str, str | None]]:
    """(kind, message with ' | ' between its ranges, speaker) of all statements."""
    document = make(text, language)
    return [
        (
            statement.kind.value,
            " | ".join(text[start:end] for start, end in statement.message),
            text[slice(*statement.speaker)] if statement.speaker else None,
        )
        for statement in find_statements(document, mentions(document))
    ]


D, I = "direct", "indirect"  # noqa: E741 - as short as the tables below need them

DIRECT = [
    (
        "„Wir bauen die Brücke“, sagte Anna Berger am Montag.",
        "„Wir bauen die Brücke“",
        "Anna Berger",
    ),
    ("«Wir bauen die Brücke», sagte Anna Berger.", "«Wir bauen die Brücke»", "Anna Berger"),
    ("»Wir bauen die Brücke«, sagte Anna Berger.", "»Wir bauen die Brücke«", "Anna Berger"),
    ('"Wir bauen die Brücke", sagte Anna Berger.', '"Wir bauen die Brücke"', "Anna Berger"),
    ("“Wir bauen die Brücke”, sagte Anna Berger.", "“Wir bauen die Brücke”", "Anna Berger"),
    ("‚Wir bauen die Brücke‘, sagte Anna Berger.", "‚Wir bauen die Brücke‘", "Anna Berger"),
    ("„Wir bauen die Brücke», sagte Anna Berger.", "„Wir bauen die Brücke»", "Anna Berger"),
    ("„Wer zahlt das?“, fragte Jonas Weber.", "„Wer zahlt das?“", "Jonas Weber"),
    ("„Wer zahlt das?“ fragte Jonas Weber.", "„Wer zahlt das?“", "Jonas Weber"),
    (
        "Anna Berger sagte: „Der Damm hält dem Wasser stand.“",
        "„Der Damm hält dem Wasser stand.“",
        "Anna Berger",
    ),
    ("Am Montag sagte Anna Berger: „Der Damm hält.“", "„Der Damm hält.“", "Anna Berger"),
    (
        "Der Zeitung sagte sie: „Der Damm hält dem Wasser stand.“",
        "„Der Damm hält dem Wasser stand.“",
        "sie",
    ),
    (
        "„Der Damm hält“, sagte Ministerin Anna Berger, „aber der Pegel steigt weiter.“",
        "„Der Damm hält“ | „aber der Pegel steigt weiter.“",
        "Ministerin Anna Berger",
    ),
    (
        "„Der Pegel steigt. Das Wasser kommt. Wir warten“, erklärte ein Sprecher der Feuerwehr.",
        "„Der Pegel steigt. Das Wasser kommt. Wir warten“",
        "ein Sprecher der Feuerwehr",
    ),
    ("„Der Damm hält“, so Anna Berger weiter.", "„Der Damm hält“", "Anna Berger"),
    ("„Der Damm ist alt“, heißt es in dem Gutachten.", "„Der Damm ist alt“", "dem Gutachten"),
    ("„Der Damm ist alt“, teilte die Gemeinde mit.", "„Der Damm ist alt“", "die Gemeinde"),
    (
        "„Der Damm ist alt“, zitierte die Agentur AFP den Bürgermeister.",
        "„Der Damm ist alt“",
        "den Bürgermeister",
    ),
    ("Jonas Weber nannte den Plan „völlig verfehlt“.", "„völlig verfehlt“", "Jonas Weber"),
    ("Jonas Weber bezeichnete den Plan als „Luftschloss“.", "„Luftschloss“", "Jonas Weber"),
    (
        "Jonas Weber sprach von einem „schwarzen Tag für die Stadt“.",
        "„schwarzen Tag für die Stadt“",
        "Jonas Weber",
    ),
    (
        "Der Vorsitzende des Vereins, Jonas Weber, erklärte: „Wir treten nicht an.“",
        "„Wir treten nicht an.“",
        "Der Vorsitzende des Vereins, Jonas Weber",
    ),
    (
        "„Das Lied ‚Am Ufer‘ gehört allen“, sagte Lina Vogt.",
        "„Das Lied ‚Am Ufer‘ gehört allen“",
        "Lina Vogt",
    ),
    ("„Der Damm hält“, freute sich Anna Berger.", "„Der Damm hält“", "Anna Berger"),
    ("„Der Damm hält“, beruhigte der Minister.", "„Der Damm hält“", "der Minister"),
    ("„Ja“, sagte er.\n\nDanach ging er.", "„Ja“", "er"),
    (
        "Als Begründung sagte ein Forscher: „Der Damm hält dem Wasser stand.“",
        "„Der Damm hält dem Wasser stand.“",
        "ein Forscher",
    ),
    (
        "Die Anwohner zogen zum Rathaus und skandierten Parolen wie „Rettet den Damm“.",
        "„Rettet den Damm“",
        "Die Anwohner",
    ),
    (
        "Ausdrücklich sagte der Verein: „Wir treten nicht an.“",
        "„Wir treten nicht an.“",
        "der Verein",
    ),
]


@pytest.mark.parametrize(("text", "message", "speaker"), DIRECT)
def test_direct_speech(text: str, message: str, speaker: str) -> None:
    assert said(text) == [(D, message, speaker)]


INDIRECT = [
    ("Anna Berger sagte, dass der Damm hält.", "dass der Damm hält", "Anna Berger"),
    (
        "Anna Berger sagte, der Damm halte dem Wasser stand.",
        "der Damm halte dem Wasser stand",
        "Anna Berger",
    ),
    (
        "Der Damm halte dem Wasser stand, sagte Anna Berger am Dienstag.",
        "Der Damm halte dem Wasser stand",
        "Anna Berger",
    ),
    ("Der Damm werde verstärkt, kündigte sie an.", "Der Damm werde verstärkt", "sie"),
    (
        "Man prüfe den Fall, teilte das Ministerium am Abend mit.",
        "Man prüfe den Fall",
        "das Ministerium",
    ),
    (
        "Anna Berger hatte im Mai erklärt, sie trete nicht mehr an.",
        "sie trete nicht mehr an",
        "Anna Berger",
    ),
    ("Die Regierung kündigte an, die Steuer zu senken.", "die Steuer zu senken", "Die Regierung"),
    (
        "Die Behörde rief die Bewohner auf, die Häuser zu verlassen.",
        "die Häuser zu verlassen",
        "Die Behörde",
    ),
    ("Wie die Polizei mitteilte, wurde niemand verletzt.", "wurde niemand verletzt", "die Polizei"),
    ("Niemand wurde verletzt, wie die Polizei mitteilte.", "Niemand wurde verletzt", "die Polizei"),
    ("Laut Polizei wurde niemand verletzt.", "wurde niemand verletzt", "Polizei"),
    ("Nach Angaben der Polizei wurde niemand verletzt.", "wurde niemand verletzt", "der Polizei"),
    ("Niemand wurde nach Angaben der Polizei verletzt.", "Niemand wurde | verletzt", "der Polizei"),
    ("Der Polizei zufolge wurde niemand verletzt.", "wurde niemand verletzt", "Der Polizei"),
    (
        "Die Brücke ist, so der Bürgermeister, bald fertig.",
        "Die Brücke ist | bald fertig",
        "der Bürgermeister",
    ),
    (
        "Nordland fing nach eigenen Angaben drei Schiffe ab.",
        "Nordland fing | drei Schiffe ab",
        "Nordland",
    ),
    (
        "In dem Bericht heißt es, die Brücke sei baufällig.",
        "die Brücke sei baufällig",
        "dem Bericht",
    ),
    (
        "Die Brücke sei baufällig, hieß es in dem Bericht.",
        "Die Brücke sei baufällig",
        "dem Bericht",
    ),
    ("Nordland dementiert, dass es solche Pläne gebe.", "dass es solche Pläne gebe", "Nordland"),
    (
        "Die Brücke, sagte Anna Berger, sei bald fertig.",
        "Die Brücke | sei bald fertig",
        "Anna Berger",
    ),
    (
        "Nordland warf Südland einen Bruch des Vertrags vor.",
        "Nordland warf Südland einen Bruch des Vertrags vor",
        "Nordland",
    ),
    (
        "Das Ministerium forderte den Abzug der Truppen aus Seestadt.",
        "Das Ministerium forderte den Abzug der Truppen aus Seestadt",
        "Das Ministerium",
    ),
    (
        "Der Minister, der seit Mai im Amt ist, sagte, die Lage sei ernst.",
        "die Lage sei ernst",
        "Der Minister",
    ),
    (
        "Anna Berger, Sprecherin der Gemeinde, sagte, die Lage sei ernst.",
        "die Lage sei ernst",
        "Anna Berger, Sprecherin der Gemeinde",
    ),
    (
        "Es bestehe keine Gefahr, sagte ein Sprecher des Ministeriums in Seestadt.",
        "Es bestehe keine Gefahr",
        "ein Sprecher des Ministeriums in Seestadt",
    ),
    ("Weber und Vogt hatten erklärt, dass sie bleiben.", "dass sie bleiben", "Weber und Vogt"),
    (
        "Zunächst müsse, wie Weber betonte, das Wasser sinken.",
        "Zunächst müsse | das Wasser sinken",
        "Weber",
    ),
    (
        "Südlands neuer Botschafter Jonas Weber sagte, er bleibe.",
        "er bleibe",
        "Südlands neuer Botschafter Jonas Weber",
    ),
    (
        "Die Zeitung hatte berichtet, Weber erwäge, mehr Boote zu kaufen.",
        "Weber erwäge, mehr Boote zu kaufen",
        "Die Zeitung",
    ),
    (
        "Im Jänner sagte der Landeshauptmann, es gehe aufwärts.",
        "es gehe aufwärts",
        "der Landeshauptmann",
    ),
    (
        "Jahrelang hat der Verband bestritten, dass die Boote undicht seien.",
        "dass die Boote undicht seien",
        "der Verband",
    ),
    (
        "Insgesamt meldete die Feuerwehr, acht Keller seien überflutet.",
        "acht Keller seien überflutet",
        "die Feuerwehr",
    ),
]


@pytest.mark.parametrize(("text", "message", "speaker"), INDIRECT)
def test_indirect_speech(text: str, message: str, speaker: str) -> None:
    assert said(text) == [(I, message, speaker)]


SEVERAL = [
    (
        "Die Lage sei „sehr ernst“, sagte Weber.",
        [(I, "Die Lage sei „sehr ernst“", "Weber"), (D, "„sehr ernst“", "Weber")],
    ),
    (
        "Die Lage sei ernst, sagte Weber. Der Pegel steige weiter. Man müsse warten.",
        [
            (I, "Die Lage sei ernst", "Weber"),
            (I, "Der Pegel steige weiter. Man müsse warten.", "Weber"),
        ],
    ),
    (
        "„Der Pegel steigt“, sagte Weber. „Wir müssen jetzt alle noch etwas warten.“",
        [
            (D, "„Der Pegel steigt“", "Weber"),
            (D, "„Wir müssen jetzt alle noch etwas warten.“", "Weber"),
        ],
    ),
    (
        "Weber sagte, die Lage sei ernst, und forderte die Bewohner auf, die Stadt zu verlassen.",
        [(I, "die Lage sei ernst", "Weber"), (I, "die Stadt zu verlassen", "Weber")],
    ),
    (
        "Weber sagte, das Boot sei weg. Vogt widersprach: „Das Boot liegt noch immer im Hafen.“",
        [(I, "das Boot sei weg", "Weber"), (D, "„Das Boot liegt noch immer im Hafen.“", "Vogt")],
    ),
    (
        'Das Gespräch sei "ein Zeichen der Nähe» der Partner, sagte Weber. '
        '«Es war nicht leicht, aber gut für uns."',
        [
            (I, 'Das Gespräch sei "ein Zeichen der Nähe» der Partner', "Weber"),
            (D, '"ein Zeichen der Nähe»', "Weber"),
            (D, '«Es war nicht leicht, aber gut für uns."', "Weber"),
        ],
    ),
    (
        "Die Brücke bleibt im Winter gesperrt. Das sagte der Bürgermeister am Montag.",
        [(I, "Die Brücke bleibt im Winter gesperrt", "der Bürgermeister")],
    ),
    (
        "Die Brücke sei alt, sagte Weber.\n\nDie Gemeinde sucht Geld.\n\n"
        "Man brauche Hilfe, sagte Vogt.",
        [(I, "Die Brücke sei alt", "Weber"), (I, "Man brauche Hilfe", "Vogt")],
    ),
    (
        "Die Brücke sei alt, sagte Weber. Die Anlieger wollen anstelle der Brücke eine Fähre.",
        [(I, "Die Brücke sei alt", "Weber")],
    ),
    (
        "„Wir kommen wieder, das ist sicher“, sagte Weber. Vogt schwieg. "
        "„Wir auch, das ist ebenso sicher“, sagte Berger.",
        [
            (D, "„Wir kommen wieder, das ist sicher“", "Weber"),
            (D, "„Wir auch, das ist ebenso sicher“", "Berger"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_several_statements(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(text) == expected


NOTHING = [
    "Die Brücke wurde im Mai gesperrt.",
    "Die sogenannte „Allianz der Ufer“ kam nach Seestadt.",
    "Der Film „Das lange Ufer“ lief in Seestadt.",
    "Die Übung „Blauer Himmel“ soll im Mai beginnen.",
    "Angaben zu den Schäden machte er nicht.",
    "Weber wollte sich nicht äußern.",
    "Weber sagte nicht, wann die Brücke fertig ist.",
    "Wenn er mehr Geld hätte, würde er ein Boot kaufen.",
    "Ich hätte gern ein Boot.",
    "Er bat um Wasser und bekam Wein.",
    "Sollte er gefragt werden, kommt er mit.",
    "Nach dem Regen kam die Sonne.",
    "Nach der Sitzung fuhr Weber nach Nordland.",
    "Die Zeitung „Der Bote“ wird in Seestadt gedruckt.",
    "Sein Boot heißt Berta.",
    "Es sei denn, der Regen hört auf.",
    "Die Lage ist ernst.",
    "Weber las das Buch „Der Fluss und seine Ufer“ in einer Nacht.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_statement(text: str) -> None:
    assert said(text) == []


ENGLISH = [
    (
        '"We will build the bridge," Mary Stone said on Monday.',
        [(D, '"We will build the bridge,"', "Mary Stone")],
    ),
    (
        "“We will build the bridge,” said Mary Stone.",
        [(D, "“We will build the bridge,”", "Mary Stone")],
    ),
    (
        '"The dam holds," said Peter Hall, the mayor of the town, "but the water is rising."',
        [(D, '"The dam holds," | "but the water is rising."', "Peter Hall, the mayor of the town")],
    ),
    ('Hall said: "I am tired of waiting."', [(D, '"I am tired of waiting."', "Hall")]),
    ("Mary Stone said that the dam would hold.", [(I, "that the dam would hold", "Mary Stone")]),
    ("The dam will hold, Mary Stone said.", [(I, "The dam will hold", "Mary Stone")]),
    ("The dam, Stone added, would hold.", [(I, "The dam | would hold", "Stone")]),
    (
        "Peter Hall, the mayor, told reporters that the dam was safe.",
        [(I, "that the dam was safe", "Peter Hall, the mayor")],
    ),
    ("According to the police, nobody was hurt.", [(I, "nobody was hurt", "the police")]),
    ("Nobody was hurt, according to the police.", [(I, "Nobody was hurt", "the police")]),
    (
        'The minister said the dam was "in bad shape".',
        [(I, 'the dam was "in bad shape"', "The minister"), (D, '"in bad shape"', "The minister")],
    ),
    (
        '"The dam holds well," Hall said. "We have nothing to fear from the river this year."',
        [
            (D, '"The dam holds well,"', "Hall"),
            (D, '"We have nothing to fear from the river this year."', "Hall"),
        ],
    ),
    ("The ministry did not say when it would reopen.", []),
    ('The film "The Long River" won a prize.', []),
    ("The river rose by two metres.", []),
    ("He would say nothing.", []),
    ("I would like to hear Mary Stone say that in public.", []),
    ("They let the minister explain his plan.", []),
    (
        "The council has met twice, and Stone said it's time to act.",
        [(I, "it's time to act", "Stone")],
    ),
    ("The council has met twice, but Stone said nothing.", []),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(text, "en") == expected


def statements(text: str, language: str = "de") -> list[tuple[str, str | None]]:
    """(message, actor) of all statements."""
    document = make(text, language)
    return [(text[s.start : s.end], s.actor) for s in find_statements(document, mentions(document))]


ACTORS = [
    ("Ministerin Anna Berger sagte: „Der Damm hält.“", ["Berger"]),
    ("Südlands Außenminister Jonas Weber sagte, es sei spät.", ["Weber"]),
    ("Webers Sprecherin Anna Berger sagte, es sei spät.", ["Berger"]),
    ("Jonas Weber, Berater von Anna Berger, sagte, es sei spät.", ["Weber"]),
    ("Nordland dementiert, dass es solche Pläne gebe.", ["Nordland"]),
    ("Ein Bewohner von Nordland sagte, es sei spät.", [None]),
    ("Ein Passant sagte, es sei spät.", [None]),
    ("Minister Jonas Weber kam. Er sagte, es sei spät.", ["Weber"]),
    ("Ministerin Anna Berger kam mit Minister Jonas Weber. Sie sagte, es sei spät.", ["Berger"]),
    ("Ministerin Anna Berger kam mit Minister Jonas Weber. Er sagte, es sei spät.", ["Weber"]),
    ("Jonas Weber traf Lina Vogt. Er sagte, es sei spät.", [None]),
    ("Die Brücke ist alt. Er sagte, es sei spät.", [None]),
    (
        "Außenminister Jonas Weber kam. Danach regnete es. Dann schneite es. Der Weg war weit. "
        "Der Minister sagte, es sei spät.",
        ["Weber"],
    ),
    ("Jonas Weber sagte, es sei spät. Es sei auch kalt.", ["Weber", "Weber"]),
    ("Laut Jonas Weber ist es spät.", ["Weber"]),
    ("Jonas Weber zufolge ist es spät.", ["Weber"]),
    ("Es sei spät, sagte Jonas Weber der Agentur AFP.", ["Weber"]),
    ("Es sei spät, sagte Jonas Weber nach dem Treffen.", ["Weber"]),
    ("Die Regierung von Nordland teilte mit, es sei spät.", ["Nordland"]),
    ("Nordland und Südland erklärten, es sei spät.", ["Nordland"]),
    ("Die „Interpress“ berichtete, es sei spät.", ["Interpress"]),
    ("Ein Sprecher von Interpress sagte, es sei spät.", ["Interpress"]),
    ("Jonas Weber schwieg. Die Anwälte Webers sagten, es sei spät.", [None]),
    ("Jonas Weber schwieg. Einige Anhänger Jonas Webers sagten, es sei spät.", [None]),
    ("Jonas Weber schwieg. Der Anwalt Weber sagte, es sei spät.", ["Weber"]),
]


@pytest.mark.parametrize(("text", "actors"), ACTORS)
def test_actor_of_the_speaker(text: str, actors: list[str | None]) -> None:
    assert [actor for _, actor in statements(text)] == actors


GOES_ON = [
    # Somebody else speaks in between, though not in words that are told.
    ("Die Werft äußerte Zweifel an dem Plan.", "Er sei zu teuer.", None),
    ("Am Freitag nahm dazu auch Ministerin Lina Vogt Stellung.", "Er sei zu teuer.", "Vogt"),
    ("Gegner des Plans verweisen auf den Hafen.", "Er sei zu teuer.", None),
    ("Der Plan wurde von Lina Vogt kritisiert.", "Er sei zu teuer.", "Vogt"),
    ("In dem Bericht der Stadt steht, dass der Damm alt ist.", "Er sei zu teuer.", None),
    # What is told of somebody is nothing they say.
    ("Lina Vogt soll davon gewusst haben.", "Er sei zu teuer.", None),
    ("Lina Vogt soll davon gewusst haben. Der Damm ist alt.", "Er sei zu teuer.", None),
    # A thing says nothing; who spoke before goes on, within the paragraph.
    ("In der Stadt ist kein Weg mehr offen.", "Er sei zu teuer.", "Weber"),
    ("Das Treffen fand danach am Hafen statt.", "Er sei zu teuer.", "Weber"),
    # A sentence that says whose words it holds.
    ("", "Vogt begegnet der Kritik mit dem Argument, der Damm sei neu.", "Vogt"),
    ("", "Für Lina Vogt sei der Damm alt.", "Vogt"),
]


@pytest.mark.parametrize(("between", "text", "actor"), GOES_ON)
def test_who_goes_on_after_what_stands_between(between: str, text: str, actor: str | None) -> None:
    before = "Jonas Weber sagte, die Lage sei ernst."
    assert statements(" ".join(filter(None, (before, between, text))))[-1][1] == actor


def test_nobody_goes_on_in_another_paragraph_behind_a_thing() -> None:
    text = (
        "Jonas Weber sagte, die Lage sei ernst.\n\n"
        "Das Treffen fand danach am Hafen statt. Der Plan sei zu teuer."
    )
    assert statements(text)[-1] == ("Der Plan sei zu teuer.", None)


def test_behind_a_medium_its_source_goes_on() -> None:
    text = (
        "Die Lage sei ernst, berichtet die Agentur AFP. Der Damm sei laut Jonas Weber alt. "
        "Er werde bald brechen."
    )
    assert statements(text)[-1] == ("Er werde bald brechen.", "Weber")


def test_what_is_spoken_of_is_no_part_of_who_speaks() -> None:
    text = "Am Abend sprach die Polizei von mehreren Tätern, dennoch blieb die Straße offen."
    assert [who for _, _, who in said(text)] == ["die Polizei"]


def test_a_number_of_people_is_no_part_of_the_source() -> None:
    text = "Der Sieg wurde laut BBC von rund 400 Leuten gefeiert."
    assert [who for _, _, who in said(text)] == ["BBC"]


def test_what_something_shows_is_not_said_by_who_spoke_before() -> None:
    text = "Jonas Weber sagte, es sei spät. Auf dem Plakat stand: „Wir wollen alle nach Hause.“"
    assert statements(text)[-1] == ("„Wir wollen alle nach Hause.“", None)


def test_an_article_does_not_point_back() -> None:
    text = "Der Hafen ist alt. Das 1938 erbaute Lager ist auf Kräne ausgerichtet."
    assert said(text) == []


def test_whom_a_second_verb_calls_upon_does_not_speak() -> None:
    text = (
        "Der Chef der Werft, Kurt Amsel, und Otto Birne, Sprecher der Lotsen, sprachen von einem "
        "„bösen Spiel“ und forderten Nordland auf, den Hafen zu öffnen."
    )
    assert "Nordland" not in [actor for _, actor in statements(text)]


def test_the_latter_is_not_who_spoke_before() -> None:
    text = "Jonas Weber sah Lina Vogt. „Der Damm hält dem Wasser stand“, so letztere."
    assert statements(text) == [("„Der Damm hält dem Wasser stand“", None)]


def test_of_a_count_the_one_who_gives_it_speaks() -> None:
    text = "Die Zahl der Opfer bezifferte die Agentur AFP mit 13."
    assert [who for _, _, who in said(text)] == ["die Agentur AFP"]


def test_english_pronoun_is_resolved() -> None:
    text = "Peter Hall came late. He said that the road was closed."
    assert statements(text, "en") == [("that the road was closed", "Hall")]


def test_resolved_pronoun_mention_is_taken() -> None:
    text = "Jonas Weber traf Lina Vogt. Er sagte, es sei spät."
    document = make(text)
    start = text.index("Er ")
    pronoun = Mention(start, start + 2, ActorKind.PERSON, "Weber", MentionForm.PRONOUN)
    found = find_statements(document, [*mentions(document), pronoun])
    assert [statement.actor for statement in found] == ["Weber"]


def test_an_apposition_between_wie_and_its_verb_belongs_to_the_speaker() -> None:
    text = "Wie der Leiter des Amtes, Jonas Weber, ausführte, sei der Damm alt."
    assert said(text) == [(I, "sei der Damm alt", "der Leiter des Amtes, Jonas Weber")]


def test_words_that_are_announced_and_gone_on_with_are_said_once() -> None:
    text = "Auch der Plan habe Methode, so Weber weiter: „Die Spitze hat keine Ahnung davon.“"
    quoted = [speaker for kind, _, speaker in said(text) if kind == D]
    assert quoted == ["Weber"]


def test_an_office_that_a_pipeline_takes_for_a_person_is_no_speaker() -> None:
    text = "Es gebe Sorgen, teilte Seestadt-Präsident Jonas Weber mit."
    document = make(text, names=NAMES | {"Seestadt-Präsident": "PER"})
    at = text.index("Seestadt")
    body = Mention(at, at + 8, ActorKind.ORGANISATION, "seestadt", MentionForm.ADJECTIVE)
    at = text.index("Jonas")
    speaker = Mention(at, at + 11, ActorKind.PERSON, "weber", MentionForm.NAME)
    found = find_statements(document, [body, speaker])
    assert [(text[s.start : s.end], s.actor) for s in found] == [("Es gebe Sorgen", "weber")]


def parts(text: str) -> tuple[str | None, str | None, str | None]:
    """Cue, addressee and medium of the one statement in ``text``."""
    (found,) = find_statements(make(text), ())

    def words(part: tuple[int, int] | None) -> str | None:
        return text[slice(*part)] if part else None

    return words(found.cue), words(found.addressee), words(found.via)


@pytest.mark.parametrize(
    ("text", "cue", "addressee", "via"),
    [
        ("Es sei spät, sagte Weber.", "sagte", None, None),
        ("Es sei spät, sagte Weber dem Sender BBC.", "sagte", "dem Sender BBC", "dem Sender BBC"),
        ("Es sei spät, sagte Weber gegenüber der Polizei.", "sagte", "der Polizei", None),
        (
            "Es sei spät, teilte Weber der Agentur AFP zufolge mit.",
            "teilte",
            None,
            "der Agentur AFP",
        ),
        ("„Es ist spät“, zitierte die Agentur AFP Weber.", "zitierte", None, "die Agentur AFP"),
        (
            "Weber wird von der Zeitung mit den Worten zitiert: „Es ist spät.“",
            "zitiert",
            None,
            "der Zeitung",
        ),
        ("Nach Angaben der Polizei ist es spät.", "Nach Angaben", None, None),
        ("Der Polizei zufolge ist es spät.", "zufolge", None, None),
    ],
)
def test_cue_addressee_and_medium(
    text: str, cue: str, addressee: str | None, via: str | None
) -> None:
    assert parts(text) == (cue, addressee, via)


def test_quotation_over_paragraphs_that_each_open_anew() -> None:
    text = (
        '"The river rose in the night and took the bridge.\n\n'
        '"We could do nothing," Mary Stone said.'
    )
    ((kind, message, speaker),) = said(text, "en")
    assert (kind, speaker) == (D, "Mary Stone")
    assert message.startswith('"The river')
    assert message.endswith('nothing,"')


def test_quotation_over_two_paragraphs_is_one() -> None:
    text = "„Der Fluss stieg in der Nacht.\n\nWir konnten nichts tun“, sagte Weber."
    assert said(text) == [(D, "„Der Fluss stieg in der Nacht.\n\nWir konnten nichts tun“", "Weber")]


def test_open_quotation_mark_swallows_nothing() -> None:
    text = "„Der Fluss steigt, sagte Weber.\n\n„Der Damm hält dem Wasser stand“, sagte Vogt."
    assert (D, "„Der Damm hält dem Wasser stand“", "Vogt") in said(text)


def test_the_title_says_nothing() -> None:
    text = "Weber fordert neue Brücke\n\nDer Fluss steigt."
    document = make(text)
    titled = Document(
        text, "de", document.tokens, document.sentences, document.entities, text.index("\n")
    )
    assert find_statements(titled, ()) == ()


def test_quoted_words_lie_inside_the_reported_ones() -> None:
    document = make("Die Lage sei „sehr ernst“, sagte Weber.")
    outer, inner = find_statements(document, ())
    assert (outer.kind, inner.kind) == (SpeechKind.INDIRECT, SpeechKind.DIRECT)
    assert outer.start <= inner.start < inner.end <= outer.end


_WORDS = """
Weber sagte sei habe dass , . : „ “ « » ‚ ‘ laut zufolge so wie teilte mit er sie
forderte zu gehen und nicht ( ) – der die Brücke wurde gefordert hat erklärt
zitierte AFP demnach das ! ? said that told the … ist
"""
_PIECES = st.sampled_from(
    [
        "Anna Berger",
        '"',
        "'",
        "nach Angaben",
        "der Polizei",
        "hieß es",
        "in dem Bericht",
        "\n\n",
        "according to",
        *_WORDS.split(),
    ]
)


@given(st.lists(_PIECES, max_size=40), st.sampled_from(["de", "en"]))
def test_any_words_give_sound_statements(pieces: list[str], language: str) -> None:
    document = make(" ".join(pieces), language)
    size = len(document.text)
    found = find_statements(document, mentions(document))
    for statement in found:
        assert statement.message
        previous = 0
        for start, end in statement.message:
            assert previous <= start < end <= size
            assert document.text[start:end].strip()
            previous = end
        for part in (statement.speaker, statement.cue, statement.addressee, statement.via):
            assert part is None or 0 <= part[0] < part[1] <= size
    order = [(statement.start, -statement.end) for statement in found]
    assert order == sorted(order)
    assert len(set(found)) == len(found)


@given(st.text(max_size=200), st.sampled_from(["de", "en", "fr"]))
def test_any_text_is_read(text: str, language: str) -> None:
    document = make(text, language, {})
    assert isinstance(find_statements(document, ()), tuple)


def test_reading_is_deterministic() -> None:
    document = make("Die Lage sei „sehr ernst“, sagte Weber. Man müsse warten.")
    assert find_statements(document, ()) == find_statements(document, ())


def test_an_empty_document_has_no_statements() -> None:
    assert find_statements(make(""), ()) == ()
