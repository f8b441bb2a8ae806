"""`kpis up`: the whole service on this machine, with nothing but Python packages."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import click

from commands.configuration import current_settings
from commands.failure import Failure
from commands.local_service import LocalService
from commands.printable import say
from commands.signals import interrupted_by_sigterm
from commands.watching import watch
from embedded import ServerFailed
from embedded.kafka import start_kafka
from embedded.ports import free_port
from embedded.redis import start_redis
from embedded.server import Server
from models.settings import Settings

_KAFKA_PORT, _REDIS_PORT = 9092, 6379
_MARK = "# Written by kpis up, and removed when it ends."


@click.command()
@click.option("--demo", is_flag=True, help="Register simulated campaigns and send their events.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False),
              help="Where the servers keep their data (KPIS_DATA_DIR).")  # fmt: skip
@click.option("--rate", default=2.0, show_default=True, help="Simulated events per second, with --demo.")
@click.option("--servers-only", is_flag=True, help="Start only Kafka and Redis; run workers yourself.")
def command(demo: bool, data_dir: Path | None, rate: float, servers_only: bool) -> None:
    """Start Kafka, Redis and a worker on this machine, and show the KPIs until Ctrl-C.

    Data stays in the data directory: the next start continues where this one ended. Other commands find the
    servers by its kpis.toml while this one runs: `kpis --config DIR/kpis.toml show`.
    """
    settings = current_settings()
    folder = (data_dir or settings.data_dir).expanduser().absolute()
    try:
        with interrupted_by_sigterm(), ExitStack() as stack:
            servers = _start_servers(stack, folder)
            local = _use(servers, stack, folder, settings)
            service = LocalService(local, servers, folder)
            stack.callback(service.stop)
            stack.callback(_ignore_interrupts)
            if not servers_only:
                service.start_worker()
            if demo:
                service.start_demo(rate)
            watch(service, local)
    except ServerFailed as error:
        raise Failure(str(error)) from None
    except KeyboardInterrupt:
        click.echo("stopped; the data is kept", err=True)


def _start_servers(stack: ExitStack, folder: Path) -> dict[str, Server]:
    kafka = start_kafka(folder / "kafka", port=free_port(_KAFKA_PORT), progress=_say)
    stack.callback(kafka.stop)
    redis = start_redis(folder / "redis", port=free_port(_REDIS_PORT), progress=_say)
    stack.callback(redis.stop)
    return {"Kafka": kafka, "Redis": redis}


def _use(servers: dict[str, Server], stack: ExitStack, folder: Path, settings: Settings) -> Settings:
    """Return the settings with the servers' addresses, and pass these to children and other commands."""
    addresses = {"kafka": servers["Kafka"].address, "redis_url": f"redis://{servers['Redis'].address}/0"}
    # Children read the environment, which overrides any file: no other broker can slip in.
    os.environ.update({f"KPIS_{name.upper()}": address for name, address in addresses.items()})
    local = settings.model_copy(update=addresses)
    file = folder / "kpis.toml"
    if file.exists() and not file.read_text("utf-8", "replace").startswith(_MARK):
        raise Failure(f"{file} was not written by kpis up; move it, or choose another --data-dir.")
    stack.callback(file.unlink, missing_ok=True)
    _write_toml(file, local, set(addresses) | settings.model_fields_set | {"metrics_address"})
    return local


def _write_toml(file: Path, settings: Settings, names: set[str]) -> None:
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


def _say(sentence: str) -> None:
    say(sentence, err=True)


def _ignore_interrupts() -> None:
    """Stop the servers in a way that a second Ctrl-C cannot leave one running."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
