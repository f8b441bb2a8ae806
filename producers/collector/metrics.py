"""The collector's own series: of all processes that share its address, whichever of them answers.

Processes of one address keep their figures in files of one folder, a slot each: so a process that was started
again goes on with those of the one before, and no counter ever falls.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from models.metrics import collector_metrics as metrics
from models.metrics.metric import Metric

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder; where it is not set, there is one process."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def share(slot: int) -> None:
    """Keep this process's figures in its slot of `FOLDER`; to be called before any metric is made."""
    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # the library leaves it so


class Metrics:
    """What is counted. Labels are names that stand in our code: no value of a request ever becomes one."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._shared = environment.get(FOLDER)
        self._registry = registry = CollectorRegistry()
        self._requests = self._counter(metrics.REQUESTS)
        self._events = self._counter(metrics.EVENTS)
        self._refused = self._counter(metrics.REFUSED)
        self._invalid = self._counter(metrics.INVALID_TRAFFIC)
        self._uncounted = self._counter(metrics.UNCOUNTED)
        self._notes = self._counter(metrics.NOTES)
        self._lost = self._counter(metrics.LOST_CLICKS)
        self._acks = Histogram(metrics.ACK.name, metrics.ACK.help, buckets=_SECONDS, registry=registry)
        self._spool_events = self._gauge(metrics.SPOOL_EVENTS, "sum")
        self._spool_bytes = self._gauge(metrics.SPOOL_BYTES, "sum")
        self._kafka = self._gauge(metrics.KAFKA_UP, "min")
        self._loaded = self._gauge(metrics.REGISTRY_LOADED, "min")
        self._connections = self._gauge(metrics.CONNECTIONS, "sum")
        # A label's lookup takes longer than counting.
        self._count = cache(lambda counter, *labels: counter.labels(*labels))

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.help, metric.labels, registry=self._registry)

    def _gauge(self, metric: Metric, over_processes: Literal["sum", "min"]) -> Gauge:
        return Gauge(metric.name, metric.help, registry=self._registry, multiprocess_mode=over_processes)

    def request(self, endpoint: str, code: int) -> None:
        """Count a request that was answered."""
        self._count(self._requests, endpoint, str(code)).inc()

    def events(self, endpoint: str, outcome: str, number: int = 1) -> None:
        """Count events: `accepted`, `refused`, `invalid_traffic` or `duplicate`."""
        if number:
            self._count(self._events, endpoint, outcome).inc(number)

    def refused(self, endpoint: str, reason: str, *, events: int = 1) -> None:
        """Count why a request, or events of one, were refused."""
        self._count(self._refused, endpoint, reason).inc(events or 1)
        self.events(endpoint, "refused", events)

    def invalid(self, endpoint: str, reason: str, events: int) -> None:
        """Count events of no visitor."""
        if events:
            self._count(self._invalid, endpoint, reason).inc(events)
        self.events(endpoint, "invalid_traffic", events)

    def uncounted(self, endpoint: str, reason: str) -> None:
        """Count a request that says nothing of a visitor."""
        self._count(self._uncounted, endpoint, reason).inc()

    def note(self, endpoint: str, note: str, times: int = 1) -> None:
        """Count what was told beside."""
        if times:
            self._count(self._notes, endpoint, note).inc(times)

    def lost_click(self) -> None:
        """Count a click that was redirected and not kept."""
        self._lost.inc()

    def acknowledged(self, seconds: float) -> None:
        """Count how long Kafka took."""
        self._acks.observe(seconds)

    def state(
        self, *, spool_events: int, spool_bytes: int, kafka: bool, loaded_at: float | None, connections: int
    ) -> None:
        """Show how this process is."""
        self._spool_events.set(spool_events)
        self._spool_bytes.set(spool_bytes)
        self._kafka.set(kafka)
        self._loaded.set(loaded_at or 0)
        self._connections.set(connections)

    def page(self) -> bytes:
        """Write /metrics, of all processes."""
        if not self._shared:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody, self._shared)  # type: ignore[no-untyped-call]  # the library leaves it so
        return generate_latest(everybody)
