"""The files made from the declarations: Prometheus' rules, and the runbook."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from monitoring.alerts import (
    brand,
    budget,
    collector,
    limits,
    losses,
    rates,
    returns,
    series,
    silence,
    stream,
    workers,
)
from monitoring.alerts.alert import Alert, Recording
from monitoring.alerts.runbook import page

ROOT = Path(__file__).parents[2]
_NOTE = "# Made by monitoring/alerts: `python3 tasks.py monitoring` writes it.\n"

CAMPAIGNS: tuple[Alert, ...] = (
    *returns.ALERTS,
    *rates.ALERTS,
    *brand.ALERTS,
    *budget.ALERTS,
    *silence.ALERTS,
)
PIPELINE: tuple[Alert, ...] = (
    *workers.ALERTS,
    *stream.ALERTS,
    *losses.ALERTS,
    *limits.ALERTS,
    *collector.ALERTS,
)
_OF_CAMPAIGNS = (
    *series.RECORDINGS,
    *returns.RECORDINGS,
    *rates.RECORDINGS,
    *brand.RECORDINGS,
    *budget.RECORDINGS,
    *silence.RECORDINGS,
)


def files() -> dict[Path, str]:
    """Make all files, by path."""
    rules = ROOT / "monitoring" / "prometheus" / "rules"
    return {
        rules / "campaigns.yml": _rules("kpis-campaigns", _OF_CAMPAIGNS, CAMPAIGNS),
        rules / "pipeline.yml": _rules("kpis-pipeline", (*stream.RECORDINGS, *losses.RECORDINGS), PIPELINE),
        ROOT / "docs" / "runbook.md": page(CAMPAIGNS, PIPELINE),
    }


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


def _rules(group: str, recordings: Sequence[Recording], alerts: Sequence[Alert]) -> str:
    recorded = [{"record": one.name, "expr": one.expr} for one in recordings]
    _Dumper.add_representer(str, _text)
    content = {"groups": [{"name": group, "rules": [*recorded, *map(_rule, alerts)]}]}
    return _NOTE + yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


def _rule(alert: Alert) -> dict[str, Any]:
    times = {"for": alert.waits, "keep_firing_for": alert.stays}
    labels = {"severity": alert.severity, "team": alert.team, "kpi": alert.kpi}
    return {
        "alert": alert.name,
        "expr": alert.expr,
        **{name: time for name, time in times.items() if time != "0s"},
        "labels": {name: value for name, value in labels.items() if value},
        "annotations": {
            "summary": alert.summary.english,
            "summary_fr": alert.summary.french,
            "description": alert.description,
            "runbook": f"docs/runbook.md#{alert.name.lower()}",
        },
    }
