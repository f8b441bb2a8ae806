"""`kpis collect`: the HTTP collector, in one process or several."""

import asyncio
import logging
import os
import resource
import secrets as random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager

import click
import uvloop

from commands.configuration import current_settings
from commands.failure import FAILED, WRONG_USE, Failure, WrongUse
from commands.printable import LogFormatter, say
from connections.door import bound
from connections.kafka import KafkaUnavailable
from connections.listening import AddressInUse, host_and_port, in_use
from connections.redis import RedisUnavailable
from models.settings import Settings
from producers.collector.durable import SpoolUnusable
from producers.collector.metrics import FOLDER, share
from producers.collector.processes import Supervised, supervise
from producers.collector.secrets import Secrets
from producers.collector.secrets_file import SecretsError, load_secrets, make_secrets_file, read_secrets
from producers.collector.serving import collecting

_MOST_PROCESSES = 64


@click.command()
@click.option("--processes", type=click.IntRange(1, _MOST_PROCESSES), default=1, show_default=True,
              help="How many processes share the address: one a core is enough.")  # fmt: skip
@click.option("--slot", type=int, hidden=True, help="Which of the processes this is.")
@click.option("-v", "--verbose", is_flag=True, help="Also log what aiokafka logs.")
@click.pass_context
def command(context: click.Context, processes: int, slot: int | None, verbose: bool) -> None:
    """Take events over HTTP until it is told to stop: pixels, links, batches, postbacks, shops' webhooks.

    Whoever gets a 2xx can forget the event: it is acknowledged by Kafka, or on disk under KPIS_DATA_DIR until
    it is. It listens at KPIS_COLLECT_ADDRESS; put a proxy with TLS in front. Campaigns and links are those
    that `kpis campaigns apply` registered. Secrets and keys are in secrets.toml in the data directory, made
    at the first start, or where KPIS_SECRETS_FILE says. /readyz says what is wrong. See docs/collect.md.

    Exit codes: 0 stopped, 1 it cannot run, 2 wrong use or wrong secrets.
    """
    settings = current_settings()
    _log_to_stderr(verbose)
    secrets = _secrets(settings, quiet=slot is not None)
    try:
        if slot is None and processes > 1:
            with _folder():
                code = asyncio.run(_several(settings, processes, verbose=verbose))
            context.exit(code)
        _one(settings, secrets, slot)
    except (AddressInUse, KafkaUnavailable, RedisUnavailable, SpoolUnusable) as error:
        raise Failure(str(error)) from None


def _one(settings: Settings, secrets: Secrets, slot: int | None) -> None:
    if slot is not None:
        share(slot)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_collect(settings, secrets, slot))


async def _collect(settings: Settings, secrets: Secrets, slot: int | None) -> None:
    told, failed = _told(), asyncio.Event()

    def end() -> None:
        failed.set()
        told.set()

    if slot is not None:
        # Whoever started us holds the other end: should it be killed, nobody else would end us.
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _orphaned, told)
    async with collecting(settings, secrets, _now, end, shared=slot is not None):
        number = "" if slot is None else f", process {slot}"
        say(f"collecting on http://{settings.collect_address}{number}", err=True)
        await told.wait()
    if failed.is_set():
        raise Failure("The collector ended for a defect of its own: start it again, and report its log.")


async def _several(settings: Settings, count: int, *, verbose: bool) -> int:
    """Run several processes; hold the address meanwhile, so that no stranger shares it."""
    host, port = host_and_port(settings.collect_address)
    held = []
    try:
        for one in await bound(host, port):
            one.close()
        held = await bound(host, port, shared=True)
    except OSError as error:
        raise in_use(settings.collect_address, "KPIS_COLLECT_ADDRESS", error) from None
    root = click.get_current_context().find_root()
    config = [] if root.params.get("config") is None else ["--config", str(root.params["config"])]
    options = ["--verbose"] if verbose else []

    async def start(slot: int) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "commands", *config, "collect", "--slot", str(slot), *options, stdin=PIPE
        )

    def tell(sentence: str) -> None:
        say(f"warning: {sentence}", err=True)

    try:
        return await supervise(count, Supervised(start, tell, frozenset((FAILED, WRONG_USE))), _told())
    finally:
        for one in held:
            one.close()


def _orphaned(told: asyncio.Event) -> None:
    asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
    told.set()


def _told() -> asyncio.Event:
    """Return what is set once a signal asks to end."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


@contextmanager
def _folder() -> Iterator[None]:
    """Make the folder of what all processes count, and name it to them."""
    with tempfile.TemporaryDirectory(prefix="kpis-collect-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def _secrets(settings: Settings, *, quiet: bool) -> Secrets:
    path = (settings.secrets_file or settings.data_dir / "secrets.toml").expanduser()
    try:
        if settings.secrets is not None:
            return read_secrets(settings.secrets.get_secret_value(), "KPIS_SECRETS")
        if settings.secrets_file is None and make_secrets_file(path, random.token_urlsafe):
            say(f"wrote new secrets to {path}: keep them", err=True)
        loaded = load_secrets(path)
    except SecretsError as error:
        raise WrongUse(str(error)) from None
    except OSError as error:
        raise Failure(f"{path}: secrets cannot be written ({error.strerror}). Set KPIS_DATA_DIR.") from None
    for warning in () if quiet else loaded.warnings:
        say(f"warning: {warning}", err=True)
    return loaded.secrets


def _now() -> int:
    return time.time_ns() // 1000


def _log_to_stderr(verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    # Without its broker aiokafka logs dozens of lines a second; the sender says once why it waits.
    logging.getLogger("aiokafka").setLevel(logging.INFO if verbose else logging.CRITICAL)
