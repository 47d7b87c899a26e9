from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.sources.feedserver import FeedServer

CERTIFICATE = Path(__file__).with_name("feed_example.pem")  # of feed.example, for tests alone


@pytest.fixture
def server():
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture
def tls_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = FeedServer(context)
    yield server
    server.close()


@pytest.fixture
def trusting():
    """A client context that trusts the test certificate and nothing else."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))
