"""Getting bytes from the web: politely, within limits, and never from the inside of a network.

:class:`Fetcher` wraps one httpx client. Names are resolved here, each address is checked,
and the connection is made to the address that was checked, so that neither
redirects nor a name that changes its mind lead to a private address; TLS still
verifies the name. Environment proxies are not used: they would resolve names themselves.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from digests.errors import SourceError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]
"""A host and a port to addresses as text; raises OSError."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "
    "application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class Answer:
    """What all answers hold.

    ``final_url`` is where the last answer came from, without user and password.
    ``permanent_url`` is where the first redirects led as long as they were permanent
    (301, 308), None if there was none: ask there from now on. It holds the
    credentials of the URL asked for, if host and scheme stay the same; ``headers`` have
    names in lower case.
    """

    final_url: str
    headers: Mapping[str, str]
    permanent_url: str | None = field(default=None, repr=False)

    @property
    def etag(self) -> str | None:
        """The ``ETag`` to send next time."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The ``Last-Modified`` to send next time."""
        return self.headers.get("last-modified")


@dataclass(frozen=True, slots=True)
class Fresh(Answer):
    """A body, decompressed."""

    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class NotModified(Answer):
    """Nothing new (304). Validators that the answer does not repeat stay valid."""


@dataclass(frozen=True, slots=True)
class Gone(Answer):
    """The server says that this is gone for good (410)."""


@dataclass(frozen=True, slots=True)
class Retry(Answer):
    """The server asks for patience (429, 503); ``after`` in seconds, None if it does not say."""

    after: float | None = None
    reason: str = ""


Fetched = Fresh | NotModified | Gone | Retry


def redact(url: str) -> str:
    """A URL for logs and errors: without user, password and fragment."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
    except ValueError:
        return re.sub(r"//[^/]*@", "//", url)


# --- addresses --------------------------------------------------------------

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
_RELAY_ANYCAST = ipaddress.ip_network("192.88.99.0/24")


def is_allowed(address: str, allow_networks: tuple[IPNetwork, ...] = ()) -> bool:
    """Whether an address may be connected to: public, or within a network that is allowed.

    Private, loopback, link-local, multicast, reserved and unspecified addresses are not
    public (registries of RFC 6890), nor is an IPv6 address that wraps such an
    IPv4 one (IPv4-mapped and -compatible, 6to4, Teredo, NAT64).
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in allow_networks if ip.version == network.version):
        return True
    inner = _wrapped(ip)
    if inner is not None:
        return all(is_allowed(str(wrapped), allow_networks) for wrapped in inner)
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not (isinstance(ip, ipaddress.IPv4Address) and ip in _RELAY_ANYCAST)
        and not (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local)
    )


def _wrapped(ip: IPAddress) -> tuple[ipaddress.IPv4Address, ...] | None:
    """The IPv4 addresses that an IPv6 address embeds; None if it embeds none."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip.teredo is not None:
        return ip.teredo
    if any(ip in network for network in _NAT64) or (ip in _IPV4_COMPATIBLE and int(ip) > 1):
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return None


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a name as the system knows them, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


# --- connections ------------------------------------------------------------

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


class _TimedStream(httpcore.NetworkStream):
    """A stream on which no read or write outlasts the deadline of the request."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._clock, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._clock, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._clock, timeout))
        return _TimedStream(stream, self._clock)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(clock: Callable[[], float], timeout: float | None) -> float:
    left = _deadline.get() - clock()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline")
    return left if timeout is None else min(left, timeout)


class _CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name, checks each address, and connects to one that passed."""

    def __init__(
        self, resolve: Resolve, allow_networks: tuple[IPNetwork, ...], clock: Callable[[], float]
    ) -> None:
        self._resolve = resolve
        self._allow_networks = allow_networks
        self._clock = clock
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
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
                stream = self._backend.connect_tcp(
                    address, port, _left(self._clock, timeout), local_address, socket_options
                )
                return _TimedStream(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Body(httpx.SyncByteStream):
    """The body of an httpcore response as httpx wants it."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _CheckedTransport(httpx.BaseTransport):
    """An httpx transport over a connection pool with the checking backend."""

    def __init__(self, backend: _CheckedBackend, context: ssl.SSLContext, connections: int) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


