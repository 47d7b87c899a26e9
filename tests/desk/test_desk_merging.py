"""Actors that turn out to be one, in real reports: by evidence, by the operator, and back."""

import json

import pytest
from sqlmodel import select

from bot.__main__ import main
from bot.actors import listing
from bot.commands import show
from bot.payloads import render_digest
from bot.texts import Texts
from digests.actors.merging import Why
from digests.store import archive, chats, merges
from digests.tables import ActorApartRow
from digests.types import DeliveryMode, Target, TargetKind, Topic

BARE = """Hafenverband rechnet mit Stau

Stand: 10.01.2026 09:00 Uhr

„Das wird Wochen dauern“, sagte Brandhuber am Samstag in Rostock. Neben ihm standen Reederin Ilse
Petersen und der Spediteur Karsten Wedemeyer.
"""
FULL = """Mehr Geld für die Häfen verlangt

Stand: 12.01.2026 09:00 Uhr

Der Verbandschef Friedrich Brandhuber hat in Rostock mehr Geld verlangt. Das unterstützten auch Ilse
Petersen und Karsten Wedemeyer.
"""
AGAIN = """Streit um Kräne

Stand: 13.01.2026 09:00 Uhr

„Die Kräne stehen still“, sagte Brandhuber am Dienstag.
"""
SECOND = """Klage der Hafenarbeiter

Stand: 14.01.2026 09:00 Uhr

In Rostock sprach die Anwältin Clara Brandhuber mit Ilse Petersen und Karsten Wedemeyer.
"""
ELSEWHERE = """Orgel eingeweiht

Stand: 20.06.2026 09:00 Uhr

In Passau spielte die Organistin Clara Brandhuber vor vollem Haus.
"""
SHORT_BODY = """DHV sieht Gefahr

Stand: 09.01.2026 09:00 Uhr

Der DHV sieht eine Gefahr für den Handel. Ilse Petersen sprach in Rostock für den DHV.
"""
LONG_BODY = """Häfen klagen

Stand: 13.01.2026 09:00 Uhr

Der Deutsche Hafenverband (DHV) klagt über Kosten. Das sagte Ilse Petersen.
"""
OTHER_BODY = """Angler in Sorge

Stand: 15.01.2026 09:00 Uhr

Die Deutsche Hechtvereinigung (DHV) warnt vor Kormoranen, sagte Ilse Petersen.
"""
BARE_ID, FULL_ID = "brandhuber", "friedrich-brandhuber"


def take_in(office, built, *texts):
    """Take in reports one after the other, each a minute later."""
    for text in texts:
        office.clock.forward(minutes=1)
        office.write(f"{office.clock():%H%M}.txt", text)
        built.desk.intake.take_in_due(office.clock())


def made(built):
    with built.store.reading() as session:
        return {one.absorbed: (one.into, one.why) for one in merges.merges(session).values()}


def reports_on(built, actor):
    return built.desk.answers.actor(actor).reports


# --- By evidence ---------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [(BARE, FULL), (FULL, BARE)])
def test_a_surname_joins_its_one_bearer_in_the_same_matter(office, opened, texts):
    take_in(office, opened, *texts)
    if texts[0] is BARE:
        assert made(opened) == {BARE_ID: (FULL_ID, Why.SURNAME)}
    assert reports_on(opened, FULL_ID) == 2
    (found,) = opened.desk.known.lookup("Brandhuber").exact
    assert found.id == FULL_ID
    said = opened.desk.answers.statements(FULL_ID)
    assert any("Das wird Wochen dauern" in one.quote for one in said)
    assert {one.speaker for one in said} == {"Friedrich Brandhuber"}


def test_a_surname_read_later_is_the_survivors_too_and_its_reading_tells_it_apart(office, opened):
    take_in(office, opened, BARE, FULL, AGAIN)
    assert reports_on(opened, FULL_ID) == 3
    with opened.store.reading() as session:
        assert len(archive.items_read_with(session, {BARE_ID})) == 2


def test_a_surname_in_another_matter_joins_nobody(office, opened):
    take_in(office, opened, BARE, ELSEWHERE)
    assert made(opened) == {}


def test_a_second_bearer_in_the_same_matter_takes_the_merge_back_for_good(office, opened):
    take_in(office, opened, BARE, FULL)
    assert made(opened)
    take_in(office, opened, SECOND)
    assert made(opened) == {}
    assert (reports_on(opened, BARE_ID), reports_on(opened, FULL_ID)) == (1, 1)
    assert len(opened.desk.known.lookup("Brandhuber").exact) == 3
    take_in(office, opened, FULL.replace("12.01", "15.01"), BARE.replace("10.01", "16.01"))
    assert made(opened) == {}


