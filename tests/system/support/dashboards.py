"""The dashboards as Grafana reads them: their queries, with variables filled in as Grafana fills them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from tests.system.support.monitors import Prometheus

FOLDER = Path(__file__).parents[3] / "monitoring" / "grafana" / "dashboards"
BUILT_IN = {"__rate_interval": "30s", "__interval": "15s", "__range": "3h"}
EVERYTHING = ".*"
Values = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A query of a panel, filled in."""

    panel: str
    expression: str
    now: bool


def read(name: str, language: str = "en") -> dict[str, Any]:
    """Read a dashboard."""
    board: dict[str, Any] = json.loads((FOLDER / language / f"{name}.json").read_text("utf-8"))
    return board


def variables(board: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dashboard's variables by name."""
    return {variable["name"]: variable for variable in board["templating"]["list"]}


def fill(text: str, values: Values) -> str:
    """Put values in the place of variables; none may be left over."""
    known = {**BUILT_IN, **values}
    filled = re.sub(r"\$\{?(\w+)\}?", lambda found: known[found[1]], text)
    assert "$" not in filled, filled
    return filled


def queries(board: Mapping[str, Any], values: Values) -> Iterator[Asked]:
    """Return every query of every panel."""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield Asked(panel["title"], fill(target["expr"], values), bool(target.get("instant")))


def options(variable: Mapping[str, Any], prometheus: Prometheus, values: Values) -> list[str]:
    """List what a variable can be, as Grafana finds it; All comes last."""
    found = _options(variable, prometheus, values)
    if variable.get("multi"):
        found = [escaped(option) for option in found]
    return [*found, variable["allValue"]] if variable.get("includeAll") else found


def escaped(value: str) -> str:
    """Write a value for =~ inside a string, as Grafana's Prometheus source does where many may be chosen."""
    return re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", value)


def _options(variable: Mapping[str, Any], prometheus: Prometheus, values: Values) -> list[str]:
    if variable["type"] == "custom":
        return [option.split(" : ")[1] for option in variable["query"].split(",")]
    found = re.fullmatch(r"(\w+)\((.*)\)", fill(variable["query"]["query"], values))
    assert found is not None, variable
    kind, argument = found.groups()
    if kind == "label_values":
        metric, label = argument.rsplit(", ", 1)
        return list(prometheus.ask(f"/api/v1/label/{label}/values", **{"match[]": metric})["data"])
    assert kind == "query_result", kind
    pattern = variable["regex"].strip("/").replace("(?<", "(?P<")
    lines = [_line(series["metric"]) for series in prometheus.query(argument)]
    return [found["value"] for line in lines if (found := re.search(pattern, line)) and found["text"]]


def _line(metric: Mapping[str, str]) -> str:
    """Write a series as Grafana's query_result does; Prometheus gives labels in their order."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in metric.items()) + "} 1 1700000000000"


def combinations(**choices: Sequence[str]) -> Iterator[dict[str, str]]:
    """Return every combination of choices."""
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))
