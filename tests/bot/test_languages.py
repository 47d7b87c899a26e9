"""A new language is one file: it is offered, and what it lacks is said in English."""

from zoneinfo import ZoneInfo

import pytest

from bot import texts
from bot.commands import Caller, answer
from bot.house import house
from bot.settings import Settings
from bot.texts import Texts, languages

FRENCH = """
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "I now speak English."
msgstr "Je parle maintenant français."

msgid "Commands"
msgstr "Commandes"

msgid "{n} new report"
msgid_plural "{n} new reports"
msgstr[0] "{n} nouvel article"
msgstr[1] "{n} nouveaux articles"

#, fuzzy
msgid "Settings"
msgstr "Réglages ?"
"""


@pytest.fixture
def french(tmp_path, monkeypatch):
    """A third language beside those that ship."""
    folder = tmp_path / "locale"
    folder.mkdir()
    for entry in texts.LOCALES.iterdir():
        if entry.name.endswith(".po"):
            (folder / entry.name).write_bytes(entry.read_bytes())
    (folder / "fr.po").write_text(FRENCH.strip(), "utf-8")
    caches = (texts.languages, texts._translations)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(texts, "LOCALES", folder)
    yield Texts("fr", ZoneInfo("Europe/Paris"))
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


def test_a_language_is_there_once_its_file_is(french):
    assert languages() == ("en", "de", "fr")
    assert french.language_name() == "Français"
    assert french("Commands") == "Commandes"


def test_what_it_lacks_is_said_in_english_text_by_text(french):
    assert french("All commands") == "All commands"
    assert french("Settings") == "Settings"  # a fuzzy translation is none
    assert french.plural("{n} feed", "{n} feeds", 2) == "2 feeds"
    assert french.plural("{n} new report", "{n} new reports", 0) == "0 nouvel article"


def test_it_is_offered_and_can_be_chosen(french, tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", seeds_dir=tmp_path)
    with house(settings) as built:
        now = built.clock()

        def say(text):
            chat = built.desk.following.chat("telegram:1", now)
            return answer(text, Caller(built.desk, chat, Texts.of(chat), now))

        offered = say("/settings language")
        assert "Français" in str(offered.buttons)
        said = say("/settings language fr")
        assert "français" in str(said.blocks)
        assert built.desk.following.at("telegram:1").language == "fr"
        assert say("/help").blocks[0].text == "Commandes"
