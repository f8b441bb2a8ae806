"""`kpis worker`: one stream worker."""

import asyncio
import contextlib
import gc
import importlib.metadata
import logging
import os
import signal
import sys
import threading
import time
from typing import NoReturn

import click

from commands.configuration import current_settings
from commands.failure import FAIL_STOP, Failure, WrongUse
from commands.printable import LogFormatter, say
from connections.generations import NoSuchGeneration
from connections.listening import AddressInUse
from connections.redis import RedisUnavailable, connect
from connections.registry_watch import RegistryWatch
from connections.topic_checks import TopicsMismatch, TopicsMissing
from exporters.collector import KpiCollector
from exporters.endpoint import serve
from exporters.views import Views
from models.settings import Settings
from streams.worker.code_store import CodeStore
from streams.worker.compiling import compile_aside
from streams.worker.deadlines import Deadlines
from streams.worker.generation_worker import GenerationWorker

_SAY_SECONDS = 2.0


@click.command()
@click.option("--rebuild", type=click.IntRange(0), is_flag=False, flag_value=0, metavar="[GENERATION]",
              help="Count everything again, as the next generation or the given one.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Also log what Faust and aiokafka log.")
def command(verbose: bool, rebuild: int | None) -> None:
    """Run one stream worker until it is told to stop.

    It counts the events of its share of the partitions and shows the KPIs on /metrics. Start as many as you
    need; more than there are partitions stand by. It waits for Kafka, for the campaign registry, and
    until topics and stored state can be used: /readyz says why.

    With --rebuild it counts everything again from the beginning of the topics, as the next generation of
    the state, and shows nothing while the regular workers show theirs. Once all partitions are caught up,
    those stop (exit code 3: start them again) and this one shows. A supervisor that repeats the command
    should give the number: with --rebuild 1 it is a regular worker once generation 1 is active. See
    docs/rebuild.md.

    Exit codes: 0 stopped, 1 it cannot run, 2 wrong use, 3 it stopped itself rather than lose or double
    events: start it again.
    """
    settings = current_settings()
    _log_to_stderr(verbose)
    try:
        asyncio.run(_run(settings, rebuild))
    except (AddressInUse, RedisUnavailable, TopicsMismatch, TopicsMissing) as error:
        raise Failure(str(error)) from None
    except NoSuchGeneration as error:
        raise WrongUse(str(error)) from None


async def _run(settings: Settings, rebuild: int | None) -> None:
    redis = connect(settings)
    watch = RegistryWatch(redis, settings.redis_prefix, _now)
    deadlines = Deadlines(_fail_stop)
    deadlines.watch()
    compiled = asyncio.create_task(_compile(CodeStore(settings.cache_dir)))
    worker = GenerationWorker(settings, redis, watch, _now, _fail_stop, deadlines, compiled, rebuild)
    metrics = KpiCollector(worker.pipeline, _now, importlib.metadata.version("campaign-kpis"))
    views = Views(worker.pipeline, worker.readiness, _now, time.perf_counter).routes()
    server = await serve(settings.metrics_address, metrics, worker.readiness, views)
    say(f"metrics on http://{settings.metrics_address}/metrics", err=True)
    work, answering = asyncio.create_task(worker.run()), asyncio.create_task(worker.answer())

    told = asyncio.Event()

    def end() -> None:
        told.set()
        worker.ending()
        work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await work
            return
    finally:
        answering.cancel()
        compiled.cancel()
        await server.cleanup()
        await redis.aclose()
    if not told.is_set():
        # aiokafka's consumers have ended with a cancellation of their own: 0 would be an end for good.
        _fail_stop("The worker was cancelled, and by no signal.")
    if worker.worker and not worker.worker.stopped_in_order:
        # All is stored; but Python would wait for what Faust has left behind.
        _exit(0)


async def _compile(store: CodeStore) -> None:
    """Compile while Kafka is waited for; what that leaves is garbage for the last time."""
    await compile_aside(store)
    if store.problem:
        say(f"warning: {store.problem} Until then it compiles at every start.", err=True)
    _tame_garbage_collector()


def _tame_garbage_collector() -> None:
    """Collect garbage less often: the state is long-lived, and scanning it repeatedly halved the speed."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def _now() -> int:
    return time.time_ns() // 1000


def _fail_stop(reason: str) -> NoReturn:
    """End the process at once: going on could lose or double events."""
    # Whoever reads what is said may have stopped reading: the end does not wait for that.
    last = threading.Timer(_SAY_SECONDS, os._exit, [FAIL_STOP])
    last.daemon = True
    last.start()
    say(f"Error: {reason} Stopping; start it again.", err=True)
    _exit(FAIL_STOP)


def _exit(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _log_to_stderr(verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("streams").setLevel(logging.INFO)
    for name in ("faust", "mode", "streams.kafka.app", "streams.kafka.table", "streams.kafka.transport"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.ERROR)
    # Without its broker aiokafka logs dozens of lines a second; the lag watch logs it once.
    logging.getLogger("aiokafka").setLevel(logging.INFO if verbose else logging.CRITICAL)
