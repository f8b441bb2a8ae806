"""Read a worker's /metrics, for commands that show it."""

import urllib.error
import urllib.request
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from commands.failure import Failure


@dataclass(frozen=True, slots=True)
class Sample:
    """One series' value."""

    name: str
    labels: dict[str, str]
    value: float


def read_metrics(address: str) -> list[Sample]:
    """Fetch and parse the page of the worker at HOST:PORT.

    Raises:
        Failure: no worker answers there.

    """
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Failure(
            f"No worker answers at {address} ({reason}). "
            "Start one (`kpis up` or `kpis worker`) or set KPIS_METRICS_ADDRESS."
        ) from None
    return [
        Sample(sample.name, dict(sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
