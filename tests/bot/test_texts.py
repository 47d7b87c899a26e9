"""The texts: every word the bot says is translated, and dates, lists and plurals read right.

What is in the code is found as ``pybabel extract`` finds it. Every ``.po`` file
in ``bot/locale`` is held to the same rules: a new language is checked by being there.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from gettext import c2py
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.commands import COMMANDS, settings
from bot.commands.arguments import split_about, split_mode, split_pair
from bot.texts import SOURCE_LANGUAGE, Texts, languages
from digests.schedule import OFF, Cadence
from digests.types import DeliveryMode, PartialDate, Precision, Published

BOT = Path(__file__).parents[2] / "bot"
KEYWORDS = {"_": None, "t": None, "texts": None, "self": None, "plural": (1, 2)}
BERLIN = ZoneInfo("Europe/Berlin")

Text = str | tuple[str, ...]
"""A text in the code; two forms where it is counted."""

translated = pytest.mark.parametrize("language", languages()[1:])


@cache
def used() -> dict[Text, str]:
    """The texts in the code, each with a place where it stands."""
    found: dict[Text, str] = {}
    for name, line, text, _, _ in extract_from_dir(BOT, keywords=KEYWORDS):
        found.setdefault(text, f"bot/{name}:{line}")
    for path, call in calls():
        # A text asked of Texts(…) at once is the one form that Babel cannot see.
        if isinstance(call.func, ast.Call) and (direct := literal(call.args)) is not None:
            found.setdefault(direct, place(path, call))
    return found


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """The calls in the code that give a text."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and asks(node.func):
                yield path, node


