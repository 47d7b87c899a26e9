from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pure_reports import report

from digests.timeline import timeline
from digests.types import UNDATED, ActorKind, PartialDate, Published, Timex, TimexType
from digests.words import stem

NAMES = {"Ada Neumann": "ada", "Tom Probe": "tom"}


def dated(body, dates, number=1, published=None, **more):
    published = Published.on(2022, 5, 20) if published is None else published
    return report(
        body, number=number, dates=dates, published=published, **({"names": NAMES} | more)
    )


REPORTS = [
    dated(
        "Ada Neumann hat am 19. Mai 2022 die Wahl zur Präsidentin gewonnen. "
        "Schon 2014 hatte Ada Neumann den Vorsitz der Partei übernommen. "
        "Tom Probe war am 3. März 2021 aus dem Vorstand der Bank ausgeschieden.",
        {"19. Mai": "2022-05-19", "2014": "2014", "3. März": "2021-03-03"},
        number=1,
    ),
    dated(
        "Nach ihrem Sieg vom 19. Mai bildet Ada Neumann eine Regierung mit den Grünen. "
        "Im Januar 2016 war Ada Neumann an der Spitze der Liste angetreten.",
        {"19. Mai": "2022-05-19", "Januar 2016": "2016-01"},
        number=2,
        published=Published.on(2022, 5, 25),
    ),
]


def dates(entries):
    return [str(entry.date) for entry in entries]


def test_dates_are_those_the_text_speaks_of_with_their_precision_in_order():
    entries = timeline(REPORTS, actor="ada")
    assert dates(entries) == ["2014", "2016-01", "2022-05-19"]
    assert all("Ada Neumann" in cited.text for entry in entries for cited in entry.sentences)


def test_the_most_told_date_is_chosen_first():
    assert dates(timeline(REPORTS, actor="ada", limit=1)) == ["2022-05-19"]


def test_of_words_and_an_actor_dates_are_those_of_the_words():
    body = (
        "Am 3. Mai verlor Ada Neumann in der Hauptstadt eine Wahl. "
        "Am 9. Mai beschloss der Rat einen Zoll auf Getreide. "
        "Am 12. Mai verlangte Ada Neumann einen Zoll auf Zucker. "
    ) + "Der Regen fiel weiter auf die Straßen der Stadt. " * 9
    told = {"3. Mai": "2022-05-03", "9. Mai": "2022-05-09", "12. Mai": "2022-05-12"}
    entries = timeline([dated(body, told)], also="ada", stems=["zoll"])
    assert dates(entries) == ["2022-05-09", "2022-05-12"]


def test_days_only_leaves_out_the_vague():
    assert dates(timeline(REPORTS, actor="ada", days_only=True)) == ["2022-05-19"]


def test_the_third_sentence_of_a_report_can_be_shown_for_its_day():
    body = (
        "Ada Neumann reist. Ada Neumann spricht. "
        "Ada Neumann hat in Wien das neue Museum mit einer Rede eröffnet. "
        "Ada Neumann hat danach in Graz noch eine alte Brücke besucht."
    )
    found = timeline([dated(body, {})], actor="ada", sentences=3)
    assert [cited.text.split()[6] for cited in found[0].sentences] == ["neue"]


def test_what_a_report_goes_on_to_tell_says_which_of_its_news_matters():
    museum = "Ada Neumann hat in Wien das neue Museum mit einer Rede eröffnet. "
    bridge = "Ada Neumann hat in Graz die alte Brücke über die Mur besucht. "
    further = (
        "Ada Neumann will die alte Brücke in Graz nun sanieren lassen. "
        "Ada Neumann nannte die Brücke über die Mur ein Denkmal für Graz. "
        "Ada Neumann will die Brücke in Graz auch für Fahrräder öffnen. "
    )
    brief, long = (
        timeline([dated(museum + bridge + more, {})], actor="ada") for more in ("", further)
    )
    assert [cited.text for cited in brief[0].sentences] == [museum.strip()]
    assert [cited.text for cited in long[0].sentences] == [bridge.strip()]


def test_another_target_has_other_dates():
    assert dates(timeline(REPORTS[:1], actor="tom")) == ["2021-03-03"]
    stems = [stem("Regierung", "de")]
    assert "2022-05-19" in dates(timeline(REPORTS, stems=stems))


