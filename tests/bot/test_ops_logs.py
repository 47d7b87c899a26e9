"""What is logged: whole lines, fields, and no secret in any of it, wherever an error comes from."""

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import TelegramError

from bot import logs
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345678"
OTHER = "987654321:BBabcdefghijklmnopqrstuvwxyz012345678"
PASSWORD = 'sehr"geheim/ü'
QUOTED = "sehr%22geheim%2F%C3%BC"


def settings(**values):
    return Settings(
        _env_file=None,
        telegram_token=TOKEN,
        telegram_api_url="https://anna:botgeheim@api.example",
        database_url=f"postgresql://anna:{QUOTED}@db/depesche",
        **values,
    )


SECRETS = (TOKEN, TOKEN.replace(":", "%3A"), OTHER, PASSWORD, QUOTED, "botgeheim", "feedgeheim")


@pytest.fixture(params=["text", "json"])
def stream(request, monkeypatch):
    """What is written to standard error, logging as the program does."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.start(settings(log_format=request.param), quiet=False)
    yield written
    logging.setLogRecordFactory(logging.LogRecord)
    root.handlers[:] = before
    root.setLevel(level)


def clean(stream):
    text = stream.getvalue()
    assert text
    for secret in SECRETS:
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    return text


def test_secrets_are_cut_out_of_messages_arguments_and_tracebacks(stream):
    log = logging.getLogger("x")
    log.warning("https://api.telegram.org/bot%s/getMe and bot%s", TOKEN, OTHER)
    log.warning("https://api.telegram.org/bot%s/getMe", TOKEN.replace(":", "%3A"))
    log.warning({"url": f"postgresql://anna:{QUOTED}@db/depesche", "password": PASSWORD})
    log.warning("https://anna:feedgeheim@example.org/feed and https://:feedgeheim@example.org/")
    log.error("%s", ValueError(PASSWORD), extra={"source": f"https://a:feedgeheim@b/{TOKEN}"})
    try:
        try:
            raise ValueError(TOKEN)
        except ValueError as error:
            raise RuntimeError(f"while {PASSWORD}") from error
    except RuntimeError:
        log.exception("went wrong")
    text = clean(stream)
    assert "ValueError: ***" in text
    assert "@example.org/feed" in text  # where it was stays readable


async def test_what_httpx_and_the_bot_library_raise_holds_no_token(stream, bot_api):
    log = logging.getLogger("x")
    for name in ("", "httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        bot = Bot(TOKEN, base_url=f"{bot_api.url}/bot")
        with pytest.raises(TelegramError):
            await bot.initialize()
        await bot.shutdown()
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{bot_api.url}/bot{TOKEN}/nosuch")
            try:
                answer.raise_for_status()
            except httpx.HTTPStatusError:
                log.exception("status")
            with pytest.raises(httpx.InvalidURL) as caught:
                await client.get(f"http://localhost:{TOKEN}/bot")
            log.error("url", exc_info=caught.value)
    finally:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger("telegram").setLevel(logging.NOTSET)
    assert "/bot***/" in clean(stream)


def test_a_task_whose_error_nobody_fetched_tells_no_secret(stream):
    async def run():
        async def fails():
            raise ValueError(f"https://x/bot{TOKEN}/ {PASSWORD}")

        task = asyncio.create_task(fails())
        await asyncio.wait({task})
        del task
        gc.collect()

    asyncio.run(run())
    assert "never retrieved" in clean(stream)


LIBRARIES = f"""
import logging, sys
from bot import logs
from bot.settings import Settings
logs.start(Settings(_env_file=None, telegram_token="{TOKEN}"), quiet=False)
import bot.runtime, bot.doctor
own = [
    name
    for name, one in logging.root.manager.loggerDict.items()
    if isinstance(one, logging.Logger)
    and any(not isinstance(handler, logging.NullHandler) for handler in one.handlers)
]
for name in [*own, "bot"]:
    logging.getLogger(name).error("bot%s", "{TOKEN}")
    try:
        raise ValueError("{TOKEN}")
    except ValueError:
        logging.getLogger(name).exception("bot%s", "{TOKEN}")
