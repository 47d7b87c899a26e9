from __future__ import annotations

import pytest
from pure_reports import report

from digests.standing import as_it_stands, leans, standing

NAMES = {
    (actor, language): name
    for actor, name in (("karin-muster", "Karin Muster"), ("tom-probe", "Tom Probe"))
    for language in ("de", "en")
}


def shown(body, n=0, **made):
    """What is shown of the sentence at place ``n``: lead, speaker and text, or None."""
    one = report(body, **made)
    found = standing(one, one.reading.sentences[n], NAMES)
    if found is None:
        return None
    return found.lead, found.speaker, one.item.text[found.start : found.end]


PLAIN = "Die Ministerin Karin Muster hat den Haushalt für das Jahr vorgestellt."


def test_a_sentence_that_says_all_stands_as_it_is():
    assert shown(PLAIN) == ("", None, PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "Damit endet ein langer Streit zwischen den beiden Ländern.",
        "Auch dies blieb am Ende der Woche ohne jede Folge.",
        "Dies teilte die Behörde in Kassel am Abend schriftlich mit.",
        "Demnach sollen zwölf Schiffe in den Hafen verlegt werden.",
        "Das Treffen sei gut verlaufen und werde bald wiederholt.",
        "Tags zuvor hatte die Regierung in Wien anders entschieden.",
        "Sie hatten sich am Rande der Messe lange unterhalten.",
        "Seine Partei verlor in allen Landkreisen deutlich an Stimmen.",
        "Im Hafen trafen sie am Abend auf die alte Mannschaft.",
        "Noch einmal: Wir werden diesen Weg nicht weiter mitgehen.",
        "Gleiches gilt nach der neuen Ordnung auch für die Häfen.",
        "Ähnlich äußerte sich am Abend die Vorsitzende der Werft.",
        "Es handle sich um zwölf Kisten aus dem alten Lager.",
        "Ende der Durchsage.",
        "und am Ende kam es dann doch noch ganz anders als gedacht.",
        "Der Zug aus Hamburg hielt am Abend in Hannover und dann",
        "Mehr dazu lesen Sie unter https://example.org am Abend.",
        "Wir reisen morgen nach Kassel, und alle kommen mit — Tom Probe (@probe) 8. Januar.",
        "Es freut uns sehr, dass so viele gekommen sind pic.twitter.com/abc8. Januar in Kassel.",
        "Es bestehe die Gefahr eines neuen Streits, hieß es.",
        "(Siehe dazu auch die anderen Meldungen dieser Woche.)",
    ],
)
def test_what_leans_on_another_sentence_or_is_none_is_not_shown(text):
    assert shown(f"{text}\n\n{PLAIN}") is None


@pytest.mark.parametrize(
    "dateline",
    ["Kassel (dpa) - ", "KASSEL/WIEN, 3. März (dpa/lhe) – ", "Von Tom Probe Wien (Reuters) -- "],
)
def test_an_agency_s_dateline_is_cut(dateline):
    assert shown(dateline + PLAIN) == ("", None, PLAIN)


def test_what_leans_is_not_shown_for_its_dateline():
    assert (
        shown("Kassel (dpa) - Damit endet ein langer Streit zwischen den beiden Ländern.") is None
    )


def test_an_agency_in_brackets_within_a_sentence_is_no_dateline():
    text = "Die Agentur (dpa) meldete am Abend einen Brand in der Altstadt von Kassel."
    assert shown(text) == ("", None, text)


def test_headings_are_not_shown():
    assert shown(PLAIN, title="Ministerin stellt den Haushalt für das Jahr vor") is None


@pytest.mark.parametrize(
    "text",
    [
        "Der Einsatz von Minen ist in vielen Ländern der Welt verboten.",
        "Das Treffen der Außenminister in Prag dauerte bis in die Nacht.",
        "Solingen trauert um die Opfer des Brandes in der Altstadt.",
        "Daniel Probe führt ab Montag den Verband der Imker.",
    ],
)
def test_what_only_looks_like_leaning_is_shown(text):
    assert shown(text) is not None


def test_a_pronoun_is_shown_with_the_name_it_stands_for():
    text = "Er legte am Abend in Kassel sein Amt nieder."
    assert shown(text, pronouns=[("Er legte", "tom-probe")]) == ("Tom Probe", None, text)
    assert shown(text, pronouns=[("Er legte", "unbekannt")]) is None


