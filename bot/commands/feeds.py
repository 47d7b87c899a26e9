"""Commands for feeds: list, add, remove."""

from __future__ import annotations

from bot.commands.finding import usage
from bot.commands.table import Ask
from bot.complaints import explain
from bot.reply import BlockKind, Button, Reply, Run, block, bold, italic, link, plain, rows
from bot.texts import Texts
from digests.errors import DepescheError, InputError
from digests.types import DeliveryMode, Source, Target, TargetKind


def feeds(ask: Ask) -> Reply:
    """/feeds."""
    found = ask.desk.following.feeds()
    if not found:
        text = ask.texts("No feed is followed yet. Add one with /addfeed URL.")
        return plain(text, ok=False)
    blocks = [block(BlockKind.TITLE, bold(ask.texts("Feeds")))]
    for feed in found:
        runs: list[Run | str] = [f"{feed.id}. ", link(feed.name, feed.location), " — "]
        blocks.append(block(BlockKind.ITEM, *runs, _health(feed, ask.texts)))
    buttons = rows(Button(feed.name, f"/subscribe feed:{feed.id}") for feed in found[:10])
    return Reply(tuple(blocks), buttons)


def addfeed(ask: Ask) -> Reply:
    """/addfeed URL: read the feed once, show what it brings, follow it."""
    url = ask.args.strip("<>")
    if not url:
        return usage(ask)
    if "://" not in url:
        url = f"https://{url}"
    t = ask.texts
    try:
        feed, taken = ask.desk.intake.add_feed(url, ask.now)
    except DepescheError as error:
        return plain(explain(error, t), ok=False)
    target = Target(TargetKind.FEED, str(feed.id))
    ask.desk.following.subscribe(ask.chat, ask.thread, target, DeliveryMode.DIGEST, ask.now)
    blocks = [block(BlockKind.TITLE, bold(t("You now follow {name}.", name=feed.name)))]
    count = t.plural("{n} report taken in.", "{n} reports taken in.", taken.new)
    blocks.append(block(BlockKind.PARAGRAPH, count))
    if taken.newest_title:
        newest = t("Newest: {title}", title=taken.newest_title)
        blocks.append(block(BlockKind.PARAGRAPH, italic(newest)))
    return Reply(tuple(blocks))


def removefeed(ask: Ask) -> Reply:
    """/removefeed NUMBER|URL|NAME."""
    if not ask.args:
        return usage(ask)
    wanted = ask.args.strip("<>").removeprefix("feed:").casefold()
    for feed in ask.desk.following.feeds():
        if wanted in (str(feed.id), feed.location.casefold(), feed.name.casefold()):
            try:
                ask.desk.following.remove_feed(feed, ask.chat)
            except InputError as error:
                return plain(explain(error, ask.texts), ok=False)
            text = ask.texts("{name} is no longer asked. Its reports stay.", name=feed.name)
            return plain(text)
    return plain(ask.texts("There is no feed “{words}”.", words=ask.args), ok=False)


def _health(feed: Source, t: Texts) -> str:
    if feed.error is not None:
        code, params = feed.error
        return explain(DepescheError(code, **params), t)
    if feed.last_success_at is None:
        return t("not asked yet")
    return t("last read {when}", when=t.moment(feed.last_success_at))
