"""Records of batches as columns: read as they are written, and nothing is read that is not there."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.octets import padded
from models.core.record_batches import FARTHEST_MS, STAMPED, Extent, Places, read_batches
from models.core.records import NO_VALUE, Records

BYTES = st.none() | st.binary(max_size=5) | st.just(b"long" * 70)
HEADERS = st.lists(st.tuples(st.binary(max_size=3), BYTES), max_size=3)
TIMES = st.integers(-(2**63), 2**63 - 1)
MADE = st.lists(st.tuples(TIMES, st.integers(1, 300), BYTES, BYTES, HEADERS), max_size=5)


def number(value: int) -> bytes:
    """Write a number as Kafka does."""
    rest = (value << 1 ^ value >> 63) & (1 << 64) - 1
    written = bytearray()
    while rest >= 0x80:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*written, rest])


def text(value: bytes | None) -> bytes:
    return number(-1) if value is None else number(len(value)) + value


def record(
    later: int = 0,
    further: int = 0,
    key: bytes | None = None,
    value: bytes | None = b"v",
    headers: Sequence[tuple[bytes | None, bytes | None]] = (),
) -> bytes:
    written = b"\x00" + number(later) + number(further) + text(key) + text(value) + number(len(headers))
    return sized(written + b"".join(text(name) + text(value) for name, value in headers))


def sized(written: bytes) -> bytes:
    return number(len(written)) + written


def claims(records: int = 1, **others: int) -> Extent:
    usual = Extent(0, 0, 0, 0, offset=7, last=2**31 - 1, time=1000, latest=-1, records=records)
    return usual._replace(**others)


def read(batches: list[tuple[bytes, Extent]]) -> tuple[Records, Places, int]:
    """Read batches that stand one behind the other."""
    extents, at = [], 0
    for data, claimed in batches:
        extents.append(claimed._replace(start=at, end=at + len(data)))
        at += len(data)
    return read_batches(padded(*(data for data, _ in batches)), extents)


def content(records: Records) -> list[tuple[int, int, bytes | None]]:
    return [
        (int(offset), int(arrival), records.value(index))
        for index, (offset, arrival) in enumerate(zip(records.offsets, records.arrivals, strict=True))
    ]


def bounded(time: int) -> int:
    return min(max(time, -FARTHEST_MS), FARTHEST_MS)


@given(st.lists(st.tuples(MADE, st.integers(0, 2**11)), max_size=4))
def test_what_is_written_is_read_batch_after_batch_but_for_what_is_before_the_least_offset(
    made: list[
        tuple[list[tuple[int, int, bytes | None, bytes | None, list[tuple[bytes, bytes | None]]]], int]
    ],
) -> None:
    batches, expected = [], []
    for records, least in made:
        data, further = b"", -1
        for later, gap, key, value, headers in records:
            further += gap
            data += record(later, further, key, value, headers)
            arrival = bounded(1000 + bounded(later)) * 1000
            expected += [(7 + further, arrival, value)] if 7 + further >= least else []
        batches.append((data, claims(len(records), least=least)))

    found, places, whole = read(batches)

    assert (whole, content(found), len(places.ends)) == (len(batches), expected, len(expected))


def test_places_are_where_key_and_headers_of_a_record_stand() -> None:
    batches = [
        (record(key=b"k", headers=[(b"h", b"a")]), claims()),
        (record(key=None) + record(further=1, key=b"", headers=[(b"h", None)]), claims(2)),
    ]
    records, places, _ = read(batches)
    octets = records.buffer.tobytes()

    keys = zip(places.keys, places.key_lengths, strict=True)
    assert [octets[at : at + length] if length >= 0 else None for at, length in keys] == [b"k", None, b""]
    headers = [octets[at:end] for at, end in zip(places.headers, places.ends, strict=True)]
    assert headers == [b"\x02\x02h\x02a", b"\x00", b"\x02\x02h\x01"]


def test_the_time_that_the_broker_gave_is_that_of_each_record() -> None:
    records, _, _ = read([(record(later=5), claims(attributes=STAMPED))])

    assert records.arrivals.tolist() == [-1000]


def test_a_null_of_any_negative_length_is_none() -> None:
    odd = sized(b"\x00\x00\x00" + number(-9) + number(-(2**63)) + b"\x00")
    records, _, whole = read([(odd, claims())])

    assert (whole, records.lengths.tolist()) == (1, [NO_VALUE])


FAR = 2**62
DAMAGED = {
    "nothing where a record should be": b"",
    "a record that ends before it does": number(5) + b"\x00\x00",
    "a size that goes on for ever": b"\xff" * 20,
    "a negative size": number(-1) + record(),
    "no size": number(0) + record(),
    "a size beyond all": number(2**63 - 1) + record()[1:],
    "a byte too few": number(len(record()) - 2) + record()[1:],
    "a byte after its last header": sized(record()[1:] + b"\x00"),
    "a byte after its last record": record() + b"\x00",
    "a key beyond its end": sized(b"\x00\x00\x00" + number(4) + b"k" + b"\x01\x00"),
    "a key beyond all": sized(b"\x00\x00\x00" + number(2**63 - 1) + b"\x01\x00"),
    "a value beyond its end": sized(b"\x00\x00\x00\x01" + number(9) + b"v\x00"),
    "a value beyond all": sized(b"\x00\x00\x00\x01" + number(FAR - 6) + b"\x00"),
    "fewer headers than none": sized(b"\x00\x00\x00\x01\x01" + number(-1)),
    "more headers than there are": sized(b"\x00\x00\x00\x01\x01" + number(2**63 - 1)),
    "a header without a name": record(headers=[(None, b"v")]),
    "a name beyond its end": sized(b"\x00\x00\x00\x01\x01\x02" + number(3) + b"h\x01"),
    "a header's value beyond its end": sized(b"\x00\x00\x00\x01\x01\x02\x02h" + number(3) + b"v"),
    "an offset before the first": record(further=-1),
    "an offset after the last": record(further=10),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_batch_that_is_not_as_it_says_is_damaged_and_those_before_it_are_read(what: str) -> None:
    good = record(), claims(last=9)

    records, places, whole = read([good, (DAMAGED[what], claims(last=9)), good])

    assert (whole, content(records), len(places.ends)) == (1, [(7, 1_000_000, b"v")], 1)


@pytest.mark.parametrize("further", [0, 1])
def test_offsets_that_do_not_ascend_are_damaged(further: int) -> None:
    data = record(further=1) + record(further=further)

    assert read([(data, claims(2))])[2] == 0


@pytest.mark.parametrize("number_claimed", [0, 1, 3, 2**31 - 1])
def test_another_number_of_records_than_is_claimed_is_damaged(number_claimed: int) -> None:
    data = record() + record(further=1)

    assert read([(data, claims(number_claimed))])[2] == 0


@given(st.integers(0, 2**32), st.integers(1, 4))
def test_whatever_the_bytes_say_nothing_is_read_that_is_not_in_the_batch(seed: int, spoilt: int) -> None:
    random = Random(seed)
    for _ in range(50):
        data = b"".join(
            record(random.randrange(99), at, b"key", random.randbytes(random.randrange(80)), [(b"h", b"v")])
            for at in range(3)
        )
        changed = bytearray(data)
        for _ in range(spoilt):
            changed[random.randrange(len(changed))] = random.choice(
                [0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)]
            )
        before, after = (record(value=b"before"), claims()), (record(value=b"after"), claims())

        records, places, whole = read([before, (bytes(changed), claims(3)), after])

        assert whole in (1, 3)
        assert len(places.ends) == (5 if whole == 3 else 1)
        assert records.value(0) == b"before"
        assert whole == 1 or records.value(4) == b"after"
        keys, lengths, headers, ends = places
        values = records.starts + records.lengths.clip(0)
        assert all(len(before[0]) <= key for key in keys[1:]) and all(lengths >= -1)
        assert all(keys + lengths.clip(0) < records.starts) and all(values == headers)
        assert all(headers < ends) and all(ends[1:-1] <= len(before[0]) + len(data))