def test_a_pronoun_further_on_needs_its_name_too():
    text = "Am Montag legte er in Kassel überraschend sein Amt nieder."
    assert shown(text) is None
    assert shown(text, pronouns=[("er in", "tom-probe")])[0] == "Tom Probe"
    named = "Tom Probes Wahlsieg bringt ihm in Kassel wenig Freunde ein."
    assert shown(named, names={"Tom Probes": "tom-probe"}) is not None
    another = "Nach dem Treffen mit Tom Probe sprach er noch lange mit den Gästen."
    assert shown(another, names={"Tom Probe": "tom-probe"}) is None


def test_a_role_is_shown_with_the_name_unless_it_is_named():
    text = "Am Montag hatte die Ministerin den Haushalt vorgestellt."
    roles = {"Ministerin": "karin-muster"}
    assert shown(text, roles=roles)[0] == "Karin Muster"
    assert shown(PLAIN, roles=roles, names={"Karin Muster": "karin-muster"})[0] == ""


def test_an_office_that_is_the_name_needs_none():
    text = "Die Karin zeigt sich zum neuen Jahr als Freundin der Armen in der Stadt."
    assert shown(text, roles={"Die Karin": "karin-muster"})[0] == ""


def test_a_name_that_nobody_gave_is_taken_from_the_report():
    text = "Die Reise von Ada Neumann begann. Sie sprach danach lange mit den Gästen in Kassel."
    made = {"names": {"Ada Neumann": "ada"}, "pronouns": [("Sie sprach", "ada")]}
    assert shown(text, 1, **made)[0] == "Ada Neumann"


class TestClaims:
    SAID = "Die Kosten der Bahn seien im vergangenen Jahr gestiegen."

    def test_a_claim_is_shown_with_its_speaker(self):
        text = f"Karin Muster sprach. {self.SAID}"
        told = shown(text, 1, said=[(self.SAID, "Karin Muster", "karin-muster")])
        assert told == ("", "Karin Muster", self.SAID)

    def test_a_claim_of_somebody_without_an_id_is_shown_with_the_words_for_him(self):
        text = f"Ein Sprecher der Werft nannte Zahlen. {self.SAID}"
        told = shown(text, 1, said=[(self.SAID, "Ein Sprecher der Werft", None, "nannte")])
        assert told[1] == "Ein Sprecher der Werft"

    def test_who_spoke_nowhere_and_has_no_id_is_no_speaker(self):
        text = f"Die Brücke ist seit Montag gesperrt. {self.SAID}"
        assert shown(text, 1, said=[(self.SAID, "Die Brücke", None)]) is None
        spoken = ("Zahlen", "Die Bahn", None, "nannte")
        text = f"Die Bahn nannte Zahlen. {self.SAID}"
        assert shown(text, 1, said=[(self.SAID, "Die Bahn", None), spoken])[1] == "Die Bahn"

    @pytest.mark.parametrize(
        ("before", "speaker", "cue", "named"),
        [
            ("Nach Angaben der Polizei stieg etwas.", "der Polizei", "Nach Angaben", "Die Polizei"),
            ("Nach Angaben des Amtes stieg etwas.", "des Amtes", "Nach Angaben", None),
            ("Nach Angaben der neuen Leitung stieg etwas.", "der neuen Leitung", "Nach", None),
            ("Fachleuten zufolge stieg etwas.", "Fachleuten", "zufolge", None),
            ("Seiner Rechnung zufolge stieg etwas.", "Seiner Rechnung", "zufolge", None),
            ("Am Abend sagte der Wirt etwas.", "der Wirt", "sagte", "Der Wirt"),
        ],
    )
    def test_a_source_is_named_as_a_subject_or_not_at_all(self, before, speaker, cue, named):
        told = shown(f"{before} {self.SAID}", 1, said=[(self.SAID, speaker, None, cue)])
        assert (told and told[1]) == named

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Aus Kassel verlautete, das Geld der Bahn sei weg.", "das Geld der Bahn sei weg"),
            (
                "Der Wirt zeigte einen Zettel: „Das Geld der Bahn ist weg.“",
                "„Das Geld der Bahn ist weg.“",
            ),
        ],
    )
    def test_what_opens_in_the_report_s_words_is_not_said_by_who_spoke_before(self, text, message):
        made = {"said": [(message, "Karin Muster", "karin-muster")]}
        assert shown(f"Karin Muster sprach. {text}", 1, **made) is None

    def test_a_claim_of_nobody_is_not_shown(self):
        assert shown(self.SAID, said=[(self.SAID, None, None)]) is None

    def test_a_claim_that_no_statement_covers_is_known_by_its_mood(self):
        assert shown("Kassel habe für das Fest kein Geld mehr übrig.") is None
        assert shown("Die Wirte hätten am Vortag die Tore zum Hafen geöffnet.") is None

    @pytest.mark.parametrize(
        "text",
        [
            "Mit mehr Geld hätten die Wirte sonst auch im Winter geöffnet.",
            "Ein Fest wäre teuer, die Wirte hätten den Schaden.",
            "Beinahe hätten die Wirte die Tore zum Hafen nicht geöffnet.",
            "Die Wirte teilten mit, sie hätten die Tore zum Hafen geöffnet.",
            "Laut Muster würden die Tore zum Hafen am Abend geöffnet.",
        ],
    )
    def test_a_mood_that_has_another_reason_makes_no_claim(self, text):
        assert shown(text) is not None

    @pytest.mark.parametrize(
        "text",
        [
            "Kassel habe kein Geld mehr für das Fest, sagte Tom Probe.",
            "Tom Probe behauptet, Kassel habe kein Geld mehr für das Fest.",
        ],
    )
    def test_a_sentence_that_names_its_speaker_needs_no_other(self, text):
        message = "Kassel habe kein Geld mehr für das Fest"
        said = [(message, "Tom Probe", "tom-probe")]
        assert shown(text, said=said, names={"Tom Probe": "tom-probe"}) == ("", None, text)

    def test_a_pronoun_for_the_speaker_is_not_enough(self):
        text = "Kassel habe kein Geld mehr für das Fest, sagte er."
        message = text.split(", sagte", maxsplit=1)[0]
        assert shown(text, said=[(message, "er", "tom-probe")])[1] == "Tom Probe"
        assert shown(text, said=[(message, "er", None)]) is None

    @pytest.mark.parametrize(
        "text",
        [
            "Nach eigenen Angaben will er im Herbst noch einmal antreten.",
            "Im Mai kündigte er in Kassel seine Kandidatur an.",
        ],
    )
    def test_a_pronoun_within_what_is_told_has_its_name_in_brackets(self, text):
        told = shown(text, said=[(text.removeprefix("Nach eigenen Angaben "), "er", "tom-probe")])
        assert told == ("Tom Probe", None, text)

    def test_a_source_in_an_oblique_case_is_not_quoted(self):
        text = f"Aus Kreisen der Werft kam Kritik. {self.SAID}"
        assert shown(text, 1, said=[(self.SAID, "Kreisen der Werft", None)]) is None


