"""The records of Kafka's record batches (version 2, not compressed) as columns.

A record is a length and so many bytes: attributes, time, offset, key, value, headers. Numbers have as many
bytes as they need, seven bits in each, and alternate around zero: 0, −1, 1, −2.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints, numbers
from models.core.compiling import I64, U64, compiled, inlined
from models.core.octets import Octets, padded
from models.core.records import NO_VALUE, Records

DAMAGED = -1
"""In place of an index: a batch is not as its header and the lengths in it say."""
FARTHEST_MS = 253_402_300_799_999
"""Times are brought within so many milliseconds of 1970, the end of the year 9999: then none overflows."""
NOT_STAMPED = -FARTHEST_MS - 1

# Past every end: what is read on from here is nowhere too, so only the end of a record need be looked at.
_NOWHERE = 1 << 62
_MICROSECONDS = 1000
# No record has fewer: each of its parts has one.
_LEAST_BYTES = 7
_ONE, _SEVEN, _BITS = U64(1), U64(7), U64(64)
_MORE, _DIGIT = U64(0x80), U64(0x7F)


class Claims(NamedTuple):
    """What a batch's header says of its records."""

    records: int
    """How many there are."""
    offset: int
    """That of the first record as it was written."""
    last: int
    """How much further that of the last one is."""
    time: int
    """Milliseconds, to which the times of the records are relative; at most FARTHEST_MS from 0."""
    stamped: int
    """The time (ms) that the broker gave to all of them, or NOT_STAMPED."""
    least: int
    """Records at lower offsets are left out."""


class _Batches(NamedTuple):
    """Batches as columns: where each stands in the buffer, and its claims."""

    starts: Ints
    ends: Ints
    records: Ints
    offsets: Ints
    lasts: Ints
    times: Ints
    stamped: Ints
    leasts: Ints


def read_batches(batches: Sequence[tuple[bytes, Claims]]) -> tuple[Records, Ints, int]:
    """Read the records of batches, up to the first that is not as its header and the lengths in it say.

    Returned are the records, where each stands in their buffer as Kafka writes it, and how many batches were
    read.
    """
    parts = [data for data, _ in batches]
    sizes = numbers([len(data) for data in parts])
    ends = np.cumsum(sizes)
    claims = np.array([claims for _, claims in batches], np.int64).reshape(-1, len(Claims._fields)).T.copy()
    columns = _Batches(ends - sizes, ends, *claims)
    # What is claimed beyond that is not there, and costs no memory.
    most = int(np.minimum(columns.records, sizes // _LEAST_BYTES).sum())
    starts, lengths, offsets, arrivals, places = np.empty((5, most), np.int64)
    after = np.full(len(parts), DAMAGED, np.int64)
    buffer = padded(*parts)
    _read(Records(buffer, starts, lengths, offsets, arrivals), places, columns, after)
    whole = int(np.count_nonzero(after != DAMAGED))
    size = int(after[whole - 1]) if whole else 0
    return (
        Records(buffer, starts[:size], lengths[:size], offsets[:size], arrivals[:size]),
        places[:size],
        whole,
    )


@compiled
def _read(into: Records, places: Ints, batches: _Batches, after: Ints) -> None:
    """Read batches into columns, and note the index after the records of each; stop at one that is damaged.

    Offsets must ascend, and each length is compared with what is left: whatever the bytes say, nothing is
    read outside a batch, or written outside the columns.
    """
    index = 0
    for number in range(len(after)):
        index = _read_batch(into, places, index, batches, number)
        after[number] = index
        if index == DAMAGED:
            return


@inlined
def _read_batch(into: Records, places: Ints, index: int, batches: _Batches, number: int) -> int:
    """Read the records of one batch; return the index after them, or DAMAGED."""
    buffer, at, end = into.buffer, int(batches.starts[number]), int(batches.ends[number])
    base, last, least = batches.offsets[number], batches.lasts[number], batches.leasts[number]
    if index + batches.records[number] > len(places):
        return DAMAGED
    before = -1
    for _ in range(batches.records[number]):
        place = at
        size, at = _read_number(buffer, at, end)
        stop = _behind(at, size, end)
        if stop > end:
            return DAMAGED
        # The attributes, one byte, say nothing yet.
        later, at = _read_number(buffer, at + 1, stop)
        further, at = _read_number(buffer, at, stop)
        key_length, at = _read_number(buffer, at, stop)
        length, start = _read_number(buffer, _behind(at, key_length, stop), stop)
        at = _behind_headers(buffer, _behind(start, length, stop), stop)
        if at != stop or not before < further <= last:
            return DAMAGED
        before = further
        if base + further < least:
            continue
        places[index] = place
        into.starts[index], into.lengths[index] = start, max(length, NO_VALUE)
        into.offsets[index] = base + further
        into.arrivals[index] = _MICROSECONDS * _time(
            int(batches.times[number]), later, int(batches.stamped[number])
        )
        index += 1
    return index if at == end else DAMAGED


@inlined
def _read_number(buffer: Octets, at: int, end: int) -> tuple[int, int]:
    """Read a number, and where it ends: nowhere if not before an end."""
    number, shift = U64(0), U64(0)
    while at < end and shift < _BITS:
        byte = U64(buffer[U64(at)])
        number |= (byte & _DIGIT) << shift
        at += 1
        if byte < _MORE:
            return int(I64(number >> _ONE) ^ -I64(number & _ONE)), at
        shift += _SEVEN
    return 0, _NOWHERE


@inlined
def _behind(at: int, length: int, end: int) -> int:
    """Return where so many bytes end, none where they are fewer than none: nowhere if not before an end."""
    if length > end - at:
        return _NOWHERE
    return at + max(length, 0)


@inlined
def _behind_headers(buffer: Octets, at: int, end: int) -> int:
    """Return where headers end: nowhere if they are not as they say. Their names may be any bytes."""
    left, at = _read_number(buffer, at, end)
    if left < 0:
        return _NOWHERE
    while left > 0 and at < end:
        length, at = _read_number(buffer, at, end)
        if length < 0:
            return _NOWHERE
        length, at = _read_number(buffer, _behind(at, length, end), end)
        at = _behind(at, length, end)
        left -= 1
    return at if left == 0 else _NOWHERE


@inlined
def _time(first: int, later: int, stamped: int) -> int:
    if stamped != NOT_STAMPED:
        return stamped
    return _bounded(first + _bounded(later))


@inlined
def _bounded(time: int) -> int:
    return min(max(time, -FARTHEST_MS), FARTHEST_MS)
