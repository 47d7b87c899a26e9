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
        "http_status": t(
            "The site answered with error {status}.", status=params.get("status", "?")
        ),
        "retry": t("The site asks for patience."),
        "not_a_feed": t("That is no feed."),
        "undecodable": t("That is no text."),
        "empty": t("That is empty."),
        "unreadable": t("That cannot be read ({detail}).", detail=detail or "?"),
        "gone": t("The feed is gone for good."),
        "bad_url": t("That is no address."),
        "feed_in_use": t("Other chats follow that feed too; it stays."),
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
        "disk_full": t("The disk is full; nothing was half-written. Make room and start again."),
        "damaged": t("The database file is damaged ({detail}). Restore a backup.", detail=detail),
        "database": t("The database did not do as asked ({detail}).", detail=detail),
        "bad_database_url": t("DATABASE_URL is no database address."),
        "wrong_revision": t("The database is of another version. Run: depesche migrate"),
    }
    return words.get(error.code, t("That did not work ({code}).", code=str(error)))
