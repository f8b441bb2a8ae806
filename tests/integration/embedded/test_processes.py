"""Children end when we do, in every way, and say how they ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embedded import ServerFailed
from embedded.processes import Child, start_child
from tests.integration.embedded.looking import running, suspended, until

_SLEEP = "import time; print('up', flush=True); time.sleep(60)"
_STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_SLEEP}"


def start(code: str, directory: Path) -> Child:
    """Start Python code as a child and wait for its first word, where it has one to say."""
    child = start_child([sys.executable, "-c", code], cwd=directory, log=directory / "log")
    until(lambda: "up" in child.last_lines() or child.poll() is not None, 10)
    return child


def test_a_child_that_ends_by_itself_gives_its_exit_code_and_its_output(tmp_path: Path) -> None:
    child = start("import sys; print('out'); sys.exit('err')", tmp_path)
    assert child.poll() == 1
    assert sorted(child.last_lines().split()) == ["err", "out"]


def test_last_lines_are_the_last_ones(tmp_path: Path) -> None:
    child = start("print(*range(5000), sep='\\n')", tmp_path)
    assert child.last_lines(2) == "4998\n4999"


def test_a_child_that_a_signal_ended_says_which(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: child.poll() is not None, 10)
    assert child.poll() == 128 + signal.SIGKILL


def test_stop_terminates_and_leaves_nothing(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    assert child.poll() is None
    assert child.stop() == 128 + signal.SIGTERM
    assert not running(child.pid, child.reaper_pid)
    assert child.stop() == child.poll() == 128 + signal.SIGTERM


def test_a_child_that_does_not_want_to_end_is_killed_after_the_grace(tmp_path: Path) -> None:
    child = start(_STUBBORN, tmp_path)
    began = time.monotonic()
    assert child.stop(grace=0.5) == 128 + signal.SIGKILL
    assert 0.5 <= time.monotonic() - began < 5
    assert not running(child.pid, child.reaper_pid)


def test_kill_does_not_ask_first(tmp_path: Path) -> None:
    child = start(
        "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: print('asked', flush=True))\n"
        "print('up', flush=True)\nwhile True: time.sleep(1)",
        tmp_path,
    )
    child.kill()
    assert child.poll() == 128 + signal.SIGKILL
    assert child.last_lines() == "up"


def test_a_suspended_child_is_killed_after_the_grace(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    os.kill(child.pid, signal.SIGSTOP)
    until(lambda: suspended(child.pid), 10)
    assert child.stop(grace=0.5) == 128 + signal.SIGKILL


def test_a_reaper_that_is_terminated_ends_its_child_first(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    os.kill(child.reaper_pid, signal.SIGTERM)
    until(lambda: child.poll() is not None, 10)
    assert child.poll() == 128 + signal.SIGTERM
    assert not running(child.pid)


def test_a_child_whose_reaper_was_killed_is_ended_when_that_is_seen(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    os.kill(child.reaper_pid, signal.SIGKILL)
    until(lambda: child.poll() is not None, 10)
    until(lambda: not running(child.pid), 10)
    assert child.poll() == 128 + signal.SIGKILL


def test_an_interrupt_from_the_terminal_does_not_reach_a_child(tmp_path: Path) -> None:
    child = start(_SLEEP, tmp_path)
    try:
        assert os.getsid(child.pid) == os.getsid(child.reaper_pid) == child.reaper_pid != os.getsid(0)
    finally:
        child.stop()


def test_a_child_does_not_keep_another_ones_reaper_waiting(tmp_path: Path) -> None:
    first, second = start(_SLEEP, tmp_path), start(_SLEEP, tmp_path)
    try:
        assert first.stop(grace=5) == 128 + signal.SIGTERM
        assert second.poll() is None
    finally:
        second.stop()


def test_a_command_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="cannot run no-such-command: No such file"):
        start_child(["no-such-command"], cwd=tmp_path, log=tmp_path / "log")


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    def count() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = count()
    start(_SLEEP, tmp_path).stop()
    start("", tmp_path)
    assert count() == before


def test_a_child_of_a_program_that_ends_ends_too(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from embedded.processes import start_child\n"
        "child = start_child([sys.executable, '-c', sys.argv[1]], cwd=Path('.'), log=Path('log'))\n"
        "print(child.pid, child.reaper_pid)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", program, _SLEEP],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )
    pids = [int(pid) for pid in done.stdout.split()]
    until(lambda: not running(*pids), 10)
