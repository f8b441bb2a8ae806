"""What record batches are compressed with, and the memory that they are unpacked into."""

import struct
from collections.abc import Callable

import cramjam
import numpy as np

from models.core.octets import PADDING, Octets

_NUMBER = 0x07
_LEAST_ROOM, _KEPT_ROOM, _MOST_ROOM = 1 << 22, 1 << 25, 1 << 29
_GROWTH = 8
_SIZE = struct.Struct(">i")
# The framing of xerial's library, which Java uses: this, then blocks with their sizes.
_XERIAL = b"\x82SNAPPY\x00" + (1).to_bytes(4, "big") * 2


class BatchDamaged(Exception):
    """A batch is not what its header says."""


class Room:
    """Memory that batches are unpacked into, one behind the other, and then the next ones.

    New memory for each batch took as long as all else that is done with it, and several times as long where
    the system gives it back at once.
    """

    def __init__(self) -> None:
        self._octets: Octets = np.empty(_LEAST_ROOM, np.uint8)
        self.filled = 0

    def unpack(self, attributes: int, data: memoryview) -> int:
        """Unpack what is compressed as its attributes say; return where it ends.

        Raises:
            BatchDamaged: it cannot be decompressed, or to more than half a gigabyte.

        """
        unpack = _UNPACKERS.get(attributes & _NUMBER)
        if unpack is None:
            raise BatchDamaged("its compression is not known")
        while True:
            try:
                self.filled += unpack(data, self._octets.data[self.filled :])
            except (cramjam.DecompressionError, ValueError, struct.error) as error:
                # That there is no room is told by the text of the error alone.
                if len(self._octets) >= _MOST_ROOM:
                    raise BatchDamaged("it cannot be decompressed") from error
                self._grow()
            else:
                return self.filled

    def take(self, start: int = 0) -> Octets:
        """Return what was unpacked from a place on, padded; the next goes there."""
        size = self.filled - start
        taken = np.empty(size + PADDING, np.uint8)
        taken[:size] = self._octets[start : self.filled]
        taken[size:] = 0
        self.filled = start
        if len(self._octets) > _KEPT_ROOM and not start:
            self._octets = np.empty(_LEAST_ROOM, np.uint8)
        return taken

    def _grow(self) -> None:
        larger = np.empty(min(len(self._octets) * _GROWTH, _MOST_ROOM), np.uint8)
        larger[: self.filled] = self._octets[: self.filled]
        self._octets = larger


def is_compressed(attributes: int) -> bool:
    """Return whether what has these attributes is compressed."""
    return bool(attributes & _NUMBER)


_Unpack = Callable[[memoryview, memoryview], int]
"""Unpack the first into the second; return the size."""


def _copy(data: memoryview, room: memoryview) -> int:
    room[: len(data)] = data
    return len(data)


def _unpack_snappy(data: memoryview, room: memoryview) -> int:
    if data[: len(_XERIAL)] != _XERIAL:
        return int(cramjam.snappy.decompress_raw_into(data, room))
    at, filled = len(_XERIAL), 0
    while at < len(data):
        (size,) = _SIZE.unpack_from(data, at)
        at += _SIZE.size
        if size < 0:
            raise ValueError("a block has fewer bytes than none")
        filled += cramjam.snappy.decompress_raw_into(data[at : at + size], room[filled:])
        at += size
    return filled


_UNPACKERS: dict[int, _Unpack] = {
    0: _copy,
    1: cramjam.gzip.decompress_into,
    2: _unpack_snappy,
    3: cramjam.lz4.decompress_into,
    4: cramjam.zstd.decompress_into,
}
