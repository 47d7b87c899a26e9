from datetime import UTC, datetime

import pytest

from digests.store import open_store

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def store(tmp_path):
    made = open_store(f"sqlite:///{tmp_path / 'depesche.db'}")
    made.migrate()
    yield made
    made.close()
