"""A batch before and after it is decoded: the records of one source, and the events that they hold."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.events.parsing import Refusal
from models.topics import EventType


class Batch(NamedTuple):
    """Records of one partition of an input topic, in the order of their offsets; arrivals in microseconds.

    `end` is the offset at which the next batch begins: after the last record, or later where only transaction
    markers and records of aborted transactions lie in between.
    """

    topic: str
    partition: int
    values: Sequence[bytes | None]
    offsets: Sequence[int]
    arrivals: Sequence[int]
    end: int = 0

    @property
    def next_offset(self) -> int:
        """Return the offset at which the next batch begins."""
        return max(self.end, self.offsets[-1] + 1 if len(self.offsets) else 0)

    def index_of(self, offset: int) -> int:
        """Return the index of the first record at an offset or after it; their number where there is none."""
        return bisect_left(self.offsets, offset)

    def since(self, index: int) -> "Batch":
        """Return the batch without the records before an index."""
        if not index:
            return self
        return self._replace(
            values=self.values[index:], offsets=self.offsets[index:], arrivals=self.arrivals[index:]
        )


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
