"""A worker in small: it reads a log, flushes, and may crash with any part of a flush stored.

It does what streams/keeper.py does, in the same order, without Kafka: restore, read from the checkpoint,
store all rows of a flush and then its checkpoints.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.admission import Admitted, judge
from models.campaigns import Registry
from models.fold import Fold, Source
from models.parsing import Refusal
from models.reading import read_campaign
from models.rows import Row
from tests.strategies import Sent
from tests.unit.models.building import new_fold

Queue = tuple[str, int]


@dataclass(frozen=True)
class Judged:
    """A record and what was decided on it."""

    arrival: int
    verdict: Admitted | Refusal


class Log:
    """Records by topic and partition; a record's offset is its place in the list."""

    def __init__(self, sent: Sequence[Sent], partitions: Sequence[int], registry: Registry) -> None:
        self.registry = registry
        self.queues: dict[Queue, list[Judged]] = {}
        for record, partition in zip(sent, partitions, strict=True):
            verdict = judge(record.type, record.value, record.arrival, registry)
            queue = self.queues.setdefault((record.topic, partition), [])
            queue.append(Judged(record.arrival, verdict))

    def apply(self, fold: Fold, queue: Queue, offset: int) -> str | None:
        """Apply one record to a fold."""
        record = self.queues[queue][offset]
        return fold.apply(Source(*queue, offset), record.arrival, record.verdict)


class Worker:
    """The state of one worker, and what the changelog holds of it."""

    def __init__(self, log: Log, now: int) -> None:
        self.log = log
        self.now = now
        self.stored: dict[bytes, bytes] = {}
        self.start()

    def start(self) -> None:
        """Begin with what is stored, and read on from its checkpoints."""
        self.fold = new_fold(self.log.registry)
        self.fold.expire(self.now)
        for key, value in self.stored.items():
            self.fold.restore(key, value)
        self._next = {
            queue: self.fold.positions.get(queue[1], {}).get(queue[0], 0) for queue in self.log.queues
        }

    def read(self, queue: Queue, number: int) -> None:
        """Apply the next records of a queue."""
        end = min(self._next[queue] + number, len(self.log.queues[queue]))
        for offset in range(self._next[queue], end):
            assert self.log.apply(self.fold, queue, offset) is not None
        self._next[queue] = end

    def read_again(self, queue: Queue, number: int) -> list[str | None]:
        """Apply the last records of a queue once more."""
        offsets = range(max(0, self._next[queue] - number), self._next[queue])
        return [self.log.apply(self.fold, queue, offset) for offset in offsets]

    def read_all(self) -> None:
        """Apply whatever waits."""
        for queue, records in self.log.queues.items():
            self.read(queue, len(records))

    def flush(self) -> None:
        """Store all that changed."""
        self._store(lambda _: True)

    def crash(self, survives: Callable[[bytes], bool]) -> None:
        """End in the middle of a flush, with the rows stored that survive, and start again.

        A partition's checkpoint can survive only where all its rows did.
        """
        self._store(survives)
        self.start()

    def _store(self, survives: Callable[[bytes], bool]) -> None:
        self.fold.expire(self.now)
        for partition, cut in self.fold.cut().items():
            kept = [row for row in cut.rows if survives(row.key)]
            for row in kept:
                self._write(row)
            checkpoint = cut.checkpoint(partition)
            if len(kept) == len(cut.rows) and survives(checkpoint.key):
                self._write(checkpoint)

    def _write(self, row: Row) -> None:
        if row.value is None:
            self.stored.pop(row.key, None)
        else:
            self.stored[row.key] = row.value


def picture(fold: Fold, now: int) -> dict[str, Any]:
    """Give all that a fold shows at a time: leaves, counts, reach, outcomes."""
    fold.expire(now)
    figures = {
        (reading.scope, reading.window): (reading.figures.tally, reading.figures.reach)
        for campaign in fold.registry.campaigns.values()
        for reading in read_campaign(fold, campaign, fold.registry, now)
    }
    ledger = {key: cell.counts for key, cell in fold.ledger.items()}
    return {"leaves": set(fold.cells.totals), "figures": figures, "ledger": ledger}
