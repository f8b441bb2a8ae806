"""A batch before and after it is decoded: the records of one source, and the events that they hold."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.octets import Octets
from models.core.records import Records
from models.events.parsing import Refusal
from models.events.written import Written
from models.topics import EventType

Mask = npt.NDArray[np.bool_]
Smalls = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]


class Batch(NamedTuple):
    """Records of one partition of an input topic.

    `end` is the offset at which the next batch begins: after the last record, or later where only transaction
    markers and records of aborted transactions lie in between.
    """

    topic: str
    partition: int
    records: Records
    end: int = 0

    @property
    def next_offset(self) -> int:
        """Return the offset at which the next batch begins."""
        offsets = self.records.offsets
        return max(self.end, int(offsets[-1]) + 1 if len(offsets) else 0)

    def index_of(self, offset: int) -> int:
        """Return the index of the first record at an offset or after it; their number where there is none."""
        return int(np.searchsorted(self.records.offsets, offset))

    def since(self, index: int) -> "Batch":
        """Return the batch without the records before an index."""
        return self._replace(records=self.records.since(index)) if index else self


class Refused(NamedTuple):
    """A record that does not count, `at` an index of its batch, and why."""

    at: int
    refusal: Refusal


class Reports(NamedTuple):
    """What conversions say of their orders, as columns; −1 stands for none.

    Ids of orders stand in the events' buffer, `currencies` are numbers of models.events.currencies,
    `attributions` in models.kinds.ATTRIBUTIONS. `read` holds what models read, by index: of such an event the
    columns say nothing.
    """

    order_starts: Ints
    order_lengths: Ints
    revenues: Floats
    currencies: Ints
    attributions: Smalls
    read: Mapping[int, Any]

    def at(self, indices: Ints) -> "Reports":
        """Return the reports at these indices, which ascend."""
        columns = {name: getattr(self, name)[indices] for name in Reports._fields[:-1]}
        kept = enumerate(indices.tolist()) if self.read else ()
        read = {new: self.read[old] for new, old in kept if old in self.read}
        return self._replace(**columns, read=read)


class RunningTotal(NamedTuple):
    """What a source reports as the total of a leaf at an event's time; no source's name is empty."""

    total: int
    source: str


NO_TOTALS: Mapping[int, RunningTotal] = MappingProxyType({})


class Events(NamedTuple):
    """Events of one type, as columns of one length, in the order of their records.

    `buffer` is padded, and holds their texts: the ids, and the persons, whose length is −1 where there is
    none, or one that stands for nobody. `indices` are those of the records in their batch, times and arrivals
    are in microseconds, `leaves` numbers of models.events.leaf_index. Of others −1 stands for none:

    - `consents`: 1 or 0;
    - `kinds`: in models.kinds.ENGAGEMENTS or CONVERSIONS, by type; `ratings`: in POLARITIES;
    - `agents`, `audiences`: of the decoder's texts.

    `statuses` are numbers in models.events.schema.STATUSES; conversions have `reports`. `totals` has by index
    the few events that report a running total in place of a count; they name no person, and say no text.
    `written` is None where no event has a text.
    """

    type: EventType
    buffer: Octets
    indices: Ints
    times: Ints
    arrivals: Ints
    leaves: Ints
    counts: Ints
    id_starts: Ints
    id_lengths: Ints
    person_starts: Ints
    person_lengths: Ints
    consents: Smalls
    kinds: Smalls
    ratings: Smalls
    agents: Ints
    audiences: Ints
    statuses: Smalls
    reports: Reports | None
    totals: Mapping[int, RunningTotal] = NO_TOTALS
    written: Written | None = None

    def where(self, chosen: Mask) -> "Events":
        """Return the chosen events."""
        return self.at(np.flatnonzero(chosen))

    def at(self, indices: Ints) -> "Events":
        """Return the events at these indices, which ascend."""
        if len(indices) == len(self.times):
            return self
        columns = {name: getattr(self, name)[indices] for name in _COLUMNS}
        kept = enumerate(indices.tolist()) if self.totals else ()
        totals = {new: self.totals[old] for new, old in kept if old in self.totals}
        return self._replace(
            **columns,
            reports=self.reports and self.reports.at(indices),
            totals=totals,
            written=self.written and self.written.at(indices),
        )


_COLUMNS = Events._fields[Events._fields.index("indices") : Events._fields.index("reports")]
