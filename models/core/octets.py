"""Bytes of a buffer, eight at a time. A buffer goes on for PADDING zeros after what it holds."""

import numpy as np
import numpy.typing as npt

from models.core.compiling import U8, U64, compiled

Octets = npt.NDArray[np.uint8]
_Ints = npt.NDArray[np.int64]

_ONE, _LINE_BREAK = U64(1), U8(ord("\n"))

PADDING = 16
"""Zeros at the end of a buffer: no loop goes past a zero, so none need look for the end of its text."""


def padded(*parts: bytes) -> Octets:
    """Join parts into a buffer, and pad it."""
    return np.frombuffer(bytearray(b"".join((*parts, bytes(PADDING)))), np.uint8)


def texts_in(buffer: Octets, starts: _Ints, lengths: _Ints) -> list[str]:
    """Return the texts at these places, which are UTF-8 without line breaks; their lengths are 0 or above.

    They are joined, decoded and parted at once: a fifth of what it takes to read each by itself.
    """
    return str(lines_of(buffer, starts, lengths).data, "utf-8").split("\n")[:-1]


def lines_of(buffer: Octets, starts: _Ints, lengths: _Ints) -> Octets:
    """Return the texts at these places, each with a line break behind it; their lengths are 0 or above."""
    joined = np.empty(int(lengths.sum()) + len(lengths), np.uint8)
    _join(buffer, starts, lengths, joined)
    return joined


@compiled
def _join(buffer: Octets, starts: _Ints, lengths: _Ints, joined: Octets) -> None:
    end = U64(0)
    for index in range(len(starts)):
        start = U64(starts[index])
        for at in range(U64(lengths[index])):
            joined[end] = buffer[start + U64(at)]
            end += _ONE
        joined[end] = _LINE_BREAK
        end += _ONE


@compiled
def load64(buffer: Octets, at: int) -> np.uint64:
    """Read eight bytes, the lowest first: one instruction when compiled.

    The index is unsigned: of a signed one numba asks each time whether it counts from the end, which makes it
    six times as slow.
    """
    i = U64(at)
    return (
        U64(buffer[i])
        | U64(buffer[i + U64(1)]) << U64(8)
        | U64(buffer[i + U64(2)]) << U64(16)
        | U64(buffer[i + U64(3)]) << U64(24)
        | U64(buffer[i + U64(4)]) << U64(32)
        | U64(buffer[i + U64(5)]) << U64(40)
        | U64(buffer[i + U64(6)]) << U64(48)
        | U64(buffer[i + U64(7)]) << U64(56)
    )
