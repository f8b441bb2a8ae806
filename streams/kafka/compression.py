"""What record batches are compressed with."""

import struct
import zlib
from collections.abc import Callable

import cramjam
from aiokafka.codec import gzip_decode, lz4_decode, snappy_decode, zstd_decode

_NUMBER = 0x07
_DECODERS: dict[int, Callable[[memoryview], bytes]] = {
    0: bytes,
    1: gzip_decode,
    2: lambda data: snappy_decode(data.tobytes()),  # It compares the first bytes, to know the framing.
    3: lz4_decode,
    4: zstd_decode,
}
_ERRORS = (cramjam.DecompressionError, OSError, EOFError, ValueError, struct.error, zlib.error)
"""What decoders raise over bytes that are not theirs."""


class BatchDamaged(Exception):
    """A batch is not what its header says."""


def is_compressed(attributes: int) -> bool:
    """Return whether what has these attributes is compressed."""
    return bool(attributes & _NUMBER)


def decompress(attributes: int, data: memoryview) -> bytes:
    """Return bytes as they were before compression, which their attributes name.

    Raises:
        BatchDamaged: they cannot be decompressed.

    """
    decode = _DECODERS.get(attributes & _NUMBER)
    if decode is None:
        raise BatchDamaged("its compression is not known")
    try:
        return decode(data)
    except _ERRORS as error:
        raise BatchDamaged("it cannot be decompressed") from error
