"""The alerts: fresh files, nothing named that does not exist, each explained and tried on both sides."""

import re

import pytest
import yaml

from monitoring.alerts.alert import Alert
from monitoring.alerts.files import EVERY_ALERT, ROOT, RUNBOOK, files

PROMETHEUS, ALERTMANAGER = ROOT / "monitoring" / "prometheus", ROOT / "monitoring" / "alertmanager"
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
KNOWN = set(re.findall(r"`(kpi_\w+)", (ROOT / "docs" / "metrics.md").read_text("utf-8")))
FROM_PROMETHEUS = {"kpi_pipeline_freshness_seconds_bucket"}
EVERY = pytest.mark.parametrize("alert", EVERY_ALERT, ids=lambda alert: alert.name)


def test_the_files_are_fresh() -> None:
    stale = [path for path, text in files().items() if path.read_text("utf-8") != text]

    assert stale == [], "`python3 tasks.py monitoring` makes them anew"


@EVERY
def test_each_alert_is_tried_where_it_fires_and_where_it_is_silent(alert: Alert) -> None:
    cases = [case for path in TESTS for case in yaml.safe_load(path.read_text("utf-8"))["tests"]]
    checks = [check for case in cases for check in case.get("promql_expr_test", [])]
    expected = [check["exp_samples"] for check in checks if f'"{alert.name}"' in check["expr"]]

    assert any(expected), "no test in which it fires"
    assert alert.severity == "none" or [] in expected, "no test in which it is silent"


@EVERY
def test_each_alert_has_a_heading_in_the_runbook(alert: Alert) -> None:
    headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)

    assert headings.count(alert.name) == 1


def test_the_runbook_has_no_heading_of_an_alert_that_is_no_more() -> None:
    headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)

    assert set(headings) <= {alert.name for alert in EVERY_ALERT}


@EVERY
def test_each_alert_names_only_series_that_exist(alert: Alert) -> None:
    text = re.sub(r"\w+:\w+:\w+", "recorded", "\n".join([alert.expr, alert.summary, alert.description]))
    named = set(re.findall(r"\bkpi_[a-z0-9_]+\b", text)) - {"kpi_campaign_"}

    assert named - KNOWN - FROM_PROMETHEUS == set()


@EVERY
def test_alerts_on_campaigns_say_which_and_whose_and_those_on_the_pipeline_do_not(alert: Alert) -> None:
    of_campaign = alert.name.startswith("Campaign")

    assert ("group_left (name, owner)" in alert.expr) is of_campaign
    assert ("{{ $labels.name }}" in alert.summary) is of_campaign


def test_every_receiver_and_alert_that_alertmanager_names_exists() -> None:
    text = (ALERTMANAGER / "alertmanager.yml").read_text("utf-8")
    named = set(re.findall(r"\b(?:Campaign|Kpis)[A-Z]\w+", text))

    assert named <= {alert.name for alert in EVERY_ALERT}
