"""The journal of one shard: what its log holds, read record by record, the same way by every reader.

Invariants:
1. The last claim in the log sets the epoch. What stands after it and was written in an earlier epoch comes
   from a worker that lost the shard, and counts for nothing.
2. A delta counts when all its parts are there, and only after the one before it.
3. A snapshot replaces the deltas up to its number. They may be gone from the log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from streams.journal.records import Claim, Kind, Part, decode_journal_record

_NO_EPOCH = -1


class Run(NamedTuple):
    """The deltas `first` to `last`, one or several merged, which stand in the log from `offset` on."""

    first: int
    last: int
    data: bytes
    offset: int
    merged: bool = False


@dataclass(slots=True)
class _Unfinished:
    """The parts that came so far; the next must have the number `len(pieces)`."""

    epoch: int
    number: int
    offset: int
    pieces: list[bytes] = field(default_factory=list)


class Journal:
    """What is known of a shard's log, from where it starts up to `next_offset`.

    A log has no gaps: nothing in it is compacted, or written in transactions.
    """

    def __init__(self, start: int = 0) -> None:
        self.epoch = _NO_EPOCH
        self.next_offset = start
        self._start = start
        self.runs: list[Run] = []
        self._unfinished: dict[Kind, _Unfinished] = {}

    @property
    def last(self) -> int:
        """The number of the last delta; 0 if there is none."""
        return self.runs[-1].last if self.runs else 0

    def read(self, offset: int, value: bytes) -> None:
        """Read the record at the next offset, and ignore any other.

        Those before it were read already; those after it are left over from an earlier recovery, and come
        again. Or what stood between was deleted: then JournalWriter.complete reads all again.

        Raises:
            ValueError: it is of another release, or a delta after a snapshot is missing.

        """
        if offset != self.next_offset:
            return
        self.next_offset = offset + 1
        record = decode_journal_record(value)
        if isinstance(record, Claim):
            self.epoch = offset
            self._unfinished.clear()
        elif record.epoch >= self.epoch:
            # Above only if the claim itself is no longer in the log.
            self.epoch = record.epoch
            self._take(offset, record)

    def require_whole(self) -> None:
        """Refuse a log that lacks deltas which no snapshot replaces.

        Raises:
            ValueError: it lacks some.

        """
        if self.runs and self.runs[0].first != 1:
            raise ValueError(f"the state before delta {self.runs[0].first} is missing")
        # Workers delete only what a snapshot has replaced, which then stands in the log.
        if self._start and not self.runs:
            raise ValueError(f"all before offset {self._start} was deleted, and no snapshot replaces it")

    @property
    def needed_from(self) -> int:
        """The first offset of the log that reading the state again would need."""
        return min((run.offset for run in self.runs), default=0)

    def tail_bytes(self) -> int:
        """Return how much was written since the last snapshot."""
        return sum(len(run.data) for run in self.runs if not run.merged)

    def base_bytes(self) -> int:
        """Return the size of the last snapshot."""
        return sum(len(run.data) for run in self.runs if run.merged)

    def _take(self, offset: int, part: Part) -> None:
        begun = self._unfinished.get(part.kind)
        if part.part == 0:
            begun = self._unfinished[part.kind] = _Unfinished(part.epoch, part.number, offset)
        if begun is None or (begun.epoch, begun.number, len(begun.pieces)) != part[1:4]:
            return  # The rest of something whose beginning failed, and which is written again as a whole.
        begun.pieces.append(part.data)
        if len(begun.pieces) == part.parts:
            del self._unfinished[part.kind]
            finish: dict[Kind, Callable[[_Unfinished], None]]
            finish = {"delta": self._add_delta, "snapshot": self._replace}
            finish[part.kind](begun)

    def _add_delta(self, found: _Unfinished) -> None:
        if self.runs and found.number <= self.last:
            return  # Written twice, because the first was not acknowledged.
        if self.runs and found.number > self.last + 1:
            # Deleted while we read, and replaced by a snapshot that is still to come; or else lost.
            self.runs = []
        self.runs.append(Run(found.number, found.number, b"".join(found.pieces), found.offset))

    def _replace(self, found: _Unfinished) -> None:
        later = [run for run in self.runs if run.last > found.number]
        if later and later[0].first != found.number + 1:
            raise ValueError(f"delta {found.number + 1} is missing after the snapshot")
        self.runs = [Run(1, found.number, b"".join(found.pieces), found.offset, True), *later]
