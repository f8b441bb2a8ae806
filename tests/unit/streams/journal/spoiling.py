"""Header names that are no UTF-8, for tests: spoil a batch, and give it the checksum that it then has."""

from aiokafka.record.util import calc_crc32c

_CRC = slice(17, 21)
ODD = "\\xff"
"""How the spoilt name is to be spelled."""


def sealed(data: bytes | bytearray) -> bytes:
    """Write the checksum that the content has."""
    data = bytearray(data)
    data[_CRC] = calc_crc32c(bytes(data[21:])).to_bytes(4, "big")
    return bytes(data)


def spoilt(data: bytes) -> bytes:
    """Spoil the names of a batch's headers, which are `h`."""
    return sealed(data.replace(b"\x02h", b"\x02\xff"))
