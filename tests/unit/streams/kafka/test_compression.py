"""What is unpacked into memory that is used again is whole, however large, and what is not is damaged."""

from random import Random

import pytest
from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode

from models.core.octets import PADDING
from streams.kafka.compression import BatchDamaged, Room

LARGE = Random(1).randbytes(1 << 20) * 5
"""More than a room holds at first."""
WAYS = {
    "none": (0, bytes),
    "gzip": (1, lambda data: gzip_encode(data, 1)),
    "snappy in blocks": (2, snappy_encode),
    "snappy at once": (2, lambda data: snappy_encode(data, xerial_compatible=False)),
    "lz4": (3, lz4_encode),
    "zstd": (4, zstd_encode),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_packed_comes_out_behind_what_is_there_and_the_room_is_used_again(way: str) -> None:
    attributes, pack = WAYS[way]
    room = Room()

    for first, second in ((b"a", LARGE), (b"bc", b"def")):
        assert room.unpack(attributes, memoryview(pack(first))) == len(first)
        assert room.unpack(attributes, memoryview(pack(second))) == len(first) + len(second)
        assert room.take().tobytes() == first + second + bytes(PADDING)


def test_a_part_can_be_taken_and_what_is_before_it_stays() -> None:
    room = Room()
    room.unpack(0, memoryview(b"stays"))
    room.unpack(0, memoryview(b"goes"))

    assert room.take(5).tobytes() == b"goes" + bytes(PADDING)
    assert room.take().tobytes() == b"stays" + bytes(PADDING)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "none"])
def test_what_is_cut_off_is_damaged_and_what_is_there_stays(way: str) -> None:
    attributes, pack = WAYS[way]
    room = Room()
    room.unpack(0, memoryview(b"stays"))

    with pytest.raises(BatchDamaged):
        room.unpack(attributes, memoryview(pack(b"some text"))[:-1])
    assert room.take().tobytes() == b"stays" + bytes(PADDING)


@pytest.mark.parametrize("attributes", [5, 6, 7])
def test_what_is_packed_in_a_way_that_nobody_knows_is_damaged(attributes: int) -> None:
    with pytest.raises(BatchDamaged):
        Room().unpack(attributes, memoryview(b"some text"))


def test_a_block_of_fewer_bytes_than_none_is_damaged() -> None:
    framed = snappy_encode(b"some text")

    with pytest.raises(BatchDamaged):
        Room().unpack(2, memoryview(framed[:16] + (-1).to_bytes(4, "big", signed=True) + framed[20:]))
