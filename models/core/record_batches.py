"""The records of Kafka's record batches (version 2, not compressed) as columns.

A record is a length and so many bytes: attributes, time, offset, key, value, headers. Numbers have as many
bytes as they need, seven bits in each, and alternate around zero: 0, −1, 1, −2.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints
from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets
from models.core.records import NO_VALUE, Records

DAMAGED = -1
"""In place of an index: a batch is not as its header and the lengths in it say."""
FARTHEST_MS = 253_402_300_799_999
"""Times are brought within so many milliseconds of 1970, the end of the year 9999: then none overflows."""
STAMPED = 0x08
"""Among the attributes of a batch: the broker gave its records their time."""

# Past every end: what is read on from here is nowhere too, so only the end of a record need be looked at.
_NOWHERE = 1 << 62
_MICROSECONDS = 1000
# No record has fewer: each of its parts has one.
_LEAST_BYTES = 7
_ONE, _SEVEN, _BITS = U64(1), U64(7), U64(64)
_MORE, _DIGIT = U64(0x80), U64(0x7F)


class Extent(NamedTuple):
    """Where the records of a batch stand in a buffer, and what its header says of them.

    Offsets of records are relative to `offset`, none is further than `last`; times to `time` (milliseconds),
    but where STAMPED is among the `attributes` all have the time `latest`. Records at offsets below `least`
    are left out.
    """

    start: int
    end: int
    least: int
    attributes: int
    offset: int
    last: int
    time: int
    latest: int
    records: int


class Places(NamedTuple):
    """Where in a buffer those parts of records stand that are no columns: keys; headers, up to the end.

    The length of no key is NO_VALUE.
    """

    keys: Ints
    key_lengths: Ints
    headers: Ints
    ends: Ints


class _Extents(NamedTuple):
    """The same as columns."""

    starts: Ints
    ends: Ints
    leasts: Ints
    attributes: Ints
    offsets: Ints
    lasts: Ints
    times: Ints
    latest: Ints
    records: Ints


def read_batches(buffer: Octets, batches: Sequence[Extent]) -> tuple[Records, Places, int]:
    """Read the records of batches, up to the first that is not as its header and the lengths in it say.

    The buffer is padded. Returned are the records, where their other parts stand in it, and how many batches
    were read.
    """
    # Not of a list of tuples: numpy takes 50 µs for each.
    numbers = np.fromiter(chain.from_iterable(batches), np.int64, len(batches) * len(Extent._fields))
    extents = _Extents(*numbers.reshape(-1, len(Extent._fields)).T.copy())
    # What is claimed beyond that is not there, and costs no memory.
    most = int(np.minimum(extents.records, (extents.ends - extents.starts) // _LEAST_BYTES).sum())
    columns = np.empty((len(Records._fields) - 1 + len(Places._fields), most), np.int64)
    starts, lengths, offsets, arrivals, *others = columns
    places = Places(*others)
    after = np.full(len(batches), DAMAGED, np.int64)
    _read(Records(buffer, starts, lengths, offsets, arrivals), places, extents, after)
    whole = int(np.count_nonzero(after != DAMAGED))
    size = int(after[whole - 1]) if whole else 0
    records = Records(buffer, starts[:size], lengths[:size], offsets[:size], arrivals[:size])
    return records, Places(*(column[:size] for column in places)), whole


@compiled
def _read(into: Records, places: Places, batches: _Extents, after: Ints) -> None:
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
def _read_batch(into: Records, places: Places, index: int, batches: _Extents, number: int) -> int:
    """Read the records of one batch; return the index after them, or DAMAGED."""
    buffer, at, end = into.buffer, int(batches.starts[number]), int(batches.ends[number])
    base, last, least = batches.offsets[number], batches.lasts[number], batches.leasts[number]
    if index + batches.records[number] > len(places.ends):
        return DAMAGED
    before = -1
    for _ in range(batches.records[number]):
        size, at = _read_number(buffer, at, end)
        stop = _behind(at, size, end)
        if stop > end:
            return DAMAGED
        # The attributes, one byte, say nothing yet.
        later, at = _read_number(buffer, at + 1, stop)
        further, at = _read_number(buffer, at, stop)
        key_length, key = _read_number(buffer, at, stop)
        length, start = _read_number(buffer, _behind(key, key_length, stop), stop)
        headers = _behind(start, length, stop)
        at = _behind_headers(buffer, headers, stop)
        if at != stop or not before < further <= last:
            return DAMAGED
        before = further
        if base + further < least:
            continue
        places.keys[index], places.key_lengths[index] = key, max(key_length, NO_VALUE)
        places.headers[index], places.ends[index] = headers, stop
        into.starts[index], into.lengths[index] = start, max(length, NO_VALUE)
        into.offsets[index] = base + further
        into.arrivals[index] = _arrival(batches, number, later)
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
def _arrival(batches: _Extents, number: int, later: int) -> int:
    """Return the time of a record of a batch in microseconds."""
    if batches.attributes[number] & STAMPED:
        return _MICROSECONDS * _bounded(batches.latest[number])
    return _MICROSECONDS * _bounded(_bounded(batches.times[number]) + _bounded(later))


@inlined
def _bounded(time: Int) -> int:
    return int(min(max(time, -FARTHEST_MS), FARTHEST_MS))
