"""Statements of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

_T = TypeVar("_T")
IN_CHUNK: Final = 500  # bound parameters per statement; SQLite allows 32,766, others fewer


def chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    """Values in runs that one statement can hold."""
    for start in range(0, len(values), IN_CHUNK):
        yield values[start : start + IN_CHUNK]