class TestQuotations:
    BODY = "Karin Muster warnte. „Wir haben noch viel vor uns. Das dauert sicher viele Jahre.“"
    SAID = (BODY.split("warnte. ")[1], "Karin Muster", "karin-muster")

    def test_a_sentence_of_a_quotation_is_shown_with_the_whole(self):
        told = shown(self.BODY, 1, said=[self.SAID])
        assert told == ("", "Karin Muster", self.SAID[0])
        assert shown(self.BODY, 2, said=[self.SAID]) == told

    def test_without_a_statement_an_open_quotation_is_not_shown(self):
        assert shown(self.BODY, 1) is None
        assert shown(self.BODY, 2) is None

    def test_a_bare_quotation_of_nobody_is_not_shown(self):
        assert shown("„Wir haben in dieser Sache noch sehr viel vor uns.“") is None

    def test_a_quotation_too_long_to_show_is_left_out(self):
        quote = "„" + "Wir haben in dieser Sache noch sehr viel vor uns. " * 12 + "Ja doch.“"
        body = f"Karin Muster warnte. {quote}"
        assert shown(body, 3, said=[(quote, "Karin Muster", "karin-muster")]) is None

    def test_words_in_marks_within_a_sentence_are_shown(self):
        text = "Tom Probe nannte den Plan „mutig und richtig“ und warb um Stimmen."
        assert shown(text) == ("", None, text)


def test_plain_sentences_read_better_than_those_that_join_or_run_on():
    def quality(text):
        one = report(text)
        return standing(one, one.reading.sentences[0]).quality

    plain = "Die Regierung in Wien hat den Haushalt beschlossen."
    assert quality(plain) > quality(f"Zudem {plain[0].lower()}{plain[1:]}")
    assert quality(plain) > quality(plain.replace("hat", "hat aber"))
    assert quality(plain) > 2 * quality(plain.replace("beschlossen", "ist beschlossen"))
    assert quality(plain) < 2 * quality(plain.replace("hat", "hat, wie es war,"))
    assert quality(plain) > quality(plain[:-1] + ", mit vielen Worten" * 9 + ".")