def test_a_second_bearer_elsewhere_leaves_the_merge(office, opened):
    take_in(office, opened, BARE, FULL, ELSEWHERE)
    assert made(opened) == {BARE_ID: (FULL_ID, Why.SURNAME)}


def test_evidence_never_undoes_the_operators_word(office, opened):
    take_in(office, opened, BARE, FULL)
    opened.desk.merging.merge(BARE_ID, FULL_ID, office.clock())
    take_in(office, opened, SECOND)
    assert made(opened) == {BARE_ID: (FULL_ID, Why.OPERATOR)}


def test_evidence_never_merges_again_what_the_operator_split(office, opened):
    take_in(office, opened, BARE, FULL)
    opened.desk.merging.split(BARE_ID)
    take_in(office, opened, BARE.replace("10.01", "11.01"), FULL.replace("12.01", "13.01"))
    assert made(opened) == {}
    opened.desk.merging.merge(BARE_ID, FULL_ID, office.clock())  # but the operator does
    assert made(opened) == {BARE_ID: (FULL_ID, Why.OPERATOR)}
    with opened.store.reading() as session:
        assert session.exec(select(ActorApartRow)).all() == []


def test_an_acronym_in_brackets_joins_its_long_name_until_it_means_two(office, opened):
    take_in(office, opened, SHORT_BODY, LONG_BODY)
    assert made(opened) == {"dhv": ("deutscher-hafenverband", Why.ACRONYM)}
    (found,) = opened.desk.known.lookup("DHV").exact
    assert found.name == "Deutscher Hafenverband"
    take_in(office, opened, OTHER_BODY)
    assert made(opened) == {}
    take_in(office, opened, LONG_BODY.replace("13.01", "16.01"))
    assert made(opened) == {}


def test_reports_of_one_batch_are_evidence_for_each_other(office, opened):
    office.write("1.txt", BARE)
    office.write("2.txt", FULL)
    office.clock.forward(minutes=1)
    opened.desk.intake.take_in_due(office.clock())
    assert reports_on(opened, FULL_ID) == 2


def test_most_reports_cost_no_second_transaction(office, opened, monkeypatch):
    """Where names alone suggest nothing, the database is not asked."""
    from digests.desk.merging import Merging

    asked = []
    monkeypatch.setattr(Merging, "_shown", lambda *_: asked.append(1) or [])
    take_in(office, opened, FULL, ELSEWHERE)
    assert asked == []


# --- By the operator -----------------------------------------------------------------------


@pytest.fixture
def unrelated(office, opened):
    """Two actors that no evidence brings together."""
    take_in(office, opened, BARE, ELSEWHERE)
    return opened


def snapshot(built):
    """All that may be asked of the two, and of the archive."""
    answers, target = built.desk.answers, Target(TargetKind.ACTOR, BARE_ID)
    return (
        [answers.actor(one) for one in (BARE_ID, "clara-brandhuber", "ilse-petersen")],
        [answers.statements(one) for one in (BARE_ID, "clara-brandhuber")],
        answers.timeline(target),
        [built.desk.known.lookup(one) for one in ("Brandhuber", "Clara Brandhuber")],
        answers.latest(),
        answers.in_the_news(limit=20),
        built.desk.merging.listing(),
    )


def test_a_merge_and_a_split_leave_every_answer_as_it_was(office, unrelated):
    before = snapshot(unrelated)
    unrelated.desk.merging.merge(BARE_ID, "clara-brandhuber", office.clock())
    between = snapshot(unrelated)
    assert between != before
    card = unrelated.desk.answers.actor(BARE_ID)
    assert (card.actor.id, card.reports) == ("clara-brandhuber", 2)
    assert [one.speaker for one in card.statements] == ["Clara Brandhuber"]
    unrelated.desk.merging.split(BARE_ID)
    assert snapshot(unrelated) == before


def test_the_card_names_whom_the_actor_absorbed(office, unrelated):
    unrelated.desk.merging.merge("karsten-wedemeyer", "ilse-petersen", office.clock())
    card = unrelated.desk.answers.actor("ilse-petersen")
    texts = Texts("en", office.settings.zone)
    lines = ["".join(run.text for run in block.runs) for block in show.actor_card(card, texts)]
    assert "Also: Karsten Wedemeyer" in lines


def test_a_curated_actor_absorbs_a_found_one_and_not_the_other_way_by_evidence(office, unrelated):
    unrelated.desk.merging.merge(BARE_ID, "olaf-scholz", office.clock())
    assert unrelated.desk.known.actor(BARE_ID).name == "Olaf Scholz"
    assert reports_on(unrelated, "olaf-scholz") == 1


