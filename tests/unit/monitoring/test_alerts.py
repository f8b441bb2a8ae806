"""The alerts: complete, explained, tested, fresh in what is generated, and of metrics that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.kpis.catalogue import THRESHOLDS
from monitoring.alerts.alert import Alert
from monitoring.alerts.files import CAMPAIGNS, PIPELINE, files
from tests.unit.monitoring.declared import SERIES

ROOT = Path(__file__).resolve().parents[3]
PROMETHEUS = ROOT / "monitoring" / "prometheus"
FILES = files()
ALERTS = (*CAMPAIGNS, *PIPELINE)
RULES = [
    rule
    for path in sorted((PROMETHEUS / "rules").glob("*.yml"))
    for group in yaml.load(path.read_text(), yaml.CSafeLoader)["groups"]
    for rule in group["rules"]
]


CHECKS: list[dict[str, Any]] = [
    check
    for path in sorted((PROMETHEUS / "tests").glob("*.yml"))
    for case in yaml.load(path.read_text(), yaml.CSafeLoader)["tests"]
    for check in case.get("promql_expr_test", [])
]


def names_of(alerts: tuple[Alert, ...]) -> list[str]:
    return [alert.name for alert in alerts]


def metrics_in(text: str) -> set[str]:
    """Find the metrics, of workers and recorded, that an expression or a template names."""
    outside_strings = re.sub(r'"[^"]*"', '""', text)
    return set(re.findall(r"\b(?:kpi_\w+|(?:campaign|pipeline):[\w:]+)", outside_strings))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_generated_files_are_fresh(path: Path) -> None:
    assert path.read_text("utf-8") == FILES[path], "run `python3 tasks.py monitoring`"


def test_alerts_have_names_of_their_own() -> None:
    assert len(set(names_of(ALERTS))) == len(ALERTS)


@pytest.mark.parametrize("alert", ALERTS, ids=names_of(ALERTS))
def test_an_alert_says_what_it_is_in_both_languages_and_what_to_do(alert: Alert) -> None:
    help_ = alert.help
    assert all((alert.summary.english, alert.summary.french, alert.description))
    assert alert.summary.english != alert.summary.french
    assert all((help_.means, help_.look, help_.act, help_.wake))
    runbook = (ROOT / "docs" / "runbook.md").read_text().splitlines()
    assert f"## {alert.name}" in runbook


@pytest.mark.parametrize("alert", ALERTS, ids=names_of(ALERTS))
def test_an_alert_is_tested_on_both_sides_of_firing(alert: Alert) -> None:
    fires = {bool(check["exp_samples"]) for check in CHECKS if f'alertname="{alert.name}"' in check["expr"]}
    assert fires == ({True} if alert.severity == "none" else {True, False})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.get("alert") or rule["record"])
def test_a_rule_names_metrics_that_exist(rule: dict[str, Any]) -> None:
    texts = [rule["expr"], *rule.get("annotations", {}).values()]
    named = set().union(*map(metrics_in, texts))
    assert named or rule["expr"] == "vector(1)" or "up{" in rule["expr"]
    assert named - SERIES - {rule["record"] for rule in RULES if "record" in rule} == set()


def test_a_metric_that_does_not_exist_is_seen() -> None:
    assert metrics_in('kpi_campaign_cpx{a="kpi_no"} > campaign:cpa:flight') == {
        "kpi_campaign_cpx",
        "campaign:cpa:flight",
    }


def test_alerts_for_campaigns_are_of_running_ones_and_name_their_owner() -> None:
    assert all("group_left (owner) campaign:running:info" in alert.expr for alert in CAMPAIGNS)
    assert all(alert.team == "campaigns" for alert in CAMPAIGNS)
    assert all(alert.team == "pipeline" for alert in PIPELINE)


def test_every_threshold_has_an_alert() -> None:
    missing = {threshold.name for threshold in THRESHOLDS} - {alert.kpi for alert in CAMPAIGNS}
    assert missing == set(), 'a threshold needs an alert: see "An alert" in CONTRIBUTING.md'


def test_every_alert_that_inhibits_or_is_inhibited_exists() -> None:
    rules = yaml.safe_load((ROOT / "monitoring/alertmanager/alertmanager.yml").read_text())["inhibit_rules"]
    matchers = [text for rule in rules for side in ("source", "target") for text in rule[f"{side}_matchers"]]
    named = {name for text in matchers for name in re.findall(r"(?:Kpis|Campaign)\w+", text)}
    assert named
    assert named <= set(names_of(ALERTS))
