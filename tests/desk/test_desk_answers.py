"""Answers from a real archive: searches with filters, cards, statements."""

import pytest

from bot.commands import Caller, answer
from bot.texts import Texts
from digests.desk import Window
from digests.store import archive
from digests.types import PartialDate, Target, TargetKind

EMBARGO = """Brüssel beschließt neue Wirtschaftssanktionen

Stand: 03.02.2025 09:00 Uhr

Die Europäische Union hat am Montag neue Wirtschaftssanktionen gegen Belarus beschlossen.

Der russische Außenminister Sergej Lawrow nannte den Beschluss „einen Fehler“.
"""

ADVICE = """Die Ministerin Karin Muster in Kassel

Stand: 15.03.2025 10:00 Uhr

Die Ministerin Karin Muster hat in Kassel den Haushalt für das kommende Jahr vorgestellt.

Damit sind die Zuschüsse für Freibäder gemeint.

Die Ministerin Karin Muster sagte: „Wir sparen.“ Muster sagte am Abend, dass die Steuern sinken.
"""

BANK = """Washington sanktioniert zwei Banken

Stand: 14.03.2025 18:00 Uhr

Die amerikanische Regierung sanktioniert zwei Banken aus Minsk.

Die frühere Kanzlerin Angela Merkel hatte von einem solchen Schritt abgeraten.
"""

HARVEST = """Gute Ernte in der Magdeburger Börde

Stand: 20.08.2025 07:00 Uhr

Die Bauern in der Magdeburger Börde melden eine gute Ernte.
"""


@pytest.fixture
def archive_of(office, opened):
    office.write("anzeiger-a.txt", EMBARGO)
    office.write("bote-b.txt", BANK)
    office.write("bote-c.txt", HARVEST)
    office.clock.forward(minutes=1)
    assert opened.desk.intake.take_in_due(office.clock()).new == 3
    return opened


def heads(views):
    return {view.headline.split()[0] for view in views}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Sanktionen", {"Brüssel", "Washington"}),
        ("Wirtschaftssanktion", {"Brüssel"}),
        ("sanktioniert", {"Brüssel", "Washington"}),
        ("Ernten", {"Gute"}),
    ],
)
def test_stems_and_compounds_are_found(archive_of, words, found):
    assert heads(archive_of.desk.answers.search(words)) == found


def test_a_search_keeps_to_its_filters(archive_of):
    search = archive_of.desk.answers.search
    assert heads(search("Sanktionen", actors=["sergej-lawrow"])) == {"Brüssel"}
    assert heads(search("Sanktionen", actors=["sergej-lawrow", "angela-merkel"])) == set()
    assert heads(search("Sanktionen", source="BOTE")) == {"Washington"}
    march = PartialDate(2025, 3)
    assert heads(search("Sanktionen", window=Window(march, march))) == {"Washington"}
    assert heads(search("Sanktionen", window=Window(until=PartialDate(2025, 2)))) == {"Brüssel"}
    assert heads(search("Sanktionen", window=Window(until=PartialDate(2025, 2, 2)))) == set()


def test_filters_without_words_show_the_newest(archive_of):
    views = archive_of.desk.answers.search("", source="bote")
    assert [view.headline.split()[0] for view in views] == ["Gute", "Washington"]


def test_a_found_story_shows_the_sentence_that_was_looked_for(archive_of):
    (view,) = archive_of.desk.answers.search("abgeraten")
    assert [one.text for one in view.sentences] == [
        "Die frühere Kanzlerin Angela Merkel hatte von einem solchen Schritt abgeraten."
    ]


def test_a_found_story_shows_it_even_where_the_sentence_leans_on_another(office, opened):
    office.write("anzeiger-d.txt", ADVICE)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (view,) = opened.desk.answers.search("Freibad")
    assert [one.text for one in view.sentences] == [
        "Damit sind die Zuschüsse für Freibäder gemeint."
    ]
    (view,) = opened.desk.answers.search("Haushalt")
    assert "Haushalt" in view.sentences[0].text


def test_a_short_quotation_is_shown_with_its_sentence(office, opened):
    office.write("anzeiger-d.txt", ADVICE)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (muster,) = opened.desk.known.lookup("Karin Muster").exact
    quotes = [view.quote for view in opened.desk.answers.statements(muster.id)]
    assert "Die Ministerin Karin Muster sagte: „Wir sparen.“" in quotes


