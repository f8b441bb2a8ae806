"""How a process stands to the one that started it, and to the system."""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_SET_DEATH_SIGNAL = 1
_FIRST_TO_GO = "1000"
_NICE = 5


def end_with(parent: int) -> None:
    """Let this process end when its parent does, though it hang; whoever calls it then may end at once.

    Elsewhere than on Linux it ends when it next reads from its parent.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def step_back() -> None:
    """Let the worker have the processor and the memory first, where there is not enough for both."""
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")
