"""Commands about one story: at length, its sources, why it is shown, mute it, fewer like it.

A page's number after a command says that the answer takes the place of the
message: so the buttons under an opened story turn it over in its place, and those
under a digest leave the digest as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bot.commands import show
from bot.commands.choices import back
from bot.commands.finding import may_not_change, usage
from bot.commands.paging import page_of, turned
from bot.commands.table import Ask
from bot.reply import (
    Block,
    BlockKind,
    Button,
    Reply,
    Rows,
    Run,
    block,
    bold,
    link,
    plain,
    rows,
    short,
)
from digests.desk import FEWER_TELL, Part, Reason, Wish
from digests.errors import InputError
from digests.stories import headline
from digests.types import CitedSentence, Target, TargetKind
from digests.words import fold

_LONGEST_NUMBER: Final = 12
_SENTENCES: Final = 6
_PARTS: Final = 5  # reports of a story on a page, with what each adds
_SOURCES: Final = 12  # reports on a page of sources
_SPARED: Final = 10
_NAME: Final = 34  # characters of a headline on a button


def story(ask: Ask) -> Reply:
    """/story NUMBER [sources|why|mute|unmute|less|again] [PAGE]."""
    words = ask.args.lstrip("#").split()
    page = ask.page
    if len(words) > 1 and _is_number(words[-1]):
        page = int(words.pop())
    if not 1 <= len(words) <= 2 or not _is_number(words[0]):
        return usage(ask)
    act = _ACTS.get(fold(words[1])) if len(words) == 2 else _at_length
    if act is None:
        return usage(ask)
    if act in _WISHES and (refused := may_not_change(ask)):
        return refused
    try:
        return act(ask, int(words[0]), page)
    except KeyError:
        gone = ask.texts("There is no story {number}.", number=words[0])
        return plain(gone, ok=False)


def muted(ask: Ask) -> Reply:
    """/muted: what this chat is spared, with buttons that take it back."""
    t = ask.texts
    spared = ask.desk.wishes.spared(ask.chat, ask.thread)
    if not spared:
        text = t("Nothing is muted here. The buttons under a story do that.")
        return plain(text, ok=False)
    page = page_of([*spared.stories, *spared.kinds], ask.page, _SPARED)
    blocks = [block(BlockKind.TITLE, bold(page.title(t("Muted here"), t)))]
    buttons = []
    for wish in page.items:
        # Of a report without a title nothing may be left to head it.
        head = wish.headline or f"/story {wish.story}"
        about = _named(ask, wish.kind) if wish.kind else head
        what = t("Less of: {kind}", kind=about) if wish.kind else about
        blocks.append(block(BlockKind.ITEM, what, *_typed(ask, wish)))
        sign = "👍" if wish.kind else "🔔"
        buttons.append(Button(f"{sign} {short(about, _NAME)}", _back(wish)))
    if ask.buttons:
        blocks.append(block(BlockKind.NOTE, t("Tap one to take it back.")))
    notes, turn = turned(ask, page)
    under = (*rows(buttons, width=1), *turn, back("/subscriptions", t))
    return Reply(tuple(blocks + notes), under, in_place=True)


def _typed(ask: Ask, wish: Wish) -> tuple[str, ...]:
    """How to take a wish back where there are no buttons."""
    return () if ask.buttons else (f" — {_back(wish)}",)


def _back(wish: Wish) -> str:
    return f"/story {wish.story} {'again' if wish.kind else 'unmute'}"


# --- Looking -------------------------------------------------------------------------------


def _at_length(ask: Ask, number: int, page: int) -> Reply:
    """The story: its sentences, and what each report adds."""
    t = ask.texts
    view, parts = ask.desk.answers.story(number, sentences=_SENTENCES)
    shown = page_of(parts, page, _PARTS)
    if shown.number == 1:
        blocks = show.story(view, t)
    else:
        blocks = [block(BlockKind.TITLE, bold(view.headline))]
    if len(parts) > 1:
        blocks.append(block(BlockKind.HEADING, bold(shown.title(t("Reports"), t))))
        told = list(view.sentences) if shown.number == 1 else []
        for part in shown.items:
            blocks += _part(part, ask, view.headline, told)
            told += part.added
    notes, turn = turned(ask, shown, f"/story {view.id}")
    return Reply(
        tuple(blocks + notes),
        (*turn, *_opened(ask, view.id, "story")),
        stories=(view,),
        in_place=page > 0,
    )


def _part(part: Part, ask: Ask, head: str, told: Sequence[CitedSentence]) -> list[Block]:
    """A report of a story: where, when, under which title, and what it adds to what is ``told``.

    By its title it is known to who read of it elsewhere: the ``head`` is that of the whole story.
    """
    item, t = part.report.item, ask.texts
    about: list[Run | str] = [
        link(item.source_name, item.url),
        " — ",
        show.date_of(item.published, t),
    ]
    title = headline([part.report]).text if item.title.strip() else head
    if title != head:
        about.append(f": {title}")
    if part.lead:
        about.append(" · " + t("told above"))
    elif not part.added:
        about.append(" · " + t("nothing else"))
    blocks = [block(BlockKind.ITEM, *about)]
    if part.added:
        heads = f"{head} {title}"
        blocks.append(show.quoted(part.added, source=False, head=heads, told=told))
    return blocks


def _sources(ask: Ask, number: int, page: int) -> Reply:
    """All reports of a story, with outlet, date and link."""
    t = ask.texts
    try:
        story_id, reports = ask.desk.stories.reports(number)
    except InputError as error:
        raise KeyError(number) from error
    shown = page_of(reports, page, _SOURCES)
    count = t.plural("{n} report", "{n} reports", len(reports))
    blocks = [
        block(BlockKind.TITLE, bold(shown.title(t("Sources"), t))),
        block(BlockKind.NOTE, f"{headline(reports).text} · {count}"),
    ]
    for place, report in enumerate(shown.items, shown.start + 1):
        item = report.item
        title = f": {headline([report]).text}"
        blocks.append(
            block(
                BlockKind.PARAGRAPH,
                f"{place}. ",
                link(item.source_name, item.url),
                " — ",
                show.date_of(item.published, t),
                title,
            )
        )
    notes, turn = turned(ask, shown, f"/story {story_id} sources")
    return Reply(
        tuple(blocks + notes),
        (*turn, *_opened(ask, story_id, "sources")),
        in_place=page > 0,
    )


def _why(ask: Ask, number: int, page: int) -> Reply:
    """Which subscriptions a story matches, and the sentences that name whom they are to."""
    t = ask.texts
    why = ask.desk.reasons.why(ask.chat, ask.thread, number)
    blocks = [
        block(BlockKind.TITLE, bold(t("Why you see this"))),
        block(BlockKind.NOTE, why.headline),
    ]
    for reason in why.reasons:
        blocks += _reason(ask, reason)
    if not why.reasons:
        text = t("Nothing that is followed here matches this story: it was asked for.")
        blocks.append(block(BlockKind.PARAGRAPH, text))
    return Reply(tuple(blocks), _opened(ask, why.story, "why"), in_place=page > 0)


def _reason(ask: Ask, reason: Reason) -> list[Block]:
    t = ask.texts
    match reason.target.kind:
        case TargetKind.EVERYTHING:
            return [block(BlockKind.PARAGRAPH, t("Everything is followed here."))]
        case TargetKind.FEED:
            said = t("The feed is followed here that brought it:")
        case TargetKind.TOPIC:
            said = t("The topic is followed here:")
        case TargetKind.ACTOR | TargetKind.NAME:
            said = t("Followed here, and named in it:")
    blocks = [block(BlockKind.PARAGRAPH, said, " ", bold(reason.name))]
    one = reason.sentence
    if one is not None:
        text, start, end = one.text, reason.start, reason.end
        words = (text[:start], bold(text[start:end]), text[end:])
        blocks.append(block(BlockKind.QUOTE, *words, " (", link(one.source, one.url), ")"))
    return blocks


def _opened(ask: Ask, story_id: int, here: str) -> Rows:
    """What can be done with a story, under a message that it has for itself."""
    t = ask.texts
    is_muted, is_fewer = ask.desk.wishes.state(ask.chat, ask.thread, story_id)
    looks = {
        "story": Button(t("At length"), f"/story {story_id} 1"),
        "sources": Button(t("Sources"), f"/story {story_id} sources 1"),
        "why": Button(t("Why this?"), f"/story {story_id} why 1"),
    }
    wishes = (
        show.mute_button(story_id, t, muted=is_muted),
        show.fewer_button(story_id, t, fewer=is_fewer),
    )
    return (*rows(button for name, button in looks.items() if name != here), *rows(wishes))


# --- Being spared --------------------------------------------------------------------------


def _mute(ask: Ask, number: int, _page: int) -> Reply:
    t = ask.texts
    wish = ask.desk.wishes.mute(ask.chat, ask.thread, number, ask.now)
    if wish.changed:
        done = t("Muted: no more of this story here, neither in digests nor as alerts.")
    else:
        done = t("This story is muted already.")
    return _done(ask, wish, done, show.mute_button(wish.story, t, muted=True))


def _unmute(ask: Ask, number: int, _page: int) -> Reply:
    t = ask.texts
    wish = ask.desk.wishes.unmute(ask.chat, ask.thread, number)
    if wish.changed:
        done = t("You will be told again what is new in this story.")
    else:
        done = t("This story is not muted.")
    return _done(ask, wish, done, show.mute_button(wish.story, t))


def _less(ask: Ask, number: int, _page: int) -> Reply:
    t = ask.texts
    wish = ask.desk.wishes.fewer(ask.chat, ask.thread, number, ask.now)
    if not wish.kind:
        text = t("This story is about nobody I know, so I cannot tell what is like it. Mute it.")
        return Reply((block(BlockKind.PARAGRAPH, text),), ok=False, toast=text)
    kind = _named(ask, wish.kind)
    if wish.changed:
        done = t(
            "Less about {kind}: last and in a line in digests; an alert only once"
            " {n} reports tell a story.",
            kind=kind,
            n=FEWER_TELL,
        )
    else:
        done = t("Less about {kind}: that is so already.", kind=kind)
    return _done(ask, wish, done, show.fewer_button(wish.story, t, fewer=True))


def _again(ask: Ask, number: int, _page: int) -> Reply:
    t = ask.texts
    wish = ask.desk.wishes.as_before(ask.chat, ask.thread, number)
    kind = _named(ask, wish.kind)
    if wish.changed:
        done = t("As much as before about {kind}.", kind=kind)
    else:
        done = t("You get as much of this as of anything.")
    return _done(ask, wish, done, show.fewer_button(wish.story, t))


def _done(ask: Ask, wish: Wish, done: str, instead: Button) -> Reply:
    blocks = [block(BlockKind.TITLE, bold(wish.headline)), block(BlockKind.PARAGRAPH, done)]
    if not ask.buttons:
        blocks.append(block(BlockKind.NOTE, ask.texts("Undo: {command}", command=instead.command)))
    return Reply(tuple(blocks), rows([instead]), toast=done, instead=instead)


def _named(ask: Ask, kind: Sequence[Target]) -> str:
    """What a kind is about, in words."""
    language = ask.texts.language
    names = [ask.desk.rounds.label(one, language) for one in kind]
    if len(names) == 1:
        return ask.texts("{name} alone", name=names[0])
    return ask.texts.listed(names)


def _is_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= _LONGEST_NUMBER


_ACTS: Final[dict[str, Callable[[Ask, int, int], Reply]]] = {
    **dict.fromkeys(("sources", "source", "quellen", "quelle"), _sources),
    **dict.fromkeys(("why", "warum"), _why),
    **dict.fromkeys(("mute", "stumm"), _mute),
    **dict.fromkeys(("unmute", "laut"), _unmute),
    **dict.fromkeys(("less", "weniger"), _less),
    **dict.fromkeys(("again", "wieder"), _again),
}

_WISHES: Final = (_mute, _unmute, _less, _again)
"""What changes what the chat is told."""
