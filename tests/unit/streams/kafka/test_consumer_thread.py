"""What is asked of the consumer in its thread."""

from types import SimpleNamespace
from typing import Any

from aiokafka.util import commit_structure_validate
from faust.types import TP

from streams.kafka.consumer_thread import ConsumerThread


class Consumer:
    """Commits as aiokafka does: nothing is no commit."""

    def __init__(self) -> None:
        self.committed: list[Any] = []

    async def commit(self, offsets: Any) -> None:
        self.committed.append(commit_structure_validate(offsets))


async def test_positions_of_what_has_left_meanwhile_are_no_commit_and_no_failure() -> None:
    consumer, held = Consumer(), {TP("clicks", 0)}
    thread: Any = SimpleNamespace(assignment=lambda: held, _ensure_consumer=lambda: consumer)

    assert await ConsumerThread._commit_held(thread, {TP("clicks", 0): 5, TP("clicks", 1): 6})
    held.clear()
    assert not await ConsumerThread._commit_held(thread, {TP("clicks", 0): 5})
    assert len(consumer.committed) == 1