def asks(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in KEYWORDS
        case ast.Call(func=ast.Name(id="Texts")):
            return True
    return False


def literal(arguments: list[ast.expr]) -> str | None:
    match arguments:
        case [ast.Constant(value=str(text)), *_]:
            return text
    return None


def place(path: Path, node: ast.expr) -> str:
    return f"bot/{path.relative_to(BOT).as_posix()}:{node.lineno}"


@cache
def catalogue(language: str) -> Catalog:
    with (BOT / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(language: str) -> list[Message]:
    """The texts of a catalogue, without its header."""
    return [message for message in catalogue(language) if message.id]


def forms(message: Message) -> list[str]:
    """The translation; of a counted text, each of its forms."""
    return [message.string or ""] if isinstance(message.string, str) else list(message.string or ())


def pairs(message: Message) -> list[tuple[str, str]]:
    """A text and its translation; for a counted one, each form with the one it stands for."""
    one, *many = [message.id] if isinstance(message.id, str) else message.id
    first, *others = forms(message)
    return [(one, first), *((many[0], other) for other in others)]


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def usage(command: str, language: str) -> str:
    """What stands after a command, as /help shows it."""
    found = next(one for one in COMMANDS if one.name == command)
    return Texts(language, BERLIN)(found.usage)


def alternatives(shown: str) -> list[str]:
    """The words that bars part in a usage line: [a|b|c VALUE]."""
    found = re.search(r"\[(\w+(?:\|\w+)+)", shown)
    return found[1].split("|") if found else []


def listing(lines: list[str]) -> str:
    return "".join(f"\n  {line}" for line in lines)


def test_texts_are_found_in_all_corners_of_the_code() -> None:
    found = used()
    assert len(found) > 150
    assert "undated" in found  # self(…)
    assert ("{n} report", "{n} reports") in found  # plural(…)
    assert "What happened when" in found  # _(…) in a table
    assert any(text.startswith("(Possibly a repeat") for text in found if isinstance(text, str))


def test_there_are_german_texts() -> None:
    assert languages()[0] == SOURCE_LANGUAGE
    assert "de" in languages()


@translated
def test_every_text_in_the_code_is_translated(language: str) -> None:
    done = {message.id: all(forms(message)) and not message.fuzzy for message in entries(language)}
    missing = [f"{where}: {text!r}" for text, where in used().items() if not done.get(text)]
    assert not missing, f"{language}.po lacks, or has empty or fuzzy:{listing(missing)}"


@translated
def test_every_translation_is_used(language: str) -> None:
    unused = [
        f"line {message.lineno}: {message.id!r}"
        for message in entries(language)
        if message.id not in used()
    ]
    unused += [f"obsolete: {text!r}" for text in catalogue(language).obsolete]
    assert not unused, f"{language}.po has what no code asks for:{listing(unused)}"


@translated
def test_placeholders_are_the_same_on_both_sides(language: str) -> None:
    wrong = [
        f"{text!r} → {form!r}"
        for message in entries(language)
        for text, form in pairs(message)
        if placeholders(text) != placeholders(form)
    ]
    assert not wrong, f"{language}.po differs in placeholders:{listing(wrong)}"


@translated
def test_texts_start_and_end_alike(language: str) -> None:
    """White space that joins a text to its neighbours must survive."""
    edges = re.compile(r"(\s*).*?(\s*)", re.DOTALL)
    wrong = [
        f"{text!r} → {form!r}"
        for message in entries(language)
        for text, form in pairs(message)
        if (found := edges.fullmatch(text)) and (made := edges.fullmatch(form))
        if found.groups() != made.groups()
    ]
    assert not wrong, f"{language}.po starts or ends texts otherwise:{listing(wrong)}"


@translated
def test_commands_and_names_of_settings_stay_as_they_are(language: str) -> None:
    fixed = re.compile(r"(?<![\w|])/[a-z]+\b|\b[A-Z]+_[A-Z]+\b|@\w+|\.venv|depesche \w+")
    wrong = [
        f"{text!r} → {form!r}"
        for message in entries(language)
        for text, form in pairs(message)
        if sorted(fixed.findall(text)) != sorted(fixed.findall(form))
    ]
    assert not wrong, f"{language}.po changes words that are typed:{listing(wrong)}"


@translated
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    found, expected = catalogue(language), Catalog(locale=language)
    assert found.num_plurals == expected.num_plurals
    chosen, right = c2py(found.plural_expr), c2py(expected.plural_expr)
    assert [chosen(n) for n in range(210)] == [right(n) for n in range(210)]
    counted = [message for message in entries(language) if isinstance(message.id, tuple)]
    assert counted
    assert {len(forms(message)) for message in counted} == {found.num_plurals}


def test_texts_in_the_code_are_whole() -> None:
    """A text glued together from pieces cannot be looked up."""
    glued = [
        place(path, call)
        for path, call in calls()
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not glued, f"no whole text:{listing(glued)}"


def test_counted_texts_have_both_forms() -> None:
    counted = [
        (path, call)
        for path, call in calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "plural"
    ]
    lame = [
        place(path, call)
        for path, call in counted
        if len(call.args) < 3 or not (literal(call.args[:1]) and literal(call.args[1:2]))
    ]
    assert counted
    assert not lame, f"a counted text needs two forms and a number:{listing(lame)}"
    same = [text for text in used() if isinstance(text, tuple) and text[0] == text[1]]
    assert not same


@pytest.mark.parametrize("language", languages())
def test_every_text_can_be_filled_in(language: str) -> None:
    texts = Texts(language, BERLIN)
    for text in used():
        if isinstance(text, str):
            values = {name: f"<{name}>" for name in placeholders(text)}
            shown = texts(text, **values)
        else:
            values = {name: f"<{name}>" for name in placeholders(text[1]) if name != "n"}
            shown = texts.plural(text[0], text[1], 3, **values)
            assert "3" in shown
        assert all(value in shown for value in values.values())
        assert "{" not in shown


@pytest.mark.parametrize("language", languages())
def test_lines_of_the_command_menu_are_short(language: str) -> None:
    """Telegram takes 256 characters, and shows about 45 of them on a telephone."""
    texts = Texts(language, BERLIN)
    lines = [texts(command.summary) for command in COMMANDS]
    assert [line for line in lines if not 1 <= len(line) <= 50] == []
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("language", languages())
def test_the_ways_of_delivery_that_are_shown_are_understood(language: str) -> None:
    shown = alternatives(usage("subscribe", language))
    named = [split_mode(f"Putin {word}") for word in shown]
    assert named == [("Putin", mode) for mode in DeliveryMode]


@pytest.mark.parametrize("language", languages())
def test_the_settings_that_are_shown_are_understood(language: str) -> None:
    english = alternatives(usage("settings", SOURCE_LANGUAGE))
    for word, same in zip(alternatives(usage("settings", language)), english, strict=True):
        assert settings._NAMES[word] == settings._NAMES[same]


@pytest.mark.parametrize("language", languages())
def test_the_words_between_names_that_are_shown_are_understood(language: str) -> None:
    pair = re.fullmatch(r"NAME \[(\w+) NAME\] .+", usage("timeline", language))
    about = re.fullmatch(r"NAME \[(\w+) \w+\] .+", usage("statements", language))
    assert pair
    assert about
    assert split_pair(f"Putin {pair[1]} Biden") == ("Putin", "Biden")
    assert split_about(f"Kirby {about[1]} Truppen") == ("Kirby", "Truppen")


@pytest.mark.parametrize("language", languages())
def test_the_schedules_that_are_shown_are_understood(language: str) -> None:
    hint = Texts(language, BERLIN)(
        "I cannot read “{text}”. Write 07:00, or weekdays 07:00,18:00, or off.", text="x"
    )
    shown = re.search(r"(\w+ 07:00,18:00)\W.*?(\w+)\.$", hint)
    assert shown
    assert str(Cadence.parse(shown[1])) == "weekdays 07:00,18:00"
    assert Cadence.parse(shown[2]) == OFF


@pytest.mark.parametrize(
    ("language", "partial", "shown"),
    [
        ("de", PartialDate(2014), "2014"),
        ("de", PartialDate(2022, 1), "Januar 2022"),
        ("de", PartialDate(2022, 1, 21), "21. Januar 2022"),
        ("de", PartialDate(2022, 3, 1), "1. März 2022"),
        ("en", PartialDate(2014), "2014"),
        ("en", PartialDate(2022, 1), "January 2022"),
        ("en", PartialDate(2022, 1, 21), "21 January 2022"),
        ("en", PartialDate(2022, 3, 1), "1 March 2022"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(
    language: str, partial: PartialDate, shown: str
) -> None:
    assert Texts(language, BERLIN).date(partial) == shown


NIGHT = Published(datetime(2022, 1, 25, 0, 42, tzinfo=UTC), Precision.MINUTE)


@pytest.mark.parametrize(
    ("language", "zone", "published", "shown"),
    [
        ("de", "Europe/Berlin", NIGHT, "25. Januar 2022, 01:42"),
        ("en", "Europe/Berlin", NIGHT, "25 January 2022, 01:42"),
        ("de", "America/New_York", NIGHT, "24. Januar 2022, 19:42"),
        ("de", "America/New_York", Published.on(2022, 1, 25), "25. Januar 2022"),
        ("de", "America/New_York", Published.on(2022, 1), "Januar 2022"),
        ("en", "America/New_York", Published.on(2022), "2022"),
        ("de", "Europe/Berlin", Published(), "undatiert"),
        ("en", "Europe/Berlin", Published(), "undated"),
    ],
)
def test_only_moments_are_moved_into_the_readers_zone(
    language: str, zone: str, published: Published, shown: str
) -> None:
    assert Texts(language, ZoneInfo(zone)).published(published) == shown


def test_clock_times_follow_summer_time() -> None:
    summer = datetime(2022, 7, 1, 22, 5, tzinfo=UTC)
    assert Texts("de", BERLIN).moment(summer) == "2. Juli 2022, 00:05"


@pytest.mark.parametrize(
    ("language", "words", "shown"),
    [
        ("de", [], ""),
        ("de", ["Putin"], "Putin"),
        ("de", ["Putin", "Biden"], "Putin und Biden"),
        ("de", ["Putin", "Biden", "Scholz"], "Putin, Biden und Scholz"),
        ("de", ["Krieg und Angriffe", "Wahlen"], "Krieg und Angriffe, Wahlen"),
        ("de", ["Krieg und Angriffe"], "Krieg und Angriffe"),
        ("en", ["Putin", "Biden"], "Putin and Biden"),
        ("en", ["Putin", "Biden", "Scholz"], "Putin, Biden and Scholz"),
    ],
)
def test_lists(language: str, words: list[str], shown: str) -> None:
    assert Texts(language, BERLIN).listed(words) == shown


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("de", 0, "0 Berichte"),
        ("de", 1, "1 Bericht"),
        ("de", 2, "2 Berichte"),
        ("en", 0, "0 reports"),
        ("en", 1, "1 report"),
        ("en", 2, "2 reports"),
    ],
)
def test_plurals(language: str, number: int, shown: str) -> None:
    assert Texts(language, BERLIN).plural("{n} report", "{n} reports", number) == shown


@pytest.mark.parametrize(
    ("language", "own", "monday", "sunday"),
    [("de", "Deutsch", "Montag", "Sonntag"), ("en", "English", "Monday", "Sunday")],
)
def test_names_of_languages_and_weekdays(language: str, own: str, monday: str, sunday: str) -> None:
    texts = Texts(language, BERLIN)
    assert texts.language_name() == own
    assert (texts.weekday(0), texts.weekday(6)) == (monday, sunday)


@translated
def test_a_language_says_that_it_is_spoken(language: str) -> None:
    """By its own name, which may be inflected; the source language's is not to be translated."""
    texts = Texts(language, BERLIN)
    assert texts.language_name()[:4].casefold() in texts("I now speak English.").casefold()


def test_words_that_look_like_placeholders_are_shown_as_they_are() -> None:
    texts = Texts("de", BERLIN)
    assert texts("Found: {words}", words="{name} {") == "Gefunden: {name} {"


@pytest.mark.parametrize("language", ["fr", "xx", ""])
def test_a_language_without_texts_is_answered_in_the_source_language(language: str) -> None:
    texts = Texts(language, BERLIN)
    assert texts("Did you mean {names}?", names="/digest") == "Did you mean /digest?"
    assert texts.plural("{n} report", "{n} reports", 1) == "1 report"
    assert texts.plural("{n} report", "{n} reports", 2) == "2 reports"
    assert texts.date(PartialDate(2022, 1, 21)) == "21 January 2022"
    assert texts.language == SOURCE_LANGUAGE
    assert texts.language_name() == "English"


def test_a_text_without_a_translation_stays_english() -> None:
    assert Texts("de", BERLIN)("Nobody wrote this one, {n}.", n=1) == "Nobody wrote this one, 1."
