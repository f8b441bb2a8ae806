"""The free space of a disk, told before it is full, when it is, and when there is room again."""

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bytes free below which a disk is low, and below which it counts as full."""

    low: int
    full: int


def usual_limits(folder: Path) -> Limits:
    """Return the limits for the disk that a folder is on.

    Low is a tenth of it, 2 GB at most: at 100 events a second Kafka writes 3 GB a day at worst, so there is
    more than half a day. Full is a fiftieth, 64 MB at most: with less Kafka ends at once when it is started.
    """
    total = shutil.disk_usage(folder).total
    return Limits(min(total // 10, 2000 * MEGABYTE), min(total // 50, 64 * MEGABYTE))


class Disk:
    """The disk that a folder is on; `full` holds back what would be started on it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._lock = threading.Lock()
        self.full = False
        self._low = False
        self._folder = folder
        self._limits = limits

    def look(self) -> str:
        """Look at the free space; return a sentence where it has become less or more than a limit."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return ""
        with self._lock:
            return self._judge(free)

    def _judge(self, free: int) -> str:
        if free < self._limits.full and not self.full:
            self.full = self._low = True
            return (
                f"The disk of {self._folder} is full: {size(free)} are free. Kafka ends where it cannot "
                f"write, and nothing is counted until it can. {self._remedy()} What ended is started "
                f"again by itself once {size(2 * self._limits.full)} are free."
            )
        if self.full and free >= 2 * self._limits.full:
            self.full = False
            self._low = free < self._limits.low
            return f"The disk of {self._folder} has room again: {size(free)} are free."
        if free < self._limits.low and not self._low:
            self._low = True
            return (
                f"The disk of {self._folder} is nearly full: {size(free)} are free. Where none is left, "
                f"Kafka ends and nothing is counted. {self._remedy()}"
            )
        if self._low and not self.full and free > 1.2 * self._limits.low:
            self._low = False
            return f"The disk of {self._folder} has room again: {size(free)} are free."
        return ""

    def _remedy(self) -> str:
        kafka = size(used(self._folder / "kafka"))
        return (
            f"Free some (`df -h {self._folder}`); what Kafka keeps there takes {kafka}: "
            "KPIS_RETENTION says for how long new topics keep them (docs/operations.md, “Keeping less”)."
        )


def used(folder: Path) -> int:
    """Return the bytes that a folder takes on its disk."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_blocks * 512
        except OSError:
            continue  # deleted meanwhile
    return total


def size(count: float) -> str:
    """Write bytes as people read them."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
