"""Compare the worker with a naive Faust app: same broker, same events, in turns."""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from commands.failure import Failure
from commands.metrics_page import read_metrics
from embedded.kafka import start_kafka
from embedded.ports import free_port
from embedded.redis import start_redis
from models.topics import INPUT_TOPICS

_KPIS = [sys.executable, "-m", "commands"]
# Without mishaps: the naive app falls over at the first malformed event.
_CLEAN = ["--malformed", "0", "--duplicates", "0", "--late", "0"]


@dataclass(frozen=True)
class Run:
    """What one consumer took for all events: wall and CPU seconds, start-up included in the CPU alone."""

    wall: float
    cpu: float


def main() -> None:
    """Send the events once, let both consume them in turns, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka = stack.enter_context(start_kafka(folder / "kafka"))
        redis = stack.enter_context(start_redis(folder / "redis"))
        os.environ |= {"KPIS_KAFKA": kafka.address, "KPIS_REDIS_URL": f"redis://{redis.address}/0"}
        _send(arguments.events, folder)
        worker, naive = [], []
        for number in range(arguments.rounds):
            worker.append(_measure(lambda n=number: _run_worker(n, arguments.events)))
            naive.append(_measure(lambda n=number: _run_naive(n, arguments.events, kafka.address)))
    _report(worker, naive, arguments.events)


def _send(events: int, folder: Path) -> None:
    campaigns = folder / "campaigns.yaml"
    campaigns.write_bytes(subprocess.check_output([*_KPIS, "simulate", "--print-campaigns"]))
    subprocess.run([*_KPIS, "campaigns", "apply", campaigns], check=True)
    subprocess.run([*_KPIS, "topics", "apply"], check=True)
    sending = ["simulate", "--quiet", "--seed", "1", "--backfill", "1h", "--rate", "400", *_CLEAN]
    subprocess.run([*_KPIS, *sending, "--count", str(events)], check=True)


def _measure(consume: Callable[[], float]) -> Run:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = consume()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _run_worker(number: int, events: int) -> float:
    address = f"127.0.0.1:{free_port()}"
    own = {"KPIS_GROUP": f"worker-{number}", "KPIS_METRICS_ADDRESS": address}
    process = subprocess.Popen([*_KPIS, "worker"], env=os.environ | own, stderr=subprocess.DEVNULL)
    try:
        return _time_counting(address, events)
    finally:
        process.terminate()
        process.wait()


def _time_counting(address: str, events: int) -> float:
    """Give the seconds from the first event counted to the last."""
    started = 0.0
    while True:
        try:
            counted = sum(s.value for s in read_metrics(address) if s.name == "kpi_pipeline_events_total")
        except Failure:
            counted = 0
        if counted and not started:
            started = time.monotonic()
        if counted >= events:
            return time.monotonic() - started
        time.sleep(0.25)


def _run_naive(number: int, events: int, broker: str) -> float:
    command = [sys.executable, "-m", "benchmarks.naive_app", broker, f"naive-{number}", str(events)]
    started = time.monotonic()
    subprocess.run([*command, *INPUT_TOPICS], check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def _report(worker: list[Run], naive: list[Run], events: int) -> None:
    print(f"{events} events, {len(worker)} rounds in turns, {platform.machine()}, {os.cpu_count()} cores")
    print(f"{'':8}{'events/s':>12}{'µs CPU/event':>16}")
    for name, runs in (("worker", worker), ("naive", naive)):
        rate = statistics.median(events / run.wall for run in runs)
        cpu = statistics.median(run.cpu / events * 1e6 for run in runs)
        print(f"{name:8}{rate:12,.0f}{cpu:16.0f}")
    ratios = [other.cpu / own.cpu for own, other in zip(worker, naive, strict=True)]
    print(f"CPU, naive ÷ worker: {min(ratios):.1f} – {statistics.median(ratios):.1f} – {max(ratios):.1f}")


if __name__ == "__main__":
    main()
