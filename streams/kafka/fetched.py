"""What the consumer hands over: all records of a partition between two offsets, as one item.

Faust takes hundreds of microseconds for a message; an item is one message, whatever it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faust.types import TP
from faust.types.tuples import ConsumerMessage


@dataclass(frozen=True, slots=True)
class Fetched:
    """The records of a partition from `start` up to `end`; there are no others in between.

    Offsets without a record belong to transaction markers, or to records that were aborted or deleted.
    """

    start: int
    end: int
    records: Sequence[Any]

    def since(self, offset: int) -> "Fetched":
        """Return the part of it that begins at an offset."""
        if offset <= self.start:
            return self
        later = [record for record in self.records if record.offset >= offset]
        return Fetched(offset, self.end, later)


class FetchedMessage(ConsumerMessage):
    """A message of Faust's whose content is what was fetched, at the offset of its last record."""

    def __init__(self, tp: TP, fetched: Fetched, generation_id: int) -> None:
        super().__init__(
            tp.topic, tp.partition, fetched.end - 1, 0.0, 0, [], None, None, None, tp=tp,
            generation_id=generation_id,
        )  # fmt: skip
        self.fetched = fetched


def record_message(tp: TP, record: Any, generation_id: int) -> ConsumerMessage:
    """Wrap a record of the changelog as Faust's recovery wants it."""
    return ConsumerMessage(
        tp.topic, tp.partition, record.offset, record.timestamp / 1000, record.timestamp_type, [], record.key,
        record.value, None, tp=tp, generation_id=generation_id,
    )  # fmt: skip
