"""Word lists written as running text."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of ``text`` as a set."""
    return frozenset(text.split())


def endings(text: str) -> tuple[str, ...]:
    """The words of ``text`` for ``str.endswith``."""
    return tuple(text.split())
