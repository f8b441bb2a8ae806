"""Compare ways to take what was fetched: raw batches into columns, and aiokafka's objects, one a record."""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from random import Random

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from faust.types import TP

from benchmarks.records import machine, record
from models.core.records import records_of
from streams.kafka.compression import Room
from streams.kafka.unread import Answer, Unread

_CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
_MOST_BYTES = 1 << 30
_RAW, _OBJECTS = "raw (Unread.take)", "aiokafka's objects, then columns"


def main() -> None:
    """Read the same answers in each way, in turns; print microseconds a record and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--codec", choices=_CODECS, default="lz4")
    arguments = parser.parse_args()
    values = [value for _, value in (record(Random(seed)) for seed in range(arguments.events))]
    print(f"{len(values)} records, {arguments.codec}, Python {platform.python_version()}, {machine()}")
    print(f"{'records a batch':>16}{'raw, µs':>10}{'objects, µs':>13}{'×':>7}")
    for size in (len(values), 100, 1):
        answer = _answer(values, size, _CODECS.index(arguments.codec))
        room = Room()
        times = [
            (_measure(_raw, answer, room) / len(values), _measure(_objects, answer, room) / len(values))
            for _ in range(arguments.rounds)
        ]
        raw, objects = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{size:16}{raw:10.3f}{objects:13.3f}{objects / raw:7.1f}")


def _answer(values: list[bytes], size: int, codec: int) -> bytes:
    """Write record batches of a size, with the headers that the collector sends."""
    answer = b""
    for start in range(0, len(values), size):
        builder = DefaultRecordBatchBuilder(2, codec, 0, -1, -1, -1, _MOST_BYTES)
        for number, value in enumerate(values[start : start + size]):
            headers = [("kpis-producer", b"collector-1"), ("kpis-sequence", b"%d" % number)]
            builder.append(number, 1_700_000_000_000 + number, b"campaign-1", value, headers)
        answer += start.to_bytes(8, "big") + bytes(builder.build())[8:]
    return answer


def _raw(answer: bytes, room: Room) -> None:
    unread = Unread(TP("clicks", 0), Answer(0, answer, ()), room)
    while not unread.ended:
        unread.take(1 << 30)


def _objects(answer: bytes, _: Room) -> None:
    memory, records = MemoryRecords(answer), []
    while memory.has_next():
        batch = memory.next_batch()
        assert batch is not None
        batch.validate_crc()
        records += list(batch)
    records_of(
        [one.value for one in records],
        [one.offset for one in records],
        [1000 * int(one.timestamp or 0) for one in records],
    )


def _measure(read: Callable[[bytes, Room], None], answer: bytes, room: Room) -> float:
    """Return the CPU time in microseconds: others may use the machine."""
    started = time.process_time()
    read(answer, room)
    return (time.process_time() - started) * 1e6


if __name__ == "__main__":
    main()