def test_english_sentences_are_held_to_the_same():
    def told(text, **made):
        return shown(text, language="en", **made)

    assert told("The government in Vienna has passed the budget.") is not None
    assert told("The meeting ended late without any result at all.") is None
    assert told("He resigned in the evening after a long debate.") is None
    assert (
        told("He resigned in the evening.", pronouns=[("He resigned", "tom-probe")]) is None
    )  # too short
    assert told(
        "He resigned in the evening after a debate.", pronouns=[("He resigned", "tom-probe")]
    )[0] == ("Tom Probe")


class TestReadingOnesOwnName:
    """What reads badly or wrongly beside a name that stands in the sentence."""

    def test_who_is_told_of_by_name_needs_no_name_before_it(self):
        text = "Nach Karin Musters Plan soll der Hafen „bis zum Herbst“ geöffnet werden."
        made = {"names": {"Karin Muster": "karin-muster", "Karin Musters": "karin-muster"}}
        said = [("soll der Hafen „bis zum Herbst“ geöffnet werden", None, "karin-muster")]
        assert shown(text, said=said, **made) == ("", None, text)

    def test_a_claim_about_oneself_keeps_its_speaker(self):
        text = "Karin Muster werde im Herbst nicht noch einmal antreten."
        made = {"names": {"Karin Muster": "karin-muster"}}
        told = shown(text, said=[(text, None, "karin-muster")], **made)
        assert told[1] == "Karin Muster"

    def test_the_name_within_a_quotation_tells_of_nobody(self):
        text = "„Ich heiße Karin Muster und gehe auch im Herbst nicht in Rente.“"
        made = {"names": {"Karin Muster": "karin-muster"}}
        told = shown(text, said=[(text, None, "karin-muster")], **made)
        assert told[1] == "Karin Muster"

    def test_a_name_in_quotation_marks_makes_no_claim_of_a_sentence(self):
        text = "Er kam am Abend als Gast zum „Tag der See“ nach Kiel."
        said = [("Er kam am Abend als Gast zum „Tag der See“", None, "tom-probe")]
        told = shown(text, said=said, pronouns=[("Er kam", "tom-probe")])
        assert told == ("Tom Probe", None, text)

    def test_words_for_what_was_said_are_no_speaker(self):
        text = "Die Kosten der Bahn seien im vergangenen Jahr gestiegen."
        body = f"Es gab Äußerungen aus der Werft. {text}"
        assert shown(body, 1, said=[(text, "Äußerungen aus der Werft", None)]) is None
        body = f"Dann sprach die Werftleitung. {text}"
        told = shown(body, 1, said=[(text, "die Werftleitung", None, "sprach")])
        assert told[1] == "Die Werftleitung"


@pytest.mark.parametrize(
    "text",
    [
        "Der Gast reiste am Abend in die Residenz des Ministers an der Oder ab.",
        "Am Montag sprachen die Gäste mit dem Minister über den Haushalt.",
        "Der Fachmann lobte: „Heute hat der Minister alles richtig gemacht.“",
        "Die Minister-Limousine stand am Abend in einer Garage in Kassel.",
    ],
)
def test_an_office_that_is_not_the_subject_needs_no_name_before_the_sentence(text):
    roles = {"Minister": "tom-probe", "Ministers": "tom-probe"}
    assert shown(text, roles=roles)[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "Das berichtet eine Zeitung aus Kassel in ihrer heutigen Ausgabe.",
        "Das beschloss am Montag das Landgericht in Kassel nach kurzer Anhörung.",
        "Der Preis stieg um drei Prozent.Händler in Kassel sind erfreut.",
        "(ABC) am Abend in ganz Hessen vor dem Sturm warnen, der naht.",
    ],
)
def test_what_refers_back_or_is_badly_cut_is_not_shown(text):
    assert shown(f"{text}\n\n{PLAIN}") is None


@pytest.mark.parametrize(
    "text",
    [
        "Das gut besuchte Fest in Kassel endete am Abend mit einem Feuerwerk.",
        "(ABC) Händler in Kassel sind mit dem Weihnachtsgeschäft sehr zufrieden.",
    ],
)
def test_what_only_looks_so_is_shown(text):
    assert shown(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Karin Muster hat das Papier im Jahr 2005 ratifiziert.",
        "Mit fast sieben Prozent Vorsprung setzte er sich am Ende durch.",
        "Was der Minister plant, geht weiter als alles, was wir kritisiert haben.",
        "Meiner Meinung nach hat die Stadt ich weiß nicht wie viel Geld.",
    ],
)
def test_what_only_its_report_explains_is_not_shown(text):
    assert shown(text, names={"Karin Muster": "karin-muster"}) is None


