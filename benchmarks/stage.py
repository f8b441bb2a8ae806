"""A broker of its own, campaigns and events: what the benchmarks of the worker share."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from confluent_kafka import Producer

from benchmarks.records import CAMPAIGNS
from embedded.kafka import start_kafka
from embedded.redis import start_redis

KPIS = [sys.executable, "-m", "commands"]
PARTITIONS = 4


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


def large_requests(kafka: str) -> Producer:
    """Make a producer that sends many records a request."""
    return _producer(kafka, {"compression.type": "lz4", "linger.ms": 50, "batch.size": 1_000_000})


def gathering(kafka: str) -> Producer:
    """Make a producer that sends what comes within 5 ms in one request."""
    return _producer(kafka, {"compression.type": "lz4", "linger.ms": 5, "batch.size": 1_000_000})


def batches_of(records: int) -> Callable[[str], Producer]:
    """Let records go in batches of so many, which is what consumers then get."""
    options: dict[str, str | int | float | bool] = {"compression.type": "lz4", "linger.ms": 1000}
    return lambda kafka: _producer(kafka, options | {"batch.num.messages": records, "batch.size": 10_000_000})


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