def test_topics_follow_their_actors(office, unrelated):
    following = unrelated.desk.following
    chat = following.chat("telegram:1", office.clock())
    topics = [
        Topic("of-bare", "Brandhuber", actors=(BARE_ID,)),
        Topic("of-clara", "Clara", actors=("clara-brandhuber",)),
    ]
    for topic in topics:
        following.keep_topic(topic, chat)

    def counts():
        return [unrelated.desk.answers.topic(following.topic(topic.id)).reports for topic in topics]

    assert counts() == [1, 1]
    unrelated.desk.merging.merge(BARE_ID, "clara-brandhuber", office.clock())
    assert counts() == [2, 2]
    take_in(office, unrelated, AGAIN)  # which is read with the absorbed one's name
    assert counts() == [3, 3]
    unrelated.desk.merging.split(BARE_ID)
    assert counts() == [2, 1]


def test_who_follows_an_absorbed_actor_gets_the_survivors_digest_once(office, unrelated):
    following = unrelated.desk.following
    chat = following.chat("telegram:1", office.clock())
    for actor in (BARE_ID, "clara-brandhuber"):
        target = Target(TargetKind.ACTOR, actor)
        following.subscribe(chat, 0, target, DeliveryMode.DIGEST, office.clock())
    unrelated.desk.merging.merge(BARE_ID, "clara-brandhuber", office.clock())
    take_in(office, unrelated, BARE.replace("Wochen", "Jahre"))
    office.clock.forward(days=1)
    rendered = []

    def render(digest, to):
        rendered.append(digest)
        return render_digest(digest, to)

    assert unrelated.desk.rounds.compose_due(office.clock(), render) == 1
    (digest,) = rendered
    assert [section.label for section in digest.sections] == ["Clara Brandhuber"]
    assert digest.reports == 1
    unrelated.desk.merging.split(BARE_ID)
    office.clock.forward(days=1)
    assert unrelated.desk.rounds.compose_due(office.clock(), render) == 0  # nothing twice
    with unrelated.store.reading() as session:
        followed = {one.target.id for one in chats.subscriptions(session, chat.id)}
    assert followed == {BARE_ID, "clara-brandhuber"}


def test_following_an_absorbed_actor_is_following_the_survivor(office, unrelated):
    unrelated.desk.merging.merge(BARE_ID, "clara-brandhuber", office.clock())
    following = unrelated.desk.following
    chat = following.chat("telegram:1", office.clock())
    target = Target(TargetKind.ACTOR, BARE_ID)
    assert following.subscribe(chat, 0, target, DeliveryMode.DIGEST, office.clock())
    assert not following.subscribe(chat, 0, target, DeliveryMode.DIGEST, office.clock())
    (one,) = following.subscriptions(chat)
    assert one.target.id == "clara-brandhuber"
    exported = following.export(chat)
    json.dumps(exported, default=str)
    assert exported["merged_subscription"] == []


def test_a_story_goes_on_under_the_survivor(office, unrelated):
    """An absorbed name in an old report and the survivor's in a new one are shared company."""
    take_in(office, unrelated, FULL)  # a second bearer elsewhere: no evidence, so by hand
    unrelated.desk.merging.merge(BARE_ID, FULL_ID, office.clock())
    with unrelated.store.reading() as session:
        found = archive.story_candidates(session, [FULL_ID], "de", None, limit=9, leave_out=0)
    assert len(found) == 2


# --- Beside a running process --------------------------------------------------------------


def test_a_running_process_takes_over_what_another_merged_and_found(office):
    ticks = [0.0]
    with office.open() as running, office.open() as other:
        running.desk.known._ticks = lambda: ticks[0]
        running.desk.known.refresh()
        take_in(office, other, BARE, ELSEWHERE)
        assert running.desk.known.name("clara-brandhuber") == "Clara Brandhuber"
        card = running.desk.answers.actor("karsten-wedemeyer")  # whom only the other one read of
        assert [actor.id for actor, _ in card.company] == ["ilse-petersen"]
        other.desk.merging.merge(BARE_ID, "clara-brandhuber", office.clock())
        # What is counted is right at once; a name may lag for as long as nobody looks again.
        assert reports_on(running, "clara-brandhuber") == 2
        assert running.desk.known.name(BARE_ID) == "Brandhuber"
        ticks[0] += 3
        assert running.desk.known.name(BARE_ID) == "Clara Brandhuber"
        other.desk.merging.split(BARE_ID)
        take_in(office, running, AGAIN)  # an intake looks in any case
        assert running.desk.known.name(BARE_ID) == "Brandhuber"


