"""What comes in for an assignment: taken where it follows what is there, and applied by the batch.

Invariant: what comes is applied only at the position that it must follow. What comes ahead of it is dropped,
noted, and read again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import NoReturn

import numpy as np

from models.core.columns import numbers
from models.readings.pipeline import Histogram
from models.state.delta import Source
from streams.journal.versioned import OtherRelease
from streams.kafka.fetched import Fetched
from streams.kafka.raw_records import RawRecords, joined
from streams.kafka.sources import Sources
from streams.shard.assignment import Assignment
from streams.shard.backpressure import Backpressure
from streams.shard.catching_up import CatchingUp
from streams.shard.gap_detector import GapDetector
from streams.shard.shard import Shard

log = logging.getLogger(__name__)

_GATHER_SECONDS = 0.01
"""What a broker answers comes partition by partition, within moments."""
_APPLY_EVERY_SECONDS = 0.08
"""A batch of a few events costs as much as one of a hundred: what comes more often waits for more."""
_LARGEST_BATCH = 4_000


class MicroBatch:
    """Records that wait, by source, each in the order of its offsets and without a gap.

    With many small fetches, applying each by itself would cost most.
    """

    def __init__(self) -> None:
        self._records: dict[Source, list[RawRecords]] = {}
        self._ends: dict[Source, int] = {}
        self.size = 0

    def add(self, source: Source, fetched: Fetched) -> None:
        """Take what begins where the last of its source ended."""
        self._records.setdefault(source, []).append(fetched.records)
        self._ends[source] = fetched.end
        self.size += len(fetched.records)

    def next_offset(self, source: Source) -> int:
        """Return where what waits of a source ends; 0 if nothing does."""
        return self._ends.get(source, 0)

    def take(self) -> list[tuple[Source, RawRecords, int]]:
        """Return all records by source, each with the offset up to which they go; none waits afterwards."""
        taken = [(source, joined(parts), self._ends[source]) for source, parts in self._records.items()]
        self.clear()
        return taken

    def clear(self) -> None:
        """Forget what waits."""
        self._records, self._ends, self.size = {}, {}, 0

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._ends)


class Intake:
    """Applies records to the shards of one assignment.

    `freshness` observes the age of each event once it is applied; `clock` returns microseconds.
    """

    def __init__(
        self,
        assignment: Assignment,
        catching_up: CatchingUp,
        backpressure: Backpressure,
        freshness: Histogram,
        clock: Callable[[], int],
        fail_stop: Callable[[str], NoReturn],
    ) -> None:
        self._assignment = assignment
        self._catching_up = catching_up
        self._backpressure = backpressure
        self._freshness = freshness
        self._clock = clock
        self._fail_stop = fail_stop
        self._batch = MicroBatch()
        self._due: asyncio.TimerHandle | None = None
        self._applied_at = 0.0
        self._gaps = GapDetector()

    def accept(self, source: Source, fetched: Fetched) -> None:
        """Take what was fetched, to be applied within moments; drop what comes ahead, and read it again."""
        shard = self._assignment.shards.get(source[1])
        start = 0 if shard is None else self._next(shard, source)
        if shard is None or fetched.end <= start:
            return
        if fetched.start > start:
            self._gaps.add(source)
            return
        if fetched.start < start:  # What was sought again may overlap with what waits from before.
            fetched = fetched.since(start)
        if self._due is None:
            loop = asyncio.get_running_loop()
            at = max(loop.time() + _GATHER_SECONDS, self._applied_at + _APPLY_EVERY_SECONDS)
            self._due = loop.call_at(at, self.apply)
        self._batch.add(source, fetched)
        self._backpressure.take(len(fetched.records))
        if self._batch.size >= _LARGEST_BATCH:
            self.apply()

    def positions(self) -> dict[Source, int]:
        """Return the next offset to read of every source, behind what waits to be applied."""
        applied = self._assignment.positions()
        return {source: max(offset, self._batch.next_offset(source)) for source, offset in applied.items()}

    def clear(self) -> None:
        """Forget what waits: the shards that it was for are replaced."""
        self._batch.clear()

    def apply(self) -> None:
        """Apply all that waits."""
        if self._due is not None:
            self._due.cancel()
        self._due, self._applied_at = None, asyncio.get_running_loop().time()
        seen = [numbers([])]
        for source, records, end in self._batch.take():
            shard = self._assignment.shards.get(source[1])
            if shard is None:
                continue
            try:
                arrivals = shard.apply(source, records, end)
                seen.append(arrivals)
                # A forwarded record is a bundle of up to thousands of events.
                self._backpressure.take(max(0, len(arrivals) - len(records)))
            except OtherRelease as error:
                self._fail_stop(f"Forwarded events cannot be read: {error}. Run one release on all workers.")
            except Exception:
                log.exception("records could not be applied")
                where = f"{source[0]}/{source[1]} up to offset {end}"
                self._fail_stop(f"Records could not be applied ({where}): a defect of campaign-kpis.")
        # Only now: no page is made in between.
        self._freshness.observe_ages(np.concatenate(seen), self._clock())
        self._catching_up.look()

    async def read_gaps_again(self, sources: Sources) -> None:
        """Seek the sources with a gap to the position that they must follow."""
        waiting = {
            source: offset
            for source, offset in self.positions().items()
            if offset < sources.handed_over(source)
        }
        gaps = self._gaps.take(waiting)
        if not gaps:
            return
        try:
            bounds = await sources.bounds()
            if self._assignment.ended:
                return
            self._skip_deleted({source: bounds[source][0] for source in gaps})
            await sources.seek({source: at for source, at in self.positions().items() if source in gaps})
        except Exception as error:
            # They leave, or the broker is away: a position that stands still is sought once more.
            log.info("what came ahead of its turn is not read again yet: %r", error)

    def _next(self, shard: Shard, source: Source) -> int:
        """Return where what comes next must begin, behind what waits to be applied."""
        return max(shard.position(source), self._batch.next_offset(source))

    def _skip_deleted(self, firsts: Mapping[Source, int]) -> None:
        """Go on where the log of a source begins: otherwise what was deleted would be sought for ever."""
        self.apply()
        for source, first in firsts.items():
            self._assignment.shards[source[1]].skip_deleted(source, first)
