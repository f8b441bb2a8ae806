"""An engine as a process: pinned to a core, and looked at when its lines say that it begins and ends."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import Snapshot, snapshot

MarkOf = Callable[[str], str | None]
"""Names the mark that a line sets; None for any other line."""


class EngineFailed(Exception):
    """An engine ended before its work did, or took too long; the message has its last lines."""


@dataclass
class Watched:
    """A running engine, and what was seen at each mark."""

    process: subprocess.Popen[str]
    core: int
    log: Path
    marks: dict[str, Snapshot] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def look(self) -> Snapshot:
        """Look at it now."""
        return snapshot(self.process.pid, self.core)

    def free_children(self) -> None:
        """Let what it has started run on any core."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in map(int, children.split()):
            os.sched_setaffinity(child, range(os.cpu_count() or 1))

    def reach(self, mark: str, within: float) -> Snapshot:
        """Wait for a mark, at most so many seconds.

        Raises:
            EngineFailed: it ended without it, or it takes longer.

        """
        with self.changed:
            self.changed.wait_for(lambda: mark in self.marks or "end" in self.marks, within)
        if mark in self.marks:
            return self.marks[mark]
        raise EngineFailed(f"no {mark!r} within {within:.0f} s; {self.last_lines()}")

    def last_lines(self) -> str:
        """Return what it said last."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(["it said last:", *lines[-8:]])


@contextmanager
def watched(
    command: Sequence[str], environment: Mapping[str, str], core: int, log: Path, mark_of: MarkOf
) -> Iterator[Watched]:
    """Run a command on one core until the block ends."""
    process = subprocess.Popen(
        ["taskset", "-c", str(core), *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    found = Watched(process, core, log)
    reader = threading.Thread(target=_read, args=(found, mark_of), daemon=True)
    reader.start()
    try:
        yield found
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()


def _read(found: Watched, mark_of: MarkOf) -> None:
    assert found.process.stdout is not None
    with found.log.open("w") as log:
        for line in found.process.stdout:
            if mark := mark_of(line.strip()):
                _set(found, mark)
            log.write(line)
            log.flush()
    _set(found, "end")


def _set(found: Watched, mark: str) -> None:
    seen = found.look()
    with found.changed:
        found.marks.setdefault(mark, seen)
        found.changed.notify_all()
