"""One shard: the state of its campaigns, how far each of its sources is applied, and what it owes to others.

Invariant: what comes is applied only where it begins at the position of its source. What is wholly older was
applied before; what begins later has a gap before it, and is read again (streams.shard.intake).
"""

import logging
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints, numbers
from models.events.batch import Batch, Smalls
from models.events.parsing import Refusal
from models.state.cut import Cut
from models.state.delta import Offsets, Source
from models.state.ratings import Unrated
from models.state.shard_state import ShardState
from models.topics import FORWARDED
from streams.journal.versioned import OtherRelease
from streams.kafka.raw_records import RawRecords, Record, gathered
from streams.rating.asked import Asked
from streams.rating.rating import Rating
from streams.shard.bundles import Section, decode_bundle, records_of_sections
from streams.shard.dead_letters import DeadLetter, dead_letter
from streams.shard.forwarding import Outbox, sections_of

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 4_000

_Forwarded = tuple[Source, RawRecords]
Bounds = Mapping[Source, tuple[int, int]]
"""The first and the next offset of sources, as the broker has them."""


class Changed(NamedTuple):
    """What changed since the last cut, the dead letters that it implies, and what is still asked about it."""

    letters: list[DeadLetter]
    cut: Cut | None
    asked: list[Asked]


class Shard:
    """State of the campaigns of one partition number, and of the partitions of that number.

    `bounds` are those of its sources when it was assigned. It is live when all that waited then is applied,
    and what of that came on partitions of the same worker's other shards, and its texts are rated: otherwise
    fewer ratings would be shown after a crash than before. `prefix` is that of the topics' names. Without a
    `rating` texts are not rated.
    """

    def __init__(
        self,
        number: int,
        state: ShardState,
        bounds: Bounds,
        outbox: Outbox,
        prefix: str,
        rating: Rating | None = None,
    ) -> None:
        self.number = number
        self.state = state
        self.holes = 0
        self._outbox = outbox
        self._prefix = prefix
        self._rating = rating
        self._asked: list[Asked] = []
        self._waited: list[Asked] = []
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
        """Whether all that waited when it was assigned is applied, and its texts are rated or given up."""
        return self._is_applied and not _untold(self._waited)

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
        """Apply the records of a source up to an offset; return the arrivals (microseconds) of what is here.

        What is sent on is none of it: it is seen again where it is applied.

        Raises:
            OtherRelease: a worker of another release has forwarded them.

        """
        topic, _ = source
        if topic == FORWARDED:
            arrivals = self._apply_forwarded(records)
            self.state.advance(source, self.position(source), end)
        else:
            arrivals = self._apply_events(source, records, end)
        self._reach(source, end)
        return arrivals

    def cut(self) -> Changed:
        """Return what changed since the last cut; ratings of it are added until its delta is asked for."""
        letters, self._letters = self._letters, []
        asked, self._asked = self._asked, []
        self._waited = _untold(self._waited)
        return Changed(letters, self.state.open_cut(), asked)

    def _apply_events(self, source: Source, records: RawRecords, end: int) -> Ints:
        topic, partition = source
        applied = self.state.apply(Batch(topic, partition, records.records, end))
        if applied.refused:
            refused = records.at([one.at for one in applied.refused])
            for record, (_, refusal) in zip(refused, applied.refused, strict=True):
                self._refuse(source, record, refusal)
        for shard, indices in applied.misrouted.items():
            start = self.state.forwarded.get((topic, shard), 0)
            self._outbox.add(shard, sections_of(topic, partition, start, end, records, indices))
            self.state.forward((topic, shard), end)
        self._ask(applied.unrated)
        arrivals = records.records.arrivals
        if not applied.misrouted:
            return arrivals
        return np.delete(arrivals, np.concatenate(list(applied.misrouted.values())))

    def _apply_forwarded(self, bundles: RawRecords) -> Ints:
        """Apply what bundles hold, all events of a topic at once.

        A batch costs as much as a hundred events, and a section has few where partitions are many.
        """
        found: defaultdict[str, list[_Forwarded]] = defaultdict(list)
        sections = [section for bundle in bundles for section in self._sections_of(bundle)]
        for section, records in zip(sections, records_of_sections(sections), strict=True):
            if records is None:
                self._miss(f"what came on {section.topic}/{section.partition} is damaged")
                continue
            source = section.topic, section.partition
            found[section.topic].append((source, self._take(source, section, records)))
        seen = [arrivals for topic, listed in found.items() for arrivals in self._count_all(topic, listed)]
        return np.concatenate([numbers([]), *seen])

    def _sections_of(self, bundle: Record) -> list[Section]:
        try:
            return decode_bundle(bundle.value)
        except OtherRelease:
            raise
        except ValueError as error:
            # Stopping here would be for ever. If it was ours, the next section of its sources shows a hole.
            self._miss(f"offset {bundle.offset}: {error}")
            return []

    def _miss(self, what: str) -> None:
        log.error("forwarded to partition %d, %s", self.number, what)
        self.holes += 1

    def _take(self, source: Source, section: Section, records: RawRecords) -> RawRecords:
        """Move on over a section; return the records that were not applied before."""
        position = self._stored(source)
        if section.start > position:
            log.error("forwarded events of %s/%d before offset %d are missing", *source, section.start)
            self.holes += 1
        new = records.since(position)
        self.state.advance(source, int(new.records.offsets[0]) if len(new) else section.end, section.end)
        return new

    def _count_all(self, topic: str, found: Sequence[_Forwarded]) -> Iterator[Ints]:
        """Count records of a topic, whatever partitions they came on, so many at once."""
        ends = list(accumulate(len(records) for _, records in found))
        listed = gathered([records for _, records in found])
        for start in range(0, len(listed), _MOST_AT_ONCE):
            records = listed.between(start, start + _MOST_AT_ONCE)
            applied = self.state.apply_forwarded(topic, records.records)
            for index, refusal in applied.refused:
                source, _ = found[bisect(ends, start + index)]
                self._refuse(source, records[index], refusal)
            self._ask(applied.unrated)
            yield records.records.arrivals

    def _ask(self, unrated: Unrated | None) -> None:
        """Ask what texts are rated as, to count it as soon as that is told."""
        if unrated is None or self._rating is None:
            return

        def tell(verdicts: Smalls, model: str) -> None:
            self.state.rate(unrated, verdicts, model)

        asked = self._rating.ask(unrated.texts, unrated.arrived, tell, live=self._is_applied)
        self._asked = [*_untold(self._asked), asked]
        if not self._is_applied:
            self._waited = [*_untold(self._waited), asked]

    def _refuse(self, source: Source, record: Record, refusal: Refusal) -> None:
        topic, partition = source
        self._letters.append(dead_letter(self._prefix + topic, partition, record, refusal))

    def _reach(self, source: Source, end: int) -> None:
        """Wait no longer for what comes before an offset."""
        if end >= self._targets.get(source, end + 1):
            del self._targets[source]

    def _lose(self, source: Source, end: int) -> None:
        log.error("records of %s/%d before offset %d were deleted unread", *source, end)
        self.state.skip(source, end)

    def _stored(self, source: Source) -> int:
        return self.state.positions.get(source, 0)

    @property
    def _is_applied(self) -> bool:
        """Whether all that waited when it was assigned is applied."""
        return not self._targets and not self._awaits_forwarded


def _untold(asked: Sequence[Asked]) -> list[Asked]:
    return [one for one in asked if not one.told.is_set()]
