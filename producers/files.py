"""Files with an event per line: plain, gzip, Zstandard or standard input, read and written as streams."""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, NamedTuple, Protocol, cast

import zstandard

MAX_LINE = 1_000_000
"""Bytes; a longer line is cut to one byte more than this, which tells that it was too long."""

STANDARD_STREAM = "-"
_CHUNK = 262_144
_COMPRESSED_CHUNK = 16_384
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnreadableFile(Exception):
    """A file cannot be read to its end; the message names it and says why."""


class UnwritableFile(Exception):
    """A file cannot be written; the message names it and says why."""


class Line(NamedTuple):
    """A line that is not blank, without its line feed; `number` counts all lines from 1."""

    file: str
    number: int
    value: bytes


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def read_lines(file: str) -> Iterator[list[Line]]:
    """Read a file in lists of lines, each as soon as its bytes are available.

    Raises:
        UnreadableFile: the file does not exist, or is truncated or corrupt after the lines yielded.

    """
    number, rest, start = 0, b"", True
    for chunk in _uncompressed(file):
        *complete, rest = (rest + (chunk.removeprefix(_BYTE_ORDER_MARK) if start else chunk)).split(b"\n")
        rest, start = rest[: MAX_LINE + 1], False
        yield _numbered(file, number, complete)
        number += len(complete)
    yield _numbered(file, number, [rest])


@contextmanager
def writer(file: str) -> Iterator[Callable[[bytes], object]]:
    """Open a file for writing, compressed as its extension says; `-` is standard output.

    Raises:
        UnwritableFile: the file cannot be opened or written.

    """
    try:
        with _created(file) as raw, _compressing(file, raw) as out:
            yield out.write
    except OSError as error:
        raise UnwritableFile(f"{file}: cannot be written ({error.strerror or error}).") from None


def _numbered(file: str, before: int, values: list[bytes]) -> list[Line]:
    return [
        Line(file, number, value[: MAX_LINE + 1])
        for number, value in enumerate(values, before + 1)
        if value and not value.isspace()
    ]


def _uncompressed(file: str) -> Iterator[bytes]:
    try:
        with _opened(file) as raw:
            if file.endswith(".gz"):
                yield from _decompressed(file, raw, lambda: zlib.decompressobj(wbits=31))
            elif file.endswith(".zst"):
                yield from _decompressed(file, raw, zstandard.ZstdDecompressor().decompressobj)
            else:
                yield from iter(lambda: raw.read(_CHUNK), b"")
    except OSError as error:
        raise UnreadableFile(f"{file}: cannot be read ({error.strerror or error}).") from None


def _decompressed(file: str, raw: IO[bytes], new: Callable[[], _Decompressor]) -> Iterator[bytes]:
    """Decompress all members of an archive; neither library's own reader always notices a truncated one."""
    member = new()
    try:
        for chunk in iter(lambda: raw.read(_COMPRESSED_CHUNK), b""):
            data = chunk
            while data:
                if member.eof:
                    data, member = _next_member(data, member, new)
                    continue
                yield member.decompress(data)
                data = member.unused_data if member.eof else b""
    except (zlib.error, zstandard.ZstdError) as error:
        raise UnreadableFile(f"{file}: the archive is corrupt ({error}).") from None
    if not member.eof:
        raise UnreadableFile(f"{file}: the archive is torn: it ends before its end mark.")


def _next_member(
    data: bytes, ended: _Decompressor, new: Callable[[], _Decompressor]
) -> tuple[bytes, _Decompressor]:
    """Start the next member, unless only the zeros follow that some archivers pad with."""
    padded = data.lstrip(b"\0")
    return padded, new() if padded else ended


def _opened(file: str) -> IO[bytes]:
    """Open without a buffer: bytes from a pipe come at once, and no lock is held while waiting for more."""
    if file == STANDARD_STREAM:
        return os.fdopen(0, "rb", buffering=0, closefd=False)
    return Path(file).open("rb", buffering=0)


def _created(file: str) -> IO[bytes]:
    return os.fdopen(1, "wb", closefd=False) if file == STANDARD_STREAM else Path(file).open("wb")


def _compressing(file: str, raw: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if file.endswith(".gz"):
        return cast(IO[bytes], gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0))
    if file.endswith(".zst"):
        return cast(IO[bytes], zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
    return nullcontext(raw)
