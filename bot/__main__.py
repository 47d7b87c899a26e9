"""The command line: ``depesche …`` or ``python -m bot …``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot import logs
from bot.settings import Settings, load
from bot.texts import Texts
from digests.errors import DepescheError
from digests.sources.fetch import redact

_EPILOG: Final = """\
Settings come from the environment or from .env; see .env.example for all of them.
Commands for 'ask' and the terminal are those of Telegram: /help lists them.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        settings = load()
    except DepescheError as error:
        print(_words(error, "de"), file=sys.stderr)
        return 2
    logs.catch_all()
    logs.start(
        settings,
        quiet=arguments.command in ("actors", "ask", "console")
        or _in_terminal(arguments, settings),
    )
    try:
        status: int = arguments.run(arguments, settings)
    except DepescheError as error:
        words = _words(error, settings.language_default)
        print(logs.redactor(settings).redacted(words), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said to them.
        sys.stderr.close()
        return 0
    return status


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    """The bot if there is a token, else the terminal."""
    if settings.telegram_token is None:
        return _console(arguments, settings)
    from bot.house import house
    from bot.runtime import Service

    with house(settings, exclusive=True) as built:
        asyncio.run(Service(built, last_resort=_leave).run())
    return 0


def _leave() -> None:
    """End the process as it stands: what it holds is committed, or comes back with its lease."""
    logs.log.warning("stopping took too long; the rest is done after the next start")
    logging.shutdown()
    os._exit(1)


def _console(_arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.console import Terminal, history_file
    from bot.house import house

    with house(settings) as built:
        with _progress(settings) as progress:
            built.desk.feeds.poll_due(built.clock)
            built.desk.intake.take_in_due(built.clock(), progress)
        return Terminal(built.desk, built.clock, sys.stdout).talk(history_file(settings.data_dir))


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.console import Terminal
    from bot.house import house

    with house(settings) as built:
        built.desk.intake.take_in_folders(built.clock())
        terminal = Terminal(built.desk, built.clock, sys.stdout)
        return terminal.ask(arguments.commands, as_json=arguments.json)


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.house import house

    status = 0
    texts = _texts(settings)
    with house(settings) as built, _progress(settings) as progress:
        for place in arguments.places:
            try:
                if "://" in place:
                    built.desk.feeds.add(place, None, built.clock())
                    taken = built.desk.intake.read_inbox(built.clock(), progress)
                else:
                    taken = built.desk.intake.take_in_path(Path(place), built.clock(), progress)
            except DepescheError as error:
                print(f"{place}: {_words(error, settings.language_default)}", file=sys.stderr)
                status = 1
                continue
            for key, trouble in taken.errors:
                print(f"{key}: {_words(trouble, settings.language_default)}", file=sys.stderr)
                status = 1
            new = texts.plural("{n} new report", "{n} new reports", taken.new)
            revised = texts("{n} revised", n=taken.revised)
            print(f"{place}: {new}, {revised}")
    return status


def _once(_arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.house import house
    from bot.runtime import once

    texts = _texts(settings)
    with house(settings, exclusive=True) as built, _progress(settings) as progress:
        taken, sent = once(built, progress)
        new = texts.plural("{n} new report", "{n} new reports", taken.new)
        messages = texts.plural("{n} message delivered", "{n} messages delivered", sent)
    print(f"{new}, {messages}", file=sys.stderr)
    return 0


def _migrate(_arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.lock import lock_of
    from digests.store import open_store

    with lock_of(settings), closing(open_store(settings.database)) as store:
        before = store.revision()
        kept = store.migrate()
        print(f"{before or '-'} → {store.revision()}")
        if kept is not None:
            print(kept)
    return 0


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    from digests.store import backup

    database, now = _database_file(settings), datetime.now(UTC)
    place = arguments.path or str(settings.data_dir / "backups") + os.sep
    target, folder = Path(place), None
    if target.is_dir() or place.endswith(("/", os.sep)):
        folder = target
        target = backup.named(folder, database.stem, now)
    backup.back_up(database, target)
    print(target)
    if folder is not None:
        for gone in backup.prune(folder, database.stem, arguments.keep):
            print(f"- {gone}")
    return 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.lock import lock_of
    from digests.store import backup, known_revisions

    texts = _texts(settings)
    database = _database_file(settings)
    aside = backup.named(database.parent, f"{database.stem}-replaced", datetime.now(UTC))
    with lock_of(settings):
        kept = backup.restore(arguments.path, database, aside, known_revisions())
    print(texts("Restored from {path}.", path=arguments.path))
    if kept:
        print(texts("What was there is kept as {path}.", path=aside))
    return 0


def _database_file(settings: Settings) -> Path:
    """The database's file. Raises DepescheError("no_file") where it is none."""
    from digests.store import database_file

    path = database_file(settings.database)
    if path is None:
        raise DepescheError("no_file")
    return path


def _doctor(_arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import examine

    texts = _texts(settings)
    sound = True
    for finding in examine(settings, texts):
        mark = "✓" if finding.sound else "✗"
        print(f"{mark} {finding.about}: {finding.says}")
        if finding.advice:
            print(f"  → {finding.advice}")
        sound = sound and finding.sound
    return 0 if sound else 1


def _actors(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot import actors
    from bot.house import house

    texts = _texts(settings)
    with house(settings) as built:
        merging = built.desk.merging
        if arguments.what == "merge":
            one, other = merging.merge(
                arguments.absorbed, arguments.into, built.clock(), force=arguments.force
            )
            print(actors.merged(one, other, texts))
        elif arguments.what == "split":
            print(actors.parted(*merging.split(arguments.absorbed), texts))
        else:
            found = merging.listing(arguments.query)
            for line in actors.listing(found, texts):
                print(line)
            if arguments.query and not found:
                words = arguments.query
                print(texts("I know nobody and nothing called “{words}”.", words=words))
                return 1
    return 0


def _stories(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot import stories
    from bot.house import house

    texts = _texts(settings)
    with house(settings) as built:
        known = built.desk.stories
        if arguments.what == "merge":
            print(stories.merged(*known.merge(arguments.absorbed, arguments.into), texts))
        elif arguments.what == "split":
            made = known.split(arguments.story, arguments.items, built.clock())
            print(stories.parted(*made, texts))
        else:
            for line in stories.listing(*known.reports(arguments.story), texts):
                print(line)
    return 0


def _feeds(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.feeds import health
    from bot.console import Terminal, upload
    from bot.house import house
    from bot.render import plain_text

    with house(settings) as built:
        if arguments.what == "import":
            reply = Terminal(built.desk, built.clock, sys.stdout).answer(
                "/importfeeds", upload(arguments.file)
            )
            print(plain_text(reply.blocks))
            return int(not reply.ok)
        if arguments.what == "export":
            print(built.desk.feeds.export().decode(), end="")
            return 0
        texts, now = _texts(settings), built.clock()
        for one in built.desk.feeds.health(now):
            feed = one.source
            print(
                f"{feed.id}. {feed.name}\n   {redact(feed.location)}\n   {health(one, texts, now)}"
            )
    return 0


def _outbox(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot import parked
    from digests.store import open_store

    texts, now = _texts(settings), datetime.now(UTC)
    with closing(open_store(settings.database)) as store:
        store.check()
        if arguments.what == "list":
            for line in parked.listing(parked.parked(store), texts, payloads=arguments.payloads):
                print(line)
            return 0
        change = parked.retry if arguments.what == "retry" else parked.drop
        words, all_found = change(store, arguments.numbers, now, texts)
        print(words)
    return int(not all_found)


def _broadcast(arguments: argparse.Namespace, settings: Settings) -> int:
    """A note to all chats: put into the outbox, from which the bot that runs sends it."""
    from bot.commands.operator import note, sent_to
    from bot.house import house

    t = _texts(settings)
    with house(settings) as built:
        number, chats = built.desk.operation.draft(arguments.text, built.clock())
        print(t.plural("This goes to {n} chat:", "This goes to {n} chats:", chats))
        print(arguments.text)
        if not arguments.yes and input("y/n ").strip().casefold() not in ("y", "yes", "j", "ja"):
            return 1
        print(sent_to(built.desk.operation.send(number, note, built.clock()) or 0, t))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="depesche",
        description="Follows actors and topics in the news and cites every sentence.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command="run", run=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace, Settings], int], summary: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=summary)
        made.set_defaults(command=name, run=run)
        return made

    add("run", _run, "the bot if TELEGRAM_TOKEN is set, else the terminal (the default)")
    add("console", _console, "the terminal: digest and prompt; reads commands from a pipe too")
    ask = add(
        "ask", _ask, "answer commands on standard output, after taking in what is new in SEEDS_DIR"
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a line and command")
    ask.add_argument(
        "commands", nargs="+", metavar="COMMAND", help="such as '/actor Lawrow', or a bare name"
    )
    ingest = add("ingest", _ingest, "take in report files, folders or feeds")
    ingest.add_argument("places", nargs="+", metavar="PATH|URL")
    add("once", _once, "one pass: ingest, compose, deliver; for cron")
    _add_actors(add("actors", _actors, "which actors are known, and which of them are one"))
    _add_stories(add("stories", _stories, "which reports are one story: merge and split"))
    _add_outbox(add("outbox", _outbox, "messages that wait for the operator"))
    _add_feeds(add("feeds", _feeds, "which feeds are read and how they fare; OPML in and out"))
    broadcast = add("broadcast", _broadcast, "a note to all who follow something; asks before")
    broadcast.add_argument("text", metavar="TEXT", help="what is to be said")
    broadcast.add_argument("--yes", action="store_true", help="do not ask")
    backup = add("backup", _backup, "copy the database, checked, beside a bot that runs")
    backup.add_argument(
        "path", nargs="?", metavar="PATH", help="file, or folder (default: backups in DATA_DIR)"
    )
    backup.add_argument(
        "--keep", type=_positive, default=7, metavar="N", help="newest to keep in a folder (7)"
    )
    restore = add("restore", _restore, "put a backup in the database's place; keeps what was there")
    restore.add_argument("path", type=Path, metavar="PATH", help="a file that 'backup' wrote")
    add("migrate", _migrate, "bring the database to this version")
    add("doctor", _doctor, "say what is wrong with the set-up, and what to do")
    return parser


def _add_actors(parser: argparse.ArgumentParser) -> None:
    """The parts of ``depesche actors``."""
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    listing = parts.add_parser("list", help="all that reports name, or those that a query means")
    listing.add_argument("query", nargs="?", default="", metavar="QUERY", help="name, part or id")
    merge = parts.add_parser("merge", help="one actor is another: what it did, the other did")
    merge.add_argument("absorbed", metavar="ABSORBED", help="id of the one that is no longer named")
    merge.add_argument("into", metavar="INTO", help="id of the one that stays")
    merge.add_argument("--force", action="store_true", help="even if both are of the list")
    split = parts.add_parser("split", help="take a merge back; all is as it was before")
    split.add_argument("absorbed", metavar="ABSORBED", help="id of the one that was merged")


def _add_stories(parser: argparse.ArgumentParser) -> None:
    """The parts of ``depesche stories``."""
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    show = parts.add_parser("show", help="the reports of a story, with their numbers")
    show.add_argument("story", type=_positive, metavar="STORY", help="number, as in /story")
    merge = parts.add_parser("merge", help="one story is part of another; its number leads there")
    merge.add_argument("absorbed", type=_positive, metavar="STORY", help="the one that ends")
    merge.add_argument("into", type=_positive, metavar="INTO", help="the one that stays")
    split = parts.add_parser("split", help="some reports of a story are one of their own")
    split.add_argument("story", type=_positive, metavar="STORY", help="the one that they stand in")
    split.add_argument(
        "items", nargs="+", type=_positive, metavar="ITEM", help="numbers, as 'show' says"
    )


def _add_outbox(parser: argparse.ArgumentParser) -> None:
    """The parts of ``depesche outbox``."""
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    listing = parts.add_parser("list", help="messages refused for good, or perhaps sent")
    listing.add_argument("--payloads", action="store_true", help="all that was to be sent")
    for name, summary in (("retry", "send them once more"), ("drop", "give them up")):
        part = parts.add_parser(name, help=summary)
        part.add_argument("numbers", nargs="+", type=int, metavar="NUMBER", help="as 'list' says")


def _add_feeds(parser: argparse.ArgumentParser) -> None:
    """The parts of ``depesche feeds``."""
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    parts.add_parser("list", help="all feeds, and how they fare")
    parts.add_parser("export", help="all feeds as OPML, on standard output")
    importing = parts.add_parser("import", help="add the feeds of an OPML file or a list")
    importing.add_argument("file", type=Path, metavar="FILE", help="OPML, or an address a line")


@contextmanager
def _progress(settings: Settings) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that appears with the first report."""
    texts = _texts(settings)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = None

        def advance(done: int, total: int) -> None:
            nonlocal task
            if task is None:
                task = bar.add_task(texts("Reading reports"), total=total)
            bar.update(task, completed=done, total=total)

        yield advance


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _in_terminal(arguments: argparse.Namespace, settings: Settings) -> bool:
    return arguments.command == "run" and settings.telegram_token is None


def _texts(settings: Settings) -> Texts:
    """The words of the command line."""
    return Texts(settings.language_default, settings.zone)


def _words(error: DepescheError, language: str) -> str:
    from bot.complaints import explain

    return explain(error, Texts(language, ZoneInfo("UTC")))


if __name__ == "__main__":
    sys.exit(main())
