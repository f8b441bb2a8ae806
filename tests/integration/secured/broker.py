"""A Kafka with a listener for each way in, and for each way in which that fails."""

import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embedded.jars import java, kafka_classpath, usual_jars_dir
from embedded.lock import held
from embedded.ports import LOOPBACK, free_port
from embedded.processes import Child, start_child
from embedded.server import Service, silent, start
from models.settings import Settings
from tests.integration.secured.certificates import Certificates, make_certificates

USER, PASSWORD = "worker", "hush-hush"
_LOGINS = {
    "plain": (f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'),
    "scram-sha-512": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
}
_PROTOCOLS = {
    "PLAIN": "PLAINTEXT",
    "TLS": "SSL",
    "LOGIN": "SASL_PLAINTEXT",
    "TLSLOGIN": "SASL_SSL",
    "ELSEWHERE": "SSL",
    "EXPIRED": "SSL",
    "CLIENTS": "SSL",
    "UNNAMED": "PLAINTEXT",
    "UNHEARD": "PLAINTEXT",
}
_ADVERTISED = {"UNNAMED": "broker.invalid:9092"}
_KEYS = {"ELSEWHERE": "elsewhere", "EXPIRED": "expired"}


@dataclass(frozen=True)
class SecuredKafka:
    """Its ports by listener, and the certificates that it knows."""

    ports: Mapping[str, int]
    certificates: Certificates

    def at(self, listener: str, **fields: object) -> Settings:
        """Return the settings that fit a listener, but for the given ones."""
        protocol = _PROTOCOLS[listener]
        fitting: dict[str, object] = {
            "kafka": f"{LOOPBACK}:{self.ports[listener]}",
            "kafka_security_protocol": protocol,
        }
        if protocol.endswith("SSL"):
            fitting["kafka_ca_file"] = self.certificates.ca
        if protocol.startswith("SASL"):
            fitting |= {"kafka_sasl_username": USER, "kafka_sasl_password": PASSWORD}
        return Settings.model_validate(fitting | fields)


@contextmanager
def secured_kafka(directory: Path) -> Iterator[SecuredKafka]:
    """Run it until the block ends."""
    certificates = make_certificates(directory)
    ports = {name: free_port() for name in (*_PROTOCOLS, "CONTROLLER", "NOBODY")}
    (directory / "server.properties").write_text(_properties(ports, certificates), "utf-8")
    jvm = [java(), "-Xmx256m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"]
    jvm += [
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        kafka_classpath(usual_jars_dir(directory / "jars"), silent),
    ]
    login = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
    formatting = ["kafka.tools.StorageTool", "format", "--cluster-id=MkU3OEVBNTcwNTJENDM2Qg",
                  "-c", "server.properties", "--add-scram", login]  # fmt: skip
    subprocess.run([*jvm, *formatting], cwd=directory, check=True, capture_output=True)
    with held(directory) as lock:
        answers = partial(_accepts, ports=tuple(ports[name] for name in _PROTOCOLS))
        command = [*jvm, "kafka.Kafka", "server.properties"]
        log = directory / "server.log"
        spawn = partial(start_child, command, cwd=directory, log=log, inherit=[lock])
        address = f"{LOOPBACK}:{ports['PLAIN']}"
        server = start(Service("Kafka", address, log, spawn, answers, "read its log"), silent)
    with server:
        yield SecuredKafka(ports, certificates)


def _properties(ports: Mapping[str, int], certificates: Certificates) -> str:
    protocols = {**_PROTOCOLS, "CONTROLLER": "PLAINTEXT"}
    advertised = _ADVERTISED | {"UNHEARD": f"{LOOPBACK}:{ports['NOBODY']}"}
    places = {name: f"{LOOPBACK}:{ports[name]}" for name in protocols}
    lines = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{places['CONTROLLER']}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAIN",
        "listeners": _listed(places),
        "advertised.listeners": _listed({name: advertised.get(name, places[name]) for name in _PROTOCOLS}),
        "listener.security.protocol.map": ",".join(f"{name}:{how}" for name, how in protocols.items()),
        "log.dirs": "log",
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificates.ca),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificates.both("server")),
        "listener.name.clients.ssl.client.auth": "required",
        "listener.name.tlslogin.sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
        # A wrong password is answered at once: by default after a tenth of a second.
        "connection.failed.authentication.delay.ms": "0",
    }
    for listener, key in _KEYS.items():
        lines[f"listener.name.{listener.lower()}.ssl.keystore.type"] = "PEM"
        lines[f"listener.name.{listener.lower()}.ssl.keystore.location"] = str(certificates.both(key))
    for listener in ("login", "tlslogin"):
        for mechanism, login in _LOGINS.items():
            lines[f"listener.name.{listener}.{mechanism}.sasl.jaas.config"] = login
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _listed(places: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{place}" for name, place in places.items())


def _accepts(_: Child, *, ports: tuple[int, ...]) -> bool:
    for port in ports:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex((LOOPBACK, port)):
                return False
    return True
