"""Read a worker's /metrics page."""

import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException

from prometheus_client.parser import text_string_to_metric_families

from commands.failure import Failure
from commands.printable import printable


@dataclass(frozen=True, slots=True)
class Sample:
    """The value of one series."""

    name: str
    labels: dict[str, str]
    value: float


def shown(samples: Iterable[Sample]) -> list[Sample]:
    """Return samples whose labels can be printed."""
    return [
        Sample(one.name, {name: printable(value) for name, value in one.labels.items()}, one.value)
        for one in samples
    ]


class NoWorker(Failure):
    """No worker answers at an address; `brief` is the message without the remedy."""

    def __init__(self, brief: str, remedy: str = "") -> None:
        super().__init__(f"{brief}.{remedy}")
        self.brief = brief


def read_metrics(
    address: str, wanted: Callable[[str], bool] | None = None, seconds: float = 10
) -> list[Sample]:
    """Fetch and parse the page of the worker at HOST:PORT, or only the wanted lines of it.

    Raises:
        NoWorker: no worker answers there.

    """
    try:
        # Workers are on our own network: a proxy to the outside would not find them.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{address}/metrics", timeout=seconds) as answer:
            return _parse(_chosen(answer.read().decode(), wanted))
    except (ValueError, HTTPException) as error:
        raise NoWorker(f"What answers at {address} is not a worker ({type(error).__name__})") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise NoWorker(
            f"No worker answers at {address} ({getattr(reason, 'strerror', None) or reason})",
            " Start one (`kpis up` or `kpis worker`) or set KPIS_METRICS_ADDRESS.",
        ) from None


def _chosen(text: str, wanted: Callable[[str], bool] | None) -> str:
    if wanted is None:
        return text
    # A line ends with a line feed alone: names may hold what else ends a line elsewhere.
    return "\n".join(line for line in text.split("\n") if wanted(line)) + "\n"


def _parse(text: str) -> list[Sample]:
    return [
        Sample(sample.name, dict(sample.labels), sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