def asked(office, built, text):
    chat = built.desk.following.chat("console", office.clock())
    return answer(text, Caller(built.desk, chat, Texts("de", office.settings.zone), office.clock()))


def test_the_command_reads_filters_as_people_type_them(office, archive_of):
    reply = asked(office, archive_of, "/search Sanktionen mit:Lawrow quelle:anzeiger seit:2025-01")
    assert reply.ok
    assert heads(reply.stories) == {"Brüssel"}
    assert not asked(office, archive_of, "/search Sanktionen mit:Lawrow bis:2024").ok
    assert asked(office, archive_of, "/search Sanktionen seit:gestren").malformed
    nobody = asked(office, archive_of, "/search Sanktionen mit:Qwertzuiop")
    assert not nobody.ok
    assert not nobody.stories


def test_a_statement_that_is_no_sentence_is_shown_with_its_own(archive_of):
    (view,) = archive_of.desk.answers.statements("sergej-lawrow")
    assert view.quote == (
        "Der russische Außenminister Sergej Lawrow nannte den Beschluss „einen Fehler“."
    )


TERMS = """Dora Kastner wird Ministerin

Stand: 02.04.2025

Der Präsident hat Innenministerin Dora Kastner am Mittwoch entlassen.

Dora Kastner war als Bundesinnenministerin umstritten. Emil Brand, Kastners Vorgängerin nach,
lobte sie.
"""


def test_one_office_is_listed_once(office, opened):
    office.write("a.txt", TERMS)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    card = opened.desk.answers.actor("dora-kastner")
    assert len(card.actor.offices) == 1
    assert card.actor.offices[0].title.endswith("nnenministerin")


SPEECH = """Rede im Hafen

Stand: 03.04.2025

Die Hafenmeisterin Dora Kastner sprach am Donnerstag lange zu den Gästen in Kiel.

„{}“, sagte Dora Kastner.
"""


def test_a_long_speech_is_shown_by_its_first_sentences(office, opened):
    said = " ".join(
        f"Im {n}. Jahr bauen wir mit großer Mühe einen weiteren Kran am alten Kai auf."
        for n in range(1, 12)
    )
    office.write("a.txt", SPEECH.format(said))
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (view,) = opened.desk.answers.statements("dora-kastner")
    assert len(view.quote) < 450
    assert view.quote.startswith("Im 1. Jahr bauen wir")
    assert view.quote.endswith("Kai auf. […]")


PRONOUNS = """Streit um den Hafen

Stand: 04.04.2025

Hafenmeister Emil Brand sprach am Freitag in Kiel. Dass die Stadt dafür genug Geld haben wird,
glaubt Emil Brand nicht. Dass der Umbau lange dauern wird, räumte Emil Brand ein. Der Kai
werde erneuert, kündigte er an. Der Stadt Kiel warf er vor, beim Bau zu sparen. Präsident
Wladimir Putin müsse nicht kommen. „Er darf gern
zu Hause bleiben, das nimmt ihm in Kiel niemand übel“, sagte Emil Brand.
"""


def brands_words(office, opened) -> list[str]:
    office.write("a.txt", PRONOUNS)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    return [view.quote for view in opened.desk.answers.statements("emil-brand")]


def test_of_whom_the_words_speak_is_told_behind_the_pronoun(office, opened):
    quotes = brands_words(office, opened)
    assert "Der Kai werde erneuert, kündigte er [Emil Brand] an." in quotes
    assert "Der Stadt Kiel warf er [Emil Brand] vor, beim Bau zu sparen." in quotes
    assert (
        "Er [Wladimir Putin] darf gern zu Hause bleiben, das nimmt ihm in Kiel niemand übel"
    ) in quotes
    assert "Präsident Wladimir Putin müsse nicht kommen." in quotes


def test_a_clause_before_its_verb_is_shown_with_it(office, opened):
    quotes = brands_words(office, opened)
    assert "Dass der Umbau lange dauern wird, räumte Emil Brand ein." in quotes


HALVES = """Neuer Hafen in Kiel

Stand: 05.04.2025

Der Stadtrat Emil Brand hatte den Bau damit begründet, Schaden von der Werft fernhalten zu wollen.
Vor einer zweiten – höheren – Flut nach dem Sturm in der Nacht hat Emil Brand gewarnt. Brand
nannte den Bau „eine gute Sache für alle Leute im Hafen. Es hilft auch der Werft.“

Emil Brand sagte, der Kai sei für die Kräne aus dem Süden „viel zu klein“.
"""


