"""The bytes of an answer: unpacked once, inside fixed bounds."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from monitor.text import one_line

MAX_BYTES = 10_000_000
"""Of an answer, packed or unpacked, and of a file."""
_MOST_RATIO = 200
_RATIO_COUNTS_FROM = 1_000_000
_CHUNK = 65_536
_MANY_CHUNKS = 10_000
_CRUMB = 32
_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})


async def read_body(chunks: AsyncIterator[bytes], encoding: str) -> bytes:
    """Return the whole body, unpacked once where ``encoding`` (Content-Encoding) says gzip.

    Raises ValueError as soon as it is over 10 MB, swells to 200 times its size, is packed otherwise than asked for, is
    cut off, goes on after its packed end, or comes in crumbs that take longer to count than to read.
    """
    encoding = encoding.strip().lower()
    if encoding not in _PLAIN | _GZIP:
        raise ValueError(f"the answer is packed as {one_line(encoding, 30)!r}, which was not asked for")
    unpack = _Gzip() if encoding in _GZIP else None
    body, count, taken = bytearray(), 0, 0
    async for chunk in chunks:
        count, taken = count + 1, taken + len(chunk)
        if count > _MANY_CHUNKS and taken < count * _CRUMB:
            raise ValueError(f"the answer comes in more than {_MANY_CHUNKS} chunks of a few bytes")
        for start in range(0, len(chunk), _CHUNK):
            piece = chunk[start : start + _CHUNK]
            body += unpack(piece, MAX_BYTES + 1 - len(body)) if unpack else piece
            if len(body) > MAX_BYTES:
                raise ValueError(f"the answer is larger than {MAX_BYTES // 1_000_000} MB")
    if unpack and not unpack.is_whole:
        raise ValueError("the answer was cut off")
    return bytes(body)


class _Gzip:
    """Unpacks one layer of one gzip stream."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self._taken = 0
        self._given = 0

    @property
    def is_whole(self) -> bool:
        return self._stream.eof

    def __call__(self, packed: bytes, most: int) -> bytes:
        """Return at most ``most`` unpacked bytes. Raises ValueError for what is no gzip, or a bomb."""
        try:
            plain = self._stream.decompress(packed, most)
        except zlib.error as error:
            raise ValueError("the answer is damaged: it is not the gzip that it says it is") from error
        if self._stream.unused_data:
            raise ValueError("the answer goes on after its packed end")
        self._taken += len(packed)
        self._given += len(plain)
        if self._given > _RATIO_COUNTS_FROM and self._given > _MOST_RATIO * self._taken:
            raise ValueError(f"the answer swells to more than {_MOST_RATIO} times its packed size")
        return plain
