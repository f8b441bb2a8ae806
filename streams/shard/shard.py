"""One shard: the state of its campaigns, how far each of its sources is applied, and what it owes to others.

Invariant: what comes is applied only where it begins at the position of its source. What is wholly older was
applied before; what begins later has a gap before it, and is read again (streams.shard.intake).
"""

import logging
from collections.abc import Mapping, Sequence

import numpy as np

from models.core.columns import Ints, numbers
from models.core.records import records_of
from models.events.batch import Batch, Refused
from models.state.delta import Delta, Offsets, Source
from models.state.shard_state import ShardState
from models.topics import FORWARDED
from streams.journal.versioned import OtherRelease
from streams.kafka.raw_records import RawRecords, Record
from streams.shard.bundles import Section, decode_bundle
from streams.shard.dead_letters import DeadLetter, dead_letter
from streams.shard.forwarding import Outbox, sections_of

log = logging.getLogger(__name__)

Bounds = Mapping[Source, tuple[int, int]]
"""The first and the next offset of sources, as the broker has them."""


class Shard:
    """State of the campaigns of one partition number, and of the partitions of that number.

    `bounds` are those of its sources when it was assigned. It is live when all that waited then is applied,
    and what of that came on partitions of the same worker's other shards. `prefix` is that of the topics'
    names.
    """

    def __init__(self, number: int, state: ShardState, bounds: Bounds, outbox: Outbox, prefix: str) -> None:
        self.number = number
        self.state = state
        self.holes = 0
        self._outbox = outbox
        self._prefix = prefix
        self._letters: list[DeadLetter] = []
        self._starts: Offsets = {}
        self._targets: Offsets = {}
        self._awaits_forwarded = True
        self.begin(bounds)

    def begin(self, bounds: Bounds) -> None:
        """Start to read where the state ends, or where the log of a source begins now."""
        self._starts = {source: max(self._stored(source), first) for source, (first, _) in bounds.items()}
        self._targets = {source: end for source, (_, end) in bounds.items() if end > self._starts[source]}
        for source, start in self._starts.items():
            if start > self.state.positions.get(source, start):
                self._lose(source, start)

    def skip_deleted(self, source: Source, first: int) -> None:
        """Go on where the log of a source begins now: retention may delete under a worker that is behind."""
        position = self.position(source)
        if first <= position:
            return
        # A source of which nothing was read has no position in the state yet.
        self.state.advance(source, position, position)
        self._lose(source, first)
        self._reach(source, first)

    @property
    def live(self) -> bool:
        """Whether all that waited when it was assigned is applied."""
        return not self._targets and not self._awaits_forwarded

    @property
    def caught_up(self) -> bool:
        """Whether what waited on its own partitions is applied."""
        return not self._targets

    @property
    def awaits_forwarded(self) -> bool:
        """Whether it is not known yet up to where the events that others forward are to be applied."""
        return self._awaits_forwarded

    def await_forwarded(self, end: int) -> None:
        """Be live when the forwarded events up to an offset are applied."""
        self._awaits_forwarded = False
        source = FORWARDED, self.number
        if end > self.position(source):
            self._targets[source] = end

    @property
    def sources(self) -> list[Source]:
        """What it reads."""
        return list(self._starts)

    def position(self, source: Source) -> int:
        """Return the offset at which what is applied next must begin."""
        return max(self._starts[source], self._stored(source))

    def apply(self, source: Source, records: RawRecords, end: int) -> Ints:
        """Apply the records of a source up to an offset; return the arrivals of the events (microseconds).

        Raises:
            OtherRelease: a worker of another release has forwarded them.

        """
        topic, _ = source
        if topic == FORWARDED:
            arrivals = np.concatenate([numbers([]), *map(self._apply_bundle, records)])
            self.state.advance(source, self.position(source), end)
        else:
            arrivals = self._apply_events(source, records, end)
        self._reach(source, end)
        return arrivals

    def cut(self) -> tuple[list[DeadLetter], Delta | None]:
        """Return what changed since the last cut, and the dead letters that it implies."""
        letters, self._letters = self._letters, []
        return letters, self.state.cut()

    def _apply_events(self, source: Source, records: RawRecords, end: int) -> Ints:
        topic, partition = source
        applied = self.state.apply(Batch(topic, partition, records.records, end))
        self._refuse(source, records, applied.refused)
        for shard, indices in applied.misrouted.items():
            misrouted = [records[index] for index in indices]
            start = self.state.forwarded.get((topic, shard), 0)
            self._outbox.add(shard, sections_of(topic, partition, start, end, misrouted))
            self.state.forward((topic, shard), end)
        return records.records.arrivals

    def _apply_bundle(self, record: Record) -> Ints:
        try:
            sections = decode_bundle(record.value)
        except OtherRelease:
            raise
        except ValueError as error:
            # Stopping here would be for ever. If it was ours, the next section of its sources shows a hole.
            log.error("forwarded to partition %d at offset %d: %s", self.number, record.offset, error)
            self.holes += 1
            return numbers([])
        return np.concatenate([numbers([]), *map(self._apply_section, sections)])

    def _apply_section(self, section: Section) -> Ints:
        topic, partition, start, end, records = section
        if start > self._stored((topic, partition)):
            log.error("forwarded events of %s/%d before offset %d are missing", topic, partition, start)
            self.holes += 1
        columns = records_of(
            [record.value for record in records],
            [record.offset for record in records],
            [record.arrival for record in records],
        )
        applied = self.state.apply(Batch(topic, partition, columns, end))
        self._refuse((topic, partition), records, applied.refused)
        return columns.arrivals

    def _refuse(
        self, source: Source, records: RawRecords | Sequence[Record], refused: Sequence[Refused]
    ) -> None:
        topic, partition = source
        for index, refusal in refused:
            self._letters.append(dead_letter(self._prefix + topic, partition, records[index], refusal))

    def _reach(self, source: Source, end: int) -> None:
        """Wait no longer for what comes before an offset."""
        if end >= self._targets.get(source, end + 1):
            del self._targets[source]

    def _lose(self, source: Source, end: int) -> None:
        log.error("records of %s/%d before offset %d were deleted unread", *source, end)
        self.state.skip(source, end)

    def _stored(self, source: Source) -> int:
        return self.state.positions.get(source, 0)
