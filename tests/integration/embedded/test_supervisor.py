"""Servers that end are started again, with their reason said once, and are all ended within seconds."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.disk import Disk, Limits
from embedded.processes import Child, start_child
from embedded.server import Service
from embedded.supervisor import RUNNING, WAITING, Supervised, Supervisor
from tests.integration.embedded.looking import until

_SLEEP = "import time; time.sleep(60)"
_FAILING = "import sys; sys.exit('Error: there is no tea.')"


class Stage:
    """A supervisor of small programs, and what it said."""

    def __init__(self, directory: Path) -> None:
        self.said: list[str] = []
        self.disk = Disk(directory, Limits(low=0, full=0))
        self.supervisor = Supervisor(self.said.append, self.disk, lambda _: None)
        self._directory = directory

    def run(
        self,
        name: str,
        code: str,
        needs: tuple[Supervised, ...] = (),
        waits: bool = False,
        mute: bool = False,
    ) -> Supervised:
        """Run Python code as a server that answers for as long as it runs, or never."""
        log = self._directory / f"{name}.log"

        def spawn() -> Child:
            return start_child([sys.executable, "-c", code], cwd=self._directory, log=log)

        service = Service(
            name, "", log, spawn, lambda child: not mute and child.poll() is None, "drink water"
        )
        return self.supervisor.run(service, needs, waits)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Give a stage, and end what runs on it."""
    one = Stage(tmp_path)
    yield one
    one.supervisor.end()


def test_a_server_that_was_killed_is_started_again_at_once(stage: Stage) -> None:
    server = stage.run("Tea", _SLEEP)
    until(lambda: server.runs, 10)
    first = server.condition.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: server.runs and server.condition.pid != first, 10)
    until(lambda: len(stage.said) == 2, 10)
    assert stage.said[0].startswith("Tea was killed (SIGKILL")
    assert stage.said[1] == "Tea answers again."
    assert server.condition.restarts == 1


def test_one_that_fails_again_and_again_is_named_with_its_log_and_is_tried_on(
    stage: Stage, tmp_path: Path
) -> None:
    server = stage.run("Tea", _FAILING)
    until(lambda: server.condition.restarts >= 5, 25)
    ends = [sentence for sentence in stage.said if "answers again" not in sentence]
    assert ends == [
        "Tea ended with exit code 1: there is no tea. It is started again at once.",
        "Tea keeps failing (5 times now): ended with exit code 1: there is no tea. "
        f"Look into {tmp_path}/Tea.log; drink water. It is tried again every 30 s.",
    ]
    assert (tmp_path / "Tea.log").read_text().count("there is no tea") >= 5
    assert server.condition.state == WAITING


def test_what_waits_for_another_is_started_once_that_answers(stage: Stage) -> None:
    cup = stage.run("Cup", _SLEEP, mute=True)
    tea = stage.run("Tea", _SLEEP, needs=(cup,), waits=True)
    time.sleep(1)
    assert tea.condition.pid == 0
    pot = stage.run("Pot", _SLEEP)
    filled = stage.run("Filled", _SLEEP, needs=(pot,), waits=True)
    until(lambda: filled.condition.state == RUNNING, 10)


def test_nothing_is_started_while_the_disk_is_full(stage: Stage) -> None:
    stage.disk.full = True
    server = stage.run("Tea", _SLEEP)
    time.sleep(0.5)
    assert server.condition.pid == 0
    stage.disk.full = False
    until(lambda: server.runs, 10)


def test_all_end_within_seconds_though_one_is_frozen_and_one_is_starting(stage: Stage) -> None:
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_SLEEP}"
    servers = [stage.run("Tea", _SLEEP), stage.run("Cup", _FAILING), stage.run("Pot", stubborn)]
    until(lambda: servers[0].runs, 10)
    os.kill(servers[0].condition.pid, signal.SIGSTOP)
    began = time.monotonic()
    stage.supervisor.end()
    assert time.monotonic() - began < 25
    assert all(server.condition.pid == 0 for server in servers)


def test_those_that_need_another_end_at_the_same_time_before_it(stage: Stage) -> None:
    wait = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(3), sys.exit()))"
    pot = stage.run("Pot", _SLEEP)
    until(lambda: pot.runs, 10)
    needing = [stage.run(name, f"{wait}; {_SLEEP}", needs=(pot,)) for name in ("Tea", "Milk", "Sugar")]
    until(lambda: all(one.runs for one in needing), 10)
    time.sleep(1)
    began = time.monotonic()
    stage.supervisor.end()
    assert 3 <= time.monotonic() - began < 8
