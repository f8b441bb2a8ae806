"""Consumers as processes: started, watched from outside, measured."""

import math
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition

from benchmarks.metrics_page import Sample, read_metrics
from benchmarks.peers.watching import EngineFailed
from benchmarks.stage import KPIS, PARTITIONS, Stage
from commands.failure import Failure
from embedded.ports import free_port
from models.topics import FORWARDED, INPUT_TOPICS

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What consumers took for some events: wall and CPU seconds, and megabytes resident at the end."""

    events: int
    wall: float
    cpu: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Return the events a second."""
        return self.events / self.wall

    @property
    def cpu_of_event(self) -> float:
        """Return the CPU microseconds an event."""
        return self.cpu / self.events * 1e6


class Worker:
    """A worker of ours; pinned to one core where a core is given, else on any: not those of this process."""

    def __init__(self, environment: Mapping[str, str], group: str, core: int | None = None) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        own = {"KPIS_GROUP": group, "KPIS_METRICS_ADDRESS": self.address}
        cores = f"0-{(os.cpu_count() or 1) - 1}" if core is None else str(core)
        self._process = subprocess.Popen(
            ["taskset", "-c", cores, *KPIS, "worker"], env=dict(environment) | own, stderr=subprocess.DEVNULL
        )

    def samples(self) -> list[Sample]:
        """Read its page; nothing while it serves none."""
        try:
            return read_metrics(self.address)
        except Failure:
            return []

    def ready(self) -> bool:
        """Return whether all that it holds is live."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def cpu(self) -> float:
        """Return the CPU seconds that it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def megabytes(self) -> float:
        """Return how much of it is resident."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    def handles(self) -> int:
        """Return how many files and sockets it has open."""
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def stop(self) -> None:
        """End it as a supervisor does."""
        self._process.terminate()
        self._process.wait()


@contextmanager
def workers(
    environment: Mapping[str, str], group: str, *, cores: tuple[int | None, ...]
) -> Iterator[list[Worker]]:
    """Run as many workers of one group as cores are given."""
    started = [Worker(environment, group, core) for core in cores]
    try:
        yield started
    finally:
        for worker in started:
            worker.stop()


class Committed:
    """How far a group has got, asked of the broker: to render a page would be a part of what is measured."""

    def __init__(self, stage: Stage, prefix: str, group: str) -> None:
        self._consumer = Consumer({"bootstrap.servers": stage.kafka, "group.id": group})
        self._group = group
        self._partitions = [
            TopicPartition(prefix + topic, number) for topic in INPUT_TOPICS for number in range(PARTITIONS)
        ]

    def records(self) -> int:
        """Count the records that are applied and stored; 0 while the broker finds out who knows."""
        try:
            found = self._consumer.committed(self._partitions, timeout=10)
        except KafkaException:
            return 0
        return sum(max(0, partition.offset) for partition in found)

    def forwarded_left(self) -> int:
        """Count what was sent on to other partitions and is not applied and stored yet."""
        topic = f"{self._group}-{FORWARDED}"
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        ends = [self._consumer.get_watermark_offsets(partition, timeout=10)[1] for partition in partitions]
        done = self._consumer.committed(partitions, timeout=10)
        return sum(ends) - sum(max(0, partition.offset) for partition in done)


def measure(running: list[Worker], committed: Committed, events: int) -> Measured:
    """Measure from now, once any records are stored, to the last; all must be on the topics already.

    Raises:
        EngineFailed: all are stored already.

    """
    while not (begun := committed.records()):
        time.sleep(0.02)
    if begun >= events:
        raise EngineFailed("all was durable at once: it takes more events to measure anything")
    started, cpu = time.monotonic(), sum(worker.cpu() for worker in running)
    while (counted := committed.records()) < events:
        time.sleep(0.05)
    wall, used = time.monotonic() - started, sum(worker.cpu() for worker in running) - cpu
    return Measured(counted - begun, wall, used, sum(worker.megabytes() for worker in running))


def seconds_until_ready(worker: Worker) -> float:
    """Return how long a worker takes from now until it is ready."""
    started = time.monotonic()
    while not worker.ready():
        time.sleep(0.05)
    return time.monotonic() - started


def freshness_buckets(worker: Worker) -> dict[float, float]:
    """Return how many events were visible within which seconds, as the worker's histogram has it."""
    samples = [s for s in worker.samples() if s.name == "kpi_pipeline_freshness_seconds_bucket"]
    return {float(sample.labels["le"]): sample.value for sample in samples}


def within(buckets: Mapping[float, float], share: float) -> float:
    """Return within how many seconds a share of the events was visible: as if even within a bucket."""
    below, counted = 0.0, 0.0
    wanted = share * max(buckets.values())
    for bound, count in sorted(buckets.items()):
        if count >= wanted:
            part = (wanted - counted) / (count - counted) if count > counted else 1.0
            return below + (bound - below) * part
        below, counted = bound, count
    return math.inf
