"""Read a worker's /metrics page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.error import HTTPError

from prometheus_client.parser import text_string_to_metric_families

from commands.printable import printable
from commands.worker_http import fetch, not_a_worker


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


def read_metrics(
    address: str, wanted: Callable[[str], bool] | None = None, seconds: float = 10
) -> list[Sample]:
    """Fetch and parse the page of the worker at HOST:PORT, or only the wanted lines of it.

    Raises:
        NoWorker: no worker answers there.

    """
    try:
        return _parse(_chosen(fetch(address, "/metrics", seconds).decode(), wanted))
    except (ValueError, HTTPError) as error:
        raise not_a_worker(address, error) from None


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
