"""Commands that add feeds: by address, from a site's, from the starter list, from a file.

A button holds 64 bytes, and addresses are longer. Where one does not fit, the button holds the
number of the feed in the list above it, and the address is read from that list's links.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from bot.commands.finding import too_long, usage
from bot.commands.paging import page_of, turned
from bot.commands.subscriptions import follow_buttons
from bot.commands.table import Ask
from bot.commands.times import how
from bot.complaints import explain
from bot.reply import (
    Block,
    BlockKind,
    Button,
    Reply,
    Upload,
    block,
    bold,
    italic,
    link,
    plain,
    rows,
    short,
)
from bot.texts import Texts
from digests.desk import Imported, Offer
from digests.errors import DepescheError, SourceError
from digests.sources.discover import typed_address
from digests.sources.fetch import redact
from digests.sources.starters import StarterFeed, starter_feeds
from digests.types import Chat, DeliveryMode, Target, TargetKind
from digests.words import fold

LARGEST_LIST: Final = 1_000_000
"""Bytes that a file with feeds may have."""

_PER_PAGE: Final = 8
_EXAMPLES: Final = 3
_LONGEST_URL: Final = 2000
_COUNTRY: Final = re.compile(r"([a-z]{2,3})-([a-z]{2,3})(?:\s+(\d{1,3}))?", re.IGNORECASE)
_LISTS: Final = frozenset({".opml", ".xml", ".txt"})
_LIST_TYPE: Final = re.compile(r"text/|application/(?:xml|octet-stream|.*\+xml|.*opml)")


def addfeed(ask: Ask) -> Reply:
    """/addfeed [URL|NAME]: a feed, a site with feeds, or a name of the starter list."""
    words = ask.args.strip("<>")
    if not words:
        return _countries(ask)
    if words.isdecimal():
        return _numbered(ask, words)
    if chosen := _COUNTRY.fullmatch(words):
        return _country(ask, chosen[1].lower(), chosen[2].upper(), ask.page or int(chosen[3] or 1))
    if not any(sign in words for sign in ".:/"):
        return too_long(ask) or _named(ask, words)
    if len(words) > _LONGEST_URL or " " in words:
        return plain(ask.texts("That is no address."), ok=False, malformed=True)
    return _add(ask, typed_address(words) or words)


def importfeeds(ask: Ask) -> Reply:
    """/importfeeds, with a file: OPML, or one address a line."""
    t = ask.texts
    if ask.document is None:
        if not ask.buttons:
            return usage(ask)
        return plain(t("Send me a file with feeds."), _readable(t), ok=False, malformed=True)
    if refusal := _refusal(ask.document, t):
        return plain(refusal, _readable(t), ok=False)
    try:
        content = ask.document.read()
        if len(content) > LARGEST_LIST:  # where its size was not said
            raise SourceError("too_large")
        imported = ask.desk.feeds.import_feeds(content, _owner(ask), ask.now)
    except SourceError as error:
        return plain(explain(error, t), _readable(t), ok=False)
    except DepescheError as error:
        return plain(explain(error, t), ok=False)
    return _imported(ask, imported)


def _owner(ask: Ask) -> Chat | None:
    """Whose the feeds are that are added here: the chat's; in the terminal, the operator's."""
    return None if ask.by_operator else ask.chat


# --- One feed ----------------------------------------------------------------------------------


def _numbered(ask: Ask, number: str) -> Reply:
    """The feed with this number in the list whose button was pressed."""
    for words, url in ask.links:
        if words.startswith(f"{number}. "):
            return _add(ask, url)
    t = ask.texts
    hint = t("Pick it anew: /addfeed")
    return plain(t("I do not know which feed is meant."), hint, ok=False, malformed=True)


def _add(ask: Ask, url: str) -> Reply:
    """Follow the feed at an address; where there is a page instead, one of those it names."""
    t = ask.texts
    try:
        try:
            return _added(ask, url)
        except SourceError as error:
            if error.code != "not_a_feed":
                raise
        feeds = ask.desk.feeds.find(url, ask.now).feeds
        return _added(ask, feeds[0].url) if len(feeds) == 1 else _offered(ask, url, feeds)
    except DepescheError as error:
        hint = [t("Or pick one: /addfeed")] if error.code == "no_feed_found" else []
        return plain(explain(error, t), *hint, ok=False)


def _added(ask: Ask, url: str) -> Reply:
    added = ask.desk.feeds.add(url, _owner(ask), ask.now)
    feed, t = added.source, ask.texts
    target, delivery = Target(TargetKind.FEED, str(feed.id)), DeliveryMode.DIGEST
    new = ask.desk.following.subscribe(ask.chat, ask.thread, target, delivery, ask.now)
    if new:
        blocks = [
            block(BlockKind.TITLE, bold(t("You now follow {name}.", name=feed.name))),
            block(BlockKind.NOTE, how(delivery, ask.chat.schedule, t)),
        ]
    else:
        blocks = [block(BlockKind.TITLE, bold(t("You follow {name} already.", name=feed.name)))]
    if added.newest_title:
        newest = t("Newest: {title}", title=added.newest_title)
        blocks.append(block(BlockKind.PARAGRAPH, italic(newest)))
    if added.queued:
        words = t.plural(
            "{n} report is being read now.", "{n} reports are being read now.", added.queued
        )
        blocks.append(block(BlockKind.PARAGRAPH, words))
    return Reply(tuple(blocks), follow_buttons(target, delivery, t), queued=added.queued)


def _offered(ask: Ask, url: str, feeds: Sequence[Offer]) -> Reply:
    t = ask.texts
    text = t("{site} has several feeds. Which one?", site=urlsplit(url).hostname or url)
    blocks = [block(BlockKind.PARAGRAPH, text)]
    choices = [(feed.title or redact(feed.url), feed.url) for feed in feeds]
    for number, ((name, address), feed) in enumerate(zip(choices, feeds, strict=True), 1):
        newest = ""
        if feed.newest_title:
            newest = " — " + t("Newest: {title}", title=short(feed.newest_title, 120))
        choice = link(f"{number}. {short(name, 80)}", address)
        blocks.append(block(BlockKind.ITEM, choice, newest))
    return Reply((*blocks, *_typed(ask)), rows(_choices(choices)))


def _choices(feeds: Sequence[tuple[str, str]]) -> list[Button]:
    """A button for each name and address, in the order of the list above them."""
    buttons = []
    for number, (name, url) in enumerate(feeds, 1):
        command = f"/addfeed {url}"
        fits = len(command.encode()) <= 64
        label = f"{number}. {short(name, 40)}"
        buttons.append(Button(label, command if fits else f"/addfeed {number}"))
    return buttons


def _typed(ask: Ask) -> list[Block]:
    """How to choose where there are no buttons."""
    if ask.buttons:
        return []
    return [block(BlockKind.NOTE, ask.texts("Choose with /addfeed NUMBER."))]


# --- The starter list --------------------------------------------------------------------------


def _countries(ask: Ask) -> Reply:
    """The languages and countries of the starter list; the reader's own language first."""
    t = ask.texts
    groups: dict[tuple[str, str], int] = defaultdict(int)
    for feed in starter_feeds():
        groups[feed.language, feed.country] += 1
    order = sorted(groups, key=lambda group: (group[0] != t.language, group[0], -groups[group]))
    blocks = [
        block(BlockKind.TITLE, bold(t("Add a feed"))),
        block(BlockKind.PARAGRAPH, t("Send /addfeed with the address of a site or feed.")),
        block(BlockKind.PARAGRAPH, t("Or pick one:")),
    ]
    buttons = []
    for language, country in order:
        name, command = _country_name(language, country, t), f"/addfeed {language}-{country}"
        buttons.append(Button(f"{name} ({groups[language, country]})", command))
        if not ask.buttons:
            blocks.append(block(BlockKind.ITEM, f"{name} ({groups[language, country]}): {command}"))
    return Reply(tuple(blocks), rows(buttons), in_place=True)


