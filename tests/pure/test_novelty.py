"""What a later report adds to a story: new words of who is followed, new days."""

from pure_reports import report

from digests.novelty import novelty, worth_telling
from digests.types import Precision, Published, Target, TargetKind

_FIRST = report(
    "Die Grenze bleibe offen, sagte Scholz. Biden lobte die Absprache.",
    published=Published.on(2022, 6, 1),
    names={"Scholz": "scholz", "Biden": "biden"},
    said=[("Die Grenze bleibe offen", "Scholz", "scholz")],
)


def _later(body, **options):
    return report(
        body,
        number=2,
        published=Published.on(2022, 6, 1),
        names={"Scholz": "scholz", "Biden": "biden"},
        **options,
    )


def test_a_copy_adds_nothing():
    copy = _later(
        "Die Grenze bleibe offen, sagte Scholz am Abend.",
        said=[("Die Grenze bleibe offen", "Scholz", "scholz")],
    )
    assert not novelty(copy, [_FIRST], actor="scholz")
    assert not novelty(copy, [_FIRST])


def test_a_quotation_of_what_was_told_before_adds_nothing():
    told = _later("Scholz will die Grenze nach eigenen Worten offen lassen für alle.")
    again = _later(
        "„Wir lassen die Grenze offen“, sagte Scholz.",
        said=[("Wir lassen die Grenze offen", "Scholz", "scholz")],
    )
    assert not novelty(again, [told], actor="scholz")


def test_what_is_said_with_another_number_is_new():
    told, later = (
        report(
            f"Mehr als {number} Häuser an der Grenze seien zerstört, sagte Scholz.",
            number=place,
            names={"Scholz": "scholz"},
            said=[(f"Mehr als {number} Häuser an der Grenze seien zerstört", "Scholz", "scholz")],
        )
        for place, number in enumerate(("zwölf", "31"))
    )
    assert novelty(later, [told], actor="scholz").statements
    assert not novelty(later, [told, later], actor="scholz")


def test_new_words_of_who_is_followed_do_and_those_of_others_do_not():
    other = _later(
        "Die Kosten trage der Bund allein, sagte Scholz.",
        said=[("Die Kosten trage der Bund allein", "Scholz", "scholz")],
    )
    assert novelty(other, [_FIRST], actor="scholz").statements
    assert not novelty(other, [_FIRST], actor="biden")
    assert novelty(other, [_FIRST])


def test_a_new_day_in_a_sentence_about_the_target_is_new():
    later = _later(
        "Scholz reist am 4. Juni nach Kiew. Am 9. Juni tagt der Rat.",
        dates={"4. Juni": "2022-06-04", "9. Juni": "2022-06-09"},
    )
    found = novelty(later, [_FIRST], actor="scholz").events
    assert [str(event.date) for event in found] == ["2022-06-04"]
    assert not novelty(later, [_FIRST, later], actor="scholz")


def test_the_day_of_the_report_and_long_past_days_are_no_news():
    later = _later(
        "Scholz sprach am 1. Juni. Am 3. Oktober 1990 war Scholz Student.",
        dates={"1. Juni": "2022-06-01", "3. Oktober 1990": "1990-10-03"},
    )
    assert not novelty(later, [_FIRST], actor="scholz")


def _days_on(day, body, title):
    names = {"Scholz": "scholz", "Biden": "biden"}
    published = Published.on(2022, 6, day)
    return report(body, number=2, title=title, published=published, names=names)


def test_what_a_report_opens_with_days_later_is_new_to_whom_it_concerns():
    opens = "Scholz ist am Grenzfluss mit Bauern zusammengetroffen."
    later = _days_on(3, f"{opens} Biden lobte die Absprache.", "Kanzler besucht Höfe")
    assert novelty(later, [_FIRST])
    assert [one.start for one in novelty(later, [_FIRST], actor="scholz").opening] == [
        0,
        later.item.text.index(opens),
    ]
    assert not novelty(later, [_FIRST], actor="biden")


def test_another_report_of_the_next_day_only_retells():
    body = "Scholz ist am Grenzfluss mit Bauern zusammengetroffen."
    assert not novelty(_days_on(2, body, "Kanzler besucht Höfe"), [_FIRST])


def test_a_report_that_opens_with_what_was_told_is_not_new_however_late():
    assert not novelty(_days_on(9, "Die Absprache lobte Biden.", "Ein Lob"), [_FIRST])
    assert not novelty(_days_on(9, "Kühe grasen friedlich.", "Biden lobte Absprache"), [_FIRST])


def test_the_first_report_of_a_story_is_all_new():
    assert novelty(_FIRST, [], actor="scholz").statements


def test_a_report_in_another_language_is_taken_for_told():
    english = report(
        "The border stays open, Scholz said.",
        number=3,
        language="en",
        names={"Scholz": "scholz"},
        said=[("The border stays open", "Scholz", "scholz")],
        published=Published(None, Precision.UNKNOWN),
    )
    assert not novelty(english, [_FIRST], actor="scholz")


_SCHOLZ = Target(TargetKind.ACTOR, "scholz")
_BIDEN = Target(TargetKind.ACTOR, "biden")
_ALL = Target(TargetKind.EVERYTHING)


def _costs(number):
    words = "Die Kosten trage der Bund allein"
    return report(
        f"{words}, sagte Scholz.",
        number=number,
        published=Published.on(2022, 6, 1),
        names={"Scholz": "scholz"},
        said=[(words, "Scholz", "scholz")],
    )


def test_all_reports_of_a_story_that_is_not_known_are_worth_telling():
    assert worth_telling([_costs(3), _costs(2)], [], {2: {_SCHOLZ}, 3: {_SCHOLZ}}) == [
        _costs(2),
        _costs(3),
    ]


def test_of_two_reports_that_bring_the_same_the_first_is_worth_telling():
    targets = {2: {_SCHOLZ}, 3: {_SCHOLZ}}
    assert worth_telling([_costs(3), _costs(2)], [_FIRST], targets) == [_costs(2)]


def test_it_is_worth_telling_whom_it_concerns():
    assert worth_telling([_costs(2)], [_FIRST], {2: {_BIDEN}}) == []
    assert worth_telling([_costs(2)], [_FIRST], {2: {_BIDEN, _ALL}}) == [_costs(2)]
    assert worth_telling([_FIRST], [_FIRST], {1: {_ALL}}) == []
