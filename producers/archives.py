"""What a file holds, told by its first bytes and not by its name: text, gzip, Zstandard, or neither."""

import zlib
from collections.abc import Callable, Generator, Iterator
from itertools import chain
from typing import NamedTuple, Protocol

import zstandard

_CHUNK = 65_536
_LARGEST_WINDOW = 2**31
_LONGEST_MAGIC = 4
_UTF8_MARK = b"\xef\xbb\xbf"


class UnreadableFile(Exception):
    """A file cannot be read to its end; the message names it and says why."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Archive(NamedTuple):
    """A form that is read. `piece` is how many bytes of it become at most 64 MB."""

    name: str
    new: Callable[[], _Decompressor]
    piece: int


_GZIP = _Archive("gzip", lambda: zlib.decompressobj(wbits=31), 16_384)
_ZSTANDARD = _Archive(
    "zstd", lambda: zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj(), 2_048
)
_READ = {
    b"\x1f\x8b": _GZIP,
    b"\x28\xb5\x2f\xfd": _ZSTANDARD,
    # Frames without data, which seekable and parallel writers put in between.
    **{bytes([first]) + b"\x2a\x4d\x18": _ZSTANDARD for first in range(0x50, 0x60)},
}
_EXPORT = "export it with one JSON object a line"
_FOREIGN = {
    b"PK\x03\x04": ("a zip archive or a spreadsheet", "unpack or export it first"),
    b"PK\x05\x06": ("an empty zip archive", "unpack it first"),
    b"\xd0\xcf\x11\xe0": ("a spreadsheet in the format of Excel 97", "export it first"),
    b"%PDF": ("a PDF document", "export what is in it first"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it first"),
    b"BZh": ("a bzip2 archive", "decompress it first: bzip2 -d"),
    b"\xfd7zXZ\x00": ("an xz archive", "decompress it first: xz -d"),
    b"\x04\x22\x4d\x18": ("an lz4 archive", "decompress it first: lz4 -d"),
    b"\xff\x06\x00\x00sNaPpY": ("a snappy archive", "compress it with gzip or zstd"),
    b"PAR1": ("a Parquet file", _EXPORT),
    b"Obj\x01": ("an Avro file", _EXPORT),
    b"ORC": ("an ORC file", _EXPORT),
    b"\xff\xfe\x00\x00": ("UTF-32 text", "convert it first: iconv -f UTF-32 -t UTF-8"),
    b"\x00\x00\xfe\xff": ("UTF-32 text", "convert it first: iconv -f UTF-32 -t UTF-8"),
    b"\xff\xfe": ("UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8"),
    b"{\x00": ("UTF-16 text", "convert it first: iconv -f UTF-16LE -t UTF-8"),
    b"\x00{": ("UTF-16 text", "convert it first: iconv -f UTF-16BE -t UTF-8"),
}
_NO_DICTIONARY = "it is compressed with a dictionary, which this cannot read; compress it without one (-D)"
_SHORTER = "its window is longer than 2 GiB, the most that this reads; compress it with --long=31 at most"
_SMALLER = "its window takes more memory than there is; compress it with a smaller --long"
_REASONS = {
    "Dictionary mismatch": _NO_DICTIONARY,
    "too much memory": _SHORTER,
    "not enough memory": _SMALLER,
}
"""What libzstd says, and what it means."""
_TAR, _TAR_AT = b"ustar", 257
_STARTS = (*_READ, *_FOREIGN, _UTF8_MARK)


def uncompressed(name: str, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the text of a stream in pieces, each as soon as its bytes are there; no byte order mark.

    `read` returns at most so many bytes, and none at the end. A zstd archive takes the memory of its window,
    up to 2 GiB.

    Raises:
        UnreadableFile: it is of a form that is not read, or torn or corrupt after what was yielded.

    """
    start, pieces = _start(iter(lambda: read(_CHUNK), b""))
    if _archive(start) is None:
        yield from _text(f"{name}: is", start, pieces)
    else:
        yield from _text(f"{name}: holds", *_start(_decompressed(name, pieces)))


def _text(place: str, start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    what, remedy = _foreign(start)
    if what:
        raise UnreadableFile(f"{place} {what}, which this cannot read; {remedy}.")
    yield next(pieces, b"").removeprefix(_UTF8_MARK)
    yield from pieces


def _start(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return as many first bytes as tell what it is, and all pieces, those bytes as the first of them."""
    start = b""
    for piece in pieces:
        start += piece
        if not any(len(start) < len(magic) and magic.startswith(start) for magic in _STARTS):
            break
    return start, chain([start], pieces)


def _archive(start: bytes) -> _Archive | None:
    return next((archive for magic, archive in _READ.items() if start.startswith(magic)), None)


def _foreign(start: bytes) -> tuple[str, str]:
    """Name a form that is not read, and what to do about it; both are empty for what may be text."""
    if start[_TAR_AT:].startswith(_TAR):
        return "a tar archive", "unpack it first"
    within = _archive(start)
    if within is not None:
        return f"another archive ({within.name})", "decompress it once"
    return next((said for magic, said in _FOREIGN.items() if start.startswith(magic)), ("", ""))


def _decompressed(name: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress all members of an archive; neither library's own reader always notices a torn one."""
    rest = next(pieces)
    while rest:
        archive = _archive(rest)
        if archive is None:
            raise UnreadableFile(f"{name}: after the end of its archive comes something else.")
        rest = yield from _member(name, archive, rest, pieces)
        while len(rest) < _LONGEST_MAGIC and (piece := next(pieces, b"")):
            # Some archivers pad with zeros.
            rest = (rest.lstrip(b"\0") + piece).lstrip(b"\0")
        rest = rest.lstrip(b"\0")


def _member(
    name: str, archive: _Archive, first: bytes, pieces: Iterator[bytes]
) -> Generator[bytes, None, bytes]:
    """Decompress a member, and return the bytes read after its end."""
    member = archive.new()
    for chunk in chain([first], pieces):
        for at in range(0, len(chunk), archive.piece):
            try:
                yield member.decompress(chunk[at : at + archive.piece])
            except (zlib.error, zstandard.ZstdError) as error:
                raise UnreadableFile(f"{name}: {_why(str(error))}.") from None
            if member.eof:
                return member.unused_data + chunk[at + archive.piece :]
    raise UnreadableFile(f"{name}: the archive is torn: it ends before its end mark.")


def _why(error: str) -> str:
    reasons = (reason for said, reason in _REASONS.items() if said in error)
    return next(reasons, f"the archive is corrupt ({error})")
