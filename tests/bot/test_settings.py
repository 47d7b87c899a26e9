"""Settings: read, checked, frozen; and no secret in what is logged."""

import logging
from datetime import timedelta

import pytest
from pydantic import ValidationError

from bot import logs
from bot.settings import Settings, load
from digests.errors import DepescheError

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345678"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_everything_has_a_default():
    settings = load()
    assert settings.telegram_token is None
    assert settings.database.startswith("sqlite:///")
    assert str(settings.telegram_api_url) == "https://api.telegram.org/"
    assert settings.networks == ()


def test_empty_counts_as_unset(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert load() == Settings(_env_file=None)


def test_dot_env_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("TZ_DEFAULT=asia/tokyo\nLANGUAGE_DEFAULT=en\n", "utf-8")
    monkeypatch.setenv("LANGUAGE_DEFAULT", "de")
    settings = load()
    assert settings.zone.key == "Asia/Tokyo"
    assert settings.language_default == "de"


def test_networks_are_read_from_a_list(monkeypatch):
    monkeypatch.setenv("FETCH_ALLOW_NETWORKS", "127.0.0.0/8, ::1/128")
    assert [str(one) for one in load().networks] == ["127.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TZ_DEFAULT", "Mond/Krater"),
        ("DIGEST_TIME_DEFAULT", "morgens"),
        ("LANGUAGE_DEFAULT", "tlh"),
        ("FETCH_ALLOW_NETWORKS", "10.0.0.0/99"),
        ("TELEGRAM_API_URL", "nirgends"),
        ("SEEDS_EVERY", "0"),
        ("LOG_LEVEL", "laut"),
        ("FEEDS_OPEN", "vielleicht"),
        ("FEEDS_CHATS", "@anna"),
        ("FEEDS_PER_CHAT", "-1"),
        ("FEED_SHORTEST_WAIT", "0"),
        ("FEED_LONGEST_WAIT", "14"),  # shorter than the shortest
        ("FETCH_HOST_GAP", "-0.5"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(DepescheError) as caught:
        load()
    assert caught.value.code == "bad_setting"
    assert caught.value.params["name"] == name
    assert caught.value.params["reason"]


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        load().tz_default = "UTC"


def test_the_token_is_in_no_repr(monkeypatch):
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    settings = load()
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.model_dump())
    assert settings.telegram_token.get_secret_value() == TOKEN


def test_no_secret_reaches_a_log_line(monkeypatch, capsys):
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.start(load(), quiet=False)
        log = logging.getLogger("x")
        log.warning("https://api.telegram.org/bot%s/getMe", TOKEN)
        log.warning("another bot's 987654321:BBabcdefghijklmnopqrstuvwxyz012345678")
        log.warning("https://anna:geheim@example.org/feed failed")
        try:
            raise ValueError(f"bot{TOKEN}")
        except ValueError:
            log.exception("went wrong")
        logging.getLogger("httpx").info("GET https://api.telegram.org/bot%s/", TOKEN)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    shown = capsys.readouterr().err
    assert "went wrong" in shown
    for secret in (TOKEN, "BBabcdef", "geheim"):
        assert secret not in shown


def test_who_may_add_feeds_is_read_from_a_list(monkeypatch):
    monkeypatch.setenv("FEEDS_OPEN", "false")
    monkeypatch.setenv("FEEDS_CHATS", "12345678, -1001234567890")
    settings = load()
    assert not settings.feeds_open
    assert settings.feed_adders == {"telegram:12345678", "telegram:-1001234567890"}


def test_waits_of_feeds_are_minutes(monkeypatch):
    monkeypatch.setenv("FEED_SHORTEST_WAIT", "30")
    monkeypatch.setenv("FEED_LONGEST_WAIT", "30")
    assert load().feed_waits == (timedelta(minutes=30), timedelta(minutes=30))
