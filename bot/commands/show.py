"""From values to blocks: how an actor, a story, a timeline, a digest read. Shared by commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.complaints import explain
from bot.reply import Block, BlockKind, Button, Run, block, bold, italic, link, rows
from bot.texts import Texts
from digests.compose import portion, ranked
from digests.coverage import Coverage
from digests.desk import Unusual
from digests.errors import DepescheError
from digests.types import (
    ActorCard,
    ActorKind,
    CitedSentence,
    Digest,
    FeedNotice,
    NoticeKind,
    Office,
    PartialDate,
    SpeechKind,
    StatementView,
    StoryView,
    TimelineEntry,
    TopicCard,
)
from digests.words import fold

_STORY_BUTTONS: Final = 5
IN_FULL: Final = 12
"""Stories of a digest that are shown at length."""

_LINES: Final = 30  # stories of a digest that are shown in a line each
_NAMED: Final = 3  # targets that are named where nothing is new
_SEVERAL: Final = 2

_SPARKS: Final = "▁▂▃▄▅▆▇█"


def actor_card(card: ActorCard, texts: Texts, reported: Coverage | None = None) -> list[Block]:
    """Who it is, how often and since when, offices, company, statements, stories."""
    actor = card.actor
    blocks = [
        block(BlockKind.TITLE, bold(actor.name)),
        block(BlockKind.NOTE, kind_name(actor.kind, texts), " · ", _reach(card, texts)),
    ]
    if reported is not None and len(reported.counts) > 1:
        blocks.append(block(BlockKind.NOTE, sparkline(reported)))
    # 'Nato' beside 'NATO' tells a reader nothing.
    aliases = {fold(alias): alias for alias in actor.aliases if fold(alias) != fold(actor.name)}
    if aliases:
        names = texts.listed(list(aliases.values())[:4])
        blocks.append(block(BlockKind.NOTE, texts("Also: {names}", names=names)))
    if actor.offices:
        blocks.append(block(BlockKind.HEADING, bold(texts("Offices"))))
        blocks += [block(BlockKind.ITEM, *_office(office, texts)) for office in actor.offices]
    if card.company:
        names = texts.listed([f"{other.name} ({number})" for other, number in card.company])
        blocks.append(block(BlockKind.PARAGRAPH, bold(texts("Often with")), " ", names))
    if card.statements:
        blocks.append(block(BlockKind.HEADING, bold(texts("Said"))))
        blocks += [statement(view, texts, named=False) for view in card.statements]
    if card.stories:
        blocks.append(block(BlockKind.HEADING, bold(texts("Reports"))))
        for view in card.stories:
            blocks += story(view, texts)
    return blocks


def sparkline(reported: Coverage) -> str:
    """A bar for each period, the highest for the most reports; a low line for none."""
    most = max(number for _, number in reported.counts)
    highest = len(_SPARKS) - 1
    return "".join(_SPARKS[-(-number * highest // most)] for _, number in reported.counts)


def topic_card(card: TopicCard, texts: Texts, name: str) -> list[Block]:
    """How much there is on a topic, who is in it, the newest stories."""
    blocks = [
        block(BlockKind.TITLE, bold(name)),
        block(BlockKind.NOTE, texts("Topic"), " · ", _reach(card, texts)),
    ]
    if card.actors:
        names = texts.listed([f"{actor.name} ({number})" for actor, number in card.actors])
        blocks.append(block(BlockKind.PARAGRAPH, bold(texts("In it")), " ", names))
    for view in card.stories:
        blocks += story(view, texts)
    return blocks


def story(view: StoryView, texts: Texts, *, also: Sequence[str] = ()) -> list[Block]:
    """A story: headline, date and sources, its sentences."""
    several = len(view.sources) > 1
    about = [texts.published(view.published)]
    if view.reports > 1:
        about.append(texts.plural("{n} report", "{n} reports", view.reports))
    if view.moved:
        about.append(_since(view, texts))
    if also:
        about.append(texts("also: {names}", names=", ".join(also)))
    url = next((one.url for one in view.sentences if one.url), None)
    note = [*_joined(about), " · ", *_sources(view, url)]
    blocks = [
        block(BlockKind.HEADING, bold(view.headline)),
        block(BlockKind.NOTE, *note),
    ]
    blocks += [block(BlockKind.PARAGRAPH, *sentence(one, source=several)) for one in view.sentences]
    return blocks


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
            return texts("new in {n} days", n=days)


def sentence(cited: CitedSentence, *, source: bool) -> list[Run | str]:
    """A cited sentence; with ``source`` followed by where it stands."""
    runs: list[Run | str] = []
    if cited.speaker:
        runs += [bold(cited.speaker), ": "]
    if cited.lead:
        runs += [italic(f"[{cited.lead}]"), " "]
    runs.append(cited.text)
    if source:
        runs += [" (", link(cited.source, cited.url), ")"]
    return runs


def statement(view: StatementView, texts: Texts, *, named: bool) -> Block:
    """What somebody said: in quotation marks if it is a quotation, then when and where."""
    runs: list[Run | str] = [bold(view.speaker), ": "] if named else []
    if view.kind is SpeechKind.DIRECT:
        runs.append(texts("“{quote}”", quote=view.quote))
    else:
        runs.append(view.quote)
    runs += [italic(f" — {texts.published(view.published)}, ")]
    if view.via:
        runs.append(italic(texts("via {medium}, ", medium=view.via)))
    runs.append(link(view.source, view.url))
    return block(BlockKind.ITEM, *runs)


def timeline_entry(entry: TimelineEntry, texts: Texts) -> list[Block]:
    """A date, and what happened then."""
    blocks = [block(BlockKind.HEADING, bold(texts.date(entry.date)))]
    blocks += [block(BlockKind.PARAGRAPH, *sentence(one, source=True)) for one in entry.sentences]
    return blocks


def digest(value: Digest, texts: Texts, *, full: int = IN_FULL) -> list[Block]:
    """A digest: one line of what there is, then the stories of each target.

    ``full`` of them at length, the weightiest of each target first; others, and those that
    bring nothing but one more report, in a line each. Beyond what a reader goes
    through they are counted: :func:`digest_buttons` has a button that shows them.
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
    return [block(BlockKind.TITLE, bold(place)), *_sections(value, texts, shown, "▸")]


