"""From values to blocks: how an actor, a story, a timeline, a digest read. Shared by commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.reply import Block, BlockKind, Button, Run, block, bold, italic, link, rows
from bot.texts import Texts
from digests.types import (
    ActorCard,
    ActorKind,
    CitedSentence,
    Digest,
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


def actor_card(card: ActorCard, texts: Texts) -> list[Block]:
    """Who it is, how often and since when, offices, company, statements, stories."""
    actor = card.actor
    blocks = [
        block(BlockKind.TITLE, bold(actor.name)),
        block(BlockKind.NOTE, kind_name(actor.kind, texts), " · ", _reach(card, texts)),
    ]
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
        about.append(texts("new since last time"))
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


def digest(value: Digest, texts: Texts) -> list[Block]:
    """A digest: one line of what there is, then the stories of each target."""
    blocks = [block(BlockKind.TITLE, bold(_opening(value, texts)))]
    single = len(value.sections) == 1 and not value.sections[0].target.id
    if value.sections and not value.pending:
        latest = texts("The latest from the archive:")
        nothing = texts("Nothing new; the latest from the archive:")
        blocks.append(block(BlockKind.NOTE, latest if single else nothing))
    for section in value.sections:
        if not single:
            blocks.append(block(BlockKind.TITLE, bold(f"▸ {section.label}")))
        for entry in section.stories:
            blocks += story(entry.story, texts, also=entry.also)
    if value.sections and value.quiet and value.pending:
        names = texts.listed(value.quiet)
        blocks.append(block(BlockKind.NOTE, italic(texts("Nothing new: {names}", names=names))))
    return blocks


def alert(value: Digest, texts: Texts) -> list[Block]:
    """An alert: whom it is about, and the story."""
    blocks = []
    for section in value.sections:
        blocks.append(block(BlockKind.TITLE, bold(f"🔔 {section.label}")))
        for entry in section.stories:
            blocks += story(entry.story, texts, also=entry.also)
    return blocks


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
        return texts("Nothing new.")
    reports = texts.plural("{n} report", "{n} reports", value.reports)
    stories = texts.plural("{n} story", "{n} stories", value.stories)
    return f"{reports}, {stories}"


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
