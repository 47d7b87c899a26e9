"""The shipped catalogue, built once: building takes a tenth of a second."""

import pytest

from digests import curated
from digests.actors import Catalogue


@pytest.fixture(scope="session")
def shipped():
    return curated.load()


@pytest.fixture
def catalogue(shipped):
    return Catalogue(shipped)
