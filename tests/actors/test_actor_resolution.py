"""Names, offices and pronouns of hand-made documents resolved to actors."""

import pytest
from actor_documents import document
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import curated
from digests.actors import Catalogue, resolve
from digests.types import Actor, ActorKind, MentionForm, PartialDate

JANUARY_2022 = PartialDate(2022, 1, 20)
WHOLE = Catalogue(curated.load())


def read(marked, on=JANUARY_2022, catalogue=WHOLE, language="de"):
    """Text -> [(words, actor, form)], and the resolution itself."""
    doc = document(marked, language)
    found = resolve(doc, catalogue, on)
    words = [(doc.text[m.start : m.end], m.actor, m.form.value) for m in found.mentions]
    return words, found


def actors(marked, **options):
    """The actor of each mention, by its words, in order."""
    return [(word, actor) for word, actor, _ in read(marked, **options)[0]]


def offices(marked, **options):
    return [(o.actor, o.title) for o in read(marked, **options)[1].offices]


# Names.


def test_full_name_surname_and_genitive():
    assert actors("[Wladimir Putin|PER] sprach. [Putins|PER] Rede war kurz. [Putin|PER] ging.") == [
        ("Wladimir Putin", "wladimir-putin"),
        ("Putins", "wladimir-putin"),
        ("Putin", "wladimir-putin"),
    ]


def test_a_surname_needs_no_introduction_where_it_is_one_persons():
    assert actors("Das sagte [Selenski|PER] in Kiew.") == [
        ("Selenski", "wolodymyr-selenskyj"),
        ("Kiew", "kiew"),
    ]


@pytest.mark.parametrize(
    "spelling", ["Selenskyj", "Selenskij", "Selenski", "Zelensky", "Zelenskyy"]
)
def test_spellings_of_one_name(spelling):
    assert actors(f"[Wolodymyr {spelling}|PER] kam.") == [
        (f"Wolodymyr {spelling}", "wolodymyr-selenskyj")
    ]


def test_a_middle_name_is_no_other_person():
    assert actors("[Wladimir Wladimirowitsch Putin|PER] kam.")[0][1] == "wladimir-putin"


def test_another_first_name_is_another_person():
    words, found = read("[Nikolai Lawrow|PER] singt. [Lawrow|PER] ist Tenor.")
    assert [actor for _, actor, _ in words] == ["nikolai-lawrow", "nikolai-lawrow"]
    assert [actor.name for actor in found.new_actors] == ["Nikolai Lawrow"]


@pytest.mark.parametrize("address", ["Frau", "Herr", "Dr."])
def test_an_address_alone_is_nobody_s_name(address):
    words, found = read(f"Er rief: „[{address}|PER] Quastenberg kommt!“ Eine Frau stand dabei.")
    assert (words, found.new_actors) == ([], ())


def test_a_person_named_like_a_place():
    assert actors("[Paris Hilton|PER] tanzte in [Paris|LOC].") == [
        ("Paris Hilton", "paris-hilton"),
        ("Paris", "paris"),
    ]


def test_a_longer_name_of_an_organisation_holds_a_place():
    assert ("Universität Moskau", "universitaet-moskau") in actors(
        "Die [Universität Moskau|ORG] schwieg."
    )


def test_an_agency_beside_a_person_is_cut_off():
    assert actors("So zitierte [TASS Peskow|PER] am Mittwoch.") == [
        ("TASS", "tass"),
        ("Peskow", "dmitri-peskow"),
    ]


def test_the_long_name_of_an_organisation():
    text = (
        "Die [Organisation für Sicherheit|ORG] und Zusammenarbeit in [Europa|LOC] ([OSZE|ORG]) "
        "tagt."
    )
    assert actors(text) == [
        ("Organisation für Sicherheit und Zusammenarbeit in Europa", "osze"),
        ("OSZE", "osze"),
    ]


@pytest.mark.parametrize("case", ["Das Weiße Haus", "Im Weißen Haus", "des Weißen Hauses"])
def test_names_in_every_case(case):
    assert [actor for _, actor in actors(f"{case} schwieg.")] == ["weisses-haus"]