def _country(ask: Ask, language: str, country: str, number: int) -> Reply:
    """A page of the starter feeds of a country."""
    found = [one for one in starter_feeds() if (one.language, one.country) == (language, country)]
    if not found:
        return _countries(ask)
    page = page_of(found, number, _PER_PAGE)
    t = ask.texts
    title = page.title(_country_name(language, country, t), t)
    back = (Button(t("Other countries"), "/addfeed"),)
    reply = _starters(ask, title, page.items)
    notes, turn = turned(ask, page, f"/addfeed {language}-{country}")
    return Reply((*reply.blocks, *notes), (*reply.buttons, *turn, back), in_place=True)


def _named(ask: Ask, words: str) -> Reply:
    """The starter feeds whose names hold some words."""
    wanted = fold(words)
    found = [one for one in starter_feeds() if wanted in fold(one.name)]
    t = ask.texts
    if not found:
        text = t("“{words}” is no address, and no feed of my list.", words=words)
        hint = t("Send the address of a site or feed, or pick one: /addfeed")
        return plain(text, hint, ok=False, malformed=True)
    return _starters(ask, t("From my list: {words}", words=words), found[:_PER_PAGE])


def _starters(ask: Ask, title: str, feeds: Sequence[StarterFeed]) -> Reply:
    blocks = [block(BlockKind.TITLE, bold(title))]
    blocks += [
        block(BlockKind.ITEM, link(f"{number}. {one.name}", one.url), f" — {_kind(one, ask.texts)}")
        for number, one in enumerate(feeds, 1)
    ]
    choices = _choices([(one.name, one.url) for one in feeds])
    return Reply((*blocks, *_typed(ask)), rows(choices))


