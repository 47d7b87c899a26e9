"""Commands for the feeds there are: how they fare, all of them as a file, remove one."""

from __future__ import annotations

from datetime import datetime

from bot.commands.finding import followed_feeds, may_know, usage
from bot.commands.paging import page_of, turned
from bot.commands.table import Ask
from bot.complaints import explain
from bot.reply import (
    Attachment,
    BlockKind,
    Button,
    Reply,
    block,
    bold,
    link,
    plain,
    rows,
    short,
)
from bot.texts import Texts
from digests.desk import FeedHealth
from digests.errors import DepescheError, InputError
from digests.sources.fetch import redact
from digests.sources.opml import FeedRef, write_opml
from digests.words import fold

_PER_PAGE = 10


def feeds(ask: Ask) -> Reply:
    """/feeds [PAGE|export]."""
    words = fold(ask.args)
    if words in ("export", "opml"):
        return _export(ask)
    if words and not (words.isdecimal() and len(words) < 5):
        return usage(ask)
    found = _shown(ask)
    t = ask.texts
    if not found:
        return plain(t("No feed is followed yet. Pick one with /addfeed."), ok=False)
    page = page_of(found, ask.page or int(words or 1), _PER_PAGE)
    blocks = [block(BlockKind.TITLE, bold(page.title(t("Feeds"), t)))]
    for one in page.items:
        feed = one.source
        name = link(feed.name, redact(feed.location))
        blocks.append(block(BlockKind.ITEM, f"{feed.id}. ", name, " — ", health(one, t, ask.now)))
    notes, turn = turned(ask, page, "/feeds")
    blocks += notes
    followed = followed_feeds(ask)
    follow = [
        Button(short(one.source.name, 40), f"/subscribe feed:{one.source.id}")
        for one in page.items
        if one.source.id not in followed
    ]
    if follow and ask.buttons:
        blocks.append(block(BlockKind.NOTE, t("Tap a name to follow the feed.")))
    buttons = (*rows(follow), *turn)
    return Reply(tuple(blocks), buttons, in_place=bool(words or ask.page))


def removefeed(ask: Ask) -> Reply:
    """/removefeed NUMBER|URL|NAME."""
    if not ask.args:
        return usage(ask)
    t = ask.texts
    wanted = fold(ask.args.strip("<>").removeprefix("feed:"))
    for feed in (one.source for one in _shown(ask)):
        if wanted not in (str(feed.id), fold(feed.location), fold(feed.name)):
            continue
        if not ask.by_operator and feed.added_by != ask.chat.id:
            text = t("{name} was not added here; it cannot be removed here.", name=feed.name)
            stop = t("Stop following it: {command}", command=f"/unsubscribe feed:{feed.id}")
            return plain(text, stop, ok=False)
        try:
            ask.desk.feeds.remove(feed, ask.chat)
        except InputError as error:
            return plain(explain(error, t), ok=False)
        return plain(t("{name} is no longer asked. Its reports stay.", name=feed.name))
    return plain(t("There is no feed “{words}”.", words=short(ask.args, 200)), ok=False)


def health(one: FeedHealth, t: Texts, now: datetime) -> str:
    """How a feed fares, in words: what is wrong, when it was read, what it brings, what next."""
    feed, words = one.source, []
    if feed.error is not None:
        words.append(_trouble(one, t))
    if feed.last_success_at is not None:
        words.append(t("last read {when}", when=t.when(feed.last_success_at, now)))
    elif feed.error is None:
        words.append(t("not asked yet"))
    if one.weekly is not None:
        words.append(weekly(one.weekly, t))
    if feed.next_due_at is not None:
        soon = feed.next_due_at <= now
        when = t("any moment") if soon else t.when(feed.next_due_at, now)
        words.append(t("next look {when}", when=when))
    return " · ".join(words)


def weekly(entries: float, t: Texts) -> str:
    """How many entries a week a feed brings, in words."""
    if entries < 0.5:
        return t("hardly anything new")
    return t.plural("{n} entry a week", "{n} entries a week", round(entries))


def _trouble(one: FeedHealth, t: Texts) -> str:
    assert one.source.error is not None
    code, params = one.source.error
    reason = explain(DepescheError(code, **params), t).rstrip(".")
    since = one.source.failing_since
    if one.failing and since is not None:
        return t("⚠ failing since {when}: {reason}", when=t.moment(since), reason=reason)
    return t("last time: {reason}", reason=reason)


def _export(ask: Ask) -> Reply:
    found = _shown(ask)
    t = ask.texts
    if not found:
        return plain(t("No feed is followed yet. Pick one with /addfeed."), ok=False)
    refs = [
        FeedRef(redact(one.source.location), one.source.name, one.source.labels) for one in found
    ]
    text = t.plural(
        "{n} feed, as other feed readers take it:",
        "{n} feeds, as other feed readers take them:",
        len(found),
    )
    return Reply(
        (block(BlockKind.PARAGRAPH, text),),
        attachment=Attachment("depesche-feeds.opml", write_opml(refs)),
    )


def _shown(ask: Ask) -> list[FeedHealth]:
    """The feeds that the chat may know of."""
    followed = followed_feeds(ask)
    return [one for one in ask.desk.feeds.health(ask.now) if may_know(ask, one.source, followed)]
