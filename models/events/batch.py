"""A batch before and after it is decoded: the records of one source, and the events that they hold."""

from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.records import Records
from models.events.parsing import Refusal
from models.topics import EventType


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


class Events(NamedTuple):
    """Events of one type, as columns of one length, in the order of their records.

    `payloads` hold what was sent: models of models.events.schema, or Structs derived from them. As the models
    read it are `times` (microseconds) and `leaves` (numbers of models.events.leaf_index). `indices` are those
    of the records in their batch.
    """

    type: EventType
    payloads: list[Any]
    indices: Ints
    times: Ints
    arrivals: Ints
    leaves: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Events":
        """Return the chosen events."""
        if chosen.all():
            return self
        return Events(
            self.type,
            list(compress(self.payloads, chosen.tolist())),
            self.indices[chosen],
            self.times[chosen],
            self.arrivals[chosen],
            self.leaves[chosen],
        )
