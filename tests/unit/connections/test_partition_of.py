"""The partition of a key is the one that Kafka's Java client chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.topics import partition_of

# From Kafka's own UtilsTest.testMurmur2: murmur2 as Java's signed int.
JAVA_HASHES = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize("key", JAVA_HASHES)
@pytest.mark.parametrize("partitions", [1, 3, 8, 1000])
def test_the_partition_is_javas_for_kafkas_own_vectors(key: bytes, partitions: int) -> None:
    assert partition_of(key, partitions) == (JAVA_HASHES[key] & 0x7FFFFFFF) % partitions


@given(st.binary(max_size=64), st.integers(1, 1000))
def test_every_key_has_one_partition_among_those_there_are(key: bytes, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions
