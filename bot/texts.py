"""Texts in the reader's language: translations from .po files, dates and lists from Babel.

The words in the code are English; ``locale/<language>.po`` holds another
language, read as it is (nothing is compiled). Adding a language is adding a file.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    get_day_names,
    get_month_names,
    get_timezone_location,
)
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from digests.types import Chat, PartialDate, Precision, Published
from digests.words import fold

SOURCE_LANGUAGE = "en"

_SHORT: Final = {"usa": "US", "uk": "GB"}
"""What countries are called that CLDR does not say."""

_REGIONAL: Final = ("de_AT",)
"""Where months have names of their own: 'Jänner'."""

LOCALES: Traversable = files("bot").joinpath("locale")
"""Where the languages are, a ``.po`` file each."""


class Texts:
    """Words in one language. ``zone`` is where clock times are shown.

    A language without texts is answered in the source language, dates included.
    """

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language if language in languages() else SOURCE_LANGUAGE
        self.zone = zone
        self._locale = Locale.parse("en_GB" if self.language == "en" else self.language)
        self._translations = _translations(self.language)

    @classmethod
    def of(cls, chat: Chat) -> Texts:
        """Words for a chat, in its language and zone."""
        return cls(chat.language, ZoneInfo(chat.zone))

    def __call__(self, message: str, **values: object) -> str:
        """The text for ``message``, with ``{names}`` filled in."""
        return self._translations.gettext(message).format(**values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The form that fits ``number``, which is also the value of ``{n}``."""
        return self._translations.ngettext(one, many, number).format(n=number, **values)

    def part_of_date(self, day: date, skeleton: str) -> str:
        """The parts of a date that a CLDR skeleton names: 'MMMd' is '21. Jan.' or '21 Jan'."""
        return str(format_skeleton(skeleton, day, locale=self._locale))

    def published(self, published: Published) -> str:
        """A date of publication, as exact as it is known."""
        if published.at is not None and published.precision is Precision.MINUTE:
            return self.moment(published.at)
        return self.date(published.date) if published.date else self("undated")

    def date(self, partial: PartialDate) -> str:
        """A calendar date, as exact as it is known: 2014; January 2022; 21 January 2022."""
        if not partial.month:
            return str(partial.year)
        skeleton = "LLLL y" if not partial.day else None
        if skeleton:
            return format_date(partial.first_day, skeleton, locale=self._locale)
        return format_date(partial.first_day, "long", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """A moment in the reader's zone: date and time to the minute."""
        local = at.astimezone(self.zone)
        day = format_date(local.date(), "long", locale=self._locale)
        return f"{day}, {format_datetime(local, 'HH:mm', tzinfo=self.zone, locale=self._locale)}"

    def when(self, at: datetime, now: datetime) -> str:
        """A moment near ``now``, short: the time alone if it is today, else with day and month."""
        local, today = at.astimezone(self.zone), now.astimezone(self.zone).date()
        clock = format_datetime(local, "HH:mm", tzinfo=self.zone, locale=self._locale)
        if local.date() == today:
            return self("today at {time}", time=clock)
        skeleton = "MMMd" if local.year == today.year else "yMMMd"
        day = format_skeleton(skeleton, local, tzinfo=self.zone, locale=self._locale)
        return self("on {day} at {time}", day=day, time=clock)

    def country(self, code: str) -> str | None:
        """The name of a country by its ISO 3166 code; None for what is none."""
        name = self._locale.territories.get(code)
        return str(name) if name else None

    def country_called(self, name: str) -> str | None:
        """The ISO 3166 code of a country by its name in this language; None for what is none."""
        wanted = fold(name)
        if wanted in _SHORT:
            return _SHORT[wanted]
        names = {str(code): str(name) for code, name in self._locale.territories.items()}
        codes = (code for code in names if len(code) == 2)
        return next((code for code in codes if fold(names[code]) == wanted), None)

    def city_of(self, zone: str) -> str:
        """The city that an IANA zone is named for: 'Kiew' for Europe/Kyiv."""
        return str(get_timezone_location(zone, locale=self._locale, return_city=True))

    def language_called(self, code: str) -> str:
        """What another language is called in this one, by its ISO 639 code."""
        return str(self._locale.languages.get(code, code))

    def number(self, value: float) -> str:
        """A number with one decimal: 1,234.5."""
        return str(format_decimal(value, "#,##0.0", locale=self._locale))

    def listed(self, words: Sequence[str]) -> str:
        """Words in a row: 'a, b and c'; 'a, b and c, d' where one of them has an 'and' itself."""
        link = format_list(["|", "|"], locale=self._locale).strip("|")
        if any(link in word for word in words):
            return ", ".join(words)
        return format_list(list(words), locale=self._locale)

    def language_name(self) -> str:
        """What this language calls itself."""
        return str(Locale.parse(self.language).get_display_name()).capitalize()

    def weekday(self, number: int) -> str:
        """The name of a weekday; 0 is Monday."""
        monday = date(2024, 1, 1)
        return format_date(
            datetime(2024, 1, monday.day + number, tzinfo=UTC).date(), "EEEE", locale=self._locale
        )


@cache
def month_names() -> Mapping[str, int]:
    """The months by their names, long and short, in all languages; as written and folded."""
    found: dict[str, int] = {}
    for language in (*languages(), *_REGIONAL):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=Locale.parse(language)).items():
                word = name.rstrip(".").casefold()
                found |= {word: number, fold(word): number}
    return found


@cache
def weekday_names() -> Mapping[str, int]:
    """The days of the week by their names, long and short, in all languages; Monday is 0."""
    found: dict[str, int] = {"sonnabend": 5}
    for language in languages():
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, locale=Locale.parse(language)).items():
                found[name.rstrip(".").casefold()] = number
    return found


@cache
def languages() -> tuple[str, ...]:
    """The languages there are texts in, the source language first."""
    found = sorted(
        entry.name.removesuffix(".po") for entry in LOCALES.iterdir() if entry.name.endswith(".po")
    )
    return (SOURCE_LANGUAGE, *(name for name in found if name != SOURCE_LANGUAGE))


@cache
def _translations(language: str) -> gettext.NullTranslations:
    path = LOCALES.joinpath(f"{language}.po")
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as handle:
        catalog = read_po(handle, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
