"""What one run of one engine took, and whether it counted right."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Snapshot


@dataclass(frozen=True)
class Place:
    """Where and as what a run happens: a core, a folder and a group of its own, and a limit in seconds."""

    core: int
    folder: Path
    group: str
    within: float


@dataclass(frozen=True)
class Run:
    """Wall and CPU seconds for some records; how many cores others used meanwhile; what was counted wrong.

    `unrated` texts have no rating though the model may have told one.
    """

    records: int
    wall: float
    cpu: float
    foreign: float
    foreign_on_core: float
    megabytes: float
    wrong: tuple[str, ...] = ()
    unrated: int = 0

    @property
    def rate(self) -> float:
        """Return the records a second."""
        return self.records / self.wall

    @property
    def cpu_of_event(self) -> float:
        """Return the CPU microseconds a record."""
        return self.cpu / self.records * 1e6


def run_between(begun: Snapshot, done: Snapshot, records: int, wrong: list[str]) -> Run:
    """Work out a run from what was seen at its begin and end.

    On the engine's core all but the engine is foreign; on all cores, all but what this benchmark started.
    """
    wall = done.at - begun.at
    cpu = done.engine - begun.engine
    foreign = (done.machine - begun.machine) - (done.ours - begun.ours)
    on_core = (done.core - begun.core) - cpu
    return Run(
        records, wall, cpu, max(0.0, foreign / wall), max(0.0, on_core / wall), done.megabytes, tuple(wrong)
    )
