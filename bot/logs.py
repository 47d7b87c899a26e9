"""Logging to standard error, as text or JSON, with every secret cut out of every line.

What a line is about stands in fields: ``run`` (this process), ``source``,
``delivery``; they come from ``extra=`` or from :func:`about`. Control and
bidirectional characters of foreign texts are escaped, so that no title forges a line.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from pydantic import AnyUrl, SecretStr

from bot.settings import Settings

FIELDS: Final = ("run", "source", "delivery")

# user:password@ in a URL; also with an empty user. Each part is bounded by what ends it.
_PASSWORD: Final = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+@")
_TOKEN: Final = re.compile(r"(?<!\d)\d{6,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
_SHORTEST: Final = 4
"""Letters of a secret that is cut out wherever it stands; a shorter one would blot out words."""
_QUIET: Final = ("httpx", "httpcore", "apscheduler", "alembic", "telegram.ext.Updater")
_ESCAPED: Final = {
    code: f"\\u{code:04x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    )
    if code != ord("\t")
}
_bound: ContextVar[dict[str, object] | None] = ContextVar("depesche_log_fields", default=None)

log = logging.getLogger(__name__)


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Give what is logged in the block the fields, in this task and the threads it awaits."""
    token = _bound.set({**(_bound.get() or {}), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


class Redacting(logging.Formatter):
    """Lines of text that hold no secret, tracebacks included."""

    def __init__(self, secret: tuple[str, ...], run: str = "") -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        found = {form for one in secret for form in (one, quote(one, safe=""), unquote(one))}
        self._secrets = sorted((one for one in found if len(one) >= _SHORTEST), key=len)[::-1]
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return self.redacted(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """One line, whatever the message holds, and what it is about."""
        line = super().formatMessage(record).translate(_ESCAPED)
        fields = self.fields(record)
        fields.pop("run", None)
        about = "".join(f" {name}={value}" for name, value in fields.items())
        return line + about.translate(_ESCAPED)

    def fields(self, record: logging.LogRecord) -> dict[str, object]:
        """What a record is about."""
        known = {"run": self._run, **(_bound.get() or {}), **record.__dict__}
        return {name: known[name] for name in FIELDS if known.get(name) not in (None, "")}

    def redacted(self, text: str) -> str:
        """A text with stars in the place of secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _PASSWORD.sub("***@", _TOKEN.sub("***", text))


class RedactingJson(Redacting):
    """One JSON object a line: time (UTC), level, logger, message, the fields, and an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: str(value) for name, value in self.fields(record).items()},
        }
        if record.exc_info:
            told["error"] = record.exc_text or self.formatException(record.exc_info)
        # Before it is quoted: a secret with a quotation mark looks different after.
        return json.dumps(
            {name: self.redacted(value) for name, value in told.items()}, ensure_ascii=True
        )


class _Record(logging.LogRecord):
    """A record that holds no secret: some libraries (spaCy) bring handlers of their own."""

    def __init__(self, redacting: Redacting, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - LogRecord's
        super().__init__(*args, **kwargs)
        self._redacting = redacting
        if self.exc_info and self.exc_info[0] is not None:
            # Handlers take the text that is there before they make one.
            self.exc_text = redacting.redacted(redacting.formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        return self._redacting.redacted(super().getMessage())


def start(settings: Settings, *, quiet: bool) -> None:
    """Log to standard error; ``quiet`` for the terminal, where only trouble is worth a line."""
    kind = RedactingJson if settings.log_format == "json" else Redacting
    formatter = kind(secrets_of(settings), secrets.token_hex(4))
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.setLogRecordFactory(partial(_Record, formatter))
    level = max(logging.WARNING if quiet else 0, logging.getLevelNamesMapping()[settings.log_level])
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:  # httpx logs URLs, and with them the token, at INFO
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def catch_all() -> None:
    """Have errors that nobody caught, and warnings, logged rather than printed as they are."""
    logging.captureWarnings(capture=True)

    def caught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("an error nobody caught", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            caught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            caught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = caught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def redactor(settings: Settings) -> Redacting:
    """What cuts the settings' secrets out of a text."""
    return Redacting(secrets_of(settings))


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What must never be shown: every setting that is a secret, and passwords in URLs."""
    values = [getattr(settings, name) for name in type(settings).model_fields]
    kept = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    urls = [str(value) for value in values if isinstance(value, str | AnyUrl)]
    return tuple(one for one in (*kept, *map(_password, urls)) if one)


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