def digest_buttons(
    value: Digest, texts: Texts, *, full: int = IN_FULL, start: int = 0, of: int | None = None
) -> tuple[tuple[Button, ...], ...]:
    """Under a digest or alert: to the whole of a story, and to the stories not shown at length.

    ``of`` is an item that names the digest later, by default one that it holds;
    ``start`` is where a portion of it starts (:func:`more`).
    """
    shown = portion(value, 0, full)
    made = story_buttons([one for one in stories_of(shown) if not _thin(one)], texts)
    if of is None:
        of = value.items[0][0] if value.items and value.pending else 0
    begin = start + len(stories_of(shown))
    left = value.stories - begin
    if left > 0:
        label = texts.plural("{n} more story", "{n} more stories", left)
        made = (*made, *rows([Button(label, f"/digest more {of} {begin}")]))
    return made


def nothing_buttons(value: Digest, texts: Texts) -> tuple[tuple[Button, ...], ...]:
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


def unusual_buttons(found: Sequence[Unusual]) -> tuple[tuple[Button, ...], ...]:
    """Under word of unusually many reports: to the actors."""
    return rows(Button(one.name, f"/actor #{one.actor}") for one in found)


def _sections(value: Digest, texts: Texts, full: int, mark: str) -> list[Block]:
    """The stories of each target, under its name where ``mark`` stands before it."""
    order = ranked(value)
    at_length = frozenset(order[:full])
    in_a_line = frozenset(order[full : full + _LINES])
    blocks: list[Block] = []
    for section in value.sections:
        if mark:
            blocks.append(block(BlockKind.TITLE, bold(f"{mark} {section.label}")))
        lines = []
        left = 0
        for entry in section.stories:
            if entry.story.id in at_length and not _thin(entry.story):
                blocks += story(entry.story, texts, also=entry.also)
            elif entry.story.id in at_length | in_a_line:
                lines.append(_line(entry.story, texts))
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


def _line(view: StoryView, texts: Texts) -> Block:
    """A story in a line: headline and where it stands."""
    url = next((one.url for one in view.sentences if one.url), None)
    runs: list[Run | str] = [view.headline, " — ", *_sources(view, url)]
    if _thin(view):
        runs += [italic(" · " + texts("one more report"))]
    return block(BlockKind.ITEM, *runs)


def _thin(view: StoryView) -> bool:
    """Whether a known story was merely told once more."""
    return view.moved and not view.sentences


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


def notice_buttons(notice: FeedNotice, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Under a notice: to stop following the feed."""
    return rows([Button(texts("Stop following"), f"/unsubscribe feed:{notice.source.id}")])


def story_buttons(views: Sequence[StoryView], texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """A button to the whole of each of the first stories; reports without a story have none."""
    stories = [view.id for view in views if view.id > 0][:_STORY_BUTTONS]
    more = (Button(texts("More: {n}", n=n), f"/story {s}") for n, s in enumerate(stories, 1))
    return rows(more, width=_STORY_BUTTONS)


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
    if card.first == card.last:
        return f"{reports}, {texts.date(card.first)}"
    return f"{reports}, {texts.date(card.first)} – {texts.date(card.last)}"


def _office(office: Office, texts: Texts) -> list[Run | str]:
    if office.seen is None and office.span is None:
        return [office.title, *_term(office.start, office.end, texts)]
    seen = texts.date(office.seen) if office.seen else texts("undated")
    return [office.title, italic(" — " + texts("so called in a report, {date}", date=seen))]


def _term(start: PartialDate | None, end: PartialDate | None, texts: Texts) -> list[Run | str]:
    if start and end:
        return [f" ({texts.date(start)} – {texts.date(end)})"]
    if start:
        return [" (" + texts("since {date}", date=texts.date(start)) + ")"]
    if end:
        return [" (" + texts("until {date}", date=texts.date(end)) + ")"]
    return []


def _sources(view: StoryView, url: str | None) -> list[Run | str]:
    if len(view.sources) == 1:
        return [link(view.sources[0], url)]
    return [", ".join(view.sources)]


def _joined(parts: Sequence[str]) -> list[Run | str]:
    return [" · ".join(parts)]
