"""Configuration from the environment or ``.env``: read once, frozen, secrets kept out of logs.

An empty setting counts as unset. ``.env.example`` is written by
:func:`example` and tested against it.
"""

from __future__ import annotations

import textwrap
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

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
        None, description="SQLAlchemy URL of the database. Default: SQLite in DATA_DIR."
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
    tz_default: str = Field(
        "Europe/Berlin", description="IANA time zone of a chat that has chosen none."
    )
    digest_time_default: str = Field(
        "daily 07:00",
        description="When a chat that has chosen nothing gets its digest: '07:00',"
        " 'weekdays 07:00,18:00', 'mo,th 08:30' or 'off'.",
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
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("fetch_allow_networks", mode="before")
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

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("is none of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

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
            field.description or "", 96, initial_indent="# ", subsequent_indent="# "
        )
        parts.append(f"{comment}\n#{name.upper()}={_written(field.default)}")
    return "\n\n".join(parts) + "\n"


def _written(value: object) -> str:
    return "" if value is None or value == () else str(value).rstrip("/")


def _checked(parse: Any, complaint: str) -> str:  # noqa: ANN401 - a callable
    try:
        return str(parse())
    except InputError:
        raise ValueError(complaint) from None
