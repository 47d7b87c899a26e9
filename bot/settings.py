"""Configuration from the environment or ``.env``: read once, frozen, secrets kept out of logs.

An empty setting counts as unset. ``.env.example`` is written by
:func:`example` and tested against it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AnyHttpUrl,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import telegram
from digests.errors import DepescheError, InputError
from digests.schedule import Cadence, parse_zone

LANGUAGES: Final = ("de", "en")


class Settings(BaseSettings):
    """Everything an operator can set. Field names are the names of the variables."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore", validate_default=True
    )

    telegram_token: SecretStr | None = Field(
        None,
        description="Token of the bot, from @BotFather. Without it Depesche runs in the terminal.",
    )
    telegram_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.telegram.org"),
        description="Root of the Bot API server, for people who run their own"
        " (for example http://127.0.0.1:8081); /bot<token>/ and /file/bot<token>/ are appended.",
    )
    database_url: str | None = Field(
        None,
        repr=False,  # may hold a password
        description="SQLAlchemy URL of the database. Default: SQLite in DATA_DIR.",
    )
    data_dir: Path = Field(
        Path("data"), description="Folder for the database and what else must be kept."
    )
    seeds_dir: Path = Field(
        Path("seeds"),
        description="Folder of report files (.txt, .md, .html, .jsonl); watched for new and"
        " changed ones.",
    )
    seeds_every: int = Field(
        30, ge=1, le=86400, description="Seconds between two looks into SEEDS_DIR."
    )
    feeds_file: Path | None = Field(
        None,
        description="File with the feeds that are always followed: OPML, or one URL a line.",
    )
    feeds_open: bool = Field(
        True,
        description="Whether every chat may add feeds. If false, only the terminal and FEEDS_CHATS"
        " may.",
    )
    feeds_chats: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Telegram ids of the people and groups that may add feeds where FEEDS_OPEN is"
        " false, comma-separated (for example 12345678,-1001234567890).",
    )
    feeds_per_chat: int = Field(
        50, ge=0, le=100_000, description="Feeds that one chat may add; the terminal is not bound."
    )
    feed_shortest_wait: int = Field(
        15, ge=1, le=10_080, description="Minutes between two questions to a feed, at least."
    )
    feed_longest_wait: int = Field(
        1440,
        ge=1,
        le=10_080,
        description="Minutes between two questions to a feed that hardly changes, at most."
        " A site that asks for more patience gets it.",
    )
    full_text: bool = Field(
        False,
        description="Whether the page of a report is fetched where its feed gives only a teaser."
        " What a site's robots.txt forbids is left alone.",
    )
    fetch_host_gap: float = Field(
        1.0, ge=0, le=3600, description="Seconds between two requests to one host, at least."
    )
    tz_default: str = Field(
        "Europe/Berlin", description="IANA time zone of a chat that has chosen none."
    )
    digest_time_default: str = Field(
        "daily 07:00",
        description="When a chat that has chosen nothing gets its digest: '07:00',"
        " 'weekdays 07:00,18:00', 'mo,th 08:30' or 'off'.",
    )
    alert_cooldown: int = Field(
        30,
        ge=0,
        le=1440,
        description="Minutes between two alerts to one story in a chat, at least; what comes"
        " meanwhile is told in one message then.",
    )
    language_default: str = Field(
        "de", description="Language of a chat that has chosen none: de or en."
    )
    fetch_allow_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (),
        description="Private networks that feeds may come from, comma-separated (for example"
        " 10.1.0.0/16). Empty: public addresses only.",
    )
    fetch_contact: str = Field(
        "",
        description="Contact that the User-Agent names to the sites whose feeds are fetched:"
        " an address or URL of the operator.",
    )
    pipeline_de: str | None = Field(
        None,
        description="An installed spaCy pipeline to read German with (de_core_news_lg, …)."
        " Default: the one that ships with Depesche.",
    )
    pipeline_en: str | None = Field(
        None,
        description="An installed spaCy pipeline to read English with (en_core_web_sm, …)."
        " Default: a plain fallback that finds only names it knows.",
    )
    actors_file: Path | None = Field(
        None,
        description="File with further well-known actors, in the format of digests/data/actors.",
    )
    allowed_chats: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Telegram ids of the people and groups that may use the bot, comma-separated."
        " Empty: everybody may.",
    )
    operator_chats: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Telegram ids of the operator's chats, comma-separated: there /status and"
        " /broadcast are answered. In a group all its members count as the operator.",
    )
    commands_per_minute: int = Field(
        60,
        ge=0,
        le=10_000,
        description="Commands that a chat may ask in a minute, half of them at once; 0: no limit.",
    )
    stale_after: int = Field(
        24,
        ge=1,
        le=8760,
        description="Hours after which a digest or alert that could not be delivered is not sent"
        " as if it were new: what it held goes into the chat's next digest.",
    )
    item_retention_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days after which the text of a report is removed: title, link and date stay,"
        " and whom it names; what it says is neither quoted nor found any more. 0 keeps texts for"
        " good; else at least 30.",
    )
    keep_sent: int = Field(
        30,
        ge=2,
        le=3650,
        description="Days after which deliveries that are done with are forgotten. What a chat was"
        " shown stays known; a rewritten digest cannot be shown as it was composed any more.",
    )
    on_doubt: Literal["resend", "hold"] = Field(
        "resend",
        description="What to do about a message whose answer from Telegram was lost: 'resend'"
        " (sent again, and says so) or 'hold' (kept for the operator: depesche outbox).",
    )
    rewrite_url: AnyHttpUrl | None = Field(
        None,
        description="Root of an OpenAI-compatible endpoint (for example http://127.0.0.1:11434/v1)"
        " whose model retells digests. What it writes is sent only if the cited sentences bear it"
        " out. Empty: digests are the reports' own sentences, and nothing goes anywhere.",
    )
    rewrite_model: str | None = Field(None, description="Name of the model at REWRITE_URL.")
    rewrite_key: SecretStr | None = Field(
        None, description="Key for REWRITE_URL, where it wants one."
    )
    rewrite_timeout: float = Field(
        60, ge=1, le=110, description="Seconds that REWRITE_URL may take for a digest."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(
        "text", description="text, or json: one object a line, with run, source and delivery."
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Port for /metrics (Prometheus) and /healthz of a running bot. Empty: none.",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        description="Address for METRICS_PORT; whoever reaches it can read the figures.",
    )

    @field_validator(
        "fetch_allow_networks", "feeds_chats", "allowed_chats", "operator_chats", mode="before"
    )
    @classmethod
    def _split(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the environment holds
        return (
            [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @field_validator("tz_default")
    @classmethod
    def _zone(cls, value: str) -> str:
        return _checked(lambda: parse_zone(value).key, "is no IANA time zone")

    @field_validator("digest_time_default")
    @classmethod
    def _schedule(cls, value: str) -> str:
        return _checked(lambda: str(Cadence.parse(value)), "is no schedule")

    @field_validator("language_default")
    @classmethod
    def _language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"is none of {', '.join(LANGUAGES)}")
        return value

    @field_validator("feed_longest_wait")
    @classmethod
    def _not_shorter(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("feed_shortest_wait", 0):
            raise ValueError("is less than FEED_SHORTEST_WAIT")
        return value

    @field_validator("item_retention_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if 0 < value < 30:  # what is told, and what stories are told by, lies nearer than that
            raise ValueError("is less than 30, and not 0")
        return value

    @field_validator("rewrite_url")
    @classmethod
    def _bare_url(cls, value: AnyHttpUrl | None) -> AnyHttpUrl | None:
        if value is not None and (
            value.username or value.password or value.query or value.fragment
        ):
            raise ValueError("is more than an address; the key has a setting of its own")
        return value

    @field_validator("rewrite_model")
    @classmethod
    def _named(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("rewrite_url") is not None and not value:
            raise ValueError("is needed with REWRITE_URL")
        return value

    @field_validator("rewrite_key")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        written = value.get_secret_value() if value is not None else ""
        if not (written.isascii() and (written.isprintable() or not written)):
            raise ValueError("holds characters that no key holds")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("is none of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _format(cls, value: str) -> str:
        if value.lower() not in ("text", "json"):
            raise ValueError("is neither text nor json")
        return value.lower()

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'depesche.db'}"

    @property
    def bot_api(self) -> str:
        """Root of the Bot API server, without a slash at its end."""
        return str(self.telegram_api_url).rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """The default zone."""
        return ZoneInfo(self.tz_default)

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The private networks that feeds may come from."""
        return tuple(self.fetch_allow_networks)

    @property
    def feed_waits(self) -> tuple[timedelta, timedelta]:
        """The shortest and the longest time between two questions to a feed."""
        return timedelta(minutes=self.feed_shortest_wait), timedelta(minutes=self.feed_longest_wait)

    @property
    def feed_adders(self) -> frozenset[str]:
        """Addresses of the chats that may add feeds even where not all may."""
        return frozenset(map(telegram, self.feeds_chats))

    @property
    def pipelines(self) -> dict[str, str]:
        """The spaCy pipelines the operator named, by language."""
        named = {"de": self.pipeline_de, "en": self.pipeline_en}
        return {language: name for language, name in named.items() if name}


def load(**overrides: Any) -> Settings:  # noqa: ANN401 - values of any setting
    """Read the settings. Raises DepescheError("bad_setting", name=…, reason=…) for a bad one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "?"
        reason = first["msg"].removeprefix("Value error, ")
        raise DepescheError("bad_setting", name=name, reason=reason) from None


def example() -> str:
    """The text of ``.env.example``: every setting with a sentence and its default."""
    parts = ["# Settings of Depesche. Copy to .env and change what you need; all are optional."]
    for name, field in Settings.model_fields.items():
        comment = textwrap.fill(
            field.description or "",
            96,
            initial_indent="# ",
            subsequent_indent="# ",
            break_on_hyphens=False,
        )
        parts.append(f"{comment}\n#{name.upper()}={_written(field.default)}")
    return "\n\n".join(parts) + "\n"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or value == () else str(value).rstrip("/")


def _checked(parse: Callable[[], object], complaint: str) -> str:
    try:
        return str(parse())
    except InputError:
        raise ValueError(complaint) from None
