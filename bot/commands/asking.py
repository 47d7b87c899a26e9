"""Commands that ask: an actor, a timeline, statements, a topic, what is new, a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.commands import show
from bot.commands.arguments import (
    Ranged,
    Search,
    choosing_actor,
    split_about,
    split_pair,
    split_search,
    split_window,
)
from bot.commands.choices import written
from bot.commands.finding import (
    Meant,
    find,
    find_actor,
    find_topic,
    no_date,
    others,
    too_long,
    usage,
)
from bot.commands.paging import Page, page_from, page_of, turned
from bot.commands.table import Ask
from bot.pictures import company_picture, coverage_picture, palette
from bot.reply import (
    Block,
    BlockKind,
    Button,
    Picture,
    Reply,
    block,
    bold,
    plain,
    rows,
)
from digests.types import Actor, StoryView, Target, TargetKind, TimelineEntry, Topic
from digests.words import fold

_SPARKS: Final = 24  # bars of the small chart on a card
_FEWEST_BARS: Final = 2
_LONGEST_NUMBER: Final = 12
_STORIES: Final = 5  # on a page
_FOUND: Final = 8  # stories on a page of a search
_STATEMENTS: Final = 8
_DATES: Final = 12
_TOPICS: Final = 18


def actor(ask: Ask) -> Reply:
    """/actor NAME."""
    found = _named(ask)
    if isinstance(found, Reply):
        return found
    card = ask.desk.answers.actor(found.id)
    reported = ask.desk.answers.coverage(Target(TargetKind.ACTOR, found.id), at_most=_SPARKS)
    blocks = show.actor_card(card, ask.texts, reported)
    instead = None
    if not card.reports:
        blocks.append(
            block(BlockKind.PARAGRAPH, ask.texts("No report in the archive names this actor yet."))
        )
        instead = others(ask, ask.args, "/actor {}")
        blocks += instead.blocks if instead else ()
    t = ask.texts
    buttons = rows(
        [
            Button(t("Follow"), f"/subscribe #{found.id}"),
            Button(t("Timeline"), f"/timeline #{found.id}"),
            Button(t("Statements"), f"/statements #{found.id}"),
            *([Button(t("Company"), f"/company #{found.id}")] if card.company else []),
            *([Button(t("Reports"), f"/search with:#{found.id}")] if card.reports else []),
        ],
        width=3,
    )
    return Reply(
        tuple(blocks),
        (*show.story_buttons(card.stories), *(instead.buttons if instead else ()), *buttons),
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
    name = found.called(t.language)
    around = ask.desk.answers.company(found.id)
    blocks = [block(BlockKind.TITLE, bold(t("Often with {name}", name=name)))]
    if not around.members:
        text = t("No report names anybody in one sentence with {name}.", name=name)
        blocks.append(block(BlockKind.PARAGRAPH, text))
        return Reply(tuple(blocks), ok=False)
    named = [(other.called(t.language), number) for other, number in around.members]
    for other, number in named:
        reports = t.plural("{n} report", "{n} reports", number)
        blocks.append(block(BlockKind.ITEM, other, f" — {reports}"))
    picture = Picture(
        t("Often with {name}", name=name),
        lambda: company_picture(name, named, around.between, t, palette=palette(ask.chat)),
    )
    buttons = rows(
        Button(other.called(t.language), f"/actor #{other.id}") for other, _ in around.members
    )
    return Reply(tuple(blocks), buttons, picture=picture)


def _named(ask: Ask) -> Actor | Reply:
    """The actor that a command of just a name means."""
    if not ask.args:
        return usage(ask)
    return too_long(ask) or find_actor(ask, ask.args, f"/{ask.command.name} {{}}")


def timeline(ask: Ask) -> Reply:
    """/timeline ACTOR|TOPIC [and ACTOR] [from] [to]."""
    ranged = _ranged(ask)
    if isinstance(ranged, Reply):
        return ranged
    first, second = split_pair(ranged.words)
    found = find(ask, ranged.words, _choosing(ask, ranged.words))
    other: Actor | None = None
    if isinstance(found, Reply) and second:
        found = find(ask, first, _choosing(ask, first))
        if isinstance(found, Reply):
            found = _nobodys_words(ask, first) or found
        if isinstance(found, Reply):
            return found
        partner = find_actor(ask, second, _choosing(ask, second, len(first)))
        if isinstance(partner, Reply):
            return partner
        other = partner if Target(TargetKind.ACTOR, partner.id) != found.target else None
    if isinstance(found, Reply):
        found = _nobodys_words(ask, ranged.words) or found
    if isinstance(found, Reply):
        return found
    page = page_from(
        lambda count: ask.desk.answers.timeline(
            found.target,
            also=other.id if other else None,
            topic=found.topic,
            window=ranged.window,
            limit=count,
            by_weight=True,
        ),
        ask.page,
        _DATES,
    )
    entries = tuple(sorted(page.items, key=lambda entry: entry.date))
    name = f"{found.name} + {other.called(ask.texts.language)}" if other else found.name
    title = _within(page.title(ask.texts("Timeline: {name}", name=name), ask.texts), ranged, ask)
    blocks: list[Block] = [block(BlockKind.TITLE, bold(title))]
    if not entries:
        blocks.append(block(BlockKind.PARAGRAPH, ask.texts("No dated events in the reports.")))
    elif page.more or page.number > 1:
        note = ask.texts("The dates that most is told of stand on the first page.")
        blocks.append(block(BlockKind.NOTE, note))
    first_page = entries and page.number == 1
    picture = _coverage(ask, found, other, ranged, entries, name) if first_page else None
    marked = picture is not None and ask.buttons
    blocks += show.timeline(entries, ask.texts, known=name, marked=marked)
    notes, buttons = turned(ask, page)
    return Reply(
        tuple(blocks + notes),
        buttons,
        ok=bool(entries),
        entries=entries,
        picture=None if ask.page else picture,  # it stands below already
        in_place=ask.page > 0,
    )


def _choosing(ask: Ask, words: str, after: int = 0) -> str:
    """What was asked, with a place to fill instead of a name that may be several."""
    before, named, rest = ask.args[after:].partition(words)
    asked = f"{before}{{}}{rest}" if named else "{}"
    return f"/{ask.command.name} {ask.args[:after]}{asked}"


def _within(title: str, ranged: Ranged, ask: Ask) -> str:
    """A title with the time that was asked for: 'Zeitleiste: NATO, seit 2014'."""
    span = show.period(ranged.window.since, ranged.window.until, ask.texts)
    return f"{title}, {span}" if span else title


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
    return Picture(
        caption,
        lambda: coverage_picture(name, reported, ask.texts, marks=marks, palette=palette(ask.chat)),
    )


def statements(ask: Ask) -> Reply:
    """/statements NAME [about WORDS] [from] [to]."""
    ranged = _ranged(ask)
    if isinstance(ranged, Reply):
        return ranged
    who, about = split_about(ranged.words)
    found = find_actor(ask, who, _choosing(ask, who))
    if isinstance(found, Reply):
        return found
    page = page_from(
        lambda count: ask.desk.answers.statements(
            found.id, about=about, window=ranged.window, limit=count
        ),
        ask.page,
        _STATEMENTS,
    )
    views = tuple(page.items)
    title = ask.texts("Statements: {name}", name=found.called(ask.texts.language))
    if about:
        title += " " + ask.texts("about “{words}”", words=about)
    title = _within(page.title(title, ask.texts), ranged, ask)
    blocks: list[Block] = [block(BlockKind.TITLE, bold(title))]
    if not views:
        blocks.append(block(BlockKind.PARAGRAPH, ask.texts("No statements in the reports.")))
    blocks += show.statements(views, ask.texts)
    notes, buttons = turned(ask, page)
    return Reply(
        tuple(blocks + notes), buttons, ok=bool(views), statements=views, in_place=ask.page > 0
    )


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
        if " " not in words:
            return plain(text, ok=False)
        hint = ask.texts("Words that stand apart are found by /search.")
        search = rows([Button("/search", f"/search {words}")])
        return Reply((block(BlockKind.PARAGRAPH, f"{text} {hint}"),), search, ok=False)
    card = ask.desk.answers.topic(found.topic)
    reported = ask.desk.answers.coverage(found.target, topic=found.topic, at_most=_SPARKS)
    key = f"topic:{found.target.id}" if found.target.id else ""
    buttons = rows(
        [
            Button(ask.texts("Follow"), f"/subscribe {key or f'topic:{words}'}"),
            Button(ask.texts("Timeline"), f"/timeline {key or words}"),
        ]
    )
    return Reply(
        tuple(show.topic_card(card, ask.texts, found.name, reported)),
        (*show.story_buttons(card.stories), *buttons),
        ok=card.reports > 0,
        stories=card.stories,
    )


def latest(ask: Ask) -> Reply:
    """/latest [NUMBER]."""
    number = int(ask.args) if ask.args.isdecimal() and len(ask.args) < 4 else _STORIES
    size = max(1, min(number, 20))
    page = page_from(lambda count: ask.desk.answers.latest(limit=count), ask.page, size)
    if not page.items:
        return plain(ask.texts("The archive is empty."), ok=False)
    return _listed(ask, page, ask.texts("Latest reports"))


def _listed(ask: Ask, page: Page[StoryView], title: str) -> Reply:
    """A page of numbered stories, with a button to each."""
    views = tuple(page.items)
    notes, turn = turned(ask, page)
    title = page.title(title, ask.texts)
    blocks = [block(BlockKind.TITLE, bold(title)), *show.numbered(views, ask.texts, page.start)]
    return Reply(
        tuple(blocks + notes),
        (*show.story_buttons(views, page.start), *turn),
        stories=views,
        in_place=ask.page > 0,
    )


def search(ask: Ask) -> Reply:
    """/search WORDS [from:NAME] [source:NAME] [since:DATE] [until:DATE]."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    try:
        wanted = split_search(ask.args, ask.local_now)
    except ValueError as error:
        return no_date(ask, error)
    actors = []
    for name in wanted.actors:
        found = find_actor(ask, name, f"/search {choosing_actor(ask.args, name)}")
        if isinstance(found, Reply):
            return found
        actors.append(found)
    page = page_from(
        lambda count: ask.desk.answers.search(
            wanted.words,
            actors=[one.id for one in actors],
            source=wanted.source,
            window=wanted.window,
            limit=count,
        ),
        ask.page,
        _FOUND,
    )
    t = ask.texts
    if not page.items:
        return _nothing_found(ask, wanted)
    if wanted == Search(actors=wanted.actors):
        names = t.listed([one.called(t.language) for one in actors])
        return _listed(ask, page, t("Reports: {name}", name=names))
    return _listed(ask, page, t("Found: {words}", words=ask.args))


