"""Errors in words: what is wrong and what to do, in the reader's language."""

from __future__ import annotations

from bot.texts import Texts
from digests.errors import DepescheError


def explain(error: DepescheError, t: Texts) -> str:
    """What an error of the library means to a person."""
    params = {key: value for key, value in error.params.items() if isinstance(value, str | int)}
    text = str(params.get("text", ""))
    detail = str(params.get("detail") or params.get("reason") or "")
    words = {
        # What was typed
        "bad_zone": t(
            "“{text}” is no time zone I know. Write it as Europe/Berlin or Asia/Tokyo.", text=text
        ),
        "bad_schedule": t(
            "I cannot read “{text}”. Write 07:00, or weekdays 07:00,18:00, or off.", text=text
        ),
        "bad_time": t("“{text}” is no time of day. Write it as 07:00.", text=text),
        "bad_quiet": t("I cannot read “{text}”. Write 22:00-07:00, or off.", text=text),
        # Actors that are one
        "unknown_actor": t(
            "There is no actor “{text}”. Ids are listed by: depesche actors list", text=text
        ),
        "unknown_story": t("There is no story {number}.", number=params.get("number", "?")),
        "same_story": t("Both are story {number} already.", number=params.get("number", "?")),
        "not_in_story": t(
            "Report {item} is not in story {number}. Its reports: depesche stories show {number}",
            item=params.get("item", "?"),
            number=params.get("number", "?"),
        ),
        "whole_story": t(
            "All reports of story {number}: nothing would be left.",
            number=params.get("number", "?"),
        ),
        "same_actor": t("That is {name} either way.", name=params.get("name", "?")),
        "both_curated": t(
            "{name} and {into} are both of the list. If they are one all the same: --force",
            name=params.get("name", "?"),
            into=params.get("into", "?"),
        ),
        "merged_already": t(
            "{name} was merged into {into}. Split that first.",
            name=params.get("name", "?"),
            into=params.get("into", "?"),
        ),
        "not_merged": t("{name} was not merged into anybody.", name=params.get("name", "?")),
        # Sources
        "refused_scheme": t("Only http and https addresses can be followed."),
        "refused_address": t("That address is in a private network; the operator must allow it."),
        "too_large": t("That is larger than I read."),
        "too_many_redirects": t("That address leads round in circles."),
        "timeout": t("The site did not answer in time."),
        "unreachable": t("The site cannot be reached."),
        "http_status": _status(str(params.get("status", "?")), t),
        "retry": t("The site asks for patience."),
        "not_a_feed": t("That is no feed."),
        "undecodable": t("That is no text."),
        "empty": t("That is empty."),
        "unreadable": _unreadable(detail, params.get("line"), t),
        "gone": t("The feed is gone for good."),
        "download": t("Telegram did not hand the file over. Please send it again."),
        "robots": t("The site wants no programs to read that."),
        "no_feed_found": t(
            "I find no feed there. If the site has one, send me the address of the feed itself."
        ),
        "bad_url": t("That is no address."),
        "feed_in_use": t("Other chats follow that feed too; it stays."),
        "feeds_closed": t("Only the operator of this bot adds feeds."),
        "feed_quota": _quota(params.get("limit"), t),
        # Set-up
        "bad_setting": t(
            "The setting {name} is not right: {reason}", name=params.get("name", "?"), reason=detail
        ),
        "bad_token": t("Telegram refuses the token. Ask @BotFather for it; set TELEGRAM_TOKEN."),
        "actors_unreadable": t(
            "The list of actors {path} cannot be read ({detail}).",
            path=params.get("path", "?"),
            detail=detail,
        ),
        "actors_invalid": t(
            "In the list of actors {path}, “{entry}” is not right: {detail}",
            path=params.get("path", "?"),
            entry=params.get("entry", "?"),
            detail=detail,
        ),
        "pipeline_missing": t(
            "The spaCy pipeline “{name}” is not installed.", name=params.get("name", "?")
        ),
        "locked": t("The database is busy: another program holds it. Try again in a moment."),
        "read_only": t("The database cannot be written: look at the rights of its folder."),
        "newer_database": t(
            "The database was made by a newer Depesche (revision {found}). Install that, or"
            " restore a backup.",
            found=params.get("found", "?"),
        ),
        "migration_failed": t(
            "The database could not be brought to this version ({detail}); it is as it was.",
            detail=detail,
        ),
        "running": t(
            "Depesche runs on this data already (process {pid}). Stop that first.",
            pid=params.get("pid", "?"),
        ),
        "no_database": t("There is no database at {path}.", path=params.get("path", "?")),
        "not_a_backup": t("{path} is no backup of Depesche.", path=params.get("path", "?")),
        "same_file": t("{path} is the database itself.", path=params.get("path", "?")),
        "no_file": t(
            "DATABASE_URL names no SQLite file: back it up with the tools of that database."
        ),
        "port_taken": t(
            "METRICS_PORT: cannot listen on {host}:{port} ({detail}).",
            host=params.get("host", "?"),
            port=params.get("port", "?"),
            detail=detail,
        ),
        "disk_trouble": t(
            "The disk does not read or write as it should ({detail}). Look at it before you go on.",
            detail=detail,
        ),
        "disk_full": t("The disk is full; nothing was half-written. Make room and start again."),
        "damaged": t("The database file is damaged ({detail}). Restore a backup.", detail=detail),
        "database": t("The database did not do as asked ({detail}).", detail=detail),
        "bad_database_url": t("DATABASE_URL is no database address."),
        "wrong_revision": t("The database is of another version. Run: depesche migrate"),
    }
    return words.get(error.code, t("That did not work ({code}).", code=error.code))


def _status(status: str, t: Texts) -> str:
    """What a site means by the status it answered with (RFC 9110)."""
    if status in ("401", "402", "403", "407", "451"):
        return t("The site does not let me read that (error {status}).", status=status)
    if status in ("404", "410"):
        return t("The site has nothing at that address (error {status}).", status=status)
    if status.startswith("5"):
        return t("The site has trouble of its own (error {status}).", status=status)
    return t("The site answered with error {status}.", status=status)


def _unreadable(detail: str, line: object, t: Texts) -> str:
    """What is wrong with a file, as far as it was told; some details are the system's own."""
    reasons = {
        "no address": t("a line is no address"),
        "broken XML": t("its XML is broken"),
        "no OPML": t("it is no OPML"),
        "document type": t("it declares a document type, and that is not safe to read"),
        "no JSON": t("a line is no JSON"),
        "no JSON object": t("a line is no JSON"),
        "not a file": t("it is no file"),
        "Is a directory": t("it is no file"),
        "No such file or directory": t("there is no such file"),
        "Permission denied": t("its rights forbid it"),
    }
    reason = reasons.get(detail, detail or "?")
    if isinstance(line, int):
        reason = t("{reason}, line {line}", reason=reason, line=line)
    return t("That cannot be read: {reason}.", reason=reason)


def _quota(limit: object, t: Texts) -> str:
    number = limit if isinstance(limit, int) else 0
    return t.plural(
        "This chat may add {n} feed, and has. /removefeed makes room.",
        "This chat may add {n} feeds, and has. /removefeed makes room.",
        number,
    )
