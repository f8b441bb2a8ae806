"""Figures of all processes that share an address, whichever answers."""

import subprocess
import sys
from pathlib import Path

from producers.collector.metrics import FOLDER

_PROCESS = """
import sys
from producers.collector.metrics import Metrics, share
share(int(sys.argv[1]))
metrics = Metrics()
metrics.request("pixel", 200)
metrics.events("events", "accepted", int(sys.argv[2]))
metrics.acknowledged(0.002)
metrics.state(spool_events=1, spool_bytes=100, kafka=True, loaded_at=float(sys.argv[3]), connections=2)
sys.stdout.buffer.write(metrics.page())
"""


def page_of(folder: Path, slot: int, events: int, loaded_at: int) -> list[str]:
    """Run a process of the collector's that counts, and return what it shows."""
    command = [sys.executable, "-c", _PROCESS, str(slot), str(events), str(loaded_at)]
    shown = subprocess.run(command, env={FOLDER: str(folder)}, capture_output=True, check=True, text=True)
    return shown.stdout.splitlines()


def test_whoever_answers_shows_all_and_one_that_is_started_again_goes_on(tmp_path: Path) -> None:
    page_of(tmp_path, 0, 5, 2000)
    page_of(tmp_path, 1, 7, 1000)
    page = page_of(tmp_path, 0, 11, 3000)

    for line in (
        'kpi_collector_requests_total{code="200",endpoint="pixel"} 3.0',
        'kpi_collector_events_total{endpoint="events",outcome="accepted"} 23.0',
        "kpi_collector_ack_seconds_count 3.0",
        "kpi_collector_spool_events 2.0",
        "kpi_collector_connections 4.0",
        "kpi_collector_kafka_up 1.0",
        "kpi_collector_registry_loaded_timestamp_seconds 1000.0",
    ):
        assert line in page, line
