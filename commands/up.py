"""`kpis up`: the whole service on this machine, with nothing but Python packages."""

import signal
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click

from commands.configuration import current_settings
from commands.failure import FAILED, Failure
from commands.local_start import Options, Start
from commands.local_status import lines, read_status, write_state
from commands.printable import printable_json, say
from commands.signals import interrupted_by_sigterm
from commands.systemd import notify
from commands.watching import Screen, watch
from embedded import ServerFailed
from embedded.disk import Disk, usual_limits
from embedded.lock import held
from embedded.supervisor import Supervisor
from models.settings import Settings

_PORT = click.IntRange(1, 65535)


@click.command()
@click.option("--demo", is_flag=True, help="Register simulated campaigns and send their events.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False),
              help="Where the servers keep their data (KPIS_DATA_DIR).")  # fmt: skip
@click.option("--rate", default=2.0, show_default=True, help="Simulated events per second, with --demo.")
@click.option("--servers-only", is_flag=True, help="Start only Kafka and Redis; run workers yourself.")
@click.option("--kafka-port", type=_PORT, help="Kafka's port, from now on (9092, or a free one).")
@click.option("--redis-port", type=_PORT, help="Redis' port, from now on (6379, or a free one).")
@click.option("--metrics-port", type=_PORT, help="The worker's port, from now on (9464, or a free one).")
@click.option("--collect-port", type=_PORT, help="The collector's port, from now on (8080, or a free one).")
@click.option("--with-prometheus", is_flag=True, help="Also run Prometheus and Alertmanager, if installed.")
@click.option("--prometheus-port", type=_PORT, help="Prometheus' port, from now on (9090, or a free one).")
@click.option(
    "--alertmanager-port", type=_PORT, help="Alertmanager's port, from now on (9093, or a free one)."
)
@click.option(
    "--status", is_flag=True, help="Say what runs in the data directory, and where; exit 1 if nothing."
)
@click.option("--json", "as_json", is_flag=True, help="With --status: for programs.")
def command(data_dir: Path | None, status: bool, as_json: bool, **options: Any) -> None:
    """Start Kafka, Redis, a worker and a collector on this machine, and show the KPIs until Ctrl-C.

    Whatever ends is started again, and the screen says why it ended. Data stay in the data directory: the
    next start continues where this one ended, at the same ports (ports.toml). Other commands find the servers
    by its kpis.toml while this one runs: `kpis --config DIR/kpis.toml show`.
    """
    settings = current_settings()
    folder = _folder(data_dir or settings.data_dir)
    if status:
        _print_status(folder, as_json)
    elif options["with_prometheus"] and options["servers_only"]:
        raise click.UsageError("--with-prometheus watches the worker, which --servers-only does not start.")
    else:
        _up(folder, settings, Options(**options))


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


def _up(folder: Path, settings: Settings, options: Options) -> None:
    screen = Screen()
    try:
        with interrupted_by_sigterm(), ExitStack() as stack:
            lock = stack.enter_context(held(folder))
            disk = Disk(folder, usual_limits(folder))
            supervisor = Supervisor(screen.say, disk, partial(write_state, folder))
            stack.callback(_end, supervisor)
            local = Start(folder, lock, settings, options, screen, stack).run(supervisor)
            notify("READY=1")
            watch(supervisor, local, screen)
    except ServerFailed as error:
        raise Failure(str(error)) from None
    except KeyboardInterrupt:
        pass
    say("stopped; the data is kept", err=True)


def _end(supervisor: Supervisor) -> None:
    """Stop the servers in a way that a second Ctrl-C cannot leave one running."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    notify("STOPPING=1")
    supervisor.end()
