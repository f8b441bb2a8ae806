"""Whole numbers of any size in MessagePack, whose own have 64 bits: larger ones are written as text."""

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def pack_whole(number: int) -> int | str:
    """Return what is written for a number."""
    return number if _LEAST <= number <= _MOST else str(number)


def unpack_whole(written: int | str) -> int:
    """Return the number that was written."""
    return int(written)
