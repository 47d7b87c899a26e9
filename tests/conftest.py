"""What every test has: the Bot API stand-in, and a guard against the network.

``bot_api`` is a running :class:`tests.botapi.BotApi`. A test in which any such
server was called in a way that breaks the Bot API's description fails at its
end (``valid_calls``), unless it said so beforehand (``bot_api.expect_violation``).

``network_guard`` is in force in every test: whoever connects to, sends to or
looks up anything but this machine gets an error, and the test fails even where
the code under test swallows that error. Child processes are not guarded.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.botapi import BotApi
from tests.botapi.server import MADE

LOCAL_NAMES = frozenset(("", "localhost", "localhost.localdomain", "ip6-localhost"))


class NetworkTouchedError(OSError):
    """In place of a connection or look-up that would leave this machine."""


class NetworkGuard:
    """Notes and refuses every use of the network beyond loopback."""

    def __init__(self) -> None:
        self.touched: list[str] = []
        self._originals: list[tuple[object, str, Any]] = []

    def install(self) -> None:
        """Replace what Python code, asyncio included, reaches the network by."""
        if self._originals:
            return
        for name in ("connect", "connect_ex"):
            self._wrap(socket.socket, name, self._check)
        self._wrap(socket.socket, "sendto", lambda sock, _data, *rest: self._check(sock, rest[-1]))
        self._wrap(
            socket.socket,
            "sendmsg",
            lambda sock, _buffers, _ancillary=(), _flags=0, address=None: self._check(
                sock, address
            ),
        )
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
            self._wrap(socket, name, lambda host, *_args, **_kwargs: self._check_name(host))

    def remove(self) -> None:
        """Put everything back."""
        for owner, name, original in reversed(self._originals):
            setattr(owner, name, original)
        self._originals.clear()

    def forgive(self) -> list[str]:
        """Forget what was touched so far, and return it."""
        touched, self.touched = self.touched, []
        return touched

    def _wrap(self, owner: Any, name: str, check: Callable[..., None]) -> None:
        original = getattr(owner, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            check(*args, **kwargs)
            return original(*args, **kwargs)

        self._originals.append((owner, name, original))
        setattr(owner, name, guarded)

    def _check(self, sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            host = str(address[0])
            if not (_is_loopback(host) or host in LOCAL_NAMES):
                self._refuse(f"{host}:{address[1]}")

    def _check_name(self, host: Any) -> None:
        """A literal address needs no look-up, so only names are refused."""
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or _address(name) is not None:
            return
        if name.lower().rstrip(".") not in LOCAL_NAMES:
            self._refuse(f"look-up of {name}")

    def _refuse(self, what: str) -> None:
        self.touched.append(what)
        raise NetworkTouchedError(f"a test must not touch the network: {what}")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


_guard = NetworkGuard()


def pytest_configure() -> None:
    """Guard from before the first test module is imported."""
    _guard.install()


def pytest_unconfigure() -> None:
    """The guard ends with the session."""
    _guard.remove()


@pytest.fixture(autouse=True)
def network_guard() -> Iterator[NetworkGuard]:
    """Fail the test if it touched the network."""
    _guard.install()
    _guard.forgive()
    yield _guard
    touched = _guard.forgive()
    if touched:
        pytest.fail(f"the network was touched: {', '.join(touched)}", pytrace=False)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Put back whom the logs go to and what they hold, whoever set them up in a test."""
    root = logging.getLogger()
    handlers, levels = list(root.handlers), {one: one.level for one in (root, *_loggers())}
    yield
    root.handlers[:] = handlers
    for one in (root, *_loggers()):
        if one.level != levels.get(one, logging.NOTSET):
            one.setLevel(levels.get(one, logging.NOTSET))


def _loggers() -> list[logging.Logger]:
    every = logging.Logger.manager.loggerDict.values()
    return [one for one in every if isinstance(one, logging.Logger)]


_checked: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def valid_calls() -> Iterator[None]:
    """Fail the test if a server was called as the Bot API does not allow, whoever made it."""
    MADE.clear()
    yield
    for api in MADE:
        _checked.update(call for call, outcome in api.counts.elements())
    wrong = [told for api in MADE for told in api.unmet()]
    MADE.clear()
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process that runs a share of the tests says what it checked."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["checked"] = dict(_checked)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What such a process checked counts in the whole run; one that died says nothing."""
    _checked.update(getattr(node, "workeroutput", {}).get("checked", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many calls were checked in the whole run."""
    if _checked:
        methods = len(_checked)
        terminalreporter.write_line(
            f"{_checked.total()} calls of {methods} Bot API methods were checked"
        )


@pytest.fixture
def bot_api(valid_calls: None) -> Iterator[BotApi]:
    """A Bot API server with a bot and nobody else; no violations may be left at the end."""
    with BotApi() as api:
        yield api