print(len(own))
"""


def test_handlers_that_libraries_bring_write_no_secret_either():
    """In a process of its own, with all of the program imported."""
    run = subprocess.run(
        [sys.executable, "-c", LIBRARIES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert TOKEN not in run.stdout + run.stderr
    lines = run.stderr.count("bot***")
    assert lines >= 2 * (int(run.stdout.splitlines()[-1]) + 1)
    assert run.stderr.count("ValueError: ***") * 2 == lines


CAUGHT = f"""
import sys, threading
from bot import logs
from bot.settings import Settings
logs.start(Settings(_env_file=None, telegram_token="{TOKEN}"), quiet=True)
logs.catch_all()
def fails():
    raise ValueError("bot{TOKEN}")
class Last:
    def __del__(self):
        fails()
import warnings
warnings.warn("careful: {TOKEN}")
thread = threading.Thread(target=fails)
thread.start()
thread.join()
Last()
fails()
"""


def test_an_error_nobody_caught_tells_no_secret():
    run = subprocess.run(
        [sys.executable, "-c", CAUGHT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert TOKEN not in run.stderr
    assert run.stderr.count("ValueError: bot***") == 3
    assert "careful: ***" in run.stderr


def test_a_line_says_what_it_is_about(stream):
    log = logging.getLogger("x")
    with logs.about(delivery="alert/1/0/7/0"), logs.about(source=3):
        log.info("inside")
    log.info("given", extra={"source": 4})
    log.info("outside")
    inside, given_, outside = stream.getvalue().splitlines()
    if inside.startswith("{"):
        inside, given_, outside = map(json.loads, (inside, given_, outside))
        assert (inside["delivery"], inside["source"]) == ("alert/1/0/7/0", "3")
        assert given_["source"] == "4"
        assert not {"delivery", "source"} & set(outside)
        assert inside["run"] == outside["run"] != ""
        assert inside["level"] == "INFO"
        assert inside["time"].endswith("+00:00")
    else:
        assert inside.endswith("inside source=3 delivery=alert/1/0/7/0")
        assert given_.endswith("given source=4")
        assert outside.endswith("outside")


async def test_threads_that_a_task_awaits_know_what_it_is_about(stream):
    with logs.about(source=9):
        await asyncio.to_thread(logging.getLogger("x").info, "from a thread")
    other = threading.Thread(target=logging.getLogger("x").info, args=["from another"])
    other.start()
    other.join()
    mine, others = stream.getvalue().splitlines()
    assert "9" in mine.split("from a thread")[1]
    assert "source" not in others


def test_a_foreign_text_forges_no_line_and_turns_none_round(stream):
    title = "Titel\n2026-01-10 ERROR bot: alles verloren\r\x1b[31m\u202e\u2066\u2028\x85\x00"
    logging.getLogger("x").warning("%s", title, extra={"source": "a\nb"})
    (line,) = stream.getvalue().split("\n")[:-1]
    shown = json.loads(line)["message"] if line.startswith("{") else line
    if shown is line:
        assert not any(char in line for char in "\r\x1b\u202e\u2066\u2028\x85\x00")
    else:  # JSON quotes all of them
        assert line.isascii()
        assert not any(ord(char) < 32 for char in line)
        assert shown == title


@given(st.text(), st.text())
def test_a_line_stays_a_line(before, after):
    for kind in (logs.Redacting, logs.RedactingJson):
        record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (before + TOKEN + after,), None)
        line = kind((TOKEN,)).format(record)
        assert len(line.splitlines()) == 1
        assert TOKEN not in line


def test_a_secret_too_short_to_be_told_from_words_is_cut_out_where_it_stands():
    redacting = logs.Redacting(("a",))
    assert redacting.redacted("was da war") == "was da war"
    assert redacting.redacted("https://anna:a@example.org") == "https://***@example.org"


def test_no_secret_is_in_what_settings_print():
    shown = repr(settings()) + str(settings())
    assert TOKEN not in shown
    assert QUOTED not in shown


def test_every_secret_setting_is_known_to_be_one():
    """Also those that come later: whatever is declared a secret is cut out."""
    names = [
        name
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    ]
    values = {name: f"geheim-{name}-12345678" for name in names}
    found = logs.secrets_of(Settings(_env_file=None, **values))
    assert "telegram_token" in names
    assert set(values.values()) <= set(found)
