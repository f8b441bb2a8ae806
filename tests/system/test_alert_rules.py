"""What Prometheus' and Alertmanager's own tools say of the stack's files."""

import shutil
import subprocess
from pathlib import Path

import pytest

MONITORING = Path(__file__).parents[2] / "monitoring"
PROMETHEUS, ALERTMANAGER = MONITORING / "prometheus", MONITORING / "alertmanager"


def run(*command: str | Path) -> None:
    """Run a tool of Prometheus that must succeed."""
    if shutil.which(str(command[0])) is None:
        package = "prometheus" if command[0] == "promtool" else "prometheus-alertmanager"
        pytest.skip(f"there is no {command[0]} here: apt-get install {package}")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_takes_the_rules() -> None:
    run("promtool", "check", "rules", *sorted((PROMETHEUS / "rules").glob("*.yml")))


def test_the_rules_fire_when_they_should_and_only_then() -> None:
    run("promtool", "test", "rules", *sorted((PROMETHEUS / "tests").glob("*.yml")))


def test_promtool_takes_the_configuration() -> None:
    run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")


def test_amtool_takes_the_configuration_and_its_templates() -> None:
    run("amtool", "check-config", ALERTMANAGER / "alertmanager.yml")
