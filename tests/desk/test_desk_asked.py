"""What is asked in a way that people try, and what is offered where it may mean several things."""

import pytest

from bot.commands import Caller, answer
from bot.render import plain_text
from bot.reply import LONGEST_COMMAND
from bot.texts import Texts

REPORT = """Klitschko und Merkel in Bonn

Stand: 10.01.2025 09:00 Uhr

Bürgermeister Vitali Klitschko hat am Freitag in Bonn einen Zoll auf Getreide verlangt. „Der Zoll
auf Getreide ist gerecht“, sagte Vitali Klitschko. Angela Merkel widersprach ihm am 9. Januar 2025.
"""

OTHER = """Halle für Boxer in Wien

Stand: 03.02.2025 09:00 Uhr

Wladimir Klitschko hat am Montag in Wien eine Halle für Boxer eröffnet.
"""


@pytest.fixture
def ask(office, opened):
    office.write("a.txt", REPORT)
    office.write("b.txt", OTHER)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    chat = opened.desk.following.chat("telegram:1", office.clock())

    def asked(text, language="de"):
        texts = Texts(language, office.settings.zone)
        return answer(text, Caller(opened.desk, chat, texts, office.clock()))

    def again(text):
        there = opened.desk.following.chat("telegram:1", office.clock())
        texts = Texts("de", office.settings.zone)
        return answer(text, Caller(opened.desk, there, texts, office.clock()))

    asked.built, asked.again = opened, again
    return asked


def offered(reply):
    return [one.command for row in reply.buttons for one in row]


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("/timeline Klitschko 2024 2026", "/timeline #vitali-klitschko 2024 2026"),
        ("/timeline Klitschko und Merkel", "/timeline #vitali-klitschko und Merkel"),
        ("/timeline {Merkel} und Klitschko", "/timeline {Merkel} und #vitali-klitschko"),
        ("/statements Klitschko über Zoll", "/statements #vitali-klitschko über Zoll"),
        ("/search Zoll mit:Klitschko seit:2024", "/search Zoll mit:#vitali-klitschko seit:2024"),
        ("/subscribe Klitschko sofort", "/subscribe #vitali-klitschko alert"),
        ("/subscribe Qwertz Uiop beides", "/subscribe name:Qwertz Uiop both"),
        ("/subscribe Qwertz Uiop beides", "/subscribe topic:Qwertz Uiop both"),
    ],
)
def test_a_choice_keeps_the_rest_of_the_question(ask, asked, chosen):
    assert chosen in offered(ask(asked))


def test_a_choice_with_too_long_a_rest_is_offered_without_it(ask):
    commands = offered(ask("/statements Klitschko über Getreide und Zucker und Kaffee von 2024"))
    assert "/statements #vitali-klitschko" in commands
    assert all(len(one.encode()) <= LONGEST_COMMAND for one in commands)


@pytest.mark.parametrize(
    "asked",
    ["/subscribe topic:,,,", "/subscribe feed:999", "/subscribe #niemand", "/subscribe name: "],
)
def test_what_a_button_asked_for_is_not_offered_as_words(ask, asked):
    assert not [one for one in offered(ask(asked)) if "topic:" in one]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/timeline Merkel von 2025 bis 2024", "endet, bevor er beginnt"),
        ("/statements Merkel 2025 2024", "endet, bevor er beginnt"),
        ("/search Zoll seit:2025 bis:2024", "endet, bevor er beginnt"),
        ("/timeline Merkel 31.02.2025", "„31.02.2025“ kann ich nicht als Datum lesen."),
        ("/search Zoll seit:gestren", "„gestren“ kann ich nicht als Datum lesen."),
        ("/search Zoll seit:gestren", "Schreib zum Beispiel gestern, letzte Woche"),
        ("/pause bis Freitga", "Schreib zum Beispiel /pause 3 Tage, /pause bis Freitag"),
        ("/pause gestern", "Das liegt nicht in der Zukunft."),
        ("/digest gestern", "/digest steht allein"),
        ("/settings zeit morgens", "oder werktags 07:00,18:00 oder aus."),
        ("/timeline 2025", "Hier fehlt noch etwas: /timeline"),
        ("/statements 2025", "Hier fehlt noch etwas: /statements"),
        ("/settings language Klingonisch", "Ich spreche Englisch und Deutsch."),
        ("/topic Getreide Zoll", "Worte, die nicht beieinander stehen, findet /search."),
    ],
)
def test_what_is_wrong_is_said(ask, asked, said):
    reply = ask(asked)
    assert not reply.ok
    assert said in plain_text(reply.blocks)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("bis Freitag", "Pause bis 16. Januar 2026, 00:00. "),
        ("1 Woche", "Pause bis 17. Januar 2026, 13:01. "),
        ("until tomorrow", "Pause bis 11. Januar 2026, 00:00. "),
    ],
)
def test_a_pause_is_asked_for_in_words(ask, asked, said):
    assert plain_text(ask(f"/pause {asked}").blocks).startswith(said)