def test_a_date_that_no_sentence_about_a_passing_target_speaks_of_is_left_out():
    body = "Tom Probe kam spät. " + "Die Regierung tagte am 1. Juni 2020 in Wien. " * 9
    passing = dated(body, {"1. Juni": "2020-06-01"}, published=Published.on(2022))
    assert timeline([passing], actor="tom") == ()


def test_a_window_keeps_to_its_ends_as_far_as_precision_tells():
    window = {"since": PartialDate(2014, 6), "until": PartialDate(2016)}
    assert dates(timeline(REPORTS, actor="ada", **window)) == ["2014", "2016-01"]
    assert dates(timeline(REPORTS, actor="ada", since=PartialDate(2022, 5, 20))) == []


def test_news_without_a_date_of_its_own_is_of_the_day_of_publication():
    body = "Ada Neumann hat in Wien den Grundstein für das neue Museum gelegt."
    assert dates(timeline([dated(body, {})], actor="ada")) == ["2022-05-20"]
    for vague in (Published.on(2022, 5), Published.on(2022), UNDATED):
        assert timeline([dated(body, {}, published=vague)], actor="ada") == ()


def test_a_weekday_in_a_report_of_which_only_the_month_is_known_is_of_that_month():
    body = (
        "Am Dienstag hat Ada Neumann in Wien den Grundstein gelegt. "
        "Ada Neumann war als Kind oft in dem alten Museum."
    )
    weekday = Timex(0, len("Am Dienstag"), TimexType.DATE, "")
    for published, wanted in ((Published.on(2022, 5), ["2022-05"]), (Published.on(2022), [])):
        one = dated(body, {}, published=published)
        one = replace(one, reading=replace(one.reading, timexes=(weekday,)))
        entries = timeline([one], actor="ada")
        assert dates(entries) == wanted
        assert all(cited.text.startswith("Am") for entry in entries for cited in entry.sentences)


def test_news_is_of_the_recent_day_its_opening_speaks_of():
    body = (
        "Ada Neumann hat in Wien den Grundstein für das neue Museum gelegt. "
        "Am Donnerstag kamen zur Feier mit Ada Neumann auch viele Kinder."
    )
    entries = timeline([dated(body, {"Donnerstag": "2022-05-19"})], actor="ada", sentences=2)
    assert dates(entries) == ["2022-05-19"]
    assert len(entries[0].sentences) == 2


def test_of_two_dates_in_a_sentence_the_exact_one_counts():
    body = "Im Jahr 2014, am 18. März, sprach Ada Neumann vor dem Rat in Genf."
    one = dated(body, {"2014": "2014", "18. März": "2014-03-18"})
    assert dates(timeline([one], actor="ada")) == ["2014-03-18"]


def test_no_sentence_is_shown_twice():
    body = "Ada Neumann war am 3. Mai und am 4. Mai 2022 zu Gast in Paris und London."
    one = dated(body, {"3. Mai": "2022-05-03", "4. Mai": "2022-05-04"})
    assert len(timeline([one], actor="ada")) == 1


def test_of_numbers_for_the_same_the_later_report_is_shown():
    reports = [
        dated(
            f"Bei dem Brand am 19. Mai hat Ada Neumann mindestens {number} Häuser verloren.",
            {"19. Mai": "2022-05-19"},
            number=place,
            published=Published.on(2022, 5, 20 + place),
        )
        for place, number in enumerate(("neun", "zehn", "zwölf"))
    ]
    for given_in in (reports, reports[::-1]):
        ((shown,),) = (entry.sentences for entry in timeline(given_in, actor="ada", sentences=3))
        assert "zwölf" in shown.text


def test_two_actors_together_come_first():
    body = (
        "Ada Neumann sprach am 1. Mai 2022 allein vor dem Parlament in Wien. "
        "Ada Neumann und Tom Probe trafen sich am 5. Mai 2022 in Kassel."
    )
    one = dated(body, {"1. Mai": "2022-05-01", "5. Mai": "2022-05-05"})
    assert dates(timeline([one], actor="ada", also="tom", limit=1)) == ["2022-05-05"]


