"""A bare HTTP client of a Bot API server, for tests that want no bot library."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from tests.botapi.entities import Json
from tests.botapi.server import BotApi

_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Unused, as all is plain HTTP; saves loading certificates for each client."""

Answer = tuple[int, Json]


class Client:
    """Calls methods; see :meth:`result` and :meth:`refused` for the usual cases."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.http = httpx.Client(timeout=10, verify=_TLS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def __call__(self, method: str, files: Any = None, /, **params: Any) -> Answer:
        """POST a form, as python-telegram-bot does."""
        data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        return self._answer(self.http.post(self.url(method), data=data, files=files))

    def json(self, method: str, **params: Any) -> Answer:
        """POST a JSON object."""
        return self._answer(self.http.post(self.url(method), json=params))

    def get(self, method: str, **params: Any) -> Answer:
        """GET with a query."""
        return self._answer(self.http.get(self.url(method), params=params))

    def start(self, method: str, **params: Any) -> socket.socket:
        """Send a call and read no answer; closing the socket is hanging up."""
        query = urlencode(params)
        path = f"/bot{self.api.token}/{method}?{query}"
        host, port = self.api.url.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return connection

    def url(self, method: str) -> str:
        """The address of a method."""
        return f"{self.api.url}/bot{self.api.token}/{method}"

    @staticmethod
    def _answer(response: httpx.Response) -> Answer:
        body = response.json()
        assert body["ok"] is (response.status_code == 200)
        assert body.get("error_code", 200) == response.status_code
        return response.status_code, body

    def result(self, method: str, files: Any = None, /, **params: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = self(method, files, **params)
        assert status == 200, body
        return body["result"]

    def refused(self, method: str, files: Any = None, /, **params: Any) -> str:
        """The description, after "Bad Request: ", of a call that must be refused with 400."""
        status, body = self(method, files, **params)
        assert status == 400, body
        return str(body["description"]).removeprefix("Bad Request: ")
