"""The supervisor tells a worker that stopped itself from one that broke."""

from pathlib import Path

from tests.system.faults.fleet import FAIL_STOP, Fleet
from tests.system.support.processes import until
from tests.system.support.product import Deployment, Servers


def test_a_worker_that_ends_with_another_code_is_a_failure_with_its_words(tmp_path: Path) -> None:
    nowhere = Servers("127.0.0.1:1", "redis://127.0.0.1:1/0")
    fleet = Fleet(Deployment(nowhere, "broken", tmp_path, {"KPIS_PARTITIONS": "many"}), 1)
    try:
        fleet.start()
        until(lambda: bool(fleet.unexpected), 60, "the worker ended")
    finally:
        fleet.close()

    assert "ended with 2" in fleet.unexpected[0]
    assert "KPIS_PARTITIONS" in fleet.unexpected[0]
    assert fleet.fail_stops == 0


def test_the_code_of_a_worker_that_stopped_itself_is_the_documented_one(tmp_path: Path) -> None:
    nowhere = Servers("127.0.0.1:1", "redis://127.0.0.1:1/0")

    said = Deployment(nowhere, "help", tmp_path).run("worker", "--help").stdout

    assert f"{FAIL_STOP} it stopped itself" in " ".join(said.split())