def test_of_what_was_said_no_half_of_a_sentence_is_shown(office, opened):
    office.write("a.txt", HALVES)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    assert {view.quote for view in opened.desk.answers.statements("emil-brand")} == {
        "Der Stadtrat Emil Brand hatte den Bau damit begründet, Schaden von der Werft"
        " fernhalten zu wollen.",
        "Vor einer zweiten – höheren – Flut nach dem Sturm in der Nacht hat Emil Brand gewarnt.",
        "Brand nannte den Bau „eine gute Sache für alle Leute im Hafen. Es hilft auch der Werft.“",
        "Emil Brand sagte, der Kai sei für die Kräne aus dem Süden „viel zu klein“.",
    }


def test_a_long_report_is_the_company_of_nobody_else(office, opened):
    many = "Dora Kastner und Emil Brandauer redeten. " * 3
    office.write("a.txt", f"Treffen in Kiel\n\nStand: 03.04.2025\n\nIn Kiel war viel los. {many}")
    one = "Dora Kastner und die Richterin Flora Wendt trafen sich am {} in Kiel."
    for name, day in (("b", "Montag"), ("c", "Dienstag")):
        office.write(f"{name}.txt", f"{day} in Kiel\n\nStand: 09.04.2025\n\n{one.format(day)}")
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    company = opened.desk.answers.company("dora-kastner")
    assert [(actor.id, n) for actor, n in company.members][:2] == [
        ("flora-wendt", 2),
        ("emil-brandauer", 1),
    ]


def test_a_medium_in_quotation_marks_is_named_whole(office, opened):
    office.write(
        "a.txt",
        "Minister will reden\n\nStand: 03.04.2025\n\nOlaf Scholz will mit Russland reden."
        " „Wir bleiben im Gespräch“, sagte Scholz der „BILD am Sonntag“.",
    )
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (view,) = opened.desk.answers.statements("olaf-scholz")
    assert view.via == "BILD am Sonntag"


def test_a_name_learned_from_one_report_is_a_word_in_another(office, opened):
    office.write(
        "a.txt",
        "Prozess in Kiel\n\nStand: 03.04.2025\n\nDie Angeklagte nahm sich die Anwältin Clara Volk."
        " Volk will am Freitag mit dem Richter sprechen.",
    )
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    assert opened.desk.answers.actor("clara-volk").reports == 1
    office.write(
        "b.txt",
        "Rede in Kiel\n\nStand: 05.04.2025\n\nDer König sprach am Samstag in Kiel lange zu seinem"
        " eigenen Volk. Danach ging das Volk nach Hause.",
    )
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    assert opened.desk.answers.actor("clara-volk").reports == 1


OLD = """Beschluss zu Belarus bleibt in Kraft

Stand: {day:02}.{month:02}.2025 09:00 Uhr

Sergej Lawrow hat am 12. Mai 2014 in Minsk einen Vertrag über die Grenze unterschrieben.
"""

NEW = """Lawrow reist weiter

Stand: {day:02}.09.2025 09:00 Uhr

Sergej Lawrow ist am {day}. September 2025 in Minsk eingetroffen, wo er den Vertrag sah.
"""


def test_a_timeline_of_many_reports_is_chosen_over_all_not_over_the_newest(
    office, opened, monkeypatch
):
    for number in range(4):
        office.write(f"a{number}.txt", OLD.format(day=number + 1, month=number + 1))
    for number in range(8):
        office.write(f"b{number}.txt", NEW.format(day=number + 1))
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    monkeypatch.setattr("digests.desk.answers._REPORTS_AT_MOST", 8)
    (lawrow,) = opened.desk.known.lookup("Lawrow").exact
    target = Target(TargetKind.ACTOR, lawrow.id)
    asked = opened.desk.answers.timeline
    (entry,) = asked(target, limit=1)
    assert entry.date == PartialDate(2014, 5, 12)
    assert len(asked(target)) > 1
    days = [str(one.date) for one in asked(target, window=Window(until=PartialDate(2014)))]
    assert days == ["2014-05-12"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("/timeline Lawrow 2025", "Zeitleiste: Sergej Lawrow, seit 2025"),
        ("/timeline Lawrow bis 2026", "Zeitleiste: Sergej Lawrow, bis 2026"),
        ("/timeline Lawrow 2025 2025", "Zeitleiste: Sergej Lawrow, 2025"),
        ("/statements Lawrow 2024 03.2025", "Äußerungen: Sergej Lawrow, 2024 – März 2025"),
        ("/timeline Lawrow", "Zeitleiste: Sergej Lawrow"),
    ],
)
def test_a_title_says_which_time_was_asked_for(office, archive_of, asked, title):
    chat = archive_of.desk.following.chat("telegram:1", office.clock())
    reply = answer(asked, Caller(archive_of.desk, chat, Texts.of(chat), office.clock()))
    assert reply.blocks[0].text == title


