"""The guard against the network, and what the fixtures make of a test's end."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import NetworkGuard, NetworkTouchedError

ROOT = Path(__file__).parents[2]
OUTSIDE = "192.0.2.1"  # TEST-NET-1 (RFC 5737): never routed


def test_connections_outside_are_refused(network_guard: NetworkGuard) -> None:
    with socket.socket() as tcp:
        for connect in (tcp.connect, tcp.connect_ex):
            with pytest.raises(NetworkTouchedError, match=OUTSIDE):
                connect((OUTSIDE, 80))
    with socket.socket(socket.AF_INET6) as tcp, pytest.raises(NetworkTouchedError):
        tcp.connect(("::ffff:192.0.2.1", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        with pytest.raises(NetworkTouchedError):
            udp.sendto(b"x", (OUTSIDE, 53))
        with pytest.raises(NetworkTouchedError):
            udp.sendmsg([b"x"], [], 0, (OUTSIDE, 53))
    assert len(network_guard.forgive()) == 5


@pytest.mark.parametrize("name", ["example.org", b"example.org", "localhost.example.org"])
def test_look_ups_are_refused(network_guard: NetworkGuard, name: str | bytes) -> None:
    with pytest.raises(NetworkTouchedError):
        socket.getaddrinfo(name, 80)
    with pytest.raises(NetworkTouchedError):
        socket.create_connection((name, 80))  # bytes do work
    assert len(network_guard.forgive()) == 2


async def test_asyncio_and_httpx_are_guarded(network_guard: NetworkGuard) -> None:
    for host in (OUTSIDE, "example.org"):
        with pytest.raises(NetworkTouchedError):
            await asyncio.open_connection(host, 80)
        async with httpx.AsyncClient(trust_env=False) as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(f"http://{host}/")
    assert len(network_guard.forgive()) == 4


def test_loopback_unix_sockets_and_literal_addresses_are_allowed(
    network_guard: NetworkGuard, tmp_path: Path
) -> None:
    for host in ("127.0.0.1", "localhost"):
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection((host, server.getsockname()[1])).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as caller:
        server.bind(str(tmp_path / "s"))
        server.listen()
        caller.connect(str(tmp_path / "s"))
    assert socket.getaddrinfo(OUTSIDE, 80)[0][4][0] == OUTSIDE
    assert network_guard.forgive() == []


INNER = """
import socket
import httpx
import pytest
from tests.botapi import BotApi
from tests.botapi.client import Client

def test_swallowed():
    try:
        socket.create_connection(("192.0.2.1", 80))
    except OSError:
        pass

def test_clean():
    assert True

def test_violation(bot_api):
    with Client(bot_api) as client:
        client.refused("sendMessage", chat_id=1)

def test_expected_violation(bot_api):
    bot_api.expect_violation("message text is empty")
    with Client(bot_api) as client:
        client.refused("sendMessage", chat_id=1)

def test_expected_in_vain(bot_api):
    bot_api.expect_violation("message text is empty")

def test_a_server_of_its_own():
    with BotApi() as api, Client(api) as client:
        client.refused("sendMessage", chat_id=1)

def test_no_method():
    with BotApi() as api:
        httpx.get(f"{api.url}/bot{api.token.replace(':', '')}/getMe")
"""


def test_a_test_fails_at_its_end_for_what_it_swallowed(tmp_path: Path) -> None:
    inner = tmp_path / "test_inner.py"
    inner.write_text(INNER)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"),
            *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-rA", str(inner)),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "7 passed, 5 errors" in run.stdout
    assert "3 calls of 1 Bot API methods were checked" in run.stdout
    for name, words in (
        ("test_swallowed", "the network was touched: 192.0.2.1:80"),
        ("test_violation", "call 1 sendMessage: Bad Request: message text is empty"),
        ("test_a_server_of_its_own", "call 1 sendMessage: Bad Request: message text is empty"),
        ("test_no_method", "no place of the Bot API: '/bot"),
        ("test_expected_in_vain", "no violation matches: message text is empty"),
    ):
        shown = run.stdout.split(f"ERROR at teardown of {name} ")[1].split("ERROR at")[0]
        assert words in shown