def _nothing_found(ask: Ask, wanted: Search) -> Reply:
    """That no report holds the words; a topic or actor that they name in the reader's language."""
    text = ask.texts("No report holds “{words}”.", words=ask.args)
    offered = []
    if (topic := find_topic(ask, wanted.words)) is not None:
        offered.append(Button(topic.name, f"/topic {topic.target.id}"))
    named = ask.desk.known.lookup(wanted.words).exact
    if len(named) == 1:
        offered.append(Button(named[0].called(ask.texts.language), f"/actor #{named[0].id}"))
    if not offered:
        return plain(text, ok=False)
    text += " " + ask.texts("Did you mean one of these?")
    buttons = rows(offered)
    return Reply((block(BlockKind.PARAGRAPH, text), *written(ask, buttons)), buttons, ok=False)


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
    page = page_of(sorted(names.items(), key=lambda pair: fold(pair[1])), ask.page, _TOPICS)
    notes, turn = turned(ask, page)
    blocks = [
        block(BlockKind.TITLE, bold(page.title(ask.texts("Topics"), ask.texts))),
        *(block(BlockKind.ITEM, name) for _, name in page.items),
        block(BlockKind.NOTE, ask.texts("Or any words of your own: /topic WORDS")),
        *notes,
    ]
    buttons = rows((Button(name, f"/topic {key}") for key, name in page.items), width=3)
    return Reply(tuple(blocks), (*buttons, *turn), in_place=ask.page > 0)


def _as_words(ask: Ask, words: str) -> Meant | None:
    """Words as a topic of their own, where any report holds them."""
    single = " " not in words.strip()
    made = Topic(
        id="", name=words, terms=(words,) if single else (), phrases=() if single else (words,)
    )
    if not ask.desk.answers.tells_of(made):
        return None
    return Meant(Target(TargetKind.TOPIC, ""), words, made)


def _nobodys_words(ask: Ask, words: str) -> Meant | None:
    """Words as a topic of their own, unless they name several: who is meant is asked."""
    return None if ask.desk.known.lookup(words).exact else _as_words(ask, words)


def _ranged(ask: Ask) -> Ranged | Reply:
    """What stands after a command, and the time at its end; in words, if they are nobody's name."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    try:
        bare = split_window(ask.args, ask.local_now, worded=False).words
        named = ask.desk.known.lookup(" ".join(bare.split()[-2:])).exact
        ranged = split_window(ask.args, ask.local_now, worded=not named)
    except ValueError as error:
        return no_date(ask, error)
    return ranged if ranged.words else usage(ask)
