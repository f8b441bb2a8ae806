"""The work put on topics, once for all engines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from confluent_kafka import Producer

from benchmarks.peers.counted import Counted
from benchmarks.peers.work import Shape, Work
from benchmarks.stage import PARTITIONS, Stage, large_requests, produce
from models.topics import INPUT_TOPICS

_SAY_EVERY = 250_000
_USUAL = Shape()


@dataclass(frozen=True)
class Data:
    """Records on topics of one prefix, and what is true of them."""

    prefix: str
    records: int
    truth: Counted
    environment: dict[str, str]
    """What `kpis` needs to count them."""

    @property
    def topics(self) -> list[str]:
        """Return the names of their topics."""
        return [self.prefix + topic for topic in INPUT_TOPICS]


def prepare(
    stage: Stage,
    prefix: str,
    records: int,
    say: Callable[[str], None],
    shape: Shape = _USUAL,
    producer_of: Callable[[str], Producer] = large_requests,
) -> Data:
    """Make so many records and send them."""
    environment = stage.prefixed(prefix)
    work, producer = Work(records, PARTITIONS, datetime.now(UTC), shape), producer_of(stage.kafka)
    for number, sent in enumerate(work):
        if number % _SAY_EVERY == 0:
            say(f"sending {records:,} records: {number:,}")
        produce(producer, prefix + sent.topic, sent.partition, sent.value, sent.key)
    producer.flush()
    return Data(prefix, records, work.truth(), environment)
