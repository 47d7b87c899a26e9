"""Commands that ask: an actor, a timeline, statements, a topic, what is new, a search, a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.commands import show
from bot.commands.arguments import (
    Ranged,
    split_about,
    split_pair,
    split_search,
    split_window,
)
from bot.commands.finding import Meant, find, find_actor, find_topic, too_long, usage
from bot.commands.table import Ask
from bot.pictures import company_picture, coverage_picture
from bot.reply import (
    Block,
    BlockKind,
    Button,
    Picture,
    Reply,
    Run,
    block,
    bold,
    link,
    plain,
    rows,
)
from digests.desk import Part
from digests.types import Actor, Target, TargetKind, TimelineEntry, Topic
from digests.words import fold

_SPARKS: Final = 24  # bars of the small chart on a card
_FEWEST_BARS: Final = 2
_LONGEST_NUMBER: Final = 12


def actor(ask: Ask) -> Reply:
    """/actor NAME."""
    found = _named(ask)
    if isinstance(found, Reply):
        return found
    card = ask.desk.answers.actor(found.id)
    reported = ask.desk.answers.coverage(Target(TargetKind.ACTOR, found.id), at_most=_SPARKS)
    blocks = show.actor_card(card, ask.texts, reported)
    if not card.reports:
        blocks.append(
            block(BlockKind.PARAGRAPH, ask.texts("No report in the archive names this actor yet."))
        )
    t = ask.texts
    buttons = rows(
        [
            Button(t("Follow"), f"/subscribe #{found.id}"),
            Button(t("Timeline"), f"/timeline #{found.id}"),
            Button(t("Statements"), f"/statements #{found.id}"),
            *([Button(t("Company"), f"/company #{found.id}")] if card.company else []),
        ],
    )
    return Reply(
        tuple(blocks),
        buttons,
        ok=card.reports > 0,
        actor=card,
        statements=card.statements,
        stories=card.stories,
    )


def company(ask: Ask) -> Reply:
    """/company NAME: with whom an actor is named most often, and a picture of it."""
    found = _named(ask)
    if isinstance(found, Reply):
        return found
    t = ask.texts
    around = ask.desk.answers.company(found.id)
    blocks = [block(BlockKind.TITLE, bold(t("Often with {name}", name=found.name)))]
    if not around.members:
        text = t("No report names anybody in one sentence with {name}.", name=found.name)
        blocks.append(block(BlockKind.PARAGRAPH, text))
        return Reply(tuple(blocks), ok=False)
    for other, number in around.members:
        reports = t.plural("{n} report", "{n} reports", number)
        blocks.append(block(BlockKind.ITEM, other.name, f" — {reports}"))
    named = [(other.name, number) for other, number in around.members]
    picture = Picture(
        t("Often with {name}", name=found.name),
        lambda: company_picture(found.name, named, around.between, t),
    )
    buttons = rows(Button(other.name, f"/actor #{other.id}") for other, _ in around.members)
    return Reply(tuple(blocks), buttons, picture=picture)


def _named(ask: Ask) -> Actor | Reply:
    """The actor that a command of just a name means."""
    if not ask.args:
        return usage(ask)
    return too_long(ask) or find_actor(ask, ask.args, f"/{ask.command.name} {{}}")


def timeline(ask: Ask) -> Reply:
    """/timeline ACTOR|TOPIC [and ACTOR] [from] [to]."""
    if not ask.args:
        return usage(ask)
    ranged = _ranged(ask)
    if isinstance(ranged, Reply):
        return ranged
    first, second = split_pair(ranged.words)
    found = find(ask, ranged.words, "/timeline {}")
    other: Actor | None = None
    if isinstance(found, Reply) and second:
        found = find(ask, first, "/timeline {}")
        if isinstance(found, Reply):
            return found
        partner = find_actor(ask, second, f"/timeline {first} und {{}}")
        if isinstance(partner, Reply):
            return partner
        other = partner
    if isinstance(found, Reply):
        found = _as_words(ask, ranged.words) or found
    if isinstance(found, Reply):
        return found
    entries = ask.desk.answers.timeline(
        found.target, also=other.id if other else None, topic=found.topic, window=ranged.window
    )
    name = f"{found.name} + {other.name}" if other else found.name
    blocks: list[Block] = [block(BlockKind.TITLE, bold(ask.texts("Timeline: {name}", name=name)))]
    if not entries:
        blocks.append(block(BlockKind.PARAGRAPH, ask.texts("No dated events in the reports.")))
    for entry in entries:
        blocks += show.timeline_entry(entry, ask.texts)
    picture = _coverage(ask, found, other, ranged, entries, name) if entries else None
    return Reply(tuple(blocks), ok=bool(entries), entries=entries, picture=picture)


def _coverage(
    ask: Ask,
    found: Meant,
    other: Actor | None,
    ranged: Ranged,
    entries: Sequence[TimelineEntry],
    name: str,
) -> Picture | None:
    """How much was reported when, with the dates of a timeline marked; None for a single bar."""
    reported = ask.desk.answers.coverage(
        found.target, also=other.id if other else None, topic=found.topic, window=ranged.window
    )
    if len(reported.counts) < _FEWEST_BARS:
        return None
    marks = [entry.date for entry in entries]
    caption = ask.texts("How much was reported on {name}, and the dates above", name=name)
    return Picture(caption, lambda: coverage_picture(name, reported, ask.texts, marks=marks))


def statements(ask: Ask) -> Reply:
    """/statements NAME [about WORDS] [from] [to]."""
    if not ask.args:
        return usage(ask)
    ranged = _ranged(ask)
    if isinstance(ranged, Reply):
        return ranged
    who, about = split_about(ranged.words)
    found = find_actor(ask, who, "/statements {}")
    if isinstance(found, Reply):
        return found
    views = ask.desk.answers.statements(found.id, about=about, window=ranged.window)
    title = ask.texts("Statements: {name}", name=found.name)
    blocks: list[Block] = [block(BlockKind.TITLE, bold(title))]
    if not views:
        blocks.append(block(BlockKind.PARAGRAPH, ask.texts("No statements in the reports.")))
    blocks += [show.statement(view, ask.texts, named=False) for view in views]
    return Reply(tuple(blocks), ok=bool(views), statements=views)


def topic(ask: Ask) -> Reply:
    """/topic [NAME|WORDS]: a topic at a glance; alone, the list of topics."""
    if not ask.args:
        return _topics(ask)
    if refusal := too_long(ask):
        return refusal
    words = ask.args.removeprefix("topic:")
    found = find_topic(ask, words) or _as_words(ask, words)
    if found is None or found.topic is None:
        text = ask.texts("No report is about “{words}”.", words=words)
        return plain(text, ok=False)
    card = ask.desk.answers.topic(found.topic)
    follow = Button(ask.texts("Follow"), f"/subscribe topic:{found.target.id or words}")
    return Reply(
        tuple(show.topic_card(card, ask.texts, found.name)),
        rows([follow]),
        ok=card.reports > 0,
        stories=card.stories,
    )


def latest(ask: Ask) -> Reply:
    """/latest [NUMBER]."""
    number = int(ask.args) if ask.args.isdecimal() and len(ask.args) < 4 else 5
    views = ask.desk.answers.latest(limit=max(1, min(number, 20)))
    if not views:
        return plain(ask.texts("The archive is empty."), ok=False)
    blocks = [block(BlockKind.TITLE, bold(ask.texts("Latest reports")))]
    for view in views:
        blocks += show.story(view, ask.texts)
    return Reply(tuple(blocks), show.story_buttons(views, ask.texts), stories=views)


def search(ask: Ask) -> Reply:
    """/search WORDS [from:NAME] [source:NAME] [since:DATE] [until:DATE]."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    try:
        wanted = split_search(ask.args)
    except ValueError:
        return _no_date(ask)
    actors = []
    for name in wanted.actors:
        found = find_actor(ask, name, f"/search {wanted.words} mit:{{}}")
        if isinstance(found, Reply):
            return found
        actors.append(found.id)
    views = ask.desk.answers.search(
        wanted.words, actors=actors, source=wanted.source, window=wanted.window
    )
    if not views:
        return plain(ask.texts("No report holds “{words}”.", words=ask.args), ok=False)
    blocks = [block(BlockKind.TITLE, bold(ask.texts("Found: {words}", words=ask.args)))]
    for view in views:
        blocks += show.story(view, ask.texts)
    return Reply(tuple(blocks), show.story_buttons(views, ask.texts), stories=views)