def test_of_a_pause_its_end_is_told(ask):
    ask("/pause bis Freitag")
    ask("/subscribe Merkel")
    shown = plain_text(ask.again("/subscriptions").blocks)
    assert "Alles pausiert bis 16. Januar 2026, 00:00; weiter mit /resume" in shown


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("/timeline Merkel im Januar 2025", "Zeitleiste: Angela Merkel, Januar 2025"),
        ("/timeline Merkel und Merkel", "Zeitleiste: Angela Merkel"),
        ("/timeline Merkel seit gestern", "Zeitleiste: Angela Merkel, seit 9. Januar 2026"),
        ("/timeline Theresa May 2019", "Zeitleiste: Theresa May, seit 2019"),
        ("/timeline Merkel Mai 2019", "Zeitleiste: Angela Merkel, seit Mai 2019"),
        ("/timeline Getreide und Merkel", "Zeitleiste: Getreide + Angela Merkel"),
        ("/statements Merkel über Zoll 2019", "Äußerungen: Angela Merkel zu „Zoll“, seit 2019"),
    ],
)
def test_a_title_says_what_was_understood(ask, asked, title):
    assert plain_text(ask(asked).blocks).partition("\n")[0] == title


def test_two_long_topics_that_begin_alike_are_two(ask):
    words = "Verhandlungen über Getreide und Zucker in Genf"
    first, second = (ask(f"/subscribe topic:{words}{end}") for end in (", Zoll", ", Steuer"))
    assert offered(first) != offered(second)
    assert plain_text(ask("/subscriptions").blocks).count("Verhandlungen über Getreide") == 2
    again = ask(f"/subscribe topic:{words}, Zoll")
    assert "schon" in plain_text(again.blocks).partition("\n")[0]


def test_a_search_in_ones_own_language_offers_the_topic_or_actor(ask):
    assert offered(ask("/search sanctions", "en")) == ["/topic sanctions"]
    assert offered(ask("/search Kremlin", "en")) == ["/actor #kreml"]
    assert not offered(ask("/search Qwertz", "en"))


def test_a_card_has_what_others_say_of_somebody(office, ask):
    card = plain_text(ask("/actor Merkel").blocks)
    assert "Äußerungen anderer" not in card
    office.write(
        "c.txt",
        "Streit um den Zoll\n\nStand: 12.01.2025 09:00 Uhr\n\nAngela Merkel wies die Kritik zurück."
        " „Angela Merkel hat die Bauern im Stich gelassen“, sagte Vitali Klitschko am Sonntag."
        " „Ich habe niemanden im Stich gelassen“, sagte Angela Merkel.\n",
    )
    office.clock.forward(minutes=1)
    ask.built.desk.intake.take_in_due(office.clock())
    _, _, others = plain_text(ask("/actor Merkel").blocks).partition("Äußerungen anderer über")
    said, _, _ = others.partition("\nBerichte\n")
    assert said.split("\n")[0].strip() == "Angela Merkel"
    assert "Vitali Klitschko" in said
    assert "hat die Bauern im Stich gelassen" in said
    assert "niemanden" not in said


def test_a_topic_leads_to_its_timeline(ask):
    assert "/timeline Getreide" in offered(ask("/topic Getreide"))
    (stored,) = [one for one in offered(ask("/topic sanctions")) if one.startswith("/timeline")]
    assert plain_text(ask(stored).blocks).startswith("Zeitleiste: Sanktionen")


def test_a_digest_that_never_comes_is_not_announced_with_alerts(ask):
    ask("/settings time off")
    said = plain_text(ask("/subscribe Merkel beides").blocks)
    assert "Sofort als Eilmeldung" in said
    assert "nie" not in said.partition("Aus dem Archiv")[0]


def test_an_old_button_names_whom_it_stood_for(ask):
    assert "„Angela Merkel“" in plain_text(ask("/unsubscribe #angela-merkel").blocks)
    assert "„Angela Merkel“" in plain_text(ask("/subscriptions #angela-merkel").blocks)


def test_whom_to_stop_following_comes_in_pages(ask):
    for number in range(30):
        ask(f"/subscribe name:Qwertz Nummer{number}")
    first = ask("/unsubscribe")
    assert len(offered(first)) == 13
    last = ask("/unsubscribe page:3")
    assert offered(last)[:-1] == [f"/unsubscribe name:Qwertz Nummer{n}" for n in range(24, 30)]


def test_the_first_page_of_who_knows_how_many_has_no_number(ask):
    assert plain_text(ask("/latest 1").blocks).startswith("Neueste Berichte\n")
    assert plain_text(ask("/latest 1 page:2").blocks).startswith("Neueste Berichte (Seite 2)\n")
    assert plain_text(ask("/latest 1 page:2", "en").blocks).startswith("Latest reports (page 2)\n")
