"""Read a request's body, and inflate it, within limits that hold while it grows."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import zstandard
from aiohttp import web

from producers.collector.incoming import NotAccepted, TryLater
from producers.collector.limits import BODIES, BODY, BODY_SECONDS, INFLATED, RATIO, RATIO_FROM

# What is read at once is small: a body may be of many tiny members or frames, and what follows is copied.
_GZIP_PIECE, _PIECE = 4096, 65_536
_ZSTD_PIECE = 64
"""So many bytes become at most 2 MB: a block of 128 kB that repeats one byte takes four."""
_WINDOW = 8 * 1_048_576
"""The largest that a decoder of Zstandard must take (RFC 8878)."""


class Room:
    """How much memory bodies take now: `most` bytes together."""

    def __init__(self, most: int = BODIES) -> None:
        self.taken = 0
        self._most = most

    def take(self, size: int) -> None:
        """Take room.

        Raises:
            TryLater: there is none.

        """
        if self.taken + size > self._most:
            raise TryLater(503, "overloaded")
        self.taken += size


@asynccontextmanager
async def body_of(
    request: web.BaseRequest, room: Room, *, most: int = INFLATED, seconds: float = BODY_SECONDS
) -> AsyncIterator[bytes]:
    """Read a body and inflate it, to `most` bytes; its room is taken until the block ends.

    Raises:
        NotAccepted: it is too large, too slow, broken, or in an encoding that is not read.

    """
    held = _Held(room)
    try:
        sent = await _sent(request, held, seconds)
        yield inflated(request.headers.get("Content-Encoding", ""), sent, held, most)
    finally:
        held.leave()


class _Held:
    """What one request takes of the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._size = 0

    def take(self, size: int) -> None:
        self._room.take(size)
        self._size += size

    def leave(self) -> None:
        self._room.taken -= self._size
        self._size = 0


async def _sent(request: web.BaseRequest, held: _Held, seconds: float) -> bytes:
    if (request.content_length or 0) > BODY:
        raise NotAccepted(413, "too_large")
    pieces, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            while piece := await request.content.readany():
                size += len(piece)
                if size > BODY:
                    raise NotAccepted(413, "too_large")
                held.take(len(piece))
                pieces.append(piece)
    except TimeoutError:
        raise NotAccepted(408, "slow_body") from None
    except (web.RequestPayloadError, ConnectionError, RuntimeError):
        # aiohttp says the last where whoever sends is gone.
        raise NotAccepted(400, "broken_body") from None
    return b"".join(pieces)


def inflated(encoding: str, sent: bytes, held: "_Held | Room", most: int = INFLATED) -> bytes:
    """Return a body, of `most` bytes at most, without its encoding: none, gzip or zstd.

    Raises:
        NotAccepted: the encoding is another, the body is not in it, or what comes of it is too large.

    """
    reader = _READERS.get(encoding.strip().lower())
    if reader is None:
        raise NotAccepted(415, "unsupported_encoding", "Content-Encoding")
    pieces, size = [], 0
    try:
        for piece in reader(sent):
            size += len(piece)
            if size > most or (size > RATIO_FROM and size > RATIO * len(sent)):
                raise NotAccepted(413, "too_large")
            if piece is not sent:
                held.take(len(piece))
            pieces.append(piece)
    except (zlib.error, zstandard.ZstdError, EOFError):
        raise NotAccepted(400, "broken_body") from None
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _plain(sent: bytes) -> Iterator[bytes]:
    yield sent


def _gunzipped(sent: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(sent):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            given = sent[at : at + _GZIP_PIECE]
            piece = member.decompress(given, _PIECE)
            taken = len(given) - len(member.unconsumed_tail) - len(member.unused_data)
            if not piece and not taken and not member.eof:
                raise EOFError
            at += taken
            yield piece


def _unzstd(sent: bytes) -> Iterator[bytes]:
    decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    at = 0
    while at < len(sent):
        frame = decoder.decompressobj()
        while not frame.eof:
            given = sent[at : at + _ZSTD_PIECE]
            if not given:
                raise EOFError
            yield frame.decompress(given)
            at += len(given) - len(frame.unused_data)


_READERS = {
    "": _plain,
    "identity": _plain,
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "zstd": _unzstd,
}