def story(ask: Ask) -> Reply:
    """/story NUMBER."""
    digits = ask.args.lstrip("#")
    if not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        return usage(ask)
    try:
        view, parts = ask.desk.answers.story(int(digits))
    except KeyError:
        return plain(ask.texts("There is no story {number}.", number=digits), ok=False)
    blocks = show.story(view, ask.texts)
    blocks.append(block(BlockKind.HEADING, bold(ask.texts("Reports"))))
    for part in parts:
        blocks += _part(part, ask, several=len(parts) > 1)
    return Reply(tuple(blocks), stories=(view,))


def _part(part: Part, ask: Ask, *, several: bool) -> list[Block]:
    """A report of a story: where and when, and what it adds."""
    item, t = part.report.item, ask.texts
    about: list[Run | str] = [
        link(item.source_name, item.url),
        f" — {t.published(item.published)}",
    ]
    if several and part.lead:
        about.append(" · " + t("told above"))
    elif several and not part.added:
        about.append(" · " + t("nothing else"))
    blocks = [block(BlockKind.ITEM, *about)]
    blocks += [block(BlockKind.PARAGRAPH, *show.sentence(one, source=False)) for one in part.added]
    return blocks


def digest(ask: Ask) -> Reply:
    """/digest: what the next digest would hold; ``more ITEM START``: more of one that was sent.

    ``original NUMBER``: what was sent in a model's words, in those of the reports.
    """
    if ask.args.startswith("original "):
        return _original(ask)
    if ask.args:
        return _more(ask)
    value = ask.desk.rounds.look(ask.chat, ask.thread, ask.now)
    buttons = show.digest_buttons(value, ask.texts)
    blocks = tuple(show.digest(value, ask.texts))
    return Reply(blocks, buttons, ok=bool(value.stories), stories=show.stories_of(value))


