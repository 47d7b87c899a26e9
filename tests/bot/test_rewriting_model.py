"""Asking a model: only a good answer is one, and the key is in no log."""

import asyncio
import json
import logging
import time

import pytest
from pydantic import SecretStr

from bot import logs
from bot.rewriting import Model, UnansweredError
from bot.settings import Settings, load
from digests.errors import DepescheError
from tests.bot.rewriting_endpoint import KEY, completion, endpoint, http

MESSAGES = ({"role": "user", "content": "Sag etwas."},)


def model(url, **options):
    return Model(url, "klein", **({"key": SecretStr(KEY), "timeout": 5.0} | options))


async def test_a_good_answer_is_what_the_model_said():
    async with endpoint(lambda _: completion("Guten Tag. [1]")) as there:
        assert await model(there.url).ask(MESSAGES, 5) == "Guten Tag. [1]"
    (asked,) = there.asked
    assert asked.head.startswith("POST /v1/chat/completions HTTP/1.1")
    assert f"authorization: bearer {KEY}" in asked.head.lower()
    assert asked.body["model"] == "klein"
    assert asked.body["messages"] == list(MESSAGES)
    assert asked.body["stream"] is False


async def test_without_a_key_none_is_sent():
    async with endpoint(lambda _: completion("Gut.")) as there:
        await model(there.url, key=None).ask(MESSAGES, 5)
    assert "authorization" not in there.asked[0].head.lower()


async def test_what_a_model_thinks_aloud_is_left_out():
    async with endpoint(lambda _: completion("<think>Hm.\n</think>\nGut. [1]")) as there:
        assert (await model(there.url).ask(MESSAGES, 5)).strip() == "Gut. [1]"


@pytest.mark.parametrize(
    "answer",
    [
        http("<html>Welcome</html>", kind="text/html"),
        http("{"),
        http("[]"),
        http("null"),
        http('{"choices": []}'),
        http('{"choices": [{"message": {"content": null}}]}'),
        http('{"choices": [{"message": {"content": 7}}]}'),
        http('{"error": "no"}'),
        http(b"\xff\xfe\x00"),
        http(json.dumps({"choices": [{"message": {"content": "a" * 300_000}}]})),
        completion("Abgeschn", finish_reason="length"),
        http("{}", "401 Unauthorized"),
        http("{}", "429 Too Many Requests", **{"Retry-After": "1"}),
        http("{}", "500 Internal Server Error"),
        http("", "302 Found", Location="http://127.0.0.1:9/v1/chat/completions"),
        http("", "204 No Content"),
        b"nonsense\r\n\r\n",
        b"",
    ],
)
async def test_anything_else_is_no_answer(answer):
    async with endpoint(lambda _: answer) as there:
        with pytest.raises(UnansweredError):
            await model(there.url).ask(MESSAGES, 5)


async def test_nobody_there_is_no_answer():
    async with endpoint() as there:
        url = there.url
    with pytest.raises(UnansweredError):
        await model(url).ask(MESSAGES, 5)


async def stall():
    """Nothing, ever."""
    await asyncio.Event().wait()
    yield b""


async def drip():
    """Each byte in time, and the whole never."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    while True:
        yield b" "
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(("patience", "within"), [(0.2, 5), (5, 0.2)])
@pytest.mark.parametrize("slow", [stall, drip])
async def test_who_is_slow_is_not_waited_for(slow, patience, within):
    async with endpoint(lambda _: slow()) as there:
        began = time.monotonic()
        with pytest.raises(UnansweredError):
            await model(there.url, timeout=patience).ask(MESSAGES, within)
        assert time.monotonic() - began < 3


async def test_the_key_is_in_no_log_and_no_error(caplog):
    caplog.set_level(logging.DEBUG)
    async with endpoint(lambda _: http(KEY, "500 Internal Server Error")) as there:
        one = model(there.url)
        with pytest.raises(UnansweredError) as caught:
            await one.ask(MESSAGES, 5)
    assert KEY not in caplog.text + repr(one) + str(caught.value)
    settings = Settings(_env_file=None, rewrite_key=KEY)
    assert KEY not in repr(settings)
    assert KEY in logs.secrets_of(settings)


def test_a_model_needs_an_address_and_a_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Model.of(load()) is None
    assert Model.of(load(rewrite_model="klein")) is None
    one = Model.of(load(rewrite_url="http://127.0.0.1:11434/v1/", rewrite_model="klein"))
    assert one is not None
    assert one.url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    "bad",
    [
        {"rewrite_url": "http://127.0.0.1/v1"},
        {"rewrite_url": "nirgends", "rewrite_model": "klein"},
        {"rewrite_url": "http://a:b@127.0.0.1/v1", "rewrite_model": "klein"},
        {"rewrite_url": "http://127.0.0.1/v1?key=1", "rewrite_model": "klein"},
        {"rewrite_timeout": 0},
        {"rewrite_timeout": 600},
        {"rewrite_key": "schlüssel"},
        {"rewrite_key": "a\nb"},
    ],
)
def test_bad_settings_are_named_and_not_repeated(monkeypatch, tmp_path, bad):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DepescheError) as caught:
        load(**bad)
    assert str(caught.value.params["name"]).startswith("REWRITE_")
    assert str(bad.get("rewrite_key", "\0")) not in str(caught.value)