def test_acronyms_count_as_they_are_written():
    assert actors("Die WHO warnt. Who cares? Die Nato und die NATO.") == [
        ("WHO", "who"),
        ("Nato", "nato"),
        ("NATO", "nato"),
    ]


def test_capitals_throughout():
    assert actors("LAWROW DROHT DEM WESTEN") == [("LAWROW", "sergej-lawrow")]


def test_first_parts_of_compounds():
    words, _ = read("Die US-Regierung und NATO-Truppen im Ukraine-Konflikt.")
    assert words == [
        ("US", "usa", "adjective"),
        ("NATO", "nato", "adjective"),
        ("Ukraine", "ukraine", "adjective"),
    ]


def test_adjectives_mean_the_state():
    words, _ = read(
        "Die russische Regierung und saudi-arabische Firmen. Ukrainische Soldaten in der "
        "Schweizer Stadt."
    )
    assert words == [
        ("russische", "russland", "adjective"),
        ("saudi-arabische", "saudi-arabien", "adjective"),
        ("Ukrainische", "ukraine", "adjective"),
        ("Schweizer", "schweiz", "adjective"),
    ]


def test_people_of_a_state_are_not_the_state():
    assert actors("Viele Russen und die Deutschen sprechen Deutsch.") == []


def test_seats_stand_for_states_but_keep_apart():
    words, _ = read("Moskau dementiert. In Moskau schneit es. Der Kreml schweigt.")
    assert words == [
        ("Moskau", "moskau", "metonym"),
        ("Moskau", "moskau", "name"),
        ("Kreml", "kreml", "metonym"),
    ]


# Ordinary words.


def test_ordinary_words_are_no_names():
    text = (
        "Die Zeit drängt. Das Bild der Welt im Spiegel. Kurz vor dem Treffen ging der Stern "
        "auf. Das Blinken störte."
    )
    assert actors(text) == []


def test_papers_are_known_by_marks_labels_and_nouns():
    text = (
        "Die „Bild“ und der «Spiegel» berichten. Das sagte er der [Zeit|ORG]. Die Zeitung "
        "Times schrieb es."
    )
    assert [actor for _, actor in actors(text)] == ["bild", "spiegel", "die-zeit", "times"]


def test_ordinary_words_in_compounds_are_no_papers():
    assert actors("Ein Standard-Gerät im Bild-Format und ein Zeit-Plan.") == []
    assert actors("Der Spiegel-Bericht und die Bild-Zeitung.") == [
        ("Spiegel", "spiegel"),
        ("Bild-Zeitung", "bild"),
    ]


def test_kurz_the_chancellor_and_kurz_the_adverb():
    text = "[Sebastian Kurz|PER] kam. Kurz vor Mitternacht ging [Kurz|PER]. Dann rief Kurz an."
    assert actors(text) == [
        ("Sebastian Kurz", "sebastian-kurz"),
        ("Kurz", "sebastian-kurz"),
        ("Kurz", "sebastian-kurz"),
    ]


def test_a_surname_that_is_a_word_counts_behind_the_german_an_but_not_behind_an_article():
    text = "[Antony Blinken|PER] kam. Man appellierte an Blinken, nachzugeben. Ein Blinken half."
    assert actors(text) == [("Antony Blinken", "antony-blinken"), ("Blinken", "antony-blinken")]


def test_a_surname_that_is_a_word_is_the_subject_of_an_auxiliary_verb():
    text = "[Sebastian Kurz|PER] kam. Kurz habe ihn gebeten. Kurz war es still. Kurz ist die Frist."
    assert actors(text) == [("Sebastian Kurz", "sebastian-kurz"), ("Kurz", "sebastian-kurz")]


@pytest.mark.parametrize(
    "noun", ["Deeskalation", "Volksrepubliken", "Sicherheit", "Ungleichheiten", "Motto", "MESZ"]
)
def test_common_nouns_are_no_places_or_bodies_whatever_the_pipeline_says(noun):
    assert actors(f"Er rief zur [{noun}|LOC] auf. Sie wollen [{noun}|ORG].") == []
    assert [actor for _, actor in actors("Am [Seestadtwald|LOC] brannte es.")] == ["seestadtwald"]


