"""What processes take, read from /proc: a process with all its children, and the whole machine."""

import os
import time
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_IDLE = (3, 4)  # columns of /proc/stat: idle, and waiting for a disk


class Snapshot(NamedTuple):
    """A time, CPU seconds until then (of all cores, of one, of two trees of processes), and megabytes."""

    at: float
    machine: float
    core: float
    ours: float
    engine: float
    megabytes: float = 0.0
    """Resident in the engine's processes."""


def snapshot(engine: int, core: int) -> Snapshot:
    """Look at an engine (a process id) pinned to a core; ours are this process and all that it started."""
    now, busy, processes = time.monotonic(), _busy(), _processes()
    ours, own = _tree(os.getpid(), processes), _tree(engine, processes)
    return Snapshot(
        now,
        sum(busy.values()),
        busy[core],
        sum(processes[process].cpu for process in ours),
        sum(processes[process].cpu for process in own),
        sum(map(_resident, own)),
    )


class _Process(NamedTuple):
    parent: int
    cpu: float


def _processes() -> dict[int, _Process]:
    return {int(path.name): found for path in Path("/proc").glob("[0-9]*") if (found := _process(path))}


def _process(path: Path) -> _Process | None:
    try:
        fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None  # It ended while we looked.
    # Its own time in user and system, and that of children that it has waited for.
    return _Process(int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)


def _tree(root: int, processes: dict[int, _Process]) -> set[int]:
    tree = {root} & processes.keys()
    while grown := {pid for pid, process in processes.items() if process.parent in tree} - tree:
        tree |= grown
    return tree


def _busy() -> dict[int, float]:
    lines = (line.split() for line in Path("/proc/stat").read_text().splitlines())
    return {int(line[0][3:]): _used(line[1:9]) for line in lines if line[0][:3] == "cpu" and line[0] != "cpu"}


def _used(columns: list[str]) -> float:
    return sum(int(value) for at, value in enumerate(columns) if at not in _IDLE) / _TICKS


def _resident(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
