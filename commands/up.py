"""`kpis up`: the whole service on this machine, with nothing but Python packages."""

import os
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from commands.configuration import current_settings
from commands.failure import FAILED, Failure, WrongUse
from commands.local_service import demo_service, worker_service
from commands.local_status import lines, read_status, write_state
from commands.printable import printable_json, say
from commands.signals import interrupted_by_sigterm
from commands.systemd import notify
from commands.watching import Screen, wait_for, watch
from embedded import ServerFailed
from embedded.disk import Disk, usual_limits
from embedded.jars import usual_jars_dir
from embedded.kafka import kafka_service
from embedded.kept_ports import KeptPorts
from embedded.lock import held
from embedded.ports import LOOPBACK, Reservation
from embedded.redis import redis_service
from embedded.supervisor import Supervisor
from models.settings import Settings

_KAFKA_PORT, _REDIS_PORT, _WORKER_PORT = 9092, 6379, 9464
_MARK = "# Written by kpis up, and removed when it ends."
_CONFIG = "kpis.toml"
_ADDRESSES = {"kafka", "redis_url", "metrics_address"}
_PORT = click.IntRange(1, 65535)


@dataclass(frozen=True)
class _Options:
    """What is to be run, and at which ports; None: at those that the data directory keeps."""

    demo: bool
    rate: float
    servers_only: bool
    kafka_port: int | None
    redis_port: int | None
    metrics_port: int | None


@click.command()
@click.option("--demo", is_flag=True, help="Register simulated campaigns and send their events.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False),
              help="Where the servers keep their data (KPIS_DATA_DIR).")  # fmt: skip
@click.option("--rate", default=2.0, show_default=True, help="Simulated events per second, with --demo.")
@click.option("--servers-only", is_flag=True, help="Start only Kafka and Redis; run workers yourself.")
@click.option("--kafka-port", type=_PORT, help="Kafka's port, from now on (9092, or a free one).")
@click.option("--redis-port", type=_PORT, help="Redis' port, from now on (6379, or a free one).")
@click.option("--metrics-port", type=_PORT, help="The worker's port, from now on (9464, or a free one).")
@click.option(
    "--status", is_flag=True, help="Say what runs in the data directory, and where; exit 1 if nothing."
)
@click.option("--json", "as_json", is_flag=True, help="With --status: for programs.")
def command(data_dir: Path | None, status: bool, as_json: bool, **options: Any) -> None:
    """Start Kafka, Redis and a worker on this machine, and show the KPIs until Ctrl-C.

    Whatever ends is started again, and the screen says why it ended. Data stay in the data directory: the
    next start continues where this one ended, at the same ports (ports.toml). Other commands find the servers
    by its kpis.toml while this one runs: `kpis --config DIR/kpis.toml show`.
    """
    settings = current_settings()
    folder = _folder(data_dir or settings.data_dir)
    if status:
        _print_status(folder, as_json)
    else:
        _up(folder, settings, _Options(**options))


def _folder(named: Path) -> Path:
    try:
        return named.expanduser().absolute()
    except RuntimeError:
        raise Failure(f"{named}: there is no home directory here; set KPIS_DATA_DIR or --data-dir.") from None


def _print_status(folder: Path, as_json: bool) -> None:
    status = read_status(folder)
    if as_json:
        click.echo(printable_json(status))
    else:
        for line in lines(status):
            say(line)
    if not status["running"]:
        click.get_current_context().exit(FAILED)


def _up(folder: Path, settings: Settings, options: _Options) -> None:
    screen = Screen()
    try:
        with interrupted_by_sigterm(), ExitStack() as stack:
            lock = stack.enter_context(held(folder))
            disk = Disk(folder, usual_limits(folder))
            supervisor = Supervisor(screen.say, disk, partial(write_state, folder))
            stack.callback(_end, supervisor)
            local = _start(folder, lock, supervisor, settings, options, screen, stack)
            notify("READY=1")
            watch(supervisor, local, screen)
    except ServerFailed as error:
        raise Failure(str(error)) from None
    except KeyboardInterrupt:
        click.echo("stopped; the data is kept", err=True)


def _start(
    folder: Path,
    lock: int,
    supervisor: Supervisor,
    settings: Settings,
    options: _Options,
    screen: Screen,
    stack: ExitStack,
) -> Settings:
    """Start what is asked for, and return the settings with the addresses of what was started."""
    local = _addressed(folder, settings, options, screen, stack)
    kafka_port, redis_port = (int(one.rpartition(":")[2]) for one in (local.kafka, local.redis_url[:-2]))
    redis = supervisor.run(redis_service(folder / "redis", redis_port, lock, screen.progress))
    jars = settings.jars_dir or usual_jars_dir(folder / "jars")
    kafka = supervisor.run(kafka_service(folder / "kafka", kafka_port, lock, jars, screen.progress))
    wait_for(screen, kafka, redis)
    # Children and other commands find the servers by it.
    stack.callback((folder / _CONFIG).unlink, missing_ok=True)
    _write_toml(folder / _CONFIG, local, settings.model_fields_set | _ADDRESSES)
    if not options.servers_only:
        worker = supervisor.run(worker_service(local, folder, lock), needs=[kafka])
        wait_for(screen, worker)
    if options.demo:
        demo = demo_service(local, folder, lock, options.rate)
        supervisor.run(demo, needs=[kafka, redis], waits=True)
    return local


def _addressed(
    folder: Path, settings: Settings, options: _Options, screen: Screen, stack: ExitStack
) -> Settings:
    """Choose the ports; return the settings with the addresses, or refuse those of other servers."""
    reservation = Reservation(f"the `kpis up` (process {os.getpid()}) of {folder}")
    stack.callback(reservation.release)
    ports = KeptPorts(folder, reservation, screen.progress)
    kafka = ports.choose("kafka", "Kafka", _KAFKA_PORT, "--kafka-port", options.kafka_port)
    redis = ports.choose("redis", "Redis", _REDIS_PORT, "--redis-port", options.redis_port)
    addresses = {"kafka": f"{LOOPBACK}:{kafka}", "redis_url": f"redis://{LOOPBACK}:{redis}/0"}
    _refuse_others(settings, addresses)
    if not options.servers_only:
        host, _, port = settings.metrics_address.rpartition(":")
        set_ = int(port) if "metrics_address" in settings.model_fields_set else None
        option = "--metrics-port or KPIS_METRICS_ADDRESS"
        chosen = ports.choose("metrics", "The worker", _WORKER_PORT, option, options.metrics_port or set_)
        addresses["metrics_address"] = f"{host}:{chosen}"
    return settings.model_copy(update=addresses)


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
    if file.exists() and not file.read_text("utf-8", "replace").startswith(_MARK):
        raise Failure(f"{file} was not written by kpis up; move it, or choose another --data-dir.")
    values = settings.model_dump(mode="json", include=names - {"kafka_sasl_password"}, exclude_none=True)
    lines = (f"{name} = {_toml(value)}" for name, value in values.items())
    written = file.with_suffix(".new")
    written.write_text("\n".join([_MARK, *lines]) + "\n", "utf-8")
    written.replace(file)


def _toml(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _end(supervisor: Supervisor) -> None:
    """Stop the servers in a way that a second Ctrl-C cannot leave one running."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    notify("STOPPING=1")
    supervisor.end()