def test_a_surname_within_another_name_is_no_person():
    assert actors("Die Scholz Holding und das Kennedy Space Center.") == []


# Two of one name.


def test_two_klitschkos():
    text = (
        "[Vitali Klitschko|PER], der Bürgermeister von Kiew, war da.\n\n"
        "Sein Bruder [Wladimir Klitschko|PER] kam nach. Bürgermeister [Klitschko|PER] sprach. "
        "Dann war Ruhe. Alle gingen. [Klitschko|PER] blieb."
    )
    people = [pair for pair in actors(text) if "Klitschko" in pair[0]]
    assert people == [
        ("Vitali Klitschko", "vitali-klitschko"),
        ("Wladimir Klitschko", "wladimir-klitschko"),
        ("Klitschko", "vitali-klitschko"),
        ("Klitschko", None),
    ]


def test_the_one_named_just_before_is_meant():
    text = (
        "[Vitali Klitschko|PER] sprach. [Klitschko|PER] rief. Stille. Alle warteten. [Wladimir "
        "Klitschko|PER] kam. [Klitschko|PER] lachte."
    )
    assert [actor for _, actor in actors(text)] == [
        "vitali-klitschko",
        "vitali-klitschko",
        "wladimir-klitschko",
        "wladimir-klitschko",
    ]


def test_michelle_and_barack():
    text = (
        "[Michelle Obama|PER] und [Barack Obama|PER] kamen. Frau [Obama|PER] sprach. "
        "[Obama|PER] schwieg."
    )
    assert [actor for _, actor in actors(text)] == [
        "michelle-obama",
        "barack-obama",
        "michelle-obama",
        None,
    ]


def test_an_office_picks_the_person():
    assert (
        actors("US-Präsident [Biden|PER] kam. Sein Sohn [Hunter Biden|PER] blieb.")[1][1]
        == "joe-biden"
    )


def test_another_calling_is_another_person():
    assert actors("Trainer [Scholz|PER] lobte die Elf.") == [("Scholz", "scholz")]


# Unknown names.


def test_unknown_names_become_actors_in_the_nominative():
    text = (
        "[Hanna Bergers|PER] Nachfolger [Johannes Rau|PER] traf [Laurens Voss|PER] in "
        "[Kleinkleckersdorf|LOC]."
    )
    _, found = read(text)
    assert [(actor.id, actor.name, actor.kind) for actor in found.new_actors] == [
        ("hanna-berger", "Hanna Berger", ActorKind.PERSON),
        ("johannes-rau", "Johannes Rau", ActorKind.PERSON),
        ("kleinkleckersdorf", "Kleinkleckersdorf", ActorKind.PLACE),
        ("laurens-voss", "Laurens Voss", ActorKind.PERSON),
    ]


def test_a_bare_unknown_surname_needs_the_label():
    assert actors("[Heberer|PER] sprach. Heberlein nicht.") == [("Heberer", "heberer")]


def test_an_acronym_in_brackets_means_the_long_name():
    words, found = read(
        "Die [Deutschen Umwelthilfe|ORG] (DUH) klagt. Die DUH und ihr DUH-Anwalt kamen."
    )
    assert {actor for _, actor, _ in words} == {"deutsche-umwelthilfe"}
    assert len(words) == 4
    assert found.new_actors == (
        Actor("deutsche-umwelthilfe", "Deutsche Umwelthilfe", ActorKind.ORGANISATION, ("DUH",)),
    )


def test_a_mislabelled_surname_is_mended():
    text = "[Hanno Berger|PER] warnte. [Berger|LOC] lebt in Bonn. Dann ging Berger."
    assert [actor for word, actor in actors(text) if "Berger" in word] == ["hanno-berger"] * 3


