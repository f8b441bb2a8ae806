"""What these tests look at: which processes are there, and what becomes true in time."""

import subprocess
import time
from collections.abc import Callable


def running(*pids: int) -> set[int]:
    """Give those of some processes that run; one that ended and was not yet reaped does not."""
    listing = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True)
    states = {int(pid): state for pid, state in map(str.split, listing.stdout.splitlines())}
    return {pid for pid in pids if not states.get(pid, "Z").startswith("Z")}


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something to hold, and fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        time.sleep(0.05)
