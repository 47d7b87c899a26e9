"""The connections of a fetcher: to addresses that were checked, within a deadline, kept a while.

A name is resolved here, each address is checked, and the connection is made to the address that
was checked. What is sent over it, and what comes, is httpcore's to say.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import httpcore
import httpx

from digests.errors import SourceError
from digests.sources.addresses import BLOCKED_PORTS, IPNetwork, Resolve, is_allowed

_KEPT_OPEN: Final = 16
_KEPT_FOR: Final = 15.0
"""Seconds: a host's next feed or page is asked for within them, and servers wait no shorter."""

deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))
"""When, by the clock that the connections were given, what is under way is broken off."""
allowance: ContextVar[float] = ContextVar("allowance", default=float("inf"))
"""Bytes that may yet be read."""


class Connections:
    """Connections to many hosts; may be shared by threads.

    ``allow_networks`` are networks that may be connected to although they are not public,
    ``idle_seconds`` is how long each wait for the other side may take. ``clock`` counts seconds.
    """

    def __init__(
        self,
        *,
        resolve: Resolve,
        allow_networks: tuple[IPNetwork, ...],
        idle_seconds: float,
        clock: Callable[[], float],
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._backend = _CheckedBackend(resolve, allow_networks, clock)
        self._ssl_context = ssl_context or httpx.create_ssl_context(trust_env=False)
        waits = dict.fromkeys(("connect", "read", "write"), idle_seconds)
        self._extensions = {"timeout": waits}
        self._kept: deque[httpcore.HTTPConnection] = deque()
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def get(
        self, url: httpcore.URL, headers: list[tuple[bytes, bytes]]
    ) -> Iterator[httpcore.Response]:
        """Send a GET request and give the response; after it, the connection is kept if it can be.

        Raises SourceError ``refused_address``, and httpcore's errors.
        """
        request = httpcore.Request("GET", url, headers=headers, extensions=self._extensions)
        connection, response = self._asked(request)
        try:
            yield response
        finally:
            response.close()
            self._keep(connection)

    def close(self) -> None:
        """Close those that are kept open; what is still under way is kept no more."""
        with self._lock:
            kept, self._kept, self._closed = self._kept, deque(), True
        for connection in kept:
            connection.close()

    def _asked(
        self, request: httpcore.Request
    ) -> tuple[httpcore.HTTPConnection, httpcore.Response]:
        origin = request.url.origin
        kept = self._take(origin)
        if kept is not None:
            try:
                return kept, kept.handle_request(request)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                pass  # it was closed just then: RFC 9112, 9.3.1, has it asked anew
        made = httpcore.HTTPConnection(
            origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=_KEPT_FOR,
            network_backend=self._backend,
        )
        return made, made.handle_request(request)

    def _take(self, origin: httpcore.Origin) -> httpcore.HTTPConnection | None:
        with self._lock:
            found = next((one for one in self._kept if one.can_handle_request(origin)), None)
            if found is None:
                return None
            self._kept.remove(found)
        if found.has_expired():
            found.close()
            return None
        return found

    def _keep(self, connection: httpcore.HTTPConnection) -> None:
        if not connection.is_idle():  # the response was not read to its end: it is closed
            return
        with self._lock:
            self._kept.append(connection)
            many = self._closed or len(self._kept) > _KEPT_OPEN
            surplus = self._kept.popleft() if many else None
        if surplus is not None:
            surplus.close()


class _CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name, checks each address, and connects to one that passed."""

    def __init__(
        self, resolve: Resolve, allow_networks: tuple[IPNetwork, ...], clock: Callable[[], float]
    ) -> None:
        self._resolve = resolve
        self._allow_networks = allow_networks
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - any: httpcore gives what it was given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - none
    ) -> httpcore.NetworkStream:
        if port in BLOCKED_PORTS:
            raise SourceError("refused_address", host=f"{host}:{port}")
        try:
            addresses = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("name not found") from error
        allowed = [address for address in addresses if is_allowed(address, self._allow_networks)]
        if not allowed:
            raise SourceError("refused_address", host=host)
        failure: Exception = httpcore.ConnectError("no address")
        for address in allowed:
            try:
                return _connected(address, port, timeout, self._clock)
            except TimeoutError as error:
                failure = httpcore.ConnectTimeout(str(error))
            except OSError as error:
                failure = httpcore.ConnectError(str(error))
        raise failure


def _connected(
    address: str, port: int, timeout: float | None, clock: Callable[[], float]
) -> _Stream:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    stream = _Stream(socket.socket(family, socket.SOCK_STREAM), clock)
    try:
        stream.connect(address, port, timeout)
    except BaseException:
        stream.close()
        raise
    return stream


class _Stream(httpcore.NetworkStream):
    """A socket on which nothing outlasts the deadline, nor comes beyond the allowance."""

    def __init__(self, connection: socket.socket, clock: Callable[[], float]) -> None:
        self._socket = connection
        self._clock = clock
        self._timeout: float | None = None

    def connect(self, address: str, port: int, timeout: float | None) -> None:
        self._wait_at_most(timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.connect((address, port))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._wait_at_most(timeout)
            data = self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        left = allowance.get() - len(data)
        if left < 0:
            raise httpcore.ReadError("headers without end")
        allowance.set(left)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                self._wait_at_most(timeout)
                buffer = buffer[self._socket.send(buffer) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._wait_at_most(timeout)
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error
        return _Stream(wrapped, self._clock)

    def get_extra_info(self, info: str) -> object:
        if info == "is_readable":  # while nothing is asked for: it was closed
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(0))
        return None

    def _wait_at_most(self, timeout: float | None) -> None:
        """Let the next call take so many seconds. Raises TimeoutError past the deadline."""
        left = deadline.get() - self._clock()
        if left <= 0:
            raise TimeoutError("deadline")
        wait = left if timeout is None else min(left, timeout)
        if wait != self._timeout:  # each time lets other threads run, and is waited for
            self._socket.settimeout(wait if wait != float("inf") else None)
            self._timeout = wait
