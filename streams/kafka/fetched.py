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

    Missing offsets are of transaction markers, aborted or compacted records, or were deleted.
    """

    tp: TP
    start: int
    end: int
    records: Sequence[Any]

    def since(self, offset: int) -> "Fetched":
        """Give what of it is at an offset or after it."""
        if offset <= self.start:
            return self
        later = [record for record in self.records if record.offset >= offset]
        return Fetched(self.tp, offset, self.end, later)


class FetchedMessage(ConsumerMessage):
    """A message of Faust's whose content is what was fetched."""

    fetched: Fetched


def message_of(fetched: Fetched, generation_id: int) -> FetchedMessage:
    """Wrap an item as Faust wants it: at the offset of its last record."""
    topic, partition = fetched.tp
    message = FetchedMessage(
        topic, partition, fetched.end - 1, 0.0, 0, [], None, None, None, tp=fetched.tp,
        generation_id=generation_id,
    )  # fmt: skip
    message.fetched = fetched
    return message


def record_message(tp: TP, record: Any, generation_id: int) -> ConsumerMessage:
    """Wrap a record of the changelog as Faust's recovery wants it."""
    return ConsumerMessage(
        tp.topic, tp.partition, record.offset, record.timestamp / 1000, record.timestamp_type, [], record.key,
        record.value, None, tp=tp, generation_id=generation_id,
    )  # fmt: skip
