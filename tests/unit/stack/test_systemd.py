"""The systemd unit: a worker that stops itself comes back, and none is killed while it ends."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from commands.failure import FAIL_STOP, WRONG_USE

UNIT = Path(__file__).resolve().parents[3] / "deploy" / "systemd" / "kpis-worker@.service"
ORDERLY_END_SECONDS = 30
COLLECTOR_ENDS_SECONDS = 10


@pytest.fixture(scope="module")
def unit() -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # names have capitals
    read.read_string(UNIT.read_text("utf-8"))
    return read


def test_a_worker_that_stopped_itself_is_started_again_however_often(unit: ConfigParser) -> None:
    assert unit["Service"]["RestartForceExitStatus"] == str(FAIL_STOP)
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"


def test_a_wrong_setting_is_not_tried_again(unit: ConfigParser) -> None:
    assert unit["Service"]["RestartPreventExitStatus"] == str(WRONG_USE)


def test_a_worker_has_longer_to_end_than_it_takes(unit: ConfigParser) -> None:
    assert int(unit["Service"]["TimeoutStopSec"].removesuffix("s")) > ORDERLY_END_SECONDS


def test_each_worker_serves_the_port_that_it_is_named_by(unit: ConfigParser) -> None:
    assert "Environment=KPIS_METRICS_ADDRESS=127.0.0.1:%i\n" in UNIT.read_text("utf-8")
    assert unit["Service"]["ExecStart"].endswith("/kpis worker")


@pytest.mark.parametrize("name", ["kpis-worker@.service", "kpis-up.service"])
def test_a_process_that_is_started_again_by_its_parent_takes_no_other_along(name: str) -> None:
    assert "\nOOMPolicy=continue\n" in UNIT.with_name(name).read_text("utf-8")


def test_it_runs_without_rights(unit: ConfigParser) -> None:
    service = unit["Service"]

    assert service["DynamicUser"] == "yes"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_the_collector_keeps_what_it_took_and_has_longer_to_end_than_it_takes() -> None:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # names have capitals
    text = UNIT.with_name("kpis-collect.service").read_text("utf-8")
    read.read_string(text)
    service = read["Service"]

    assert f"Environment=KPIS_DATA_DIR=/var/lib/{service['StateDirectory']}\n" in text
    assert service["ExecStart"].startswith("/opt/campaign-kpis/bin/kpis collect")
    assert int(service["TimeoutStopSec"].removesuffix("s")) > COLLECTOR_ENDS_SECONDS
    assert (service["DynamicUser"], service["NoNewPrivileges"]) == ("yes", "yes")
    assert service["RestartPreventExitStatus"] == str(WRONG_USE)
