"""One shard: the fold of its campaigns, how far each of its sources is applied, and what is owed to others.

Invariant: what comes is applied only where it begins at the position of its source. What is wholly older was
applied before; what begins later strayed, and is read again.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from models.events.batch import Batch, Refused
from models.state.delta import Delta, Offsets, Source
from models.state.shard_state import ShardState
from models.topics import FORWARDED
from streams.journal.versioned import OtherRelease
from streams.shard.bundles import BundledRecord, Section, decode_bundle
from streams.shard.dead_letters import DeadLetter, dead_letter
from streams.shard.forwarding import Outbox, sections_of

log = logging.getLogger(__name__)


class Shard:
    """State of the campaigns of one partition number, and of the partitions of that number.

    `ends` are the broker's first and next offsets of its sources when it was assigned. It is live when all
    that waited then is applied, and what of that came on partitions of the same worker's other shards.
    `prefix` is that of the topics' names.
    """

    def __init__(
        self,
        number: int,
        fold: ShardState,
        ends: Mapping[Source, tuple[int, int]],
        outbox: Outbox,
        prefix: str,
    ) -> None:
        self.number = number
        self.fold = fold
        self.holes = 0
        self._outbox = outbox
        self._prefix = prefix
        self._letters: list[DeadLetter] = []
        self._starts: Offsets = {}
        self._targets: Offsets = {}
        self._awaits_forwarded = True
        self.begin(ends)

    def begin(self, ends: Mapping[Source, tuple[int, int]]) -> None:
        """Start to read where the fold ends, or where the log of a source begins now."""
        self._starts = {source: max(self._stored(source), first) for source, (first, _) in ends.items()}
        self._targets = {source: end for source, (_, end) in ends.items() if end > self._starts[source]}
        for source, start in self._starts.items():
            if start > self.fold.positions.get(source, start):
                self._lose(source, start)

    def skip_deleted(self, source: Source, first: int) -> None:
        """Go on where the log of a source begins now: retention may delete under a worker that is behind."""
        position = self.position(source)
        if first <= position:
            return
        self.fold.advance(source, position, position)  # Where nothing of it was read, it has no position yet.
        self._lose(source, first)
        if first >= self._targets.get(source, first + 1):
            del self._targets[source]

    @property
    def live(self) -> bool:
        """Tell whether all that waited when it was assigned is applied."""
        return not self._targets and not self._awaits_forwarded

    @property
    def caught_up(self) -> bool:
        """Tell whether what waited on its own partitions is applied."""
        return not self._targets

    @property
    def awaits_forwarded(self) -> bool:
        """Tell whether it waits to hear up to where others' forwarded events are to be applied."""
        return self._awaits_forwarded

    def await_forwarded(self, end: int) -> None:
        """Be live when the forwarded events up to an offset are applied."""
        self._awaits_forwarded = False
        source = FORWARDED, self.number
        if end > self.position(source):
            self._targets[source] = end

    @property
    def sources(self) -> list[Source]:
        """List what it reads."""
        return list(self._starts)

    def position(self, source: Source) -> int:
        """Tell the offset at which what is applied next must begin."""
        return max(self._starts[source], self._stored(source))

    def apply(self, source: Source, records: Sequence[Any], end: int) -> list[int]:
        """Apply the records of a source up to an offset; give the arrivals of events (microseconds).

        Raises:
            OtherRelease: a worker of another release has forwarded them.

        """
        topic, _ = source
        if topic == FORWARDED:
            arrivals = [arrival for record in records for arrival in self._apply_bundle(record)]
            self.fold.advance(source, self.position(source), end)
        else:
            arrivals = self._apply_events(source, records, end)
        if end >= self._targets.get(source, end + 1):
            del self._targets[source]
        return arrivals

    def cut(self) -> tuple[list[DeadLetter], Delta | None]:
        """Give what changed since the last cut, and the dead letters that it implies."""
        letters, self._letters = self._letters, []
        return letters, self.fold.cut()

    def _apply_events(self, source: Source, records: Sequence[Any], end: int) -> list[int]:
        topic, partition = source
        arrivals = [record.timestamp * 1000 for record in records]
        offsets = [record.offset for record in records]
        values = [record.value for record in records]
        applied = self.fold.apply(Batch(topic, partition, values, offsets, arrivals, end))
        for place, refusal in applied.refused:
            self._letters.append(dead_letter(self._prefix + topic, partition, records[place], refusal))
        for shard, places in applied.misrouted.items():
            misrouted = [_bundled(records[place]) for place in places]
            start = self.fold.forwarded.get((topic, shard), 0)
            self._outbox.add(shard, sections_of(topic, partition, start, end, misrouted))
            self.fold.forward((topic, shard), end)
        return arrivals

    def _apply_bundle(self, record: Any) -> list[int]:
        try:
            sections = decode_bundle(record.value)
        except OtherRelease:
            raise
        except ValueError as error:
            # To stop at it would be for ever. If it was ours, the next section of its sources shows a hole.
            log.error("forwarded to partition %d at offset %d: %s", self.number, record.offset, error)
            self.holes += 1
            return []
        return [arrival for section in sections for arrival in self._apply_section(section)]

    def _apply_section(self, section: Section) -> list[int]:
        topic, partition, start, end, records = section
        if start > self.fold.positions.get((topic, partition), 0):
            log.error("forwarded events of %s/%d before offset %d are missing", topic, partition, start)
            self.holes += 1
        values = [record.value for record in records]
        arrivals = [record.arrival for record in records]
        offsets = [record.offset for record in records]
        applied = self.fold.apply(Batch(topic, partition, values, offsets, arrivals, end))
        self._letters += self._letters_of(section, applied.refused)
        return arrivals

    def _letters_of(self, section: Section, refused: Sequence[Refused]) -> list[DeadLetter]:
        topic = self._prefix + section.topic
        return [
            dead_letter(topic, section.partition, section.records[place], refusal)
            for place, refusal in refused
        ]

    def _lose(self, source: Source, end: int) -> None:
        log.error("records of %s/%d before offset %d were deleted unread", *source, end)
        self.fold.skip(source, end)

    def _stored(self, source: Source) -> int:
        return self.fold.positions.get(source, 0)


def _bundled(record: Any) -> BundledRecord:
    return BundledRecord(
        record.offset, record.timestamp * 1000, record.key, record.value, list(record.headers)
    )
