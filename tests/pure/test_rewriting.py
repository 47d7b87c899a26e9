"""Retold digests: what is borne out passes, and whatever is changed in it is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from digests.rewriting import MARKS, Refused, Told, check, citable, prompt, retold
from digests.standing import cite
from digests.types import Digest, DigestStory, Section, StoryView, Target, TargetKind
from digests.types import Published as On
from tests.pure.pure_reports import report

NAMES = {
    "Annette Vogt": "vogt",
    "Vogt": "vogt",
    "Jaroslav Hruby": "hruby",
    "Hruby": "hruby",
    "Kanada": "kanada",
    "Estland": "estland",
    "Norwegen": "norwegen",
}
BODY = (
    "Ministerin Annette Vogt ist am 14. März nach Tallinn gereist. "
    "Vogt sagte, Kanada sei zu einem Abkommen mit Norwegen bereit. "
    "Kanada liefert Estland 120 Lastwagen und 35 Boote, aber keine Flugzeuge. "
    "Jaroslav Hruby warnte Norwegen vor einem möglichen Ausfall. "
    "Das Parlament nahm den Haushalt mit zwölf Stimmen Mehrheit an."
)
SAID = [("Kanada sei zu einem Abkommen mit Norwegen bereit", "Vogt", "vogt")]
ENGLISH = (
    "Minister Annette Vogt travelled to Tallinn on 14 March. "
    "Vogt said Canada was not ready to sign the treaty. "
    "Canada sold Estonia 120 trucks and twelve boats. "
    "Jaroslav Hruby warned Norway about the outage."
)
GOOD = (
    "Ministerin Vogt ist nach Tallinn gereist und sagte, Kanada sei zu einem Abkommen mit"
    " Norwegen bereit. [1][2] Kanada liefert Estland 120 Lastwagen, aber keine Flugzeuge [3]."
    " Hruby warnte Norwegen vor einem möglichen Ausfall. [4]"
)
GOOD_ENGLISH = (
    "Vogt travelled to Tallinn on 14 March and said Canada was not ready to sign the treaty."
    " [1, 2] Canada sold Estonia 120 trucks and twelve boats. [3]"
)


def digest_of(*reports, per_story=None):
    """A digest of a story a report."""
    stories = []
    for number, one in enumerate(reports, 1):
        sentences = tuple(cite(one, s.start, s.end) for s in one.reading.sentences)
        view = StoryView(number, f"Meldung {number}", On(), sentences, ("Testblatt",), 1)
        stories.append(DigestStory(view))
    section = Section(Target(TargetKind.EVERYTHING), "Alles", tuple(stories))
    return Digest((section,), len(stories), len(stories), ())


def cited_of(*reports):
    return citable(digest_of(*reports), {one.item.id: one for one in reports})


GERMAN = cited_of(report(BODY, names=NAMES, said=SAID))
IN_ENGLISH = cited_of(
    report(
        ENGLISH,
        names={"Annette Vogt": "vogt", "Vogt": "vogt", "Jaroslav Hruby": "hruby"},
        language="en",
        said=[("Canada was not ready to sign the treaty", "Vogt", "vogt")],
    )
)


def refused(text, cited=GERMAN):
    found = check(text, cited)
    return found.reason if isinstance(found, Refused) else None


def test_what_is_borne_out_passes_with_its_citations():
    assert check(GOOD, GERMAN) == (
        Told(
            "Ministerin Vogt ist nach Tallinn gereist und sagte, Kanada sei zu einem Abkommen mit"
            " Norwegen bereit.",
            (1, 2),
        ),
        Told("Kanada liefert Estland 120 Lastwagen, aber keine Flugzeuge.", (3,)),
        Told("Hruby warnte Norwegen vor einem möglichen Ausfall.", (4,)),
    )


def test_english_passes_too():
    assert refused(GOOD_ENGLISH, IN_ENGLISH) is None


@pytest.mark.parametrize("one", GERMAN + IN_ENGLISH)
def test_each_sentence_itself_passes(one):
    assert refused(f"{one.text} [{one.number}]", (one,)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Kanada sei zu einem Abkommen mit Norwegen bereit, sagte Vogt. [2]",
        "Laut Vogt ist Kanada zu einem Abkommen mit Norwegen bereit. [2]",
        "Nach Angaben von Vogt ist Kanada zu einem Abkommen mit Norwegen bereit. [2]",
        "Mit 12 Stimmen Mehrheit nahm das Parlament den Haushalt an. [5]",
        "Zudem nahm das Parlament den Haushalt an [5].",
    ],
)
def test_other_words_of_saying_order_and_digits_pass(text):
    assert refused(text) is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Tallinn", "Helsinki", "word_not_in_source"),
        ("Hruby", "Vogt", "word_not_in_source"),
        ("120 Lastwagen", "130 Lastwagen", "number_not_in_source"),
        ("120 Lastwagen", "35 Lastwagen", "number_not_in_source"),
        ("120 Lastwagen", "Lastwagen", "number_dropped"),
        ("120 Lastwagen", "einen Lastwagen", "number_dropped"),
        ("nach Tallinn", "am 15. März nach Tallinn", "number_not_in_source"),
        ("nach Tallinn", "am 14. April nach Tallinn", "word_not_in_source"),
        ("nach Tallinn", "gestern nach Tallinn", "word_not_in_source"),
        ("nach Tallinn", "am Montag nach Tallinn", "word_not_in_source"),
        ("keine Flugzeuge", "Flugzeuge", "negation_changed"),
        ("sei zu", "sei nicht zu", "negation_changed"),
        ("Kanada liefert Estland", "Estland liefert Kanada", "names_swapped"),
        ("Hruby warnte Norwegen", "Norwegen warnte Hruby", "names_swapped"),
        ("und sagte, Kanada", "und Kanada", "claim_without_speaker"),
        ("warnte", "warnte angeblich", "hedge_changed"),
        ("vor einem", "gegen einen", "opposition_changed"),
        ("Ausfall. [4]", "Ausfall.", "uncited"),
        ("Ausfall. [4]", "Ausfall. Das ist neu. [4]", "uncited"),
        ("[4]", "[9]", "unknown_citation"),
        ("Hruby", "<b>Hruby</b>", "markup"),
        ("Hruby", "**Hruby**", "markup"),
        ("Hruby", "https://example.org Hruby", "markup"),
        ("Hruby", "@hruby", "markup"),
        ("Hruby", "/start Hruby", "markup"),
        ("Hruby", "😀 Hruby", "markup"),
        ("Hruby", f"{MARKS[0]}1{MARKS[1]} Hruby", "markup"),
        ("Hruby", "\u202eHruby", "markup"),
    ],
)
def test_what_is_not_borne_out_is_refused(old, new, reason):
    assert old in GOOD
    assert refused(GOOD.replace(old, new)) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Kanada ist zu einem Abkommen mit Norwegen bereit. [2]",
        "Laut Hruby ist Kanada zu einem Abkommen mit Norwegen bereit. [2][4]",
        "Norwegen sagte, Vogt sei zu einem Abkommen mit Kanada bereit. [2]",
        "Kanada sagte, Vogt sei zu einem Abkommen mit Norwegen bereit. [2]",
        "Norwegen wurde von Hruby vor einem möglichen Ausfall gewarnt. [4]",
    ],
)
def test_another_speaker_or_none_is_refused(text):
    assert refused(text) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("not ready", "ready"),
        ("Vogt travelled", "May travelled"),
        ("said Canada", "that Canada"),
        ("twelve boats", "eleven boats"),
        ("twelve boats", "one boats"),
        ("March", "May"),
        ("Canada sold Estonia", "Estonia sold Canada"),
        ("Canada sold Estonia", "Estonia was sold by Canada"),
        ("trucks", "trucks to Norway"),
    ],
)
def test_english_lies_are_refused(old, new):
    assert old in GOOD_ENGLISH
    assert refused(GOOD_ENGLISH.replace(old, new), IN_ENGLISH) is not None


@pytest.mark.parametrize(
    ("body", "lie", "reason"),
    [
        (
            "Die Preise stiegen um 5 Prozent, die Löhne sanken um 2 Prozent.",
            "Die Preise stiegen um 2 Prozent, die Löhne sanken um 5 Prozent.",
            "number_moved",
        ),
        (
            "Die Preise stiegen um 5 Prozent, die Löhne um 2 Prozent.",
            "Die Löhne stiegen um 5 Prozent.",
            "number_moved",
        ),
        (
            "Prices rose by 5 per cent, wages fell by 2 per cent.",
            "Wages fell by 5 per cent.",
            "number_moved",
        ),
        (
            "Die Polizei nahm drei Männer fest, die Kinder blieben unverletzt.",
            "Die Polizei nahm drei Kinder fest.",
            "number_not_in_source",
        ),
        (
            "Die Regierung entließ den Minister nach der Wahl.",
            "Der Minister entließ die Regierung nach der Wahl.",
            "role_changed",
        ),
        (
            "Nach der Wahl lobte der Richter einen Zeugen.",
            "Nach der Wahl lobte den Richter ein Zeugen.",
            "role_changed",
        ),
    ],
)
def test_numbers_and_roles_do_not_change_places(body, lie, reason):
    cited = cited_of(report(body, names=NAMES, language="en" if "wages" in body else "de"))
    assert refused(f"{lie} [1]", cited) == reason
    assert refused(f"{body} [1]", cited) is None


@pytest.mark.parametrize(
    "told",
    [
        "Kanada liefert 35 Boote. [1]",
        "Kanada liefert 120 Lastwagen und 3 Panzer. [1]",
        "Kanada liefert Estland 35 Boote, 120 Lastwagen und 3 Panzer. [1]",
    ],
)
def test_a_row_of_numbers_may_be_shortened(told):
    body = "Kanada liefert Estland 120 Lastwagen, 35 Boote und 3 Panzer."
    assert refused(told, cited_of(report(body, names=NAMES))) is None


def test_two_clauses_with_numbers_may_be_joined_or_told_alone():
    body = "Die Preise stiegen zuletzt wieder um 5 Prozent, die Löhne um 2 Prozent."
    cited = cited_of(report(body))
    assert refused("Die Preise stiegen um 5 Prozent. [1]", cited) is None
    told = "Die Preise stiegen um 5 Prozent und die Löhne um 2 Prozent. [1]"
    assert refused(told, cited) is None


def test_a_denial_is_not_turned_into_a_word():
    body = "Hruby wies den Bericht zurück, dass Kanada Boote liefere."
    cited = cited_of(report(body, names=NAMES))
    assert refused(f"{body} [1]", cited) is None
    assert refused("Hruby sagte, dass Kanada Boote liefere. [1]", cited) == "denial_changed"


def test_a_hedge_is_not_dropped():
    cited = cited_of(report("Kanada liefert Estland angeblich Boote.", names=NAMES))
    assert refused("Kanada liefert Estland Boote. [1]", cited) == "hedge_changed"


def test_quotations_are_verbatim():
    said = [("„Wir geben nicht nach“", "Vogt", "vogt")]
    cited = cited_of(report("„Wir geben nicht nach“, sagte Vogt am Abend.", names=NAMES, said=said))
    assert refused("Vogt sagte: „Wir geben nicht nach.“ [1]", cited) is None
    assert refused("Vogt sagte: „Wir geben jetzt nicht nach.“ [1]", cited) == "quotation_changed"


def test_a_speaker_shown_before_a_sentence_is_named():
    one = report("Er hoffe auf Frieden mit Kanada.", names=NAMES)
    sentence = one.reading.sentences[0]
    shown = cite(one, sentence.start, sentence.end, speaker="Jaroslav Hruby")
    digest = digest_of(one)
    (section,) = digest.sections
    story = replace(section.stories[0].story, sentences=(shown,))
    digest = replace(digest, sections=(replace(section, stories=(DigestStory(story),)),))
    cited = citable(digest, {1: one})
    assert cited[0].text == "Jaroslav Hruby: Er hoffe auf Frieden mit Kanada."
    assert refused("Hruby sagte, er hoffe auf Frieden mit Kanada. [1]", cited) is None
    assert refused("Es gibt Hoffnung auf Frieden mit Kanada. [1]", cited) is not None


def test_every_story_is_told_and_none_with_another():
    one = report("Kanada liefert Estland 120 Lastwagen.", names=NAMES, number=1)
    two = report("Hruby reist am Montag nach Tallinn.", names=NAMES, number=2)
    cited = cited_of(one, two)
    both = "Kanada liefert Estland 120 Lastwagen. [1] Hruby reist nach Tallinn. [2]"
    assert refused(both, cited) is None
    assert refused("Kanada liefert Estland 120 Lastwagen. [1]", cited) == "story_missing"
    mixed = "Kanada liefert Estland 120 Lastwagen, Hruby reist nach Tallinn. [1][2]"
    assert refused(mixed, cited) == "several_stories"


def test_a_text_longer_than_what_it_retells_or_said_twice_is_refused():
    one = "Hruby warnte Norwegen vor einem möglichen Ausfall. [4]"
    assert refused(f"{one} {one}") == "repeats"
    (first, *_) = GERMAN
    longer = f"{first.text[:-1]}, nach Tallinn gereist, nach Tallinn gereist. [1]"
    assert refused(longer, (first,)) == "too_long"
    assert refused("a" * 10_000_000) == "too_long"


@pytest.mark.parametrize(
    "text", ["", "  \n", "[1]", "[1][2]", ".", "Hier ist die Zusammenfassung:"]
)
def test_no_sentence_no_text(text):
    assert refused(text) is not None


def test_an_endless_sentence_is_refused():
    told = [f"Kanada liefert Estland {number} Lastwagen" for number in range(2, 50)]
    cited = cited_of(report(" ".join(f"{one}." for one in told), names=NAMES))
    whole = ", ".join(told) + ". " + "".join(f"[{one.number}]" for one in cited)
    assert refused(whole, cited) == "too_long"
    assert refused(" ".join(f"{one}. [{n}]" for n, one in enumerate(told, 1)), cited) is None


def test_a_revised_or_missing_report_cannot_be_cited():
    one = report(BODY, names=NAMES)
    revised = replace(one, item=replace(one.item, revision=2))
    assert citable(digest_of(one), {1: revised}) == ()
    assert citable(digest_of(one), {}) == ()


def test_the_prompt_holds_each_sentence_with_its_number_and_no_false_ones():
    one = report("Vogt reist „[5] morgen“ nach Tallinn.", names=NAMES)
    digest = digest_of(one)
    task, question = prompt(digest, cited_of(one))
    assert (task["role"], question["role"]) == ("system", "user")
    assert re.findall(r"\[(\d+)\]", question["content"]) == ["1"]
    assert "Testblatt" in question["content"]


def test_what_passed_takes_the_place_of_the_sentences():
    one = report(BODY, names=NAMES, said=SAID)
    digest = digest_of(one)
    told = check(GOOD, GERMAN)
    assert not isinstance(told, Refused)
    sentences = retold(digest, told, GERMAN).sections[0].stories[0].story.sentences
    marked = [one.text.rpartition(" ")[2] for one in sentences]
    assert marked == ["\ue0001\ue001\ue0002\ue001", "\ue0003\ue001", "\ue0004\ue001"]
    assert [s.span for s in sentences] == [GERMAN[n].sentence.span for n in (0, 2, 3)]


# --- Properties ----------------------------------------------------------------------------

OTHER_NAMES = st.text(st.sampled_from("abdefgiklmnoprtuvz"), min_size=4, max_size=12).map(
    str.capitalize
)
PLACES = [m.span() for m in re.finditer(r"\b[A-ZÄÖÜ]\w+", GOOD)]
HELD = {word.casefold()[:4] for one in GERMAN for word in re.findall(r"\w+", one.text)}
FRAMING = {word.casefold()[:4] for word in ("Angaben", "Aussagen", "Worten", "Ansicht")}
"""Nouns that a rewriting may put before who said it."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["Helsinki", "Merkel", "Montag", "NATO", "Ida"])
def test_another_name_in_any_place_is_refused(place, name):
    start, end = place
    assert refused(GOOD[:start] + name + GOOD[end:]) is not None