# --- the fetcher ------------------------------------------------------------


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """Gets URLs with conditional requests; a context manager. May be shared by threads.

    ``user_agent`` should name a contact. ``allow_networks`` are networks that may be
    connected to although they are not public. ``max_bytes`` counts what a body is after
    decompression, ``total_seconds`` all of a request with its redirects
    (the look-up of a name may outlast it, as the system decides how long that takes),
    ``idle_seconds`` each wait for the other side. ``clock`` counts seconds, ``now`` tells
    the time where a server's ``Retry-After`` is a date and it sends no ``Date``.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_networks: tuple[IPNetwork, ...] = (),
        max_bytes: int = 16 * 2**20,
        max_redirects: int = 5,
        total_seconds: float = 30.0,
        idle_seconds: float = 10.0,
        connections: int = 32,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
        resolve: Resolve = system_resolve,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._total_seconds = total_seconds
        self._clock = clock
        self._now = now
        context = ssl_context or httpx.create_ssl_context(trust_env=False)
        backend = _CheckedBackend(resolve, allow_networks, clock)
        self._client = httpx.Client(
            transport=_CheckedTransport(backend, context, connections),
            trust_env=False,
            follow_redirects=False,
            timeout=idle_seconds,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Get a URL; ``etag`` and ``modified`` are what an earlier answer gave.

        Raises SourceError: ``refused_scheme`` (not http or https, or no URL at all),
        ``refused_address``, ``too_many_redirects``, ``too_large``, ``timeout``,
        ``unreachable``, ``http_status`` (``status``), ``empty`` (no body), ``undecodable``
        (a compression that was not asked for, or is broken). The parameters of
        all hold the URL without user and password.
        """
        conditions = {}
        if etag:
            conditions["If-None-Match"] = etag
        if modified:
            conditions["If-Modified-Since"] = modified
        token = _deadline.set(self._clock() + self._total_seconds)
        try:
            return self._follow(url, conditions)
        finally:
            _deadline.reset(token)

    def _follow(self, url: str, conditions: dict[str, str]) -> Fetched:
        permanent: str | None = None
        only_permanent = True
        for _ in range(self._max_redirects + 1):
            answer = self._ask(url, conditions, permanent)
            if not isinstance(answer, _Redirect):
                return answer
            only_permanent = only_permanent and answer.permanent
            url = _with_credentials(answer.target, url)
            if only_permanent:
                permanent = url
        raise SourceError("too_many_redirects", url=redact(url))

    def _ask(
        self, url: str, conditions: dict[str, str], permanent: str | None
    ) -> Fetched | _Redirect:
        bare, auth = _split_credentials(url)
        shown = redact(url)
        try:
            request = self._client.build_request("GET", bare, headers=conditions)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise SourceError("refused_scheme", url=shown) from error
        try:
            response = self._client.send(request, auth=auth, stream=True)
            try:
                return self._read(response, bare, bool(conditions), permanent)
            finally:
                response.close()
        except httpx.InvalidURL as error:  # httpx looks at where a redirect leads, too
            raise SourceError("refused_scheme", url=shown) from error
        except SourceError as error:
            raise SourceError(error.code, **{**error.params, "url": shown}) from error
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise SourceError("timeout", url=shown) from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            httpx.HTTPError,
            OSError,
        ) as error:
            reason = redact(str(error)) or type(error).__name__
            raise SourceError("unreachable", url=shown, reason=reason) from error

    def _read(
        self, response: httpx.Response, url: str, conditional: bool, permanent: str | None
    ) -> Fetched | _Redirect:
        status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        if status in _REDIRECTS and (location := headers.get("location", "").strip()):
            return _Redirect(_join(url, location), status in {301, 308})
        if status == 304 and conditional:
            return NotModified(url, headers, permanent)
        if status == 410:
            return Gone(url, headers, permanent)
        if status in {429, 503}:
            after = _retry_after(headers, self._now)
            return Retry(url, headers, permanent, after=after, reason=f"HTTP {status}")
        if not 200 <= status < 300:
            raise SourceError("http_status", status=status)
        body = self._body(response, headers)
        if not body:
            raise SourceError("empty")
        return Fresh(url, headers, permanent, body=body)

    def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise SourceError("too_large", limit=self._max_bytes)
        body = bytearray()
        for chunk in _decoded(response.iter_raw(), headers.get("content-encoding", "")):
            body += chunk
            if len(body) > self._max_bytes:
                raise SourceError("too_large", limit=self._max_bytes)
            if self._clock() > _deadline.get():
                raise SourceError("timeout")
        return bytes(body)


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    permanent: bool


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _join(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise SourceError("refused_scheme") from error


_NO_HOST = re.compile(r"[\s%\x00-\x20]")


def _split_credentials(url: str) -> tuple[str, httpx.BasicAuth | None]:
    """Part a URL from its user and password, which must never reach a log."""
    try:
        parts = urlsplit(url.strip())
        host, user, password = parts.hostname, parts.username, parts.password
        _ = parts.port  # raises for a port that cannot be
    except ValueError as error:
        raise SourceError("refused_scheme", url=redact(url)) from error
    if parts.scheme.lower() not in {"http", "https"} or not host or _NO_HOST.search(host):
        raise SourceError("refused_scheme", url=redact(url))
    netloc = parts.netloc.rpartition("@")[2]
    bare = urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
    if user is None and password is None:
        return bare, None
    return bare, httpx.BasicAuth(unquote(user or ""), unquote(password or ""))


def _with_credentials(target: str, before: str) -> str:
    """Keep user and password over a redirect that stays with host, port and scheme."""
    try:
        new, old = urlsplit(target), urlsplit(before)
    except ValueError:
        return target
    credentials, _, place = old.netloc.rpartition("@")
    if credentials and (new.scheme, new.netloc) == (old.scheme, place):
        return urlunsplit(new._replace(netloc=old.netloc))
    return target


_LONGEST_RETRY = 7 * 86_400.0


def _retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Seconds that ``Retry-After`` asks for, at most a week; None if it says nothing usable."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value[:12]), _LONGEST_RETRY)
    until = _http_date(value)
    if until is None:
        return None
    seconds = (until - (_http_date(headers.get("date", "")) or now())).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- decompression ----------------------------------------------------------


def _decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Undo the content encoding in small steps, so that a bomb is noticed before it goes off."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
    elif name in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(chunks)
    else:
        raise SourceError("undecodable", encoding=name[:40])


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    inflater = None
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if inflater is None:
                inflater = zlib.decompressobj(_window_bits(waiting))
            try:
                piece = inflater.decompress(waiting, _CHUNK)
            except zlib.error as error:
                raise SourceError("undecodable", encoding="gzip") from error
            if piece:
                yield piece
            waiting = inflater.unconsumed_tail
            if inflater.eof:  # a gzip file may have several members
                waiting, inflater = inflater.unused_data.lstrip(b"\x00"), None
    if inflater is not None:
        yield inflater.flush()
        if not inflater.eof:
            raise SourceError("unreachable", reason="body cut short")


def _window_bits(start: bytes) -> int:
    """Gzip, zlib, or the bare deflate that some servers send under its name."""
    if start.startswith(b"\x1f"):
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if start[0] & 0x0F == 8 else -zlib.MAX_WBITS
