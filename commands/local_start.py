"""What `kpis up` starts, where, and what it writes down of that for other commands."""

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import commands
from commands.failure import Failure, WrongUse
from commands.local_service import collector_service, demo_service, worker_service
from commands.watching import Screen, wait_for
from embedded import ServerFailed
from embedded.jars import usual_jars_dir
from embedded.kafka import kafka_service
from embedded.kept_ports import KeptPorts
from embedded.ports import LOOPBACK, Reservation
from embedded.prometheus import alertmanager_service, prometheus_service
from embedded.redis import redis_service
from embedded.server import Service
from embedded.supervisor import Supervisor
from models.settings import Settings

_KAFKA, _REDIS, _WORKER, _COLLECTOR, _PROMETHEUS, _ALERTMANAGER = 9092, 6379, 9464, 8080, 9090, 9093
_CONFIG = "kpis.toml"
_MARK = "# Written by kpis up, and removed when it ends."
_SECRET = {"kafka_sasl_password", "secrets"}
_ADDRESSES = {"kafka", "redis_url", "metrics_address", "collect_address"}


@dataclass(frozen=True)
class Options:
    """What is to be run, and at which ports; None: at those that the data directory keeps."""

    demo: bool
    rate: float
    servers_only: bool
    kafka_port: int | None
    redis_port: int | None
    metrics_port: int | None
    collect_port: int | None
    with_prometheus: bool
    prometheus_port: int | None
    alertmanager_port: int | None