@pytest.mark.parametrize(
    "noise",
    [
        "[Krisenzeiten|ORG]",
        "[S-400|ORG]",
        "[Mittwoch|LOC]",
        "[Verteidigungsministerium|ORG]",
        "[regierung|ORG]",
        "[2022|ORG]",
    ],
)
def test_noise_is_no_actor(noise):
    assert actors(f"Das war {noise} dort.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Der Preis für [Erdgas|PER] steigt.",
        "Alle riefen „[Zugabe|PER]“, und das Licht ging an.",
        "Sie warnte: „[Bloß|LOC] kein Streit.“",
        "„[Unsinn|ORG]“, rief jemand.",
        "Gesucht werden [Räuber|PER] mit Masken.",
        "[Förster|PER] sagten, der Wald leide.",
        "Ein verhörter [Schlosser|PER] schweigt. Dem [Schlosser|PER] droht Haft.",
        "Er warf mit einem selbstgebauten [Kracher|PER] um sich.",
        "[Betrübt|PER] äußerte sich auch der Bürgermeister.",
        "[Wütend|PER] verließ er den Saal.",
        "[Leise|PER] war es, und leise blieb es.",
        "Die [Ellwanger|PER] Bürgermeisterin Anna Huth kam. Eine [Ellwanger|PER] sang.",
        "Das meldete [ZKDF|PER] am Abend.",
        "Beim Hersteller [Vogtner|PER] wird gestreikt.",
        "Überzeugte [Huberanhänger|PER] klatschten.",
        "Die [Erna-Huth-Stiftung|PER] gab Geld.",
        "Laut [heute.example.de|PER] regnet es.",
    ],
)
def test_an_ordinary_word_is_no_person_whatever_the_pipeline_says(text):
    assert [actor for _, actor in actors(text) if actor] == []


@pytest.mark.parametrize(
    "text",
    [
        "[Schlosser|PER] sagte, der Wald leide.",
        "Das erklärte [Schlosser|PER] am Abend.",
        "Der Angeklagte [Schlosser|PER] schweigt.",
        "Der alte [Schlosser|PER] schweigt. Später ging [Schlosser|PER] nach Hause.",
        "Sie wollten [Schlosser|PER] sehen.",
        "[Schlosser|PER] äußerte sich am Abend.",
        "Ein Schloss ist leise. Das sagte [Leise|PER] dazu und [Schlosser|PER] auch.",
    ],
)
def test_a_surname_that_may_be_a_word_stays_a_person(text):
    assert "schlosser" in [actor for _, actor in actors(text)]


def test_of_an_owner_and_the_owned_only_the_owner_is_a_name():
    text = "[Hanno Berger|PER] kam. [Bergers Schwager|PER] nicht."
    assert actors(text) == [("Hanno Berger", "hanno-berger"), ("Bergers", "hanno-berger")]
    assert [word for word, _ in actors("[Andreas Krug|PER] und [Jens Krug|PER] kamen.")] == [
        "Andreas Krug",
        "Jens Krug",
    ]


def test_miscellaneous_names_are_ignored():
    assert actors("Im [Normandie-Format|MISC] wird geredet.") == []


def test_what_the_store_knows_is_found_without_a_label(shipped):
    catalogue = Catalogue(shipped, [Actor("hanna-berger", "Hanna Berger", ActorKind.PERSON)])
    assert actors("Da kam Hanna Berger.", catalogue=catalogue) == [("Hanna Berger", "hanna-berger")]


def test_ids_do_not_depend_on_the_order_of_reports(shipped):
    first = read("[Anna Muster|PER] kam.", catalogue=Catalogue(shipped))[1].new_actors
    second = read(
        "Gestern kam [Anna Muster|PER]. [Musters|PER] Wagen.", catalogue=Catalogue(shipped)
    )[1].new_actors
    assert first == second


def test_double_surnames():
    text = "[Silvana Koch-Mehrin|PER] kam. [Koch-Mehrin|PER] sprach, Koch-Mehrins Büro schwieg."
    assert [actor for _, actor in actors(text)] == ["silvana-koch-mehrin"] * 3