def _country_name(language: str, country: str, t: Texts) -> str:
    """'Österreich', or 'Schweiz (Französisch)' where the language is not the reader's."""
    name = t.country(country) or t("International")
    return name if language == t.language else f"{name}, {t.language_called(language)}"


def _kind(feed: StarterFeed, t: Texts) -> str:
    """Who makes a feed, in a word."""
    return {
        "agency": t("news agency"),
        "broadcaster": t("broadcaster"),
        "paper": t("newspaper"),
        "magazine": t("magazine"),
        "government": t("government"),
        "organisation": t("organisation"),
        "research": t("research"),
    }.get(feed.kind, feed.kind)


# --- A file of feeds ---------------------------------------------------------------------------


def _refusal(document: Upload, t: Texts) -> str | None:
    """Why a file is not even looked into."""
    if document.size > LARGEST_LIST:
        return t("That file is larger than 1 MB.")
    suffix = PurePath(document.name).suffix.lower()
    if document.type and suffix not in _LISTS and not _LIST_TYPE.match(document.type):
        return t("That is no file with feeds.")
    return None


def _readable(t: Texts) -> str:
    return t("I read OPML, which other feed readers export, and text with an address a line.")


def _imported(ask: Ask, imported: Imported) -> Reply:
    t = ask.texts
    counts = [t.plural("{n} new feed", "{n} new feeds", len(imported.added))]
    if imported.known:
        counts.append(t("{n} known already", n=len(imported.known)))
    if imported.refused:
        counts.append(t("{n} refused", n=len(imported.refused)))
    done = t("The file is read: {counts}.", counts=t.listed(counts))
    blocks = [block(BlockKind.TITLE, bold(done))]
    blocks += _why_refused(imported.refused, t)
    buttons = []
    if imported.added:
        text = t(
            "The new ones are asked one after the other; /feeds shows how they fare. What they"
            " bring about whom and what you follow comes with your digest."
        )
        blocks.append(block(BlockKind.PARAGRAPH, text))
        buttons.append(Button(t("Follow all feeds added here"), "/subscribe feed:own"))
    return Reply(tuple(blocks), rows(buttons), ok=bool(imported.added or imported.known))


def _why_refused(refused: Sequence[tuple[str, DepescheError]], t: Texts) -> list[Block]:
    """Each reason once, with some of the addresses it concerns."""
    groups: dict[str, list[tuple[str, DepescheError]]] = defaultdict(list)
    for url, error in refused:
        groups[error.code].append((url, error))
    blocks = []
    for group in groups.values():
        reason, urls = explain(group[0][1], t), [url for url, _ in group]
        shown = ", ".join(urls[:_EXAMPLES])
        if left := len(urls[_EXAMPLES:]):
            shown += " " + t("… and {n} more.", n=left)
        blocks.append(block(BlockKind.ITEM, f"{reason} ", italic(shown)))
    return blocks
