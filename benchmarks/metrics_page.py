"""Read a worker's /metrics page."""

from dataclasses import dataclass
from urllib.error import HTTPError

from prometheus_client.parser import text_string_to_metric_families

from commands.worker_http import fetch, not_a_worker


@dataclass(frozen=True, slots=True)
class Sample:
    """The value of one series."""

    name: str
    labels: dict[str, str]
    value: float


def read_metrics(address: str) -> list[Sample]:
    """Fetch and parse the page of the worker at HOST:PORT.

    Raises:
        NoWorker: no worker answers there.

    """
    try:
        text = fetch(address, "/metrics").decode()
    except (ValueError, HTTPError) as error:
        raise not_a_worker(address, error) from None
    return [
        Sample(sample.name, dict(sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