AT_LENGTH = """Lawrow besucht Kassel

Stand: 01.04.2025 09:00 Uhr

Der russische Außenminister Sergej Lawrow hat am Dienstag in Kassel ein Museum besucht.

Lawrow blieb dort zwei Stunden.
"""

ASIDE = """Regen in Kassel

Stand: 05.04.2025 09:00 Uhr

Der Regen hat in Kassel zwei Straßen unter Wasser gesetzt.

Die Kasseler Feuerwehr pumpte am Samstag zwölf Keller in der Altstadt leer.

Am Sonntag soll in ganz Nordhessen wieder die Sonne scheinen.

In der Altstadt sind zwei Brücken gesperrt.

Vier Schulen bleiben am Montag geschlossen.

So war es dort auch schon bei dem Besuch von Sergej Lawrow gewesen.
"""


def test_a_card_leaves_out_stories_of_which_nothing_about_somebody_can_be_shown(office, opened):
    office.write("a.txt", AT_LENGTH)
    office.write("b.txt", ASIDE)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (lawrow,) = opened.desk.known.lookup("Lawrow").exact
    card = opened.desk.answers.actor(lawrow.id)
    assert card.reports == 2
    assert [one.headline for one in card.stories] == ["Lawrow besucht Kassel"]


def test_an_office_is_given_once_with_the_newest_report_that_names_it(office, opened):
    for day in ("02", "05", "03"):
        office.write(
            f"{day}.txt",
            f"Rede in Kassel\n\nStand: {day}.04.2025 09:00 Uhr\n\n"
            f"Die Finanzministerin Karin Muster hat am {day}. April in Kassel geredet.\n",
        )
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (muster,) = opened.desk.known.lookup("Karin Muster").exact
    with opened.store.reading() as session:
        (seen,) = archive.seen_offices(session, muster.id)
    assert (seen.title, str(seen.seen)) == ("Finanzministerin", "2025-04-05")
    assert [one.title for one in opened.desk.answers.actor(muster.id).actor.offices] == [seen.title]


LEANING_SPEECH = """Lawrow spricht in Kassel

Stand: 02.04.2025 09:00 Uhr

„Und das bedeutet für uns einen großen Schritt nach vorn“, sagte Sergej Lawrow in Kassel.
"""

EARLIER = """Lawrow spricht in Wien

Stand: 01.03.2025 09:00 Uhr

„Die Grenze zwischen beiden Staaten bleibt im Frühjahr offen“, sagte Sergej Lawrow in Wien.
"""


def test_a_card_quotes_what_can_be_understood_alone_before_what_cannot(office, opened):
    office.write("a.txt", LEANING_SPEECH)
    office.write("b.txt", EARLIER)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    (lawrow,) = opened.desk.known.lookup("Lawrow").exact

    def quotes(count):
        said = opened.desk.answers.actor(lawrow.id, statements=count).statements
        return [view.quote.split()[0] for view in said]

    assert quotes(1) == ["Die"]
    assert quotes(2) == ["Und", "Die"]


def test_of_whom_nothing_is_told_others_of_the_name_are_offered(office, opened):
    text = ADVICE.replace("Karin Muster", "Nora Rice").replace("Muster sagte", "Rice sagte")
    office.write("rice.txt", text)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    reply = asked(office, opened, "/actor Rice")  # the list knows Susan Rice
    assert not reply.ok
    offered = [one for row in reply.buttons for one in row if one.text == "Nora Rice"]
    assert [asked(office, opened, one.command).ok for one in offered] == [True]
    assert "Meintest du" in "".join(one.text for one in reply.blocks)
