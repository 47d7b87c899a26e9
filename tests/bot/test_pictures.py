"""Pictures: they are drawn for any name, say what they show, and are read on a phone."""

import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures import DARK, LIGHT, Palette, company_picture, coverage_picture, palette
from bot.texts import Texts
from digests.coverage import coverage
from digests.types import Chat, PartialDate

_GERMAN = Texts("de", ZoneInfo("Europe/Berlin"))
_DAYS = [date(2022, 1, 20) + timedelta(days=n % 9) for n in range(30)]
_COVERAGE = coverage([PartialDate(day.year, day.month, day.day) for day in _DAYS])


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def _pixels(png: bytes) -> bytes:
    """The image data, unpacked: what differs there differs for a reader."""
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    return zlib.decompress(data)


def _luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_can_be_told_from_the_ground(palette: Palette):
    assert _contrast(palette.words, palette.ground) >= 7
    assert _contrast(palette.quiet, palette.ground) >= 4.5
    assert _contrast(palette.on_mark, palette.mark) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_picture_is_as_wide_as_a_phone_and_light_to_send(palette: Palette):
    png = coverage_picture("Ukraine", _COVERAGE, _GERMAN, palette=palette)
    assert _size(png)[0] == 1080
    assert len(png) < 200_000


def test_a_chat_has_dark_pictures_if_it_wants() -> None:
    chat = Chat(1, "telegram:1", "de", "Europe/Berlin", "daily 07:00")
    assert palette(chat) is LIGHT
    assert palette(replace(chat, dark=True)) is DARK


def test_marks_are_drawn_where_they_belong_and_only_there():
    bare = _pixels(coverage_picture("Ukraine", _COVERAGE, _GERMAN))
    inside = coverage_picture("Ukraine", _COVERAGE, _GERMAN, marks=[PartialDate(2022, 1, 21)])
    outside = coverage_picture("Ukraine", _COVERAGE, _GERMAN, marks=[PartialDate(2014)])
    assert _pixels(inside) != bare
    assert _pixels(outside) == bare


def test_months_are_called_as_in_the_language_of_the_chat():
    months = coverage([PartialDate(2022, 3), PartialDate(2022, 12)])
    english = Texts("en", ZoneInfo("UTC"))
    drawn = {_pixels(coverage_picture("NATO", months, texts)) for texts in (_GERMAN, english)}
    assert len(drawn) == 2


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="no dated report"):
        coverage_picture("Ukraine", coverage([None]), _GERMAN)
    with pytest.raises(ValueError, match="no company"):
        company_picture("Ukraine", [], {}, _GERMAN)


def test_company_with_lines_between_them():
    company = [("Antony Blinken", 4), ("NATO", 3), ("USA", 1)]
    alone = company_picture("Sergej Lawrow", company, {}, _GERMAN)
    joined = company_picture("Sergej Lawrow", company, {(0, 2): 3}, _GERMAN)
    assert _size(joined) == (1080, 1080)
    assert _pixels(alone) != _pixels(joined)


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_no_name_breaks_a_picture(title: str, other: str):
    coverage_picture(title, _COVERAGE, _GERMAN, marks=[PartialDate(2022, 1, 21)])
    company_picture(title, [(other, 1)], {}, _GERMAN)


@pytest.mark.parametrize("name", ["$x^2$ \\frac{", "محمود عباس", "习近平", "👩‍👩‍👧", "a\x00b\n\nc"])
def test_odd_names_are_drawn_as_words(name: str):
    coverage_picture(name, _COVERAGE, _GERMAN)
    company_picture(name, [(name, 2)], {}, _GERMAN)
