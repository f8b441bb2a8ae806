"""Files with an event per line, or standard input, plain or compressed, read and written as streams."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, NamedTuple, cast

import zstandard

from producers.archives import UnreadableFile, uncompressed

MAX_LINE = 1_000_000
"""Bytes; a longer line is cut to one byte more than this, which tells that it was too long."""

STANDARD_STREAM = "-"
_PIECE = 262_144


class UnwritableFile(Exception):
    """A file cannot be written; the message names it and says why."""


class Line(NamedTuple):
    """A line that is not blank, without its line feed; `number` counts all lines from 1."""

    file: str
    number: int
    value: bytes


def read_lines(file: str) -> Iterator[list[Line]]:
    """Read a file in lists of lines, each as soon as its bytes are available.

    Raises:
        UnreadableFile: the file does not exist, is of a form that is not read, or is torn or corrupt after
            the lines yielded.

    """
    number, rest = 0, b""
    for piece in _pieces(file):
        *complete, rest = (rest + piece).split(b"\n")
        rest = rest[: MAX_LINE + 1]
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


def _pieces(file: str) -> Iterator[bytes]:
    """Yield what a file holds, uncompressed, in pieces of bounded size: few bytes may decompress to many."""
    name = "standard input" if file == STANDARD_STREAM else file
    try:
        with _opened(file) as raw:
            for part in uncompressed(name, raw.read):
                for at in range(0, len(part), _PIECE):
                    yield part[at : at + _PIECE]
    except OSError as error:
        raise UnreadableFile(f"{name}: cannot be read ({error.strerror or error}).") from None


def _opened(file: str) -> IO[bytes]:
    """Open without a buffer: bytes from a pipe come at once, and no lock is held while waiting for more."""
    if file == STANDARD_STREAM:
        return os.fdopen(0, "rb", buffering=0, closefd=False)
    return Path(file).open("rb", buffering=0)


def _created(file: str) -> IO[bytes]:
    return os.fdopen(1, "wb", closefd=False) if file == STANDARD_STREAM else Path(file).open("wb")


def _compressing(file: str, raw: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if file.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0))
    if file.lower().endswith(".zst"):
        return cast(IO[bytes], zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
    return nullcontext(raw)
