"""The metrics of the collector: what comes over HTTP, and what waits for Kafka."""

from typing import Literal

from models.metrics import metric
from models.metrics.metric import Metric

PREFIX = f"{metric.PREFIX}_collector_"
"""What the names of these metrics begin with, and no others."""

CAMPAIGN_OVER = "campaign_over"
"""The note on a refused event whose campaign is over: links and pages outlive campaigns."""


def _metric(name: str, kind: Literal["gauge", "counter", "histogram"], text: str, *labels: str) -> Metric:
    suffix = "_total" if kind == "counter" else ""
    return Metric(f"{PREFIX}{name}{suffix}", kind, text, labels)


REQUESTS = _metric("requests", "counter", "Requests answered; of unknown paths: other", "endpoint", "code")
EVENTS = _metric(
    "events", "counter",
    "Events by what became of them: accepted (acknowledged by Kafka or on disk), refused, invalid_traffic, "
    "duplicate",
    "endpoint", "outcome",
)  # fmt: skip
REFUSED = _metric("refused", "counter", "Events and requests refused", "endpoint", "reason")
INVALID_TRAFFIC = _metric(
    "invalid_traffic", "counter", "Events that no visitor made; only those of known bots are sent on",
    "endpoint", "reason",
)  # fmt: skip
UNCOUNTED = _metric(
    "uncounted_requests", "counter", "Requests that say nothing of a visitor: HEAD, prefetch, preview",
    "endpoint", "reason",
)  # fmt: skip
NOTES = _metric(
    "notes", "counter", "What is odd about requests that were taken all the same: conflicts, unknown codes …",
    "endpoint", "note",
)  # fmt: skip
LOST_CLICKS = _metric("lost_clicks", "counter", "Clicks that were redirected, their event not kept")
ACK = _metric("ack_seconds", "histogram", "From an event's acceptance to its acknowledgement by Kafka")
SPOOL_EVENTS = _metric("spool_events", "gauge", "Events on disk that wait for Kafka")
SPOOL_BYTES = _metric("spool_bytes", "gauge", "Bytes on disk of events that wait for Kafka")
KAFKA_UP = _metric("kafka_up", "gauge", "1 while Kafka acknowledges, else 0")
REGISTRY_LOADED = _metric(
    "registry_loaded_timestamp_seconds", "gauge", "When the campaigns were last seen in the registry"
)
CONNECTIONS = _metric("connections", "gauge", "Open connections")

COLLECTOR_METRICS = (
    REQUESTS, EVENTS, REFUSED, INVALID_TRAFFIC, UNCOUNTED, NOTES, LOST_CLICKS, ACK, SPOOL_EVENTS, SPOOL_BYTES,
    KAFKA_UP, REGISTRY_LOADED, CONNECTIONS,
)  # fmt: skip