def test_the_store_may_know_a_surname_alone(shipped):
    catalogue = Catalogue(shipped, [Actor("heberer", "Heberer", ActorKind.PERSON)])
    assert actors("[Heberer|PER] sprach.", catalogue=catalogue) == [("Heberer", "heberer")]
    (known,) = read("[Ina Heberer|PER] sprach.", catalogue=catalogue)[1].new_actors
    assert known.id == "ina-heberer"


def test_an_organisation_called_a_place_once_is_one_actor():
    words, found = read("Die [Stratfor|ORG] klagt. Bei [Stratfor|LOC] schweigt man.")
    assert {actor for _, actor, _ in words} == {"stratfor"}
    assert len(found.new_actors) == 1


# Offices beside names.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russlands Außenminister [Sergej Lawrow|PER] kam.",
            ("sergej-lawrow", "Russlands Außenminister"),
        ),
        (
            "Er traf den russischen Präsidenten [Wladimir Putin|PER].",
            ("wladimir-putin", "russischer Präsident"),
        ),
        (
            "Der Vorsitzende der [Münchner Sicherheitskonferenz|ORG], [Wolfgang "
            "Ischinger|PER], sprach.",
            ("wolfgang-ischinger", "Vorsitzender der Münchner Sicherheitskonferenz"),
        ),
        (
            "[Christoph Heusgen|PER], ehemaliger Berater von [Angela Merkel|PER], kam.",
            ("christoph-heusgen", "ehemaliger Berater von Angela Merkel"),
        ),
        (
            "Das sagte der deutsche Regierungssprecher [Steffen Hebestreit|PER].",
            ("steffen-hebestreit", "deutscher Regierungssprecher"),
        ),
        (
            "EU-Kommissionschefin [Ursula von der Leyen|PER] kam.",
            ("ursula-von-der-leyen", "EU-Kommissionschefin"),
        ),
        (
            "Duma-Präsident [Wjatscheslaw Wolodin|PER] kam.",
            ("wjatscheslaw-wolodin", "Duma-Präsident"),
        ),
        ("Biontech-Chef [Ugur Sahin|PER] kam.", ("ugur-sahin", "Biontech-Chef")),
        (
            "Der Gouverneur der Region Charkiw, [Oleh Synjehubow|PER], kam.",
            ("oleh-synjehubow", "Gouverneur der Region Charkiw"),
        ),
        ("Da sprach Kremlsprecher [Dmitri Peskow|PER].", ("dmitri-peskow", "Kremlsprecher")),
        (
            "[Ignazio Cassis|PER], der Schweizer Aussenminister, kam.",
            ("ignazio-cassis", "Schweizer Aussenminister"),
        ),
        ("Der Präsident der USA [Joe Biden|PER] kam.", ("joe-biden", "Präsident der USA")),
    ],
)
def test_offices_in_apposition(text, expected):
    assert expected in offices(text)


def test_the_words_of_an_office_are_a_range_of_the_text():
    doc = document("Gestern traf [Anna Muster|PER] den neuen US-Präsidenten [Joe Biden|PER].")
    (office,) = resolve(doc, WHOLE, JANUARY_2022).offices
    assert doc.text[office.start : office.end] == "neuen US-Präsidenten"
    assert office.title == "neuer US-Präsident"


def test_two_offices_of_one_person():
    text = "Wirtschaftsminister und Vizekanzler [Robert Habeck|PER] kam."
    assert offices(text) == [
        ("robert-habeck", "Wirtschaftsminister"),
        ("robert-habeck", "Vizekanzler"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sein Bruder [Anton Muster|PER] kam.",
        "Der Stellvertreter von Minister [Anton Muster|PER] kam nicht, [Berta Muster|PER] schon.",
        "Da kam darunter [Anton Muster|PER].",
    ],
)
def test_what_is_no_office_of_the_person(text):
    assert ("anton-muster", "Stellvertreter von Minister") not in offices(text)
    assert all("Bruder" not in title for _, title in offices(text))


def test_a_spokesman_of_someone_is_not_that_person():
    text = "Ein Sprecher Putins schwieg. Der Sprecher [Mustermanns|PER] auch. [Mustermann|PER] kam."
    assert offices(text) == []


