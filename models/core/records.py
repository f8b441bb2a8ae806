"""Records of one source as columns, beside the bytes that hold their values."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints, numbers
from models.core.octets import Octets, padded

NO_VALUE = -1
"""The length of a value that is null."""


class Records(NamedTuple):
    """Records of one source, as columns of one length, in the order of their offsets.

    `buffer` is padded, and holds every value: `starts` are places in it. The length of no value is NO_VALUE.
    Arrivals are in microseconds.
    """

    buffer: Octets
    starts: Ints
    lengths: Ints
    offsets: Ints
    arrivals: Ints

    def since(self, index: int) -> "Records":
        """Return the records without those before an index; their values stay where they are."""
        columns = (self.starts, self.lengths, self.offsets, self.arrivals)
        return Records(self.buffer, *(column[index:] for column in columns))

    def value(self, index: int) -> bytes | None:
        """Return the value of one record."""
        start, length = int(self.starts[index]), int(self.lengths[index])
        return None if length == NO_VALUE else self.buffer[start : start + length].tobytes()


def records_of(values: Sequence[bytes | None], offsets: Sequence[int], arrivals: Sequence[int]) -> Records:
    """Make columns of values that are at hand as bytes; arrivals in microseconds."""
    sizes = numbers([len(value or b"") for value in values])
    null = np.array([value is None for value in values], np.bool_)
    return Records(
        buffer=padded(*(value or b"" for value in values)),
        starts=np.cumsum(sizes) - sizes,
        lengths=np.where(null, NO_VALUE, sizes),
        offsets=numbers(offsets),
        arrivals=numbers(arrivals),
    )