def _original(ask: Ask) -> Reply:
    """A digest that was sent rewritten, as it was composed."""
    number = ask.args.partition(" ")[2]
    if not number.isdecimal() or len(number) >= _LONGEST_NUMBER:
        return usage(ask)
    value = ask.desk.drafts.original(ask.chat, int(number))
    if value is None:
        return plain(ask.texts("That digest is not kept any more."), ok=False)
    blocks = tuple(show.digest(value, ask.texts))
    buttons = show.digest_buttons(value, ask.texts)
    return Reply(blocks, buttons, stories=show.stories_of(value))


def _more(ask: Ask) -> Reply:
    """The next stories of the digest or alert that an item was in."""
    word, *numbers = ask.args.split()
    fitting = all(one.isdecimal() and len(one) < _LONGEST_NUMBER for one in numbers)
    if fold(word) not in ("more", "mehr") or len(numbers) != 2 or not fitting:
        return usage(ask)
    item, start = map(int, numbers)
    value = ask.desk.rounds.told_with(ask.chat, ask.thread, item, start, show.IN_FULL)
    if not value.sections:
        return plain(ask.texts("There is nothing more."), ok=False)
    return Reply(
        tuple(show.more(value, ask.texts, start)),
        show.digest_buttons(value, ask.texts, start=start, of=item),
        stories=show.stories_of(value),
    )


def _topics(ask: Ask) -> Reply:
    topics = ask.desk.following.topics(ask.chat)
    names = {one.id: ask.desk.known.topic_name(one, ask.texts.language) for one in topics}
    ordered = sorted(names.items(), key=lambda pair: fold(pair[1]))
    blocks = [
        block(BlockKind.TITLE, bold(ask.texts("Topics"))),
        *(block(BlockKind.ITEM, name) for _, name in ordered),
        block(BlockKind.NOTE, ask.texts("Or any words of your own: /topic WORDS")),
    ]
    buttons = rows((Button(name, f"/topic {key}") for key, name in ordered), width=3)
    return Reply(tuple(blocks), buttons)


def _as_words(ask: Ask, words: str) -> Meant | None:
    """Words as a topic of their own, where any report holds them."""
    if not ask.desk.answers.full_text(words, limit=1):
        return None
    single = " " not in words.strip()
    made = Topic(
        id="", name=words, terms=(words,) if single else (), phrases=() if single else (words,)
    )
    return Meant(Target(TargetKind.TOPIC, ""), words, made)


def _ranged(ask: Ask) -> Ranged | Reply:
    if refusal := too_long(ask):
        return refusal
    try:
        return split_window(ask.args)
    except ValueError:
        return _no_date(ask)


def _no_date(ask: Ask) -> Reply:
    text = ask.texts("I cannot read that date. Write 2022, 2022-01 or 21.01.2022.")
    return plain(text, ok=False, malformed=True)
