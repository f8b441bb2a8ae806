"""What these tests look at: which processes are there, and what becomes true in time."""

import subprocess
import time
from collections.abc import Callable


def running(*pids: int) -> set[int]:
    """Return those of some processes that run; one that ended and was not yet reaped does not."""
    states = _states()
    return {pid for pid in pids if not states.get(pid, "Z").startswith("Z")}


def suspended(pid: int) -> bool:
    """Return whether a process is suspended: a signal to suspend it takes a moment."""
    return _states()[pid].startswith("T")


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something to hold, and fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        time.sleep(0.05)


def _states() -> dict[int, str]:
    listing = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True)
    return {int(pid): state for pid, state in map(str.split, listing.stdout.splitlines())}