def test_marks_are_no_part_of_an_office():
    text = "Der Geschäftsführer von „[Ener1|ORG]“, [Anton Muster|PER], kam."
    assert offices(text) == [("anton-muster", "Geschäftsführer von Ener1")]


def test_the_article_tells_the_gender_of_a_word_for_both():
    assert offices("Die FDP-Abgeordnete [Silvana Muster|PER] kam.") == [
        ("silvana-muster", "FDP-Abgeordnete")
    ]
    assert offices("Der FDP-Abgeordnete [Anton Muster|PER] kam.") == [
        ("anton-muster", "FDP-Abgeordneter")
    ]


def test_verbs_before_an_office_are_no_part_of_it():
    assert offices(
        "Das erklärte Außenminister [Sergej Lawrow|PER], darunter Bundespräsident "
        "[Frank-Walter Steinmeier|PER]."
    ) == [
        ("sergej-lawrow", "Außenminister"),
        ("frank-walter-steinmeier", "Bundespräsident"),
    ]


# Offices alone.


def roles(marked, **options):
    return [(word, actor) for word, actor, form in read(marked, **options)[0] if form == "role"]


def test_offices_alone_by_list_and_date():
    text = (
        "Der Kremlchef traf den US-Präsidenten. Die deutsche Außenministerin und der "
        "Bundeskanzler fehlten."
    )
    assert roles(text) == [
        ("Kremlchef", "wladimir-putin"),
        ("Präsidenten", "joe-biden"),
        ("Außenministerin", "annalena-baerbock"),
        ("Bundeskanzler", "olaf-scholz"),
    ]


def test_the_same_words_at_another_date():
    text = "Der US-Präsident und der Bundeskanzler telefonierten."
    assert roles(text, on=PartialDate(2025, 6)) == [
        ("Präsident", "donald-trump"),
        ("Bundeskanzler", "friedrich-merz"),
    ]


def test_without_a_date_only_the_document_speaks():
    assert roles("Der US-Präsident sprach.", on=None) == []
    assert roles("[Joe Biden|PER] kam. Der US-Präsident sprach.", on=None) == [
        ("Präsident", "joe-biden")
    ]


def test_in_a_month_of_change_nobody_is_guessed():
    assert roles("Der Bundeskanzler sprach.", on=PartialDate(2025, 5)) == []


def test_an_office_named_before_is_meant_again():
    text = (
        "Nato-Generalsekretär [Jens Stoltenberg|PER] kam. Der Generalsekretär sprach. "
        "Der estnische Verteidigungsminister [Anton Muster|PER] auch. Der Minister lachte."
    )
    assert roles(text) == [("Generalsekretär", "jens-stoltenberg"), ("Minister", "anton-muster")]


def test_of_two_ministers_none_is_guessed():
    text = (
        "Außenminister [Anton Muster|PER] und Innenminister [Bruno Beispiel|PER] kamen. Der "
        "Minister lachte."
    )
    assert roles(text) == []


def test_the_chancellor_in_vienna():
    text = "Kanzler [Karl Nehammer|PER] sprach in Wien. Der Bundeskanzler lachte."
    assert roles(text) == [("Bundeskanzler", "karl-nehammer")]


@pytest.mark.parametrize(
    "text",
    [
        "Ein Präsident kam.",
        "Die Präsidenten sprachen.",
        "Er sprach mit den Präsidenten der USA und Russlands.",
        "Das Amt des Bundeskanzlers ist begehrt.",
        "Er wurde zum Bundeskanzler gewählt.",
        "Der frühere US-Präsident kam.",
        "Die Briefe der Chefs kamen an.",
        "Der Chef der SPD-Fraktion kam.",
        "Der Minister kam.",
    ],
)
def test_roles_that_mean_nobody_certain(text):
    assert roles(text) == []


def test_the_designated_one_is_the_one_just_named():
    text = "Es siegte [Donald Trump|PER]. Der designierte Staatschef jubelte."
    assert roles(text, on=PartialDate(2024, 11)) == [("Staatschef", "donald-trump")]


# Pronouns.


def said(marked, **options):
    return [(word, actor) for word, actor, form in read(marked, **options)[0] if form == "pronoun"]


