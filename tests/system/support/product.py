"""The product as its user has it: servers to share, and one deployment of its own for each test."""

import contextlib
import socket
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.system.support import scrape
from tests.system.support.campaigns import write_yaml
from tests.system.support.document import Document, read_document
from tests.system.support.kafka import read_back
from tests.system.support.naming import Series
from tests.system.support.processes import Process, environment, free_port, kpis, until
from tests.system.support.scrape import Answer

GIVEN_WAY = 3
"""How a worker ends that its supervisor is to start again, into another generation."""


@dataclass(frozen=True)
class Servers:
    """The Kafka and the Redis that a test session shares."""

    kafka: str
    redis_url: str


@contextlib.contextmanager
def servers(directory: Path) -> Iterator[Servers]:
    """Start Kafka and Redis as `kpis up --servers-only` does, and stop them after."""
    data = directory / "data"
    process = Process(["up", "--servers-only", "--data-dir", str(data)], {}, directory, "servers")
    try:
        addresses = data / "kpis.toml"
        until(lambda: process.exit_code is not None or addresses.exists(), 180, f"{addresses} is there")
        assert process.exit_code is None, f"`kpis up --servers-only` ended: {process.said()}"
        found = tomllib.loads(addresses.read_text())
        # The file is there before Kafka is.
        until(lambda: _listens(found["kafka"]), 180, f"{found['kafka']} answers")
        yield Servers(found["kafka"], found["redis_url"])
    finally:
        process.stop()


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), 1):
            return True
    except OSError:
        return False


@dataclass
class Deployment:
    """One test's own topics, group and registry on the shared servers, and its worker's address."""

    servers: Servers
    name: str
    directory: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self.prefix = f"{self.name}."
        self.latest: Process | None = None
        self.started = 0
        own = {
            "KPIS_KAFKA": self.servers.kafka,
            "KPIS_REDIS_URL": self.servers.redis_url,
            "KPIS_REDIS_PREFIX": f"{self.name}:",
            "KPIS_TOPIC_PREFIX": self.prefix,
            "KPIS_GROUP": self.name,
            "KPIS_PARTITIONS": "4",
            "KPIS_METRICS_ADDRESS": self.address,
        }
        self.settings = own | self.settings

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [kpis(), *arguments],
            env=environment(self.settings | settings),
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def do(self, *arguments: str) -> None:
        """Run a command that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"kpis {' '.join(arguments)}: exit code {done.returncode}: {done.stderr}"

    def apply(self, raw: dict[str, Any]) -> Document:
        """Register campaigns and create the topics."""
        path = write_yaml(raw, self.directory / "campaigns.yaml")
        self.do("campaigns", "apply", str(path))
        self.do("topics", "apply")
        return read_document(raw)

    def start_worker(self, *options: str, **settings: str) -> Process:
        """Start a worker and leave it to itself."""
        self.started += 1
        name = f"worker-{self.started}"
        self.latest = Process(["worker", *options], self.settings | settings, self.directory, name)
        return self.latest

    @contextlib.contextmanager
    def worker(self) -> Iterator[Process]:
        """Run a worker, from when it is ready until SIGTERM ends it, or its successor, cleanly."""
        self.latest = process = self.start_worker()
        try:
            self.wait_ready(process)
            yield process
        finally:
            code = self.latest.stop()
        assert code == 0, f"the worker ended with {code}: {self.latest.said()}"

    def restart_killed(self) -> None:
        """Kill the worker as a power cut would, wherever it is, and start another."""
        assert self.latest
        self.latest.kill()
        self.wait_ready(self.start_worker())

    def rebuild(self, generation: int) -> None:
        """Count everything anew beside the worker, until that gives way to one at another address."""
        former = self.latest
        assert former
        self.address = f"127.0.0.1:{free_port()}"
        self.settings["KPIS_METRICS_ADDRESS"] = self.address
        worker = self.start_worker("--rebuild", str(generation))
        until(lambda: former.exit_code is not None, 90, f"generation {generation} is active")
        assert former.exit_code == GIVEN_WAY, former.said()
        self.wait_ready(worker)

    def get(self, path: str, accept: str = "text/plain") -> Answer:
        """Ask the worker for a page."""
        return scrape.get(self.address, path, accept)

    def wait_ready(self, process: Process, seconds: float = 70) -> None:
        """Wait until a worker says that it is ready."""

        def ready() -> bool:
            assert process.exit_code is None, f"the worker ended with {process.exit_code}: {process.said()}"
            return self.get("/readyz").status == 200

        until(ready, seconds, "the worker is ready")

    def scrape(self) -> Series:
        """Read the worker's numbers."""
        page = self.get("/metrics")
        said = self.latest.said() if self.latest and page.status != 200 else ""
        assert page.status == 200, f"/metrics: {page.status} {page.text[:500]}\n{said}"
        return scrape.parse(page.text, self.prefix)

    def wait_applied(self, records: int, seconds: float) -> None:
        """Wait until the worker says that it has dealt with this many records, and with their texts."""

        def applied() -> bool:
            shown = self.scrape()
            lag = scrape.total(shown, "kpi_pipeline_consumer_lag_records")
            rated = scrape.total(shown, "kpi_pipeline_texts_waiting") == 0
            return scrape.total(shown, "kpi_pipeline_events_total") >= records and lag == 0 and rated

        until(applied, seconds, f"all {records} records are applied", every=0.5)

    def dead_letters(self) -> list[tuple[str, int, int, str]]:
        """Read where each dead letter came from, and its reason."""
        letters = read_back(self.servers.kafka, self.prefix, ["dead-letters"])
        return [origin(dict(letter.headers), self.prefix) for letter in letters]


def origin(headers: Mapping[str, bytes | None], prefix: str = "") -> tuple[str, int, int, str]:
    """Read topic, partition, offset and reason from a dead letter's headers."""
    names = ("topic", "partition", "offset", "exception.class.name")
    topic, partition, offset, reason = (
        (headers[f"__connect.errors.{name}"] or b"").decode() for name in names
    )
    return topic.removeprefix(prefix), int(partition), int(offset), reason
