"""The partition of a campaign: the one that Kafka's Java client would choose for the same key."""

from functools import lru_cache

from aiokafka.partitioner import murmur2


@lru_cache(maxsize=65_536)
def partition_of(key: bytes, partitions: int) -> int:
    """Give the partition of a key among `partitions`, by Kafka's murmur2.

    The memory is there because keys (campaigns) repeat and the hash is computed byte by byte.
    """
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
