"""Records that Faust handed over one by one, until they are applied by the batch."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from faust.types import TP

from models.judging import Batch


class Inbox:
    """Records that wait, by partition, each in the order of its offsets."""

    def __init__(self) -> None:
        self._waiting: defaultdict[TP, list[Any]] = defaultdict(list)
        self.size = 0

    def add(self, tp: TP, message: Any) -> None:
        """Take a record."""
        self._waiting[tp].append(message)
        self.size += 1

    def next_offset(self, tp: TP) -> int:
        """Tell the offset after the last that waits; 0 where none does."""
        messages = self._waiting.get(tp)
        return messages[-1].offset + 1 if messages else 0

    def take(self) -> Iterator[tuple[TP, list[Any]]]:
        """Give all records by partition; none waits afterwards."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        self.size = 0
        yield from waiting.items()


def batch_of(topic: str, messages: list[Any]) -> Batch:
    """See records of one partition as a batch."""
    return Batch(
        topic,
        messages[0].partition,
        [message.value for message in messages],
        [message.offset for message in messages],
        [round(message.timestamp * 1000) * 1000 for message in messages],
    )