def test_pronouns_of_the_subject_before():
    text = "Außenminister [Sergej Lawrow|PER] reiste nach Genf. Er hoffe auf Frieden, sagte er."
    assert said(text) == [("Er", "sergej-lawrow"), ("er", "sergej-lawrow")]


def test_women_and_men():
    text = (
        "[Annalena Baerbock|PER] traf [Sergej Lawrow|PER]. Sie sagte, das sei gut. Er mahnte "
        "zur Ruhe."
    )
    assert said(text) == [("Sie", "annalena-baerbock"), ("Er", "sergej-lawrow")]


@pytest.mark.parametrize(
    "text",
    [
        "[Wladimir Putin|PER] und [Joe Biden|PER] kamen. Er lachte.",
        "Die Ukraine wehrt sich. Sie sieht das anders.",
        "[Angela Merkel|PER] kam. Sie hätten gewartet, hieß es.",
        "Das Treffen mit [Joe Biden|PER] war kurz. «Er ist alt», hieß es.",
        "Der Winter kam. Er war kalt.",
    ],
)
def test_pronouns_that_are_left_alone(text):
    assert said(text) == []


def test_a_speaker_goes_on_through_reported_speech():
    text = (
        "Das Treffen sei gut gewesen, sagte [Sergej Lawrow|PER]. Russland habe gewartet. Er "
        "hoffe auf mehr."
    )
    assert said(text) == [("Er", "sergej-lawrow")]


# English.


def test_english():
    text = (
        "Russian President [Vladimir Putin|PER] met U.S. President [Joe Biden|PER]. "
        "Putin's spokesman [Dmitry Peskov|PER] was there. The Russian president left. "
        "[Angela Merkel|PER], the German chancellor, stayed. She thanked Biden."
    )
    words, found = read(text, on=PartialDate(2021, 6, 16), language="en")
    assert ("president", "wladimir-putin", "role") in words
    assert ("She", "angela-merkel", "pronoun") in words
    assert ("Biden", "joe-biden", "name") in words
    assert [(office.actor, office.title) for office in found.offices] == [
        ("wladimir-putin", "Russian President"),
        ("joe-biden", "U.S. President"),
        ("dmitri-peskow", "Putin's spokesman"),
        ("angela-merkel", "German chancellor"),
    ]


# What always holds.

_NAMES = [
    "[Wladimir Putin|PER]",
    "[Lawrow|PER]",
    "[Biden|PER]",
    "[TASS Peskow|PER]",
    "[Anna Muster|PER]",
    "[NATO|ORG]-Chef",
    "[Foo|MISC]",
    "[Universität Moskau|ORG]",
    "[Deutsche Umwelthilfe|ORG] (DUH)",
]
_WORDS = (
    "Putins Der Kremlchef US-Präsident er Sie sagte , . Russlands russische (OSZE) „Bild“ Kurz "
    "Musters und des Außenministerin die Vorsitzende der SPD von Moskau ! « » DUH Genossin"
)
_PIECES = st.lists(st.sampled_from([*_NAMES, *_WORDS.split(), "\n\n"]), max_size=25)


@given(_PIECES)
@settings(max_examples=200, deadline=None)
def test_mentions_are_sorted_apart_and_known(pieces):
    doc = document(" ".join(pieces))
    found = resolve(doc, WHOLE, JANUARY_2022)
    end = 0
    new = {actor.id: actor for actor in found.new_actors}
    for mention in found.mentions:
        assert end <= mention.start < mention.end <= len(doc.text)
        end = mention.end
        if mention.actor is None:
            assert mention.form is MentionForm.NAME
        else:
            actor = new.get(mention.actor) or WHOLE.get(mention.actor)
            assert actor.kind is mention.kind
    assert all(WHOLE.get(actor_id) is None for actor_id in new)
    assert all(doc.text[office.start : office.end].strip() for office in found.offices)
    assert found == resolve(doc, WHOLE, JANUARY_2022)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text):
    resolve(document(text.replace("[", "").replace("]", "")), WHOLE, None)