@pytest.mark.parametrize(
    "text",
    [
        "Karin Muster hat das Papier der Bauern im Jahr 2005 ratifiziert.",
        "Karin Muster sagte in Wien: „Wir haben das alles so nie gewollt.“",
        "Nach dem Spiel gegen Wien, in dem er traf, ging Tom Probe vom Platz.",
    ],
)
def test_what_says_which_and_who_is_shown(text):
    assert shown(text, names={"Karin Muster": "karin-muster", "Tom Probe": "tom-probe"})


def test_what_joins_within_the_sentence_reads_less_well():
    joined = PLAIN.replace("hat den", "hat indes den")
    one, other = report(PLAIN), report(joined)
    plain, joins = (standing(r, r.reading.sentences[0]) for r in (one, other))
    assert plain.quality > joins.quality


def test_leaning_is_told_by_the_opening_but_for_a_pronoun():
    assert leans("Diesen Vorgaben entspricht der Entwurf nicht.", "de")
    assert not leans("Er machte deutlich, dass er bleibt.", "de")
    assert not leans(PLAIN, "de")


def test_a_sentence_asked_for_by_its_words_is_cited_with_its_speaker():
    text = "Damit habe niemand gerechnet, sei es doch Sommer."
    one = report(
        f"Karin Muster sprach. {text}",
        names={"Karin Muster": "karin-muster"},
        said=[(text, None, "karin-muster")],
    )
    cited = as_it_stands(one, one.reading.sentences[1], NAMES)
    assert (cited.speaker, cited.text) == ("Karin Muster", text)


BEFORE = "Ein Segelboot ist vor Rügen auf Grund gelaufen. "


@pytest.mark.parametrize(
    "text",
    [
        "Das Segelboot war erst am Vormittag aus dem Hafen gefahren.",
        "Das kleine Segelboot lag am Abend noch immer auf der Sandbank.",
        "Bei dem Segelboot handelt es sich um ein Schiff aus dem Jahr.",
        "Die Absender wollten in den nächsten Tagen noch mehr verschicken.",
        "Als Grund dafür nannten dies die Fischer am Hafen von Sassnitz.",
        "Fischer am Hafen schildern diesen Hergang ganz anders als die Gäste.",
        "Bereits drei Jahre zuvor hatte die Stadt den alten Hafen geschlossen.",
        "Die Veranstaltung lockte am Abend viele Gäste nach Sassnitz.",
        "Gerade jene hatten am Anfang den größten Anteil an dem Geschäft.",
        "Fischer am Hafen sprachen in dem bereits erwähnten Film davon.",
        "Seit dem Frühjahr steht in Sassnitz am Hafen nur noch er allein.",
        "Hinzu kommt ein Schaden von mehreren zehntausend Euro am Kai.",
        "Die Linke kam auf 9,8 Prozent; sonstige auf 6,2 Prozent der Stimmen.",
    ],
)
def test_what_means_something_told_before_is_not_shown(text):
    assert shown(BEFORE + text, n=1) is None


@pytest.mark.parametrize(
    "text",
    [
        "Die Polizei hat die Straße zum Hafen von Sassnitz gesperrt.",
        "Die Besitzer des Hafens von Sassnitz wollen bald alles verkaufen.",
        "Am Montag soll ein Schlepper aus Stralsund vor Rügen eintreffen.",
        "In der Nacht zum Montag ist vor Rügen ein Sturm aufgezogen.",
        "Die älteste Werft der Insel hat im Winter drei Boote gebaut.",
        "Fischer am Hafen wollen in diesem Jahr wieder Feste feiern.",
        "Fischer am Hafen lobten jene Gäste, die ihnen geholfen haben.",
        "Der Fahrplan, den die Reederei vorgelegt hat, gilt ab Mai.",
    ],
)
def test_what_says_which_it_means_is_shown(text):
    assert shown(BEFORE + text, n=1) is not None


def test_a_definite_noun_stands_at_the_beginning_of_a_report():
    text = "Das Segelboot war erst am Vormittag aus dem Hafen gefahren."
    assert shown(text) is not None


def test_a_definite_compound_that_nothing_was_told_of_stands_but_reads_less_well():
    def quality(text):
        one = report(BEFORE + text)
        return standing(one, one.reading.sentences[1]).quality

    plain = "Ein Friedensnobelpreis geht an eine Frau aus Rügen in diesem Winter."
    definite = "Der Friedensnobelpreis geht an eine Frau aus Rügen in diesem Winter."
    assert 0 < quality(definite) < quality(plain)


def test_quotation_marks_in_the_first_words_do_no_harm():
    text = "Das „Alte“ Schreiben hatte in Kassel seit Jahren niemand mehr gelesen."
    assert shown(text) is None
    assert shown("Der „Alte“ Karl sprach am Montag lange mit den Gästen in Kassel.") is not None