def test_a_new_process_knows_what_was_merged_before(office):
    with office.open() as built:
        take_in(office, built, BARE, FULL)
    with office.open() as built:
        (found,) = built.desk.known.lookup("Brandhuber").exact
        assert found.id == FULL_ID
        assert built.desk.known.actor(BARE_ID).aliases[0] == "Brandhuber"


def test_looking_again_is_one_cheap_question(office, opened, monkeypatch):
    take_in(office, opened, BARE, FULL)
    monkeypatch.setattr(merges, "merges", None)  # whoever reads all merges fails
    opened.desk.known.refresh()
    assert opened.desk.known.name(BARE_ID) == "Friedrich Brandhuber"


# --- On the command line -------------------------------------------------------------------


@pytest.fixture
def depesche(office, monkeypatch, capsys):
    """Runs ``depesche …`` on the office; gives status, output, errors."""
    for name in ("data_dir", "seeds_dir"):
        monkeypatch.setenv(name.upper(), str(getattr(office.settings, name)))
    monkeypatch.chdir(office.folder)

    def run(*arguments, language="de"):
        monkeypatch.setenv("LANGUAGE_DEFAULT", language)
        capsys.readouterr()
        status = main(arguments)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


@pytest.fixture
def archived(office):
    with office.open() as built:
        take_in(office, built, BARE, ELSEWHERE)


@pytest.mark.usefixtures("archived")
def test_actors_are_listed_merged_and_split(depesche):
    status, out, err = depesche("actors", "list", "brandhuber")
    assert (status, err) == (0, "")
    lines = [line.split("  ") for line in out.splitlines()]
    assert [cells[0] for cells in lines] == [BARE_ID, "clara-brandhuber"]
    assert "1 Bericht" in out
    assert "in Berichten gefunden" in out
    assert "zusammengelegt" not in out
    status, out, _ = depesche("actors", "merge", BARE_ID, "clara-brandhuber")
    assert status == 0
    assert out == (
        "Brandhuber (brandhuber) ist von jetzt an Clara Brandhuber (clara-brandhuber).\n"
    )
    _, out, _ = depesche("actors", "list", "brandhuber")
    assert out.splitlines()[0].startswith("clara-brandhuber  Clara Brandhuber  Person  2 Berichte")
    assert out.splitlines()[1].endswith("zusammengelegt mit clara-brandhuber (vom Betreiber)")
    status, out, _ = depesche("actors", "split", BARE_ID, language="en")
    assert status == 0
    assert out == (
        "Brandhuber (brandhuber) and Clara Brandhuber (clara-brandhuber) are two again.\n"
    )


@pytest.mark.usefixtures("archived")
def test_the_list_names_who_is_of_the_list_by_any_name(depesche):
    _, out, _ = depesche("actors", "list", "Kremlchef", language="en")
    assert out.split("  ")[0] == "wladimir-putin"
    assert "from the list" in out
    assert "0 reports" in out
    _, out, _ = depesche("actors", "list")
    assert "wladimir-putin" not in out
    assert out.count("\n") >= 4


@pytest.mark.usefixtures("archived")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("merge", "nobody", BARE_ID), "Es gibt keinen Akteur „nobody“"),
        (("merge", BARE_ID, BARE_ID), "Das ist beide Male Brandhuber."),
        (("merge", "wladimir-putin", "joe-biden"), "--force"),
        (("split", BARE_ID), "Brandhuber ist mit niemandem zusammengelegt."),
        (("split", "nobody"), "„nobody“"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(depesche, arguments, words):
    status, out, err = depesche("actors", *arguments)
    assert (status, out) == (2, "")
    assert words in err


@pytest.mark.usefixtures("archived")
def test_two_of_the_list_are_merged_by_force(depesche):
    status, out, _ = depesche("actors", "merge", "wladimir-putin", "joe-biden", "--force")
    assert status == 0
    assert "Joe Biden (joe-biden)" in out
    status, out, _ = depesche("actors", "list", "nirgendjemand")
    assert status == 1
    assert "nirgendjemand" in out


def test_every_reason_has_its_words(office, opened):
    take_in(office, opened, BARE, FULL, SHORT_BODY, LONG_BODY)
    listed = opened.desk.merging.listing()
    shown = list(listing(listed, Texts("en", office.settings.zone)))
    assert any("nobody else of that surname is known" in line for line in shown)
    assert any("the acronym stands in brackets" in line for line in shown)
    assert list(listing([], Texts("en", office.settings.zone))) == []
