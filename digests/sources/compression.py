"""Undoing the content encoding of a body: gzip, deflate, brotli.

Bodies are inflated in small steps, so that who counts the bytes notices a bomb before it goes off.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import brotli

from digests.errors import SourceError

ACCEPTED = "gzip, deflate, br"
_CHUNK = 2**16


def decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The chunks of a body without its ``Content-Encoding``, in pieces of about 64 KiB at most.

    A compressed chunk that inflates to nothing gives an empty piece: time goes by all the same.
    Raises SourceError: ``undecodable`` for a compression that was not asked for or is broken,
    ``unreachable`` for a body that was cut short.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
    elif name in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(chunks)
    elif name == "br":
        yield from _unbrotlied(chunks)
    else:
        raise SourceError("undecodable", encoding=name[:40])


def _unbrotlied(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    for chunk in chunks:
        waiting = chunk
        while True:
            try:
                yield decompressor.process(waiting, output_buffer_limit=_CHUNK)
            except brotli.error as error:
                raise SourceError("undecodable", encoding="br") from error
            if decompressor.can_accept_more_data():
                break
            waiting = b""
    if not decompressor.is_finished():
        raise SourceError("unreachable", reason="body cut short")


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
