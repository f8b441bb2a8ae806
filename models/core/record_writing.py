"""Records written as Kafka's record batches (version 2) have them: what models.core.record_batches reads."""

import numpy as np

from models.core.columns import Ints
from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets
from models.core.record_batches import Places
from models.core.records import Records

# Length, attributes, time, offset and the key's length: what a record takes at most beside what is copied.
_HEAD_BYTES = 5 + 1 + 10 + 10 + 5
_MICROSECONDS = I64(1000)
_NO_ATTRIBUTES = 0
_SEVEN, _DIGIT, _MORE = I64(7), I64(0x7F), I64(0x80)


def most_bytes(places: Places, lines: Ints) -> Ints:
    """Return how many bytes each of some records takes at most when it is written."""
    sizes: Ints = places.ends[lines] - places.keys[lines] + _HEAD_BYTES
    return sizes


def write_records(records: Records, places: Places, lines: Ints, offset: int, time: int) -> bytes:
    """Write the records at these lines; their offsets relative to `offset`, times to `time` (milliseconds).

    Keys, values and headers are as they came, byte by byte.
    """
    room = np.empty(int(most_bytes(places, lines).sum()), np.uint8)
    end = _write(records, places, lines, offset, time, room)
    return room[:end].tobytes()


@compiled
def _write(records: Records, places: Places, lines: Ints, offset: Int, time: Int, out: Octets) -> Int:
    """Write records one behind the other; return where they end. There is room for `most_bytes` of each."""
    at = 0
    for line in lines:
        key_length, key = places.key_lengths[line], places.keys[line]
        later = records.arrivals[line] // _MICROSECONDS - time
        further = records.offsets[line] - offset
        size = 1 + _number_size(later) + _number_size(further) + _number_size(key_length)
        at = _write_number(out, at, size + places.ends[line] - key)
        out[U64(at)] = _NO_ATTRIBUTES
        at = _write_number(out, at + 1, later)
        at = _write_number(out, at, further)
        at = _write_number(out, at, key_length)
        for place in range(key, places.ends[line]):
            out[U64(at)] = records.buffer[U64(place)]
            at += 1
    return at


@inlined
def _write_number(out: Octets, at: Int, number: Int) -> Int:
    """Write a number; return where it ends."""
    rest = _alternating(number)
    while rest >= _MORE:
        out[U64(at)] = rest & _DIGIT | _MORE
        rest >>= _SEVEN
        at += 1
    out[U64(at)] = rest
    return at + 1


@inlined
def _number_size(number: Int) -> Int:
    rest, size = _alternating(number), 1
    while rest >= _MORE:
        rest >>= _SEVEN
        size += 1
    return size


@inlined
def _alternating(number: Int) -> Int:
    """Return a number, which has 62 bits at most, as it is written: 0, −1, 1, −2 are 0, 1, 2, 3."""
    return I64(number) << I64(1) ^ I64(number) >> I64(63)