def test_the_first_and_last_days_of_the_calendar_do_no_harm():
    body = "Ada Neumann nannte den 1. Januar 1 und den 31. Dezember 9999 als Grenzen der Zeit."
    one = dated(body, {"1. Januar": "0001-01-01", "31. Dezember": "9999-12-31"})
    assert len(timeline([one], actor="ada")) == 1


days = st.sampled_from(["2022", "2022-01", "2022-01-21", "2021-12-31", "2022-01-20", "2014"])
stories = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "Ada Neumann traf den Rat in Genf zu einem langen Gespräch.",
                "Die Regierung in Wien hat den Haushalt beschlossen.",
                "Damit endet der Streit um den Hafen von Triest.",
                "Tom Probe und Ada Neumann eröffneten die Messe in Kassel.",
            ]
        ),
        days,
    ),
    max_size=6,
)


@given(st.lists(stories, max_size=4), st.integers(0, 4), st.integers(1, 2))
@settings(max_examples=100, deadline=None)
def test_timelines_are_short_sorted_and_cited(told, limit, sentences):
    reports = [
        dated(
            " ".join(f"{text} ({n}{k})." for k, (text, _) in enumerate(parts)),
            {f"({n}{k})": day for k, (_, day) in enumerate(parts)},
            number=n,
        )
        for n, parts in enumerate(told, 1)
    ]
    entries = timeline(reports, actor="ada", limit=limit, sentences=sentences)
    assert len(entries) <= limit
    assert list(entries) == sorted(entries, key=lambda entry: entry.date)
    assert len({entry.date for entry in entries}) == len(entries)
    spans = [cited.span for entry in entries for cited in entry.sentences]
    assert len(spans) == len(set(spans))
    by_id = {one.item.id: one.item for one in reports}
    for entry in entries:
        assert 1 <= len(entry.sentences) <= sentences
        for cited in entry.sentences:
            assert cited.text == by_id[cited.span.item].text[cited.span.start : cited.span.end]
    assert entries == timeline(reports, actor="ada", limit=limit, sentences=sentences)


def year(body, word, value):
    """A report with a sentence that speaks of a year, as a reader would find it."""
    made = dated(body, {word: value})
    start = made.item.text.index(word)
    spoken = Timex(start, start + len(word), TimexType.DATE, value)
    return replace(made, reading=replace(made.reading, timexes=(spoken,)))


def test_a_year_that_only_measures_is_no_event():
    told = "Ada Neumann verglich die Lage im Land offen mit der vor 1933."
    assert timeline([year(told, "1933", "1933")], actor="ada", until=PartialDate(2000)) == ()
    told = "Ada Neumann verkaufte doppelt so viele Bücher wie 2009."
    assert "2009" not in dates(timeline([year(told, "2009", "2009")], actor="ada"))
    told = "Ada Neumann gewann schon 2009 die Wahl in ihrem Landkreis."
    assert "2009" in dates(timeline([year(told, "2009", "2009")], actor="ada"))


def test_a_year_of_a_person_is_told_only_by_a_sentence_about_the_person():
    body = (
        "Ada Neumann, 2011 noch dabei, und niemand. "
        "Der Konzern hat 2011 zwölf Milliarden Euro Verlust gemacht."
    )
    made = dated(body, {"2011 noch": "2011", "2011 zwölf": "2011"})
    for entry in timeline([made], actor="ada"):
        assert all("Konzern" not in one.text for one in entry.sentences)


def test_a_report_that_only_happens_to_name_two_actors_is_left_out_for_both():
    together = dated(
        "Ada Neumann traf am 1. Juni 2022 Tom Probe in Wien.", {"1. Juni": "2022-06-01"}
    )
    apart = dated(
        "Ada Neumann kam am 5. Juni 2022 nach Graz. "
        + "Es regnete in Graz sehr. " * 9
        + "Tom Probe blieb zu Hause.",
        {"5. Juni": "2022-06-05"},
        number=2,
    )
    assert dates(timeline([together, apart], actor="ada", also="tom")) == ["2022-06-01"]
    assert dates(timeline([apart], actor="ada", also="tom")) == ["2022-06-05"]


