"""The files that Prometheus reads, made from the declarations."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from monitoring.alerts import budget, campaigns, pipeline, running
from monitoring.alerts.alert import Alert, Recording

ROOT = Path(__file__).parents[2]
RULES = ROOT / "monitoring" / "prometheus" / "rules"
RUNBOOK = ROOT / "docs" / "runbook.md"
EVERY_ALERT = (*campaigns.ALERTS, *budget.ALERTS, *pipeline.ALERTS)
_INDEX, _END = "<!-- index -->", "<!-- /index -->"
_NOTE = "# Made by monitoring/alerts: `python3 tasks.py monitoring` makes it anew.\n"


def files() -> dict[Path, str]:
    """Make the rules files and the runbook with its index, by path."""
    return {
        RUNBOOK: with_index(RUNBOOK.read_text()),
        RULES / "campaigns.yml": _rules(
            "kpis-campaigns", running.RECORDINGS, (*campaigns.ALERTS, *budget.ALERTS)
        ),
        RULES / "pipeline.yml": _rules("kpis-pipeline", pipeline.RECORDINGS, pipeline.ALERTS),
    }


def with_index(runbook: str) -> str:
    """Put the list of alerts between the marks of the runbook, which is written by hand otherwise."""
    before, _, rest = runbook.partition(_INDEX)
    _, _, after = rest.partition(_END)
    rows = (
        f"| [{alert.name}](#{alert.name.lower()}) | {alert.severity} | {alert.waits} |"
        for alert in EVERY_ALERT
    )
    table = "\n".join(["| alert | severity | fires after |", "| --- | --- | --- |", *rows])
    return f"{before}{_INDEX}\n{table}\n{_END}{after}"


def _rules(group: str, recordings: Iterable[Recording], alerts: Iterable[Alert]) -> str:
    rules = [{"record": one.name, "expr": one.expr} for one in recordings]
    page = {"groups": [{"name": group, "rules": [*rules, *map(_rule, alerts)]}]}
    return _NOTE + yaml.dump(page, Dumper=_Readable, sort_keys=False, allow_unicode=True, width=1000)


class _Readable(yaml.SafeDumper):
    """Writes what has several lines as several lines."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Write a text, as a block where it has several lines."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Readable.add_representer(str, _Readable.represent_str)


def _rule(alert: Alert) -> dict[str, Any]:
    times = {"for": alert.waits, "keep_firing_for": alert.stays}
    return {
        "alert": alert.name,
        "expr": alert.expr,
        **{name: time for name, time in times.items() if time != "0s"},
        "labels": {"severity": alert.severity},
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "french": alert.french,
            "runbook": f"docs/runbook.md#{alert.name.lower()}",
        },
    }
