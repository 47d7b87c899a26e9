"""Logging: to standard error, with the token and passwords in URLs cut out of every line."""

from __future__ import annotations

import logging
import re
from typing import Final

from bot.settings import Settings

_PASSWORD: Final = re.compile(r"(\w+://)[^/\s:@]+:[^/\s@]+@")
_TOKEN: Final = re.compile(r"\b\d{6,}:[A-Za-z0-9_-]{20,}")
_QUIET: Final = ("httpx", "httpcore", "apscheduler", "alembic", "telegram.ext.Updater")


class Redacting(logging.Formatter):
    """A formatter that leaves no secret in what it formats, tracebacks included."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _PASSWORD.sub(r"\1***@", _TOKEN.sub("***", line))


def start(settings: Settings, *, quiet: bool) -> None:
    """Log to standard error; ``quiet`` for the terminal, where only trouble is worth a line."""
    token = settings.telegram_token
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting((token.get_secret_value(),) if token else ()))
    level = max(logging.WARNING if quiet else 0, logging.getLevelNamesMapping()[settings.log_level])
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:  # httpx logs URLs, and with them the token, at INFO
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
