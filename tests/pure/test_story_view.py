from __future__ import annotations

from dataclasses import replace

from pure_reports import report

from digests.desk.views import Focus, not_twice, story_view
from digests.types import Published, Report, StoryView, Timex, TimexType

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


TOLD = report(
    "In Kiel baut Ada Neumann eine Werft für Fähren. Der Bau beginnt im Mai am alten Hafen.",
    number=1,
    title="Neumann plant Werft in Kiel",
    names={"Ada Neumann": "ada"},
)
STOPPED = "Ein Gericht in Schleswig hat die Arbeiten wegen seltener Vögel untersagt."


def goes_on(body: str, title: str = "") -> StoryView:
    later = report(body, number=2, title=title, names={"Ada Neumann": "ada"})
    return story_view(1, [later], {"ada": "Ada Neumann"}, told=[TOLD])


def test_what_is_new_in_a_story_stands_under_its_own_headline():
    view = goes_on(f"{TOLD.item.text.partition(chr(10))[2].strip()} {STOPPED}", "Werft gestoppt")
    assert (view.headline, [one.text for one in view.sentences]) == ("Werft gestoppt", [STOPPED])
    assert view.moved


def test_a_report_that_adds_nothing_leaves_the_headline():
    view = goes_on("In Kiel baut Ada Neumann eine Werft für Fähren.", "Werft in Kiel geplant")
    assert (view.headline, view.sentences) == ("Neumann plant Werft in Kiel", ())


def test_a_report_of_nothing_but_a_title_heads_with_what_is_new():
    assert goes_on("", "Gericht untersagt Bau").headline == "Gericht untersagt Bau"
    assert goes_on("", "Werft in Kiel geplant").headline == "Neumann plant Werft in Kiel"


def test_a_sentence_that_was_told_heads_nothing_new():
    view = goes_on(f"In Kiel baut Ada Neumann eine Werft für Fähren. {STOPPED}")
    assert view.headline == "Neumann plant Werft in Kiel"
    assert [one.text for one in view.sentences] == [STOPPED]


def test_a_new_sentence_that_heads_a_story_is_not_shown_again():
    view = goes_on(STOPPED)
    assert (view.headline, view.sentences) == (STOPPED, ())


def test_what_stands_above_is_not_shown_again():
    view = story_view(1, [report(BODY)], {})
    first, *others = view.sentences
    words = replace(first.span, end=first.span.start + 30)
    assert not_twice(view, [words]).sentences == tuple(others)
    assert not_twice(view, [replace(words, end=words.start + 9)]) == view
    assert not_twice(view, [replace(words, item=99)]) == view


def quake(dead: str, *, place: str = "Kiel", day: int = 3, title: str = "") -> Report:
    body = f"Bei einem Beben nahe der Stadt {place} sind mindestens {dead} Menschen gestorben."
    names = {"Kiel": "kiel", "Lübeck": "lübeck"}
    at = Published.on(2025, 5, day)
    return report(body, number=day, title=title, names=names, published=at)


def told_later(later: Report) -> tuple[str, int]:
    view = story_view(1, [later], {}, told=[quake("zwölf", title="Beben bei Kiel")])
    return view.headline, len(view.sentences)


def test_another_number_or_place_is_news_though_all_else_was_told():
    assert told_later(quake("31", day=4, title="Mehr Tote")) == ("Mehr Tote", 1)
    elsewhere = quake("zwölf", place="Lübeck", day=4, title="Beben bei Lübeck")
    assert told_later(elsewhere) == ("Beben bei Lübeck", 1)
    assert told_later(quake("12", day=4, title="Noch einmal")) == ("Beben bei Kiel", 0)


def test_a_number_that_a_later_report_brings_up_to_date_is_not_shown():
    reports = [quake("zwölf", title="Beben"), quake("31", day=4, title="Beben bei Kiel")]
    for ordered in (reports, reports[::-1]):
        (shown,) = story_view(1, ordered, {}).sentences
        assert "31" in shown.text


def test_of_titles_that_differ_by_a_number_the_latest_heads():
    titles = ["Zwölf Tote bei Beben in Kiel", "Zwölf Tote bei Beben", "31 Tote bei Beben in Kiel"]
    reports = [quake("viele", day=3 + n, title=title) for n, title in enumerate(titles)]
    assert story_view(1, reports[::-1], {}).headline == titles[2]
    assert story_view(1, reports[:2], {}).headline == titles[0]


def dated(day: int, body: str, word: str) -> Report:
    """A report of a day in May that holds a ``word`` for a day."""
    at = Published.on(2025, 5, day)
    one = report(body, number=day, title="Werft in Kiel", published=at)
    start = one.item.text.index(word)
    timex = Timex(start, start + len(word), TimexType.DATE, f"2025-05-{day:02}")
    return replace(one, reading=replace(one.reading, timexes=(timex,)))


def test_today_is_the_day_a_story_stands_under():
    old = "In Kiel ist heute am Hafen die neue Werft für Fähren eröffnet worden."
    new = "Die Werft für Fähren in Kiel hat gestern am Hafen 300 Menschen eingestellt."
    reports = [dated(3, old, "heute"), dated(5, new, "gestern")]
    assert [one.text for one in story_view(1, reports, {}).sentences] == [new]
    assert [one.text for one in story_view(1, reports[:1], {}).sentences] == [old]