def test_a_year_that_is_only_the_report_s_own_or_part_of_a_name_is_no_event():
    this = dated(
        "Ada Neumann bekommt in diesem Jahr den Preis der Stadt Kassel.", {"diesem Jahr": "2022"}
    )
    this = replace(this, reading=replace(this.reading, timexes=(_timex(this, "diesem Jahr"),)))
    assert dates(timeline([this], actor="ada")) == ["2022-05-20"]
    told = "Ada Neumann hat den Einsatz der Wehr bei der Fußball-WM 2006 abgelehnt."
    assert "2006" not in dates(timeline([year(told, "2006", "2006")], actor="ada"))


def _timex(one, words):
    start = one.item.text.index(words)
    return Timex(start, start + len(words), TimexType.DATE, "2022")


def of_state(one):
    """The report with all whom it names states."""
    mentions = tuple(replace(m, kind=ActorKind.STATE) for m in one.reading.mentions)
    return replace(one, reading=replace(one.reading, mentions=mentions))


def test_a_state_s_dates_are_those_on_which_it_acts_before_those_it_is_the_place_of():
    acting = dated(
        "Polen hat am 3. Mai 2022 die Grenze geschlossen.",
        {"3. Mai": "2022-05-03"},
        names={"Polen": "polen"},
    )
    where = dated(
        "In Polen ist am 9. Mai 2022 ein Zug entgleist.",
        {"9. Mai": "2022-05-09"},
        number=2,
        names={"Polen": "polen"},
    )
    reports = [of_state(acting), of_state(where)]
    assert dates(timeline(reports, actor="polen", limit=1)) == ["2022-05-03"]
    assert dates(timeline(reports, actor="polen")) == ["2022-05-03", "2022-05-09"]


def test_a_date_of_a_state_is_not_told_by_what_a_report_says_of_others():
    one = dated(
        "Polen hat Fahrräder bestellt. Polen wartet. Es wird lange dauern. Polen hofft noch. "
        "Spaniens Gericht hatte am 25. März 2022 die Wahl für ungültig erklärt.",
        {"25. März": "2022-03-25"},
        names={"Polen": "polen"},
    )
    assert "2022-03-25" not in dates(timeline([of_state(one)], actor="polen"))


def test_of_many_reports_the_dates_weigh_as_often_as_all_tell_of_them():
    march = [day for day in dates(timeline(REPORTS, actor="ada", limit=1)) if day]
    assert march == ["2022-05-19"]
    told = {PartialDate(2014): 80, PartialDate(2022, 5, 19): 2}
    assert dates(timeline(REPORTS, actor="ada", limit=1, told=told)) == ["2014"]


def test_a_day_is_not_told_by_what_calls_a_later_one_today():
    told = "Ada Neumann hat heute den Termin für die erste Wahl seit dem Brand am 3. März genannt. "
    made = dated(told, {"3. März": "2021-03-03", "heute": "2022-05-20"})
    start = told.index("heute")
    today = Timex(start, start + len("heute"), TimexType.DATE, "2022-05-20")
    made = replace(made, reading=replace(made.reading, timexes=(today,)))
    assert dates(timeline([made], actor="ada")) == ["2022-05-20"]


def test_a_report_that_names_a_person_by_office_alone_tells_no_date_of_the_person():
    made = dated(
        "Die Präsidentin steht seit dem 3. März 2021 protokollarisch an erster Stelle im Land.",
        {"3. März": "2021-03-03"},
        names={},
        roles={"Die Präsidentin": "ada"},
    )
    assert timeline([made], actor="ada") == ()


def test_a_date_that_only_tells_which_is_meant_is_no_event_unless_it_is_news():
    def told(words, date):
        text = f"Ada Neumann hat den {words} verurteilten Maler aus Kassel am Abend begnadigt."
        made = dated(text, {words: date})
        start = text.index(words[3:])
        named = Timex(start, start + len(words) - 3, TimexType.DATE, date)
        made = replace(made, reading=replace(made.reading, timexes=(named,)))
        return dates(timeline([made], actor="ada"))

    assert told("am 29. März 2021", "2021-03-29") == ["2022-05-20"]
    assert told("am 19. Mai 2022", "2022-05-19") == ["2022-05-19"]
