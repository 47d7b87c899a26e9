"""Getting bytes from the web: within limits, and never from the inside of a network.

:class:`Fetcher` follows redirects itself: each address, the first and those they lead to, is
checked as the connection is made (digests.sources.connections); TLS verifies the name. Environment
proxies are not used (they would resolve names themselves), cookies not kept.
"""

from __future__ import annotations

import base64
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from digests.errors import SourceError
from digests.sources.addresses import IPNetwork, Resolve, system_resolve
from digests.sources.compression import ACCEPTED, decoded
from digests.sources.connections import Connections, allowance, deadline

_ACCEPT = (
    b"application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    b"application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "
    b"application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
_LARGE = 2**20
_MOST_HEADERS = 200
_MOST_BEFORE_BODY = 2**18  # with interim answers (1xx), and what is read of the body along with it
_LEAST_CHUNK = 256  # what a chunk counts for at least: millions of crumbs cost time, not memory
_LONGEST_VALIDATOR = 1024
_LONGEST_REASON = 120  # it may quote what the other side sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What all answers hold.

    ``final_url`` is where the last answer came from, without user and password.
    ``permanent_url`` is where the first redirects led as long as they were permanent
    (301, 308), None if there was none: ask there from now on. It holds the
    credentials of the URL asked for, if host and scheme stay the same; ``headers`` have
    names in lower case, values of the same name joined by commas.
    """

    final_url: str
    headers: Mapping[str, str]
    permanent_url: str | None = field(default=None, repr=False)

    @property
    def etag(self) -> str | None:
        """The ``ETag`` to send next time."""
        return _validator(self.headers.get("etag"))

    @property
    def last_modified(self) -> str | None:
        """The ``Last-Modified`` to send next time."""
        return _validator(self.headers.get("last-modified"))

    @property
    def fresh_for(self) -> timedelta | None:
        """How long the answer stays fresh from now on, by its caching headers; None if unsaid."""
        return _fresh_for(self.headers)


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
    status: int = 503

    @property
    def reason(self) -> str:
        """What the server said, for logs and people."""
        return f"HTTP {self.status}"


Fetched = Fresh | NotModified | Gone | Retry


def redact(url: str) -> str:
    """A URL for logs and errors: without user, password and fragment."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
    except ValueError:
        return re.sub(r"//[^/]*@", "//", url)


# --- the fetcher ------------------------------------------------------------


_Header = tuple[bytes, bytes]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _go_on() -> None:
    pass


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
        self._connections = Connections(
            resolve=resolve,
            allow_networks=allow_networks,
            idle_seconds=idle_seconds,
            clock=clock,
            ssl_context=ssl_context,
        )
        self._headers = [
            (b"User-Agent", user_agent.encode("latin-1", "replace")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", ACCEPTED.encode()),
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        before_large: Callable[[], None] = _go_on,
    ) -> Fetched:
        """Get a URL; ``etag`` and ``modified`` are what an earlier answer gave.

        ``before_large`` is called once when a body passes 1 MiB: it may wait until
        there is room for more (that time is not counted), or raise SourceError.

        Raises SourceError: ``refused_scheme`` (not http or https, or no URL at all),
        ``refused_address``, ``too_many_redirects``, ``too_large``, ``timeout``,
        ``unreachable``, ``http_status`` (``status``), ``empty`` (no body), ``undecodable``
        (a compression that was not asked for, or is broken). The parameters of
        all hold the URL without user and password.
        """
        conditions = []
        if etag:
            conditions.append((b"If-None-Match", etag.encode("latin-1", "replace")))
        if modified:
            conditions.append((b"If-Modified-Since", modified.encode("latin-1", "replace")))
        token = deadline.set(self._clock() + self._total_seconds)
        try:
            return self._follow(url, conditions, before_large)
        finally:
            deadline.reset(token)

    def _follow(
        self, url: str, conditions: list[_Header], before_large: Callable[[], None]
    ) -> Fetched:
        permanent: str | None = None
        only_permanent = True
        for _ in range(self._max_redirects + 1):
            answer = self._ask(url, conditions, permanent, before_large)
            if not isinstance(answer, _Redirect):
                return answer
            only_permanent = only_permanent and answer.permanent
            url = _with_credentials(answer.target, url)
            if only_permanent:
                permanent = url
        raise SourceError("too_many_redirects", url=redact(url))

    def _ask(
        self,
        url: str,
        conditions: list[_Header],
        permanent: str | None,
        before_large: Callable[[], None],
    ) -> Fetched | _Redirect:
        bare, authorization = _split_credentials(url)
        shown = redact(url)
        target, host = _target(bare, shown)
        headers = [(b"Host", host), *self._headers, *authorization, *conditions]
        try:
            allowance.set(_MOST_BEFORE_BODY)
            with self._connections.get(target, headers) as response:
                allowance.set(float("inf"))
                return self._read(response, bare, bool(conditions), permanent, before_large)
        except SourceError as error:
            raise SourceError(error.code, **{**error.params, "url": shown}) from error
        except httpcore.TimeoutException as error:
            raise SourceError("timeout", url=shown) from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            OSError,
        ) as error:
            reason = redact(str(error))[:_LONGEST_REASON] or type(error).__name__
            raise SourceError("unreachable", url=shown, reason=reason) from error

    def _read(
        self,
        response: httpcore.Response,
        url: str,
        conditional: bool,
        permanent: str | None,
        before_large: Callable[[], None],
    ) -> Fetched | _Redirect:
        status = response.status
        headers = _headers(response)
        if status in _REDIRECTS and (location := headers.get("location", "").strip()):
            return _Redirect(_join(url, location), status in {301, 308})
        if status == 304 and conditional:
            response.read()  # it has no body; a response read to its end leaves the connection open
            return NotModified(url, headers, permanent)
        if status == 410:
            return Gone(url, headers, permanent)
        if status in {429, 503}:
            after = _retry_after(headers, self._now)
            return Retry(url, headers, permanent, after=after, status=status)
        if not 200 <= status < 300:
            raise SourceError("http_status", status=status)
        body = self._body(response, headers, before_large)
        if not body:
            raise SourceError("empty")
        return Fresh(url, headers, permanent, body=body)

    def _body(
        self,
        response: httpcore.Response,
        headers: Mapping[str, str],
        before_large: Callable[[], None],
    ) -> bytes:
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise SourceError("too_large", limit=self._max_bytes)
        body = bytearray()
        large = False
        for piece in decoded(self._chunks(response), headers.get("content-encoding", "")):
            body += piece
            if len(body) > self._max_bytes:
                raise SourceError("too_large", limit=self._max_bytes)
            if self._clock() > deadline.get():
                raise SourceError("timeout")
            if len(body) > _LARGE and not large:
                large = True
                self._wait_for_room(before_large)
        return bytes(body)

    def _chunks(self, response: httpcore.Response) -> Iterator[bytes]:
        """What comes over the wire: it has the same limit, lest much of it inflates to nothing."""
        size = 0
        for chunk in response.iter_stream():
            size += max(len(chunk), _LEAST_CHUNK)
            if size > self._max_bytes:
                raise SourceError("too_large", limit=self._max_bytes)
            yield chunk

    def _wait_for_room(self, before_large: Callable[[], None]) -> None:
        since = self._clock()
        before_large()
        deadline.set(deadline.get() + self._clock() - since)


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


def _split_credentials(url: str) -> tuple[str, list[_Header]]:
    """Part a URL from its user and password, which must never reach a log, as a header."""
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
        return bare, []
    secret = base64.b64encode(f"{unquote(user or '')}:{unquote(password or '')}".encode())
    return bare, [(b"Authorization", b"Basic " + secret)]


def _target(bare: str, shown: str) -> tuple[httpcore.URL, bytes]:
    """A URL as it goes over the wire (host in Punycode, the rest percent-encoded), and ``Host``."""
    try:
        url = httpx.URL(bare)
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise SourceError("refused_scheme", url=shown) from error
    return target, url.netloc


def _headers(response: httpcore.Response) -> dict[str, str]:
    if len(response.headers) > _MOST_HEADERS:  # their size is limited by h11, to 100 KiB
        raise SourceError("unreachable", reason="too many headers")
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


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


# --- caching (RFC 9111) -----------------------------------------------------


def _validator(value: str | None) -> str | None:
    """What may be sent back: a validator longer than any honest one is not kept."""
    return value if value and len(value) <= _LONGEST_VALIDATOR else None


_DIRECTIVE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s,]*)))?")


def _fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    control = {
        match[1].lower(): match[2] or match[3] or ""
        for match in _DIRECTIVE.finditer(headers.get("cache-control", ""))
    }
    if control.keys() & {"no-store", "no-cache"}:
        return timedelta()
    age = _seconds(headers.get("age", "")) or 0
    if (seconds := _seconds(control.get("max-age", ""))) is not None:
        return timedelta(seconds=max(seconds - age, 0))
    expires, date = (_http_date(headers.get(name, "")) for name in ("expires", "date"))
    if expires is None or date is None:
        return timedelta() if "expires" in headers and expires is None else None
    return max(expires - date - timedelta(seconds=age), timedelta())


def _seconds(value: str) -> int | None:
    """A number of seconds (RFC 9111, 1.2.2), at most a year."""
    value = value.strip()
    if not (value.isascii() and value.isdecimal()):
        return None
    return min(int(value[:12]), 365 * 86_400)
