"""A Kafka cluster of one node: Apache Kafka itself, broker and controller in one process."""

import base64
import socket
import struct
import subprocess
import uuid
from functools import partial
from pathlib import Path

from embedded import ServerFailed
from embedded.jars import java, kafka_classpath, usual_jars_dir
from embedded.kafka_tools import write_tools
from embedded.lock import held, make_folder
from embedded.ports import LOOPBACK, free_port, required_port
from embedded.processes import Child, start_child
from embedded.server import Progress, Server, Service, silent, start

_NAME = "Kafka"

# Paths are relative to the data directory, so it can be moved, and its name needs no escaping.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs=log
auto.create.topics.enable=false
min.insync.replicas=1
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
# A broker that was killed can rejoin only once its session is over: after 9 s by default.
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
# The default of 128 MB would be half of the heap.
log.cleaner.dedupe.buffer.size=16777216
"""

_JAVA_OPTIONS = [
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
]

# A Metadata request, version 2, for no topics: the answer names the brokers that serve, and their cluster.
_METADATA_REQUEST = struct.pack(">hhihi", 3, 2, 1, -1, 0)
_METADATA_ANSWER = struct.Struct(">iii")
_CLUSTER = "cluster.id="


def start_kafka(data_dir: Path, *, port: int | None = None, progress: Progress = silent) -> Server:
    """Start Kafka in a data directory, new or used before, at the given or any free port.

    It has only the topics that clients create. The first start downloads Kafka.

    Raises:
        ServerFailed: it cannot start; the message says why and what to do.

    """
    with held(data_dir) as lock:
        port = required_port(_NAME, port)
        service = kafka_service(data_dir, port, lock, usual_jars_dir(data_dir / "jars"), progress)
        return start(service, progress)


def kafka_service(data_dir: Path, port: int, lock: int, jars_dir: Path, progress: Progress) -> Service:
    """Make a data directory ready, and say how Kafka is run in it; its process inherits the lock.

    Raises:
        ServerFailed: it cannot be made ready; the message says why and what to do.

    """
    make_folder(data_dir)
    jvm = [java(), *_JAVA_OPTIONS, "-cp", kafka_classpath(jars_dir, progress)]
    _configure(data_dir, port)
    write_tools(data_dir / "bin", [jvm[0], *jvm[-2:]], f"{LOOPBACK}:{port}")
    # Formatting writes this file last: without it, format again.
    if not (data_dir / "log" / "meta.properties").exists():
        progress(f"{_NAME}: formatting {data_dir}…")
        _format(jvm, data_dir)
    log = data_dir / "server.log"

    def spawn() -> Child:
        required_port(_NAME, port)
        _configure(data_dir, port)
        return start_child([*jvm, "kafka.Kafka", "server.properties"], cwd=data_dir, log=log, inherit=[lock])

    return Service(
        _NAME,
        f"{LOOPBACK}:{port}",
        log,
        spawn,
        partial(_answers, port=port, cluster=_cluster(data_dir)),
        f"if its data is damaged, move {data_dir} away",
    )


def _configure(data_dir: Path, port: int) -> None:
    properties = _PROPERTIES.format(host=LOOPBACK, port=port, controller_port=free_port())
    try:
        (data_dir / "server.properties").write_text(properties, "utf-8")
    except OSError as error:
        raise ServerFailed(f"{data_dir} cannot be written ({error.strerror}).") from error


def _cluster(data_dir: Path) -> bytes:
    lines = (data_dir / "log" / "meta.properties").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith(_CLUSTER)).removeprefix(_CLUSTER).encode()


def _format(jvm: list[str], data_dir: Path) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    done = subprocess.run(
        # An id may begin with a dash, which only this form of the option accepts.
        [*jvm, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", "server.properties"],
        cwd=data_dir,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        ending = "\n".join(done.stdout.splitlines()[-8:])
        raise ServerFailed(
            f"{_NAME} cannot format its data directory; free {data_dir} or choose another. It said:\n{ending}"
        )


def _answers(_: Child, *, port: int, cluster: bytes) -> bool:
    """Return whether this very cluster serves: two that start at once may both have seen the port free."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(_METADATA_REQUEST)) + _METADATA_REQUEST)
            answer = connection.recv(4096)
            _, _, brokers = _METADATA_ANSWER.unpack_from(answer)
    except (OSError, struct.error):
        return False
    return brokers > 0 and cluster in answer
