"""What the consumer hands over: all records of a partition between two offsets, as one item.

Faust takes hundreds of microseconds for a message; an item is one message, whatever it holds.
"""

from dataclasses import dataclass

from faust.types import TP
from faust.types.tuples import ConsumerMessage

from models.times import SECOND
from streams.kafka.raw_records import RawRecords, Record


@dataclass(frozen=True, slots=True)
class Fetched:
    """The records of a partition from `start` up to `end`; there are no others in between.

    Offsets without a record belong to transaction markers, or to records that were aborted or deleted.
    """

    start: int
    end: int
    records: RawRecords

    def since(self, offset: int) -> "Fetched":
        """Return the part of it that begins at an offset."""
        if offset <= self.start:
            return self
        return Fetched(offset, self.end, self.records.since(offset))


class FetchedMessage(ConsumerMessage):
    """A message of Faust's whose content is what was fetched, at the offset of its last record."""

    def __init__(self, tp: TP, fetched: Fetched, generation_id: int) -> None:
        super().__init__(
            tp.topic, tp.partition, fetched.end - 1, 0.0, 0, [], None, None, None, tp=tp,
            generation_id=generation_id,
        )  # fmt: skip
        self.fetched = fetched


def record_message(tp: TP, record: Record, generation_id: int) -> ConsumerMessage:
    """Wrap a record of the changelog as Faust's recovery wants it."""
    return ConsumerMessage(
        tp.topic, tp.partition, record.offset, record.arrival / SECOND, 0, [], record.key, record.value, None,
        tp=tp, generation_id=generation_id,
    )  # fmt: skip
