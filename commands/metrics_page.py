"""Read a worker's /metrics, for commands that show it."""

import urllib.request
from dataclasses import dataclass
from http.client import HTTPException

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
        # The worker is near: a proxy for the outside would not find it.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{address}/metrics", timeout=10) as answer:
            return _parse(answer.read().decode())
    except (ValueError, HTTPException) as error:
        raise Failure(f"What answers at {address} is no worker of ours ({type(error).__name__}).") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise Failure(
            f"No worker answers at {address} ({reason}). "
            "Start one (`kpis up` or `kpis worker`) or set KPIS_METRICS_ADDRESS."
        ) from None


def _parse(text: str) -> list[Sample]:
    return [
        Sample(sample.name, dict(sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