class Start:
    """One start: `stack` undoes what it leaves behind, `lock` is that of the data directory."""

    def __init__(
        self, folder: Path, lock: int, settings: Settings, options: Options, screen: Screen, stack: ExitStack
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._given = settings
        self._options = options
        self._screen = screen
        self._stack = stack
        reservation = Reservation(f"the `kpis up` (process {os.getpid()}) of {folder}")
        stack.callback(reservation.release)
        self._ports = KeptPorts(folder, reservation, screen.progress)

    def run(self, supervisor: Supervisor) -> Settings:
        """Start what is asked for; return the settings with the addresses of what was started.

        Raises:
            ServerFailed: something cannot be started in a way that trying again would not mend.
            WrongUse: settings name servers of others.

        """
        local = self._addressed()
        # Children read the environment, which overrides any file: no other broker can slip in.
        os.environ.update({f"KPIS_{name.upper()}": getattr(local, name) for name in _ADDRESSES})
        if local.secrets is not None:
            # In a file it would be for others to read.
            os.environ["KPIS_SECRETS"] = local.secrets.get_secret_value()
        lock, say = self._lock, self._screen.progress
        ports = [int(one.rpartition(":")[2]) for one in (local.kafka, local.redis_url.removesuffix("/0"))]
        jars = local.jars_dir or usual_jars_dir(self._folder / "jars")
        # What cannot be prepared is said before anything runs.
        services = [
            redis_service(self._folder / "redis", ports[1], lock, say),
            kafka_service(self._folder / "kafka", ports[0], lock, jars.expanduser(), say),
        ]
        others = self._prometheus(local) if self._options.with_prometheus else []
        self._write_config(local)
        redis, kafka = (supervisor.run(service) for service in services)
        waited_for = [redis, kafka]
        if not self._options.servers_only:
            # At once: it compiles while Kafka starts.
            waited_for.append(supervisor.run(worker_service(local, self._folder, lock), needs=[kafka]))
            waited_for.append(supervisor.run(collector_service(local, self._folder, lock), needs=[kafka]))
        wait_for(self._screen, *waited_for)
        for service in others:
            supervisor.run(service)
        if self._options.demo:
            demo = demo_service(local, self._folder, lock, self._options.rate)
            supervisor.run(demo, needs=[kafka, redis], waits=True)
        return local

    def _addressed(self) -> Settings:
        """Choose the ports; return the settings with the addresses, or refuse those of other servers."""
        given, options = self._given, self._options
        kafka = self._ports.choose("kafka", "Kafka", _KAFKA, "--kafka-port", options.kafka_port)
        redis = self._ports.choose("redis", "Redis", _REDIS, "--redis-port", options.redis_port)
        addresses = {"kafka": f"{LOOPBACK}:{kafka}", "redis_url": f"redis://{LOOPBACK}:{redis}/0"}
        _refuse_others(given, addresses)
        if not options.servers_only:
            addresses["metrics_address"] = self._own("metrics", "The worker", _WORKER, options.metrics_port)
            addresses["collect_address"] = self._own(
                "collect", "The collector", _COLLECTOR, options.collect_port
            )
        return given.model_copy(update=addresses)

    def _own(self, name: str, process: str, default: int, given: int | None) -> str:
        """Choose the port of one of our processes; its host is as set."""
        setting = f"{name}_address"
        host, _, port = getattr(self._given, setting).rpartition(":")
        port_set = int(port) if setting in self._given.model_fields_set else None
        option = f"--{name}-port or KPIS_{setting.upper()}"
        return f"{host}:{self._ports.choose(name, process, default, option, given or port_set)}"

    def _prometheus(self, local: Settings) -> list[Service]:
        options, choose = self._options, self._ports.choose
        alerts = choose(
            "alertmanager", "Alertmanager", _ALERTMANAGER, "--alertmanager-port", options.alertmanager_port
        )
        port = choose("prometheus", "Prometheus", _PROMETHEUS, "--prometheus-port", options.prometheus_port)
        files = _monitoring()
        worker = f"{LOOPBACK}:{local.metrics_address.rpartition(':')[2]}"
        return [
            alertmanager_service(self._folder / "alertmanager", files, alerts, self._lock),
            prometheus_service(self._folder / "prometheus", files, (port, alerts), worker, self._lock),
        ]

    def _write_config(self, local: Settings) -> None:
        """Write down the addresses for children and other commands, until the end."""
        file = self._folder / _CONFIG
        if file.exists() and not file.read_text("utf-8", "replace").startswith(_MARK):
            raise Failure(f"{file} was not written by kpis up; move it, or choose another --data-dir.")
        self._stack.callback(_remove, file)
        _write_toml(file, local, self._given.model_fields_set | _ADDRESSES)


def _monitoring() -> Path:
    """Find the files of monitoring/: beside our packages, or in the current directory."""
    beside = Path(commands.__file__).parent.parent / "monitoring"
    return beside if beside.is_dir() else Path("monitoring").absolute()


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()


def _refuse_others(settings: Settings, addresses: dict[str, str]) -> None:
    """Refuse settings that name a Kafka or a Redis of others: they would be ignored in silence."""
    for name, address in addresses.items():
        if name in settings.model_fields_set and getattr(settings, name) != address:
            raise WrongUse(
                f"KPIS_{name.upper()} is {getattr(settings, name)}, but `kpis up` runs a server of its own, "
                f"at {address}: unset it (in the environment or in kpis.toml), or run `kpis worker`, "
                "which uses it."
            )
    if settings.kafka_security_protocol != "PLAINTEXT":
        raise WrongUse(
            f"KPIS_KAFKA_SECURITY_PROTOCOL is {settings.kafka_security_protocol}, but the Kafka of `kpis up` "
            "speaks PLAINTEXT on this machine: unset it, or run `kpis worker` with a Kafka of your own."
        )


def _write_toml(file: Path, settings: Settings, names: set[str]) -> None:
    values = settings.model_dump(mode="json", include=names - _SECRET, exclude_none=True)
    lines = (f"{name} = {_toml(value)}" for name, value in values.items())
    written = file.with_suffix(".new")
    try:
        written.write_text("\n".join([_MARK, *lines]) + "\n", "utf-8")
        written.replace(file)
    except OSError as error:
        raise ServerFailed(f"{file} cannot be written ({error.strerror}).") from None


def _toml(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
