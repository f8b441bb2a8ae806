"""A worker's pages, as Prometheus would read them."""

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from tests.system.support.naming import Key, Series

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    status: int
    text: str
    content_type: str = ""


def get(address: str, path: str, accept: str = "text/plain", seconds: float = 10) -> Answer:
    """Ask for a page; status 0 where nobody answers, or not to the end."""
    request = urllib.request.Request(f"http://{address}{path}", headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return Answer(answer.status, answer.read().decode(), answer.headers.get("Content-Type", ""))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode())
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, str(error))


def parse(page: str, topic_prefix: str = "") -> Series:
    """Read a page in the text format; topics lose the deployment's prefix, empty labels go."""
    result: Series = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = {label: value for label, value in sample.labels.items() if value}
            if "topic" in labels:
                labels["topic"] = labels["topic"].removeprefix(topic_prefix)
            key = (sample.name, frozenset(labels.items()))
            assert key not in result, f"{key} is on the page twice"
            result[key] = sample.value
    return result


class Reader:
    """Reads pages of one deployment by the hundred: what a line's series is called is worked out once."""

    def __init__(self, topic_prefix: str = "") -> None:
        self._prefix = topic_prefix
        self._names: dict[str, Key] = {}

    def read(self, page: str) -> Series:
        """Read a page as `parse` does."""
        result: Series = {}
        for line in page.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                key = self._names.get(name) or self._named(name)
                assert key not in result, f"{key} is on the page twice"
                result[key] = float(value)
        return result

    def _named(self, name: str) -> Key:
        (key,) = parse(f"{name} 0\n", self._prefix)
        self._names[name] = key
        return key


def total(shown: Series, name: str, **labels: str) -> float:
    """Add up the series of a family that carry these labels."""
    wanted = set(labels.items())
    return sum(value for (family, found), value in shown.items() if family == name and wanted <= found)
