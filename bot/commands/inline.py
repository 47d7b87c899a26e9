"""What inline mode offers (``@bot Lawrow`` in any chat): cards, statements, stories to send.

Nothing in it is a chat's: no subscriptions, no topics of its own, no report that
only its own feeds hold (:mod:`digests.desk.public`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.commands import show
from bot.reply import Block, short
from bot.texts import Texts
from digests.desk import Desk
from digests.sources.text import fold as tidy_line
from digests.types import Actor, ActorCard, SpeechKind, StoryView

_LONGEST: Final = 100
_CARDS: Final = 8
_NEAR: Final = 5
_STATEMENTS: Final = 5
_STORIES: Final = 5
_FOUND: Final = 10
_OF_MANY: Final = 12  # newest reports that a card is made of, where there are several cards
_ON_A_CARD: Final = 2  # statements and stories


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be sent: how it is listed, what it says, and whom one may follow for it.

    ``key`` names it among the offers to one query.
    """

    key: str
    title: str
    description: str
    blocks: tuple[Block, ...]
    actor: Actor | None = None


def offers(query: str, desk: Desk, t: Texts) -> tuple[Offer, ...]:
    """What is offered for a query: who is in the news where it is empty.

    A name gives the card, then what that actor said and what was reported of it; several
    names their cards; any other words the stories that hold them.
    """
    words = tidy_line(query)[:_LONGEST].strip()
    if not words:
        return tuple(_cards(desk.public.in_the_news(limit=_CARDS), desk, t))
    found = desk.known.lookup(words)
    if len(found.exact) == 1:
        card = desk.public.card(found.exact[0].id, statements=_STATEMENTS, stories=_STORIES)
        if card is not None:
            return (_card(card, t), *_said(card, t), *_told(card, t))
    named = tuple(_cards((*found.exact, *found.near)[:_NEAR], desk, t))
    stories = desk.public.found(words, limit=_FOUND)
    return (
        *named,
        *(
            Offer(f"found-{place}", view.headline, _about(view, t), tuple(show.story(view, t)))
            for place, view in enumerate(stories)
        ),
    )


def _cards(actors: Sequence[Actor], desk: Desk, t: Texts) -> Iterator[Offer]:
    for place, actor in enumerate(actors):
        card = desk.public.card(
            actor.id, statements=_ON_A_CARD, stories=_ON_A_CARD, newest=_OF_MANY
        )
        if card is not None:
            yield _card(card, t, f"card-{place}")


def _card(card: ActorCard, t: Texts, key: str = "card") -> Offer:
    brief = replace(
        card, statements=card.statements[:_ON_A_CARD], stories=card.stories[:_ON_A_CARD]
    )
    kind = show.kind_name(card.actor.kind, t)
    count = t.plural("{n} report", "{n} reports", card.reports)
    blocks = tuple(show.actor_card(brief, t, numbers=False))
    return Offer(key, card.actor.called(t.language), f"{kind} · {count}", blocks, card.actor)


def _said(card: ActorCard, t: Texts) -> Iterator[Offer]:
    for place, view in enumerate(card.statements):
        direct = view.kind is SpeechKind.DIRECT
        words = t("“{quote}”", quote=view.quote) if direct else view.quote
        blocks = tuple(show.statement(view, t, named=True))
        yield Offer(f"said-{place}", view.speaker, words, blocks, card.actor)


def _told(card: ActorCard, t: Texts) -> Iterator[Offer]:
    for place, view in enumerate(card.stories):
        blocks = tuple(show.story(view, t))
        yield Offer(f"story-{place}", view.headline, _about(view, t), blocks, card.actor)


def _about(view: StoryView, t: Texts) -> str:
    return short(f"{t.published(view.published)} · {', '.join(view.sources)}", _LONGEST)
