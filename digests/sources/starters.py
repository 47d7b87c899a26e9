"""The starter list: news feeds to pick from, read from ``digests/data/feeds.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class StarterFeed:
    """A feed of the starter list.

    ``language`` is an ISO 639-1 and ``country`` an ISO 3166-1 code (``INT`` for bodies of
    several states); ``kind`` is one of :data:`KINDS`.
    """

    name: str
    url: str
    language: str
    country: str
    kind: str


KINDS = ("agency", "broadcaster", "paper", "magazine", "government", "organisation", "research")


@cache
def starter_feeds() -> tuple[StarterFeed, ...]:
    """The feeds of the list, in its order: by language, then country."""
    text = resources.files("digests.data").joinpath("feeds.toml").read_text("utf-8")
    return tuple(StarterFeed(**feed) for feed in tomllib.loads(text)["feeds"])
