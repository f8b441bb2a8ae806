"""A broker of its own, campaigns and events: what the benchmarks of the worker share."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from confluent_kafka import Producer

from benchmarks.records import CAMPAIGNS, OF_PEERS, record
from connections.topics import partition_of
from embedded.kafka import start_kafka
from embedded.redis import start_redis
from models.topics import topic_of

KPIS = [sys.executable, "-m", "commands"]
PARTITIONS = 4
Spread = Literal["by campaign", "at random"]
_TEMPLATES = 40_000
_ID = b"0" * 32


@dataclass(frozen=True)
class Stage:
    """Servers and registered campaigns; `environment` is what `kpis` needs to reach them."""

    kafka: str
    environment: dict[str, str]
    folder: Path

    def prefixed(self, prefix: str) -> dict[str, str]:
        """Return the environment of a deployment with topics of its own, which exist when this returns."""
        own = self.environment | {"KPIS_TOPIC_PREFIX": prefix}
        subprocess.run([*KPIS, "topics", "apply"], env=own, check=True, stdout=subprocess.DEVNULL)
        return own


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Start a broker and Redis, and register the campaigns that events are of."""
    with start_kafka(folder / "kafka") as kafka, start_redis(folder / "redis") as redis:
        own = {
            "KPIS_KAFKA": kafka.address,
            "KPIS_REDIS_URL": f"redis://{redis.address}/0",
            "KPIS_PARTITIONS": str(PARTITIONS),
        }
        found = Stage(kafka.address, os.environ | own, folder)
        path = folder / "campaigns.json"
        path.write_text(json.dumps({"campaigns": [_campaign(number) for number in range(CAMPAIGNS)]}))
        command = [*KPIS, "campaigns", "apply", str(path)]
        subprocess.run(command, env=found.environment, check=True, capture_output=True)
        yield found


class Crowd:
    """Events of the last two minutes, each with an id that no other has."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        now = datetime.now(UTC)
        made = [record(self._random, now, OF_PEERS) for _ in range(_TEMPLATES)]
        self._templates = [(topic_of(kind), value, value.index(b'"event_id":"') + 12) for kind, value in made]
        self._number = 0

    def next(self, spread: Spread) -> tuple[str, int, bytes]:
        """Return topic, partition and value of the next event."""
        topic, value, at = self._templates[self._number % _TEMPLATES]
        self._number += 1
        value = value[:at] + b"%032x" % self._random.getrandbits(128) + value[at + 32 :]
        if spread == "at random":
            return topic, self._random.randrange(PARTITIONS), value
        start = value.index(b'"campaign_id":"') + 15
        return topic, partition_of(value[start : value.index(b'"', start)], PARTITIONS), value


def send(stage: Stage, prefix: str, count: int, spread: Spread, rate: float | None = None) -> None:
    """Send events as fast as can be, or one a request at a rate by the second."""
    producer = small_requests(stage.kafka) if rate else large_requests(stage.kafka)
    crowd, started = Crowd(len(prefix) + count), time.monotonic()
    for number in range(count):
        topic, partition, value = crowd.next(spread)
        produce(producer, prefix + topic, partition, value)
        ahead = number / rate - (time.monotonic() - started) if rate else 0
        if ahead > 0.001:
            time.sleep(ahead)
    producer.flush()


def large_requests(kafka: str) -> Producer:
    """Make a producer that sends many records a request."""
    return _producer(kafka, {"compression.type": "lz4", "linger.ms": 50, "batch.size": 1_000_000})


def small_requests(kafka: str) -> Producer:
    """Make a producer that sends one record a request."""
    return _producer(kafka, {"compression.type": "none", "linger.ms": 0, "batch.num.messages": 1})


def _producer(kafka: str, options: dict[str, str | int | float | bool]) -> Producer:
    return Producer({"bootstrap.servers": kafka, "queue.buffering.max.messages": 1_000_000} | options)


def produce(producer: Producer, topic: str, partition: int, value: bytes, key: bytes | None = None) -> None:
    """Send a record; wait while too many are under way."""
    while True:
        try:
            producer.produce(topic, value, key, partition)
            producer.poll(0)
            return
        except BufferError:
            producer.poll(0.1)


def _campaign(number: int) -> dict[str, object]:
    now, days = datetime.now(UTC), timedelta(days=3)
    return {
        "id": f"campaign-{number}",
        "name": f"Campaign {number}",
        "starts": (now - days).isoformat(),
        "ends": (now + days).isoformat(),
        "currency": "EUR",
        "budget": 10_000,
        "costs": [{"influencer": f"influencer-{number}-1", "flat_fee": 1_000}],
    }
