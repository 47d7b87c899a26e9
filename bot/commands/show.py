"""From values to blocks: how an actor, a story, a timeline, a digest read. Shared by commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from bot.complaints import explain
from bot.reply import Block, BlockKind, Button, Rows, Run, block, bold, italic, link, moment, rows
from bot.texts import Texts
from digests.compose import ranked
from digests.coverage import Coverage
from digests.desk import Unusual
from digests.desk.views import not_twice
from digests.errors import DepescheError
from digests.given import introduced
from digests.types import (
    ActorCard,
    ActorKind,
    CitedSentence,
    Digest,
    DigestStory,
    FeedNotice,
    GivenName,
    NoticeKind,
    Office,
    PartialDate,
    Precision,
    Published,
    SpeechKind,
    StatementView,
    StoryView,
    TimelineEntry,
    TopicCard,
)
from digests.words import fold

_IN_A_ROW: Final = 8  # buttons that a phone shows beside each other
IN_FULL: Final = 12
"""Stories of a digest that are shown at length."""

_LINES: Final = 30  # stories of a digest that are shown in a line each
_NAMED: Final = 3  # targets that are named where nothing is new
_SEVERAL: Final = 2

_SOURCES: Final = 4  # sources of a story that are named beside its headline

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
"""No '1. 24. January'."""

_SPARKS: Final = "▁▂▃▄▅▆▇█"


def actor_card(
    card: ActorCard, texts: Texts, reported: Coverage | None = None, *, numbers: bool = True
) -> list[Block]:
    """Who it is, how often and since when, offices, company, statements, stories.

    ``numbers`` where the stories can be opened by them.
    """
    actor, name = card.actor, card.actor.called(texts.language)
    blocks = [
        block(BlockKind.TITLE, bold(name)),
        block(BlockKind.NOTE, kind_name(actor.kind, texts), " · ", _reach(card, texts)),
    ]
    if reported is not None and len(reported.counts) > 1:
        blocks.append(block(BlockKind.NOTE, sparkline(reported)))
    # 'Nato' beside 'NATO' tells a reader nothing.
    known = (actor.name, *actor.aliases)
    aliases = {fold(alias): alias for alias in known if fold(alias) != fold(name)}
    if aliases:
        names = texts.listed(list(aliases.values())[:4])
        blocks.append(block(BlockKind.NOTE, texts("Also: {names}", names=names)))
    if actor.offices:
        blocks.append(block(BlockKind.HEADING, bold(texts("Offices"))))
        blocks += [block(BlockKind.ITEM, *_office(office, texts)) for office in actor.offices]
    if card.company:
        names = texts.listed(
            [f"{other.called(texts.language)} ({number})" for other, number in card.company]
        )
        blocks.append(block(BlockKind.PARAGRAPH, bold(texts("Often with")), " ", names))
    if card.statements:
        blocks.append(block(BlockKind.HEADING, bold(texts("Said"))))
        blocks += statements(card.statements, texts)
    if card.about:
        blocks.append(
            block(BlockKind.HEADING, bold(texts("Said by others about {name}", name=name)))
        )
        blocks += [one for view in card.about for one in statement(view, texts, named=True)]
    if card.stories:
        blocks.append(block(BlockKind.HEADING, bold(texts("Reports"))))
        said = [span for view in (*card.statements, *card.about) for span in view.spans]
        for number, one in enumerate(card.stories, 1):
            shown = not_twice(one, said)
            blocks += story(shown, texts, number=number if numbers else None, known=actor.name)
    return blocks


def sparkline(reported: Coverage) -> str:
    """A bar for each period, the highest for the most reports; a low line for none."""
    most = max(number for _, number in reported.counts)
    highest = len(_SPARKS) - 1
    return "".join(_SPARKS[-(-number * highest // most)] for _, number in reported.counts)


def topic_card(
    card: TopicCard, texts: Texts, name: str, reported: Coverage | None = None
) -> list[Block]:
    """How much there is on a topic and when, who is in it, the newest stories."""
    blocks = [
        block(BlockKind.TITLE, bold(name)),
        block(BlockKind.NOTE, texts("Topic"), " · ", _reach(card, texts)),
    ]
    if reported is not None and len(reported.counts) > 1:
        blocks.append(block(BlockKind.NOTE, sparkline(reported)))
    if card.actors:
        names = texts.listed(
            [f"{actor.called(texts.language)} ({number})" for actor, number in card.actors]
        )
        blocks.append(block(BlockKind.PARAGRAPH, bold(texts("In it")), " ", names))
    return blocks + numbered(card.stories, texts)


def numbered(views: Sequence[StoryView], texts: Texts, start: int = 0) -> list[Block]:
    """Stories with the numbers that :func:`story_buttons` opens them by; ``start`` went before."""
    shown = (story(view, texts, number=n) for n, view in enumerate(views, start + 1))
    return [one for blocks in shown for one in blocks]


def story(
    view: StoryView,
    texts: Texts,
    *,
    also: Sequence[str] = (),
    number: int | None = None,
    known: str = "",
) -> list[Block]:
    """A story: headline (after its number in a list), date and sources, its sentences.

    ``known`` are names that stand above it.
    """
    about = []
    if view.reports > 1:
        about.append(texts.plural("{n} report", "{n} reports", view.reports))
    if view.moved:
        about.append(_since(view, texts))
    if also:
        about.append(texts("also: {names}", names=", ".join(also)))
    beside = "".join(f" · {one}" for one in about)
    blocks = [
        block(BlockKind.HEADING, f"{number}. " if number else None, bold(view.headline)),
        block(BlockKind.NOTE, date_of(view.published, texts), f"{beside} · ", *_sources(view)),
    ]
    if view.sentences:
        several = len(view.sources) > 1
        blocks.append(quoted(view.sentences, source=several, head=f"{known} {view.headline}"))
    return blocks


def quoted(
    sentences: Sequence[CitedSentence],
    *,
    source: bool,
    head: str,
    told: Sequence[CitedSentence] = (),
) -> Block:
    """Sentences as a quotation, one a line; with ``source`` each followed by where it stands.

    Who stands in the ``head`` or the sentences ``told`` above is not introduced again.
    """
    runs: list[Run | str] = []
    for one, given in zip(sentences, introduced(sentences, head, told), strict=True):
        runs += ["\n"] if runs else []
        runs += sentence(one, source=source, given=given)
    return block(BlockKind.QUOTE, *runs)


def date_of(published: Published, texts: Texts) -> Run:
    """When something was published; a moment can be looked at in another zone."""
    words = texts.published(published)
    if published.at is not None and published.precision is Precision.MINUTE:
        return moment(words, published.at)
    return Run(words)


def _since(view: StoryView, texts: Texts) -> str:
    """That there is something new in a story, and since when."""
    match view.known_for:
        case None:
            return texts("new since last time")
        case 0:
            return texts("new since today's last word")
        case 1:
            return texts("new since yesterday")
        case days:
            return texts("new since the last word {n} days ago", n=days)


def sentence(
    cited: CitedSentence, *, source: bool, when: str = "", given: Sequence[GivenName] = ()
) -> list[Run | str]:
    """A cited sentence; with ``source`` followed by where it stands, and ``when`` that appeared.

    The ``given`` names are shown in brackets before their surnames.
    """
    runs: list[Run | str] = []
    if cited.speaker:
        runs += [bold(cited.speaker), ": "]
    if cited.lead:
        runs += [italic(f"[{cited.lead}]"), " "]
    at = 0
    for name in given:
        runs += [cited.text[at : name.at], italic(f"[{name.given}]"), " "]
        at = name.at
    runs.append(cited.text[at:])
    if source:
        runs += [" (", link(cited.source, cited.url), f", {when})" if when else ")"]
    return runs


def statement(view: StatementView, texts: Texts, *, named: bool) -> list[Block]:
    """What somebody said: who (``named``), when and where, and the words as a quotation."""
    direct = view.kind is SpeechKind.DIRECT
    words = texts("“{quote}”", quote=view.quote) if direct else view.quote
    via = texts("via {medium}, ", medium=view.via) if view.via else None
    note = block(
        BlockKind.NOTE,
        date_of(view.published, texts),
        ", ",
        via,
        link(view.source, view.url),
    )
    speaker = [block(BlockKind.HEADING, bold(view.speaker))] if named else []
    return [*speaker, note, block(BlockKind.QUOTE, words)]


def statements(views: Iterable[StatementView], texts: Texts) -> list[Block]:
    """What an actor said; when and where once for what stands one after another in a report."""
    blocks: list[Block] = []
    before: tuple[Block, int] | None = None
    for view in views:
        note, *words = statement(view, texts, named=False)
        here = note, view.spans[0].item
        blocks += words if here == before else [note, *words]
        before = here
    return blocks


def timeline(
    entries: Sequence[TimelineEntry], texts: Texts, *, known: str, marked: bool = False
) -> list[Block]:
    """Dates, and what happened then; ``known`` are the names that stand above them.

    The dates are ``marked`` with the numbers that a picture gives them. A report of
    another day is cited with its own: from there its 'gestern' and 'seit' count.
    """
    given = introduced([one for entry in entries for one in entry.sentences], known)
    blocks = []
    for number, entry in enumerate(entries):
        mark = f"{_CIRCLED[number]} " if marked and number < len(_CIRCLED) else ""
        blocks.append(block(BlockKind.HEADING, bold(f"{mark}{texts.date(entry.date)}")))
        for one in entry.sentences:
            day = one.published.date
            when = texts.date(day) if day is not None and day != entry.date else ""
            shown = sentence(one, source=True, when=when, given=next(given))
            blocks.append(block(BlockKind.PARAGRAPH, *shown))
    return blocks


def digest(value: Digest, texts: Texts, *, full: int = IN_FULL) -> list[Block]:
    """A digest: one line of what there is, then the stories of each target.

    ``full`` of them at length, the weightiest of each target first; others, and those of
    which it is enough, in a line each. Beyond what a reader goes through they are
    counted: :func:`digest_buttons` has a button that shows them, and opens the
    numbered ones.
    """
    blocks = [block(BlockKind.TITLE, bold(_opening(value, texts)))]
    single = len(value.sections) == 1 and not value.sections[0].target.id
    if value.sections and not value.pending:
        latest = texts("The latest from the archive:")
        nothing = texts("Nothing new; the latest from the archive:")
        blocks.append(block(BlockKind.NOTE, latest if single else nothing))
    blocks += _sections(value, texts, full, "" if single else "▸")
    if value.sections and value.quiet and value.pending:
        names = texts.listed(value.quiet)
        blocks.append(block(BlockKind.NOTE, italic(texts("Nothing new: {names}", names=names))))
    return blocks


def alert(value: Digest, texts: Texts, *, full: int = IN_FULL) -> list[Block]:
    """An alert: whom it is about, and the stories; ``full`` of them as in :func:`digest`."""
    return _sections(value, texts, full, "🔔")


def more(value: Digest, texts: Texts, start: int) -> list[Block]:
    """More stories of a digest or alert: those from the ``start``-th on, at length."""
    shown = len(stories_of(value))
    place = texts(
        "{first}–{last} of {n}", first=start + 1, last=start + shown, n=max(value.stories, shown)
    )
    return [block(BlockKind.TITLE, bold(place)), *_sections(value, texts, shown, "▸", start)]


def digest_buttons(
    value: Digest, texts: Texts, *, full: int = IN_FULL, start: int = 0, of: int | None = None
) -> Rows:
    """Under a digest or alert: to each numbered story, and to those not shown at length.

    What can be done with a story stands under it where it is the only one.
    ``of`` is an item that names the digest later, by default one that it holds;
    ``start`` is where a portion of it starts (:func:`more`).
    """
    numbers = _numbers(value, full, start)
    if value.stories == 1 and numbers:
        made = alone_buttons(next(iter(numbers)), texts)
    else:
        made = _number_buttons(numbers)
    if of is None:
        of = value.items[0][0] if value.items and value.pending else 0
    begin = start + len(numbers)
    left = value.stories - begin
    if left > 0:
        label = texts.plural("{n} more story", "{n} more stories", left)
        made = (*made, *rows([Button(label, f"/digest more {of} {begin}")]))
    return made


def nothing_buttons(value: Digest, texts: Texts) -> Rows:
    """Under word that nothing is new: to be spared it."""
    if value.sections:
        return ()
    return rows([Button(texts("Say nothing then"), "/settings nothing silent")])


def unusual(found: Sequence[Unusual], texts: Texts) -> list[Block]:
    """That there are unusually many reports about actors, each with the newest."""
    blocks = []
    for one in found:
        usual = round(one.spike.usual)
        about = texts("Unusually much about {name}", name=one.name)
        count = texts.plural(
            "{n} report in {hours} hours", "{n} reports in {hours} hours", one.spike.count, hours=24
        )
        rest = texts("otherwise about {n}", n=usual) if usual else texts("otherwise hardly any")
        blocks.append(block(BlockKind.TITLE, bold(f"📈 {about}")))
        blocks.append(block(BlockKind.NOTE, f"{count}, {rest}"))
        blocks.append(
            block(
                BlockKind.PARAGRAPH,
                texts("The latest:"),
                " ",
                *sentence(one.newest, source=True),
            )
        )
    return blocks


def unusual_buttons(found: Sequence[Unusual]) -> Rows:
    """Under word of unusually many reports: to the actors."""
    return rows(Button(one.name, f"/actor #{one.actor}") for one in found)


def _sections(value: Digest, texts: Texts, full: int, mark: str, start: int = 0) -> list[Block]:
    """The stories of each target, under its name where ``mark`` stands before it."""
    numbers = _numbers(value, full, start)
    in_a_line = frozenset(ranked(value)[full : full + _LINES])
    blocks: list[Block] = []
    for section in value.sections:
        if mark:
            blocks.append(block(BlockKind.TITLE, bold(f"{mark} {section.label}")))
        lines = []
        left = 0
        for entry in section.stories:
            number = numbers.get(entry.story.id) if value.stories > 1 else None
            if entry.story.id in numbers and not entry.brief:
                blocks += story(entry.story, texts, also=entry.also, number=number)
            elif entry.story.id in numbers or entry.story.id in in_a_line:
                lines.append(_line(entry, texts, number))
            else:
                left += 1
        if lines and len(lines) + left < len(section.stories):
            blocks.append(block(BlockKind.NOTE, texts("Besides:")))
        blocks += lines
        if left:
            blocks.append(
                block(
                    BlockKind.ITEM,
                    italic(texts.plural("and {n} more story", "and {n} more stories", left)),
                )
            )
    return blocks


def _line(entry: DigestStory, texts: Texts, number: int | None) -> Block:
    """A story in a line: headline and where it stands."""
    view = entry.story
    runs: list[Run | str] = [view.headline, " — ", *_sources(view)]
    if view.moved and not view.sentences:
        more = texts.plural("one more report", "{n} more reports", view.reports)
        runs.append(italic(f" · {more}"))
    if number is not None:
        return block(BlockKind.PARAGRAPH, f"{number}. ", *runs)
    return block(BlockKind.ITEM, *runs)


def _numbers(value: Digest, full: int, start: int) -> dict[int, int]:
    """Story -> its number, for the ``full`` weightiest, in the order in which they are shown."""
    wanted = frozenset(ranked(value)[:full])
    shown = [
        entry.story.id
        for section in value.sections
        for entry in sorted(section.stories, key=lambda one: one.brief)
        if entry.story.id in wanted
    ]
    return {story: number for number, story in enumerate(shown, start + 1)}


def feed_notice(notice: FeedNotice, texts: Texts) -> list[Block]:
    """A word to those who follow a feed: it is gone, or fails for long."""
    feed = notice.source
    if notice.kind is NoticeKind.GONE:
        title = texts("The feed {name} is gone.", name=feed.name)
        rest = texts("Its site says it is gone for good. I ask it no more; its reports stay.")
        return [block(BlockKind.TITLE, bold(title)), block(BlockKind.PARAGRAPH, rest)]
    title = texts("The feed {name} brings nothing at present.", name=feed.name)
    blocks = [block(BlockKind.TITLE, bold(title))]
    if feed.failing_since is not None:
        since = texts("I cannot read it since {when}.", when=texts.moment(feed.failing_since))
        blocks.append(block(BlockKind.PARAGRAPH, since))
    if feed.error is not None:
        code, params = feed.error
        reason = explain(DepescheError(code, **params), texts)
        blocks.append(block(BlockKind.PARAGRAPH, reason))
    rest = texts("I go on trying; /feeds shows how it fares.")
    return [*blocks, block(BlockKind.PARAGRAPH, rest)]


def notice_buttons(notice: FeedNotice, texts: Texts) -> Rows:
    """Under a notice: to stop following the feed."""
    return rows([Button(texts("Stop following"), f"/unsubscribe feed:{notice.source.id}")])


def story_buttons(views: Sequence[StoryView], start: int = 0) -> Rows:
    """A button for each of the stories that :func:`numbered` shows."""
    return _number_buttons({view.id: n for n, view in enumerate(views, start + 1)})


def _number_buttons(numbers: Mapping[int, int]) -> Rows:
    """A button to each story, under its number; reports without a story have none."""
    made = [Button(str(n), f"/story {one}") for one, n in numbers.items() if one > 0]
    if not made:
        return ()
    lines = -(-len(made) // _IN_A_ROW)
    return rows(made, width=-(-len(made) // lines))


def alone_buttons(story_id: int, texts: Texts) -> Rows:
    """What can be done with a story, under a message about it alone."""
    if story_id <= 0:
        return ()
    return rows(
        (
            Button(texts("At length"), f"/story {story_id}"),
            Button(texts("Sources"), f"/story {story_id} sources"),
            Button(texts("Why this?"), f"/story {story_id} why"),
            mute_button(story_id, texts),
            fewer_button(story_id, texts),
        ),
        width=3,
    )


def mute_button(story_id: int, texts: Texts, *, muted: bool = False) -> Button:
    """To hear no more of a story; or of it again, where it is ``muted``."""
    if muted:
        return Button("🔔 " + texts("Unmute"), f"/story {story_id} unmute")
    return Button("🔕 " + texts("Mute"), f"/story {story_id} mute")


def fewer_button(story_id: int, texts: Texts, *, fewer: bool = False) -> Button:
    """To get fewer stories of a kind; or as many as before, where ``fewer`` are wanted."""
    if fewer:
        return Button("👍 " + texts("As before"), f"/story {story_id} again")
    return Button("👎 " + texts("Less like this"), f"/story {story_id} less")


def stories_of(value: Digest) -> tuple[StoryView, ...]:
    """All stories of a digest, in order."""
    return tuple(entry.story for section in value.sections for entry in section.stories)


def _opening(value: Digest, texts: Texts) -> str:
    if not value.sections:
        if value.quiet and len(value.quiet) <= _NAMED:
            return texts("Nothing new: {names}", names=texts.listed(value.quiet))
        return texts("Nothing new.")
    stories = texts.plural("{n} story", "{n} stories", value.stories)
    if len(value.sections) < _SEVERAL:
        return stories
    subjects = texts.plural("{n} subject", "{n} subjects", len(value.sections))
    return f"{stories}, {subjects}"


def kind_name(kind: ActorKind, texts: Texts) -> str:
    """What an actor is, in words."""
    return {
        ActorKind.PERSON: texts("Person"),
        ActorKind.ORGANISATION: texts("Organisation"),
        ActorKind.STATE: texts("State"),
        ActorKind.PLACE: texts("Place"),
    }[kind]


def _reach(card: ActorCard | TopicCard, texts: Texts) -> str:
    reports = texts.plural("{n} report", "{n} reports", card.reports)
    if card.first is None or card.last is None:
        return reports
    if str(card.last).startswith(str(card.first)):  # the same, or as exact as the vaguest of all
        return f"{reports}, {texts.date(card.first)}"
    return f"{reports}, {texts.date(card.first)} – {texts.date(card.last)}"


def _office(office: Office, texts: Texts) -> list[Run | str]:
    if office.seen is None and office.span is None:
        return [office.called(texts.language), *_term(office.start, office.end, texts)]
    seen = texts.date(office.seen) if office.seen else texts("undated")
    return [office.title, italic(" — " + texts("so called in a report, {date}", date=seen))]


def _term(start: PartialDate | None, end: PartialDate | None, texts: Texts) -> list[Run | str]:
    return [f" ({span})"] if (span := period(start, end, texts)) else []


def period(start: PartialDate | None, end: PartialDate | None, texts: Texts) -> str:
    """A span of time in words: '2014 – 2016', 'seit 2014', '2014'; empty without ends."""
    if start and end:
        same = start == end
        return texts.date(start) if same else f"{texts.date(start)} – {texts.date(end)}"
    if start:
        return texts("since {date}", date=texts.date(start))
    return texts("until {date}", date=texts.date(end)) if end else ""


def _sources(view: StoryView) -> list[Run | str]:
    """The names of the sources, each leading to a report of it; many are counted."""
    runs: list[Run | str] = []
    found = list(zip_longest(view.sources, view.urls))
    for name, url in found[:_SOURCES]:
        runs += [", "] if runs else []
        runs.append(link(name, url))
    if len(found) > _SOURCES:
        runs.append(f" +{len(found) - _SOURCES}")
    return runs