@given(
    st.sampled_from([place for place in PLACES if GOOD[place[0] - 2 : place[0]].strip("] ")]),
    OTHER_NAMES,
)
def test_another_capitalised_word_anywhere_is_refused(place, name):
    start, end = place
    assume(name.casefold()[:4] not in HELD | FRAMING)
    assert refused(GOOD[:start] + name + GOOD[end:]) is not None


@given(st.integers(0, 10**7))
def test_another_number_is_refused(number):
    assume(number != 120)
    assert refused(GOOD.replace("120", str(number))) is not None


@given(st.permutations(["Vogt", "Kanada", "Norwegen", "Estland", "Hruby"]))
def test_names_that_change_places_are_refused(names):
    text = "Kanada liefert Estland Boote. [1] Hruby warnte Norwegen vor einem Ausfall. [2]"
    swap = dict(zip(["Vogt", "Kanada", "Norwegen", "Estland", "Hruby"], names, strict=True))
    said = re.sub("|".join(swap), lambda found: swap[found.group()], text)
    body = "Kanada liefert Estland Boote. Hruby warnte Norwegen vor einem Ausfall im März."
    cited = cited_of(report(body, names=NAMES))
    assert (refused(said, cited) is None) == (said == text)


@given(st.text(max_size=300))
@example("[" * 300)
@example("a [1]" * 60)
@example("„" * 100 + " [1]")
def test_whatever_comes_is_judged(text):
    found = check(text, GERMAN)
    if not isinstance(found, Refused):
        held = " ".join(one.text for one in GERMAN)
        for one in found:
            assert one.cites
            for digit in re.findall(r"\d+", unicodedata.normalize("NFC", one.text)):
                assert digit in held
