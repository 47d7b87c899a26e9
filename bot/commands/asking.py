"""Commands that ask: an actor, a timeline, statements, a topic, what is new, a search, a story."""

from __future__ import annotations

from bot.commands import show
from bot.commands.arguments import Ranged, split_about, split_pair, split_window
from bot.commands.finding import Meant, find, find_actor, find_topic, too_long, usage
from bot.commands.table import Ask
from bot.reply import Block, BlockKind, Button, Reply, block, bold, link, plain, rows
from digests.types import Actor, Target, TargetKind, Topic
from digests.words import fold


def actor(ask: Ask) -> Reply:
    """/actor NAME."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    found = find_actor(ask, ask.args, "/actor {}")
    if isinstance(found, Reply):
        return found
    card = ask.desk.answers.actor(found.id)
    blocks = show.actor_card(card, ask.texts)
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
        ],
        width=3,
    )
    return Reply(
        tuple(blocks),
        buttons,
        ok=card.reports > 0,
        actor=card,
        statements=card.statements,
        stories=card.stories,
    )


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
    return Reply(tuple(blocks), ok=bool(entries), entries=entries)


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
    """/search WORDS."""
    if not ask.args:
        return usage(ask)
    if refusal := too_long(ask):
        return refusal
    views = ask.desk.answers.search(ask.args)
    if not views:
        return plain(ask.texts("No report holds “{words}”.", words=ask.args), ok=False)
    blocks = [block(BlockKind.TITLE, bold(ask.texts("Found: {words}", words=ask.args)))]
    for view in views:
        blocks += show.story(view, ask.texts)
    return Reply(tuple(blocks), show.story_buttons(views, ask.texts), stories=views)


def story(ask: Ask) -> Reply:
    """/story NUMBER."""
    digits = ask.args.lstrip("#")
    if not digits.isdecimal() or len(digits) > 12:
        return usage(ask)
    try:
        view, reports = ask.desk.answers.story(int(digits))
    except KeyError:
        return plain(ask.texts("There is no story {number}.", number=digits), ok=False)
    blocks = show.story(view, ask.texts)
    blocks.append(block(BlockKind.HEADING, bold(ask.texts("Sources"))))
    for report in reports:
        item = report.item
        blocks.append(
            block(
                BlockKind.ITEM,
                link(item.source_name, item.url),
                f" — {ask.texts.published(item.published)}",
            )
        )
    return Reply(tuple(blocks), stories=(view,))


def digest(ask: Ask) -> Reply:
    """/digest: what the next digest would hold."""
    value = ask.desk.rounds.look(ask.chat, ask.thread)
    stories = show.stories_of(value)
    buttons = show.story_buttons(stories, ask.texts)
    blocks = tuple(show.digest(value, ask.texts))
    return Reply(blocks, buttons, ok=bool(stories), stories=stories)


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
        return plain(
            ask.texts("I cannot read that date. Write 2022, 2022-01 or 21.01.2022."),
            ok=False,
            malformed=True,
        )
