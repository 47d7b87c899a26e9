from __future__ import annotations

from pure_reports import report

from digests.desk.views import Focus, story_view

HEADLINE = "Ada Neumann hat am Hafen von Kiel die neue Werft für Fähren eröffnet."
BODY = (
    f"{HEADLINE} Am Hafen von Kiel werden nun große Fähren für Norwegen gebaut. "
    "Am Hafen von Kiel lag schon früher eine Werft für Fähren. "
    "Viele Menschen kamen zur Feier an den Hafen von Kiel. Gegner fürchten Lärm am Hafen. "
    "Fähren für Norwegen legen am Hafen von Kiel an jedem Tag an. Kiel ist ein Hafen für Fähren. "
    "In Lübeck hatte Ada Neumann im Frühjahr mit Gewerkschaften über höhere Löhne gesprochen."
)


def shown(focus: Focus, sentences: int = 3) -> list[str]:
    reports = [report(BODY, names={"Ada Neumann": "ada"})]
    view = story_view(1, reports, {"ada": "Ada Neumann"}, focus=focus, sentences=sentences)
    assert view.headline == HEADLINE
    return [one.text for one in view.sentences]


def test_a_strong_headline_leaves_room_for_another_sentence_about_the_focus():
    assert shown(Focus("ada")) == [BODY[BODY.index("In Lübeck") :]]


def test_a_headline_of_the_text_is_one_of_the_sentences_asked_for():
    assert len(shown(Focus())) == 2
    assert HEADLINE not in shown(Focus())
